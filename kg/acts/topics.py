"""Whom the noun phrase at the head of a clause means, and whether it changes whom the paragraph is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import NOMINAL, Clause, Word, spelled
from kg.acts.lexicon import Lexicon
from kg.acts.referents import meant_by
from kg.acts.sittings import means_sitting
from kg.acts.subjects import NAMED, Subject, read_subject

#: What opens a clause that tells the chance which somebody takes.
_CHANCES = frozenset({"趁", "乘", "趁着"})


def subject_of(words: tuple[Word, ...], frame: Frame, cues: Mapping[str, Collection[str]]) -> Subject:
    """Whom a noun phrase at the head of a clause stands for: those it names, or whom 他 or 会议 means."""
    if frame.body.named and means_sitting(words):
        return frame.body
    meant = meant_by(words, frame, cues)
    if meant.named:
        return meant
    text = spelled(words[:2])     # 检查组, 检查/组, 总书记, 两国/元首
    if len(words) <= 2 and (words[0].mention is None or words[0].pos == "POSITION") and (
            known := frame.known.get(text)):
        return Subject(known, True, reach=1)
    return read_subject(words, cues)


def is_topic(words: tuple[Word, ...], kept: Subject, clause: Clause, cues: Mapping[str, Collection[str]]) -> bool:
    """《甲》等17档节目，将…: does a sentence open with a thing of its own, not with time, place or aspect?"""
    return kept.reach == 2 and clause.closer == "，" and (
        words[-1].pos in ("n", "nz", "nw", "quote", "DOCUMENT")) and any(w.pos in ("m", "nw", "quote", "DOCUMENT")
        or w.text == "的" for w in words[:-1]) and not words[-1].text.endswith(
        (*cues["temporal_ends"], *cues["place_endings"], *cues["aspects"]))


def thing_of(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Of what a clause says what it is (甲局/设计/的/新型/快艇/是/…; 论坛/主题/为/…), by the words before 是 or 为.

    Or the work with which it ends (甲室/编辑/的/《青溪志》/一/书).
    """
    work = next((i for i in range(len(words) - 1, max(len(words) - 4, 0), -1) if words[i].pos in ("DOCUMENT", "nw")), 0)
    if work and all(w.text in ("一", "书", "一书") or w.text.endswith("版") for w in words[work + 1:]):
        return words[work:work + 1]
    end = next((i for i, w in enumerate(words) if w.mention is None and w.text in ("是", "为") and w.pos == "v"), 0)
    end -= int(end > 1 and words[end - 1].text in ("主题", "名称"))
    start = end
    while start and (words[start - 1].pos in NOMINAL or words[start - 1].pos in ("a", "b", "vn")):
        start -= 1
    return words[start:end]


def work_of(predicate: Predicate | None) -> tuple[Word, ...]:
    """The work that a predicate has for its object (编写/《青溪志》/一/书): what follows may be done to it, too."""
    obj = () if predicate is None else predicate.object
    return obj[:1] if obj and obj[0].pos in ("DOCUMENT", "nw") and obj[0].text.startswith("《") else ()


def is_aside(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """趁/无人/注意, 家中/无人/之机, 无人/看管, 案值/约/210万元: does a clause tell nothing of who acts around it?"""
    if words[0].mention is None and words[0].text in ("无人", "没人") and len(words) < 4:
        return True
    chance = words[0].text in _CHANCES or (words[-1].text.endswith("机") and spelled(words[-2:]).endswith("之机") and (
        all(w.pos not in NAMED for w in words)))
    return (chance and not _acts(words, lexicon)) or _measures_it(words, lexicon)


def _measures_it(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """案值/约/210万元, 涉案/金额/达/…: how much it was that somebody did; he goes on behind it."""
    return any(w.pos == "m" for w in words) and words[0].mention is None and (
        spelled(words[:2]).startswith(tuple(lexicon.cues["amounts"]))) and not _acts(words, lexicon)


def _acts(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Whether words hold the verb of an act."""
    return any(w.mention is None and w.pos == "v" and w.text in lexicon.triggers for w in words)


def describes_him(words: tuple[Word, ...], kept: Subject) -> bool:
    """张三，甲支队原民警，…: a post set off by commas behind the one person of whom the text speaks."""
    return len(kept.agents) == 1 and kept.agents[0].type == "PERSON" and kept.reach < 2 and (
        words[-1].pos == "POSITION" and any(w.pos == "ORGANIZATION" for w in words)) and (
        all(w.pos != "PERSON" for w in words))


def lists_people(words: tuple[Word, ...], subject: Subject, cues: Mapping[str, Collection[str]]) -> bool:
    """Whether a noun phrase names people with their posts, and nobody else: 甲县委书记张三、副书记李四等."""
    if len(words) > 2 and words[-2].text == "等" and words[-1].text in cues["others_there"]:
        words = words[:-2]
    elif words[-1].text in ("等", "等人", "等同志") and len(words) > 1:
        words = words[:-1]
    return bool(subject.agents) and subject.of_people and (
        words[-1].pos == "PERSON" and any(w.pos == "POSITION" for w in words))


def lists_others(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """Whether a noun phrase goes on a list of people with some of no name: 甲局、乙局/等/有关部门/负责同志."""
    return words[-1].text in cues["others_there"] and all(w.pos != "PERSON" for w in words)
