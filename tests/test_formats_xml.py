"""GraphML and GEXF, read by igraph, networkx, graphology and a validator."""

import json
import os
import subprocess
from pathlib import Path

import networkx
import pytest

from kg.export import write_graph
from kg.export.gexf import spell_of
from kg.graph import Graph, Node

from .format_fixtures import edge_values, node_values, rich_graph

HERE = Path(__file__).parent
PLACED = ("x", "y", "size", "color")


@pytest.fixture
def graph() -> Graph:
    return rich_graph()


def written_to(graph: Graph, path: Path, **options) -> Path:
    write_graph(graph, path, **options)
    return path


def graphology(path: Path) -> dict:
    """The graph as graphology reads it; KG_NODE_MODULES says where its packages are (.ci/run installs them)."""
    modules = os.environ.get("KG_NODE_MODULES", "")
    if not Path(modules, "graphology").is_dir():
        pytest.skip("set KG_NODE_MODULES to a node_modules with graphology, graphology-gexf, graphology-graphml, jsdom")
    ran = subprocess.run(["node", HERE / "read_xml_graphs.mjs", path], env={**os.environ, "NODE_PATH": modules},
                         capture_output=True, check=True, encoding="utf-8")
    return json.loads(ran.stdout)


# --------------------------------------------------------------------------------------- GraphML


def test_igraph_reads_the_same_from_graphml(graph, tmp_path):
    igraph = pytest.importorskip("igraph")
    read = igraph.Graph.Read_GraphML(str(written_to(graph, tmp_path / "g.graphml")))
    assert read.is_directed()
    assert [present(v.attributes()) for v in read.vs] == [present(node_values(node)) for node in graph.nodes]
    assert [present(e.attributes()) for e in read.es] == [present(edge_values(edge)) for edge in graph.edges]
    assert [(read.vs[e.source]["id"], read.vs[e.target]["id"]) for e in read.es] == \
        [(edge.source, edge.target) for edge in graph.edges]


def present(values: dict) -> dict:
    """The values without ids and without what igraph puts where there are none; it has one kind of number."""
    return {name: value for name, value in values.items()
            if name != "id" and value is not None and value != "" and value == value}


def test_graphology_reads_the_same_from_graphml(graph, tmp_path):
    read = graphology(written_to(graph, tmp_path / "g.graphml"))
    assert dict(read["nodes"]) == {node.id: node_values(node) for node in graph.nodes}
    assert {id_: (source, target) for id_, source, target, _ in read["edges"]} == \
        {edge.id: (edge.source, edge.target) for edge in graph.edges}
    found = {id_: values for id_, _, _, values in read["edges"]}
    assert found == {edge.id: edge_values(edge) for edge in graph.edges}


def schema():
    etree = pytest.importorskip("lxml.etree")
    return etree, etree.XMLSchema(etree.parse(HERE / "graphml.xsd"))


def test_strict_graphml_keeps_to_the_schema_and_loses_nothing(graph, tmp_path):
    etree, valid = schema()
    path = written_to(graph, tmp_path / "g.graphml", strict=True)
    valid.assertValid(etree.parse(path))
    read = networkx.read_graphml(path, force_multigraph=True)
    assert [data for _, data in read.nodes(data=True)] == \
        [{**node_values(node), "kg_id": node.id} for node in graph.nodes]
    names = networkx.get_node_attributes(read, "kg_id")
    assert {data["kg_id"]: (names[source], names[target]) for source, target, data in read.edges(data=True)} == \
        {edge.id: (edge.source, edge.target) for edge in graph.edges}


def test_the_schema_objects_to_types_of_edges(graph, tmp_path):
    etree, valid = schema()
    tree = etree.parse(written_to(graph, tmp_path / "g.graphml"))
    assert not valid.validate(tree)
    assert any("attribute 'label' is not allowed" in fault.message for fault in valid.error_log)


# ------------------------------------------------------------------------------------------ GEXF


def test_networkx_reads_the_same_from_gexf(graph, tmp_path):
    read = networkx.read_gexf(written_to(graph, tmp_path / "g.gexf"), version="1.3")
    assert read.is_directed()
    assert list(read) == [node.id for node in graph.nodes]
    for node in graph.nodes:
        data = read.nodes[node.id]
        look, spells = data.pop("viz"), data.pop("spells", None)
        assert data == node_values(node, without=PLACED)
        assert (look["position"], look["size"]) == ({"x": node.x, "y": -node.y, "z": 0.0}, node.size)
        red, green, blue = bytes.fromhex(node.color[1:])
        assert {name: look["color"][name] for name in "rgb"} == {"r": red, "g": green, "b": blue}
        assert (spells is not None) == bool(node.first_date)
    edges = {data.pop("id"): (source, target, data) for source, target, data in read.edges(data=True)}
    assert edges.keys() == {edge.id for edge in graph.edges}
    for edge in graph.edges:
        source, target, data = edges[edge.id]
        assert (source, target) == (edge.source, edge.target)
        assert {k: v for k, v in data.items() if k not in ("spells", "kind")} == edge_values(edge)


def test_graphology_reads_the_same_from_gexf(graph, tmp_path):
    read = graphology(written_to(graph, tmp_path / "g.gexf"))
    assert {id_: {k: v for k, v in values.items() if k != "z"} for id_, values in read["nodes"]} == \
        {node.id: node_values(node, without=("color",)) | {"color": rgb(node.color)} for node in graph.nodes}
    found = {id_: values for id_, _, _, values in read["edges"]}
    assert len({(source, target, found[id_].pop("kind")) for id_, source, target, _ in read["edges"]}) == len(found)
    assert found == {edge.id: edge_values(edge) for edge in graph.edges}


def rgb(color: str) -> str:
    return "rgb({},{},{})".format(*bytes.fromhex(color[1:]))


def test_parallel_edges_differ_in_kind(graph, tmp_path):
    etree = pytest.importorskip("lxml.etree")
    tree = etree.parse(written_to(graph, tmp_path / "g.gexf"))
    edges = tree.findall(".//{*}edge")
    keys = [tuple(edge.get(name) for name in ("source", "target", "kind")) for edge in edges]
    assert len(set(keys)) == len(keys) == len(graph.edges)
    pairs = [key[:2] for key in keys]
    assert len(set(pairs)) < len(pairs)


def test_a_node_is_there_while_its_edges_are(graph, tmp_path):
    etree = pytest.importorskip("lxml.etree")
    tree = etree.parse(written_to(graph, tmp_path / "g.gexf"))
    spells = {node.get("id"): node.find(".//{*}spell") for node in tree.iter("{*}node")}
    dated = [edge for edge in tree.iter("{*}edge") if edge.find(".//{*}spell") is not None]
    assert len(dated) >= 4
    for edge in dated:
        spell = edge.find(".//{*}spell")
        for end in (edge.get("source"), edge.get("target")):
            around = spells[end]
            if around is not None:
                assert around.get("start", "") <= spell.get("start", "")
                assert around.get("end", "9999") >= spell.get("end", "9999")


@pytest.mark.parametrize(("edtf", "spell"), [
    ("2020-02-04", ("2020-02-04", "2020-02-04")), ("2020", ("2020-01-01", "2020-12-31")),
    ("2020-01/2020-02", ("2020-01-01", "2020-02-29")), ("2020-02-03/..", ("2020-02-03", "")),
    ("../2020", ("", "2020-12-31")), ("XXXX-05-01", None), ("", None), ("2020-13", None),
])
def test_spells_of_dates(edtf, spell):
    assert spell_of(edtf) == spell


def test_a_graph_without_dates_is_static(tmp_path):
    path = written_to(Graph(nodes=(Node(id="PERSON:甲", type="PERSON", label="甲", color="red"),)), tmp_path / "g.gexf")
    content = path.read_text(encoding="utf-8")
    assert 'mode="static"' in content and "spell" not in content and "viz:color" not in content
