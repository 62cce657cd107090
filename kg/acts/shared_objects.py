"""A verb without an object that 并 joins to one with it: both are done to the same (寻找/并/摧毁/一处/仓库)."""

from __future__ import annotations

from collections.abc import Sequence

from kg.acts.adjuncts import ASPECT, Predicate
from kg.acts.clauses import ADVERBIAL, AND, Clause
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import noun_phrase_end

#: What an action needs that has its object so.
_NEEDS = frozenset({"needed", "specific", "counted", "place"})


def with_shared_object(predicate: Predicate, clause: Clause, behind: Sequence[Clause], lexicon: Lexicon) -> Predicate:
    """The predicate, with the object of the verb to which 并 joins its own at the end of the clause."""
    frame = predicate.frame
    action = predicate.action
    there = action.object == "place" and bool(frame.places or frame.sites)      # 在/甲镇/调研/并/主持/会议
    if predicate.object or clause.closer not in AND or not behind or clause.words[-1] != predicate.verb[-1] or (
            frame.fronted or frame.passive or there) or (
            action.object not in _NEEDS or action.kind not in ("act", "ruling", "frame")):
        return predicate
    words = behind[0].words
    i = next((k for k, w in enumerate(words) if w.pos not in ADVERBIAL), len(words))
    if i == len(words) or words[i].mention is not None or words[i].pos != "v" or words[i].text not in lexicon.triggers:
        return predicate
    start = i + 1
    while start < len(words) and words[start].text in ASPECT:
        start += 1
    end = noun_phrase_end(words, start, lexicon.triggers)
    return predicate._replace(object=words[start:end]) if start < end == len(words) else predicate
