"""graph.html: one file with the graph, its evidence and everything needed to look at it, without any network.

pyvis builds the network and brings vis-network, which is inlined from its own package files; the template, the
style and the code of the page are ours (kg/data/page). What stands in documents reaches the page as JSON in a data
block and becomes text there, never HTML; a Content-Security-Policy lets only the page's own scripts run, by hash.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from base64 import b64encode
from collections import Counter, defaultdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph import Edge, Graph, GraphDocument, Node, NodeMention
from kg.layout import lay_out, load_theme
from kg.models import Evidence
from kg.ontology import load_ontology
from kg.yamlfile import load_yaml

if TYPE_CHECKING:
    from pyvis.network import Network

#: What the page holds of a node or an edge at most; it says how much more there is.
MENTIONS, DOCUMENTS, EVIDENCE = 12, 30, 20
#: Characters of context on either side of a mention.
CONTEXT = 24
SCRIPTS = ("data.js", "canvas.js", "panel.js", "page.js")
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


def write_page(graph: Graph, path: Path, *, title: str = "", most: int | None = None) -> Path:
    """Write the page of `graph` to `path` (UTF-8, LF, whole or not at all) and return the path.

    `title` stands at the head of the page; `most` is the number of nodes above which only a backbone is shown
    (None: as in theme.yaml). Raises OSError where the file can't be written.
    """
    page = render_page(graph, title=title, most=most)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path


def render_page(graph: Graph, *, title: str = "", most: int | None = None) -> str:
    """The page of `graph` as text; the same graph gives the same text. See write_page."""
    shown = backbone(graph, load_theme()["backbone"] if most is None else most)
    net = _network(shown)
    texts = load_yaml(_page_file("texts.yaml")).data
    title = title or texts["default_title"]["zh"]
    data = _data(graph, shown, title) | {"vis": {"nodes": net.nodes, "edges": net.edges, "options": net.options},
                                         "texts": texts}
    return _fill_template(title, texts, data)


def backbone(graph: Graph, most: int) -> Graph:
    """The `most` nodes with the highest PageRank and the edges among them, laid out anew; a small graph as it is."""
    if not any(node.pagerank for node in graph.nodes):
        graph = lay_out(graph)
    if len(graph.nodes) <= most:
        return graph
    degree = Counter(end for edge in graph.edges for end in (edge.source, edge.target))
    best = sorted(graph.nodes, key=lambda node: (-node.pagerank, -degree[node.id], node.id))[:most]
    ids = {node.id for node in best}
    part = graph.model_copy(update={
        "nodes": tuple(node for node in graph.nodes if node.id in ids),
        "edges": tuple(edge for edge in graph.edges if edge.source in ids and edge.target in ids)})
    placed = lay_out(part)
    nodes = tuple(new.model_copy(update={"pagerank": old.pagerank, "community": old.community, "size": old.size})
                  for old, new in zip(part.nodes, placed.nodes, strict=True))
    return placed.model_copy(update={"nodes": nodes})


# ---------------------------------------------------------------------------------- nodes and edges


def _network(graph: Graph) -> Network:
    """The graph as a pyvis network: nodes and edges are numbered as in the graph, positions are fixed by the layout."""
    from pyvis.network import Network

    ontology, number = load_ontology(), {node.id: i for i, node in enumerate(graph.nodes)}
    net = Network(directed=True)
    for i, node in enumerate(graph.nodes):
        net.add_node(i, label=node.label or node.id, shape="custom", color=node.color, size=node.size,
                     x=node.x, y=node.y)
    broad = min(2.2, max(1.0, math.sqrt(len(graph.nodes) / 150)))  # zoomed out, lines must not vanish
    solid, curves = 0.62 if len(graph.nodes) < 500 else 0.45, _curves(graph.edges)
    for i, edge in enumerate(graph.edges):
        kind, faint = ontology.relations[edge.relation], edge.relation == "co_occurs_with"
        width = (0.7 if faint else 1.0 + 0.45 * math.log2(max(edge.weight, 1))) * broad
        net.add_edge(number[edge.source], number[edge.target], id=i, width=round(width, 2),
                     arrows="" if kind.symmetric else "to", dashes=[5, 4] if edge.derived else False,
                     color={"color": kind.color, "opacity": 0.4 if faint else solid, "inherit": False},
                     smooth=curves[edge.id])
    net.set_options(json.dumps({
        "layout": {"improvedLayout": False}, "physics": {"enabled": False},
        "nodes": {"chosen": False, "borderWidth": 0},
        "edges": {"chosen": False, "smooth": False, "selfReference": {"size": 18},
                  "arrows": {"to": {"scaleFactor": 0.42}}},
        "interaction": {"hover": True, "hideEdgesOnDrag": len(graph.nodes) > 800, "selectConnectedEdges": False,
                        "hideEdgesOnZoom": len(graph.nodes) > 800, "keyboard": {"enabled": True, "bindToWindow": False},
                        "multiselect": False, "tooltipDelay": 10**6}}))
    return net


def _covered(edges: tuple[Edge, ...]) -> set[str]:
    """Ids of co-occurrence edges whose ends are joined by another relation as well."""
    joined = {frozenset((e.source, e.target)) for e in edges if e.relation != "co_occurs_with"}
    return {e.id for e in edges if e.relation == "co_occurs_with" and frozenset((e.source, e.target)) in joined}


def _curves(edges: tuple[Edge, ...]) -> dict[str, Any]:
    """How each edge is bent, by id: one between two nodes is straight, several spread to both sides like a fan."""
    pairs: dict[frozenset[str], list[Edge]] = defaultdict(list)
    for edge in edges:
        pairs[frozenset((edge.source, edge.target))].append(edge)
    covered, curves = _covered(edges), {}
    for between in pairs.values():
        drawn = [e for e in between if e.id not in covered]
        for place, edge in enumerate(drawn + [e for e in between if e.id in covered]):
            # 0, ±1, ±2 … for an odd number of drawn edges, ±1/2, ±3/2 … for an even one
            bend = (place - (len(drawn) - 1) / 2) * (1 if edge.source < edge.target else -1)
            kind = "curvedCW" if bend > 0 else "curvedCCW"
            curves[edge.id] = False if bend == 0 else {
                "enabled": True, "type": kind, "roundness": round(min(0.8, abs(bend) * 0.22), 3)}
    return curves


# ----------------------------------------------------------------------------- what the panel tells


def _data(graph: Graph, shown: Graph, title: str) -> dict[str, Any]:
    ontology, shapes = load_ontology(), load_theme()["types"]
    number = {node.id: i for i, node in enumerate(shown.nodes)}
    documents = {document.id: document for document in graph.documents}
    cited = {document.id: i for i, document in enumerate(graph.documents)}
    covered = _covered(shown.edges)
    return {
        "title": title,
        "totals": {"nodes": len(graph.nodes), "edges": len(graph.edges), "documents": len(graph.documents)},
        "types": {name: {"label": kind.label.model_dump(), "color": kind.color, "path": shapes[name]["path"],
                         "hollow": shapes[name].get("hollow", False)} for name, kind in ontology.types.items()},
        "relations": {name: {"label": kind.label.model_dump(), "color": kind.color, "symmetric": kind.symmetric}
                      for name, kind in ontology.relations.items()},
        "documents": [_document(document) for document in graph.documents],
        "nodes": [_node(node, documents, cited) for node in shown.nodes],
        "edges": [_edge(edge, number, cited, edge.id in covered) for edge in shown.edges],
    }


def _document(document: GraphDocument) -> dict[str, Any]:
    metadata = document.metadata
    return {"title": metadata.title, "publisher": metadata.publisher, "date": metadata.date,
            "source": document.source, "row": document.row}


def _node(node: Node, documents: dict[str, GraphDocument], cited: dict[str, int]) -> dict[str, Any]:
    known = [cited[d] for d in node.documents if d in cited]
    return {"type": node.type, "aliases": node.aliases, "count": len(node.mentions), "rank": node.pagerank,
            "mentions": [_mention(m, documents) for m in node.mentions[:MENTIONS]],
            "documents": known[:DOCUMENTS], "moreDocuments": len(node.documents) - len(known[:DOCUMENTS]),
            "first": node.first_date, "last": node.last_date, "reasons": node.reasons,
            "attributes": node.attributes, "community": node.community}


def _mention(mention: NodeMention, documents: dict[str, GraphDocument]) -> dict[str, Any]:
    """A mention with a little of its line around it, taken from the raw text where the graph keeps that."""
    quote, document = mention.quote, documents.get(mention.document)
    before = after = ""
    if document is not None and document.text:
        before = document.text[max(0, quote.start - CONTEXT):quote.start].rpartition("\n")[2]
        after = document.text[quote.end:quote.end + CONTEXT].partition("\n")[0]
    return {"before": before, "text": quote.text, "after": after, "raw": quote.raw or ""}


def _edge(edge: Edge, number: dict[str, int], cited: dict[str, int], covered: bool) -> dict[str, Any]:
    return {"source": number[edge.source], "target": number[edge.target], "relation": edge.relation,
            "weight": round(edge.weight, 3), "confidence": round(edge.confidence, 3), "rule": edge.rule,
            "derived": edge.derived, "covered": covered, "title": edge.title, "status": edge.status,
            "measure": edge.measure, "kinship": edge.kinship, "date": edge.date, "day": _day(edge.date),
            "npmi": edge.npmi, "evidence": [_evidence(e, cited) for e in edge.evidence[:EVIDENCE]],
            "moreEvidence": max(0, len(edge.evidence) - EVIDENCE)}


def _day(date: str) -> str:
    """The day on which an EDTF date begins, if it says one.

    >>> _day("2020-02-01/2020-02-10"), _day("XXXX-12-06"), _day("../2020-03-28")
    ('2020-02-01', '', '')
    """
    day = date.partition("/")[0]
    return day if len(day) == 10 and day.replace("-", "").isdecimal() else ""


def _evidence(evidence: Evidence, cited: dict[str, int]) -> dict[str, Any]:
    sentence = evidence.sentence
    return {"document": cited.get(evidence.document, -1), "rule": evidence.rule, "role": evidence.role,
            "confidence": round(evidence.confidence, 3), "start": sentence.start, "end": sentence.end,
            "parts": sentence_parts(evidence), "raw": sentence.raw or ""}


def sentence_parts(evidence: Evidence) -> list[tuple[str, str]]:
    """The sentence in pieces: (text, `head`, `trigger` or `tail`, empty between them), nothing lost or doubled.

    A quote without an offset, or one that doesn't stand where it claims to, stays unmarked; where two overlap,
    head and tail go before the trigger.
    """
    text = evidence.sentence.text
    if not text:
        return []
    role = [""] * len(text)
    for name, quote in (("trigger", evidence.trigger), ("head", evidence.head), ("tail", evidence.tail)):
        if quote is not None and quote.at is not None and quote.text and text.startswith(quote.text, quote.at):
            role[quote.at:quote.at + len(quote.text)] = [name] * len(quote.text)
    cuts = [i for i in range(len(text)) if i == 0 or role[i] != role[i - 1]]
    return [(text[a:b], role[a]) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


# ------------------------------------------------------------------------------------------ the file


def _fill_template(title: str, texts: dict[str, Any], data: dict[str, Any]) -> str:
    import pyvis
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    vis = _read(Path(str(files(pyvis))) / VIS).partition("//# sourceMappingURL=")[0]
    code, css = "\n".join(_read(_page_file(name)) for name in SCRIPTS), _read(_page_file("page.css"))
    policy = ("default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
              f"script-src {_hash(vis)} {_hash(code)}; style-src {_hash(css)}")
    for part in (vis, code, css):  # nothing in them may end their element
        assert not any(mark in part.lower() for mark in ("</script", "</style", "<!--"))
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return template.from_string(_read(_page_file("page.html"))).render(
        title=title, texts=texts, policy=Markup(policy), css=Markup(css), vis=Markup(vis), code=Markup(code),
        data=Markup(_json(data))) + "\n"


def _json(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element: no character in it can end the element or a line of code."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _page_file(name: str) -> Path:
    return Path(str(files("kg") / "data" / "page" / name))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
