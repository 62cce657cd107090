"""The word list for `kg.taggers.known_words`, from the dictionaries of jieba and cpca (both MIT)."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from ner.encoder import Alphabet

from kg.taggers.known_words import LONGEST, SHORTEST, WORD_CLASSES, KnownWords, word_hash

#: jieba's parts of speech → class; other nouns are `noun`, everything else `other`.
CLASSES = {"nr": "person", "nrt": "foreign", "nrfg": "person", "ns": "place", "nt": "organization", "nz": "proper"}
#: A first character of at least so many of jieba's names of people is taken for a surname.
SURNAME_NAMES = 60
#: Words that are no names need this count in jieba's corpus.
RAREST_WORD = 3


def package_file(package: str, *parts: str) -> Path:
    """A data file of an installed package, which isn't imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is missing: pip install {package}")
    return Path(spec.origin).parent.joinpath(*parts)


def jieba_words() -> Iterator[tuple[str, int, str]]:
    """Word, count and part of speech."""
    for line in package_file("jieba", "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, pos = line.split()
        yield word, int(count), pos


def districts() -> set[str]:
    """Names of provinces, cities and counties, with and without their last character."""
    with package_file("cpca", "resources", "adcodes.csv").open(encoding="utf-8") as rows:
        names = {row["name"] for row in csv.DictReader(rows)}
    return names | {name[:-1] for name in names if len(name) > 2}


def listed_names() -> dict[str, list[str]]:
    """Names of people and places in the dictionaries."""
    people = [word for word, _, pos in jieba_words() if pos in ("nr", "nrt") and len(word) >= 3]
    places = [word for word, _, pos in jieba_words() if pos == "ns" and len(word) >= 2]
    return {"PERSON": people, "LOCATION": sorted({*places, *districts()})}


def build_known_words(alphabet: Alphabet, pairs: np.ndarray) -> KnownWords:
    """The word list as the tagger reads it, with the keys of `ner.pairs`."""
    classes: defaultdict[str, int] = defaultdict(int)
    first: Counter[str] = Counter()
    for word, count, pos in jieba_words():
        kind = CLASSES.get(pos, "noun" if pos[0] in "nj" or pos == "vn" else "other")
        first[word[0]] += pos == "nr" and 2 <= len(word) <= 3
        if kind not in ("noun", "other") or count >= RAREST_WORD:
            classes[word] |= 1 << WORD_CLASSES.index(kind)
    for word in sorted(districts()):
        classes[word] |= 1 << WORD_CLASSES.index("district")
    by_size: defaultdict[int, list[tuple[np.ndarray, int]]] = defaultdict(list)
    for word, bits in classes.items():
        ids = alphabet.ids(word)
        if SHORTEST <= len(word) <= LONGEST and ids.all():
            by_size[len(word)].append((ids, bits))
    hashes = np.concatenate([word_hash(np.stack([ids for ids, _ in words])) for words in by_size.values()])
    bits = np.array([bits for words in by_size.values() for _, bits in words], np.uint8)
    unique, at = np.unique(hashes, return_index=True)
    surnames = np.zeros(len(alphabet.characters) + 1, bool)
    surnames[[int(alphabet.ids(c)[0]) for c, n in first.items() if n >= SURNAME_NAMES]] = True
    surnames[0] = False
    return KnownWords(unique, bits[at], surnames, pairs)
