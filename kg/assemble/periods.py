"""First and last day of dates in EDTF, and of the nodes that they date."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from functools import lru_cache
from sys import intern

from kg.graph import Edge

#: First and last day, ISO.
Span = tuple[str, str]
NEVER: Span = ("", "")

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?[?~%]?")


@lru_cache(10_000)
def bounds(edtf: str) -> tuple[str, str] | None:
    """First and last day of an EDTF date; of an open range the known end stands for both. None without a year.

    >>> bounds("2020-02"), bounds("2020-02-03/.."), bounds("XXXX-12-06")
    (('2020-02-01', '2020-02-29'), ('2020-02-03', '2020-02-03'), None)
    """
    first, slash, last = edtf.partition("/")
    start, end = _days(first), _days(last if slash else first)
    start, end = start or end, end or start
    return None if start is None or end is None else (start[0], end[1])


class Periods:
    """First and last day of every node, as edges and nodes are added; edges come first.

    A date has its own days, an act those that `on_date` gives it. Every other node has the days of the acts
    that it performs or that target it, and of its documents; so has a date or an act that has none of its own.
    """

    def __init__(self) -> None:
        self.linked: set[str] = set()
        self._on_date: list[tuple[str, str]] = []
        self._acts: list[tuple[str, str]] = []
        self._own: dict[str, Span] = {}
        self._documents: dict[str, Span] = {}
        self._dates: set[str] = set()

    def add_edge(self, edge: Edge) -> None:
        source, target = intern(edge.source), intern(edge.target)
        self.linked.update((source, target))
        if edge.relation == "on_date":
            self._on_date.append((source, target))
        elif edge.relation == "performs":
            self._acts.append((target, source))
        elif edge.relation == "targets":
            self._acts.append((source, target))

    def add_node(self, id_: str, type_: str, names: Iterable[str], dates: Iterable[str]) -> None:
        """A node with its names, and with the dates of its documents."""
        id_ = intern(id_)
        self._documents[id_] = _span(dates)
        if type_ == "DATE":
            self._dates.add(id_)
            self._own[id_] = _span(names)

    def spans(self) -> Mapping[str, Span]:
        """First and last day of each node (ISO; empty text where nothing dates it)."""
        own = dict(self._own)
        for act, date in self._on_date:
            own[act] = _wider(own.get(act, NEVER), self._own.get(date, NEVER))
        spans = {id_: span if (span := own.get(id_, NEVER)) != NEVER else said
                 for id_, said in self._documents.items()}
        for act, other in self._acts:
            if other not in self._dates:
                spans[other] = _wider(spans[other], own.get(act, NEVER))
        return spans


def _wider(one: Span, other: Span) -> Span:
    if NEVER in (one, other):
        return other if one == NEVER else one
    return min(one[0], other[0]), max(one[1], other[1])


def _span(dates: Iterable[str]) -> Span:
    found = [days for date in dates if (days := bounds(date))]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else NEVER


def _days(date: str) -> tuple[str, str] | None:
    found = _DAY.fullmatch(date)
    if found is None:
        return None
    year, month, day = found.groups()
    if day is not None:
        return (f"{year}-{month}-{day}",) * 2
    first, last = (month, month) if month is not None else ("01", "12")
    if not 1 <= int(last) <= 12 or int(year) == 0:
        return None
    return f"{year}-{first}-01", f"{year}-{last}-{monthrange(int(year), int(last))[1]}"
