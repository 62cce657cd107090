"""Firms and platforms that a tagger leaves out: what is known to be one, or a brand where its maker is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import Reading
from kg.models import Mention

#: Parts of speech of what is called by the name of its maker.
_OF_A_BRAND = frozenset({"n", "nz", "nw", "vn", "an", "a", "m", "xc", "ORG", "LOC", "PER"})
#: So long is a name that only a firm bears.
_ALONE = 4
#: What may stand between a firm and the verb of what it does: 甲/近日/也/宣布.
_BETWEEN = frozenset({"d", "TIME", "t", "ad"})


@lru_cache(maxsize=4)
def _firms(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, str]]:
    """The names of firms, longest first, and in which list each is."""
    kinds = {name: kind for kind in ("brands", "platforms", "known_firms") for name in lexicon.words[kind]}
    return re.compile("|".join(map(re.escape, sorted(kinds, key=lambda name: (-len(name), name))))), kinds


def find_firms(reading: Reading) -> Iterator[Mention]:
    """Firms of a sentence by name; a brand only where it isn't that of a thing: no 一辆甲牌, no 用甲聊天."""
    pattern, kinds = _firms(reading.lexicon)
    for match in pattern.finditer(reading.text):
        (start, end), kind = match.span(), kinds[match.group()]
        if not reading.is_whole(start, end) and not (kind == "known_firms" and "·" in match.group()):
            continue                    # a tagger cuts foreign names with a dot as it likes
        if kind == "known_firms" or (kind == "brands" and _is_mistaken(reading, start, end)):
            yield reading.mention(start, end, "ORGANIZATION", "grammar.organization")
        elif (_acts(reading, end) and not _is_a_thing(reading, start, end)) or (
                kind == "brands" and _stands_for_its_maker(reading, start, end)):
            yield reading.mention(start, end, "ORGANIZATION", "model", confidence=0.8)


def _is_mistaken(reading: Reading, start: int, end: int) -> bool:
    """Whether the tagger takes a long name, which is a firm's alone, for that of a place or a person: 阿里巴巴."""
    return end - start >= _ALONE and any((span.start, span.end) == (start, end) and span.type != "ORGANIZATION"
                                         for span in reading.spans)


def _acts(reading: Reading, end: int) -> bool:
    """Whether what a firm does follows its name: 甲/近日/宣布."""
    words, i = reading.words, reading.ends[end] + 1
    while i < len(words) and words[i].pos in _BETWEEN and words[i - 1].end == words[i].start:
        i += 1
    return i < len(words) and words[i].pos == "v" and words[i].text in reading.lexicon.words["acts_of_firms"]


def _is_a_thing(reading: Reading, start: int, end: int) -> bool:
    """“甲”号, 一辆甲, and 在甲发布, which is where somebody else does it."""
    before = reading.ends.get(start)
    return reading.text.startswith(("”号", "·"), end) or reading.text[start - 1:start] == "·" or (
        before is not None and reading.words[before].pos in ("m", "q", "p", "v"))


def _stands_for_its_maker(reading: Reading, start: int, end: int) -> bool:
    """Whether a brand is the firm by the words beside it: no ship, no 一辆甲牌, no noun that it narrows down."""
    words, i = reading.words, reading.starts[start]
    if words[i].pos != "ORG" or words[i].end != end or reading.text.startswith(("”号", "“", "·"), end) \
            or (i and (words[i - 1].pos in ("m", "q") or words[i - 1].text == "任")):
        return False
    return i + 1 == len(words) or words[i + 1].pos not in _OF_A_BRAND or words[i + 1].text in reading.lexicon.titles \
        or words[i + 1].text in reading.lexicon.words["of_firms"]
