"""Whether the words of a sentence speak against a body that the tagger gave, and how sure it must be all the same."""

from __future__ import annotations

import re

from kg.mentions.reading import Reading, Word
from kg.models import Mention

#: What no name begins with, and what no name ends in if it is one character.
_HEADS, _TAILS = frozenset({"v", "d", "ad", "p", "c"}), frozenset({"v", "d", "p", "c", "u"})
#: How sure the tagger must be of a name with such a word at its head or its end: 建信/理财, 甲国立法/会.
_SURE_OF_HEAD, _SURE_OF_END, _SURE_OF_PARTED = 0.85, 0.75, 0.6
#: With a number before it, of a name that is so long: 一处/甲国乙丙运动的据点, 第五任/甲委员会的委员.
_SURE_BEHIND_NUMBER, _LONG = 0.83, 6
#: Measures of persons: 多名/甲国国防部官员 are of one body; and of things, before forces: 一架/甲国空军运输机.
OF_OTHERS = re.compile("[名位](?=.{2,})|[架艘辆枚](?=.+[军队]$)")
#: 驻/外使馆: all of them.
_STATIONED = "驻"


def speak_against(span: Mention, reading: Reading) -> bool:
    """Whether the words in and before a name say that it is none."""
    words = reading.inside(span.start, span.end)
    if len(words) > 1 and (_opens_with_a_verb(words, span, reading) or _ends_in_a_verb(words[-1], span, reading)):
        return True
    if sum(word.pos == "v" and len(word.text) > 1 for word in words) > 1:
        return True                     # 公务舱休息室/聚众/饮用/休息室
    before = reading.ends.get(span.start)
    return before is not None and reading.words[before].pos in ("m", "q") \
        and not OF_OTHERS.match(reading.text, span.start - 1, span.end) \
        and not (span.confidence >= _SURE_BEHIND_NUMBER and len(span.text) >= _LONG)


def _opens_with_a_verb(words: list[Word], span: Mention, reading: Reading) -> bool:
    """实行/工作专班; but a tagger parts what it doesn't know, and its first character is a word then: 葡/议会."""
    first = words[0]
    if first.pos == "vn":
        return span.text[len(first.text):] in reading.lexicon.organizations
    parted = len(first.text) == 1 and first.pos in ("v", "d") and first.text != _STATIONED
    return first.pos in _HEADS and not parted and span.confidence < _SURE_OF_HEAD


def _ends_in_a_verb(last: Word, span: Mention, reading: Reading) -> bool:
    """甲国飞行员会/前往; but 甲乙证券/报 is one."""
    least = _SURE_OF_PARTED if last.text in reading.lexicon.words["parted_endings"] else _SURE_OF_END
    return len(last.text) == 1 and last.pos in _TAILS and span.confidence < least
