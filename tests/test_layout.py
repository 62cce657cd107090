"""The layout: the same each time, nothing on top of anything, everything filled in."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time
from hashlib import sha256
from itertools import pairwise
from math import hypot
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KnowledgeError
from kg.graph import Edge, Graph, Node
from kg.knowledge.ontology import load_ontology
from kg.page.drawing import NEARLY_ALL, backbone, keep
from kg.page.layout import lay_out, load_theme, weigh

FIXTURES = Path(__file__).with_name("page_fixtures.py")
sample_graph = runpy.run_path(str(FIXTURES))["sample_graph"]


def small_graph(count: int, pairs: list[tuple[int, int]]) -> Graph:
    nodes = tuple(Node(id=f"PERSON:{i:04d}", type="PERSON", label=f"人{i}") for i in range(count))
    edges = tuple(Edge(id=f"e{k}", source=nodes[a].id, target=nodes[b].id, relation="family_of", label="亲属", weight=1,
                       confidence=1, rule="r") for k, (a, b) in enumerate(pairs))
    return Graph(nodes=nodes, edges=edges)


def overlaps(graph: Graph) -> list[tuple[str, str]]:
    """Pairs of nodes whose discs overlap by more than half a pixel."""
    ordered = sorted(graph.nodes, key=lambda n: n.x)
    widest = 2 * max(n.size for n in ordered)
    found = []
    for i, a in enumerate(ordered):
        for b in ordered[i + 1:]:
            if b.x - a.x > widest:
                break
            if hypot(a.x - b.x, a.y - b.y) < a.size + b.size - 0.5:
                found.append((a.id, b.id))
    return found


@pytest.mark.parametrize("size", [40, 150, 1000])
def test_nodes_do_not_overlap_and_fill_a_landscape_frame(size: int) -> None:
    graph = lay_out(sample_graph(size))
    assert overlaps(graph) == []
    xs, ys = [n.x for n in graph.nodes], [n.y for n in graph.nodes]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    assert 1.1 < width / height < 2.4
    assert 30 < np.sqrt(width * height / len(graph.nodes)) < 160
    assert abs(max(xs) + min(xs)) < 1 and abs(max(ys) + min(ys)) < 1


def test_linked_nodes_stand_nearer_than_others() -> None:
    graph = lay_out(sample_graph(300))
    at = {n.id: (n.x, n.y) for n in graph.nodes}
    linked = [hypot(at[e.source][0] - at[e.target][0], at[e.source][1] - at[e.target][1])
              for e in graph.edges if e.relation in ("part_of", "holds_position", "performs")]
    anyhow = [hypot(a.x - b.x, a.y - b.y) for a, b in pairwise(graph.nodes)]
    assert np.median(linked) < 0.4 * np.median(anyhow)


def test_everything_else_stays_as_it_was() -> None:
    graph = sample_graph(60)
    laid = lay_out(graph)
    filled = {"community", "pagerank", "x", "y", "size", "color"}
    assert laid.edges == graph.edges and laid.documents == graph.documents
    assert [n.model_dump(exclude=filled) for n in laid.nodes] == [n.model_dump(exclude=filled) for n in graph.nodes]


def test_sizes_colours_and_communities() -> None:
    graph = lay_out(sample_graph(200))
    colors = {name: kind.color for name, kind in load_ontology().types.items()}
    assert all(8 <= n.size <= 40 and n.color == colors[n.type] for n in graph.nodes)
    groups = [n.community for n in graph.nodes]
    counts = [groups.count(g) for g in range(max(groups) + 1)]
    assert counts == sorted(counts, reverse=True) and min(counts) > 0 and len(counts) > 3
    acts = np.mean([n.size for n in graph.nodes if n.type == "ACTION"])
    assert acts < np.mean([n.size for n in graph.nodes if n.type == "ORGANIZATION"])


def test_pagerank_agrees_with_networkx_where_all_pulls_are_equal() -> None:
    pairs = [(0, 1), (0, 2), (0, 3), (3, 4), (4, 5), (6, 7)]
    ranks = [n.pagerank for n in lay_out(small_graph(9, pairs)).nodes]
    same = nx.Graph(pairs)
    same.add_node(8)
    expected = nx.pagerank(same, tol=1e-12, max_iter=1000)
    assert sum(ranks) == pytest.approx(1, abs=1e-5)
    assert ranks == pytest.approx([expected[i] for i in range(9)], abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 24).flatmap(lambda n: st.tuples(
    st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40))))
def test_any_small_graph_is_laid_out(case: tuple[int, list[tuple[int, int]]]) -> None:
    """Self-loops, parallel edges, lone nodes and no edges at all."""
    graph = lay_out(small_graph(*case))
    assert all(np.isfinite([n.x, n.y, n.pagerank]).all() for n in graph.nodes)
    assert overlaps(graph) == []
    assert sum(n.pagerank for n in graph.nodes) == pytest.approx(1, abs=1e-4)


def test_small_components_are_packed_around_the_big_one() -> None:
    """A body of forty nodes, fifteen pairs and twenty lone nodes: close together, none on top of another."""
    chain = [(i, i + 1) for i in range(39)] + [(i, i // 3) for i in range(3, 40)]
    graph = lay_out(small_graph(90, chain + [(i, i + 1) for i in range(40, 70, 2)]))
    assert overlaps(graph) == []
    at = np.array([(n.x, n.y) for n in graph.nodes])
    low, high = at.min(axis=0), at.max(axis=0)
    big = at[:40]
    assert np.all(np.abs(big.mean(axis=0)) < 0.25 * (high - low))  # in the middle
    assert all(hypot(*(at[i] - at[i + 1])) < 100 for i in range(40, 70, 2))  # what belongs together stays together
    reach = np.hypot(*(big - big.mean(axis=0)).T).max()
    assert np.hypot(*(at[40:] - big.mean(axis=0)).T).max() < 2.5 * reach  # and nothing drifts off
    assert np.prod(high - low) < 90 * 140**2


def test_communities_stand_apart() -> None:
    """Four dense groups with a few edges between them: nearly everyone's nearest node is of the own group."""
    random = np.random.default_rng(3)
    own = [(30 * g + a, 30 * g + b) for g in range(4) for a, b in random.integers(0, 30, (70, 2)).tolist() if a != b]
    between = [(a, b) for a, b in random.integers(0, 120, (25, 2)).tolist()]
    graph = lay_out(small_graph(120, own + [(30 * g, 30 * g + i) for g in range(4) for i in range(1, 30)] + between))
    at = np.array([(n.x, n.y) for n in graph.nodes])
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + np.diag([np.inf] * 120)
    same = apart.argmin(axis=1) // 30 == np.arange(120) // 30
    assert same.mean() > 0.9


@pytest.mark.parametrize(("kept", "stays"), [(79, False), (80, True), (100, True)])
def test_from_four_fifths_on_a_part_keeps_the_places_of_the_whole(kept: int, stays: bool) -> None:
    graph = lay_out(small_graph(100, [(i, i // 2) for i in range(1, 100)]))
    part = keep(graph, {node.id for node in graph.nodes[:kept]})
    at = {node.id: (node.x, node.y) for node in graph.nodes}
    assert len(part.nodes) == kept and len(part.edges) == kept - 1
    assert all(at[node.id] == (node.x, node.y) for node in part.nodes) == stays
    assert overlaps(part) == []


def test_what_a_page_holds_of_a_large_graph_stands_where_it_stands_in_the_whole(
        monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole is laid out around just that part, so that the page and Gephi show one picture of it."""
    monkeypatch.setitem(load_theme()["limits"], "edges", 150)
    graph = lay_out(sample_graph(400))
    part = backbone(graph, most=400, edges=150)
    at = {node.id: (node.x, node.y) for node in graph.nodes}
    assert 20 < len(part.nodes) < NEARLY_ALL * len(graph.nodes) and len(part.edges) <= 150
    assert all(at[node.id] == (node.x, node.y) for node in part.nodes)
    assert overlaps(part) == []
    assert backbone(graph.model_copy(update={"nodes": weigh(graph).nodes}), most=400, edges=150) == part
    fewer = backbone(graph, most=20)
    assert any(at[node.id] != (node.x, node.y) for node in fewer.nodes)


def test_an_empty_graph_stays_empty() -> None:
    assert lay_out(Graph()) == Graph()


def test_the_picture_does_not_depend_on_the_process() -> None:
    """Other hash seeds, other processes: the same bytes."""
    code = ("import runpy, hashlib; from kg.page.layout import lay_out;"
            f"make = runpy.run_path({str(FIXTURES)!r})['sample_graph'];"
            "print(hashlib.sha256(repr(lay_out(make(400)).nodes).encode()).hexdigest())")
    seen = {sha256(repr(lay_out(sample_graph(400)).nodes).encode()).hexdigest()}
    for seed in ("1", "77"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(FIXTURES.parents[1])}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        seen.add(run.stdout.strip())
    assert len(seen) == 1


def test_a_thousand_nodes_take_a_moment() -> None:
    graph = sample_graph(1000)
    begin = time.process_time()
    lay_out(graph)
    assert time.process_time() - begin < 8  # about 1 s; the rest is for slow machines


def test_a_theme_without_a_type_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = tmp_path / "data" / "page" / "theme.yaml"
    theme.parent.mkdir(parents=True)
    theme.write_text("types:\n  PERSON: {path: M0, scale: 1}\npull:\n  part_of: 0\n", encoding="utf-8")
    monkeypatch.setattr("kg.page.layout.files", lambda _: tmp_path)
    load_theme.cache_clear()
    try:
        with pytest.raises(KnowledgeError) as caught:
            load_theme()
    finally:
        load_theme.cache_clear()
    assert f"{theme}:1: types.ACTION: no path, glyph and scale given" in caught.value.faults
    assert f"{theme}:3: pull.part_of: no number above 0 given" in caught.value.faults
