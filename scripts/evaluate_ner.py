"""Strict entity scores of taggers on annotated files, several models in the same run.

    python scripts/evaluate_ner.py ../shared/data/ner/msra.dev.jsonl.gz [FILE ...] [--model lac --model default]
                                   [--bootstrap 10000 [--pooled]]
    python scripts/evaluate_ner.py --gold ../shared/data/gold_news [--model ...]
    python scripts/evaluate_ner.py --words ../shared/data/news [--model ...]

A name counts if start, end and type are right. Files are JSON lines, gzip-compressed or not: {"text", "entities":
[{"start", "end", "type"}]}; types that a file doesn't have aren't scored on it. With --gold a folder of documents
<id>.txt with entities in <id>.json: the share of entities of which the model marks at least one written form as such,
wholly or inside a longer name, a rough measure of recall on news without offsets. Beside that, what share of the
names is right where the model is more or less sure of them, and how sure it was of these on average.

With --bootstrap the difference of each model from the first one has an interval of 95 %: both are scored on as many
texts drawn with replacement, so often (Koehn 2004, "Statistical Significance Tests for Machine Translation
Evaluation"). With --pooled all files count as one. With --words a folder of JSON lines {"text"}: in how many sentences
the words or parts of speech differ from those of the first model, and what each model takes on disk and to load.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from kg.taggers import Tagger, Tagging, open_tagger
from kg.taggers.catalog import PACKAGED

NAMES = ("PERSON", "ORGANIZATION", "LOCATION")
TYPES = (*NAMES, "DATE", "POSITION")
#: Bounds of the classes of confidence whose names are counted apart.
CONFIDENCES = (0.0, 0.5, 0.7, 0.9, 0.95, 1.0)
#: Records of each file of plain text whose words are compared.
EACH = 150
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
    'right, by confidence: 0.0-0.5 0 % of 1 (said 40), 0.5-0.7 100 % of 1 (said 60), 0.95-1.0 100 % of 2 (said 98)'
    """
    if all(sure == 1 for sure, _ in judged):
        return "no confidence"
    classes = [(low, high, [(sure, right) for sure, right in judged if low <= sure < high or sure == high == 1])
               for low, high in pairwise(CONFIDENCES)]
    return "right, by confidence: " + ", ".join(
        f"{low}-{high} {100 * sum(right for _, right in some) / len(some):.0f} % of {len(some)} "
        f"(said {100 * sum(sure for sure, _ in some) / len(some):.0f})" for low, high, some in classes if some)


def interval(gold: Sequence[set[Name]], ours: Sequence[set[Name]], theirs: Sequence[set[Name]], draws: int
             ) -> tuple[float, float, float]:
    """F1 of `ours` minus F1 of `theirs` in points, and the bounds between which 95 % of the draws of texts have it.

    The sets hold the types to score alone.
    """
    weights = np.random.default_rng(0).multinomial(len(gold), np.full(len(gold), 1 / len(gold)), draws)
    weights = np.concatenate([np.ones((1, len(gold)), np.int64), weights])      # first the texts as they are
    f1 = []
    for found in (ours, theirs):
        counts = np.array([(len(a & b), len(a) + len(b)) for a, b in zip(gold, found, strict=True)])
        both, names = (weights @ counts).T
        f1.append(200 * both / np.maximum(names, 1))
    whole, *drawn = f1[0] - f1[1]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(whole), float(low), float(high)


def evaluate_file(name: str, records: Sequence[Record], taggers: dict[str, Tagger], types: Sequence[str],
                  draws: int) -> None:
    """Print the scores of all taggers on the records of a file, with `draws` also how they differ from the first."""
    texts = [str(record["text"]) for record in records]
    gold = [{(e["start"], e["end"], e["type"]) for e in record["entities"]} for record in records]  # type: ignore[attr-defined]
    present = [kind for kind in types if any(name[2] == kind for names in gold for name in names)]
    characters = sum(map(len, texts))
    print(f"\n{name}: {len(texts)} texts, {characters} characters")
    first: list[set[Name]] = []
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
        right, ours = ([{name for name in names if name[2] in present} for names in side] for side in (gold, found))
        if draws and first:
            whole, low, high = interval(right, ours, first, draws)
            print(f"    F1 less that of {next(iter(taggers))}: {whole:+.2f}, 95 % from {low:+.2f} to {high:+.2f}")
        first = first or ours


def compare_words(folder: Path, taggers: dict[str, Tagger]) -> None:
    """Print in how many sentences of plain text words or parts of speech aren't those of the first model."""
    texts = [sentence for path in sorted(folder.glob("*.jsonl*")) for record in islice(read_records(path), EACH)
             for sentence in sentences(str(record["text"]))]
    print(f"\n{folder.name}: {len(texts)} sentences, {sum(map(len, texts))} characters")
    first, *others = taggers
    words = [tagging.tokens for tagging in taggers[first](texts)]
    for label in others:
        off = sum(tagging.tokens != own for tagging, own in zip(taggers[label](texts), words, strict=True))
        print(f"  {label}: words or parts of speech unlike those of {first} in {off} sentences")


def open_timed(name: str) -> Tagger:
    """Open a model; print what it takes on disk and to load, imports apart."""
    import hanlp  # noqa: F401  # here, so that the first model doesn't pay for the imports

    from kg.taggers import lac  # noqa: F401

    directory = Path(name) if Path(name).is_dir() else PACKAGED / name
    began = time.perf_counter()
    tagger = open_tagger(name)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in directory.glob("*") if path.is_file())
    print(f"{name}: {size / 1e6:.1f} MB, loaded in {seconds:.2f} s")
    return tagger


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
    parser.add_argument("--bootstrap", type=int, default=0, metavar="DRAWS", help="intervals of the differences")
    parser.add_argument("--pooled", action="store_true", help="score all files as one")
    parser.add_argument("--gold", type=Path, action="append", default=[], help="folder of documents with entities")
    parser.add_argument("--words", type=Path, action="append", default=[], help="folder of plain text")
    options = parser.parse_args()
    taggers = {name: open_timed(name) for name in options.model or ("lac", "default")}
    files = {path.name: read_records(path) for path in options.files}
    if options.pooled:
        files = {" + ".join(files): [record for records in files.values() for record in records]}
    for name, records in files.items():
        evaluate_file(name, records, taggers, options.types, options.bootstrap)
    for folder in options.gold:
        evaluate_gold(folder, taggers)
    for folder in options.words:
        compare_words(folder, taggers)


if __name__ == "__main__":
    main()
