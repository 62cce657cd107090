"""Cypher, Turtle and FollowTheMoney, read by an engine, by rdflib and by FollowTheMoney's own model."""

import json
import re

import pytest

from kg.export import write_graph
from kg.export.cypher import BATCH, relation_type
from kg.export.ftm import ftm_id
from kg.export.turtle import iri
from kg.graph import Graph, Node

from .format_fixtures import edge_values, node_values, rich_graph


@pytest.fixture
def graph() -> Graph:
    return rich_graph()


# ---------------------------------------------------------------------------------------- Cypher

KINDS = {"string": "STRING", "int": "INT64", "double": "DOUBLE", "boolean": "BOOLEAN"}


def statements(graph: Graph, path) -> list[str]:
    write_graph(graph, path)
    return [s for s in path.read_text(encoding="utf-8").split(";\n") if s]


def engine(graph: Graph, folder):
    """An empty database of ladybug, which wants to know the tables before."""
    ladybug = pytest.importorskip("ladybug")
    from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS

    connection = ladybug.Connection(ladybug.Database(str(folder / "db"), buffer_pool_size=128 * 2**20))
    types = {node.id: node.type for node in graph.nodes}
    fields = ", ".join(f"{c.name} {KINDS[c.type]}" for c in NODE_COLUMNS)
    for type_ in sorted(set(types.values())):
        connection.execute(f"CREATE NODE TABLE {type_}(id STRING PRIMARY KEY, {fields})")
    fields = ", ".join(f"{c.name} {KINDS[c.type]}" for c in EDGE_COLUMNS)
    for relation in sorted({edge.relation for edge in graph.edges}):
        ends = sorted({(types[e.source], types[e.target]) for e in graph.edges if e.relation == relation})
        pairs = ", ".join(f"FROM {source} TO {target}" for source, target in ends)
        connection.execute(f"CREATE REL TABLE {relation_type(relation)}({pairs}, id STRING, {fields})")
    return connection


def rows(connection, query: str) -> list:
    result, found = connection.execute(query), []
    while result.has_next():
        found.append(result.get_next())
    return found


def test_a_cypher_engine_runs_the_file_twice_and_holds_the_same(graph, tmp_path):
    connection = engine(graph, tmp_path)
    for _ in range(2):
        for statement in statements(graph, tmp_path / "g.cypher"):
            if not statement.startswith("CREATE CONSTRAINT"):    # the tables have their keys
                connection.execute(statement)
    nodes = {values["id"]: values for [values] in rows(connection, "MATCH (n) RETURN n")}
    assert {id_: known(values) for id_, values in nodes.items()} == \
        {node.id: {"id": node.id, **node_values(node)} for node in graph.nodes}
    edges = rows(connection, "MATCH (a)-[r]->(b) RETURN a.id, b.id, r")
    assert {values["id"]: (source, target, known(values)) for source, target, values in edges} == \
        {edge.id: (edge.source, edge.target, {"id": edge.id, **edge_values(edge)}) for edge in graph.edges}
    assert len(edges) == len(graph.edges)


def known(values: dict) -> dict:
    return {name: value for name, value in values.items() if value is not None and not name.startswith("_")}


TOKEN = re.compile(r"""'(?:[^'\\\n]|\\['"\\nt])*'|[A-Za-z_]\w*|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"""
                   r"|<-|->|[\[\]{}():,.=-]|\s+")


def test_nothing_but_literals_stands_in_a_statement(graph, tmp_path):
    """Text never gets out of its quotes: what is left without them is the same for every graph of this shape."""
    for statement in statements(graph, tmp_path / "g.cypher"):
        at = 0
        while at < len(statement):
            found = TOKEN.match(statement, at)
            assert found, statement[at:at + 40]
            at = found.end()


def test_batches_and_constraints(tmp_path):
    graph = Graph(nodes=tuple(Node(id=f"PERSON:{i:04}", type="PERSON", label=str(i)) for i in range(BATCH + 1)))
    constraint, *merges = statements(graph, tmp_path / "g.cypher")
    assert constraint == "CREATE CONSTRAINT kg_person_id IF NOT EXISTS FOR (n:PERSON) REQUIRE n.id IS UNIQUE"
    assert [merge.count("{id: '") for merge in merges] == [BATCH, 1]


# ---------------------------------------------------------------------------------------- Turtle


def test_rdflib_reads_nodes_edges_and_evidence(graph, tmp_path):
    rdflib = pytest.importorskip("rdflib")
    from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS

    write_graph(graph, tmp_path / "g.ttl")
    read, kg = rdflib.Graph().parse(tmp_path / "g.ttl"), rdflib.Namespace("urn:x-kg:term:")

    def thing(kind: str, id_: str):
        return rdflib.URIRef(iri(kind, id_)[1:-1])

    def said(subject, columns: dict) -> dict:
        found = {name: read.value(subject, kg[name]) for name in columns}
        return {name: value.toPython() for name, value in found.items() if value is not None}

    for node in graph.nodes:
        subject = thing("entity", node.id)
        values = node_values(node, without=("label", "type", "aliases"))
        assert said(subject, values) == values
        assert (read.value(subject, RDF.type), str(read.value(subject, RDFS.label))) == (kg[node.type], node.label)
        assert {str(alias) for alias in read.objects(subject, SKOS.altLabel)} == set(node.aliases)
    for edge in graph.edges:
        source, target, statement = thing("entity", edge.source), thing("entity", edge.target), thing("edge", edge.id)
        assert (source, kg[edge.relation], target) in read
        assert [read.value(statement, RDF[end]) for end in ("subject", "predicate", "object")] == \
            [source, kg[edge.relation], target]
        values = edge_values(edge, without=("relation", "label", "evidence", "sources"))
        assert said(statement, values) == values
        quoted = {(str(read.value(piece, PROV.value)), read.value(piece, PROV.wasQuotedFrom),
                   read.value(piece, kg.start).toPython()) for piece in read.objects(statement, PROV.wasDerivedFrom)}
        assert quoted == {(e.sentence.text, thing("document", e.document), e.sentence.start) for e in edge.evidence}
    assert len(set(read.subjects(RDF.type, RDF.Statement))) == len(graph.edges)
    assert {str(read.value(thing("document", d.id), DCTERMS.title)) for d in graph.documents if d.metadata.title} == \
        {d.metadata.title for d in graph.documents if d.metadata.title}


# -------------------------------------------------------------------------------- FollowTheMoney


def entities(graph: Graph, path) -> dict[str, dict]:
    write_graph(graph, path)
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert len({entity["id"] for entity in found}) == len(found)
    return {entity["id"]: entity for entity in found}


def test_every_entity_and_edge_that_it_can_say_is_there(graph, tmp_path):
    found = entities(graph, tmp_path / "g.ftm.json")
    types = {node.id: node.type for node in graph.nodes}
    for node in graph.nodes:
        assert (ftm_id("entity", node.id) in found) == (node.type != "DATE")
    for edge in graph.edges:
        sayable = "DATE" not in (types[edge.source], types[edge.target])
        entity = found.get(ftm_id("edge", edge.id))
        assert (entity is not None) == sayable
        if entity is not None:
            assert entity["properties"]["recordId"] == [edge.id]
            assert entity["properties"].get("summary", [""])[0] == (edge_values(edge).get("evidence", ""))
    [act] = [entity for entity in found.values() if entity["schema"] == "Event"]
    assert act["properties"]["date"] == ["2020-02-04"]
    assert act["properties"]["organizer"] == [ftm_id("entity", "ORGANIZATION:云岭市公安局")]
    posts = {tuple(e["properties"]["role"]) for e in found.values() if e["schema"] == "Employment"}
    assert posts == {("局长",), ("总指挥",)}


@pytest.mark.filterwarnings("ignore")
def test_its_own_model_finds_every_entity_valid(graph, tmp_path):
    model = pytest.importorskip("followthemoney").model
    found = entities(graph, tmp_path / "g.ftm.jsonl")
    for entity in found.values():
        proxy = model.get_proxy(entity, cleaned=False)
        assert proxy.schema.validate(entity) is None
        kept = {name: sorted(values) for name, values in proxy.to_dict()["properties"].items()}
        assert kept.keys() == entity["properties"].keys(), entity
        for name, values in entity["properties"].items():
            if proxy.schema.properties[name].range is not None:
                for id_ in values:
                    assert model.get(found[id_]["schema"]).is_a(proxy.schema.properties[name].range), (name, entity)
