"""What stands between subject and verb: time, adverbs, negation, and what prepositions govern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kg.acts.by_phrases import formed, made_by, struck_by
from kg.acts.clauses import ADVERBIAL, COORDINATORS, Word
from kg.acts.fronted import fronted_end, goes_at_once, light_at, moved_end, moved_thing, unveiled_end
from kg.acts.lexicon import Action, Lexicon
from kg.acts.noun_phrases import behind_time, governed_end, meeting_end, noun_phrase_end
from kg.acts.phrases import (
    cause_end,
    chance_end,
    crime_end,
    except_end,
    invited_end,
    is_item,
    is_purpose,
    joined_at,
    manner_end,
    numbered,
    passes,
    pretext_end,
    while_end,
)
from kg.acts.places import (
    ends_in_place,
    held_at,
    listed_end,
    named_places,
    named_sites,
    place_end,
    places_or_venues,
    without_events,
)
from kg.acts.subjects import NOBODY, Subject, read_subject
from kg.models import Mention

#: What may stand between a verb and its object.
ASPECT = frozenset({"了", "过", "着", "起", "出", "好", "到", "完"})
#: Behind 决定 and 拒绝 they say that nothing is decided on or refused.
SETTLED = frozenset({"了", "着", "的", "性", "于", "是否", "能否"})
#: What is done with an event by those who hold it.
HELD = frozenset({"主办", "承办", "举办", "协办", "主持"})
#: Verbs that say that somebody was attacked, where a noun does so as well (遭到/甲军/炮击).
_SUFFERS = frozenset({"遭到", "遭受"})
#: 在 with an adverb before it, which taggers take for one word.
_THERE = frozenset({"正在", "还在", "也在", "仍在", "曾在", "均在", "都在", "则在", "又在"})
#: Before a noun phrase that may open with a time (向/2024年/博览会/致贺信, 以/9秒/97/的/成绩).
_BEFORE_TIME = frozenset({"向", "给", "与", "同", "和", "跟", "会同", "以", "用", "凭"})
#: Of a body that was founded, before 70周年.
_FOUNDED = frozenset({"成立", "建立", "创建", "创办", "创刊", "建校", "建院"})
_REASONS = frozenset({"因", "因为", "由于", "鉴于", "根据", "按照", "依据", "依照", "针对", "围绕"})
_CHANCES = frozenset({"趁", "乘", "趁着"})
_MEANS = frozenset({"以", "用", "凭", "凭借"})
_CAUSES = frozenset({"因", "由于", "因为"})
#: A time that the date grammar can't place: 2027年底.
_UNPLACED = re.compile("[0-9一二三四五六七八九〇今明去本年月]+[年月].?")


class Frame(NamedTuple):
    """What surrounds the verb of a clause, as far as the reading has come."""

    subject: Subject
    partners: tuple[Mention, ...] = ()
    fronted: tuple[Word, ...] = ()
    moved: bool = False
    company: tuple[Word, ...] = ()
    patient: tuple[Word, ...] = ()
    recipients: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    date: Mention | None = None
    certainty: str = "fact"
    polarity: str = "positive"
    passive: bool = False
    listed: tuple[Mention, ...] = ()    # people whom a clause of its own names before the subject
    sites: tuple[Mention, ...] = ()     # bodies at whose seat it is done (到/甲公司/检查)
    went: bool = False          # the subject went to `places`, so that they are not those of another
    undated: bool = False       # the clause names a time of its own that is no date
    decreed: bool = False       # the subject has just signed a decree
    known: Mapping[str, tuple[Mention, ...]] = MappingProxyType({})    # 检查组 → the one that the text named
    thing: tuple[Word, ...] = ()        # to what the clause before says that something was done (由/甲局/设计)
    body: Subject = NOBODY   # whose meeting 会议 means
    group: tuple[Mention, ...] = ()     # the last people to act together, whom 二人 or 三被告人 means
    both: tuple[Mention, ...] = ()      # the two who did together what the clause before tells: 双方


class Predicate(NamedTuple):
    """A verb of the lexicon with its object: words[verb:after] are the verb, `object` what it is done to."""

    action: Action
    verb: tuple[Word, ...]
    object: tuple[Word, ...]
    frame: Frame


def read_adjuncts(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame, str]:
    """Skip time, connectives, adverbs and prepositional phrases; the verdict is "", "skip", "wish" or "speech"."""
    cues = lexicon.cues
    while i < len(words):
        word = words[i]
        following = words[i + 1] if i + 1 < len(words) else None
        if word.mention is None and (word.text in cues["condition"] or (
                i == 0 and word.text == "对" and words[-1].text == "的" and following and following.pos == "v")):
            return i, frame, "speech"       # 如/抓获/李某, 对/抓获/李某/的
        if i == 0 and word.mention is None and (skipped := numbered(word, following)):
            i += skipped
            continue
        if i == 0 and is_item(words):
            i += 2
            continue
        if word.pos == "DATE" and not (following and following.text == "的"):
            frame = frame._replace(date=word.mention)
        elif word.mention is None and (end := moved_end(words, i, lexicon)):
            i, frame = end, frame._replace(fronted=moved_thing(words[i + 1:end]), moved=True)
            continue
        elif word.text in cues["plan"] and word.mention is None and before_verb(words, i, lexicon):
            frame = frame._replace(certainty="plan")
        elif word.text in cues["negation"] and following is not None and following.text in ("经", "通过"):
            pass        # 未/经/批准/经营: done, but without that
        elif word.text == "未经" and following is not None and following.pos in ("v", "vn"):
            i += 1
        elif word.text == "拒绝" and refuses(words, i, frame):
            return i, frame, ""
        elif word.text in cues["negation"] and word.pos != "p":
            frame = frame._replace(polarity="negative")
        elif word.mention is None and word.text in cues["suspected"]:
            frame = frame._replace(certainty="suspected")
        elif word.text == "应" and word.mention is None and (invited := invited_end(words, i + 1, lexicon.cues)):
            i = invited
            continue
        elif word.mention is None and word.text in cues["obligation"] and word.pos not in ("n", "TIME") and not (
                _asks(words, i, lexicon)):
            return i, frame, "wish"
        elif word.text in cues["so_that"] and word.mention is None:
            return i, frame, "skip"
        elif word.mention is None and _is_preposition(words, i, lexicon):
            if word.text in cues["purpose"] and is_purpose(words, i, lexicon):
                return i, frame, "skip"
            if word.text == "据":
                return i, frame, "skip"
            i, frame = _preposition(words, i, frame, lexicon)
            if word.text == "经" and not frame.passive and i < len(words) and not (
                    frame.subject.named and frame.subject.reach == 0):      # 方某/经/电话/通知/主动/投案
                return i, frame, "skip"
            continue
        elif word.pos in ADVERBIAL or word.pos in ("c", "TIME") or (word.pos == "f" and i > 0) or (
                word.mention is None and word.text in ("其中", "第一时间", "全面", "、", "后", "嗣后")) or (
                word.text == "系统" and i == 0 and following is not None and following.text in cues["thoroughly"]):
            pass
        else:
            break
        i += 1
    return i, frame, ""


def _asks(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """请/周文澜/转达/…: a word of obligation is a verb of acts where the clause holds what its action must."""
    action = lexicon.triggers.get(words[i].text)
    return action is not None and any(word.text in action.holding for word in words[i + 1:])


def refuses(words: tuple[Word, ...], i: int, frame: Frame) -> bool:
    """甲军/拒绝/加入/…: does somebody named in the clause refuse what stands behind the verb at i?"""
    start = i + 2 if i + 1 < len(words) and words[i + 1].text == "了" else i + 1
    return words[i].text == "拒绝" and words[i].pos == "v" and start < len(words) and (
        words[start].text not in SETTLED) and bool(frame.subject.agents) and (
        frame.subject.reach == 0 and frame.polarity == "positive" and not frame.passive)


def before_verb(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """Does the word at i stand before a verb, or what goes with one? Only so 将 tells what is to come."""
    following = words[i + 1] if i + 1 < len(words) else None
    return following is not None and following.mention is None and (
        following.pos in ("v", "vd", "d", "ad", "p") or following.text in lexicon.triggers)


def _is_preposition(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """A word tagged as one, or one of the words that taggers take for verbs, if the act proper still follows."""
    word, cues = words[i], lexicon.cues
    if word.pos == "p":
        return word.text not in lexicon.triggers or (word.text == "通过" and not passes(words, i, lexicon))
    if word.text == "经" and i + 1 < len(words) and words[i + 1].pos in ("v", "vn"):
        return True
    if word.text in _THERE:
        return i + 1 < len(words) and words[i + 1].pos in ("LOCATION", "LOC", "ns")
    if word.text in _SUFFERS:
        return struck_by(words, i, lexicon) > 0
    if word.text == "就" and word.pos == "d" and goes_at_once(words, i, lexicon):
        return False                    # 就/赶回/甲县; not so 就/推进/合作/达成/共识
    if word.text in ("截至", "截止", "在", "将", "把", "被", "由", "即将") or word.text in cues["passive"]:
        return True
    return word.pos in ("v", "d") and word.text in cues["verbal_prepositions"] and any(
        w.mention is None and w.text in lexicon.triggers and w.pos in ("v", "vn")
        for w in words[i + (1 if word.text == "对其" else 2):])


def _preposition(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame]:
    """Read the prepositional phrase at i; gives the index behind it and what it adds."""
    cues, text = lexicon.cues, "在" if words[i].text in _THERE else words[i].text
    if text in cues["passive"]:
        end = noun_phrase_end(words, i + 1, lexicon.triggers)
        if text in _SUFFERS:
            who = read_subject(words[i + 1:i + 2], cues)
            return len(words) - 1, frame._replace(subject=who, passive=True, patient=frame.patient)
        # 涉嫌诈骗，被甲局拘留: the suspicion is not of what was done to him
        certainty = "fact" if frame.certainty == "suspected" else frame.certainty
        patient = frame.patient or _sufferer(frame.subject)
        meant = frame.known.get(words[i + 1].text) if end == i + 2 and words[i + 1].text == "其" else None
        if meant:                       # 赃款/被/其/挥霍
            return end, frame._replace(subject=Subject(meant, True, reach=1), passive=True, certainty=certainty)
        return max(end, i + 1), frame._replace(subject=read_subject(words[i + 1:end], cues), passive=True,
                                        patient=patient, certainty=certainty)
    if text in cues["fronting"] or text == "即将":
        end = fronted_end(words, i, lexicon)
        return max(end, i + 1), frame._replace(fronted=words[i + 1:end], moved=text in ("将", "把", "即将"))
    if text == "为" and (verb := unveiled_end(words, i + 1, lexicon)):
        return verb, frame._replace(fronted=words[i + 1:verb])      # 为/甲馆/揭牌
    if text in _CHANCES and (chance := chance_end(words, i + 1, lexicon.cues)):
        return chance, frame            # 趁/李某/熟睡/之机/盗走/…
    if text == "围绕" and (light := light_at(words, i, lexicon)):
        return light, frame             # 围绕/学习/…/精神/作/发言
    end = governed_end(words, behind_time(words, i + 1) if text in _BEFORE_TIME else i + 1, lexicon.triggers)
    if text in ("在", "向"):
        end = meeting_end(words, end, cues["meetings"], lexicon.triggers)
    if text == "在":
        if any(w.text == "时" for w in words[i + 3:]) and (
                _meets(words, i + 1, lexicon) or is_doing(words[i + 1], lexicon)):
            return i + 1, frame         # 在/会见/到访/的/客人/时/说, 在/出席/会议/时/说
        if frame.subject.named and frame.subject.reach == 0 and _does_before(words, i + 1, lexicon):
            return i + 1, frame         # 周文澜/在/听取/汇报/后/发表/讲话
        end = place_end(words, i + 1, end)
    if text in cues["basis"] and end > i + 1 and end + 2 == len(words) and words[-1].text in cues["basis_nouns"] and (
            words[end].pos == "vn" or any(w.text in COORDINATORS for w in words[i + 1:end])):
        return len(words), frame        # 依据/规定/和/上市委员会/审核/意见，…
    if text == "关于" and len(words) > i + 3 and words[-2].text == "的" and words[-1].pos in ("n", "vn"):
        return len(words), frame        # 听取/…，关于/甲局/局长/任命/事项/的/汇报
    near = noun_phrase_end(words, i + 1, lexicon.triggers)
    if text in cues["partner"] and near < end and words[near].pos == "p" and (
            read_subject(words[i + 1:near], cues).named):
        end = near                      # 会同/乙局/对/位于/甲镇/的/丙公司/进行/检查
    if text == "由" and frame.moved and not read_subject(words[i + 1:end], cues).named:
        return max(end, i + 1), frame   # 将/响应/由/Ⅳ/级/提升至/Ⅲ/级
    if text in cues["agentive"]:
        if end == len(words) > i + 2 and words[end - 1].text in ("研究", "审议", "批准"):
            end -= 1                    # 经/青溪县委/常委会/会议/研究
        return _agent(words, i, end, frame, lexicon)
    named = read_subject(words[i + 1:end], cues)
    if text in cues["recipient"]:
        if i + 1 < end < len(words) - 2 and words[end].text in _FOUNDED and (
                words[end + 1].text.endswith("周年") and words[end + 2].text not in cues["speech"]):
            end += 2                    # 向/甲校/成立/70周年/发来/贺信
        later = [j for j in range(end, len(words)) if words[j].text in cues["benefit_verbs"]]
        if text == "为" and later:
            return later[-1], frame
        return max(end, i + 1), frame._replace(recipients=frame.recipients + named.agents)
    if text in cues["partner"]:
        if end == len(words) > i + 2 and words[end - 1].mention is None and words[end - 1].pos in ("v", "vn") and (
                words[end - 1].text in lexicon.triggers):
            end -= 1                    # 同/首相/先生/会晤
        if end > i + 2 and (words[end - 1].text in ("视频", "电话") or words[end - 1].pos == "a"):
            end -= 1                    # 同/周文澜/视频/通话, 与/甲军/激烈/交火
            named = read_subject(words[i + 1:end], cues)
        return max(end, i + 1), frame._replace(partners=named.agents, company=words[i + 1:end])
    return _circumstance(words, i, end, frame, lexicon)


def is_doing(word: Word, lexicon: Lexicon) -> bool:
    """Is a word behind 在 a verb of what somebody did while he said something (在/出席/会议/时/说)?"""
    action = lexicon.triggers.get(word.text)
    return word.mention is None and word.pos == "v" and action is not None and action.id in lexicon.cues["same_place"]


def _does_before(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """听取/汇报/后/发表/讲话: does a verb of acts stand at i, and behind 后 what was done next?"""
    behind = next((j for j in range(i + 1, len(words) - 1) if (
        words[j].text in ("后", "之后") and words[j].pos == "f")), 0)
    return behind > 0 and words[i].pos == "v" and words[i].mention is None and words[i].text in lexicon.triggers and (
        words[behind + 1].text != "的") and all(w.text != "的" or k < behind - 1 for k, w in enumerate(words[:behind]))


def _meets(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """会见/到访/的: a verb of acts, and behind it another that only describes whom it was done to."""
    return i + 2 < len(words) and words[i].text in lexicon.triggers and words[i].pos == "v" \
        and words[i].mention is None and words[i + 1].pos == "v" and words[i + 2].text == "的"


def _sufferer(subject: Subject) -> tuple[Word, ...]:
    """The one person carried over from before (王某涉嫌盗窃，被拘留) as the words of an object."""
    people = [Word(m.start, m.end, m.text, m.type, m) for m in subject.agents if m.type == "PERSON"]
    return tuple(people) if subject.reach and len(people) == len(subject.agents) == 1 else ()


def _agent(words: tuple[Word, ...], i: int, end: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame]:
    """由 or 经 at i: who acts. 由/李某/通过/…/的/车/托运: the name right behind it, not all that a 的 closes."""
    cues, verbs = lexicon.cues, lexicon.triggers
    start = i + 1
    if end == start and end < len(words) and words[end].text == "委托":
        start, end = i + 2, noun_phrase_end(words, i + 2, verbs)
    if words[i].text == "经" and end == start and end + 1 < len(words) and words[end].pos in ("v", "vn"):
        return end + 1, frame       # 经/批准, 经/调查
    near = noun_phrase_end(words, start, verbs)
    if start < near < end and any(w.pos in ("p", *ADVERBIAL) for w in words[near:end]):
        end = near
    if made := made_by(words, near):
        head = noun_phrase_end(words, made, verbs)
        return max(head, made), frame._replace(subject=read_subject(words[made:head], cues), patient=words[made:head])
    if group := formed(words[start:end]):
        return max(end, i + 1), frame._replace(subject=read_subject(group, cues))
    named = read_subject(words[start:end], cues)
    if not named.named and (words[i].text == "经" or _describes(words[start:end], frame)):
        end = max(end, i + 1)
        told = words[i].text == "经" and end + 1 < len(words) and words[end].pos in ("v", "vn") and frame.subject.named
        return end + int(told), frame
    appositive = frame.subject.named and any(w.text == "的" for w in words[start:end])
    return max(end, i + 1), frame._replace(subject=named, passive=not appositive)




def _describes(inside: tuple[Word, ...], frame: Frame) -> bool:
    """甲局由16人组成的突击队, 甲局由局长带队: a 由 that says more of the one who acts."""
    return frame.subject.named and bool(inside) and (
        any(w.text == "的" for w in inside) or all(w.pos == "POSITION" for w in inside))


def _circumstance(words: tuple[Word, ...], i: int, end: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame]:
    """Time, place, basis: 在/北京, 于/5月1日, 按照/…/要求."""
    cues, text = lexicon.cues, "在" if words[i].text in _THERE else words[i].text
    if text == "在" and (behind := next((j + 1 for j in range(i + 1, len(words) - 1) if words[j].text == "之际"), 0)):
        return behind, frame._replace(date=next((w.mention for w in words[i:behind] if w.pos == "DATE"), frame.date))
    if text == "在" and (behind := listed_end(words, i + 1)) > end:
        return behind, frame._replace(places=named_places(words[i + 1:behind]))
    if text == "在" and (behind := len(words) if words[-1].text == "方面" else while_end(
            words, i + 1, lexicon.triggers)):       # 在/巡查/和/防控/方面
        return behind, frame
    if text == "通过" and (behind := manner_end(words, i, lexicon)):
        return behind, frame            # 通过/撞/门/方式/进入
    if text == "以" and (behind := crime_end(words, i + 1) or pretext_end(words, i + 1, cues)):
        return behind, frame
    if text in _CAUSES and i + 1 < len(words) and words[i + 1].text == "涉嫌":
        end = next((k for k in range(i + 2, len(words)) if words[k].text in ("已", "被", "依法")),
                   len(words) if words[-1].text.endswith("罪") else end)
        return max(end, i + 1), frame   # 因/涉嫌/伤害/已/被/甲局/拘留
    if text == "由于" and i == 0 and frame.subject.reach and all(w.text not in cues["passive"] for w in words):
        return len(words), frame        # 由于/指挥/有力，…: a reason, not what he did
    if text in _CAUSES and (behind := cause_end(words, i + 1)):
        return behind, frame
    if text in ("除", "除了") and (behind := except_end(words, i + 1)):
        return behind, frame
    if text in _CAUSES and (k := joined_at(words, i + 1, end, cues)):
        company = words[k + 1:end]
        return end, frame._replace(partners=read_subject(company, cues).agents, company=company)
    if text in cues["basis"] and end < len(words) and words[end].text in cues["basis_heads"]:
        end += 1
    if text in cues["basis"] and end == len(words) - 1 and words[end].pos in ("v", "vn") and not (
            text in {*_CAUSES, *_MEANS} and words[end].text in lexicon.triggers):       # 因/琐事/发生口角
        end += 1
    if text in ("通过", "用", "以") and i + 2 < end == len(words) and words[-1].text in lexicon.triggers and (
            lexicon.triggers[words[-1].text].id == "address" or (
                lexicon.triggers[words[-1].text].kind == "joint" and len(frame.subject.agents) > 1)):
        end -= 1                        # 通过/视频/致辞, 甲、乙/通过/微信/争吵
    inside = words[i + 1:end]
    dates = [w.mention for w in inside if w.pos == "DATE"]
    if not dates and end < len(words) and words[end].pos == "DATE":
        dates, end = [words[end].mention], end + 1
    if text in _REASONS:
        pass                            # 因/2016年/漏税: when the reason came up, not when it was acted upon
    elif dates:
        frame = frame._replace(date=dates[-1])
    elif any(w.pos == "TIME" and _UNPLACED.fullmatch(w.text) for w in words[i + 1:max(end, i + 2)]):
        frame = frame._replace(date=None, undated=True)
    if text in cues["place"] and text not in ("从", "自") and inside and ends_in_place(inside, cues):
        where = without_events(inside, cues)
        held = held_at((words[i], *inside)) if text == "在" else ()     # 在/甲县/举行/的/比赛/中
        frame = frame._replace(places=held or places_or_venues(where, cues), sites=named_sites(where))
    verb = next((w for w in words[end:] if w.pos not in ("m", *ADVERBIAL)), None)
    if text in _CAUSES and verb is not None and verb.pos == "v" and read_subject(inside, cues).named:
        return len(words), frame        # 因/李某/殴打/王某: what somebody else did is the reason
    while end < len(words) and words[end].pos == "f":
        end += 1
    return max(end, i + 1), frame


def with_partners(frame: Frame) -> Subject:
    """甲局/联合/乙局，…: both do what the next clause tells."""
    agents = dict.fromkeys((*frame.subject.agents, *frame.partners))
    return frame.subject._replace(agents=tuple(agents)) if frame.subject.named and frame.partners else frame.subject


def subject_behind(frame: Frame) -> Subject:
    """Who acts in the next clause: behind 被 and 由 nobody can say."""
    return Subject() if frame.passive else frame.subject
