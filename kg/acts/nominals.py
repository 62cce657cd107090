"""Verbs that are no predicate of their clause: they describe a noun, make a subject of it, or say what it became."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

from kg.acts.adjuncts import ASPECT, Frame
from kg.acts.clauses import ADVERBIAL, NOMINAL, WHEN, Word
from kg.acts.lexicon import Action, Lexicon
from kg.acts.noun_phrases import ATTRIBUTIVE, noun_phrase_end
from kg.acts.subjects import NAMED

#: Actions that set something to what stands behind the verb (将/响应/提升至/三级).
_SETS = frozenset({"adjust", "designate"})
#: Last characters of how long ago something was founded (成立/20周年), where others tell how many (搭建/200套).
_TIMES = frozenset("年月日天周初末底前来后")
#: What comes to a matter, and isn't done to it.
_ENDS = frozenset({"完成", "结束", "开始", "告终", "失败", "受阻"})


def described_by(words: tuple[Word, ...], i: int) -> int:
    """Where the noun is that a verb at i describes (甲支队/选拔/出/的/队员): that is who acts then."""
    end = i + 1
    while end < len(words) and words[end].text in ASPECT:
        end += 1
    closed = words[i].mention is None and words[i].pos == "v" and end + 1 < len(words) and words[end].text == "的"
    return end + 1 if closed else 0


def embeds(words: tuple[Word, ...], i: int, cues: Mapping[str, Collection[str]]) -> bool:
    """理解/周文澜/部署/…: does what is thought or felt hold somebody who does something? What follows may be his."""
    behind = words[i + 1:]
    named = next((j for j, word in enumerate(behind) if word.pos in NAMED), len(behind))
    return words[i].mention is None and words[i].text in cues["never_acts"] and any(
        word.pos == "v" and word.text not in ATTRIBUTIVE for word in behind[named:])


def is_nominal(action: Action, obj: tuple[Word, ...], frame: Frame, lexicon: Lexicon) -> bool:
    """查控/密接者/成为/重中之重: the verb with its object is the subject, so nobody from before is.

    甲局/抓获/王某/的/消息/是/谣言: nor anybody, where a 的 makes a noun of the whole.
    """
    first = next((w for w in obj if w.pos not in ADVERBIAL), None)
    if first is not None and first.mention is None and first.text in ("是", "纯粹是", "就是"):
        return True                     # 甲军/袭击/纯粹/是/…
    copula = next((i for i, w in enumerate(obj) if w.mention is None and w.text in lexicon.cues["copulas"]), -1)
    return copula >= 0 and action.kind in ("act", "light", "frame") and (
        frame.subject.reach > 0 or any(w.text == "的" and w.pos == "u" for w in obj[:copula]))


def becomes(action: Action, verb: tuple[Word, ...], obj: tuple[Word, ...], frame: Frame) -> bool:
    """调整/为/直属机构, 成立/于/1998年, 列为/试点: what stands before the verb is what it was done to."""
    if frame.moved or frame.passive:
        return False
    if action.id in _SETS and verb[-1].text[-1] in "为至入" and not frame.fronted:
        return True
    return obj[0].text == "为" or (action.id == "found" and (
        obj[0].text == "于" or _is_time(obj) or (
            len(obj) > 1 and obj[0].pos in ("m", "TIME") and obj[1].text in ("来", "以来"))))


def _is_time(words: tuple[Word, ...]) -> bool:
    """20周年, 2/年/以来; not 200套."""
    return words[-1].text[-1] in _TIMES and all(w.pos in ("m", "q", "TIME", "DATE") for w in words)


def belongs_to_a_noun(verb: tuple[Word, ...], obj: tuple[Word, ...], frame: Frame, lexicon: Lexicon) -> bool:
    """Is the verb no predicate, but a part of the noun phrase that is the subject of the verb behind it?

    投资/同比/增长; 负责/救治工作/的/医院/通报; 支付/结算/部门/拒绝; and where nobody is named in the clause itself,
    查询/信息/需要/规范 and 工作/稳步/推进. Not so where the object of a verb does what the next says (组织/队员/救援).
    """
    cues = lexicon.cues
    if not obj or obj[0].text == "由":
        return False                    # 成立/由/周文澜/任/组长/的/专班/开展/工作
    if obj[0].mention is None and obj[0].text in cues["outcomes"] and verb[-1].text not in cues["pivots"]:
        return True
    closed = next((i for i, w in enumerate(obj[:-1]) if w.text == "的" and w.pos == "u"), -1)
    if closed >= 0 and obj[noun_phrase_end(obj, closed + 1, lexicon.triggers) - 1].text in cues["measures"]:
        return True             # 举行/军演/的/频次
    if closed >= 0 and all(w.pos in ("v", "vn") for w in obj[:closed]):
        at = next((i for i in range(closed + 2, len(obj)) if obj[i].text in ("在", "由", "被", "于")), len(obj))
        if obj[-1].pos == "v" and at < len(obj) and all(w.text != "的" for w in obj[at:]):
            return True         # 甲校/参与/研发/的/卫星/在/青溪县/发射
    end = noun_phrase_end(obj, 0, lexicon.triggers)
    behind = end
    while behind < len(obj) and obj[behind].pos in WHEN:
        behind += 1
    if not 0 < end <= behind < len(obj) or obj[behind].mention is not None or verb[-1].text in cues["pivots"]:
        return False
    head, then = obj[end - 1], obj[behind]
    if then.text in ("需要", "应当", "应该", "必须") and then.pos == "v":
        return True
    if then.text in cues["never_acts"] and any(w.text in ("将", "已", "均", "仍") for w in obj[end:behind]):
        return True             # 开发/经费/将/达到/…
    if behind == len(obj) - 1 and head.mention is None and then.text in _ENDS and then.pos == "v":
        return True             # 收复/甲州/的/行动/即将/完成
    acts = then.pos == "v" and (head.pos in NAMED or head.text.endswith(tuple(cues["actors"])))
    if acts and any(b.text == "的" and a.pos in NOMINAL | {"vn"} for a, b in pairwise(obj[:end])):
        return True
    if acts and head.mention is None and verb[-1].pos != "v":
        return True
    return frame.subject.reach > 0 and end < behind == len(obj) - 1 and then.text in cues["never_acts"]
