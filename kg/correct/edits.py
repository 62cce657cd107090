"""A working copy of the facts of documents, in which decisions find what they mean and change it.

A reference is looked up among the entities of single documents: a place in a text means the entity that is named
there, the id of a node all entities that make it up as long as no decision is applied.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.assemble.byhand import HUMAN
from kg.assemble.merge import LocalId
from kg.correct.decisions import Decision, type_named
from kg.correct.refs import Place, parse, place
from kg.facts import DocumentFacts, LocalDoubt, Name
from kg.knowledge.ontology import Ontology
from kg.models import Entity, Quote, Relation


class Edits:
    """The facts as the decisions have left them so far, by document, and what references mean in them."""

    def __init__(self, documents: Sequence[DocumentFacts], ids: Mapping[LocalId, str], ontology: Ontology) -> None:
        self.documents = {document.id: document for document in documents}
        self.same: list[tuple[LocalId, LocalId, str]] = []
        self.apart: list[tuple[LocalId, LocalId]] = []
        self._ontology = ontology
        self._ids = dict(ids)
        self._nodes: dict[str, list[LocalId]] = defaultdict(list)
        for local in sorted(ids):
            self._nodes[ids[local]].append(local)

    # --------------------------------------------------------------------------------- references

    def members(self, text: str) -> list[LocalId]:
        """The entities of documents that a reference means: the one named at a place, or all of a node."""
        ref = parse(text)
        if not isinstance(ref, Place):
            return list(self._nodes.get(text, ()))
        name = self._name(ref)
        return [(ref.document, name.entity)] if name else []

    def node(self, text: str) -> list[LocalId]:
        """All entities of the node that a reference means, or that is named at its place."""
        found = self.members(text)
        return list(self._nodes[self._ids[found[0]]]) if found else []

    def is_open(self, text: str) -> bool:
        """Whether a name stands there that was linked to nothing."""
        return self._doubt(text) is not None and not self.members(text)

    def missing(self, text: str) -> str:
        """Why a reference means nothing here."""
        ref = parse(text)
        if not isinstance(ref, Place):
            return f"{text} is no node of this build"
        if ref.document not in self.documents:
            return f"the document {ref.document} isn't in this build"
        if self._doubt(text) is not None:
            return f"{ref.text} is linked to nothing; say first whom it means (same)"
        return f"{ref.document} has no name {ref.text} at [{ref.start}, {ref.end}) any more; review it again"

    def entity(self, local: LocalId) -> Entity:
        return next(entity for entity in self.documents[local[0]].entities if entity.id == local[1])

    def _name(self, ref: Place) -> Name | None:
        document = self.documents.get(ref.document)
        names = document.names if document else ()
        return next((name for name in names if place(ref.document, name.quote) == ref), None)

    def _doubt(self, text: str) -> LocalDoubt | None:
        ref = parse(text)
        document = self.documents.get(ref.document) if isinstance(ref, Place) else None
        return next((d for d in document.doubts if place(document.id, d.quote) == ref), None) if document else None

    # ------------------------------------------------------------------------------------- changes

    def retype(self, decision: Decision) -> str:
        """Give a node another type; relations that it then can't have go. Returns an objection, or empty text."""
        found = self.node(decision.key)
        type_ = type_named(decision.value, self._ontology)
        if not found or type_ is None:
            return self.missing(decision.key)
        why = f"人工认定为{self._ontology.types[type_].label.zh}（{decision.reason}）"
        for local in found:
            old = self.entity(local)
            if old.type != type_:
                new = replace(old, id=type_ + old.id.removeprefix(old.type), type=type_, reasons=(*old.reasons, why))
                self._replace(local, new, type_ + self._ids[local].removeprefix(old.type))
        return ""

    def split(self, decision: Decision) -> str:
        """Make a node of its own of the mentions and documents that the value names. Returns an objection, or ''."""
        found = self.node(decision.key)
        if not found:
            return self.missing(decision.key)
        why = f"人工拆分（{decision.reason}）"
        moved: list[LocalId] = []
        for value in sorted({part.strip() for part in decision.value.split("|")}):
            ref = parse(value)
            if isinstance(ref, Place):
                moved += [self._part(local, ref) for local in self.members(value) if local in found]
            else:
                moved += [local for local in found if local[0] == value]
        rest = [local for local in found if local not in moved]
        if not moved or not rest:
            return f"{decision.value} is all of the node or nothing of it; name some of its documents or mentions"
        for local in moved:
            self._put(local[0], replace(self.entity(local), reasons=(*self.entity(local).reasons, why)))
        self.same += [(moved[0], local, why) for local in moved[1:]]
        self.apart += [(one, other) for one in moved for other in rest]
        return ""

    def link(self, decision: Decision) -> str:
        """Link an open name to a node. Returns an objection, or empty text."""
        found, doubt, ref = self.node(decision.other), self._doubt(decision.key), parse(decision.key)
        if not found:
            return self.missing(decision.other)
        assert isinstance(ref, Place) and doubt is not None
        why = f"“{ref.text}”由人工认定（{decision.reason}）"
        local = next((each for each in found if each[0] == ref.document), None)
        if local is None:
            known = self.entity(found[0])
            local = ref.document, f"{known.type}:{known.name}@{ref.document}#{ref.start}"
            self._put(ref.document, Entity(local[1], known.type, known.name))
            self._enter(local, self._ids[found[0]])
            self.same.append((found[0], local, why))
        entity, document = self.entity(local), self.documents[ref.document]
        aliases = tuple(sorted({*entity.aliases, ref.text} - {entity.name}))
        self._put(ref.document, replace(entity, aliases=aliases, reasons=(*entity.reasons, why)))
        names = [*document.names, _name_of(doubt.quote, local[1], document)]
        self._change(ref.document, names=tuple(sorted(names, key=lambda name: (name.quote.start, name.quote.end))))
        self.settle(decision.key)
        return ""

    def settle(self, text: str) -> None:
        """Take the name at a place from the open ones."""
        doubt, ref = self._doubt(text), parse(text)
        assert isinstance(ref, Place)
        self._change(ref.document, doubts=tuple(d for d in self.documents[ref.document].doubts if d != doubt))

    def _part(self, local: LocalId, ref: Place) -> LocalId:
        """The name at a place as an entity of its own; the whole entity if it has no other."""
        old, document = self.entity(local), self.documents[local[0]]
        kept = [n for n in document.names if n.entity == old.id and place(document.id, n.quote) != ref]
        if not kept:
            return local
        new = Entity(f"{old.type}:{ref.text}@{document.id}#{ref.start}", old.type, ref.text)
        self._put(document.id, new)
        self._put(document.id, replace(old, aliases=tuple(sorted({n.quote.text for n in kept} - {old.name}))))
        self._change(document.id, names=tuple(
            replace(n, entity=new.id) if n.entity == old.id and place(document.id, n.quote) == ref else n
            for n in document.names), relations=tuple(_moved(r, old.id, new.id, ref) for r in document.relations))
        self._enter((document.id, new.id), new.id)
        return document.id, new.id

    def _replace(self, local: LocalId, new: Entity, node: str) -> None:
        """Put an entity under another id, with its names and those of its relations that it still can have."""
        document, old = self.documents[local[0]], local[1]
        known = next((e for e in document.entities if e.id == new.id), None)
        if known:
            new = replace(known, aliases=tuple(sorted({*known.aliases, new.name, *new.aliases} - {known.name})),
                          reasons=(*known.reasons, *new.reasons))
        entities = {e.id: e for e in document.entities if e.id != old} | {new.id: new}
        relations = [replace(r, head=new.id if r.head == old else r.head, tail=new.id if r.tail == old else r.tail)
                     for r in document.relations]
        self._change(document.id, entities=tuple(entities.values()),
                     names=tuple(replace(n, entity=new.id) if n.entity == old else n for n in document.names),
                     relations=tuple(r for r in relations if new.id not in (r.head, r.tail) or not self._ontology
                                     .objection(r.relation, entities[r.head].type, entities[r.tail].type)))
        self._nodes[self._ids.pop(local)].remove(local)
        self._enter((document.id, new.id), node)

    def _enter(self, local: LocalId, node: str) -> None:
        if local not in self._nodes[node]:
            self._nodes[node].append(local)
        self._ids[local] = node

    def _put(self, document: str, entity: Entity) -> None:
        """Add an entity to a document, or change the one of its id."""
        entities = {e.id: e for e in self.documents[document].entities} | {entity.id: entity}
        self._change(document, entities=tuple(entities.values()))

    def _change(self, document: str, **changes: object) -> None:
        self.documents[document] = replace(self.documents[document], **changes)  # type: ignore[arg-type]


def _name_of(quote: Quote, entity: str, document: DocumentFacts) -> Name:
    """A quote of the document as a name of an entity."""
    starts = [passage.quote.start for passage in document.passages]
    passage = bisect_right(starts, quote.start) - 1
    around = document.passages[passage].quote if passage >= 0 else None
    if around is None or quote.end > around.end or quote.text not in around.text:
        return Name(entity, quote, HUMAN, 1.0, None, nested=False)
    at = around.text.find(quote.text, quote.start - around.start if around.raw is None else 0)
    return Name(entity, quote.model_copy(update={"at": at}), HUMAN, 1.0, passage, nested=False)


def _moved(relation: Relation, old: str, new: str, ref: Place) -> Relation:
    """The relation, an end that its evidence quotes at a place moved from one entity to another."""
    def end(entity: str, quote: Quote | None) -> str:
        there = quote is not None and (quote.start, quote.end) == (ref.start, ref.end)
        return new if entity == old and there else entity

    proof = relation.evidence
    return replace(relation, head=end(relation.head, proof.head), tail=end(relation.tail, proof.tail))
