"""The head for names beside LAC's head for words: its features, its CRF, and how sure it is of each name.

A CRF over IOBES tags. The confidence of a name is the probability of its exact span and type among all ways to tag
the text, by the forward and backward sums of the CRF (Culotta and McCallum 2004, "Confidence Estimation for
Information Extraction"), sharpened or flattened by a temperature that was fitted on development data.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kg.taggers.known_words import KnownWords
from kg.taggers.viterbi import viterbi

#: Keeps logarithms finite.
_TINY = 1e-300


class Entity(NamedTuple):
    """Characters [start, end) of a text, the type that the model gives them, and its confidence from 0 to 1."""

    start: int
    end: int
    tag: str
    confidence: float


@dataclass(frozen=True)
class EntityHead:
    """An output of the graph and the CRF that reads it; `pieces` and `kinds` split the tags into IOBES and type."""

    output: str
    pieces: np.ndarray  # (K,) one of O, B, I, E, S
    kinds: np.ndarray  # (K,) type, empty for O
    transitions: np.ndarray  # (K, K) from, to
    starts: np.ndarray  # (K,)
    ends: np.ndarray  # (K,)
    known: KnownWords
    temperature: float
    least: dict[str, float]  # by type: names with less confidence are left out

    @classmethod
    def load(cls, directory: Path, config: dict[str, Any]) -> EntityHead:
        """Read the files that `entities` of a model's config.json names."""
        tags = (directory / config["tags"]).read_text(encoding="utf-8").split()
        with np.load(directory / config["crf"]) as crf:
            return cls(config["output"], np.array([tag[0] for tag in tags]), np.array([tag[2:] for tag in tags]),
                       crf["transitions"], crf["starts"], crf["ends"],
                       KnownWords.load(directory / config["known_words"]), float(config["temperature"]),
                       {kind: float(least) for kind, least in config["least"].items()})

    def inputs(self, token_ids: np.ndarray) -> dict[str, np.ndarray]:
        """What the graph wants beside the token ids of texts that stand one after the other, each followed by a 0.

        Pairs (N + 1,) and known words (N, F) for token ids (N,); a text of n characters has n + 1 pairs.
        """
        row = token_ids[None]
        return {"pairs": self.known.pair_ids(row)[0], "known_words": self.known.features(row)[0]}

    def find(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Entity]]:
        """The names in texts that stand one after the other; emissions (N, K) float32."""
        ends = np.cumsum(lengths)
        side_by_side = emissions[ends - lengths + np.minimum(np.arange(lengths.max())[:, None], lengths - 1)]
        rows = np.arange(len(lengths))
        side_by_side[0] += self.starts
        side_by_side[lengths - 1, rows] += self.ends
        paths = np.zeros(side_by_side.shape[:2], np.int64)
        for row, path in enumerate(viterbi(side_by_side, lengths, self.transitions)):
            paths[:len(path), row] = path
        named = np.flatnonzero(paths.any(axis=0))
        found: list[list[Entity]] = [[] for _ in rows]
        if not len(named):
            return found
        paths = paths[:, named]
        opening, closing = span_chances(side_by_side[:, named].astype(np.float64) / self.temperature, lengths[named],
                                        self.transitions / self.temperature, paths)
        # One text after the other: a name ends where the next piece that ends one is.
        pieces = self.pieces[paths.T]
        single = pieces == "S"
        named_row, start = np.nonzero((pieces == "B") | single)
        _, end = np.nonzero((pieces == "E") | single)
        certain = np.exp(np.minimum(opening[start, named_row] + closing[end, named_row], 0.0)).round(4)
        tags = self.kinds[paths[start, named_row]]
        for row, first, last, tag, sure in zip(named[named_row].tolist(), start.tolist(), end.tolist(), tags.tolist(),
                                               certain.tolist(), strict=True):
            if sure >= self.least.get(tag, 0.0):
                found[row].append(Entity(first, last + 1, tag, sure))
        return found


def span_chances(emissions: np.ndarray, lengths: np.ndarray, transitions: np.ndarray, paths: np.ndarray
                 ) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays [T, B], whose values at the first and last character of a span of a text add up to its
    log-probability.

    Starts and ends of the CRF are already in the emissions [T, B, K] float64; `paths` [T, B] are the tags.
    """
    # Products rather than sums of logarithms, each step scaled to sum to one (Rabiner 1989, "A Tutorial on Hidden
    # Markov Models", V.A): the logarithms of the scales add up to the log-likelihood of the text.
    moves, weights = np.exp(transitions), np.exp(emissions - emissions.max(axis=2, keepdims=True))
    forward, backward = weights.copy(), np.ones_like(weights)
    scales = np.empty(weights.shape[:2])
    for step in range(len(weights)):
        if step:
            forward[step] *= forward[step - 1] @ moves
        scales[step] = forward[step].sum(axis=1)
        forward[step] /= scales[step][:, None]
    for step in range(len(weights) - 2, -1, -1):
        onward = (backward[step + 1] * weights[step + 1]) @ moves.T / scales[step + 1][:, None]
        backward[step] = np.where((lengths > step + 1)[:, None], onward, 1.0)
    own, before, after = (np.log(np.take_along_axis(part, paths[:, :, None], axis=2)[:, :, 0] + _TINY)
                          for part in (weights, forward, backward))
    moved = np.concatenate([np.zeros((1, len(lengths))), transitions[paths[:-1], paths[1:]]])
    along = np.cumsum(own - np.log(scales) + moved, axis=0)
    return before - along, after + along
