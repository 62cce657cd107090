"""Sentences of a cleaned document, with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.models import READ_ROLES, CleanDocument, Sentence

_ENDS = frozenset("。！？!?；;…")
_OPENING = {"《": "》", "〈": "〉", "（": "）", "(": ")", "【": "】", "〔": "〕", "“": "”", "「": "」", "『": "』", "‘": "’"}
_QUOTES = frozenset("“「『‘")
_CLOSING = re.compile("[”」』’）)】》〕\"']*")
_MARKS = re.compile("[。！？!?…]+|；+|;+")
_LONGEST_BRACKET = 120    # a bracket that doesn't close within so many characters was never meant
_LONGEST_SENTENCE = 400


def segment(document: CleanDocument) -> tuple[Sentence, ...]:
    """The sentences of the lines that are read on.

    A sentence ends at 。！？；…, together with the quotes and brackets that close behind it. Inside of 《》 and
    of brackets nothing ends; inside of quotes neither, unless the quote goes on behind the mark: then a quoted
    sentence is a sentence of its own. A sentence of more than 400 characters is split at its commas.
    """
    found: list[Sentence] = []
    for number, line in enumerate(document.lines):
        if line.role not in READ_ROLES:
            continue
        for start, end in sentence_spans(document.text[line.start:line.end]):
            begin, stop = line.start + start, line.start + end
            found.append(Sentence(document.id, len(found), begin, stop, document.text[begin:stop], number, line.role))
    return tuple(found)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a line, without the spaces around them.

    >>> [(text := "甲说：“好。”乙走了。")[i:j] for i, j in sentence_spans(text)]
    ['甲说：“好。”', '乙走了。']
    """
    start = at = 0
    while at < len(text):
        char = text[at]
        if char in _OPENING and char not in _QUOTES:
            at = _close(text, at)
            continue
        marks = _MARKS.match(text, at)
        if not marks or not _ends_here(text, marks):
            at = marks.end() if marks else at + 1
            continue
        closing = _CLOSING.match(text, marks.end())
        at = closing.end() if closing else marks.end()
        yield from _pieces(text, start, at)
        start = at
    yield from _pieces(text, start, len(text))


def _close(text: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`, or behind the opening one if it isn't closed in reach."""
    opening, closing, depth = text[at], _OPENING[text[at]], 0
    for k in range(at, min(len(text), at + _LONGEST_BRACKET)):
        depth += (text[k] == opening) - (text[k] == closing)
        if depth == 0:
            return k + 1
    return at + 1


def _ends_here(text: str, marks: re.Match[str]) -> bool:
    """A mark ends a sentence unless it is an ASCII mark between words or … in the middle of a clause."""
    run, after = marks[0], text[marks.end():marks.end() + 1]
    if run.isascii():
        before = text[marks.start() - 1:marks.start()]
        return not (before.isascii() and after and after.isascii() and not after.isspace())
    if set(run) <= {"…"}:
        return not after or after in "”’」』）)\n" or not re.match("[，、。；：]", after) and _begins_anew(text, marks.end())
    return True


def _begins_anew(text: str, at: int) -> bool:
    """Behind … goes a new sentence on if nothing else ends the clause first within a few words."""
    return not text[at:at + 1].isspace()


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST_SENTENCE:
        cut = max(text.rfind(mark, start, start + _LONGEST_SENTENCE) for mark in "，、,： ")
        cut = cut + 1 if cut > start else start + _LONGEST_SENTENCE
        yield from _pieces(text, start, cut)
        start = cut
    if start < end:
        yield start, end
