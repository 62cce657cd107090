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
from typing import Literal, get_args

from kg.ask.why import arrow
from kg.errors import GraphError
from kg.graph import CO_OCCURRENCE, Edge, Graph, Node, NodeMention
from kg.knowledge.ontology import load_ontology
from kg.models import Record
from kg.privacy import PSEUDONYMS

#: Status of a post that a person no longer has, of one that isn't theirs yet, and of one of which nothing is said but
#: that it was theirs at the time (kg/data/relations/posts.yaml).
ENDED, PLANNED, THEN = frozenset({"原任", "前任", "免职"}), frozenset({"拟任"}), frozenset({"时任"})
#: The status that an act of dismissal gives.
DISMISSED = "免职"
#: Rules that read an act of appointment, and words by which others tell that somebody comes into a post.
APPOINTING = "holds_position.appointed"
COMING = frozenset({"出任", "就任", "当选", "当选为", "接任", "升任", "调任", "转任", "改任", "履新", "获任",
                    "被任命为", "被选为", "被聘为", "受聘为"})


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


PostKind = Literal["appointed", "moved", "dismissed", "planned", "also stated", "first seen", "no longer stated"]


class PostChange(Record):
    """A person's posts that came and went, each as `body title`; `kind` says what that amounts to.

    appointed: a sentence tells that the post was given or taken, or it was planned before; moved: one for another;
    dismissed: a post of the old build has ended, or a sentence tells of the act; planned: to come; also stated: a post
    more of a person whom the old build knows, who may have had it all along; first seen: the same of a person who is
    new to the graph; no longer stated: the new build is silent about a post.
    """

    kind: PostKind
    person: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    date: str = ""
    documents: tuple[str, ...] = ()
    evidence: str = ""


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
    common = sorted(gone.keys() & come.keys())
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
        changed_relations=tuple(_changes(gone, come, common, after)),
        posts=tuple(sorted(_posts(gone, come, before, after, {follows[i] for i in follows}),
                           key=lambda change: get_args(PostKind).index(change.kind))),
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
               masked: bool) -> Iterator[Renaming]:
    for id_ in sorted(before):
        if len(forward[id_]) != 1:
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

#: What an edge says: source, relation, target, title, status, measure, kinship.
Key = tuple[str, ...]


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


def _changes(old: Mapping[Key, Edge], new: Mapping[Key, Edge], keys: Iterable[Key],
             nodes: Mapping[str, Node]) -> Iterator[Change]:
    for key in keys:
        before, after = old[key], new[key]
        values = [(name, f"{getattr(before, name)}", f"{getattr(after, name)}") for name in ("date", "derived")]
        values += [("documents", str(len(before.documents)), str(len(after.documents)))]
        changed = tuple(value for value in values if value[1] != value[2])
        if changed and after.relation != CO_OCCURRENCE:
            yield Change(statement=_statement(after, nodes), changes=changed)


# --------------------------------------------------------------------------------------- posts


def _posts(old: Mapping[Key, Edge], new: Mapping[Key, Edge], before: Mapping[str, Node], after: Mapping[str, Node],
           known: set[str]) -> Iterator[PostChange]:
    """By person: what was gained and lost. What the old build had is lost only where the new one says so."""
    held, holds = _held(old), _held(new)
    for person in sorted({*held, *holds}):
        was, now = held.get(person, {}), holds.get(person, {})
        label = after[person].label if person in after else before[person].label
        old_current, current = _current(was), _current(now)
        expected = {post for post, edge in was.items() if edge.status in PLANNED}
        gained = sorted(current.keys() - (was.keys() - expected))
        ended = sorted(post for post, edge in now.items() if edge.status in ENDED and
                       (post in old_current or (edge.status == DISMISSED and post not in was)))
        planned = sorted(post for post, edge in now.items() if edge.status in PLANNED and post not in was)
        silent = sorted(old_current.keys() - now.keys())
        given = [post for post in gained if post in expected or _coming(current[post])]
        stated: list[Post] = [] if ended else [post for post in gained if post not in given]
        if gained and ended:
            yield _post_change("moved", label, gained, ended, now, after)
        elif given or ended:
            yield _post_change("appointed" if given else "dismissed", label, given, ended, now, after)
        if stated:
            yield _post_change("also stated" if person in known else "first seen", label, stated, [], now, after)
        if planned:
            yield _post_change("planned", label, planned, [], now, after)
        if silent:
            yield PostChange(kind="no longer stated", person=label,
                             lost=tuple(_post(post, before, after) for post in silent))


def _coming(edge: Edge) -> str:
    """The sentence that tells that the post was given or taken, not only that it is held; empty if none does."""
    return next((e.sentence.text for e in edge.evidence if e.rule.startswith(APPOINTING)
                 or (e.trigger is not None and e.trigger.text in COMING)), "")


#: A post: body and title.
Post = tuple[str, str]


def _held(edges: Mapping[Key, Edge]) -> dict[str, dict[Post, Edge]]:
    """The posts of every person; of what is said of one post, that it has ended counts most, then that it is held."""
    held: dict[str, dict[Post, Edge]] = defaultdict(dict)
    for (person, relation, body, title, *_), edge in sorted(edges.items()):
        if relation == "holds_position":
            stands = held[person].get((body, title))
            if stands is None or _rank(edge) < _rank(stands):
                held[person][body, title] = edge
    return held


def _rank(edge: Edge) -> int:
    return 0 if edge.status in ENDED else 2 if edge.status in PLANNED | THEN else 1


def _current(posts: Mapping[Post, Edge]) -> dict[Post, Edge]:
    return {post: edge for post, edge in posts.items() if edge.status not in ENDED | PLANNED | THEN}


def _post_change(kind: PostKind, person: str, gained: list[Post], lost: list[Post], edges: Mapping[Post, Edge],
                 nodes: Mapping[str, Node]) -> PostChange:
    said = edges[(gained or lost)[0]]
    return PostChange(kind=kind, person=person, gained=tuple(_post(post, nodes, nodes) for post in gained),
                      lost=tuple(_post(post, nodes, nodes) for post in lost), date=said.date,
                      documents=said.documents, evidence=_coming(said) or said.best_sentence)


def _post(post: Post, nodes: Mapping[str, Node], others: Mapping[str, Node]) -> str:
    body, title = post
    node = nodes.get(body) or others.get(body)
    return f"{node.label if node else body} {title}".rstrip()
