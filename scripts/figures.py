"""Measure the graph against annotated documents, and write the figures into README.md.

    python scripts/figures.py GOLD_FOLDER TEXT_FOLDER [GOLD_FOLDER TEXT_FOLDER ...] [--update]

A gold file (see kg.evaluate.gold) is paired with the text of the same name. Counts are summed over the documents of
a folder before precision, recall and F1 are taken (micro average).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import kg
from kg.evaluate import Score, evaluate
from kg.evaluate.gold import read_gold

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- figures: scripts/figures.py -->\n", "<!-- end of figures -->\n"
#: Section of an evaluation → its row that holds the sum (none: all rows are added), and what README calls it.
ROWS = {
    "entities, strict": ("all", "entities, by canonical name"),
    "entities, lenient": ("all", "entities, by any name"),
    "relations": ("all", "relations"),
    "actions": ("ACTION", "actions"),
    "arguments": (None, "date, place, target of actions"),
}



def scores(golds: Path, texts: Path) -> tuple[int, dict[str, Score]]:
    """The number of documents, and the summed score of every section."""
    counts: dict[str, Counter[str]] = {section: Counter() for section in ROWS}
    files = sorted(golds.glob("*.json"))
    for path in files:
        date = json.loads(path.read_text(encoding="utf-8")).get("reference_date") or ""
        graph = kg.build([texts / f"{path.stem}.txt"], kg.Settings(date=date)).graph
        found = evaluate(read_gold(path), graph).scores
        for section, (row, _) in ROWS.items():
            for score in [found[section][row]] if row else found[section].values():
                counts[section].update(score.model_dump())
    return len(files), {section: Score(right=c["right"], given=c["given"], asked=c["asked"])
                        for section, c in counts.items()}


def table(pairs: list[tuple[Path, Path]]) -> Iterator[str]:
    yield "| documents | what | in gold | in graph | right | precision | recall | F1 |\n"
    yield "| --- | --- | --: | --: | --: | --: | --: | --: |\n"
    for golds, texts in pairs:
        number, found = scores(golds, texts)
        for section, score in found.items():
            values = (f"{v:.2f}" if v is not None else "–" for v in (score.precision, score.recall, score.f1))
            yield (f"| {golds.name} ({number}) | {ROWS[section][1]} | {score.asked} | {score.given} | {score.right} | "
                   f"{' | '.join(values)} |\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="GOLD_FOLDER TEXT_FOLDER")
    parser.add_argument("--update", action="store_true", help="write the table into README.md")
    options = parser.parse_args()
    if len(options.folders) % 2:
        parser.error("folders come in pairs: gold, texts")
    text = "".join(table(list(zip(options.folders[::2], options.folders[1::2], strict=True))))
    if options.update:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        README.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2], encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
