"""The graph as kg knows it: nodes and edges with everything that was said for them.

`Graph` is a plain record. Its methods are shortcuts to what the rest of the package does with graphs: files
(kg.export), questions (kg.ask), a MultiDiGraph and data frames for whoever wants to compute.

    >>> from kg import Edge, Graph, Node
    >>> zhou = Node(id="PERSON:周海平", type="PERSON", label="周海平", aliases=("周局长",))
    >>> bureau = Node(id="ORGANIZATION:青岚市公安局", type="ORGANIZATION", label="青岚市公安局")
    >>> post = Edge(id="holds_position:1", source=zhou.id, target=bureau.id, relation="holds_position", label="任职",
    ...             title="局长", weight=1.0, confidence=0.9, rule="by hand")
    >>> graph = Graph(nodes=(bureau, zhou), edges=(post,))
    >>> [node.label for node in graph.entities("PERSON")], [edge.title for edge in graph.relations("holds_position")]
    (['周海平'], ['局长'])
    >>> graph.path("周局长", "青岚市公安局").steps[0].edges[0].title
    '局长'
    >>> graph.nx.number_of_edges()
    1

graph.json is this record written down, graph.graphml a flat view of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kg.models import EntityType, Evidence, Metadata, Quote, Record

if TYPE_CHECKING:
    from pathlib import Path

    import networkx
    import pandas
    import polars

    from kg.ask.questions import Ego
    from kg.ask.questions import Path as Way
    from kg.ask.why import Why
    from kg.export.frames import Frames

#: The relation of names that one sentence holds, of which nothing more is said.
CO_OCCURRENCE = "co_occurs_with"


class NodeMention(Record):
    """A place where an entity is named: document, span, what found it, and the sentence around it."""

    document: str
    quote: Quote
    source: str
    confidence: float = 1.0
    sentence: Quote | None = None


class Node(Record):
    """An entity, merged over all documents; `attributes` holds what belongs to its type alone.

    For an ACTION: `trigger`, `object`, `canonical`, `polarity`, `certainty`, as far as they are known.
    """

    id: str
    type: EntityType
    label: str
    aliases: tuple[str, ...] = ()
    mentions: tuple[NodeMention, ...] = ()
    documents: tuple[str, ...] = ()
    first_date: str = ""
    last_date: str = ""
    reasons: tuple[str, ...] = ()
    attributes: dict[str, str] = {}  # noqa: RUF012  (pydantic copies it)
    # Filled in by kg.page.layout, so that every format and the page show the same picture:
    community: int = 0
    pagerank: float = 0.0
    x: float = 0.0
    y: float = 0.0
    size: float = 10.0
    color: str = "#888888"


class Edge(Record):
    """Relation between two nodes with all its evidence; `weight` counts independent pieces of it.

    `reasons` says what people did to it and why, if they did; its `rule` is then `human`.
    """

    id: str
    source: str
    target: str
    relation: str
    label: str
    weight: float
    confidence: float
    rule: str
    documents: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    derived: bool = False
    title: str = ""
    status: str = ""
    measure: str = ""
    kinship: str = ""
    date: str = ""
    npmi: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def qualities(self) -> list[str]:
        """What the edge says beyond its relation: title, measure, kinship, status, as far as it has them."""
        return [value for value in (self.title, self.measure, self.kinship, self.status) if value]

    @property
    def best_sentence(self) -> str:
        """The text of the first piece of evidence, which is the best; empty if there is none."""
        return self.evidence[0].sentence.text if self.evidence else ""


class GraphDocument(Record):
    """What the graph keeps of a document: enough to cite it, to check spans against the file, and to read it again.

    `format`, `given`, `names` and `warnings` are as in kg.models.Document; `metadata` is what reading made of `given`.
    `masked`: the text isn't that of the file, of which `sha256` is; spans count in it (see kg.privacy).
    `copy_of` is the id of the document whose story it repeats; empty if it has a story of its own.
    """

    id: str
    source: str
    row: int | None = None
    sha256: str
    encoding: str
    metadata: Metadata
    copy_of: str = ""
    text: str = ""
    format: str = "txt"
    given: Metadata = Metadata()
    names: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    masked: bool = False


class Doubtful(Record):
    """A name that was linked to nothing, or a merge that was not made: for a person to decide.

    `candidates` are the ids of the nodes that it might be (at most 20 of them are kept).
    """

    document: str
    quote: Quote
    type: str
    why: str
    candidates: tuple[str, ...] = ()


class Graph(Record):
    """Nodes sorted by id, edges by id, documents by id: the same input gives the same bytes."""

    documents: tuple[GraphDocument, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    doubts: tuple[Doubtful, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> Graph:
        """The graph of a graph.json or of the folder of a build. Raises GraphError, see kg.read_graph."""
        from pathlib import Path

        from kg.export import read_graph

        return read_graph(Path(path))

    def save(self, path: str | Path) -> None:
        """Write the graph; the suffix says in which format. Raises GraphError, see kg.write_graph."""
        from pathlib import Path

        from kg.export import write_graph

        write_graph(self, Path(path))

    def entities(self, type: EntityType | None = None) -> tuple[Node, ...]:
        """The nodes, those of one type or all of them."""
        return tuple(node for node in self.nodes if type in (None, node.type))

    def relations(self, relation: str | None = None) -> tuple[Edge, ...]:
        """The edges, those of one relation or all of them."""
        return tuple(edge for edge in self.edges if relation in (None, edge.relation))

    def why(self, name: str, other: str | None = None) -> Why:
        """The evidence for a node, or for the edges between two. Raises GraphError for a name that no node has."""
        from kg.ask.why import why

        return why(self, name, other)

    def ego(self, name: str, hops: int = 1, *, cooccurrence: bool = True) -> Ego:
        """What lies within so many edges of a node; `cooccurrence=False` leaves out names that only stand together."""
        from kg.ask.questions import ego

        return ego(self, name, hops, cooccurrence=cooccurrence)

    def path(self, name: str, other: str, *, cooccurrence: bool = True) -> Way:
        """The shortest path between two nodes. Raises GraphError where there is none; more of them by kg.ask."""
        from kg.ask.questions import paths

        return paths(self, name, other, cooccurrence=cooccurrence)[0]

    @property
    def nx(self) -> networkx.MultiDiGraph[str]:
        """The graph as a networkx.MultiDiGraph: node and edge attributes are the fields of Node and Edge."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node in self.nodes:
            graph.add_node(node.id, **{k: v for k, v in node if k != "id"})
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, key=edge.id,
                           **{k: v for k, v in edge if k not in ("id", "source", "target")})
        return graph

    def to_pandas(self) -> Frames[pandas.DataFrame]:
        """Nodes, edges and evidence as three data frames, with the columns of Parquet. Needs pandas."""
        from kg.export.frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Frames[polars.DataFrame]:
        """Nodes, edges and evidence as three data frames, with the columns of Parquet. Needs polars."""
        from kg.export.frames import to_polars

        return to_polars(self)


def graph_of(documents: Sequence[GraphDocument], nodes: Sequence[Node], edges: Sequence[Edge],
             doubts: Sequence[Doubtful]) -> Graph:
    """A graph of parts that are valid and in order, and which needn't be in memory: they may be sequences on disk
    (kg.spool), as long as they are gone through from the start."""
    parts: dict[str, Any] = {"documents": documents, "nodes": nodes, "edges": edges, "doubts": doubts}
    return Graph.model_construct(**parts)


def hops_from(centre: Collection[str], edges: Iterable[Edge], hops: int) -> dict[str, int]:
    """How many of `edges`, whichever way they lead, lie between `centre` and each node at most `hops` away."""
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        beside[edge.source].add(edge.target)
        beside[edge.target].add(edge.source)
    distance, front = dict.fromkeys(sorted(centre), 0), set(centre)
    for hop in range(1, hops + 1):
        front = {other for id_ in front for other in beside[id_]} - distance.keys()
        distance.update(dict.fromkeys(sorted(front), hop))
    return distance


def strengths(edges: Iterable[Edge]) -> defaultdict[str, float]:
    """The weight of the edges of each node, summed; 0 for a node that has none."""
    weight: defaultdict[str, float] = defaultdict(float)
    for edge in edges:
        weight[edge.source] += edge.weight
        weight[edge.target] += edge.weight
    return weight


def without_co_occurrence(edges: Iterable[Edge]) -> list[Edge]:
    """The edges that a rule or a name states, in their order."""
    return [edge for edge in edges if edge.relation != CO_OCCURRENCE]
