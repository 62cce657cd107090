"""FollowTheMoney, one entity a line, as Aleph, OpenAleph and yente take it.

Persons, bodies and places become Person, Organization and Address, acts become Event, documents that are spoken of
become Note, and the documents that were read become Document. A post becomes Employment, kinship Family, every other
edge UnknownLink with its relation as role. Each says its best sentence (`summary`) and names its documents (`proof`).
FollowTheMoney has no entity for a day: dates of acts go to the Event, and other edges that end at a DATE are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.export.columns import clean
from kg.export.gexf import spell_of
from kg.graph import Edge, Graph, GraphDocument, Node

#: Properties and their values; empty ones aren't written.
Properties = dict[str, list[str]]

SCHEMAS = {"PERSON": "Person", "ORGANIZATION": "Organization", "LOCATION": "Address", "DOCUMENT": "Note",
           "ACTION": "Event"}

#: Schema of an edge, the properties of its ends, and the one that holds what the edge says of them.
LINKS = {"holds_position": ("Employment", "employee", "employer", "role"),
         "family_of": ("Family", "person", "relative", "relationship")}
OTHER = ("UnknownLink", "subject", "object", "role")


def write(graph: Graph, path: Path) -> None:
    """Write documents, then nodes, then edges."""
    nodes = {node.id: node for node in graph.nodes}
    told = _told(graph.edges, nodes)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in _records(graph, nodes, told):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def ftm_id(kind: str, id_: str) -> str:
    """An id that FollowTheMoney takes: letters, digits and hyphens."""
    return f"kg-{kind}-{hashlib.sha1(id_.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _records(graph: Graph, nodes: Mapping[str, Node], told: Mapping[str, Properties]) -> Iterator[dict[str, object]]:
    for document in graph.documents:
        yield _record(ftm_id("document", document.id), "Document", _document(document))
    for node in graph.nodes:
        if node.type in SCHEMAS:
            yield _record(ftm_id("entity", node.id), SCHEMAS[node.type], {**_node(node), **told.get(node.id, {})})
    for edge in graph.edges:
        if {nodes[edge.source].type, nodes[edge.target].type} <= SCHEMAS.keys():
            schema, source, target, role = LINKS.get(edge.relation, OTHER)
            yield _record(ftm_id("edge", edge.id), schema, {
                source: [ftm_id("entity", edge.source)], target: [ftm_id("entity", edge.target)],
                role: [edge.title or edge.measure or edge.kinship or edge.label], **_edge(edge, schema)})


def _record(id_: str, schema: str, properties: Properties) -> dict[str, object]:
    kept = {name: list(dict.fromkeys(text for value in values if (text := clean(value))))
            for name, values in properties.items()}
    return {"id": id_, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _document(document: GraphDocument) -> Properties:
    about = document.metadata
    return {"fileName": [document.source], "title": [about.title], "name": [about.title or document.source],
            "date": [about.date], "publisher": [about.publisher], "author": list(about.authors),
            "encoding": [document.encoding]}


def _node(node: Node) -> Properties:
    names: Properties = {"name": [node.label if clean(node.label) else node.id], "alias": list(node.aliases)}
    if node.type == "LOCATION":
        names["full"] = names["name"]
    return {**names, "proof": _proof(node.documents), "notes": list(node.attributes.values())}


def _edge(edge: Edge, schema: str) -> Properties:
    status = {} if schema == "Family" else {"status": [edge.status]}
    return {**status, **_dates([edge.date]), "recordId": [edge.id], "proof": _proof(edge.documents),
            "summary": [edge.best_sentence]}


def _proof(documents: Iterable[str]) -> list[str]:
    return [ftm_id("document", id_) for id_ in documents]


def _dates(values: Iterable[str]) -> Properties:
    """A date as it is; of a range its ends. A date without a year, which FollowTheMoney can't say, is left out."""
    found: Properties = defaultdict(list)
    for value in values:
        spell = spell_of(value)
        if spell is None:
            continue
        if "/" in value:
            found["startDate"].append(spell[0])
            found["endDate"].append(spell[1])
        else:
            found["date"].append(value.rstrip("?~%").partition("T")[0])
    return found


def _told(edges: Iterable[Edge], nodes: Mapping[str, Node]) -> dict[str, Properties]:
    """What edges say of the entities themselves: when, where, by whom and to whom an act was done; the parent body."""
    told: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    for edge in edges:
        source, target = nodes[edge.source], nodes[edge.target]
        if edge.relation == "on_date":
            for name, days in _dates([target.label]).items():
                told[source.id][name] += days
        elif edge.relation == "at_location":
            told[source.id]["location"].append(target.label)
        elif edge.relation == "performs":
            told[target.id]["organizer"].append(ftm_id("entity", source.id))
        elif edge.relation == "targets" and target.type in ("PERSON", "ORGANIZATION"):
            told[source.id]["involved"].append(ftm_id("entity", target.id))
        elif edge.relation == "part_of":
            told[source.id]["parent"].append(ftm_id("entity", target.id))
    return {id_: dict(properties) for id_, properties in told.items()}
