"""Where every node stands, how big it is, which colour it has, and which community it belongs to.

Everything is seeded: the same graph gives the same picture. The positions are computed in kg.page.placement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KnowledgeError
from kg.graph import Graph
from kg.knowledge.ontology import load_ontology
from kg.knowledge.yamlfile import load_yaml
from kg.memory import collect_rarely
from kg.page.placement import Links, positions, sum_at_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: Radius of a node in pixels at zoom 1.
SMALLEST, LARGEST = 8.0, 40.0


@cache
def load_theme() -> dict[str, Any]:
    """kg/data/page/theme.yaml. Raises KnowledgeError where it doesn't describe every type and relation."""
    file, ontology = load_yaml(Path(str(files("kg") / "data" / "page" / "theme.yaml"))), load_ontology()
    faults = [file.fault(("types",), f"types.{name}: no path, glyph and scale given") for name in ontology.types
              if not {"path", "glyph", "scale"} <= set(file.data["types"].get(name, {}))]
    faults += [file.fault(("pull",), f"pull.{name}: no number above 0 given") for name in ontology.relations
               if not file.data["pull"].get(name, 0) > 0]
    if faults:
        raise KnowledgeError(faults)
    theme: dict[str, Any] = file.data
    return theme


@collect_rarely()
def lay_out(graph: Graph) -> Graph:
    """The graph with `community`, `pagerank`, `x`, `y`, `size` and `color` of every node filled in.

    Positions are in pixels at zoom 1, centred on 0, y downwards; communities count from 0, the biggest first.
    """
    if not graph.nodes:
        return graph
    ontology = load_ontology()
    links = _links(graph)
    sizes = _sizes(graph, links).round(1)
    ranks, groups, places = _pagerank(links), _communities(links), _places(links, sizes)
    return _updated(graph, (
        {"community": group, "pagerank": rank, "x": x, "y": y, "size": size, "color": ontology.types[node.type].color}
        for node, group, rank, (x, y), size in zip(graph.nodes, groups, ranks.round(6).tolist(), places,
                                                   sizes.tolist(), strict=True)))


def place(graph: Graph) -> Graph:
    """The graph with new positions; everything else of its nodes stays as it was."""
    import numpy as np

    if not graph.nodes:
        return graph
    places = _places(_links(graph), np.array([node.size for node in graph.nodes]))
    return _updated(graph, ({"x": x, "y": y} for x, y in places))


def _updated(graph: Graph, updates: Iterable[dict[str, Any]]) -> Graph:
    nodes = tuple(node.model_copy(update=update) for node, update in zip(graph.nodes, updates, strict=True))
    return graph.model_copy(update={"nodes": nodes})


def _places(links: Links, sizes: Array) -> list[list[float]]:
    places: list[list[float]] = (positions(links, sizes).round(1) + 0.0).tolist()  # + 0.0 turns -0.0 into 0.0
    return places


def _links(graph: Graph) -> Links:
    import numpy as np

    number, pull = {node.id: i for i, node in enumerate(graph.nodes)}, load_theme()["pull"]
    edges = [e for e in graph.edges if e.source != e.target]
    heads = np.array([number[e.source] for e in edges], dtype=np.int64)
    tails = np.array([number[e.target] for e in edges], dtype=np.int64)
    weight = np.array([e.weight for e in edges], dtype=float)
    strength = np.array([pull.get(e.relation, 0.5) for e in edges], dtype=float)
    return Links(len(graph.nodes), heads, tails, strength * (1 + np.log1p(weight)) / 2, strength * weight)


def _sizes(graph: Graph, links: Links) -> Array:
    """Radii from degree (each edge by its pull, so that mere co-occurrence hardly counts) and mentions."""
    import numpy as np

    theme = load_theme()["types"]
    degree = sum_at_ends(links, np.minimum(links.pull, 1.0))
    mentions = np.array([len(node.mentions) for node in graph.nodes], dtype=float)
    scale = np.array([theme[node.type]["scale"] for node in graph.nodes])
    return np.clip(scale * (6.5 + 3.4 * np.sqrt(degree + mentions / 6)), SMALLEST, LARGEST)


def _pagerank(links: Links, damping: float = 0.85) -> Array:
    """PageRank (Page et al. 1999) of the graph read as undirected, edges weighted by relation; sums to 1."""
    import numpy as np

    strength = sum_at_ends(links, links.weight)
    share = np.where(strength > 0, 1 / np.maximum(strength, 1e-12), 0.0)
    rank: Array = np.full(links.size, 1 / links.size)
    for _ in range(100):
        given = rank * share
        flow = (np.bincount(links.tails, given[links.heads] * links.weight, links.size)
                + np.bincount(links.heads, given[links.tails] * links.weight, links.size))
        idle = rank[strength == 0].sum()
        new = (1 - damping + damping * idle) / links.size + damping * flow
        moved = np.abs(new - rank).sum()
        rank = new
        if moved < 1e-9:
            break
    return rank


def _communities(links: Links) -> list[int]:
    """Communities after Louvain (Blondel et al. 2008), numbered by size, ties by their first node."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(links.size))
    pairs: dict[tuple[int, int], float] = defaultdict(float)
    for head, tail, weight in zip(links.heads.tolist(), links.tails.tolist(), links.weight.tolist(), strict=True):
        pairs[min(head, tail), max(head, tail)] += weight
    graph.add_weighted_edges_from((head, tail, weight) for (head, tail), weight in pairs.items())
    found = sorted(nx.community.louvain_communities(graph, seed=1), key=lambda c: (-len(c), min(c)))
    group = [0] * links.size
    for number, members in enumerate(found):
        for member in members:
            group[member] = number
    return group
