'use strict';
// What the page knows, and small helpers. Text from documents only ever becomes textContent, never HTML.

const D = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

/** Rows under one head as objects; what a row leaves out at its end is empty. */
function records({ head, rows }) {
  const empty = { documents: [], aliases: [], rank: 0, count: 0, bend: 0, npmi: null, row: null };
  return rows.map(row => Object.fromEntries(head.map((key, at) => [key, row[at] ?? (key in empty ? empty[key] : '')])));
}

// Nodes and edges are numbered from 0, in the order of the page's data.
const KINDS = Object.keys(D.types), RELATIONS = Object.keys(D.relations), FAINT = 'co_occurs_with';
D.documents = records(D.documents);
D.nodes = records(D.nodes);
D.nodes.forEach((node, id) => Object.assign(node, { id, typeName: KINDS[node.type], type: D.types[KINDS[node.type]], edges: [], own: node.size }));
D.edges = records(D.edges);
D.edges.forEach((edge, id) => {
  Object.assign(edge, { id, relation: RELATIONS[edge.relation], kind: D.relations[RELATIONS[edge.relation]] });
  // what names no day of its own was true, as far as one can tell, when it was reported
  const reported = edge.from ? [] : edge.documents.map(at => D.documents[at].date).filter(Boolean).sort();
  edge.first = edge.from || reported[0] || '';
  edge.last = edge.to || reported.at(-1) || '';
  D.nodes[edge.source].edges.push(edge);
  if (edge.source !== edge.target) D.nodes[edge.target].edges.push(edge);
});

/** Unpack one of the compressed blocks, once; null where the page has none. */
const unpacked = {};
function unpack(id) {
  return unpacked[id] ??= (async () => {
    const packed = $(id).textContent;
    if (!packed.trim()) return null;
    const bytes = Uint8Array.from(atob(packed), character => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
  })();
}

let language = D.lang || ((navigator.language || 'zh').toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** A text of the page in the language chosen, with {name} filled in. */
function text(key, values = {}) {
  // a key may come from a document: an attribute of an act, say
  return (Object.hasOwn(D.texts, key) ? D.texts[key][language] : key).replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
}
const named = thing => language === 'zh' ? thing.label.zh : thing.label.en[0].toUpperCase() + thing.label.en.slice(1);
const roomy = () => innerWidth > 900;  // as in page.css: below, panels are drawers
const number = value => value.toLocaleString('en-US');
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

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

function vector(tag, attributes) {
  const shape = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  return shape;
}
function icon(path) {
  const svg = vector('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' });
  svg.append(vector('path', { d: path }));
  return svg;
}
/** The outline by which a type is known, in its colour. */
function sign(type) {
  const svg = vector('svg', { viewBox: '-1.15 -1.15 2.3 2.3', class: 'sign', 'aria-hidden': 'true' });
  svg.append(vector('path', { d: type.path, fill: type.hollow ? 'none' : type.color,
    ...(type.hollow ? { stroke: type.color, 'stroke-width': '.38' } : {}) }));
  return svg;
}
/** The line by which a relation is known. */
function stroke(kind) {
  const line = el('span', { className: 'stroke' });
  line.style.borderColor = kind.color;
  return line;
}
const other = (edge, id) => D.nodes[edge.source === id ? edge.target : edge.source];
const shorten = (value, length) => { const c = [...value]; return c.length > length ? c.slice(0, length - 1).join('') + '…' : value; };
const fold = value => value.normalize('NFKC').toLowerCase();
/** What an edge says in a word or two: the title of a post, else the relation. */
const saying = edge => [edge.status, edge.title || edge.measure || edge.kinship || named(edge.kind)].filter(Boolean).join(' ');
