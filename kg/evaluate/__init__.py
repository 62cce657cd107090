"""Precision, recall and F1 of a graph of one document against its gold.

    entities   lenient: same type, and the label is one of the gold forms, or an alias is the gold name;
               strict: the label is the gold name or an accepted form of at least its length.
               A second node for one gold entity is wrong.
    relations  triples of gold entities; an edge with an end that is no gold entity is wrong.
    actions    an ACTION node is right when one of the gold agents performs it, its label holds the trigger,
               and label and gold object share at least half of the characters of the shorter; one node, one act.
    arguments  on_date, at_location, targets of the acts that are right.

Uncertain gold is neither asked for nor held against a graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import networkx as nx

from kg.evaluate.gold import ATTRIBUTES, Gold, GoldAction, Key, fold, letters, triple
from kg.graph import CO_OCCURRENCE, Edge, Graph, Node
from kg.models import Record

#: Relations that are scored with the acts, or not at all.
_ARGUMENTS = ("on_date", "at_location", "targets")
_NOT_TRIPLES = frozenset({"performs", CO_OCCURRENCE, *_ARGUMENTS})
#: Added to the weight of a certain act, so that a node which fits a certain and an uncertain one takes the certain.
_CERTAIN = 10.0


class Score(Record):
    """Counts and what follows from them; `None` where there is nothing to divide by."""

    right: int
    given: int
    asked: int

    @property
    def precision(self) -> float | None:
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        return self.right / self.asked if self.asked else None

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.given + self.asked) if self.given + self.asked else None


class Evaluation(Record):
    """Scores by section and row, the errors by kind, and of each edge or act its confidence and whether it is right."""

    document: str
    scores: dict[str, dict[str, Score]]
    errors: dict[str, tuple[str, ...]]
    judged: tuple[tuple[float, bool], ...] = ()


def evaluate(gold: Gold, graph: Graph) -> Evaluation:
    """Score `graph`, built from the one document that `gold` describes."""
    errors: dict[str, list[str]] = defaultdict(list)
    found = _match_entities(gold, graph)
    nodes = {node.id: node for node in graph.nodes}
    judged: list[tuple[float, bool]] = []
    scores = {
        "entities, strict": _entities(gold, graph, found, strict=True, errors=errors),
        "entities, lenient": _entities(gold, graph, found, strict=False, errors=errors),
        "relations": _relations(gold, graph, found, nodes, errors, judged),
        **_actions(gold, graph, found, nodes, errors, judged),
    }
    return Evaluation(document=gold.document, scores=scores,
                      errors={kind: tuple(dict.fromkeys(lines)) for kind, lines in sorted(errors.items())},
                      judged=tuple(judged))


# ------------------------------------------------------------------------------------ entities


def _forms(node: Node) -> tuple[str, set[str]]:
    return fold(node.label, node.type), {fold(a, node.type) for a in node.aliases}


def _match_entities(gold: Gold, graph: Graph) -> dict[str, tuple[Key, bool]]:
    """Node id → gold entity and whether strictly; strict matches choose first, certain entities before uncertain."""
    found: dict[str, tuple[Key, bool]] = {}
    taken: set[Key] = set()
    for strict in (True, False):
        for node in graph.nodes:
            if node.type == "ACTION" or node.id in found:
                continue
            name, aliases = _forms(node)
            fits = []
            for key, entity in gold.entities.items():
                if key[0] != node.type:
                    continue
                own = fold(key[1], key[0])
                same = name in entity.strict if strict else (
                    name in entity.lenient or own in aliases
                    or (node.type == "DATE" and bool(aliases & entity.lenient)))
                if same:
                    fits.append((key in taken, name != own, entity.uncertain, key))
            if fits:
                found[node.id] = (min(fits)[3], strict)
                taken.add(found[node.id][0])
    return found


def _entities(gold: Gold, graph: Graph, found: dict[str, tuple[Key, bool]], *, strict: bool,
              errors: dict[str, list[str]]) -> dict[str, Score]:
    given: Counter[str] = Counter()
    right: dict[str, set[Key]] = defaultdict(set)
    for node in graph.nodes:
        if node.type == "ACTION":
            continue
        key, strictly = found.get(node.id, (None, False))
        if key and gold.entities[key].uncertain:
            continue
        given[node.type] += 1
        if key is None:
            errors["entity that gold doesn't have"].append(f"{node.type} {node.label}")
        elif strictly or not strict:
            if key in right[node.type]:
                errors["entity twice"].append(f"{node.type} {node.label}")
            right[node.type].add(key)
    asked = Counter(key[0] for key, entity in gold.entities.items() if not entity.uncertain)
    for key, entity in gold.entities.items():
        if not entity.uncertain and key not in right[key[0]]:
            errors["entity under another name" if strict and key in {k for k, _ in found.values()}
                   else "entity missed"].append(" ".join(key))
    kinds = sorted(asked.keys() | given.keys())
    return _with_total({kind: Score(right=len(right[kind]), given=given[kind], asked=asked[kind]) for kind in kinds})


# ----------------------------------------------------------------------------------- relations


def _relations(gold: Gold, graph: Graph, found: dict[str, tuple[Key, bool]], nodes: dict[str, Node],
               errors: dict[str, list[str]], judged: list[tuple[float, bool]]) -> dict[str, Score]:
    wanted = {r.triple: r for r in sorted(gold.relations, key=lambda r: not r.uncertain)}
    hits: dict[tuple[Key, str, Key], list[Edge]] = defaultdict(list)
    wrong: dict[str, set[object]] = defaultdict(set)
    for edge in graph.edges:
        if edge.relation in _NOT_TRIPLES:
            continue
        head, tail = (found.get(end, (None, False))[0] for end in (edge.source, edge.target))
        if head and tail and (relation := wanted.get(triple(head, edge.relation, tail))):
            if not relation.uncertain:
                hits[relation.triple].append(edge)
                judged.append((edge.confidence, True))
        elif not any(key and gold.entities[key].uncertain for key in (head, tail)):
            ends = triple(head or ("?", edge.source), edge.relation, tail or ("?", edge.target))
            if ends not in wrong[edge.relation]:
                wrong[edge.relation].add(ends)
                judged.append((edge.confidence, False))
                errors["relation that gold doesn't have"].append(_edge_text(edge, nodes))
    asked = Counter(r.triple[1] for r in wanted.values() if not r.uncertain)
    right = Counter(t[1] for t in hits)
    for relation in wanted.values():
        if not relation.uncertain and relation.triple not in hits:
            errors["relation missed"].append(f"{relation.triple[0][1]} {relation.triple[1]} {relation.triple[2][1]}")
    rows = {kind: Score(right=right[kind], given=right[kind] + len(wrong[kind]), asked=asked[kind])
            for kind in sorted(asked.keys() | wrong.keys())}
    for kind, attribute in ATTRIBUTES.items():
        if with_one := [r for t, r in wanted.items() if t in hits and t[1] == kind and r.attribute]:
            agree = sum(any(_same(fold(getattr(e, attribute)), r.attribute) for e in hits[r.triple]) for r in with_one)
            rows[f"{kind}: {attribute} right"] = Score(right=agree, given=len(with_one), asked=len(with_one))
    return _with_total(rows, leave_out=":")


def _same(have: str, want: str) -> bool:
    """Whether two titles name one post: one holds the other, and both or neither are deputy, former or acting."""
    return bool(have) and (have in want or want in have) and all((c in have) == (c in want) for c in "副原前代")


def _edge_text(edge: Edge, nodes: dict[str, Node]) -> str:
    said = edge.title or edge.measure or edge.kinship
    return f"{nodes[edge.source].label} {edge.relation} {nodes[edge.target].label}" + (f" ({said})" if said else "")


# ------------------------------------------------------------------------------------- actions


def _actions(gold: Gold, graph: Graph, found: dict[str, tuple[Key, bool]], nodes: dict[str, Node],
             errors: dict[str, list[str]], judged: list[tuple[float, bool]]) -> dict[str, dict[str, Score]]:
    agents: dict[str, list[str]] = defaultdict(list)
    said: dict[str, float] = defaultdict(float)
    ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.relation == "performs":
            agents[edge.target].append(edge.source)
            said[edge.target] = max(said[edge.target], edge.confidence)
        elif edge.relation in _ARGUMENTS:
            ends[edge.source, edge.relation].append(edge.target)
    acts = [node for node in graph.nodes if node.type == "ACTION"]
    fits: nx.Graph[Any] = nx.Graph()
    for node in acts:
        performers = {found[a][0] for a in agents[node.id] if a in found}
        for number, stated in enumerate(gold.actions):
            if performers & stated.agents and (value := _fit(stated, letters(node.label))) is not None:
                fits.add_edge(node.id, number, weight=1 + value + (0 if stated.uncertain else _CERTAIN))
    pairs = {node: number for pair in nx.max_weight_matching(fits)
             for node, number in [pair if isinstance(pair[0], str) else pair[::-1]]}
    right, given = 0, 0
    arguments = {relation: Counter[str]() for relation in _ARGUMENTS}
    for node in acts:
        near = [gold.actions[n] for n in fits.neighbors(node.id)] if node.id in fits else []
        action = gold.actions[pairs[node.id]] if node.id in pairs else None
        if action is None and (any(a.uncertain for a in near) or _all_uncertain(agents[node.id], found, gold)):
            continue
        if action is not None and action.uncertain:
            continue
        given += 1
        judged.append((said[node.id], action is not None))
        if action is None:
            who = "、".join(nodes[a].label for a in agents[node.id]) or "(nobody)"
            errors["action that gold doesn't have"].append(f"{who} {node.label}")
            continue
        right += 1
        for relation in _ARGUMENTS:
            arguments[relation].update(_argument(action, relation, ends[node.id, relation], found, gold))
    asked = [a for a in gold.actions if not a.uncertain]
    hit = set(pairs.values())
    errors["action missed"] += [a.text for n, a in enumerate(gold.actions) if n not in hit and not a.uncertain]
    rows = {r: Score(right=c["right"], given=c["given"], asked=c["asked"]) for r, c in arguments.items()}
    return {"actions": {"ACTION": Score(right=right, given=given, asked=len(asked))}, "arguments": rows}


def _fit(action: GoldAction, label: str) -> float | None:
    """How well a label fits a gold act: the Dice coefficient of object and rest, or None if it doesn't."""
    best: float | None = None
    for trigger in action.triggers:
        before, found, after = label.partition(trigger)
        rest = before + after
        for wanted in action.objects if found else ():
            shared = sum((Counter(wanted) & Counter(rest)).values())
            if not wanted:
                value = 0.5 if len(action.objects) == 1 else None
            elif rest and 2 * shared >= min(len(wanted), len(rest)):
                value = 2 * shared / (len(wanted) + len(rest))
            else:
                value = None
            if value is not None:
                best = max(value, best or 0.0)
    return best


def _all_uncertain(agents: Iterable[str], found: dict[str, tuple[Key, bool]], gold: Gold) -> bool:
    agents = list(agents)
    return bool(agents) and all(a in found and gold.entities[found[a][0]].uncertain for a in agents)


def _argument(action: GoldAction, relation: str, ends: list[str], found: dict[str, tuple[Key, bool]],
              gold: Gold) -> Counter[str]:
    accepted = action.accepted[relation]
    want = {k for k in action.asked[relation] if not gold.entities[k].uncertain} - accepted
    pardoned = {k[1] for k in action.asked[relation] | accepted if k not in want}
    keys = [found[end][0] if end in found else ("?", end) for end in ends]
    have = {k for k in keys if not (k in gold.entities and (gold.entities[k].uncertain or k[1] in pardoned))}
    return Counter(right=len(want & have), given=len(have), asked=len(want))


# -------------------------------------------------------------------------------------- output


def _with_total(rows: dict[str, Score], leave_out: str = "\0") -> dict[str, Score]:
    counted = [s for name, s in rows.items() if leave_out not in name]
    return {**rows, "all": Score(right=sum(s.right for s in counted), given=sum(s.given for s in counted),
                                 asked=sum(s.asked for s in counted))}


def render(evaluation: Evaluation, *, errors: bool = False) -> str:
    """The scores as a table, and the errors below it."""
    from kg.show import table

    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    rows = [[name, str(s.asked), str(s.given), str(s.right), shown(s.precision), shown(s.recall), shown(s.f1)]
            for section, lines in evaluation.scores.items()
            for name, s in [(f"{section}: {row}", score) for row, score in lines.items()]]
    parts = [table([evaluation.document, "gold", "graph", "right", "P", "R", "F1"], rows)]
    if errors:
        parts += ["\n".join([f"-- {kind} ({len(lines)})", *(f"   {line}" for line in lines)])
                  for kind, lines in evaluation.errors.items() if lines]
    return "\n\n".join(parts)
