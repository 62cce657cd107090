// Filters, search, keyboard and buttons: what the reader does, and what the page then says.

// --- legend and filters

function choices(host, kinds, counts, off, mark) {
  host.replaceChildren(...Object.entries(kinds).filter(([key]) => counts[key]).map(([key, kind]) => {
    const box = el('input', { type: 'checkbox', checked: !off.has(key), data: { key } });
    box.onchange = () => { box.checked ? off.delete(key) : off.add(key); changed(); };
    const only = el('button', { className: 'link', textContent: text('only') });
    only.onclick = event => {
      event.preventDefault();
      for (const each of Object.keys(kinds)) each === key ? off.delete(each) : off.add(each);
      legends(); changed();
    };
    return el('label', { className: 'choice' }, box, mark(kind), named(kind), only, el('span', { className: 'count', textContent: number(counts[key]) }));
  }));
}

function tally(things, key) {
  const counts = {};
  for (const thing of things) counts[thing[key]] = (counts[thing[key]] || 0) + 1;
  return counts;
}

function legends() {
  choices($('types'), D.types, tally(D.nodes, 'typeName'), filter.types, sign);
  choices($('relations'), D.relations, tally(D.edges, 'relation'), filter.relations, kind => {
    const stroke = el('span', { className: 'stroke' });
    stroke.style.borderColor = kind.color;
    return stroke;
  });
  const main = [...D.nodes].sort((a, b) => b.rank - a.rank || a.id - b.id).slice(0, 8);
  $('main').replaceChildren(...main.map(node => el('li', {}, nodeButton(node))));
}

const days = [...new Set([...D.nodes.flatMap(node => [node.first, node.last]), ...D.edges.map(edge => edge.day)])].filter(Boolean).sort();
function sliders() {
  const most = Math.max(1, ...D.edges.map(edge => edge.weight)), weight = $('weight');
  Object.assign(weight, { min: 1, max: Math.ceil(most), value: 1 });
  $('weight-section').hidden = most <= 1;
  weight.oninput = () => { filter.weight = +weight.value <= 1 ? 0 : +weight.value; changed(); };
  $('date-section').hidden = days.length < 2;
  for (const id of ['date-from', 'date-to']) Object.assign($(id), { min: 0, max: days.length - 1, value: id === 'date-to' ? days.length - 1 : 0 });
  $('date-from').oninput = () => { if (+$('date-from').value > +$('date-to').value) $('date-to').value = $('date-from').value; setDates(); };
  $('date-to').oninput = () => { if (+$('date-to').value < +$('date-from').value) $('date-from').value = $('date-to').value; setDates(); };
  drawHistogram();
}

function setDates() {
  const [from, to] = [+$('date-from').value, +$('date-to').value];
  filter.from = from > 0 ? days[from] : '';
  filter.to = to < days.length - 1 ? days[to] : '\uffff';
  changed();
}

/** Bars: how many nodes and edges fall on each part of the range. */
function drawHistogram() {
  const bins = Math.min(days.length, 44), heights = new Array(bins).fill(0), where = new Map(days.map((day, i) => [day, Math.floor(i * bins / days.length)]));
  for (const node of D.nodes) if (node.first) heights[where.get(node.first)]++;
  for (const edge of D.edges) if (edge.day) heights[where.get(edge.day)]++;
  const top = Math.max(1, ...heights);
  $('histogram').replaceChildren(...heights.map(height => { const bar = el('i'); bar.style.height = `${100 * height / top}%`; return bar; }));
}

function tell() {
  const [nodes, edges] = [visible.nodes.size, visible.edges.size], t = D.totals;
  $('weight-value').textContent = filter.weight ? `≥ ${filter.weight}` : '≥ 1';
  if (days.length) $('date-value').textContent = `${days[+$('date-from').value]} – ${days[+$('date-to').value]}`;
  [...$('histogram').children].forEach((bar, i, all) => {
    const day = i * days.length / all.length;
    bar.className = day >= +$('date-from').value - 1 && day <= +$('date-to').value ? 'in' : '';
  });
  const filtered = filter.types.size || filter.relations.size || filter.weight || !filter.derived || filter.covered || !filter.isolated
    || filter.from || filter.to !== '\uffff' || filter.focus;
  const values = { nodes: number(nodes), edges: number(edges), all: number(D.nodes.length), every: number(D.edges.length) };
  const hidden = D.edges.filter(edge => edge.covered).length, backbone = t.nodes > D.nodes.length;
  const said = [
    backbone ? text('backbone', { nodes: values.all, all: number(t.nodes), edges: values.every, every: number(t.edges) }) : '',
    !t.nodes ? text('nothing') : filtered ? text('shown_part', values) : backbone ? '' : text('shown_all', { nodes: values.all, edges: values.every }),
    hidden && !filter.covered ? text('covered_note', { n: number(hidden) }) : ''];
  $('shown').textContent = said.filter(Boolean).join(language === 'zh' ? '；' : '; ');
  $('reset').hidden = !filtered;
  $('counts').textContent = text('counts', { nodes: number(t.nodes), edges: number(t.edges), documents: number(t.documents) });
}

function changed() { refresh(); tell(); }

function reset() {
  filter.types.clear(); filter.relations.clear();
  Object.assign(filter, { weight: 0, derived: true, covered: false, isolated: true, from: '', to: '\uffff', focus: null });
  Object.assign($('derived'), { checked: true }); Object.assign($('covered'), { checked: false }); Object.assign($('isolated'), { checked: true });
  legends(); sliders(); setFocus(0);
}

// --- search: names and aliases, width and case folded; what an input method is still composing isn't searched

const search = $('search'), HITS = 40;
const searchable = D.nodes.map(node => ({ node, name: fold(node.label), aliases: node.aliases.map(alias => [fold(alias), alias]) }));
let marked = -1;

function find() {
  const wanted = fold(search.value.trim()), found = [];
  if (wanted) for (const { node, name: label, aliases } of searchable) {
    const alias = aliases.find(([folded]) => folded.includes(wanted));
    if (label.includes(wanted)) found.push({ node, order: label === wanted ? 0 : label.startsWith(wanted) ? 1 : 2 });
    else if (alias) found.push({ node, alias: alias[1], order: 3 });
  }
  found.sort((a, b) => a.order - b.order || b.node.rank - a.node.rank || a.node.id - b.node.id);
  const rows = found.slice(0, HITS).map(({ node, alias }, i) => el('li', {
    id: `hit-${i}`, aria: { role: 'option', selected: 'false' }, data: { node: node.id }, onclick: () => pick(node.id),
  }, sign(node.type), el('span', {}, name(node.label), alias ? el('small', {}, name(alias)) : null)));
  if (wanted && !rows.length) rows.push(el('li', { className: 'note', textContent: text('no_hits') }));
  if (found.length > HITS) rows.push(el('li', { className: 'note', textContent: text('more_hits', { n: found.length - HITS }) }));
  $('hits').replaceChildren(...rows);
  $('hits').hidden = !wanted;
  search.setAttribute('aria-expanded', String(!!wanted));
  mark(found.length ? 0 : -1);
}

function mark(at) {
  const options = [...$('hits').querySelectorAll('[role="option"]')];
  marked = options.length ? (at + options.length) % options.length : -1;
  options.forEach((option, i) => option.setAttribute('aria-selected', String(i === marked)));
  if (marked >= 0) { search.setAttribute('aria-activedescendant', options[marked].id); options[marked].scrollIntoView({ block: 'nearest' }); }
  else search.removeAttribute('aria-activedescendant');
}

function closeHits() { $('hits').hidden = true; search.setAttribute('aria-expanded', 'false'); }

function pick(id) {
  closeHits();
  drawer(false);
  if (!visible.nodes.has(id)) reset();
  choose({ node: id });
}

search.addEventListener('input', event => { if (!event.isComposing) find(); });
search.addEventListener('compositionend', find);
search.addEventListener('focus', () => { if (search.value.trim()) find(); });
search.addEventListener('keydown', event => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark(marked + (event.key === 'ArrowDown' ? 1 : -1)); }
  else if (event.key === 'Enter') {
    const option = $('hits').querySelector('[aria-selected="true"]');
    if (option && !$('hits').hidden) { pick(+option.dataset.node); search.blur(); }
  } else if (event.key === 'Escape') {
    event.stopPropagation();
    if (search.value) { search.value = ''; closeHits(); } else search.blur();
  }
});

// --- canvas and keyboard

network.on('click', ({ nodes, edges }) => {
  closeHits();
  if (nodes.length) choose({ node: nodes[0] }, { move: false });
  else if (edges.length) choose({ edge: edges[0] }, { move: false });
  else clear();
});
network.on('doubleClick', ({ nodes }) => { if (nodes.length) setFocus(filter.focus ? 0 : 1); });
for (const [event, key, value] of [['hoverNode', 'hover', 'node'], ['hoverEdge', 'hoverEdge', 'edge']]) {
  network.on(event, found => { choice[key] = found[value]; $('canvas').style.cursor = 'pointer'; network.redraw(); });
  network.on(event.replace('hover', 'blur'), () => { choice[key] = null; $('canvas').style.cursor = ''; network.redraw(); });
}
network.on('dragEnd', () => { placement.key = ''; });

document.addEventListener('pointerdown', event => { if (!event.target.closest('.search')) closeHits(); });
document.addEventListener('keydown', event => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); drawer(true); search.focus(); search.select(); }
  else if (event.key === 'Escape') { if ($('filters').classList.contains('open')) drawer(false); else clear(); }
});

// --- buttons

function drawer(open_) {
  $('filters').classList.toggle('open', open_);
  $('open-filters').setAttribute('aria-expanded', String(open_));
}
$('open-filters').onclick = () => drawer(!$('filters').classList.contains('open'));
document.querySelector('main').addEventListener('pointerdown', () => drawer(false));

for (const id of ['derived', 'covered', 'isolated']) $(id).onchange = () => { filter[id] = $(id).checked; changed(); };
$('all-types').onclick = () => { filter.types.clear(); legends(); changed(); };
$('all-relations').onclick = () => { filter.relations.clear(); legends(); changed(); };
for (const button of $('scope').children) button.onclick = () => setFocus(+button.dataset.hops);
$('reset').onclick = reset;
$('fit').onclick = () => fit();

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $('theme').setAttribute('aria-pressed', String(theme === 'dark'));
  $('theme').querySelector('span').dataset.text = theme === 'dark' ? 'light' : 'dark';
  readPaint();
  tone(theme === 'dark');
  translate();
  network.redraw();
}
$('theme').onclick = () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');

$('png').onclick = () => {
  const canvas = $('canvas').querySelector('canvas'), copy = el('canvas', { width: canvas.width, height: canvas.height }), context = copy.getContext('2d');
  context.fillStyle = paint.paper;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  copy.toBlob(blob => {
    const link = el('a', { href: URL.createObjectURL(blob), download: `${D.file || 'graph'}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
};

// --- language

function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const host of document.querySelectorAll('[data-text]')) host.textContent = text(host.dataset.text);
  for (const host of document.querySelectorAll('[data-placeholder]')) host.placeholder = text(host.dataset.placeholder);
  for (const host of document.querySelectorAll('[data-label]')) host.setAttribute('aria-label', text(host.dataset.label));
  for (const button of document.querySelectorAll('nav button')) {
    const words = button.querySelector('span').textContent;
    button.title = words; button.setAttribute('aria-label', words);
  }
}
$('language').onclick = () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate(); legends(); tell();
  if (choice.node !== null) showNode(D.nodes[choice.node]);
  else if (choice.edge !== null) showEdge(D.edges[choice.edge]);
  network.redraw();
};

sliders();
setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
legends();
tell();
fit();
