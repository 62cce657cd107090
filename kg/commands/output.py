"""What commands print: data on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from kg.visible import visible

PACKAGE = Path(__file__).parents[1]


def write_utf8() -> None:
    """Write UTF-8 to files and pipes, whatever the locale; to a terminal, what it can show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """A message for the person, on standard error; it may quote a file, which must not steer the terminal."""
    click.echo(visible(text, keep="\n"), err=True)


def count(number: int, name: str) -> str:
    return f"{number} {name}" + ("" if number == 1 else "s")


def put(record: Any) -> None:
    """One JSON object on a line of standard output."""
    click.echo(json.dumps(record, ensure_ascii=False))


def put_rows(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Rows with the same keys, as a table or as JSON lines."""
    from kg.show import table

    if as_json:
        for row in rows:
            put(row)
    else:
        click.echo(table(list(rows[0]), [[short(value) for value in row.values()] for row in rows]))


def short(value: Any) -> str:
    """A value for a table; files of the package are named from its directory on."""
    return str(value).replace(f"{PACKAGE}{os.sep}", f"kg{os.sep}")


def bar(stage: str, items: Iterable[Any], length: int) -> Iterator[Any]:
    """The items, counted by a progress bar on standard error if that is a terminal."""
    if not sys.stderr.isatty() or length < 2:
        yield from items
        return
    with click.progressbar(items, length=length, label=f"{stage:<8}", file=sys.stderr) as counted:
        yield from counted


def tell_bytes(name: str, done: int, whole: int) -> None:
    """How much of a file has come, on standard error if that is a terminal."""
    if sys.stderr.isatty():
        of = f" of {whole / 1e6:.1f}" if whole else ""
        click.echo(f"\r{name}  {done / 1e6:.1f}{of} MB", err=True, nl=bool(whole) and done >= whole)
