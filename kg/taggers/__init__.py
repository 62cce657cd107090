"""Taggers: from sentences to words, parts of speech and names.

A tagger is any callable that takes texts and returns one `Tagging` a text. `open_tagger` opens one by name.
Only modules in this package import hanlp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.models import Mention, Token


@dataclass(frozen=True, slots=True)
class Tagging:
    """Words and names of one text; offsets count characters of that text."""

    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


class Tagger(Protocol):
    """Words, parts of speech and names of texts, in the order given."""

    id: str

    def __call__(self, texts: Sequence[str]) -> list[Tagging]: ...


def open_tagger(name: str = "default") -> Tagger:
    """The tagger of a name: one of `list_models`, a HanLP identifier, or a directory in HanLP's format.

    Raises ModelError that says how to get the model.
    """
    from kg.taggers.hanlp import open_model

    return open_model(name)
