"""Gold files: what a careful reader accepts from one document, as records.

A gold file is JSON with `entities` (type, name, aliases, also_accept, uncertain), `relations` (head, relation,
tail, attributes, uncertain) and `actions` (agent, trigger, alt_triggers, object, alt_objects, date, location or
locations, targets, also_dates, also_locations, also_targets, uncertain).
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.models import Record

#: (type, name) of a gold entity.
Key = tuple[str, str]

_QUOTES = dict.fromkeys(map(ord, "“”‘’\"'「」『』"))
_HEAD_TYPES = {"holds_position": {"PERSON"}, "family_of": {"PERSON"}, "located_in": {"ORGANIZATION", "LOCATION"}}
_TAIL_TYPES = {"penalized": {"PERSON"}, "family_of": {"PERSON"}, "located_in": {"LOCATION"}, "issued": {"DOCUMENT"}}
SYMMETRIC = frozenset({"cooperates_with", "family_of"})
ATTRIBUTES = {"holds_position": "title", "penalized": "measure", "family_of": "kinship"}


def fold(name: str, kind: str = "") -> str:
    """A name as names are compared: NFKC, without white space and quotation marks, for a DOCUMENT without 《》."""
    name = "".join(unicodedata.normalize("NFKC", name).split()).translate(_QUOTES)
    return name.strip("《》〈〉<>") if kind == "DOCUMENT" else name


class GoldEntity(Record):
    """`strict` holds the forms that count as the canonical name, `lenient` all that name the entity."""

    key: Key
    strict: frozenset[str]
    lenient: frozenset[str]
    uncertain: bool


class GoldRelation(Record):
    """A triple of entity keys; symmetric relations stand with the smaller key first."""

    triple: tuple[Key, str, Key]
    attribute: str = ""
    uncertain: bool


class GoldAction(Record):
    """An act: any of the agents, any of the triggers, any of the objects; arguments asked for and accepted."""

    agents: frozenset[Key]
    triggers: tuple[str, ...]
    objects: tuple[str, ...]
    asked: dict[str, frozenset[Key]]
    accepted: dict[str, frozenset[Key]]
    uncertain: bool
    text: str


class Gold(Record):
    """The gold of one document."""

    document: str
    entities: dict[Key, GoldEntity]
    relations: tuple[GoldRelation, ...]
    actions: tuple[GoldAction, ...]


def read_gold(path: Path) -> Gold:
    """The gold of a file. Raises InputError for what isn't gold, and for names that aren't among its entities."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _gold(data)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a gold file ({type(error).__name__}: {error}); "
                         "it wants entities, relations and actions") from error


def triple(head: Key, relation: str, tail: Key) -> tuple[Key, str, Key]:
    """The triple, with the ends of a symmetric relation in order."""
    return (tail, relation, head) if relation in SYMMETRIC and tail < head else (head, relation, tail)


def _gold(data: dict[str, Any]) -> Gold:
    entities = {}
    for entity in data["entities"]:
        kind, name = entity["type"], fold(entity["name"], entity["type"])
        forms = {fold(f, kind) for f in [*entity.get("aliases", ()), *entity.get("also_accept", ())]} - {""}
        full = set() if kind == "DATE" else {f for f in forms if len(f) >= len(name)}
        key = (kind, entity["name"])
        entities[key] = GoldEntity(key=key, strict=frozenset({name} | full), lenient=frozenset({name} | forms),
                                   uncertain=bool(entity.get("uncertain")))
    return Gold(document=data["doc"], entities=entities,
                relations=tuple(_relation(r, entities) for r in data["relations"]),
                actions=tuple(_action(a, entities) for a in data["actions"]))


def _find(name: str, kinds: set[str], entities: dict[Key, GoldEntity]) -> Key:
    found = [k for k in entities if k[1] == name and k[0] in kinds]
    if not found:
        raise KeyError(f"{name} is no {' or '.join(sorted(kinds))} among the entities")
    return min(found, key=lambda k: (entities[k].uncertain, k))


def _relation(relation: dict[str, Any], entities: dict[Key, GoldEntity]) -> GoldRelation:
    kind = relation["relation"]
    head = _find(relation["head"], _HEAD_TYPES.get(kind, {"ORGANIZATION"}), entities)
    tail = _find(relation["tail"], _TAIL_TYPES.get(kind, {"ORGANIZATION"}), entities)
    doubtful = bool(relation.get("uncertain")) or entities[head].uncertain or entities[tail].uncertain
    attribute = (relation.get("attributes") or {}).get(ATTRIBUTES.get(kind, ""), "")
    return GoldRelation(triple=triple(head, kind, tail), attribute=fold(attribute), uncertain=doubtful)


def _action(action: dict[str, Any], entities: dict[Key, GoldEntity]) -> GoldAction:
    anything = {"PERSON", "ORGANIZATION", "LOCATION", "DATE", "DOCUMENT"}
    places = action.get("locations") or [place for place in [action.get("location")] if place]

    def keys(names: list[str], kinds: set[str]) -> frozenset[Key]:
        return frozenset(_find(name, kinds, entities) for name in names)

    return GoldAction(
        agents=keys(action["agent"], {"PERSON", "ORGANIZATION"}),
        triggers=tuple(t for t in map(letters, [action["trigger"], *action.get("alt_triggers", ())]) if t),
        objects=tuple(letters(o or "") for o in [action.get("object"), *action.get("alt_objects", ())]),
        asked={"on_date": keys([action["date"]] if action.get("date") else [], {"DATE"}),
               "at_location": keys(places, {"LOCATION", "ORGANIZATION"}),
               "targets": keys(action.get("targets", []), anything)},
        accepted={"on_date": keys(action.get("also_dates", []), {"DATE"}),
                  "at_location": keys(action.get("also_locations", []), {"LOCATION", "ORGANIZATION"}),
                  "targets": keys(action.get("also_targets", []), anything)},
        uncertain=bool(action.get("uncertain")),
        text=f"{'、'.join(action['agent'])} {action['trigger']} {action.get('object') or ''}".rstrip())


def letters(text: str) -> str:
    """Letters and digits of `text`, folded: how triggers and objects of acts are compared."""
    return "".join(c for c in fold(text) if unicodedata.category(c)[0] in "LN")
