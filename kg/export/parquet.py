"""Parquet for pandas, polars, DuckDB and Spark: nodes, edges and evidence as three tables of one folder (or zip).

Columns are those of GraphML, but names and documents are lists; the table of evidence has a row for every piece of
evidence of every edge, with its span in the raw file. Needs pyarrow.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import GraphError
from kg.export.archive import pack
from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, written
from kg.graph import Edge, Graph, Node
from kg.models import Evidence

if TYPE_CHECKING:
    import pyarrow

#: Rows of a row group: what is held in memory at a time.
ROWS = 5_000

TABLES = ("nodes.parquet", "edges.parquet", "evidence.parquet")


def write(graph: Graph, path: Path) -> None:
    """nodes.parquet, edges.parquet and evidence.parquet in the folder `path`. Raises GraphError without pyarrow."""
    arrow = _arrow()
    path.mkdir()
    for name, (schema, rows) in zip(TABLES, tables(graph), strict=True):
        _write(path / name, arrow, schema, rows)


def tables(graph: Graph) -> tuple[tuple[Schema, Iterator[Row]], ...]:
    """Nodes, edges and evidence: for each the types of its columns, and its rows as they are asked for."""
    return ((_schema(("id",), NODE_COLUMNS, "aliases"), map(_node_row, graph.nodes)),
            (_schema(("id", "source", "target"), EDGE_COLUMNS, "sources"), map(_edge_row, graph.edges)),
            (EVIDENCE, (_evidence_row(edge, piece) for edge in graph.edges for piece in edge.evidence)))


def write_zip(graph: Graph, path: Path) -> None:
    """The three tables in a zip."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kg-") as folder:
        tables = Path(folder) / "tables"
        write(graph, tables)
        pack({name: tables / name for name in TABLES}, path)


def _arrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise GraphError("Parquet is written with pyarrow, which isn't here; pip install 'kg[parquet]'") from error
    return pyarrow


#: Columns and their types by name; a list of text is `texts`.
Schema = dict[str, str]
Row = dict[str, object]

EVIDENCE: Schema = {
    "edge": "string", "document": "string", "rule": "string", "confidence": "double", "role": "string",
    "sentence": "string", "raw": "string", "start": "int", "end": "int",
    "head": "string", "trigger": "string", "tail": "string"}


def _schema(ids: Iterable[str], columns: Iterable[Column], listed: str) -> Schema:
    schema = dict.fromkeys(ids, "string") | {column.name: column.type for column in columns}
    return schema | {listed: "texts"}


def _write(path: Path, arrow: Any, schema: Schema, rows: Iterable[Row]) -> None:
    types: dict[str, Callable[[], pyarrow.DataType]] = {
        "string": arrow.string, "double": arrow.float64, "int": arrow.int64, "boolean": arrow.bool_,
        "texts": lambda: arrow.list_(arrow.string())}
    fields = arrow.schema([(name, types[kind]()) for name, kind in schema.items()])
    with arrow.parquet.ParquetWriter(path, fields, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_table(arrow.Table.from_pylist(batch, schema=fields))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, ROWS)):
        yield batch


def _node_row(node: Node) -> Row:
    return {"id": _utf8(node.id), **{c.name: written(c, node) for c in NODE_COLUMNS},
            "aliases": list(map(_utf8, node.aliases))}


def _edge_row(edge: Edge) -> Row:
    return {"id": _utf8(edge.id), "source": _utf8(edge.source), "target": _utf8(edge.target),
            **{c.name: written(c, edge) for c in EDGE_COLUMNS}, "sources": list(map(_utf8, edge.documents))}


def _evidence_row(edge: Edge, piece: Evidence) -> Row:
    sentence = piece.sentence
    spans = {name: None if span is None else _utf8(span.text)
             for name, span in (("head", piece.head), ("trigger", piece.trigger), ("tail", piece.tail))}
    return {"edge": _utf8(edge.id), "document": _utf8(piece.document), "rule": _utf8(piece.rule),
            "confidence": piece.confidence, "role": piece.role, "sentence": _utf8(sentence.text),
            "raw": None if sentence.raw is None else _utf8(sentence.raw),
            "start": sentence.start, "end": sentence.end, **spans}


def _utf8(text: str) -> str:
    """The text without half characters, which UTF-8 can't hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
