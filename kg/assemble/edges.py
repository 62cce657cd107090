"""Pieces of evidence for the same statement become one edge; so do the sentences that name the same two entities."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kg.assemble.byhand import HUMAN, ByHand
from kg.assemble.cooccur import ROLE_RANK, CoOccurrence
from kg.assemble.merge import LocalId
from kg.assemble.periods import bounds
from kg.assemble.stories import Stories
from kg.graph import CO_OCCURRENCE, Edge
from kg.knowledge.ontology import Ontology
from kg.models import Evidence, Flat, Relation

#: Attributes that make two statements of one relation different edges (two posts at one body), as they stand in
#: the key of a statement.
EDGE_ATTRIBUTES = ("title", "status", "measure", "kinship")

#: However many sentences say it, an edge is never certain.
MAX_CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True)
class Statement(Flat):
    """A relation between global ids, its symmetric ends in order, its attributes sorted out."""

    relation: str
    head: str
    tail: str
    evidence: Evidence
    attributes: Mapping[str, str]
    derived: bool

    @property
    def key(self) -> tuple[str, ...]:
        said = self.attributes.get
        return self.head, self.relation, self.tail, *[said(name, "") for name in EDGE_ATTRIBUTES]

    def order(self, date: str) -> tuple[Any, ...]:
        """What it is sorted by: with those of its edge, the best evidence first; `date` is that of its document."""
        return (*self.key, *_evidence_rank(self.evidence, date))


def edge_id(relation: str, *key: str) -> str:
    """An id that depends on what the edge says and on nothing else.

    >>> edge_id("part_of", "ORGANIZATION:甲", "ORGANIZATION:乙")
    'part_of:e808c9f894f01d6b'
    """
    return f"{relation}:{hashlib.sha1(chr(31).join((relation, *key)).encode()).hexdigest()[:16]}"


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


def relation_edges(statements: Iterable[Statement], ontology: Ontology, stories: Stories) -> Iterator[Edge]:
    """The edges of statements that are sorted by `Statement.order`."""
    for (head, relation, tail, *values), same in groupby(statements, lambda statement: statement.key):
        group = list(same)
        evidence = tuple(dict.fromkeys(statement.evidence for statement in group))
        said = {statement.attributes["date"] for statement in group if statement.attributes.get("date")}
        yield Edge.trusted(
            id=edge_id(relation, head, tail, *values), source=head, target=tail, relation=relation,
            label=ontology.relations[relation].label.zh,
            weight=float(len({stories.key(e.document, e.sentence.text) for e in evidence})),
            confidence=_confidence(evidence, stories), rule=evidence[0].rule, evidence=evidence,
            documents=tuple(sorted({e.document for e in evidence})),
            derived=all(statement.derived for statement in group),
            date=min(said, key=lambda date: (bounds(date) or ("9999", ""), date), default=""),
            title=values[0], status=values[1], measure=values[2], kinship=values[3])


def co_occurrence_edges(pairs: Iterable[CoOccurrence], ontology: Ontology, stories: Stories) -> Iterator[Edge]:
    label = ontology.relations[CO_OCCURRENCE].label.zh
    for pair in pairs:
        yield Edge.trusted(
            id=edge_id(CO_OCCURRENCE, pair.head, pair.tail), source=pair.head, target=pair.tail, relation=CO_OCCURRENCE,
            label=label, weight=float(pair.weight), confidence=_confidence(pair.evidence, stories),
            rule=pair.evidence[0].rule, documents=pair.documents, evidence=pair.evidence, npmi=pair.npmi)


def decided_edges(by_hand: ByHand, ontology: Ontology, edges: Iterable[Edge]) -> Iterator[Edge]:
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


def _evidence_rank(evidence: Evidence, date: str) -> tuple[object, ...]:
    """Best first: the surest, body before heading before caption, then the earliest."""
    quotes = (evidence.sentence, evidence.head, evidence.trigger, evidence.tail)
    return (-evidence.confidence, ROLE_RANK.get(evidence.role, 3), date or "9999",
            evidence.document, *(-1 if quote is None else quote.start for quote in quotes), evidence.rule)


def _confidence(evidence: Sequence[Evidence], stories: Stories) -> float:
    """Noisy-or over independent pieces of evidence: the chance that not all of them are wrong."""
    if len(evidence) == 1:
        return round(min(MAX_CONFIDENCE, 1 - (1 - evidence[0].confidence)), 3)
    best: dict[str, float] = defaultdict(float)
    for piece in evidence:
        key = stories.key(piece.document, piece.sentence.text)
        best[key] = max(best[key], piece.confidence)
    return round(min(MAX_CONFIDENCE, 1 - math.prod(1 - c for _, c in sorted(best.items()))), 3)
