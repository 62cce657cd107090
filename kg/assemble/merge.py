"""Entities across documents: which ids of single documents are one node of the graph.

Bodies, places, documents and dates carry their identity in their id: region and name, or the calendar. What
has no identity outside its document (某-names, a bare 指挥部) has an id that ends in `@document` and stays
where it is. A person's name is no identity: two documents speak of one person only where the name meets a
second fact, the same body, or the same title at a body of which one name is the fuller form of the other.
All else stays apart and is reported as a doubt, because a false merge corrupts every edge of both. What people
have decided (Judged) goes before all that.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.facts import DocumentFacts
from kg.graph import Doubtful
from kg.models import ANONYMISED, Entity, Quote, Relation

#: A document and the id of an entity in it.
LocalId = tuple[str, str]

#: Names of bodies that begin with a level and not with a place: 市公安局 is another body in another city.
#: 市北区, 市南区 and 市中区 are places.
RELATIVE = re.compile(r"[省市州县区旗](?![北南中]区)|自治[区州县]|[乡镇](?=党委|政府|派出所|人民政府)|[该我]|本(?!溪)")

#: What reasons for joining persons begin with.
BY_BODY, BY_TITLE = "同名，且都任职于", "同名同职："

#: How many candidates of one doubt are kept.
MAX_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What people decided: entities that are one, and why; entities that aren't, by each of the two."""

    same: tuple[tuple[LocalId, LocalId, str], ...] = ()
    apart: Mapping[LocalId, frozenset[LocalId]] = field(default_factory=dict)

    def keeps_apart(self, some: Iterable[LocalId], others: Iterable[LocalId]) -> bool:
        """Whether any of `some` is another entity than any of `others`."""
        there = set(others) if self.apart else set()
        return bool(there) and any(not there.isdisjoint(self.apart.get(one, ())) for one in some)


@dataclass(frozen=True, slots=True)
class Merge:
    """Global ids of all local ones; why ids were joined (by global id); what was left apart."""

    ids: Mapping[LocalId, str]
    reasons: Mapping[str, tuple[str, ...]]
    doubts: tuple[Doubtful, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of one document, with the posts (body, title) that the document gives."""

    document: str
    entity: Entity
    posts: frozenset[tuple[str, str]]

    @property
    def local(self) -> LocalId:
        return self.document, self.entity.id


@dataclass(slots=True)
class Cluster:
    """Persons of one name that are held to be one, and why."""

    persons: list[Person]
    documents: set[str]
    reasons: set[str] = field(default_factory=set)

    @property
    def locals(self) -> list[LocalId]:
        return [person.local for person in self.persons]


def merge(documents: Collection[DocumentFacts], judged: Judged | None = None) -> Merge:
    """Resolve the entities of `documents` across them, in whatever order they are given, as people have `judged`.

    Persons are told apart by the posts that the relations give them. ids of ACTIONs always become the document's
    own: one occurrence is one act.
    """
    judged = judged or Judged()
    if judged.apart:  # only then does it matter which document comes first
        documents = sorted(documents, key=lambda d: d.id)
    keys = Keys()
    persons: dict[str, list[Person]] = defaultdict(list)
    for document in documents:
        for person in keys.add(document, judged):
            persons[person.entity.name].append(person)
    for name, found in sorted(persons.items()):
        keys.settle(name, identify(name, found, judged))
    keys.join(judged)
    return Merge(keys.ids, keys.reasons, doubts_of(keys.apart, first_seen(documents, keys.ids, keys.unsettled)))


#: Persons of one name that are one: their id, which they are, and why.
Identified = tuple[str, list[LocalId], tuple[str, ...]]


@dataclass(slots=True)
class Keys:
    """What entities are found again by, document by document: their ids, and what is known of these."""

    ids: dict[LocalId, str] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    apart: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    shared: Counter[str] = field(default_factory=Counter)

    def add(self, document: DocumentFacts, judged: Judged) -> list[Person]:
        """Take up the entities of a document; its persons are given back, to be told apart by name."""
        of, here, persons = document.id, set[str](), []
        posts = _posts(document.relations)
        for entity in sorted(document.entities, key=lambda e: e.id):
            key = (of, entity.id)
            if entity.type == "PERSON" and not ANONYMISED.search(entity.name):
                persons.append(Person(*key[:1], entity, frozenset(posts.get(entity.id, ()))))
                continue
            self.ids[key] = _kept_apart(key, _own_id(entity, of), self.ids, judged)
            if self.ids[key].endswith(f"@{of}") and entity.type != "ACTION":
                self.apart[entity.type, entity.name].add(self.ids[key])
            elif entity.type != "ACTION":
                here.add(self.ids[key])
        self.shared.update(here)
        return persons

    def settle(self, name: str, found: Sequence[Identified]) -> None:
        """Take up who the persons of one name are."""
        for id_, persons, why in found:
            self.ids.update(dict.fromkeys(persons, id_))
            if why:
                self.reasons[id_] = why
            if len(found) > 1:
                self.apart["PERSON", name].add(id_)

    def include(self, others: Keys) -> None:
        """Take up what was found in other documents."""
        self.ids.update(others.ids)
        self.shared.update(others.shared)
        for name, ids in others.apart.items():
            self.apart[name] |= ids

    def join(self, judged: Judged) -> None:
        """What is to be done when all are there."""
        self.reasons.update({id_: (f"{count} 篇文档中的全称相同",) for id_, count in self.shared.items() if count > 1})
        _join(self.ids, self.reasons, judged)
        self.apart = dict(_in_doubt(self.ids, self.apart, judged))

    @property
    def unsettled(self) -> set[str]:
        """The nodes that share their name with another."""
        return {id_ for group in self.apart.values() if len(group) > 1 for id_ in group}


def identify(name: str, persons: list[Person], judged: Judged) -> list[Identified]:
    """Who the persons of one name in all documents are."""
    clusters = _clusters(persons, judged)
    return [(id_, cluster.locals, tuple(sorted(cluster.reasons)))
            for id_, cluster in zip(_person_ids(name, clusters), clusters, strict=True)]


def _own_id(entity: Entity, document: str) -> str:
    """The id outside the document of an entity that isn't a person with a full name."""
    bound = (entity.type == "ACTION" or (entity.type == "PERSON" and ANONYMISED.search(entity.name))
             or (entity.type == "ORGANIZATION" and RELATIVE.match(entity.id.partition(":")[2])))
    already = f"@{document}" in entity.id or entity.id.startswith(f"{entity.type}:{document}:")
    return f"{entity.id}@{document}" if bound and not already else entity.id


def _kept_apart(key: LocalId, id_: str, ids: Mapping[LocalId, str], judged: Judged) -> str:
    """The id, bound to its document where an entity has it already that people told from this one."""
    return f"{id_}@{key[0]}" if any(ids.get(other) == id_ for other in judged.apart.get(key, ())) else id_


def _join(ids: dict[LocalId, str], reasons: dict[str, tuple[str, ...]], judged: Judged) -> None:
    """Give entities that people joined one id: of theirs one that is bound to no document, else the first."""
    now: dict[str, str] = {}

    def final(id_: str) -> str:
        while id_ in now:
            id_ = now[id_]
        return id_

    for one, other, why in judged.same:
        kept, dropped = sorted((final(ids[one]), final(ids[other])), key=lambda id_: ("@" in id_, id_))
        if kept != dropped:
            now[dropped] = kept
        reasons[kept] = tuple(sorted({*reasons.pop(dropped, ()), *reasons.get(kept, ()), why}))
    if now:
        ids.update({key: final(id_) for key, id_ in ids.items()})


# --------------------------------------------------------------------------------------- persons


def _posts(relations: Iterable[Relation]) -> dict[str, set[tuple[str, str]]]:
    """Body and title of every person, as far as the body has an identity outside the document."""
    posts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for relation in relations:
        if relation.relation == "holds_position" and not relation.tail.endswith(f"@{relation.evidence.document}"):
            posts[relation.head].add((relation.tail, dict(relation.attributes).get("title", "")))
    return posts


def _clusters(persons: list[Person], judged: Judged) -> list[Cluster]:
    """Persons of one name, joined where people or a second fact join them.

    Persons of one document stay apart: the document itself told them apart. What people decided comes first; then
    pairs are tried by shared body, then by title, each in a fixed order, so that the outcome doesn't hang on the
    order of documents.
    """
    persons = sorted(persons, key=lambda p: (p.document, p.entity.id))
    clusters = [Cluster([person], {person.document}) for person in persons]
    by_person = {id(cluster.persons[0]): cluster for cluster in clusters}
    decided = _decided(clusters, judged)
    for number, (why, one, other) in enumerate(decided + _same_body(clusters) + _same_title(clusters)):
        keep, drop = by_person[id(one)], by_person[id(other)]
        if keep is drop:
            keep.reasons.add(why)
        elif number < len(decided) or (keep.documents.isdisjoint(drop.documents)
                                       and not (judged.apart and judged.keeps_apart(keep.locals, drop.locals))):
            keep.persons += drop.persons
            keep.documents |= drop.documents
            keep.reasons |= drop.reasons | {why}
            by_person.update({id(person): keep for person in drop.persons})
            drop.persons = []
    return [cluster for cluster in clusters if cluster.persons]


Join = tuple[str, Person, Person]


def _decided(clusters: list[Cluster], judged: Judged) -> list[Join]:
    """Persons of whom people said that they are one."""
    known = {cluster.persons[0].local: cluster.persons[0] for cluster in clusters}
    return [(why, known[one], known[other]) for one, other, why in judged.same if one in known and other in known]


def _same_body(clusters: list[Cluster]) -> list[Join]:
    """Each person with the first of the same name who has a post at the same body."""
    first: dict[str, Person] = {}
    joins = []
    for person in (cluster.persons[0] for cluster in clusters):
        for body in sorted({body for body, _ in person.posts}):
            other = first.setdefault(body, person)
            if other is not person:
                joins.append((f"{BY_BODY} {_name(body)}", other, person))
    return joins


def _same_title(clusters: list[Cluster]) -> list[Join]:
    """Persons with one title at bodies of which one is named more fully (省公安厅's 湖南省公安厅)."""
    by_title: dict[str, dict[str, Person]] = defaultdict(dict)
    joins = []
    for person in (cluster.persons[0] for cluster in clusters):
        for body, title in sorted(person.posts):
            if not title:
                continue
            for fuller, other in sorted(by_title[title].items()):
                if fuller != body and (fuller.endswith(_name(body)) or body.endswith(_name(fuller))):
                    joins.append((f"{BY_TITLE}{title}，{_name(fuller)} / {_name(body)}", other, person))
            by_title[title].setdefault(body, person)
    return joins


def _person_ids(name: str, clusters: list[Cluster]) -> list[str]:
    """`PERSON:name` for the only one of a name; else each takes the id of its first document."""
    if len(clusters) == 1:
        return [f"PERSON:{name}"]
    ids: dict[str, None] = {}
    taken: Counter[str] = Counter()
    for cluster in clusters:
        plain = f"PERSON:{name}@{min(cluster.documents)}"
        id_ = plain
        while id_ in ids:
            taken[plain] += 1
            id_ = f"{plain}#{taken[plain] + 1}"
        ids[id_] = None
    return list(ids)


def _name(id_: str) -> str:
    return id_.partition(":")[2]


# ---------------------------------------------------------------------------------------- doubts


def first_seen(documents: Iterable[DocumentFacts], ids: Mapping[LocalId, str],
               unsettled: Collection[str]) -> dict[str, tuple[str, Quote]]:
    """The first document of some nodes, and their first mention in it."""
    seen: dict[str, tuple[str, Quote]] = {}
    for document in documents if unsettled else ():
        for entity in document.entities:
            id_ = ids[document.id, entity.id]
            if id_ in unsettled and (id_ not in seen or document.id < seen[id_][0]):
                seen[id_] = document.id, _first_quote(document, entity)
    return seen


def doubts_of(apart: Mapping[tuple[str, str], set[str]], seen: Mapping[str, tuple[str, Quote]]
              ) -> tuple[Doubtful, ...]:
    """One doubt for every name that stands for several nodes, at its first mention."""
    doubts = []
    for (type_, _), group in sorted(apart.items()):
        if len(group) > 1:
            where = sorted((seen[id_][0], id_) for id_ in group)
            document_id, quote = seen[where[0][1]]
            doubts.append(Doubtful(document=document_id, quote=quote, type=type_,
                                   why=f"有 {len(where)} 个同名实体，没有依据认定为同一个",
                                   candidates=tuple(id_ for _, id_ in where[:MAX_CANDIDATES])))
    return tuple(doubts)


def _in_doubt(ids: Mapping[LocalId, str], apart: Mapping[tuple[str, str], set[str]],
              judged: Judged) -> Mapping[tuple[str, str], set[str]]:
    """The nodes of one name, without those that people told from all others of it."""
    if not judged.same and not judged.apart:
        return apart
    told: dict[str, set[str]] = defaultdict(set)
    for one, others in judged.apart.items():
        told[ids[one]].update(ids[other] for other in others)
    nodes = set(ids.values())
    return {name: {id_ for id_ in group & nodes if not (group & nodes) - {id_} <= told[id_]}
            for name, group in apart.items()}


def _first_quote(document: DocumentFacts, entity: Entity) -> Quote:
    found = (name.quote.model_copy(update={"at": None}) for name in document.names if name.entity == entity.id)
    return next(found, Quote(start=0, end=0, text=""))
