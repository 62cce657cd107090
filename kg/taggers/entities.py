"""The head for names beside LAC's head for words: its features, its CRF, and how sure it is of each name.

A CRF over IOBES tags. The confidence of a name is the probability of its exact span and type among all ways to tag
the text, by the forward and backward sums of the CRF (Culotta and McCallum 2004, "Confidence Estimation for
Information Extraction"), sharpened or flattened by a temperature that was fitted on development data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kg.taggers.known_words import KnownWords
from kg.taggers.viterbi import viterbi


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
        """What the graph wants beside the token ids [B, T], which are 0 where a text has ended."""
        return {"pairs": self.known.pair_ids(token_ids), "known_words": self.known.features(token_ids)}

    def find(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Entity]]:
        """The names in each text of a batch; emissions [T, B, K] float32."""
        rows = np.arange(len(lengths))
        emissions = emissions.copy()
        emissions[0] += self.starts
        emissions[lengths - 1, rows] += self.ends
        paths = viterbi(emissions, lengths, self.transitions)
        named = [row for row, path in enumerate(paths) if path.any()]
        found: list[list[Entity]] = [[] for _ in paths]
        if named:
            chances = span_chances(emissions[:, named] / self.temperature, lengths[named],
                                   self.transitions / self.temperature, [paths[row] for row in named])
            for row, chance in zip(named, chances, strict=True):
                found[row] = self._spans(paths[row], chance)
        return found

    def _spans(self, path: np.ndarray, chance: tuple[np.ndarray, np.ndarray]) -> list[Entity]:
        """The names that a path of tags spells, with their confidence."""
        pieces, (opening, closing) = self.pieces[path], chance
        single = pieces == "S"
        starts, ends = np.nonzero((pieces == "B") | single)[0], np.nonzero((pieces == "E") | single)[0]
        certain = np.exp(np.minimum(opening[starts] + closing[ends], 0.0))
        names = [Entity(int(start), int(end) + 1, str(self.kinds[path[start]]), round(float(sure), 4))
                 for start, end, sure in zip(starts, ends, certain, strict=True)]
        return [name for name in names if name.confidence >= self.least.get(name.tag, 0.0)]


def span_chances(emissions: np.ndarray, lengths: np.ndarray, transitions: np.ndarray, paths: Sequence[np.ndarray]
                 ) -> list[tuple[np.ndarray, np.ndarray]]:
    """Two arrays a text, whose values at the first and last character of a span add up to its log-probability.

    Starts and ends of the CRF are already in the emissions [T, B, K].
    """
    emissions = emissions.astype(np.float64)
    forward, backward = forward_sums(emissions, transitions), backward_sums(emissions, lengths, transitions)
    chances = []
    for row, path in enumerate(paths):
        steps = np.arange(len(path))
        own = emissions[steps, row, path]
        along = np.cumsum(own + np.concatenate([[0.0], transitions[path[:-1], path[1:]]]))
        top = forward[len(path) - 1, row].max()
        whole = top + np.log(np.exp(forward[len(path) - 1, row] - top).sum())
        chances.append((forward[steps, row, path] - along, backward[steps, row, path] + along - whole))
    return chances


def forward_sums(emissions: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """Log of the summed scores of all beginnings that end in each tag at each step, [T, B, K]."""
    moves, sums = np.exp(transitions), emissions.copy()
    for step in range(1, len(emissions)):
        sums[step] += _log_product(sums[step - 1], moves)
    return sums


def backward_sums(emissions: np.ndarray, lengths: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """Log of the summed scores of all endings that follow each tag at each step, [T, B, K]; 0 at a text's end."""
    moves, sums = np.exp(transitions.T), np.zeros_like(emissions)
    for step in range(len(emissions) - 2, -1, -1):
        going = (lengths > step + 1)[:, None]
        sums[step] = np.where(going, _log_product(emissions[step + 1] + sums[step + 1], moves), 0.0)
    return sums


def _log_product(scores: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """log(exp(scores) @ moves), kept within range."""
    top = scores.max(axis=1, keepdims=True)
    product: np.ndarray = top + np.log(np.exp(scores - top) @ moves + 1e-300)
    return product
