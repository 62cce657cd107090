"""What holds for the next clause of a sentence: who acts, where, when, and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.acts.adjuncts import Frame
from kg.acts.clauses import Clause, Word
from kg.acts.lexicon import Lexicon
from kg.acts.predicates import Reading
from kg.acts.subjects import Subject
from kg.acts.topics import work_of

#: Of what somebody is about to do, not of what a body announces.
_ABOUT_TO = frozenset({"准备", "打算", "预备"})


def frame_behind(reading: Reading, frame: Frame, cues: Mapping[str, Collection[str]]) -> Frame:
    """What holds for the next clause of the sentence."""
    subject = reading.subject
    if reading.predicate is not None:
        certainty = reading.predicate.frame.certainty
    else:
        certainty = frame.certainty if subject == frame.subject and reading.adjunct else reading.certainty
    patient: tuple[Word, ...] = ()
    places, went = reading.places or frame.places, reading.went or (frame.went and not reading.places)
    date = reading.date
    if reading.predicate is not None and reading.predicate.frame.passive:
        patient = reading.predicate.frame.patient
    elif reading.predicate is not None and reading.predicate.action.kind == "motion":
        places, went = reading.predicate.frame.places, True     # 来到/甲村，查看/灾情
        if any(word.text in cues["departing"] for word in reading.predicate.verb):
            places, went, date = (), False, None                # 离开/甲市，访问/乙国
    thing = frame.thing if reading.predicate is not None and reading.predicate.object == frame.thing else ()
    if reading.predicate is not None and reading.predicate.frame.passive and not reading.predicate.object:
        thing = reading.predicate.frame.patient
    thing = thing or reading.thing or work_of(reading.predicate)
    decreed = reading.predicate is not None and bool(reading.predicate.object) and (
        reading.predicate.object[-1].text.endswith("令"))       # 签署/主席令，任命/周文澜
    return Frame(subject._replace(reach=max(subject.reach, 1)) if subject.named else subject,
                 places=places, went=went, date=date, certainty=certainty, listed=reading.listed,
                 patient=patient, decreed=decreed, known=frame.known, body=frame.body, thing=thing)


def names_a_holder(clause: Clause, lexicon: Lexicon) -> bool:
    """大队长由/黄某/兼任, 由/甲局/组成: does a clause only say who holds a post or makes up a body?"""
    return clause.words[-1].text in lexicon.cues["held"] and any(
        w.mention is None and w.text in lexicon.cues["agentive"] for w in clause.words)


def came_to_nothing(clause: Clause, subject: Subject, lexicon: Lexicon) -> bool:
    """方某/准备/逃跑/时/被/抓获, 方某/准备/离开: what goes on behind what somebody was about to do is a fact again."""
    about = any(word.mention is None and word.text in _ABOUT_TO for word in clause.words)
    return about and (clause.words[-1].text in lexicon.cues["temporal_ends"] or subject.of_people)


def is_taken(clause: Clause, lexicon: Lexicon) -> bool:
    """方某/被/保安/抓获: is something done to the subject, so that what 并 joins to it may be done to him as well?"""
    return any(word.mention is None and word.text in lexicon.cues["passive"] for word in clause.words)
