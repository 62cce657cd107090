"""What it costs to write a large graph in every format, beside networkx's own GraphML writers, in one run.

    python scripts/benchmark_exports.py [--nodes 100000] [--edges 500000] [--only .graphml]

The graph is made up: Chinese names, every edge with a sentence as evidence. Each writer runs in a process of its own
that is forked when the graph is there; its figures are CPU seconds, and the peak of memory above that of the graph.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx

from kg.export import EXPORTERS
from kg.export.columns import EDGE_COLUMNS, NODE_COLUMNS, written
from kg.graph import Edge, Graph, Node
from kg.models import Evidence, Quote

TYPES = ("PERSON", "ORGANIZATION", "LOCATION", "DOCUMENT")
RELATIONS = {"holds_position": "任职", "part_of": "隶属", "located_in": "位于", "co_occurs_with": "共现"}
SENTENCE = "青岚市公安局第{}号通报说，当天在云岭县召开现场会，部署下一阶段的巡逻防控工作。"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=500_000)
    parser.add_argument("--only", nargs="*", default=[], help="formats, by suffix")
    options = parser.parse_args()
    graph = made_up(options.nodes, options.edges)
    flat = flattened(graph)
    writers: dict[str, Callable[[Path], object]] = {
        "networkx.write_graphml_xml": lambda path: networkx.write_graphml_xml(flat, path),
        "networkx.write_graphml_lxml": lambda path: networkx.write_graphml_lxml(flat, path),
        **{suffix: lambda path, write=write: write(graph, path) for suffix, write in EXPORTERS.items()
           if not options.only or suffix in options.only}}
    print(f"{options.nodes} nodes, {options.edges} edges\n")
    print("| writer | CPU s | memory MB | file MB |\n| --- | --: | --: | --: |")
    for name, write in writers.items():
        cpu, memory, size = measured(write, name if name.startswith(".") else ".graphml")
        print(f"| {name} | {cpu:.1f} | {memory / 1e6:.0f} | {size / 1e6:.0f} |", flush=True)


def measured(write: Callable[[Path], object], suffix: str) -> tuple[float, float, float]:
    """CPU seconds, bytes of memory above those of this process, and bytes written."""
    fork = multiprocessing.get_context("fork")
    answer = fork.SimpleQueue()

    def run(path: Path) -> None:
        before = resident()
        start = time.process_time()
        write(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answer.put((time.process_time() - start, max(0, peak - before)))

    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / f"graph{suffix}"
        process = fork.Process(target=run, args=(path,))
        process.start()
        process.join()
        cpu, memory = answer.get() if process.exitcode == 0 else (float("nan"), float("nan"))
        files = [path] if path.is_file() else path.glob("*")
        return cpu, memory, float(sum(file.stat().st_size for file in files))
    finally:
        shutil.rmtree(folder)


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def made_up(nodes: int, edges: int) -> Graph:
    chance = random.Random(1)
    people = tuple(Node.model_construct(
        id=f"{TYPES[i % 4]}:名称{i}", type=TYPES[i % 4], label=f"名称{i}", aliases=(f"简称{i}",), documents=("甲.txt",),
        x=chance.uniform(-1e4, 1e4), y=chance.uniform(-1e4, 1e4), pagerank=1 / nodes) for i in range(nodes))
    names = list(RELATIONS)
    return Graph.model_construct(nodes=people, edges=tuple(
        edge(i, chance.choice(people).id, chance.choice(people).id, names[i % 4]) for i in range(edges)))


def edge(number: int, source: str, target: str, relation: str) -> Edge:
    sentence = Quote.model_construct(start=0, end=40, text=SENTENCE.format(number))
    evidence = Evidence.model_construct(document="甲.txt", sentence=sentence, rule="test", confidence=0.9)
    return Edge.model_construct(id=f"{relation}:{number}", source=source, target=target, relation=relation,
                                label=RELATIONS[relation], weight=1.0, confidence=0.9, rule="test",
                                documents=("甲.txt",), evidence=(evidence,))


def flattened(graph: Graph) -> networkx.MultiDiGraph:
    """The graph with the columns of GraphML, as networkx's writers want it."""
    flat: networkx.MultiDiGraph = networkx.MultiDiGraph()
    for columns, records, add in (
            (NODE_COLUMNS, graph.nodes, lambda n, values: flat.add_node(n.id, **values)),
            (EDGE_COLUMNS, graph.edges, lambda e, values: flat.add_edge(e.source, e.target, key=e.id, **values))):
        for record in records:
            add(record, {c.name: value for c in columns if (value := written(c, record)) is not None})
    return flat


if __name__ == "__main__":
    main()
