"""Whom 其, 他, 她 and 你单位 mean where something is done to somebody: 李某盗窃电动车。民警将其抓获。"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.acts.act import Act
from kg.knowledge.parties import load_parties
from kg.models import Mention, TaggedSentence

_OBJECTS = frozenset({"其", "他", "她"})
#: Before the verb of the clause: 将其/抓获, 依法对其/采取.
_FRONTED = re.compile("(?:将|把|对|给予|授予)(?:其|他|她)(?=[^，。；：]*$)")
#: The party to whom a decision speaks, as what something is done to.
_YOU = "(?:你单位|你公司|你厂|你店|你企业|当事人)(?!的|负责人|认为|提出)"
_TO_YOU, _YOU_FIRST = re.compile(f"(?:对|向|将|责令|给予){_YOU}"), re.compile(_YOU)
_BREAK = re.compile("[，；：。]")


def with_meant_targets(acts: Sequence[Act], sentences: Sequence[TaggedSentence], ids: frozenset[str],
                       links: Mapping[Mention, str]) -> Iterator[Act]:
    """The acts in their order; those of `ids` that are done to 其 also with the one person whom that can mean."""
    before = dict(zip((s.sentence.start for s in sentences[1:]), sentences, strict=False))
    for act in acts:
        if act.canonical in ids and not act.targets and _done_to_him(act):
            here, at = act.sentence, _clause_start(act)
            meant = _persons(here, at, links) or _persons(before.get(here.sentence.start), None, links)
            meant = {link: mention for link, mention in meant.items() if mention not in act.agents}
            if len(meant) == 1 and all(agent.type == "ORGANIZATION" for agent in act.agents):
                act = replace(act, targets=tuple(meant.values()))
        yield act


def _done_to_him(act: Act) -> bool:
    """Is its object the pronoun alone, or does it stand before the verb in the clause?"""
    text, start = act.sentence.sentence.text, act.sentence.sentence.start
    clause = text[_clause_start(act) - start:act.trigger.start - start]
    behind = act.object.text if act.object is not None and act.object.start > act.trigger.start else ""
    return behind in _OBJECTS or bool(_FRONTED.search(clause)) or (
        act.canonical == "impose" and behind[:1] in _OBJECTS)


def _clause_start(act: Act) -> int:
    """Where the clause of the act's verb begins."""
    text, start = act.sentence.sentence.text, act.sentence.sentence.start
    return start + max((m.end() for m in _BREAK.finditer(text, 0, act.trigger.start - start)), default=0)


def _persons(tagged: TaggedSentence | None, end: int | None, links: Mapping[Mention, str]) -> dict[str, Mention]:
    """The people whom a sentence names up to `end`, each by the last mention, by their links."""
    if tagged is None:
        return {}
    return {links[m]: m for m in tagged.mentions
            if m.type == "PERSON" and m in links and (end is None or m.start < end)}


def with_addressed_party(acts: Iterable[Act], sentences: Sequence[TaggedSentence]) -> Iterator[Act]:
    """The acts in their order; what a decision says is done to 你单位 or 当事人 is done to the one party it names."""
    parties: list[Mention] | None = None
    for act in acts:
        if not act.targets or act.canonical == "supply":
            text, start = act.sentence.sentence.text, act.sentence.sentence.start
            obj = act.object if act.object is not None and act.object.start > act.trigger.start else None
            end = (obj or act.trigger).end - start
            if (obj and _YOU_FIRST.match(obj.text)) or _TO_YOU.search(text, _clause_start(act) - start, end):
                parties = _parties(sentences) if parties is None else parties
                if len(parties) == 1 and parties[0] not in act.agents:
                    act = replace(act, targets=tuple(sorted((*act.targets, parties[0]))))
        yield act


def _parties(sentences: Sequence[TaggedSentence]) -> list[Mention]:
    """The bodies and people that stand behind 当事人： and its like, each at the head of a line."""
    label = load_parties().label("open")
    found: dict[str, Mention] = {}
    for tagged in sentences:
        if opened := label.match(tagged.sentence.text):
            at = tagged.sentence.start + opened.end()
            found.update((m.text, m) for m in tagged.mentions if m.start == at and m.type in ("PERSON", "ORGANIZATION"))
    return list(found.values())
