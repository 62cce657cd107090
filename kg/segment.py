"""Sentences of a cleaned document, with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.models import READ_ROLES, CleanDocument, Role, Sentence

#: Lines that become sentences: those that are read on, and the ones that name outlet, authors and editors.
_ROLES: frozenset[Role] = READ_ROLES | {"metadata"}

_BRACKETS = {"《": "》", "〈": "〉", "（": "）", "(": ")", "【": "】", "〔": "〕"}
_CLOSING = re.compile("[”」』’）)】》〕\"']*")
_TURNS = re.compile("[《〈（(【〔]|[。！？!?…]+|；+|;+")  # a bracket that opens, or the marks that may end a sentence
_GOES_ON = re.compile("[，、；：。的地得等之]")  # what continues the clause in which a quote stands
_SHORTEST_QUOTE = 7       # a quote of fewer characters is a word in its clause: 喊“救命！”后
_LONGEST_BRACKET = 120    # a bracket that doesn't close within so many characters was never meant
_LONGEST_SENTENCE = 400


def segment(document: CleanDocument) -> tuple[Sentence, ...]:
    """The sentences of the lines that are read on, and of the metadata lines.

    A sentence ends at 。！？；…, together with the quotes and brackets that close behind it. Inside of 《》 and of
    brackets nothing ends. A quoted sentence is one of its own, unless the clause around it goes on: 喊着
    “加油！”的口号. A sentence of more than 400 characters is split at its commas.
    """
    found: list[Sentence] = []
    for number, line in enumerate(document.lines):
        if line.role not in _ROLES:
            continue
        for start, end in sentence_spans(document.text[line.start:line.end]):
            begin, stop = line.start + start, line.start + end
            found.append(Sentence(document.id, len(found), begin, stop, document.text[begin:stop], number, line.role))
    return tuple(found)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a line, without the spaces around them.

    >>> text = "甲说：“好。”乙走了。"
    >>> [text[i:j] for i, j in sentence_spans(text)]
    ['甲说：“好。”', '乙走了。']
    """
    start = at = 0
    while marks := _TURNS.search(text, at):
        if marks[0] in _BRACKETS:
            at = _close(text, marks.start())
            continue
        closing = _CLOSING.match(text, marks.end())
        at = closing.end() if closing else marks.end()
        if not _ends_here(text, marks, start, at):
            continue
        yield from _pieces(text, start, at)
        start = at
    yield from _pieces(text, start, len(text))


def _close(text: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`, or behind the opening one if it isn't closed in reach."""
    opening, closing, depth = text[at], _BRACKETS[text[at]], 0
    for k in range(at, min(len(text), at + _LONGEST_BRACKET)):
        depth += (text[k] == opening) - (text[k] == closing)
        if depth == 0:
            return k + 1
    return at + 1


def _ends_here(text: str, marks: re.Match[str], start: int, behind: int) -> bool:
    """Whether a mark, whose closing quotes reach to `behind`, ends the sentence that begins at `start`."""
    run, following = marks[0], text[behind:behind + 1]
    if not following:
        return True
    if run.isascii():  # R&D; a ?b: marks between Latin words end nothing
        return not (text[marks.start() - 1:marks.start()].isascii() and following.isascii() and following != " ")
    quoted = behind > marks.end() and text[behind - 1] in "”」』’"
    if quoted:
        opening = max(text.rfind(mark, start, marks.start()) for mark in "“「『‘")
        embedded = opening > start and text[opening - 1] not in "：，、。！？； "
        word = embedded and marks.start() - opening < _SHORTEST_QUOTE
        return not (_GOES_ON.match(following) or word)
    return not (set(run) == {"…"} and _GOES_ON.match(following))


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
