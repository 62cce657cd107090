"""A training that survives interruptions."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ner.batches import Batch, Corpus, Recipe, batches, collate, styles_of
from ner.encoder import load_encoder
from ner.model import Adapter, Sizes

#: The state of a model: its weights by name.
Weights = dict[str, torch.Tensor]


class Run:
    """The state of a training: weights, their average, optimiser, epoch. `save` and `resume` make it survive."""

    def __init__(self, recipe: Recipe, folder: Path, seed: int, vectors: torch.Tensor) -> None:
        self.settings, self.folder, self.seed = recipe["training"], folder, seed
        folder.mkdir(parents=True, exist_ok=True)
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

    def start_from(self, weights: Weights) -> None:
        """Begin with these weights."""
        self.model.load_state_dict(weights)
        self.average.load_state_dict(weights)

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


def train(run: Run, corpus: Corpus, evaluation: Callable[[Adapter], dict[str, Any]]) -> None:
    """Run the epochs that are left; each is seeded by its number, so resuming changes nothing."""
    settings = run.settings
    while run.epoch < settings["epochs"]:
        rng = random.Random(run.seed * 1000 + run.epoch)
        torch.manual_seed(run.seed * 1000 + run.epoch)
        order, began, losses = batches(corpus, settings["batch_characters"], rng), time.monotonic(), []
        run.model.train()
        for number, texts in enumerate(order):
            default = np.array([rng.random() < corpus.default_shares[text] for text in texts])
            progress = (run.epoch + number / len(order)) / settings["epochs"]
            losses.append(run.learn(collate(corpus, texts, default), progress))
            if number % 200 == 0:
                seconds = time.monotonic() - began
                print(f"  {number}/{len(order)} {np.mean(losses[-200:]):.4f} {seconds:.0f}s", flush=True)
        run.epoch += 1
        run.save()
        scores = evaluation(run.average.eval())
        report = {"epoch": run.epoch, "loss": round(float(np.mean(losses)), 4),
                  "seconds": round(time.monotonic() - began), **scores}
        print(json.dumps(report), flush=True)
        with (run.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(report) + "\n")
