"""The words of rosters: kg/data/rosters.yaml, loaded and checked once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kg.knowledge.yamlfile import load_yaml

_Words = Annotated[tuple[Annotated[str, Field(pattern="^[一-鿿]+$")], ...], Field(min_length=1)]


class RosterWords(BaseModel):
    """The lists of the file, see its head for what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: _Words
    read: _Words
    bodies: _Words
    bench: _Words
    present: _Words

    @model_validator(mode="after")
    def _each_once(self) -> RosterWords:
        words = (*self.lines, *self.read)
        if twice := sorted({word for word in words if words.count(word) > 1}):
            raise ValueError(f"stands twice in `lines` and `read`: {', '.join(twice)}")
        return self


@cache
def load_rosters(path: Path | None = None) -> RosterWords:
    """The words of `path`, or of the package. Raises KnowledgeError with all faults."""
    return load_yaml(path or Path(str(files("kg") / "data" / "rosters.yaml"))).checked(RosterWords)
