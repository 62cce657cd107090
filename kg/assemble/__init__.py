"""From the facts of documents to the graph.

Nothing is found here: entities are joined across documents (kg.assemble.merge), pieces of evidence for the same
statement become one edge, entities named together are paired (kg.assemble.cooccur), and everything is sorted, so
that the order of the inputs leaves no trace in the result.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.assemble.byhand import HUMAN, ByHand
from kg.assemble.cooccur import ROLE_RANK, CoOccurrence, co_occurrences
from kg.assemble.merge import LocalId, Merge, merge
from kg.assemble.periods import Dated, bounds, node_spans
from kg.assemble.stories import Stories, find_stories
from kg.facts import DocumentFacts, Name
from kg.graph import CO_OCCURRENCE, Doubtful, Edge, Graph, GraphDocument, Node, NodeMention
from kg.knowledge.ontology import Ontology
from kg.models import Entity, EntityType, Evidence, Quote, Relation
from kg.settings import Settings

#: What the relations of an act say about the act itself; it goes to the node.
ACTION_ATTRIBUTES = ("canonical", "polarity", "certainty", "trigger", "object")

#: Attributes that make two statements of one relation different edges (two posts at one body), as they stand in
#: the key of a statement.
EDGE_ATTRIBUTES = ("title", "status", "measure", "kinship")

#: However many sentences say it, an edge is never certain.
MAX_CONFIDENCE = 0.99


@dataclass(slots=True)
class NodeParts:
    """All that the documents say of one node."""

    type: EntityType
    names: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    mentions: dict[tuple[str, int, int], NodeMention] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation between global ids, its symmetric ends in order, its attributes sorted out."""

    relation: str
    head: str
    tail: str
    evidence: Evidence
    attributes: Mapping[str, str]
    derived: bool

    @property
    def key(self) -> tuple[str, ...]:
        return (self.head, self.relation, self.tail, *(self.attributes.get(name, "") for name in EDGE_ATTRIBUTES))


def assemble(documents: Iterable[DocumentFacts], ontology: Ontology, settings: Settings,
             by_hand: ByHand | None = None) -> Graph:
    """The graph of what the documents say; layout fields are left as they are.

    `by_hand` is what people changed beyond single documents (see kg.correct).
    A relation of an entity with itself is dropped. Raises ValueError where a relation breaks the ontology or
    names an entity that its document doesn't have: that is a fault of the stage that made it.
    """
    documents = sorted(documents, key=lambda document: document.id)
    by_hand = by_hand or ByHand(merge(documents))
    merged = by_hand.merged
    parts = _parts(documents, merged)
    dates = {document.id: document.metadata.date for document in documents}
    statements = sorted(_statements(documents, merged, ontology),
                        key=lambda s: (s.key, _evidence_rank(s.evidence, dates)))
    _tell_nodes(statements, parts)
    stories = find_stories(documents)
    pairs = co_occurrences(documents, merged.ids, stories, settings.min_cooccurrence)
    edges = [*_relation_edges(statements, ontology, stories), *_co_occurrence_edges(pairs, ontology, stories)]
    if by_hand.confirmed or by_hand.unpaired:
        edges = list(_by_hand(by_hand, ontology, edges))
    linked = {id_ for edge in edges for id_ in (edge.source, edge.target)}
    spans = node_spans({id_: _dated(part, dates) for id_, part in parts.items()}, edges)
    return Graph(
        documents=tuple(_graph_document(document, stories) for document in documents),
        nodes=tuple(_node(id_, part, spans[id_], by_hand.labels.get(id_, "")) for id_, part in sorted(parts.items())
                    if part.mentions or id_ in linked),
        edges=tuple(sorted(edges, key=lambda edge: edge.id)),
        doubts=tuple(sorted({*merged.doubts, *_doubts(documents, merged)}, key=_doubt_order)))


def edge_id(relation: str, *key: str) -> str:
    """An id that depends on what the edge says and on nothing else.

    >>> edge_id("part_of", "ORGANIZATION:甲", "ORGANIZATION:乙")
    'part_of:e808c9f894f01d6b'
    """
    return f"{relation}:{hashlib.sha1(chr(31).join((relation, *key)).encode()).hexdigest()[:16]}"


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


# ----------------------------------------------------------------------------------------- nodes


def _parts(documents: Iterable[DocumentFacts], merged: Merge) -> dict[str, NodeParts]:
    parts: dict[str, NodeParts] = {}
    for document in documents:
        names: dict[str, list[Name]] = defaultdict(list)
        for name in document.names:
            names[name.entity].append(name)
        for entity in document.entities:
            id_ = merged.ids[document.id, entity.id]
            part = parts.setdefault(id_, NodeParts(entity.type))
            part.names[entity.name] += 1 + len(names[entity.id])
            part.forms.update(dict.fromkeys(entity.aliases, 0))
            part.reasons.update(entity.reasons)
            part.reasons.update(merged.reasons.get(id_, ()))
            for name in names[entity.id]:
                part.forms[name.quote.text] += 1
                _note(part, _node_mention(document, name))
    return parts


def _node_mention(document: DocumentFacts, name: Name) -> NodeMention:
    return NodeMention(document=document.id, quote=name.quote, source=name.source, confidence=name.confidence,
                       sentence=None if name.passage is None else document.passages[name.passage].quote)


def _note(part: NodeParts, mention: NodeMention) -> None:
    """Add a mention, unless its span is already there from a source that comes first in the alphabet."""
    part.documents.add(mention.document)
    key = mention.document, mention.quote.start, mention.quote.end
    known = part.mentions.get(key)
    if known is None or mention.source < known.source:
        part.mentions[key] = mention


def _tell_nodes(statements: Iterable[Statement], parts: Mapping[str, NodeParts]) -> None:
    """Give the nodes what the relations know of them: documents, and for acts attributes and where they stand."""
    for statement in statements:
        evidence = statement.evidence
        for id_ in (statement.head, statement.tail):
            part = parts[id_]
            part.documents.add(evidence.document)
            if part.type != "ACTION":
                continue
            for name in ACTION_ATTRIBUTES:
                if statement.attributes.get(name):
                    part.attributes.setdefault(name, statement.attributes[name])
            if evidence.trigger is not None and any(evidence.trigger.text in name for name in part.names):
                _note(part, NodeMention(document=evidence.document, quote=evidence.trigger, source=evidence.rule,
                                        confidence=evidence.confidence, sentence=evidence.sentence))


def _node(id_: str, part: NodeParts, span: tuple[str, str], given: str) -> Node:
    """The node of its parts, under the name that people have given it, or else its most frequent one."""
    named = min(part.names, key=lambda name: (-part.names[name], name))
    label = given or named
    forms = {named: 0, **part.forms} if part.type != "ACTION" else {}
    return Node(
        id=id_, type=part.type, label=label,
        aliases=tuple(sorted((form for form in forms if form and form != label), key=lambda f: (-forms[f], f))),
        mentions=tuple(mention for _, mention in sorted(part.mentions.items(), key=lambda item: item[0])),
        documents=tuple(sorted(part.documents)), first_date=span[0], last_date=span[1],
        reasons=tuple(sorted(part.reasons)), attributes=dict(sorted(part.attributes.items())))


def _dated(part: NodeParts, dates: Mapping[str, str]) -> Dated:
    return Dated(part.type, frozenset(part.names), frozenset(dates[document] for document in part.documents))


# ----------------------------------------------------------------------------------------- edges


def _statements(documents: Iterable[DocumentFacts], merged: Merge, ontology: Ontology) -> Iterator[Statement]:
    for document in documents:
        entities = {entity.id: entity for entity in document.entities}
        for relation in document.relations:
            _check(relation, entities, document.id, ontology)
            if statement := state(relation, document.id, merged.ids, ontology):
                yield statement


def state(relation: Relation, document: str, ids: Mapping[LocalId, str], ontology: Ontology) -> Statement | None:
    """What a relation of a document says of nodes; None of a node and itself."""
    head, tail = ids[document, relation.head], ids[document, relation.tail]
    evidence = relation.evidence
    if ontology.relations[relation.relation].symmetric and tail < head:
        head, tail = tail, head
        evidence = evidence.model_copy(update={"head": evidence.tail, "tail": evidence.head})
    if head == tail:
        return None
    return Statement(relation.relation, head, tail, evidence, dict(relation.attributes), relation.derived)


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


def _evidence_rank(evidence: Evidence, dates: Mapping[str, str]) -> tuple[object, ...]:
    """Best first: the surest, body before heading before caption, then the earliest."""
    quotes = (evidence.sentence, evidence.head, evidence.trigger, evidence.tail)
    return (-evidence.confidence, ROLE_RANK.get(evidence.role, 3), dates.get(evidence.document) or "9999",
            evidence.document, *(-1 if quote is None else quote.start for quote in quotes), evidence.rule)


def _relation_edges(statements: Iterable[Statement], ontology: Ontology, stories: Stories) -> Iterator[Edge]:
    groups: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.key].append(statement)
    for (head, relation, tail, *values), group in groups.items():
        evidence = tuple(dict.fromkeys(statement.evidence for statement in group))
        said = {statement.attributes["date"] for statement in group if statement.attributes.get("date")}
        yield Edge(id=edge_id(relation, head, tail, *values), source=head, target=tail, relation=relation,
                   label=ontology.relations[relation].label.zh,
                   weight=float(len({stories.key(e.document, e.sentence.text) for e in evidence})),
                   confidence=_confidence(evidence, stories), rule=evidence[0].rule, evidence=evidence,
                   documents=tuple(sorted({e.document for e in evidence})),
                   derived=all(statement.derived for statement in group),
                   date=min(said, key=lambda date: (bounds(date) or ("9999", ""), date), default=""),
                   title=values[0], status=values[1], measure=values[2], kinship=values[3])


def _co_occurrence_edges(pairs: Iterable[CoOccurrence], ontology: Ontology, stories: Stories) -> Iterator[Edge]:
    for pair in pairs:
        yield Edge(id=edge_id(CO_OCCURRENCE, pair.head, pair.tail), source=pair.head, target=pair.tail,
                   relation=CO_OCCURRENCE, label=ontology.relations[CO_OCCURRENCE].label.zh,
                   weight=float(pair.weight), confidence=_confidence(pair.evidence, stories),
                   rule=pair.evidence[0].rule, documents=pair.documents, evidence=pair.evidence, npmi=pair.npmi)


def _by_hand(by_hand: ByHand, ontology: Ontology, edges: Iterable[Edge]) -> Iterator[Edge]:
    """The edges as people confirmed or struck them out, and those that people alone state."""
    for edge in edges:
        key = (edge.source, edge.relation, edge.target, *(getattr(edge, name) for name in EDGE_ATTRIBUTES))
        if why := by_hand.confirmed.get(key):
            yield edge.model_copy(update={"confidence": MAX_CONFIDENCE, "rule": HUMAN, "reasons": why})
        elif edge.relation != CO_OCCURRENCE or (edge.source, edge.target) not in by_hand.unpaired:
            yield edge
    for (head, relation, tail, *values), date in by_hand.unstated.items():
        yield Edge(id=edge_id(relation, head, tail, *values), source=head, target=tail, relation=relation,
                   label=ontology.relations[relation].label.zh, weight=1.0, confidence=MAX_CONFIDENCE, rule=HUMAN,
                   date=date, title=values[0], status=values[1], measure=values[2], kinship=values[3],
                   reasons=by_hand.confirmed[head, relation, tail, *values])


def _confidence(evidence: Iterable[Evidence], stories: Stories) -> float:
    """Noisy-or over independent pieces of evidence: the chance that not all of them are wrong."""
    best: dict[str, float] = defaultdict(float)
    for piece in evidence:
        key = stories.key(piece.document, piece.sentence.text)
        best[key] = max(best[key], piece.confidence)
    return round(min(MAX_CONFIDENCE, 1 - math.prod(1 - c for _, c in sorted(best.items()))), 3)


# ---------------------------------------------------------------------------- documents and doubts


def _graph_document(document: DocumentFacts, stories: Stories) -> GraphDocument:
    raw = document.document
    return GraphDocument(id=raw.id, source=raw.source, row=raw.row, sha256=raw.sha256, encoding=raw.encoding,
                         metadata=document.metadata, copy_of=stories.originals.get(raw.id, ""), text=raw.text,
                         format=raw.format, given=raw.given, names=raw.names, warnings=raw.warnings)


def _doubts(documents: Iterable[DocumentFacts], merged: Merge) -> Iterator[Doubtful]:
    for document in documents:
        for doubt in document.doubts:
            yield Doubtful(document=document.id, quote=doubt.quote, type=doubt.type, why=doubt.why,
                           candidates=tuple(_candidate(document.id, doubt.type, name, merged)
                                            for name in doubt.candidates))


def _candidate(document: str, type_: str, name: str, merged: Merge) -> str:
    """The node that a doubt means by a local id or, as bodies are known while they are resolved, by the bare key."""
    return merged.ids.get((document, name)) or merged.ids.get((document, f"{type_}:{name}"), name)


def _doubt_order(doubt: Doubtful) -> tuple[object, ...]:
    return doubt.document, doubt.quote.start, doubt.quote.end, doubt.type, doubt.why, doubt.candidates
