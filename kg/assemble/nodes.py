"""All that documents say of one entity becomes one node."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.assemble.edges import Statement
from kg.assemble.merge import Merge
from kg.facts import DocumentFacts, Name
from kg.graph import Node, NodeMention
from kg.models import EntityType, Flat

#: What the relations of an act say about the act itself; it goes to the node.
ACTION_ATTRIBUTES = ("canonical", "polarity", "certainty", "trigger", "object")


@dataclass(frozen=True, slots=True)
class Said(Flat):
    """What a statement says of an act: attributes, and where it stands; `order` as of the statement."""

    order: tuple[Any, ...]
    attributes: dict[str, str]
    mention: NodeMention | None


@dataclass(frozen=True, slots=True)
class Part(Flat):
    """What one document says of a node: an entity of it. `stated`: a relation speaks of it."""

    document: str
    date: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    reasons: tuple[str, ...]
    mentions: tuple[NodeMention, ...]
    stated: bool
    said: tuple[Said, ...]


@dataclass(slots=True)
class NodeParts:
    """All that the documents say of one node; `dates` are those of its documents."""

    type: EntityType
    names: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    mentions: dict[tuple[str, int, int], NodeMention] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    attributes: dict[str, str] = field(default_factory=dict)


def parts(document: DocumentFacts, merged: Merge, statements: Iterable[Statement]) -> Iterator[tuple[str, Part]]:
    """The entities of a document, each with the id of its node; `statements` are those of the document."""
    names: dict[str, list[Name]] = defaultdict(list)
    for name in document.names:
        names[name.entity].append(name)
    said: dict[str, list[Said]] = defaultdict(list)
    of, date = document.id, document.metadata.date
    for statement in statements:
        for id_ in (statement.head, statement.tail):
            said[id_].extend([_said(statement, date)] if id_.startswith("ACTION:") else ())
    for entity in document.entities:
        id_ = merged.ids[of, entity.id]
        yield id_, Part(of, date, entity.type, entity.name, entity.aliases,
                        (*entity.reasons, *merged.reasons.get(id_, ())),
                        tuple([_node_mention(document, name) for name in names.get(entity.id, ())]),
                        stated=id_ in said, said=tuple(said.get(id_, ())))


def _said(statement: Statement, date: str) -> Said:
    evidence, mention = statement.evidence, None
    if evidence.trigger is not None:
        mention = NodeMention(document=evidence.document, quote=evidence.trigger, source=evidence.rule,
                              confidence=evidence.confidence, sentence=evidence.sentence)
    attributes = {name: value for name in ACTION_ATTRIBUTES if (value := statement.attributes.get(name))}
    return Said(statement.order(date), attributes, mention)


def gather(found: Iterable[Part]) -> NodeParts:
    """All parts of a node together; it doesn't matter in which order they come."""
    found = list(found)
    whole = NodeParts(found[0].type)
    for part in found:
        whole.names[part.name] += 1 + len(part.mentions)
        for alias in part.aliases:
            whole.forms[alias] += 0
        whole.reasons.update(part.reasons)
        for mention in part.mentions:
            whole.forms[mention.quote.text] += 1
            _note(whole, mention)
        if part.stated:
            whole.documents.add(part.document)
    for said in sorted((said for part in found for said in part.said), key=lambda said: said.order):
        for name, value in said.attributes.items():
            whole.attributes.setdefault(name, value)
        if said.mention is not None and any(said.mention.quote.text in name for name in whole.names):
            _note(whole, said.mention)
    whole.dates.update(part.date for part in found if part.document in whole.documents)
    return whole


def _node_mention(document: DocumentFacts, name: Name) -> NodeMention:
    return NodeMention.trusted(
        document=document.id, quote=name.quote, source=name.source, confidence=name.confidence,
        sentence=None if name.passage is None else document.passages[name.passage].quote)


def _note(part: NodeParts, mention: NodeMention) -> None:
    """Add a mention, unless its span is already there from a source that comes first in the alphabet."""
    part.documents.add(mention.document)
    key = mention.document, mention.quote.start, mention.quote.end
    known = part.mentions.get(key)
    if known is None or mention.source < known.source:
        part.mentions[key] = mention


def node_of(id_: str, part: NodeParts, given: str) -> Node:
    """The node of its parts, without dates, under the name that people have given it, or else its most frequent one."""
    named = min(part.names, key=lambda name: (-part.names[name], name))
    label = given or named
    forms = {named: 0, **part.forms} if part.type != "ACTION" else {}
    return Node.trusted(
        id=id_, type=part.type, label=label,
        aliases=tuple(sorted((form for form in forms if form and form != label), key=lambda f: (-forms[f], f))),
        mentions=tuple(mention for _, mention in sorted(part.mentions.items(), key=lambda item: item[0])),
        documents=tuple(sorted(part.documents)), reasons=tuple(sorted(part.reasons)),
        attributes=dict(sorted(part.attributes.items())))
