"""Acts told in what describes a noun, of whoever is named before their verb: 甲局/发布/的/数据, 周文澜/提出/的/倡议.

Such an act is taken for granted, so it counts wherever it stands: in what somebody says, too, and in what he wants.
What a description says of how things are (乙军/控制/的/地区, 甲公司/经营/的/店) is no act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import ADVERBIAL, COORDINATORS, NOMINAL, Word
from kg.acts.guests import guest_acts
from kg.acts.lexicon import OTHER, Action, Lexicon
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.subjects import NAMED, read_subject
from kg.models import TaggedSentence

#: What may stand between who acts and the verb.
_BETWEEN = frozenset({*ADVERBIAL, "TIME", "DATE"})
_PERFECT = frozenset({"了", "过"})


def described_acts(tagged: TaggedSentence, words: tuple[Word, ...], read: Collection[int],
                   lexicon: Lexicon) -> Iterator[Act]:
    """The acts of a sentence that its descriptions tell of, but for those whose verbs begin where `read` has it."""
    for closing in range(2, len(words) - 1):
        if words[closing].text != "的" or words[closing].mention is not None:
            continue
        verb = closing - 2 if words[closing - 1].text in _PERFECT and closing > 2 else closing - 1
        action = _action(words[verb], lexicon) if words[verb].start not in read else None
        predicate = _predicate(words, verb, closing, action, lexicon) if action is not None else None
        if predicate is not None and (act := make_act(tagged, predicate, None, lexicon, "described")):
            # what is named before the noun only says which it is
            yield act if predicate.object[-1].mention is not None else replace(act, targets=())
        if action is None:
            yield from guest_acts(tagged, words, closing, read, lexicon)


def _action(word: Word, lexicon: Lexicon) -> Action | None:
    """The action of a verb that may describe what was done by it (发布, 所作, 率领), or None."""
    cues = lexicon.cues
    if word.mention is not None or word.pos != "v":
        return None
    if word.text in cues["leading"] or word.text in cues["done_to_described"]:
        return OTHER
    action = lexicon.triggers.get(word.text) or (
        lexicon.triggers.get(word.text[1:]) if word.text[0] == "所" and len(word.text) > 1 else None)
    if action is None or not action.relative or action.kind == "motion":
        return None
    return action if cues["standing"].isdisjoint({word.text, action.id}) else None


def _predicate(words: tuple[Word, ...], verb: int, closing: int, action: Action, lexicon: Lexicon) -> Predicate | None:
    """Who did it, when, and what is described, if somebody is named right before the verb."""
    cues = lexicon.cues
    end = verb - 1 if words[verb - 1].text == "所" else verb
    date = None
    while end > 0 and words[end - 1].pos in _BETWEEN:
        end -= 1
        if words[end].mention is None and words[end].text in cues["undone"]:
            return None
        date = words[end].mention or date
    start = end
    while start > 0 and _may_name(words[start - 1]):
        start -= 1
    if words[start].text == "与" and (start == 0 or words[start - 1].pos not in NOMINAL):
        return None                     # 与/甲局/签署/的/协议
    subject = read_subject(words[start:end], cues) if start < end else None
    if subject is None or not subject.named or (start and not _may_precede(words[start - 1], lexicon)):
        return None
    obj = _described(words, closing + 1, lexicon)
    return Predicate(action, (words[verb],), obj, Frame(subject, date=date)) if obj else None


def _described(words: tuple[Word, ...], start: int, lexicon: Lexicon) -> tuple[Word, ...]:
    """The noun phrase that begins at `start`; nothing where it speaks of the act itself (设立/的/初衷)."""
    cues = lexicon.cues
    end = noun_phrase_end(words, start, lexicon.triggers)
    if start < end < len(words) and words[end].pos == "v" and words[end].text in cues["things_made"]:
        end += 1                        # 全球/治理/倡议, 联合/演习
    while end > start and words[end - 1].pos == "f":
        end -= 1
    about = end > start and words[end - 1].mention is None and words[end - 1].text in cues["about_acts"]
    return () if about else words[start:end]


def _may_name(word: Word) -> bool:
    return word.pos in (*NAMED, "POSITION") or word.text in COORDINATORS or word.text in ("等", "单位", "部门")


def _may_precede(word: Word, lexicon: Lexicon) -> bool:
    """Not so behind 向/甲局/提交/的, 与/甲局/签订/的, 甲市/乙局: who is named isn't who acts, or not all of him."""
    cues = lexicon.cues
    return word.pos != "LOCATION" and not (word.mention is None and any(
        word.text in cues[name] for name in ("recipient", "partner", "fronting", "passive")))
