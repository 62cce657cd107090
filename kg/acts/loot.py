"""What became of what somebody got by a crime: 赃款/已/挥霍, 赃物/以/500元/变卖. He of whom the text speaks did it."""

from __future__ import annotations

from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import Word
from kg.acts.lexicon import Lexicon
from kg.acts.subjects import NAMED


def read_loot(words: tuple[Word, ...], i: int, end: int, frame: Frame, lexicon: Lexicon) -> Predicate | None:
    """What was done with the loot at i, which ends at `end`, if the clause tells no more than that."""
    last, kept = words[-1], frame.subject
    if words[end - 1].text not in lexicon.cues["loot"] or last.text not in lexicon.cues["disposing"]:
        return None
    alone = all(word.pos not in NAMED and word.text not in lexicon.cues["passive"] for word in words[i:])
    if not alone or kept.reach != 1 or not kept.of_people or last.mention is not None:
        return None
    return Predicate(lexicon.triggers[last.text], words[-1:], words[i:end], frame._replace(places=()))
