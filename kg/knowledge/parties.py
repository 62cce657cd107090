"""The labels of parties: kg/data/parties.yaml, loaded and checked once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kg.knowledge.spread import BLANK, spread
from kg.knowledge.yamlfile import load_yaml

_Labels = Annotated[tuple[Annotated[str, Field(pattern="^[一-鿿]+$")], ...], Field(min_length=1)]


class PartyLabels(BaseModel):
    """The lists of the file, see its head for what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open: _Labels
    posts: _Labels
    places: _Labels
    more: _Labels
    name: _Labels
    office: _Labels

    def label(self, *lists: str) -> re.Pattern[str]:
        """A line that begins with a label of these lists; group 1 is the label."""
        return _label(tuple(word for name in lists for word in getattr(self, name)))


@cache
def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"{BLANK}({spread(longest_first)}){BLANK}"
                      rf"(?:[（(][^（()）：:]{{1,12}}[)）])?{BLANK}[：:]{BLANK}")


@cache
def load_parties(path: Path | None = None) -> PartyLabels:
    """The labels of `path`, or of the package. Raises KnowledgeError with all faults."""
    return load_yaml(path or Path(str(files("kg") / "data" / "parties.yaml"))).checked(PartyLabels)
