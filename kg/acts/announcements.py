"""What somebody announces, as the object of the announcement: 甲局宣布，…"""

from __future__ import annotations

from collections.abc import Sequence

from kg.acts.adjuncts import Predicate
from kg.acts.clauses import AND, Clause
from kg.acts.lexicon import Lexicon

_ALSO = AND | {"同时"}


def announcement(announcing: Predicate, clause: Clause, behind: Sequence[Clause], lexicon: Lexicon) -> Predicate | None:
    """The act of announcing what the clause behind tells, with the next one where that only says when.

    Not where somebody is only to announce something, nor where what is announced is nobody's.
    """
    if clause.closer not in ("，", "：") or not behind or not announcing.frame.subject.agents \
            or announcing.frame.polarity == "negative":
        return None
    told = behind[0].words
    # 建设/4年/来，…; 随着/…，…
    opens = told[0].text == "随着" or told[-1].text == "来" or told[-1].text in lexicon.cues["temporal_ends"]
    if len(behind) > 1 and (opens or not any(w.mention is None and w.pos == "v" and len(w.text) > 1 for w in told)):
        told = (*told, *behind[1].words)
    return announcing._replace(object=told)


def announced_later(behind: Sequence[Clause], lexicon: Lexicon) -> int:
    """How many clauses reach to one that goes on from what was said with an announcement (呼吁…，并宣布…), or 0."""
    return next((at for at, clause in enumerate(behind, 1) if (
        clause.opener in _ALSO or clause.words[0].text in _ALSO) and any(
        w.mention is None and w.text in lexicon.cues["announcing"] for w in clause.words[:3])), 0)
