"""A sentence as relation rules see it: every mention two private characters (its type, its number), the rest text.

Punctuation is full-width there, and what slots of a pattern look like is said in the same characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from kg.models import Mention, MentionType, TaggedSentence

TYPES: tuple[str, ...] = get_args(MentionType)

# Planes 15 and 16 are private use; no text that the tagger reads means anything by them.
_FIRST_TYPE, _FIRST_INDEX = 0xF0000, 0x100000
TYPE_MARK = {name: chr(_FIRST_TYPE + i) for i, name in enumerate(TYPES)}
MARK_TYPE = {mark: name for name, mark in TYPE_MARK.items()}
INDEX = "[\U00100000-\U0010FFFD]"
MASK = "\U000F0000-\U0010FFFD"
_PRIVATE = re.compile(f"[{MASK}]")

_FULL_WIDTH = str.maketrans(dict(zip(",:;!?()\u3000\u00a0\t\n「」『』", "，：；！？（）    “”“”", strict=True)))
_HALF_WIDTH = re.compile(f"[{re.escape(''.join(map(chr, _FULL_WIDTH)))}]")
_NUMERIC = re.compile(r"(?<=\d)[,:](?=\d)")   # 1,000 and 13:40 keep their marks

SENTENCE_END, CLAUSE_END = "。！？；", "，："
BRACKET = "（[^（）。！？；]{0,16}）"
AND = "(?:[、，/ ]|以及|会同|联合|[和与及暨])"


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked sentence. `offsets[i]` is the document offset of masked character i; one more entry marks the end."""

    text: str
    mentions: tuple[Mention, ...]
    offsets: tuple[int, ...]
    types: frozenset[str]

    def mention(self, position: int) -> Mention:
        """The mention whose type mark stands at `position`."""
        return self.mentions[ord(self.text[position + 1]) - _FIRST_INDEX]


def mask(sentence: TaggedSentence) -> Masked:
    """The sentence with its mentions as private characters.

    >>> from kg.relate.markup import read_markup
    >>> len(mask(read_markup("[张三|PERSON],你好")).text)
    5
    """
    start, text = sentence.sentence.start, sentence.sentence.text
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for number, mention in enumerate(sentence.mentions):
        begin, end = mention.start - start, mention.end - start
        pieces += [_plain(text[at:begin]), TYPE_MARK[mention.type], chr(_FIRST_INDEX + number)]
        offsets += [*range(start + at, start + begin), mention.start, mention.start]
        at = end
    pieces.append(_plain(text[at:]))
    offsets += range(start + at, start + len(text) + 1)
    return Masked("".join(pieces), sentence.mentions, tuple(offsets), frozenset([m.type for m in sentence.mentions]))


def _plain(text: str) -> str:
    """Text as patterns see it, of the same length: full-width punctuation, plain spaces, nothing private."""
    if not (_HALF_WIDTH.search(text) or _PRIVATE.search(text)):
        return text
    numeric = [(m.start(), m.group()) for m in _NUMERIC.finditer(text)]
    text = _PRIVATE.sub("\ufffd", text).translate(_FULL_WIDTH)
    for at, mark in numeric:
        text = text[:at] + mark + text[at + 1:]
    return text


def members(masked: Masked, start: int, end: int) -> list[Mention]:
    """The mentions of a slot's span: one, or those of a list, without what stands in brackets."""
    found, depth = [], 0
    for position in range(start, end):
        character = masked.text[position]
        depth += (character == "（") - (character == "）")
        if depth == 0 and character in MARK_TYPE:
            found.append(masked.mention(position))
    return found


def one_of(types: Sequence[str]) -> str:
    """Regex of a mention of one of `types`."""
    return f"[{''.join(TYPE_MARK[t] for t in types)}]{INDEX}"


def several(types: Sequence[str], joint: str = AND) -> str:
    """Regex of coordinated mentions of `types`, at most 30; all but the last person may be called 同志."""
    member = f"{one_of(types)}(?:{BRACKET})?"
    comrade = "(?:同志)?" if "PERSON" in types else ""
    return f"{member}(?:{comrade}{joint}{member}){{0,29}}"
