"""Graphs to files and back, the manifest and the report."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.export import EXPORTERS, read_graph, write_graph
from kg.export.columns import EDGE_COLUMNS, FORBIDDEN, NODE_COLUMNS
from kg.export.manifest import Run, manifest, report, summarise, write_manifest, write_report
from kg.graph import Doubtful, Edge, Graph, GraphDocument, Node, NodeMention
from kg.models import Document, Evidence, Metadata, Quote
from kg.read import Skipped
from kg.settings import Settings

from .graph_fixtures import graph_of, page, sample_graph

HOSTILE = ["<b>&amp;\"'", "]]>", "\x00\x01\x1f\x7f", "a\x00b", "\u202eعکس\u200f", "😀𠀀", "\r\n\t", "|", "\u2028",
           "\ufffe", "null", " ", "", "<!--", "&#0;"]
text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6))
number = st.floats(allow_nan=False, allow_infinity=False)
quotes = st.builds(Quote, start=st.integers(0, 9), end=st.integers(0, 9), text=text,
                   raw=st.none() | text, at=st.none() | st.integers(0, 9))
evidence = st.builds(Evidence, document=text, sentence=quotes, head=st.none() | quotes, trigger=st.none() | quotes,
                     tail=st.none() | quotes, rule=text, confidence=st.floats(0, 1), role=st.just("caption"))
mentions = st.builds(NodeMention, document=text, quote=quotes, source=text, confidence=st.floats(0, 1),
                     sentence=st.none() | quotes)
texts = st.lists(text, max_size=3).map(tuple)


@st.composite
def graphs(draw) -> Graph:
    """Small graphs with any text in any field."""
    ids = draw(st.lists(text, unique=True, max_size=4))
    nodes = [draw(st.builds(
        Node, id=st.just(id_), type=st.sampled_from(["PERSON", "DATE"]), label=text, aliases=texts, documents=texts,
        mentions=st.lists(mentions, max_size=2).map(tuple), first_date=text, last_date=text, reasons=texts,
        attributes=st.dictionaries(text, text, max_size=2), community=st.integers(0, 9), pagerank=number,
        x=number, y=number, size=number, color=text)) for id_ in ids]
    ends = st.sampled_from(ids) if ids else st.nothing()
    edges = [draw(st.builds(
        Edge, id=st.just(id_), source=ends, target=ends, relation=text, label=text, weight=st.floats(0.5, 9),
        confidence=number, rule=text, documents=texts, evidence=st.lists(evidence, max_size=2).map(tuple),
        derived=st.booleans(), title=text, status=text, measure=text, kinship=text, date=text,
        npmi=st.none() | number)) for id_ in (draw(st.lists(text, unique=True, max_size=4)) if ids else [])]
    documents = draw(st.lists(st.builds(GraphDocument, id=text, source=text, row=st.none() | st.integers(0, 9),
                                        sha256=text, encoding=text, metadata=st.builds(Metadata, title=text),
                                        text=text), max_size=2))
    doubts = draw(st.lists(st.builds(Doubtful, document=text, quote=quotes, type=text, why=text, candidates=texts),
                           max_size=2))
    return Graph(documents=tuple(documents), nodes=tuple(nodes), edges=tuple(edges), doubts=tuple(doubts))


def hostile_graph() -> Graph:
    nodes = tuple(Node(id=f"PERSON:{form}", type="PERSON", label=form, aliases=(form, "甲")) for form in HOSTILE)
    edges = tuple(Edge(id=f"e:{form}", source=nodes[0].id, target=nodes[i].id, relation="family_of", label=form,
                       weight=1.0, confidence=0.5, rule=form, kinship=form, documents=(form,))
                  for i, form in enumerate(HOSTILE))
    return Graph(nodes=nodes, edges=edges)


def columns(columns_, record) -> dict:
    """The values of a record as a reader of GraphML should see them."""
    values = {}
    for column in columns_:
        value = column.value(record)
        if isinstance(value, str):
            value = FORBIDDEN.sub("", value)
        if value is not None and (not isinstance(value, str) or (value and not value.isspace())):
            values[column.name] = value
    return values


def assert_read_back(graph: Graph, path) -> None:
    """networkx reads from the GraphML file what the graph holds."""
    read = networkx.read_graphml(path, force_multigraph=True)
    assert read.is_directed()
    assert [data for _, data in read.nodes(data=True)] == [columns(NODE_COLUMNS, node) for node in graph.nodes]
    found = sorted(json.dumps({k: v for k, v in data.items() if k != "id"}, sort_keys=True)
                   for _, _, data in read.edges(data=True))
    assert found == sorted(json.dumps(columns(EDGE_COLUMNS, edge), sort_keys=True) for edge in graph.edges)


@settings(max_examples=60, deadline=None)
@given(graphs())
@example(hostile_graph())
def test_json_is_read_back_to_the_same_graph(tmp_path_factory, graph):
    path = tmp_path_factory.mktemp("json") / "graph.json"
    write_graph(graph, path)
    assert read_graph(path) == read_graph(path.parent) == graph


@settings(max_examples=60, deadline=None)
@given(graphs())
@example(hostile_graph())
@example(Graph())
def test_graphml_is_read_back_with_the_same_values(tmp_path_factory, graph):
    path = tmp_path_factory.mktemp("graphml") / "graph.graphml"
    write_graph(graph, path)
    assert_read_back(graph, path)


def test_json_has_a_line_for_each_node_and_edge_and_is_node_link(tmp_path):
    graph, path = sample_graph(), tmp_path / "graph.json"
    write_graph(graph, path)
    content = path.read_bytes()
    assert b"\r" not in content
    lines = content.decode().splitlines()
    parts = (graph.nodes, graph.edges, graph.documents, graph.doubts)
    assert len(lines) == 1 + sum(len(part) + 1 for part in parts)
    linked = networkx.node_link_graph(json.loads(content), edges="links")
    assert (linked.number_of_nodes(), linked.number_of_edges()) == (len(graph.nodes), len(graph.edges))
    assert linked.is_directed() and linked.is_multigraph()


def test_graphml_has_the_columns_of_the_contract_with_distinct_keys(tmp_path):
    path = tmp_path / "graph.graphml"
    write_graph(sample_graph(), path)
    read = networkx.read_graphml(path, force_multigraph=True)
    data = read.nodes["ORGANIZATION:云岭市公安局"]
    assert data["label"] == "云岭市公安局" and data["aliases"] == "市局" and data["mentions"] == 5
    assert data["documents"] == 2 and data["first_date"] == "2020-02-04"
    [post] = [d for _, _, d in read.edges(data=True) if d.get("title") == "局长"]
    assert post == {"relation": "holds_position", "label": "任职", "weight": 1.0, "title": "局长",
                    "confidence": 0.8, "rule": "test.rule", "documents": 1, "evidence": "陈建国任云岭市公安局局长。",
                    "sources": "甲.txt", "derived": False}


def test_what_no_record_has_is_not_declared(tmp_path):
    path = tmp_path / "graph.graphml"
    write_graph(sample_graph(), path)
    content = path.read_text(encoding="utf-8")
    assert 'attr.name="measure"' in content and 'attr.name="kinship"' not in content
    assert "></data>" not in content and "None" not in content


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_left_out_of_graphml_and_refused_in_json(tmp_path, value):
    graph = Graph(nodes=(Node(id="PERSON:甲", type="PERSON", label="甲", pagerank=value),))
    write_graph(graph, tmp_path / "graph.graphml")
    assert "pagerank" not in (tmp_path / "graph.graphml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_graph(graph, tmp_path / "graph.json")
    assert [p.name for p in tmp_path.iterdir()] == ["graph.graphml"]


def test_the_order_of_documents_does_not_change_the_bytes(tmp_path):
    pages = [page(d, f"[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]{d}职。", date=f"2020-01-0{d}") for d in "123"]
    for made in pages:
        made.say("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局", title="民警",
                 date=f"2020-02-0{made.id}")
    for suffix in EXPORTERS.keys() - {".duckdb"}:  # which numbers its files anew each time; its rows are compared below
        if "parquet" in suffix:
            pytest.importorskip("pyarrow")
        files = [tmp_path / f"{i}{suffix}" for i in range(2)]
        for file, order in zip(files, (pages, pages[::-1]), strict=True):
            write_graph(graph_of(*order), file)
        assert content(files[0]) == content(files[1])


def content(path) -> dict[str, bytes]:
    """The bytes of a file, or of each file of a folder."""
    return {p.name: p.read_bytes() for p in path.iterdir()} if path.is_dir() else {"": path.read_bytes()}


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "graph.json"
    write_graph(Graph(), path)
    before = path.read_bytes()

    def fail(graph, part):
        part.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(EXPORTERS, ".json", fail)
    with pytest.raises(GraphError, match=r"graph.json: can't be written \(No space left on device\)"):
        write_graph(sample_graph(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["graph.xlsx", "graph", "json"])
def test_an_unknown_suffix_is_refused_with_those_that_there_are(tmp_path, name):
    with pytest.raises(GraphError, match=r"no format has this suffix; use one of .*\.graphml"):
        write_graph(Graph(), tmp_path / name)


@pytest.mark.parametrize(("name", "content", "fault"), [
    ("graph.json", b"{", "isn't JSON"), ("graph.json", b"\xff\xfe", "isn't JSON"),
    ("graph.json", b"[" * 100_000, "isn't JSON"),
    ("graph.json", b"[]", "isn't a graph.json"), ("graph.json", b'{"nodes": []}', "isn't a graph.json"),
    ("graph.json", b'{"format": "kg-graph/1", "nodes": [{"id": "x"}]}', r"nodes\.0\.type: Field required"),
    ("graph.json", b'{"format": "kg-graph/1", "nodes": 3}', "nodes: "),
    ("graph.graphml", b"<graphml/>", r"graphs are read from \.json"), ("graph.json", None, "can't be read"),
])
def test_a_file_that_is_no_graph_is_refused(tmp_path, name, content, fault):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(GraphError, match=fault):
        read_graph(tmp_path / name)


@pytest.mark.shared
def test_gephi_has_nothing_to_complain_about(shared, tmp_path):
    path = tmp_path / "graph.graphml"
    graph = sample_graph()
    placed = tuple(node.model_copy(update={"x": i + 0.5}) for i, node in enumerate(graph.nodes))
    graph = graph.model_copy(update={"nodes": placed})
    write_graph(graph, path)
    ran = subprocess.run([sys.executable, shared / "tools" / "gephi_check.py", path, "--json"],
                         capture_output=True, check=False, encoding="utf-8")
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["issues"]) == (0, [])
    assert found["edges_after_default_merge"] == len(graph.edges)


@pytest.mark.shared
def test_gephi_loses_nothing_of_a_hostile_graph(shared, tmp_path):
    path = tmp_path / "graph.graphml"
    write_graph(hostile_graph(), path)
    ran = subprocess.run([sys.executable, shared / "tools" / "gephi_check.py", path, "--json"],
                         capture_output=True, check=False, encoding="utf-8")
    found = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert (found["nodes"], found["edges_after_default_merge"]) == (len(HOSTILE), len(HOSTILE))


# ----------------------------------------------------------------------------- manifest and report

START = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)


def run(**changes) -> Run:
    return Run(**{"settings": Settings(), "model": "default", "started": START,
                  "finished": START + timedelta(seconds=2.5), **changes})


def test_the_manifest_tells_what_went_in_and_what_came_out(tmp_path):
    inputs = [Document(id=d, text="", source=f"{d}.txt", sha256=d * 64) for d in "ba"]
    values = manifest(summarise(sample_graph()), inputs, run(warnings=("b", "a"), rules_digest="d1"))
    assert [i["id"] for i in values["inputs"]] == ["a", "b"]
    assert values["inputs"][0]["sha256"] == "a" * 64
    assert values["counts"]["types"] == {"ACTION": 1, "DATE": 1, "DOCUMENT": 1, "LOCATION": 1, "ORGANIZATION": 1,
                                         "PERSON": 2}
    assert values["counts"]["relations"]["holds_position"] == 2
    assert values["warnings"] == ["a", "b"]
    assert values["versions"]["rules_digest"] == "d1" and values["versions"]["pydantic"]
    assert values["times"] == {"started": "2024-05-01T08:00:00+00:00", "finished": "2024-05-01T08:00:02+00:00",
                               "seconds": 2.5}
    write_manifest(values, tmp_path / "manifest.json")
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")) == values


def test_the_report_lists_what_a_person_should_see(tmp_path):
    graph = sample_graph()
    values = manifest(summarise(graph), [], run(skipped=(Skipped(source="c.txt", reason="is <empty>"),)))
    text = report(summarise(graph), values)
    assert text.startswith("# Report\n\n2 documents, 7 nodes, ")
    assert "| 云岭市公安局 | ORGANIZATION | 5 | 5 | 2 |" in text
    assert "## Skipped documents (1)\n\n- c.txt: is &lt;empty>" in text
    assert "周某: no full name (PERSON:周某@乙.txt)" in text
    assert "## Warnings" not in text
    write_report(summarise(graph), values, tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == text


def test_a_long_list_is_cut_and_says_so():
    graph = Graph()
    text = report(summarise(graph), manifest(summarise(graph), [], run(warnings=tuple(f"w{i:03}" for i in range(60)))))
    assert "- w049\n- … and 10 more" in text and "w050" not in text
