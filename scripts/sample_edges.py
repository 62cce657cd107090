"""Draw edges of a graph at random for a person to judge, and sum the judgements up.

    python scripts/sample_edges.py draw NEWS.jsonl.gz:12 [MORE.jsonl.gz:6 ...] -o edges.csv --seed 1 [--skip FOLDER]
    python scripts/sample_edges.py report edges.csv [MORE.csv ...]

`draw` takes so many articles of each file at random (none whose id is the name of a file in a --skip folder), builds
one graph of them and draws edges, co-occurrence left out. The relations share the edges evenly as far as they have so
many, so that rare ones are seen; the column `in_graph` says how many edges of its relation an edge stands for. The
articles are written beside the CSV as text, for whoever judges. The same seed draws the same.

Fill the column `verdict` with right, wrong or disputed (by the conventions of the ontology), `cause` with a word or two
for what is wrong. `report` prints precision by relation, over all edges as they occur in the graph, the causes, and
the reliability table: the confidence that was said, and the share that is right. Disputed edges count on neither side.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluate.reliability import reliability
from kg.graph import CO_OCCURRENCE, Edge, Graph
from kg.pipeline import build
from kg.show import table

COLUMNS = ("id", "relation", "source", "target", "said", "confidence", "rule", "in_graph", "document", "sentence",
           "verdict", "cause")
#: Columns of an article that are given to kg; a corpus may have others that mean something else there.
FIELDS = ("id", "title", "text", "date")
VERDICTS = ("right", "wrong", "disputed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("draw", help="draw edges into a CSV")
    one.add_argument("files", nargs="+", metavar="FILE:N", help="JSON lines with id, text, title, date; gzip or plain")
    one.add_argument("-o", "--output", type=Path, required=True)
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--edges", type=int, default=200)
    one.add_argument("--skip", type=Path, action="append", default=[], metavar="FOLDER_OR_CSV",
                     help="leave out articles that have a file here, or that an earlier draw holds")
    two = commands.add_parser("report", help="sum up judged CSVs")
    two.add_argument("files", nargs="+", type=Path, metavar="CSV")
    options = parser.parse_args()
    if options.command == "report":
        print(report([row for path in options.files for row in read_judged(path)]))
        return 0
    articles = draw_articles(options.files, options.skip, options.seed)
    graph = build_graph(articles)
    rows = draw_edges(graph, options.edges, options.seed)
    with options.output.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    text = "\n\n".join(f"== {a['id']} {a.get('date', '')} {a.get('title', '')}\n{a['text']}" for a in articles)
    options.output.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
    print(f"{len(rows)} edges of {len(articles)} articles", file=sys.stderr)
    return 0


# ----------------------------------------------------------------------------------------- draw


def draw_articles(files: Sequence[str], skip: Sequence[Path], seed: int) -> list[dict[str, str]]:
    """So many articles of each file (`path:number`), in the order of the file."""
    left_out = {name for path in skip for name in _names(path)}
    chosen = []
    for file in files:
        path, _, number = file.rpartition(":")
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row["id"] not in left_out]
        if not number.isdecimal() or int(number) > len(rows):
            raise SystemExit(f"{file}: write FILE:N, with N at most {len(rows)}, which are left in it")
        drawn = sorted(random.Random(f"{seed} {Path(path).name}").sample(range(len(rows)), int(number)))
        chosen += [rows[i] for i in drawn]
    return chosen


def _names(path: Path) -> Iterable[str]:
    """The names of articles that a folder of files, or the text beside an earlier draw, holds."""
    if path.is_dir():
        return {file.stem for file in path.iterdir()}
    lines = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return {line.split(" ")[1] for line in lines if line.startswith("== ")}


def build_graph(articles: Sequence[dict[str, str]]) -> Graph:
    """One graph of all articles."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        lines = (json.dumps({k: a[k] for k in FIELDS if k in a}, ensure_ascii=False) + "\n" for a in articles)
        file.write_text("".join(lines), encoding="utf-8")
        return build([file]).graph


def draw_edges(graph: Graph, number: int, seed: int) -> list[dict[str, str]]:
    """Rows of the CSV without a verdict, by document and place in it."""
    by_relation: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.relation != CO_OCCURRENCE:
            by_relation[edge.relation].append(edge)
    shares = even_shares({name: len(edges) for name, edges in by_relation.items()}, number)
    drawn = [edge for name in sorted(by_relation)
             for edge in random.Random(f"{seed} {name}").sample(by_relation[name], shares[name])]
    nodes = {node.id: node for node in graph.nodes}

    def label(ident: str) -> str:
        node = nodes[ident]
        doubt = [v for v in (node.attributes.get("polarity"), node.attributes.get("certainty"))
                 if v and v not in ("positive", "fact")]
        return f"{node.type} {node.label}" + (f" [{' '.join(doubt)}]" if doubt else "")

    rows = []
    for edge in sorted(drawn, key=lambda e: (e.evidence[0].document, e.evidence[0].sentence.start, e.id)):
        said = " ".join(filter(None, (*edge.qualities, edge.date)))
        rows.append(dict(zip(COLUMNS, (
            edge.id, edge.relation, label(edge.source), label(edge.target), said, f"{edge.confidence:.3f}",
            edge.rule, str(len(by_relation[edge.relation])), edge.evidence[0].document,
            edge.best_sentence, "", ""), strict=True)))
    return rows


def even_shares(counts: dict[str, int], number: int) -> dict[str, int]:
    """Share `number` evenly among kinds, none of which gets more than it has.

    >>> even_shares({"a": 2, "b": 50, "c": 50}, 20)
    {'a': 2, 'b': 9, 'c': 9}
    """
    shares: dict[str, int] = {}
    left = number
    for done, name in enumerate(sorted(counts, key=lambda n: (counts[n], n))):
        shares[name] = min(counts[name], left // (len(counts) - done))
        left -= shares[name]
    return shares


# --------------------------------------------------------------------------------------- report


@dataclass(frozen=True)
class Judged:
    """A judged edge; `weight` is the number of edges in its graph for which it stands."""

    relation: str
    confidence: float
    verdict: str
    cause: str
    weight: float


def read_judged(path: Path) -> list[Judged]:
    """The judged rows of one draw. Raises SystemExit where a verdict is none of the three."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn = Counter(row["relation"] for row in rows)
    found = []
    for number, row in enumerate(rows, 2):
        if row["verdict"] not in VERDICTS:
            raise SystemExit(f"{path}:{number}: the verdict {row['verdict']!r} is none of {', '.join(VERDICTS)}")
        found.append(Judged(row["relation"], float(row["confidence"]), row["verdict"], row["cause"],
                            int(row["in_graph"]) / drawn[row["relation"]]))
    return found


def report(judged: Sequence[Judged]) -> str:
    """Precision by relation, causes of errors, and the reliability table."""
    relations = sorted({j.relation for j in judged})
    rows = [_counts(name, [j for j in judged if j.relation == name]) for name in relations]
    rows += [_counts("all that were drawn", judged)]
    certain = [j for j in judged if j.verdict != "disputed"]
    parts = [table(["relation", "judged", "right", "wrong", "disputed", "precision"], rows),
             f"as they occur in the graph: {_share(certain, weighted=True)}"]
    causes = Counter((j.cause or "?") for j in judged if j.verdict == "wrong")
    parts.append(table(["cause", "wrong"], [[c, str(n)] for c, n in sorted(causes.items(), key=lambda i: (-i[1], i))]))
    parts.append(reliability((j.confidence, j.verdict == "right", j.weight) for j in certain))
    return "\n\n".join(parts)


def _counts(name: str, judged: Sequence[Judged]) -> list[str]:
    counts = Counter(j.verdict for j in judged)
    certain = [j for j in judged if j.verdict != "disputed"]
    return [name, str(len(judged)), *(str(counts[v]) for v in VERDICTS), _share(certain)]


def _share(judged: Sequence[Judged], *, weighted: bool = False) -> str:
    """The share that is right, `-` of nothing."""
    total = sum(j.weight if weighted else 1 for j in judged)
    right = sum(j.weight if weighted else 1 for j in judged if j.verdict == "right")
    return f"{right / total:.3f}" if total else "-"


if __name__ == "__main__":
    sys.exit(main())
