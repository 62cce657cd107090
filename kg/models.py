"""The records that the stages pass on, in the order in which they come into being.

    read      Document
    clean     CleanDocument   (Edit, Flaw, Line, Metadata; Offsets map back to the raw text)
    segment   Sentence
    tag       TaggedSentence  (Token, Mention)
    resolve   ResolvedDocument (Entity, Doubt)
    relate    Relation        (Evidence, made of Quotes)
    assemble  Graph           (see kg.graph)

Nothing here is ever changed after it was made, and everything says where it comes from: a document,
a span of characters, and the id of the rule or model that said so. All offsets count Unicode code
points, `end` is exclusive. Unless a field says `raw`, offsets refer to the cleaned text of the document.

Records of which a document has hundreds are slotted dataclasses, words and mentions, of which it has thousands, named
tuples; the rest are pydantic models.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, partial
from operator import attrgetter
from typing import Any, Literal, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict

R = TypeVar("R", bound="Record")
_set = object.__setattr__


class Record(BaseModel):
    """A frozen record that refuses fields which it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def trusted(cls, **values: Any) -> Self:
        """A record of values that need no check, for what is made by the hundred thousand out of checked records: it
        takes a third of the time. Every field without a default must be there."""
        return _made(cls, _defaults(cls) | values)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The record with some of its values changed, unchecked as pydantic has it, in a third of its time."""
        if deep:
            return super().model_copy(update=update, deep=True)
        return _made(type(self), self.__dict__ | dict(update or {}))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its values: what pydantic adds to them is the same for all records of a class, and half the time
        and more than half the bytes of a graph on disk or on its way to another process."""
        return _restored, (type(self), *self.__dict__.values())


def _restored(cls: type[Record], *values: Any) -> Record:
    return _made(cls, dict(zip(_defaults(cls), values, strict=True)))


def _made(cls: type[R], values: dict[str, Any]) -> R:
    """A record of values that were checked before; they are all of its fields, in their order."""
    record = object.__new__(cls)
    _set(record, "__dict__", values)
    _set(record, "__pydantic_fields_set__", _fields(cls))
    _set(record, "__pydantic_extra__", None)
    _set(record, "__pydantic_private__", None)
    return record


@cache
def _defaults(cls: type[Record]) -> dict[str, Any]:
    """The fields of a record in their order, with their defaults."""
    return {name: field.default for name, field in cls.model_fields.items()}


@cache
def _fields(cls: type[Record]) -> set[str]:
    return set(cls.model_fields)


class Flat:
    """A slotted dataclass that is pickled as its values, in half the time that dataclasses take by themselves."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        cls: Any = type(self)
        return cls, _values_of(cls)(self)


@cache
def _values_of(cls: Any) -> attrgetter[tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(cls)))


# ------------------------------------------------------------------------------------------ read


class Metadata(Record):
    """What a page or a table says of a document. Empty text and empty tuples mean: not said.

    `date` is an ISO date (`2020-02-04`) and the reference for relative and yearless dates in the text;
    `date_from` says who stated it: `page`, `column`, `file name`, `option`, or nobody (empty).
    """

    title: str = ""
    publisher: str = ""
    date: str = ""
    date_from: str = ""
    place: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    url: str = ""


class Document(Record):
    """A document as it was read: `text` is the decoded raw text to which raw offsets refer.

    For a table (`.jsonl`, `.csv`, `.parquet`) the raw text is the cell, and `row` counts records from 1. For a
    `.docx` or `.pdf` it is the text that was taken out of the file, and `encoding` is empty.
    `id` is unique within a build and doesn't depend on the order of the inputs: it is the first of `names`, which go
    from the shortest to one that no other document has, that isn't taken.
    """

    id: str
    text: str
    source: str
    row: int | None = None
    sha256: str
    encoding: str = "utf-8"
    format: Literal["txt", "md", "html", "docx", "pdf", "jsonl", "csv", "parquet"] = "txt"
    given: Metadata = Metadata()
    warnings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


# ----------------------------------------------------------------------------------------- clean


class Edit(Record):
    """One repair: fixer `fix` turned `old`, which stood at raw [start, end), into `new`.

    `confidence` is the chance that `new` is what the author wrote, where a model had to guess.
    """

    fix: str
    start: int
    end: int
    old: str
    new: str
    confidence: float = 1.0


class Flaw(Record):
    """A place, raw [start, end), where the text isn't what its author wrote and can't be mended.

    `words_deleted`: a filter took words out; `advertisement`: somebody put a phrase in. `text` is what stands there.
    """

    kind: Literal["words_deleted", "advertisement"]
    start: int
    end: int
    text: str


Role = Literal["title", "byline", "metadata", "heading", "caption", "body",
               "boilerplate", "duplicate", "blank"]

#: Lines of these roles are read on; the others are kept in the record and go no further.
READ_ROLES: frozenset[Role] = frozenset({"title", "byline", "heading", "caption", "body"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the cleaned text, [start, end) without its line break, and its role on the page."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Offsets:
    """Raw start and raw end of every character of a cleaned text, as arrays of equal length."""

    starts: array[int]
    ends: array[int]

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span from which the cleaned span [start, end) comes; an empty span maps to an empty one.

        >>> Offsets(array("l", [0, 1, 5]), array("l", [1, 5, 6])).raw(1, 3)
        (1, 6)
        """
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A repaired document: text, lines with roles, metadata, the edits made, the flaws left, and the way back."""

    document: Document
    text: str
    offsets: Offsets
    lines: tuple[Line, ...]
    metadata: Metadata
    edits: tuple[Edit, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.document.id

    def quote(self, start: int, end: int, at: int | None = None) -> Quote:
        """The cleaned span as a Quote, which knows its raw span and, where a repair changed it, its raw text."""
        raw_start, raw_end = self.offsets.raw(start, end)
        text, raw = self.text[start:end], self.document.text[raw_start:raw_end]
        return Quote(start=raw_start, end=raw_end, text=text, raw=None if raw == text else raw, at=at)


# --------------------------------------------------------------------------------- segment, tag


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: `text` is the cleaned text [start, end); `line` indexes the document's lines."""

    document: str
    index: int
    start: int
    end: int
    text: str
    line: int
    role: Role


Row = TypeVar("Row", bound=tuple[Any, ...])


def named(kind: type[Row], rows: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    """Named tuples of plain ones, with no call of a Python function for each: a document has thousands of words."""
    return map(partial(tuple.__new__, kind), rows)


class Token(NamedTuple):
    """A word with its part of speech in the tag set of Baidu LAC (n, v, vn, p, u, w, PER, ORG, …)."""

    start: int
    end: int
    text: str
    pos: str


MentionType = Literal["PERSON", "ORGANIZATION", "LOCATION", "DATE", "DOCUMENT", "POSITION"]


class Mention(NamedTuple):
    """A name, date or title in the text.

    `source` is the id of what found it (`model`, `grammar.date`, `gazetteer.place`, …). `value` is the
    normal form where a grammar gives one: EDTF for a DATE. POSITION (局长, 民警) serves the rules and never
    becomes a node.
    """

    start: int
    end: int
    type: MentionType
    text: str
    source: str
    value: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its words and mentions, both sorted by start; mentions don't overlap."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


# --------------------------------------------------------------------------------------- resolve


EntityType = Literal["PERSON", "ORGANIZATION", "LOCATION", "DATE", "DOCUMENT", "ACTION"]

#: Characters that stand for the part of a name which the text holds back.
ANONYMISED = re.compile(r"[某*＊×○〇]|(?<=[一-鿿])[xXｘＸ]|^[一-鿿]{1,2}(?:先生|女士)$")


def key_of(id_: str) -> str:
    """The id of an entity without its type, and without what tells it from its like elsewhere.

    >>> key_of("LOCATION:人民路@长沙市")
    '人民路'
    """
    return id_.partition(":")[2].partition("@")[0]


@dataclass(frozen=True, slots=True)
class Entity(Flat):
    """An entity of one document.

    `id` is `TYPE:name`, with `@document` behind it where the name must not meet its like in another
    document (某-names, persons without a post, short names that no context completes).
    `parent` is the id of the body or place that the name itself names as the next above, if any.
    `reasons` says for each surface form but the name why it stands for this entity.
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id without its type, and without what tells it from its like elsewhere."""
        return key_of(self.id)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mention that was linked to nothing, or a merge that was not made, for a person to decide."""

    document: str
    mention: Mention
    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedDocument:
    """A document whose mentions point to entities; a mention without a link is ambiguous or no entity."""

    clean: CleanDocument
    sentences: tuple[TaggedSentence, ...]
    entities: tuple[Entity, ...]
    links: dict[Mention, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


# ---------------------------------------------------------------------------------------- relate


class Quote(Record):
    """A span of the raw file: `text` as repaired, `raw` as it stands there if that differs.

    `at` is the offset of the span in the text of the evidence sentence, for highlighting.
    """

    start: int
    end: int
    text: str
    raw: str | None = None
    at: int | None = None


class Evidence(Record):
    """The sentence that says so, with the spans of head, trigger and tail in it, and the rule that read it."""

    document: str
    sentence: Quote
    head: Quote | None = None
    trigger: Quote | None = None
    tail: Quote | None = None
    rule: str
    confidence: float
    role: Role = "body"


@dataclass(frozen=True, slots=True)
class Relation(Flat):
    """One piece of evidence for `head` –relation→ `tail` (entity ids).

    `attributes` are sorted pairs such as ("title", "局长"), ("status", "原任"), ("date", "2020-01-27").
    `derived`: follows from a name or from the administrative table, not from what a sentence says.
    """

    relation: str
    head: str
    tail: str
    evidence: Evidence
    attributes: tuple[tuple[str, str], ...] = ()
    derived: bool = False
