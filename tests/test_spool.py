"""Graphs larger than memory: the same records and the same files as in memory, and layouts that stay in bounds."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import spool
from kg.assemble import assemble
from kg.export import write_graph
from kg.graph import Edge, Graph, Node
from kg.knowledge.ontology import load_ontology
from kg.page import layout, write_page
from kg.page.layout import lay_out
from kg.pipeline import extract, load_tools
from kg.samples import sample_documents
from kg.settings import Settings
from kg.spool import Sorter, Spool, mapped


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=2))), st.integers(1, 7))
def test_a_sorter_gives_the_same_order_in_memory_and_on_disk(rows: list[tuple[int, str]], run: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "RUN", run)
        patch.setattr(spool, "CHUNK", 2)
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            sorters = [Sorter[int](None), Sorter[int](Path(folder))]
            for number, row in enumerate(rows):
                for sorter in sorters:
                    sorter.add(row, number)
            memory, disk = (list(sorter) for sorter in sorters)
            assert memory == disk == list(sorters[1]) == sorted(memory, key=lambda row: row[0])
            assert not list(Path(folder).iterdir())


def test_a_spool_is_a_sequence(tmp_path: Path) -> None:
    numbers = mapped(Spool(range(1_234), tmp_path), lambda place, number, by: place + number * by, 10)
    assert list(numbers) == list(numbers) == [11 * number for number in range(1_234)]
    assert len(numbers) == 1_234 and numbers[600] == 6_600 and numbers[-1] == 13_563
    assert list(numbers[2:4]) == [22, 33]
    assert [a + b for a, b in zip(numbers, numbers, strict=True)][-1] == 2 * 13_563  # two readers at a time
    with pytest.raises(IndexError):
        numbers[1_234]


def test_a_graph_on_disk_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    facts = list(extract(sample_documents(settings), settings, load_tools(settings)))
    memory = lay_out(assemble(facts, load_ontology(), settings))
    monkeypatch.setattr(spool, "RUN", 50)
    random.Random(1).shuffle(facts)
    disk = lay_out(assemble(facts, load_ontology(), settings, folder=tmp_path))
    assert isinstance(disk.edges, Spool)
    for name in ("graph.json", "graph.graphml", "graph.gexf", "graph.csv"):
        write_graph(memory, tmp_path / f"memory.{name}")
        write_graph(disk, tmp_path / f"disk.{name}")
    write_page(memory, tmp_path / "memory.graph.html")
    write_page(disk, tmp_path / "disk.graph.html")
    for path in tmp_path.glob("memory.*"):
        assert path.read_bytes() == (tmp_path / path.name.replace("memory", "disk")).read_bytes(), path.name


def large(nodes: int) -> Graph:
    """A graph with a centre, a chain, and pairs apart from all."""
    made = tuple(Node(id=f"PERSON:{i:05}", type="PERSON", label=f"{i}") for i in range(nodes))
    ends = [(0, i) for i in range(1, nodes // 2)]
    ends += [(i, i + 1) for i in range(nodes // 2, nodes // 2 + 60)]
    ends += [(i, i + 1) for i in range(nodes // 2 + 62, nodes - 1, 2)]
    return Graph(nodes=made, edges=tuple(
        Edge(id=f"e{at}", source=made[a].id, target=made[b].id, relation="family_of", label="亲属", weight=1.0,
             confidence=0.9, rule="test") for at, (a, b) in enumerate(ends)))


def test_beyond_the_most_important_nodes_each_stands_by_a_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "MOST", 40)
    graph = lay_out(large(400))
    assert graph == lay_out(large(400))
    places = np.array([(node.x, node.y) for node in graph.nodes])
    assert np.isfinite(places).all() and len(np.unique(places, axis=0)) == len(places)
    community = [node.community for node in graph.nodes]
    assert len({community[i] for i in range(200)}) == 1, "all of the star are of one community"
    sizes = [community.count(number) for number in range(max(community) + 1)]
    assert sizes == sorted(sizes, reverse=True) and min(sizes) > 0
    gaps = np.linalg.norm(places[1:200] - places[0], axis=1)
    assert gaps.max() < np.linalg.norm(places[262:] - places[0], axis=1).max()


def test_the_page_of_a_large_graph_is_bounded_by_its_edges_too(tmp_path: Path) -> None:
    from kg.page.drawing import backbone

    graph = lay_out(large(300))
    part = backbone(graph, 200, edges=50)
    assert 0 < len(part.edges) <= 50 and len(part.nodes) < 200
    assert "PERSON:00000" in {node.id for node in part.nodes}
