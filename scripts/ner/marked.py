"""Sentences whose names were marked for this training, kept without their text: where they stand, and their names.

A line of the file is the record, the span of a sentence in it, and the names as type and span in the sentence:

    cctv-20220106-04<tab>120<tab>164<tab>P0-3 O5-11 ?20-22

P, O and L are people, organizations and places; of what has a ? nothing is known. The record is named by its id or,
where its file gives it none, by file and line: cail_theft.train-12. Its text begins with its title, if it has one.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ner.corpora import OPEN, Sample

KINDS = {"P": "PERSON", "O": "ORGANIZATION", "L": "LOCATION", "?": OPEN}

_NAME = re.compile(r"([POL?])(\d+)-(\d+)")


#: One record of so many is kept aside, to measure by.
ASIDE = 24


def write_marked(marks: Path, folders: Sequence[Path], work: Path) -> None:
    """Write the sentences as corpora in `work`, marked.jsonl.gz and what is kept aside, marked_dev.jsonl.gz.

    Texts come from `folders`. Records that aren't there are left out: whoever has only a part of the news learns from
    that. Nothing is written where both files are there.
    """
    targets = work / "marked.jsonl.gz", work / "marked_dev.jsonl.gz"
    if all(target.exists() for target in targets):
        return
    samples = list(read_marked(marks, folders))
    for aside, target in enumerate(targets):
        part = target.with_suffix(".part")
        with gzip.open(part, "wt", encoding="utf-8") as lines:
            for record, sample in samples:
                if (zlib.crc32(record.encode()) % ASIDE == 0) == bool(aside):
                    entities = [{"start": start, "end": end, "type": kind} for start, end, kind in sample.spans]
                    lines.write(json.dumps({"text": sample.text, "entities": entities}, ensure_ascii=False) + "\n")
        part.rename(target)


def read_marked(marks: Path, folders: Sequence[Path]) -> Iterator[tuple[str, Sample]]:
    """The sentences of the file, in its order, each with the name of its record."""
    with gzip.open(marks, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    texts = dict(record_texts(folders, {row[0] for row in rows}))
    for record, start, end, names in rows:
        if record in texts:
            spans = tuple((int(first), int(last), KINDS[kind]) for kind, first, last in _NAME.findall(names))
            yield record, Sample(texts[record][int(start):int(end)], spans)


def record_texts(folders: Sequence[Path], wanted: set[str]) -> Iterator[tuple[str, str]]:
    """The records of these names and their texts, title first."""
    for path in (path for folder in folders for path in sorted(folder.glob("*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                record = json.loads(line)
                id_ = record.get("id") or f"{path.name.removesuffix('.jsonl.gz')}-{number}"
                if id_ in wanted:
                    yield id_, "\n".join(filter(None, (record.get("title"), record["text"])))
