"""RDF in Turtle, with PROV-O for where every statement comes from.

An edge is a triple of its own (`:PERSON… kg:holds_position :ORGANIZATION…`) and, beside it, a reified statement with
weight, confidence, title and so on. The statement is derived from its pieces of evidence (prov:wasDerivedFrom), and
each of these is quoted from its document (prov:wasQuotedFrom) with text, span in the raw file, rule and confidence.
The file is written in one stream.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from kg.export.columns import EDGE_COLUMNS, FORBIDDEN, NODE_COLUMNS, Column, clean, written
from kg.graph import Edge, Graph, GraphDocument, Node
from kg.knowledge.ontology import load_ontology
from kg.models import Evidence

HEAD = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix kg: <urn:x-kg:term:> .

"""

_SPECIAL = re.compile(r'[\\"\n\r\t]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

#: Columns that stand as terms of other vocabularies.
_OWN = {"label", "type", "aliases", "relation", "evidence", "sources"}


def write(graph: Graph, path: Path) -> None:
    """Write the graph: relations, documents, nodes, edges with their evidence."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEAD)
        out.writelines(_terms({edge.relation for edge in graph.edges}, {node.type for node in graph.nodes}))
        out.writelines(map(_document, graph.documents))
        out.writelines(map(_node, graph.nodes))
        for edge in graph.edges:
            out.writelines(_edge(edge))


def iri(kind: str, id_: str) -> str:
    """The name of a thing: its id, percent-encoded in UTF-8.

    >>> iri("document", "甲.txt")
    '<urn:x-kg:document:%E7%94%B2.txt>'
    """
    return f"<urn:x-kg:{kind}:{quote(id_, safe='', errors='surrogatepass')}>"


def _terms(relations: Iterable[str], types: Iterable[str]) -> Iterator[str]:
    """The relations and types that occur, named in Chinese and English as the ontology has them."""
    ontology = load_ontology()
    for term, rdf_type, kind in [
            *((name, "rdf:Property", ontology.relations.get(name)) for name in sorted(relations)),
            *((name, "rdfs:Class", ontology.types.get(name)) for name in sorted(types))]:  # type: ignore[call-overload]
        if kind is not None:
            yield _subject(f"kg:{term}", [("a", rdf_type), ("rdfs:label", f"{_text(kind.label.zh)}@zh"),
                                          ("rdfs:label", f"{_text(kind.label.en)}@en")])


def _document(document: GraphDocument) -> str:
    about = document.metadata
    said = {"dcterms:title": about.title, "dcterms:publisher": about.publisher, "dcterms:date": about.date,
            "dcterms:spatial": about.place, "dcterms:source": document.source, "kg:sha256": document.sha256,
            "kg:url": about.url}
    return _subject(iri("document", document.id), [
        ("a", "prov:Entity"), ("dcterms:identifier", _text(document.id)),
        *((name, _text(value)) for name, value in said.items() if clean(value)),
        *(("dcterms:creator", _text(author)) for author in about.authors if clean(author))])


def _node(node: Node) -> str:
    label = next(column for column in NODE_COLUMNS if column.name == "label")
    return _subject(iri("entity", node.id), [
        ("a", f"kg:{node.type}"), ("dcterms:identifier", _text(node.id)), ("rdfs:label", _value(written(label, node))),
        *(("skos:altLabel", _text(alias)) for alias in node.aliases if clean(alias)),
        *_said(NODE_COLUMNS, node),
        *((f"kg:attribute_{quote(name, safe='')}".replace("%", "_"), _text(value))
          for name, value in node.attributes.items() if clean(value)),
        *(("prov:wasDerivedFrom", iri("document", id_)) for id_ in node.documents)])


def _edge(edge: Edge) -> Iterator[str]:
    source, target, statement = iri("entity", edge.source), iri("entity", edge.target), iri("edge", edge.id)
    predicate = f"kg:{edge.relation}" if re.fullmatch("[A-Za-z][A-Za-z_]*", edge.relation) else \
        iri("term", edge.relation)
    yield f"{source} {predicate} {target} .\n"
    pieces = [iri("evidence", f"{edge.id}/{i}") for i in range(len(edge.evidence))]
    yield _subject(statement, [
        ("a", "rdf:Statement"), ("a", "prov:Entity"), ("dcterms:identifier", _text(edge.id)),
        ("rdf:subject", source), ("rdf:predicate", predicate), ("rdf:object", target), *_said(EDGE_COLUMNS, edge),
        *([("rdfs:label", _text(edge.label))] if clean(edge.label) else []),
        *(("prov:wasDerivedFrom", piece) for piece in pieces),
        *(("dcterms:source", iri("document", id_)) for id_ in edge.documents)])
    for piece, evidence in zip(pieces, edge.evidence, strict=True):
        yield _subject(piece, _quoted(evidence))


def _quoted(evidence: Evidence) -> list[tuple[str, str]]:
    sentence = evidence.sentence
    raw = [("kg:raw", _text(sentence.raw))] if sentence.raw is not None else []
    return [("a", "prov:Entity"), ("prov:wasQuotedFrom", iri("document", evidence.document)),
            ("prov:value", _text(sentence.text)), *raw, ("kg:start", str(sentence.start)),
            ("kg:end", str(sentence.end)), ("kg:rule", _text(evidence.rule)), ("kg:role", _text(evidence.role)),
            ("kg:confidence", _value(evidence.confidence)),
            *((f"kg:{name}", _text(span.text)) for name in ("head", "trigger", "tail")
              if (span := getattr(evidence, name)) is not None)]


def _said(columns: Iterable[Column], record: Node | Edge) -> Iterator[tuple[str, str]]:
    for column in columns:
        value = written(column, record)
        if value is not None and column.name not in _OWN:
            yield f"kg:{column.name}", _value(value)


def _subject(subject: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"{subject} " + " ;\n  ".join(f"{name} {value}" for name, value in pairs) + " .\n"


def _value(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f'"{value!r}"^^xsd:double' if math.isfinite(value) else '"NaN"^^xsd:double'
    return _text(value or "")


def _text(text: str) -> str:
    plain = FORBIDDEN.sub("", text)
    return '"' + _SPECIAL.sub(lambda found: _ESCAPES[found.group()], plain) + '"'
