"""Which known words and names begin, cover and end at each character, and which pairs it forms, for a batch at once.

The features are those of the soft lexicon (Ma et al. 2020, "Simplify the Usage of Lexicon in Chinese NER")
without word vectors: a bit for each class of word and place in it. Training and tagging use this one
implementation, so they can't drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

#: Classes of words, in the order of their bits in a `KnownWords`' `classes`.
WORD_CLASSES = ("person", "foreign", "place", "district", "organization", "proper", "noun", "other")
#: Words have two to eight characters; a longer one is found by its parts.
SHORTEST, LONGEST = 2, 8
#: Begin, middle and end for each class; the longest word that begins and ends here (2, 3, 4 and more); a surname.
FEATURES = 3 * len(WORD_CLASSES) + 2 * 3 + 1

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
_SEEN_BITS = np.uint64((1 << 22) - 1)
#: From the size of a word, less one and at most three, or 0 for none: its three bits.
_SIZE_BITS = np.eye(4, 3, -1, np.uint8)


@dataclass(frozen=True)
class KnownWords:
    """Words as sorted hashes of their token ids, their classes as bits, the surnames, and frequent pairs."""

    hashes: np.ndarray  # uint64 (W,), ascending
    classes: np.ndarray  # uint8 (W,)
    surnames: np.ndarray  # bool (V,)
    pairs: np.ndarray  # int64 (P,), ascending: first id * V + second id

    @classmethod
    def load(cls, path: Path) -> KnownWords:
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            return cls(arrays["hashes"], arrays["classes"], arrays["surnames"], arrays["pairs"])

    def save(self, path: Path) -> None:
        """Write the arrays to one compressed file."""
        np.savez_compressed(path, hashes=self.hashes, classes=self.classes, surnames=self.surnames,
                            pairs=self.pairs)

    def features(self, ids: np.ndarray) -> np.ndarray:
        """Bits (B, T, FEATURES), uint8, for token ids (B, T) that are 0 where a text has ended."""
        places = np.zeros((*ids.shape, 3), np.uint8)     # classes of the words that begin, cover and end here
        longest = np.zeros((*ids.shape, 2), np.int64)    # of the longest word that begins and that ends here
        for size, rows, columns, classes in self._matches(ids):
            places[rows, columns, 0] |= classes
            places[rows, columns + size - 1, 2] |= classes
            for inside in range(1, size - 1):
                places[rows, columns + inside, 1] |= classes
            longest[rows, columns, 0] = longest[rows, columns + size - 1, 1] = min(size, 4) - 1
        words = np.unpackbits(places, axis=2, bitorder="little")
        return np.concatenate([words, *_SIZE_BITS[longest].transpose(2, 0, 1, 3), self.surnames[ids][..., None]],
                              axis=2, dtype=np.uint8)

    def pair_ids(self, ids: np.ndarray) -> np.ndarray:
        """Ids (B, T + 1), int64, of the pairs before, between and after the characters; 0 for unknown ones."""
        padded = np.pad(ids.astype(np.int64), ((0, 0), (1, 1)))
        keys = padded[:, :-1] * len(self.surnames) + padded[:, 1:]
        at = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        return np.where(self.pairs[at] == keys, at + 1, 0)

    @cached_property
    def _seen(self) -> np.ndarray:
        """For the lowest bits of a hash, whether any word has them: most character sequences are no words."""
        seen = np.zeros(_SEEN_BITS + 1, bool)
        seen[self.hashes & _SEEN_BITS] = True
        return seen

    def _matches(self, ids: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """(size, rows, columns, classes (N,)) for each word size, shortest first."""
        running = ids.astype(np.uint64) + np.uint64(1)
        for size in range(SHORTEST, min(LONGEST, ids.shape[1]) + 1):
            running = running[:, :-1] * _MULTIPLIER + ids[:, size - 1 :].astype(np.uint64) + np.uint64(1)
            wanted = mix(running, size)
            rows, columns = np.nonzero(self._seen[wanted & _SEEN_BITS])
            wanted = wanted[rows, columns]
            at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
            words = self.hashes[at] == wanted
            yield size, rows[words], columns[words], self.classes[at[words]]


def mix(running: np.ndarray, size: int) -> np.ndarray:
    """The final hash of a running one, which the word's length enters."""
    mixed: np.ndarray = (running ^ (running >> _SHIFT)) * _MIX + np.uint64(size)
    mixed ^= mixed >> _SHIFT
    return mixed


def word_hash(ids: np.ndarray) -> np.ndarray:
    """Hashes of words of one length, from their token ids (W, size)."""
    running = ids[:, 0].astype(np.uint64) + np.uint64(1)
    for column in range(1, ids.shape[1]):
        running = running * _MULTIPLIER + ids[:, column].astype(np.uint64) + np.uint64(1)
    return mix(running, ids.shape[1])
