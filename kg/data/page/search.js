// Search over names and aliases: width and case folded, by characters or by pinyin, whole or its first letters.

const search = $('search'), HITS = 40;
const searchable = D.nodes.map(node => ({ node, name: fold(node.label), aliases: node.aliases.map(alias => [fold(alias), alias]) }));
let marked = -1;

/** Readings of a character; one that has none (a letter, a digit) is read as itself. */
const READ = new Map(Object.entries(D.pinyin).map(([character, readings]) => [character, readings.split(' ')]));
const readingsOf = character => READ.get(character) || [character];

/** The place up to which the characters from `at` on can be read as `wanted`, each by a beginning of its reading; or -1. */
function reads(characters, at, wanted) {
  if (!wanted) return at;
  if (at >= characters.length) return -1;
  if (' ·-（）()《》“”、'.includes(characters[at])) return reads(characters, at + 1, wanted);
  let farthest = -1;
  for (const reading of readingsOf(characters[at]))
    for (let length = Math.min(reading.length, wanted.length); length > 0; length--)
      if (reading.startsWith(wanted.slice(0, length))) farthest = Math.max(farthest, reads(characters, at + 1, wanted.slice(length)));
  return farthest;
}
/** 0 if the name is read so, 1 if it begins so, 2 if it goes on so, -1 if none of these. */
function readsAs(label, wanted) {
  const characters = [...label];
  for (let at = 0; at < characters.length; at++) {
    if (readingsOf(characters[at]).some(reading => reading[0] === wanted[0])) {
      const end = reads(characters, at, wanted);
      if (end >= 0) return at ? 2 : end === characters.length ? 0 : 1;
    }
  }
  return -1;
}

function matches(wanted) {
  const found = [], letters = /^[a-zü' ]+$/.test(wanted) ? wanted.replace(/[' ]/g, '').replaceAll('ü', 'v') : '';
  if (wanted) for (const { node, name: label, aliases } of searchable) {
    const alias = aliases.find(([folded]) => folded.includes(wanted));
    if (label.includes(wanted)) { found.push({ node, order: label === wanted ? 0 : label.startsWith(wanted) ? 1 : 2 }); continue; }
    if (alias) { found.push({ node, alias: alias[1], order: 3 }); continue; }
    if (!letters) continue;
    const sounds = readsAs(label, letters), sounding = sounds < 0 && aliases.find(([folded]) => readsAs(folded, letters) >= 0);
    if (sounds >= 0) found.push({ node, order: 4 + sounds });
    else if (sounding) found.push({ node, alias: sounding[1], order: 7 });
  }
  return found.sort((a, b) => a.order - b.order || b.node.rank - a.node.rank || a.node.id - b.node.id);
}

function find() {
  const wanted = fold(search.value.trim()), found = matches(wanted);
  const rows = found.slice(0, HITS).map(({ node, alias }, i) => el('li', {
    id: `hit-${i}`, aria: { role: 'option', selected: 'false' }, data: { node: node.id }, onclick: () => pick(node.id),
  }, sign(node.type), el('span', {}, name(node.label), alias ? el('small', {}, name(alias)) : null)));
  $('hits').replaceChildren(...rows);
  $('hits').hidden = !rows.length;
  $('hits-note').textContent = wanted && !rows.length ? text('no_hits') : found.length > HITS ? text('more_hits', { n: number(found.length - HITS) }) : '';
  $('hits-note').hidden = !$('hits-note').textContent;
  $('hits-box').hidden = !wanted;
  search.setAttribute('aria-expanded', String(!!rows.length));
  mark(found.length ? 0 : -1);
}

function mark(at) {
  const options = [...$('hits').children];
  marked = options.length ? (at + options.length) % options.length : -1;
  options.forEach((option, i) => option.setAttribute('aria-selected', String(i === marked)));
  if (marked >= 0) { search.setAttribute('aria-activedescendant', options[marked].id); options[marked].scrollIntoView({ block: 'nearest' }); }
  else search.removeAttribute('aria-activedescendant');
}

function closeHits() { $('hits-box').hidden = true; search.setAttribute('aria-expanded', 'false'); }

function pick(id) {
  closeHits();
  drawer(false);
  if (!visible.nodes.has(id) && alive(D.nodes[id])) { filter.isolated = true; sliders(); changed(); }
  else if (!visible.nodes.has(id) && D.nodes[id].drawn !== false) reset();
  choose({ node: id }, { focus: true });
}

search.addEventListener('input', event => { if (!event.isComposing) find(); });
search.addEventListener('compositionend', find);
search.addEventListener('focus', () => { if (search.value.trim()) find(); });
search.addEventListener('keydown', event => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark(marked + (event.key === 'ArrowDown' ? 1 : -1)); }
  else if (event.key === 'Enter') {
    const option = $('hits').querySelector('[aria-selected="true"]');
    if (option && !$('hits-box').hidden) pick(+option.dataset.node);
  } else if (event.key === 'Escape') {
    event.stopPropagation();
    if (search.value) { search.value = ''; closeHits(); } else { cancelRoute(); search.blur(); }
  }
});
document.addEventListener('pointerdown', event => { if (!event.target.closest('.search')) closeHits(); });
