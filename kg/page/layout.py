"""Where every node stands, how big it is, which colour it has, and which community it belongs to.

Everything is seeded: the same graph gives the same picture. The positions are computed in kg.page.placement.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.communities import louvain
from kg.errors import KnowledgeError
from kg.graph import Graph, Node
from kg.knowledge.ontology import load_ontology
from kg.knowledge.yamlfile import load_yaml
from kg.memory import collect_rarely
from kg.models import EntityType
from kg.page.placement import ASPECT, SPACING, Links, component_labels, positions, sum_at_ends
from kg.spool import mapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: Radius of a node in pixels at zoom 1.
SMALLEST, LARGEST = 8.0, 40.0

#: The angle between a neighbour and the next around a node, in radians, and decimals of a PageRank that are compared.
GOLDEN, FINE_RANK = 2.399963, 12
#: How much of its pull an edge keeps in the layout whose ends are in different communities.
BETWEEN = 0.15
#: Forces and communities are computed for at most so many nodes; see `_around`.
MOST = 20_000


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
    Of a graph with more than MOST nodes the most important ones are laid out, and the others stand around them.
    """
    if not graph.nodes:
        return graph
    links = _links(graph)
    weights = _weights(graph, links)
    return _filled(graph, weights, _places(links, weights))


@collect_rarely()
def weigh(graph: Graph) -> Graph:
    """The graph as `lay_out` gives it, but without positions, which take nearly all of the time."""
    return _filled(graph, _weights(graph, _links(graph)), None) if graph.nodes else graph


@collect_rarely()
def place_whole(graph: Graph) -> Graph:
    """A graph from `weigh` with the positions that `lay_out` gives it."""
    import numpy as np

    if not graph.nodes:
        return graph
    links = _links(graph)
    weights = _Weights([node.community for node in graph.nodes], _pagerank(links),
                       np.array([node.size for node in graph.nodes]))
    return graph.model_copy(update={"nodes": mapped(graph.nodes, _placed, _rounded(_places(links, weights)))})


class _Weights(NamedTuple):
    """What the layout gives each node beside its place, by its number."""

    groups: Sequence[int]
    ranks: Array
    sizes: Array


def _weights(graph: Graph, links: Links) -> _Weights:
    sizes, ranks = _sizes(graph, links).round(1), _pagerank(links)
    if links.size <= MOST:
        return _Weights(louvain(links.size, links.heads, links.tails, links.weight), ranks, sizes)
    best, core = _best(links, ranks)
    groups = louvain(core.size, core.heads, core.tails, core.weight)
    return _Weights(_around(links, sizes, best, groups)[1], ranks, sizes)


def _places(links: Links, weights: _Weights) -> Array:
    import numpy as np

    groups = np.array(weights.groups)
    if links.size <= MOST:
        return positions(_loosened(links, groups), weights.sizes)
    best, core = _best(links, weights.ranks)
    places = positions(_loosened(core, groups[best]), weights.sizes[best])
    return _around(links, weights.sizes, best, groups[best], places)[0]


def _filled(graph: Graph, weights: _Weights, places: Array | None) -> Graph:
    laid = _Laid(weights.groups, weights.ranks.round(6).tolist(), None if places is None else _rounded(places),
                 weights.sizes.tolist(), {name: kind.color for name, kind in load_ontology().types.items()})
    return graph.model_copy(update={"nodes": mapped(graph.nodes, _laid_out, laid)})


class _Laid(NamedTuple):
    """The same as the nodes hold it."""

    groups: Sequence[int]
    ranks: list[float]
    places: list[list[float]] | None
    sizes: list[float]
    colors: dict[EntityType, str]


def _laid_out(number: int, node: Node, laid: _Laid) -> Node:
    x, y = laid.places[number] if laid.places is not None else (0.0, 0.0)
    return node.model_copy(update={
        "community": laid.groups[number], "pagerank": laid.ranks[number], "x": x, "y": y, "size": laid.sizes[number],
        "color": laid.colors[node.type]})


def _placed(number: int, node: Node, places: list[list[float]]) -> Node:
    x, y = places[number]
    return node.model_copy(update={"x": x, "y": y})


def place(graph: Graph) -> Graph:
    """The graph with new positions; everything else of its nodes stays as it was."""
    import numpy as np

    if not graph.nodes:
        return graph
    links = _loosened(_links(graph), [node.community for node in graph.nodes])
    places = _rounded(positions(links, np.array([node.size for node in graph.nodes])))
    return graph.model_copy(update={"nodes": mapped(graph.nodes, _placed, places)})


def _rounded(places: Array) -> list[list[float]]:
    rounded: list[list[float]] = (places.round(1) + 0.0).tolist()  # + 0.0 turns -0.0 into 0.0
    return rounded


def _links(graph: Graph) -> Links:
    import numpy as np

    number, pull = {node.id: i for i, node in enumerate(graph.nodes)}, load_theme()["pull"]
    heads, tails, weights, pulls = array("q"), array("q"), array("d"), array("d")
    for edge in graph.edges:
        if edge.source != edge.target:
            heads.append(number[edge.source])
            tails.append(number[edge.target])
            weights.append(edge.weight)
            pulls.append(pull.get(edge.relation, 0.5))
    weight, strength = np.array(weights), np.array(pulls)
    return Links(len(graph.nodes), np.array(heads, dtype=np.int64), np.array(tails, dtype=np.int64),
                 strength * (1 + np.log1p(weight)) / 2, strength * weight)


def _sizes(graph: Graph, links: Links) -> Array:
    """Radii from degree (each edge by its pull, so that mere co-occurrence hardly counts) and mentions."""
    import numpy as np

    theme = load_theme()["types"]
    degree = sum_at_ends(links, np.minimum(links.pull, 1.0))
    mentions, scale = array("d"), array("d")
    for node in graph.nodes:
        mentions.append(len(node.mentions))
        scale.append(theme[node.type]["scale"])
    return np.clip(np.array(scale) * (6.5 + 3.4 * np.sqrt(degree + np.array(mentions) / 6)), SMALLEST, LARGEST)


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


def _loosened(links: Links, groups: Sequence[int] | Array) -> Links:
    """The links, those between two communities pulling less: so communities stand apart from each other."""
    import numpy as np

    group = np.asarray(groups)
    return links._replace(pull=np.where(group[links.heads] == group[links.tails], links.pull, links.pull * BETWEEN))


def _best(links: Links, ranks: Array) -> tuple[Array, Links]:
    """The MOST nodes of a large graph with the highest PageRank, and the links among them."""
    import numpy as np

    best = np.sort(np.lexsort((np.arange(links.size), -ranks.round(FINE_RANK)))[:MOST])
    inside = np.full(links.size, -1)
    inside[best] = np.arange(len(best))
    held = (inside[links.heads] >= 0) & (inside[links.tails] >= 0)
    return best, Links(len(best), inside[links.heads[held]], inside[links.tails[held]], links.pull[held],
                       links.weight[held])


def _around(links: Links, sizes: Array, best: Array, best_groups: Sequence[int] | Array,
            best_places: Array | None = None) -> tuple[Array, list[int]]:
    """Places and communities of a large graph, of which the `best` have theirs already: every other node stands by the
    neighbour to which most draws it, in that one's community.

    What hangs together with none of the best stands outside, each component by its first node. So a graph costs in
    proportion to its edges, however large it is.
    """
    import numpy as np

    places, groups = np.zeros((links.size, 2)), np.full(links.size, -1)
    groups[best] = best_groups
    places[best] = 0.0 if best_places is None else best_places
    _attach(links, places, groups, sizes)
    label = component_labels(links)
    apart = np.unique(label[groups < 0])
    turn = np.arange(1, len(apart) + 1)
    far = np.sqrt((np.abs(places).max() + SPACING) ** 2 + turn * SPACING**2)
    places[apart] = np.stack([far * np.cos(turn * GOLDEN) * ASPECT, far * np.sin(turn * GOLDEN)], axis=1)
    groups[apart] = groups.max() + turn
    _attach(links, places, groups, sizes)
    _, first, number, count = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    order = np.empty(len(count), dtype=np.int64)
    order[np.lexsort((first, -count))] = np.arange(len(count))
    return places - (places.min(axis=0) + places.max(axis=0)) / 2, order[number].tolist()


def _attach(links: Links, places: Array, groups: Array, sizes: Array) -> None:
    """Place the nodes that have no group yet beside a neighbour that has one, ring by ring, until no more can be."""
    import numpy as np

    ends, others = np.concatenate([links.heads, links.tails]), np.concatenate([links.tails, links.heads])
    pull = np.concatenate([links.pull, links.pull])
    held = np.zeros(links.size)  # how many already stand around each node
    while True:
        open_ = (groups[ends] < 0) & (groups[others] >= 0)
        if not open_.any():
            return
        ends_, others_, pull_ = ends[open_], others[open_], pull[open_]
        order = np.lexsort((others_, -pull_, ends_))
        nodes, at = np.unique(ends_[order], return_index=True)
        anchors = others_[order][at]
        by_anchor = np.argsort(anchors, kind="stable")
        nodes, anchors = nodes[by_anchor], anchors[by_anchor]
        which, begin, count = np.unique(anchors, return_index=True, return_counts=True)
        turn = np.arange(len(nodes)) - np.repeat(begin, count) + held[anchors] + 1
        held[which] += count
        away = sizes[anchors] + SPACING / 3 * np.sqrt(turn)
        places[nodes] = places[anchors] + np.stack([away * np.cos(turn * GOLDEN), away * np.sin(turn * GOLDEN)], axis=1)
        groups[nodes] = groups[anchors]
        # What is placed needs no look any more, so that a long chain doesn't cost its length times its edges.
        left = groups[ends] < 0
        ends, others, pull = ends[left], others[left], pull[left]
