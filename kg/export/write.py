"""A build on disk: the graph, its page, its record and a report; all of them, or none."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kg.beside import beside
from kg.errors import InputError
from kg.export import write_graph
from kg.export.manifest import Run, Summary, manifest, summarise, write_manifest, write_report
from kg.memory import collect_rarely
from kg.page import prepare, write_page
from kg.page.layout import places, weigh, with_places
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


@collect_rarely()
def _write_graphs(build: Build, paths: Sequence[Path], title: str) -> Summary:
    """Write the graph and its page, with several workers in processes beside each other.

    The nodes are placed beside what the page needs no places for, and then every file has a process of its own.
    A graph on disk is there for want of memory, of which further processes take more.
    """
    graphml, json, page = paths
    copy = build.settings.workers > 1 and isinstance(build.assembled.edges, tuple)
    weighed = weigh(build.assembled)
    with beside(lambda: places(weighed), copy=copy) as placed:
        prepared = prepare(weighed)
        graph = with_places(weighed, placed())
    with (beside(lambda: write_page(graph, page, title=title, prepared=prepared), copy=copy) as page_written,
          beside(lambda: write_graph(graph, graphml), copy=copy) as graphml_written):
        write_graph(graph, json)
        summary = summarise(graph)
        page_written()
        graphml_written()
    return summary


def _refused(directory: Path, error: OSError) -> InputError:
    return InputError(f"{directory}: can't be written to ({error.strerror or error}); choose another -o")


def _write_files(build: Build, folder: Path, title: str) -> None:
    *graphs, record, report = (folder / name for name in FILES)
    summary = restore(build, title, folder)
    if summary is None:
        summary = _write_graphs(build, graphs, title)
        keep(build, title, summary, graphs)
    run = Run(settings=build.settings, model=build.model, rules_digest=build.rules, skipped=build.skipped,
              unapplied=build.unapplied, warnings=build.warnings, started=build.started, finished=datetime.now(UTC))
    values = manifest(summary, build.documents, run)
    write_manifest(values, record)
    write_report(summary, values, report)
