"""The best path through the tags of texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

#: Added to what makes a tag certain: far more than sums of 32-bit floats can be off by.
_SLACK = 1e-3


@dataclass(frozen=True)
class Chain:
    """A CRF without scores for beginnings and ends: `transitions[from, to]`, (K, K) float32."""

    transitions: np.ndarray

    @cached_property
    def gains(self) -> tuple[np.ndarray, np.ndarray]:
        """(K, K) each: how much more the tag before, and the one behind, can give tag l than tag k, at most."""
        before: np.ndarray = (self.transitions[:, None, :] - self.transitions[:, :, None]).max(axis=0)
        behind: np.ndarray = (self.transitions[None, :, :] - self.transitions[:, None, :]).max(axis=2)
        return before, behind

    def best(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The tags (N,) of the best paths of texts that stand one after the other, emissions (N, K) float32.

        Where the best emission leads by more than transitions can make up for, its tag is on the best path whatever
        the others are; the paths are searched only through the stretches in between.
        """
        tags: np.ndarray = emissions.argmax(axis=1)
        first = np.zeros(len(tags) + 1, bool)       # where a text begins, and after the last one
        first[np.concatenate([[0], np.cumsum(lengths)])] = True
        each = np.arange(len(tags))
        lead = emissions[each, tags][:, None] - emissions
        lead[each, tags] = np.inf
        before, behind = (gain[tags] for gain in self.gains)
        before[first[:-1]] = behind[first[1:]] = 0          # no neighbour there gives or takes anything
        open_ = (lead <= before + behind + _SLACK).any(axis=1)
        starts = np.flatnonzero(open_ & (first[:-1] | ~np.concatenate([[False], open_[:-1]])))
        ends = np.flatnonzero(open_ & (first[1:] | ~np.concatenate([open_[1:], [False]]))) + 1
        if not len(starts):
            return tags
        sizes = ends - starts
        at = starts + np.minimum(np.arange(sizes.max())[:, None], sizes - 1)
        scores = emissions[at]
        inner, outer = np.flatnonzero(~first[starts]), np.flatnonzero(~first[ends])
        scores[0, inner] += self.transitions[tags[starts[inner] - 1]]
        scores[sizes[outer] - 1, outer] += self.transitions[:, tags[ends[outer]]].T
        for start, path in zip(starts, viterbi(scores, sizes, self.transitions), strict=True):
            tags[start:start + len(path)] = path
        return tags


def viterbi(emissions: np.ndarray, lengths: np.ndarray, transitions: np.ndarray) -> list[np.ndarray]:
    """The best tags of each text of a batch; of equally good predecessors the first.

    `emissions` [T, B, K] float32, `lengths` [B], `transitions` [from, to]. Backpointers are not stored: going back,
    the best predecessor is computed for the one tag on the path.
    """
    order = np.argsort(-lengths, kind="stable")
    # Texts last, since numpy is fast along the last axis, and longest first, so that a step touches only those left.
    scores = np.ascontiguousarray(emissions[:, order].transpose(0, 2, 1))
    left = (lengths > np.arange(len(scores))[:, None]).sum(axis=1)
    moves = np.ascontiguousarray(transitions)[:, :, None]
    for t in range(1, len(scores)):
        scores[t, :, :left[t]] += (scores[t - 1, :, None, :left[t]] + moves).max(axis=0)
    path = np.zeros((len(scores), len(order)), np.int64)
    following = 0       # texts that go on at the next step
    for t in range(len(scores) - 1, -1, -1):
        tags = path[t + 1, :following] if following else path[0, :0]
        path[t, :following] = (scores[t, :, :following] + transitions[:, tags]).argmax(axis=0)
        path[t, following:left[t]] = scores[t, :, following:left[t]].argmax(axis=0)
        following = left[t]
    found = [path[:0, 0]] * len(order)
    for column, row in enumerate(order):
        found[row] = path[:lengths[row], column]
    return found
