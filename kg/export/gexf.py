"""GEXF 1.3 for Gephi: parallel edges by `kind`, what a node looks like in `viz`, and time in spells.

An edge has the days of its date. A node has a spell only if it has dates; the spell then covers the dates of its
edges too, for Gephi hides an edge whose node isn't there. Without a spell a node or edge is always shown. An open
range (`2020-02-03/..`) is a spell without an end. The file is written in one stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.assemble.periods import bounds
from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, Column, written
from kg.export.graphml import edge_kinds, escaped, unique_ids, xml_text
from kg.graph import Edge, Graph, Node

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
"""

#: GEXF's names for the types of columns.
TYPES = {"string": "string", "int": "integer", "double": "double", "boolean": "boolean"}

#: Columns that GEXF has a place of its own for.
NODE_PLACED, EDGE_PLACED = {"label", "x", "y", "size", "color"}, {"label", "weight"}

#: First and last day; empty text for an end that is open.
Spell = tuple[str, str]


def write(graph: Graph, path: Path) -> None:
    """Write the graph with the columns of GraphML; missing values are left out."""
    edge_spells = {edge.id: spell for edge in graph.edges if (spell := spell_of(edge.date))}
    node_spells = _node_spells(graph, edge_spells)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEAD)
        time = 'mode="dynamic" timeformat="date"' if edge_spells or node_spells else 'mode="static"'
        out.write(f'<graph defaultedgetype="directed" idtype="string" {time}>\n')
        node_columns = [column for column in NODE_COLUMNS if column.name not in NODE_PLACED]
        edge_columns = [column for column in EDGE_COLUMNS if column.name not in EDGE_PLACED]
        out.writelines(_declared("node", node_columns))
        out.writelines(_declared("edge", edge_columns))
        names = dict(unique_ids((node.id for node in graph.nodes), "node"))
        out.write("<nodes>\n")
        for node in graph.nodes:
            out.write(_node(node, names[node.id], node_columns, node_spells.get(node.id)))
        out.write("</nodes>\n<edges>\n")
        ids = unique_ids((edge.id for edge in graph.edges), "edge")
        for edge, (_, id_), kind in zip(graph.edges, ids, edge_kinds(graph.edges), strict=True):
            ends = f'source="{names[edge.source]}" target="{names[edge.target]}"'
            out.write(_edge(edge, f'<edge id="{id_}" {ends} kind="{kind}"', edge_columns, edge_spells.get(edge.id)))
        out.write("</edges>\n</graph>\n</gexf>\n")


def spell_of(edtf: str) -> Spell | None:
    """The days of an EDTF date; None for a date without a year, or none.

    >>> spell_of("2020-02"), spell_of("2020-02-03/.."), spell_of("../2020-02-03")
    (('2020-02-01', '2020-02-29'), ('2020-02-03', ''), ('', '2020-02-03'))
    """
    days = bounds(edtf)
    if days is None:
        return None
    first, slash, last = edtf.partition("/")
    return (days[0] if bounds(first) or not slash else ""), (days[1] if not slash or bounds(last) else "")


def _node_spells(graph: Graph, edges: Mapping[str, Spell]) -> dict[str, Spell]:
    """From the first to the last day that the node or one of its edges has; an open end stays open."""
    spells: dict[str, Spell] = {}
    for node in graph.nodes:
        found = bounds(f"{node.first_date}/{node.last_date}")
        if found:
            spells[node.id] = found
    for edge in graph.edges:
        if edge.id in edges:
            for end in (edge.source, edge.target):
                if end in spells:
                    spells[end] = _hull(spells[end], edges[edge.id])
    return spells


def _hull(one: Spell, other: Spell) -> Spell:
    return (min(one[0], other[0]),                              # empty text is the least, and means: open
            "" if "" in (one[1], other[1]) else max(one[1], other[1]))


def _declared(scope: str, columns: Iterable[Column]) -> Iterator[str]:
    yield f'<attributes class="{scope}" mode="static">\n'
    for column in columns:
        yield f'<attribute id="{column.name}" title="{column.name}" type="{TYPES[column.type]}"/>\n'
    yield "</attributes>\n"


def _values(columns: Iterable[Column], record: Node | Edge) -> str:
    cells = [(column.name, xml_text(written(column, record))) for column in columns]
    values = "".join(f'<attvalue for="{name}" value="{_one_line(text)}"/>' for name, text in cells if text)
    return f"<attvalues>{values}</attvalues>"


def _one_line(text: str) -> str:
    """Line breaks within an attribute, which a reader of XML would turn into blanks."""
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


def _spells(spell: Spell | None) -> str:
    if spell is None:
        return ""
    ends = "".join(f' {name}="{day}"' for name, day in zip(("start", "end"), spell, strict=True) if day)
    return f"<spells><spell{ends}/></spells>"


def _node(node: Node, id_: str, columns: Iterable[Column], spell: Spell | None) -> str:
    placed = {column.name: written(column, node) for column in NODE_COLUMNS if column.name in NODE_PLACED}
    x, y, size = (0.0 if placed[name] is None else placed[name] for name in ("x", "y", "size"))
    look = f'<viz:position x="{x!r}" y="{y!r}" z="0.0"/><viz:size value="{size!r}"/>{_color(node.color)}'
    label = _one_line(escaped(str(placed["label"])))
    return f'<node id="{id_}" label="{label}">{_values(columns, node)}{_spells(spell)}{look}</node>\n'


def _color(color: str) -> str:
    try:
        red, green, blue = bytes.fromhex(color.removeprefix("#"))
    except ValueError:
        return ""
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _edge(edge: Edge, opened: str, columns: Iterable[Column], spell: Spell | None) -> str:
    text = _one_line(xml_text(edge.label))
    label = f' label="{text}"' if text else ""
    return (f'{opened}{label} weight="{edge.weight!r}">'
            f"{_values(columns, edge)}{_spells(spell)}</edge>\n")
