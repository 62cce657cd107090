"""A build on disk: the graph, its page, its record and a report, nothing half-written."""

from __future__ import annotations

from pathlib import Path

from kg.errors import InputError
from kg.export import write_graph, write_text
from kg.manifest import manifest_json, report
from kg.pipeline import Build
from kg.render import write_page


def write_build(build: Build, directory: Path, *, title: str = "") -> list[Path]:
    """Write graph.graphml, graph.html, graph.json, manifest.json and report.md; return their paths.

    Each file is written beside its name and put in place whole. Raises InputError when the directory can't be made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{directory}: can't be made ({error.strerror}); choose another -o") from error
    paths = [directory / name for name in ("graph.graphml", "graph.json", "graph.html", "manifest.json", "report.md")]
    graphml, json, html, manifest, markdown = paths
    write_graph(build.graph, graphml)
    write_graph(build.graph, json)
    write_page(build.graph, html, title=title)
    write_text(manifest_json(build), manifest)
    write_text(report(build), markdown)
    return paths
