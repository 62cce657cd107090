"""The Act record, and how a predicate with its surroundings becomes one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.acts.adjuncts import HELD, Frame, Predicate
from kg.acts.cases import names_a_case
from kg.acts.clauses import COORDINATORS, Word, spelled
from kg.acts.lexicon import OTHER, Action, Lexicon
from kg.acts.places import places_at_end, places_within
from kg.acts.plain_verbs import is_definite
from kg.acts.subjects import NAMED, all_named, is_place, read_subject
from kg.models import Mention, TaggedSentence

LABEL_LENGTH = 40
#: Bodies that pursue crimes.
_LAW = ("法院", "检察院", "公安局", "派出所", "分局", "支队", "大队", "纪委", "监委", "警方", "公安机关")
#: Of what is moved, what says less than where it goes; and the verbs that hold that it goes there.
_HIM, _GOING = frozenset({"其", "他", "她"}), ("到", "至", "往", "回", "入", "进")
#: Behind a prize they say how many there are; what may close its name.
_ITEMS, _CLOSING = frozenset("项个枚次"), "”’」》"
_TOWARDS = frozenset({"至", "到", "给", "向", "往"})


@dataclass(frozen=True, slots=True)
class Span:
    """A span of the cleaned text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """One occurrence of a trigger verb with its arguments; offsets are those of the cleaned text.

    `label` is the trigger and a short object, as in the text. `polarity` is positive or negative, `certainty` fact,
    plan or suspected.
    """

    sentence: TaggedSentence
    agents: tuple[Mention, ...]
    trigger: Span
    object: Span | None
    canonical: str
    label: str
    date: Mention | None
    places: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    polarity: str
    certainty: str
    rule: str
    confidence: float


def make_act(tagged: TaggedSentence, predicate: Predicate, date: Mention | None, lexicon: Lexicon,
             rule: str = "act") -> Act | None:
    """The act that a predicate tells of, or None if nobody named does it or its verb lacks the object it needs."""
    frame = predicate.frame
    action, verb, obj = _verb_and_object(predicate, lexicon)
    joint = action.kind == "joint" or not predicate.frame.company or bool(predicate.frame.partners)
    agents = _unique((*frame.subject.agents, *(frame.partners if joint else ())))
    people = all(a.type == "PERSON" for a in agents)
    there = action.object == "place" and not obj and bool(frame.places or frame.sites)
    # 论坛主题为…，由/甲局/主办，乙校/承办
    held = not obj and verb[-1].text in HELD and (frame.passive or frame.subject.reach == 0)
    alone = lexicon.cues["bodily"] | (lexicon.cues["objectless"] if frame.subject.reach == 0 else frozenset())
    bare = not obj and rule in ("act", "reported") and (verb[-1].text in alone or (    # 抵达, 从/甲镇/撤离
        frame.passive and verb[-1].text in lexicon.cues["warded_off"]))     # 甲军/进攻/乙镇，被/丙军/击退
    bare = bare or (not obj and verb[-1].text in lexicon.cues["bare_crimes"] and people and frame.subject.reach < 2)
    if not obj and verb[-1].text in lexicon.cues["disposing"] and frame.subject.reach == 1:
        bare, frame = True, frame._replace(places=())       # 盗走/电动车，后/以/500元/的/价格/卖掉
    if not frame.subject.agents or not (
            rule == "phrase" or there or held or bare or _object_fits(action, verb, obj, lexicon)):
        return None
    if names_a_case(action, obj, frame.certainty, lexicon.cues):
        return None
    if _is_crime(action, obj, lexicon) and all(a.text.endswith(_LAW) for a in agents):
        return None
    if action.id == "operate" and len(obj) == 1 and obj[0].pos == "m" and obj[0].text.endswith("起"):
        return None                     # 查获酒驾27起，其中醉酒/驾驶/6起
    of_bodies = verb[-1].text in lexicon.cues["of_bodies"] and not frame.decreed
    if people and verb[-1].text in lexicon.cues["of_courts"]:
        return None
    if frame.subject.reach and of_bodies and people:
        return None
    if frame.subject.reach == 2 and people and action.id in lexicon.cues["enforcement"]:
        return None                     # 捅伤/李某。从/方某/处/扣押/折叠刀
    if frame.subject.sitting and action.id not in lexicon.cues["sittings"]:
        return None
    places = frame.places or (places_at_end(obj) if action.id in lexicon.cues["of_places"] else ()) or (
        places_within(obj) if action.id in lexicon.cues["upon_places"] else ())
    trigger = _span(verb)
    when = frame.date or (None if frame.undated else date)
    label = _label(trigger, obj) + (_there(frame) if there else "")
    return Act(tagged, agents, trigger, _span(obj) if obj else None, action.id, label,
               when, places, _targets(predicate._replace(action=action), obj, agents, lexicon.cues),
               frame.polarity, frame.certainty, f"{rule}.{action.id}", _confidence(frame, action))


def of_thing(act: Act, thing: tuple[Word, ...]) -> Act:
    """The act that a description tells of a thing (由/甲局/主办/的/青溪县/博览会).

    What is named before the thing only says which it is, and isn't done something to.
    """
    return act if thing[-1].mention is not None else replace(act, targets=())


def _is_crime(action: Action, obj: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """殴打, 实施/暴力犯罪: what a court tells of, and doesn't do."""
    return action.id in lexicon.cues["crimes"] or (
        action.id == "conduct" and bool(obj) and obj[-1].text.endswith(("犯罪", "违法行为")))


# --------------------------------------------------------------------------- verb, object, label


def _verb_and_object(predicate: Predicate, lexicon: Lexicon) -> tuple[Action, tuple[Word, ...], tuple[Word, ...]]:
    """The verb proper and its object: 对景区/进行/全面/排查 is 排查 of 景区, 将村民/转移/至高处 is 转移 of 村民."""
    frame, action = predicate.frame, predicate.action
    verb, obj = predicate.verb, predicate.object
    fronted = frame.fronted or (frame.patient if frame.passive else ())
    if action.kind == "light" and obj and fronted:
        for word in obj:
            named = _named_verb(word, lexicon)
            if named is not None:
                return lexicon.triggers[named.text], (named,), fronted
    elif action.kind == "light" and obj:
        named = _named_verb(obj[-1], lexicon)
        action = lexicon.triggers[named.text] if named else action
    elif fronted and (not obj or frame.moved or (       # 被/李某/叫到/茶馆
            frame.passive and action.object == "person" and not spelled(obj).endswith(tuple(action.also)))):
        gone = len(fronted) == 1 and fronted[0].text in _HIM and verb[-1].text.endswith(_GOING) and bool(obj)
        obj = obj if gone or (obj and action.kind == "motion") else fronted     # 将/其/送到/方某/家中
    elif action.kind == "joint" and not obj and not frame.partners:
        obj = frame.company
    return action, verb, _described(obj)


def _described(obj: tuple[Word, ...]) -> tuple[Word, ...]:
    """The noun that a description with 由 leads to: 由/甲/任/组长/的/专班 is 专班."""
    last = max((i for i, word in enumerate(obj) if word.mention is None and word.text == "的"), default=-1)
    return obj[last + 1:] if obj and obj[0].text == "由" and last + 1 < len(obj) and last > 0 else obj


def _named_verb(word: Word, lexicon: Lexicon) -> Word | None:
    """The verb that a noun behind a light verb names: 检查, and 检查 in 安全检查."""
    if word.mention is not None:
        return None
    if word.text in lexicon.triggers and lexicon.triggers[word.text].kind != "motion":
        return word         # 交流 of 深入/交流
    if len(word.text) > 2 and word.pos in ("vn", "v") and word.text[-2:] in lexicon.triggers:
        return Word(word.end - 2, word.end, word.text[-2:], word.pos)
    return None


def _object_fits(action: Action, verb: tuple[Word, ...], obj: tuple[Word, ...], lexicon: Lexicon) -> bool:
    if action.holding:
        return any(w.text in action.holding for w in (*verb, *obj))
    if action.ending and not _ends_so(obj, action):
        return False
    if action.object == "none":
        return not obj or (obj[-1].pos != "v" and (        # not 启程/仪式/在/白鹭镇/举行
            obj[0].pos in ("m", "TIME", "r") or obj[-1].pos == "f" or is_place(obj, lexicon.cues)))
    if obj and ((obj[-1].text in action.not_ending and obj[0].start > verb[-1].start) or (
            action.kind == "light" and obj[-1].pos == "PERSON")):
        return False                    # 举报/案件; not so 对/案件/进行/通报
    if action.object == "optional":
        return True
    if obj and all(w.pos in ("DATE", "TIME") for w in obj):
        return False            # 提出/2030年, of 提出到2030年，…
    if action.object == "counted":
        bare = tuple(word for word in obj if word.pos != "quote")      # 打造/“第一引擎” may be a boast
        return bool(bare) and obj[-1].pos not in ("a", "ad", "v") and is_definite(bare, lexicon.cues)
    if action.object == "person":
        somebody = any(w.pos == "PERSON" for w in obj[:4]) and obj[0].text not in _TOWARDS
        return somebody or (bool(obj) and obj[-1].mention is None and spelled(obj).endswith(tuple(action.also)))
    if action.object == "specific":
        return any(w.mention is not None or w.pos in ("m", "nw", "quote") for w in obj) or (
            bool(obj) and obj[-1].mention is None and spelled(obj).endswith(tuple(action.also)))
    return bool(obj)


def _ends_so(obj: tuple[Word, ...], action: Action) -> bool:
    """法案, 《甲法》, “青溪奖”, 科技进步奖/7项: does an object end as it must, but for how many there are?"""
    if len(obj) > 1 and obj[-1].pos == "m" and obj[-1].text[-1] in _ITEMS:
        obj = obj[:-1]
    return bool(obj) and (obj[-1].pos in ("DOCUMENT", "nw") or (
        spelled(obj[-2:]).rstrip(_CLOSING).endswith(tuple(action.ending))))


def _span(words: Sequence[Word]) -> Span:
    return Span(words[0].start, words[-1].end, spelled(words))


def _there(frame: Frame) -> str:
    """Where one went to see things, for the label of an act without another object: 考察/白鹭镇."""
    return "、".join(place.text for place in frame.places or frame.sites)[:LABEL_LENGTH]


def _label(trigger: Span, obj: tuple[Word, ...]) -> str:
    """Trigger and a short object: of a long one the noun behind its description, else it is cut at a word.

    会见/前来出席…活动/的/甲国总理/李某 is 会见甲国总理李某. A list is cut behind a full item.
    """
    text, room = trigger.text, LABEL_LENGTH - len(trigger.text)
    if not obj:
        return text
    whole = _span(obj).text
    if len(whole) <= room or (len(obj) == 1 and obj[0].pos in ("DOCUMENT", "nw", "quote")):
        return text + whole
    described = max((i for i, w in enumerate(obj[:-1]) if w.mention is None and w.text == "的"), default=-1)
    head = _span(obj[described + 1:]).text
    if described > 0 and len(head) <= room and obj[-1].mention is not None:
        return text + head
    kept, item = "", ""
    for word in obj:
        if word.text == "、" and kept:
            item = kept
        if word.pos != "DOCUMENT" and len(kept) + len(word.text) > room:
            break
        kept += word.text
    return text + (item if len(item) > room // 2 else kept)


# -------------------------------------------------------------------------------------- targets


def _targets(predicate: Predicate, obj: tuple[Word, ...], agents: tuple[Mention, ...],
             cues: dict[str, frozenset[str]]) -> tuple[Mention, ...]:
    action, frame = predicate.action, predicate.frame
    # 宪法/宣誓仪式: a law named without 《》 before a noun only says what kind
    found = [w.mention for w, behind in zip(obj, (*obj[1:], None), strict=False)
             if w.pos == "DOCUMENT" and (w.text.startswith("《") or behind is None or behind.pos not in ("n", "vn"))]
    if action.targets != "none":
        found += [] if _is_clause(obj) else all_named(obj, cues)
        found += [] if _tells(frame.fronted) else all_named(frame.fronted, cues)
        found += all_named(frame.patient, cues) if frame.passive else ()
    if action.targets == "first":
        found += [*_first_named(predicate.object, cues), *_first_named(frame.fronted, cues)]
    if action.id in cues["upon_somebody"]:
        found += _faulted(obj)
    if action.id in cues["of_places"]:
        found += places_at_end(obj)
    if obj and obj[-1].text.endswith(tuple(cues["greetings"])):
        found += _greeted(obj, cues)
    found += [*frame.recipients, *_given_to(predicate.object, cues), *(frame.sites if action.object == "place" else ())]
    if action.targets != "none" and predicate.object and (frame.moved or predicate.object[0].text in _TOWARDS):
        found += _goal(predicate.object, cues)
    return tuple(sorted(m for m in _unique(found) if m not in agents))


def _tells(words: tuple[Word, ...]) -> bool:
    """(就) 甲国/袭击/乙基地 (发表讲话): does a phrase tell of what somebody did, with no 的 behind its verb?"""
    verb = next((i for i, w in enumerate(words) if w.mention is None and w.pos == "v"), len(words))
    return 0 < verb < len(words) - 1 and all(w.text != "的" for w in words[verb:])


def _first_named(words: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> Iterator[Mention]:
    """The names with which an object begins, behind what says who they are: 被害人/李某/的/头部; no 李某/的/父亲."""
    if words and words[-1].text.endswith(("案", "案件", "纠纷")):
        return                          # 甲公司/与/乙公司/纠纷/案: the case is what it is done to
    owned = next((i for i, w in enumerate(words[1:4], 1) if w.mention is None and w.text in cues["belonging"]), 0)
    if owned and words[0].mention is not None and words[owned + 2:] and words[owned + 1].text == "的" and (
            words[owned + 2].pos == "ORGANIZATION"):
        words = words[owned + 2:]       # 方某/所属/的/甲公司/停业
    who = [w.pos == "POSITION" or (w.mention is None and w.text in cues["persons"]) for w in words] + [False]
    start = next((i for i, w in enumerate(words) if not who[i] and not (who[i + 1] and w.pos == "n")), 0)
    for word, behind in pairwise([*words[start:], None, None]):
        if word is None or (word.mention is None and word.text not in ("、", "给", "和")):
            return
        if word.pos == "POSITION" or (word.pos == "ORGANIZATION" and behind is not None and behind.pos == "POSITION"):
            continue                    # 授予/甲队/队长/张三: who he is
        if word.pos == "ORGANIZATION" and behind is not None and behind.text == "的" and words[-1].pos == "PERSON":
            return                      # 甲公司/的/员工/李某
        if word.pos in NAMED and word.mention is not None and not (
                behind is not None and behind.text == "的" and words[-1].text in cues["kin"]):
            yield word.mention
        elif word.mention is not None:
            return


def _faulted(obj: tuple[Word, ...]) -> tuple[Mention, ...]:
    """Whose fault it is that is looked into: 甲局/副局长/方某/严重/违纪/问题; no 方某/反映/的/问题."""
    if not obj or obj[-1].text not in ("问题", "行为"):
        return ()
    person = max((i for i, word in enumerate(obj) if word.pos == "PERSON"), default=0)
    behind = obj[person + 1:]
    plain = all(w.mention is None and w.text != "的" for w in behind)
    mention = obj[person].mention if obj[person].pos == "PERSON" and plain else None
    return () if mention is None else (mention,)


def _is_clause(obj: tuple[Word, ...]) -> bool:
    """指使/李某/看管/王某: does an object hold a verb of its own, before a name and without a 的 behind it?"""
    verb = next((i for i, w in enumerate(obj) if w.mention is None and w.pos == "v"), len(obj))
    return 0 < verb < len(obj) and obj[0].pos in NAMED and obj[-1].pos in NAMED and (
        all(w.text != "的" for w in obj[verb:]))


def _goal(obj: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> tuple[Mention, ...]:
    """Who gets what was moved: the names that begin what stands behind the verb (反馈/至/甲局, 下发/甲局/核查)."""
    words = obj[1:] if obj[0].text in _TOWARDS else obj
    end = 0
    while end < len(words) and (words[end].pos in NAMED or (end and words[end].text in COORDINATORS)):
        end += 1
    if any(w.text == "的" and w.pos == "u" for w in words[end:]):
        return ()                       # 运/至/方某/经营/的/店
    return read_subject(words[:end], cues).agents


def _greeted(obj: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> tuple[Mention, ...]:
    """方大年 of (转达) 周文澜/对/方大年/的/亲切/问候."""
    start = next((i + 1 for i, word in enumerate(obj) if word.text == "对" and word.pos == "p"), len(obj))
    end = next((i for i in range(start, len(obj)) if obj[i].text == "的"), start)
    return read_subject(obj[start:end], cues).agents


def _given_to(obj: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> tuple[Mention, ...]:
    """托运/给/王某, 转让/给/其/妹夫/石某: the name behind 给."""
    plain = [w for w in obj if w.text != "其" and (w.mention is not None or w.text not in cues["kin"])]
    return tuple(b.mention for a, b in pairwise(plain)
                 if a.text == "给" and b.mention is not None and b.pos in NAMED)


def _unique(mentions: Collection[Mention | None]) -> tuple[Mention, ...]:
    return tuple(dict.fromkeys(m for m in mentions if m is not None))


def _confidence(frame: Frame, action: Action) -> float:
    """How sure an act is; fitted to edges that were judged (scripts/sample_edges.py).

    Of those whose subject their clause names 95 in 100 were right, of those carried over from a clause or a sentence
    before 85 and 62, of 会议 for the body that sits nearly all; of verbs that the lexicon doesn't know fewer, and few
    where the subject is carried over.
    """
    carried = 0 if frame.subject.sitting else frame.subject.reach
    value = 0.9 - (0, 0.1, 0.25)[carried] - (0.15 if frame.subject.collective else 0)
    if action is OTHER:
        value -= 0.2 if frame.subject.reach else 0.05
    return round(value - (0.1 if frame.certainty != "fact" else 0), 2)
