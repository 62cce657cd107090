"""Titles and posts: 局长, 副总指挥, 民警. They serve the rules and never become nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.mentions.reading import Reading, Word
from kg.models import Mention

#: A committee with which a title begins; where it belongs to the name before it, the rest is the title.
COMMITTEE = re.compile("(?:党委|党组|党工委|党总支|党支部)(?=书记|副书记|委员|$)")
#: 县政府党/组成/员: titles that begin inside what the tagger takes for the name of a body.
MEMBERS = re.compile("(?:党组|党委)成员")


def find_titles(reading: Reading) -> Iterator[Mention]:
    """Titles of the lexicon that begin and end where words do; the longest wins."""
    done = 0
    for word in reading.words:
        if word.start < done:
            continue
        if end := _longest(reading, word.start):
            done = end
            yield reading.mention(word.start, end, "POSITION", "lexicon.title")
            if own := COMMITTEE.match(reading.text, word.start, end):     # 书记 of 乙镇党委/书记
                yield reading.mention(own.end(), end, "POSITION", "lexicon.title")
        elif _ends_in_title(reading, word):
            yield reading.mention(word.start, word.end, "POSITION", "lexicon.title", confidence=0.8)
    for member in MEMBERS.finditer(reading.text):
        if member.start() not in reading.starts:
            yield reading.mention(*member.span(), "POSITION", "lexicon.title")


def _longest(reading: Reading, start: int) -> int:
    """End of the longest title at `start`, or 0."""
    lexicon = reading.lexicon
    for length in lexicon.title_lengths.get(reading.text[start], ()):
        end = start + length
        if length > 1 and end in reading.ends and reading.text[start:end] in lexicon.titles:
            return end
    return 0


def _ends_in_title(reading: Reading, word: Word) -> bool:
    """女民警, 老队长: one word of which only the end is in the lexicon."""
    return word.pos == "n" and any(
        word.text[cut:] in reading.lexicon.titles and word.text[:cut] not in reading.lexicon.organizations
        for cut in range(1, len(word.text) - 1))
