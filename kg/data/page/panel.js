// The panel: everything that is known of a node or an edge, and the sentences that say so.

const CLOSE = 'M6 6l12 12M18 6L6 18', BACK = 'M15 5l-7 7 7 7', ROUTE = 'M6 19a2 2 0 1 0 0-.01M18 5a2 2 0 1 0 0-.01M8 19h7a3.5 3.5 0 0 0 0-7H9a3.5 3.5 0 0 1 0-7h7';
const past = [];
const LISTED = 12, SOURCES = 30;

/** Mentions and sentences: compressed in the page, unpacked after the first drawing; null until then. */
let details = null, detailsFailed = false;
const detailsReady = unpack('details').then(value => { details = value; }, () => { detailsFailed = true; }).then(() => { if (!$('panel').hidden) reshow(); });
const waiting = () => el('p', { className: 'note', textContent: text(detailsFailed ? 'cannot_unpack' : 'unpacking') });

function open(...children) {
  const panel = $('panel');
  panel.replaceChildren(...children.flat().filter(Boolean));
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add('with-panel');
}

function tool(key, path, onclick) { return el('button', { title: text(key), aria: { label: text(key) }, onclick }, icon(path)); }
function bar(...what) {
  return el('div', { className: 'bar' }, ...what, el('span', { className: 'tools' },
    past.length > 1 ? tool('back', BACK, goBack) : null, tool('close', CLOSE, clear)));
}

function facts(pairs) {
  const rows = pairs.filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return rows.length ? el('dl', {}, rows.flatMap(([key, value]) => [el('dt', { textContent: key }), el('dd', {}, name(String(value)))])) : null;
}
const heading = (words, count) => el('h3', { className: 'part' }, words, count === undefined ? null : el('output', { textContent: number(count) }));
const part = (...children) => el('section', {}, ...children);
const nodeButton = (node, ...below) => el('button', { onclick: () => choose({ node: node.id }) }, sign(node.type),
  el('span', {}, name(node.label), ...below));

// --- a node

function showNode(node) {
  const dates = node.first ? (node.first === node.last ? node.first : `${node.first} – ${node.last}`) : '';
  const [, reasons, attributes] = details ? details.nodes[node.id] : [[], [], {}];
  const own = Object.entries(attributes).map(([key, value]) => [text(key), value]);
  open(
    bar(sign(node.type), named(node.type)),
    el('h2', { className: 'name title', tabIndex: -1, textContent: node.label }),
    node.aliases.length ? el('ul', { className: 'chips', aria: { label: text('aliases') } }, node.aliases.map(alias => el('li', {}, name(alias)))) : null,
    node.drawn === false ? el('p', { className: 'note', textContent: text('not_drawn') })
      : visible.nodes.has(node.id) ? null : el('p', { className: 'note' }, text('filtered_out'), el('button', { className: 'link', textContent: text('reset'), onclick: () => { reset(); reshow(); fitAround([node.id]); } })),
    facts([...own, [text('mentions'), text('times', { n: number(node.count) })],
      [text('documents'), text('document_count', { n: number(node.documents.length) })], [text('period'), dates]]),
    el('p', { className: 'actions' }, el('button', { className: 'soft', onclick: () => startRoute(node.id) }, icon(ROUTE), text('find_path'))),
    postsOf(node), relationsOf(node), details ? mentionsOf(node) : waiting(), documentsOf(node),
    reasons.length ? part(el('details', {}, el('summary', { textContent: text('reasons') }), reasons.map(reason => el('p', { textContent: reason })))) : null);
}

/** Posts with what is said of them: of a person where, of a body who. */
function postsOf(node) {
  const posts = node.edges.filter(edge => edge.relation === 'holds_position').sort((a, b) => (b.from > a.from) - (b.from < a.from) || b.weight - a.weight || a.id - b.id);
  if (!posts.length) return null;
  const rows = posts.map(edge => el('div', { className: 'neighbour' },
    nodeButton(other(edge, node.id), el('small', {}, edge.status ? el('b', { className: 'status', textContent: edge.status }) : null,
      name([edge.title || text('untitled_post'), edge.date].filter(Boolean).join(' · ')))), proofButton(edge)));
  const rest = rows.splice(LISTED);
  return part(heading(text('posts'), posts.length), rows, more(rest));
}

const more = rest => rest.length ? el('details', {}, el('summary', { textContent: text('more_rows', { n: number(rest.length) }) }), rest) : null;

function relationsOf(node) {
  const groups = new Map();
  for (const edge of node.edges) {
    if (edge.relation === 'holds_position') continue;  // those are the posts
    const way = edge.kind.symmetric ? '' : edge.source === node.id ? '→' : '←', key = edge.relation + way;
    if (!groups.has(key)) groups.set(key, { edge, way, edges: [] });
    groups.get(key).edges.push(edge);
  }
  return [...groups.values()].sort((a, b) => RELATIONS.indexOf(a.edge.relation) - RELATIONS.indexOf(b.edge.relation) || (a.way < b.way ? 1 : -1))
    .map(({ edge, way, edges }) => {
      const rows = edges.sort((a, b) => b.weight - a.weight || a.id - b.id).slice(0, 300).map(each => neighbour(node, each));
      return part(heading(`${named(edge.kind)} ${way}`, edges.length), rows.splice(0, LISTED), more(rows));
    });
}

function proofButton(edge) {
  const count = details ? details.edges[edge.id][1].length + details.edges[edge.id][2] : '';
  return el('button', { className: 'count', onclick: () => choose({ edge: edge.id }), aria: { label: `${text('evidence')}: ${saying(edge)}` } },
    `${text('evidence')} ${count === '' ? '' : number(count)}`);
}

function neighbour(node, edge) {
  const about = [edge.title, edge.status, edge.measure, edge.kinship, edge.date, edge.derived ? text('is_derived') : ''].filter(Boolean).join(' · ');
  return el('div', { className: 'neighbour' }, nodeButton(other(edge, node.id), about ? el('small', {}, name(about)) : null), proofButton(edge));
}

function mentionsOf(node) {
  const mentions = details.nodes[node.id][0];
  if (!mentions.length) return null;
  const list = mentions.map(([before, words, after, raw]) => el('p', {}, before, el('mark', { className: 'tail', textContent: words }), after,
    raw ? el('small', { className: 'note', textContent: ` ${text('raw')}: ${raw}` }) : null));
  if (node.count > list.length) list.push(el('p', { className: 'note', textContent: text('more', { n: number(node.count - list.length) }) }));
  return part(el('details', {}, el('summary', { textContent: `${text('mentions')} · ${text('times', { n: number(node.count) })}` }), list));
}

function documentsOf(node) {
  if (!node.documents.length) return null;
  const list = node.documents.slice(0, SOURCES).map(at => el('li', {}, documentButton(at, null, node.id)));
  if (node.documents.length > SOURCES) list.push(el('li', { className: 'note', textContent: text('more', { n: number(node.documents.length - SOURCES) }) }));
  return part(heading(text('documents'), node.documents.length), el('ul', { className: 'sources' }, list));
}

/** A document that opens as a whole, at a span of characters if one is given. */
function documentButton(at, span, node) {
  const d = D.documents[at];
  const words = [el('b', {}, name(d.title || text('untitled'))),
    el('small', {}, name([d.publisher, d.date, d.source, d.row ? text('row', { n: d.row }) : ''].filter(Boolean).join(' · ')))];
  return hasTexts ? el('button', { className: 'document', onclick: () => openReader(at, span, node) }, ...words) : el('div', { className: 'document' }, ...words);
}

// --- an edge

function showEdge(edge) {
  const [head, tail] = [D.nodes[edge.source], D.nodes[edge.target]], about = edge.title || edge.measure || edge.kinship;
  const siblings = head.edges.filter(each => each !== edge && [each.source, each.target].includes(tail.id));
  const [rule, proofs, left, byHand = []] = details ? details.edges[edge.id] : ['', [], 0];
  open(
    bar(stroke(edge.kind), text('relation')),
    el('h2', { className: 'name title', tabIndex: -1, textContent: named(edge.kind) + (about ? ` · ${about}` : '') }),
    el('div', { className: 'ends' }, nodeButton(head), el('span', { className: 'arrow', textContent: edge.kind.symmetric ? '↕' : '↓', aria: { hidden: 'true' } }), nodeButton(tail)),
    facts([...['title', 'status', 'measure', 'kinship', 'date'].map(key => [text(key), edge[key]]), [text('strength'), edge.weight],
      [text('confidence'), edge.confidence.toFixed(2)], [text('npmi'), edge.npmi === null ? '' : edge.npmi.toFixed(2)], [text('rule'), rule]]),
    edge.derived ? el('p', { className: 'note', textContent: text('derived_note') }) : null,
    byHand.map(reason => el('p', { className: 'note', textContent: reason })),
    part(heading(text('evidence'), details ? proofs.length + left : undefined),
      !details ? waiting() : proofs.length ? el('p', { className: 'key' }, ['head', 'trigger', 'tail'].map(key => el('mark', { className: key, textContent: text(key) })))
        : el('p', { className: 'note', textContent: text('no_evidence') }),
      proofs.map(proof),
      left ? el('p', { className: 'note', textContent: text('more', { n: number(left) }) }) : null),
    siblings.length ? part(heading(text('other_relations'), siblings.length), siblings.map(each => el('div', { className: 'neighbour' },
      el('button', { onclick: () => choose({ edge: each.id }) }, stroke(each.kind), el('span', {}, name(`${named(each.kind)} · ${saying(each)}`)))))) : null);
}

/** A sentence with head, trigger and tail marked, where it stands, and which rule read it. */
function proof([at, rule, confidence, role, marks]) {
  const [document_, start, end, words, raw] = details.sentences[at], source = D.documents[document_], quote = [], characters = [...words];
  let done = 0;
  for (const [from, to, kind] of marks) {
    quote.push(characters.slice(done, from).join(''), el('mark', { className: kind, textContent: characters.slice(from, to).join('') }));
    done = to;
  }
  quote.push(characters.slice(done).join(''));
  return el('article', { className: 'proof' }, el('blockquote', {}, ...quote),
    raw ? el('details', {}, el('summary', { textContent: text('raw') }), el('p', { textContent: raw })) : null,
    source ? documentButton(document_, [start, end]) : null,
    el('p', { className: 'cite' }, name([role === 'body' ? '' : text('role_' + role), text('span', { start, end }), `${rule} ${confidence.toFixed(2)}`].filter(Boolean).join(' · '))));
}

// --- choosing

/** Choose a node or an edge ({node} or {edge}), show what is known of it and bring it into view. */
function choose(what, { move = true, remember = true, focus = false } = {}) {
  if (route.start !== null && what.node !== undefined) return endRoute(what.node, focus);
  const held = $('panel').contains(document.activeElement);
  Object.assign(choice, { node: what.node ?? null, edge: what.edge ?? null, path: what.path ?? null });
  if (remember) past.push(what);
  const ends = choice.path ? choice.path.ends : choice.node !== null ? [choice.node] : [D.edges[choice.edge].source, D.edges[choice.edge].target];
  if (filter.focus && !ends.every(id => visible.nodes.has(id))) setFocus(0);
  reshow();
  $('scope').hidden = choice.node === null && !filter.focus;
  if (focus || held) $('panel').querySelector('.title').focus();
  if (filter.focus && choice.node !== null) setFocus(filter.hops);
  else if (move) choice.path ? fit([...choice.path.nodes], 0.3, 1.35) : fitAround(ends);
  surface.redraw();
  record();
}

function reshow() {
  if (choice.path) showPath(choice.path);
  else if (choice.node !== null) showNode(D.nodes[choice.node]);
  else if (choice.edge !== null) showEdge(D.edges[choice.edge]);
}

function goBack() {
  past.pop();
  choose(past[past.length - 1], { remember: false });
}

function clear() {
  const held = $('panel').contains(document.activeElement);
  Object.assign(choice, { node: null, edge: null, path: null });
  cancelRoute();
  past.length = 0;
  $('panel').hidden = true;
  document.body.classList.remove('with-panel');
  if (filter.focus) setFocus(0);
  $('scope').hidden = true;
  if (held) $('canvas').focus();
  surface.redraw();
  record();
}

/** Show only what is at most `hops` edges away from the chosen node; 0: everything. */
function setFocus(hops, { move = true } = {}) {
  Object.assign(filter, { focus: null, hops });
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
  changed();
  if (move) fit();
}
