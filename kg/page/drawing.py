"""What is drawn: which part of a large graph, how broad and how bent each line is, and pyvis's network of it."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from kg.graph import CO_OCCURRENCE, Edge, Graph
from kg.page.layout import central, core, lay_out, place, places, weigh, with_places

if TYPE_CHECKING:
    from pyvis.network import Network

#: From this share of its nodes on, a part of a graph keeps the places of the whole.
NEARLY_ALL = 0.8


def backbone(graph: Graph, most: int, edges: int | None = None) -> Graph:
    """The part that `choose` gives, in its places (see `settle`)."""
    graph = weighed(graph)
    return settle(choose(graph, most, edges), graph)


def choose(graph: Graph, most: int, edges: int | None = None) -> Graph:
    """The `most` nodes with the highest PageRank and the edges among them; a small graph as it is.

    With more than `edges` of those there are so many fewer nodes. The graph, which `weighed` has seen, may be on disk;
    what is left is in memory.
    """
    edges = len(graph.edges) if edges is None else edges
    if len(graph.nodes) <= most and len(graph.edges) <= edges:
        return graph.model_copy(update={name: tuple(records) for name, records in graph})
    return _part(graph, central(graph, most, edges))


def keep(graph: Graph, ids: Collection[str]) -> Graph:
    """The nodes named by `ids` and the edges among them, in their places (see `settle`).

    Importance, size and community stay those in the whole graph.
    """
    return settle(_part(graph, ids), graph)


def settle(part: Graph, graph: Graph) -> Graph:
    """A part of `graph` in its places: those in the whole, if they still fit, because nearly all stays or because the
    whole is laid out around just this part; else it is laid out by itself."""
    if not any(node.pagerank for node in part.nodes):
        return lay_out(part)
    if len(part.nodes) < NEARLY_ALL * len(graph.nodes) and {node.id for node in part.nodes} != core(graph):
        return place(part)
    at = {node.id: [node.x, node.y] for node in _with_places(graph).nodes}
    return with_places(part, [at[node.id] for node in part.nodes])


def weighed(graph: Graph) -> Graph:
    """The graph with what tells which nodes matter; with places only if it had them, for they may not be needed."""
    return graph if any(node.pagerank for node in graph.nodes) else weigh(graph)


def _with_places(graph: Graph) -> Graph:
    return graph if any(node.x or node.y for node in graph.nodes) else with_places(graph, places(graph))


def _part(graph: Graph, ids: Collection[str]) -> Graph:
    part = graph.model_copy(update={
        "nodes": tuple(node for node in graph.nodes if node.id in ids),
        "edges": tuple(edge for edge in graph.edges if edge.source in ids and edge.target in ids)})
    return part if len(part.nodes) == len(graph.nodes) else _shown_only(part)


def _shown_only(graph: Graph) -> Graph:
    """The graph with the documents that its mentions and its evidence quote, and no others."""
    quoted = {mention.document for node in graph.nodes for mention in node.mentions}
    quoted |= {piece.document for edge in graph.edges for piece in edge.evidence}
    documents = tuple(document for document in graph.documents if document.id in quoted)
    return graph.model_copy(update={"documents": documents, "doubts": ()})


def network(whole: Graph, drawn: Graph) -> Network:
    """The part of `whole` that vis-network draws, as a pyvis network.

    Nodes and edges are numbered as in `whole`; positions are those of `drawn`. Colours, arrows and bends are added
    by the page, which knows them for every edge.
    """
    from pyvis.network import Network

    number = {node.id: i for i, node in enumerate(whole.nodes)}
    line = {edge.id: i for i, edge in enumerate(whole.edges)}
    width = widths(drawn)
    net = Network(directed=True)
    for node in drawn.nodes:
        net.add_node(number[node.id], label=node.label or node.id, shape="custom", color=node.color, size=node.size,
                     x=node.x, y=node.y)
    for edge in drawn.edges:
        net.add_edge(number[edge.source], number[edge.target], id=line[edge.id], width=width[edge.id])
    net.set_options(json.dumps({
        "layout": {"improvedLayout": False}, "physics": {"enabled": False},
        "nodes": {"chosen": False, "borderWidth": 0},
        "edges": {"chosen": False, "smooth": False, "selfReference": {"size": 18},
                  "arrows": {"to": {"scaleFactor": 0.42}}},
        "interaction": {"hover": True, "hideEdgesOnDrag": len(drawn.nodes) > 800, "selectConnectedEdges": False,
                        "hideEdgesOnZoom": len(drawn.nodes) > 800, "keyboard": False, "multiselect": False,
                        "tooltipDelay": 10**6}}))
    return net


def widths(graph: Graph) -> dict[str, float]:
    """How broad each line is, by edge id: the more evidence the broader; co-occurrence stays thin."""
    broad = min(2.2, max(1.0, math.sqrt(len(graph.nodes) / 150)))  # zoomed out, lines must not vanish
    return {edge.id: round(broad * (0.7 if edge.relation == CO_OCCURRENCE
                                    else 1.0 + 0.45 * math.log2(max(edge.weight, 1))), 2) for edge in graph.edges}


def covered(edges: tuple[Edge, ...]) -> set[str]:
    """Ids of co-occurrence edges whose ends are joined by another relation as well."""
    joined = {_ends(edge) for edge in edges if edge.relation != CO_OCCURRENCE}
    return {edge.id for edge in edges if edge.relation == CO_OCCURRENCE and _ends(edge) in joined}


def _ends(edge: Edge) -> tuple[str, str]:
    """Whose line it is, whichever way it leads."""
    return (edge.source, edge.target) if edge.source < edge.target else (edge.target, edge.source)


def bends(edges: tuple[Edge, ...], hidden: Collection[str]) -> dict[str, float]:
    """How far each line is bent aside, by edge id: one between two nodes is straight, several spread like a fan.

    A share of the length, above 0 clockwise as seen from the source. `hidden` are ids of those that `covered` gives.
    """
    pairs: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        pairs[_ends(edge)].append(edge)
    found = dict.fromkeys((edge.id for edge in edges), 0.0)
    for between in (several for several in pairs.values() if len(several) > 1):
        drawn = [e for e in between if e.id not in hidden]
        for at, edge in enumerate(drawn + [e for e in between if e.id in hidden]):
            # 0, ±1, ±2 … for an odd number of drawn edges, ±1/2, ±3/2 … for an even one
            bend = (at - (len(drawn) - 1) / 2) * (1 if edge.source < edge.target else -1)
            found[edge.id] = round(max(-0.8, min(0.8, bend * 0.22)), 3) + 0.0  # no -0.0
    return found
