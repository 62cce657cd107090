"""From the facts of documents to the graph.

Nothing is found here: entities are joined across documents (kg.assemble.merge), pieces of evidence for the same
statement become one edge, entities named together are paired (kg.assemble.cooccur), and everything is sorted, so
that the order of the inputs leaves no trace in the result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.assemble.byhand import ByHand
from kg.assemble.cooccur import Pairs
from kg.assemble.edges import (
    MAX_CONFIDENCE,
    Statement,
    co_occurrence_edges,
    decided_edges,
    edge_id,
    relation_edges,
    state,
)
from kg.assemble.merge import Merge, merge
from kg.assemble.nodes import ACTION_ATTRIBUTES, Part, gather, node_of, parts
from kg.assemble.periods import Periods
from kg.assemble.spool import Sorter, hold, mapped
from kg.assemble.stories import Stories, find_stories
from kg.facts import DocumentFacts
from kg.graph import Doubtful, Edge, Graph, GraphDocument, Node, graph_of
from kg.knowledge.ontology import Ontology
from kg.models import Entity, Quote, Relation
from kg.settings import Settings

__all__ = ["MAX_CONFIDENCE", "assemble", "edge_id", "state", "verify_spans"]


def assemble(documents: Collection[DocumentFacts], ontology: Ontology, settings: Settings,
             by_hand: ByHand | None = None, folder: Path | None = None) -> Graph:
    """The graph of what the documents say; layout fields are left as they are.

    `by_hand` is what people changed beyond single documents (see kg.correct). With a `folder` the graph may be larger
    than memory: what grows with the documents is sorted and kept in files there, all but ids and dates, and the parts
    of the Graph are sequences on disk (kg.assemble.spool) with the same records.
    A relation of an entity with itself is dropped. Raises ValueError where a relation breaks the ontology or
    names an entity that its document doesn't have: that is a fault of the stage that made it.
    """
    stories = find_stories(documents)
    by_hand = by_hand or ByHand(merge(documents))
    merged = by_hand.merged
    cited, doubts = Sorter[GraphDocument](folder), set(merged.doubts)
    said, entities, pairs = Sorter[Statement](folder), Sorter[Part](folder), Pairs(folder)
    for document in documents:
        statements = list(_statements(document, merged, ontology))
        for statement in statements:
            said.add(statement.order(document.metadata.date), statement)
        for id_, part in parts(document, merged, statements):
            entities.add((id_, document.id), part)
        pairs.add(document, merged.ids, stories)
        cited.add((document.id,), _graph_document(document, stories))
        doubts.update(_doubts(document, merged))

    found: Iterable[Edge] = _edges(said, pairs, ontology, stories, settings)
    if by_hand.confirmed or by_hand.unpaired:
        found = decided_edges(by_hand, ontology, found)
    sorted_edges, periods = Sorter[Edge](folder), Periods()
    for edge in found:
        sorted_edges.add((edge.id,), edge)
        periods.add_edge(edge)
    edges = hold(sorted_edges.values(), folder)
    nodes = hold(_nodes(entities, by_hand.labels, periods), folder)
    spans = periods.spans()
    return graph_of(hold(cited.values(), folder), mapped(nodes, _dated, spans), edges,
                         tuple(sorted(doubts, key=_doubt_order)))


def _edges(said: Sorter[Statement], pairs: Pairs, ontology: Ontology, stories: Stories,
           settings: Settings) -> Iterator[Edge]:
    yield from relation_edges(said.values(), ontology, stories)
    yield from co_occurrence_edges(pairs.found(settings.min_cooccurrence), ontology, stories)


def _nodes(entities: Sorter[Part], labels: Mapping[str, str], periods: Periods) -> Iterator[Node]:
    """The nodes in the order of their ids, without their dates, which `periods` is told."""
    for id_, rows in groupby(entities, lambda row: row[0][0]):
        whole = gather(map(itemgetter(1), rows))
        periods.add_node(id_, whole.type, whole.names, whole.dates)
        if whole.mentions or id_ in periods.linked:
            yield node_of(id_, whole, labels.get(id_, ""))


def _dated(number: int, record: Node, spans: Mapping[str, tuple[str, str]]) -> Node:
    first, last = spans[record.id]
    return record.model_copy(update={"first_date": first, "last_date": last})


def verify_spans(graph: Graph) -> list[str]:
    """Every quote in the graph that isn't what its document says at its span; empty if all are."""
    texts = {document.id: document.text for document in graph.documents}
    faults = []
    for where, document, quote, sentence in _quotes(graph):
        if document not in texts:
            faults.append(f"{where}: no document {document}")
            continue
        found, claimed = texts[document][quote.start:quote.end], quote.text if quote.raw is None else quote.raw
        if found != claimed:
            faults.append(f"{where}: {document} [{quote.start}, {quote.end}) is {found!r}, not {claimed!r}")
        if sentence is not None and quote.at is not None and \
                sentence.text[quote.at:quote.at + len(quote.text)] != quote.text:
            faults.append(f"{where}: {quote.text!r} doesn't stand at {quote.at} of its sentence")
    return faults


def _quotes(graph: Graph) -> Iterator[tuple[str, str, Quote, Quote | None]]:
    """Every quote of the graph: whose it is, its document, itself, and the sentence that it stands in."""
    for node in graph.nodes:
        for mention in node.mentions:
            yield node.id, mention.document, mention.quote, mention.sentence
            if mention.sentence is not None:
                yield node.id, mention.document, mention.sentence, None
    for edge in graph.edges:
        for evidence in edge.evidence:
            yield edge.id, evidence.document, evidence.sentence, None
            for quote in (evidence.head, evidence.trigger, evidence.tail):
                if quote is not None:
                    yield edge.id, evidence.document, quote, evidence.sentence
    for doubt in graph.doubts:
        yield f"doubt {doubt.quote.text}", doubt.document, doubt.quote, None


# ------------------------------------------------------------------------------------ statements


def _statements(document: DocumentFacts, merged: Merge, ontology: Ontology) -> Iterator[Statement]:
    entities = {entity.id: entity for entity in document.entities}
    for relation in document.relations:
        _check(relation, entities, document.id, ontology)
        if statement := state(relation, document.id, merged.ids, ontology):
            yield statement


def _check(relation: Relation, entities: Mapping[str, Entity], document: str, ontology: Ontology) -> None:
    where = f"{document}: rule {relation.evidence.rule}: {relation.head} {relation.relation} {relation.tail}"
    ends = (relation.head, relation.tail)
    missing = [id_ for id_ in ends if id_ not in entities]
    if missing:
        raise ValueError(f"{where}: the document has no entity {', '.join(missing)}")
    types = [entities[id_].type for id_ in ends]
    attributes = tuple(name for name, _ in relation.attributes
                       if not ("ACTION" in types and name in ACTION_ATTRIBUTES))
    objection = ontology.objection(relation.relation, types[0], types[1], attributes)
    if objection:
        raise ValueError(f"{where}: {objection}")


# ---------------------------------------------------------------------------- documents and doubts


def _graph_document(document: DocumentFacts, stories: Stories) -> GraphDocument:
    raw = document.document
    return GraphDocument(id=raw.id, source=raw.source, row=raw.row, sha256=raw.sha256, encoding=raw.encoding,
                         metadata=document.metadata, copy_of=stories.originals.get(raw.id, ""), text=raw.text,
                         format=raw.format, given=raw.given, names=raw.names, warnings=raw.warnings)


def _doubts(document: DocumentFacts, merged: Merge) -> Iterator[Doubtful]:
    for doubt in document.doubts:
        yield Doubtful(document=document.id, quote=doubt.quote, type=doubt.type, why=doubt.why,
                       candidates=tuple(_candidate(document.id, doubt.type, name, merged)
                                        for name in doubt.candidates))


def _candidate(document: str, type_: str, name: str, merged: Merge) -> str:
    """The node that a doubt means by a local id or, as bodies are known while they are resolved, by the bare key."""
    return merged.ids.get((document, name)) or merged.ids.get((document, f"{type_}:{name}"), name)


def _doubt_order(doubt: Doubtful) -> tuple[object, ...]:
    return doubt.document, doubt.quote.start, doubt.quote.end, doubt.type, doubt.why, doubt.candidates
