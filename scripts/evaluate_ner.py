"""Strict entity scores of taggers on annotated files, several models in the same run.

    python scripts/evaluate_ner.py ../shared/data/ner/msra.dev.jsonl.gz [FILE ...] [--model default --model lac]
    python scripts/evaluate_ner.py --gold ../shared/data/gold_news [--model ...]

A name counts if start, end and type are right. Files are JSON lines, gzip-compressed or not: {"text", "entities":
[{"start", "end", "type"}]}; types that a file doesn't have aren't scored on it. With --gold a folder of documents
<id>.txt with entities in <id>.json: the share of entities of which the model marks at least one written form as such,
wholly or inside a longer name, a rough measure of recall on news without offsets. Beside that, what share of the
names is right where the model is more or less sure of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from kg.taggers import Tagger, Tagging, open_tagger

NAMES = ("PERSON", "ORGANIZATION", "LOCATION")
TYPES = (*NAMES, "DATE", "POSITION")
#: Bounds of the classes of confidence whose names are counted apart.
CONFIDENCES = (0.0, 0.5, 0.7, 0.9, 0.95, 1.0)
Name = tuple[int, int, str]
Record = dict[str, object]


def read_records(path: Path) -> list[Record]:
    """The records of a file of JSON lines."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in content.decode("utf-8").split("\n") if line]


def names_of(tagging: Tagging) -> set[Name]:
    """What a tagger found."""
    return {(m.start, m.end, m.type) for m in tagging.mentions}


def scores(gold: Sequence[set[Name]], found: Sequence[set[Name]], types: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """Precision, recall, F1 in percent and the number of names in the gold, of each type and of all types.

    >>> scores([{(0, 2, "PERSON")}], [{(0, 2, "PERSON"), (3, 4, "PERSON")}], ["PERSON"])["PERSON"]
    (50.0, 100.0, 66.67, 1)
    """
    count: Counter[tuple[str, str]] = Counter()
    for right, ours in zip(gold, found, strict=True):
        for side, names in (("gold", right), ("found", ours), ("both", right & ours)):
            count.update((side, name[2]) for name in names)
    types = list(types)
    table = {}
    for row, kinds in [*((kind, [kind]) for kind in types), ("all", types)]:
        both, asked, given = (sum(count[side, kind] for kind in kinds) for side in ("both", "gold", "found"))
        table[row] = (round(100 * both / max(given, 1), 2), round(100 * both / max(asked, 1), 2),
                      round(200 * both / max(asked + given, 1), 2), asked)
    return table


def reliability(judged: Sequence[tuple[float, bool]]) -> str:
    """What share of the names is right in each class of confidence.

    >>> reliability([(0.4, False), (0.6, True), (0.97, True), (1.0, True)])
    'right, by confidence: 0.0-0.5 0 % of 1, 0.5-0.7 100 % of 1, 0.95-1.0 100 % of 2'
    """
    if all(sure == 1 for sure, _ in judged):
        return "no confidence"
    classes = [(low, high, [right for sure, right in judged if low <= sure < high or sure == high == 1])
               for low, high in pairwise(CONFIDENCES)]
    return "right, by confidence: " + ", ".join(
        f"{low}-{high} {100 * sum(right) / len(right):.0f} % of {len(right)}" for low, high, right in classes if right)


def evaluate_file(path: Path, taggers: dict[str, Tagger], types: Sequence[str]) -> None:
    """Print the scores of all taggers on one file."""
    records = read_records(path)
    texts = [str(record["text"]) for record in records]
    gold = [{(e["start"], e["end"], e["type"]) for e in record["entities"]} for record in records]  # type: ignore[attr-defined]
    present = [kind for kind in types if any(name[2] == kind for names in gold for name in names)]
    characters = sum(map(len, texts))
    print(f"\n{path.name}: {len(texts)} texts, {characters} characters")
    for label, tagger in taggers.items():
        began = time.perf_counter()
        taggings = tagger(texts)
        speed = characters / (time.perf_counter() - began)
        found = [names_of(tagging) for tagging in taggings]
        print(f"  {label} ({tagger.id}), {speed:,.0f} characters a second")
        for row, (precision, recall, f1, asked) in scores(gold, found, present).items():
            print(f"    {row:13} P {precision:6.2f}  R {recall:6.2f}  F1 {f1:6.2f}  of {asked}")
        judged = [(m.confidence, (m.start, m.end, m.type) in right)
                  for tagging, right in zip(taggings, gold, strict=True) for m in tagging.mentions if m.type in present]
        print(f"    {reliability(judged)}")


def sentences(text: str) -> list[str]:
    """Lines, cut after the marks that end a sentence."""
    for mark in "。！？":
        text = text.replace(mark, mark + "\n")
    return [line for line in text.split("\n") if line.strip()]


def evaluate_gold(folder: Path, taggers: dict[str, Tagger]) -> None:
    """Print how many of the entities of gold documents each tagger marks, exactly or within a longer name."""
    documents = [(path.with_suffix(".txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8")))
                 for path in sorted(folder.glob("*.json"))]
    print(f"\n{folder.name}: {len(documents)} documents")
    for label, tagger in taggers.items():
        count: Counter[tuple[str, str]] = Counter()
        judged: list[tuple[float, bool]] = []
        for text, gold in documents:
            mentions = [m for tagging in tagger(sentences(text)) for m in tagging.mentions if m.type in NAMES]
            marked, entities = {(m.text, m.type) for m in mentions}, gold["entities"]
            known = {(form, str(entity["type"])) for entity in entities for form in forms_of(entity, text)}
            count.update(match_entities(text, entities, marked))
            count.update((kind, "other") for _, kind in marked - known)
            judged += [(m.confidence, (m.text, m.type) in known) for m in mentions]
        print(f"  {label} ({tagger.id})")
        for kind in NAMES:
            asked, exact, within = (count[kind, what] for what in ("asked", "exact", "within"))
            print(f"    {kind:13} exact {exact:4} ({100 * exact / max(asked, 1):5.1f} %)  "
                  f"with longer {exact + within:4} ({100 * (exact + within) / max(asked, 1):5.1f} %)  of {asked}; "
                  f"marked forms that are no entity's: {count[kind, 'other']}")
        print(f"    {reliability(judged)}")


def forms_of(entity: Record, text: str) -> set[str]:
    """The written forms of a gold entity that the text has."""
    forms = {str(form) for key in ("aliases", "also_accept") for form in entity.get(key, ())}  # type: ignore[attr-defined]
    return {form for form in forms | {str(entity["name"])} if form in text}


def match_entities(text: str, entities: Iterable[Record], marked: set[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """(type, asked | exact | within) for the certain entities that the text names."""
    for entity in entities:
        kind, forms = str(entity["type"]), forms_of(entity, text)
        if entity.get("uncertain") or not forms or kind not in NAMES:
            continue
        yield kind, "asked"
        if any((form, kind) in marked for form in forms):
            yield kind, "exact"
        elif any(form in long and kind == other for form in forms for long, other in marked):
            yield kind, "within"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", help="annotated files")
    parser.add_argument("--model", action="append", help="a model of `kg models list` or a directory; repeatable")
    parser.add_argument("--types", nargs="+", choices=TYPES, default=NAMES, help="types to score")
    parser.add_argument("--gold", type=Path, action="append", default=[], help="folder of documents with entities")
    options = parser.parse_args()
    taggers = {name: open_tagger(name) for name in options.model or ("lac", "default")}
    for path in options.files:
        evaluate_file(path, taggers, options.types)
    for folder in options.gold:
        evaluate_gold(folder, taggers)


if __name__ == "__main__":
    main()
