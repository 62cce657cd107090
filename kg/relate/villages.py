"""Villages, streets and inns in the one place of which a text tells: 甲省乙县连日降雨，附近的丙村被水围困.

A village needs a county, a street or an inn may be in a town; what a paragraph doesn't name may stand in the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import CITIES, Place
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence
from kg.relate.visits import names_elsewhere

#: Before a quoted by-name, and behind a town that nothing read as a place, in which the village lies: 丙乡/丁村.
_NEARER = ("“", "乡", "镇", "街道")
#: Behind the place from which news is sent: 甲市/3月2日电.
_SENT = re.compile(r"\d{1,2}月\d{1,2}日(?:电|讯|专电|信息|消息)")
#: Between two streets that cross, or are named side by side.
_JOINTS = ("、", "与", "和")


def villages_in_counties(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each village, street or inn without a place of its own behind the lowest division that its paragraph has named,
    or if it has named none, the text, if all others that have been named so far are above it.

    `stated` have their place.
    """
    cues = _cues(knowledge.lexicon)
    entities = {entity.id: entity for entity in document.entities if entity.type == "LOCATION"}
    if not any(entity.name.endswith(cues.all) and ident not in stated for ident, entity in entities.items()):
        return
    keyed = {entity.key: entity for entity in entities.values()}
    rows = {ident: knowledge.places.resolve(entity.key, keyed) for ident, entity in entities.items()}
    done, line, here, whole, last = set(stated), -1, _Lowest(knowledge), _Lowest(knowledge), -1
    for tagged in document.sentences:
        if tagged.sentence.line != line:
            line, here = tagged.sentence.line, _Lowest(knowledge)
        for place in tagged.mentions:
            ident = document.links.get(place, "") if place.type == "LOCATION" else ""
            if ident not in entities:
                continue
            if rows[ident] is not None or _is_abroad(place.text):
                if not _SENT.match(document.clean.text, place.end):
                    here.add(ident, rows[ident])
                    whole.add(ident, rows[ident])
                continue
            street = place.text.endswith(cues.streets) and not place.text.endswith(cues.no_streets)
            home = whole if here.is_empty() else here
            if ident not in done and (home.holds_streets() if street else (
                    home.is_of_a_county() and place.text.endswith(cues.villages))) \
                    and (_is_a_name(place, tagged, knowledge, cues.unsaid) or (
                        street and document.clean.text[last:place.start] in _JOINTS)) \
                    and not names_elsewhere(place.text, entities[home.ident].key, knowledge):
                done.add(ident)
                last = place.end
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.paragraph", 0.75, head=place)
                yield Relation("located_in", ident, home.ident, proof, derived=True)


class _Lowest:
    """The lowest division of one chain that has been named; none once one beside the chain has."""

    def __init__(self, knowledge: Knowledge):
        self.places, self.ident, self.several = knowledge.places, "", False
        self.row: Place | None = None

    def add(self, ident: str, row: Place | None) -> None:
        """Read one more division, without a row if it is abroad."""
        if row is None or (self.row is not None and row != self.row and not self.places.is_within(row, self.row)
                           and not self.places.is_within(self.row, row)):
            self.several = True
        elif self.row is None or self.places.is_within(row, self.row):
            self.ident, self.row = ident, row

    def is_empty(self) -> bool:
        """Whether no division has been named."""
        return self.row is None and not self.several

    def is_of_a_county(self) -> bool:
        """Whether it is a county or a part of one."""
        return not self.several and self.row is not None and self.row.level in ("county", "township")

    def holds_streets(self) -> bool:
        """Whether it is a city or a town, or a county with its own."""
        return not self.several and self.row is not None and (
            self.row.level != "province" or self.row.code[:2] in CITIES)


def _is_abroad(name: str) -> bool:
    return name != "中国" and load_world().knows(name)


def _is_a_name(place: Mention, tagged: TaggedSentence, knowledge: Knowledge, unsaid: re.Pattern[str]) -> bool:
    """Whether a place is a village by its name, and neither that (长安/云栖村) nor the text puts it elsewhere."""
    before = tagged.sentence.text[:place.start - tagged.sentence.start]
    return len(place.text) > 2 and not place.text.endswith(knowledge.lexicon.words["everywhere"]) \
        and not before.endswith(_NEARER) and not unsaid.search(before) \
        and not (len(place.text) > 4 and any(knowledge.places.find(place.text[:2] + kind) for kind in "县区市"))


class _Cues(NamedTuple):
    """What the names of villages and of streets and inns end in, and what stands before those elsewhere."""

    villages: tuple[str, ...]
    streets: tuple[str, ...]
    no_streets: tuple[str, ...]
    all: tuple[str, ...]
    unsaid: re.Pattern[str]


@cache
def _cues(lexicon: Lexicon) -> _Cues:
    words = lexicon.words
    return _Cues(words["villages_of_counties"], words["streets_of_towns"], words["no_streets_of_towns"],
                 (*words["villages_of_counties"], *words["streets_of_towns"]), re.compile(lexicon.any("ways") + "$"))
