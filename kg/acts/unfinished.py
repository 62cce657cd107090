"""Clauses that a comma cuts within a phrase."""

from __future__ import annotations

from itertools import pairwise

from kg.acts.adjuncts import ASPECT, HELD
from kg.acts.clauses import Clause, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.subjects import read_subject


def is_unfinished(clause: Clause, following: Clause, lexicon: Lexicon) -> bool:
    """Does the clause end within a phrase behind 对 or 为 whose verb stands in the following clause?

    Or within a description behind 由 whose noun does (成立由甲任组长/乙任副组长的专班)?
    """
    words, cues = clause.words, lexicon.cues
    if words[-1].text in HELD and any(w.text == "由" for w in words[:2]):     # 由/甲局/主办，乙局/承办/的/论坛
        return any(a.text in HELD and b.text == "的" for a, b in pairwise(following.words))
    if _is_describing(words, lexicon):
        return any(w.text == "的" for w in following.words)
    at = [i for i, w in enumerate(words) if w.mention is None and w.text in ("对", "为") and i + 2 < len(words)]
    if not at or any(w.pos in ("v", "p") or w.text in lexicon.triggers for w in words[at[-1] + 1:] if w.text != "的"):
        return False
    rest = following.words
    verbs = [i for i, w in enumerate(rest) if w.mention is None and w.text in lexicon.triggers and w.pos == "v"]
    end = noun_phrase_end(rest, 0, lexicon.triggers)
    if not verbs or any(w.text in cues["fronting"] for w in rest):
        return not verbs and end == len(rest) and len(words) > at[-1] + 2
    light = lexicon.triggers[rest[verbs[-1]].text].kind in ("light", "frame") or verbs[-1] == len(rest) - 1
    own = at[-1] == 0 and read_subject(rest[:end], cues).named
    return light and (end == verbs[0] or rest[end].pos == "p") and not own


def _is_describing(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Does an object begin with 由 and not come to its 的 (成立/了/由/甲/任/组长)?"""
    for i, word in enumerate(words):
        if word.mention is None and word.text == "由" and i and (
                words[i - 1].text in ASPECT or words[i - 1].text in lexicon.triggers):
            return all(w.text != "的" for w in words[i:])
    return False
