"""Whom a word at the head of a clause means that names nobody: 他, 双方, 他们, 该局, 乌方."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import COORDINATORS, Word, spelled
from kg.acts.subjects import NAMED, NOBODY, Subject, all_named, read_subject
from kg.models import Mention

#: How many are meant, of people or bodies; of the people who last acted together, who may be of another clause.
_BOTH = {"双方": 2, "宾主": 2, "二人": 2, "两人": 2, "三方": 3, "三人": 3, "四人": 4, "五人": 5, "六人": 6}
_SUCH_PEOPLE = re.compile("([二两三四五六七八九])(?:名|位|个)?(?:人|被告人|被告|犯罪嫌疑人|嫌疑人)")
_HOW_MANY = dict(zip("二两三四五六七八九", (2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HE, _THEY = frozenset({"他", "她"}), frozenset({"他们", "她们", "其"})
#: In what the names of those bodies end that are 他们, and of those that are called after their state (乙方).
_TEAMS, _FORCES = ("队", "组", "团", "班"), ("军方", "警方", "军")
#: What two do who are then 双方.
_MEETING = frozenset({"consult", "visit", "convene"})


def meant_by(words: tuple[Word, ...], frame: Frame, cues: Mapping[str, Collection[str]]) -> Subject:
    """Whom a noun phrase means by what the clauses before it say, or NOBODY."""
    kept = frame.subject
    if len(words) > 2 and words[0].text in _HE and words[1].text in COORDINATORS:
        him = meant_by(words[:1], frame, cues)      # 他/和/战友们, 他/与/方大年
        others = read_subject(words[2:], cues).agents if him.named else ()
        return him._replace(agents=(*him.agents, *(m for m in others if m not in him.agents)))
    if len(words) > 1 and words[-1].text in _HE and words[-2].text == "的":
        return meant_by(words[-1:], frame, cues)    # 17岁/的/他
    if len(words) == 1 and words[0].text in _HE and not _means_him(words, kept) and frame.known.get(words[0].text):
        return Subject(frame.known[words[0].text], True, reach=1)
    if len(words) == 1 and words[0].text in _BOTH:
        if kept.named and _BOTH[words[0].text] == len(kept.agents):
            return kept                 # 甲校/与/乙公司/签约，双方/约定/…
        if frame.both and _BOTH[words[0].text] == len(frame.both):
            return Subject(frame.both, True, reach=1)       # 周文澜/会见/方大年，双方/交换/意见
    if frame.group and _counts(words) == len(frame.group):
        return Subject(frame.group, True, reach=1)      # 方某/伙同/李某/盗窃，…。二人/将/赃物/卖掉
    if _means_him(words, kept) or _means_group(words, kept, cues) or _means_them(words, kept) or _is_short(words, kept):
        return kept
    return NOBODY


def pair_of(predicate: Predicate | None, cues: Mapping[str, Collection[str]]) -> tuple[Mention, ...]:
    """The two who do together what a predicate tells, or who meet by it: 甲局/与/乙局/会商, 周文澜/会见/方大年."""
    if predicate is None or predicate.frame.passive:
        return ()
    who = dict.fromkeys((*predicate.frame.subject.agents, *predicate.frame.partners))
    if len(who) == 1 and predicate.action.id in _MEETING:
        who.update(dict.fromkeys((*predicate.frame.recipients, *all_named(predicate.object, cues))))
    return tuple(who) if len(who) == 2 else ()


def group_of(people: Collection[Mention]) -> tuple[Mention, ...]:
    """Those of whom 二人 or 三被告人 may be said from here on, if several people act."""
    return tuple(people) if len(people) > 1 and all(each.type == "PERSON" for each in people) else ()


def _counts(words: tuple[Word, ...]) -> int:
    """How many people 二人, 三/名/被告人 or 两/被告人 are; 0 for other noun phrases."""
    if len(words) > 3 or any(word.pos in NAMED for word in words):
        return 0
    counted = _SUCH_PEOPLE.fullmatch(spelled(words))
    return _HOW_MANY[counted[1]] if counted else 0


def _means_him(words: tuple[Word, ...], kept: Subject) -> bool:
    """他 or 她 for the one person of whom the text speaks, 全局 or 该武装 for the one body."""
    if len(words) > 2 or any(word.mention is not None for word in words) or len(kept.agents) != 1:
        return False
    text, agent = spelled(words), kept.agents[0]
    if agent.type == "PERSON":
        return text in _HE
    return len(text) > 1 and agent.text.endswith(text[1:]) and text[0] in ("全该我本" if len(text) == 2 else "该")


def _means_group(words: tuple[Word, ...], kept: Subject, cues: Mapping[str, Collection[str]]) -> bool:
    """其/武装人员 for the one body of which the text speaks, 该组织 (武装人员) for the one such group."""
    if len(words) > 3 or len(kept.agents) != 1 or kept.agents[0].type != "ORGANIZATION":
        return False
    text = spelled(words)
    whose = next((name for name in cues["such_groups"] if text.startswith(name)), "")
    if not whose or not (text == whose != "其" or text.removeprefix(whose) in cues["fighters"]):
        return False
    return whose == "其" or kept.agents[0].text.endswith(tuple(cues["groups"]))


def _means_them(words: tuple[Word, ...], kept: Subject) -> bool:
    """他们 for the several people or the one team of whom the text speaks, 其 for the one body."""
    if len(words) != 1 or words[0].text not in _THEY or not kept.agents:
        return False
    several = len(kept.agents) > 1
    if words[0].text == "其":
        return not several and not kept.of_people
    return kept.of_people if several else kept.agents[0].text.endswith(_TEAMS)


def _is_short(words: tuple[Word, ...], kept: Subject) -> bool:
    """编队 for 甲舰编队, 乙方 for 乙国军方: does a noun stand for the one body whose name it closes, or opens?"""
    if len(words) != 1 or words[0].mention is not None or len(kept.agents) != 1 or kept.of_people:
        return False
    text, name = words[0].text, kept.agents[0].text
    side = text[1:] == "方" and text[0] == name[0] and name.endswith(_FORCES)
    return 1 < len(text) < len(name) and (name.endswith(text) or side)
