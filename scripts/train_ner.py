"""Train the tagger in kg/data/models/default: names on Baidu LAC's encoder, from corpora and news to a directory.

    python scripts/train_ner.py --corpora ../shared/data/ner --news ../shared/data/news --work DIRECTORY
                                [--export kg/data/models/default] [--recipe scripts/train_ner.toml] [--threads 1]

LAC stays frozen, so words and parts of speech stay its own; its states are computed once and kept in the work
directory. First each seed learns from the annotated corpora; then these models label news, and the first one learns
on from both, more than once; the mean of all these weights is the model. Interrupted, the same command goes on from
the last whole epoch. What is learnt from what, and why, stands in the recipe. Figures: scripts/evaluate_ner.py.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from pathlib import Path

import torch
from ner.batches import Recipe, load_corpus, prepare, styles_of
from ner.calibrate import calibrate
from ner.corpora import TYPES, read_samples
from ner.encoder import load_alphabet
from ner.export import export
from ner.model import Adapter
from ner.pairs import news_texts
from ner.run import Run, train
from ner.scores import evaluate, load_development
from ner.silver import write_silver

from kg.segment import sentence_spans


def silver_texts(recipe: Recipe, corpora: Path, news: Path) -> list[str]:
    """As many sentences as the recipe wants, of the news and of the corpora that `silver.files` names, each once."""
    paragraphs = [*news_texts(news), *(sample.text for name in recipe["silver"]["files"]
                                       for sample in read_samples(corpora / f"{name}.jsonl.gz"))]
    sentences = (text[start:end] for text in paragraphs for start, end in sentence_spans(text))
    found = list(dict.fromkeys(sentence for sentence in sentences if len(sentence) > 1))
    return random.Random(0).sample(found, min(recipe["silver"]["sentences"], len(found)))


class Training:
    """The stages, each of which finds what the earlier ones left in the work directory."""

    def __init__(self, recipe: Recipe, corpora: Path, news: Path, work: Path) -> None:
        self.recipe, self.corpora, self.news, self.work = recipe, corpora, news, work
        self.alphabet = load_alphabet()
        self.known, self.vectors = prepare(recipe, corpora, news, work, self.alphabet)
        self.development = load_development(corpora, work, self.alphabet, self.known)

    def learn(self, recipe: Recipe, folder: Path, seed: int, start: Run | None = None) -> Run:
        """Train as the recipe says, from the averaged weights of another run if there is one."""
        run = Run(recipe, folder, seed, self.vectors)
        run.resume()
        if start is not None:
            run.start_from(start)
        if run.epoch < recipe["training"]["epochs"]:
            corpus = load_corpus(recipe, self.corpora, self.work, self.alphabet, self.known)
            train(run, corpus, lambda model: evaluate(model, self.development, styles_of(recipe)))
        return run

    def label(self, runs: list[Run]) -> None:
        """Let the runs label plain text, for the second stage."""
        target = self.work / "silver.jsonl.gz"
        if not target.exists():
            models = [run.folder / "model" for run in runs]
            for run, model in zip(runs, models, strict=True):
                export(run.average.eval(), self.known, model)
            texts = silver_texts(self.recipe, self.corpora, self.news)
            silver = self.recipe["silver"]
            counts = write_silver(texts, models, target, silver["least"], silver["places"])
            print("silver:", len(texts), counts, flush=True)

    def second_recipe(self) -> Recipe:
        """The recipe of the second stage: the silver corpus beside the others, and its own settings."""
        silver = self.recipe["silver"]
        return self.recipe | {
            "training": self.recipe["training"] | silver["training"],
            "corpus": [*self.recipe["corpus"], {"name": "silver", "files": [str((self.work / "silver").absolute())],
                                                "style": "default", "complete": TYPES}]}


def soup(runs: list[Run]) -> Adapter:
    """One model with the mean weights of a run and those that began with it (Wortsman et al. 2022, "Model soups")."""
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
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = tomllib.loads(options.recipe.read_text(encoding="utf-8"))
    training = Training(recipe, options.corpora, options.news, options.work)
    seeds = recipe["training"]["seeds"] if options.seed is None else [options.seed]
    runs = [training.learn(recipe, options.work / f"seed{seed}", seed) for seed in seeds]
    if options.seed is None:
        training.label(runs)
        finals = [training.learn(training.second_recipe(), options.work / f"final{seed}", seed, runs[0])
                  for seed in recipe["silver"]["seeds"]]
        final = soup([runs[0], *finals])
        target = options.export or options.work / "model"
        export(final.eval(), training.known, target, least=recipe["export"]["least"])
        calibrate(target, [options.corpora / f"{name}.jsonl.gz" for name in recipe["export"]["calibrate"]])


if __name__ == "__main__":
    main()
