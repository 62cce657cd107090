"""What changed between two builds: entities, names, relations, posts.

Ids hold names, and a new document can change which name is the main one; so entities are matched first by id, then
by the places that name them: two nodes of one type are the same entity if a span of a document names both. Only
where the builds share no document that names them do aliases decide. Edges are compared by what they say, under the
ids of the new build.

Of masked builds nobody is followed by a pseudonym, whose number each build gives anew, but by places alone, which are
counted as if all pseudonyms were as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from operator import itemgetter

from kg.ask.posts import Key, Names, PostChange, post_changes
from kg.ask.why import arrow
from kg.errors import GraphError
from kg.graph import CO_OCCURRENCE, Edge, Graph, Node, NodeMention
from kg.knowledge.ontology import load_ontology
from kg.models import Record
from kg.privacy import PSEUDONYMS


class Entity(Record):
    """A node, named, with the number of documents that name it and the first sentence that does."""

    id: str
    type: str
    label: str
    documents: int
    evidence: str


class Renaming(Record):
    """One entity under another main name, or with other names."""

    type: str
    old: str
    new: str
    old_id: str
    new_id: str
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class Joining(Record):
    """Several entities of one build that are one in the other."""

    one: Entity
    several: tuple[Entity, ...]


class Statement(Record):
    """An edge in words, with its best sentence."""

    id: str
    source: str
    relation: str
    target: str
    says: str
    documents: tuple[str, ...]
    evidence: str


class Change(Record):
    """A relation that both builds have, with what differs: (field, old value, new value)."""

    statement: Statement
    changes: tuple[tuple[str, str, str], ...]


class Diff(Record):
    """All that changed. Co-occurrence is counted, (new, vanished), not listed.

    Posts are in the order of PostKind, entities and relations in that of the ontology, and within one kind those come
    first that most documents name.
    """

    new_documents: tuple[str, ...]
    vanished_documents: tuple[str, ...]
    new_entities: tuple[Entity, ...]
    vanished_entities: tuple[Entity, ...]
    renamed: tuple[Renaming, ...]
    merged: tuple[Joining, ...]
    split: tuple[Joining, ...]
    new_relations: tuple[Statement, ...]
    vanished_relations: tuple[Statement, ...]
    changed_relations: tuple[Change, ...]
    posts: tuple[PostChange, ...]
    cooccurrence: tuple[int, int]


def diff(old: Graph, new: Graph) -> Diff:
    """What `new` has that `old` hadn't, what it lacks, and what it says otherwise.

    Raises GraphError where one of the graphs is masked and the other isn't.
    """
    if len(hidden := {document.masked for graph in (old, new) for document in graph.documents}) > 1:
        raise GraphError("one of the graphs was built with --mask-private and the other without: every private person "
                         "would seem to be gone; build both with it, or both without")
    masked = True in hidden
    before, after = ({node.id: node for node in graph.nodes} for graph in (old, new))
    forward, backward = _matches(old, new, masked)
    follows = {id_: sorted(found)[0] if id_ not in found else id_ for id_, found in forward.items() if found}
    strangers = {id_: f"{id_} (old)" for id_, found in forward.items() if not found and id_ in after}
    documents = [{document.id for document in graph.documents} for graph in (old, new)]
    gone, come = _edges(old, follows | strangers), _edges(new, {})
    together = [sum(key[1] == CO_OCCURRENCE for key in keys)
                for keys in (come.keys() - gone.keys(), gone.keys() - come.keys())]
    return Diff(
        new_documents=tuple(sorted(documents[1] - documents[0])),
        vanished_documents=tuple(sorted(documents[0] - documents[1])),
        new_entities=_entities(node for node in new.nodes if not backward[node.id]),
        vanished_entities=_entities(node for node in old.nodes if not forward[node.id]),
        renamed=tuple(_renamings(before, after, forward, backward, masked)),
        merged=tuple(_joinings(after, before, backward)), split=tuple(_joinings(before, after, forward)),
        new_relations=_statements(come, come.keys() - gone.keys(), after),
        vanished_relations=_statements(gone, gone.keys() - come.keys(), before),
        changed_relations=_changes(gone, come, after),
        posts=post_changes(gone, come, Names(before, after), known=set(follows.values()),
                           dates=[{d.id: d.metadata.date for d in graph.documents} for graph in (old, new)]),
        cooccurrence=(together[0], together[1]))


# -------------------------------------------------------------------------------------- entities

Matches = dict[str, set[str]]


def _matches(old: Graph, new: Graph, masked: bool) -> tuple[Matches, Matches]:
    """For each node of the old build the nodes of the new one that are the same entity, and the other way round."""
    by_span: dict[Place, set[str]] = defaultdict(set)
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    place = _places(new)
    for node in new.nodes:
        for name in (node.label, *node.aliases):
            by_name[node.type, name].add(node.id)
        for mention in node.mentions:
            by_span[place(node, mention)].add(node.id)
    forward: Matches = {node.id: set() for node in old.nodes}
    backward: Matches = {node.id: set() for node in new.nodes}
    place = _places(old)
    for node in old.nodes:
        found = {id_ for mention in node.mentions for id_ in by_span.get(place(node, mention), ())}
        if not (masked and PSEUDONYMS.search(node.id)):
            found |= {node.id} & backward.keys()
            if not found and node.type != "ACTION":
                named = by_name.get((node.type, node.label), set())
                found = named if len(named) == 1 else set()
        for id_ in found:
            forward[node.id].add(id_)
            backward[id_].add(node.id)
    return forward, backward


#: Where a node is named: its type, the document, start and end.
Place = tuple[str, str, int, int]


def _places(graph: Graph) -> Callable[[Node, NodeMention], Place]:
    """What says where a node is named; in a masked text each pseudonym counts as one character."""
    ends: dict[str, list[int]] = {}
    more: dict[str, list[int]] = {}
    for document in graph.documents:
        if document.masked and (found := list(PSEUDONYMS.finditer(document.text))):
            ends[document.id] = [each.end() for each in found]
            more[document.id] = [0, *accumulate(len(each.group()) - 1 for each in found)]

    def counted(document: str, position: int) -> int:
        return position - more[document][bisect_right(ends[document], position)] if document in more else position

    def place(node: Node, mention: NodeMention) -> Place:
        quote = mention.quote
        return (node.type, mention.document, counted(mention.document, quote.start),
                counted(mention.document, quote.end))

    return place


def _renamings(before: Mapping[str, Node], after: Mapping[str, Node], forward: Matches, backward: Matches,
               masked: bool) -> list[Renaming]:
    """What has another main name, then what has other names beside it; how a day is written is no name."""
    found = _renamed(before, after, forward, backward, masked)
    return sorted(found, key=lambda r: (r.old == r.new, r.old_id))


def _renamed(before: Mapping[str, Node], after: Mapping[str, Node], forward: Matches, backward: Matches,
             masked: bool) -> Iterator[Renaming]:
    for id_ in sorted(before):
        if len(forward[id_]) != 1 or before[id_].type in ("DATE", "ACTION"):
            continue
        (match,) = forward[id_]
        old, new = before[id_], after[match]
        names, others = {old.label, *old.aliases}, {new.label, *new.aliases}
        if masked and {PSEUDONYMS.sub("", name) for name in names} == {PSEUDONYMS.sub("", name) for name in others}:
            continue
        if len(backward[match]) == 1 and (old.label != new.label or names != others):
            yield Renaming(type=new.type, old=old.label, new=new.label, old_id=old.id, new_id=new.id,
                           added=tuple(sorted(others - names)), dropped=tuple(sorted(names - others)))


def _joinings(ones: Mapping[str, Node], many: Mapping[str, Node], matches: Matches) -> Iterator[Joining]:
    for id_ in sorted(ones):
        if len(matches[id_]) > 1:
            yield Joining(one=_entity(ones[id_]), several=tuple(_entity(many[other]) for other in sorted(matches[id_])))


def _entities(nodes: Iterable[Node]) -> tuple[Entity, ...]:
    order = list(load_ontology().types)
    return tuple(map(_entity, sorted(nodes, key=lambda node: (order.index(node.type), -len(node.documents), node.id))))


def _entity(node: Node) -> Entity:
    said = next((m.sentence.text for m in node.mentions if m.sentence is not None), "")
    return Entity(id=node.id, type=node.type, label=node.label, documents=len(node.documents), evidence=said)


# --------------------------------------------------------------------------------------- edges

def _edges(graph: Graph, follows: Mapping[str, str]) -> dict[Key, Edge]:
    """The edges by what they say, their ends under the ids that `follows` gives them."""
    symmetric = load_ontology().symmetric
    found: dict[Key, Edge] = {}
    for edge in graph.edges:
        ends = [follows.get(edge.source, edge.source), follows.get(edge.target, edge.target)]
        if edge.relation in symmetric:
            ends.sort()
        found.setdefault((ends[0], edge.relation, ends[1], edge.title, edge.status, edge.measure, edge.kinship), edge)
    return found


def _statements(edges: Mapping[Key, Edge], keys: Iterable[Key], nodes: Mapping[str, Node]) -> tuple[Statement, ...]:
    order = list(load_ontology().relations)
    said = sorted((key for key in keys if key[1] != CO_OCCURRENCE),
                  key=lambda key: (order.index(key[1]), -len(edges[key].documents), key))
    return tuple(_statement(edges[key], nodes) for key in said)


def _statement(edge: Edge, nodes: Mapping[str, Node]) -> Statement:
    said = [*edge.qualities, *([edge.date] if edge.date else [])]
    source, target = nodes[edge.source].label, nodes[edge.target].label
    return Statement(id=edge.id, source=source, relation=edge.relation, target=target, documents=edge.documents,
                     says=f"{source} —{edge.label}{arrow(edge)} {target}" + (f" ({'，'.join(said)})" if said else ""),
                     evidence=edge.best_sentence)


def _changes(old: Mapping[Key, Edge], new: Mapping[Key, Edge], nodes: Mapping[str, Node]) -> tuple[Change, ...]:
    """What differs of the relations that both have; of a relation first what isn't the number of documents alone."""
    found: list[tuple[tuple[int, bool, int, Key], Change]] = []
    order = list(load_ontology().relations)
    for key in old.keys() & new.keys():
        before, after = old[key], new[key]
        values = [(name, f"{getattr(before, name)}", f"{getattr(after, name)}") for name in ("date", "derived")]
        values += [("documents", str(len(before.documents)), str(len(after.documents)))]
        changed = tuple(value for value in values if value[1] != value[2])
        if changed and after.relation != CO_OCCURRENCE:
            more = len(after.documents) - len(before.documents)
            found.append(((order.index(key[1]), changed[0][0] == "documents", -more, key),
                          Change(statement=_statement(after, nodes), changes=changed)))
    return tuple(change for _, change in sorted(found, key=itemgetter(0)))
