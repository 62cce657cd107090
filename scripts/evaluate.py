#!/usr/bin/env python3
"""Score kg on documents with gold, by stage and relation, and hold the figures to their floors.

    python scripts/evaluate.py GOLD_DIR... [--texts DIR] [--errors] [--reliability] [--model NAME ...]
                               [--floors FILE [--update]]

Each gold file `<id>.json` is scored on a graph built from `<id>.txt` alone, which lies beside it or in --texts;
the gold's own reference date stands in for a date that the page doesn't state. Figures are micro-averaged over the
files of a directory. --reliability adds what share of edges and acts is right by the confidence that they said; what
gold calls uncertain is left out. With several --model the last table of a directory sets them side by side: F1 of each
row, and by how much the first model's is above that of the others. With --floors the exit code is 1 if a figure of the
first model has fallen below its floor; --update raises the floors to the figures (rounded down to two places), and
lowers none.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from kg.evaluate import Evaluation, Score, evaluate
from kg.evaluate.gold import read_gold
from kg.evaluate.reliability import reliability
from kg.pipeline import build
from kg.settings import Settings
from kg.show import table
from kg.taggers import Tagger, open_tagger

#: Rows that have a floor; the others are too small to hold anyone to.
GUARDED = ("entities, strict: all", "relations: all", "relations: holds_position", "relations: located_in",
           "relations: part_of", "actions: ACTION")


def main() -> int:
    parser = argparse.ArgumentParser(description="Score kg on documents with gold.")
    parser.add_argument("directories", nargs="+", type=Path, metavar="GOLD_DIR")
    parser.add_argument("--texts", type=Path, help="where the texts are, if not beside the gold")
    parser.add_argument("--model", action="append", help="a model of `kg models list` or a directory; repeatable")
    parser.add_argument("--errors", action="store_true", help="list what was missed and what was wrong")
    parser.add_argument("--reliability", action="store_true", help="what is right by the confidence that was said")
    parser.add_argument("--floors", type=Path, help="JSON file: directory name → row → least F1")
    parser.add_argument("--update", action="store_true", help="raise the floors to these figures")
    args = parser.parse_args()
    taggers = {name: open_tagger(name) for name in args.model or ["default"]}
    figures = {}
    for directory in args.directories:
        by_model = {}
        for model, tagger in taggers.items():
            evaluations = [score(path, args.texts, tagger) for path in sorted(directory.glob("*.json"))]
            by_model[model] = summed(evaluations)
            label = directory.name if len(taggers) == 1 else f"{directory.name} with {model}"
            print(report(label, evaluations, by_model[model], errors=args.errors))
            if args.reliability:
                print(reliability((said, right, 1.0) for e in evaluations for said, right in e.judged), end="\n\n")
        if len(taggers) > 1:
            print(side_by_side(directory.name, by_model))
        figures[directory.name] = next(iter(by_model.values()))
    return hold(figures, args.floors, args.update) if args.floors else 0


def score(path: Path, texts: Path | None, tagger: Tagger) -> Evaluation:
    """Build a graph of the document that `path` is the gold of, beside it or in `texts`, and score it."""
    gold = read_gold(path)
    date = json.loads(path.read_text(encoding="utf-8")).get("reference_date") or ""
    text = path.with_name(f"{gold.document}.txt")
    if texts is not None and not text.exists():
        text = texts / text.name
    graph = build([text], Settings(date=date), tagger=tagger).graph
    return evaluate(gold, graph)


def summed(evaluations: Iterable[Evaluation]) -> dict[str, Score]:
    """Counts added over documents, by row `section: name`."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for evaluation in evaluations:
        for section, rows in evaluation.scores.items():
            for name, one in rows.items():
                for i, value in enumerate((one.right, one.given, one.asked)):
                    counts[f"{section}: {name}"][i] += value
    return {row: Score(right=r, given=g, asked=a) for row, (r, g, a) in counts.items()}


def side_by_side(name: str, by_model: dict[str, dict[str, Score]]) -> str:
    """F1 of each row with each model, and how much higher that of the first is; rows that the gold has."""
    first, *others = by_model
    rows = []
    for row, score in sorted(by_model[first].items(), key=lambda item: (item[0].partition(":")[0],
                                                                        item[0].endswith("all"))):
        values = [by_model[model].get(row, Score(right=0, given=0, asked=score.asked)).f1 for model in by_model]
        if score.asked:
            rows.append([row, str(score.asked), *map(shown, values),
                         *(f"{(values[0] or 0) - (value or 0):+.3f}" for value in values[1:])])
    return table([name, "gold", *(f"F1 {model}" for model in by_model), *(f"{first} - {model}" for model in others)],
                 rows) + "\n"


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def report(name: str, evaluations: list[Evaluation], totals: dict[str, Score], *, errors: bool) -> str:
    order = {row: i for e in evaluations
             for i, row in enumerate(f"{section}: {name}" for section, rows in e.scores.items() for name in rows)}
    rows = [[row, str(s.asked), str(s.given), str(s.right), shown(s.precision), shown(s.recall), shown(s.f1)]
            for row, s in sorted(totals.items(), key=lambda item: (item[0].partition(":")[0], item[0].endswith("all"),
                                                                   order.get(item[0], 0)))]
    parts = [table([f"{name}, {len(evaluations)} documents", "gold", "graph", "right", "P", "R", "F1"], rows)]
    if errors:
        for evaluation in evaluations:
            parts.append("\n".join([f"== {evaluation.document}", *(f"{kind}: {line}" for kind, lines in
                                                                 evaluation.errors.items() for line in lines)]))
    return "\n\n".join(parts) + "\n"


def hold(figures: dict[str, dict[str, Score]], path: Path, update: bool) -> int:
    """Compare with the floors, or raise them."""
    floors = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    fallen = []
    for directory, totals in figures.items():
        kept = floors.setdefault(directory, {})
        for row in GUARDED:
            value = totals[row].f1 if row in totals else None
            if value is None:
                continue
            if value < kept.get(row, 0.0):
                fallen.append(f"{directory}: {row} is {value:.3f}, its floor {kept[row]}")
            if update:
                kept[row] = max(kept.get(row, 0.0), math.floor(value * 100) / 100)
    if update:
        path.write_text(json.dumps(floors, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print("\n".join(fallen) or "no figure has fallen below its floor", file=sys.stderr)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
