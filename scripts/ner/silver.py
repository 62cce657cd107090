"""Names in plain text on which trained models agree, as a corpus to learn from (self-training)."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ner.corpora import OPEN

from kg.models import Mention
from kg.taggers import open_tagger


def write_silver(texts: Sequence[str], models: Sequence[Path], target: Path, least: float, places: str
                 ) -> Counter[str]:
    """Write sentences with the names that all models find with a mean confidence of `least`; the count by type.

    What only some models find, or find without confidence, is open: neither a name nor the absence of one. Where no
    model finds anything, a place of LAC's that matches `places` counts: corpora of the 1990s hardly know the streets,
    villages and neighbourhoods that police reports are full of.
    """
    found = [open_tagger(str(model))(texts) for model in models]
    counts: Counter[str] = Counter()
    ending, part = re.compile(places), target.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as lines:
        for text, lac, *taggings in zip(texts, open_tagger("lac")(texts), *found, strict=True):
            names = list(agreement([tagging.mentions for tagging in taggings], least))
            covered = {at for start, end, _ in names for at in range(start, end)}
            names += [(m.start, m.end, m.type) for m in lac.mentions if m.type == "LOCATION"
                      and ending.search(m.text) and covered.isdisjoint(range(m.start, m.end))]
            counts.update(kind for _, _, kind in names)
            entities = [{"start": start, "end": end, "type": kind} for start, end, kind in sorted(names)]
            lines.write(json.dumps({"text": text, "entities": entities}, ensure_ascii=False) + "\n")
    part.rename(target)
    return counts


def agreement(opinions: Sequence[Iterable[Mention]], least: float) -> Iterator[tuple[int, int, str]]:
    """The names that everybody marks alike, and OPEN spans over the rest."""
    sure: dict[tuple[int, int, str], list[float]] = {}
    for mentions in opinions:
        for mention in mentions:
            sure.setdefault((mention.start, mention.end, mention.type), []).append(mention.confidence)
    for (start, end, kind), confidences in sorted(sure.items()):
        agreed = len(confidences) == len(opinions) and sum(confidences) / len(confidences) >= least
        yield start, end, kind if agreed else OPEN
