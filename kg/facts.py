"""What the graph needs to know of one document: the seam between reading documents and joining them.

Everything before it looks at one document alone and can run anywhere (`kg.pipeline.extract`); everything behind it
(kg.assemble) sees nothing but these records. They are flat: entities, names and passages refer to each other by id
and number, and all spans are quotes of the raw text, so that no cleaned text and no way back is needed any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.models import Document, Entity, Flat, Mention, Metadata, Quote, Relation, ResolvedDocument, Role


@dataclass(frozen=True, slots=True)
class Passage(Flat):
    """A sentence as it is quoted, and the role of its line."""

    quote: Quote
    role: Role


@dataclass(frozen=True, slots=True)
class Name(Flat):
    """A mention of the entity with the local id `entity`.

    `passage` numbers the passage around it, of which `quote.at` is an offset; None where no passage holds it whole.
    `nested`: part of another name (云岭市 in 云岭市公安局), so that its sentence doesn't name it beside others.
    """

    entity: str
    quote: Quote
    source: str
    confidence: float
    passage: int | None
    nested: bool


@dataclass(frozen=True, slots=True)
class LocalDoubt(Flat):
    """A name of the document that was linked to nothing; `candidates` are local ids."""

    quote: Quote
    type: str
    why: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentFacts(Flat):
    """All that one document says.

    `metadata` is what cleaning made of `document.given`; `entities` have their mentions in `names`, which are sorted
    by where they stand. Ids of entities are local: kg.assemble.merge says which of them are one node. `tagged` is for
    the store alone: what the tagger gave (kg.taggers.packed); empty where that is kept already, or isn't to be kept.
    """

    document: Document
    metadata: Metadata
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...]
    entities: tuple[Entity, ...]
    names: tuple[Name, ...]
    relations: tuple[Relation, ...]
    doubts: tuple[LocalDoubt, ...]
    tagged: bytes = field(default=b"", compare=False, repr=False)

    @property
    def id(self) -> str:
        return self.document.id


#: What the tagger gave for some documents before, by id (kg.taggers.packed), as far as that is known.
Known = Callable[[Sequence[Document]], Mapping[str, bytes]]


def just(tagged: Mapping[str, bytes]) -> Known:
    """What is known, whatever the documents."""
    return lambda documents: tagged


nothing_known = just({})


def facts_of(resolved: ResolvedDocument, relations: Sequence[Relation], tagged: bytes = b"") -> DocumentFacts:
    """The facts of a document and of the relations that were read from it."""
    clean = resolved.clean
    return DocumentFacts(
        document=clean.document, metadata=clean.metadata, warnings=clean.warnings,
        passages=tuple(Passage(clean.quote(s.sentence.start, s.sentence.end), s.sentence.role)
                       for s in resolved.sentences),
        entities=tuple(replace(entity, mentions=()) for entity in resolved.entities),
        names=tuple(_names(resolved)), relations=tuple(relations),
        doubts=tuple(LocalDoubt(clean.quote(d.mention.start, d.mention.end), d.mention.type, d.why, d.candidates)
                     for d in resolved.doubts), tagged=tagged)


def _names(resolved: ResolvedDocument) -> Iterator[Name]:
    """Every mention with every entity that it stands for, as the links and the entities themselves say."""
    starts = [tagged.sentence.start for tagged in resolved.sentences]
    spoken = {mention for tagged in resolved.sentences for mention in tagged.mentions}
    stands_for: set[tuple[Mention, str]] = set(resolved.links.items())
    stands_for.update((mention, entity.id) for entity in resolved.entities for mention in entity.mentions)
    for mention, entity in sorted(stands_for):
        passage, at = bisect_right(starts, mention.start) - 1, None
        if passage >= 0 and mention.end <= (around := resolved.sentences[passage].sentence).end:
            at = mention.start - around.start
        yield Name(entity, resolved.clean.quote(mention.start, mention.end, at=at), mention.source,
                   mention.confidence, None if at is None else passage,
                   nested=mention not in spoken or resolved.links.get(mention) != entity)
