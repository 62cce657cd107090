"""Verbs that the lexicon doesn't know: when one with its object still tells of an act.

The lexicon can't hold every verb. Any other verb counts if somebody named is its subject and its object is a thing
that one can point at: counted, named, quoted, or a concrete noun where something else says that it was done
(an aspect mark, 已, a date, a place). Stative, mental and evaluative verbs never count, nor do abstract objects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import pairwise

from kg.acts.adjuncts import ASPECT, Frame, Predicate
from kg.acts.clauses import COORDINATORS, NOMINAL, Word
from kg.acts.lexicon import OTHER, Lexicon
from kg.acts.noun_phrases import noun_phrase_end, relative_end
from kg.acts.subjects import NAMED

_COUNTED = re.compile("(?:[0-9０-９一二两三四五六七八九十百千万亿数几]|"
                      "多(?=[个名位架艘辆枚处项座批次家条]$)|首(?=[个批款条座家架艘])).*"
                      "[^0-9０-９.%％倍成点月年日第]$")
_STATIVE = ("是", "为", "有", "于", "具", "似", "如", "像", "居", "值", "满")
#: So open verbs of what isn't done, or is done to their subject; 不 tells of the former wherever it stands (能不能).
_NOT_DONE = ("未", "拟", "被", "遭")
#: Cue words that are no verbs of acts.
_NEVER = ("never_acts", "speech", "telling", "obligation", "negation", "condition")
#: With one of these an object is what the verb is done to, whatever follows.
_SURE = frozenset({"m", "nw", "DOCUMENT"})
_PREPOSITIONS = frozenset({"至", "到", "给", "向", "往", "于", "在"})
#: Behind the verb of what was moved before it: where it goes, how it ends, or when (将/该车/推/到, 将/锁/砸/开).
_COMPLEMENTS = _PREPOSITIONS | {"与", "予", "出", "回", "入", "进", "开", "断", "下", "走", "离", "倒", "上", "后",
                                "之后", "下来", "下去", "出来", "出去", "回来", "起来"}
#: Of these, what the verb of one syllable doesn't take into its name.
_APART = frozenset({"后", "之后", "在", "于"})
#: Verbs that end so hold where it goes (叫回/店里, 转至/账户).
_MOVING = ("回", "至", "予", "到", "在", "往", "入", "出", "给", "进", "离", "向")


def read_plain_verb(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Predicate | None:
    """The predicate of the verb at i, if it tells of an act although the lexicon doesn't know it."""
    cues = lexicon.cues
    if not frame.subject.agents or frame.polarity == "negative":
        return None
    if frame.moved and frame.fronted and (moved := _moves(words, i, frame, lexicon)):
        return moved
    if not may_act(words[i], cues):
        return None
    if words[i].text in lexicon.triggers or _in_list(words, i):
        return None
    end = i + 1
    while end < len(words) and words[end].text in ASPECT and words[end].pos in ("u", "v", "d", "f", "a"):
        end += 1
    if end < len(words) and words[end].text == "的":
        return None
    done = end > i + 1 or any(w.text in cues["done"] for w in words[:i])
    obj = _object(words, end, lexicon)
    if not obj and (end == len(words) or words[end].text in _PREPOSITIONS):
        obj = frame.fronted if frame.moved else frame.patient if frame.passive else ()
        done = done or bool(obj)
    if not obj or obj[0].text in COORDINATORS or _is_title(words, i, obj) or (
            any(w.text in cues["copulas"] for w in words[end:])) or _is_mixed(obj) or (
            not done and all(w.pos not in _SURE for w in obj) and _goes_on(words[end + len(obj):], lexicon)):
        return None
    told = done or frame.date is not None or bool(frame.places) or frame.moved
    people = frame.subject.reach == 1 and told and obj[-1].text not in cues["temporal_ends"] and frame.subject.of_people
    if frame.subject.reach and not people and not ((done or frame.subject.reach == 1) and is_definite(obj, cues)):
        return None
    if is_definite(obj, cues) or (told and is_concrete(obj, cues)):
        return Predicate(OTHER, words[i:i + 1], words[end:] if words[end:] and obj in (frame.fronted, frame.patient)
                         else obj, frame)
    return None


def _moves(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Predicate | None:
    """将/该车/推/到/巷口, 将/门锁/扭断: what somebody does to a thing that stands before the verb at i."""
    word, cues = words[i], lexicon.cues
    behind = words[i + 1] if i + 1 < len(words) else None
    led = behind is not None and behind.mention is None and behind.text in _COMPLEMENTS
    single = len(word.text) == 1 and led and word.mention is None and word.pos == "v" and all(
        word.text not in cues[name] for name in _NEVER)
    whole = (behind is None or led or word.text.endswith(_MOVING)) and may_act(word, cues)
    if not (single or whole) or words[-1].text == "的":
        return None
    obj = frame.fronted
    named = frame.subject.of_people or not frame.subject.reach
    if frame.subject.reach == 2 or not (is_definite(obj, cues) or (named and is_concrete(obj, cues))):
        return None
    end = i + 2 if single and behind is not None and behind.text not in _APART else i + 1
    return Predicate(OTHER, words[i:end], words[end:], frame)


def _goes_on(behind: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """丙国/自治/政府/代表/会见/…: does a verb behind the object tell what is done? Then the first describes a noun."""
    return bool(behind) and behind[0].text != "、" and any(word.pos == "v" and word.mention is None and (
        word.text in lexicon.triggers or word.text in lexicon.cues["speech"]
        or word.text in lexicon.cues["never_acts"]) for word in behind)


def _in_list(words: tuple[Word, ...], i: int) -> bool:
    """甲局、县/护林/防火办: the verb stands in a name that goes on a list of those who act."""
    last = max((j for j in range(i) if words[j].mention is not None and words[j].pos in NAMED), default=i)
    return any(word.text == "、" for word in words[last + 1:i])


def _is_title(words: tuple[Word, ...], i: int, obj: tuple[Word, ...]) -> bool:
    """甲局/防御/处/处长/李某: the verb belongs to the title of the one named behind it."""
    return i > 0 and words[i - 1].pos == "ORGANIZATION" and obj[-1].pos == "PERSON" and any(
        word.pos == "POSITION" for word in obj)


def _is_mixed(obj: tuple[Word, ...]) -> bool:
    """合颂/文化、甲卫视, 直属/高校和甲集团: one of a list of bodies is a common noun, before which a name was cut."""
    items: list[list[Word]] = [[]]
    for word in obj:
        if word.text in COORDINATORS:
            items.append([])
        else:
            items[-1].append(word)
    return len(items) > 1 and obj[-1].pos == "ORGANIZATION" and any(
        all(word.mention is None for word in item) for item in items)


def may_act(word: Word, cues: Mapping[str, Collection[str]]) -> bool:
    """Is the word a verb that can be an act at all?"""
    text = word.text
    return word.mention is None and word.pos == "v" and 2 <= len(text) <= 3 and "不" not in text \
        and not text.endswith(_STATIVE) and not text.startswith(_NOT_DONE) \
        and not any(text.removesuffix("过") in cues[name] for name in _NEVER)


def _object(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> tuple[Word, ...]:
    """The noun phrase at i; a relative clause before it belongs to it where nothing follows."""
    if i == len(words):
        return ()
    end = noun_phrase_end(words, i, lexicon.triggers)
    if end == i:
        end = relative_end(words, i, lexicon.triggers) or i
        return words[i:end] if end == len(words) else ()
    if end < len(words) and words[end].pos == "p" and any(w.text == "的" for w in words[end:]):
        return ()               # 打破/甲队/在/该/项目/上/的/垄断
    if end < len(words) and (words[end].text == "的" or words[-1].text.endswith(tuple(lexicon.cues["abstract"]))):
        return ()
    # 选调/20余名/视频/专干: the last noun may be tagged as a verb
    if end == len(words) - 1 and words[end].mention is None and words[end].pos in ("v", "vn", "a", "an"):
        end += 1
    return words[i:end]


def is_definite(obj: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """Is the object counted, named or quoted (搬运沙袋200个, 《青溪志》)?"""
    if _is_abstract(obj[-1], cues):
        return False
    return obj[-1].pos in ("PERSON", "ORGANIZATION", "DOCUMENT", "nw") or any(
        (w.pos in ("m", "q") and len(w.text) > 1 and _COUNTED.match(w.text)) or w.pos in ("quote", "nw", "DOCUMENT")
        for w in obj) or any(a.text == "多" and b.pos == "q" for a, b in pairwise(obj))       # 多/个/村庄


def is_concrete(obj: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """Does the object end in a noun that may be a thing?"""
    last = obj[-1]
    return (last.mention is not None or (last.pos in NOMINAL | {"vn", "v"} and last.pos not in ("r", "m", "q", "f")
                                         and len(last.text) > 1)) and not _is_abstract(last, cues)


def _is_abstract(word: Word, cues: Mapping[str, Collection[str]]) -> bool:
    return word.mention is None and word.text.endswith(tuple(cues["abstract"]))
