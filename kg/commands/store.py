"""kg store: what a store of facts holds, whether it is whole, and what can go."""

from __future__ import annotations

import click

from kg.commands.options import json_option
from kg.commands.output import put, say

DIRECTORY = click.argument("directory")


@click.group()
def store() -> None:
    """Look after a store of facts.

    \b
    Examples:
      kg build reports/ --store outputs/store -o outputs/reports
      kg store stats outputs/store
    """


@store.command()
@DIRECTORY
@json_option
def stats(directory: str, as_json: bool) -> None:
    """Show what a store holds.

    \b
    Example:
      kg store stats outputs/store
    """
    from dataclasses import asdict

    from kg.store.care import stats as look

    found = asdict(look(directory))
    if as_json:
        put(found)
    else:
        for name, value in found.items():
            click.echo(f"{name.replace('_', ' '):<12}  {value:>14,}")


@store.command()
@DIRECTORY
@click.option("--builds", default=1, show_default=True, type=click.IntRange(min=1),
              help="Keep what so many of the last builds used.")
def gc(directory: str, builds: int) -> None:
    """Remove what the last builds didn't use: documents that are changed or gone, other settings, damaged files.

    \b
    Examples:
      kg store gc outputs/store
      kg store gc outputs/store --builds 3
    """
    from kg.store.care import gc as collect

    say(f"{collect(directory, builds):,} bytes freed")


@store.command()
@DIRECTORY
def verify(directory: str) -> None:
    """Check every file of a store against its digest; what is damaged is put aside. Exit code 1 if anything was.

    \b
    Example:
      kg store verify outputs/store
    """
    from kg.store.care import verify as check

    damaged = list(check(directory))
    for each in damaged:
        click.echo(each)
    say("all files are whole" if not damaged else "build again to mend it")
    raise SystemExit(int(bool(damaged)))
