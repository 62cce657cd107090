"""What people should look at in a graph, as a table to fill in: doubtful merges, open names, weak edges.

One question a row, with what it takes to answer it; `decision`, `value`, `who` and `why` are empty. The columns
behind them say what is meant, in words that hold in later builds (kg.correct.refs): leave them as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from kg.ask.why import arrow
from kg.assemble.merge import BY_BODY, BY_TITLE
from kg.correct.decisions import COLUMNS, QUALITIES
from kg.correct.refs import lasting, place
from kg.errors import GraphError
from kg.export import replacing
from kg.export.tables import guarded, write_table
from kg.graph import CO_OCCURRENCE, Doubtful, Edge, Graph, Node
from kg.models import Quote

#: Of more nodes of one name than this, each is asked about only beside the first.
PAIRED = 5
#: How many characters on either side of an open name are shown.
AROUND = 60

Row = dict[str, str]


def write_review(graph: Graph, path: Path, *, below: float) -> list[Row]:
    """Write the questions as a CSV that a spreadsheet opens; they are returned. Raises GraphError as `replacing`."""
    rows = review(graph, below=below)
    with replacing(path) as part:
        write_table(part, COLUMNS, ([guarded(row.get(name, "")) for name in COLUMNS] for row in rows))
    return rows


def review(graph: Graph, *, below: float) -> list[Row]:
    """The questions: nodes of one name, persons joined on slight grounds, open names, edges less sure than `below`.

    Raises GraphError for a graph that was masked, whose names no later build would know.
    """
    if any(document.masked for document in graph.documents):
        raise GraphError("the graph was built with --mask-private; review one that was built without: its decisions "
                         "hold for both")
    nodes, texts = {node.id: node for node in graph.nodes}, {each.id: each.text for each in graph.documents}
    rows = [row for doubt in graph.doubts for row in _doubt(doubt, nodes, texts[doubt.document])]
    rows += [row for node in graph.nodes if node.type == "PERSON" for row in _joined(node)]
    edges = (edge for edge in graph.edges if edge.confidence < below and edge.relation != CO_OCCURRENCE)
    return [*rows, *(_edge(edge, nodes) for edge in sorted(edges, key=lambda edge: (edge.confidence, edge.id)))]


def _doubt(doubt: Doubtful, nodes: dict[str, Node], text: str) -> Iterator[Row]:
    """A name that was linked to nothing is one question; nodes of one name are one for each pair."""
    candidates = [nodes[id_] for id_ in doubt.candidates if id_ in nodes]
    here = place(doubt.document, doubt.quote)
    names = {(m.document, m.quote.start, m.quote.end) for node in candidates for m in node.mentions}
    if here[:3] in names:
        pairs = list(combinations(candidates, 2)) if len(candidates) <= PAIRED else [
            (candidates[0], other) for other in candidates[1:]]
        for one, other in pairs:
            yield {"kind": "merge", "question": f"同一个吗？{doubt.why}", **_pair(one, "", other, "")}
        return
    yield {"kind": "name", "question": f"指谁？{doubt.why}", "name": doubt.quote.text, "type": doubt.type,
           "sentence": _line(text, doubt.quote), "document": doubt.document, "key": str(here),
           "candidates": " | ".join(doubt.candidates), "other": lasting(candidates[0]) if len(candidates) == 1 else ""}


def _joined(node: Node) -> Iterator[Row]:
    """A person whom several documents name and whom no id, but a shared body or title made one."""
    why = [reason for reason in node.reasons if reason.startswith((BY_BODY, BY_TITLE))]
    if why:
        first, *others = dict.fromkeys(mention.document for mention in node.mentions)
        for document in others[:PAIRED]:
            yield {"kind": "merge", "question": f"确是同一个吗？{'；'.join(why)}", **_pair(node, first, node, document)}


def _pair(one: Node, there: str, other: Node, elsewhere: str) -> Row:
    return {"name": one.label, "type": one.type, "sentence": _sentence(one, there), "document": _document(one, there),
            "other_name": other.label, "other_type": other.type, "other_sentence": _sentence(other, elsewhere),
            "other_document": _document(other, elsewhere), "key": lasting(one, there),
            "other": lasting(other, elsewhere)}


def _edge(edge: Edge, nodes: dict[str, Node]) -> Row:
    one, other = nodes[edge.source], nodes[edge.target]
    said = f"（{'，'.join(edge.qualities)}）" if edge.qualities else ""
    return {"kind": "edge",
            "question": f"对吗？{one.label} —{edge.label}{said}{arrow(edge)} {other.label}（{edge.rule}）",
            "name": one.label, "type": one.type, "sentence": edge.best_sentence,
            "document": edge.evidence[0].document if edge.evidence else "", "other_name": other.label,
            "other_type": other.type, "confidence": f"{edge.confidence:g}", "relation": edge.relation,
            "key": lasting(one), "other": lasting(other), "date": edge.date, "edge": edge.id,
            **{name: getattr(edge, name) for name in QUALITIES}}


def _line(text: str, quote: Quote) -> str:
    """The quote with what stands around it on its line."""
    before = text[max(0, quote.start - AROUND):quote.start].rpartition("\n")[2]
    return before + text[quote.start:quote.end] + text[quote.end:quote.end + AROUND].partition("\n")[0]


def _sentence(node: Node, document: str) -> str:
    """The sentence of the first mention, in one document or in any."""
    found = next((m for m in node.mentions if document in ("", m.document)), None)
    return "" if found is None else (found.sentence or found.quote).text


def _document(node: Node, document: str) -> str:
    return document or (node.mentions[0].document if node.mentions else "")
