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

#: The angle between a neighbour and the next around a node, in radians, and decimals that a PageRank has in a graph.
GOLDEN, DECIMALS = 2.399963, 6
#: How much of its pull an edge keeps in the layout whose ends are in different communities.
BETWEEN = 0.15
#: Forces and communities are computed for at most so many nodes; see `_core` and `_around`.
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
    Of a large graph the core is laid out, and the other nodes stand around it.
    """
    graph = weigh(graph)
    return with_places(graph, places(graph))


@collect_rarely()
def weigh(graph: Graph) -> Graph:
    """The graph as `lay_out` gives it, but without positions, which take nearly all of the time."""
    if not graph.nodes:
        return graph
    links = _links(graph)
    sizes, ranks = _sizes(graph, links).round(1), _pagerank(links)
    if links.size <= MOST:
        groups = louvain(links.size, links.heads, links.tails, links.weight)
    else:
        best = _central(links, ranks, MOST)
        inner = _among(links, best)
        groups = _around(links, sizes, best, louvain(inner.size, inner.heads, inner.tails, inner.weight))[1]
    laid = _Laid(groups, ranks.round(DECIMALS).tolist(), sizes.tolist(),
                 {name: kind.color for name, kind in load_ontology().types.items()})
    return graph.model_copy(update={"nodes": mapped(graph.nodes, _weighed, laid)})


@collect_rarely()
def places(graph: Graph) -> list[list[float]]:
    """Where `lay_out` puts each node of a graph from `weigh`: (x, y)."""
    import numpy as np

    if not graph.nodes:
        return []
    links = _links(graph)
    groups, sizes = np.array([node.community for node in graph.nodes]), np.array([node.size for node in graph.nodes])
    best = _core(graph, links)
    own = positions(_loosened(_among(links, best), groups[best]), sizes[best])
    return _rounded(own if len(best) == links.size else _around(links, sizes, best, groups[best], own)[0])


def with_places(graph: Graph, at: list[list[float]]) -> Graph:
    """The graph with the places of its nodes."""
    return graph.model_copy(update={"nodes": mapped(graph.nodes, _placed, at)})


def core(graph: Graph) -> set[str]:
    """Ids of the nodes of a graph from `weigh` that are laid out by forces, all of them where it isn't large."""
    if len(graph.nodes) <= MOST and len(graph.edges) <= load_theme()["limits"]["edges"]:
        return {node.id for node in graph.nodes}
    return _ids(graph, _core(graph, _links(graph)))


def central(graph: Graph, most: int, edges: int) -> set[str]:
    """Ids of the `most` nodes with the highest PageRank, and of fewer where more than `edges` lead from one to another.

    Of equal ones those with more edges come first, then those that come first in the graph, which is from `weigh`.
    """
    import numpy as np

    return _ids(graph, _central(_links(graph), np.array([node.pagerank for node in graph.nodes]), most, edges))


def _ids(graph: Graph, numbers: Array) -> set[str]:
    held = set(numbers.tolist())
    return {node.id for number, node in enumerate(graph.nodes) if number in held}


class _Laid(NamedTuple):
    """What the layout gives each node beside its place, by its number."""

    groups: Sequence[int]
    ranks: list[float]
    sizes: list[float]
    colors: dict[EntityType, str]


def _weighed(number: int, node: Node, laid: _Laid) -> Node:
    return node.model_copy(update={
        "community": laid.groups[number], "pagerank": laid.ranks[number], "x": 0.0, "y": 0.0,
        "size": laid.sizes[number], "color": laid.colors[node.type]})


def _placed(number: int, node: Node, at: list[list[float]]) -> Node:
    x, y = at[number]
    return node.model_copy(update={"x": x, "y": y})


def place(graph: Graph) -> Graph:
    """The graph with new places, whatever its size; everything else of its nodes stays as it was."""
    import numpy as np

    if not graph.nodes:
        return graph
    links = _loosened(_links(graph), [node.community for node in graph.nodes])
    return with_places(graph, _rounded(positions(links, np.array([node.size for node in graph.nodes]))))


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


def _core(graph: Graph, links: Links) -> Array:
    """The numbers of the nodes that are laid out by forces: of those that a page holds at most, so that it shows them
    where they stand in the whole, and no more than MOST."""
    import numpy as np

    return _central(links, np.array([node.pagerank for node in graph.nodes]), MOST, load_theme()["limits"]["edges"])


def _central(links: Links, ranks: Array, most: int, edges: int | None = None) -> Array:
    """The numbers, in ascending order, of the nodes that `central` names."""
    import numpy as np

    each = np.arange(links.size)
    degree = np.bincount(links.heads, minlength=links.size) + np.bincount(links.tails, minlength=links.size)
    order = np.lexsort((each, -degree, -ranks.round(DECIMALS)))
    if edges is not None:
        rank = np.empty_like(each)
        rank[order] = each
        joined = np.bincount(np.maximum(rank[links.heads], rank[links.tails]), minlength=links.size)
        most = min(most, int(np.count_nonzero(np.cumsum(joined) <= edges)))
    found: Array = np.sort(order[:most])
    return found


def _among(links: Links, held: Array) -> Links:
    """The links among some of the nodes, which are numbered anew in their order."""
    import numpy as np

    inside = np.full(links.size, -1)
    inside[held] = np.arange(len(held))
    kept = (inside[links.heads] >= 0) & (inside[links.tails] >= 0)
    return Links(len(held), inside[links.heads[kept]], inside[links.tails[kept]], links.pull[kept], links.weight[kept])


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
