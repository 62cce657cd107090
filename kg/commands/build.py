"""kg build, merge: documents, or graphs built apart → graph."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kg.commands.options import (
    inputs_argument,
    reading_options,
    settings_of,
    tagging_options,
    working_options,
    wrong_usage,
)
from kg.commands.output import bar, count, say

if TYPE_CHECKING:
    from kg.pipeline import Build


@click.command()
@inputs_argument
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Directory for graph.graphml, graph.html, graph.json, manifest.json, report.md.")
@click.option("--sample", is_flag=True, help="Build from the documents that ship with kg.")
@click.option("--min-cooccurrence", default=1, show_default=True, type=click.IntRange(min=1),
              help="Shared sentences from which on co-occurrence is an edge.")
@click.option("--overrides", multiple=True, metavar="FILE",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Decisions of people, a table that kg review began; may be given again.")
@click.option("--mask-private", is_flag=True,
              help="Hide phone, card and plate numbers and the names of persons without an office, wherever written.")
@click.option("--title", default="", help="Title of the page.")
@working_options
@reading_options
@tagging_options
def build(inputs: tuple[str, ...], output: Path, sample: bool, title: str, **options: Any) -> None:
    """Turn documents into a graph.

    INPUT: files, folders (with all that is in them), or - for standard input.

    \b
    Examples:
      kg build --sample -o outputs/sample
      kg build news/*.html reports/ -o outputs/news
      kg build page.txt --date 2020-02-04 -o outputs/page     1月27日 becomes 2020-01-27
      kg build articles.csv --text-column 正文 --date-column 日期 -o outputs/articles
      kg build reports/ --overrides review.csv -o outputs/reports     with the decisions of kg review
    """
    from kg.pipeline import build as run
    from kg.pipeline import build_documents
    from kg.samples import sample_documents

    if bool(inputs) == sample:
        raise wrong_usage("Say which documents: files, folders or -; or --sample, alone, to try.")
    settings = settings_of(options)
    result = (build_documents(sample_documents(settings), settings, progress=bar) if sample
              else run(inputs, settings, progress=bar))
    _finish(result, output, title)


@click.command()
@click.argument("graphs", nargs=-1, required=True, metavar="GRAPH...", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Directory for the files of the build.")
@click.option("--overrides", multiple=True, metavar="FILE",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Decisions of people that hold for all; may be given again.")
@click.option("--title", default="", help="Title of the page.")
@working_options
def merge(graphs: tuple[Path, ...], output: Path, overrides: tuple[Path, ...], title: str, **how: Any) -> None:
    """Make one graph of graphs that were built apart: the same as if it were built of all their documents.

    GRAPH is the directory of a build, or the graph.json in it. The texts in it are read again, all but those that a
    store holds; the graphs must have been built by this version with one model, the same rules and settings.

    \b
    Examples:
      kg merge outputs/january outputs/february -o outputs/both
      kg merge outputs/2021 outputs/2022 outputs/2023 --overrides review.csv -o outputs/all
      kg merge outputs/january outputs/february --store outputs/store -o outputs/both     nothing is read twice
    """
    from kg.unite import unite

    settings = settings_of({"overrides": overrides, **how})
    _finish(unite(graphs, settings, progress=bar, tell=say), output, title)


def _finish(result: Build, output: Path, title: str) -> NoReturn:
    """Report what was skipped, write the files, and end with the exit code that says whether all could be read."""
    with closing(result):
        for each in result.skipped:
            say(f"skipped {each.source}: {each.reason}")
        for warning in result.store.warnings if result.store else ():
            say(warning)
        _write(result, output, title)
    raise SystemExit(int(bool(result.skipped)))


def _write(result: Build, output: Path, title: str) -> None:
    """Write the files of a build, and say what it is and what of the decisions wasn't applied."""
    from kg.export.write import write_build

    for unapplied in result.unapplied:
        say(f"not applied: {unapplied}")
    for path in write_build(result, output, title=title):
        click.echo(str(path))
    counts = json.loads((output / "manifest.json").read_bytes())["counts"]
    say(", ".join([count(counts["documents"], "document"), count(counts["nodes"], "node"),
                   count(counts["edges"], "edge"), f"{count(counts['doubts'], 'name')} left open"]))
