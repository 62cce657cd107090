"""Words of the tagger that divisions open and that nothing else is made of: 甲市/乙区/银泰商厦武林店.

A shop or a market is a place where something happens; its name begins behind the divisions, and may go on in the
words behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.knowledge.places import DIVISIONS
from kg.mentions.namesakes import is_namesake
from kg.mentions.reading import HAN, Reading, Word
from kg.models import Mention

#: A zone that no table knows, behind its city: 深圳市/光明新区.
_ZONE = re.compile(f"[{HAN}]{{2,3}}(?:新区|开发区|经开区|高新区)")
#: Characters of a word that may hold a division and what stands in it.
_LONG = 5
#: Characters of the name of a shop without its ending, at least and at most, and parts of speech of its further words.
_OWN, _LONGEST = 2, 12
_FURTHER = frozenset({"n", "nz", "vn", "v", "an", "LOC", "ORG"})


def divisions_ahead(reading: Reading) -> Iterator[Mention]:
    """The divisions with which a word begins that the tagger has for a body or a place, and the shop that they open."""
    for word in reading.words:
        if word.pos in ("ORG", "LOC") and len(word.text) >= _LONG and (stops := _divisions(word, reading)):
            for left, right in zip([word.start, *stops], stops, strict=False):
                yield reading.mention(left, right, "LOCATION", "gazetteer.opening", confidence=0.8)
            if end := _shop_end(reading, word, stops[-1]):
                yield reading.mention(stops[-1], end, "LOCATION", "gazetteer.opening", confidence=0.8)


def _divisions(word: Word, reading: Reading) -> list[int]:
    """The ends of the divisions that open a word."""
    stops: list[int] = []
    for left, right, _ in reading.places.split(word.text):
        begin, end, name = word.start + left, word.start + right, word.text[left:right]
        listed = len(name) > 2 and any(place.name == name for place in reading.places.find(name))
        if not listed or not name.endswith(DIVISIONS) or is_namesake(reading, begin, end):
            break
        stops.append(end)
    if stops and (zone := _ZONE.match(reading.text, stops[-1], word.end)):
        stops.append(zone.end())
    return stops


def _shop_end(reading: Reading, word: Word, start: int) -> int:
    """Where the name of a shop ends that begins at `start` inside a word, or 0: 甲市荣健农/批/水果/市场."""
    endings = reading.lexicon.words["premises"]
    if word.end - start < _OWN:
        return 0
    for after in reading.words[reading.starts[word.start]:]:
        ending = max((each for each in endings if after.text.endswith(each)), key=len, default="")
        if after.end - start > _LONGEST or (after is not word and after.pos not in _FURTHER):
            return 0
        if ending:
            return after.end if after.end - len(ending) - start >= _OWN else 0
    return 0
