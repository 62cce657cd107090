"""Whom the text has named in full and later only calls by what they are: 检查组, 总书记, 他."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from kg.acts.act import Act
from kg.acts.clauses import CORE
from kg.models import Mention, TaggedSentence

#: What a word means from here on: one or two names, or none where it may mean several.
Known = Mapping[str, tuple[Mention, ...]]
#: Groups that a text names once in full.
_GROUPS = frozenset({"检查组", "督导组", "督查组", "巡察组", "巡视组", "工作组", "专案组", "调查组", "专家组", "考察组",
                     "代表团", "指挥部", "考察团"})
#: They mean the one person whom the sentence before names.
_HE = ("他", "她")
#: Behind it somebody tells of himself: 周文澜表示，他…; behind 说 without a day it may be of another.
_SAYS = re.compile("(?:表示|称|宣布|证实|[日天]说)，$")
#: Before him, where a clause of what is told begins.
_NEXT = re.compile("(?<!说)，")
#: Right before and behind a name of which the sentence doesn't speak.
_NOT_BEFORE = frozenset("对向同与和以被由给为据")
_NOT_BEHIND = re.compile("(?:同志|总书记|主席)?(?:[的、和与]|同(?!志))")


def note_names(tagged: TaggedSentence, known: dict[str, tuple[Mention, ...]],
               cues: Mapping[str, Collection[str]]) -> None:
    """Keep what 检查组 means from here on (第一检查组), and 总书记; nothing where two of them are named."""
    for i, mention in enumerate(tagged.mentions):
        if mention.type == "ORGANIZATION" and len(mention.text) > 3 and mention.text[-3:] in _GROUPS:
            note(mention.text[-3:], (mention,), known)
        elif mention.type == "POSITION" and mention.text in cues["lone_titles"]:
            for other in tagged.mentions[max(0, i - 1):i + 2]:
                if other.type == "PERSON" and mention.start in (other.end, other.start - len(mention.text)):
                    note(mention.text, (other,), known)


def note_person(tagged: TaggedSentence, known: dict[str, tuple[Mention, ...]]) -> None:
    """Keep whom 他 and 她 mean behind a sentence: the one person whom it names, or else who was meant before."""
    persons = [m for m in tagged.mentions if m.type == "PERSON"]
    if not persons and any(he in tagged.sentence.text for he in _HE):
        return
    for he in _HE:
        known.pop(he, None)
    if len({m.text for m in persons}) == 1 and any(_is_spoken_of(m, tagged) for m in persons):
        known.update(dict.fromkeys(_HE, (persons[-1],)))


def forget_person(tagged: TaggedSentence, known: dict[str, tuple[Mention, ...]]) -> None:
    """Let 他 and 她 mean nobody from before where the sentence names somebody before them.

    They mean him where he is the only one, and tells of himself (周文澜表示，他已…) or the next clause opens with them.
    """
    text = tagged.sentence.text
    at = min((text.find(he) for he in _HE if he in text), default=-1)
    before = [m for m in tagged.mentions if m.type == "PERSON" and m.start < at + tagged.sentence.start]
    if not before:
        return
    himself = len({m.text for m in before}) == 1 and (
        _SAYS.search(text, 0, at) or (_NEXT.match(text, at - 1) and any(_is_spoken_of(m, tagged) for m in before)))
    for he in _HE:
        known.pop(he, None)
        if himself:
            known[he] = (before[0],)


def _is_spoken_of(person: Mention, tagged: TaggedSentence) -> bool:
    """May the sentence be about somebody? Not by 以/周文澜/同志/为/核心, 对/周文澜, 周文澜/的/讲话."""
    text, start, end = tagged.sentence.text, person.start - tagged.sentence.start, person.end - tagged.sentence.start
    before = text[max(start - 1, 0):start]
    return CORE not in text and before not in _NOT_BEFORE and not _NOT_BEHIND.match(text, end)


def with_known_groups(act: Act, known: Known, links: Mapping[Mention, str]) -> Act:
    """The act, with the group that the text named before for one of whom it only says 检查组."""
    agents = tuple(found for agent in act.agents for found in (
        (agent,) if agent in links else known.get(agent.text) or (agent,)))
    return act if agents == act.agents else replace(act, agents=agents)


def of_leaders(act: Act) -> bool:
    """Is it done by a body gathered around somebody (以/周文澜/同志/为/核心/的/甲委)?"""
    sentence = act.sentence.sentence
    at = sentence.text.find(CORE) + sentence.start + len(CORE)
    return any(agent.start == at for agent in act.agents)


def note(name: str, meant: tuple[Mention, ...], known: dict[str, tuple[Mention, ...]]) -> None:
    """Keep whom a name means; nobody where it has meant others before."""
    before = known.setdefault(name, meant)
    if sorted(m.text for m in before) != sorted(m.text for m in meant):
        known[name] = ()
