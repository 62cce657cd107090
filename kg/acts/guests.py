"""What those do or did whom somebody meets: 会见/来华/进行/国事/访问/的/甲国/总统/方大年, 与/到访/的/方大年/会谈."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import ADVERBIAL, AND, BREAKS, WHEN, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.subjects import Subject, read_subject
from kg.models import TaggedSentence

#: As far before 的 begins what is said of a guest.
_REACH = 40


def guest_acts(tagged: TaggedSentence, words: tuple[Word, ...], closing: int, read: Collection[int],
               lexicon: Lexicon) -> Iterator[Act]:
    """The acts in a description that the 的 at `closing` ends, of people who are met and named behind it.

    Verbs that begin where `read` has it are left out.
    """
    start = _opening(words, closing, lexicon)
    if not start:
        return
    end = noun_phrase_end(words, closing + 1, lexicon.triggers)
    while end > closing + 1 and words[end - 1].text in lexicon.cues["temporal_ends"]:
        end -= 1                        # 会见/到访/的/方大年/时
    if any(w.text == "的" and w.mention is None for w in words[closing + 1:end]):
        return                          # 参加/甲局/召开/的/座谈会/的/方大年
    guests = read_subject(words[closing + 1:end], lexicon.cues)
    if not guests.named or not guests.of_people:
        return
    cuts = [start - 1, *(k for k in range(start, closing) if words[k].text in AND), closing]
    for before, end in pairwise(cuts):
        predicate = _predicate(words[before + 1:end], guests, lexicon)
        if predicate is not None and predicate.verb[0].start not in read and (
                act := make_act(tagged, predicate, None, lexicon, "described")):
            yield act


def _opening(words: tuple[Word, ...], closing: int, lexicon: Lexicon) -> int:
    """Where the description begins whose end is the 的 at `closing`: behind 会见 or 与, with a verb; or 0."""
    for i in range(closing - 1, max(closing - _REACH, 0) - 1, -1):
        word = words[i]
        if word.mention is None and word.text in BREAKS:
            return 0
        if word.mention is None and word.text in lexicon.cues["with_somebody"]:
            verb = _behind_adverbs(words, i + 1)
            if words[verb].pos == "v" and words[verb].mention is None and verb < closing:
                planned = any(w.text in lexicon.cues["plan"] for w in words[max(i - 3, 0):i])
                return 0 if planned else i + 1
    return 0


def _behind_adverbs(words: tuple[Word, ...], i: int) -> int:
    while i < len(words) - 1 and words[i].pos in ADVERBIAL:
        i += 1
    return i


def _predicate(words: tuple[Word, ...], guests: Subject, lexicon: Lexicon) -> Predicate | None:
    """What guests do by one part of their description: 来华/出席/论坛; 到访 only where nothing follows."""
    cues = lexicon.cues
    verb = next((k for k, w in enumerate(words) if w.mention is None and w.pos == "v" and (
        w.text not in cues["coming"]) and w.text not in cues["openers"]), len(words))
    if any(w.text in cues["undone"] for w in words[:verb]):
        return None
    frame = Frame(guests)
    if verb == len(words):
        came = bool(words) and words[-1].text in cues["coming"] and words[-1].mention is None
        return Predicate(replace(lexicon.triggers["抵达"], object="optional"), words[-1:], (), frame) if came else None
    action = lexicon.triggers.get(words[verb].text)
    plain = all(w.pos in (*WHEN, "v") for w in words[:verb])
    if action is not None and action.object == "place" and verb == len(words) - 1:
        action = replace(action, object="optional")         # 来华/访问
    return Predicate(action, (words[verb],), words[verb + 1:], frame) if action is not None and plain else None
