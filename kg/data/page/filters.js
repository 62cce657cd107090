// The legend, which is also the filter; sliders; and what the page says of what it shows.

const FEW = 40;

/** A tick box for each kind that occurs; `off` holds those that are unticked. */
function choices(host, kinds, counts, off, mark) {
  host.replaceChildren(...Object.entries(kinds).filter(([key]) => counts[key]).map(([key, kind]) => {
    const box = el('input', { type: 'checkbox', checked: !off.has(kind.key ?? key), data: { key } });
    box.onchange = () => { box.checked ? off.delete(kind.key ?? key) : off.add(kind.key ?? key); changed(); };
    const only = el('button', { className: 'link', textContent: text('only'), aria: { label: `${text('only')} ${named(kind)}` } });
    only.onclick = event => {
      event.preventDefault();
      off.clear();
      for (const each of kind.all || Object.keys(kinds)) if (each !== (kind.key ?? key)) off.add(each);
      legends(); changed();
    };
    return el('div', { className: 'choice' }, el('label', {}, box, mark(kind), el('span', { className: 'name', title: named(kind) }, named(kind))), only, el('span', { className: 'count', textContent: number(counts[key]) }));
  }));
}

function tally(things, key) {
  const counts = {};
  for (const thing of things) counts[thing[key]] = (counts[thing[key]] || 0) + 1;
  return counts;
}

const drawn = things => things.filter(thing => thing.drawn !== false);
function legends() {
  choices($('types'), D.types, tally(drawn(D.nodes), 'typeName'), filter.types, sign);
  choices($('relations'), D.relations, tally(D.edges, 'relation'), filter.relations, stroke);
  const statuses = tally(D.edges, 'status'), unsaid = { label: { zh: D.texts.unsaid.zh, en: D.texts.unsaid.en } };
  $('status-section').hidden = Object.keys(statuses).length < 2;
  choices($('statuses'), Object.fromEntries(Object.keys(statuses).sort().map(key => [key, key ? { label: { zh: key, en: key } } : unsaid])), statuses, filter.statuses, () => null);
  documentChoices();
  const main = [...D.nodes].sort((a, b) => b.rank - a.rank || a.id - b.id).slice(0, 8);
  $('main').replaceChildren(...main.map(node => el('li', {}, nodeButton(node))));
}

const documentCounts = {};
for (const node of D.nodes) for (const at of node.documents) documentCounts[at] = (documentCounts[at] || 0) + 1;
/** Documents whose title, publisher or source holds what is written above them. */
function documentChoices() {
  const wanted = fold($('document-search').value.trim()), all = D.documents.map((_, at) => at);
  const found = all.filter(at => documentCounts[at] && (!wanted || fold(D.documents[at].title + D.documents[at].publisher + D.documents[at].source).includes(wanted)));
  const kinds = Object.fromEntries(found.slice(0, FEW).map(at => {
    const words = D.documents[at].title || D.documents[at].source;
    return [at, { key: at, all, label: { zh: words, en: words || ' ' } }];
  }));
  $('document-section').hidden = D.documents.length < 2;
  $('document-search').hidden = D.documents.length <= 8;
  choices($('document-list'), kinds, documentCounts, filter.documents, () => null);
  if (found.length > FEW) $('document-list').append(el('p', { className: 'note', textContent: text('more', { n: number(found.length - FEW) }) }));
}

function sliders() {
  let most = 1, least = 1;
  for (const edge of D.edges) { most = Math.max(most, edge.weight); least = Math.min(least, edge.confidence); }
  Object.assign($('weight'), { min: 1, max: Math.ceil(most), value: Math.max(1, filter.weight) });
  $('weight-section').hidden = most <= 1;
  Object.assign($('confidence'), { min: Math.floor(least * 20) / 20, max: 1, step: 0.05 });
  $('confidence').value = filter.confidence || $('confidence').min;
  $('confidence-section').hidden = least >= 1;
  for (const id of FLAGS) $(id).checked = filter[id];
  $('size').value = filter.size;
  datesShown();
}

function tell() {
  const [nodes, edges] = [visible.nodes.size, visible.edges.size], t = D.totals;
  $('weight-value').textContent = `≥ ${filter.weight || 1}`;
  $('confidence-value').textContent = `≥ ${(filter.confidence || +$('confidence').min).toFixed(2)}`;
  tellDates();
  const inside = drawn(D.nodes).length, lines = inside === D.nodes.length ? D.edges.length : D.vis.edges.length;
  const values = { nodes: number(nodes), edges: number(edges), all: number(inside), every: number(lines) };
  const hidden = D.edges.filter(edge => edge.covered && D.nodes[edge.source].drawn !== false && D.nodes[edge.target].drawn !== false).length, whole = inside === t.nodes;
  const said = [
    whole ? '' : text(surface.why || 'part', { nodes: values.all, all: number(t.nodes), edges: values.every, every: number(t.edges) }),
    !t.nodes ? text('nothing') : filtered() ? text('shown_part', values) : whole ? text('shown_all', { nodes: values.all, edges: values.every }) : '',
    filter.relations.has(FAINT) ? text('without_faint', { n: number(faint) }) : hidden && !filter.covered ? text('covered_note', { n: number(hidden) }) : ''];
  $('shown').textContent = said.filter(Boolean).join(language === 'zh' ? '；' : '; ');
  $('rest').hidden = whole || !t.nodes;
  $('draw-all').hidden = surface.why !== 'backbone_slow';
  $('reset').hidden = !filtered();
  $('hint').hidden = !!filtered();
  $('empty').hidden = nodes > 0;
  $('empty-words').textContent = text(t.nodes ? 'nothing_left' : 'nothing');
  $('empty-reset').hidden = !filtered();
  $('counts').textContent = text('counts', { nodes: number(t.nodes), edges: number(t.edges), documents: number(t.documents) });
}

function changed() { refresh(); tell(); record(); }

function reset() {
  resetFilters();
  $('document-search').value = '';
  legends(); sliders(); setFocus(0);
}

$('weight').oninput = () => { filter.weight = +$('weight').value <= 1 ? 0 : +$('weight').value; changed(); };
$('confidence').oninput = () => { filter.confidence = $('confidence').value === $('confidence').min ? 0 : +$('confidence').value; changed(); };
$('document-search').oninput = documentChoices;
for (const id of ['derived', 'covered', 'isolated', 'undated', 'labels']) $(id).onchange = () => { filter[id] = $(id).checked; changed(); };
for (const key of ['types', 'relations', 'statuses', 'documents']) $('all-' + key).onclick = () => { filter[key].clear(); legends(); changed(); };
$('size').onchange = () => { setSizes($('size').value); changed(); };
$('reset').onclick = $('empty-reset').onclick = reset;
