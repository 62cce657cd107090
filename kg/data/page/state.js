// What the reader has chosen: filters, size of the nodes, node, edge or path; and what is visible because of it.

const START = { weight: 0, confidence: 0, derived: true, covered: false, isolated: true, undated: true, from: '', to: '\uffff' };
// How things look is no filter: it survives a reset.
const LOOK = { size: 'mixed', labels: false };
const filter = { types: new Set(), relations: new Set(), statuses: new Set(), documents: new Set(), focus: null, hops: 0, ...START, ...LOOK };
const choice = { node: null, edge: null, path: null, hover: null, hoverEdge: null };

/** Whether one of these documents is still ticked; what no document names is always there. */
const cited = documents => !filter.documents.size || !documents.length || documents.some(at => !filter.documents.has(at));
const everyDay = () => filter.from === START.from && filter.to === START.to;
const within = (from, to) => from ? from <= filter.to && to >= filter.from : filter.undated || everyDay();

const alive = node => !filter.types.has(node.typeName) && (!filter.focus || filter.focus.has(node.id))
  && within(node.first, node.last) && cited(node.documents) && node.drawn !== false;
const holds = edge => !filter.relations.has(edge.relation) && edge.weight >= filter.weight && edge.confidence >= filter.confidence
  && (filter.derived || !edge.derived) && (filter.covered || !edge.covered) && !filter.statuses.has(edge.status)
  && within(edge.first, edge.last) && cited(edge.documents) && alive(D.nodes[edge.source]) && alive(D.nodes[edge.target]);

const visible = { nodes: new Set(), edges: new Set() };
function sift() {
  visible.edges.clear(); visible.nodes.clear();
  const linked = new Set();
  for (const edge of D.edges) if (holds(edge)) { visible.edges.add(edge.id); linked.add(edge.source); linked.add(edge.target); }
  for (const node of D.nodes) if (alive(node) && (filter.isolated || linked.has(node.id))) visible.nodes.add(node.id);
}

/** Whether anything is hidden by choice. */
const filtered = () => ['types', 'relations', 'statuses', 'documents'].some(key => filter[key].size) || filter.focus
  || Object.keys(START).some(key => filter[key] !== START[key]);

function resetFilters() {
  for (const key of ['types', 'relations', 'statuses', 'documents']) filter[key].clear();
  Object.assign(filter, START, { focus: null, hops: 0 });
}

/** A large graph that is mostly co-occurrence would be a tangle: it opens with what sentences state, and says so. */
const faint = D.edges.filter(edge => edge.relation === FAINT).length;
function firstView() {
  if (D.nodes.length > 300 && faint > D.edges.length / 2 && faint < D.edges.length) { filter.relations.add(FAINT); filter.isolated = false; }
}

// --- size by what counts as important

const MEASURES = { degree: node => node.degree, rank: node => node.rank, count: node => node.count };
const SMALLEST = 7, LARGEST = 40;
for (const node of D.nodes) node.degree = node.edges.filter(edge => edge.relation !== FAINT && !edge.covered).length;

/** Give every node its radius: the area grows with the measure. `mixed` is what the layout was made for. */
function setSizes(measure) {
  filter.size = measure;
  const value = MEASURES[measure];
  let top = 0;
  if (value) for (const node of D.nodes) top = Math.max(top, value(node));
  for (const node of D.nodes) node.size = value ? SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(value(node) / (top || 1)) : node.own;
  rank();
}
const byImportance = (a, b) => b.size - a.size || b.rank - a.rank || a.id - b.id;
const ranked = [...D.nodes];
/** Put the nodes in order of importance; each knows its place. */
function rank() { ranked.sort(byImportance).forEach((node, place) => { node.place = place; }); }
rank();
