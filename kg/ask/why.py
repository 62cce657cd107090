"""Why a node or an edge stands in the graph: the sentences behind it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from kg.errors import GraphError
from kg.graph import CO_OCCURRENCE, Edge, Graph, GraphDocument, Node, NodeMention
from kg.knowledge.ontology import load_ontology
from kg.models import Evidence, Quote, Record

NEAR = 5
_QUOTES = str.maketrans("", "", "《》〈〉“”‘’\"'")


class Candidate(Record):
    """A node that a name may mean."""

    id: str
    type: str
    label: str
    aliases: tuple[str, ...]
    documents: int
    mentions: int


class NodeReason(Record):
    """A node and what names it: its mentions by document."""

    id: str
    type: str
    label: str
    aliases: tuple[str, ...]
    reasons: tuple[str, ...]
    attributes: dict[str, str]
    first_date: str
    last_date: str
    mentions: dict[str, tuple[NodeMention, ...]]


class EdgeReason(Record):
    """An edge with the labels of its ends; its evidence stands in it."""

    source: str
    target: str
    edge: Edge


class Why(Record):
    """The answer: one node, or the edges between two; `candidates` where the name means several nodes.

    `documents` holds title and date of the documents that are cited, by id.
    """

    question: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    node: NodeReason | None = None
    edges: tuple[EdgeReason, ...] = ()
    documents: dict[str, str] = {}  # noqa: RUF012  (pydantic copies it)


def why(graph: Graph, name: str, other: str | None = None) -> Why:
    """What stands behind the node called `name`, or behind all edges between `name` and `other`.

    A name is an id, a label or an alias. Where it means several nodes, these are listed; of two names, every
    edge between any of the nodes that they may mean is shown. Raises GraphError for a name that no node has.
    """
    found = find_nodes(graph, name)
    if other is not None:
        edges = _between(graph, {node.id for node in found}, {node.id for node in find_nodes(graph, other)})
        return Why(question=(name, other), edges=edges, documents=_cited(graph, _edge_documents(edges)))
    if len(found) > 1:
        return Why(question=(name,), candidates=tuple(map(_candidate, found)))
    return Why(question=(name,), node=_node_reason(found[0]), documents=_cited(graph, found[0].documents))


def find_nodes(graph: Graph, name: str) -> list[Node]:
    """The nodes that `name` may mean: the one with this id, else those with this label, else with this alias.

    Width, case, blanks and quotation marks make no difference. Raises GraphError, with near names, if there is none.
    """
    key = _key(name)
    by_id = [node for node in graph.nodes if node.id == name]
    by_label = [node for node in graph.nodes if _key(node.label) == key]
    found = by_id or by_label or [node for node in graph.nodes if key in map(_key, node.aliases)]
    if not found:
        near = _near(name, graph)
        hint = f"; did you mean {'、'.join(near)}?" if near else ""
        raise GraphError(f"{name}: no node has this name{hint}")
    return found


def _key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).translate(_QUOTES)


def _near(name: str, graph: Graph) -> list[str]:
    """Names that hold this one, then names that look like it; only those that share a character are compared."""
    key = set(_key(name))
    names = sorted({form for node in graph.nodes for form in (node.label, *node.aliases) if key & set(_key(form))})
    holding = [form for form in names if _key(name) in _key(form)]
    alike = difflib.get_close_matches(name, names, n=NEAR, cutoff=0.5)
    return list(dict.fromkeys([*sorted(holding, key=len), *alike]))[:NEAR]


def _candidate(node: Node) -> Candidate:
    return Candidate(id=node.id, type=node.type, label=node.label, aliases=node.aliases,
                     documents=len(node.documents), mentions=len(node.mentions))


def _node_reason(node: Node) -> NodeReason:
    mentions: dict[str, tuple[NodeMention, ...]] = {}
    for mention in node.mentions:
        mentions[mention.document] = (*mentions.get(mention.document, ()), mention)
    return NodeReason(id=node.id, type=node.type, label=node.label, aliases=node.aliases, reasons=node.reasons,
                      attributes=node.attributes, first_date=node.first_date, last_date=node.last_date,
                      mentions=mentions)


def _between(graph: Graph, one: set[str], other: set[str]) -> tuple[EdgeReason, ...]:
    """The edges between two sets of nodes in either direction, co-occurrence last, the surest first."""
    labels = {node.id: node.label for node in graph.nodes}
    edges = [edge for edge in graph.edges
             if (edge.source in one and edge.target in other) or (edge.source in other and edge.target in one)]
    edges.sort(key=lambda edge: (edge.relation == CO_OCCURRENCE, -edge.confidence, edge.id))
    return tuple(EdgeReason(source=labels[edge.source], target=labels[edge.target], edge=edge) for edge in edges)


def _edge_documents(edges: Iterable[EdgeReason]) -> set[str]:
    return {document for reason in edges for document in reason.edge.documents}


def _cited(graph: Graph, ids: Iterable[str]) -> dict[str, str]:
    wanted = set(ids)
    return {document.id: _headline(document) for document in graph.documents if document.id in wanted}


def _headline(document: GraphDocument) -> str:
    return "，".join(part for part in (document.metadata.title, document.metadata.date) if part)


# ------------------------------------------------------------------------------------------ text


def render(answer: Why) -> str:
    """The answer as plain text: 〔〕 around the ends of an edge or the name of a node, ‹› around the trigger."""
    if answer.candidates:
        lines = [f"{answer.question[0]} may be any of these; ask again with an id:"]
        lines += [f"  {c.id}  ({c.mentions} mentions in {c.documents} documents)" for c in answer.candidates]
    elif answer.node is not None:
        lines = list(_node_lines(answer.node, answer.documents))
    elif answer.edges:
        lines = [line for reason in answer.edges for line in _edge_lines(reason, answer.documents)]
    else:
        lines = [f"no edge between {' and '.join(answer.question)}"]
    return "\n".join(lines)


def _node_lines(node: NodeReason, documents: dict[str, str]) -> Iterator[str]:
    dates = " – ".join(dict.fromkeys(date for date in (node.first_date, node.last_date) if date))
    yield f"{node.type} {node.label}" + (f"  {dates}" if dates else "")
    if node.aliases:
        yield f"  also: {'、'.join(node.aliases)}"
    for name, value in node.attributes.items():
        yield f"  {name}: {value}"
    for reason in node.reasons:
        yield f"  because: {reason}"
    for document, mentions in node.mentions.items():
        yield _document_line(document, documents)
        for sentence, within in _by_sentence(mentions):
            text = _marked(sentence.text, [(m.quote, "〔〕") for m in within])
            yield f"    {text}  [{', '.join(dict.fromkeys(m.source for m in within))}]"


def _by_sentence(mentions: Sequence[NodeMention]) -> list[tuple[Quote, list[NodeMention]]]:
    """Mentions by the sentence in which they stand; one without a sentence stands for itself."""
    groups: dict[tuple[int, int], tuple[Quote, list[NodeMention]]] = {}
    for mention in mentions:
        sentence = mention.sentence or mention.quote.model_copy(update={"at": None})
        groups.setdefault((sentence.start, sentence.end), (sentence, []))[1].append(mention)
    return list(groups.values())


def _edge_lines(reason: EdgeReason, documents: dict[str, str]) -> Iterator[str]:
    edge = reason.edge
    said = [*edge.qualities, *([edge.date] if edge.date else [])]
    npmi = f", npmi {edge.npmi:.2f}" if edge.npmi is not None else ""
    attributes = f"  ({'，'.join(said)})" if said else ""
    yield (f"{reason.source} —{edge.label}{arrow(edge)} {reason.target}{attributes}"
           f"  [{edge.relation}, weight {edge.weight:g}, confidence {edge.confidence:g}{npmi}"
           f"{', derived' if edge.derived else ''}]")
    for reason_given in edge.reasons:
        yield f"  because: {reason_given}"
    for evidence in edge.evidence:
        yield _document_line(evidence.document, documents)
        yield f"    {_evidence_text(evidence)}  [{evidence.rule}, {evidence.confidence:g}]"


def arrow(edge: Edge) -> str:
    """What stands behind the label of an edge: an arrow, or a line where it leads both ways."""
    return "—" if edge.relation in _symmetric() else "→"


@cache
def _symmetric() -> frozenset[str]:
    return load_ontology().symmetric


def _document_line(document: str, documents: dict[str, str]) -> str:
    headline = documents.get(document, "")
    return f"  {document}" + (f"：{headline}" if headline else "")


def _evidence_text(evidence: Evidence) -> str:
    """The sentence with its marks; an act is an end of its edges and their trigger too, and is marked as trigger."""
    trigger = evidence.trigger
    ends = [end for end in (evidence.head, evidence.tail)
            if end is not None and (trigger is None or (end.start, end.end) != (trigger.start, trigger.end))]
    return _marked(evidence.sentence.text,
                   [*((end, "〔〕") for end in ends), *([(trigger, "‹›")] if trigger is not None else [])])


def _marked(text: str, quotes: Sequence[tuple[Quote, str]]) -> str:
    """The sentence with marks around the quotes; of two that overlap the first given is marked."""
    spans: list[tuple[int, int, str]] = []
    for quote, marks in quotes:
        if quote.at is not None and text[quote.at:quote.at + len(quote.text)] == quote.text:
            start, end = quote.at, quote.at + len(quote.text)
            if start < end and all(end <= first or last <= start for first, last, _ in spans):
                spans.append((start, end, marks))
    pieces, at = [], 0
    for start, end, marks in sorted(spans):
        pieces += [text[at:start], marks[0], text[start:end], marks[1]]
        at = end
    return "".join(pieces) + text[at:]
