"""Where somebody goes: the noun phrase behind a verb of going, with what describes it (来到/位于/甲县/的/研究院)."""

from __future__ import annotations

from collections.abc import Collection

from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import WHEN, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import noun_phrase_end, relative_end
from kg.acts.places import named_places
from kg.acts.subjects import is_place

#: Before them 到 only ends a stretch (从甲县到乙县).
_FROM = frozenset({"从", "自", "由", "直", "直到", "截至"})
_BEFORE_GOING = WHEN | {"PERSON", "ORGANIZATION"}
_TO = frozenset({"到", "至"})
#: Before them where somebody goes who was named before.
_SKIPPED = WHEN | {"f", "c"}
#: Open a description of any length.
_LIES = frozenset({"位于", "坐落于", "坐落在"})


def find_goal(words: tuple[Word, ...], i: int, verbs: Collection[str]) -> tuple[int, int]:
    """Where an act that is done there may begin to be looked for, and the end of the goal that begins at i.

    Verbs within a description are none of the one who goes: 来到/周文澜/下榻/的/宾馆, 来到/灾情/最/严重/的/甲镇.
    """
    end = noun_phrase_end(words, i, verbs)
    at = next((k for k in range(end, len(words)) if words[k].text == "的" and words[k].pos == "u"), 0)
    if end < at and words[end].mention is None and (_opens(words, end, verbs) if end == i else _closes(words, end, at)):
        far = relative_end(words, end, verbs)
        if far is not None:
            return at + 1, far
    return i, end


def _opens(words: tuple[Word, ...], i: int, verbs: Collection[str]) -> bool:
    """位于/甲县/的, 最/美/的, 为/大会/提供/保障/的: does a description begin the goal?"""
    return (words[i].pos in ("v", "a", "d", "ad") and words[i].text not in verbs) or (
        words[i].text == "为" and words[i].pos == "p")


def _closes(words: tuple[Word, ...], end: int, at: int) -> bool:
    """下榻/的, 最/严重/的, 所在/的: does one end right behind the noun phrase? 位于/…/的 may be long."""
    if words[end].text in _LIES and words[end].pos == "v":
        return True
    return at - end <= 2 and words[at - 1].pos in ("v", "a", "vn") and (at - end == 1 or words[end].pos in ("d", "ad"))


def read_arrival(words: tuple[Word, ...], frame: Frame, lexicon: Lexicon) -> Predicate | None:
    """周文澜/还/到/甲县/一家/公司: the clause tells no more than where somebody goes."""
    at = next((k for k in range(len(words) - 1, -1, -1) if words[k].text in _TO and words[k].mention is None), -1)
    goal, subject = words[at + 1:], frame.subject
    people = subject.reach == 1 and subject.of_people and all(
        word.pos in _SKIPPED for word in words[:max(at, 0)])
    if at < 0 or not goal or (subject.reach and not people) or not subject.agents or frame.passive or (
            frame.polarity != "positive") or (
            at > 0 and words[at - 1].pos not in _BEFORE_GOING and words[at - 1].text not in (
                "后", *lexicon.cues["openers"])):
        return None
    if goal[0].pos in ("DATE", "TIME", "m") or goal[-1].text in lexicon.cues["temporal_ends"] or (
            goal[-1].pos in ("v", "vn", "DATE", "TIME") or not is_place(goal, lexicon.cues)) or any(
            word.text in _FROM and word.mention is None for word in words[:at]):
        return None
    return Predicate(lexicon.triggers["来到"], words[at:at + 1], goal,
                     frame._replace(places=named_places(goal)))
