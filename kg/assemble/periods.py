"""First and last day of dates in EDTF, and of the nodes that they date."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.graph import Edge

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?[?~%]?")


@dataclass(frozen=True, slots=True)
class Dated:
    """What dates a node by itself: its names if it is a DATE, and the dates of its documents."""

    type: str
    names: frozenset[str]
    documents: frozenset[str]


def bounds(edtf: str) -> tuple[str, str] | None:
    """First and last day of an EDTF date; of an open range the known end stands for both. None without a year.

    >>> bounds("2020-02"), bounds("2020-02-03/.."), bounds("XXXX-12-06")
    (('2020-02-01', '2020-02-29'), ('2020-02-03', '2020-02-03'), None)
    """
    first, slash, last = edtf.partition("/")
    start, end = _days(first), _days(last if slash else first)
    start, end = start or end, end or start
    return None if start is None or end is None else (start[0], end[1])


def node_spans(nodes: Mapping[str, Dated], edges: Sequence[Edge]) -> dict[str, tuple[str, str]]:
    """First and last day of every node (ISO; empty text where nothing dates it).

    A date has its own days, an act those that `on_date` gives it. Every other node has the days of the acts
    that it performs or that target it, and of its documents; so has a date or an act that has none of its own.
    """
    own: dict[str, set[str]] = defaultdict(set)
    for id_, node in nodes.items():
        if node.type == "DATE":
            own[id_].update(name for name in node.names if bounds(name))
    for edge in edges:
        if edge.relation == "on_date":
            own[edge.source].update(name for name in nodes[edge.target].names if bounds(name))
    said = {id_: set(own[id_] or node.documents) for id_, node in nodes.items()}
    for edge in edges:
        act, other = (edge.target, edge.source) if edge.relation == "performs" else (edge.source, edge.target)
        if edge.relation in ("performs", "targets") and nodes[other].type != "DATE":
            said[other].update(own[act])
    return {id_: _span(dates) for id_, dates in said.items()}


def _span(dates: Iterable[str]) -> tuple[str, str]:
    found = [days for date in dates if (days := bounds(date))]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else ("", "")


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
