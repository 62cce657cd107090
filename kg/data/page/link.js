// A link that restores what one sees: position, choice and filters stand behind the # of the address.

const FLAGS = ['derived', 'covered', 'isolated', 'undated', 'labels'], STANDARD = { ...START, ...LOOK };
let recording = false, waitingToRecord = 0;

/** A node by its number and its name, since a page that is built anew may number otherwise. */
const nodeKey = id => `${id}~${D.nodes[id].label}`;
function nodeOf(key) {
  const at = key.indexOf('~'), id = +key.slice(0, at), label = key.slice(at + 1);
  return D.nodes[id]?.label === label ? id : D.nodes.find(node => node.label === label)?.id ?? null;
}

function state() {
  const parts = new URLSearchParams(), { x, y } = surface.centre();
  parts.set('g', D.print);
  parts.set('v', [Math.round(x), Math.round(y), surface.scale().toPrecision(4), ...(surface.why ? ['backbone'] : [])].join());
  if (choice.path) parts.set('p', choice.path.ends.map(nodeKey).join('|'));
  else if (choice.node !== null) parts.set('n', nodeKey(choice.node));
  else if (choice.edge !== null) parts.set('e', choice.edge);
  if (filter.focus) parts.set('h', filter.hops);
  for (const key of ['types', 'relations', 'statuses']) if (filter[key].size) parts.set(key, [...filter[key]].sort().join('|'));
  if (filter.documents.size) {  // whichever list is shorter
    const off = [...filter.documents].sort((a, b) => a - b), on = D.documents.map((_, at) => at).filter(at => !filter.documents.has(at));
    parts.set(off.length <= on.length ? 'documents' : 'only', (off.length <= on.length ? off : on).join('.'));
  }
  for (const key of ['weight', 'confidence', 'from']) if (filter[key]) parts.set(key, filter[key]);
  if (filter.to !== START.to) parts.set('to', filter.to);
  if (filter.size !== LOOK.size) parts.set('size', filter.size);
  for (const key of FLAGS) if (filter[key] !== STANDARD[key]) parts.set(key, +filter[key]);
  return '#' + parts;
}

/** Note what is seen in the address, a little later, so that a drag isn't noted a hundred times. */
function record() {
  if (!recording) return;
  clearTimeout(waitingToRecord);
  waitingToRecord = setTimeout(recordNow, 300);
}
function recordNow() { history.replaceState(null, '', state()); }

/** Restore what a link says; false if there is none. What another graph can't have is left out, and the page says so. */
function restore() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (!parts.has('v')) return false;
  const same = parts.get('g') === D.print, list = key => (parts.get(key) || '').split('|').filter((part, i, all) => part || all.length > 1 || parts.get(key) === '');
  resetFilters();
  for (const key of ['types', 'relations', 'statuses']) if (parts.has(key)) filter[key] = new Set(list(key));
  if (same) {
    const places = key => parts.get(key).split('.').filter(Boolean).map(Number);
    if (parts.has('documents')) filter.documents = new Set(places('documents'));
    if (parts.has('only')) { const on = new Set(places('only')); filter.documents = new Set(D.documents.map((_, at) => at).filter(at => !on.has(at))); }
  }
  for (const key of ['weight', 'confidence']) filter[key] = +parts.get(key) || 0;
  filter.from = parts.get('from') || START.from;
  filter.to = parts.get('to') || START.to;
  for (const key of FLAGS) if (parts.has(key)) filter[key] = parts.get(key) === '1';
  if (MEASURES[parts.get('size')]) setSizes(parts.get('size'));
  legends(); sliders(); refresh();
  restoreChoice(parts, same);
  const [x, y, scale] = parts.get('v').split(',').slice(0, 3).map(Number), placed = parts.get('v').endsWith('backbone') === !!surface.why;
  if (same && placed && [x, y, scale].every(Number.isFinite) && scale > 0) surface.moveTo({ x, y }, scale, { x: 0, y: 0 }, true); else fit();
  tell();
  if (!same) say(text('other_graph'));
  return true;
}

function restoreChoice(parts, same) {
  const still = { move: false };
  if (parts.has('p')) {
    const keys = parts.get('p').split('|'), [start, end] = [nodeOf(keys[0]), nodeOf(keys.slice(1).join('|'))];
    if (start !== null && end !== null) { route.start = start; endRoute(end); }
  } else if (parts.has('n')) {
    const id = nodeOf(parts.get('n'));
    if (id !== null) { choose({ node: id }, still); if (+parts.get('h')) setFocus(+parts.get('h'), still); }
  } else if (parts.has('e') && same && D.edges[parts.get('e')]) choose({ edge: +parts.get('e') }, still);
}

async function copyLink() {
  recordNow();
  try { await navigator.clipboard.writeText(location.href); say(text('link_copied')); } catch { say(text('link_in_bar')); }
}
addEventListener('hashchange', restore);
