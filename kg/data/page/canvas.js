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

let network = null;
const points = new vis.DataSet(D.vis.nodes.map(({ label, ...point }) => {
  const node = D.nodes[point.id];
  Object.assign(node, { label, x: point.x, y: point.y, size: point.size });
  const ctxRenderer = ({ ctx, x, y }) => ({
    drawNode: () => { node.x = x; node.y = y; drawNode(ctx, node, x, y, node.id === choice.node); },
    nodeDimensions: { width: 2 * node.size, height: 2 * node.size },
  });
  return { ...point, ctxRenderer };
}));
const lines = new vis.DataSet(D.vis.edges);
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
const placement = { key: '', names: [] };
const widths = new Map();

function widthOf(context, words, font) {
  const key = font + words;
  if (!widths.has(key)) { context.font = font; widths.set(key, context.measureText(words).width); }
  return widths.get(key);
}

/** A set of rectangles that can tell whether another would overlap one of them. */
class Plan {
  constructor(cell) { this.cell = cell; this.cells = new Map(); }
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
  free(box, owner) {
    for (const key of this.around(box))
      for (const [taken, by] of this.cells.get(key) || [])
        if (by !== owner && box[0] < taken[2] && taken[0] < box[2] && box[1] < taken[3] && taken[1] < box[3]) return false;
    return true;
  }
}

function placeNames(context, scale) {
  const plan = new Plan(48), names = [], shown = ranked.filter(node => visible.nodes.has(node.id));
  for (const node of shown) {
    const r = radius(node, scale) * scale;
    plan.add([node.x * scale - r, node.y * scale - r, node.x * scale + r, node.y * scale + r], node.id);
  }
  for (const node of shown) {
    const words = shorten(node.label, 14), font = fontOf(node), width = widthOf(context, words, font) + 8, height = 17;
    const x = node.x * scale, y = node.y * scale, r = radius(node, scale) * scale + 2;
    for (const [dx, dy] of [[-width / 2, r], [-width / 2, -r - height], [r + 1, -height / 2], [-r - width - 1, -height / 2]]) {
      const box = [x + dx, y + dy, x + dx + width, y + dy + height];
      if (!plan.free(box, node.id)) continue;
      plan.add(box, node.id);
      names.push({ node, words, font, dx: dx + 4, dy: dy + height / 2 });
      break;
    }
  }
  return names;
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

function drawNames(context, only) {
  const scale = network.getScale(), key = scale.toFixed(4) + visible.nodes.size;
  if (placement.key !== key) { placement.names = placeNames(context, scale); placement.key = key; }
  const done = new Set();
  for (const { node, words, font, dx, dy } of placement.names) {
    if (only && !only.has(node.id)) continue;
    if (node.id === choice.node || node.id === choice.hover) continue;
    const at = network.canvasToDOM({ x: node.x, y: node.y });
    write(context, words, font, at.x + dx, at.y + dy, paint.ink);
    done.add(node.id);
  }
  return done;
}

function drawFullName(context, node) {
  const at = network.canvasToDOM({ x: node.x, y: node.y }), font = `600 14px ${FONT}`, words = shorten(node.label, 40);
  const width = widthOf(context, words, font);
  const x = Math.max(8, Math.min(at.x - width / 2, $('canvas').clientWidth - width - 8));
  write(context, words, font, x, at.y + radius(node, network.getScale()) * network.getScale() + 15, paint.ink);
}

/** What an edge says in a word or two: the title of a post, else the relation. */
const saying = edge => [edge.status, edge.title || edge.measure || edge.kinship || named(edge.kind)].filter(Boolean).join(' ');

function drawSaying(context, edge) {
  const line = network.body.edges[edge.id];
  if (!line || edge.source === edge.target) return;
  const at = network.canvasToDOM(line.edgeType.getPoint(0.5)), font = `500 11.5px ${FONT}`, words = shorten(saying(edge), 16);
  write(context, words, font, at.x - widthOf(context, words, font) / 2, at.y, paint.muted);
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
    context.globalAlpha = 0.8; context.fillStyle = paint.paper;
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
    if (emphasis && emphasis.edges.length <= 40) for (const edge of emphasis.edges) drawSaying(context, edge);
    const done = drawNames(context, emphasis && emphasis.nodes);
    if (emphasis && emphasis.nodes.size <= 30)
      for (const id of emphasis.nodes) if (!done.has(id) && id !== choice.node && visible.nodes.has(id)) {
        const node = D.nodes[id], at = network.canvasToDOM(node), words = shorten(node.label, 14), font = fontOf(node);
        write(context, words, font, at.x - widthOf(context, words, font) / 2, at.y + radius(node, network.getScale()) * network.getScale() + 11, paint.ink);
      }
    if (choice.hoverEdge !== null && visible.edges.has(choice.hoverEdge)) drawSaying(context, D.edges[choice.hoverEdge]);
    for (const id of new Set([choice.node, choice.hover])) if (id !== null && visible.nodes.has(id)) drawFullName(context, D.nodes[id]);
  });
});

// --- moving about

/** Show all that is visible, or `ids`, in the part of the canvas that no panel covers. */
function fit(ids = [...visible.nodes]) {
  if (!ids.length) return;
  const width = $('canvas').clientWidth, height = $('canvas').clientHeight, wide = innerWidth > 760;
  const right = !$('panel').hidden && wide ? 388 : 0, bottom = !$('panel').hidden && !wide ? $('panel').offsetHeight : 0;
  const xs = ids.map(id => D.nodes[id].x), ys = ids.map(id => D.nodes[id].y), margin = width < 500 ? 26 : 56;
  const [left, far, top, low] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - right - 2 * margin) / Math.max(far - left, 60), (height - bottom - 2 * margin) / Math.max(low - top, 60), 1.6);
  moveTo({ x: (left + far) / 2, y: (top + low) / 2 }, Math.max(scale, 0.02));
}

function moveTo(position, scale, animate = true) {
  const wide = innerWidth > 760, open = !$('panel').hidden;
  const offset = { x: open && wide ? -194 : 0, y: open && !wide ? -$('panel').offsetHeight / 2 : 0 };
  const animation = animate && !calm() ? { duration: 420, easingFunction: 'easeInOutQuad' } : false;
  network.moveTo({ position, scale, offset, animation });
}
