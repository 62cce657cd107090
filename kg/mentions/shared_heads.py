"""Bodies of a list that borrow the last word of its last one: 城关、白云山派出所."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

#: Parts of speech that open no name.
_NO_HEAD = frozenset({"v", "p", "c", "d", "u", "r"})


@lru_cache(maxsize=4)
def _shared(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"((?:[{HAN}]{{2,4}}、)+)([{HAN}]{{2,4}}?)(等)?(\d+个|[两三四五六七八九十]个)?"
                      rf"({lexicon.any('shared_endings')})")


def shared_heads(reading: Reading) -> Iterator[Mention]:
    """城关、白云山派出所 names two police stations: the words before 、 borrow the suffix of the last."""
    lexicon = reading.lexicon
    for match in _shared(lexicon).finditer(reading.text) if "、" in reading.text else ():
        borders = reading.starts.keys() | reading.ends.keys()
        words = [(m.start() + match.start(1), m.group()) for m in re.finditer(r"[^、]+", match.group(1))]
        if match.group(3) or match.group(4):
            words.append((match.start(2), match.group(2)))
        for at, word in (_without_verb(reading, *word) for word in words):
            before = reading.ends.get(at)
            goes_on = before is not None and reading.words[before].pos in ("n", "nz", "vn", "an", "a")
            if {at, at + len(word)} <= borders and not lexicon.suffix(word) and word not in lexicon.titles \
                    and not goes_on:    # 救援/机动队伍、…支队: the end of a longer noun
                found = reading.mention(at, at + len(word), "ORGANIZATION", "grammar.shared_head")
                yield found._replace(value=word + match.group(5))


def _without_verb(reading: Reading, at: int, word: str) -> tuple[int, str]:
    """东城 of 抽调/东城: where the first word of a list begins behind its verb, or what else can't open a name."""
    while (i := reading.starts.get(at)) is not None and reading.words[i].pos in _NO_HEAD \
            and reading.words[i].end < at + len(word):
        word, at = word[reading.words[i].end - at:], reading.words[i].end
    return at, word
