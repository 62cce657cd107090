"""Acts told in what describes a noun, of whoever is named before their verb: 甲局/发布/的/数据, 周文澜/提出/的/倡议.

Such an act is taken for granted, so it counts wherever it stands: in what somebody says, too, and in what he wants.
What a description says of how things are (乙军/控制/的/地区, 甲公司/经营/的/店) is no act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.acts.act import Act, make_act, of_thing
from kg.acts.adjuncts import Predicate
from kg.acts.clauses import BREAKS, Word
from kg.acts.describers import read_describer
from kg.acts.guests import guest_acts
from kg.acts.lexicon import OTHER, Action, Lexicon
from kg.acts.noun_phrases import behind_time, noun_phrase_end, relative_end
from kg.models import TaggedSentence

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
            yield of_thing(act, predicate.object)
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
    """What a verb says of the noun behind the 的 at `closing`, if somebody is named who did it."""
    start = closing + 2 if words[closing + 1].text == "是" else closing + 1        # 甲军/炸毁/的/是/铁路
    end = _thing_end(words, start, lexicon)
    if end == start or (words[end - 1].mention is None and words[end - 1].text in lexicon.cues["about_acts"]):
        return None                     # 设立/的/初衷: that is said of the act itself
    frame = read_describer(words, verb, end, lexicon)
    return Predicate(action, (words[verb],), words[start:end], frame) if frame is not None else None


def _thing_end(words: tuple[Word, ...], start: int, lexicon: Lexicon) -> int:
    """Behind the noun phrase that begins at `start`, whatever describes it, too (作/的/关于/防汛/的/报告)."""
    end = noun_phrase_end(words, behind_time(words, start), lexicon.triggers)
    if start < end < len(words) and words[end].pos == "v" and words[end].text in lexicon.cues["things_made"]:
        end += 1                        # 全球/治理/倡议, 联合/演习
    if end == start:
        end = relative_end(words, start, lexicon.triggers) or start
        end = start if any(w.mention is None and w.text in BREAKS for w in words[start:end]) else end
    if end == start and words[start].pos == "v":
        end = noun_phrase_end(words, start + 1, lexicon.triggers)       # 构建/命运/共同体/理念
        end = end if end > start + 1 else start
    while end > start and words[end - 1].mention is None and (
            words[end - 1].pos == "f" or words[end - 1].text in lexicon.cues["reporting"]):
        end -= 1                        # 数据/称, 会议/上
    return end
