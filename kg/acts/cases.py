"""The names of cases and crimes: the verbs in them are no acts (非法捕捞水产品一案, 涉嫌生产、销售伪劣产品罪)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.acts.clauses import Word
from kg.acts.lexicon import OTHER, Action

#: What a case's name is governed by: 对/叶某非法捕捞水产品一案/提起/公诉.
_GOVERNS = frozenset({"对", "将", "就", "把"})


def is_case(word: Word, cues: Mapping[str, Collection[str]]) -> bool:
    """一案, 案件, 盗窃案, but not 方案."""
    return word.mention is None and word.text.endswith(("案", "案件")) and not word.text.endswith(
        tuple(cues["not_cases"]))


def case_end(words: tuple[Word, ...], i: int, cues: Mapping[str, Collection[str]]) -> int:
    """Behind the case that the preposition at i governs, where the verb follows; else 0."""
    if words[i].text not in _GOVERNS:
        return 0
    return next((j + 1 for j in range(i + 2, len(words) - 1) if is_case(words[j], cues)
                 and words[j + 1].pos in ("v", "vn", "p", "d", "ad", "vd")
                 and not any(w.text in _GOVERNS for w in words[i + 1:j])), 0)


def names_a_case(action: Action, obj: tuple[Word, ...], certainty: str, cues: Mapping[str, Collection[str]]) -> bool:
    """Whether a verb with its object is the name of a case or, behind 涉嫌, of a crime."""
    if not obj:
        return False
    if certainty == "suspected" and any(w.mention is None and w.text.endswith("罪") for w in obj):
        return True
    return obj[-1].text.endswith("一案") and (action is OTHER or action.id in cues["crimes"])
