"""Phrases before a verb that hold no act: reasons, pretexts, what something is called, what goes on meanwhile.

Most functions give the index behind the phrase that begins at an index, or 0 where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import pairwise

from kg.acts.clauses import ADVERBIAL, MOVES, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import governed_end, noun_phrase_end
from kg.acts.subjects import NAMED, read_subject

_IS = frozenset({"是", "也是", "还是"})
_COUNTS = re.compile("首[次个]|再次|第[0-9０-９一二三四五六七八九十两几]+[次个度]")
_ORDINAL = re.compile("[一二三四五六七八九十]+")
_ORDINAL_IS = re.compile("第?[一二三四五六七八九十]+是")


def invited_end(words: tuple[Word, ...], i: int, cues: Mapping[str, Collection[str]]) -> int:
    """Behind 应/甲县县长/邀请, where nothing is called for; else 0."""
    return next((j + 1 for j in range(i, len(words)) if words[j].mention is None and (
        words[j].text in cues["invited"])), 0)


def while_end(words: tuple[Word, ...], start: int, verbs: Collection[str]) -> int:
    """Behind 在/组织/函询/时, where 组织 is the party and not what the subject did, and 在/会议/结束/时; else 0."""
    if start < len(words) and words[start].text == "组织":
        return next((j + 1 for j in range(start, len(words)) if words[j].text in ("时", "期间", "过程中")), 0)
    below = next((j for j in range(start + 1, min(start + 12, len(words))) if words[j].text == "下"), 0)
    if below and words[below - 1].pos in ("v", "vn") and words[below].pos == "f" and (
            below + 1 == len(words) or words[below + 1].pos not in ("m", "q", "n")):
        return below + 1                # 在/周文澜/陪同/下
    end = next((j for j in range(start, min(start + 6, len(words))) if words[j].text in ("时", "之际", "期间")), 0)
    closed = end > start + 1 and words[end - 1].pos == "v" and all(
        w.mention is None and w.text not in verbs for w in words[start:end])
    return end + 1 if closed else 0


def crime_end(words: tuple[Word, ...], start: int) -> int:
    """Behind 以/涉嫌/非法/吸收公众存款罪、诈骗罪, what somebody is tried or arrested for, or 0."""
    end = max((j + 1 for j in range(start, len(words)) if words[j].text.endswith(("罪", "罪名"))), default=0)
    return end if end < len(words) else 0


def cause_end(words: tuple[Word, ...], start: int) -> int:
    """Behind 而 or 之事 that closes what 因 opens (因/李某/借钱/之/事/殴打/李某), or 0."""
    for j in range(start + 1, len(words) - 1):
        if words[j].mention is None and (words[j].text in ("之事", "一事") or (words[j].text == "而" and (
                words[j].pos == "c"))):
            return j + 1
        if words[j].text == "之" and words[j + 1].text in ("事", "故") and j + 2 < len(words):
            return j + 2
    return 0


def pretext_end(words: tuple[Word, ...], start: int, cues: Mapping[str, Collection[str]]) -> int:
    """Behind what 以 opens and 相威胁 or 为由 closes (以/殴打/李某/相/威胁), or 0: nothing in it was done."""
    text = ""
    for j in range(start, len(words)):
        if j > start + 8 and text.endswith(("方式", "形式", "身份")):
            return 0
        text += words[j].text
        if text.endswith(tuple(cues["pretexts"])):
            return j + 1
    return 0


def chance_end(words: tuple[Word, ...], start: int, cues: Mapping[str, Collection[str]]) -> int:
    """Behind 李某/熟睡/之机, or before 将 of 四周/无人/将: the chance that somebody takes (趁); or 0."""
    if words[-1].mention is None and words[-1].text in cues["chances"]:
        return len(words)               # 趁/李某/熟睡/之际，…
    for j in range(start, len(words) - 1):
        if words[j].text == "不" and words[j + 1].text in cues["unaware"] and j + 2 < len(words):
            return j + 2 if words[j + 2].text not in ("时", "之机", "之际", "之") else j + 3
        if words[j].mention is None and words[j].text in cues["chances"]:
            while j + 1 < len(words) and words[j + 1].text in cues["chance_ends"]:
                j += 1
            return j + 1
        if j > start and words[j].mention is None and words[j].text in MOVES:
            return j
        if j > start and words[j].text == "时" and words[j - 1].pos == "v" and words[j + 1].pos == "v":
            return j + 1
    return 0


def way_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where the act stands behind what is opened on the way to it (打开/车门/盗走/手机, 打开/柜门/将/…/盗走), or 0."""
    if words[i].text not in lexicon.cues["ways"] or words[i].pos != "v":
        return 0
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    if i + 1 < end < len(words) - 2 and words[end].mention is None and words[end].text in MOVES:
        return end
    return end if i + 1 < end < len(words) and words[end].pos == "v" and words[end].text in lexicon.triggers else 0


def joined_at(words: tuple[Word, ...], start: int, end: int, cues: Mapping[str, Collection[str]]) -> int:
    """Where 与 stands in 因/琐事/与/李某/争吵, or 0: what is joined is not the reason, but who takes part."""
    for k in range(start + 1, end - 1):
        if words[k].mention is None and words[k].text in ("与", "和", "同", "跟"):
            alone = not read_subject(words[start:k], cues).named
            return k if alone and read_subject(words[k + 1:end], cues).named else 0
    return 0


def is_purpose(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """为/保障/安全/出动…, but not 为/获奖/民警/颁奖."""
    if i + 1 == len(words) or words[i + 1].pos not in ("v", "ad", "d", "vn", "vd"):
        return False
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    return not (words[i + 1].pos == "vn" and i + 2 < end < len(words) and words[end].text in lexicon.triggers)


def first_stop_end(words: tuple[Word, ...], i: int) -> int:
    """Behind 考察/的/第一/站 (来到/白鹭镇), or 0: where somebody went first isn't what he visited."""
    if i + 2 >= len(words) or words[i + 1].text != "的":
        return 0
    return next((j + 1 for j in range(i + 2, min(i + 4, len(words))) if words[j].text in ("站", "第一站", "首站")), 0)


def numbered(word: Word, following: Word | None) -> int:
    """How many words at the head of a clause only number it (二/是/…, 三是/…)."""
    if _ORDINAL_IS.fullmatch(word.text):
        return 1
    return 2 if following is not None and _ORDINAL_IS.fullmatch(word.text + following.text) else 0


def is_item(words: tuple[Word, ...]) -> bool:
    """Do two words at the head of a clause number it (1/./被告人/方某/…, 一/、/会议/…, not 5/、/6号楼)?"""
    if len(words) < 3 or words[0].mention is not None:
        return False
    number, mark, behind = words[:3]
    return (number.text.isdigit() and (mark.text in (".", "．") or (mark.text == "、" and behind.pos != "m"))) or (
        mark.text == "、" and _ORDINAL.fullmatch(number.text) is not None)


def is_remark(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """值得/注意/的/是，…: does a clause only say that what follows is worth telling?"""
    return 3 < len(words) < 8 and words[-2].text == "的" and all(w.mention is None for w in words) and any(
        w.text in cues["worth_telling"] for w in words[:-3])


def except_end(words: tuple[Word, ...], start: int) -> int:
    """Behind 除/开发/甲系统/之外, which is not what the clause tells, or 0."""
    return next((j + 1 for j in range(start, len(words)) if words[j].text in ("外", "之外", "以外")), 0)


def manner_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where the verb stands that 采取/封闭/…/等/方式/进行/疏导 leads to, or 0: the way in which something was done."""
    if words[i].text not in lexicon.cues["manner_verbs"]:
        return 0
    return next((j + 1 for j in range(i + 1, len(words) - 1) if words[j].text in lexicon.cues["manners"] and (
        words[j + 1].mention is None and (words[j + 1].text in MOVES or (
            words[j + 1].text in lexicon.triggers and (words[j + 1].pos == "v" or (
                words[j + 1].pos == "vn" and j + 2 == len(words))))))), 0)


def means_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Behind 使用/95架/无人机, with which the act behind it is done (袭击/甲市), or 0."""
    start = i + 2 if i + 1 < len(words) and words[i + 1].text == "了" else i + 1
    if words[i].pos != "v" or words[i].text not in lexicon.cues["means"] or start >= len(words):
        return 0
    end = noun_phrase_end(words, start, lexicon.triggers)
    end = governed_end(words, start, lexicon.triggers) if end == start else end
    if end == start or words[end - 1].text == "的":
        return 0
    moves = end < len(words) and words[end].text in MOVES
    told = [w for w in words[end:] if w.pos == "v" and w.mention is None]
    act = told[-1] if moves and told else next((w for w in words[end:] if w.pos == "v"), None)
    leads = end < len(words) and (words[end] is act or words[end].pos in ("p", *ADVERBIAL))
    known = act is not None and act.mention is None and (act.text in lexicon.triggers or (
        moves and act.text not in lexicon.cues["never_acts"] and len(act.text) == 2))      # 使用/钥匙/将/门锁/打开
    return end if leads and known else 0


def this_is_end(words: tuple[Word, ...]) -> int:
    """Behind 这也是 that only counts what somebody named does (这/也是/甲队/首次/夺得/冠军), or 0.

    Not so where it leads to a noun (这/是/甲队/首次/夺得/的/冠军).
    """
    at = next((i for i, w in enumerate(words[:5]) if w.mention is None and w.text in _IS), 0)
    if not at or not any(w.text[0] in "这此" for w in words[:at]) or any(w.mention is not None for w in words[:at]):
        return 0
    name = next((i for i in range(at + 1, min(at + 6, len(words))) if words[i].pos in NAMED), 0)
    counted = name and any(_COUNTS.match(w.text) for w in words[name + 1:])
    described = any(b.text == "的" and a.pos in ("v", "d") for a, b in pairwise(words[name:]))
    return at + 1 if counted and not described and words[-1].text != "的" else 0


def passes(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """甲议会/通过/法案: does 通过, which taggers take for a preposition, open the last noun phrase, and that a bill?"""
    return words[-1].text.endswith(tuple(lexicon.triggers["通过"].ending)) and all(
        w.pos != "v" or w.mention is not None for w in words[i + 1:])
