"""The whole path, in order: read → clean → segment → tag → resolve → relate → correct → assemble → export / render."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kg.acts import act_relations, find_acts
from kg.assemble import assemble
from kg.clean import clean
from kg.cluster import extract_on_ray
from kg.correct.apply import Corrected, Unapplied, correct
from kg.correct.decisions import read_decisions
from kg.errors import InputError
from kg.facts import DocumentFacts, Known, facts_of, nothing_known
from kg.graph import Graph
from kg.knowledge.lexicon import load_lexicon
from kg.knowledge.ontology import load_ontology
from kg.knowledge.places import load_places
from kg.memory import collect_rarely
from kg.mentions.reading import Knowledge
from kg.models import Document, Relation, ResolvedDocument
from kg.page.layout import lay_out
from kg.privacy import mask
from kg.read import Skipped, read
from kg.relate import relate
from kg.relate.courts import read_bench
from kg.relate.derive import derive
from kg.relate.evidence import crosses
from kg.relate.heads import read_behind_names, read_heads
from kg.relate.nearest import nearest_only
from kg.relate.parties import read_parties
from kg.relate.refuted import not_refuted
from kg.relate.reporters import read_reporters
from kg.relate.rosters import read_rosters
from kg.relate.rules import RuleBook, load_rules
from kg.resolve import resolve
from kg.segment import segment
from kg.settings import Settings
from kg.store import Store, fingerprint, graph_key, open_store
from kg.tag import analyse, tag_document
from kg.taggers import Tagger, open_tagger
from kg.taggers.packed import pack
from kg.workers import Worker, batches, extract_in_workers, left_out, started

T = TypeVar("T")
#: Told the name of a stage, what it works through and how many there are; hands the items back, counting them.
Progress = Callable[[str, Iterable[T], int], Iterable[T]]


def silent(stage: str, items: Iterable[T], length: int) -> Iterable[T]:
    """Progress that says nothing."""
    return items


@dataclass(frozen=True)
class Build:
    """The result of a build: what the documents say, the graph of it, and what the manifest tells of how it came about.

    `warnings` are of the form `document: what`; `unapplied` are the decisions of people that nothing answers to.
    `key` names all that the graph depends on, where there is a store.
    """

    corrected: Corrected
    documents: Sequence[Document]
    warnings: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    settings: Settings
    model: str
    rules: str
    started: datetime
    unapplied: tuple[Unapplied, ...]
    masked: Graph | None = None
    store: Store | None = None
    key: str = ""

    @cached_property
    def graph(self) -> Graph:
        """The graph, laid out."""
        return lay_out(self.assembled)

    @cached_property
    def assembled(self) -> Graph:
        """The graph before it is laid out; assembled when it is first asked for, unless it had to be to mask it."""
        with collect_rarely():
            return self.masked or self._assembled()

    def _assembled(self) -> Graph:
        documents, by_hand = self.corrected.documents, self.corrected.by_hand
        room = self.store.room if self.store else None
        if self.settings.engine == "ray" and by_hand is None:
            from kg.assemble.spread import assemble_on_ray

            return assemble_on_ray(documents, load_ontology(), self.settings, room)
        return assemble(documents, load_ontology(), self.settings, by_hand, room)

    def close(self) -> None:
        """Let go of the store, if there is one, so that it can be tidied; the facts are not to be had any more."""
        if self.store is not None:
            self.store.lock.release()


def build(inputs: Sequence[str | Path], settings: Settings | None = None, *, tagger: Tagger | None = None,
          progress: Progress[Any] = silent) -> Build:
    """Turn files and folders into a graph, laid out and ready to be written.

    Raises KGError: InputError when nothing can be read (or, with `strict`, at the first document that can't) and when
    a table of decisions has faults, KnowledgeError when rules have faults, ModelError when the tagger can't be opened.
    """
    settings = settings or Settings()
    with _workers(settings, tagger) as workers:
        store = None if settings.store is None else open_store(settings.store)
        documents, skipped = read(inputs, settings, store.room if store else None)
        if not documents:
            raise InputError("no document could be read; nothing was written\n" + "\n".join(map(str, skipped)))
        return _build_documents(documents, settings, skipped, tagger, progress, store, workers)


def build_documents(documents: Sequence[Document], settings: Settings, *, skipped: Sequence[Skipped] = (),
                    tagger: Tagger | None = None, progress: Progress[Any] = silent,
                    store: Store | None = None) -> Build:
    """The path from documents on; see `build`. `store` is that of the settings, where it is open already."""
    with _workers(settings, tagger) as workers:
        return _build_documents(documents, settings, skipped, tagger, progress, store, workers)


def _workers(settings: Settings, tagger: Tagger | None) -> AbstractContextManager[list[Worker] | None]:
    """Workers that load their tools while this process reads the documents and loads its own.

    None where this process works alone, and with a store, where there may be nothing for them to do.
    """
    alone = settings.workers == 1 or settings.engine == "ray" or tagger is not None
    return nullcontext() if alone or settings.store is not None else started(settings)


@collect_rarely()
def _build_documents(documents: Sequence[Document], settings: Settings, skipped: Sequence[Skipped],
                     tagger: Tagger | None, progress: Progress[Any], store: Store | None,
                     workers: list[Worker] | None) -> Build:
    begun, ontology = datetime.now(UTC), load_ontology()
    decisions = read_decisions(settings.overrides, ontology)
    tools = load_tools(settings, tagger)
    failed = list(skipped)

    def read_all(missing: Sequence[Document], known: Known = nothing_known) -> Iterator[DocumentFacts]:
        """The facts of all documents that have any; what went wrong with the others is noted."""
        if settings.engine == "ray":
            results = extract_on_ray(missing, settings, known)
        elif settings.workers > 1 and tagger is None:
            results = extract_in_workers(missing, settings, known, workers)
        else:
            results = extract_safely(missing, settings, tools, known)
        for each in progress("extract", results, len(missing)):
            if isinstance(each, DocumentFacts):
                yield each
            elif settings.strict:
                raise InputError(str(each))
            else:
                failed.append(each)

    key = ""
    facts: Collection[DocumentFacts]
    if settings.store is None:
        facts = list(read_all(documents))
        warnings = [f"{each.id}: {warning}" for each in facts for warning in each.warnings]
    else:
        store = store or open_store(settings.store)
        facts = store.collect(documents, fingerprint(settings, tools), tools.tagger.id, read_all)
        warnings, key = [*facts.warnings, *store.warnings], graph_key(facts.keys, settings)
    corrected = correct(list(facts), decisions, ontology) if decisions else Corrected(facts)
    unapplied, masked = corrected.unapplied, None
    if settings.mask_private:
        masked, hide = mask(assemble(corrected.documents, ontology, settings, corrected.by_hand),
                            tools.knowledge.lexicon)
        unapplied = tuple(each.hidden(hide) for each in unapplied)
        warnings += [f"{each.id}: the name of the file holds what is masked; rename it" for each in documents
                     if hide(each.source) != each.source or hide(each.id) != each.id]
    return Build(corrected, documents, tuple(warnings), tuple(failed), settings, tools.tagger.id,
                 tools.rules.digest, begun, unapplied, masked, store, key)


@dataclass(frozen=True)
class Tools:
    """What reads a document: the tagger, the rules, the word lists and tables. Loaded once in a process."""

    tagger: Tagger
    rules: RuleBook
    knowledge: Knowledge


def load_tools(settings: Settings, tagger: Tagger | None = None) -> Tools:
    """The tools that the settings ask for; see `build` for what it raises."""
    rules, knowledge = load_rules(settings.rules), load_knowledge(settings.rules)
    return Tools(tagger or open_tagger(settings.model), rules, knowledge)


def extract_safely(documents: Iterable[Document], settings: Settings, tools: Tools,
                   known: Known = nothing_known) -> Iterator[DocumentFacts | Skipped]:
    """`extract`, but a document that it fails on is reported, with what went wrong, and the rest goes on."""
    for batch in batches(documents):
        try:
            found = list(extract(batch, settings, tools, known(batch)))
        except Exception as error:  # from whatever library; which document it was is found out by trying each
            if len(batch) > 1:
                yield from (each for document in batch for each in extract_safely([document], settings, tools, known))
                continue
            yield left_out(batch[0], f"can't be worked through ({type(error).__name__}: {error})")
        else:
            yield from found


def extract(documents: Iterable[Document], settings: Settings, tools: Tools,
            known: Mapping[str, bytes] | None = None) -> Iterator[DocumentFacts]:
    """What each document says, in order. It depends on the document, the settings and the tools, on nothing else.

    `known` spares the tagger documents that it has seen, see `kg.tag.analyse`.
    """
    cleaned = ((each, segment(each)) for each in (clean(document, settings) for document in documents))
    for each in analyse(cleaned, tools.tagger, known or {}):
        tagged = tag_document(each.document, each.sentences, each.taggings, tools.knowledge)
        resolved = resolve(each.document, tagged, tools.knowledge)
        kept = b"" if each.known or settings.store is None else pack([s.text for s in each.sentences], each.taggings)
        yield facts_of(*relate_document(resolved, tools.rules, tools.knowledge), kept)


def load_knowledge(user: Path | None = None) -> Knowledge:
    """The word lists and tables of the package, overlaid by a user's."""
    return Knowledge(load_lexicon(user), load_places())


def _besides(edges: Sequence[Relation], stated: Sequence[Relation]) -> Iterator[Relation]:
    """The edges of acts, without penalties of which a rule tells as well."""
    told = {(each.head, each.tail) for each in stated if each.relation == "penalized"}
    return (each for each in edges if each.relation != "penalized" or (each.head, each.tail) not in told)


def relate_document(document: ResolvedDocument, rules: RuleBook,
                    knowledge: Knowledge) -> tuple[ResolvedDocument, tuple[Relation, ...]]:
    """All relations of a document, by rules, by its acts and by its names; the acts join its entities.

    Of a chain of places or bodies only the nearest is told. What would be read across a flaw of the text is left out,
    and with it an act of which nothing else is said.
    """
    acts, act_edges = act_relations(document, find_acts(document.sentences, document.links))
    stated = (*not_refuted(relate(document, rules), knowledge.places), *read_rosters(document), *read_bench(document),
              *read_parties(document))
    posted = {relation.head for relation in stated if relation.relation == "holds_position"}
    stated = (*stated, *read_heads(document, rules.words.heads, posted), *read_reporters(document, posted),
              *read_behind_names(document, rules.words.behind_names, posted))
    relations = nearest_only((*stated, *_besides(act_edges, stated), *derive(document, knowledge, stated)))
    if flaws := document.clean.flaws:
        relations = tuple(relation for relation in relations if not crosses(relation.evidence, flaws))
        linked = {id_ for relation in relations for id_ in (relation.head, relation.tail)}
        acts = [act for act in acts if act.id in linked]
    return replace(document, entities=(*document.entities, *acts)), relations
