"""Villages in the one county of which their paragraph tells: 甲省乙县连日降雨，附近的丙村被水围困."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Place
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence
from kg.relate.visits import names_elsewhere

#: Before a quoted by-name, and behind a town that nothing read as a place, in which the village lies: 丙乡/丁村.
_NEARER = ("“", "乡", "镇", "街道")


def villages_in_counties(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each village without a place of its own behind the lowest division that its paragraph has named, if that is
    one of a county and all others that it has named so far are above it; `stated` have their place.
    """
    endings, unsaid = _cues(knowledge.lexicon)
    entities = {entity.id: entity for entity in document.entities if entity.type == "LOCATION"}
    if not any(entity.name.endswith(endings) and ident not in stated for ident, entity in entities.items()):
        return
    keyed = {entity.key: entity for entity in entities.values()}
    rows = {ident: knowledge.places.resolve(entity.key, keyed) for ident, entity in entities.items()}
    done, line, lowest = set(stated), -1, _Lowest(knowledge)
    for tagged in document.sentences:
        if tagged.sentence.line != line:
            line, lowest = tagged.sentence.line, _Lowest(knowledge)
        for place in tagged.mentions:
            ident = document.links.get(place, "") if place.type == "LOCATION" else ""
            if ident not in entities:
                continue
            if rows[ident] is not None or _is_abroad(place.text):
                lowest.add(ident, rows[ident])
            elif ident not in done and lowest.is_of_a_county() and place.text.endswith(endings) \
                    and _is_a_name(place, tagged, knowledge, unsaid) \
                    and not names_elsewhere(place.text, entities[lowest.ident].key, knowledge):
                done.add(ident)
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.paragraph", 0.75, head=place)
                yield Relation("located_in", ident, lowest.ident, proof, derived=True)


class _Lowest:
    """The lowest division of one chain that a paragraph names; none once it has named one beside the chain."""

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

    def is_of_a_county(self) -> bool:
        """Whether it is a county or a part of one."""
        return not self.several and self.row is not None and self.row.level in ("county", "township")


def _is_abroad(name: str) -> bool:
    return name != "中国" and load_world().knows(name)


def _is_a_name(place: Mention, tagged: TaggedSentence, knowledge: Knowledge, unsaid: re.Pattern[str]) -> bool:
    """Whether a place is a village by its name, and neither that (长安/云栖村) nor the text puts it elsewhere."""
    before = tagged.sentence.text[:place.start - tagged.sentence.start]
    return len(place.text) > 2 and not place.text.endswith(knowledge.lexicon.words["everywhere"]) \
        and not before.endswith(_NEARER) and not unsaid.search(before) \
        and not (len(place.text) > 4 and any(knowledge.places.find(place.text[:2] + kind) for kind in "县区市"))


@cache
def _cues(lexicon: Lexicon) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """What the names of villages and the like end in, and what stands before those elsewhere."""
    return lexicon.words["villages_of_counties"], re.compile(lexicon.any("ways") + "$")
