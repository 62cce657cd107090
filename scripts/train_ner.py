"""Train the tagger in kg/data/models/default on annotated corpora: an adapter and a CRF on Baidu LAC's encoder.

    python scripts/train_ner.py --corpora ../shared/data/ner --work DIRECTORY [--recipe FILE] [--seed N]

LAC stays frozen, so words and parts of speech stay its own; its states are computed once and cached in the work
directory. The same command goes on after an interruption, from the last whole epoch. `scripts/export_ner.py` makes
the model directory. Recipe and its reasons: scripts/train_ner.toml.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ner.corpora import TAGS, Sample, View, allowed_tags, read_samples, split_sample, view
from ner.encoder import Alphabet, cached_states, load_alphabet, load_encoder
from ner.model import Adapter, Sizes
from ner.pairs import news_texts, pair_vectors
from ner.scores import DEV, evaluate
from ner.words import build_known_words

from kg.taggers.known_words import FEATURES, KnownWords

Recipe = dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """Texts one after the other; text i is [starts[i], starts[i + 1]) of the flat arrays."""

    starts: np.ndarray
    ids: np.ndarray  # int32
    words: np.ndarray  # packed bits (N, ceil(FEATURES / 8))
    allowed: np.ndarray  # uint32 (views, N): in the corpus's own style and in the default style
    styles: np.ndarray  # (texts,)
    groups: dict[str, tuple[np.ndarray, float]]  # name → its texts, the share of them in an epoch
    states: np.ndarray  # float16 (N, 256)
    known: KnownWords


def prepare(recipe: Recipe, folder: Path, news: Path, work: Path, alphabet: Alphabet
            ) -> tuple[KnownWords, torch.Tensor]:
    """Known words and pairs, and the vectors of the pairs, from all texts; kept in the work directory."""
    sizes, path = Sizes(**recipe["model"]), work / "cache" / "pairs.npz"
    if not path.exists():
        texts = [alphabet.ids(text) for text in news_texts(news)]
        for entry in recipe["corpus"]:
            for file in entry["files"]:
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
    own = view(entry["complete"], entry.get("names", ()))
    default = view(entry.get("default_complete", entry["complete"]),
                   entry.get("default_names", entry.get("names", ())), entry.get("shortest"))
    return own, default


def load_corpus(recipe: Recipe, folder: Path, work: Path, alphabet: Alphabet, known: KnownWords) -> Corpus:
    """All training texts of the recipe."""
    samples: list[Sample] = []
    allowed: list[tuple[np.ndarray, np.ndarray]] = []
    styles: list[int] = []
    groups = {}
    for entry in recipe["corpus"]:
        first, (own, default) = len(samples), views_of(entry)
        for name in entry["files"]:
            path = Path(name) if name.endswith(".gz") else folder / f"{name}.jsonl.gz"
            for sample in read_samples(path):
                samples += split_sample(sample, recipe["training"]["longest"])
        allowed += [(allowed_tags(s, own), allowed_tags(s, default)) for s in samples[first:]]
        styles += [styles_of(recipe).index(entry["style"])] * (len(samples) - first)
        groups[entry["name"]] = (np.arange(first, len(samples)), float(entry.get("share", 1)))
    ids = [alphabet.ids(s.text) for s in samples]
    return Corpus(
        np.concatenate([[0], np.cumsum([len(i) for i in ids])]), np.concatenate(ids), packed_words(ids, known),
        np.stack([np.concatenate(side) for side in zip(*allowed, strict=True)]), np.array(styles), groups,
        cached_states(ids, load_encoder(), work / "cache"), known)


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


class Run:
    """The state of a training: weights, their average, optimiser, epoch. `save` and `resume` make it survive."""

    def __init__(self, recipe: Recipe, folder: Path, seed: int, vectors: torch.Tensor) -> None:
        self.recipe, self.settings, self.folder, self.seed = recipe, recipe["training"], folder, seed
        torch.manual_seed(seed)
        encoder = load_encoder()
        arguments = (encoder, Sizes(**recipe["model"]), len(styles_of(recipe)), self.settings["dropout"],
                     self.settings["pair_dropout"])
        self.model, self.average = Adapter(*arguments), Adapter(*arguments)
        self.model.pair.weight.data[1:] = vectors
        self.average.load_state_dict(self.model.state_dict())
        self.weights = [p for p in self.model.parameters() if p.requires_grad]
        self.averages = [p for p in self.average.parameters() if p.requires_grad]
        table = self.model.pair.weight
        self.optimizer = torch.optim.Adam([
            {"params": [p for p in self.weights if p is not table], "scale": 1.0},
            {"params": [table], "scale": self.settings["pair_learning"]}], fused=True)
        self.epoch = self.step = 0

    def save(self) -> None:
        """Write the state at the end of an epoch, whole or not at all."""
        part = self.folder / "state.part"
        torch.save({"model": self.model.state_dict(), "average": self.average.state_dict(), "epoch": self.epoch,
                    "optimizer": self.optimizer.state_dict(), "step": self.step}, part)
        part.rename(self.folder / "state.pt")

    def resume(self) -> None:
        """Go on from the last saved epoch, if there is one."""
        if (self.folder / "state.pt").exists():
            state = torch.load(self.folder / "state.pt", weights_only=True)
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.step = state["epoch"], state["step"]

    def learn(self, batch: Batch, progress: float) -> float:
        """One step; `progress` runs from 0 to 1 over the training. Returns the loss a character."""
        rate = self.settings["learning_rate"] * min(1.0, (self.step + 1) / self.settings["warm_up"])
        for group in self.optimizer.param_groups:
            group["lr"] = group["scale"] * rate * (0.5 + 0.5 * math.cos(math.pi * progress))
        hidden = torch.rand(batch.ids.shape) < self.settings["unknown"]
        emissions = self.model(batch.states, batch.ids.masked_fill(hidden, 0), batch.pairs, batch.words,
                               batch.lengths, batch.styles)
        loss = self.model.crf.loss(emissions, batch.allowed, batch.lengths)
        self.optimizer.zero_grad()
        (loss / len(batch.styles)).backward()
        torch.nn.utils.clip_grad_norm_(self.weights, self.settings["clip"])
        self.optimizer.step()
        keep = min(self.settings["ema"], (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, self.weights, 1 - keep)
        self.step += 1
        return float(loss.detach()) / int(batch.lengths.sum())


def train(run: Run, corpus: Corpus, evaluations: Iterator[None] | Any) -> None:
    """Run the epochs that are left; each is seeded by its number, so resuming changes nothing."""
    settings = run.settings
    while run.epoch < settings["epochs"]:
        rng = random.Random(run.seed * 1000 + run.epoch)
        torch.manual_seed(run.seed * 1000 + run.epoch)
        order, began, losses = batches(corpus, settings["batch_characters"], rng), time.monotonic(), []
        run.model.train()
        for number, texts in enumerate(order):
            default = np.array([rng.random() < settings["default_share"] for _ in texts])
            progress = (run.epoch + number / len(order)) / settings["epochs"]
            losses.append(run.learn(collate(corpus, texts, default), progress))
            if number % 200 == 0:
                seconds = time.monotonic() - began
                print(f"  {number}/{len(order)} {np.mean(losses[-200:]):.4f} {seconds:.0f}s", flush=True)
        run.epoch += 1
        run.save()
        scores = evaluations(run.average.eval())
        report = {"epoch": run.epoch, "loss": round(float(np.mean(losses)), 4),
                  "seconds": round(time.monotonic() - began), **scores}
        print(json.dumps(report), flush=True)
        with (run.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(report) + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of *.jsonl.gz")
    parser.add_argument("--news", type=Path, required=True, help="folder of unlabelled articles, *.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="folder for cache, state and log")
    parser.add_argument("--run", default="run", help="name of this run in the work folder")
    parser.add_argument("--recipe", type=Path, default=Path(__file__).with_name("train_ner.toml"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = tomllib.loads(options.recipe.read_text(encoding="utf-8"))
    folder = options.work / options.run
    folder.mkdir(parents=True, exist_ok=True)
    alphabet = load_alphabet()
    known, vectors = prepare(recipe, options.corpora, options.news, options.work, alphabet)
    corpus = load_corpus(recipe, options.corpora, options.work, alphabet, known)
    print({name: (len(texts), share) for name, (texts, share) in corpus.groups.items()}, len(corpus.ids), flush=True)
    run = Run(recipe, folder, options.seed, vectors)
    run.resume()
    dev = DEV(options.corpora, options.work, alphabet, known)
    train(run, corpus, lambda model: evaluate(model, dev, styles_of(recipe)))


if __name__ == "__main__":
    main()
