// The shortest path between two nodes, among what is visible, with the sentences that each step rests on.

const route = { start: null };

/** The next node that is chosen, by click or by search, becomes the end of a path from this one. */
function startRoute(id) {
  route.start = id;
  $('route').replaceChildren(el('span', {}, text('path_from'), ' ', name(shorten(D.nodes[id].label, 16)), ' ', text('path_to')),
    el('button', { className: 'link', textContent: text('cancel'), onclick: () => { cancelRoute(); reshow(); } }));
  $('route').hidden = false;
  if (roomy()) { search.value = ''; search.focus(); } else $('panel').hidden = true;
}

function cancelRoute() {
  route.start = null;
  $('route').hidden = true;
}

function endRoute(end, focus = false) {
  const start = route.start;
  cancelRoute();
  if (start === end) return choose({ node: end }, { focus });
  const edges = shortestPath(start, end), nodes = new Set(edges ? edges.flatMap(edge => [edge.source, edge.target]) : [start, end]);
  choose({ path: { ends: [start, end], edges: edges || [], nodes, found: !!edges } }, { focus });
}

/** Among paths with the fewest steps, the one with the least co-occurrence and then the most evidence. */
function shortestPath(start, end) {
  const cost = edge => 1 + (edge.relation === FAINT ? 1e-3 : 0) + 1e-5 / (1 + edge.weight);
  const reached = new Map([[start, { cost: 0, edge: null, from: null }]]);
  let ring = [start];
  while (ring.length && !reached.has(end)) {
    const next = new Map();
    for (const id of ring) for (const edge of D.nodes[id].edges) {
      const to = other(edge, id).id, total = reached.get(id).cost + cost(edge);
      if (!visible.edges.has(edge.id) || reached.has(to) || next.get(to)?.cost <= total) continue;
      next.set(to, { cost: total, edge, from: id });
    }
    for (const [id, step] of next) reached.set(id, step);
    ring = [...next.keys()];
  }
  if (!reached.has(end)) return null;
  const edges = [];
  for (let at = end; at !== start; at = reached.get(at).from) edges.unshift(reached.get(at).edge);
  return edges;
}

function showPath(path) {
  const [start, end] = path.ends.map(id => D.nodes[id]), rows = [nodeButton(start)];
  let at = start.id;
  for (const edge of path.edges) {
    const forward = edge.source === at, arrow = edge.kind.symmetric ? '↕' : forward ? '↓' : '↑', proofs = details?.edges[edge.id][1] || [];
    at = other(edge, at).id;
    rows.push(el('div', { className: 'step' },
      el('button', { onclick: () => choose({ edge: edge.id }) }, el('span', { className: 'arrow', textContent: arrow, aria: { hidden: 'true' } }), stroke(edge.kind),
        el('span', {}, named(edge.kind), el('small', {}, name([edge.title, edge.status, edge.kinship, edge.measure, edge.date, edge.derived ? text('is_derived') : ''].filter(Boolean).join(' · '))))),
      proofs.length ? proof(proofs[0]) : el('p', { className: 'note', textContent: details ? text('no_evidence') : text('unpacking') })), nodeButton(D.nodes[at]));
  }
  open(bar(icon(ROUTE), text('path')),
    el('h2', { className: 'name title', tabIndex: -1, textContent: `${start.label} – ${end.label}` }),
    path.found ? el('p', { className: 'note', textContent: text('path_steps', { n: path.edges.length }) }) : el('p', { className: 'note', textContent: text('no_path') }),
    path.found ? el('div', { className: 'ends path' }, rows) : el('div', { className: 'ends' }, nodeButton(start), nodeButton(end)));
}
