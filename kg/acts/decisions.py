"""What somebody decides, agrees or refuses to do (决定/在/甲舰/上/试用/…, 同意/…, 拒绝/加入).

That is the act, where nothing is done by it.
"""

from __future__ import annotations

from kg.acts.adjuncts import SETTLED, Frame, Predicate, refuses
from kg.acts.clauses import Word
from kg.acts.lexicon import Action, Lexicon

#: The action of a decision; its object is all that was decided on.
DECIDE = Action("decide", "决定", "decide", targets="none")
#: The same of what is refused.
REFUSE = Action("refuse", "拒绝", "refuse", targets="none")
_DECIDING = frozenset({"决定", "研究决定", "一致决定", "同意", "一致同意"})


def read_decision(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Predicate | None:
    """The predicate of 决定 at i with the clause behind it, or None where that tells what is done with the decision.

    Nor is it one where something decides on how others fare (决定/了/方向), or where it only dates the next clause.
    What people decide in a sentence that doesn't name them isn't read.
    """
    word, rest, cues = words[i], words[i + 1:], lexicon.cues
    if refuses(words, i, frame):
        return Predicate(REFUSE, (word,), rest[1:] if rest[0].text == "了" else rest, frame)
    if word.mention is not None or word.pos != "v" or word.text not in _DECIDING or not rest or (
            rest[0].text in SETTLED or frame.passive or not frame.subject.agents or (
                frame.subject.reach == 2 and frame.subject.of_people)):
        return None
    verbs = [w for w in rest if w.pos == "v" and w.mention is None]
    settled = any(w.text in lexicon.triggers and lexicon.triggers[w.text].id in cues["decided"] for w in rest)
    dates = any(w.mention is None and w.text in cues["temporal_ends"] and w.pos == "f" for w in rest)
    if settled or dates or not verbs or words[-1].text in cues["temporal_ends"] or any(
            w.mention is None and w.text in cues["copulas"] for w in rest):
        return None
    return Predicate(DECIDE, (word,), rest, frame)


def decides_what_follows(words: tuple[Word, ...], i: int, frame: Frame) -> Predicate | None:
    """甲局/日前/决定/，…: the decision of somebody named on what the next clause tells."""
    told = words[i].text in _DECIDING and words[i].pos == "v" and i + 1 == len(words)
    return Predicate(DECIDE, words[i:], (), frame) if told and frame.subject.reach == 0 and not frame.passive else None
