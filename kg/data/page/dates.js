// The range of dates: one slider with two ends below a histogram, step by step or as a play through time.

const days = [...new Set([...D.nodes.flatMap(node => [node.first, node.last]), ...D.edges.flatMap(edge => [edge.first, edge.last])])].filter(Boolean).sort();
const LAST = Math.max(0, days.length - 1), BARS = 44, STEP = 650;
const dayOf = new Map(days.map((day, at) => [day, at]));
let playing = null;

function startDates() {
  $('date-section').hidden = days.length < 2;
  const undated = D.edges.filter(edge => !edge.first).length;
  $('undated-count').textContent = number(undated);
  $('undated').closest('.choice').hidden = !undated;
  for (const id of ['date-from', 'date-to']) Object.assign($(id), { min: 0, max: LAST, value: id === 'date-to' ? LAST : 0 });
  drawHistogram();
}

/** Bars: how many nodes and edges begin on each part of the range. */
function drawHistogram() {
  const bins = Math.min(days.length, BARS), heights = new Array(bins).fill(0), bin = day => Math.floor(dayOf.get(day) * bins / days.length);
  for (const node of D.nodes) if (node.first) heights[bin(node.first)]++;
  for (const edge of D.edges) if (edge.first) heights[bin(edge.first)]++;
  const top = Math.max(1, ...heights);
  $('histogram').replaceChildren(...heights.map(height => { const bar = el('i'); bar.style.height = `${100 * Math.sqrt(height / top)}%`; return bar; }));
}

function setDates(from, to) {
  filter.from = from > 0 ? days[from] : '';
  filter.to = to < LAST ? days[to] : '\uffff';
  datesShown();
  changed();
}

/** The place of a day on the slider; a day that is none of ours counts as the next one. */
const placeOf = (day, none) => { const at = days.findIndex(each => each >= day); return day === START.from || day === START.to || at < 0 ? none : at; };
function datesShown() {
  $('date-from').value = placeOf(filter.from, 0);
  $('date-to').value = placeOf(filter.to, LAST);
}

function tellDates() {
  if (!days.length) return;
  const from = +$('date-from').value, to = +$('date-to').value, bars = [...$('histogram').children];
  $('date-value').textContent = `${days[from]} – ${days[to]}`;
  $('date-from').setAttribute('aria-valuetext', days[from]);
  $('date-to').setAttribute('aria-valuetext', days[to]);
  $('range').style.setProperty('--from', `${100 * from / (LAST || 1)}%`);
  $('range').style.setProperty('--to', `${100 * to / (LAST || 1)}%`);
  bars.forEach((bar, i) => {
    const first = Math.ceil(i * days.length / bars.length), last = Math.ceil((i + 1) * days.length / bars.length) - 1;
    bar.className = last >= from && first <= to ? 'in' : '';
  });
  for (const button of $('play-bar').querySelectorAll('[data-step]')) button.disabled = +button.dataset.step < 0 ? to <= from : to >= LAST;
}

function step(by) {
  const from = +$('date-from').value;
  setDates(from, Math.max(from, Math.min(LAST, +$('date-to').value + by)));
}

/** Let the end of the range run to the last day; from the first one if it is there already. */
function play() {
  if (playing) return stop();
  if (+$('date-to').value >= LAST) setDates(+$('date-from').value, +$('date-from').value);
  playing = setInterval(() => { if (+$('date-to').value >= LAST) stop(); else step(1); }, STEP);
  tellPlay();
}
function stop() { clearInterval(playing); playing = null; tellPlay(); }

const PLAY = 'M8 5.5v13l10.5-6.5Z', PAUSE = 'M9 5.5v13M15 5.5v13';
function tellPlay() {
  const words = text(playing ? 'pause' : 'play');
  $('play').replaceChildren(icon(playing ? PAUSE : PLAY), words);
  $('play').hidden = calm();
  $('play').setAttribute('aria-pressed', String(!!playing));
}

$('date-from').oninput = () => { stop(); setDates(Math.min(+$('date-from').value, +$('date-to').value), +$('date-to').value); };
$('date-to').oninput = () => { stop(); setDates(+$('date-from').value, Math.max(+$('date-from').value, +$('date-to').value)); };
$('play').onclick = play;
for (const button of $('play-bar').querySelectorAll('[data-step]')) button.onclick = () => { stop(); step(+button.dataset.step); };
