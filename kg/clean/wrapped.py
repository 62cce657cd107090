"""Paragraphs that a mail program, a PDF or a form cut into lines of one width: where such lines are joined again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from kg.clean.edits import Change

_ENDS = re.compile("[。！？；：…]['\"”’）)】]*$")
_INNER = re.compile("[，。、；：（]")
#: What opens an item, a label or a stage of a career: 一、, （二）, 3., 第四条, 联系人：, ●, 2003.05—.
_OPENS = re.compile("(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十\\d]{1,3}[）)]|\\d{1,2}[、．.）)]"
                    "|第.{1,4}[条章节]|(?:19|20)\\d\\d ?[.．年/—-]|[●■◆▪·•*\\-—>]"
                    "|[\u4e00-\u9fff]{1,4} ?[\u4e00-\u9fff]{0,4}：)")
_WIDEST, _NARROWEST = 110, 30   # in columns, a Han character having two
_FULL = 0.8                     # a line is full from this share of the widest on
_LEAST = 3                      # so many full lines without an end make a page that is cut


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    indent: int
    width: int


def wrapped(text: str) -> list[Change]:
    """Join lines that were cut at one width in the middle of sentences, with the blanks around the break.

    Safe because it takes three lines and more that are equally wide, hold marks and don't end like sentences, each
    followed by a line that opens like none of its own (no indentation, number or label), up to one that ends a
    sentence. Headlines one below the other end nowhere.
    """
    if text.count("\n") < _LEAST:
        return []
    lines = list(_lines(text))
    full = max((line.width for line in lines if line.width <= _WIDEST), default=0)
    if full < _NARROWEST or sum(line.width > _WIDEST for line in lines) > 1:
        return []
    joins: list[Change] = []
    for paragraph in _paragraphs(lines, _FULL * full):
        if _ENDS.search(paragraph[-1].text) and sum(bool(_INNER.search(line.text)) for line in paragraph) * 2 > len(
                paragraph):
            joins += [(a.end, b.start + b.indent, "") for a, b in pairwise(paragraph)]
    return joins if len(joins) >= _LEAST else []


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.split("\n"):
        stripped = line.rstrip()
        indent = len(stripped) - len(stripped.lstrip())
        width = len(stripped) + sum(map(_is_wide, stripped))
        yield _Line(at, at + len(stripped), stripped.lstrip(), indent, width)
        at += len(line) + 1


@cache
def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFA"


def _paragraphs(lines: list[_Line], full: float) -> Iterator[list[_Line]]:
    """Runs of lines of which each but the last is full and ends no sentence, and each but the first opens none."""
    run: list[_Line] = []
    for line in lines:
        goes_on = bool(run) and run[-1].width >= full and not _ENDS.search(run[-1].text) \
            and bool(line.text) and not line.indent and not _OPENS.match(line.text)
        if not goes_on:
            if len(run) > 1:
                yield run
            run = []
        run.append(line)
    if len(run) > 1:
        yield run
