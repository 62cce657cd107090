// To take along: the view as PNG or SVG, what is shown as CSV.

function save(blob, suffix) {
  const link = el('a', { href: URL.createObjectURL(blob), download: `${fileName()}${suffix}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}
/** The title, without what a file name can't hold. */
const fileName = () => D.title.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\\/:*?"<>|.\s]+/g, ' ').trim().slice(0, 60) || 'graph';

/** The view at twice its size, drawn anew, so that it is sharp on paper. */
function savePng() {
  const { clientWidth: width, clientHeight: height } = $('canvas'), canvas = el('canvas', { width: 2 * width, height: 2 * height }), context = canvas.getContext('2d');
  context.scale(2, 2);
  context.fillStyle = paint.paper;
  context.fillRect(0, 0, width, height);
  drawScene(new CanvasPen(context), true);
  canvas.toBlob(blob => save(blob, '.png'));
}

// --- SVG: the same picture by another pen

class SvgPen {
  constructor(root, width, height) { Object.assign(this, { root, width, height }); }
  add(tag, attributes, words) {
    const shape = vector(tag, attributes);
    if (words !== undefined) shape.textContent = words;
    this.root.append(shape);
  }
  veil(opacity) { this.add('rect', { width: this.width, height: this.height, fill: paint.paper, opacity }); }
  line({ path, arrow }, { color, opacity, width, dashed }) {
    const stroke = { stroke: color, 'stroke-opacity': opacity, 'stroke-width': at1(width), fill: 'none' };
    this.add('path', { d: path, ...stroke, ...(dashed ? { 'stroke-dasharray': '5 4' } : {}) });
    if (arrow) this.add('path', { d: arrow, fill: color, 'fill-opacity': opacity });
  }
  node(node, { x, y }, r, strong) {
    const place = { d: node.type.path, transform: `translate(${at1(x)} ${at1(y)}) scale(${at1(r)})` }, border = 3.2 / r;
    if (strong) this.add('path', { ...place, fill: 'none', stroke: paint.accent, 'stroke-width': border + 6 / r });
    this.add('path', { ...place, fill: node.type.hollow ? paint.paper : node.type.color, stroke: paint.paper, 'stroke-width': border, 'paint-order': 'stroke' });
    if (node.type.hollow) this.add('path', { ...place, fill: 'none', stroke: node.type.color, 'stroke-width': 0.36 });
  }
  write(words, font, x, y, ink) {
    const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(font);
    this.add('text', { x: at1(x), y: at1(y), 'font-size': size, 'font-weight': weight, fill: ink, stroke: paint.paper, 'stroke-width': 3.5,
      'paint-order': 'stroke', 'stroke-linejoin': 'round', 'dominant-baseline': 'central' }, clean(words));
  }
}
/** Without the control characters that XML can't hold. */
const clean = words => words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

function saveSvg() {
  const { clientWidth: width, clientHeight: height } = $('canvas');
  const root = vector('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FONT });
  const title = vector('title', {});
  title.textContent = clean(D.title);
  root.append(title, vector('rect', { width, height, fill: paint.paper }));
  drawScene(new SvgPen(root, width, height), true);
  save(new Blob([new XMLSerializer().serializeToString(root)], { type: 'image/svg+xml' }), '.svg');
}

// --- CSV

/** A cell: in quotation marks, and no program takes it for a formula. */
function cell(value) {
  if (typeof value === 'number') return String(value);
  const words = String(value ?? '');
  return `"${(/^[\s]*[=+\-@＝＋－＠\t\r]/.test(words) ? "'" + words : words).replaceAll('"', '""')}"`;
}
function saveCsv(rows, suffix) {
  save(new Blob(['\ufeff', rows.map(row => row.map(cell).join(',') + '\r\n').join('')], { type: 'text/csv' }), suffix);
}

function saveNodes() {
  const head = ['name', 'type', 'aliases', 'mentions', 'documents', 'from', 'to', 'degree', 'rank'].map(key => text('csv_' + key));
  const rows = D.nodes.filter(node => visible.nodes.has(node.id)).map(node => [node.label, named(node.type), node.aliases.join(' | '), node.count,
    node.documents.length, node.first, node.last, node.degree, node.rank]);
  saveCsv([head, ...rows], ` - ${text('csv_nodes')}.csv`);
}

async function saveEdges() {
  await detailsReady;
  const head = ['head', 'relation', 'tail', 'title', 'status', 'date', 'weight', 'confidence', 'derived', 'rule', 'sentence', 'source'].map(key => text('csv_' + key));
  const rows = D.edges.filter(edge => visible.edges.has(edge.id)).map(edge => {
    const [rule, proofs] = details ? details.edges[edge.id] : ['', []], sentence = proofs.length ? details.sentences[proofs[0][0]] : null, source = sentence && D.documents[sentence[0]];
    return [D.nodes[edge.source].label, named(edge.kind), D.nodes[edge.target].label, edge.title || edge.measure || edge.kinship, edge.status, edge.date,
      edge.weight, edge.confidence, edge.derived ? 1 : 0, rule, sentence ? sentence[3] : '', source ? source.title || source.source : ''];
  });
  saveCsv([head, ...rows], ` - ${text('csv_edges')}.csv`);
}
