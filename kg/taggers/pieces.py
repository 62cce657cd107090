"""Cutting a text that is longer than a model takes, rather than letting the model drop its end."""

from __future__ import annotations

import re

#: Where to cut, best first: after the end of a sentence or line, of a clause, of a phrase, after a space.
CUTS = tuple(re.compile(p) for p in (r"[。！？!?\n][”’」』）)]*", r"[；;：:]", r"[，,、]", r"\s"))


def split_text(text: str, limit: int) -> list[tuple[int, str]]:
    """Pieces of at most `limit` characters with their offsets; joined they are the text.

    A piece ends at the last of the best marks in its second half, or at the limit where there is none.

    >>> split_text("甲来了。乙走了", 5)
    [(0, '甲来了。'), (4, '乙走了')]
    """
    if limit < 1:
        raise ValueError(f"a piece needs at least one character, not {limit}")
    pieces, start = [], 0
    while len(text) - start > limit:
        end = _cut(text, start, start + limit)
        pieces.append((start, text[start:end]))
        start = end
    pieces.append((start, text[start:]))
    return pieces


def _cut(text: str, start: int, end: int) -> int:
    """The end of the piece that starts at `start` and may reach to `end`."""
    for mark in CUTS:
        ends = [match.end() for match in mark.finditer(text, (start + end) // 2, end)]
        if ends:
            return ends[-1]
    return end
