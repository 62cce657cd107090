"""Where the subject of a clause ends that begins at a word: a noun phrase, with the relative clause before its name."""

from __future__ import annotations

from kg.acts.clauses import ADVERBIAL, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import ATTRIBUTIVE, noun_phrase_end, relative_end
from kg.acts.subjects import NAMED, read_subject

#: Behind the name of a crime, they make a noun with it.
_OF_CRIMES = ("案", "案件", "犯罪", "罪", "团伙", "集团", "分子", "行为", "作案", "活动", "事实", "金额", "数额",
              "价值")
#: What tells which body is meant: 负责/救治工作/的/甲医院.
_DUTIES = frozenset({"负责", "参与", "承担", "分管", "主管", "主持"})


def subject_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """End of the subject that begins at i; i itself where a verb begins there."""
    verbs = lexicon.triggers
    if words[i].pos == "v" and words[i].text not in verbs and words[i].text not in lexicon.cues["verbal"] and (
            words[i].text not in ATTRIBUTIVE):
        end = relative_end(words, i, verbs)
        if end is not None and end < len(words) and read_subject(words[i:end], lexicon.cues).named:
            return end
        if (i == 0 or words[i - 1].pos in ("DATE", "TIME")) and i + 3 < len(words) and (
                words[i + 1].pos == "n" and words[i + 2].text == "、" and words[i + 3].pos in NAMED):
            return noun_phrase_end(words, i + 3, verbs)     # 同享/科技、甲公司/发布/公告
        return i
    if words[i].pos == "v" and (words[i].text in verbs or words[i].text in lexicon.cues["openers"]) and not (
            i + 1 < len(words) and words[i + 1].text in ("由", "了")):
        end = relative_end(words, i, verbs)
        if end is not None and end < len(words) and words[end].text not in ("至", "到") and (
                any(w.pos == "PERSON" for w in words[i:end]) or (
                    words[i].text in _DUTIES and words[end - 1].pos == "ORGANIZATION" and (
                        words[end - 2].text == "的"))) and (
                read_subject(words[i:end], lexicon.cues).named):
            return end          # 负责/救治工作/的/甲医院/通报
    if words[i].text in verbs and words[i].mention is None and i + 2 < len(words) and words[i + 1].text == "的":
        end = relative_end(words, i, verbs)     # 在/甲县/访问/的/海军/舰艇/接到/求助
        if end is not None and end < len(words) and words[end].pos in ("v", "d", "ad", "p"):
            return end
    if words[i].text in verbs and words[i].mention is None and (
            (i > 0 and words[i - 1].pos in ADVERBIAL)
            or (i + 1 < len(words) and (words[i + 1].mention is not None or words[i + 1].pos in ("m", "nw")
                                        or words[i + 1].text in lexicon.cues["persons"]))):
        return i
    if words[i].pos == "vn" and words[i].mention is None and _takes(words, i, lexicon):
        return i
    end = noun_phrase_end(words, i, verbs)
    if end == len(words) and words[i].text in verbs and words[i].pos in ("vn", "n"):
        return i
    if i < end < len(words) - 1 and words[end].text in ("、", "和") and words[end + 1].text == "来自":
        end = relative_end(words, end + 1, verbs) or end        # 周文澜/、/来自/各地/的/嘉宾/等/出席
        end += int(end < len(words) and words[end].text == "等")
    if i < end < len(words) and words[end].text in _DUTIES and words[end - 1].pos == "ORGANIZATION":
        behind = relative_end(words, end, verbs)        # 甲组织/分管/人道/事务/的/副秘书长/周文澜
        end = behind if behind and words[behind - 1].pos == "PERSON" else end
    # 公安机关的民警 | 甲与乙: a 与 that the tagger took for a preposition
    while end < len(words) - 1 and end > i and words[end].text in ("与", "和", "同") and words[end].pos == "p":
        more = noun_phrase_end(words, end + 1, verbs)
        if more == end + 1 or not read_subject(words[end + 1:more], lexicon.cues).named:
            break
        end = more
    return end


def _takes(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """盗窃/车间/内/的/4个/模具: is a crime that the tagger took for a noun the verb of what is counted?"""
    action = lexicon.triggers.get(words[i].text)
    return action is not None and action.id == "steal" and i + 2 < len(words) and words[i + 1].mention is None and (
        not words[i + 1].text.endswith(_OF_CRIMES)) and any(w.pos == "m" for w in words[i + 1:])
