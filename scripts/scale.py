"""How time and memory of `kg build` grow with the documents: a table, its exponent, and a plot.

    python scripts/scale.py ../shared/data/news --counts 100 1000 4700 20000 100000

Documents are made of sentences of the pool, drawn at random, 200 to 300 characters each, so that there are as many as
are asked for and no document is twice there. Every point is two commands of its own on a fresh store: the first reads
everything, the second finds nothing changed. Besides the time on the clock, which other work on the machine prolongs,
stands what all processes of the command spent on the processor. Memory is the highest sum of the resident sizes of all
processes of a command, looked at ten times a second; what processes share counts for each. Writes scale.md, scale.json
and scale.svg into --output; --read scale.json only draws again.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from kg.read import read
from kg.settings import Settings

SHORTEST, LONGEST = 200, 300


@dataclass(frozen=True)
class Point:
    """Seconds and bytes for so many documents; `again`: of the second build; `spent`: on the processor."""

    documents: int
    characters: int
    seconds: float
    spent: float
    memory: int
    again: float
    store: int
    files: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*")
    parser.add_argument("--counts", nargs="+", type=int, default=[100, 1_000, 4_700, 20_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("outputs/scale"))
    parser.add_argument("--work", type=Path, help="where documents, stores and graphs are made; default: a new folder")
    parser.add_argument("--read", type=Path, help="a scale.json to draw again")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    if options.read:
        points = [Point(**each) for each in json.loads(options.read.read_text(encoding="utf-8"))]
    else:
        documents, _ = read(options.inputs, Settings())
        pool = sentences(document.text for document in documents)
        points = []
        for count in sorted(options.counts):
            with tempfile.TemporaryDirectory(dir=options.work) as folder:
                points.append(measure(pool, count, options.workers, Path(folder)))
            (options.output / "scale.json").write_text(json.dumps([asdict(point) for point in points], indent=1))
            print(table(points[-1:]).splitlines()[-1], flush=True)
    (options.output / "scale.md").write_text(text := report(points, options.workers), encoding="utf-8")
    draw(points, options.output / "scale.svg")
    print(text)


def sentences(texts: Iterator[str]) -> list[str]:
    """The sentences of all texts that are neither very short nor very long, each once."""
    found = (sentence.strip() for text in texts for sentence in re.findall("[^。！？\n]+[。！？]", text))
    return sorted({sentence for sentence in found if 12 <= len(sentence) <= 120})


def recombined(pool: Sequence[str], count: int) -> Iterator[str]:
    """So many texts of random sentences; the same each time."""
    draw_ = random.Random(1)
    for _ in range(count):
        length, text = draw_.randint(SHORTEST, LONGEST), ""
        while len(text) < length:
            text += draw_.choice(pool)
        yield text


def measure(pool: Sequence[str], count: int, workers: int, folder: Path) -> Point:
    """Build twice from so many documents."""
    characters = 0
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as out:
        for number, text in enumerate(recombined(pool, count)):
            characters += len(text)
            row = {"id": f"d{number:06}", "text": text, "date": "2022-09-13"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "kg", "build", str(folder / "documents.jsonl"), "--workers", str(workers),
               "--store", str(folder / "store"), "-o", str(folder / "out")]
    took, spent, memory = run(command)
    again, _, _ = run(command)
    return Point(count, characters, round(took, 2), round(spent, 2), memory, round(again, 2),
                 size(folder / "store" / "facts") + size(folder / "store" / "taggings"), size(folder / "out"))


def run(command: Sequence[str]) -> tuple[float, float, int]:
    """Seconds of a command, on the clock and on the processor, and the most bytes that it and all its children held."""
    begin, before, most = time.perf_counter(), children_spent(), 0
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, sum(map(resident, [process, *children(process)])))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - begin, children_spent() - before, most


def children_spent() -> float:
    """Seconds on the processor of all children that ended, and of theirs."""
    times = resource.getrusage(resource.RUSAGE_CHILDREN)
    return times.ru_utime + times.ru_stime


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# ------------------------------------------------------------------------------------------ showing


def exponent(points: Sequence[Point], what: str) -> float | None:
    """The slope of a figure over documents in logarithms, by least squares, from 1,000 documents on."""
    rest = [(math.log(point.documents), math.log(getattr(point, what)))
            for point in points if point.documents >= 1_000]
    if len(rest) < 2:
        return None
    x, y = (sum(values) / len(rest) for values in zip(*rest, strict=True))
    return sum((a - x) * (b - y) for a, b in rest) / sum((a - x) ** 2 for a, _ in rest)


def table(points: Sequence[Point]) -> str:
    head = ("| documents | characters | seconds | processor, s | ms a document | peak memory, MB | second build, s "
            "| store, MB | files, MB |\n" + "| --: " * 9 + "|")
    rows = [f"| {p.documents:,} | {p.characters:,} | {p.seconds:,.1f} | {p.spent:,.1f} "
            f"| {1000 * p.seconds / p.documents:.1f} | {p.memory / 1e6:,.0f} | {p.again:,.1f} "
            f"| {p.store / 1e6:,.1f} | {p.files / 1e6:,.1f} |" for p in points]
    return "\n".join([head, *rows])


def report(points: Sequence[Point], workers: int) -> str:
    time_, work = exponent(points, "seconds"), exponent(points, "spent")
    said = "" if time_ is None else (f"\nTime grows with the documents, from 1,000 on, to the power of {time_:.3f}, "
                                     f"work of the processor to the power of {work:.3f}.\n")
    return f"`kg build --workers {workers} --store`, {len(points)} points\n\n{table(points)}\n{said}"


def draw(points: Sequence[Point], path: Path) -> None:
    """Time and memory over documents, both axes in logarithms."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    counts = [point.documents for point in points]
    axes[0].loglog(counts, [point.seconds for point in points], "o-", label="first build")
    axes[0].loglog(counts, [point.again for point in points], "s--", label="second build")
    axes[0].set(xlabel="documents", ylabel="seconds")
    axes[0].legend()
    axes[1].loglog(counts, [point.memory / 1e6 for point in points], "o-", color="tab:green")
    axes[1].set(xlabel="documents", ylabel="peak memory of all processes, MB")
    for each in axes:
        each.grid(True, which="major", alpha=0.3)
    figure.savefig(path)


if __name__ == "__main__":
    main()
