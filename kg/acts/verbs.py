"""Whether a word is the verb of its clause, where the verb goes on, and what only leads to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.acts.clauses import ADVERBIAL, COORDINATORS, MOVES, NOMINAL, Word
from kg.acts.lexicon import Action, Lexicon
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.plain_verbs import may_act
from kg.acts.subjects import read_subject

#: What somebody does on the way to what he gets done by it.
_CALLS = "打电话"
_ANEW = frozenset({*MOVES, "让"})
#: Behind what somebody drives or carries, they say where he goes with it, or where he does what follows.
_ON_THE_WAY = frozenset({"到", "至", "去", "往", "在", "沿", "从"})
_TO = frozenset({"往", "至", "到"})
_BEFORE_IT = frozenset({"于", "自", "从", "对", "给", "在", "就", "面向", *MOVES})


def is_verb_here(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """Not so in 检查/站, 救援/队, 报告/中, 部署/到位, 妇联/组织, 实施/20周年."""
    following = words[i + 1] if i + 1 < len(words) else None
    if following is not None and following.mention is None and words[i].pos in ("n", "vn") and i and (
            words[i - 1].mention is not None and following.text in lexicon.cues["passive"]):
        return False        # 议会/选举/被/视为/…
    if following is not None and (
            words[i].pos in ("n", "vn") or (i and words[i - 1].pos == "m")) and (
            following.text in lexicon.cues["meetings"]) and any(
            w.text in lexicon.cues["sits"] for w in words[i + 2:]):
        return False        # 甲县政协/协商/座谈会/在/青溪县/召开
    if following is not None and following.text in ("前", "之前") and following.pos == "f" and (
            i + 2 == len(words) or words[i + 2].pos in ("v", "d", "ad", "p")):
        return False        # 开火/前/已/告知/…
    if words[i].text == _CALLS and following is not None and following.text != "给":
        return False        # 打电话/将/李某/叫回, 打电话/报警; not so 打电话/给/李某
    if words[i].text == "了解" and following is not None and following.text == "到":
        return False        # 调研/时/了解/到
    if following is not None and following.text.endswith(("周年", "纪念日")):
        return False        # 条例/实施/20周年/展览
    if words[i].text == "组织" and i and words[i - 1].pos == "ORGANIZATION" and following is not None and not (
            following.text == "对" and not words[i - 1].text.endswith(tuple(lexicon.cues["associations"]))) and (
            following.pos in ("v", "p") and following.text not in lexicon.triggers):
        return False        # 各级/妇联/组织/围绕/…
    if words[i].text == "组织" and following is not None and following.pos == "POSITION" and (
            following.text not in lexicon.cues["collectives"]):
        return False        # 甲国/合作/组织/秘书长; not so 组织/民警/进校园
    if words[i].text == "代理" and any(w.pos == "PERSON" for w in words[i + 1:i + 4]) and all(
            w.text != "的" for w in words[i + 1:i + 4]):
        return False        # 甲局/代理/局长/周文澜
    if words[i].text in lexicon.cues["complaints"] and any(
            w.text in lexicon.cues["compound_heads"] for w in words[i + 1:i + 3]):
        return False        # 畅通/投诉/举报/渠道
    if len(words[i].text) == 1 and following is not None and following.pos == "p" and following.text not in _TO:
        return False        # 抢/在/开车前; not so 派/往/甲市
    if following is None or following.mention is not None or following.text not in lexicon.cues["not_behind_verb"]:
        return True
    if following.text == "中" and lexicon.triggers[words[i].text].id == "address" and i + 2 < len(words):
        return True         # 在/致辞/中/说
    if following.text == "下" and following.pos == "f" and i + 2 < len(words) and words[i + 2].pos == "m":
        return True         # 部署/下/一/阶段/工作
    if following.text == "仪式" and lexicon.triggers[words[i].text].id in lexicon.cues["of_events"]:
        return True
    if words[i].pos == "v" and following.text in lexicon.cues["parties_sent"] and (
            lexicon.triggers[words[i].text].id in ("mobilize", "found")):
        return True
    return following.text == "人员" and i + 2 < len(words) and words[i + 2].pos == "m"      # 劝返/人员/300人


def leads_on(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """Is the verb at i one that leads to the verb behind it (赶来/参加, 出资/购买)?"""
    if words[i].pos == "vn":
        return i + 1 < len(words) and words[i + 1].text in lexicon.triggers
    if i + 3 < len(words) and words[i].pos == "v" and words[i + 1].mention is None and words[i + 1].text in MOVES and (
            words[i + 1].pos == "p"):
        return may_act(words[i], lexicon.cues)      # 动手/将/电动车/盗走
    if i + 2 < len(words) and words[i + 1].text in lexicon.cues["together"]:       # 围坐/一起/亲切/交流
        behind = next((j for j in range(i + 2, len(words)) if words[j].pos not in ADVERBIAL), i)
        return may_act(words[i], lexicon.cues) and words[behind].pos == "v" and words[behind].mention is None and (
            words[behind].text in lexicon.triggers and is_verb_here(words, behind, lexicon))
    return i + 1 < len(words) and may_act(words[i], lexicon.cues) and words[i + 1].mention is None and (
        words[i + 1].text in lexicon.triggers and is_verb_here(words, i + 1, lexicon)) and (
        words[i + 1].pos == "v" or (words[i + 1].pos == "vn" and i + 2 == len(words)))


def happened_before(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Behind 上台/后, with which the act that follows in the clause is only dated (上台/后/解除/了/限制), or 0."""
    closed = i + 2 < len(words) and words[i].pos == "v" and words[i].mention is None and (
        words[i + 1].text in ("后", "之后") and words[i + 1].pos == "f")
    if not closed or words[i + 2].text == "的":
        return 0
    verb = next((w for w in words[i + 2:] if w.pos not in ("d", "ad", "vd", "DATE", "TIME", "p")), None)
    fronted = words[i + 2].text in lexicon.cues["fronting"] and any(
        w.pos == "v" and w.mention is None and w.text in lexicon.triggers for w in words[i + 3:])
    return i + 2 if fronted or (verb is not None and verb.pos == "v" and verb.text in lexicon.triggers) else 0


def leads_to(words: tuple[Word, ...], i: int, action: Action | None, lexicon: Lexicon) -> bool:
    """前往/送别, 赶赴/增援: does a verb of going towards something lead to the act at i?"""
    return action is not None and action.kind != "motion" and words[i].pos == "v" and (
        words[i - 1].text[-1] in "往赴") and is_verb_here(words, i, lexicon)


def decides(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """决定/任命/…, 决定/授予/…: with the decision it is done; 新增/投资/…: done once more."""
    following = lexicon.triggers.get(words[i + 1].text) if i + 1 < len(words) else None
    if words[i].mention is not None or following is None:
        return False
    if words[i].text in lexicon.cues["once_more"]:
        return words[i + 1].pos == "v"
    return words[i].text in lexicon.cues["deciding"] and (
        words[i + 1].pos == "v" or following.id in lexicon.cues["decided"])


def decides_when_or_whom(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """决定/于/6月1日/启动/…, 决定/对/甲公司/处以/…: a preposition stands before what is done with the decision."""
    if words[i].mention is not None or words[i].text not in lexicon.cues["deciding"] or i + 1 == len(words) \
            or words[i + 1].mention is not None or words[i + 1].text not in _BEFORE_IT:
        return False
    light = False
    for word in words[i + 2:]:
        action = lexicon.triggers.get(word.text) if word.mention is None else None
        if action is None or (word.pos != "v" and not (light and word.pos == "vn")):
            continue
        if action.kind != "light":
            return action.id in lexicon.cues["decided"]
        light = True                    # 决定/对/方某/进行/通缉
    return False


def goes_on(words: tuple[Word, ...], end: int, lexicon: Lexicon) -> int:
    """How many words at `end` go on a chain of verbs (研究/部署, 检查/放行, 部署/和/指挥), and not begin the object."""
    if end >= len(words) or words[end].mention is not None:
        return 0
    last = end + 2 == len(words)        # 参加/看望/和/讨论
    if words[end].text in ("和", "、", "或") and (last or (
            end + 2 < len(words) and words[end + 2].text not in COORDINATORS)) and (
            words[end + 1].text in lexicon.triggers and {words[end - 1].pos, words[end + 1].pos} <= {"v", "vn"}):
        return 2
    if words[end].text not in lexicon.triggers or words[end].pos == "n" or (
            words[end - 1].text == "听取" and words[end].text in lexicon.cues["listened_to"]):
        return 0
    if words[end].text == "提出":
        return 0            # 发文/提出
    caught = lexicon.triggers.get(words[end - 1].text)
    if caught is not None and caught.id == "receive_report":
        return 0            # 接到/报警/称
    if caught is not None and caught.id in lexicon.cues["enforcement"] and end + 1 < len(words) and (
            lexicon.triggers[words[end].text].id in lexicon.cues["contraband"]):
        return 0            # 查扣/走私/冻品
    if lexicon.triggers[words[end].text].kind == "motion" and end + 1 < len(words):
        return 0            # 宣布/暂停/飞往/甲市/的/航班
    if end + 1 == len(words):
        return int(words[end].pos == "v" or {words[end - 1].text, words[end].text} <= lexicon.cues["visiting"])
    return int(words[end + 1].text != "的" and (words[end].pos == "v" or words[end + 1].pos not in NOMINAL))


def opener_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Behind an opening verb and its noun phrase, but not beyond the verb of the lexicon that follows."""
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    for j in range(i + 1, end):
        if words[j].mention is None and words[j].text in lexicon.triggers and j + 1 < len(words) and j > i + 1:
            return j
    return max(end, i + 1)


def tells(words: tuple[Word, ...], i: int, cues: Mapping[str, Collection[str]]) -> bool:
    """甲局介绍, 报道称: what follows is a report of facts."""
    before = words[i - 1].text if i else ""
    if any(w.text == "向" and w.pos == "p" for w in words[:i]):
        return False        # 民警/向/群众/介绍/甲局/制定/的/措施
    if words[i].text in ("称", "报道") and any(w.text[0] == "《" for w in words[:i]) and all(
            w.pos != "PERSON" for w in words[:i]):
        return True         # 《晚报》/网站/20日/称
    return words[i].text in cues["telling"] or (
        words[i].text in cues["speech"] and before.endswith(tuple(cues["tellers"])))


def turns_passive(words: tuple[Word, ...], j: int, lexicon: Lexicon) -> bool:
    """驾驶/小型轿车/被/甲大队/查获: does 被 with somebody named begin a predicate of its own at j?"""
    if words[j].mention is not None or words[j].text not in lexicon.cues["passive"]:
        return False
    end = noun_phrase_end(words, j + 1, lexicon.triggers)
    return read_subject(words[j + 1:end], lexicon.cues).named and any(
        w.mention is None and w.text in lexicon.triggers for w in words[end:])


def ends_the_moved(words: tuple[Word, ...], i: int, end: int) -> bool:
    """将/车窗/砸破/盗窃/车/内/财物: has what was moved only the first of the verbs from i to `end`?"""
    return end > i + 1 and end < len(words) and words[end].pos in NOMINAL and words[end - 1].pos == "v" and (
        words[end - 1].mention is None)


def passive_by_him(words: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """赃款/被/其/挥霍: is something done by the one of whom the text speaks?"""
    return any(a.text in lexicon.cues["passive"] and b.text == "其" and c.mention is None and c.pos in ("v", "d", "ad")
               for a, b, c in zip(words, words[1:], words[2:], strict=False))


def orders(action: Action, verb: tuple[Word, ...], obj: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """判决/甲公司/停止/销售, 责令/甲公司/停业: what follows is for the one so ordered to do."""
    if action.kind != "ruling" or verb[-1].text in ("认定", "驳回"):
        return False
    end = noun_phrase_end(obj, 0, lexicon.triggers) if obj else 0
    return end < len(obj) and obj[end].pos == "v" and read_subject(obj[:end], lexicon.cues).named


def guest_does(verb: tuple[Word, ...], obj: tuple[Word, ...], lexicon: Lexicon) -> int:
    """Where in the object of 陪同 the verb stands of what the guest does, with his host (方大年/检阅/…), or 0."""
    if verb[-1].text != "陪同":
        return 0
    return next((k for k in range(1, len(obj) - 1) if obj[k - 1].pos == "PERSON" and (
        obj[k].pos == "v" and obj[k].mention is None and obj[k].text in lexicon.triggers)), 0)


def drives_off(obj: tuple[Word, ...], j: int, lexicon: Lexicon) -> bool:
    """Does a word of going or fleeing stand at j behind what is driven (驾驶/轿车/驶往/甲市, 轿车/到/甲市)?"""
    if j and obj[j].mention is None and obj[j].text in _ON_THE_WAY and obj[j - 1].mention is None and (
            obj[j - 1].pos in NOMINAL and obj[j - 1].pos != "f"):
        return obj[j].pos == "v" or all(w.text != "的" for w in obj[j:])
    action = lexicon.triggers.get(obj[j].text)
    return j > 0 and obj[j].mention is None and obj[j].pos == "v" and action is not None and (
        action.kind == "motion" or action.id == "flee") and all(w.text != "的" for w in obj[j:])


def moved_behind(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where 将 stands behind a verb and its object that alone tell of no act (破坏/主机箱/将/显卡/盗走), or 0."""
    if words[i].pos != "v" or not may_act(words[i], lexicon.cues):
        return 0
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    return end if i + 1 < end < len(words) - 2 and words[end].mention is None and words[end].text in MOVES else 0


def act_behind(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where an act stands behind a verb and its object that alone tell of none (破坏/门锁/进入/店/内), or 0.

    Not so where the object may be the one who does it (陪伴/老人/参加/活动).
    """
    if words[i].pos != "v" or not may_act(words[i], lexicon.cues) or words[i].text in lexicon.cues["pivots"]:
        return 0
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    thing = i + 1 < end < len(words) - 1 and words[end - 1].pos == "n" and words[end - 1].mention is None and (
        not words[end - 1].text.endswith(tuple(lexicon.cues["actors"])))
    return end if thing and words[end].pos == "v" and words[end].text in lexicon.triggers and (
        words[end].mention is None and all(w.text != "的" for w in words[end:])) else 0


def names_another(obj: tuple[Word, ...], j: int, lexicon: Lexicon) -> bool:
    """驾驶/轿车/、/被告人/姚某/驾驶/货车: does somebody else act behind the 、 at j?"""
    k = j + 1
    if j == 0 or obj[j].text != "、":
        return False
    while k < len(obj) - 2 and obj[k].mention is None and obj[k].text in lexicon.cues["persons"]:
        k += 1
    return k < len(obj) - 2 and obj[k].pos == "PERSON" and (
        obj[k + 1].pos == "v" and obj[k + 1].mention is None) and (
        obj[k + 1].text in lexicon.cues["means"] or (
            obj[k + 1].text in lexicon.triggers and all(w.text != "的" for w in obj[k + 1:])))


def begins_anew(obj: tuple[Word, ...], j: int, verb: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """击打/王某/面部/将/王某/打倒, 虚构/事实/多次/让/李某/汇款: does the object end before j?"""
    if j == 0 or (obj[j].text not in _ANEW and obj[j].pos not in ADVERBIAL) or obj[j].mention is not None or (
            verb[-1].text in lexicon.cues["pivots"]):
        return False
    k = j
    while k < len(obj) - 2 and obj[k].mention is None and (obj[k].pos in ADVERBIAL):
        k += 1
    moves = obj[k].text in MOVES and obj[k].pos in ("p", "d") and k == j
    return obj[k].mention is None and k < len(obj) - 1 and (moves or (obj[k].text == "让" and obj[k].pos == "v")) and (
        obj[j - 1].pos in NOMINAL and all(w.text != "的" for w in obj[k:]))
