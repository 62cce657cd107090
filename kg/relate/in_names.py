"""Places inside the names of bodies, where the one that opens the name is none of the document: 国网甲省乙市公司."""

from __future__ import annotations

from collections.abc import Iterable

from kg.knowledge.places import DIVISIONS
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Entity

#: What is sent from a place, or speaks for it elsewhere.
SENT = ("代表团", "代表队", "大使馆", "领事馆", "使馆", "使团", "访华团")
#: Signs of what is sent or goes elsewhere, or of two sides.
_ELSEWHERE = ("驻", "援", "赴", "—", "-", "－")


def further_in_name(body: Entity, places: Iterable[Entity], knowledge: Knowledge) -> Entity | None:
    """The narrowest division of the document in a body's name, of whose nearest place it doesn't speak.

    甲市 of 甲市乙区丙街道居委会, 加州 of 加州政府; not what is sent or stationed elsewhere, nor of two states.
    """
    if body.name.endswith(SENT) or any(sign in body.name for sign in _ELSEWHERE):
        return None
    found: tuple[int, Entity] | None = None
    for place in places:
        for form in (place.name, *place.aliases):
            end = body.name.find(form) + len(form)
            if len(form) <= end < len(body.name) and (found is None or end > found[0]) \
                    and (form.endswith(DIVISIONS) if end > len(form) else _is_division(form, knowledge)):
                found = end, place
    return found[1] if found else None


def _is_division(name: str, knowledge: Knowledge) -> bool:
    """Whether a name is that of a division or a town abroad, or of a province or a city of China."""
    if load_world().states_of(name):
        return name not in load_world().states
    rows = knowledge.places.find(name)
    return bool(rows) and (name.endswith(DIVISIONS) or rows[0].level != "county")
