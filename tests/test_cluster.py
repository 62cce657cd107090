"""A Ray cluster of two machines, of which one is lost, gives the bytes of one process. Skipped where Ray isn't."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg import pipeline
from kg.assemble import assemble, spread
from kg.cli import main
from kg.cluster import extract_on_ray
from kg.errors import KGError
from kg.facts import DocumentFacts
from kg.knowledge.ontology import load_ontology
from kg.models import Document
from kg.pipeline import extract, load_tools
from kg.read import Skipped
from kg.samples import sample_documents
from kg.settings import Settings

from .failing import on_the_path

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.filterwarnings("ignore")


class Machines:
    """A head without processors, and machines with one each; the driver is connected."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        self.nodes: list[Any] = []
        self.fill()
        ray.init(address=self.cluster.address, logging_level="error", log_to_driver=False)

    def fill(self) -> None:
        """Two machines, whatever was lost before."""
        while len(self.nodes) < 2:
            self.nodes.append(self.cluster.add_node(num_cpus=1, object_store_memory=100_000_000))
        self.cluster.wait_for_nodes()

    def lose_one(self) -> None:
        if len(self.nodes) > 1:
            self.cluster.remove_node(self.nodes.pop(0), allow_graceful=False)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with pytest.MonkeyPatch.context() as patch:
        on_the_path(tmp_path_factory.mktemp("faults"), patch)
        made = Machines()
        yield made
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.shutdown()
        made.cluster.shutdown()


@pytest.fixture
def machines(started: Machines) -> Machines:
    started.fill()
    return started


def documents(copies: int) -> list[Document]:
    """The sample, several times, so that there are copies of stories and persons of one name."""
    return [each.model_copy(update={"id": f"{each.id}-{i}", "source": f"{i}/{each.source}"}) for i in range(copies)
            for each in sample_documents(Settings())]


def test_a_machine_that_is_lost_while_documents_are_read_leaves_no_trace(machines: Machines) -> None:
    settings, some = Settings(engine="ray"), documents(10)
    found: list[DocumentFacts] = []
    for result in extract_on_ray(some, settings):
        assert isinstance(result, DocumentFacts), result
        found.append(result)
        machines.lose_one()
    expected = list(extract(some, settings, load_tools(settings)))
    assert sorted(found, key=lambda facts: facts.id) == sorted(expected, key=lambda facts: facts.id)


def test_a_machine_that_is_lost_while_they_are_joined_leaves_no_trace(
        machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the rows lie on the machines, spread by what they are grouped by, and are to be grouped."""
    settings = Settings()
    facts = list(extract(documents(6), settings, load_tools(settings)))
    expected = assemble(facts, load_ontology(), settings)
    assert any(document.copy_of for document in expected.documents) and expected.doubts
    go_on, lost = spread._sum, list[int]()

    def lose(*arguments: Any) -> Any:
        if not lost:
            lost.append(1)
            machines.lose_one()
        return go_on(*arguments)

    monkeypatch.setattr(spread, "_sum", lose)
    monkeypatch.setattr(spread, "SENT", 5)
    assert spread.assemble_on_ray(facts[::-1], load_ontology(), settings) == expected
    assert lost


def test_the_command_writes_the_same_bytes(machines: Machines, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    """With a store, and a machine that is lost in the middle."""
    for number, document in enumerate(documents(3)):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number}.txt").write_text(document.text, encoding="utf-8")
    arguments = ["build", str(tmp_path / "in"), "--date", "2023-05-18", "-o"]
    assert CliRunner().invoke(main, [*arguments, str(tmp_path / "plain")]).exit_code == 0

    def lose(*given: Any) -> Iterator[Any]:
        for result in extract_on_ray(*given):
            yield result
            machines.lose_one()

    monkeypatch.setattr(pipeline, "extract_on_ray", lose)
    ran = CliRunner().invoke(main, [*arguments, str(tmp_path / "out"), "--engine", "ray", "--store",
                                    str(tmp_path / "store")])
    assert ran.exit_code == 0, ran.output
    for name in ("graph.graphml", "graph.json", "graph.html"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def test_documents_at_which_a_library_crashes_or_hangs_are_reported(machines: Machines) -> None:
    settings = Settings(engine="ray", time_limit=8)
    bad = [Document(id=name, text=f"这里有{name}。", source=f"{name}.txt", sha256="0" * 64)
           for name in ("崩溃", "死循环", "异常")]
    good = documents(1)
    results = list(extract_on_ray([*bad, *good], settings))
    assert sorted(each.id for each in results if isinstance(each, DocumentFacts)) == sorted(each.id for each in good)
    reasons = {each.source: each.reason for each in results if isinstance(each, Skipped)}
    assert "3 times" in reasons["崩溃.txt"] and "longer than 8 s" in reasons["死循环.txt"]
    assert "RecursionError" in reasons["异常.txt"]


def test_a_machine_that_cannot_load_its_tools_is_told(machines: Machines) -> None:
    with pytest.raises(KGError, match="can't read documents"):
        list(extract_on_ray(documents(1), Settings(engine="ray", model=os.devnull)))
