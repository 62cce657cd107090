// Moving about: what fits where, and the surface that draws.

/** Left, top, right and bottom of what `ids` cover, in the coordinates of the graph. */
function extent(ids) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const id of ids) {
    const { x, y } = D.nodes[id];
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}

/** How many pixels the names at `scale` reach out beyond the nodes, on each of the four sides, within limits. */
function overhang(ids, scale, limit) {
  const among = ids.length < visible.nodes.size ? new Set(ids) : null;
  const [left, top, right, bottom] = extent(ids).map(side => side * scale), out = [14, 14, 14, 14];
  for (const { node, words, font, dx, dy } of placeNames(scale, among, null).names) {
    const x = node.x * scale + dx, y = node.y * scale + dy;
    out[0] = Math.max(out[0], left - x);
    out[1] = Math.max(out[1], top - y + 10);
    out[2] = Math.max(out[2], x + widthOf(words, font) - right);
    out[3] = Math.max(out[3], y + 10 - bottom);
  }
  return out.map(pixels => Math.min(pixels, limit));
}

/** Show all that is visible, or `ids`, in the part of the canvas that nothing covers; returns the scale that this takes. */
function fit(ids = [...visible.nodes], least = 0.004, most = 1.5) {
  ids = ids.filter(id => D.nodes[id].drawn !== false);
  if (!ids.length) return least;
  const free = room(), margin = roomy() ? 30 : 10;
  const width = free.width - 2 * margin, height = free.height - 2 * margin, [left, top, right, bottom] = extent(ids);
  const within = over => Math.min(most, (width - over[0] - over[2]) / Math.max(right - left, 1), (height - over[1] - over[3]) / Math.max(bottom - top, 1));
  let over = [40, 20, 40, 20], scale = within(over);
  for (let round = 0; round < 2 && ids.length <= 3000; round++) {  // names don't shrink with the rest
    over = overhang(ids, scale, (roomy() ? 0.19 : 0.22) * width);
    scale = within(over);
  }
  scale = Math.max(scale, least);
  moveTo({ x: (left + right + (over[2] - over[0]) / scale) / 2, y: (top + bottom + (over[3] - over[1]) / scale) / 2 }, scale);
  return scale;
}

/** The part of the canvas that no panel covers: its size, and how far its centre is from the centre of the canvas. */
function room() {
  const wide = roomy(), open = !$('panel').hidden;
  const right = open && wide ? 388 : 0, scope = $('scope').hidden ? 0 : 56, below = wide ? scope : open ? $('panel').offsetHeight : 0, above = wide ? 0 : scope;
  return { width: $('canvas').clientWidth - right, height: $('canvas').clientHeight - below - above,
    offset: { x: -right / 2, y: (above - below) / 2 } };
}

/** Bring a node and its neighbours into view, or both ends of an edge; where they are too far apart, the first alone. */
function fitAround(ids) {
  const near = new Set(ids);
  if (ids.length === 1) for (const edge of D.nodes[ids[0]].edges) if (visible.edges.has(edge.id) && edge.relation !== FAINT) near.add(other(edge, ids[0]).id);
  const scale = fit([...near], 0.62, 1.35);
  if (scale <= 0.62 && D.nodes[ids[0]].drawn !== false) moveTo(D.nodes[ids[0]], 0.75);
}
const moveTo = (position, scale) => surface.moveTo(position, scale, room().offset);

function refresh() {
  sift();
  placement.key = '';
  surface.refresh();
  drawOver();
}

/** Up to so many nodes and lines are drawn by WebGL in software; above it the backbone comes first. */
const SLOW_MOST = 12000;

/** Make the surface: sigma for a large graph where that is fast enough or `all` is asked for, else vis-network. */
function makeSurface(all) {
  const speed = D.large && typeof kgSigma !== 'undefined' ? webgl() : '', few = D.nodes.length + D.edges.length <= SLOW_MOST;
  over.remove();
  const stage = el('div', { className: 'stage' });
  $('canvas').replaceChildren(stage, over);
  surface = speed === 'fast' || speed && (few || all) ? new SigmaSurface(stage) : new VisSurface(stage);
  surface.why = !D.large || surface.large ? '' : speed ? 'backbone_slow' : 'backbone';
}

/** The layout is wider than high; on a screen that is higher than wide, it is turned and drawn out. */
function startSurface() {
  const host = $('canvas'), steep = host.clientHeight / host.clientWidth;
  if (steep > 1.15) for (const thing of [...D.nodes, ...D.vis.nodes]) [thing.x, thing.y] = [thing.y, thing.x * Math.min(1.35, Math.max(1, steep / 1.45))];
  makeSurface(false);
  new ResizeObserver(() => { placement.key = ''; surface.resized(); drawOver(); }).observe(host);
}

/** Draw all of a large graph where only its backbone was, however long a frame takes. */
function drawAll() {
  surface.leave();
  makeSurface(true);
  refresh(); legends(); tell(); fit(); reshow();
}
