"""The table of nodes and the table of edges that every flat format writes: the columns of the contract.

A missing value (None, blank text, a number that isn't finite) is None here, and every format leaves it out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

#: What no XML 1.0 file may hold, and the C1 controls beside it. Marks of writing direction stay.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Column(NamedTuple):
    """A column of the table of nodes or of edges: its name, its type in GraphML, and its value in a record."""

    name: str
    type: str
    value: Callable[[Any], object]


def listed(values: Iterable[str]) -> str:
    """Names in one cell, joined with `|`; a `|` within a name becomes `｜`."""
    return "|".join(value.replace("|", "｜") for value in values)


def named(text: str) -> bool:
    """Whether something is left of a text when what can't be written is gone."""
    return bool(FORBIDDEN.sub("", text).strip())


NODE_COLUMNS = (
    Column("label", "string", lambda node: node.label if named(node.label) else node.id),
    Column("type", "string", lambda node: node.type),
    Column("aliases", "string", lambda node: listed(node.aliases)),
    Column("mentions", "int", lambda node: len(node.mentions)),
    Column("documents", "int", lambda node: len(node.documents)),
    Column("first_date", "string", lambda node: node.first_date),
    Column("last_date", "string", lambda node: node.last_date),
    Column("community", "int", lambda node: node.community),
    Column("pagerank", "double", lambda node: node.pagerank),
    Column("x", "double", lambda node: node.x),
    Column("y", "double", lambda node: 0.0 - node.y),  # points up in Gephi and in plots, down on the page
    Column("size", "double", lambda node: node.size),
    Column("color", "string", lambda node: node.color),
)

EDGE_COLUMNS = (
    Column("relation", "string", lambda edge: edge.relation),
    Column("label", "string", lambda edge: edge.label),
    Column("weight", "double", lambda edge: edge.weight),
    Column("title", "string", lambda edge: edge.title),
    Column("measure", "string", lambda edge: edge.measure),
    Column("kinship", "string", lambda edge: edge.kinship),
    Column("status", "string", lambda edge: edge.status),
    Column("date", "string", lambda edge: edge.date),
    Column("confidence", "double", lambda edge: edge.confidence),
    Column("rule", "string", lambda edge: edge.rule),
    Column("documents", "int", lambda edge: len(edge.documents)),
    Column("evidence", "string", lambda edge: edge.best_sentence),
    Column("sources", "string", lambda edge: listed(edge.documents)),
    Column("derived", "boolean", lambda edge: edge.derived),
    Column("npmi", "double", lambda edge: edge.npmi),
)


def written(column: Column, record: object) -> str | int | float | bool | None:
    """The value of a record as a file holds it: text without control characters, None where there is nothing."""
    value = column.value(record)
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (int, bool)):
        return value
    raise TypeError(f"{column.name}: no column holds {type(value)}")


def clean(text: str) -> str:
    """The text without what no file may hold; empty if it is blank.

    >>> clean("a\\x00b"), clean(" \\u3000")
    ('ab', '')
    """
    kept = FORBIDDEN.sub("", text) if FORBIDDEN.search(text) else text
    return "" if kept.isspace() else kept
