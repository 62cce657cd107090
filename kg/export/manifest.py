"""What a build did: manifest.json for programs, report.md for people.

Times stand here and nowhere else, so that graph.* of two runs over the same input are the same bytes.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from heapq import nsmallest
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

from kg import __version__
from kg.correct.apply import Unapplied
from kg.export import write_text
from kg.graph import CO_OCCURRENCE, Graph, Node, strengths
from kg.models import Document, Record
from kg.read import Skipped
from kg.settings import Settings
from kg.visible import visible

#: Packages on which the content of a graph may depend.
PACKAGES = ("hanlp", "torch", "onnxruntime", "numpy", "opencc", "trafilatura", "charset-normalizer", "python-docx",
            "pypdfium2", "datasketch", "pydantic")

TOP = 15
MAX_LISTED = 50


class Run(Record):
    """What the graph itself doesn't say about the run that built it.

    `model` is the id of the tagger, which holds the digest of its files; `rules_digest` names all rules in force.
    `warnings` are of the form `source: what`; `unapplied` are decisions of people that changed nothing. `started`
    and `finished` are aware times.
    """

    settings: Settings
    model: str
    rules_digest: str = ""
    warnings: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unapplied: tuple[Unapplied, ...] = ()
    started: datetime
    finished: datetime


class Summary(Record):
    """What manifest and report tell of a graph: counts, the nodes that lead, the first of doubts and of copies."""

    counts: dict[str, Any]
    leading: tuple[tuple[str, ...], ...]
    doubts: tuple[str, ...]
    copies: tuple[str, ...]


def summarise(graph: Graph) -> Summary:
    """The summary of a graph, which may be larger than memory."""
    return Summary(counts=_counts(graph), leading=tuple(_leading(graph)),
                   doubts=tuple(_doubt_line(doubt) for doubt in islice(graph.doubts, MAX_LISTED)),
                   copies=tuple(islice((f"{d.id}: {d.copy_of}" for d in graph.documents if d.copy_of), MAX_LISTED)))


def manifest(summary: Summary, documents: Iterable[Document], run: Run) -> dict[str, Any]:
    """The manifest as JSON values: settings, versions, inputs with SHA-256, counts, warnings, skipped inputs, times."""
    inputs = [{"id": d.id, "source": d.source, **({"row": d.row} if d.row is not None else {}), "sha256": d.sha256,
               "encoding": d.encoding, "format": d.format} for d in documents]
    return {
        "settings": run.settings.model_dump(mode="json"),
        "versions": {"kg": __version__, "python": platform.python_version(), **_versions(PACKAGES), "model": run.model,
                     "rules_digest": run.rules_digest},
        "inputs": sorted(inputs, key=lambda row: str(row["id"])),
        "counts": summary.counts,
        "warnings": sorted(run.warnings),
        "skipped": [asdict(skipped) for skipped in sorted(run.skipped, key=lambda s: (s.source, s.reason))],
        "unapplied": [each.model_dump() for each in run.unapplied],
        "times": {"started": run.started.isoformat(timespec="seconds"),
                  "finished": run.finished.isoformat(timespec="seconds"),
                  "seconds": round((run.finished - run.started).total_seconds(), 3)},
    }


def write_manifest(values: Mapping[str, Any], path: Path) -> None:
    """Write the manifest as JSON. Raises GraphError where the file can't be written."""
    write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", path)


def write_report(summary: Summary, values: Mapping[str, Any], path: Path) -> None:
    """Write report.md from summary and manifest. Raises GraphError where the file can't be written."""
    write_text(report(summary, values), path)


def report(summary: Summary, values: Mapping[str, Any]) -> str:
    """The build in short, in Markdown: counts, leading nodes, what was skipped, what a person should look at."""
    counts = values["counts"]
    parts = [
        ["# Report", "", f"{counts['documents']} documents, {counts['nodes']} nodes, {counts['edges']} edges, "
                         f"{counts['doubts']} doubts, {values['times']['seconds']} s"],
        ["## Nodes", "", *_table(("type", "nodes"), counts["types"].items())],
        ["## Edges", "", *_table(("relation", "edges"), counts["relations"].items())],
        ["## Leading nodes", "", *_table(("node", "type", "weight", "mentions", "documents"), summary.leading)],
        _section("Copies, whose sentences count once", summary.copies, counts["copies"]),
        _section("Skipped documents", [f"{s['source']}: {s['reason']}" for s in values["skipped"]]),
        _section("Decisions not applied", [f"{u['where']}: {u['decision']}: {u['why']}" for u in values["unapplied"]]),
        _section("Doubts to review", summary.doubts, counts["doubts"]),
        _section("Warnings", values["warnings"]),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _versions(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _counts(graph: Graph) -> dict[str, Any]:
    types = Counter(node.type for node in graph.nodes)
    relations = Counter(edge.relation for edge in graph.edges)
    return {"documents": len(graph.documents), "copies": sum(bool(document.copy_of) for document in graph.documents),
            "nodes": len(graph.nodes), "edges": len(graph.edges),
            "mentions": sum(len(node.mentions) for node in graph.nodes), "doubts": len(graph.doubts),
            "types": dict(sorted(types.items())), "relations": dict(sorted(relations.items()))}


def _leading(graph: Graph) -> list[tuple[str, ...]]:
    """The nodes with the greatest sum of weights over their edges, co-occurrence left out."""
    weights = strengths(edge for edge in graph.edges if edge.relation != CO_OCCURRENCE)

    def order(node: Node) -> tuple[Any, ...]:
        return -weights[node.id], -len(node.mentions), node.id

    best = nsmallest(TOP, (node for node in graph.nodes if node.type not in ("ACTION", "DATE")), key=order)
    return [(n.label, n.type, f"{weights[n.id]:g}", f"{len(n.mentions)}", f"{len(n.documents)}") for n in best]


def _doubt_line(doubt: Any) -> str:
    candidates = f" ({', '.join(doubt.candidates)})" if doubt.candidates else ""
    return f"{doubt.document} [{doubt.quote.start}, {doubt.quote.end}) {doubt.quote.text}: {doubt.why}{candidates}"


def _section(title: str, lines: Sequence[str], count: int | None = None) -> list[str]:
    """A heading and its list, the first MAX_LISTED of `count` lines; nothing if the list is empty."""
    if not lines:
        return []
    count = len(lines) if count is None else count
    more = [f"- … and {count - MAX_LISTED} more"] if count > MAX_LISTED else []
    return [f"## {title} ({count})", "", *[f"- {_plain(line)}" for line in lines[:MAX_LISTED]], *more]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_plain(str(cell)) for cell in line) + " |" for line in lines]


def _plain(text: str) -> str:
    """Text on one line that Markdown takes for text, and in which everything can be seen."""
    text = visible(" ".join(text.split()))
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")
