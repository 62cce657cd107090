"""The best path through the tags of a batch of texts."""

from __future__ import annotations

import numpy as np


def viterbi(emissions: np.ndarray, lengths: np.ndarray, transitions: np.ndarray) -> list[np.ndarray]:
    """The best tags of each text of a batch; of equally good predecessors the first.

    `emissions` [T, B, K] float32, `lengths` [B], `transitions` [from, to]. Backpointers are not stored: going back,
    the best predecessor is computed for the one tag on the path.
    """
    steps, rows = emissions.shape[0], np.arange(emissions.shape[1])
    scores = emissions.copy()
    for t in range(1, steps):
        scores[t] += (scores[t - 1][:, :, None] + transitions).max(axis=1)
    into = np.ascontiguousarray(transitions.T)
    path = np.zeros((steps, len(rows)), np.int64)
    last = lengths - 1
    best = scores[last, rows].argmax(axis=1)
    for t in range(steps - 1, -1, -1):
        if t < steps - 1:
            before = (scores[t] + into[best]).argmax(axis=1)
            best = np.where(t < last, before, best)
        path[t] = best
    return [path[:length, row] for row, length in enumerate(lengths)]
