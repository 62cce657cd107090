"""Strict entity scores of taggers on annotated files, several models in the same run.

    python scripts/evaluate_ner.py ../shared/data/ner/msra.dev.jsonl.gz [FILE ...] [--model default --model lac]
    python scripts/evaluate_ner.py --gold ../shared/data/gold_news [--model ...]

A name counts if start, end and type are right. Files are JSON lines, gzip-compressed or not: {"text", "entities":
[{"start", "end", "type"}]}; types that a file doesn't have aren't scored on it. With --gold a folder of documents
<id>.txt with entities in <id>.json: the share of entities of which the model marks at least one written form as such,
wholly or inside a longer name, a rough measure of recall on news without offsets.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.taggers import Tagger, Tagging, open_tagger

NAMES = ("PERSON", "ORGANIZATION", "LOCATION")
TYPES = (*NAMES, "DATE", "POSITION")
Name = tuple[int, int, str]


def read_records(path: Path) -> list[dict[str, object]]:
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
        found = [names_of(tagging) for tagging in tagger(texts)]
        speed = characters / (time.perf_counter() - began)
        print(f"  {label} ({tagger.id}), {speed:,.0f} characters a second")
        for row, (precision, recall, f1, asked) in scores(gold, found, present).items():
            print(f"    {row:13} P {precision:6.2f}  R {recall:6.2f}  F1 {f1:6.2f}  of {asked}")


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
        for text, gold in documents:
            lines = sentences(text)
            marked = {(lines[i][m.start : m.end], m.type) for i, t in enumerate(tagger(lines)) for m in t.mentions}
            count.update((kind, what) for kind, what in match_entities(text, gold["entities"], marked))
        print(f"  {label} ({tagger.id})")
        for kind in NAMES:
            asked, exact, within = (count[kind, what] for what in ("asked", "exact", "within"))
            print(f"    {kind:13} exact {exact:4} ({100 * exact / max(asked, 1):5.1f} %)  "
                  f"with longer {exact + within:4} ({100 * (exact + within) / max(asked, 1):5.1f} %)  of {asked}; "
                  f"marked forms that are no entity's: {count[kind, 'other']}")


def match_entities(text: str, entities: Iterable[dict[str, object]], marked: set[tuple[str, str]]
                   ) -> Iterable[tuple[str, str]]:
    """(type, asked | exact | within) for certain entities that the text names, and (type, other) for marked forms."""
    known: set[tuple[str, str]] = set()
    for entity in entities:
        kind = str(entity["type"])
        forms = {str(form) for key in ("aliases", "also_accept") for form in entity.get(key, ())}  # type: ignore[attr-defined]
        forms = {form for form in forms | {str(entity["name"])} if form in text}
        known |= {(form, kind) for form in forms}
        if entity.get("uncertain") or not forms or kind not in NAMES:
            continue
        yield kind, "asked"
        if any((form, kind) in marked for form in forms):
            yield kind, "exact"
        elif any(form in long and kind == other for form in forms for long, other in marked):
            yield kind, "within"
    yield from ((kind, "other") for form, kind in marked - known)


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
