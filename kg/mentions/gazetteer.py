"""Places that the tables know, where the tagger saw something else or nothing: 丹麦, 巴厘岛, 钓鱼台国宾馆."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import pattern_of
from kg.knowledge.world import load_world
from kg.mentions.namesakes import is_namesake
from kg.mentions.neighbours import towns_below, towns_by_neighbours, towns_told
from kg.mentions.reading import Reading
from kg.models import Mention

#: Parts of speech of a word that may be a place.
_PLACE = frozenset({"LOC", "ns", "nz", "n"})
#: Behind a state or a city: its people, its team, its language.
#: 德黑兰/市郊: a city whose next character is no part of its name; and what bears the name of a city.
_CITY_OF = re.compile("(?<=市)[郊中区民长内]|市(?![郊中区民长内])")
_IN_CITY = re.compile("[^，。；]{0,2}(?:机场|车站|大学|港)")
_SEAT = re.compile("(?:首都|首府)(?!机场|国际|钢铁|博物|图书|体育|医科|师范|经济)")
_OF_ITS_OWN = re.compile("[人队籍语裔货币式制]|女[足篮排]|男[足篮排]")
#: 美国/会议员, 美国/土安全部: the 国 belongs to what follows.
_STATE_BODY = re.compile("(?<=国)(?:会|土|防|务|内|债|家)")
#: A ship's name, or the first word of a longer one in quotation marks.
_QUOTED = re.compile("级|[”’]号|[^，。、；“”]{1,8}”")
#: 人民大会堂/金色大厅
_HALL = re.compile("[\u4e00-\u9fff]{0,4}?(?:厅|礼堂|阁|外广场)(?![长局])")
#: What a name must end in to be no person although the tagger has one.
_NO_PERSON = tuple("岛州省市县港湾")


@lru_cache(maxsize=1)
def _bracketed() -> re.Pattern[str]:
    """The states that are told apart by what stands in brackets: 刚果（金）."""
    return re.compile("|".join(re.escape(name) for name in load_world().states if "（" in name))


def known_places(reading: Reading) -> Iterator[Mention]:
    """States and foreign cities that are words or the tagger's names, and landmarks of towns."""
    world = load_world()
    yield from towns_by_neighbours(reading)
    yield from towns_below(reading)
    yield from towns_told(reading)
    if "（" in reading.text:
        for name in _bracketed().finditer(reading.text):
            yield reading.mention(*name.span(), "LOCATION", "gazetteer.state")
    for span in reading.spans:
        state = span.type == "ORGANIZATION" and world.states.get(span.text) == span.text
        city = span.type == "PERSON" and span.text.endswith(_NO_PERSON) and bool(world.state_of(span.text))
        if (state or city) and not _OF_ITS_OWN.match(reading.text, span.end):
            yield reading.mention(span.start, span.end, "LOCATION", "gazetteer.state")
    for seat in _SEAT.finditer(reading.text):
        at = seat.end()
        size = next((n for n in (7, 6, 5, 4, 3, 2) if at + n <= len(reading.text)
                     and world.state_of(reading.text[at:at + n])
                     and not _CITY_OF.match(reading.text, at + n)), 0)
        if size and not _IN_CITY.match(reading.text, at + size):
            yield reading.mention(at, at + size, "LOCATION", "gazetteer.state", confidence=0.9)     # 首都/万象
    for word in reading.words:
        if word.pos in _PLACE and len(word.text) > 1 and (
                world.states.get(word.text) == word.text or (
                    word.pos == "LOC" and len(word.text) > 2 and world.state_of(word.text))) \
                and _stands_alone(reading, word.start, word.end) \
                and not is_namesake(reading, word.start, word.end):
            yield reading.mention(word.start, word.end, "LOCATION", "gazetteer.word", confidence=0.8)
    for place in pattern_of(reading.lexicon, "sure_landmarks").finditer(reading.text):
        hall = _HALL.match(reading.text, place.end())
        yield reading.mention(place.start(), (hall or place).end(), "LOCATION", "gazetteer.landmark")
        town = next((n for n in (4, 3, 2) if n <= place.start()
                     and reading.places.find(reading.text[place.start() - n:place.start()])), 0)
        if town and place.start() - town in reading.starts:
            yield reading.mention(place.start() - town, place.start(), "LOCATION", "gazetteer.landmark")


def _stands_alone(reading: Reading, start: int, end: int) -> bool:
    """Whether a word is a place by itself: not the end of 巴布亚新几内亚, a ship's name, or part of a quoted one."""
    text, states = reading.text, load_world().states
    if any(text[at:end] in states for at in range(max(0, end - 9), start)):
        return False
    if text[start - 1:start] in ("“", "‘") and _QUOTED.match(text, end):
        return False
    return not (_OF_ITS_OWN.match(text, end) or _STATE_BODY.match(text, end) or text.startswith("级", end))
