"""Who does what a clause tells of that only says when: 在白鹭镇调研时，周文澜指出…; the next clause names him."""

from __future__ import annotations

from kg.acts.adjuncts import Frame, read_adjuncts
from kg.acts.clauses import NOMINAL, Clause
from kg.acts.lexicon import Lexicon
from kg.acts.subject_ends import subject_end
from kg.acts.subjects import NAMED, NOBODY, Subject
from kg.acts.topics import subject_of

_ENDS = frozenset({"时", "后", "之后", "期间"})
#: What may stand before them: the end of an object.
_BEHIND = NOMINAL | {"u", "vn"}


def waits_for_subject(clause: Clause, subject: Subject, lexicon: Lexicon) -> bool:
    """Does a clause with an act say when the next one happens, while nobody of its sentence is known to act?

    Not so where somebody stands before the verb (在/甲公司/宣布/破产/后), nor where the act is said to begin or end.
    """
    words = clause.words
    if clause.closer != "，" or words[-1].text not in _ENDS or words[-1].mention is not None or subject.reach == 1:
        return False
    verb = next((i for i, w in enumerate(words) if (
        w.mention is None and w.text in lexicon.triggers and (
            w.pos == "v" or (w.pos == "vn" and i + 1 < len(words) and words[i + 1].mention is not None)))), -1)
    if verb < 0 or (verb + 2 < len(words) and words[-2].pos not in _BEHIND
                    and words[-2].text not in lexicon.cues["heard"]):
        return False
    action, before = lexicon.triggers[words[verb].text].id, words[:verb]
    there = bool(before) and before[-1].pos == "LOCATION" and any(w.text in ("在", "到", "赴") for w in before)
    if there or (verb + 1 < len(words) - 1 and lexicon.triggers[words[verb].text].kind != "light"):
        return (not there or action in lexicon.cues["same_place"]) and action not in lexicon.cues["received"] and all(
            w.pos not in NAMED or w.mention is None or (i and before[i - 1].pos == "p" and before[i - 1].text != "在")
            for i, w in enumerate(before))
    return False


def who_opens(clause: Clause, frame: Frame, lexicon: Lexicon) -> Subject:
    """The named subject at the head of a clause, or NOBODY; those who see somebody off don't leave."""
    words = clause.words
    if words[-1].text in lexicon.cues["seeing_off"]:
        return NOBODY
    i, frame, verdict = read_adjuncts(words, 0, frame, lexicon)
    end = i if verdict or i == len(words) else subject_end(words, i, lexicon)
    return subject_of(words[i:end], frame, lexicon.cues) if i < end < len(words) else NOBODY
