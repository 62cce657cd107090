"""Each place and body in the nearest place, each unit in the nearest body that the document names: 甲省乙市丙县.

A document that says 甲省丙县 once and 甲省乙市丙县 elsewhere says the first by the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.models import Relation

#: Relations of which one leads on to the next.
_CHAINED = ("located_in", "part_of")


def nearest_only(relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations without those that pass over a level which others of them name.

    >>> from kg.models import Evidence, Quote
    >>> why = Evidence(document="d", sentence=Quote(start=0, end=1, text="丙"), rule="r", confidence=1)
    >>> edges = [Relation("located_in", *ends, why) for ends in ("丙甲", "丙乙", "乙甲", "丁甲")]
    >>> [edge.head + edge.tail for edge in nearest_only(edges)]
    ['丙乙', '乙甲', '丁甲']
    """
    passed = {(name, *pair) for name in _CHAINED for pair in _passing(relations, name)}
    return tuple(each for each in relations if (each.relation, each.head, each.tail) not in passed)


def _passing(relations: Sequence[Relation], name: str) -> set[tuple[str, str]]:
    """Pairs of a head and a tail that is reached from it by another tail, too."""
    tails: dict[str, set[str]] = {}
    for each in relations:
        if each.relation == name:
            tails.setdefault(each.head, set()).add(each.tail)
    return {(head, far) for head, several in tails.items() if len(several) > 1
            for near in several for far in several & _above(near, tails, {head, near})}


def _above(place: str, tails: Mapping[str, set[str]], seen: set[str]) -> set[str]:
    """What is reached from a place, but not what leads back."""
    found: set[str] = set()
    for tail in tails.get(place, set()) - seen:
        found |= {tail} | _above(tail, tails, seen | {tail})
    return found
