"""GraphML as Gephi keeps it: one directed graph, every key for nodes or for edges, every edge with its own id.

Gephi takes `label`, `x`, `y`, `size`, `color` of nodes and `label`, `weight` of edges for its own properties and
drops edges with an id that it has seen and values that don't fit their column. Edges between the same two nodes
it merges unless they differ in type, which it reads from the XML attribute `label` of the edge; that attribute is
Gephi's own and no part of the GraphML schema, and other readers pass over it. The file is written in one stream,
without a tree in memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from itertools import repeat, tee
from typing import TextIO

from kg.export.columns import EDGE_COLUMNS, FORBIDDEN, NODE_COLUMNS, Column
from kg.graph import Edge, Graph, Node

_MARKUP = re.compile('[&<>"]')
#: What keeps a text from being written as it is.
_SPECIAL = re.compile(FORBIDDEN.pattern[:-1] + _MARKUP.pattern[1:])
#: What keeps an id from being written as it is.
_PECULIAR = re.compile(_SPECIAL.pattern[:-1] + r"\s]")
_BLANKS = re.compile(r"\s+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


#: Where ids must be plain, the id of the record goes into a column.
IDENTITY = Column("kg_id", "string", lambda record: record.id)


def write_graphml(graph: Graph, out: TextIO, *, strict: bool = False) -> None:
    """Write the graph, its columns as the contract of the file formats has them.

    Missing values (None, blank text, numbers that aren't finite) are left out, control characters are dropped,
    `|` within a list is written `｜`. A column that no record fills isn't declared. `strict` keeps to the GraphML
    schema to the letter: no types of edges, and ids that are name tokens (n0, e0), those of the graph in `kg_id`.
    """
    identity = (IDENTITY,) if strict else ()
    out.write(HEAD)
    node_columns = _declared("node", (*NODE_COLUMNS, *identity), graph.nodes, out)
    edge_columns = _declared("edge", (*EDGE_COLUMNS, *identity), graph.edges, out)
    out.write('<graph id="kg" edgedefault="directed">\n')
    names = dict(_ids(graph.nodes, "node", strict))
    for node in graph.nodes:
        out.write(f'<node id="{names[node.id]}">{"".join(_data(node_columns, node))}</node>\n')
    kinds = repeat("") if strict else (f' label="{kind}"' for kind in edge_kinds(graph.edges))
    edges, again = tee(graph.edges)
    for edge, (_, id_), kind in zip(edges, _ids(again, "edge", strict), kinds, strict=False):
        out.write(f'<edge id="{id_}" source="{names[edge.source]}" target="{names[edge.target]}"'
                  f'{kind}>{"".join(_data(edge_columns, edge))}</edge>\n')
    out.write("</graph>\n</graphml>\n")


def _ids(records: Iterable[Node | Edge], scope: str, plain: bool) -> Iterator[tuple[str, str]]:
    if plain:
        return ((record.id, f"{scope[0]}{i}") for i, record in enumerate(records))
    return unique_ids((record.id for record in records), scope)


def _declared(scope: str, columns: Iterable[Column], records: Iterable[Node | Edge],
              out: TextIO) -> list[tuple[Column, str]]:
    """Declare the columns that some record fills; gives each with the opening tag of its values."""
    columns = tuple(columns)
    empty = list(columns)
    for record in records:
        empty = [column for column in empty if not xml_text(column.value(record))]
        if not empty:
            break
    filled = [(column, f"{scope}_{column.name}") for column in columns if column not in empty]
    for column, key in filled:
        out.write(f'<key id="{key}" for="{scope}" attr.name="{column.name}" attr.type="{column.type}"/>\n')
    return [(column, f'<data key="{key}">') for column, key in filled]


def _data(columns: Iterable[tuple[Column, str]], record: Node | Edge) -> Iterator[str]:
    for column, tag in columns:
        value = column.value(record)
        if value != "" and value is not None and (text := xml_text(value)):
            yield f"{tag}{text}</data>"


def xml_text(value: object) -> str:
    """The value as XML text; empty where there is nothing to write."""
    if isinstance(value, str):
        text = escaped(value)
        return "" if text.isspace() else text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    return "" if value is None else str(value)


def escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return _MARKUP.sub(lambda found: _ENTITIES[found.group()], FORBIDDEN.sub("", text))


def unique_ids(ids: Iterable[str], scope: str) -> Iterator[tuple[str, str]]:
    """Each id with what stands for it in the file: no control characters, no runs of blanks, and no other like it."""
    taken: set[str] = set()
    for id_ in ids:
        plain = id_
        if not id_ or _PECULIAR.search(id_):
            plain = escaped(_BLANKS.sub(" ", FORBIDDEN.sub("", id_)).strip()) or scope
        name, count = plain, 1
        while name in taken:
            count += 1
            name = f"{plain}#{count}"
        taken.add(name)
        yield id_, name


def edge_kinds(edges: Iterable[Edge]) -> Iterator[str]:
    """The type of each edge for Gephi: its relation; a further edge of that relation between the same two nodes
    has its attributes behind it. Only relations whose edges carry attributes can have such edges."""
    several = {edge.relation for edge in edges if edge.qualities}
    taken: set[tuple[str, str, str]] = set()
    for edge in edges:
        kind, count = edge.relation, 1
        if edge.relation in several:
            while (edge.source, edge.target, kind) in taken:
                kind = ":".join((edge.relation, *edge.qualities, *([str(count)] if count > 1 else [])))
                count += 1
            taken.add((edge.source, edge.target, kind))
        yield kind if kind.isidentifier() else escaped(_BLANKS.sub(" ", kind))
