"""The whole path, in order: read → clean → segment → tag → resolve → relate → assemble → export / render."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from kg.acts import act_relations, find_acts
from kg.assemble import assemble
from kg.clean import clean
from kg.errors import InputError
from kg.graph import Graph
from kg.knowledge.lexicon import load_lexicon
from kg.knowledge.ontology import load_ontology
from kg.knowledge.places import load_places
from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Document, Relation, ResolvedDocument
from kg.page.layout import lay_out
from kg.read import Skipped, read
from kg.relate import relate
from kg.relate.derive import derive
from kg.relate.rules import RuleBook, load_rules
from kg.resolve import resolve
from kg.segment import segment
from kg.settings import Settings
from kg.tag import tag
from kg.taggers import Tagger, open_tagger

T = TypeVar("T")
#: Told the name of a stage and what it works through; hands the items back, counting them.
Progress = Callable[[str, Sequence[T]], Iterable[T]]


def silent(stage: str, items: Sequence[T]) -> Iterable[T]:
    """Progress that says nothing."""
    return items


@dataclass(frozen=True)
class Build:
    """The result of a build: the graph, and what the manifest says of how it came about."""

    graph: Graph
    documents: tuple[CleanDocument, ...]
    skipped: tuple[Skipped, ...]
    settings: Settings
    model: str
    rules: str
    started: datetime


def build(inputs: Sequence[str | Path], settings: Settings | None = None, *, tagger: Tagger | None = None,
          progress: Progress[Any] = silent) -> Build:
    """Turn files and folders into a graph, laid out and ready to be written.

    Raises KGError: InputError when nothing can be read (or, with `strict`, at the first document that can't),
    KnowledgeError when rules have faults, ModelError when the tagger can't be opened.
    """
    settings = settings or Settings()
    documents, skipped = read(inputs, settings)
    if not documents:
        raise InputError("no document could be read; nothing was written\n" + "\n".join(map(str, skipped)))
    return build_documents(documents, settings, skipped=skipped, tagger=tagger, progress=progress)


def build_documents(documents: Sequence[Document], settings: Settings, *, skipped: Sequence[Skipped] = (),
                    tagger: Tagger | None = None, progress: Progress[Any] = silent) -> Build:
    """The path from documents on; see `build`."""
    started = datetime.now(UTC)
    rules, knowledge, ontology = load_rules(settings.rules), load_knowledge(settings.rules), load_ontology()
    tagger = tagger or open_tagger(settings.model)

    cleaned = [clean(document, settings) for document in progress("clean", documents)]
    tagged = tag([(c, segment(c)) for c in cleaned], tagger, knowledge)
    resolved = [resolve(c, next(tagged), knowledge) for c in progress("tag", cleaned)]
    related = [relate_document(r, rules, knowledge) for r in progress("relate", resolved)]
    graph = assemble([r for r, _ in related], {r.clean.id: found for r, found in related}, ontology, settings)
    return Build(lay_out(graph), tuple(cleaned), tuple(skipped), settings, tagger.id, rules.digest, started)


def load_knowledge(user: Path | None = None) -> Knowledge:
    """The word lists and tables of the package, overlaid by a user's."""
    return Knowledge(load_lexicon(user), load_places())


def relate_document(document: ResolvedDocument, rules: RuleBook,
                    knowledge: Knowledge) -> tuple[ResolvedDocument, tuple[Relation, ...]]:
    """All relations of a document, by rules, by its acts and by its names; the acts join its entities."""
    acts, act_edges = act_relations(document, find_acts(document.sentences, document.links))
    stated = relate(document, rules)
    relations = (*stated, *act_edges, *derive(document, knowledge, stated))
    return replace(document, entities=(*document.entities, *acts)), relations
