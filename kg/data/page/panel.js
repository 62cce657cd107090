// The panel: everything that is known of a node or an edge, and the sentences that say so.

const CLOSE = 'M6 6l12 12M18 6L6 18', BACK = 'M15 5l-7 7 7 7';
const past = [];

function open(...children) {
  const panel = $('panel');
  panel.replaceChildren(...children.flat().filter(Boolean));
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add('with-panel');
}

function bar(...what) {
  const tools = el('span', { className: 'tools' });
  if (past.length > 1) {
    const back = el('button', { title: text('back'), aria: { label: text('back') }, onclick: goBack }, icon(BACK));
    tools.append(back);
  }
  tools.append(el('button', { title: text('close'), aria: { label: text('close') }, onclick: clear }, icon(CLOSE)));
  return el('div', { className: 'bar' }, ...what, tools);
}

function facts(pairs) {
  const rows = pairs.filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return rows.length ? el('dl', {}, rows.flatMap(([key, value]) => [el('dt', { textContent: key }), el('dd', {}, name(String(value)))])) : null;
}
const heading = (words, count) => el('h2', {}, words, count === undefined ? null : el('output', { textContent: number(count) }));
const part = (...children) => el('section', {}, ...children);
const nodeButton = (node, ...below) => el('button', { onclick: () => choose({ node: node.id }) }, sign(node.type),
  el('span', {}, name(node.label), ...below));

// --- a node

function showNode(node) {
  const dates = node.first ? (node.first === node.last ? node.first : `${node.first} – ${node.last}`) : '';
  const own = Object.entries(node.attributes).map(([key, value]) => [text(key), value]);
  open(
    bar(sign(node.type), named(node.type)),
    el('h3', {}, name(node.label)),
    node.aliases.length ? el('ul', { className: 'chips', aria: { label: text('aliases') } }, node.aliases.map(alias => el('li', {}, name(alias)))) : null,
    facts([...own, [text('mentions'), text('times', { n: number(node.count) })],
      [text('documents'), text('document_count', { n: number(node.documents.length + node.moreDocuments) })], [text('period'), dates]]),
    relationsOf(node), mentionsOf(node), documentsOf(node),
    node.reasons.length ? part(el('details', {}, el('summary', { textContent: text('reasons') }), node.reasons.map(reason => el('p', { textContent: reason })))) : null);
}

function relationsOf(node) {
  const groups = new Map();
  for (const edge of node.edges) {
    const way = edge.kind.symmetric ? '' : edge.source === node.id ? '→' : '←';
    const key = edge.relation + way;
    if (!groups.has(key)) groups.set(key, { edge, way, edges: [] });
    groups.get(key).edges.push(edge);
  }
  const order = Object.keys(D.relations);
  return [...groups.values()].sort((a, b) => order.indexOf(a.edge.relation) - order.indexOf(b.edge.relation) || (a.way < b.way ? 1 : -1))
    .map(({ edge, way, edges }) => {
      const rows = edges.sort((a, b) => b.weight - a.weight || a.id - b.id).map(each => neighbour(node, each));
      const rest = rows.splice(12);
      return part(heading(`${named(edge.kind)} ${way}`, edges.length), rows,
        rest.length ? el('details', {}, el('summary', { textContent: text('more', { n: rest.length }) }), rest) : null);
    });
}

function neighbour(node, edge) {
  const about = [edge.title, edge.status, edge.measure, edge.kinship, edge.date, edge.derived ? text('is_derived') : ''].filter(Boolean).join(' · ');
  return el('div', { className: 'neighbour' },
    nodeButton(other(edge, node.id), about ? el('small', {}, name(about)) : null),
    el('button', { className: 'count', onclick: () => choose({ edge: edge.id }), aria: { label: `${text('evidence')}: ${saying(edge)}` } },
      `${text('evidence')} ${number(edge.evidence.length + edge.moreEvidence)}`));
}

function mentionsOf(node) {
  if (!node.mentions.length) return null;
  const list = node.mentions.map(mention => el('p', {}, mention.before, el('mark', { className: 'tail', textContent: mention.text }), mention.after,
    mention.raw ? el('small', { className: 'note', textContent: ` ${text('raw')}: ${mention.raw}` }) : null));
  if (node.count > list.length) list.push(el('p', { className: 'note', textContent: text('more', { n: number(node.count - list.length) }) }));
  return part(el('details', {}, el('summary', { textContent: `${text('mentions')} · ${text('times', { n: number(node.count) })}` }), list));
}

function documentsOf(node) {
  if (!node.documents.length) return null;
  const list = node.documents.map(at => D.documents[at]).map(d => el('li', {}, name(d.title || text('untitled')),
    el('small', {}, name([d.publisher, d.date, d.source, d.row ? text('row', { n: d.row }) : ''].filter(Boolean).join(' · ')))));
  if (node.moreDocuments) list.push(el('li', { className: 'note', textContent: text('more', { n: number(node.moreDocuments) }) }));
  return part(heading(text('documents'), node.documents.length + node.moreDocuments), el('ul', { className: 'sources' }, list));
}

// --- an edge

function showEdge(edge) {
  const [head, tail] = [D.nodes[edge.source], D.nodes[edge.target]], stroke = el('span', { className: 'stroke' });
  stroke.style.borderColor = edge.kind.color;
  const siblings = head.edges.filter(each => each !== edge && [each.source, each.target].includes(tail.id));
  const total = edge.evidence.length + edge.moreEvidence;
  open(
    bar(stroke, text('relation')),
    el('h3', {}, name(named(edge.kind) + (edge.title || edge.measure || edge.kinship ? ` · ${edge.title || edge.measure || edge.kinship}` : ''))),
    el('div', { className: 'ends' }, nodeButton(head), el('span', { className: 'arrow', textContent: edge.kind.symmetric ? '↕' : '↓', aria: { hidden: 'true' } }), nodeButton(tail)),
    facts([...['title', 'status', 'measure', 'kinship', 'date'].map(key => [text(key), edge[key]]), [text('strength'), edge.weight],
      [text('confidence'), edge.confidence.toFixed(2)], [text('npmi'), edge.npmi === null ? '' : edge.npmi.toFixed(2)], [text('rule'), edge.rule]]),
    edge.derived ? el('p', { className: 'note', textContent: text('derived_note') }) : null,
    part(heading(text('evidence'), total),
      total ? el('p', { className: 'key' }, ['head', 'trigger', 'tail'].map(key => el('mark', { className: key, textContent: text(key) })))
        : el('p', { className: 'note', textContent: text('no_evidence') }),
      edge.evidence.map(proof),
      edge.moreEvidence ? el('p', { className: 'note', textContent: text('more', { n: number(edge.moreEvidence) }) }) : null),
    siblings.length ? part(heading(text('other_relations'), siblings.length), siblings.map(each => el('div', { className: 'neighbour' },
      el('button', { onclick: () => choose({ edge: each.id }) }, el('span', {}, name(`${named(each.kind)} · ${saying(each)}`)))))) : null);
}

function proof(evidence) {
  const source = D.documents[evidence.document] || { title: '', source: '' };
  const quote = evidence.parts.map(([words, role]) => role ? el('mark', { className: role, textContent: words }) : words);
  const role = evidence.role === 'body' ? '' : text('role_' + evidence.role);
  return el('article', { className: 'proof' }, el('blockquote', {}, quote),
    evidence.raw ? el('details', {}, el('summary', { textContent: text('raw') }), el('p', { textContent: evidence.raw })) : null,
    el('span', { className: 'cite' }, el('b', {}, name(source.title || text('untitled'))), ' ',
      name([source.publisher, source.date, role].filter(Boolean).join(' · '))),
    el('span', { className: 'cite' }, name([source.source, source.row ? text('row', { n: source.row }) : '', text('span', { start: evidence.start, end: evidence.end }),
      `${evidence.rule} ${evidence.confidence.toFixed(2)}`].filter(Boolean).join(' · '))));
}

// --- choosing

/** Choose a node or an edge ({node} or {edge}), show what is known of it and bring it into view. */
function choose(what, { move = true, remember = true } = {}) {
  choice.node = what.node ?? null;
  choice.edge = what.edge ?? null;
  if (remember) past.push(what);
  const ends = choice.node !== null ? [choice.node] : [D.edges[choice.edge].source, D.edges[choice.edge].target];
  if (!ends.every(id => visible.nodes.has(id)) && filter.focus) setFocus(0);
  choice.node !== null ? showNode(D.nodes[choice.node]) : showEdge(D.edges[choice.edge]);
  $('scope').hidden = choice.node === null && !filter.focus;
  if (filter.focus && choice.node !== null) setFocus(filter.hops);
  else if (move) fitAround(ends);
  network.redraw();
}

function goBack() {
  past.pop();
  choose(past[past.length - 1], { remember: false });
}

function clear() {
  choice.node = choice.edge = null;
  past.length = 0;
  $('panel').hidden = true;
  document.body.classList.remove('with-panel');
  if (filter.focus) setFocus(0);
  $('scope').hidden = true;
  network.redraw();
}

/** Show only what is at most `hops` edges away from the chosen node; 0: everything. */
function setFocus(hops) {
  filter.focus = null;
  filter.hops = hops;
  if (hops && choice.node !== null) {
    sift();
    let ring = new Set([choice.node]);
    for (let hop = 0; hop < hops; hop++) {
      const next = new Set(ring);
      for (const id of ring) for (const edge of D.nodes[id].edges) if (visible.edges.has(edge.id)) next.add(other(edge, id).id);
      ring = next;
    }
    filter.focus = ring;
  }
  for (const button of $('scope').children) button.setAttribute('aria-pressed', String(+button.dataset.hops === (filter.focus ? hops : 0)));
  refresh();
  tell();
  fit();
}
