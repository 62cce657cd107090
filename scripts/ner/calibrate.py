"""The temperature at which a model's confidence is best borne out by development data (Guo et al. 2017)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from ner.corpora import read_samples
from ner.scores import NAMES

from kg.taggers import open_tagger

TEMPERATURES = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5)


def calibrate(directory: Path, files: Sequence[Path]) -> float:
    """Write the best temperature into a model's config.json; its `least` is empty for the while."""
    path = directory / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    least = config["entities"]["least"]

    def write(temperature: float, lowest: dict[str, float]) -> None:
        config["entities"] |= {"temperature": temperature, "least": lowest}
        path.write_bytes(json.dumps(config, indent=2).encode() + b"\n")

    losses = {}
    for temperature in TEMPERATURES:
        write(temperature, {})
        losses[temperature] = np.mean([np.mean(list(log_losses(directory, file))) for file in files])
    best = min(losses, key=losses.__getitem__)
    write(best, least)
    print("temperature", best, {t: round(float(loss), 4) for t, loss in losses.items()})
    return best


def log_losses(directory: Path, file: Path) -> Iterator[float]:
    """-log of the chance that the confidence gave to what is true, for each name found."""
    samples = list(read_samples(file))
    for sample, tagging in zip(samples, open_tagger(str(directory))([s.text for s in samples]), strict=True):
        for m in tagging.mentions:
            if m.type in NAMES:
                right = (m.start, m.end, m.type) in sample.spans
                yield -float(np.log(np.clip(m.confidence if right else 1 - m.confidence, 0.001, 1)))
