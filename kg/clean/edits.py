"""Text that knows where each of its characters stood in the raw file, and the one operation that changes it.

A change is `(start, end, new)`: replace [start, end) of the current text by `new`. Every fixer says its changes
in this form, and `Tracked.apply` alone carries them out, so that the way back to the raw text can't get lost.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from kg.models import Edit, Offsets

Change = tuple[int, int, str]


class Tracked:
    """A text under repair: `text`, its Offsets, and which fixer touched which raw span."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = raw
        self._starts = array("l", range(len(raw)))
        self._ends = array("l", range(1, len(raw) + 1))
        self._touched: list[tuple[int, int, str]] = []

    @property
    def offsets(self) -> Offsets:
        """The raw start and end of every character of the current text."""
        return Offsets(self._starts, self._ends)

    def apply(self, fix: str, changes: Sequence[Change]) -> bool:
        """Carry out the changes (sorted, not overlapping, not empty) of fixer `fix`; say whether the text is another.

        A replacement of the same length maps character by character; otherwise every new character stands
        for the whole span that it replaces.
        """
        real = [(i, j, new) for i, j, new in changes if self.text[i:j] != new]
        if not real:
            return False
        pieces: list[str] = []
        starts, ends, at = array("l"), array("l"), 0
        for i, j, new in real:
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
            self._touched.append((first, last, fix))
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
        for start, end, fixes in _merge(self._touched):
            new = self.text[bisect_left(self._starts, start):bisect_left(self._starts, end)]
            old = self.raw[start:end]
            if old != new:
                found.append(Edit(fix="+".join(fixes), start=start, end=end, old=old, new=new))
        return tuple(found)


def _merge(touched: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, list[str]]]:
    """Join raw spans that overlap, and collect the fixers of each in the order in which they ran."""
    ordered = sorted(((start, end, k, fix) for k, (start, end, fix) in enumerate(touched)),
                     key=lambda item: (item[0], -item[1], item[2]))
    merged: list[tuple[int, int, list[tuple[int, str]]]] = []
    for start, end, k, fix in ordered:
        if merged and start < merged[-1][1]:
            before = merged[-1]
            before[2].append((k, fix))
            merged[-1] = (before[0], max(before[1], end), before[2])
        else:
            merged.append((start, end, [(k, fix)]))
    return [(start, end, list(dict.fromkeys(fix for _, fix in sorted(by)))) for start, end, by in merged]


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
