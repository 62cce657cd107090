'use strict';
// What the page knows, and small helpers. Text from documents only ever becomes textContent, never HTML.

const D = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

// Nodes and edges are numbered from 0; vis knows them by these numbers.
D.nodes.forEach((node, id) => Object.assign(node, { id, type: D.types[node.type], typeName: node.type, edges: [] }));
D.edges.forEach((edge, id) => Object.assign(edge, { id, kind: D.relations[edge.relation] }));
for (const edge of D.edges) {
  D.nodes[edge.source].edges.push(edge);
  if (edge.source !== edge.target) D.nodes[edge.target].edges.push(edge);
}

let language = (navigator.language || 'zh').toLowerCase().startsWith('zh') ? 'zh' : 'en';

/** A text of the page in the language chosen, with {name} filled in. */
function text(key, values = {}) {
  // a key may come from a document: an attribute of an act, say
  return (Object.hasOwn(D.texts, key) ? D.texts[key][language] : key).replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
}
const named = thing => language === 'zh' ? thing.label.zh : thing.label.en[0].toUpperCase() + thing.label.en.slice(1);
const roomy = () => innerWidth > 900;  // as in page.css: below, panels are drawers
const number = value => value.toLocaleString('en-US');

/** An element with properties and children; null children are left out. */
function el(tag, properties = {}, ...children) {
  const { data, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria || {})) element.setAttribute(name === 'role' ? name : 'aria-' + name, value);
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}
/** Text from a document, kept from changing the direction of what surrounds it. */
const name = value => el('span', { className: 'name', textContent: value });

function icon(path) {
  const svg = document.createElementNS(SVG, 'svg'), shape = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24'); svg.setAttribute('class', 'icon'); svg.setAttribute('aria-hidden', 'true');
  shape.setAttribute('d', path); svg.append(shape);
  return svg;
}
/** The outline by which a type is known, in its colour. */
function sign(type) {
  const svg = document.createElementNS(SVG, 'svg'), shape = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '-1.15 -1.15 2.3 2.3'); svg.setAttribute('class', 'sign'); svg.setAttribute('aria-hidden', 'true');
  shape.setAttribute('d', type.path);
  shape.setAttribute('fill', type.hollow ? 'none' : type.color);
  if (type.hollow) { shape.setAttribute('stroke', type.color); shape.setAttribute('stroke-width', '.38'); }
  svg.append(shape);
  return svg;
}
const other = (edge, id) => D.nodes[edge.source === id ? edge.target : edge.source];
const shorten = (value, length) => { const c = [...value]; return c.length > length ? c.slice(0, length - 1).join('') + '…' : value; };
const fold = value => value.normalize('NFKC').toLowerCase();
