// The page comes alive: buttons, keys, theme, language.

function say(words) {
  $('said').textContent = words;
  $('said').hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { $('said').hidden = true; }, 4000);
}

// --- the surface tells what the pointer does

function picked(what) {
  recording = true;
  closeHits();
  if (what) choose(what, { move: false }); else if (route.start === null) clear();
}
function opened() { if (choice.node !== null) setFocus(filter.focus ? 0 : 1); }
function hovered(key, id) {
  choice[key] = id;
  $('canvas').style.cursor = id === null ? '' : 'pointer';
  drawOver();
}

// --- keys

/** The node that lies next to a point of the graph in a direction ([0, 0]: any), among `ids`: rather straight ahead than
 *  near, and no further aside than `straight`, the cosine of the angle, allows. */
function nextNode(from, [dx, dy], ids, straight) {
  let best = null, least = Infinity;
  for (const id of ids) {
    const x = D.nodes[id].x - from.x, y = D.nodes[id].y - from.y, far = Math.hypot(x, y), ahead = dx || dy ? x * dx + y * dy : far;
    if (!far && (dx || dy) || ahead < straight * far) continue;
    const cost = far + 2 * (far - ahead);
    if (cost < least) { least = cost; best = id; }
  }
  return best;
}
/** Choose by keys: the node in the middle, or from the chosen one the neighbour that way, or else whatever lies there.
 *  A neighbour lies in one of the four directions, so that one key doesn't undo what another did. */
function chooseNext(way) {
  const at = D.nodes[choice.node], near = at ? at.edges.filter(edge => visible.edges.has(edge.id)).map(edge => other(edge, at.id).id).filter(id => id !== at.id) : [];
  const id = at ? nextNode(at, way, near, 0.7) ?? nextNode(at, way, visible.nodes, 0.35) : nextNode(surface.centre(), [0, 0], visible.nodes, 0);
  if (id === null) return;
  choose({ node: id }, { move: false });
  moveTo(D.nodes[id], surface.scale());
  say(`${named(D.nodes[id].type)} ${D.nodes[id].label}`);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
$('canvas').addEventListener('keydown', event => {
  const scale = surface.scale(), centre = surface.centre(), arrow = ARROWS[event.key], zoom = { '+': 1.25, '=': 1.25, '-': 0.8, _: 0.8 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || !(arrow || zoom || event.key === '0' || event.key === 'Enter')) return;
  event.preventDefault();
  if (arrow && event.shiftKey || event.key === 'Enter' && choice.node === null) return chooseNext(arrow || [0, 0]);
  if (event.key === 'Enter') return opened();
  if (arrow) surface.moveTo({ x: centre.x + 80 * arrow[0] / scale, y: centre.y + 80 * arrow[1] / scale }, scale, undefined, true);
  else if (zoom) surface.moveTo(centre, scale * zoom, undefined, true);
  else fit();
  record();
});
document.addEventListener('keydown', event => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || $('reader').open || $('help').open) return;
  if (event.key === '/' && !['text', 'search'].includes(document.activeElement.type)) { event.preventDefault(); drawer(true); search.focus(); search.select(); }
  else if (event.key === '?' && !['text', 'search'].includes(document.activeElement.type)) showHelp();
  else if (event.key === 'Escape') {
    if (!$('menu').hidden) { menu(false); $('export').focus(); } else if ($('filters').classList.contains('open')) drawer(false);
    else if (route.start !== null) cancelRoute(); else clear();
  }
});

/** The keys and what they do. */
function showHelp() {
  const rows = D.texts.keys[language].map(([key, words]) => [el('dt', {}, key.split(' ').map(each => el('kbd', { textContent: each }))), el('dd', { textContent: words })]);
  $('help').replaceChildren(el('header', {}, el('h2', { id: 'help-title', textContent: text('help') }), tool('close', CLOSE, () => $('help').close())), el('dl', {}, rows.flat()));
  $('help').showModal();
}

// --- buttons

function drawer(open_) {
  $('filters').classList.toggle('open', open_);
  $('open-filters').setAttribute('aria-expanded', String(open_));
}
$('open-filters').onclick = () => drawer(!$('filters').classList.contains('open'));
document.querySelector('main').addEventListener('pointerdown', () => { drawer(false); menu(false); });

function menu(open_) {
  $('menu').hidden = !open_;
  $('export').setAttribute('aria-expanded', String(open_));
}
$('export').onclick = () => { menu($('menu').hidden); if (!$('menu').hidden) $('menu').querySelector('button').focus(); };
const SAVERS = { png: savePng, svg: saveSvg, 'csv-nodes': saveNodes, 'csv-edges': saveEdges, link: copyLink };
for (const [id, saver] of Object.entries(SAVERS)) $(id).onclick = () => { menu(false); saver(); };
document.addEventListener('focusin', event => { if (!event.target.closest('.menu')) menu(false); });

for (const button of $('scope').children) button.onclick = () => setFocus(+button.dataset.hops);
$('help-button').onclick = showHelp;
$('fit').onclick = () => { fit(); record(); };
$('rest').onclick = () => say(text('rest_how'));
$('draw-all').onclick = () => { say(text('drawing')); setTimeout(drawAll, 60); };  // once that is to be read

// --- theme and language

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $('theme').setAttribute('aria-pressed', String(theme === 'dark'));
  $('theme').querySelector('span').dataset.text = theme === 'dark' ? 'light' : 'dark';
  readPaint();
  translate();
  if (surface) { surface.recolor(); refresh(); }
}
$('theme').onclick = () => setTheme(dark() ? 'light' : 'dark');

function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const host of document.querySelectorAll('[data-text]')) host.textContent = text(host.dataset.text);
  for (const host of document.querySelectorAll('[data-placeholder]')) host.placeholder = text(host.dataset.placeholder);
  for (const host of document.querySelectorAll('[data-label]')) host.setAttribute('aria-label', text(host.dataset.label));
  for (const button of document.querySelectorAll('nav > button, nav > .menu > button')) {
    const words = button.querySelector('span').textContent;
    button.title = words; button.setAttribute('aria-label', words);
  }
  tellPlay();
}
$('language').onclick = () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate(); legends(); tell(); reshow(); drawOver();
};

// --- start

setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
startDates();
if (!new URLSearchParams(location.hash.slice(1)).has('v')) firstView();
startSurface();
legends(); sliders(); tell();
if (!restore()) fit();
for (const event of ['pointerdown', 'keydown', 'wheel']) document.addEventListener(event, () => { recording = true; }, { capture: true, passive: true });
for (const event of ['pointerup', 'wheel']) $('canvas').addEventListener(event, record, { passive: true });
matchMedia('(prefers-reduced-motion: reduce)').addEventListener('change', () => { if (calm()) stop(); tellPlay(); });
