"""What holds for the next clause of a sentence: who acts, where, when, and how sure it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kg.acts.adjuncts import Frame, Predicate, with_partners
from kg.acts.clauses import ADVERBIAL, AND, WHEN, Clause, Word
from kg.acts.lexicon import Lexicon
from kg.acts.predicates import Reading
from kg.acts.referents import group_of, pair_of
from kg.acts.sittings import is_session
from kg.acts.subjects import NOBODY, Subject
from kg.acts.topics import work_of
from kg.models import Mention

#: Open a clause that says no other subject of its own, as a noun or a number may (其下属的工厂，已…; 多名工人…).
_NO_SUBJECT = WHEN | {"v", "p", "c"}
#: Of what somebody is about to do, not of what a body announces.
_ABOUT_TO = frozenset({"准备", "打算", "预备"})


class _Venue(NamedTuple):
    """Where the last act of a sentence was done, and by whom; by nobody, if it is only said that it took place."""

    agents: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    action: str = ""


class Left(NamedTuple):
    """What one clause leaves to the next of its sentence, besides the frame: who may go on, and where."""

    clause: Clause | None = None        # the clause itself, where nobody is named who did something to its subject
    fronted: tuple[Word, ...] = ()      # what was moved before its verb
    enforcer: Subject = NOBODY          # by whom something was done to its subject
    closer: Subject = NOBODY            # by whom an inquiry was closed
    announcer: Subject = NOBODY         # the body that has announced what the next clause with a verb tells
    perceiver: Subject = NOBODY         # who saw or heard what it tells
    finder: Subject = NOBODY            # the body that found something out about somebody, in any clause so far
    venue: _Venue = _Venue()
    guests: bool = False                # somebody was invited: what follows may be done by him
    published: bool = False             # a document was made public: what follows may tell what stands in it

    def guests_act(self, predicate: Predicate) -> bool:
        """May a predicate tell what those do who were invited?"""
        return self.guests and predicate.frame.subject.reach > 0


def left_by(reading: Reading, clause: Clause, frame: Frame, before: Left, lexicon: Lexicon) -> Left:
    """What a clause, read in `frame`, leaves to the next; `before`: what was left to itself."""
    predicate = reading.predicate
    passive = predicate is not None and predicate.frame.passive
    enforcer = predicate.frame.subject if predicate is not None and passive else NOBODY
    closed = predicate is not None and predicate.verb[-1].text.endswith("终结")
    left = before._replace(
        clause=None if enforcer.named else clause, fronted=predicate.frame.fronted if predicate is not None else (),
        enforcer=enforcer, closer=enforcer if closed else NOBODY,
        perceiver=before.perceiver if reading.adjunct else reading.perceiver,
        finder=_finder(clause, frame.subject) or before.finder, announcer=_announcer(reading, clause, before))
    if predicate is None or not tells_an_act(predicate, lexicon):
        return left
    subject, id_ = predicate.frame.subject, predicate.action.id
    return left._replace(
        venue=_Venue(subject.agents, predicate.frame.places, id_),
        guests=before.guests_act(predicate) or id_ == "invite", published=before.published or id_ in ("issue", "draft"))


def tells_an_act(predicate: Predicate, lexicon: Lexicon) -> bool:
    """Not so where it only says by whom a post is held (由/黄某/兼任)."""
    return not (predicate.frame.passive and predicate.verb[-1].text in lexicon.cues["held"])


def frame_ahead(clause: Clause, frame: Frame, left: Left, lexicon: Lexicon) -> Frame:
    """What holds for a clause by what the one before it left: who goes on, and with what."""
    joined = clause.opener in AND
    enforcing = (joined or left.enforcer.named) and enforces(clause, "enforcement", lexicon)
    if joined:
        frame = frame._replace(fronted=left.fronted)
    if enforcing and left.enforcer.named and _goes_on(clause, left.enforcer, lexicon):
        frame = frame._replace(subject=left.enforcer._replace(reach=1))
    if enforcing and joined and left.clause is not None and is_taken(left.clause, lexicon):
        frame = frame._replace(subject=NOBODY)
    if left.closer.named and enforces(clause, "upon_closing", lexicon):
        frame = frame._replace(subject=left.closer._replace(reach=1))
    if left.announcer.named and not frame.subject.named and clause.words[0].pos in _NO_SUBJECT:
        frame = frame._replace(subject=left.announcer._replace(reach=1))
    if left.perceiver.named and not frame.subject.named and clause.words[0].text in lexicon.cues["upon_seeing"]:
        frame = frame._replace(subject=left.perceiver._replace(reach=1))
    return frame


def frame_behind(reading: Reading, frame: Frame, cues: Mapping[str, Collection[str]]) -> Frame:
    """What holds for the next clause of the sentence."""
    subject = reading.subject
    if reading.predicate is not None:
        certainty = reading.predicate.frame.certainty
    else:
        certainty = frame.certainty if subject == frame.subject and reading.adjunct else reading.certainty
    if not subject.named and _is_share(reading, frame.subject):
        subject = frame.subject
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
                 patient=patient, decreed=decreed, known=frame.known, body=frame.body, thing=thing,
                 both=pair_of(reading.predicate, cues) or frame.both,
                 group=group_of(_together(reading)) or frame.group)


def _is_share(reading: Reading, together: Subject) -> bool:
    """方某、邹某…，由/方某/望风，…: does one of those who act together do what a clause tells?"""
    if reading.predicate is None or not reading.predicate.frame.passive or reading.predicate.frame.patient:
        return False
    one = {agent.text for agent in reading.predicate.frame.subject.agents}
    return together.reach == 1 and together.of_people and bool(one) and one < {each.text for each in together.agents}


def _together(reading: Reading) -> tuple[Mention, ...]:
    """Those who do what a clause tells, with those named behind 与 or 伙同."""
    if reading.predicate is None:
        return reading.subject.agents
    return with_partners(reading.predicate.frame).agents


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


def at_venue(predicate: Predicate, clause: Clause, left: Left, lexicon: Lexicon) -> Predicate:
    """The predicate with the place of the act to which 并 joins it, or of the event that others hold.

    在/甲镇/调研/并/主持召开/座谈会; 论坛/在/甲县/开幕，由/乙局/主办; 甲局/在/乙县/召开/会议，周文澜/出席. Who goes on
    to see things (在/甲镇/走访/农户，检查/防汛) does so there as well.
    """
    frame, id_, venue = predicate.frame, predicate.action.id, left.venue
    if frame.places or not venue.places or id_ not in lexicon.cues["same_place"]:
        return predicate
    joined = frame.subject.agents == venue.agents and (
        clause.opener in AND or clause.words[0].text in AND or venue.action in lexicon.cues["same_place"])
    held = not venue.agents or (venue.action in ("convene", "sit") and len(predicate.object) < 2)
    event = id_ in ("convene", "attend") and (not venue.agents or (held and (
        not predicate.object or is_session(predicate.object, lexicon.cues))))
    return predicate._replace(frame=frame._replace(places=venue.places)) if joined or event else predicate


def enforces(clause: Clause, cue: str, lexicon: Lexicon) -> bool:
    """甲某被乙局抓获，并/扣押/赃款: is the first verb of a clause done by those who caught somebody, not by him?"""
    verb = next((w for w in clause.words if w.mention is None and w.text in lexicon.triggers and (
        lexicon.triggers[w.text].kind != "light")), None)
    named = any(w.mention is not None and w.pos in ("PERSON", "ORGANIZATION") for w in clause.words[:1])
    return verb is not None and not named and lexicon.triggers[verb.text].id in lexicon.cues[cue]


def _goes_on(clause: Clause, enforcer: Subject, lexicon: Lexicon) -> bool:
    """Does a clause open with 并, or behind what a body did with its verb (王某被甲局抓获，现场/扣押/赃款)?"""
    if clause.words[0].text in AND:
        return True
    verb = next((i for i, w in enumerate(clause.words) if w.mention is None and w.text in lexicon.triggers), 0)
    return all(a.type == "ORGANIZATION" for a in enforcer.agents) and all(
        w.mention is None and (w.pos in ADVERBIAL or w.text in lexicon.cues["adverbs"] or w.text == "现场")
        for w in clause.words[:verb])


def _announcer(reading: Reading, clause: Clause, before: Left) -> Subject:
    """甲局, of 甲局/宣布，（自5月3日起，）/启动/响应: whoever is named behind that acts instead."""
    if reading.announcing is None:
        return before.announcer if reading.adjunct and clause.words[0].pos in _NO_SUBJECT else NOBODY
    subject = reading.announcing.frame.subject
    told = clause.closer == "，" and not subject.of_people and reading.announcing.verb[-1].text == "宣布"
    return subject if told else NOBODY


def _finder(clause: Clause, subject: Subject) -> Subject | None:
    """甲局, of 发现/乙公司/未/登记: who may go on to do something about it."""
    words = clause.words
    found = words[0].text in ("发现", "查明", "检查发现", "调查发现") and any(w.mention is not None for w in words[1:3])
    bodies = all(agent.type == "ORGANIZATION" for agent in subject.agents)
    return subject if found and subject.named and bodies else None
