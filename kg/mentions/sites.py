"""Sites behind a place that the tagger left out: 林州市/红旗渠/纪念馆, 义乌/佛堂古镇."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.reading import Reading
from kg.models import Mention

#: Parts of speech that a site's name consists of, and those that show that it is a name.
_PARTS = frozenset({"n", "nz", "LOC", "ORG", "PER", "nr", "ns", "s", "vn", "nw", "an"})
_NAMED = frozenset({"nz", "LOC", "ORG", "PER", "nr", "nw"})
#: How many characters a name has at most.
_LONGEST = 14
#: How sure the tagger must be of a site behind a place.
_LEAST = 0.3


def sites_behind_places(reading: Reading) -> Iterator[Mention]:
    """Names that end like a site, whose words reach back to a place, and in which something is a name."""
    endings, last = _endings(reading.lexicon)
    for span in (*reading.doubtful, *reading.spans):
        if span.type == "LOCATION" and span.confidence >= _LEAST and span.text.endswith(endings) \
                and span.text not in endings and span.end in reading.ends:
            at = span.start - reading.text.startswith("的", span.start - 1)
            outer = next((each for each in reading.spans if each.type == "LOCATION" and each.end == at), None)
            yield from _with_towns(reading, outer, span, endings) if outer else ()
    for i, word in enumerate(reading.words):
        if word.text[-1] not in last or not word.text.endswith(endings) or word.pos not in _PARTS:
            continue
        at, named = i, word.text.endswith(reading.lexicon.words["called_by_words"])
        while at >= 0 and reading.words[at].pos in _PARTS and word.end - reading.words[at].start <= _LONGEST \
                and (at == i or reading.words[at].end == reading.words[at + 1].start):
            each = reading.words[at]
            if at < i and _is_place(reading, at):
                name = reading.text[each.end:word.end]
                if named and name[0] not in "省市县区" \
                        and name not in (*endings, *reading.lexicon.words["generic_places"]):
                    yield reading.mention(each.end, word.end, "LOCATION", "gazetteer.word", confidence=0.8)
                break
            named = named or (each.pos in _NAMED and each.text not in endings
                              and each.text not in reading.lexicon.words["generic_places"])
            at -= 1


def _with_towns(reading: Reading, outer: Mention, span: Mention, endings: tuple[str, ...]) -> Iterator[Mention]:
    """A site behind a place, without the towns of that place with which the tagger's name opens: 沈阳/故宫博物院."""
    begin = span.start
    while (length := reading.places.longest_prefix(reading.text[begin:span.end])[1]) \
            and reading.text[begin + length:span.end] not in ("", *endings) \
            and reading.places.lies_in(reading.text[begin:begin + length], outer.text):
        yield reading.mention(begin, begin + length, "LOCATION", "gazetteer.word", confidence=0.8)
        begin += length
    yield reading.mention(begin, span.end, "LOCATION", "gazetteer.word", confidence=span.confidence)


@lru_cache(maxsize=4)
def _endings(lexicon: Lexicon) -> tuple[tuple[str, ...], frozenset[str]]:
    """What the names of sites end in, and the last characters of that."""
    endings = lexicon.words["sites_behind_places"]
    return endings, frozenset(ending[-1] for ending in endings)


def _is_place(reading: Reading, at: int) -> bool:
    """Whether a word is a place that the tables know, or one by its ending of which the tagger is sure."""
    word, world = reading.words[at], load_world()
    return word.pos == "LOC" and len(word.text) > 1 and bool(
        reading.places.find(word.text) or word.text in world.states or word.text in world.cities
        or (word.kind == "LOCATION" and word.text[-1] in "省市县区州旗镇乡"))
