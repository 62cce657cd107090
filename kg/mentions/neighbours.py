"""Towns of which a tagger isn't sure, told by what stands beside them: 甲国的乙城、丙城, 湖北/当阳, 南部小城/胡什."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.reading import Reading
from kg.mentions.spelled_towns import is_spelled
from kg.models import Mention

#: Between places that are listed.
_JOINTS = ("、", "和", "及", "与", "以及", "，")
#: How sure the tagger must be that there is a name, and how sure it must not be that it is a place.
_LEAST, _DOUBTFUL = 0.3, 0.6
#: A division by its name in short, or a longer one that the grammar of places reads.
_LONGEST = 5
#: Parts of speech of words that may be towns.
_NAMES = frozenset({"LOC", "n", "nz"})


def towns_by_neighbours(reading: Reading) -> Iterator[Mention]:
    """Names that the tables have for towns of the state that stands before them, or of that of a place listed beside.

    One pass from the left and one from the right, since each may be told by the one before or behind.
    """
    world = load_world()
    asked = [(span, frozenset(found)) for span in (*reading.spans, *reading.doubtful)
             if (span.type == "PERSON" or (span.type == "LOCATION" and span.confidence < _DOUBTFUL))
             and span.confidence >= _LEAST and (found := world.states_of(span.text)) and span.start in reading.starts
             and not reading.text.startswith((*reading.lexicon.words["divisions_abroad"], "-"), span.end)]
    if not asked:
        return
    known: dict[tuple[int, int], frozenset[str]] = {}
    for span in reading.spans:
        if span.type == "LOCATION":
            state = world.states.get(span.text)
            known[span.start, span.end] = frozenset((state,) if state else world.states_of(span.text))
    asked.sort()
    for order in (asked, asked[::-1]):
        for span, states in order:
            if (span.start, span.end) not in known and any(
                    states & around and _beside(reading, span, place) for place, around in known.items()):
                known[span.start, span.end] = states
                yield reading.mention(span.start, span.end, "LOCATION", "gazetteer.state", confidence=0.9)


def towns_below(reading: Reading) -> Iterator[Mention]:
    """Words that aren't other names, right behind the division or state in which they lie: 湖北/当阳, 老挝/万象."""
    places, world = reading.places, load_world()
    for outer, word in pairwise(reading.words):
        if outer.pos == "LOC" and word.pos in _NAMES and word.pos == word.kind and outer.end == word.start \
                and 1 < len(word.text) < _LONGEST and (
                    (places.lies_in(word.text, outer.text) and (word.pos == "LOC" or places.find(word.text)))
                    or world.states.get(outer.text, "-") == world.cities.get(word.text)) \
                and not reading.text.startswith(reading.lexicon.words["landforms"], word.end):
            yield reading.mention(word.start, word.end, "LOCATION", "gazetteer.word", confidence=0.8)


def towns_told(reading: Reading) -> Iterator[Mention]:
    """Foreign names that the tagger has for persons, behind what says that they are towns: 黎巴嫩南部/胡什."""
    for span in reading.spans:
        if span.type == "PERSON" and _is_told(reading.lexicon).search(reading.text, 0, span.start) \
                and is_spelled(span.text, reading.lexicon):
            yield reading.mention(span.start, span.end, "LOCATION", "gazetteer.state", confidence=0.8)


@cache
def _is_told(lexicon: Lexicon) -> re.Pattern[str]:
    """A part of a region or a kind of town, right before a name."""
    part, kinds = lexicon.any("parts_of_regions"), ("kinds_of_towns", "strongholds")
    return re.compile(f"(?:{part}的?|{'|'.join(map(lexicon.any, kinds))})$")


def _beside(reading: Reading, span: Mention, place: tuple[int, int]) -> bool:
    """Whether a name stands in a list with a place, or right behind its state."""
    text, (start, end) = reading.text, place
    a_state = text[start:end] in load_world().states
    if end > span.start:
        return text[span.end:start] in _JOINTS and not a_state
    between = text[end:span.start]
    if between in _JOINTS:
        return not a_state or between not in ("，", "和", "与")
    return a_state and (between in ("", "的") or between in reading.lexicon.words["before_towns"])
