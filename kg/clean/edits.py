"""Text that knows where each of its characters stood in the raw file, and the one operation that changes it.

A change is `(start, end, new)`: replace [start, end) of the current text by `new`. Every fixer says its changes
in this form, and `Tracked.apply` alone carries them out, so that the way back to the raw text can't get lost.
A change that rests on a model's guess is a `Guess`, which says how sure it is.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.models import Edit, Offsets

Change = tuple[int, int, str]


class Guess(NamedTuple):
    """A change with the chance that it is right."""

    start: int
    end: int
    new: str
    confidence: float


class Tracked:
    """A text under repair: `text`, its Offsets, and which fixer touched which raw span."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = raw
        self._starts = array("l", range(len(raw)))
        self._ends = array("l", range(1, len(raw) + 1))
        self._touched: list[_Touch] = []

    @property
    def offsets(self) -> Offsets:
        """The raw start and end of every character of the current text."""
        return Offsets(self._starts, self._ends)

    def apply(self, fix: str, changes: Sequence[Change | Guess]) -> bool:
        """Carry out the changes (sorted, not overlapping, not empty) of fixer `fix`; say whether the text is another.

        A replacement of the same length maps character by character; otherwise every new character stands
        for the whole span that it replaces.
        """
        real = [change for change in changes if self.text[change[0]:change[1]] != change[2]]
        if not real:
            return False
        pieces: list[str] = []
        starts, ends, at = array("l"), array("l"), 0
        for change in real:
            i, j, new = change[:3]
            if i < at or j <= i:
                raise ValueError(f"fixer {fix}: changes overlap, are unsorted or empty at {i}")
            pieces += (self.text[at:i], new)
            starts += self._starts[at:i]
            ends += self._ends[at:i]
            first, last = self._starts[i], self._ends[j - 1]
            if len(new) == j - i:
                starts += self._starts[i:j]
                ends += self._ends[i:j]
            elif new:
                starts.extend([first] * len(new))
                ends.extend([last] * len(new))
            self._touched.append(_Touch(first, last, fix, change.confidence if isinstance(change, Guess) else 1.0))
            at = j
        pieces.append(self.text[at:])
        self.text = "".join(pieces)
        self._starts, self._ends = starts + self._starts[at:], ends + self._ends[at:]
        return True

    def edits(self) -> tuple[Edit, ...]:
        """What became of the raw text: sorted, without overlap, `old` is the raw text [start, end).

        Where fixers worked on the same characters one after the other there is one edit, which names them
        all in order (`mojibake+traditional`).
        """
        found = []
        for start, end, touches in _merge(self._touched):
            new = self.text[bisect_left(self._starts, start):bisect_left(self._starts, end)]
            old = self.raw[start:end]
            if old != new:
                fixes = dict.fromkeys(touch.fix for touch in touches)
                found.append(Edit(fix="+".join(fixes), start=start, end=end, old=old, new=new,
                                  confidence=min(touch.confidence for touch in touches)))
        return tuple(found)


class _Touch(NamedTuple):
    """A raw span that a fixer worked on."""

    start: int
    end: int
    fix: str
    confidence: float


def _merge(touched: Sequence[_Touch]) -> Iterable[tuple[int, int, list[_Touch]]]:
    """Join raw spans that overlap, and collect what touched each, in the order in which the fixers ran."""
    ordered = sorted(enumerate(touched), key=lambda item: (item[1].start, -item[1].end, item[0]))
    merged: list[tuple[int, int, list[tuple[int, _Touch]]]] = []
    for k, touch in ordered:
        if merged and touch.start < merged[-1][1]:
            start, end, by = merged[-1]
            by.append((k, touch))
            merged[-1] = (start, max(end, touch.end), by)
        else:
            merged.append((touch.start, touch.end, [(k, touch)]))
    return [(start, end, [touch for _, touch in sorted(by)]) for start, end, by in merged]


def apply_edits(raw: str, edits: Iterable[Edit]) -> str:
    """The text that the edits make of the raw text.

    >>> apply_edits("戰(zhàn)士", [Edit(fix="readings", start=1, end=7, old="(zhàn)", new="")])
    '戰士'
    """
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (raw[at:edit.start], edit.new)
        at = edit.end
    pieces.append(raw[at:])
    return "".join(pieces)
