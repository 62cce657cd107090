"""A graph for the tests of formats, and what a reader should find in a file of it."""

from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, written
from kg.graph import Edge, Graph, Node
from kg.models import Evidence, Quote

from .graph_fixtures import sample_graph

#: Texts that a careless writer breaks on; each becomes a name, a title and a sentence.
AWKWARD = ("<b>&amp;\"'", "]]>", "=HYPERLINK(1)", "'quoted", "@at", "a\\nb\\", "a\nb\tc", "a|b", "😀𠀀", "null",
           "`; DROP", "a\u2028b", "a;\n", "{x: 1}", "“双”，、", "\\u0041", "-1", "％20 %41")


def rich_graph() -> Graph:
    """The sample graph with positions, dates of every kind, parallel edges and awkward texts in every field."""
    graph = sample_graph()
    placed = [node.model_copy(update={"x": i - 1.5, "y": i / 3, "size": 8.0 + i, "community": i % 2,
                                      "pagerank": 1 / (i + 1)}) for i, node in enumerate(graph.nodes)]
    posts = [edge.model_copy(update={"date": date}) for edge, date in
             zip(graph.edges, ("2020-02-03/..", "../2020-03", "2020", "XXXX-05-01", "2020-02-04", ""), strict=False)]
    people = [Node(id=f"PERSON:某{i}", type="PERSON", label=text, aliases=(text, "甲"), x=float(i), y=-float(i))
              for i, text in enumerate(AWKWARD)]
    kin = [Edge(id=f"family_of:{i}", source=people[0].id, target=people[i].id, relation="family_of", label="亲属",
                weight=1.0 + i, confidence=0.5, rule="test", kinship=text, title=text, documents=("甲.txt",),
                evidence=(Evidence(document="甲.txt", sentence=Quote(start=0, end=3, text=text), rule="test",
                                   confidence=0.5),)) for i, text in enumerate(AWKWARD)]
    again = [kin[1].model_copy(update={"id": "family_of:again", "kinship": "又"})]
    return graph.model_copy(update={
        "nodes": tuple(sorted([*placed, *people], key=lambda node: node.id)),
        "edges": tuple(sorted([*posts, *graph.edges[len(posts):], *kin, *again], key=lambda edge: edge.id))})


def node_values(node: Node, *, without: tuple[str, ...] = ()) -> dict:
    """The columns of a node that have a value."""
    return _values(NODE_COLUMNS, node, without)


def edge_values(edge: Edge, *, without: tuple[str, ...] = ()) -> dict:
    return _values(EDGE_COLUMNS, edge, without)


def _values(columns, record, without) -> dict:
    values = {column.name: written(column, record) for column in columns if column.name not in without}
    return {name: value for name, value in values.items() if value is not None}
