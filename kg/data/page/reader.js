// A whole document with all its mentions marked; the sentence from which one came is marked too.

const hasTexts = $('documents').textContent.trim() !== '';

async function openReader(at, span, node) {
  const d = D.documents[at], dialog = $('reader'), body = el('div', { className: 'text', tabIndex: 0, aria: { label: d.title || text('untitled'), role: 'document' } }, el('p', { className: 'note', textContent: text('unpacking') }));
  dialog.replaceChildren(
    el('header', {}, el('div', {}, el('h2', { id: 'reader-title' }, name(d.title || text('untitled'))),
      el('p', { className: 'note' }, name([d.publisher, d.date, d.source, d.row ? text('row', { n: d.row }) : ''].filter(Boolean).join(' · ')))),
    el('button', { title: text('close'), aria: { label: text('close') }, onclick: () => dialog.close() }, icon(CLOSE))),
    el('p', { className: 'legend', aria: { hidden: 'true' } }, KINDS.map(key => el('span', {}, sign(D.types[key]), named(D.types[key])))), body);
  if (!dialog.open) dialog.showModal();
  const whole = await unpack('documents').catch(() => null), found = whole && whole[at];
  if (!found) return body.replaceChildren(el('p', { className: 'note', textContent: text(whole ? 'text_left_out' : 'cannot_unpack') }));
  body.replaceChildren(...paragraphs([...found.text], found.marks, span || [-1, -1], node));
  (body.querySelector('.cited') || body.querySelector('.own') || body).scrollIntoView({ block: body.querySelector('.cited, .own') ? 'center' : 'nearest' });
}

/** Paragraphs of buttons (mentions) and text; marks are [start, end, number of the node], in order. */
function paragraphs(characters, marks, [from, to], node) {
  const rows = [];
  let row = [], at = 0, next = 0;
  const flush = () => { if (row.length) rows.push(el('p', {}, row)); row = []; };
  const cut = (end, make) => {  // the stretch up to `end`, in pieces at line breaks and at the ends of the cited sentence
    while (at < end) {
      const stops = [end, from, to].filter(stop => stop > at);
      let stop = Math.min(...stops);
      const line = characters.indexOf('\n', at);
      if (line >= at && line < stop) stop = line;
      if (stop > at) row.push(make(characters.slice(at, stop).join(''), at >= from && at < to));
      at = stop;
      if (characters[at] === '\n' && at < end) { flush(); at++; }
    }
  };
  const plain = (words, cited) => cited ? el('span', { className: 'cited', textContent: words }) : words;
  while (next < marks.length) {
    const [start, end, id] = marks[next++], about = D.nodes[id];
    if (start < at || end > characters.length) continue;  // within another
    cut(start, plain);
    cut(end, (words, cited) => {
      const show = () => { $('reader').close(); choose({ node: id }, { focus: true }); };
      // no button, since those don't break at the end of a line
      const mention = el('span', { tabIndex: 0, aria: { role: 'button' }, className: `mention${cited ? ' cited' : ''}${id === node ? ' own' : ''}`, textContent: words, title: `${named(about.type)} · ${about.label}`,
        onclick: show, onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); show(); } } });
      mention.style.borderColor = about.type.color;
      return mention;
    });
  }
  cut(characters.length, plain);
  flush();
  return rows;
}
