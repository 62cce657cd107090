"""Who was appointed, moved and dismissed between two builds.

A new document can say of a person a post that is held, or tell that it is given, taken or lost. Only the second is
news; the first says no more than that nobody had said it before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from kg.assemble.periods import bounds
from kg.graph import Edge, Node
from kg.models import Evidence, Record

#: What an edge says: source, relation, target, title, status, measure, kinship.
Key = tuple[str, ...]
#: A post: body and title.
Post = tuple[str, str]

#: Status of a post that a person no longer has, of one that isn't theirs yet, and of one of which nothing is said but
#: that it was theirs at the time (kg/data/relations/posts.yaml).
ENDED, PLANNED, THEN = frozenset({"原任", "前任", "免职"}), frozenset({"拟任"}), frozenset({"时任"})
#: The status that an act of dismissal gives.
DISMISSED = "免职"
#: Rules that read an act of appointment, and words by which others tell that somebody comes into a post.
APPOINTING = "holds_position.appointed"
COMING = frozenset({"出任", "就任", "当选", "当选为", "接任", "升任", "调任", "转任", "改任", "履新", "获任",
                    "被任命为", "被选为", "被聘为", "受聘为"})

PostKind = Literal["appointed", "moved", "dismissed", "planned", "also stated", "first seen", "no longer stated"]


class PostChange(Record):
    """A person's posts that came and went, each as `body title`; `kind` says what that amounts to.

    appointed: a sentence tells that the post was given or taken, or it was planned before; moved: one for another;
    dismissed: a post of the old build has ended, or a sentence tells of the act; planned: to come; also stated: a post
    more of a person whom the old build knows, who may have had it all along; first seen: the same of a person who is
    new to the graph; no longer stated: the new build is silent about a post. What a document tells of more than a year
    before its own date is history, not news.
    """

    kind: PostKind
    person: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    date: str = ""
    documents: tuple[str, ...] = ()
    evidence: str = ""


class Names(NamedTuple):
    """The nodes of both builds, by id."""

    before: Mapping[str, Node]
    after: Mapping[str, Node]

    def of(self, id_: str) -> str:
        node = self.after.get(id_) or self.before.get(id_)
        return node.label if node else id_

    def posts(self, posts: Sequence[Post]) -> tuple[str, ...]:
        return tuple(f"{self.of(body)} {title}".rstrip() for body, title in posts)


def post_changes(old: Mapping[Key, Edge], new: Mapping[Key, Edge], names: Names, *, known: set[str],
                 dates: Sequence[Mapping[str, str]]) -> tuple[PostChange, ...]:
    """The changes, in the order of PostKind, and of one kind those first that most documents tell.

    Edges are under the ids of the new build, `known` are those of its nodes that the old one has; `dates` are the
    dates of the old documents and of the new ones. What the old build had is lost only where the new one says so.
    """
    held, holds = _held(old), _held(new)
    news = _News(dates[1], max(dates[0].values(), default=""))
    order = get_args(PostKind)
    found = [change for person in sorted({*held, *holds}) for change in
             _of_one(person, held.get(person, {}), holds.get(person, {}), names, news, known)]
    return tuple(sorted(found, key=lambda change: (order.index(change.kind), -len(change.documents))))


def _of_one(person: str, was: Mapping[Post, Edge], now: Mapping[Post, Edge], names: Names, news: _News,
            known: set[str]) -> Iterator[PostChange]:
    had, has = _current(was), _current(now)
    expected = {post for post, edge in was.items() if edge.status in PLANNED}
    gained = sorted(has.keys() - (was.keys() - expected))
    ended = sorted(post for post, edge in now.items() if edge.status in ENDED and (
        post in had or (edge.status == DISMISSED and post not in was and any(news.is_news(edge, e)
                                                                             for e in edge.evidence))))
    planned = sorted(post for post, edge in now.items() if edge.status in PLANNED and post not in was)
    given = [post for post in gained if post in expected or news.of_coming(has[post])]
    beside = {place for post in ended for place in _sentences(now[post])}
    taken = [post for post in gained if post in given or _sentences(has[post]) & beside] if ended else given
    stated = [post for post in gained if post not in taken]

    def change(kind: PostKind, gained: Sequence[Post], lost: Sequence[Post] = ()) -> PostChange:
        edge = now[(*gained, *lost)[0]]
        return PostChange(kind=kind, person=names.of(person), gained=names.posts(gained), lost=names.posts(lost),
                          date=edge.date, documents=edge.documents,
                          evidence=news.of_coming(edge) or edge.best_sentence)

    if taken and ended:
        yield change("moved", taken, ended)
    elif taken or ended:
        yield change("appointed" if taken else "dismissed", taken, ended)
    if stated:
        yield change("also stated" if person in known else "first seen", stated)
    if planned:
        yield change("planned", planned)
    if silent := sorted(had.keys() - now.keys()):
        yield PostChange(kind="no longer stated", person=names.of(person), lost=names.posts(silent))


class _News(NamedTuple):
    """What is news: the dates of documents, and the last day of the old build for those without one."""

    dates: Mapping[str, str]
    until: str

    def of_coming(self, edge: Edge) -> str:
        """The sentence that tells that the post was given or taken, not only that it is held; empty if none does."""
        return next((e.sentence.text for e in edge.evidence if self.is_news(edge, e) and (
            e.rule.startswith(APPOINTING) or (e.trigger is not None and e.trigger.text in COMING))), "")

    def is_news(self, edge: Edge, said: Evidence) -> bool:
        """Whether what is said of an edge is no more than a year old at the time."""
        day, told = bounds(edge.date), self.dates.get(said.document) or self.until
        return day is None or not told or day[1] >= f"{int(told[:4]) - 1:04}{told[4:]}"


def _sentences(edge: Edge) -> set[tuple[str, int]]:
    return {(e.document, e.sentence.start) for e in edge.evidence}


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
