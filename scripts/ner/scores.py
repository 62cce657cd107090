"""Strict entity scores of a model in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from ner.corpora import Sample, Span, read_samples, spans_of
from ner.encoder import Alphabet, cached_states, load_encoder
from ner.model import Adapter, viterbi

from kg.taggers.known_words import KnownWords

NAMES = ("PERSON", "ORGANIZATION", "LOCATION")
#: Development files, the types scored on them, and the style of their corpus.
FILES = {"msra.dev": (NAMES, "default"), "cluener.dev": (NAMES, "cluener"), "weibo.dev": (NAMES, "weibo"),
         "resume.dev": (("PERSON", "ORGANIZATION", "POSITION"), "resume"), "cail_theft.dev": (("DATE",), "cail")}


@dataclass(frozen=True)
class Held:
    """A development file, ready for the adapter."""

    name: str
    samples: list[Sample]
    ids: list[np.ndarray]
    states: np.ndarray
    known: KnownWords


def load_development(folder: Path, work: Path, alphabet: Alphabet, known: KnownWords) -> list[Held]:
    """The development files of `FILES` that are there."""
    held = []
    for name in FILES:
        path = folder / f"{name}.jsonl.gz"
        if not path.exists():
            continue
        samples = list(read_samples(path))
        ids = [alphabet.ids(s.text) for s in samples]
        held.append(Held(name, samples, ids, cached_states(ids, load_encoder(), work / "cache"), known))
    return held


@torch.no_grad()
def predict(model: Adapter, held: Held, style: int) -> list[list[Span]]:
    """The names in each sample, in one style."""
    crf = tuple(part.numpy() for part in model.crf.scores())
    starts = np.concatenate([[0], np.cumsum([len(i) for i in held.ids])])
    found: list[list[Span]] = [[] for _ in held.ids]
    order = sorted(range(len(held.ids)), key=lambda i: len(held.ids[i]))
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        lengths = np.array([len(held.ids[i]) for i in rows])
        ids = np.zeros((lengths.max(), len(rows)), np.int64)
        states = np.zeros((*ids.shape, held.states.shape[1]), np.float16)
        for row, i in enumerate(rows):
            ids[: lengths[row], row] = held.ids[i]
            states[: lengths[row], row] = held.states[starts[i] : starts[i + 1]]
        words = held.known.features(ids.T).transpose(1, 0, 2)
        pairs = np.ascontiguousarray(held.known.pair_ids(ids.T).T)
        emissions = model(torch.from_numpy(states), torch.from_numpy(ids), torch.from_numpy(pairs),
                          torch.from_numpy(words), torch.from_numpy(lengths), torch.full((len(rows),), style)).numpy()
        for i, tags in zip(rows, viterbi(emissions.transpose(1, 0, 2), lengths, crf), strict=True):
            found[i] = spans_of(tags)
    return found


def f_scores(gold: Sequence[Iterable[Span]], found: Sequence[Iterable[Span]], types: Iterable[str]) -> dict[str, float]:
    """Strict F1 in percent, of each type and of all."""
    count: Counter[tuple[str, str]] = Counter()
    for right, ours in zip(gold, found, strict=True):
        for name, spans in (("gold", set(right)), ("found", set(ours)), ("both", set(right) & set(ours))):
            for span in spans:
                count[name, span[2]] += 1
    types = list(types)

    def score(kinds: list[str]) -> float:
        both, gold_, found_ = (sum(count[name, kind] for kind in kinds) for name in ("both", "gold", "found"))
        return round(200 * both / max(gold_ + found_, 1), 2)

    return {"all": score(types), **{kind: score([kind]) for kind in types}}


def evaluate(model: Adapter, dev: Sequence[Held], styles: Sequence[str]) -> dict[str, dict[str, float] | float]:
    """F1 on every development file in the default style, and in total in its corpus's own."""
    report: dict[str, dict[str, float] | float] = {}
    for held in dev:
        types, own = FILES[held.name]
        gold = [s.spans for s in held.samples]
        report[held.name] = f_scores(gold, predict(model, held, 0), types)
        if own in styles[1:]:
            report[f"{held.name} own"] = f_scores(gold, predict(model, held, styles.index(own)), types)["all"]
    return report
