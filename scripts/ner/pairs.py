"""Vectors of character pairs from plain text: the characters around a pair say what it is.

Positive pointwise mutual information of pairs with the two characters on either side, reduced by singular values
(Levy and Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization"). Nothing is learnt from labels, so
a pair that only stands in unlabelled text has a vector as good as the others.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch

#: Each text is followed by so many zeros, so that no context reaches into the next.
GAP = 4
#: Contexts count with this power of their frequency.
SMOOTHING = 0.75


def news_texts(folder: Path) -> Iterator[str]:
    """Paragraphs of the news files."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from filter(None, json.loads(line)["text"].split("\n"))


def pair_vectors(texts: Iterable[np.ndarray], tokens: int, count: int, size: int) -> tuple[np.ndarray, torch.Tensor]:
    """Ascending keys (first id * tokens + second id) of the `count` most frequent pairs, and vectors (count, size)."""
    gap = np.zeros(GAP, np.int64)
    flat = np.concatenate([gap, *(part for text in texts for part in (text.astype(np.int64), gap))])
    keys = flat[:-1] * tokens + flat[1:]
    keys[(flat[:-1] == 0) | (flat[1:] == 0)] = -1
    found, counts = np.unique(keys[keys >= 0], return_counts=True)
    kept = np.sort(found[np.argsort(-counts, kind="stable")[:count]])
    at = np.minimum(np.searchsorted(kept, keys), len(kept) - 1)
    places = np.nonzero(kept[at] == keys)[0]
    rows = at[places]
    contexts = [flat[places + offset] + side * tokens for side, offset in ((0, -2), (0, -1), (1, 2), (1, 3))]
    seen, n = np.unique(np.concatenate([rows * (2 * tokens) + context for context in contexts]), return_counts=True)
    matrix = mutual_information(seen // (2 * tokens), seen % (2 * tokens), n.astype(np.float64), len(kept), 2 * tokens)
    torch.manual_seed(0)
    left, values, _ = torch.svd_lowrank(matrix, q=size + 16, niter=3)
    vectors = left[:, :size] * values[:size].sqrt()
    return kept, vectors / vectors.std()


def mutual_information(rows: np.ndarray, columns: np.ndarray, counts: np.ndarray, height: int, width: int
                       ) -> torch.Tensor:
    """Positive pointwise mutual information as a sparse matrix; column 0 of either side is the edge of a text."""
    by_row, by_column = np.bincount(rows, counts, height), np.bincount(columns, counts, width) ** SMOOTHING
    values = np.log(counts * by_column.sum() / (by_row[rows] * by_column[columns]))
    good = values > 0
    return torch.sparse_coo_tensor(torch.from_numpy(np.stack([rows[good], columns[good]])),
                                   torch.from_numpy(values[good].astype(np.float32)), (height, width)).coalesce()
