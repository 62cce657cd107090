"""Cities and provinces by one character: 在/京/召开, 沪/苏/浙/皖四省市."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import Reading
from kg.models import Mention

_IN = re.compile("在")
#: What a tagger takes the sign of a city for.
_WORDS = frozenset({"LOC", "ns", "n", "nz", "s"})


class _Signs(NamedTuple):
    cities: Mapping[str, str]
    provinces: Mapping[str, str]
    row: re.Pattern[str]


@lru_cache(maxsize=4)
def _signs(lexicon: Lexicon) -> _Signs:
    """`row`: signs side by side, and behind them how many they are, or that they have a border."""
    cities, provinces = ({pair[0]: pair[1:] for pair in lexicon.words[key]} for key in ("city_signs", "province_signs"))
    return _Signs(cities, provinces, re.compile(
        f"([{''.join(provinces)}]{{2,8}})(?=[两二三四五六七八九十]+个?[省市地]|{lexicon.any('of_provinces')})"))


def find_signs(reading: Reading) -> Iterator[Mention]:
    """One character for a city, as a word of its own behind 在; provinces by their signs, each by itself."""
    signs = _signs(reading.lexicon)
    for at in (found.end() for found in _IN.finditer(reading.text)):
        i = reading.starts.get(at)
        word = reading.words[i] if i is not None and at - 1 in reading.starts else None
        if word and word.text in signs.cities and word.pos in _WORDS:
            yield reading.mention(word.start, word.end, "LOCATION", "gazetteer.sign", value=signs.cities[word.text])
    for row in signs.row.finditer(reading.text):
        if row[1] not in reading.lexicon.words["sign_regions"] and not reading.places.find(row[1]) \
                and row.start() in reading.starts and row.end(1) in reading.ends:
            for at, sign in enumerate(row[1], row.start(1)):
                yield reading.mention(at, at + 1, "LOCATION", "gazetteer.sign", value=signs.provinces[sign])
