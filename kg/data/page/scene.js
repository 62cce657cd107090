// The picture above what the surface draws: emphasis, names, words on lines. Two pens can draw it, and the whole
// picture as well: one on a canvas (this file), one as SVG (files.js). Everything here is in pixels of the screen.

let surface = null;  // surface_vis.js or surface_sigma.js
let paint = {};
const color = key => getComputedStyle(document.documentElement).getPropertyValue(key).trim();
const dark = () => document.documentElement.dataset.theme === 'dark';
function readPaint() {
  paint = { paper: color('--paper'), card: color('--card'), line: color('--strong'), ink: color('--ink'), muted: color('--muted'), accent: color('--accent') };
}
readPaint();

/** Radius in units of the graph; zoomed far out, a node keeps a few pixels: LEAST, and so much of its size. */
const LEAST = D.nodes.length > 3000 ? 0.8 : 1.4, MORE = 0.13;
/** Least width of a line in pixels. */
const THIN = D.edges.length > 12000 ? 0.6 : 0.8;
const radius = (node, scale) => Math.max(node.size, (LEAST + node.size * MORE) / scale);
/** Lines of large graphs are many: each is fainter, and long ones, which cross all the others, are fainter still.
 *  Co-occurrence stays faint on white and on black. */
const solid = D.nodes.length < 500 ? 0.62 : 0.55, far = D.nodes.length < 500 ? Infinity : 1200;
function opacityOf(edge) {
  const a = D.nodes[edge.source], b = D.nodes[edge.target], near = 1 / (1 + (Math.hypot(a.x - b.x, a.y - b.y) / far) ** 2);
  return near * (edge.relation !== FAINT ? solid : (dark() ? 0.2 : 0.75) * (D.nodes.length < 3000 ? 1 : 0.67));
}

// --- the course of a line

/** The point towards which a line is bent, as vis-network computes it (curvedCW, curvedCCW); null if it is straight. */
function via(a, b, bend) {
  if (!bend) return null;
  const length = Math.hypot(b.x - a.x, b.y - a.y), out = (Math.abs(bend) * 0.5 + 0.5) * length;
  const angle = Math.atan2(a.y - b.y, b.x - a.x) + (bend * 0.5 + 0.5) * Math.PI;
  return { x: a.x + out * Math.sin(angle), y: a.y + out * Math.cos(angle) };
}

function pointAt({ a, b, middle }, t) {
  if (!middle) return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  const s = 1 - t;
  return { x: s * s * a.x + 2 * s * t * middle.x + t * t * b.x, y: s * s * a.y + 2 * s * t * middle.y + t * t * b.y };
}

const at1 = value => Math.round(value * 10) / 10;
/** Where a line runs on the screen, as path data, and its arrow head if the relation has a direction. */
function course(edge, scale) {
  const [head, tail] = [D.nodes[edge.source], D.nodes[edge.target]], a = surface.toScreen(head), b = surface.toScreen(tail);
  if (head === tail) {
    const r = radius(head, scale) * scale;
    return { a, b, middle: null, path: `M${at1(a.x)} ${at1(a.y)}a${at1(r * 0.8)} ${at1(r * 0.8)} 0 1 1 ${at1(r)} ${at1(-r)}`, arrow: '' };
  }
  const middle = via(a, b, edge.bend), from = middle || a, length = Math.hypot(b.x - from.x, b.y - from.y) || 1;
  const ux = (b.x - from.x) / length, uy = (b.y - from.y) / length, r = radius(tail, scale) * scale + 1.5, head_ = Math.min(9, 4.5 + edge.width);
  const tip = { x: b.x - ux * r, y: b.y - uy * r }, neck = { x: tip.x - ux * head_, y: tip.y - uy * head_ };
  const end = edge.kind.symmetric ? b : neck, wing = head_ * 0.42;
  const path = `M${at1(a.x)} ${at1(a.y)}${middle ? `Q${at1(middle.x)} ${at1(middle.y)} ` : 'L'}${at1(end.x)} ${at1(end.y)}`;
  const arrow = edge.kind.symmetric || length < r + head_ ? '' : `M${at1(tip.x)} ${at1(tip.y)}L${at1(neck.x - uy * wing)} ${at1(neck.y + ux * wing)}L${at1(neck.x + uy * wing)} ${at1(neck.y - ux * wing)}Z`;
  return { a, b, middle, path, arrow };
}

// --- the pen on a canvas

const outlines = Object.fromEntries(KINDS.map(key => [key, new Path2D(D.types[key].path)]));

/** A node at x, y with radius r, in any units; `px` is the length of a pixel in them. */
function drawNode(context, node, x, y, r, px, strong) {
  const line = Math.min(2.2, 1.6 * px) / r, outline = outlines[node.typeName];
  context.save();
  context.translate(x, y);
  context.scale(r, r);
  context.lineJoin = 'round';
  if (strong) { context.lineWidth = 2 * (3 * px / r + line); context.strokeStyle = paint.accent; context.stroke(outline); }
  context.lineWidth = 2 * line; context.strokeStyle = paint.paper; context.stroke(outline);
  context.fillStyle = node.type.hollow ? paint.paper : node.type.color; context.fill(outline);
  if (node.type.hollow) { context.lineWidth = 0.36; context.strokeStyle = node.type.color; context.stroke(outline); }
  context.restore();
}

class CanvasPen {
  constructor(context) { this.context = context; }
  veil(opacity) {
    const { context } = this;
    context.globalAlpha = opacity; context.fillStyle = paint.paper;
    context.fillRect(0, 0, $('canvas').clientWidth, $('canvas').clientHeight);
    context.globalAlpha = 1;
  }
  line({ path, arrow }, { color, opacity, width, dashed }) {
    const { context } = this;
    context.globalAlpha = opacity; context.strokeStyle = context.fillStyle = color; context.lineWidth = width;
    context.setLineDash(dashed ? [5, 4] : []);
    context.stroke(new Path2D(path));
    context.setLineDash([]);
    if (arrow) context.fill(new Path2D(arrow));
    context.globalAlpha = 1;
  }
  node(node, { x, y }, r, strong) { drawNode(this.context, node, x, y, r, 1, strong); }
  write(words, font, x, y, ink) {
    const { context } = this;
    Object.assign(context, { font, textBaseline: 'middle', textAlign: 'left', lineWidth: 3.5, lineJoin: 'round', strokeStyle: paint.paper });
    context.strokeText(words, x, y);
    context.fillStyle = ink;
    context.fillText(words, x, y);
  }
}

// --- emphasis: everything else steps back behind a veil, then the chosen ones are drawn once more

function chosen() {
  if (choice.path) return choice.path;
  const edges = choice.edge !== null ? [D.edges[choice.edge]] : choice.node !== null ? D.nodes[choice.node].edges.filter(edge => visible.edges.has(edge.id)) : null;
  if (!edges) return null;
  const nodes = new Set(edges.flatMap(edge => [edge.source, edge.target]));
  return { edges, nodes: choice.node !== null ? nodes.add(choice.node) : nodes };
}

/** How a line is drawn; `among` counts the emphasized ones (0: none is): among many, each is thinner. */
function lineOf(edge, scale, among) {
  const many = among > 80, width = edge.width * Math.min(many ? 0.6 : 1.6, scale) * (among ? 1.25 : 1);
  return { color: edge.kind.color, dashed: edge.derived, width: Math.max(many ? 0.8 : among ? 1.3 : THIN, width),
    opacity: among && edge.relation !== FAINT ? (many ? 0.5 : 0.95) : opacityOf(edge) };
}

/** Draw with a pen: the emphasis and all names, and with `all` everything below them too. */
function drawScene(pen, all) {
  const scale = surface.scale(), emphasis = chosen(), strong = id => emphasis && (id === choice.node || (choice.path && emphasis.ends.includes(id)));
  const put = (node, bold) => pen.node(node, surface.toScreen(node), radius(node, scale) * scale, bold);
  if (all) {
    for (const id of visible.edges) if (inView(D.edges[id])) pen.line(course(D.edges[id], scale), lineOf(D.edges[id], scale, 0));
    for (const node of ranked.slice().reverse()) if (visible.nodes.has(node.id) && nodeInView(node)) put(node, false);
  }
  if (emphasis) {
    pen.veil(filter.focus ? 0.5 : 0.8);
    for (const edge of emphasis.edges) if (visible.edges.has(edge.id) || edge.id === choice.edge) pen.line(course(edge, scale), lineOf(edge, scale, emphasis.edges.length));
    for (const id of emphasis.nodes) if (visible.nodes.has(id)) put(D.nodes[id], strong(id));
  }
  const hover = !all && choice.hover !== choice.node && visible.nodes.has(choice.hover) ? D.nodes[choice.hover] : null;
  if (hover) drawHover(pen, hover, scale, put);
  drawNames(pen, scale, emphasis && emphasis.nodes);
  drawSayings(pen, scale, emphasis);
  if (!all && visible.edges.has(choice.hoverEdge)) drawSaying(pen, D.edges[choice.hoverEdge], scale);
  if (hover) drawCard(overContext, hover, scale);
}

/** What lies around the node under the pointer, without a veil: it comes and goes too quickly for one. */
function drawHover(pen, node, scale, put) {
  const edges = node.edges.filter(edge => visible.edges.has(edge.id)), ends = new Set([node, ...edges.map(edge => other(edge, node.id))]);
  for (const edge of edges) pen.line(course(edge, scale), lineOf(edge, scale, edges.length));
  for (const end of [...ends].reverse()) put(end, end === node);
}

/** Words on lines: on those of the choice; on demand on all that are long enough, but for co-occurrence. */
function drawSayings(pen, scale, emphasis) {
  const few = emphasis && emphasis.edges.length <= 60 ? emphasis.edges : [];
  if (!few.length && !filter.labels) return;
  const plan = placement.plan.copy();
  for (const edge of few) if (choice.node === null || edge.relation !== FAINT) drawSaying(pen, edge, scale, plan);
  if (!filter.labels || emphasis) return;
  for (const id of visible.edges) {
    const edge = D.edges[id];
    if (edge.relation !== FAINT && inView(edge)) drawSaying(pen, edge, scale, plan, true);
  }
}

const nodeInView = node => { const { x, y } = surface.toScreen(node); return x > -40 && y > -40 && x < $('canvas').clientWidth + 40 && y < $('canvas').clientHeight + 40; };
function inView(edge) {
  const a = surface.toScreen(D.nodes[edge.source]), b = surface.toScreen(D.nodes[edge.target]);
  return Math.max(a.x, b.x) > 0 && Math.max(a.y, b.y) > 0 && Math.min(a.x, b.x) < $('canvas').clientWidth && Math.min(a.y, b.y) < $('canvas').clientHeight;
}

/** Names stay where they are while one moves about; only another scale, choice or (in large graphs) region moves them. */
function drawNames(pen, scale, among) {
  const { area, region } = surface.large ? regionOf(scale) : { area: null, region: '' };
  const key = [scale.toFixed(4), visible.nodes.size, visible.edges.size, choice.node, choice.edge, !!choice.path, filter.size, region].join();
  if (placement.key !== key) Object.assign(placement, placeNames(scale, among, area), { key });
  for (const { node, words, font, dx, dy } of placement.names) {
    if (node.id === choice.hover && node.id !== choice.node) continue;
    const at = surface.toScreen(node);
    pen.write(words, font, at.x + dx, at.y + dy, paint.ink);
  }
}

/** The part of the graph around the view in which names are placed, in steps of half a view. */
function regionOf(scale) {
  const width = $('canvas').clientWidth / scale, height = $('canvas').clientHeight / scale, middle = surface.toGraph({ x: $('canvas').clientWidth / 2, y: $('canvas').clientHeight / 2 });
  const x = Math.round(middle.x / width * 2), y = Math.round(middle.y / height * 2);
  return { region: `${x}/${y}`, area: [(x / 2 - 0.9) * width, (y / 2 - 0.9) * height, (x / 2 + 0.9) * width, (y / 2 + 0.9) * height] };
}

/** A small card below the node under the pointer: its whole name, its type, how much there is of it. */
function drawCard(context, node, scale) {
  const rows = [[shorten(node.label, 40), `600 14px ${FONT}`, paint.ink],
    [[named(node.type), text('card', { relations: number(node.degree), mentions: number(node.count) })].join(' · '), `400 12px ${FONT}`, paint.muted]];
  const at = surface.toScreen(node), gap = radius(node, scale) * scale + 7, width = Math.max(...rows.map(([words, font]) => widthOf(words, font))) + 20, height = 48;
  const x = Math.max(6, Math.min(at.x - width / 2, $('canvas').clientWidth - width - 6));
  const y = at.y + gap + height < $('canvas').clientHeight ? at.y + gap : at.y - gap - height;
  Object.assign(context, { fillStyle: paint.card, strokeStyle: paint.line, lineWidth: 1, textBaseline: 'middle', textAlign: 'left' });
  context.beginPath();
  context.roundRect(x, y, width, height, 8);
  context.fill();
  context.stroke();
  rows.forEach(([words, font, ink], row) => { Object.assign(context, { font, fillStyle: ink }); context.fillText(words, x + 10, y + 15 + 19 * row); });
}

/** Write what an edge says on its line, where that covers no name; if `onlyLong`, on a line longer than the words. */
function drawSaying(pen, edge, scale, plan, onlyLong = false) {
  if (edge.source === edge.target) return;
  const font = `500 11.5px ${FONT}`, words = shorten(saying(edge), 16), width = widthOf(words, font), line = course(edge, scale);
  if (onlyLong && Math.hypot(line.a.x - line.b.x, line.a.y - line.b.y) < width + 26) return;
  const origin = surface.toScreen({ x: 0, y: 0 });
  for (const share of [0.5, 0.38, 0.62, 0.27, 0.73]) {
    const at = pointAt(line, share), x = at.x - origin.x, y = at.y - origin.y, box = [x - width / 2 - 3, y - 8, x + width / 2 + 3, y + 8];
    if (plan && !plan.free(box)) continue;
    if (plan) plan.add(box, null);
    pen.write(words, font, at.x - width / 2, at.y, paint.muted);
    return;
  }
}

// --- the canvas above the surface

const over = el('canvas', { id: 'over' }), overContext = over.getContext('2d');
function drawOver() {
  const ratio = window.devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = $('canvas');
  if (over.width !== Math.round(width * ratio) || over.height !== Math.round(height * ratio)) { over.width = Math.round(width * ratio); over.height = Math.round(height * ratio); }
  overContext.setTransform(ratio, 0, 0, ratio, 0, 0);
  overContext.clearRect(0, 0, width, height);
  drawScene(new CanvasPen(overContext), false);
}
