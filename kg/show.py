"""What the commands print: tables and traces made of records."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from kg.models import CleanDocument, Document, Line, Mention, Metadata, Offsets
from kg.settings import Settings
from kg.visible import visible

#: Columns of a line that nobody's window breaks: what is printed into a file or a pipe.
UNBROKEN = 1_000_000
#: Columns up to this width are never broken (types, dates, numbers); wider ones are left at least so much.
NARROW, LEAST = 16, 8


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell. A terminal breaks the cells of wide ones where it must, a file never does.

    >>> print(table(["fix", "n"], [["繁体", "3"]]))
    fix   n
    繁体  3
    """
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(file=io.StringIO(), force_terminal=terminal, width=None if terminal else UNBROKEN,
                      color_system="standard" if terminal else None)
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    cells = [[visible(cell.replace("\n", "⏎")) for cell in row] for row in rows]
    for name, *column in zip(head, *cells, strict=True):
        width = max(map(cell_len, (name, *column)))
        shown.add_column(Text(name), overflow="fold", no_wrap=width <= NARROW,
                         min_width=width if width <= NARROW else LEAST)
    for row in cells:
        shown.add_row(*map(Text, row))
    with console.capture() as captured:
        console.print(shown)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def edits_table(name: str, rows: Sequence[Any], warnings: Sequence[str]) -> str:
    """What the repairs did to one document: kg.clean.explain's rows and the warnings below them."""
    lines = [f"== {name}"]
    if rows:
        lines.append(table(list(rows[0]._fields), [[str(v) for v in row] for row in rows]))
    else:
        lines.append("nothing to repair")
    return "\n".join([*lines, *(f"warning: {w}" for w in warnings), ""])


def mention_records(documents: Sequence[Document], settings: Settings, model_only: bool) -> Iterator[dict[str, Any]]:
    """`kg tag`: one record a document, offsets in its raw text; POSITION included."""
    from kg.clean import clean
    from kg.pipeline import load_knowledge
    from kg.segment import segment
    from kg.tag import tag
    from kg.taggers import open_tagger

    tagger, knowledge = open_tagger(settings.model), load_knowledge(settings.rules)
    for document in documents:
        cleaned = clean(document, settings)
        sentences = segment(cleaned)
        if model_only:
            found = [Mention(m.start + s.start, m.end + s.start, m.type, m.text, m.source)
                     for s, t in zip(sentences, tagger([s.text for s in sentences]), strict=True) for m in t.mentions]
        else:
            found = [m for s in next(tag([(cleaned, sentences)], tagger, knowledge)) for m in s.mentions]
        yield {"id": document.id, "mentions": [_raw(m, cleaned) for m in sorted(found)]}


def _raw(mention: Mention, document: CleanDocument) -> dict[str, Any]:
    start, end = document.offsets.raw(mention.start, mention.end)
    record = {"start": start, "end": end, "text": mention.text, "type": mention.type, "source": mention.source}
    return record | ({"value": mention.value} if mention.value else {})


def explain_text(text: str, settings: Settings) -> str:
    """`kg explain`: words, mentions, what they were linked to, acts, rules that fired or nearly did."""
    from array import array
    from hashlib import sha256

    from kg.acts import find_acts
    from kg.pipeline import load_knowledge
    from kg.relate.derive import derive
    from kg.relate.explain import explain_sentence, render_trace
    from kg.relate.rules import load_rules
    from kg.resolve import resolve
    from kg.segment import segment
    from kg.tag import tag
    from kg.taggers import open_tagger

    raw = Document(id="sentence", text=text, source="-", sha256=sha256(text.encode()).hexdigest())
    cleaned = CleanDocument(raw, text, Offsets(array("l", range(len(text))), array("l", range(1, len(text) + 1))),
                            (Line(0, len(text), "body"),), Metadata(date=settings.date))
    knowledge, rules = load_knowledge(settings.rules), load_rules(settings.rules)
    tagged = next(tag([(cleaned, segment(cleaned))], open_tagger(settings.model), knowledge))
    resolved = resolve(cleaned, tagged, knowledge)
    parts = []
    for sentence in tagged:
        parts.append(render_trace(explain_sentence(sentence, rules)))
    links = [[m.text, m.type, m.source, m.value, resolved.links.get(m, "")] for s in tagged for m in s.mentions]
    if links:
        parts.append(table(["mention", "type", "found by", "value", "entity"], links))
    acts = [["、".join(m.text for m in a.agents), a.trigger.text, a.object.text if a.object else "", a.canonical,
             a.date.value if a.date else "", "、".join(m.text for m in a.places), "、".join(m.text for m in a.targets),
             f"{a.polarity}, {a.certainty}"] for a in find_acts(tagged, resolved.links)]
    if acts:
        parts.append(table(["agent", "trigger", "object", "canonical", "date", "place", "targets", "said as"], acts))
    if derived := [[r.head, r.relation, r.tail, r.evidence.rule] for r in derive(resolved, knowledge)]:
        parts.append(table(["head", "relation", "tail", "derived by"], derived))
    parts += [f"left open: {d.mention.text}: {d.why} {'、'.join(d.candidates)}".rstrip() for d in resolved.doubts]
    return "\n\n".join(parts)
