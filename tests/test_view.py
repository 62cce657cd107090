"""kg view: the part of a graph that its options choose, and the page of it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.errors import GraphError
from kg.export import write_graph
from kg.graph import Edge, Graph, Node
from kg.page.layout import lay_out
from kg.page.view import select

sample_graph = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))["sample_graph"]


def chain() -> Graph:
    """甲 – 乙 – 丙 – 丁, 丁 also beside 甲 in a sentence; documents d0 to d3."""
    nodes = tuple(Node(id=f"ORGANIZATION:{name}", type="ORGANIZATION", label=name, documents=(f"d{i}",))
                  for i, name in enumerate("甲乙丙丁"))
    pairs = [(0, 1, "part_of", 3), (2, 1, "part_of", 1), (2, 3, "established", 1), (3, 0, "co_occurs_with", 1)]
    edges = tuple(Edge(id=f"e{i}", source=nodes[a].id, target=nodes[b].id, relation=relation, label=relation,
                       weight=weight, confidence=1, rule="r", documents=(f"d{a}",))
                  for i, (a, b, relation, weight) in enumerate(pairs))
    return Graph(nodes=nodes, edges=edges)


@pytest.mark.parametrize(("options", "expected"), [
    ({}, "甲乙丙丁"),
    ({"around": "甲"}, "甲乙丁"),
    ({"around": "甲", "relations": ["part_of"]}, "甲乙"),
    ({"around": "甲", "hops": 2, "relations": ["part_of"]}, "甲乙丙"),
    ({"around": "甲", "hops": 0}, "甲"),
    ({"relations": ["established"]}, "丙丁"),
    ({"min_weight": 2}, "甲乙"),
    ({"top": 2, "around": "丁", "hops": 9}, "乙丁"),
    ({"types": ["PERSON"], "around": "甲"}, "甲"),
])
def test_options_choose_a_part(options: dict[str, Any], expected: str) -> None:
    part = select(lay_out(chain()), **options)
    names = sorted((node.label for node in part.nodes), key="甲乙丙丁".index)
    assert "".join(names) == expected
    ids = {node.id for node in part.nodes}
    assert all(edge.source in ids and edge.target in ids for edge in part.edges)


def test_top_keeps_the_most_important_and_their_rank_in_the_whole() -> None:
    graph = lay_out(sample_graph(120))
    part = select(graph, top=20)
    rank = {node.id: node.pagerank for node in graph.nodes}
    assert sorted((n.pagerank for n in part.nodes), reverse=True) == sorted(rank.values(), reverse=True)[:20]
    assert all(node.pagerank == rank[node.id] for node in part.nodes)


def test_a_part_cites_only_its_own_documents() -> None:
    graph = lay_out(sample_graph(120))
    part = select(graph, around=graph.nodes[-1].label)
    cited = {d for thing in (*part.nodes, *part.edges) for d in thing.documents}
    assert {d.id for d in part.documents} == cited and len(part.documents) < len(graph.documents)


def test_what_cant_be_shown_is_said() -> None:
    with pytest.raises(GraphError, match="戊: no node has this name"):
        select(chain(), around="戊")
    with pytest.raises(GraphError, match="nothing is left"):
        select(chain(), types=["PERSON"])


def run(tmp_path: Path, *arguments: str) -> Result:
    write_graph(lay_out(sample_graph(80)), tmp_path / "graph.json")
    return CliRunner().invoke(main, ["view", str(tmp_path), "-o", str(tmp_path / "part.html"), *arguments])


def test_the_command_writes_a_page_that_says_what_it_is_a_part_of(tmp_path: Path) -> None:
    result = run(tmp_path, "--around", "云岭市公安局", "--hops", "1", "--lang", "en", "--no-text")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "part.html").read_text(encoding="utf-8")
    assert "<title>云岭市公安局</title>" in page and '<html lang="en">' in page
    shown, whole = re.search(r"(\d+) of (\d+) nodes", result.output).groups()  # type: ignore[union-attr]
    assert 1 < int(shown) < int(whole) and f'"totals":{{"nodes":{whole},' in page
    assert '<script id="documents" type="text/plain"></script>' in page


def test_types_and_relations_are_named_in_either_language(tmp_path: Path) -> None:
    assert run(tmp_path, "--type", "人物", "--type", "organization", "--relation", "任职").exit_code == 0
    wrong = run(tmp_path, "--type", "动物")
    assert wrong.exit_code == 2 and "动物 is none of PERSON" in wrong.output
    assert run(tmp_path, "--around", "没有的名字").exit_code == 1


def test_open_shows_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run(tmp_path, "--top", "10", "--open").exit_code == 0
    assert opened == [(tmp_path / "part.html").resolve().as_uri()]
