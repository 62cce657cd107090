"""From the facts of documents to the graph.

Nothing is found here: entities are joined across documents (kg.assemble.merge), pieces of evidence for the same
statement become one edge, entities named together are paired (kg.assemble.cooccur), and everything is sorted, so
that the order of the inputs leaves no trace in the result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from kg.assemble.byhand import ByHand
from kg.assemble.edges import MAX_CONFIDENCE, decided_edges, edge_id, state
from kg.assemble.merge import merge
from kg.assemble.nodes import NodeParts, node_of
from kg.assemble.periods import Periods
from kg.assemble.rows import Rows, all_doubts
from kg.assemble.stories import find_stories
from kg.beside import beside
from kg.facts import DocumentFacts
from kg.graph import Doubtful, Edge, Graph, GraphDocument, Node, graph_of
from kg.knowledge.ontology import Ontology
from kg.models import Quote
from kg.settings import Settings
from kg.spool import Sorter, hold, mapped

__all__ = ["MAX_CONFIDENCE", "assemble", "edge_id", "state", "verify_spans"]


def assemble(documents: Collection[DocumentFacts], ontology: Ontology, settings: Settings,
             by_hand: ByHand | None = None, folder: Path | None = None) -> Graph:
    """The graph of what the documents say; layout fields are left as they are.

    `by_hand` is what people changed beyond single documents (see kg.correct). With a `folder` the graph may be larger
    than memory: what grows with the documents is sorted and kept in files there, all but ids and dates, and the parts
    of the Graph are sequences on disk (kg.spool) with the same records.
    A relation of an entity with itself is dropped. Raises ValueError where a relation breaks the ontology or
    names an entity that its document doesn't have: that is a fault of the stage that made it.
    """
    rows = Rows(folder)
    # Copies of a story are found beside all that goes without them.
    with beside(lambda: find_stories(documents, folder), copy=settings.workers > 1 and folder is None) as found:
        by_hand = by_hand or ByHand(merge(documents))
        for document in documents:
            rows.add_statements(document, by_hand.merged, ontology)
        stories = found()
    for document in documents:
        rows.add_text(document, by_hand.merged, stories)
    edges = rows.edges(rows.pairs.counts(), settings.min_cooccurrence, ontology, stories)
    return whole(rows.cited.values(), rows.nodes(), edges, all_doubts(rows.doubts, by_hand.merged.doubts), by_hand,
                 ontology, folder)


def whole(cited: Iterable[GraphDocument], parts: Iterable[tuple[str, NodeParts]], edges: Iterable[Edge],
          doubts: tuple[Doubtful, ...], by_hand: ByHand, ontology: Ontology, folder: Path | None) -> Graph:
    """The graph of what was grouped: documents and nodes in the order of their ids, edges in any."""
    if by_hand.confirmed or by_hand.unpaired:
        edges = decided_edges(by_hand, ontology, edges)
    sorted_edges, periods = Sorter[Edge](folder), Periods()
    for edge in edges:
        sorted_edges.add((edge.id,), edge)
        periods.add_edge(edge)
    held = hold(sorted_edges.values(), folder)
    nodes = hold(_nodes(parts, by_hand.labels, periods), folder)
    return graph_of(hold(cited, folder), mapped(nodes, _dated, periods.spans()), held, doubts)


def _nodes(parts: Iterable[tuple[str, NodeParts]], labels: Mapping[str, str], periods: Periods) -> Iterator[Node]:
    """The nodes without their dates, which `periods` is told."""
    for id_, gathered in parts:
        periods.add_node(id_, gathered.type, gathered.names, gathered.dates)
        if gathered.mentions or id_ in periods.linked:
            yield node_of(id_, gathered, labels.get(id_, ""))


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
