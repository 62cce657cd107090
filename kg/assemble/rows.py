"""What documents say, in rows that are grouped into nodes and edges: by entity, by statement, by pair.

The same rows are sorted on one machine (kg.assemble) or spread by what they are grouped by over several
(kg.assemble.spread): every group then lies whole in one part, and the groups are the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from kg.assemble.cooccur import Counts, Pairs
from kg.assemble.edges import Statement, co_occurrence_edges, relation_edges, state
from kg.assemble.merge import Merge
from kg.assemble.nodes import ACTION_ATTRIBUTES, NodeParts, Part, gather, parts
from kg.assemble.stories import Stories
from kg.facts import DocumentFacts
from kg.graph import Doubtful, Edge, GraphDocument
from kg.knowledge.ontology import Ontology
from kg.models import Entity, Relation
from kg.spool import Sorter

#: Rows of one kind with the keys that they are sorted by, as a Sorter gives them.
Keyed = list[tuple[tuple[Any, ...], Any]]


class Rows:
    """Rows of documents, as they are added one by one; in memory, or for more than that holds in files in a folder."""

    def __init__(self, folder: Path | None = None):
        self.said, self.entities, self.pairs = Sorter[Statement](folder), Sorter[Part](folder), Pairs(folder)
        self.cited, self.doubts = Sorter[GraphDocument](folder), set[Doubtful]()

    def add_statements(self, document: DocumentFacts, merged: Merge, ontology: Ontology) -> None:
        """Add what a document says of entities. Raises ValueError where a relation breaks the ontology, or names an
        entity that the document doesn't have."""
        statements = list(_statements(document, merged, ontology))
        for statement in statements:
            self.said.add(statement.order(document.metadata.date), statement)
        for id_, part in parts(document, merged, statements):
            self.entities.add((id_, document.id), part)
        self.doubts.update(_doubts(document, merged))

    def add_text(self, document: DocumentFacts, merged: Merge, stories: Stories) -> None:
        """Add the document itself, and which entities its sentences name together."""
        self.pairs.add(document, merged.ids, stories)
        self.cited.add((document.id,), _graph_document(document, stories))

    def edges(self, counts: Counts, minimum: int, ontology: Ontology, stories: Stories) -> Iterator[Edge]:
        """The edges, in no order that means anything."""
        yield from relation_edges(self.said.values(), ontology, stories)
        yield from co_occurrence_edges(self.pairs.found(counts, minimum), ontology, stories)

    def nodes(self) -> Iterator[tuple[str, NodeParts]]:
        """The nodes in the order of their ids."""
        for id_, rows in groupby(self.entities, lambda row: row[0][0]):
            yield id_, gather(map(itemgetter(1), rows))

    # What is grouped: the statements and the pairs by their two ends, entities by their node, and so on.

    def split(self, count: int) -> list[dict[str, Keyed]]:
        """The rows that are grouped, in so many parts: those of a group are in one part, whichever Rows they are of."""
        split: list[dict[str, Keyed]] = [{name: [] for name in self._grouped()} for _ in range(count)]
        for name, (sorter, width) in self._grouped().items():
            for row in sorter:
                split[zlib.crc32(repr(row[0][:width]).encode("utf-8", "surrogatepass")) % count][name].append(row)
        return split

    def take(self, part: Mapping[str, Keyed]) -> None:
        """Add rows that others split."""
        for name, (sorter, _) in self._grouped().items():
            for key, value in part[name]:
                sorter.add(key, value)

    def _grouped(self) -> dict[str, tuple[Sorter[Any], int]]:
        """The sorters, with how much of the key tells the groups apart."""
        return {"said": (self.said, 3), "entities": (self.entities, 1), "sightings": (self.pairs.sightings, 2),
                "named_in": (self.pairs.named_in, 1), "sentences": (self.pairs.sentences, 1)}


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


def all_doubts(*some: Iterable[Doubtful]) -> tuple[Doubtful, ...]:
    return tuple(sorted({doubt for each in some for doubt in each}, key=_doubt_order))
