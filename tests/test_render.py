"""graph.html as a file: complete, without addresses, the same each time, and nothing from a document is code in it."""

from __future__ import annotations

import json
import re
import runpy
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Edge, Graph, GraphDocument, Node, NodeMention
from kg.layout import lay_out
from kg.models import Evidence, Metadata, Quote
from kg.render import backbone, render_page, sentence_parts, write_page

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
    return json.loads(Page(page).inside["script"][1])


def test_the_file_needs_nothing_from_anywhere(graph: Graph) -> None:
    page = Page(render_page(graph))
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "img", "base")
        for name in ("src", "href", "action", "srcset", "data"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import", "".join(page.inside["style"]))


def test_the_policy_allows_the_scripts_of_the_page_and_nothing_else(graph: Graph) -> None:
    from base64 import b64encode

    page = Page(render_page(graph))
    policy = next(a["content"] for t, a in page.elements if t == "meta" and "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "http" not in policy
    own = [page.inside["script"][0], page.inside["script"][2], page.inside["style"][0]]
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
    with pytest.raises(OSError, match="disk full"):
        write_page(graph, path)
    assert path.read_text(encoding="utf-8") == "old" and [p.name for p in tmp_path.iterdir()] == ["graph.html"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_whole_and_opens_no_element(text: str) -> None:
    plain, hostile = Page(render_page(hostile_graph("甲"), title="甲")), render_page(hostile_graph(text), title=text)
    page = Page(hostile)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.inside["title"][0] == text
    data = json.loads(page.inside["script"][1])
    assert text in [node["label"] for node in data["vis"]["nodes"]]
    assert data["nodes"][0]["aliases"] == [text]
    assert data["documents"][0]["title"] == text
    assert data["edges"][0]["title"] == text
    assert "".join(part for part, _ in data["edges"][0]["evidence"][0]["parts"]) == f"{text}任{text}的职。"


def test_the_data_block_holds_the_graph(graph: Graph) -> None:
    data = data_of(render_page(graph))
    assert len(data["nodes"]) == len(data["vis"]["nodes"]) == len(graph.nodes)
    assert [node["label"] for node in data["vis"]["nodes"]] == [node.label for node in graph.nodes]
    assert [(node["x"], node["y"]) for node in data["vis"]["nodes"]] == [(node.x, node.y) for node in graph.nodes]
    for edge, drawn, told in zip(graph.edges, data["vis"]["edges"], data["edges"], strict=True):
        assert (drawn["from"], drawn["to"]) == (told["source"], told["target"])
        assert graph.nodes[told["source"]].id == edge.source and graph.nodes[told["target"]].id == edge.target
        assert len(told["evidence"]) + told["moreEvidence"] == len(edge.evidence)
    assert data["vis"]["options"]["physics"]["enabled"] is False


def test_arrows_stand_on_directed_relations_only(graph: Graph) -> None:
    data = data_of(render_page(graph))
    symmetric = {"co_occurs_with", "cooperates_with", "family_of"}
    assert {e["relation"] in symmetric for e in data["edges"]} == {True, False}
    for drawn, told in zip(data["vis"]["edges"], data["edges"], strict=True):
        assert (drawn["arrows"] == "") == (told["relation"] in symmetric)


def edge(number: int, source: str, target: str, relation: str) -> Edge:
    return Edge(id=f"e{number}", source=source, target=target, relation=relation, label=relation, weight=1,
                confidence=1, rule="r")


def test_edges_between_the_same_two_nodes_bend_apart_and_cooccurrence_steps_back() -> None:
    nodes = tuple(Node(id=i, type="ORGANIZATION", label=i) for i in "abc")
    edges = (edge(0, "a", "b", "part_of"), edge(1, "b", "a", "established"), edge(2, "a", "b", "co_occurs_with"),
             edge(3, "a", "c", "co_occurs_with"))
    data = data_of(render_page(Graph(nodes=nodes, edges=edges)))
    assert [e["covered"] for e in data["edges"]] == [False, False, True, False]
    bends = [e["smooth"] for e in data["vis"]["edges"]]
    # the two run in opposite directions: bent to the same hand, they lie on different sides
    assert bends[0]["type"] == bends[1]["type"] and bends[0]["roundness"] == bends[1]["roundness"] > 0
    assert bends[3] is False


def evidence(text: str, **spans: tuple[int, str]) -> Evidence:
    quotes = {name: Quote(start=at, end=at + len(words), text=words, at=at) for name, (at, words) in spans.items()}
    return Evidence(document="d", sentence=Quote(start=0, end=len(text), text=text), rule="r", confidence=1, **quotes)


@pytest.mark.parametrize(("spans", "expected"), [
    ({"head": (0, "张三"), "trigger": (2, "任"), "tail": (3, "某局")},
     ["head:张三", "trigger:任", "tail:某局", ":长。"]),
    ({"head": (0, "张三"), "trigger": (1, "三任")}, ["head:张三", "trigger:任", ":某局长。"]),
    ({"head": (1, "张三")}, [":张三任某局长。"]),
    ({}, [":张三任某局长。"]),
])
def test_sentences_are_cut_at_their_spans(spans: dict[str, tuple[int, str]], expected: list[str]) -> None:
    assert [f"{role}:{text}" for text, role in sentence_parts(evidence("张三任某局长。", **spans))] == expected


@given(st.text(), st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
def test_no_character_of_a_sentence_is_lost(text: str, a: int, b: int, length: int) -> None:
    parts = sentence_parts(evidence(text, head=(a, text[a:a + length]), tail=(b, text[b:b + length])))
    assert "".join(part for part, _ in parts) == text


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
    assert len({(n["x"], n["y"]) for n in data["vis"]["nodes"]}) == len(data["nodes"])


def test_an_empty_graph_has_a_page() -> None:
    assert data_of(render_page(Graph()))["nodes"] == []


def test_mentions_show_the_raw_text_around_them() -> None:
    text = "第一行\n据悉，云岭市公安局今天开会。\n第三行"
    start = text.index("云岭")
    node = Node(id="ORGANIZATION:云岭市公安局", type="ORGANIZATION", label="云岭市公安局", mentions=(NodeMention(
        document="d", source="model", quote=Quote(start=start, end=start + 6, text="云岭市公安局")),))
    document = GraphDocument(id="d", source="d.txt", sha256="0", encoding="utf-8", metadata=Metadata(), text=text)
    mention = data_of(render_page(Graph(nodes=(node,), documents=(document,))))["nodes"][0]["mentions"][0]
    assert mention == {"before": "据悉，", "text": "云岭市公安局", "after": "今天开会。", "raw": ""}


def test_every_text_of_the_page_exists_in_both_languages() -> None:
    folder = HERE.parent / "kg" / "data" / "page"
    texts = yaml.safe_load((folder / "texts.yaml").read_text(encoding="utf-8"))
    assert all(set(entry) == {"zh", "en"} and all(entry.values()) for entry in texts.values())
    code = "".join((folder / name).read_text(encoding="utf-8") for name in ("canvas.js", "panel.js", "page.js"))
    used = set(re.findall(r"\btext\('(\w+)'[,)]", code))
    used |= set(re.findall(r'(?:text\("|data-(?:text|label|placeholder)=")(\w+)"',
                           (folder / "page.html").read_text(encoding="utf-8")))
    assert len(used) > 40 and used <= set(texts)
