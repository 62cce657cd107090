"""Lines that are set in columns: what a blank parts is tagged apart.

In 副组长：丁建国　县水利局局长 a tagger that takes the whole line for a sentence runs over the blank: it sees a body
丁建国　县水利局. So each column is a text of its own to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.models import Token
from kg.taggers import Tagger, Tagging

#: A blank with two characters on both sides: in 成　员 and 张　三 it only spreads a word.
_GAP = re.compile("(?:(?<=[一-鿿]{2})|(?<=[一-鿿][：:]))[ \t\u3000]+(?=[一-鿿]{2})")


def tag_by_columns(texts: Sequence[str], tagger: Tagger) -> Iterator[Tagging]:
    """What the tagger gives for texts, each column by itself; a blank between two is a word of its own, a mark."""
    columns = [list(_columns(text)) for text in texts]
    found = iter(tagger([column for row in columns for _, column in row]) if texts else ())
    for text, row in zip(texts, columns, strict=True):
        parts = [(at, next(found)) for at, _ in row]
        yield parts[0][1] if len(parts) == 1 else _joined(text, parts)


def _columns(text: str) -> Iterator[tuple[int, str]]:
    """The columns of a line and where they begin."""
    at = 0
    for gap in _GAP.finditer(text):
        yield at, text[at:gap.start()]
        at = gap.end()
    yield at, text[at:]


def _joined(text: str, parts: Sequence[tuple[int, Tagging]]) -> Tagging:
    tokens: list[Token] = []
    for at, part in parts:
        if tokens:
            tokens.append(Token(tokens[-1].end, at, text[tokens[-1].end:at], "w"))
        tokens += [Token(start + at, end + at, word, pos) for start, end, word, pos in part.tokens]
    return Tagging(tuple(tokens), tuple(mention._replace(start=mention.start + at, end=mention.end + at)
                                        for at, part in parts for mention in part.mentions))
