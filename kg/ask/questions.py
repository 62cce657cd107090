"""Questions to a graph: figures, surroundings, paths, time, ranks, communities.

Each takes a Graph and gives a record; kg.ask.answers makes text of it. A name is an id, a label or an alias, as in
kg.ask.why. `cooccurrence=False` leaves out the edges that only say that two names stand in one sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from kg.ask.analytics import betweenness, components, network, pagerank, stated
from kg.ask.analytics import communities as find_communities
from kg.ask.why import find_nodes
from kg.assemble.periods import bounds
from kg.errors import GraphError
from kg.graph import CO_OCCURRENCE, Edge, Graph, Node, hops_from, strengths
from kg.models import Record

if TYPE_CHECKING:
    import networkx

#: What a step of a path costs: a stated relation, and mere co-occurrence.
STATED, TOGETHER = 1, 2

#: Relations that tie an act to who does it, to whom, and where.
OF_ACTS = ("performs", "targets", "at_location")


class Ranked(Record):
    """A node and what it scores."""

    id: str
    type: str
    label: str
    score: float


class Stats(Record):
    """Figures of a graph. `density` is the share of pairs of nodes that some edge joins; `sources` says from how
    many nodes betweenness was counted; dates are those of documents, empty where none has one."""

    nodes: int
    edges: int
    documents: int
    dated_documents: int
    first_date: str
    last_date: str
    density: float
    components: int
    largest_component: int
    isolated: int
    types: dict[str, int]
    relations: dict[str, int]
    pagerank: tuple[Ranked, ...]
    betweenness: tuple[Ranked, ...]
    sources: int


class Reached(Record):
    """A node and how many edges lie between it and the one that was asked for."""

    id: str
    type: str
    label: str
    hops: int


class Ego(Record):
    """What lies around a node: nodes by distance, then by weight of their edges, and all edges between them."""

    node: str
    nodes: tuple[Reached, ...]
    edges: tuple[Edge, ...]


class Step(Record):
    """From a node to the next of a path, with all edges between the two, the surest first."""

    source: str
    source_label: str
    target: str
    target_label: str
    edges: tuple[Edge, ...]


class Path(Record):
    """A path between two nodes; `cost` counts stated relations as one and mere co-occurrence as two."""

    cost: int
    steps: tuple[Step, ...]


class Happening(Record):
    """Something dated: an edge with a date, or an act on a day. `first` and `last` are its days."""

    date: str
    first: str
    last: str
    relation: str
    label: str
    title: str
    other: str
    other_label: str
    documents: tuple[str, ...]
    evidence: str


class Timeline(Record):
    """What is dated of a node, in the order of days; `undated` counts the stated relations without a date."""

    node: str
    label: str
    happenings: tuple[Happening, ...]
    undated: int


class Standing(Record):
    """A node by its edges of one relation: how many lead out and in, and what all of them weigh."""

    id: str
    type: str
    label: str
    weight: float
    edges: int
    outgoing: int
    incoming: int


class Community(Record):
    """A community: its most typical members are those most strongly tied within it."""

    number: int
    size: int
    members: tuple[Ranked, ...]
    types: dict[str, int]


def the_node(graph: Graph, name: str) -> Node:
    """The one node of this name. Raises GraphError where none has it, and where several may be meant."""
    found = find_nodes(graph, name)
    if len(found) > 1:
        listed = "".join(f"\n  {n.id}  ({len(n.mentions)} mentions in {len(n.documents)} documents)" for n in found)
        raise GraphError(f"{name} may be any of these; ask again with an id:{listed}")
    return found[0]


def stats(graph: Graph, *, cooccurrence: bool = True, limit: int = 10) -> Stats:
    """Figures of the graph, with the `limit` nodes that lead by PageRank and by betweenness."""
    net = network(graph, cooccurrence=cooccurrence)
    edges, parts = stated(graph, cooccurrence), components(net)
    between, sources = betweenness(net)
    dates = sorted(document.metadata.date for document in graph.documents if document.metadata.date)
    possible = net.size * (net.size - 1) / 2
    return Stats(
        nodes=len(graph.nodes), edges=len(edges), documents=len(graph.documents), dated_documents=len(dates),
        first_date=dates[0] if dates else "", last_date=dates[-1] if dates else "",
        density=round(net.pairs / possible, 6) if possible else 0.0, components=len(parts),
        largest_component=parts[0] if parts else 0, isolated=parts.count(1),
        types=_counts(node.type for node in graph.nodes), relations=_counts(edge.relation for edge in edges),
        pagerank=_ranked(graph.nodes, pagerank(net).tolist(), limit),
        betweenness=_ranked(graph.nodes, between.tolist(), limit), sources=sources)


def ego(graph: Graph, name: str, hops: int = 1, *, cooccurrence: bool = True) -> Ego:
    """What lies within `hops` edges of the node called `name`."""
    centre = the_node(graph, name)
    edges = stated(graph, cooccurrence)
    distance = hops_from({centre.id}, edges, hops)
    within = tuple(edge for edge in edges if edge.source in distance and edge.target in distance)
    weight = strengths(within)
    reached = [Reached(id=n.id, type=n.type, label=n.label, hops=distance[n.id])
               for n in graph.nodes if n.id in distance]
    return Ego(node=centre.id, edges=within,
               nodes=tuple(sorted(reached, key=lambda node: (node.hops, -weight[node.id], node.id))))


def paths(graph: Graph, name: str, other: str, k: int = 1, *, cooccurrence: bool = True) -> tuple[Path, ...]:
    """The `k` shortest paths without loops between two nodes (Yen 1971), whichever way the edges lead.

    No path leads through a DATE: a day that two share doesn't tie them. Raises GraphError where no path is.
    """
    import networkx as nx

    start, end = the_node(graph, name), the_node(graph, other)
    if start.id == end.id:
        raise GraphError(f"{name} and {other} are the same node: {start.id}")
    closed = {node.id for node in graph.nodes if node.type == "DATE"} - {start.id, end.id}
    between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in stated(graph, cooccurrence):
        if edge.source not in closed and edge.target not in closed:
            between[_pair(edge.source, edge.target)].append(edge)
    ways: nx.Graph[str] = nx.Graph()
    ways.add_nodes_from([start.id, end.id])
    for (one, two), edges in between.items():
        together = all(edge.relation == CO_OCCURRENCE for edge in edges)
        ways.add_edge(one, two, cost=TOGETHER if together else STATED)
    labels = {node.id: node.label for node in graph.nodes}
    try:
        found = list(islice(nx.shortest_simple_paths(ways, start.id, end.id, weight="cost"), k))
    except nx.NetworkXNoPath:
        raise GraphError(f"no path leads from {start.label} to {end.label}") from None
    return tuple(_path(ids, between, labels, ways) for ids in found)


def timeline(graph: Graph, name: str) -> Timeline:
    """What is dated of the node called `name`: its edges with a date, and the acts that it has a part in."""
    node, nodes = the_node(graph, name), {node.id: node for node in graph.nodes}
    days: dict[str, list[Edge]] = defaultdict(list)
    own: list[Edge] = []
    for edge in graph.edges:
        if edge.relation == "on_date":
            days[edge.source].append(edge)
        if node.id in (edge.source, edge.target) and edge.relation != CO_OCCURRENCE:
            own.append(edge)
    found: dict[tuple[str, ...], Happening] = {}
    undated = 0
    for edge in own:
        other = nodes[edge.target if edge.source == node.id else edge.source]
        dated = list(_dated(edge, other, node, days, nodes))
        undated += not dated
        for happening in dated:
            found.setdefault((happening.date, happening.relation, happening.title, happening.other), happening)
    ordered = sorted(found.values(), key=lambda h: (h.first, h.last, h.relation, h.other, h.title))
    return Timeline(node=node.id, label=node.label, happenings=tuple(ordered), undated=undated)


def top(graph: Graph, relation: str = "", type_: str = "", limit: int = 20, *,
        cooccurrence: bool = True) -> tuple[Standing, ...]:
    """The nodes with most weight of edges, of one relation or of all. Raises GraphError for one that isn't there."""
    edges = stated(graph, cooccurrence or relation == CO_OCCURRENCE)
    known = sorted({edge.relation for edge in edges})
    if relation and relation not in known:
        raise GraphError(f"{relation}: no edge has this relation; there are {', '.join(known)}")
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0])
    for edge in edges:
        if relation in ("", edge.relation):
            for place, end in ((1, edge.source), (2, edge.target)):
                sums[end][0] += edge.weight
                sums[end][place] += 1
    rows = [Standing(id=node.id, type=node.type, label=node.label, weight=sums[node.id][0],
                     edges=int(sums[node.id][1] + sums[node.id][2]), outgoing=int(sums[node.id][1]),
                     incoming=int(sums[node.id][2]))
            for node in graph.nodes if node.id in sums and type_ in ("", node.type)]
    return tuple(sorted(rows, key=lambda row: (-row.weight, -row.edges, row.id))[:limit])


def communities(graph: Graph, limit: int = 10, members: int = 5, *, cooccurrence: bool = True) -> tuple[Community, ...]:
    """The `limit` largest communities with their `members` most typical members; nodes on their own are none.

    Those of the layout are taken where the graph has them and co-occurrence counts, so that they agree with the page.
    """
    net = network(graph, cooccurrence=cooccurrence)
    laid_out = cooccurrence and any(node.community for node in graph.nodes)
    numbers = [node.community for node in graph.nodes] if laid_out else find_communities(net)
    tied = _ties_within(numbers, net.starts.tolist(), net.neighbours.tolist(), net.weights.tolist())
    groups: dict[int, list[int]] = defaultdict(list)
    for i, number in enumerate(numbers):
        groups[number].append(i)
    ordered = sorted((number for number in groups if len(groups[number]) > 1), key=lambda n: (-len(groups[n]), n))
    return tuple(Community(
        number=number, size=len(groups[number]), types=_counts(graph.nodes[i].type for i in groups[number]),
        members=_ranked([graph.nodes[i] for i in groups[number]], [tied[i] for i in groups[number]], members))
        for number in ordered[:limit])


# --------------------------------------------------------------------------------------- helpers


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _ranked(nodes: Sequence[Node], scores: Sequence[float], limit: int) -> tuple[Ranked, ...]:
    """The best of the nodes; what scores nothing is left out."""
    best = sorted(zip(nodes, scores, strict=True), key=lambda pair: (-round(pair[1], 9), pair[0].id))[:limit]
    return tuple(Ranked(id=node.id, type=node.type, label=node.label, score=round(score, 6))
                 for node, score in best if score > 0)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _path(ids: Sequence[str], between: Mapping[tuple[str, str], list[Edge]], labels: Mapping[str, str],
          ways: networkx.Graph[str]) -> Path:
    steps = []
    for one, other in pairwise(ids):
        edges = sorted(between[_pair(one, other)], key=lambda e: (e.relation == CO_OCCURRENCE, -e.confidence, e.id))
        steps.append(Step(source=one, source_label=labels[one], target=other, target_label=labels[other],
                          edges=tuple(edges)))
    return Path(cost=sum(ways[step.source][step.target]["cost"] for step in steps), steps=tuple(steps))


def _dated(edge: Edge, other: Node, node: Node, days: Mapping[str, list[Edge]],
           nodes: Mapping[str, Node]) -> Iterator[Happening]:
    """What an edge of `node` dates: itself by its own date, or the act that it leads to by the days of that act."""
    if edge.relation == "on_date":
        yield from _happening(edge, nodes[edge.target].label, other, edge)
    elif edge.relation in OF_ACTS and other.type == "ACTION" and days[other.id]:
        for day in days[other.id]:
            yield from _happening(edge, nodes[day.target].label, other, day)
    elif edge.relation in OF_ACTS and node.type == "ACTION" and not edge.date:
        for day in days[node.id]:
            yield from _happening(edge, nodes[day.target].label, other, edge)
    elif edge.date:
        yield from _happening(edge, edge.date, other, edge)


def _happening(edge: Edge, date: str, other: Node, said: Edge) -> Iterator[Happening]:
    span = bounds(date)
    if span is not None:
        yield Happening(date=date, first=span[0], last=span[1], relation=edge.relation, label=edge.label,
                        title=edge.title or edge.measure or edge.kinship, other=other.id, other_label=other.label,
                        documents=said.documents, evidence=said.best_sentence)


def _ties_within(numbers: Sequence[int], starts: Sequence[int], neighbours: Sequence[int],
                 weights: Sequence[float]) -> list[float]:
    """For each node the weight of its edges to nodes of its own community."""
    return [sum(weights[at] for at in range(starts[i], starts[i + 1]) if numbers[neighbours[at]] == number)
            for i, number in enumerate(numbers)]
