"""Web pages: which characters of the source are visible, what the page says of itself, and what is content.

The source stays the text of the document. Markup is a change like any other (see kg.clean.fixers), so that every
character of the cleaned text keeps its place in the file.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from kg.clean.edits import Change

_HIDDEN = frozenset(["head", "script", "style", "noscript", "template", "iframe", "select", "textarea", "svg", "title",
                     "object"])
_INLINE = frozenset(["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
                     "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rp", "rt", "ruby", "s",
                     "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"])
_REFERENCE = re.compile(r"&#?\w{1,31};?")
_MANY_UNCLOSED = 500
_SHORTEST_PART = 10  # a line of the source must be so long to count as content when it is part of a content line


@dataclass(frozen=True, slots=True)
class Page:
    """The visible lines of a page as spans of its source; one line holds all text between two block tags."""

    lines: tuple[tuple[tuple[int, int], ...], ...]
    title: str
    meta: Mapping[str, str]


@lru_cache(maxsize=4)
def parse(source: str) -> Page:
    """Read the source of a page; never fails, whatever it is."""
    reader = _Reader(source)
    reader.feed(_defused(source))
    reader.close()
    reader.end_line()
    return Page(tuple(reader.lines), html.unescape("".join(reader.title)).strip(), dict(reader.meta))


def _defused(source: str) -> str:
    """The source, for html.parser, which takes quadratic time over tags that are never closed.

    Only a source with hundreds of them is touched; the length stays the same.
    """
    if source.count("<") - source.count(">") < _MANY_UNCLOSED:
        return source
    return re.sub("<(?=[^<>]*(?:<|$))", "\ufffc", source)


def markup(source: str) -> list[Change]:
    """Drop tags, comments, scripts and whatever a page doesn't show; a block tag becomes a line break.

    Character references stay for the fixer `entities`. Safe because nothing that is visible is dropped here:
    which lines are content is decided later, line by line.
    """
    changes: list[Change] = []
    at = 0
    lines = parse(source).lines
    for number, line in enumerate(lines):
        for k, (start, end) in enumerate(line):
            if at < start:
                changes.append((at, start, "\n" if k == 0 and number else ""))
            changes += [(m.start(), m.end(), " ") for m in re.compile(r"\s*[\r\n]\s*").finditer(source, start, end)]
            at = end
    if at < len(source):
        changes.append((at, len(source), ""))
    return changes


def content_spans(source: str) -> tuple[tuple[int, int], ...]:
    """The spans of the lines that trafilatura takes for content; empty if it finds none.

    trafilatura gives text without offsets, so its lines are looked for among the visible lines of the page.
    """
    extracted = _extract(source)
    wanted = {_squeeze(line) for line in extracted.splitlines()} - {""}
    everything = "\n".join(sorted(wanted))
    spans = []
    for line in parse(source).lines:
        text = _squeeze(html.unescape("".join(source[start:end] for start, end in line)))
        if text in wanted or (len(text) >= _SHORTEST_PART and text in everything):
            spans.append((line[0][0], line[-1][1]))
    return tuple(spans)


def _extract(source: str) -> str:
    import trafilatura

    try:
        return trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    except Exception:  # whatever lxml makes of a broken page: without its opinion every line is judged by itself
        return ""


def _squeeze(text: str) -> str:
    return re.sub(r"[\s|•·-]+", "", text)


class _Reader(HTMLParser):
    """Collects visible text with its offsets; html.parser counts lines and columns, `_at` makes offsets of them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.lines: list[tuple[tuple[int, int], ...]] = []
        self.title: list[str] = []
        self.meta: dict[str, str] = {}
        self._line: list[tuple[int, int]] = []
        self._hidden: list[str] = []
        self._breaks = [0] + [m.end() for m in re.finditer("\n", source)]

    def _at(self) -> int:
        row, column = self.getpos()
        return self._breaks[row - 1] + column

    def end_line(self) -> None:
        if any(self.source[start:end].strip() for start, end in self._line):
            self.lines.append(tuple(self._line))
        self._line = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._note_meta({name: value or "" for name, value in attrs})
        if tag == "body":
            self._hidden.clear()  # a head that was never closed
        if tag in _HIDDEN:
            self._hidden.append(tag)
        if tag not in _INLINE:
            self.end_line()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        if tag not in _INLINE:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            if self._hidden[-1] == "title" and "svg" not in self._hidden:
                self.title.append(data)
            return
        at = self._at()
        self._line.append((at, at + len(data)))

    def handle_entityref(self, name: str) -> None:
        match = _REFERENCE.match(self.source, self._at())
        if not match:
            return
        if not self._hidden:
            self._line.append(match.span())
        elif self._hidden[-1] == "title":
            self.title.append(match[0])

    def handle_charref(self, name: str) -> None:
        self.handle_entityref(name)

    def _note_meta(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        if name and attributes.get("content"):
            self.meta.setdefault(name.lower(), attributes["content"].strip())

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skip `<![if …]>` and its like, at which html.parser would stop with an error."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1


def covers(spans: tuple[tuple[int, int], ...], start: int) -> bool:
    """Whether a raw offset lies in one of the sorted spans."""
    k = bisect_right(spans, (start, float("inf"))) - 1
    return k >= 0 and spans[k][0] <= start < spans[k][1]
