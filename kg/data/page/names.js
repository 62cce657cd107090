// Names on the picture: the biggest nodes first, each only where it covers nothing; more of them as one zooms in.

const FONT = getComputedStyle(document.documentElement).fontFamily;
const fontSize = node => node.size > 26 ? 15 : node.size > 16 ? 13.5 : node.size > 10 ? 12.5 : 11.5;
const BOLD = 24;  // names; more would shout
const fontOf = node => `${node.size > 20 && node.place < BOLD ? 600 : node.size > 13 ? 500 : 400} ${fontSize(node)}px ${FONT}`;
const placement = { key: '', names: [], plan: null };
const widths = new Map(), ruler = document.createElement('canvas').getContext('2d');

function widthOf(words, font) {
  const key = font + words;
  if (!widths.has(key)) { ruler.font = font; widths.set(key, ruler.measureText(words).width); }
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

/** The nodes that may get a name, in order of size, at most `most`: of `among`, if given, and inside `area`. */
function nameable(most, among, area) {
  const found = [];
  for (const node of ranked) {
    if (!visible.nodes.has(node.id) || (among && !among.has(node.id))) continue;
    if (area && (node.x < area[0] || node.x > area[2] || node.y < area[1] || node.y > area[3])) continue;
    if (found.push(node) >= most) break;
  }
  const at = found.findIndex(node => node.id === choice.node);
  if (at > 0) found.unshift(...found.splice(at, 1));
  return found;
}

/** Where names go. A name may cover nodes that are much smaller than its own, but no other name. */
function placeNames(scale, among, area) {
  const longest = roomy() ? 14 : 9, most = $('canvas').clientWidth * $('canvas').clientHeight / (area ? 2500 : 7000);
  const plan = new Plan(48), names = [], shown = nameable(1500, among, area);
  const clear = (box, node) => plan.free(box, taken => taken === node || (taken !== null && taken.size < 0.62 * node.size));
  for (const node of shown) {
    const r = radius(node, scale) * scale;
    plan.add([node.x * scale - r, node.y * scale - r, node.x * scale + r, node.y * scale + r], node);
  }
  shown.forEach((node, place) => {
    if (!among && place > most && node.size * scale < 4.2) return;
    const whole = node.id === choice.node, words = shorten(node.label, whole ? 40 : longest), font = whole ? `650 15px ${FONT}` : fontOf(node);
    const width = widthOf(words, font) + 8, height = 18, x = node.x * scale, y = node.y * scale, r = radius(node, scale) * scale + 2;
    // below, above, to the right, to the left; then below and above, but aside
    const ways = [[-width / 2, r], [-width / 2, -r - height], [r + 1, -height / 2], [-r - width - 1, -height / 2],
      ...[r * 0.7, -r * 0.7 - height].flatMap(dy => [[0, dy], [-width, dy]])];
    const boxAt = ([dx, dy]) => [x + dx, y + dy, x + dx + width, y + dy + height];
    const way = ways.find(each => clear(boxAt(each), node)) || (whole ? ways[0] : null);
    if (!way) return;
    plan.add(boxAt(way), null);
    names.push({ node, words, font, dx: way[0] + 4, dy: way[1] + height / 2 });
  });
  return { names, plan };
}
