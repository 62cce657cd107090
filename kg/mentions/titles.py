"""Titles and posts: 局长, 副总指挥, 民警. They serve the rules and never become nodes."""

from __future__ import annotations

from collections.abc import Iterator

from kg.mentions.reading import Reading, Word
from kg.models import Mention


def find_titles(reading: Reading) -> Iterator[Mention]:
    """Titles of the lexicon that begin and end where words do; the longest wins."""
    done = 0
    for word in reading.words:
        if word.start < done:
            continue
        if end := _longest(reading, word.start):
            done = end
            yield reading.mention(word.start, end, "POSITION", "lexicon.title")
        elif _ends_in_title(reading, word):
            yield reading.mention(word.start, word.end, "POSITION", "lexicon.title", confidence=0.8)


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
