"""Annotated corpora as arrays: which tags each character may have, given what its corpus annotates.

A corpus teaches only what its guidelines cover. Where it doesn't annotate a type, a character outside all
names may be `O` or any tag of that type; the loss sums over all of them (`ner.model.partial_crf_loss`).
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from kg.taggers.pieces import split_text

TYPES = ("PERSON", "ORGANIZATION", "LOCATION", "DATE", "POSITION")
TAGS = ("O", *(f"{place}-{kind}" for kind in TYPES for place in "BIES"))
#: A name as (start, end, type).
Span = tuple[int, int, str]
#: Type of a span of which nothing is known, such as names on which silver annotators differ.
OPEN = "OPEN"
#: Share of the names that `swap_names` replaces.
SWAPPED = 0.7

_TAG = {tag: index for index, tag in enumerate(TAGS)}
_OUTSIDE = 1
_ANY = (1 << len(TAGS)) - 1
_ALL_OF = {kind: sum(1 << _TAG[f"{place}-{kind}"] for place in "BIES") for kind in TYPES}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its annotated names, of any type."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What of a corpus to believe: where a type isn't in `complete`, an unmarked name proves nothing.

    Names of a type in `names` (by default the complete ones) are learnt if they have `shortest` characters
    or more; all others leave their characters open.
    """

    complete: frozenset[str]
    names: frozenset[str]
    shortest: dict[str, int]


def view(complete: Iterable[str], names: Iterable[str] = (), shortest: dict[str, int] | None = None) -> View:
    """A view that learns names of the complete types and of `names`."""
    whole = frozenset(complete)
    return View(whole, whole | frozenset(names), shortest or {})


def read_samples(path: Path) -> Iterator[Sample]:
    """The records of a corpus file (gzip-compressed JSON lines)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["text"]:
                yield Sample(record["text"], tuple((e["start"], e["end"], e["type"]) for e in record["entities"]))


def swap_names(samples: Iterable[Sample], pools: dict[str, Sequence[str]], rng: random.Random) -> Iterator[Sample]:
    """Samples with names, most of the names replaced by others of their type from `pools`.

    Mention replacement (Dai and Adel 2020): what stands around a name must say what it is. Nested names stay.
    """
    for sample in samples:
        spans = sorted(span for span in sample.spans if span[2] in pools)
        if not spans or any(a[1] > b[0] for a, b in pairwise(spans)):
            continue
        text, done, moved = "", 0, []
        for start, end, kind in spans:
            name = rng.choice(pools[kind]) if rng.random() < SWAPPED else sample.text[start:end]
            text += sample.text[done:start]
            moved.append((len(text), len(text) + len(name), kind))
            text, done = text + name, end
        yield Sample(text + sample.text[done:], tuple(moved))


def allowed_tags(sample: Sample, seen: View) -> np.ndarray:
    """For each character the set of tags that the annotation allows, as bits (uint32)."""
    open_types = [kind for kind in TYPES if kind not in seen.complete]
    unmarked = _OUTSIDE | sum(_ALL_OF[kind] for kind in open_types)
    allowed = np.full(len(sample.text), unmarked, np.uint32)
    taken = np.zeros(len(sample.text), bool)
    learnt = [s for s in sample.spans if s[2] in seen.names and s[1] - s[0] >= seen.shortest.get(s[2], 1)]
    for start, end, kind in sorted(learnt, key=lambda s: (s[0] - s[1], s)):
        if not taken[start:end].any():
            taken[start:end] = True
            allowed[start:end] = [1 << _TAG[tag] for tag in tags_of(end - start, kind)]
    for start, end, kind in sample.spans:
        if (start, end, kind) not in learnt and (kind in TYPES or kind == OPEN):
            free = unmarked | _ALL_OF[kind] if kind in TYPES else _ANY
            allowed[start:end] = np.where(taken[start:end], allowed[start:end], free)
    return allowed


def split_sample(sample: Sample, limit: int) -> Iterator[Sample]:
    """The sample in pieces of at most `limit` characters; a name that a cut divides leaves its characters open."""
    for offset, piece in split_text(sample.text, limit):
        inside = [(max(start - offset, 0), min(end - offset, len(piece)), kind if offset <= start
                   and end <= offset + len(piece) else OPEN) for start, end, kind in sample.spans]
        yield Sample(piece, tuple(span for span in inside if span[0] < span[1]))


def tags_of(size: int, kind: str) -> list[str]:
    """IOBES tags of a name.

    >>> tags_of(3, "DATE")
    ['B-DATE', 'I-DATE', 'E-DATE']
    """
    if size == 1:
        return [f"S-{kind}"]
    return [f"B-{kind}", *[f"I-{kind}"] * (size - 2), f"E-{kind}"]


def spans_of(tags: Sequence[int]) -> list[Span]:
    """The names that a legal sequence of tag indices spells."""
    spans, start = [], 0
    for index, tag in enumerate(tags):
        if tag == 0:
            continue
        place, kind = TAGS[tag].split("-")
        if place in "BS":
            start = index
        if place in "ES":
            spans.append((start, index + 1, kind))
    return spans


def legal_transitions() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores (K, K), (K,), (K,) of transitions, starts and ends: 0 if IOBES allows them, else -1e4."""
    size, never = len(TAGS), -1e4
    moves, starts, ends = np.zeros((size, size), np.float32), np.zeros(size, np.float32), np.zeros(size, np.float32)
    for i, before in enumerate(TAGS):
        inside = before[0] in "BI"
        starts[i] = never if before[0] in "IE" else 0
        ends[i] = never if inside else 0
        for j, after in enumerate(TAGS):
            legal = (after[0] in "IE" and after[2:] == before[2:]) if inside else after[0] in "OBS"
            moves[i, j] = 0 if legal else never
    return moves, starts, ends
