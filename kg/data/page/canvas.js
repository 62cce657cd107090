// The picture: vis-network draws nodes and edges; this file decides what is visible, draws shapes and places names.

const filter = { types: new Set(), relations: new Set(), weight: 0, derived: true, covered: false, isolated: true,
  from: '', to: '\uffff', focus: null };
const choice = { node: null, edge: null, hover: null, hoverEdge: null };
const color = key => getComputedStyle(document.documentElement).getPropertyValue(key).trim();
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
let paint = {};

function readPaint() {
  paint = { paper: color('--paper'), ink: color('--ink'), muted: color('--muted'), accent: color('--accent') };
}
readPaint();

// --- what is visible

const alive = node => !filter.types.has(node.typeName) && (!filter.focus || filter.focus.has(node.id))
  && (!node.first || (node.first <= filter.to && node.last >= filter.from));
const holds = edge => !filter.relations.has(edge.relation) && edge.weight >= filter.weight
  && (filter.derived || !edge.derived) && (filter.covered || !edge.covered)
  && (!edge.day || (edge.day <= filter.to && edge.day >= filter.from))
  && alive(D.nodes[edge.source]) && alive(D.nodes[edge.target]);

const visible = { nodes: new Set(), edges: new Set() };
function sift() {
  visible.edges = new Set(D.edges.filter(holds).map(edge => edge.id));
  const linked = new Set();
  for (const id of visible.edges) { linked.add(D.edges[id].source); linked.add(D.edges[id].target); }
  visible.nodes = new Set(D.nodes.filter(node => alive(node) && (filter.isolated || linked.has(node.id))).map(node => node.id));
}
sift();

// --- shapes

const outlines = Object.fromEntries(Object.entries(D.types).map(([key, type]) => [key, new Path2D(type.path)]));

/** Radius on the canvas; zoomed far out, a node keeps a few pixels. */
const radius = (node, scale) => Math.max(node.size, (1.6 + node.size * 0.09) / scale);

function drawNode(context, node, x, y, strong) {
  const scale = network ? network.getScale() : 1, size = radius(node, scale), line = Math.min(2.2, 1.6 / scale) / size;
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  context.lineJoin = 'round';
  const outline = outlines[node.typeName];
  if (strong) {
    context.lineWidth = 2 * (3 / scale / size + line); context.strokeStyle = paint.accent; context.stroke(outline);
  }
  context.lineWidth = 2 * line; context.strokeStyle = paint.paper; context.stroke(outline);
  context.fillStyle = node.type.hollow ? paint.paper : node.type.color; context.fill(outline);
  if (node.type.hollow) { context.lineWidth = 0.36; context.strokeStyle = node.type.color; context.stroke(outline); }
  context.restore();
}

// The layout is wider than high; on a screen that is higher than wide, it is turned.
const turned = $('canvas').clientHeight > 1.15 * $('canvas').clientWidth;
let network = null;
const points = new vis.DataSet(D.vis.nodes.map(({ label, ...point }) => {
  if (turned) [point.x, point.y] = [point.y, point.x];
  const node = D.nodes[point.id];
  Object.assign(node, { label, x: point.x, y: point.y, size: point.size });
  const ctxRenderer = ({ ctx, x, y }) => ({
    drawNode: () => { node.x = x; node.y = y; drawNode(ctx, node, x, y, node.id === choice.node); },
    nodeDimensions: { width: 2 * node.size, height: 2 * node.size },
  });
  return { ...point, ctxRenderer };
}));
const lines = new vis.DataSet(D.vis.edges);

/** Co-occurrence stays faint on white and on black. */
function tone(dark) {
  const faint = D.vis.edges.filter(line => D.edges[line.id].relation === 'co_occurs_with');
  lines.update(faint.map(({ id, color: own }) => ({ id, color: { ...own, opacity: dark ? 0.2 : 0.75 } })));
}
const shownPoints = new vis.DataView(points, { filter: point => visible.nodes.has(point.id) });
const shownLines = new vis.DataView(lines, { filter: line => visible.edges.has(line.id) });
network = new vis.Network($('canvas'), { nodes: shownPoints, edges: shownLines }, D.vis.options);

function refresh() {
  sift();
  shownPoints.refresh();
  shownLines.refresh();
  placement.key = '';
  network.redraw();
}

// --- names: the biggest nodes first, each only where it covers nothing; more of them as one zooms in

const FONT = getComputedStyle(document.documentElement).fontFamily;
const fontOf = node => `${node.size > 20 ? 600 : node.size > 13 ? 500 : 400} ${node.size > 26 ? 15 : node.size > 16 ? 13.5 : node.size > 10 ? 12.5 : 11.5}px ${FONT}`;
const ranked = [...D.nodes].sort((a, b) => b.size - a.size || b.rank - a.rank || a.id - b.id);
const placement = { key: '', names: [], plan: null };
const widths = new Map();

function widthOf(context, words, font) {
  const key = font + words;
  if (!widths.has(key)) { context.font = font; widths.set(key, context.measureText(words).width); }
  return widths.get(key);
}

/** A set of rectangles that can tell whether another would overlap one of them. */
class Plan {
  constructor(cell, cells = new Map()) { this.cell = cell; this.cells = cells; }
  copy() { return new Plan(this.cell, new Map([...this.cells].map(([key, boxes]) => [key, [...boxes]]))); }
  *around([left, top, right, bottom]) {
    for (let x = Math.floor(left / this.cell); x <= right / this.cell; x++)
      for (let y = Math.floor(top / this.cell); y <= bottom / this.cell; y++) yield x * 65537 + y;
  }
  add(box, owner) {
    for (const key of this.around(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push([box, owner]);
    }
  }
  free(box, ignore = () => false) {
    for (const key of this.around(box))
      for (const [taken, by] of this.cells.get(key) || [])
        if (!ignore(by) && box[0] < taken[2] && taken[0] < box[2] && box[1] < taken[3] && taken[1] < box[3]) return false;
    return true;
  }
}

/** Where names go, in order of size. A name may cover nodes that are much smaller than its own, but no other name. */
function placeNames(context, scale, among) {
  const longest = roomy() ? 14 : 9, most = $('canvas').clientWidth * $('canvas').clientHeight / 9000;
  const plan = new Plan(48), names = [], shown = ranked.filter(node => visible.nodes.has(node.id) && (!among || among.has(node.id)));
  const clear = (box, node) => plan.free(box, taken => taken === node || (taken !== null && taken.size < 0.62 * node.size));
  for (const node of shown) {
    const r = radius(node, scale) * scale;
    plan.add([node.x * scale - r, node.y * scale - r, node.x * scale + r, node.y * scale + r], node);
  }
  if (choice.node !== null && shown.includes(D.nodes[choice.node])) shown.unshift(...shown.splice(shown.indexOf(D.nodes[choice.node]), 1));
  shown.forEach((node, place) => {
    if (!among && place > most && node.size * scale < 4.2) return;
    const whole = node.id === choice.node, words = shorten(node.label, whole ? 40 : longest), font = whole ? `650 15px ${FONT}` : fontOf(node);
    const width = widthOf(context, words, font) + 8, height = 18, x = node.x * scale, y = node.y * scale, r = radius(node, scale) * scale + 2;
    const ways = [[-width / 2, r], [-width / 2, -r - height], [r + 1, -height / 2], [-r - width - 1, -height / 2]];
    const boxAt = ([dx, dy]) => [x + dx, y + dy, x + dx + width, y + dy + height];
    const way = ways.find(each => clear(boxAt(each), node)) || (whole ? ways[0] : null);
    if (!way) return;
    plan.add(boxAt(way), null);
    names.push({ node, words, font, dx: way[0] + 4, dy: way[1] + height / 2 });
  });
  return { names, plan };
}

function write(context, words, font, x, y, ink) {
  context.font = font;
  context.lineWidth = 3.5; context.strokeStyle = paint.paper; context.lineJoin = 'round';
  context.strokeText(words, x, y);
  context.fillStyle = ink;
  context.fillText(words, x, y);
}

/** Change from the coordinates of the graph to those of the screen, in CSS pixels. */
function onScreen(context, draw) {
  const ratio = network.canvas.pixelRatio || 1;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textBaseline = 'middle'; context.textAlign = 'left';
  draw();
  context.restore();
}

function drawNames(context, among) {
  const scale = network.getScale(), key = [scale.toFixed(4), visible.nodes.size, choice.node, choice.edge].join();
  if (placement.key !== key) Object.assign(placement, placeNames(context, scale, among), { key });
  for (const { node, words, font, dx, dy } of placement.names) {
    if (node.id === choice.hover && node.id !== choice.node) continue;
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    write(context, words, font, at.x + dx, at.y + dy, paint.ink);
  }
}

function drawFullName(context, node) {
  const at = network.canvasToDOM({ x: node.x, y: node.y }), font = `600 14px ${FONT}`, words = shorten(node.label, 40);
  const width = widthOf(context, words, font), scale = network.getScale();
  write(context, words, font, Math.max(8, Math.min(at.x - width / 2, $('canvas').clientWidth - width - 8)), at.y + radius(node, scale) * scale + 12, paint.ink);
}

/** What an edge says in a word or two: the title of a post, else the relation. */
const saying = edge => [edge.status, edge.title || edge.measure || edge.kinship || named(edge.kind)].filter(Boolean).join(' ');

/** Write what an edge says on its line, where that covers no name. */
function drawSaying(context, edge, plan) {
  const line = network.body.edges[edge.id], scale = network.getScale();
  if (!line || edge.source === edge.target) return;
  const font = `500 11.5px ${FONT}`, words = shorten(saying(edge), 16), width = widthOf(context, words, font);
  for (const share of [0.5, 0.38, 0.62, 0.27, 0.73]) {
    const point = line.edgeType.getPoint(share), x = point.x * scale, y = point.y * scale;
    const box = [x - width / 2 - 3, y - 8, x + width / 2 + 3, y + 8];
    if (plan && !plan.free(box)) continue;
    if (plan) plan.add(box, null);
    const at = network.canvasToDOM(point);
    write(context, words, font, at.x - width / 2, at.y, paint.muted);
    return;
  }
}

// --- emphasis: everything else steps back behind a veil, then the chosen ones are drawn once more

function chosen() {
  if (choice.edge !== null) return { edges: [D.edges[choice.edge]], nodes: new Set([D.edges[choice.edge].source, D.edges[choice.edge].target]) };
  const id = choice.node !== null ? choice.node : null;
  if (id === null) return null;
  const edges = D.nodes[id].edges.filter(edge => visible.edges.has(edge.id));
  return { edges, nodes: new Set([id, ...edges.map(edge => other(edge, id).id)]) };
}

function drawChosen(context, { edges, nodes }) {
  onScreen(context, () => {
    context.globalAlpha = filter.focus ? 0.5 : 0.8; context.fillStyle = paint.paper;
    context.fillRect(0, 0, $('canvas').clientWidth, $('canvas').clientHeight);
  });
  for (const edge of edges) {
    const line = network.body.edges[edge.id];
    if (line && line.connected) { line.drawArrows(context); line.draw(context); line.drawArrows(context); }
  }
  for (const id of nodes) if (visible.nodes.has(id)) drawNode(context, D.nodes[id], D.nodes[id].x, D.nodes[id].y, id === choice.node);
}

network.on('afterDrawing', context => {
  const emphasis = chosen();
  if (emphasis) drawChosen(context, emphasis);
  onScreen(context, () => {
    drawNames(context, emphasis && emphasis.nodes);
    if (emphasis && emphasis.edges.length <= 60) {
      const plan = placement.plan.copy();
      for (const edge of emphasis.edges) if (choice.edge !== null || edge.relation !== 'co_occurs_with') drawSaying(context, edge, plan);
    }
    if (choice.hoverEdge !== null && visible.edges.has(choice.hoverEdge)) drawSaying(context, D.edges[choice.hoverEdge]);
    if (choice.hover !== null && choice.hover !== choice.node && visible.nodes.has(choice.hover)) drawFullName(context, D.nodes[choice.hover]);
  });
});

// --- moving about

/** Left, top, right and bottom of what `ids` cover, in the coordinates of the graph. */
function extent(ids) {
  const xs = ids.map(id => D.nodes[id].x), ys = ids.map(id => D.nodes[id].y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** How many pixels the names at `scale` reach out beyond the nodes, on each of the four sides, within limits. */
function overhang(ids, scale, limit) {
  const context = network.canvas.getContext(), among = ids.length < visible.nodes.size ? new Set(ids) : null;
  const [left, top, right, bottom] = extent(ids).map(side => side * scale), out = [14, 14, 14, 14];
  for (const { node, words, font, dx, dy } of placeNames(context, scale, among).names) {
    const x = node.x * scale + dx, y = node.y * scale + dy;
    out[0] = Math.max(out[0], left - x);
    out[1] = Math.max(out[1], top - y + 10);
    out[2] = Math.max(out[2], x + widthOf(context, words, font) - right);
    out[3] = Math.max(out[3], y + 10 - bottom);
  }
  return out.map(pixels => Math.min(pixels, limit));
}

/** Show all that is visible, or `ids`, in the part of the canvas that nothing covers; returns the scale that this takes. */
function fit(ids = [...visible.nodes], least = 0.02, most = 1.5) {
  if (!ids.length) return least;
  const free = room(), margin = roomy() ? 30 : 10;
  const width = free.width - 2 * margin, height = free.height - 2 * margin, [left, top, right, bottom] = extent(ids);
  const within = over => Math.min(most, (width - over[0] - over[2]) / Math.max(right - left, 1), (height - over[1] - over[3]) / Math.max(bottom - top, 1));
  let over = [40, 20, 40, 20], scale = within(over);
  for (let round = 0; round < 2; round++) {  // names don't shrink with the rest
    over = overhang(ids, scale, (roomy() ? 0.16 : 0.24) * width);
    scale = within(over);
  }
  scale = Math.max(scale, least);
  moveTo({ x: (left + right + (over[2] - over[0]) / scale) / 2, y: (top + bottom + (over[3] - over[1]) / scale) / 2 }, scale);
  return scale;
}

/** The part of the canvas that no panel covers: its size, and how far its centre is from the centre of the canvas. */
function room() {
  const wide = roomy(), open = !$('panel').hidden;
  const right = open && wide ? 388 : 0, below = open && !wide ? $('panel').offsetHeight : 0, above = !wide && !$('scope').hidden ? 56 : 0;
  return { width: $('canvas').clientWidth - right, height: $('canvas').clientHeight - below - above,
    offset: { x: -right / 2, y: (above - below) / 2 } };
}

/** Bring a node and its neighbours into view; where they are too far apart, the node alone. */
function fitAround(ids) {
  const near = new Set(ids);
  if (ids.length === 1) for (const edge of D.nodes[ids[0]].edges) if (visible.edges.has(edge.id) && edge.relation !== 'co_occurs_with') near.add(other(edge, ids[0]).id);
  const scale = fit([...near], 0.62, 1.35);
  if (scale <= 0.62) moveTo(D.nodes[ids[0]], 0.75);
}

function moveTo(position, scale) {
  network.moveTo({ position, scale, offset: room().offset, animation: calm() ? false : { duration: 420, easingFunction: 'easeInOutQuad' } });
}
