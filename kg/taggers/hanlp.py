"""HanLP models as taggers.

Words and parts of speech always come from a LAC model, since the rules for relations know one tag set. Names come from
the model that was asked for: a component of kg.taggers.lac gives both in one pass, beside any other the LAC model in
the package gives the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import ModelError
from kg.models import Mention, MentionType, Token, named
from kg.taggers import Tagger, Tagging
from kg.taggers.catalog import digest, find_model, hub_directory
from kg.taggers.labels import types_of
from kg.taggers.lac import Analysis, LexicalAnalyzer, Span
from kg.taggers.names import choose_task, find_by_task, find_by_tokens, read_name_labels, reads_words
from kg.taggers.trust import check_model, without_pickles

#: The source of mentions that a model found.
SOURCE = "model"


class LexicalTagger:
    """Words and names of one LAC directory."""

    def __init__(self, component: LexicalAnalyzer, model_id: str):
        self.id = model_id
        self.component = component
        self._types = types_of((component.config["entities"] or component.config["words"])["labels"])

    def __call__(self, texts: Sequence[str]) -> list[Tagging]:
        analyses = self.component.analyze(texts)
        return [Tagging(tokens(text, analysis), mentions(text, analysis.entities, self._types, analysis.confidence))
                for text, analysis in zip(texts, analyses, strict=True)]


class NameTagger:
    """Names of one HanLP model, words of the LAC model in the package."""

    def __init__(self, component: Any, name: str, model_id: str, task: str = ""):
        where = find_model("lac")
        self.words: LexicalAnalyzer = load_component(where)
        self.component = component
        self.task = choose_task(component, task, name)
        self.id = f"{model_id}{'#' if self.task else ''}{self.task}+{identify(where)}"
        self._types = types_of(self.task.rpartition("/")[2])
        labels = read_name_labels(component, self.task)
        if not labels & self._types.keys():
            raise ModelError(f"{name} finds no names that this package knows; its labels: "
                             f"{', '.join(sorted(labels)) or 'none'}; those that count: kg/data/labels.tsv")

    def __call__(self, texts: Sequence[str]) -> list[Tagging]:
        analyses = self.words.analyze(texts)
        found = self._find(texts, analyses)
        return [Tagging(tokens(text, analysis), mentions(text, spans, self._types))
                for text, analysis, spans in zip(texts, analyses, found, strict=True)]

    def _find(self, texts: Sequence[str], analyses: Sequence[Analysis]) -> list[list[Span]]:
        if self.task:
            return find_by_task(self.component, texts, self.task)
        if reads_words(self.component):
            units = [[(word.start, word.end) for word in analysis.words] for analysis in analyses]
        else:
            units = [[(i, i + 1) for i in range(len(text))] for text in texts]
        return find_by_tokens(self.component, texts, units)


def tokens(text: str, analysis: Analysis) -> tuple[Token, ...]:
    return tuple(named(Token, [(start, end, text[start:end], tag) for start, end, tag in analysis.words]))


def mentions(text: str, spans: Sequence[Span], types: Mapping[str, MentionType], confidence: Sequence[float] = ()
             ) -> tuple[Mention, ...]:
    """The spans whose label means one of our types; 1 is the confidence where the model gives none."""
    return tuple(Mention(start, end, types[tag], text[start:end], SOURCE, confidence=sure)
                 for (start, end, tag), sure in zip(spans, confidence or [1.0] * len(spans), strict=True)
                 if tag in types)


def load_component(where: str) -> Any:
    """`hanlp.load`, with every failure as a ModelError. Only a download says on standard error how far it is."""
    import hanlp
    from hanlp.utils.io_util import get_resource

    try:
        directory = get_resource(where, verbose=False)  # a URL is fetched first, to be looked at
        check_model(Path(directory))
        with without_pickles(where):
            return hanlp.load(directory, verbose=False)
    except ModelError:
        raise
    except Exception as error:  # HanLP's components raise whatever their libraries raise
        raise ModelError(f"{where}: HanLP can't load it: {_cause(error)}") from error


def _cause(error: BaseException) -> BaseException:
    """What went wrong first: HanLP's handling of an error fails itself where pkg_resources isn't installed."""
    if isinstance(error, ModuleNotFoundError) and error.name == "pkg_resources" and error.__context__:
        return error.__context__
    return error


def open_model(name: str) -> Tagger:
    """The tagger of a name (see `kg.taggers.open_tagger`); `name#ner/pku` asks a multi-task model for that task."""
    model, mark, task = name.rpartition("#ner")
    where = find_model(model if mark else name)
    component = load_component(where)
    if isinstance(component, LexicalAnalyzer):
        return LexicalTagger(component, identify(where))
    return NameTagger(component, name, identify(where), f"ner{task}" if mark else "")


def identify(where: str) -> str:
    """A stable id of a loaded model: the name of its directory and the digest of its files."""
    directory = Path(where) if Path(where).is_dir() else hub_directory(where)
    return f"{directory.resolve().name}@sha256:{digest(directory)}"
