"""Graphs to files and back.

graph.json is the whole graph in node-link form, one node or edge a line; kg reads it back to the same record.
Every other format is a view. A file is written beside its place and moved there when it is complete, so that a
failed write never leaves half a file. Nothing that is written depends on the clock or on the machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from kg.errors import GraphError
from kg.export.graphml import write_graphml
from kg.graph import Edge, Graph, Node
from kg.models import Record

#: Names the layout of graph.json; a reader refuses what it doesn't know.
FORMAT = "kg-graph/1"

#: Fields that are written even where they have their default: whoever reads the file counts on them.
ALWAYS = {Node: ("aliases", "documents", "first_date", "last_date", "community", "pagerank", "x", "y", "size", "color"),
          Edge: ("documents", "derived")}


def write_graph(graph: Graph, path: Path, *, strict: bool = False) -> None:
    """Write `graph` in the format that the suffix of `path` names (see EXPORTERS).

    `strict` is for GraphML alone: the letter of its schema, without the types of edges that Gephi reads.
    Raises GraphError for a suffix that no format has, for a format whose package isn't installed, and where the
    file can't be written.
    """
    suffix = _suffix(path)
    exporter = EXPORTERS.get(suffix)
    if exporter is None:
        raise GraphError(f"{path}: no format has this suffix; use one of {', '.join(EXPORTERS)}")
    if strict and suffix != ".graphml":
        raise GraphError(f"{path}: only GraphML has a strict form; leave --strict out")
    with replacing(path) as part:
        if strict:
            _write_graphml(graph, part, strict=True)
        else:
            exporter(graph, part)


def read_graph(path: Path) -> Graph:
    """The graph in a graph.json, or in the graph.json of a folder.

    Raises GraphError where the file isn't there, is no graph.json, or is damaged.
    """
    file = path / "graph.json" if path.is_dir() else path
    if file.suffix.lower() != ".json":
        raise GraphError(f"{file}: graphs are read from .json; name the graph.json of the build")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise GraphError(f"{file}: can't be read ({error.strerror}); check the path") from error
    except (ValueError, RecursionError) as error:
        raise GraphError(f"{file}: isn't JSON ({error}); build the graph again") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise GraphError(f"{file}: isn't a graph.json of this version of kg ({FORMAT}); build the graph again")
    try:
        return Graph.model_validate({name: data.get(key, ()) for name, key in PARTS.items()})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise GraphError(f"{file}: {where}: {fault['msg']}; build the graph again") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; what was written moves to `path` at the end, or goes if the write failed.

    What was written may be a folder; it takes the place of a folder that holds no other files than its own.
    Raises GraphError where the folder can't be written to.
    """
    part = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        if part.is_dir() and path.is_dir():
            _replace_folder(part, path)
        else:
            part.replace(path)
    except OSError as error:
        raise GraphError(f"{path}: can't be written ({error.strerror or error}); check folder and space") from error
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _replace_folder(part: Path, path: Path) -> None:
    """Put one folder in the place of another; files that a graph has nothing to do with are not thrown away."""
    strange = sorted({file.name for file in path.iterdir()} - {file.name for file in part.iterdir()})
    if strange:
        raise GraphError(f"{path}: holds {strange[0]} beside the tables of a graph; choose another folder")
    old = part.with_name(f"{part.name}.old")
    path.replace(old)
    part.replace(path)
    shutil.rmtree(old)


def write_text(text: str, path: Path) -> None:
    """Write a UTF-8 file with plain line breaks, whole or not at all. Raises GraphError as `replacing` does."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


# ------------------------------------------------------------------------------------------ json

#: A field that is null; in a text its quotation marks would stand behind backslashes.
_NULL = re.compile(r'[{,]"(\w+)":null')
#: The fields of Graph and what they are called in node-link form.
PARTS = {"nodes": "nodes", "edges": "links", "documents": "documents", "doubts": "doubts"}


def _write_json(graph: Graph, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"format": "{FORMAT}", "directed": true, "multigraph": true, "graph": {{}}')
        for name, key in PARTS.items():
            out.write(f',\n"{key}": [')
            _write_lines(getattr(graph, name), out)
            out.write("]")
        out.write("}\n")


def _write_lines(records: Iterable[Record], out: TextIO) -> None:
    separator = "\n"
    for record in records:
        out.write(separator + _line(record))
        separator = ",\n"


def _line(record: Record) -> str:
    """The record as JSON, without what has its default; reading puts that back.

    Raises ValueError where a number isn't finite: pydantic writes it as null, as which nothing else is written.
    """
    cls, line = type(record), record.model_dump_json(exclude_defaults=True)
    if ":null" in line and (found := _NULL.search(line)):
        raise ValueError(f"{found[1]} isn't finite, which is not JSON compliant: {line[:200]}")
    left = tuple(name for name, default in _always(cls) if getattr(record, name) == default)
    return f"{line[:-1]},{_defaults(cls, left)}" if left else line


@cache
def _always(cls: type[Record]) -> list[tuple[str, Any]]:
    return [(name, cls.model_fields[name].default) for name in ALWAYS.get(cls, ())]


@cache
def _defaults(cls: type[Record], names: tuple[str, ...]) -> str:
    """The end of a line: fields with their defaults."""
    values = {name: default for name, default in _always(cls) if name in names}
    return json.dumps(values, separators=(",", ":"))[1:]


# ----------------------------------------------------------------------------------------- others


def _write_graphml(graph: Graph, path: Path, *, strict: bool = False) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        write_graphml(graph, out, strict=strict)


def _lazily(module: str, function: str = "write") -> Callable[[Graph, Path], None]:
    """The writer of a module of kg.export, which is imported when it is used."""
    def export(graph: Graph, path: Path) -> None:
        getattr(import_module(f"kg.export.{module}"), function)(graph, path)

    return export


#: Writers by suffix; each writes a complete file (or folder, for .parquet) at the path that it is given.
EXPORTERS: dict[str, Callable[[Graph, Path], None]] = {
    ".graphml": _write_graphml,
    ".gexf": _lazily("gexf"),
    ".json": _write_json,
    ".csv": _lazily("tables", "write_edges"),
    ".nodes.csv": _lazily("tables", "write_nodes"),
    ".csv.zip": _lazily("tables"),
    ".cypher": _lazily("cypher"),
    ".ttl": _lazily("turtle"),
    ".ftm.json": _lazily("ftm"),
    ".ftm.jsonl": _lazily("ftm"),
    ".parquet": _lazily("parquet"),
    ".parquet.zip": _lazily("parquet", "write_zip"),
    ".duckdb": _lazily("duckdb"),
}


def _suffix(path: Path) -> str:
    """The longest suffix of the name that a writer has (`.csv.zip` before `.zip`)."""
    name = path.name.lower()
    return max((suffix for suffix in EXPORTERS if name.endswith(suffix)), key=len, default="")
