"""What the page is told: a light part to draw, filter and search with, a heavy part of evidence, and whole texts.

The light part stands in the page as JSON, records as rows under one head, without what is empty at the end of a row.
The heavy parts are compressed; the page unpacks them after it has drawn the graph, or when a text is opened.
All offsets count code points.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import TypeAdapter

from kg.assemble.periods import bounds
from kg.graph import Edge, Graph, GraphDocument, Node, NodeMention, graph_of
from kg.knowledge.ontology import load_ontology
from kg.models import Evidence
from kg.page.drawing import bends, covered, widths
from kg.page.layout import load_theme
from kg.page.readings import readings
from kg.spool import mapped

#: What the page holds of a node or an edge at most; it says how much more there is.
MENTIONS, EVIDENCE = 12, 20
#: Characters of context on either side of a mention.
CONTEXT = 24
#: Characters of document text that a page holds at most; about a third of that in bytes when compressed.
TEXTS = 4_000_000

NODE = ("label", "type", "x", "y", "size", "rank", "count", "documents", "first", "last", "aliases")
EDGE = ("source", "target", "relation", "weight", "confidence", "width", "bend", "documents", "derived", "covered",
        "from", "to", "date", "title", "status", "measure", "kinship", "npmi")
Row = list[Any]
#: Plain data as JSON without blanks, in a third of the time that json takes.
to_json = TypeAdapter(Any).dump_json
T = TypeVar("T", Node, Edge)


def trimmed(graph: Graph) -> tuple[Graph, dict[str, int]]:
    """The graph with no more mentions and evidence than a page holds, and how many are left out, by id."""
    more = {node.id: left for node in graph.nodes if (left := len(node.mentions) - MENTIONS) > 0}
    more |= {edge.id: left for edge in graph.edges if (left := len(edge.evidence) - EVIDENCE) > 0}
    return graph_of(graph.documents, mapped(graph.nodes, _trimmed, more, "mentions", MENTIONS),
                    mapped(graph.edges, _trimmed, more, "evidence", EVIDENCE), graph.doubts), more


def _trimmed(_: int, record: T, more: Mapping[str, int], name: str, most: int) -> T:
    return record if record.id not in more else record.model_copy(update={name: getattr(record, name)[:most]})


def light(graph: Graph, whole: Graph, title: str, more: Mapping[str, int]) -> dict[str, Any]:
    """What is needed to draw `graph`, to filter it and to search in it; `whole` is the graph that it is part of,
    `more` as `trimmed` gives it."""
    ontology, theme = load_ontology(), load_theme()
    kinds, relations = list(ontology.types), list(ontology.relations)
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    cited = {document.id: i for i, document in enumerate(graph.documents)}
    width, hidden = widths(graph), covered(graph.edges)
    bend = bends(graph.edges, hidden)
    data = {
        "title": title,
        "totals": {"nodes": len(whole.nodes), "edges": len(whole.edges), "documents": len(whole.documents)},
        "types": {name: {"label": kind.label.model_dump(), "color": kind.color} | theme["types"][name]
                  for name, kind in ontology.types.items()},
        "relations": {name: {"label": kind.label.model_dump(), "color": kind.color, "symmetric": kind.symmetric}
                      for name, kind in ontology.relations.items()},
        "pinyin": readings(graph.nodes),
        "documents": _table(("title", "publisher", "date", "source", "row"), map(_document, graph.documents)),
        "nodes": _table(NODE, (_node(node, kinds.index(node.type), cited, more) for node in graph.nodes)),
        "edges": _table(EDGE, ([number[e.source], number[e.target], relations.index(e.relation), round(e.weight, 3),
                                round(e.confidence, 3), width[e.id], bend[e.id], _cites(e.documents, cited),
                                int(e.derived), int(e.id in hidden), *(bounds(e.date) or ("", "")), e.date, e.title,
                                e.status, e.measure, e.kinship, e.npmi] for e in graph.edges)),
    }
    return data | {"print": sha256(to_json(data)).hexdigest()[:8]}


def heavy(graph: Graph, more: Mapping[str, int]) -> dict[str, Any]:
    """What the panel tells of nodes and edges: mentions, reasons, attributes, and the sentences of the evidence.

    `sentences` are [document, start, end, text, raw text if it differs], `nodes` and `edges` stand in the order of
    the light part: a node is [mentions, reasons, attributes], an edge [rule, evidence, number of evidence left out,
    and what people did to it if they did], a piece of evidence [sentence, rule, confidence, role, marks].
    """
    documents = {document.id: document for document in graph.documents}
    cited = {document.id: i for i, document in enumerate(graph.documents)}
    sentences: dict[tuple[int, int, int, str], int] = {}
    rows: list[Row] = []

    def sentence(evidence: Evidence) -> int:
        quote = evidence.sentence
        key = (cited.get(evidence.document, -1), quote.start, quote.end, quote.text)
        if key not in sentences:
            sentences[key] = len(rows)
            rows.append(_trim([*key, quote.raw or ""]))
        return sentences[key]

    edges = [[e.rule, [[sentence(p), p.rule, round(p.confidence, 3), p.role, sentence_marks(p)]
                       for p in e.evidence[:EVIDENCE]], max(0, len(e.evidence) - EVIDENCE) + more.get(e.id, 0),
              *([e.reasons] if e.reasons else [])] for e in graph.edges]
    nodes = [[[_mention(m, documents) for m in node.mentions[:MENTIONS]], node.reasons, node.attributes]
             for node in graph.nodes]
    return {"sentences": rows, "nodes": nodes, "edges": edges}


def whole_texts(graph: Graph, limit: int = TEXTS) -> dict[int, dict[str, Any]]:
    """Raw texts by the number of their document, with the mentions in them as [start, end, number of the node].

    The documents with the most mentions come first, until `limit` characters are taken.
    """
    cited = {document.id: i for i, document in enumerate(graph.documents)}
    marks: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for i, node in enumerate(graph.nodes):
        for mention in node.mentions:
            if mention.document in cited and mention.quote.end > mention.quote.start:
                marks[cited[mention.document]].append((mention.quote.start, mention.quote.end, i))
    texts: dict[int, dict[str, Any]] = {}
    for i in sorted(range(len(graph.documents)), key=lambda i: (-len(marks[i]), i)):
        text = graph.documents[i].text
        if text and len(text) <= limit:
            limit -= len(text)
            texts[i] = {"text": text, "marks": sorted(marks[i])}
    return dict(sorted(texts.items()))


def pack(data: Any) -> str:
    """Data as JSON, gzip and base64; the same data gives the same text."""
    return b64encode(gzip.compress(to_json(data), 6, mtime=0)).decode()  # 9: twice the time for 2 % fewer bytes


def sentence_marks(evidence: Evidence) -> list[tuple[int, int, str]]:
    """What to mark in the sentence: (start, end, `head`, `trigger` or `tail`), in order, never overlapping.

    A quote without an offset, or one that doesn't stand where it claims to, stays unmarked; where two overlap,
    head and tail go before the trigger.
    """
    text = evidence.sentence.text
    spans = [(quote.at, quote.at + len(quote.text), name)
             for name, quote in (("trigger", evidence.trigger), ("head", evidence.head), ("tail", evidence.tail))
             if quote is not None and quote.at is not None and quote.text and text.startswith(quote.text, quote.at)]
    reached, ordered = 0, sorted(spans)
    for begin, end, _ in ordered:
        if begin < reached:
            break
        reached = end
    else:
        return ordered
    marks: list[tuple[int, int, str]] = []
    for begin, end in pairwise(sorted({at for span in spans for at in span[:2]})):
        name = next((name for first, last, name in reversed(spans) if first <= begin and end <= last), "")
        if marks and name == marks[-1][2] and marks[-1][1] == begin:
            marks[-1] = (marks[-1][0], end, name)
        elif name:
            marks.append((begin, end, name))
    return marks


# ----------------------------------------------------------------------------------------------- rows


def _table(head: tuple[str, ...], rows: Iterable[Row]) -> dict[str, Any]:
    return {"head": head, "rows": [_trim(row) for row in rows]}


def _trim(row: Row) -> Row:
    """The row without empty values at its end."""
    while row and row[-1] in ("", None, 0, (), []):
        row.pop()
    return row


def _document(document: GraphDocument) -> Row:
    metadata = document.metadata
    return [metadata.title, metadata.publisher, metadata.date, document.source, document.row]


def _node(node: Node, type_: int, cited: dict[str, int], more: Mapping[str, int]) -> Row:
    count = len(node.mentions) + more.get(node.id, 0)
    return [node.label or node.id, type_, node.x, node.y, node.size, node.pagerank, count,
            _cites(node.documents, cited), node.first_date, node.last_date, node.aliases]


def _cites(documents: tuple[str, ...], cited: dict[str, int]) -> list[int]:
    return [cited[document] for document in documents if document in cited]


def _mention(mention: NodeMention, documents: dict[str, GraphDocument]) -> tuple[str, str, str, str]:
    """A mention as (before, name, after, raw), with a little of its line from the raw text if the graph keeps that."""
    quote, document = mention.quote, documents.get(mention.document)
    before = after = ""
    if document is not None and document.text:
        before = document.text[max(0, quote.start - CONTEXT):quote.start].rpartition("\n")[2]
        after = document.text[quote.end:quote.end + CONTEXT].partition("\n")[0]
    return before, quote.text, after, quote.raw or ""
