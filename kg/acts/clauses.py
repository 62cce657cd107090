"""Clauses of a tagged sentence: words, mended where a tagger cut or took them wrongly, and clause boundaries.

A shallow reading from left to right in the manner of finite-state chunking (Abney 1996, "Partial parsing via
finite-state cascades"): brackets and quotations are closed units, a clause ends at a comma or at 并 before a verb.
Nothing here knows what an act is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from kg.models import Mention, TaggedSentence, Token, named

#: Parts of speech (LAC) that may stand in a noun phrase wherever they come.
NOMINAL = frozenset({"n", "nz", "nr", "ns", "nt", "nw", "s", "f", "m", "q", "r", "an", "PER", "ORG", "LOC",
                     "PERSON", "ORGANIZATION", "LOCATION", "DOCUMENT", "POSITION", "quote", "xc"})
ADVERBIAL = frozenset({"d", "ad", "vd"})
#: What says when and how something is done.
WHEN = ADVERBIAL | {"TIME", "DATE"}
#: Before what something is done to, where the verb follows it.
MOVES = frozenset({"将", "把"})
#: Join a predicate to the one before it.
AND = frozenset({"并", "并且"})
COORDINATORS = frozenset({"、", "/", "／", "和", "与", "及", "以及", "暨", "或"})
BREAKS = frozenset("，；：。！？,;:!?…—")
#: Behind somebody, and before the body that is gathered around him.
CORE = "为核心的"
_BRACKETS = re.compile("[（(【〔\\[《“‘「”’」]")
_CLOSERS = {"（": "）", "(": ")", "【": "】", "〔": "〕", "[": "]", "《": "》", "“": "”", "‘": "’", "「": "」"}
#: Words that a tagger may have run together with a name, and what they are.
_PIECES = {**dict.fromkeys(("对", "向", "将", "把", "被", "由", "为", "与", "在", "给", "从", "经", "据", "于",
                            "用", "以", "因", "同"), "p"),
           "作": "v", **dict.fromkeys(("和", "及", "并"), "c"), **dict.fromkeys(("的", "了", "等"), "u"),
           **dict.fromkeys(("联合", "会同", "协同", "伙同"), "v")}
#: Of these, what is one also where it isn't run together, if the tagger takes it for another part of speech.
_DOUBTFUL, _NO_PARTICLE = frozenset({"对", "把", "被", "伙同"}), frozenset({"n", "v", "a"})
#: Stands for a mention, and for the end, where words are joined: part of no word.
_APART = "\0"
_DROPPED = frozenset("（([【〔")
_MANNER = frozenset({"a", "ad", "an", "d", "v", "vd", "i"})
_NOT_BEHIND_ADVERB = frozenset({"的", "性", "化"})
_WITH_VISITOR = re.compile("[同与和](?:来华|来访|访华|来京|到访)")
#: What stands for characters of a name that were taken out (**小区, ××路).
_MASKS = frozenset("*＊×")
_MASK = re.compile("[*＊×]")
#: How a match ended: 3比1, 4∶2.
_SCORE = re.compile("[0-9０-９一二三四五六七八九十] ?[比∶：:] ?[0-9０-９一二三四五六七八九十]")
_TO = frozenset("比∶：:")
#: Two words where a tagger drew the line between them wrongly, and what they are: 先/后来, 两国外/长, 涉/嫌犯, 并发/出.
_BADLY_CUT = {
    **{(first, "后来"): ((first + "后", "d"), ("来", "v")) for first in ("先", "随")},
    **{("并发", last): (("并", "c"), ("发" + last, "v")) for last in ("出", "来", "布")},
    ("两国外", "长"): (("两国", "n"), ("外长", "n")),
    ("涉", "嫌犯"): (("涉嫌", "v"), ("犯", "v")),
    ("以上", "述"): (("以", "p"), ("上述", "a")),
    ("宣讲党", "的"): (("宣讲", "v"), ("党", "n"), ("的", "u")),
}
#: By the part of speech of the word before it, a word that is two: 陪同/下到, 周文澜/等到/机场.
_RUN_TOGETHER = {**dict.fromkeys((("v", "下到"), ("vn", "下到")), (("下", "f"), ("到", "v"))),
                 ("PERSON", "等到"): (("等", "u"), ("到", "p")),
                 ("PERSON", "等同"): (("等", "u"), ("同", "p"))}
#: By the part of speech of the word before it, what a verb is, to the tagger (第31/批/医疗队, 甲旅/下属/乙连).
_NO_VERBS = {("m", "批"): "q", ("ORGANIZATION", "下属"): "n"}
#: What `_recut` mends.
_CUT_BADLY = re.compile("并发[出来布]|等[到同]|宣讲党|下到|会见|发言人|负责人称|两国外长|涉嫌犯|[先随]后来|以上述|容留|"
                        + _WITH_VISITOR.pattern)
#: Last characters of verbs behind which 现场 is where somebody goes.
_ARRIVES = frozenset("赴到往达")
#: How often: 20余次, 多次, 三度.
_TIMES = re.compile("第?[0-9一二两三四五六七八九十百千几数多]+[余多]?[次度]")


class Word(NamedTuple):
    """A token, a mention, or a closed unit (a quotation, a title in 《》); `pos` of a mention is its type."""

    start: int
    end: int
    text: str
    pos: str
    mention: Mention | None = None


def spelled(words: Iterable[Word]) -> str:
    """The text of words, without what stands between them."""
    return "".join([word.text for word in words])


#: What may be another part of speech than the tagger says, by its own or as a word; beside it, adverbs.
_RETAGGED = frozenset({*_MANNER, "m", "批", "下属", "地", "就", "处", "会同", "兼", "通过", "来", "现场", "刊文",
                       "编辑", "位", "建议", "视频"})
#: Stands behind the last word.
_END = Word(0, 0, "", "w")
#: The values of a Word.
_Row = tuple[int, int, str, str, Mention | None]


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two clause boundaries; `opener` is the mark or the 并 that stands before it."""

    words: tuple[Word, ...]
    opener: str = ""
    closer: str = ""


def read_words(tagged: TaggedSentence, nouns: frozenset[str], compounds: frozenset[str] = frozenset(),
               adverbs: frozenset[str] = frozenset(), attributive: frozenset[str] = frozenset()) -> list[Word]:
    """The sentence as words: mentions are one word, bracketed asides are left out, quotations are one word.

    Adjacent tokens that spell one of `compounds` (下+发 → 下发) become one verb, those of `nouns` (被+困) one noun.
    Words of `adverbs`, and how often something was done (20余次), are adverbs where a verb may still follow them;
    verbs of `attributive` belong to the noun that follows them (遇险/渔民).
    """
    words = _cut(tagged)
    if CORE in tagged.sentence.text:
        words = _without_core(words)
    if _BRACKETS.search(tagged.sentence.text):
        words = _close_brackets(words)
    if _MASK.search(tagged.sentence.text):
        words = [word._replace(pos="xc") if word.pos == "w" and word.text in _MASKS and not (
            before.pos == "DATE" or before.text.endswith("月")) else word
            for before, word in zip([_END, *words], words, strict=False)]
    if _SCORE.search(tagged.sentence.text):
        words = _join_scores(words)
    if _CUT_BADLY.search(tagged.sentence.text):
        words = _recut(words)
    words = _join_split_tokens(words, nouns, compounds, adverbs)
    around = zip([None, *words], words, [*words[1:], None], strict=False)
    words = [_retagged(before, word, behind, adverbs) if word.pos in _RETAGGED or word.text in _RETAGGED
             or word.text in adverbs else word for before, word, behind in around]
    if attributive.isdisjoint([word.text for word in words]):
        return words
    return [word._replace(pos="vn") if word.pos == "v" and word.text in attributive and word.mention is None
            and (behind.pos == "POSITION" or (behind.mention is None and behind.pos in ("n", "nz"))) else word
            for word, behind in zip(words, [*words[1:], _END], strict=False)]


def _retagged(before: Word | None, word: Word, following: Word | None, adverbs: Collection[str]) -> Word:
    if (word.text == "地" and word.pos == "u" and before is not None and before.pos in _MANNER) or (
            following is not None and following.text == "地" and following.pos == "u" and word.pos in _MANNER):
        return word._replace(pos="d")       # 有条不紊/地
    if word.text == "地" and word.pos == "u" and before is not None and before.text in ("等", "两", "三", "各"):
        return word._replace(pos="n")       # 甲镇、乙镇/等/地
    if word.text == "地" and word.pos == "u" and before is not None and before.text.endswith("性"):
        return word._replace(pos="d")       # 创造性/地/提出
    if following is not None and following.text == "地" and following.pos == "u" and word.text.endswith("性"):
        return word._replace(pos="d")
    if word.pos == "v" and before is not None and (pos := _NO_VERBS.get((before.pos, word.text))):
        return word._replace(pos=pos)
    if word.text == "严重" and word.pos == "ad" and following is not None and following.pos in ("n", "vn"):
        return word._replace(pos="a")       # 对/方某/严重/违纪/问题/立案
    if word.text == "同" and word.pos == "d" and following is not None and following.pos == "v" and (
            before is None or before.mention is not None or before.pos in ("w", "n", "s")):
        return word._replace(pos="p")       # 在/青溪县/同/参加/会议/的/代表/座谈
    if word.text == "起" and word.pos == "v" and before is not None and before.pos in ("DATE", "TIME", "m"):
        return word._replace(pos="q" if before.pos == "m" else "f")     # 五/起/典型/案件; 自/5月3日/起/实行
    if word.text == "代表" and word.pos == "v" and before is not None and following is not None and (
            before.pos in ("ORGANIZATION", "n", "POSITION") and following.pos == "PERSON"):
        return word._replace(pos="n")       # 甲国/常驻/乙组织/代表/周文澜
    if word.text == "就" and word.pos == "d" and following is not None and following.pos in ("PERSON", "ORGANIZATION"):
        return word._replace(pos="p")       # 甲局/就/周文澜/出席/会议/举行/吹风会
    if word.text == "同" and word.pos == "a" and (before is None or before.pos == "w") and following is not None:
        return word._replace(pos="p")       # ，同/代表们/一起/审议
    if word.text == "同" and word.pos == "d" and following is not None and (
            following.mention is not None or following.pos in ("n", "nz", "LOC", "ORG", "PER")):
        return word._replace(pos="p")       # 在/青溪县/同/周文澜/会见/客人
    if word.text == "处" and before is not None and before.pos in ("PERSON", "ORGANIZATION"):
        fined = following is not None and (following.text in ("人民币", "罚款", "警告") or following.pos == "m")
        return word._replace(pos="v" if fined else "f")     # 对/李某/处/罚款; 从/李某/处/购进
    if word.text == "视频" and following is not None and following.pos == "v" and following.mention is None and (
            before is not None and before.pos in ("PERSON", "POSITION", "DATE", "TIME")):
        return word._replace(pos="d")       # 周文澜/视频/会见/方大年
    if word.text == "同" and word.pos == "d" and before is not None and before.text in ("方式", "形式"):
        return word._replace(pos="p")       # 以/视频/方式/同/甲党/书记/会谈
    if word.text == "刊文" and word.mention is None:
        return word._replace(pos="v")       # on the web site of a paper it looks like a name
    if word.text == "编辑" and following is not None and following.text == "的":
        return Word(word.start, word.end, word.text, "v")       # 甲室/编辑/的/《青溪志》: no post
    if word.text == "建议" and word.pos in ("n", "vn") and before is not None and before.pos in (
            "PERSON", "ORGANIZATION") and (following is None or following.text == "，"):
        return word._replace(pos="v")       # 甲委/代表/乙党/建议，…
    if word.text == "位" and word.mention is None and following is not None and following.pos == "LOCATION" and (
            before is None or before.pos in ("ORGANIZATION", "w", "DATE")):
        return word._replace(pos="p")       # 甲军/位/乙岛/周边/开展/演练
    if word.text == "会同" and word.mention is None:
        return word._replace(pos="p")       # between two bodies it looks like the name of one
    if word.text == "兼" and before is not None and following is not None and before.pos in ("POSITION", "n") and (
            following.mention is not None or following.pos == "n"):
        return word._replace(pos="n")       # 副总统/兼/农业/部长
    if word.text == "通过" and word.pos == "p" and following is not None and following.pos == "m" and (
            following.text.endswith(("项", "份", "部"))):
        return word._replace(pos="v")       # 通过/一项/决议
    if word.text == "通过" and word.pos == "p" and before is not None and before.text in ("全票", "一致", "表决"):
        return word._replace(pos="v")       # 全票/通过/法案
    if word.text == "来" and before is not None and before.text.endswith(("年", "月", "天", "以")):
        return word._replace(pos="f")       # 几年/来/多次/考察
    if word.pos == "v" and before is not None and before.pos == "m" and following is not None and (
            following.text.endswith(("座谈会", "会议"))):
        return word._replace(pos="vn")      # 第63次/双周/协商/座谈会
    if word.mention is not None or following is None or following.text in _NOT_BEHIND_ADVERB:
        return word
    if word.text == "现场" and following.pos in ("v", "p", "d") and (
            before is None or before.pos in ("w", "PERSON", "ORGANIZATION", "POSITION")):
        return word._replace(pos="d")       # ，现场/通报/情况
    if word.text in adverbs and following.pos not in ("n", "nz", "w", "u"):
        return word._replace(pos="d")
    if word.pos == "m" and _TIMES.fullmatch(word.text) and following.pos in ("v", "p", "d", "ad", "vd"):
        return word._replace(pos="d")
    return word


def _cut(tagged: TaggedSentence) -> list[Word]:
    """Tokens cut at the bounds of mentions, with mentions in place of what they cover."""
    words: list[_Row] = [(m.start, m.end, m.text, m.type, m) for m in tagged.mentions]
    mentions, next_ = tagged.mentions, 0
    for token in tagged.tokens:
        at, stop, text, pos = token
        if next_ == len(mentions) or mentions[next_].start >= stop:
            if (text in _DOUBTFUL and pos in _NO_PARTICLE) or (text in _PIECES and pos in ("ORG", "LOC")):
                pos = _PIECES[text]     # 向/县政府/递交: an opening of the name, to the tagger
            if not text.isspace():
                words.append((at, stop, text, pos, None))
            continue
        while next_ < len(mentions) and mentions[next_].start < stop:
            mention = mentions[next_]
            if mention.start > at:
                words.append(_piece(token, at, mention.start))
            at = max(at, mention.end)
            if mention.end > stop:          # it covers a part of the next token, too
                break
            next_ += 1
        if at < stop and not text[at - token.start:].isspace():
            words.append(_piece(token, at, stop))
    return list(named(Word, sorted(words, key=itemgetter(0, 1))))


def _without_core(words: list[Word]) -> list[Word]:
    """The words without what a body is gathered around: 甲委 of 以/周文澜/同志/为/核心/的/甲委."""
    end = next((i for i, w in enumerate(words) if w.text == "核心" and "为" in words[i - 1].text), 0)
    start = next((i for i in range(end - 1, max(end - 6, -1), -1) if words[i].text == "以"), -1)
    return words if start < 0 or end + 2 > len(words) else [*words[:start], *_without_core(words[end + 2:])]


def _piece(token: Token, start: int, end: int) -> _Row:
    """What a mention leaves of a token; where 对方|某 is really 对|方某, the piece is a word in its own right."""
    text = token.text[start - token.start:end - token.start]
    return start, end, text, _PIECES.get(text, token.pos), None


def _close_brackets(words: list[Word]) -> list[Word]:
    out: list[Word] = []
    i = 0
    while i < len(words):
        text = words[i].text
        if words[i].mention is None and text in _CLOSERS:
            j = _matching(words, i)
            if j is None and text in _DROPPED:
                # the other bracket is part of a name, or was forgotten
                i += 1
                continue
            j = len(words) - 1 if j is None else j
            inside = words[i + 1:j]
            if text not in _DROPPED and inside:
                out.append(_unit(words, i, j))
            elif len(inside) == 1 and inside[0].pos == "DATE":
                # 今天（6月24日）
                out.append(inside[0])
            i = j + 1
        elif words[i].mention is None and text in "”’」":
            # closed, but never opened: the quotation began in an earlier sentence
            out = []
            i += 1
        else:
            out.append(words[i])
            i += 1
    return out


def _matching(words: list[Word], i: int) -> int | None:
    """Index of the bracket that closes the one at i."""
    opening, closing, depth = words[i].text, _CLOSERS[words[i].text], 0
    for j in range(i, len(words)):
        if words[j].mention is None and words[j].text == opening:
            depth += 1
        elif words[j].mention is None and words[j].text == closing:
            depth -= 1
            if depth == 0:
                return j
    return None


def _unit(words: list[Word], i: int, j: int) -> Word:
    inside = words[i + 1:j]
    text = spelled(words[i:j + 1])
    if len(inside) == 1 and inside[0].mention:
        return Word(words[i].start, words[j].end, text, inside[0].pos, inside[0].mention)
    return Word(words[i].start, words[j].end, text, "nw" if words[i].text == "《" else "quote")


def _join_split_tokens(words: list[Word], nouns: frozenset[str], compounds: frozenset[str],
                       adverbs: frozenset[str]) -> list[Word]:
    out: list[Word] = []
    texts = [w.text if w.mention is None else _APART for w in words] + [_APART, _APART]
    heads = _heads(nouns, compounds, adverbs)
    i = 0
    while i < len(words):
        there = texts[i] == "现场" and bool(out) and out[-1].pos == "v" and out[-1].text[-1] in _ARRIVES
        if texts[i] not in heads or there:      # 赶赴/现场/指挥/救援
            out += _parts(words[i], compounds) if words[i].pos == "v" else (words[i],)
            i += 1
            continue
        two = texts[i] + texts[i + 1]
        for n, text in ((3, two + texts[i + 2]), (2, two)):
            pos = "n" if text in nouns else "v" if text in compounds else "d" if text in adverbs else ""
            if pos and len(text) <= 6:
                out.append(Word(words[i].start, words[i + n - 1].end, text, pos))
                i += n
                break
        else:
            out += _parts(words[i], compounds) if words[i].pos == "v" else (words[i],)
            i += 1
    return out


def _join_scores(words: list[Word]) -> list[Word]:
    """3/比/1/战胜/乙队: how a match ended is one number."""
    out: list[Word] = []
    for word in words:
        if word.pos == "m" and len(out) > 1 and out[-1].text in _TO and out[-2].pos == "m":
            text = out[-2].text + out[-1].text + word.text
            out[-2:] = [Word(out[-2].start, word.end, text, "m")]
        else:
            out.append(word)
    return out


def _recut(words: list[Word]) -> list[Word]:
    """先后/来到 where a tagger cut 先/后来/到, 会见/到访 for 会/见到访, 暂住/地/容留 for 暂住/地容/留."""
    out: list[Word] = []
    i = 0
    while i < len(words) - 2:
        used, mended = _mended(words, i)
        out += mended
        i += used
    return out + words[i:]


def _mended(words: list[Word], i: int) -> tuple[int, list[Word]]:
    """How many of the words from i on were cut wrongly, and what they are; the one word at i where none was."""
    word, behind = words[i], words[i + 1]
    if pieces := _BADLY_CUT.get((word.text, behind.text)):
        return 2, _pieces(word.start, *pieces)
    if pieces := _RUN_TOGETHER.get((word.pos, behind.text)):
        return 2, [word, *_pieces(behind.start, *pieces)]
    if word.mention is None and _WITH_VISITOR.fullmatch(word.text):     # 同来华 that the tagger took for a place
        return 1, _pieces(word.start, (word.text[0], "p"), (word.text[1:], "v"))
    if word.pos == "c" and _WITH_VISITOR.fullmatch(word.text + behind.text):        # 周文澜/与/到访/的/方大年
        return 1, [word._replace(pos="p")]
    if word.text == "会" and behind.text[0] == "见":       # 会/见到访, 会/见到/访
        whole = behind.text == "见到"
        seen = behind.text + words[i + 2].text if whole else behind.text
        if len(seen) == 3:
            return 3 if whole else 2, _pieces(word.start, ("会见", "v"), (seen[1:], "v"))
    spokesman = word.text == "发言" and behind.text[0] == "人"        # 发言/人称, 负责/人称
    if behind.mention is None and (spokesman or (word.text == "负责" and behind.text == "人称")):
        said = [(behind.text[1:], "v")] if len(behind.text) > 1 else []
        return 2, _pieces(word.start, (word.text + "人", "n"), *said)
    if behind.text == "留" and word.text[-1] == "容" and word.mention is None and i:
        left = [(word.text[:-1], "n")] if len(word.text) > 1 else []
        return 2, _pieces(word.start, *left, ("容留", "v"))
    return 1, [word]


def _pieces(start: int, *pieces: tuple[str, str]) -> list[Word]:
    """Words side by side from `start` on, each of a text and a part of speech."""
    out: list[Word] = []
    for text, pos in pieces:
        out.append(Word(start, start + len(text), text, pos))
        start += len(text)
    return out


@cache
def _heads(*lists: frozenset[str]) -> frozenset[str]:
    """What the first of several tokens may be that spell a word."""
    return frozenset(word[:end] for words in lists for word in words for end in range(1, len(word)))


def _parts(word: Word, verbs: Collection[str]) -> list[Word]:
    """A verb, in two if the tagger took it for one with its adverb (还会见), object (主持会议) or goal (返还给)."""
    if word.mention is None and word.text not in verbs:
        if len(word.text) == 2 and word.text[0] in "还也再又" and word.text[1] in "同与向对":
            return _pieces(word.start, (word.text[0], "d"), (word.text[1], "p"))        # 还同
        if len(word.text) == 2 and word.text[0] == "并" and word.text[1] in "用将对以":
            return _pieces(word.start, ("并", "c"), (word.text[1], "p"))        # 并用
        if len(word.text) > 2 and word.text.startswith("会同"):
            return _pieces(word.start, ("会同", "p"), (word.text[2:], "n"))     # 会同网信
        if word.text[0] in "还也再又曾已均" and word.text[1:] in verbs:
            return [Word(word.start + 1, word.end, word.text[1:], "v")]
        if word.text.endswith("会议") and word.text[:-2] in verbs:
            return _pieces(word.start, (word.text[:-2], "v"), ("会议", "n"))
        if word.text[-1] in "给至到于" and word.text[:-1] in verbs:
            return _pieces(word.start, (word.text[:-1], "v"), (word.text[-1], "p"))     # 返还给
    return [word]
