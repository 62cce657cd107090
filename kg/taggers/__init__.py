"""Taggers: from sentences to words, parts of speech and names.

A tagger is any callable that takes texts and returns one `Tagging` a text. `open_tagger` opens one by name.
Only modules in this package import hanlp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kg.models import Mention, Token

if TYPE_CHECKING:
    from kg.taggers.catalog import ModelInfo


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

    `name#ner/pku` asks a multi-task model for that task; else it is ner/msra, ner/pku or ner/ontonotes, whichever it
    has. Raises ModelError that says what is wrong with the model or how to get it.
    """
    from kg.taggers.hanlp import open_model

    return open_model(name)


def list_models() -> list[ModelInfo]:
    """The models with a name of their own, their licences, and where they are; nothing is loaded or fetched."""
    from kg.taggers import catalog

    return catalog.list_models()
