"""Nodes and edges as CSV, for Excel, Gephi's import of spreadsheets and Neo4j's LOAD CSV.

UTF-8 with a byte order mark, without which Excel takes Chinese for something else; cells are quoted where they must
be, lines end in CRLF (RFC 4180). Gephi knows the columns Id, Label, Source, Target, Type and Weight by their names;
the other columns are those of GraphML. Text that a spreadsheet would compute has an apostrophe before it.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.export.archive import pack
from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, clean, written
from kg.graph import Graph

#: What makes a spreadsheet take text for a formula (OWASP, CSV injection: full-width signs, tab and return count
#: too), and the guard itself, so that taking one apostrophe off always gives the text back.
_COMPUTED = re.compile("[=+\\-@＝＋－＠\t\r']")


def write(graph: Graph, path: Path) -> None:
    """nodes.csv and edges.csv in a zip."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kg-") as folder:
        files = {name: Path(folder) / name for name in ("nodes.csv", "edges.csv")}
        write_nodes(graph, files["nodes.csv"])
        write_edges(graph, files["edges.csv"])
        pack(files, path)


def write_nodes(graph: Graph, path: Path) -> None:
    """The table of nodes: Id, Label, and the columns of GraphML."""
    columns = _without(NODE_COLUMNS, "label")
    labels = [column for column in NODE_COLUMNS if column.name == "label"]
    write_table(path, ["Id", "Label", *(column.name for column in columns)],
                ([guarded(node.id), *_cells([*labels, *columns], node)] for node in graph.nodes))


def write_edges(graph: Graph, path: Path) -> None:
    """The table of edges: Id, Source, Target, Type, Label, Weight, labels of the ends, and the columns of GraphML."""
    columns = _without(EDGE_COLUMNS, "label", "weight")
    front = [column for name in ("label", "weight") for column in EDGE_COLUMNS if column.name == name]
    labels = {node.id: node.label for node in graph.nodes}
    head = ["Id", "Source", "Target", "Type", "Label", "Weight", "source_label", "target_label"]
    write_table(path, [*head, *(column.name for column in columns)],
                ([*map(guarded, (edge.id, edge.source, edge.target)), "Directed", *_cells(front, edge),
                  *(guarded(labels[end]) for end in (edge.source, edge.target)), *_cells(columns, edge)]
                 for edge in graph.edges))


def _without(columns: Sequence[Column], *names: str) -> list[Column]:
    return [column for column in columns if column.name not in names]


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV that a spreadsheet opens; cells are guarded already."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows(rows)


def _cells(columns: Iterable[Column], record: object) -> Iterator[str]:
    for column in columns:
        value = written(column, record)
        if isinstance(value, str):
            yield guarded(value)
        elif isinstance(value, bool):
            yield "true" if value else "false"
        else:
            yield "" if value is None else str(value)


def guarded(text: str) -> str:
    """Text that a spreadsheet leaves alone.

    >>> guarded("=1+1"), guarded("张三")
    ("'=1+1", '张三')
    """
    text = clean(text)
    return f"'{text}" if _COMPUTED.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` guarded.

    >>> unguarded("'=1+1"), unguarded("张三")
    ('=1+1', '张三')
    """
    return text[1:] if text.startswith("'") and _COMPUTED.match(text[1:]) else text
