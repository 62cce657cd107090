"""Places of one kind that are listed behind the place in which the first of them lies: 甲县乙村、丙村."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.knowledge.places import Places
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

#: Between the places of a list, and between the place above and the first of them.
_JOINTS, _OF = ("、", "和", "与", "及", "以及"), ("", "的", "境内", "境内的")
#: What counties and cities end in, and places below them.
_COUNTIES, _BELOW = tuple("县市区旗"), ("村", "社区", "小区", "镇", "乡", "街道", "苏木", "公园", "林场", "古城")
#: Behind two places that are the ends of a way: 甲县乙镇至丙镇.
_ENDS = ("至", "到", "—", "-", "两县", "两省", "两国")


def listed_places(document: ResolvedDocument, knowledge: Knowledge, found: Sequence[Relation]) -> Iterator[Relation]:
    """Where the others of a list lie, of whose first `found` says where; each is one of a kind with the first.

    None of which that is known, none that the tables know elsewhere.
    """
    homes: dict[str, set[str]] = {}
    for relation in found:
        if relation.relation == "located_in" and relation.head.startswith("LOCATION:"):
            homes.setdefault(relation.head, set()).add(relation.tail)
    entities = {entity.id: entity for entity in document.entities}
    done = set(homes)
    for tagged in document.sentences if homes else ():
        places = [m for m in tagged.mentions if m.type == "LOCATION" and m in document.links]
        for at in range(1, len(places) - 1):
            outer, first = document.links[places[at - 1]], places[at]
            if outer not in homes.get(document.links[first], ()) or _text(tagged, places[at - 1], first) not in _OF:
                continue
            kind = _kind(first.text, knowledge)
            for before, place in zip(places[at:], places[at + 1:], strict=False):
                if not kind or _text(tagged, before, place) not in _JOINTS \
                        or not _alike(kind, _kind(place.text, knowledge), entities[outer].name) \
                        or tagged.sentence.text.startswith(_ENDS, place.end - tagged.sentence.start):
                    break
                ident = document.links[place]
                if ident not in done and ident != outer \
                        and _may_lie(entities[ident], entities[outer], knowledge.places):
                    done.add(ident)
                    proof = evidence(document.clean, tagged.sentence, "derived.located_in.listed", 0.85, head=place)
                    yield Relation("located_in", ident, outer, proof, derived=True)


def _text(tagged: TaggedSentence, left: Mention, right: Mention) -> str:
    """What stands between two mentions of a sentence."""
    return tagged.sentence.text[left.end - tagged.sentence.start:right.start - tagged.sentence.start]


def _kind(name: str, knowledge: Knowledge) -> str:
    """The ending by which a place is one of a kind, the longest; empty if it has none."""
    return max((e for e in knowledge.lexicon.words["kinds_of_places"] if name.endswith(e) and name != e), key=len,
               default="")


def _alike(kind: str, other: str, outer: str) -> bool:
    """Whether two places are of one kind, or both below a county: 甲县乙古镇、丙村."""
    return kind == other or (other in _BELOW and kind in _BELOW and outer.endswith(_COUNTIES))


def _may_lie(place: Entity, outer: Entity, places: Places) -> bool:
    """Whether the tables say nothing against it: of a place that they know, only that it lies there."""
    world = load_world()
    if states := world.states_of(place.key):
        return world.states.get(outer.key) in states
    rows = [row for row in places.find(place.key) if row.level != "township"]      # 新民乡 is in every province
    return not rows or any(places.is_within(row, above) for row in rows for above in places.find(outer.key))
