"""Decisions at work: a step between the relations of single documents and the graph of all of them.

    edits      what a document itself says otherwise now: a name of another type, a mention of someone else, an open
               name that is linked (kg.correct.edits)
    judged     which entities are one and which aren't: kg.assemble.merge goes by that before all else
    by hand    names, deletions and edges, under the ids that the entities then have

A decision that nothing in the documents answers to isn't applied and is listed; so are decisions that contradict
each other. The order of rows and files leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeVar

from kg.assemble.byhand import ByHand, Key
from kg.assemble.merge import Judged, LocalId, Merge, merge
from kg.correct.decisions import QUALITIES, Decision, stance
from kg.correct.edges import Statements
from kg.correct.edits import Edits
from kg.facts import DocumentFacts
from kg.graph import CO_OCCURRENCE, Doubtful
from kg.knowledge.ontology import Ontology
from kg.models import Record

T = TypeVar("T")

#: What a node or an edge says was done to it.
DONE = {"same": "人工认定为同一个", "rename": "人工改名", "right": "人工确认", "add": "人工添加"}


class Unapplied(Record):
    """A decision that changed nothing, and why."""

    where: str
    decision: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.decision}: {self.why}"

    def hidden(self, hide: Callable[[str], str]) -> Unapplied:
        """The same with what `hide` leaves of its texts."""
        return Unapplied(where=self.where, decision=hide(self.decision), why=hide(self.why))


@dataclass(frozen=True)
class Corrected:
    """The facts under the decisions, what goes beyond single documents, and what wasn't applied."""

    documents: Collection[DocumentFacts]
    by_hand: ByHand | None = None
    unapplied: tuple[Unapplied, ...] = ()


def correct(documents: Sequence[DocumentFacts], decisions: Sequence[Decision], ontology: Ontology) -> Corrected:
    """Apply decisions, as `read_decisions` gives them, to the facts of documents."""
    if not decisions:
        return Corrected(documents)
    notes = _Notes()
    edits = Edits(documents, merge(documents).ids, ontology)
    of = _by_kind(decisions, edits)
    for decision in of["type"]:
        notes.add(decision, edits.retype(decision))
    for decision in of["split"]:
        notes.add(decision, edits.split(decision))
    for decision in of["link"]:
        notes.add(decision, edits.link(decision))
    for decision in of["settle"]:
        edits.settle(decision.key)
    judged = _judged(of["same"], of["different"], edits, notes)

    documents = list(edits.documents.values())
    merged = merge(documents, judged)
    nodes = _Nodes(edits, dict(merged.ids), notes)
    renamed, confirmed, gone = (nodes.decided(of[kind]) for kind in ("rename", "right", "wrong"))
    said = Statements(documents, nodes.ids, ontology)
    by_hand = _edges([*of["edge"], *of["add"]], said, nodes, gone, notes)
    by_hand = replace(by_hand, labels={node: group[0].value for node, group in renamed.items()},
                      merged=Merge(nodes.ids, _reasons(merged, renamed, confirmed), _doubts(merged, gone)))
    return Corrected([_without(gone, document, nodes.ids) for document in said.documents.values()], by_hand,
                     notes.sorted())


def _by_kind(decisions: Iterable[Decision], edits: Edits) -> dict[str, list[Decision]]:
    """The decisions by what they come to: to delete is to call wrong, and what is open is linked or settled."""
    of: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        kind: str = "wrong" if decision.act == "delete" else decision.act
        if decision.about_edge:
            kind = "add" if kind == "add" else "edge"
        elif kind in ("same", "wrong") and edits.is_open(decision.key):
            kind = "link" if kind == "same" else "settle"
        of[kind].append(decision)
    return of


def _said(decision: Decision) -> str:
    """What was done, by whom and why."""
    return f"{DONE[decision.act]}（{decision.reason}）"


@dataclass(slots=True)
class _Notes:
    """The decisions that weren't applied."""

    found: list[Unapplied] = field(default_factory=list)

    def add(self, decision: Decision, objection: str) -> None:
        """Note a decision, if there is an objection."""
        if objection:
            self.found.append(Unapplied(where=decision.where, decision=decision.says, why=objection))

    def agreed(self, decided: Mapping[T, Sequence[Decision]]) -> dict[T, list[Decision]]:
        """The subjects of which all decisions say one thing; the decisions of the others are noted."""
        agreed = {}
        for subject, group in decided.items():
            if len({stance(d) for d in group}) == 1:
                agreed[subject] = list(group)
                continue
            for decision in group:
                others = ", ".join(sorted(d.where for d in group if stance(d) != stance(decision)))
                self.add(decision, f"contradicts {others}; keep one of them")
        return agreed

    def sorted(self) -> tuple[Unapplied, ...]:
        return tuple(sorted(set(self.found), key=lambda each: (each.where, each.decision, each.why)))


# -------------------------------------------------------------------------------------- which are one


def _judged(same: Sequence[Decision], different: Sequence[Decision], edits: Edits, notes: _Notes) -> Judged:
    """The pairs that are one and those that aren't; decisions that contradict each other are left out.

    Who is one with somebody whom no document here names any more is still one with the others who are.
    """
    pairs = {d: pair for d in (*same, *different) if (pair := _pair(d, edits, notes))}
    sets = _Sets(pairs[d] for d in same if d in pairs)
    torn = {sets.root(pairs[d][0]) for d in different if d in pairs and len({*map(sets.root, pairs[d])}) == 1}
    joined: list[tuple[LocalId, LocalId, str]] = []
    apart: list[tuple[LocalId, LocalId]] = []
    for decision, (one, other) in pairs.items():
        if {sets.root(one), sets.root(other)} & torn and (decision.act == "same" or sets.root(one) == sets.root(other)):
            notes.add(decision, "together with other rows it says that two are one and different; correct one of them")
        elif decision.act == "same":
            first = sets.members(one)[0]        # `one` or `other` themselves may be lost
            joined += [(first, end, _said(decision)) for end in (one, other) if end[0] and end != first
                       and edits.entity(end).type == edits.entity(first).type]
        else:
            apart += [(left, right) for left in edits.members(decision.key) for right in edits.members(decision.other)]
    beside: dict[LocalId, set[LocalId]] = defaultdict(set)
    for one, other in (*apart, *edits.apart):     # who is one with the one isn't the other either
        for left, right in product(sets.members(one), sets.members(other)):
            beside[left].add(right)
            beside[right].add(left)
    return Judged((*sorted(joined), *sorted(edits.same)), {one: frozenset(all_) for one, all_ in beside.items()})


def _pair(decision: Decision, edits: Edits, notes: _Notes) -> tuple[LocalId, LocalId] | None:
    """The two entities that a decision is about, one of each; noted if they can't be told.

    Of two that are the same one may be lost: it has its reference for an id, and no document.
    """
    ends: list[LocalId] = []
    for text in (decision.key, decision.other):
        members = edits.members(text)
        ends.append(members[0] if members else ("", text))
        notes.add(decision, "" if members else edits.missing(text))
    types = {edits.entity(end).type for end in ends if end[0]}
    lost = [end for end in ends if not end[0]]
    if not types or (lost and decision.act == "different"):
        return None
    if ends[0] == ends[1]:
        notes.add(decision, "" if decision.act == "same" else "a document has them as one entity; use split")
        return None
    if decision.act == "same" and len(types) > 1:
        notes.add(decision, f"one is a {min(types)}, the other a {max(types)}; give them one type first")
        return None
    return ends[0], ends[1]


class _Sets:
    """Disjoint sets of what was said to be one."""

    def __init__(self, pairs: Iterable[tuple[LocalId, LocalId]]) -> None:
        self._above: dict[LocalId, LocalId] = {}
        for one, other in pairs:
            one, other = self.root(one), self.root(other)
            if one != other:
                self._above[one] = other

        self._members: dict[LocalId, list[LocalId]] = defaultdict(list)
        for one in sorted({each for pair in self._above.items() for each in pair}):
            if one[0]:
                self._members[self.root(one)].append(one)

    def root(self, one: LocalId) -> LocalId:
        while one in self._above:
            one = self._above[one]
        return one

    def members(self, one: LocalId) -> Sequence[LocalId]:
        """All that was said to be one with it, and itself; not what is lost."""
        return self._members.get(self.root(one), [one])


# ------------------------------------------------------------------------------------- nodes and edges


@dataclass(slots=True)
class _Nodes:
    """References as nodes: the ids that the entities have under the decisions."""

    edits: Edits
    ids: dict[LocalId, str]
    notes: _Notes

    def meant(self, decision: Decision, text: str) -> list[str]:
        """The nodes that a reference means; the decision is noted if there are none."""
        found = sorted({self.ids[local] for local in self.edits.members(text)})
        self.notes.add(decision, "" if found else self.edits.missing(text))
        return found

    def decided(self, decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
        """The decisions by node."""
        by_node: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            for node in self.meant(decision, decision.key):
                by_node[node].append(decision)
        return self.notes.agreed(by_node)

    def ends(self, decision: Decision) -> list[tuple[str, str]]:
        """The pairs of nodes that an edge by its ends may join."""
        heads, tails = self.meant(decision, decision.key), self.meant(decision, decision.other)
        return [(head, tail) for head in heads for tail in tails if head != tail]


def _edges(decisions: Sequence[Decision], said: Statements, nodes: _Nodes, gone: Collection[str], notes: _Notes
           ) -> ByHand:
    """Drop, confirm and add edges; what goes beyond the relations of documents is returned."""
    by_key: dict[Key, list[Decision]] = defaultdict(list)
    for decision in decisions:
        for key in _keys(decision, said, nodes, notes):
            by_key[key].append(decision)
    confirmed: dict[Key, tuple[str, ...]] = {}
    unstated: dict[Key, str] = {}
    unpaired: set[tuple[str, str]] = set()
    for key, group in notes.agreed(by_key).items():
        if stance(group[0])[0] == "wrong":
            said.drop(key)
            if key[1] == CO_OCCURRENCE:
                unpaired.add((key[0], key[2]))
            continue
        if key[0] in gone or key[2] in gone:
            for decision in group:
                notes.add(decision, "another decision says that there is no such node")
            continue
        for decision in group:
            if decision.document:
                notes.add(decision, said.add(key, decision))
            elif decision.act == "add" and key not in said:
                unstated[key] = max(decision.date, unstated.get(key, ""))
        confirmed[key] = tuple(sorted(map(_said, group)))
    return ByHand(Merge({}, {}, ()), {}, confirmed, {k: d for k, d in unstated.items() if k not in said},
                  frozenset(unpaired))


def _keys(decision: Decision, said: Statements, nodes: _Nodes, notes: _Notes) -> list[Key]:
    """The edges that a decision means: of those that documents state, or the new one."""
    if not decision.key:
        found = said.with_id(decision.edge)
        notes.add(decision, "" if found else "no document of this build states an edge of this id")
        return found
    ends = nodes.ends(decision)
    if decision.act == "add":
        attributes = tuple(name for name in QUALITIES if getattr(decision, name))
        for head, tail in ends[:1]:
            objection = said.ontology.objection(decision.relation, _type(head), _type(tail), attributes)
            notes.add(decision, objection)
            return [] if objection else [said.key(decision, head, tail)]
        return []
    found = [key for head, tail in ends if (key := said.key(decision, head, tail)) in said or key[1] == CO_OCCURRENCE]
    if ends and not found:
        notes.add(decision, "no document of this build states that any more")
    return found


def _type(node: str) -> str:
    return node.partition(":")[0]


def _reasons(merged: Merge, *decided: Mapping[str, Sequence[Decision]]) -> dict[str, tuple[str, ...]]:
    """Why nodes are what they are, with what was done to them by hand."""
    reasons = {node: set(why) for node, why in merged.reasons.items()}
    for by_node in decided:
        for node, group in by_node.items():
            reasons.setdefault(node, set()).update(map(_said, group))
    return {node: tuple(sorted(why)) for node, why in reasons.items()}


def _without(gone: Collection[str], document: DocumentFacts, ids: Mapping[LocalId, str]) -> DocumentFacts:
    """The facts without the nodes that are none."""
    lost = {entity.id for entity in document.entities if ids[document.id, entity.id] in gone}
    if not lost:
        return document
    return replace(document, entities=tuple(e for e in document.entities if e.id not in lost),
                   names=tuple(n for n in document.names if n.entity not in lost),
                   relations=tuple(r for r in document.relations if not lost & {r.head, r.tail}))


def _doubts(merged: Merge, gone: Collection[str]) -> tuple[Doubtful, ...]:
    """The doubts between nodes of which at least two are left."""
    left = (doubt.model_copy(update={"candidates": tuple(c for c in doubt.candidates if c not in gone)})
            for doubt in merged.doubts)
    return tuple(doubt for doubt in left if len(doubt.candidates) > 1)
