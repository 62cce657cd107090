"""The lexicon of acts and the cue words around them, read from kg/data and checked on loading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import parse_yaml

KINDS = frozenset({"act", "light", "frame", "motion", "joint", "ruling"})
OBJECTS = frozenset({"needed", "place", "optional", "specific", "person", "counted", "none"})
TARGETS = frozenset({"head", "first", "none"})
CUES = frozenset({
    "means", "objectless", "fighting", "fights", "bodily", "stand_ins", "results", "departing",
    "fronting", "passive", "agentive", "recipient", "place", "partner", "basis", "partner_verbs", "openers",
    "collectives", "trailers", "speech", "negation", "obligation", "plan", "suspected", "condition",
    "purpose", "so_that", "thoroughly", "temporal_ends", "basis_heads", "basis_nouns", "verbal_prepositions", "sequels",
    "benefit_verbs", "not_behind_verb", "adverbs", "telling", "tellers", "copulas", "place_endings", "generic", "done",
    "never_acts", "abstract", "events", "shifts", "compound_heads", "of_bodies", "of_courts", "decrees",
    "upon_closing", "disposing", "loot", "bare_crimes", "ways", "alleging", "pretexts", "indoors", "exhortations",
    "contents", "announcements", "outcomes", "pivots", "actors", "enforcement", "held", "persons", "kin", "scenes",
    "event_endings", "measures", "crimes", "appointing", "sittings", "decided", "described", "described_things",
    "announcing", "meetings", "sessions", "unsaid_holders", "about", "same_place", "not_cases", "attributive",
    "shared", "venues", "upon_finding", "leading", "amounts", "field", "upon_somebody", "contraband", "reporting",
    "lone_titles", "state_heads", "received", "of_leaders", "upon_places", "punishing", "penalties", "of_places",
    "greetings", "held_events", "government_heads", "pairs", "state_pairs", "government_pairs", "party_heads",
    "party_pairs", "fighters", "groups", "coming", "side_by_side", "handing_in", "jointly",
    "upon_seeing", "reading_out", "belonging", "warded_off",
    "heard", "seeing_off", "not_listing", "with_somebody", "invited", "manner_verbs", "manners", "chances", "unaware",
    "chance_ends", "worth_telling", "parties_sent", "visiting", "of_events", "associations", "together", "deciding",
    "once_more", "sits", "complaints", "listened_to", "feeling", "behind_catching", "gained", "proceeds", "cut_nouns",
    "others_there", "speaking", "such_groups", "requests", "leave", "company", "blows", "perhaps",
    "favours", "aspects", "said_of",
    "closing_objects", "taking_clauses", "standing", "done_to_described", "undone", "about_acts", "things_made"})
#: Cue lists whose words may open a predicate although they are no acts; joined in the list `verbal`.
_VERBAL = ("openers", "partner_verbs", "obligation", "plan", "negation")
_FIELDS = frozenset({"id", "label", "triggers", "kind", "object", "targets", "not_ending", "ending", "also", "holding",
                     "relative", "examples", "counterexamples"})


@dataclass(frozen=True, slots=True)
class Action:
    """A canonical action: see the head of kg/data/actions.yaml for the fields."""

    id: str
    zh: str
    en: str
    kind: str = "act"
    object: str = "needed"
    targets: str = "head"
    not_ending: frozenset[str] = frozenset()
    ending: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    holding: frozenset[str] = frozenset()
    relative: bool = True


#: The action of a verb that the lexicon doesn't know.
OTHER = Action("other", "其他", "other")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Triggers to actions, the cue words by what they do, and the verbs that a tagger may have cut (伙/同)."""

    triggers: dict[str, Action]
    cues: dict[str, frozenset[str]] = field(default_factory=dict)
    compounds: frozenset[str] = frozenset()


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of the package. Raises KnowledgeError with all faults of both files."""
    root = files("kg") / "data"
    return parse_lexicon((root / "actions.yaml").read_text(encoding="utf-8"),
                         (root / "action_cues.yaml").read_text(encoding="utf-8"))


def parse_lexicon(actions: str, cues: str) -> Lexicon:
    """A Lexicon from the texts of actions.yaml and action_cues.yaml; KnowledgeError names every fault with its line."""
    faults: list[str] = []
    triggers: dict[str, Action] = {}
    for line, entry in _entries(actions, faults):
        action = _action(entry, line, faults)
        for trigger in entry.get("triggers") or ():
            if trigger in triggers:
                faults.append(f"actions.yaml:{line}: {trigger} is already a trigger of {triggers[trigger].id}")
            triggers.setdefault(str(trigger), action)
    words = _cues(cues, faults)
    if faults:
        raise KnowledgeError(faults)
    return Lexicon(triggers, words, frozenset({*triggers, *words["partner_verbs"]}))


def _entries(text: str, faults: list[str]) -> list[tuple[int, dict[str, Any]]]:
    """The entries under `actions` with their lines."""
    try:
        file = parse_yaml(text, Path("actions.yaml"))
    except KnowledgeError as error:
        faults += error.faults
        return []
    if not isinstance(file.data, dict) or not isinstance(file.data.get("actions"), list):
        faults.append(file.fault((), "a list under `actions` is missing"))
        return []
    out = []
    for at, entry in enumerate(file.data["actions"]):
        if isinstance(entry, dict):
            out.append((file.line_of(("actions", at)), entry))
        else:
            faults.append(file.fault(("actions", at), "not a mapping"))
    return out


def _action(entry: dict[str, Any], line: int, faults: list[str]) -> Action:
    label = entry.get("label") or {}
    action = Action(str(entry.get("id") or ""), str(label.get("zh") or ""), str(label.get("en") or ""),
                    entry.get("kind", "act"), entry.get("object", "needed"), entry.get("targets", "head"),
                    frozenset(map(str, entry.get("not_ending") or ())),
                    frozenset(map(str, entry.get("ending") or ())), frozenset(map(str, entry.get("also") or ())),
                    frozenset(map(str, entry.get("holding") or ())),
                    entry.get("relative", True) is not False)
    checks = [(bool(action.id), "no id"), (bool(action.zh and action.en), "a label needs zh and en"),
              (bool(entry.get("triggers")), "no triggers"),
              (action.kind in KINDS, f"kind is none of {sorted(KINDS)}"),
              (action.object in OBJECTS, f"object is none of {sorted(OBJECTS)}"),
              (action.targets in TARGETS, f"targets is none of {sorted(TARGETS)}"),
              (set(entry) <= _FIELDS, f"unknown fields {sorted(set(entry) - _FIELDS)}")]
    faults.extend(f"actions.yaml:{line}: {action.id}: {what}" for ok, what in checks if not ok)
    return action


def _cues(text: str, faults: list[str]) -> dict[str, frozenset[str]]:
    try:
        data = parse_yaml(text, Path("action_cues.yaml")).data or {}
    except KnowledgeError as error:
        faults += error.faults
        return {}
    faults.extend(f"action_cues.yaml:1: {name} is missing" for name in sorted(CUES - set(data)))
    faults.extend(f"action_cues.yaml:1: {name} is unknown" for name in sorted(set(data) - CUES))
    listed = {name: [str(word) for word in _flat(data.get(name) or ())] for name in CUES}
    faults.extend(f"action_cues.yaml:1: {name}: {word} stands twice" for name in sorted(listed)
                  for word, count in Counter(listed[name]).items() if count > 1)
    words = {name: frozenset(listed[name]) for name in CUES}
    return {**words, "verbal": frozenset().union(*(words[name] for name in _VERBAL))}


def _flat(words: Iterable[Any]) -> Iterator[Any]:
    """A list of words, or of lists of words."""
    for word in words:
        if isinstance(word, list):
            yield from word
        else:
            yield word
