"""The reference of all commands, made from the commands themselves: kg/docs/commands.md.

    python scripts/reference.py             print it
    python scripts/reference.py --update    write kg/docs/commands.md; a test compares the two
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kg.cli import main as kg

FILE = Path(__file__).parents[1] / "kg" / "docs" / "commands.md"
HEAD = """# Commands

Made by `python scripts/reference.py --update` from the commands themselves; `kg COMMAND --help` says the same.

Data goes to standard output or to the files named, everything else to standard error. Exit codes: 0 done; 1 something
that you can mend, and the message says how; 2 wrong usage.
"""


def main() -> None:
    if "--update" in sys.argv[1:]:
        FILE.write_text(reference(), encoding="utf-8")
    else:
        print(reference(), end="")


def reference() -> str:
    """The whole file."""
    sections = [section(path, command) for path, command in commands(kg, "kg") if not isinstance(command, click.Group)]
    return "\n".join([HEAD, *sections])


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """The command and all below it, with the words that call them, in the order of `kg --help`."""
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, f"{path} {name}")


def section(path: str, command: click.Command) -> str:
    """What one command does, its examples, and a table of its options."""
    text, _, examples = inspect.cleandoc(command.help or "").partition("\b\n")
    usage = " ".join([path, *command.collect_usage_pieces(click.Context(command, info_name=path))])
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    shown = [f"## {path}", "", re.sub(r"(?<!\n)\n(?!\n)", " ", text.strip()), "", "```", usage, "```", ""]
    if examples:
        lines = inspect.cleandoc(examples.partition("\n")[2]).strip()
        shown += ["```", *(line.strip() for line in lines.splitlines()), "```", ""]
    if options:
        shown += ["| option | |", "| --- | --- |", *map(row, options), ""]
    return "\n".join(shown)


def row(option: click.Option) -> str:
    """The line of an option. From its own fields: what click prints of it changes from version to version."""
    value = "" if option.is_flag else " " + (option.metavar or option.type.name.split()[0].upper())
    names = ", ".join([*option.opts, *option.secondary_opts]) + value
    notes = ["needed"] * option.required + ["repeatable"] * option.multiple
    if option.show_default and option.default is not None:
        notes.append(f"default: {option.default}")
    said = " ".join([(option.help or "").replace("|", "\\|"), *([f"*({', '.join(notes)})*"] if notes else [])])
    return f"| `{names}` | {said} |"


if __name__ == "__main__":
    main()
