"""From tagged sentences to acts: who did what, when, where and to whom.

`find_acts` reads the sentences of a document clause by clause (kg.acts.clauses, kg.acts.predicates) with the verbs of
kg/data/actions.yaml; `act_relations` turns acts into ACTION entities and their edges. What counts as an act is
said in the ontology: speech, wishes, evaluation, negated and conditional clauses give none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.ahead import waits_for_subject, who_opens
from kg.acts.announcements import announced_later, announcement
from kg.acts.carried import came_to_nothing, frame_behind, is_taken, names_a_holder
from kg.acts.clauses import ADVERBIAL, CORE, Clause, Word, read_words
from kg.acts.edges import act_relations
from kg.acts.known import Known, forget_person, note_names, note_person, of_leaders, with_known_groups
from kg.acts.lexicon import Lexicon, load_lexicon
from kg.acts.lists import with_listed_targets
from kg.acts.pairs import Pairs
from kg.acts.phrases import numbered
from kg.acts.predicates import read_clause
from kg.acts.pronouns import with_addressed_party, with_meant_targets
from kg.acts.relatives import relative_acts
from kg.acts.reports import is_told, opens_report, speaker
from kg.acts.scenes import Scene, leaves_scene, read_scene
from kg.acts.shared_objects import with_shared_object
from kg.acts.sittings import NONE, Sitting, court_behind, decides_for_signer, is_session, read_sitting, signed_by
from kg.acts.splits import split_clauses
from kg.acts.subjects import NOBODY, Subject
from kg.acts.unfinished import is_unfinished
from kg.models import Mention, TaggedSentence

__all__ = ["Act", "act_relations", "find_acts"]

_READ = frozenset({"body", "caption"})
_NAMING = frozenset({"title", "heading"})
#: What those do who were invited: 邀请/代表/走进/警营，参观/大厅.
_OF_GUESTS = frozenset({"survey", "travel", "take_part"})
NOWHERE = Scene()
#: Behind an outlet, that it sent the news; what a tagger took into the word goes with it.
_SENT = re.compile("电(?![视台影力话信网子报])")
#: What opens a sentence that tells what an inquiry found.
_FOUND_OUT = ("调查认定", "经调查认定", "调查发现", "调查显示", "检查发现")
_AND = frozenset({"并", "并且"})


@dataclass(frozen=True, slots=True)
class _Venue:
    """Where the last act of a sentence was done, and by whom; by nobody, if it is only said that it took place."""

    agents: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    action: str = ""


class _Thread(NamedTuple):
    """What one sentence leaves to the next of the same paragraph."""

    topic: Subject = NOBODY
    date: Mention | None = None
    scene: Scene = NOWHERE


def find_acts(sentences: Sequence[TaggedSentence], links: Mapping[Mention, str]) -> list[Act]:
    """The acts of one document, in order.

    Only acts of somebody named are given; `links` tells which mentions are entities, agents without a link are
    left out. Negated acts are given with polarity `negative`, announced ones with certainty `plan`.
    """
    lexicon = load_lexicon()
    acts: list[Act] = []
    thread, line, sitting = _Thread(), -1, NONE
    known: dict[str, tuple[Mention, ...]] = {}
    pairs = Pairs()
    signer = signed_by(sentences)
    for tagged in sentences:
        role = tagged.sentence.role
        if role in _NAMING and tagged.mentions:
            note_names(tagged, known, lexicon.cues)
            pairs.note_heads(tagged, lexicon.cues)
            sitting = read_sitting(read_words(tagged, lexicon.cues["cut_nouns"]), sitting, lexicon.cues, heading=True)
        if role not in _READ or tagged.sentence.line != line:
            thread, line = _Thread(), tagged.sentence.line
        if tagged.sentence.text.rstrip("”’」").endswith(("？", "?")):
            thread = _Thread()      # a question tells of nothing
        elif role in _READ:
            court = court_behind(tagged, sentences, lexicon.cues)
            if not (tagged.mentions or known or court) and thread == _Thread() and sitting == NONE:
                continue                # nobody is named, and nobody has been
            words = _without_dateline(read_words(tagged, lexicon.cues["cut_nouns"], lexicon.compounds,
                                                 lexicon.cues["adverbs"], lexicon.cues["attributive"]))
            sitting = court or read_sitting(words, sitting, lexicon.cues, heading=False)
            forget_person(tagged, known)
            pairs.note_heads(tagged, lexicon.cues)
            pairs.tell(tagged, known, lexicon.cues)
            found, after = _read_sentence(tagged, words, thread, sitting, known, signer, lexicon)
            if CORE in tagged.sentence.text:
                found = [act for act in found if not of_leaders(act) or act.canonical in lexicon.cues["of_leaders"]]
            note_names(tagged, known, lexicon.cues)
            note_person(tagged, known)
            pairs.note_meetings(found, lexicon.cues)
            acts.extend(with_known_groups(act, known, links) for act in found)
            thread = after._replace(scene=read_scene(words, thread.scene, lexicon.cues))
    linked = (replace(act, agents=tuple(a for a in act.agents if a in links)) for act in acts)
    told = sorted((act for act in linked if act.agents), key=lambda act: act.trigger.start)
    listed = list(with_addressed_party(with_listed_targets(told, sentences), sentences))
    return list(with_meant_targets(listed, sentences, lexicon.cues["upon_somebody"], links))


def _read_sentence(tagged: TaggedSentence, words: list[Word], thread: _Thread, sitting: Sitting,
                   known: Known, signer: Subject, lexicon: Lexicon) -> tuple[list[Act], _Thread]:
    found_out = any(word.mention is None and word.text.endswith("查明") for word in words[:6]) or (
        tagged.sentence.text.startswith(_FOUND_OUT))
    # 经审理查明，…: what was found out is done by those it speaks of
    carried = thread.topic._replace(reach=2) if thread.topic.named and not found_out else NOBODY
    frame, stopped = Frame(carried, known=known, body=sitting.body), False
    topic: Subject | None = None
    fronted: tuple[Word, ...] = ()
    enforcer = NOBODY       # by whom something was done to the subject, in the clause before
    closer = NOBODY         # by whom an inquiry was closed, in the clause before
    before: Clause | None = None        # the clause before, where nobody is named who did something to its subject
    perceiver = NOBODY      # who saw or heard what the clause before tells
    acts: list[Act] = []
    clauses = list(split_clauses(words, lexicon))
    sequel = _is_sequel(clauses, lexicon)
    if carried.named and clauses and _exhorts(clauses[0], lexicon):
        return acts, _Thread()
    venue = _Venue()
    finder = NOBODY         # the body that found something out about somebody
    guests = False          # somebody was invited: what follows may be done by him
    published = False       # a document was made public: what follows may tell what stands in it
    report = done = False   # what follows is what somebody says; the clause before told of something that was done
    scene = Scene() if leaves_scene(words, lexicon.cues) else thread.scene
    while clauses:
        clause = _with_rest_of_phrase(clauses, lexicon)
        if clause.opener in _AND:
            frame = frame._replace(fronted=fronted)
        if enforcer.named and _goes_on(clause, enforcer, lexicon) and _enforces(clause, "enforcement", lexicon):
            frame = frame._replace(subject=enforcer._replace(reach=1))
        if clause.opener in _AND and before is not None and is_taken(before, lexicon) and (
                _enforces(clause, "enforcement", lexicon)):
            frame = frame._replace(subject=NOBODY)
        if closer.named and _enforces(clause, "upon_closing", lexicon):
            frame = frame._replace(subject=closer._replace(reach=1))
        if perceiver.named and not frame.subject.named and clause.words[0].text in lexicon.cues["upon_seeing"]:
            frame = frame._replace(subject=perceiver._replace(reach=1))
        if _numbers_what_was_said(clause, frame.subject):
            stopped = True
            break
        if signer.named and decides_for_signer(clause, frame.subject):
            frame = frame._replace(subject=signer)
        if finder.named and not frame.subject.named and _enforces(clause, "upon_finding", lexicon):
            frame = frame._replace(subject=finder._replace(reach=1))
        if _opens_contents(clause, published, lexicon) or (
                clause.words[0].text == "是" and frame.subject.reach == 2):
            stopped = True
            break
        if waits_for_subject(clause, frame.subject, lexicon) and clauses and (
                doer := who_opens(clauses[0], frame, lexicon)).named:
            frame = frame._replace(subject=doer._replace(reach=1))
        reading = read_clause(clause, frame, lexicon)
        if reading.predicate is not None:
            reading = reading._replace(predicate=with_shared_object(
                _at_venue(reading.predicate, clause, venue, lexicon), clause, clauses, lexicon))
        if reading.announcing is not None and (told := announcement(reading.announcing, clause, clauses, lexicon)):
            acts.extend(act for act in [make_act(tagged, told, reading.date, lexicon)] if act)
        predicate = reading.predicate
        if predicate is not None and predicate.frame.subject.reach and _is_said_of(clauses, lexicon):
            return acts, _Thread()      # 清理/账户，是/措施/之一: the verb with its object is a subject
        if report:
            done = predicate is not None and is_told(predicate, clause, done, lexicon)
            if predicate is not None and done:
                acts.extend(act for act in [make_act(tagged, predicate, reading.date, lexicon, "reported")] if act)
            if reading.stop:
                break
            frame = frame_behind(reading, frame, lexicon.cues)
            continue
        acts.extend(relative_acts(tagged, clause, predicate.verb[0].start if predicate else -1, lexicon,
                                  frame.date))
        fronted = predicate.frame.fronted if predicate is not None else ()
        enforcer = predicate.frame.subject if predicate is not None and predicate.frame.passive else NOBODY
        before = None if enforcer.named else clause
        closed = predicate is not None and predicate.verb[-1].text.endswith("终结")
        closer = enforcer if closed else NOBODY
        perceiver = reading.perceiver
        finder = _finder(clause, frame.subject) or finder
        if topic is None and not reading.adjunct:
            active = predicate is not None and not predicate.frame.passive
            topic = predicate.frame.subject if predicate is not None and active else reading.subject
        if predicate is not None and not (predicate.frame.passive and predicate.verb[-1].text in lexicon.cues["held"]):
            venue = _Venue(predicate.frame.subject.agents, predicate.frame.places, predicate.action.id)
            goes_on = sequel or predicate.frame.subject.reach == 2
            sat = predicate.frame.subject.sitting
            given = sitting.date if sat else thread.date if goes_on else None
            act, said = _act(tagged, _placed(predicate, scene, goes_on, lexicon), clause, clauses,
                             reading.date or given or scene.date, lexicon)
            guests = guests and predicate.frame.subject.reach > 0
            acts.extend([act] if act and not (guests and predicate.action.id in _OF_GUESTS) else [])
            published = published or predicate.action.id in ("issue", "draft")
            guests = guests or predicate.action.id == "invite"
            if said:
                return acts, _Thread()
        if predicate is not None and _announces(predicate, clause, lexicon):
            stopped = True
            break
        if reading.stop == "wish" and predicate is not None and clauses and clauses[0].words[0].text in _AND and (
                _enforces(clauses[0], "upon_finding", lexicon)):
            frame = frame_behind(reading, frame, lexicon.cues)     # 责令/甲公司/停产，并/立案/调查
            continue
        if reading.stop == "speech" and (later := announced_later(clauses, lexicon)):
            clauses = clauses[later - 1:]
            frame = frame._replace(subject=reading.subject._replace(reach=1), date=reading.date)
            continue
        if reading.stop == "speech" and opens_report(clause, reading.rest, lexicon):
            report, frame = True, Frame(speaker(reading.subject), known=known, body=sitting.body)
            clauses[:0] = [Clause(reading.rest, "", clause.closer)] if reading.rest else []
            continue
        if reading.stop:
            # what others should do doesn't change whom the paragraph is about
            stopped = reading.stop == "speech" or (topic is None or topic == reading.subject)
            break
        if reading.rest:
            clauses.insert(0, Clause(reading.rest, "", clause.closer))
        frame = frame_behind(reading, frame, lexicon.cues)
        if frame.certainty == "plan" and came_to_nothing(clause, frame.subject, lexicon):
            frame = frame._replace(certainty="fact")
        if names_a_holder(clause, lexicon):
            frame = frame._replace(subject=NOBODY)
    if stopped or report:
        return acts, _Thread()
    if topic is not None and not topic.named:
        topic = frame.subject       # 记者获悉，甲局…: the last to act, if the first to be named is nobody
    if topic is not None and topic.reach == 2 and frame.subject.named:
        topic = frame.subject       # 决定指出，甲局授予…；授予…: who was named last, before who was only carried over
    return acts, _Thread(carried if topic is None else topic, frame.date or (thread.date if sequel else None))


def _at_venue(predicate: Predicate, clause: Clause, venue: _Venue, lexicon: Lexicon) -> Predicate:
    """The predicate with the place of the act to which 并 joins it, or of the event that others hold.

    在/甲镇/调研/并/主持召开/座谈会; 论坛/在/甲县/开幕，由/乙局/主办; 甲局/在/乙县/召开/会议，周文澜/出席. Who goes on
    to see things (在/甲镇/走访/农户，检查/防汛) does so there as well.
    """
    frame, id_ = predicate.frame, predicate.action.id
    if frame.places or not venue.places or id_ not in lexicon.cues["same_place"]:
        return predicate
    joined = frame.subject.agents == venue.agents and (
        clause.opener in _AND or clause.words[0].text in _AND or venue.action in lexicon.cues["same_place"])
    held = not venue.agents or (venue.action in ("convene", "sit") and len(predicate.object) < 2)
    event = id_ in ("convene", "attend") and (not venue.agents or (held and (
        not predicate.object or is_session(predicate.object, lexicon.cues))))
    return predicate._replace(frame=frame._replace(places=venue.places)) if joined or event else predicate


def _placed(predicate: Predicate, scene: Scene, goes_on: bool, lexicon: Lexicon) -> Predicate:
    """The predicate with the place of its paragraph, if it has none of its own and may be done there."""
    if predicate.frame.places or not (scene.firm or goes_on) or predicate.action.id in lexicon.cues["indoors"]:
        return predicate
    return predicate._replace(frame=predicate.frame._replace(places=scene.places))


def _act(tagged: TaggedSentence, predicate: Predicate, clause: Clause, behind: list[Clause], date: Mention | None,
         lexicon: Lexicon) -> tuple[Act | None, bool]:
    """The act of a predicate, and whether all that follows is what was ordered (指示：…)."""
    if predicate.action.kind != "ruling" or predicate.object or not behind:
        return make_act(tagged, predicate, date, lexicon), False
    if clause.closer == "：":
        return make_act(tagged, predicate._replace(object=behind[0].words), date, lexicon), True
    first = lexicon.triggers.get(behind[0].words[0].text)
    if first is not None and first.kind == "ruling" and not predicate.frame.fronted and len(predicate.verb) == 1:
        return None, False      # 一审判决，认定…: the first verb only announces the second
    return make_act(tagged, predicate, date, lexicon), False


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


def _finder(clause: Clause, subject: Subject) -> Subject | None:
    """甲局, of 发现/乙公司/未/登记: who may go on to do something about it."""
    words = clause.words
    found = words[0].text in ("发现", "查明", "检查发现", "调查发现") and any(w.mention is not None for w in words[1:3])
    bodies = all(agent.type == "ORGANIZATION" for agent in subject.agents)
    return subject if found and subject.named and bodies else None


def _enforces(clause: Clause, cue: str, lexicon: Lexicon) -> bool:
    """甲某被乙局抓获，并/扣押/赃款: is the first verb of a clause done by those who caught somebody, not by him?"""
    verb = next((w for w in clause.words if w.mention is None and w.text in lexicon.triggers and (
        lexicon.triggers[w.text].kind != "light")), None)
    named = any(w.mention is not None and w.pos in ("PERSON", "ORGANIZATION") for w in clause.words[:1])
    return verb is not None and not named and lexicon.triggers[verb.text].id in lexicon.cues[cue]


def _goes_on(clause: Clause, enforcer: Subject, lexicon: Lexicon) -> bool:
    """Does a clause open with 并, or behind what a body did with its verb (王某被甲局抓获，现场/扣押/赃款)?"""
    if clause.words[0].text in _AND:
        return True
    verb = next((i for i, w in enumerate(clause.words) if w.mention is None and w.text in lexicon.triggers), 0)
    return all(a.type == "ORGANIZATION" for a in enforcer.agents) and all(
        w.mention is None and (w.pos in ADVERBIAL or w.text in lexicon.cues["adverbs"] or w.text == "现场")
        for w in clause.words[:verb])


def _exhorts(clause: Clause, lexicon: Lexicon) -> bool:
    """Does a sentence without a subject open with what should be done (坚持/…, 进一步/加大/…)?"""
    return clause.words[0].mention is None and clause.words[0].text in lexicon.cues["exhortations"]


def _opens_contents(clause: Clause, published: bool, lexicon: Lexicon) -> bool:
    """Does a clause begin to tell what stands in the document that was just issued, or what something consists of?"""
    words = clause.words
    if words[0].mention is not None:
        return False
    if words[0].text in ("包括", "其中包括") or "".join(w.text for w in words[:2]) == "其中包括":
        return True
    return published and any(w.mention is None and w.text in lexicon.cues["contents"] for w in words[:3])


def _is_said_of(clauses: list[Clause], lexicon: Lexicon) -> bool:
    """Does the next clause say something of what this one tells (…，是/…, …，标志着/…)?"""
    first = clauses[0].words[0] if clauses else None
    return first is not None and first.mention is None and first.text in ("是", "就是", "成为", "标志着", "意味着")


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


def _without_dateline(words: list[Word]) -> list[Word]:
    """新华社北京1月2日电 … names the outlet, not who acts."""
    for i, word in enumerate(words[:9]):
        if word.mention is None and (word.text in ("电", "日电", "日讯") or word.text[0] == "讯" or (
                i and words[i - 1].pos == "ORGANIZATION" and _SENT.match(word.text))):      # 新华社/电甲国
            return words[i + 1:]
    return words
