"""Train the tagger in kg/data/models/default: names on Baidu LAC's encoder, from corpora and news to a directory.

    python scripts/train_ner.py --corpora ../shared/data/ner --news ../shared/data/news --work DIRECTORY
                                [--export kg/data/models/default] [--recipe scripts/train_ner.toml] [--threads 1]
                                [--from DIRECTORY]

LAC stays frozen, so words and parts of speech stay its own; its states are computed once and kept in the work
directory. First each seed learns from the annotated corpora; then these models label news, and the first one learns
on from both, more than once; the mean of all these weights learns on from news in which names were marked, too. That
model labels the news anew, and a smaller one that begins as a part of it learns from all of this: it is the model.
Interrupted, the same command goes on from the last whole epoch. What is learnt from what, and why, stands in the
recipe. Figures: scripts/evaluate_ner.py.

With --from, a model that this script exported labels the news and goes through the last two stages alone: half an hour.
To teach it corpora of your own, name them in a copy of the recipe.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from ner.batches import Corpus, Recipe, batches, collate, load_corpus, prepare, styles_of
from ner.calibrate import calibrate
from ner.corpora import TYPES, read_samples
from ner.encoder import load_alphabet
from ner.export import export
from ner.marked import write_marked
from ner.model import Adapter
from ner.narrow import smaller_weights
from ner.pairs import news_texts
from ner.run import Run, Weights, train
from ner.scores import NAMES, evaluate, load_development
from ner.shipped import read_exported
from ner.silver import write_silver

from kg.segment import sentence_spans
from kg.taggers.known_words import KnownWords

#: Batches on which `ner.narrow` sees what the inputs are like.
SMALLER_BATCHES = 20


def silver_texts(recipe: Recipe, corpora: Path, news: Path) -> list[str]:
    """As many sentences as the recipe wants, of the news and of the corpora that `silver.files` names, each once."""
    paragraphs = [*news_texts(news), *(sample.text for name in recipe["silver"]["files"]
                                       for sample in read_samples(corpora / f"{name}.jsonl.gz"))]
    sentences = (text[start:end] for text in paragraphs for start, end in sentence_spans(text))
    found = list(dict.fromkeys(sentence for sentence in sentences if len(sentence) > 1))
    return random.Random(0).sample(found, min(recipe["silver"]["sentences"], len(found)))


class Training:
    """The stages, each of which finds what the earlier ones left in the work directory."""

    def __init__(self, recipe: Recipe, marks: Path, corpora: Path, news: Path, work: Path, known: KnownWords,
                 vectors: torch.Tensor) -> None:
        self.recipe, self.marks, self.corpora, self.news, self.work = recipe, marks, corpora, news, work
        self.known, self.vectors = known, vectors
        work.mkdir(parents=True, exist_ok=True)
        self.alphabet = load_alphabet()
        self.development = load_development(corpora, work, self.alphabet, self.known)

    def learn(self, recipe: Recipe, folder: Path, seed: int, start: Callable[[Corpus], Weights] | None = None) -> Run:
        """Train as the recipe says, from the weights that `start` gives."""
        run = Run(recipe, folder, seed, self.vectors)
        run.resume()
        if run.epoch < recipe["training"]["epochs"]:
            corpus = load_corpus(recipe, self.corpora, self.work, self.alphabet, self.known)
            if start is not None and run.step == 0:
                run.start_from(start(corpus))
            train(run, corpus, lambda model: evaluate(model, self.development, styles_of(recipe)))
        return run

    def export_runs(self, runs: list[Run]) -> list[Path]:
        """Each run as a model directory."""
        for run in runs:
            export(run.average.eval(), self.known, run.folder / "model")
        return [run.folder / "model" for run in runs]

    def label(self, models: list[Path], name: str = "silver") -> None:
        """Let the models label plain text, for the stages that follow."""
        target = self.work / f"{name}.jsonl.gz"
        if not target.exists():
            texts = silver_texts(self.recipe, self.corpora, self.news)
            silver = self.recipe["silver"]
            counts = write_silver(texts, models, target, silver["least"], silver["places"])
            print("silver:", len(texts), counts, flush=True)

    def stage(self, name: str, silver: str = "silver", *, marked: bool = False) -> Recipe:
        """The recipe of a later stage: the silver corpus beside the others, the marked news, and what it sets
        otherwise."""
        stage = self.recipe[name]
        more = [{"name": "silver", "files": [str((self.work / silver).absolute())], "complete": TYPES}]
        if marked:
            more.append({"name": "marked", "files": [str((self.work / "marked").absolute())], "complete": NAMES})
        changes = stage.get("corpora", {})
        return self.recipe | {
            "training": self.recipe["training"] | stage["training"],
            "corpus": [entry | changes.get(entry["name"], {})
                       for entry in [*self.recipe["corpus"], *(entry | {"style": "default"} for entry in more)]]}

    def learn_on(self, name: str, model: Adapter, silver: str) -> Adapter:
        """One of the last two stages: from the marked news and the rest, in its size if `model` isn't smaller."""
        write_marked(self.marks, [self.news, self.corpora], self.work)
        stage, recipe = self.recipe[name], self.stage(name, silver, marked=True)
        hidden, narrow = model.layers[0].outer.shape[1], 0 if model.narrow is None else model.narrow.out_features
        wanted = {"hidden": min(stage["hidden"], hidden), "narrow": min(stage["narrow"], narrow or stage["narrow"])}

        def start(corpus: Corpus) -> Weights:
            if wanted == {"hidden": hidden, "narrow": narrow}:
                return model.state_dict()
            some = batches(corpus, recipe["training"]["batch_characters"], random.Random(0))[:SMALLER_BATCHES]
            sample = (collate(corpus, texts, corpus.default_shares[texts] > 0.5) for texts in some)
            return smaller_weights(model.eval(), wanted["hidden"], wanted["narrow"], sample)

        recipe["model"] = recipe["model"] | wanted
        return soup([self.learn(recipe, self.work / f"{name}{seed}", seed, start) for seed in stage["seeds"]])

    def ship(self, model: Adapter, target: Path) -> None:
        """Write a model as a directory, with a confidence that can be believed."""
        settings = self.recipe["export"]
        shares = [float(settings["styles"].get(name, 0)) for name in styles_of(self.recipe)]
        export(model.eval(), self.known, target, shares, settings["least"])
        calibrate(target, [self.corpora / f"{name}.jsonl.gz" for name in settings["calibrate"]])


def soup(runs: list[Run]) -> Adapter:
    """One model with the mean weights of runs that began alike (Wortsman et al. 2022, "Model soups")."""
    states = [run.average.state_dict() for run in runs]
    model = runs[0].average
    model.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return model


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of annotated corpora, *.jsonl.gz")
    parser.add_argument("--news", type=Path, required=True, help="folder of unlabelled articles, *.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True, help="folder for cache, states, logs and silver labels")
    parser.add_argument("--export", type=Path, help="model directory to write; its README.md is left alone")
    parser.add_argument("--recipe", type=Path, default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, help="train only this seed of the first stage")
    parser.add_argument("--from", type=Path, dest="directory", help="a model directory: only the last stages, from it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = tomllib.loads(options.recipe.read_text(encoding="utf-8"))
    marks = options.recipe.parent / recipe["marked"]["file"]
    folders = (options.corpora, options.news, options.work)
    if options.directory is not None:
        model, sizes, known = read_exported(options.directory, recipe["model"]["style"], len(styles_of(recipe)))
        training = Training(recipe | {"model": asdict(sizes)}, marks, *folders, known, model.pair.weight.detach()[1:])
        training.label([options.directory])
    else:
        training = Training(recipe, marks, *folders, *prepare(recipe, *folders, load_alphabet()))
        seeds = recipe["training"]["seeds"] if options.seed is None else [options.seed]
        runs = [training.learn(recipe, options.work / f"seed{seed}", seed) for seed in seeds]
        if options.seed is not None:
            return
        training.label(training.export_runs(runs))
        finals = [training.learn(training.stage("silver"), options.work / f"final{seed}", seed,
                                 lambda _: runs[0].average.state_dict()) for seed in recipe["silver"]["seeds"]]
        model = soup([runs[0], *finals])
    last = training.learn_on("last", model, "silver")
    training.ship(last, options.work / "last")
    training.label([options.work / "last"], "silver_small")
    training.ship(training.learn_on("small", last, "silver_small"), options.export or options.work / "model")


if __name__ == "__main__":
    main()
