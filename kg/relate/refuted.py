"""Edges that a sentence seems to state and that the tables of places contradict: 甲市乙市之间, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.knowledge.places import Places
from kg.knowledge.world import World, load_world
from kg.models import Relation, key_of

#: Levels whose names say enough: there are towns of one name everywhere.
_TOLD = ("province", "prefecture", "county")


def not_refuted(relations: Iterable[Relation], places: Places) -> Iterator[Relation]:
    """The relations without those that put a place into one in which no table has it."""
    world = load_world()
    for each in relations:
        if each.relation != "located_in" or not each.head.startswith("LOCATION:") \
                or not _refuted(key_of(each.head), key_of(each.tail), places, world):
            yield each


def _refuted(inner: str, outer: str, places: Places, world: World) -> bool:
    """Whether the tables know both, and the one in none of the places that bear the name of the other.

    >>> from kg.knowledge.places import load_places
    >>> tables = load_places(), load_world()
    >>> _refuted("宁波市", "杭州市", *tables), _refuted("余杭区", "杭州", *tables)
    (True, False)
    >>> _refuted("汉堡", "法国", *tables), _refuted("长江", "湖北", *tables)
    (True, False)
    """
    if state := world.states.get(outer):
        return world.cities.get(inner, state) != state
    inside = [row for row in places.find(inner) if row.level in _TOLD and row.name == inner]
    around = [row for row in places.find(outer) if row.level in _TOLD]      # 大溪, without 区, may be a village
    if not inside or not around or any(row.until for row in around):
        return False                    # 哈密地区, a city today
    return not any(i.code == o.code or places.is_within(i, o) for i in inside for o in around)
