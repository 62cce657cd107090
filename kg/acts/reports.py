"""What somebody says that he or others did: 甲局表示，已收到乙县的报告; 甲国国防部称，甲军袭击了乙市.

Most of what is said tells of views and wishes. A clause of it tells of an act where it names who did it, or says that
it is done: by 了, by 已 or 正在, or by a day. Of fights it needs none of them.
"""

from __future__ import annotations

from kg.acts.adjuncts import Predicate
from kg.acts.clauses import ADVERBIAL, Clause, Word, spelled
from kg.acts.lexicon import OTHER, Lexicon
from kg.acts.plain_verbs import is_definite
from kg.acts.subjects import NOBODY, Subject

#: What people hold who meet (甲主席/同/乙总统/举行/会晤).
_MEETINGS = frozenset({"会晤", "会谈", "会见"})
#: Behind it, the words before name only a time.
_SINCE = frozenset({"以来", "期间"})
#: Part of what is said, and the clauses behind it.
_WITHIN = frozenset({"，", ""})


def opens_report(clause: Clause, said: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Does a clause of speech lead to a report, as 表示，… does and 呼吁… or 说：“…” don't?

    `said`: the words behind its verb.
    """
    words = clause.words[:len(clause.words) - len(said)]
    return bool(words) and words[-1].text in lexicon.cues["reporting"] and (clause.closer in _WITHIN or bool(said))


def speaker(subject: Subject) -> Subject:
    """Who may do what a report tells of nobody by name (甲局表示，已收到…): the body that speaks; no person does."""
    bodies = all(agent.type == "ORGANIZATION" for agent in subject.agents)
    return Subject(subject.agents, True, subject.collective, reach=1) if subject.named and bodies else NOBODY


def is_told(predicate: Predicate, clause: Clause, told: bool, lexicon: Lexicon) -> bool:
    """Is the predicate of a clause in a report an act that was done? `told`: the clause before it was one.

    What goes on from such a clause without a subject of its own was done as well.
    """
    frame, action = predicate.frame, predicate.action
    last = predicate.object[-1] if predicate.object else None
    bodies = all(agent.type == "ORGANIZATION" for agent in frame.subject.agents)
    definite = bodies and _hits_the_definite(predicate, lexicon)
    fought = bodies and _fights(predicate, lexicon)
    if action is OTHER or frame.certainty != "fact" or frame.polarity != "positive" or (
            not fought and last is not None and last.mention is None
            and last.text.endswith(tuple(lexicon.cues["abstract"]))):
        return False
    words = clause.words
    if frame.subject.reach and words[0].pos in ("m", "q"):
        return False                    # 甲局称，数名/曾/驻扎/在/…/的/士兵/中毒
    at = next((i for i, word in enumerate(words) if word.start == predicate.verb[0].start), 0)
    behind = words[at + len(predicate.verb)] if at + len(predicate.verb) < len(words) else None
    marked = (behind is not None and behind.text in ("了", "过")) or any(
        word.mention is None and word.text in lexicon.cues["done"] for word in words[:at])
    dated = any(word.pos == "DATE" and word.text[0] not in "明后下" for word in words[:at])
    # 甲主席/同/乙总统/会晤
    met = frame.subject.reach < 2 and (last is None or last.text in _MEETINGS) and (
        len({*frame.subject.agents, *frame.partners}) > 1)
    return _says_who(predicate) or marked or (dated and bodies) or met or fought or definite or (
        told and frame.subject.reach == 1)


def _says_who(predicate: Predicate) -> bool:
    """乙主席/提出/倡议, 甲军/进入/乙镇: does the clause name who acts, and is its verb no part of a noun?

    Not so in 甲军/补给/通道/已/被/切断, 甲院/成立/以来.
    """
    subject, verb, obj = predicate.frame.subject, predicate.verb, predicate.object
    return subject.named and subject.reach == 0 and verb[0].pos == "v" and all(
        w.pos not in ADVERBIAL and w.text not in _SINCE for w in obj) and (
        bool(obj) or predicate.action.object != "needed")


def _hits_the_definite(predicate: Predicate, lexicon: Lexicon) -> bool:
    """甲军/控制/3个/村庄, 并/逮捕/数百人: is its object counted or named? Behind another act without a description."""
    obj, carried = predicate.object, predicate.frame.subject.reach > 0
    return bool(obj) and is_definite(obj, lexicon.cues) and not (carried and any(w.text == "的" for w in obj))


def _fights(predicate: Predicate, lexicon: Lexicon) -> bool:
    """击退/乙军, 对乙市/实施/打击, 展开/攻势, 出动/战机/轰炸/乙市: is it an act of fighting?"""
    opens = predicate.action.kind in ("light", "frame") or predicate.action.id in ("mobilize", "adopt")
    named = predicate.object if opens else ()
    if named and spelled(named[-2:]).endswith(tuple(lexicon.cues["fights"])):
        return True
    return any(word.mention is None and word.text in lexicon.triggers and (
        word.text in lexicon.cues["fighting"] or lexicon.triggers[word.text].id in lexicon.cues["fighting"])
        for word in (*predicate.verb, *named))
