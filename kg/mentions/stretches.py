"""Stretches of streets: 江滨路（卧龙街至西十一条路段） names the streets at its ends, 甲路乙街至丙巷段 all three.

And lines that are called by a character of each town on them, which taggers cut or take for persons: 雄忻/高铁.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

#: What a stretch ends in; a text without is read no further.
_SIGN = ("段", "之间")


def find_stretches(reading: Reading) -> Iterator[Mention]:
    """The streets that bound a stretch, and the one that it is part of, if its name opens it."""
    if not any(sign in reading.text for sign in _SIGN):
        return
    for stretch in _stretch(reading.lexicon).finditer(reading.text):
        for group in ("along", "from", "to"):
            if stretch[group] and stretch.start(group) in reading.starts:
                yield reading.mention(*stretch.span(group), "LOCATION", "grammar.road")


def find_lines(reading: Reading) -> Iterator[Mention]:
    """Railways and motorways by the signs of their towns: 西/十/高铁, but not the railway of a town (西宁/铁路)."""
    text = reading.text
    if not any(kind in text for kind in reading.lexicon.words["lines"]):
        return
    yield from _named_lines(reading)
    no_lines = reading.lexicon.words["no_lines"]
    for line in _line(reading.lexicon).finditer(text):
        begin, end = line.start(), line.end("signs")
        while begin < end and begin not in reading.starts:
            begin += 1
        if end - begin > 3 and reading.places.find(text[begin:begin + 2]):
            begin += 2                  # 云南/弥蒙高铁
        name = text[begin:end]
        if len(name) > 1 and name not in no_lines and name not in reading.lexicon.words["compass"] \
                and not reading.places.find(name) and not load_world().states_of(name):
            yield reading.mention(begin, line.end(), "LOCATION", "grammar.road")


def _named_lines(reading: Reading) -> Iterator[Mention]:
    """Lines that are one word to the tagger: 包茂高速; but not where the line runs to a town: 遵义至/南宁/高速."""
    named, listed = _named_line(reading.lexicon), reading.lexicon.words
    for word in reading.words:
        if len(word.text) > 2 and (line := named.fullmatch(word.text)) and word.text not in listed["generic_places"] \
                and not (reading.text[word.start - 1:word.start] in ("至", "到") and reading.places.find(line[1])):
            yield reading.mention(word.start, word.end, "LOCATION", "grammar.road")


@lru_cache(maxsize=4)
def _named_line(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"([{HAN}]{{2,3}}){lexicon.any('lines')}")


@lru_cache(maxsize=4)
def _line(lexicon: Lexicon) -> re.Pattern[str]:
    signs = "".join(sorted({sign for group in lexicon.words["line_signs"] for sign in group}))
    return re.compile(f"(?P<signs>[{signs}]{{2,5}})(?:铁路|高铁|高速公路|高速铁路"
                      f"|高速(?![{HAN}])|高速(?=[{HAN}]{{0,4}}[段站口区路桥]))")


@lru_cache(maxsize=4)
def _stretch(lexicon: Lexicon) -> re.Pattern[str]:
    street = rf"(?:(?!{lexicon.any('street_ends')})[{HAN}\d]){{1,6}}{lexicon.any('street_ends')}"
    return re.compile(rf"(?:(?<=[（(，、：；自由])|^)(?P<along>{street})?[（(]?[自由从]?(?P<from>{street})"
                      rf"(?:[至到]|[—－-]+)(?P<to>{street})(?:路?段|之间|区间)(?![{HAN}]{{0,2}}[长短]\d)")
