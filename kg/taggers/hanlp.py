"""HanLP models as taggers.

Words and parts of speech always come from the LAC model in the package, since the rules for relations know one tag
set. Names come from the model that was asked for:

    kg.taggers.lac     one pass gives words and names
    multi-task         texts in, a Document of lists out; names by tokens of the model's own tokenizer
    single task        lists of tokens in, lists of (name, label, first token, last token + 1) out

HanLP counts tokens; here they are mapped to characters of the text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import ModelError
from kg.models import Mention, MentionType, Token
from kg.taggers import Tagger, Tagging
from kg.taggers.catalog import digest, find_model
from kg.taggers.labels import types_of
from kg.taggers.lac import Analysis, LexicalAnalyzer, Span
from kg.taggers.pieces import split_text

#: The source of mentions that a model found.
SOURCE = "model"


class LexicalTagger:
    """Words and names of one LAC directory."""

    def __init__(self, component: LexicalAnalyzer, model_id: str):
        self.id = model_id
        self.component = component
        self._types = types_of(component.config["words"]["labels"])

    def __call__(self, texts: Sequence[str]) -> list[Tagging]:
        analyses = self.component.predict(list(texts))
        return [Tagging(tokens(text, analysis), mentions(text, analysis.entities, self._types))
                for text, analysis in zip(texts, analyses, strict=True)]


def tokens(text: str, analysis: Analysis) -> tuple[Token, ...]:
    return tuple(Token(start, end, text[start:end], tag) for start, end, tag in analysis.words)


def mentions(text: str, spans: Sequence[Span], types: Mapping[str, MentionType]) -> tuple[Mention, ...]:
    """The spans whose label means one of our types."""
    return tuple(Mention(start, end, types[tag], text[start:end], SOURCE) for start, end, tag in spans if tag in types)


def load_component(where: str) -> Any:
    """`hanlp.load`, silent, with every failure as a ModelError."""
    os.environ.setdefault("HANLP_VERBOSE", "0")
    import hanlp

    try:
        return hanlp.load(where)
    except Exception as error:  # HanLP's components raise whatever their libraries raise
        raise ModelError(f"{where}: HanLP can't load it: {_cause(error)}") from error


def _cause(error: BaseException) -> BaseException:
    """What went wrong first: HanLP's handling of an error fails itself where pkg_resources isn't installed."""
    if isinstance(error, ModuleNotFoundError) and error.name == "pkg_resources" and error.__context__:
        return error.__context__
    return error


def open_model(name: str) -> Tagger:
    where = find_model(name)
    component = load_component(where)
    directory = Path(where)
    return LexicalTagger(component, f"{directory.name}@sha256:{digest(directory)}")
