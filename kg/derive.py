"""Edges that follow from a name or from the administrative table, not from what a sentence says.

They are flagged `derived` and carry the sentence that names the head as their evidence:

    derived.part_of.name       甲市公安局警卫支队 is part of 甲市公安局
    derived.part_of.context    城关派出所 is part of the one police bureau that the document names
    derived.located_in.name    甲市卫生局 is located in 甲市
    derived.located_in.table   乙县 lies in 甲市, where the document names both
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.evidence import evidence
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.regions import read_region
from kg.tag import Knowledge

_STATIONED = re.compile(r"(?:派)?驻")


@dataclass(frozen=True)
class _Names:
    """A document's entities by key (the id without its type), and where each is first named."""

    document: ResolvedDocument
    bodies: Mapping[str, Entity]
    places: Mapping[str, Entity]
    sentences: Mapping[Mention, TaggedSentence]

    def relation(self, relation: str, head: Entity, tail: Entity, rule: str, confidence: float) -> Relation:
        mention = next(m for m in head.mentions if m in self.sentences)
        found = evidence(self.document.clean, self.sentences[mention].sentence, rule, confidence, head=mention)
        return Relation(relation, head.id, tail.id, found, derived=True)


def derive(document: ResolvedDocument, knowledge: Knowledge) -> tuple[Relation, ...]:
    """The derived relations of one document."""
    sentences = {m: s for s in document.sentences for m in s.mentions}
    keyed = {kind: {_key(e): e for e in document.entities if e.type == kind and any(m in sentences for m in e.mentions)}
             for kind in ("ORGANIZATION", "LOCATION")}
    names = _Names(document, keyed["ORGANIZATION"], keyed["LOCATION"], sentences)
    return (*_nested_bodies(names, knowledge), *_bodies_in_places(names, knowledge), *_places_in_places(names, knowledge))


def _key(entity: Entity) -> str:
    return entity.id.partition(":")[2].partition("@")[0]


def _holder(key: str, bodies: Mapping[str, Entity], knowledge: Knowledge) -> Entity | None:
    """The body whose full name opens `key`, the longest; of 甲纪委驻乙厅纪检组 it is 甲纪委."""
    head = _STATIONED.split(key, maxsplit=1)[0] if _STATIONED.search(key) else key
    for cut in range(len(head) - (head == key), 2, -1):
        if (found := bodies.get(head[:cut])) and _is_unit(key[cut:], knowledge):
            return found
    return None


def _is_unit(rest: str, knowledge: Knowledge) -> bool:
    """Whether the rest of a name names a part of what stands before it; 国家监委 of 中央纪委国家监委 does not."""
    return len(rest) > 1 and not rest.startswith(("国家", "中央", "中国")) and rest[0] not in "和与及、"


def _nested_bodies(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    for key, body in names.bodies.items():
        if holder := _holder(key, names.bodies, knowledge):
            said = body.name.startswith(holder.name)
            rule, confidence = ("name", 0.95) if said else ("context", 0.75)
            yield names.relation("part_of", body, holder, f"derived.part_of.{rule}", confidence)


def _bodies_in_places(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    """The nearest place in a body's own name; for a part of another body, the place in its own part of the name."""
    for key, body in names.bodies.items():
        holder = _holder(key, names.bodies, knowledge)
        own = key[len(_key(holder)):] if holder else key
        if stationed := _STATIONED.match(own):
            own = own[stationed.end():]
        region, rest = read_region(own, knowledge.places, tuple(names.places))
        name = region.name if region else next((p for p in names.places if own.startswith(p) and own != p), "")
        if name in names.places and (rest or not region):
            yield names.relation("located_in", body, names.places[name], "derived.located_in.name", 0.95)


def _places_in_places(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    """Each administrative division in the nearest one above it that the document names."""
    table = {key: place for key in names.places if (place := knowledge.places.resolve(key, tuple(names.places)))}
    for key, place in table.items():
        above = next((names.places[p.name] for p in knowledge.places.parents(place) if p.name in names.places), None)
        if above is not None and above.id != names.places[key].id:
            yield names.relation("located_in", names.places[key], above, "derived.located_in.table", 0.9)
