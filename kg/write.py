"""A build on disk: the graph, its page, its record and a report, nothing half-written."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from kg.errors import InputError
from kg.export import write_graph
from kg.manifest import Run, manifest, write_manifest, write_report
from kg.pipeline import Build
from kg.render import write_page


def write_build(build: Build, directory: Path, *, title: str = "") -> list[Path]:
    """Write graph.graphml, graph.json, graph.html, manifest.json and report.md; return their paths.

    Each file is written beside its name and put in place whole. Raises InputError when the directory can't be made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{directory}: can't be made ({error.strerror}); choose another -o") from error
    names = ("graph.graphml", "graph.json", "graph.html", "manifest.json", "report.md")
    graphml, json, page, record, report = paths = [directory / name for name in names]
    write_graph(build.graph, graphml)
    write_graph(build.graph, json)
    write_page(build.graph, page, title=title)
    run = Run(settings=build.settings, model=build.model, rules_digest=build.rules, skipped=build.skipped,
              warnings=tuple(f"{d.id}: {w}" for d in build.documents for w in (*d.document.warnings, *d.warnings)),
              started=build.started, finished=datetime.now(timezone.utc))
    values = manifest(build.graph, [d.document for d in build.documents], run)
    write_manifest(values, record)
    write_report(build.graph, values, report)
    return paths
