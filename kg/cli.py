"""The commands. Data goes to standard output or to files, everything else to standard error.

Each command gathers its options, calls one function of the library and prints what comes back; heavy modules
are imported inside the commands that need them, so that `kg --help` is instant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from kg.errors import KGError
from kg.settings import Settings

CONFIG = Path("kg.toml")


class KGGroup(click.Group):
    """A click group that shows our own errors as one message and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=KGGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kg")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Options in a file; default: kg.toml in the working directory, if there is one.")
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Chinese documents in, a knowledge graph with its evidence out.

    \b
    Examples:
      kg build --sample -o outputs/sample         try it on the documents that ship with kg
      kg build reports/ -o outputs/reports        a folder of .txt, .md, .html, .jsonl, .csv
      kg why outputs/reports 李某某               where does it say so?
    """
    from kg.settings import read_config

    if config or CONFIG.is_file():
        ctx.default_map = read_config(config or CONFIG)


# ------------------------------------------------------------------------------- shared options


def inputs_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("inputs", nargs=-1, metavar="INPUT...")(command)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that reads documents; their names are those of Settings."""
    for option in reversed([
        click.option("--date", default="", metavar="YYYY-MM-DD", help="Date of documents that don't state their own."),
        click.option("--text-column", default="", help="Column of a table that holds the text."),
        click.option("--title-column", default="", help="Column that holds the title."),
        click.option("--date-column", default="", help="Column that holds the date."),
        click.option("--id-column", default="", help="Column that holds the id."),
        click.option("--strict", is_flag=True, help="Stop at the first document that can't be read."),
    ]):
        command = option(command)
    return command


def tagging_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed([
        click.option("--model", default="default", show_default=True,
                     help="A name of `kg models list`, a directory in HanLP's format, or a HanLP identifier."),
        click.option("--rules", type=click.Path(exists=True, file_okay=False, path_type=Path),
                     help="Directory whose rules and lexicons overlay those of the package."),
    ]):
        command = option(command)
    return command


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")(command)


def say(text: str) -> None:
    """A message for the person, on standard error."""
    click.echo(text, err=True)


def put(record: Any) -> None:
    """One JSON object on a line of standard output."""
    click.echo(json.dumps(record, ensure_ascii=False))


def bar(stage: str, items: Sequence[Any]) -> Iterator[Any]:
    """The items, counted by a progress bar on standard error if that is a terminal."""
    if not sys.stderr.isatty() or len(items) < 2:
        yield from items
        return
    with click.progressbar(items, label=f"{stage:<8}", file=sys.stderr) as counted:
        yield from counted


def read_all(inputs: Sequence[str], settings: Settings) -> tuple[list[Any], bool]:
    """The documents, and whether some were skipped (each is reported)."""
    from kg.read import read

    documents, skipped = read(inputs, settings)
    for each in skipped:
        say(f"skipped {each.source}: {each.reason}")
    return documents, bool(skipped)


# --------------------------------------------------------------------------------------- build


@main.command()
@inputs_argument
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Directory for graph.graphml, graph.html, graph.json, manifest.json, report.md.")
@click.option("--sample", is_flag=True, help="Build from the documents that ship with kg.")
@click.option("--min-cooccurrence", default=1, show_default=True, type=click.IntRange(min=1),
              help="Shared sentences from which on co-occurrence is an edge.")
@click.option("--title", default="", help="Title of the page.")
@reading_options
@tagging_options
@click.pass_context
def build(ctx: click.Context, inputs: tuple[str, ...], output: Path, sample: bool, title: str, **options: Any) -> None:
    """Turn documents into a graph.

    INPUT: files, folders (with all that is in them), or - for standard input.

    \b
    Examples:
      kg build --sample -o outputs/sample
      kg build news/*.html reports/ -o outputs/news
      kg build page.txt --date 2020-02-04 -o outputs/page     1月27日 becomes 2020-01-27
      kg build articles.csv --text-column 正文 --date-column 日期 -o outputs/articles
    """
    from kg.pipeline import build as run
    from kg.pipeline import build_documents
    from kg.samples import sample_documents
    from kg.write import write_build

    if bool(inputs) == sample:
        raise click.UsageError("Say which documents: files, folders or -; or --sample, alone, to try.", ctx)
    settings = Settings(**options)
    result = (build_documents(sample_documents(settings), settings, progress=bar) if sample
              else run(inputs, settings, progress=bar))
    for each in result.skipped:
        say(f"skipped {each.source}: {each.reason}")
    written = write_build(result, output, title=title)
    graph = result.graph
    say(f"{len(graph.documents)} documents, {len(graph.nodes)} nodes, {len(graph.edges)} edges, "
        f"{len(graph.doubts)} names left open")
    for path in written:
        click.echo(str(path))
    if result.skipped:
        ctx.exit(1)


@main.command()
@inputs_argument
@click.option("--explain", "explained", is_flag=True, help="What each repair did, as a table.")
@json_option
@reading_options
@click.pass_context
def clean(ctx: click.Context, inputs: tuple[str, ...], explained: bool, as_json: bool, **options: Any) -> None:
    """Repair documents and print their text.

    \b
    Examples:
      kg clean page.txt
      kg clean page.txt --explain
      cat page.html | kg clean - --json
    """
    from kg.clean import as_json as as_record
    from kg.clean import explain
    from kg.clean import clean as repair
    from kg.show import edits_table

    settings = Settings(**options)
    documents, skipped = read_all(need(inputs, ctx), settings)
    for document in documents:
        cleaned = repair(document, settings)
        if as_json:
            put(as_record(cleaned))
        elif explained:
            click.echo(edits_table(cleaned.id, explain(cleaned), cleaned.warnings))
        else:
            click.echo(as_record(cleaned)["text"])
    ctx.exit(1 if skipped else 0)


@main.command()
@inputs_argument
@click.option("--model-only", is_flag=True, help="The model's own mentions, before gazetteers, grammar and filters.")
@reading_options
@tagging_options
@click.pass_context
def tag(ctx: click.Context, inputs: tuple[str, ...], model_only: bool, **options: Any) -> None:
    """Print the mentions of documents, one JSON object a document.

    Offsets count characters of the raw input.

    \b
    Examples:
      kg tag page.txt
      kg tag page.txt --model lac --model-only
      kg tag reports/ | jq -r '.mentions[] | [.type, .text] | @tsv'
    """
    from kg.show import mention_records

    settings = Settings(**options)
    documents, skipped = read_all(need(inputs, ctx), settings)
    for record in mention_records(documents, settings, model_only):
        put(record)
    ctx.exit(1 if skipped else 0)


def need(inputs: tuple[str, ...], ctx: click.Context) -> tuple[str, ...]:
    if not inputs:
        raise click.UsageError("Say which documents: files, folders or - for standard input.", ctx)
    return inputs


@main.command()
@click.argument("sentence")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="Date of the document that the sentence is from.")
@tagging_options
def explain(sentence: str, **options: Any) -> None:
    """Show what is read from a sentence: words, mentions, acts, which rule fired and which nearly did.

    \b
    Example:
      kg explain "9月4日，甲市公安局局长张三主持召开会议。" --date 2022-09-13
    """
    from kg.show import explain_text

    click.echo(explain_text(sentence, Settings(**options)))


@main.command()
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.argument("name")
@click.argument("other", required=False)
@json_option
def why(graph: Path, name: str, other: str | None, as_json: bool) -> None:
    """Show the evidence for a node, or for the edges between two.

    GRAPH is a graph.json or the directory of a build.

    \b
    Examples:
      kg why outputs/sample 临江市公安局
      kg why outputs/sample/graph.json 周海平 临江市公安局
    """
    from kg.export import read_graph
    from kg.why import render
    from kg.why import why as ask

    answer = ask(read_graph(graph / "graph.json" if graph.is_dir() else graph), name, other)
    if as_json:
        put(answer.model_dump(mode="json", exclude_none=True))
    else:
        click.echo(render(answer))


# --------------------------------------------------------------------------------------- rules


@main.group()
def rules() -> None:
    """The relation rules in force; check and test your own.

    \b
    Examples:
      kg rules list
      kg rules check my_rules/
      kg rules test --rules my_rules/
    """


@rules.command("list")
@click.option("--rules", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Directory that overlays the rules of the package.")
@json_option
def list_rules(directory: Path | None, as_json: bool) -> None:
    """List the rules: id, relation, confidence, reason.

    \b
    Example:
      kg rules list --rules my_rules/
    """
    from kg.rules import load_rules
    from kg.show import table

    rows = load_rules(directory).rows()
    if as_json:
        for row in rows:
            put(row)
    else:
        click.echo(table(list(rows[0]), [[str(v) for v in row.values()] for row in rows]))


@rules.command("check")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_rules(directory: Path) -> None:
    """Check a directory of rules and lexicons: every fault with file and line.

    \b
    Example:
      kg rules check my_rules/
    """
    from kg.errors import KnowledgeError
    from kg.lexicon import load_lexicon
    from kg.rules import check_rules as check

    faults = check(directory)
    try:
        load_lexicon(directory)
    except KnowledgeError as error:
        faults = [*faults, *error.faults]
    if faults:
        raise KnowledgeError(faults)
    say("no faults")


@rules.command("test")
@click.option("--rules", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Directory that overlays the rules of the package.")
def test_rules(directory: Path | None) -> None:
    """Run every rule on its own examples and counter-examples.

    \b
    Example:
      kg rules test --rules my_rules/
    """
    from kg.errors import KnowledgeError
    from kg.relate import test_rules as run
    from kg.rules import load_rules

    book = load_rules(directory)
    if failures := run(book):
        raise KnowledgeError(failures)
    say(f"{len(book.relations)} rules do what their examples say")


# ------------------------------------------------------------------------------ eval, models, doctor


@main.command("eval")
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.option("--errors", is_flag=True, help="List what was missed and what was wrong.")
@json_option
def evaluate(gold: Path, graph: Path, errors: bool, as_json: bool) -> None:
    """Precision, recall and F1 of a graph of one document against gold.

    \b
    Example:
      kg eval gold/page.json outputs/page
    """
    from kg.evaluate import evaluate as score
    from kg.evaluate import render as show
    from kg.export import read_graph
    from kg.gold import read_gold

    result = score(read_gold(gold), read_graph(graph / "graph.json" if graph.is_dir() else graph))
    if as_json:
        put(result.model_dump(mode="json"))
    else:
        click.echo(show(result, errors=errors))


@main.group()
def models() -> None:
    """Which taggers there are."""


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the taggers, their licences, and where they are.

    \b
    Example:
      kg models list
    """
    from dataclasses import asdict

    from kg.show import table
    from kg.taggers import list_models as known

    rows = [asdict(info) for info in known()]
    if as_json:
        for row in rows:
            put(row)
    else:
        click.echo(table(list(rows[0]), [[str(v) for v in row.values()] for row in rows]))


@main.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what works on this machine, and what to do about what doesn't.

    \b
    Example:
      kg doctor
    """
    from kg.doctor import examine
    from kg.show import table

    findings = examine()
    if as_json:
        for finding in findings:
            put(finding.model_dump(mode="json"))
    else:
        click.echo(table(["", "what", "found", "remedy"], [[f.mark, f.what, f.found, f.remedy] for f in findings]))
    ctx.exit(1 if any(f.state == "broken" for f in findings) else 0)

