"""What people changed that shows only when documents are joined; kg.correct makes it, kg.assemble goes by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.assemble.merge import Merge

#: The rule of an edge that people confirmed or added, and what found a name that they linked.
HUMAN = "human"

#: What an edge says, as Statement.key gives it: head, relation, tail, title, status, measure, kinship.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByHand:
    """Ids under the decisions; names given by hand, by node; edges confirmed or added, with who and why, by key;
    the dates of those that no document states; co-occurrences that are none, smaller id first."""

    merged: Merge
    labels: Mapping[str, str] = field(default_factory=dict)
    confirmed: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    unstated: Mapping[Key, str] = field(default_factory=dict)
    unpaired: frozenset[tuple[str, str]] = frozenset()
