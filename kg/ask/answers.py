"""What kg.ask.questions and kg.ask.diff found, as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from kg.ask.diff import Diff, Joining
from kg.ask.posts import PostChange
from kg.ask.questions import Community, Ego, Path, Ranked, Standing, Stats, Timeline
from kg.ask.why import arrow
from kg.graph import Edge, Graph, without_co_occurrence
from kg.show import table

#: Lines of a list before it is cut; the rest is counted.
LINES = 40


def stats_text(found: Stats) -> str:
    dates = " – ".join(dict.fromkeys(date for date in (found.first_date, found.last_date) if date))
    figures = [
        ["documents", f"{found.documents}" + (f"  ({dates}; {found.dated_documents} dated)" if dates else "")],
        ["nodes", str(found.nodes)], ["edges", str(found.edges)], ["density", f"{found.density:g}"],
        ["components", f"{found.components}  (the largest has {found.largest_component} nodes, "
                       f"{found.isolated} nodes stand alone)"]]
    counted = "" if found.sources in (0, found.nodes) else f" (from {found.sources} nodes)"
    blocks = [table(["figure", "value"], figures),
              table(["type", "nodes"], [[name, str(n)] for name, n in found.types.items()]),
              table(["relation", "edges"], [[name, str(n)] for name, n in found.relations.items()])]
    if found.pagerank:
        blocks.append(_ranks(found.pagerank, "PageRank", 4))
    if found.betweenness:
        blocks.append(_ranks(found.betweenness, f"betweenness{counted}", 4))
    return "\n\n".join(blocks)


def _ranks(ranked: Sequence[Ranked], score: str, digits: int) -> str:
    return table(["type", "name", score], [[r.type, r.label, f"{r.score:.{digits}f}"] for r in ranked])


def ego_text(found: Ego, graph: Graph, limit: int = LINES) -> str:
    """Nodes by distance, each with the edges that tie it to nodes nearer by."""
    hops = {node.id: node.hops for node in found.nodes}
    labels = {node.id: node.label for node in graph.nodes}
    ties: dict[str, list[str]] = {id_: [] for id_ in hops}
    for edge in found.edges:
        for here, there, way in ((edge.source, edge.target, arrow(edge)),
                                 (edge.target, edge.source, arrow(edge).replace("→", "←"))):
            if hops[there] < hops[here]:
                ties[here].append(f"{_named(edge)} {way} {labels[there]}")
    shown = [node for node in found.nodes if node.hops][:limit]
    rows = [[str(node.hops), node.type, node.label, "；".join(dict.fromkeys(ties[node.id]))] for node in shown]
    centre = found.nodes[0]
    head = f"{centre.type} {centre.label}: {len(found.nodes) - 1} nodes around it, {len(found.edges)} edges"
    return "\n".join([head, *([table(["hops", "type", "name", "by"], rows)] if rows else []),
                      *_rest(len(found.nodes) - 1, len(shown))])


def paths_text(found: Sequence[Path]) -> str:
    """Each path with its steps; below each step its surest edges and their best sentences, each sentence once.

    Of a step that something states it isn't said that names also stand together.
    """
    lines = []
    for number, path in enumerate(found, 1):
        names = [path.steps[0].source_label, *(step.target_label for step in path.steps)]
        lines.append(f"{number}. {' – '.join(names)}  ({_many(len(path.steps), 'step')}, cost {path.cost})")
        said = set()
        for step in path.steps:
            labels = {step.source: step.source_label, step.target: step.target_label}
            edges = without_co_occurrence(step.edges) or step.edges
            for edge in edges[:3]:
                lines.append(f"   {labels[edge.source]} —{_named(edge)}{arrow(edge)} {labels[edge.target]}  "
                             f"[{edge.relation}, {edge.confidence:g}]")
                cited = f"{edge.evidence[0].document}: {edge.best_sentence}" if edge.evidence else ""
                lines += [f"     {cited if cited not in said else 'the sentence above'}"] if cited else []
                said.add(cited)
            lines += [f"     … and {len(edges) - 3} more edges"] if len(edges) > 3 else []
    return "\n".join(lines)


def timeline_text(found: Timeline) -> str:
    rows = [[h.date, h.label + (f" {h.title}" if h.title else ""), h.other_label, "、".join(h.documents), h.evidence]
            for h in found.happenings]
    undated = [f"{_many(found.undated, 'relation')} without a date"] if found.undated else []
    if not rows:
        return "\n".join([f"nothing is dated of {found.label}", *undated])
    return "\n".join([table(["date", "what", "with", "documents", "evidence"], rows), *undated])


def top_text(found: Sequence[Standing]) -> str:
    return table(["type", "name", "weight", "edges", "out", "in"],
                 [[s.type, s.label, f"{s.weight:g}", str(s.edges), str(s.outgoing), str(s.incoming)] for s in found])


def communities_text(found: Sequence[Community]) -> str:
    if not found:
        return "no two nodes belong together"
    return table(["community", "nodes", "types", "most typical members"],
                 [[str(c.number), str(c.size), " ".join(f"{name}:{n}" for name, n in c.types.items()),
                   "、".join(member.label for member in c.members)] for c in found])


def diff_text(found: Diff, limit: int = LINES) -> str:
    """The changes under headings, `limit` of each kind; what didn't change isn't named."""
    return "\n\n".join(_blocks(found, limit)) or "nothing changed"


#: A line, and its kind.
Line = tuple[str, str]


def _blocks(found: Diff, limit: int) -> Iterator[str]:
    yield from _block("posts", [(p.kind, _post_line(p)) for p in found.posts], limit)
    for sign, what, entities in (("+", "new", found.new_entities), ("-", "vanished", found.vanished_entities)):
        yield from _block(f"{what} entities", [(e.type, f"{sign} {e.type} {e.label}") for e in entities], limit)
    yield from _block("changed names", [
        ("renamed" if r.old != r.new else "with other names",
         f"~ {r.type} " + (f"{r.old} → {r.new}" if r.old != r.new else r.new)
         + "".join(f"  {sign}{name}" for sign, names in (("+", r.added), ("-", r.dropped)) for name in names))
        for r in found.renamed], limit)
    yield from _block("merged", [(j.one.type, f"~ {parts_of(j)} → {j.one.label}") for j in found.merged], limit)
    yield from _block("split", [(j.one.type, f"~ {j.one.label} → {parts_of(j)}") for j in found.split], limit)
    for sign, what, relations in (("+", "new", found.new_relations), ("-", "vanished", found.vanished_relations)):
        yield from _block(f"{what} relations", [(s.relation, f"{sign} {s.says}") for s in relations], limit)
    yield from _block("changed relations", [
        (c.statement.relation, f"~ {c.statement.says}: "
         + ", ".join(f"{name} {old or 'none'} → {new or 'none'}" for name, old, new in c.changes))
        for c in found.changed_relations], limit)
    if any(found.cooccurrence):
        yield f"co-occurrence: {found.cooccurrence[0]} new pairs, {found.cooccurrence[1]} vanished"
    for sign, what, names in (("+", "new", found.new_documents), ("-", "vanished", found.vanished_documents)):
        yield from _block(f"{what} documents", [("", f"{sign} {name}") for name in names], limit)


def parts_of(joining: Joining) -> str:
    """The entities of which one was made, or into which it fell; those of one name with the document that tells them
    apart."""
    labels = Counter(entity.label for entity in joining.several)
    return " + ".join(entity.label if labels[entity.label] == 1 else entity.id.partition(":")[2]
                      for entity in joining.several)


def _block(title: str, lines: Sequence[Line], limit: int) -> Iterator[str]:
    if lines:
        shown = [f"{title} ({len(lines)})"]
        for kind, group in groupby(lines, key=itemgetter(0)):
            texts = [text for _, text in group]
            shown += [f"  {text}" for text in [*texts[:limit], *_rest(len(texts), limit, kind)]]
        yield "\n".join(shown)


def _post_line(change: PostChange) -> str:
    posts = [*(f"+{post}" for post in change.gained), *(f"-{post}" for post in change.lost)]
    said = f"\n      {change.documents[0]}: {change.evidence}" if change.evidence else ""
    return f"{change.kind}: {change.person}  {'  '.join(posts)}" + (f"  {change.date}" if change.date else "") + said


def _rest(all_: int, shown: int, kind: str = "") -> Iterable[str]:
    return [f"… and {all_ - shown} more {kind}".rstrip()] if all_ > shown else []


def _named(edge: Edge) -> str:
    return edge.label + (f"（{'，'.join(edge.qualities)}）" if edge.qualities else "")


def _many(number: int, name: str) -> str:
    return f"{number} {name}" + ("" if number == 1 else "s")
