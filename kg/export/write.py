"""A build on disk: the graph, its page, its record and a report; all of them, or none."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import InputError
from kg.export import write_graph
from kg.export.manifest import Run, manifest, summarise, write_manifest, write_report
from kg.page import write_page
from kg.pipeline import Build
from kg.store.finished import keep, restore

#: The files of a build, in the order in which they are put in place.
FILES = ("graph.graphml", "graph.json", "graph.html", "manifest.json", "report.md")


def write_build(build: Build, directory: Path, *, title: str = "") -> list[Path]:
    """Write graph.graphml, graph.json, graph.html, manifest.json and report.md; return their paths.

    The files are written into a hidden folder inside `directory` and put in place when all of them are complete, so
    that a build which fails leaves the files of the one before. Raises InputError when they can't be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if taken := [directory / name for name in FILES if (directory / name).is_dir()]:
            raise InputError(f"{taken[0]}: is a folder; remove it or choose another -o")
        draft = tempfile.TemporaryDirectory(prefix=".kg-", dir=directory)
    except OSError as error:
        raise _refused(directory, error) from error
    with draft:
        try:
            _write_files(build, Path(draft.name), title)
            for name in FILES:
                (Path(draft.name) / name).replace(directory / name)
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise  # one of our own files is missing
            raise _refused(directory, error) from error
    return [directory / name for name in FILES]


def _refused(directory: Path, error: OSError) -> InputError:
    return InputError(f"{directory}: can't be written to ({error.strerror or error}); choose another -o")


def _write_files(build: Build, folder: Path, title: str) -> None:
    *graphs, record, report = (folder / name for name in FILES)
    summary = restore(build, title, folder)
    if summary is None:
        graphml, json, page = graphs
        write_graph(build.graph, graphml)
        write_graph(build.graph, json)
        write_page(build.graph, page, title=title)
        summary = summarise(build.graph)
        keep(build, title, summary, graphs)
    run = Run(settings=build.settings, model=build.model, rules_digest=build.rules, skipped=build.skipped,
              unapplied=build.unapplied, warnings=build.warnings, started=build.started, finished=datetime.now(UTC))
    values = manifest(summary, build.documents, run)
    write_manifest(values, record)
    write_report(summary, values, report)
