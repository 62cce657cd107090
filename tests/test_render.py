"""graph.html as a file: complete, without addresses, the same each time, and nothing from a document is code in it."""

from __future__ import annotations

import gzip
import json
import re
import runpy
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.graph import Edge, Graph, GraphDocument, Node, NodeMention
from kg.models import Evidence, Metadata, Quote
from kg.page import render_page, write_page
from kg.page.data import sentence_marks, whole_texts
from kg.page.drawing import backbone
from kg.page.layout import lay_out
from kg.page.readings import readings

HERE = Path(__file__).parent
fixtures = runpy.run_path(str(HERE / "page_fixtures.py"))
sample_graph, hostile_graph = fixtures["sample_graph"], fixtures["hostile_graph"]
HOSTILE = fixtures["HOSTILE"]


class Page(HTMLParser):
    """What a browser would see: elements with attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.open = tag
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open in self.inside:
            self.inside[self.open][-1] += data


@pytest.fixture(scope="module")
def graph() -> Graph:
    return lay_out(sample_graph(80))


def data_of(page: str) -> dict:
    """The light part of the page's data, its tables as records."""
    data = json.loads(Page(page).inside["script"][-4])
    for name in ("nodes", "edges", "documents"):
        head, rows = data[name]["head"], data[name]["rows"]
        data[name] = [dict(zip(head, row + [None] * (len(head) - len(row)), strict=True)) for row in rows]
    return data


def unpacked(page: str, block: str) -> dict:
    """One of the compressed parts: details or documents."""
    return json.loads(gzip.decompress(b64decode(Page(page).inside["script"][{"details": -3, "documents": -2}[block]])))


def test_the_file_needs_nothing_from_anywhere(graph: Graph) -> None:
    page = Page(render_page(graph))
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "img", "base")
        for name in ("src", "href", "action", "srcset", "data"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import", "".join(page.inside["style"]))


def test_the_policy_allows_the_scripts_of_the_page_and_nothing_else(graph: Graph) -> None:
    page = Page(render_page(graph))
    policy = next(a["content"] for t, a in page.elements if t == "meta" and "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    own = [page.inside["script"][0], page.inside["script"][-1], page.inside["style"][0]]
    for text in own:
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_page(lay_out(sample_graph(120)), tmp_path / "a" / "graph.html", title="演示").read_bytes()
    second = write_page(lay_out(sample_graph(120)), tmp_path / "graph.html", title="演示").read_bytes()
    assert first == second
    assert first.decode("utf-8").startswith("<!doctype html>") and b"\r" not in first


def test_a_failed_write_leaves_the_old_page(tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "graph.html"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(GraphError, match="disk full"):
        write_page(graph, path)
    assert path.read_text(encoding="utf-8") == "old" and [p.name for p in tmp_path.iterdir()] == ["graph.html"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_whole_and_opens_no_element(text: str) -> None:
    plain, hostile = Page(render_page(hostile_graph("甲"), title="甲")), render_page(hostile_graph(text), title=text)
    page = Page(hostile)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.inside["title"][0] == text
    data, details, documents = data_of(hostile), unpacked(hostile, "details"), unpacked(hostile, "documents")
    assert [node["label"] for node in data["nodes"]] == [text, text]
    assert data["nodes"][0]["aliases"] == [text]
    assert data["documents"][0]["title"] == data["documents"][0]["publisher"] == text
    assert data["edges"][0]["title"] == data["edges"][0]["status"] == text
    assert details["sentences"][0][3] == documents["0"]["text"] == f"{text}任{text}的职。"
    assert details["edges"][0][0] == text and details["nodes"][0][2] == {"object": text, text: text}


def test_the_data_block_holds_the_graph(graph: Graph) -> None:
    page = render_page(graph)
    data, details = data_of(page), unpacked(page, "details")
    assert [node["label"] for node in data["nodes"]] == [node.label for node in graph.nodes]
    assert [(node["x"], node["y"]) for node in data["nodes"]] == [(node.x, node.y) for node in graph.nodes]
    assert [(point["id"], point["x"], point["y"]) for point in data["vis"]["nodes"]] == [
        (i, node.x, node.y) for i, node in enumerate(graph.nodes)]
    assert len(data["edges"]) == len(data["vis"]["edges"]) == len(details["edges"]) == len(graph.edges)
    of = {(graph.nodes[e["source"]].id, graph.nodes[e["target"]].id, list(data["relations"])[e["relation"]], e["title"]
           or ""): i for i, e in enumerate(data["edges"])}
    for edge in graph.edges:
        rule, proofs, left = details["edges"][of[edge.source, edge.target, edge.relation, edge.title]]
        assert len(proofs) + left >= 1 and rule.startswith(edge.relation)
        assert details["sentences"][proofs[0][0]][3].startswith("据了解，")
    assert data["vis"]["options"]["physics"]["enabled"] is False


def test_pyvis_numbers_nodes_and_edges_as_the_page_does(graph: Graph) -> None:
    data = data_of(render_page(graph))
    for drawn in data["vis"]["edges"]:
        told = data["edges"][drawn["id"]]
        assert (drawn["from"], drawn["to"]) == (told["source"], told["target"])


def test_cooccurrence_is_drawn_first_and_so_below(graph: Graph) -> None:
    data = data_of(render_page(graph))
    faint = [list(data["relations"])[e["relation"]] == "co_occurs_with" for e in data["edges"]]
    assert faint == sorted(faint, reverse=True) and {*faint} == {True, False}


def test_documents_stand_in_the_page_with_their_mentions_unless_they_are_too_long(graph: Graph) -> None:
    texts = unpacked(render_page(graph), "documents")
    assert [texts[str(i)]["text"] for i in range(len(graph.documents))] == [d.text for d in graph.documents]
    for i, document in enumerate(graph.documents):
        for start, end, node in texts[str(i)]["marks"]:
            assert document.text[start:end] == graph.nodes[node].label
    assert sum(len(t["marks"]) for t in texts.values()) == sum(len(n.mentions) for n in graph.nodes)
    assert Page(render_page(graph, texts=False)).inside["script"][-2] == ""
    lengths = [len(d.text) for d in graph.documents]
    some = whole_texts(graph, limit=sum(lengths) // 2)
    assert 0 < len(some) < len(lengths) and sum(len(t["text"]) for t in some.values()) <= sum(lengths) // 2


def edge(number: int, source: str, target: str, relation: str) -> Edge:
    return Edge(id=f"e{number}", source=source, target=target, relation=relation, label=relation, weight=1,
                confidence=1, rule="r")


def test_edges_between_the_same_two_nodes_bend_apart_and_cooccurrence_steps_back() -> None:
    nodes = tuple(Node(id=i, type="ORGANIZATION", label=i) for i in "abc")
    edges = (edge(0, "a", "b", "part_of"), edge(1, "b", "a", "established"), edge(2, "a", "b", "co_occurs_with"),
             edge(3, "a", "c", "co_occurs_with"))
    data = data_of(render_page(Graph(nodes=nodes, edges=edges)))
    told = {(list(data["relations"])[e["relation"]], e["target"]): (bool(e["covered"]), e["bend"])
            for e in data["edges"]}
    assert told["co_occurs_with", 1][0] and not told["co_occurs_with", 2][0] and not told["part_of", 1][0]
    # the two run in opposite directions: bent to the same hand, they lie on different sides
    assert told["part_of", 1][1] == told["established", 0][1] != 0
    assert not told["co_occurs_with", 2][1]


def evidence(text: str, **spans: tuple[int, str]) -> Evidence:
    quotes = {name: Quote(start=at, end=at + len(words), text=words, at=at) for name, (at, words) in spans.items()}
    return Evidence(document="d", sentence=Quote(start=0, end=len(text), text=text), rule="r", confidence=1, **quotes)


@pytest.mark.parametrize(("spans", "expected"), [
    ({"head": (0, "张三"), "trigger": (2, "任"), "tail": (3, "某局")}, ["head:张三", "trigger:任", "tail:某局"]),
    ({"head": (0, "张三"), "trigger": (1, "三任")}, ["head:张三", "trigger:任"]),
    ({"head": (1, "张三")}, []),
    ({}, []),
])
def test_sentences_are_marked_at_their_spans(spans: dict[str, tuple[int, str]], expected: list[str]) -> None:
    text = "张三任某局长。"
    assert [f"{role}:{text[a:b]}" for a, b, role in sentence_marks(evidence(text, **spans))] == expected


@given(st.text(), st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
def test_marks_are_in_order_and_never_overlap(text: str, a: int, b: int, length: int) -> None:
    marks = sentence_marks(evidence(text, head=(a, text[a:a + length]), tail=(b, text[b:b + length])))
    cuts = [at for start, end, _ in marks for at in (start, end)]
    assert cuts == sorted(cuts) and all(start < end <= len(text) for start, end, _ in marks)


def test_a_large_graph_is_shown_as_a_backbone_and_the_page_knows_it() -> None:
    graph = lay_out(sample_graph(300))
    small = backbone(graph, 100)
    assert len(small.nodes) == 100 and min(n.pagerank for n in small.nodes) >= sorted(
        (n.pagerank for n in graph.nodes), reverse=True)[99]
    data = data_of(render_page(graph, most=100))
    assert data["totals"] == {"nodes": len(graph.nodes), "edges": len(graph.edges), "documents": len(graph.documents)}
    assert len(data["nodes"]) == 100 and len(data["edges"]) == len(small.edges) < len(graph.edges)


def test_a_graph_without_positions_is_laid_out() -> None:
    data = data_of(render_page(sample_graph(40)))
    assert len({(n["x"], n["y"]) for n in data["nodes"]}) == len(data["nodes"])


def test_an_empty_graph_has_a_page() -> None:
    assert data_of(render_page(Graph()))["nodes"] == []


def test_mentions_show_the_raw_text_around_them() -> None:
    text = "第一行\n据悉，云岭市公安局今天开会。\n第三行"
    start = text.index("云岭")
    node = Node(id="ORGANIZATION:云岭市公安局", type="ORGANIZATION", label="云岭市公安局", mentions=(NodeMention(
        document="d", source="model", quote=Quote(start=start, end=start + 6, text="云岭市公安局")),))
    document = GraphDocument(id="d", source="d.txt", sha256="0", encoding="utf-8", metadata=Metadata(), text=text)
    page = render_page(Graph(nodes=(node,), documents=(document,)))
    assert unpacked(page, "details")["nodes"][0][0] == [["据悉，", "云岭市公安局", "今天开会。", ""]]


def test_readings_hold_every_way_to_read_a_character() -> None:
    nodes = [Node(id="1", type="LOCATION", label="重庆市"),
             Node(id="2", type="PERSON", label="单点", aliases=("abc𠮷重点",))]
    found = readings(nodes)
    assert found["重"] == "chong zhong" and found["单"] == "dan shan" and found["市"] == "shi"
    assert set(found) == set("重庆市单点")


def test_a_page_of_a_large_graph_brings_sigma_with_its_licences_and_a_small_one_does_not(graph: Graph) -> None:
    small, large = render_page(graph), render_page(lay_out(sample_graph(1700)))
    assert "kgSigma=" not in small and "var kgSigma=" in large
    assert large.count("Permission is hereby granted") >= 4
    data = data_of(large)
    assert data["large"] and len(data["vis"]["nodes"]) == 1500 < len(data["nodes"])
    for drawn in data["vis"]["edges"]:
        told = data["edges"][drawn["id"]]
        assert (drawn["from"], drawn["to"]) == (told["source"], told["target"])


def test_the_language_of_the_page_can_be_chosen(graph: Graph) -> None:
    english, free = render_page(graph, lang="en"), render_page(graph)
    assert '<html lang="en">' in english and "<title>Knowledge graph</title>" in english
    assert data_of(english)["lang"] == "en" and data_of(free)["lang"] == ""


def test_every_text_of_the_page_exists_in_both_languages() -> None:
    folder = HERE.parent / "kg" / "data" / "page"
    texts = yaml.safe_load((folder / "texts.yaml").read_text(encoding="utf-8"))
    assert all(set(entry) == {"zh", "en"} and all(entry.values()) for entry in texts.values())
    code = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.js")))
    used = set(re.findall(r"\btext\('(\w+)'[,)]", code))
    used |= {word for words in re.findall(r"\btext\(\w+ \? '(\w+)' : '(\w+)'", code) for word in words}
    used |= set(re.findall(r'(?:text\("|data-(?:text|label|placeholder)=")(\w+)"',
                           (folder / "page.html").read_text(encoding="utf-8")))
    assert len(used) > 90 and used <= set(texts)
