"""One clause: its subject, what its prepositions govern, its verb and its object."""

from __future__ import annotations

from typing import NamedTuple

from kg.acts.adjuncts import ASPECT, Frame, Predicate, read_adjuncts, subject_behind, with_partners
from kg.acts.clauses import ADVERBIAL, COORDINATORS, WHEN, Clause, Word
from kg.acts.decisions import decides_what_follows, read_decision
from kg.acts.goals import find_goal, read_arrival
from kg.acts.lexicon import Lexicon
from kg.acts.loot import read_loot
from kg.acts.nominals import becomes, belongs_to_a_noun, described_by, embeds, is_nominal
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.phrases import first_stop_end, is_remark, manner_end, means_end, this_is_end, way_end
from kg.acts.places import event_end, held_at, meanwhile_at, named_places, named_sites
from kg.acts.plain_verbs import is_concrete, read_plain_verb
from kg.acts.serial_verbs import begins_second_act
from kg.acts.sittings import of_body, whose_session
from kg.acts.subject_ends import subject_end
from kg.acts.subjects import MEETINGS, NAMED, NOBODY, Subject, is_place, read_subject
from kg.acts.topics import describes_him, is_aside, is_topic, lists_others, lists_people, subject_of, thing_of
from kg.acts.verbs import (
    act_behind,
    begins_anew,
    decides,
    decides_when_or_whom,
    drives_off,
    ends_the_moved,
    goes_on,
    guest_does,
    happened_before,
    is_verb_here,
    leads_on,
    leads_to,
    moved_behind,
    names_another,
    opener_end,
    orders,
    passive_by_him,
    tells,
    turns_passive,
)
from kg.models import Mention

_OPEN = frozenset({"place", "none", "optional"})
#: Behind these 介绍 is a noun, whatever the tagger says (听取/情况/介绍).
_HEARS = frozenset({"听取", "听", "聆听"})
#: What may stand behind the title of a work.
_WORK = ("书", "版")
#: Open what was done without what the verb before them denies (未/办理/手续/擅自/开采).
_UNALLOWED = frozenset({"擅自", "私自"})
_HOLDING = frozenset({"拿着", "带着", "骑着", "开着", "背着", "抱着", "提着", "推着", "拉着", "扶着", "冒着", "顶着"})
_WHILE = frozenset({"时", "期间", "后", "之后"})
_AFTER = frozenset({"后", "之后"})
_IS = frozenset({"是", "也是", "均是", "都是", "则是"})


class Reading(NamedTuple):
    """What a clause gave: perhaps a predicate, and the subject for the clauses behind it.

    `stop`: "speech" or "wish" where the rest of the sentence is said, supposed or called for. `adjunct`: the clause
    held only time, place or purpose. `rest`: words behind the object, read as one more clause (印发《…》/部署工作).
    `announcing`: an act whose object is what the clauses behind tell (宣布，…).
    """

    subject: Subject
    predicate: Predicate | None = None
    stop: str = ""
    adjunct: bool = False
    places: tuple[Mention, ...] = ()
    date: Mention | None = None
    rest: tuple[Word, ...] = ()
    certainty: str = "fact"
    listed: tuple[Mention, ...] = ()
    announcing: Predicate | None = None
    thing: tuple[Word, ...] = ()        # of what it speaks, if that is nobody
    went: bool = False      # the places are those of its subject alone
    perceiver: Subject = NOBODY         # who sees or hears what the clause tells: 遂/… behind it is done by him


def read_clause(clause: Clause, frame: Frame, lexicon: Lexicon) -> Reading:
    """Read one clause; `frame` brings the subject, date and places that hold when it begins."""
    words, cues = clause.words[this_is_end(clause.words):], lexicon.cues
    kept = frame.subject
    if words[-1].text == "是" and clause.closer and clause.closer in "，：":
        if is_remark(words, cues):
            return Reading(kept, adjunct=True, date=frame.date)
        return Reading(kept, stop="speech")     # 主要议程是，甲局报告工作: what it is, not what was done
    if is_aside(words, lexicon):
        return Reading(kept, adjunct=True, date=frame.date)
    if len(kept.agents) == 1 and kept.reach == 1 and kept.agents[0].type == "PERSON" and passive_by_him(words, lexicon):
        frame = frame._replace(known={**frame.known, "其": kept.agents})
    i, frame, verdict = read_adjuncts(words, 0, frame, lexicon)
    if verdict:
        return Reading(kept, stop="" if verdict == "skip" else verdict, adjunct=True, date=frame.date)
    if i == len(words):
        subject = frame.subject if frame.passive else kept
        return Reading(subject, adjunct=True, places=frame.places, date=frame.date)
    j = max(subject_end(words, i, lexicon), event_end(words, i, cues))
    if j == len(words) and j > i + 1 and clause.closer == "：" and words[-1].text in lexicon.triggers:
        j -= 1
    if j > i and any(w.pos not in ("m", "q", "、") for w in words[i:j]):
        subject = subject_of(words[i:j], frame, cues)
        if j == len(words):
            if clause.closer == "：" and subject.named and words[j - 1].pos == "PERSON":
                return Reading(subject, stop="speech")      # 司长/周文澜：…: what he says
            if clause.closer == "，" and lists_people(words[i:j], subject, cues):
                return Reading(subject, adjunct=True, date=frame.date, listed=(*frame.listed, *subject.agents))
            if clause.opener in ("—", "、") or describes_him(words[i:j], kept) or (
                    not subject.named and not is_topic(words[i:j], kept, clause, cues)):
                subject = kept
            return Reading(subject, adjunct=True, date=frame.date, thing=words[i:j] if not subject.agents or (
                words[j - 1].text.endswith(MEETINGS)) else ())
        if words[-1].text in cues["temporal_ends"] and not subject.named:
            return Reading(kept, adjunct=True, date=frame.date)
        if frame.listed and (lists_people(words[i:j], subject, cues) or lists_others(words[i:j], cues)):
            subject = subject._replace(agents=(*frame.listed, *subject.agents), named=True)
        if disposed := read_loot(words, i, j, frame, lexicon):
            return Reading(kept, disposed, date=frame.date)
        places = () if frame.went and subject.agents != kept.agents else frame.places
        if words[i].pos == "v" and any(w.text == "即将" for w in words[:i]):
            frame = frame._replace(certainty="fact")        # 即将/结束/比赛/的/甲队/送上/…
        frame = frame._replace(subject=subject, patient=words[i:j], places=places)
    elif words[0].text == "在" and (words[-1].text in cues["temporal_ends"] or words[-1].text.endswith("之际")) and (
            kept.reach != 1 or words[-1].text not in ("时", "期间", "后") or words[i].text not in lexicon.triggers):
        return Reading(kept, adjunct=True, date=frame.date, places=held_at(words))     # 在/甲县/举行/的/比赛/中
    reading = _read_predicate(words, j, frame, lexicon)
    if j > i and reading.predicate is None and (not frame.subject.named or words[-1].text.endswith(_WORK) or (
            words[-1].pos in ("DOCUMENT", "nw"))):
        reading = reading._replace(thing=thing_of(words))
    if words[-1].text in ("时", "期间", "过程中") and not reading.places and reading.subject == frame.subject:
        reading = reading._replace(places=meanwhile_at(words[j:]))
    return reading


def _read_predicate(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Reading:
    cues = lexicon.cues
    while i < len(words):
        before = i
        i, frame, verdict = read_adjuncts(words, i, frame, lexicon)
        if verdict or i == len(words):
            there = frame.places if not verdict and frame.subject.named and not frame.passive else ()
            gone = None if verdict else read_arrival(words, frame, lexicon)
            return Reading(with_partners(frame), gone, stop="" if verdict == "skip" else verdict, date=frame.date,
                           certainty=frame.certainty, places=there, went=bool(there))
        word = words[i]
        if word.mention is None and (behind := manner_end(words, i, lexicon) or means_end(words, i, lexicon)
                                     or first_stop_end(words, i)):
            i = behind
            continue
        if word.mention is None and word.text in _IS and i + 1 < len(words) and words[i + 1].text == "由" and (
                words[-1].text == "的"):
            i, words = i + 1, words[:-1]        # 大桥/是/由/甲公司/设计/的
            continue
        if word.mention is None and word.text in ("组成", "构成") and i + 2 < len(words) and words[i + 1].text == "的":
            end = noun_phrase_end(words, i + 2, lexicon.triggers)       # 甲局、乙局/组成/的/专家组/赶赴/…
            i, frame = max(end, i + 2), frame._replace(subject=read_subject(words[i + 2:end], cues))
            continue
        if frame.moved and word.text in lexicon.triggers and lexicon.triggers[word.text].object == "person" and (
                moved := read_plain_verb(words, i, frame, lexicon)):
            return Reading(frame.subject, moved, date=frame.date, certainty=frame.certainty)     # 将/该车/推/到/巷口
        if word.mention is None and word.text in lexicon.triggers and is_verb_here(words, i, lexicon):
            return _predicate(words, i, of_body(word, frame, cues), lexicon)
        if word.mention is None and word.text in cues["alleging"]:
            return Reading(Subject(), rest=words[i + 1:], certainty="suspected")
        if word.mention is None and tells(words, i, cues):
            said = i + 2 if i + 1 < len(words) and words[i + 1].text in ("称", "说") else i + 1
            return Reading(Subject(), rest=words[said:])
        if word.mention is None and word.text in cues["speech"]:
            return Reading(frame.subject, stop="speech", date=frame.date, rest=words[i + 1:])
        if word.pos == "v" and any(w.text in cues["reporting"] and w.pos == "v" for w in words[i + 1:i + 2]):
            return Reading(frame.subject, stop="speech", date=frame.date, rest=words[i + 2:])      # 补充/说
        if word.mention is None and word.text in cues["partner_verbs"]:
            end = noun_phrase_end(words, i + 1, lexicon.triggers)
            frame = frame._replace(partners=read_subject(words[i + 1:end], cues).agents)
            i = max(end, i + 1)
        elif word.pos == "v" and i + 1 < len(words) and words[i + 1].text == "着":
            i = max(noun_phrase_end(words, i + 2, lexicon.triggers), i + 2)     # 冒/着/大雨/前往
        elif word.pos == "v" and word.text in _HOLDING:
            i = max(noun_phrase_end(words, i + 1, lexicon.triggers), i + 1)     # 拿着/手机/逃离/现场
        elif word.mention is None and word.text in cues["openers"] and not (word.text == "代表" and word.pos == "n"):
            i = opener_end(words, i, lexicon)
        elif decision := read_decision(words, i, frame, lexicon) or (
                read_arrival(words, frame, lexicon) if word.text in ("到", "至") else None):
            return Reading(frame.subject, decision, date=frame.date)
        elif decided := decides_what_follows(words, i, frame):
            return Reading(frame.subject, date=frame.date, announcing=decided)
        elif decides(words, i, lexicon):
            if "决" in word.text and lexicon.triggers[words[i + 1].text].id not in cues["decided"]:
                frame = frame._replace(certainty="plan")        # 决定/购买/…
            if frame.subject.reach and frame.subject.of_people:
                frame = frame._replace(subject=Subject())       # 方某/违纪，决定/给予/方某/处分
            i += 1
        elif decides_when_or_whom(words, i, lexicon):
            if frame.subject.reach and frame.subject.of_people:
                frame = frame._replace(subject=Subject())
            i += 1
        elif behind := i + 1 if leads_on(words, i, lexicon) else happened_before(words, i, lexicon):
            i = behind
        elif word.pos in ("v", "vn", "u") or word.mention is not None:
            if (behind := described_by(words, i)) and not frame.passive:
                end = noun_phrase_end(words, behind, lexicon.triggers)
                described = read_subject(words[behind:end], cues)
                # what ends the clause was described, no more; 甲局针对…造成/的/影响，启动…: nor does a thing act
                if end < len(words) or described.named or words[end - 1].text.endswith(tuple(cues["actors"])):
                    return Reading(described if end < len(words) else Subject(), date=frame.date,
                                   certainty=frame.certainty)
            plain = read_plain_verb(words, i, frame, lexicon)
            if plain is None and (behind := moved_behind(words, i, lexicon) or (
                    act_behind(words, i, lexicon) if frame.subject.of_people else 0)):
                i = behind
                continue
            if plain is None and embeds(words, i, cues):
                return Reading(frame.subject if words[-1].text in _AFTER else Subject(), perceiver=frame.subject)
            joined = with_partners(frame) if any(w.text in cues["partner_verbs"] for w in words) else frame.subject
            return Reading(subject_behind(frame) if plain or frame.passive else joined, plain, date=frame.date,
                           certainty=frame.certainty)
        else:
            i += 1
        if i == before:
            break
    return Reading(with_partners(frame), date=frame.date, certainty=frame.certainty)


def _predicate(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Reading:
    action = lexicon.triggers[words[i].text]
    if frame.passive and words[0].text == "经" and words[i].text in ("研究", "研究决定") and len(words) <= i + 2:
        return Reading(frame.subject, adjunct=True, date=frame.date)     # 经/青溪县委/研究/决定，免去/…
    if action.kind == "motion":
        return _motion(words, i, frame, lexicon)
    if behind := way_end(words, i, lexicon):
        return Reading(frame.subject, Predicate(action, words[i:i + 1], words[i + 1:behind], frame), date=frame.date,
                       rest=words[behind:])         # 打开/车门/盗走/手机
    end = i + 1
    while action.kind not in ("light", "frame") and (more := goes_on(words, end, lexicon)):
        end += more
    verb = words[i:end]
    if frame.moved and ends_the_moved(words, i, end):
        return Reading(frame.subject, Predicate(action, verb[:1], (), frame), date=frame.date,
                       rest=words[i + 1:])      # 将/车窗/砸破/盗窃/车/内/财物
    while end < len(words) and words[end].text in ASPECT and words[end].pos in ("u", "v", "d", "f", "a"):
        end += 1
    obj, timed = words[end:], False
    goal: tuple[Word, ...] = ()         # where somebody goes with what he drives or carries
    rest: tuple[Word, ...] = ()
    if len(obj) > 1 and obj[0].text in ("在", "于") and obj[0].mention is None and named_places(obj) and (
            all(w.text != "的" and w.pos != "v" for w in obj)):
        obj, frame = (), frame._replace(places=named_places(obj))       # 驻守/在/青溪县
    if action.id in ("attend", "take_part") and not frame.places:
        frame = frame._replace(places=held_at(obj))
    if len(obj) > 2 and obj[0].pos in ("DOCUMENT", "nw") and (
            obj[1].text == "以" or (obj[1].text in lexicon.triggers and obj[1].pos == "v")):
        obj, rest = obj[:1], obj[1:]
    for j, word in enumerate(obj):
        if word.mention is None and word.text in _WHILE | (
                {"中"} if j == 0 and action.id == "address" else set()) and word.pos in ("f", "n") and not (
                j and obj[j - 1].pos == "n" and len(obj[j - 1].text) == 1 and (      # 灾/后/重建; not so 等/物/后
                    j < 2 or obj[j - 2].text != "等")) and (
                j + 1 == len(obj) or any(w.pos in ("v", "p", "d") for w in obj[j + 1:])):  # 出舱/期间/全部/任务
            obj, rest, timed = obj[:j], obj[j + 1:], True
            break
        if (action.kind != "ruling" and turns_passive(obj, j, lexicon)) or (j and word.text in _UNALLOWED):
            obj, rest = obj[:j], obj[j:]
            break
        if action.kind == "act" and names_another(obj, j, lexicon):
            obj, rest = obj[:j], obj[j + 1:]
            break
        if (action.id == "operate" and drives_off(obj, j, lexicon)) or (
                action.kind == "act" and begins_anew(obj, j, verb, lexicon)) or (
                action.kind in ("act", "frame", "light") and begins_second_act(obj, j, verb, lexicon)):
            obj, rest = obj[:j], obj[j:]
            if word.text in ("到", "至", "去") and not any(w.text in lexicon.triggers and w.pos == "v" for w in rest):
                goal, rest = rest, ()
            break
        if word.mention is None and word.text in lexicon.cues["results"] and all(w.text != "的" for w in obj[j:]):
            if all(w.pos in ADVERBIAL for w in obj[:j]) and not (frame.fronted or frame.passive):
                bare = frame.subject.reach == 0 and verb[-1].text in lexicon.cues["objectless"]
                return Reading(Subject(), Predicate(action, verb, (), frame) if bare else None)     # 甲军/袭击/造成/…
            obj = obj[:j]                       # 袭击/甲镇/致/3人/死亡
            break
    if obj and obj[0].mention is None and action.object == "optional" and (
            (len(obj) == 1 and obj[0].text in ("称", "说")) or (
                action.id in ("publish_article", "address", "write") and (      # 致信/表示, 回信/勉励/同学们
                    obj[0].text in lexicon.cues["speech"] or obj[0].text in ("提出", "建议")))):
        return Reading(frame.subject, Predicate(action, verb, (), frame), "speech", date=frame.date)
    # 发表声明/说: what follows is what was said; not so behind 收到/检察/建议/后
    said = len(obj) > 1 and not timed and obj[-1].text in lexicon.cues["speech"] and obj[-1].pos == "v" and (
        verb[-1].text not in _HEARS)
    while said and len(obj) > 2 and obj[-2].pos in WHEN:
        obj = (*obj[:-2], obj[-1])      # 负责/人道事务/的/副秘书长/周文澜/近日/表示
    stop = "speech" if said and (
        obj[-2].pos in ("n", "vn", "DOCUMENT", "nw", *NAMED) or obj[-1].text in ("称", "说")) else ""
    if stop and obj[-1].text == "声明" and verb[-1].text in ("签署", "发表", "发布", "发出"):
        stop = ""
    obj = obj[:-1] if stop else obj
    closed = max((k for k, w in enumerate(obj) if w.text == "的" and w.pos == "u"), default=-1)
    if stop == "speech" and closed > 0 and obj[-1].pos == "PERSON" and action.kind in ("act", "light"):
        return Reading(Subject(), stop=stop)        # 负责/经济事务/的/委员/周文澜/表示
    if stop and action.kind == "light" and any(w.text == "的" and w.pos == "u" for w in obj):
        return Reading(Subject(), stop=stop)        # 进行/对比/的/结果/显示
    stop = stop or ("wish" if orders(action, verb, obj, lexicon) else "")
    while obj and obj[-1].text in ("、", "等", "的"):      # 是/昨天/访问/的
        obj = obj[:-1]
    if len(obj) == 1 and obj[0].text in lexicon.cues["compound_heads"] and all(w.pos == "vn" for w in verb):
        return Reading(frame.subject, date=frame.date)
    if not obj and frame.thing and action.id in lexicon.cues["shared"] and end == len(words) and (
            not frame.patient if frame.passive else frame.subject.reach == 0):
        obj = frame.thing                                   # 该桥/由/甲局/设计，乙局/承建
    if action.id == "sit" and obj:
        return Reading(frame.subject, date=frame.date)      # 在/闭幕/会/上
    if action.id in ("convene", "sit") and not obj and not frame.passive and (frame.patient or frame.thing):
        holder, session = whose_session(frame.patient or frame.thing, lexicon.cues)     # 甲县政协/第三次/会议/召开
        if holder.named:
            return Reading(frame.subject, Predicate(action, verb, session, frame._replace(subject=holder)), stop,
                           date=frame.date, rest=rest)
    here = frame.places or frame.sites
    if not obj and rest and not (frame.moved and frame.fronted) and not (action.object == "place" and here) and not (
            action.object == "optional" and (here or frame.date or frame.partners or action.id == "address")):
        # 在甲镇/调研/时/强调
        return Reading(subject_behind(frame), date=frame.date, rest=rest)
    if not obj and verb[-1].text in lexicon.cues["alleging"]:
        return Reading(Subject(), certainty="suspected")
    if is_nominal(action, obj, frame, lexicon) or (
            end == i + len(verb) and belongs_to_a_noun(verb, obj, frame, lexicon)) or (
            not obj and (verb[-1].text in lexicon.cues["telling"] or verb[-1].text.endswith("查明") or (
                verb[-1].text == "发布" and not (frame.passive or frame.fronted) and words[-1] is verb[-1]))):
        # 宣布，…: what is announced has a subject of its own
        announces = not obj and verb[-1].text in lexicon.cues["announcing"]
        return Reading(Subject(), announcing=Predicate(action, verb, (), frame) if announces else None)
    if obj and becomes(action, verb, obj, frame):
        return Reading(Subject())
    if len(obj) > 1 and obj[0].text == "、" and obj[1].pos == "v" and action.object in ("optional", "none"):
        obj, rest = (), obj[1:]         # 到会/听取/意见、回答/询问
    said = bool(obj) and obj[0].text in lexicon.cues["speech"] and obj[0].pos == "v"
    if said and action.id in ("visit", "consult"):
        return Reading(frame.subject, Predicate(action, verb, (), frame), "speech", date=frame.date)    # 握手/表示/祝贺
    if with_guest := guest_does(verb, obj, lexicon):
        both = (*frame.subject.agents, *read_subject(obj[:with_guest], lexicon.cues).agents)
        return Reading(frame.subject._replace(agents=both), Predicate(action, verb, obj, frame), stop, date=frame.date,
                       rest=obj[with_guest:])
    if said or (obj and obj[0].text in COORDINATORS and obj[0].pos != "p"):
        return Reading(frame.subject, stop="speech" if obj[0].pos == "v" else "", date=frame.date)
    by = bool(rest) and any(w.text == "由" and w.mention is None for w in words[:i])
    return Reading(frame.subject if by else subject_behind(frame), Predicate(action, verb, obj, frame), stop,
                   date=frame.date, rest=rest, places=named_places(goal), went=bool(goal))


def _motion(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Reading:
    """赴/益阳市/督导/…: behind the place stands the act proper; without one, going there is the act."""
    if i + 1 < len(words) and words[i + 1].text in ("后", "之后", "时"):
        return Reading(frame.subject, date=frame.date, rest=words[i + 2:])
    if i + 1 < len(words) and words[i + 1].text in ("了", "过") and words[i + 1].mention is None:
        words = (*words[:i + 1], *words[i + 2:])        # 来到/了/白鹭镇
    going, bodily = lexicon.triggers[words[i].text], words[i].text in lexicon.cues["bodily"]
    start, end = find_goal(words, i + 1, lexicon.triggers)
    far = end + 1 if end < len(words) and words[end].text in lexicon.cues["scenes"] else end
    for j in range(start, min(far + 1, len(words))):
        action = lexicon.triggers.get(words[j].text)
        if j == i + 1 and bodily and leads_to(words, j, action, lexicon):
            return _predicate(words, j, frame, lexicon)         # 前往/送别
        if action is None or (j == i + 1 and not words[j].text.startswith("现场")):
            continue
        if j > i + 1 and manner_end(words, j, lexicon):        # 窜至/路边/采取/…/方式/进入/车内
            end = j
            break
        if words[-1].text == "地" and words[-2].text == "等" and any(w.text == "、" for w in words[j:]):
            continue                    # 来到/甲园、乙县/清淤/工程、丙站/等/地
        if words[j].pos == "vn" and words[j + 1:] and is_place(words[j + 1:], lexicon.cues):
            continue                    # 走进/学校/教育/史馆
        if words[j].mention is None and is_verb_here(words, j, lexicon) and (
                j + 1 < len(words) and (words[j].pos == "v" or words[j - 1].mention is not None
                                        or words[j - 1].text in lexicon.cues["scenes"])):
            reading = _predicate(words, j, frame._replace(places=named_places(words[i + 1:j]) or frame.places), lexicon)
            if action.object != "needed" or (reading.predicate and reading.predicate.object):
                return reading          # not so 进入/甲城/搜捕/期间
        if j == len(words) - 1 and words[j].pos == "v" and action.object in _OPEN:     # 赴/甲市/考察
            places, sites = named_places(words[i + 1:j]), named_sites(words[i + 1:j])
            if places or sites:
                return _predicate(words, j, frame._replace(places=places, sites=sites), lexicon)
            if action.object == "optional" and is_place(words[i + 1:j], lexicon.cues):  # 赶赴/现场/调查处理
                gone = Predicate(going, (words[i],), words[i + 1:j], frame)
                return Reading(frame.subject, gone, date=frame.date, rest=words[j:])
            if action.object == "place" and is_place(words[i + 1:j], lexicon.cues):     # 深入/夜市/检查
                return Reading(frame.subject, Predicate(action, words[j:], words[i + 1:j], frame), date=frame.date)
    goal = words[i + 1:end]
    if goal and goal[-1].text in ("时", "后", "之后", "期间", "途中", "的"):
        goal = goal[:-1]
    if goal and not is_place(goal, lexicon.cues) and not (
            bodily and end == len(words) and is_concrete(goal, lexicon.cues)):
        return Reading(frame.subject, date=frame.date)
    frame = frame._replace(places=named_places(goal) or frame.places)
    bare = bodily and i + 1 == len(words) and frame.subject.reach == 0
    there = Predicate(going, (words[i],), goal, frame) if goal or bare else None
    rest: tuple[Word, ...] = ()
    if there and end < len(words) and (words[end].pos == "p" or manner_end(words, end, lexicon)):
        rest = words[end:]              # 前往/甲镇/对/…/进行/布控
    if there and end < len(words) and words[end - 1].text in _AFTER:
        rest = words[end:]              # 翻越/铁门/后/进入/宿舍
    return Reading(frame.subject, there, date=frame.date, rest=rest)
