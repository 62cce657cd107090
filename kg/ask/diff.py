"""What changed between two builds: entities, names, relations, posts.

Ids hold names, and a new document can change which name is the main one; so entities are matched first by id, then
by the places that name them: two nodes of one type are the same entity if a span of a document names both. Only
where the builds share no document that names them do aliases decide. Edges are compared by what they say, under the
ids of the new build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from kg.graph import CO_OCCURRENCE, Edge, Graph, Node
from kg.knowledge.ontology import load_ontology
from kg.models import Record

#: Status of a post that a person no longer has, of one that isn't theirs yet, and of one of which nothing is said but
#: that it was theirs at the time (kg/data/relations/posts.yaml).
ENDED, PLANNED, THEN = frozenset({"原任", "前任", "免职"}), frozenset({"拟任"}), frozenset({"时任"})


#: The status that an act of dismissal gives, and the rules that read an act of appointment.
DISMISSED, APPOINTING = "免职", "holds_position.appointed"


class Entity(Record):
    """A node, named."""

    id: str
    type: str
    label: str


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


PostKind = Literal["appointed", "moved", "dismissed", "planned", "first seen", "no longer stated"]


class PostChange(Record):
    """A person's posts that came and went, each as `body title`; `kind` says what that amounts to.

    appointed: a post more; moved: one for another; dismissed: the new build says that it has ended; planned: to come;
    first seen: the person is new to the graph, and nothing says that the post is too; no longer stated: the new build
    is silent about it.
    """

    kind: PostKind
    person: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    date: str = ""
    evidence: str = ""


class Diff(Record):
    """All that changed; everything is sorted. Co-occurrence is counted, (new, vanished), not listed."""

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
    """What `new` has that `old` hadn't, what it lacks, and what it says otherwise."""
    before, after = ({node.id: node for node in graph.nodes} for graph in (old, new))
    forward, backward = _matches(old, new)
    follows = {id_: sorted(found)[0] if id_ not in found else id_ for id_, found in forward.items() if found}
    documents = [{document.id for document in graph.documents} for graph in (old, new)]
    gone, come = _edges(old, follows), _edges(new, {})
    common = sorted(gone.keys() & come.keys())
    together = [sum(key[1] == CO_OCCURRENCE for key in keys)
                for keys in (come.keys() - gone.keys(), gone.keys() - come.keys())]
    return Diff(
        new_documents=tuple(sorted(documents[1] - documents[0])),
        vanished_documents=tuple(sorted(documents[0] - documents[1])),
        new_entities=tuple(_entity(after[id_]) for id_ in sorted(after) if not backward[id_]),
        vanished_entities=tuple(_entity(before[id_]) for id_ in sorted(before) if not forward[id_]),
        renamed=tuple(_renamings(before, after, forward, backward)),
        merged=tuple(_joinings(after, before, backward)), split=tuple(_joinings(before, after, forward)),
        new_relations=tuple(_statements(come, sorted(come.keys() - gone.keys()), after)),
        vanished_relations=tuple(_statements(gone, sorted(gone.keys() - come.keys()), before)),
        changed_relations=tuple(_changes(gone, come, common, after)),
        posts=tuple(_posts(gone, come, before, after, {follows[i] for i in follows})),
        cooccurrence=(together[0], together[1]))


# -------------------------------------------------------------------------------------- entities

Matches = dict[str, set[str]]


def _matches(old: Graph, new: Graph) -> tuple[Matches, Matches]:
    """For each node of the old build the nodes of the new one that are the same entity, and the other way round."""
    by_id, by_span, by_name = _index(new)
    forward: Matches = {node.id: set() for node in old.nodes}
    backward: Matches = {node.id: set() for node in new.nodes}
    for node in old.nodes:
        spans = {id_ for m in node.mentions
                 for id_ in by_span.get((node.type, m.document, m.quote.start, m.quote.end), ())}
        found = spans | ({node.id} if node.id in by_id else set())
        if not found and node.type != "ACTION":
            named = by_name.get((node.type, node.label), set())
            found = named if len(named) == 1 else set()
        for id_ in found:
            forward[node.id].add(id_)
            backward[id_].add(node.id)
    return forward, backward


def _index(graph: Graph) -> tuple[set[str], dict[tuple[str, str, int, int], set[str]], dict[tuple[str, str], set[str]]]:
    by_span: dict[tuple[str, str, int, int], set[str]] = defaultdict(set)
    by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for node in graph.nodes:
        for name in (node.label, *node.aliases):
            by_name[node.type, name].add(node.id)
        for mention in node.mentions:
            by_span[node.type, mention.document, mention.quote.start, mention.quote.end].add(node.id)
    return {node.id for node in graph.nodes}, by_span, by_name


def _renamings(before: Mapping[str, Node], after: Mapping[str, Node], forward: Matches,
               backward: Matches) -> Iterator[Renaming]:
    for id_ in sorted(before):
        if len(forward[id_]) != 1:
            continue
        (match,) = forward[id_]
        old, new = before[id_], after[match]
        names, others = {old.label, *old.aliases}, {new.label, *new.aliases}
        if len(backward[match]) == 1 and (old.label != new.label or names != others):
            yield Renaming(type=new.type, old=old.label, new=new.label, old_id=old.id, new_id=new.id,
                           added=tuple(sorted(others - names)), dropped=tuple(sorted(names - others)))


def _joinings(ones: Mapping[str, Node], many: Mapping[str, Node], matches: Matches) -> Iterator[Joining]:
    for id_ in sorted(ones):
        if len(matches[id_]) > 1:
            yield Joining(one=_entity(ones[id_]), several=tuple(_entity(many[other]) for other in sorted(matches[id_])))


def _entity(node: Node) -> Entity:
    return Entity(id=node.id, type=node.type, label=node.label)


# --------------------------------------------------------------------------------------- edges

#: What an edge says: source, relation, target, title, status, measure, kinship.
Key = tuple[str, ...]


def _edges(graph: Graph, follows: Mapping[str, str]) -> dict[Key, Edge]:
    """The edges by what they say, their ends under the ids that `follows` gives them."""
    symmetric = {name for name, kind in load_ontology().relations.items() if kind.symmetric}
    found: dict[Key, Edge] = {}
    for edge in graph.edges:
        ends = [follows.get(edge.source, edge.source), follows.get(edge.target, edge.target)]
        if edge.relation in symmetric:
            ends.sort()
        found.setdefault((ends[0], edge.relation, ends[1], edge.title, edge.status, edge.measure, edge.kinship), edge)
    return found


def _statements(edges: Mapping[Key, Edge], keys: Iterable[Key], nodes: Mapping[str, Node]) -> Iterator[Statement]:
    for key in keys:
        if key[1] != CO_OCCURRENCE:
            yield _statement(edges[key], nodes)


def _statement(edge: Edge, nodes: Mapping[str, Node]) -> Statement:
    said = [*edge.qualities, *([edge.date] if edge.date else [])]
    source, target = nodes[edge.source].label, nodes[edge.target].label
    return Statement(id=edge.id, source=source, relation=edge.relation, target=target, documents=edge.documents,
                     says=f"{source} —{edge.label}→ {target}" + (f" ({'，'.join(said)})" if said else ""),
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
        gained = sorted(current.keys() - {post for post, edge in was.items() if edge.status not in PLANNED})
        ended = sorted(post for post, edge in now.items()
                       if edge.status in ENDED and post not in current and (post in old_current or post not in was))
        planned = sorted(post for post, edge in now.items() if edge.status in PLANNED and post not in was)
        silent = sorted(old_current.keys() - now.keys())
        if person not in known:    # an old post of someone new is no news, unless an act took it away
            ended = [post for post in ended if now[post].status == DISMISSED]
        kind: PostKind = "moved" if gained and ended else "appointed" if gained else "dismissed"
        if person not in known and not ended and not any(now[post].rule.startswith(APPOINTING) for post in gained):
            kind = "first seen"
        if gained or ended:
            yield _post_change(kind, label, gained, ended, now, after)
        if planned:
            yield _post_change("planned", label, planned, [], now, after)
        if silent:
            yield PostChange(kind="no longer stated", person=label,
                             lost=tuple(_post(post, before, after) for post in silent))


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
                      evidence=said.best_sentence)


def _post(post: Post, nodes: Mapping[str, Node], others: Mapping[str, Node]) -> str:
    body, title = post
    node = nodes.get(body) or others.get(body)
    return f"{node.label if node else body} {title}".rstrip()
