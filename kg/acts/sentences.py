"""One sentence, clause by clause: the acts that it tells of, and what it leaves to the next one.

    the next clause → who acts in it (kg.acts.carried) → its reading (kg.acts.predicates) → its act
          ↑                                                                                    │
          └───────────── what it leaves to the next: `Left`, and the frame ───────────────────┘

Nothing is read behind what says what was said, called for or written down; a report that tells of acts is read on.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.ahead import waits_for_subject, who_opens
from kg.acts.announcements import announced_later, announcement
from kg.acts.carried import (
    Left,
    at_venue,
    came_to_nothing,
    enforces,
    frame_ahead,
    frame_behind,
    left_by,
    names_a_holder,
    tells_an_act,
)
from kg.acts.clauses import AND, Clause, Word, spelled
from kg.acts.known import Known
from kg.acts.lexicon import Lexicon
from kg.acts.phrases import numbered
from kg.acts.predicates import Reading, read_clause
from kg.acts.relatives import relative_acts
from kg.acts.reports import is_told, opens_report, speaker
from kg.acts.scenes import Scene, leaves_scene
from kg.acts.shared_objects import with_shared_object
from kg.acts.sittings import Sitting, decides_for_signer
from kg.acts.splits import split_clauses
from kg.acts.subjects import NOBODY, Subject
from kg.acts.unfinished import is_unfinished
from kg.acts.whiles import part_while
from kg.models import Mention, TaggedSentence

#: What those do who were invited: 邀请/代表/走进/警营，参观/大厅.
_OF_GUESTS = frozenset({"survey", "travel", "take_part"})
NOWHERE = Scene()
#: What opens a sentence that tells what an inquiry found.
_FOUND_OUT = ("调查认定", "经调查认定", "调查发现", "调查显示", "检查发现")


class Thread(NamedTuple):
    """What one sentence leaves to the next of the same paragraph."""

    topic: Subject = NOBODY
    date: Mention | None = None
    scene: Scene = NOWHERE
    group: tuple[Mention, ...] = ()     # the last people who acted together


class _Sentence(NamedTuple):
    """What holds for all clauses of a sentence."""

    tagged: TaggedSentence
    thread: Thread
    sitting: Sitting
    scene: Scene
    signer: Subject         # who signs the document
    sequel: bool            # it goes on in time from the one before
    lexicon: Lexicon

    def acts(self, predicate: Predicate | None, date: Mention | None, rule: str = "act") -> list[Act]:
        """The act of a predicate, or none."""
        act = make_act(self.tagged, predicate, date, self.lexicon, rule) if predicate is not None else None
        return [act] if act else []


def read_sentence(tagged: TaggedSentence, words: list[Word], thread: Thread, sitting: Sitting,
                  known: Known, signer: Subject, lexicon: Lexicon) -> tuple[list[Act], Thread]:
    """The acts of a sentence of these words, in order, and the thread for the one behind it."""
    clauses = list(split_clauses(words, lexicon))
    carried = _carried(tagged, words, thread)
    if carried.named and clauses and _exhorts(clauses[0], lexicon):
        return [], Thread()
    scene = NOWHERE if leaves_scene(words, lexicon.cues) else thread.scene
    whole = _Sentence(tagged, thread, sitting, scene, signer, _is_sequel(clauses, lexicon), lexicon)
    frame, left = Frame(carried, known=known, body=sitting.body, group=thread.group), Left()
    topic: Subject | None = None
    acts: list[Act] = []
    while clauses:
        opened = _opened(clauses, frame, left, whole)
        if opened is None:
            return acts, Thread()
        meanwhile, clause, frame = opened
        acts += meanwhile
        if not clause.words:
            continue
        reading = _read(clause, clauses, frame, left, lexicon)
        predicate = reading.predicate
        acts += _announced(reading, clause, clauses, whole)
        if predicate is not None and _is_said_of(predicate, clauses, lexicon):
            return acts, Thread()
        acts += relative_acts(tagged, clause, predicate.verb[0].start if predicate else -1, lexicon, frame.date)
        if topic is None and not reading.adjunct:
            topic = _topic(reading)
        if predicate is not None and tells_an_act(predicate, lexicon):
            told, orders = _told(reading, predicate, clause, clauses, whole)
            acts += told if not (left.guests_act(predicate) and predicate.action.id in _OF_GUESTS) else []
            if orders:
                return acts, Thread()
        left = left_by(reading, clause, frame, left, lexicon)
        if predicate is not None and _announces(predicate, clause, lexicon):
            return acts, Thread()
        if reading.stop == "wish" and predicate is not None and clauses and clauses[0].words[0].text in AND and (
                enforces(clauses[0], "upon_finding", lexicon)):
            frame = frame_behind(reading, frame, lexicon.cues)     # 责令/甲公司/停产，并/立案/调查
            continue
        if reading.stop == "speech" and (later := announced_later(clauses, lexicon)):
            clauses = clauses[later - 1:]
            frame = frame._replace(subject=reading.subject._replace(reach=1), date=reading.date)
            continue
        if reading.stop == "speech":
            if opens_report(clause, reading.rest, lexicon):
                said = [Clause(reading.rest, "", clause.closer)] if reading.rest else []
                frame = Frame(speaker(reading.subject), known=known, body=sitting.body)
                acts += _reported([*said, *clauses], frame, left, whole)
            return acts, Thread()
        if reading.stop and (topic is None or topic == reading.subject):
            return acts, Thread()
        if reading.stop:
            break       # what others should do doesn't change whom the paragraph is about
        if reading.rest:
            clauses.insert(0, Clause(reading.rest, "", clause.closer))
        frame = frame_behind(reading, frame, lexicon.cues)
        if frame.certainty == "plan" and came_to_nothing(clause, frame.subject, lexicon):
            frame = frame._replace(certainty="fact")
        if names_a_holder(clause, lexicon):
            frame = frame._replace(subject=NOBODY)
    return acts, _thread_behind(topic, carried, frame, whole)


def _opened(clauses: list[Clause], frame: Frame, left: Left,
            whole: _Sentence) -> tuple[list[Act], Clause, Frame] | None:
    """The next clause taken from `clauses`: what was done meanwhile, the rest of it, and the frame in which to read it.

    None where it begins to tell what was said or written down.
    """
    clause = _with_rest_of_phrase(clauses, whole.lexicon)
    frame_of_it = _frame_of(clause, clauses, frame, left, whole)
    return None if frame_of_it is None else _meanwhile(clause, clauses, frame_of_it, whole)


def _meanwhile(clause: Clause, behind: list[Clause], frame: Frame, whole: _Sentence) -> tuple[list[Act], Clause, Frame]:
    """What was done while, or before, the clause tells of what it tells; the rest of the clause; and its frame."""
    parts = part_while(clause, whole.lexicon)
    if parts is None:
        return [], clause, frame
    inside = frame
    if parts.by == "another":
        inside = Frame(NOBODY, known=frame.known, body=frame.body)
    elif parts.by == "next":
        doer = who_opens(behind[0], frame, whole.lexicon) if behind else NOBODY
        if not doer.named:
            return [], clause, frame
        inside = frame._replace(subject=doer._replace(reach=1))
    reading = read_clause(Clause(parts.aside), inside, whole.lexicon)
    if reading.predicate is None or not tells_an_act(reading.predicate, whole.lexicon):
        return [], clause, frame
    acts, _ = _told(reading, reading.predicate, clause, behind, whole)
    if not acts:
        return [], clause, frame
    places = reading.places or reading.predicate.frame.places
    frame = frame._replace(date=reading.date or frame.date, places=places or frame.places)
    return acts, Clause(parts.rest, clause.opener, clause.closer), frame


def _reported(clauses: list[Clause], frame: Frame, left: Left, whole: _Sentence) -> list[Act]:
    """What a report tells as done, in the clauses behind 表示 or 称."""
    acts: list[Act] = []
    done = False            # the clause before told of something that was done
    while clauses:
        opened = _opened(clauses, frame, left, whole)
        if opened is None:
            return acts
        meanwhile, clause, ahead = opened
        acts += meanwhile
        if not clause.words:
            continue
        reading = _read(clause, clauses, ahead, left, whole.lexicon)
        predicate = reading.predicate
        acts += _announced(reading, clause, clauses, whole)
        if predicate is not None and _is_said_of(predicate, clauses, whole.lexicon):
            return acts
        done = predicate is not None and is_told(predicate, clause, done, whole.lexicon)
        if done:
            acts += whole.acts(predicate, reading.date, "reported")
        if reading.stop:
            return acts
        frame = frame_behind(reading, ahead, whole.lexicon.cues)
    return acts


def _carried(tagged: TaggedSentence, words: list[Word], thread: Thread) -> Subject:
    """Who acts at the head of a sentence that doesn't say so; what was found out is done by those it speaks of."""
    found_out = any(word.mention is None and word.text.endswith("查明") for word in words[:6]) or (
        tagged.sentence.text.startswith(_FOUND_OUT))        # 经审理查明，…
    return thread.topic._replace(reach=2) if thread.topic.named and not found_out else NOBODY


def _frame_of(clause: Clause, behind: list[Clause], frame: Frame, left: Left, whole: _Sentence) -> Frame | None:
    """The frame in which a clause is read; None where it begins to tell what was said or written down."""
    lexicon = whole.lexicon
    frame = frame_ahead(clause, frame, left, lexicon)
    if _numbers_what_was_said(clause, frame.subject):
        return None
    if whole.signer.named and decides_for_signer(clause, frame.subject):
        frame = frame._replace(subject=whole.signer)
    if left.finder.named and not frame.subject.named and enforces(clause, "upon_finding", lexicon):
        frame = frame._replace(subject=left.finder._replace(reach=1))
    if _opens_contents(clause, left.published, lexicon) or (
            clause.words[0].text == "是" and frame.subject.reach == 2):
        return None
    if waits_for_subject(clause, frame.subject, lexicon) and behind and (
            doer := who_opens(behind[0], frame, lexicon)).named:
        frame = frame._replace(subject=doer._replace(reach=1))
    return frame


def _read(clause: Clause, behind: list[Clause], frame: Frame, left: Left, lexicon: Lexicon) -> Reading:
    """The reading of a clause, with what its predicate has in common with those around it."""
    reading = read_clause(clause, frame, lexicon)
    if reading.predicate is None:
        return reading
    there = at_venue(reading.predicate, clause, left, lexicon)
    return reading._replace(predicate=with_shared_object(there, clause, behind, lexicon))


def _announced(reading: Reading, clause: Clause, behind: list[Clause], whole: _Sentence) -> list[Act]:
    """The act of one who announces what the clauses behind tell (宣布，…)."""
    if reading.announcing is None:
        return []
    return whole.acts(announcement(reading.announcing, clause, behind, whole.lexicon), reading.date)


def _topic(reading: Reading) -> Subject:
    """Whom a clause is about: who acts, or to whom it is done."""
    predicate = reading.predicate
    return predicate.frame.subject if predicate is not None and not predicate.frame.passive else reading.subject


def _told(reading: Reading, predicate: Predicate, clause: Clause, behind: list[Clause],
          whole: _Sentence) -> tuple[list[Act], bool]:
    """The act of a clause, when and where its paragraph has it; and whether all that follows is what was ordered."""
    goes_on = whole.sequel or predicate.frame.subject.reach == 2
    given = whole.thread.date if goes_on else None
    if predicate.frame.subject.sitting:
        given = whole.sitting.date
    date = reading.date or given or whole.scene.date
    predicate = _placed(predicate, goes_on, whole)
    if predicate.action.kind != "ruling" or predicate.object or not behind:
        return whole.acts(predicate, date), False
    if clause.closer == "：":           # 指示：…
        return whole.acts(predicate._replace(object=behind[0].words), date), True
    first = whole.lexicon.triggers.get(behind[0].words[0].text)
    if first is not None and first.kind == "ruling" and not predicate.frame.fronted and len(predicate.verb) == 1:
        return [], False        # 一审判决，认定…: the first verb only announces the second
    return whole.acts(predicate, date), False


def _placed(predicate: Predicate, goes_on: bool, whole: _Sentence) -> Predicate:
    """The predicate with the place of its paragraph, if it has none of its own and may be done there."""
    if predicate.frame.places or not (whole.scene.firm or goes_on) or (
            predicate.action.id in whole.lexicon.cues["indoors"]):
        return predicate
    return predicate._replace(frame=predicate.frame._replace(places=whole.scene.places))


def _thread_behind(topic: Subject | None, carried: Subject, frame: Frame, whole: _Sentence) -> Thread:
    """What a sentence leaves to the next one: its topic, and when it was."""
    if topic is not None and not topic.named:
        topic = frame.subject       # 记者获悉，甲局…: the last to act, if the first to be named is nobody
    if topic is not None and topic.reach == 2 and frame.subject.named:
        topic = frame.subject       # 决定指出，甲局授予…；授予…: who was named last, before who was only carried over
    date = frame.date or (whole.thread.date if whole.sequel else None)
    return Thread(carried if topic is None else topic, date, group=frame.group)


def _with_rest_of_phrase(clauses: list[Clause], lexicon: Lexicon) -> Clause:
    """Take the next clause, joined to the next where a list behind 对 or 为 goes on (对甲村，乙村/进行/检查)."""
    clause = clauses.pop(0)
    while clauses and clause.closer in "，," and is_unfinished(clause, clauses[0], lexicon):
        comma = Word(clause.words[-1].end, clause.words[-1].end + 1, "、", "w")
        clause = Clause((*clause.words, comma, *clauses[0].words), clause.opener, clauses.pop(0).closer)
    return clause


def _numbers_what_was_said(clause: Clause, subject: Subject) -> bool:
    """(周文澜提出建议：) 一是/组织/力量/…: what people list by numbers they call for, where bodies may report it."""
    words = clause.words
    return numbered(words[0], words[1] if len(words) > 1 else None) > 0 and subject.reach > 0 and subject.named \
        and subject.of_people


def _exhorts(clause: Clause, lexicon: Lexicon) -> bool:
    """Does a sentence without a subject open with what should be done (坚持/…, 进一步/加大/…)?"""
    return clause.words[0].mention is None and clause.words[0].text in lexicon.cues["exhortations"]


def _opens_contents(clause: Clause, published: bool, lexicon: Lexicon) -> bool:
    """Does a clause begin to tell what stands in the document that was just issued, or what something consists of?"""
    words = clause.words
    if words[0].mention is not None:
        return False
    if words[0].text in ("包括", "其中包括") or spelled(words[:2]) == "其中包括":
        return True
    return published and any(w.mention is None and w.text in lexicon.cues["contents"] for w in words[:3])


def _announces(predicate: Predicate, clause: Clause, lexicon: Lexicon) -> bool:
    """作出/指示：…: what follows is what was said, not done."""
    last = predicate.object[-1].text if predicate.object else predicate.verb[-1].text
    return clause.closer == "：" and (
        predicate.verb[-1].text in lexicon.cues["reading_out"]         # 宣读/表彰/决定：给予/…
        or last.endswith(tuple(lexicon.cues["announcements"])))


def _is_sequel(clauses: list[Clause], lexicon: Lexicon) -> bool:
    """Does the sentence go on in time from the one before (随后…, …后，…)?"""
    if not clauses:
        return False
    first = clauses[0].words
    return first[0].text in lexicon.cues["sequels"] or (
        first[-1].text in ("后", "之后") and len(clauses) > 1) or (
        first[-1].pos == "TIME" and first[-1].text.endswith(("分钟", "小时")))


def _is_said_of(predicate: Predicate, behind: list[Clause], lexicon: Lexicon) -> bool:
    """清理/账户，是/措施/之一; …，标志着/…: is a verb with its object what the next clause says something of?"""
    first = behind[0].words[0] if behind and predicate.frame.subject.reach else None
    return first is not None and first.mention is None and first.text in lexicon.cues["said_of"]
