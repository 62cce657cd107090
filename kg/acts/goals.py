"""Where somebody goes: the noun phrase behind a verb of going, with what describes it (来到/位于/甲县/的/研究院)."""

from __future__ import annotations

from collections.abc import Collection

from kg.acts.clauses import Word
from kg.acts.noun_phrases import noun_phrase_end, relative_end


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
    """下榻/的, 最/严重/的, 所在/的: does one end right behind the noun phrase?"""
    return at - end <= 2 and words[at - 1].pos in ("v", "a", "vn") and (at - end == 1 or words[end].pos in ("d", "ad"))
