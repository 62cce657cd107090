"""Stretches of streets: 江滨路（卧龙街至西十一条路段） names the streets at its ends, 甲路乙街至丙巷段 all three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
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


@lru_cache(maxsize=4)
def _stretch(lexicon: Lexicon) -> re.Pattern[str]:
    street = rf"(?:(?!{lexicon.any('street_ends')})[{HAN}\d]){{1,6}}{lexicon.any('street_ends')}"
    return re.compile(rf"(?:(?<=[（(，、：；自由])|^)(?P<along>{street})?[（(]?[自由从]?(?P<from>{street})"
                      rf"(?:[至到]|[—－-]+)(?P<to>{street})(?:路?段|之间|区间)(?![{HAN}]{{0,2}}[长短]\d)")
