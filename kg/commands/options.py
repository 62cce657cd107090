"""Options that several commands share, and what the options make up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.output import say

if TYPE_CHECKING:
    from kg.models import Document
    from kg.settings import Settings


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


def working_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that reads many documents: where and how, which leaves no trace in the result."""
    for option in reversed([
        click.option("--store", metavar="DIR",
                     help="Keep what is read of each document in DIR, and read only what isn't there; an address of "
                          "fsspec (s3://…, gs://…) as well."),
        click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1),
                     help="Processes that read documents, each with the model in its memory (about 250 MB)."),
        click.option("--engine", default="local", show_default=True, type=click.Choice(["local", "ray"]),
                     help="Where documents are read and joined: on this machine, or on the Ray cluster that "
                          "RAY_ADDRESS names."),
        click.option("--time-limit", default=300.0, show_default=True, type=click.FloatRange(min=0, min_open=True),
                     help="Seconds after which workers give up a document of up to 40,000 characters; "
                          "longer ones get more."),
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


def kinds(ctx: click.Context, parameter: click.Parameter, named: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """The id, or the ids, of the types or relations that an option names by id or by a label."""
    if not named:
        return named
    from kg.knowledge.ontology import kind_named, load_ontology

    known: Any = load_ontology().types if "--type" in parameter.opts else load_ontology().relations
    try:
        return kind_named(named, known) if isinstance(named, str) else tuple(kind_named(name, known) for name in named)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, parameter) from error


def settings_of(options: dict[str, Any]) -> Settings:
    """The settings that the options make up; a value that can't be is wrong usage."""
    from pydantic import ValidationError

    from kg.settings import Settings, faults

    try:
        return Settings(**options)
    except ValidationError as error:
        said = (f"--{name.replace('_', '-')}: {what}" for name, what in faults(error))
        raise wrong_usage("\n".join(said)) from error


def wrong_usage(what: str) -> click.UsageError:
    """Exit code 2, with the usage of the command that is running."""
    return click.UsageError(what, click.get_current_context())


def need(inputs: tuple[str, ...]) -> tuple[str, ...]:
    if not inputs:
        raise wrong_usage("Say which documents: files, folders or - for standard input.")
    return inputs


def read_all(inputs: Sequence[str], settings: Settings) -> tuple[Sequence[Document], bool]:
    """The documents, and whether some were skipped (each is reported)."""
    from kg.read import read

    documents, skipped = read(inputs, settings)
    for each in skipped:
        say(f"skipped {each.source}: {each.reason}")
    return documents, bool(skipped)
