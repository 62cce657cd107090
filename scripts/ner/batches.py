"""The corpora of a recipe as arrays, and batches of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ner.corpora import TAGS, Sample, View, allowed_tags, read_samples, split_sample, swap_names, view
from ner.encoder import Alphabet, cached_states, load_encoder
from ner.model import Sizes
from ner.pairs import news_texts, pair_vectors
from ner.words import build_known_words, listed_names

from kg.taggers.known_words import FEATURES, KnownWords

#: What scripts/train_ner.toml holds.
Recipe = dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """Texts one after the other; text i is [starts[i], starts[i + 1]) of the flat arrays."""

    starts: np.ndarray
    ids: np.ndarray  # int32
    words: np.ndarray  # packed bits (N, ceil(FEATURES / 8))
    allowed: np.ndarray  # uint32 (views, N): in the corpus's own style and in the default style
    styles: np.ndarray  # (texts,)
    default_shares: np.ndarray  # (texts,) how often a text is seen in the default style
    groups: dict[str, tuple[np.ndarray, float]]  # name → its texts, the share of them in an epoch
    states: np.ndarray  # float16 (N, 256)
    known: KnownWords


def prepare(recipe: Recipe, folder: Path, news: Path, work: Path, alphabet: Alphabet
            ) -> tuple[KnownWords, torch.Tensor]:
    """Known words and pairs, and the vectors of the pairs, from all texts; kept in the work directory."""
    sizes, path = Sizes(**recipe["model"]), work / "cache" / "pairs.npz"
    if not path.exists():
        texts = [alphabet.ids(text) for text in news_texts(news)]
        for file in dict.fromkeys(file for entry in recipe["corpus"] for file in entry["files"]):
            texts += [alphabet.ids(s.text) for s in read_samples(folder / f"{file}.jsonl.gz")]
        keys, vectors = pair_vectors(texts, len(alphabet.characters) + 1, sizes.pairs, sizes.pair)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, keys=keys, vectors=vectors.numpy())
    with np.load(path) as arrays:
        return build_known_words(alphabet, arrays["keys"]), torch.from_numpy(arrays["vectors"])


def styles_of(recipe: Recipe) -> list[str]:
    """The styles, the default one first."""
    return ["default", *dict.fromkeys(c["style"] for c in recipe["corpus"] if c["style"] != "default")]


def views_of(entry: Recipe) -> tuple[View, View]:
    """What a corpus teaches in its own style and in the default one."""
    names = entry.get("names", ())
    own = view(entry["complete"], names)
    return own, view(entry.get("default_complete", entry["complete"]), entry.get("default_names", names),
                     entry.get("shortest"))


def load_corpus(recipe: Recipe, folder: Path, work: Path, alphabet: Alphabet, known: KnownWords) -> Corpus:
    """All training texts of the recipe."""
    samples: list[Sample] = []
    ids: list[np.ndarray] = []
    allowed: list[tuple[np.ndarray, np.ndarray]] = []
    styles: list[int] = []
    shares: list[float] = []
    states: list[np.ndarray] = []
    groups = {}
    for entry in recipe["corpus"]:
        first, (own, default) = len(samples), views_of(entry)
        for name in entry["files"]:
            found: Iterable[Sample] = read_samples(folder / f"{name}.jsonl.gz")
            if entry.get("swap"):
                found = swap_names(found, name_pools(samples), random.Random(0))
            for sample in found:
                samples += split_sample(sample, recipe["training"]["longest"])
        new = [alphabet.ids(sample.text) for sample in samples[first:]]
        ids += new
        states.append(cached_states(new, load_encoder(), work / "cache"))
        allowed += [(allowed_tags(s, own), allowed_tags(s, default)) for s in samples[first:]]
        styles += [styles_of(recipe).index(entry["style"])] * (len(samples) - first)
        shares += [float(entry.get("default_share", 1))] * (len(samples) - first)
        groups[entry["name"]] = (np.arange(first, len(samples)), float(entry.get("share", 1)))
    return Corpus(
        np.concatenate([[0], np.cumsum([len(i) for i in ids])]), np.concatenate(ids), packed_words(ids, known),
        np.stack([np.concatenate(side) for side in zip(*allowed, strict=True)]), np.array(styles),
        np.array(shares), groups, np.concatenate(states), known)


def name_pools(samples: list[Sample]) -> dict[str, list[str]]:
    """Names of the corpora read so far, and as many from dictionaries where these have the type; short ones left out.

    A single character, or two for an organisation, is an abbreviation that only its own context explains.
    """
    pools: dict[str, list[str]] = {"PERSON": [], "ORGANIZATION": [], "LOCATION": []}
    for sample in samples:
        for start, end, kind in sample.spans:
            if kind in pools and end - start > (3 if kind == "ORGANIZATION" else 1):
                pools[kind].append(sample.text[start:end])
    rng = random.Random(0)
    for kind, names in listed_names().items():
        pools[kind] += rng.choices(names, k=len(pools[kind]))
    return pools


def packed_words(texts: Sequence[np.ndarray], known: KnownWords) -> np.ndarray:
    """Word bits of texts one after the other, eight to a byte."""
    return np.concatenate([np.packbits(known.features(ids[None])[0], axis=1) for ids in texts])


def batches(corpus: Corpus, size: int, rng: random.Random) -> list[list[int]]:
    """An epoch: texts of like length together, at most `size` characters with padding, in random order."""
    chosen: list[int] = []
    for texts, share in corpus.groups.values():
        whole, rest = divmod(share, 1)
        chosen += list(texts) * int(whole) + rng.sample(list(texts), round(rest * len(texts)))
    lengths = np.diff(corpus.starts)
    chosen.sort(key=lambda i: lengths[i] + rng.random() * 6)
    found: list[list[int]] = [[]]
    longest = 0
    for text in chosen:
        longest = max(longest, lengths[text])
        if found[-1] and (len(found[-1]) + 1) * longest > size:
            found.append([])
            longest = lengths[text]
        found[-1].append(text)
    rng.shuffle(found)
    return found


@dataclass(frozen=True)
class Batch:
    """What `Adapter.forward` and `Crf.loss` take, characters before texts."""

    states: torch.Tensor
    ids: torch.Tensor
    pairs: torch.Tensor
    words: torch.Tensor
    lengths: torch.Tensor
    styles: torch.Tensor
    allowed: torch.Tensor


def collate(corpus: Corpus, texts: list[int], default: np.ndarray) -> Batch:
    """The texts side by side; `default` says which are seen in the default style."""
    lengths = (corpus.starts[1:] - corpus.starts[:-1])[texts]
    inside = np.arange(lengths.max())[:, None] < lengths
    at = np.where(inside, corpus.starts[:-1][texts] + np.arange(lengths.max())[:, None], 0)
    ids = np.where(inside, corpus.ids[at], 0).astype(np.int64)
    bits = corpus.allowed[default.astype(int), at]
    return Batch(
        torch.from_numpy(corpus.states[at]),
        torch.from_numpy(ids),
        torch.from_numpy(np.ascontiguousarray(corpus.known.pair_ids(ids.T).T)),
        torch.from_numpy(np.unpackbits(corpus.words[at], axis=2, count=FEATURES)),
        torch.from_numpy(lengths.astype(np.int64)),
        torch.from_numpy(np.where(default, 0, corpus.styles[texts])),
        torch.from_numpy((bits[:, :, None] >> np.arange(len(TAGS), dtype=np.uint32)) & 1 > 0))
