"""The noun phrase that ends in an organisation's suffix: how far a name reaches to the left.

An official name is built from the right: the suffix says what the body is (公安局, 支队, 指挥部), the words to its
left narrow it down, and a place or another body opens it: 济宁市公安局 / 驻京杭社区 / 疫情防控工作 / 指挥部. The tagger
often gives only a part of it (济宁市公安局 and four common nouns), so the grammar starts from the suffix and extends
leftwards over words that may modify it. It prefers a short name to one with a foreign word at its head.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.knowledge.lexicon import Lexicon, Suffix
from kg.knowledge.regions import read_region
from kg.mentions.reading import Reading, Word

#: What opens a name: a place or a body, by the tagger's own parts of speech or by its names.
NAMES = frozenset({"ORG", "LOC", "nt", "ns", "ORGANIZATION", "LOCATION"})
#: What a dash joins to it, be it the name of a person: 戴维斯-蒙森空军基地.
_DASHED = NAMES | {"PER", "PERSON", "nz", "nr"}
#: What may stand inside a name, left of the suffix.
_MODIFIERS = NAMES | {"n", "nz", "vn", "an", "a", "nw", "s", "f", "j"}
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
#: 省 of 省/高级人民法院, when the tagger cut it off: may stand before a place or a body.
_OPENINGS = frozenset({"省", "市", "县", "区", "镇", "乡", "街道", "中共", "中国", "总台"})
#: 市公安局, 省委: a level instead of a place; the look-aheads keep 市场, 区域 and their like out.
RELATIVE = re.compile(
    r"自治区|自治州|街道|分局|支队|大队|州|盟|厅|市(?!场|民(?!政局|政和|宗局|族)|容|值|面|政(?!府|协|法))|省(?!级|际|市)|县(?!域|级|乡(?!村振兴))"
    r"|区(?!域|块|间|划|县)|旗(?!下)|镇(?!江)|乡(?!村|镇)|局(?!部|面|势)|院(?!士|校)|校(?!园|友|外)"
    r"|(?:村|社区)(?=党)")
#: Between the names of two places or bodies that open one name.
_DASHES = frozenset("—－-－–")
#: What the tagger may take into a name although it stands before it: 及/州地震局, 该/县公安局.
_JOINS = frozenset({"及", "和", "与", "暨", "以及", "该"})
_LONGEST = 40
#: What makes 科 before it a part of another word: 科考, 科普.
SCIENCE = ("考", "普", "技", "研", "创", "幻")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words first … last of a sentence, the last of which ends in an organisation's suffix."""

    words: Sequence[Word]
    first: int
    last: int
    suffix: Suffix

    @property
    def start(self) -> int:
        return self.words[self.first].start

    @property
    def end(self) -> int:
        return self.words[self.last].end

    @property
    def named(self) -> bool:
        """Whether a place or a body opens it."""
        return self.words[self.first].kind in NAMES

    @property
    def before(self) -> Word | None:
        return self.words[self.first - 1] if self.first else None


def is_relative(name: str, reading: Reading) -> bool:
    """Whether a name opens with a level instead of a place: 县科协, but not 镇江市科协."""
    return bool(RELATIVE.match(name)) and read_region(name, reading.places)[0] is None


def is_complete(words: Sequence[Word], last: int, suffix: Suffix, lexicon: Lexicon) -> bool:
    """Whether a name can end at word `last`.

    Not in a common noun (局部, 部署), nor in a part of a place (安徽省北部), nor where 党委 belongs to 党委书记.
    """
    word = words[last]
    of_a_level = word.text == "人大" and last and words[last - 1].text in _OPENINGS      # 镇/人大
    if (lexicon.generic.get(word.text) == "never" and not of_a_level) or word.text in lexicon.titles:
        return False
    if len(suffix.text) == 1 and (word.kind not in NAMES or word.text.endswith(lexicon.words["directions"])):
        return False
    following = words[last + 1].text if last + 1 < len(words) else ""
    if suffix.text == "科" and following.startswith(SCIENCE):
        return False                    # 极地/科考
    if suffix.kind == "company" and following == "治理":
        return False                    # 公司/治理 of banks
    return suffix.text + following not in lexicon.titles


def extend(words: Sequence[Word], last: int, suffix: Suffix, lexicon: Lexicon) -> Phrase:
    """The widest phrase that ends at word `last` with `suffix`."""
    first, begin = last, words[last].end - len(suffix.text)
    while first > 0 and words[first].start > begin:
        first -= 1
    bottom = first                      # the suffix itself begins here
    named = words[first].kind in NAMES or suffix.alone == "name"
    posted = lexicon.words["posted"]
    while first > 0:
        before = words[first - 1]
        if words[last].end - before.start > _LONGEST or before.end != words[first].start:
            break
        if before.text in posted and first > 1 and words[first - 2].kind in NAMES:
            named = False               # the body at which it is stationed isn't yet the one that opens the name
        elif before.text == "）" and suffix.kind in ("company", "unit") and (opening := _bracket(words, first - 1)):
            first = opening
            continue
        elif named:
            if before.text in _DASHES and first > 1 and words[first - 2].kind in _DASHED:
                first -= 1              # 甲国—乙国铁路公司
            elif before.kind not in NAMES and before.text not in _OPENINGS:
                break
        elif not _modifies(before, lexicon) and not (
                suffix.kind == "ad_hoc" and first == bottom and _task(before, lexicon)) and not (
                suffix.kind == "ad_hoc" and first < bottom and before.text == "紧急" and first > 1
                and _modifies(words[first - 2], lexicon)):
            break
        first -= 1
        named = named or before.kind in NAMES
    while first < last and (words[first].text in posted or words[first].text in _JOINS
                            or not words[first].text.strip() or _opens_alone(words[first:last + 1])):
        first += 1
    return Phrase(words, first, last, suffix)


def _opens_alone(words: Sequence[Word]) -> bool:
    """“ before a name that closes behind it: the tagger took half a pair of quotation marks into the name."""
    return words[0].text == "“" and not any("”" in word.text for word in words)


def _modifies(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word may stand inside a name."""
    if (word.text in lexicon.titles and word.text not in lexicon.words["inside_names"]) \
            or word.text in lexicon.founding:
        return False
    if lexicon.generic.get(word.text) == "stop" and (word.pos != "vn" or word.text in lexicon.words["sending"]):
        return False
    return word.kind in _MODIFIERS or word.text in lexicon.words["first_syllables"] \
        or word.text in lexicon.words["inside_names"] \
        or bool(_ORDINAL.fullmatch(word.text))


def _task(word: Word, lexicon: Lexicon) -> bool:
    """扑火 of 扑火指挥部: the verb next to the suffix says what the body is for, unless it takes it as its object."""
    return word.pos == "v" and len(word.text) == 2 and word.text not in lexicon.generic \
        and word.text not in lexicon.founding


def _bracket(words: Sequence[Word], closing: int) -> int:
    """Index of the word before which a short （…） opens, or 0."""
    return next((i for i in range(closing - 1, max(0, closing - 4), -1) if words[i].text == "（"), 0)
