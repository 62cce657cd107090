"""What documents say, by the key of the edge that it becomes: to be struck out, or said by a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kg.assemble import MAX_CONFIDENCE, edge_id, state
from kg.assemble.byhand import HUMAN, Key
from kg.assemble.merge import LocalId
from kg.correct.decisions import QUALITIES, Decision
from kg.facts import DocumentFacts
from kg.knowledge.ontology import Ontology
from kg.models import Entity, Evidence, Quote, Relation


class Statements:
    """The relations of documents by what they say of nodes; `ids` gives the node of every entity."""

    def __init__(self, documents: Sequence[DocumentFacts], ids: dict[LocalId, str], ontology: Ontology) -> None:
        self.documents = {document.id: document for document in documents}
        self.ids, self.ontology = ids, ontology
        self._said: dict[Key, list[tuple[str, Relation]]] = defaultdict(list)
        for document in documents:
            for relation in document.relations:
                if statement := state(relation, document.id, ids, ontology):
                    self._said[statement.key].append((document.id, relation))

    def __contains__(self, key: Key) -> bool:
        return key in self._said

    def key(self, decision: Decision, head: str, tail: str) -> Key:
        """The key of the edge between two nodes that a decision describes, symmetric ends in order."""
        if self.ontology.relations[decision.relation].symmetric and tail < head:
            head, tail = tail, head
        return head, decision.relation, tail, *decision.qualities

    def with_id(self, id_: str) -> list[Key]:
        """The key of the edge of this id, if documents say it."""
        return [key for key in self._said if edge_id(key[1], key[0], *key[2:]) == id_]

    def drop(self, key: Key) -> None:
        """Strike out all that says so."""
        for id_, relation in self._said.pop(key, ()):
            document = self.documents[id_]
            self.documents[id_] = replace(document, relations=tuple(r for r in document.relations if r != relation))

    def add(self, key: Key, decision: Decision) -> str:
        """Let the sentence that a decision quotes say so. Returns an objection, or empty text."""
        document = self.documents.get(decision.document)
        if document is None:
            return f"the document {decision.document} isn't in this build"
        number = next((n for n, p in enumerate(document.passages) if decision.sentence in p.quote.text), None)
        if number is None:
            return f"{decision.document} has no sentence with {decision.sentence}; copy it from the document"
        head, tail = self._local(document.id, key[0]), self._local(document.id, key[2])
        passage = document.passages[number]
        proof = Evidence(document=document.id, sentence=passage.quote, rule=HUMAN, confidence=MAX_CONFIDENCE,
                         role=passage.role, head=_quote(document, number, head), tail=_quote(document, number, tail))
        said = {name: getattr(decision, name) for name in (*QUALITIES, "date") if getattr(decision, name)}
        relation = Relation(key[1], head, tail, proof, tuple(sorted(said.items())))
        document = self.documents[document.id]
        self.documents[document.id] = replace(document, relations=(*document.relations, relation))
        self._said[key].append((document.id, relation))
        return ""

    def _local(self, document: str, node: str) -> str:
        """The entity of a document that belongs to a node, new if the document doesn't name the node."""
        facts = self.documents[document]
        for entity in facts.entities:
            if self.ids[document, entity.id] == node:
                return entity.id
        elsewhere, id_ = next(local for local, other in self.ids.items() if other == node)
        known = next(entity for entity in self.documents[elsewhere].entities if entity.id == id_)
        new = Entity(f"{node}@{document}#{HUMAN}", known.type, known.name)
        self.documents[document] = replace(facts, entities=(*facts.entities, new))
        self.ids[document, new.id] = node
        return new.id


def _quote(document: DocumentFacts, passage: int, entity: str) -> Quote | None:
    """Where a passage first names an entity of the document."""
    return next((n.quote for n in document.names if n.passage == passage and n.entity == entity), None)
