"""Documents written down with their mentions, for the tests of what resolves them and of what follows from names.

`[市公安局|relative]` is a mention; behind the bar stands what found it, and behind a second bar its value:
`[城关|shared_head|城关派出所]`. A small letter is a word with its part of speech: `[成立|v]`. A paragraph behind `~` is
a signature.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from kg.models import (
    CleanDocument,
    Document,
    Mention,
    MentionType,
    Metadata,
    Offsets,
    Role,
    Sentence,
    TaggedSentence,
    Token,
)

_MARK = re.compile(r"\[([^\[\]|]+)\|([A-Za-z_]+)(?:\|([^\[\]|]+))?\]")
_KINDS: dict[str, tuple[MentionType, str]] = {
    "person": ("PERSON", "model"), "place": ("LOCATION", "model"), "sign": ("LOCATION", "gazetteer.sign"),
    "date": ("DATE", "grammar.date"),
    "document": ("DOCUMENT", "grammar.document"), "title": ("POSITION", "lexicon.title"),
    "model": ("ORGANIZATION", "model"), **{name: ("ORGANIZATION", f"grammar.{name}") for name in (
        "organization", "relative", "unit", "shared_head", "reference", "outlet", "police", "dateline", "publisher",
        "same_place")}}


def marked(paragraphs: Sequence[str], *, document: str = "d", title: str = "", publisher: str = ""
           ) -> tuple[CleanDocument, tuple[TaggedSentence, ...]]:
    """A document of paragraphs, with the sentences that their 。 end."""
    sentences: list[TaggedSentence] = []
    text = ""
    for line, paragraph in enumerate(paragraphs):
        for part in re.findall("[^。]+。?", paragraph.removeprefix("~")):
            sentences.append(_sentence(part, document, len(sentences), len(text), line,
                                       "byline" if paragraph.startswith("~") else "body"))
            text += sentences[-1].sentence.text
        text += "\n"
    raw = Document(id=document, text=text, source=f"{document}.txt", sha256="0" * 64)
    offsets = Offsets(array("l", range(len(text))), array("l", range(1, len(text) + 1)))
    return CleanDocument(raw, text, offsets, (), Metadata(title=title, publisher=publisher)), tuple(sentences)


def _sentence(text: str, document: str, index: int, start: int, line: int, role: Role) -> TaggedSentence:
    plain, at = "", 0
    mentions: list[Mention] = []
    tokens: list[Token] = []
    for mark in _MARK.finditer(text):
        plain += text[at:mark.start()]
        surface, kind, value = mark.groups()
        begin = start + len(plain)
        if len(kind) < 3:
            tokens.append(Token(begin, begin + len(surface), surface, kind))
        else:
            name, source = _KINDS[kind]
            mentions.append(Mention(begin, begin + len(surface), name, surface, source, value or ""))
        plain += surface
        at = mark.end()
    plain += text[at:]
    assert not set("[]|") & set(plain), f"a mark that is none: {plain}"
    sentence = Sentence(document, index, start, start + len(plain), plain, line, role)
    return TaggedSentence(sentence, tuple(tokens), tuple(mentions))
