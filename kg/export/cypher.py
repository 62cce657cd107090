"""Cypher for Neo4j and its kin: constraints, then nodes and edges in batches of literal rows.

Every node has its type as label (PERSON, …), every edge its relation in capitals (HOLDS_POSITION); properties are
the columns of GraphML and `id`, by which MERGE finds what an earlier run has made, so that the file may be run again.
A property that is missing is set to null, which removes it. Run it with

    cypher-shell -f graph.cypher
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, clean, written
from kg.graph import Edge, Graph, Node

#: Rows in one statement, and so in one transaction.
BATCH = 500

_SPECIAL = re.compile(r"[\\'\"\n\t]")
_ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def write(graph: Graph, path: Path) -> None:
    """Write the graph as statements, each ended by a semicolon and a line break."""
    types = {node.id: node.type for node in graph.nodes}
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for type_ in sorted(set(types.values())):
            name = f"kg_{type_.lower()}_id"
            out.write(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{type_}) REQUIRE n.id IS UNIQUE;\n")
        for type_, nodes in groupby(sorted(graph.nodes, key=lambda node: node.type), key=lambda node: node.type):
            for batch in _batches(nodes):
                out.write(_statement(batch, NODE_COLUMNS, f"MERGE (n:{type_} {{id: row.id}})", "n"))
        ends = sorted(graph.edges, key=lambda edge: (edge.relation, types[edge.source], types[edge.target]))
        for (relation, source, target), edges in groupby(
                ends, key=lambda edge: (edge.relation, types[edge.source], types[edge.target])):
            merge = (f"MATCH (a:{source} {{id: row.source}}), (b:{target} {{id: row.target}})\n"
                     f"MERGE (a)-[r:{relation_type(relation)} {{id: row.id}}]->(b)")
            for batch in _batches(edges):
                out.write(_statement(batch, EDGE_COLUMNS, merge, "r"))


def relation_type(relation: str) -> str:
    """The relation as a type of edges; one that isn't a plain name stands in backquotes.

    >>> relation_type("holds_position"), relation_type("a`b")
    ('HOLDS_POSITION', '`A``B`')
    """
    name = clean(relation).upper() or "RELATED_TO"
    return name if re.fullmatch("[A-Z][A-Z0-9_]*", name) else "`" + name.replace("`", "``") + "`"


def _batches(records: Iterable[Node | Edge]) -> Iterator[list[Node | Edge]]:
    batch: list[Node | Edge] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _statement(batch: Sequence[Node | Edge], columns: Sequence[Column], merge: str, name: str) -> str:
    filled = [column for column in columns if any(written(column, record) is not None for record in batch)]
    rows = ",\n".join(f"  {{{', '.join(_fields(record, filled))}}}" for record in batch)
    values = ", ".join(f"{name}.{column.name} = {f'row.{column.name}' if column in filled else 'null'}"
                       for column in columns)
    return f"UNWIND [\n{rows}\n] AS row\n{merge}\nSET {values};\n"


def _fields(record: Node | Edge, columns: Iterable[Column]) -> Iterator[str]:
    yield f"id: {literal(record.id)}"
    if isinstance(record, Edge):
        yield f"source: {literal(record.source)}"
        yield f"target: {literal(record.target)}"
    for column in columns:
        yield f"{column.name}: {literal(written(column, record))}"


def literal(value: str | float | bool | None) -> str:
    """The value as a literal of Cypher.

    >>> literal("it's"), literal(None), literal(True)
    ("'it\\\\'s'", 'null', 'true')
    """
    if isinstance(value, str):
        return "'" + _SPECIAL.sub(lambda found: _ESCAPES[found.group()], clean(value)) + "'"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else repr(value)
