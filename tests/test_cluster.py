"""A Ray cluster of two machines, of which one is lost, reads what one process reads. Skipped where Ray isn't."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from kg.assemble import assemble
from kg.cluster import extract_on_ray
from kg.facts import DocumentFacts
from kg.knowledge.ontology import load_ontology
from kg.pipeline import extract, load_tools
from kg.samples import sample_documents
from kg.settings import Settings

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A head without processors and two machines with one each; the driver is connected."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    nodes = [made.add_node(num_cpus=1, object_store_memory=100_000_000) for _ in range(2)]
    ray.init(address=made.address, logging_level="error", log_to_driver=False)
    yield made, nodes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.shutdown()
        made.shutdown()


def test_a_machine_that_is_lost_leaves_no_trace(cluster: Any) -> None:
    made, nodes = cluster
    settings = Settings(engine="ray")
    documents = [each.model_copy(update={"id": f"{each.id}-{i}"}) for i in range(10)
                 for each in sample_documents(settings)]
    found: list[DocumentFacts] = []
    for result in extract_on_ray(documents, settings):
        assert isinstance(result, DocumentFacts), result
        found.append(result)
        if len(found) == 1:
            made.remove_node(nodes[0], allow_graceful=False)
    expected = list(extract(documents, settings, load_tools(settings)))
    assert sorted(found, key=lambda facts: facts.id) == sorted(expected, key=lambda facts: facts.id)
    assert assemble(found, load_ontology(), settings) == assemble(expected, load_ontology(), settings)
