"""A part of a graph to look at: around a name, of some types or relations, the most important nodes."""

from __future__ import annotations

from collections.abc import Collection

from kg.ask.why import find_nodes
from kg.errors import GraphError
from kg.graph import Graph, hops_from
from kg.page.drawing import keep
from kg.page.layout import lay_out


def select(graph: Graph, *, around: str = "", hops: int = 1, top: int | None = None, types: Collection[str] = (),
           relations: Collection[str] = (), min_weight: float = 0.0) -> Graph:
    """The part of `graph` that all conditions leave, with the documents that it cites, laid out anew if it is smaller.

    `relations` and `min_weight` choose edges, and then only nodes that an edge joins; `types` chooses nodes;
    `around` keeps what at most `hops` of these edges lead to from the nodes of that name (id, label or alias), which
    stay whatever their type; `top` then keeps the nodes with the highest PageRank. Empty means: all.
    Raises GraphError for a name that no node has, and where nothing is left.
    """
    centre = {node.id for node in find_nodes(graph, around)} if around else set()
    ids = {node.id for node in graph.nodes if not types or node.type in types} | centre
    edges = [edge for edge in graph.edges if edge.source in ids and edge.target in ids and edge.weight >= min_weight
             and (not relations or edge.relation in relations)]
    if relations or min_weight:
        ids = {end for edge in edges for end in (edge.source, edge.target)} | centre
    if around:
        ids = set(hops_from(centre, edges, hops))
    if top is not None and len(ids) > top:
        if not any(node.pagerank for node in graph.nodes):
            graph = lay_out(graph)
        best = sorted((node for node in graph.nodes if node.id in ids),
                      key=lambda node: (node.id not in centre, -node.pagerank, node.id))
        ids = {node.id for node in best[:top]}
    if not ids:
        raise GraphError("nothing is left to show; loosen --type, --relation or --min-weight")
    if len(edges) == len(graph.edges) and len(ids) == len(graph.nodes):
        return graph
    return _cited_only(keep(graph.model_copy(update={"edges": tuple(edges)}), ids))


def _cited_only(graph: Graph) -> Graph:
    """The graph with the documents that its nodes and edges name, and no others."""
    cited = {document for node in graph.nodes for document in node.documents}
    cited |= {document for edge in graph.edges for document in edge.documents}
    return graph.model_copy(update={"documents": tuple(d for d in graph.documents if d.id in cited), "doubts": ()})
