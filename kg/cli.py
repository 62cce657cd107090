"""The command line: `kg COMMAND`. What each command does stands in kg/commands."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

import kg
from kg.commands.build import build, merge
from kg.commands.documents import clean, explain, tag
from kg.commands.graphs import evaluate, export, review, why
from kg.commands.machine import doctor, models
from kg.commands.output import write_utf8
from kg.commands.questions import COMMANDS as QUESTIONS
from kg.commands.rules import rules
from kg.commands.store import store
from kg.commands.view import view
from kg.errors import KGError
from kg.visible import visible

CONFIG = Path("kg.toml")


class KGGroup(click.Group):
    """A click group that shows our own errors as one message and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(visible(str(error), keep="\n")) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one comes to need them."""
        return list(self.commands)


@click.group(cls=KGGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kg.__version__, prog_name="kg")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Options in a file; default: kg.toml in the working directory, if there is one.")
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Chinese documents in, a knowledge graph with its evidence out.

    \b
    Examples:
      kg build --sample -o outputs/sample         try it on the documents that ship with kg
      kg build reports/ -o outputs/reports        a folder of .txt, .md, .html, .jsonl, .csv
      kg why outputs/sample 周海平                where does it say so?
    """
    write_utf8()
    if config or CONFIG.is_file():
        from kg.settings import read_config

        values = read_config(config or CONFIG)
        overlay = {"directory": values.get("rules")}
        ctx.default_map = {**dict.fromkeys(("build", "merge", "clean", "tag", "explain"), values),
                           "rules": {"list": overlay, "test": overlay}}


for command in (build, merge, clean, tag, explain, why, *QUESTIONS, export, view, review, evaluate, rules, store,
                models, doctor):
    main.add_command(command)


def run() -> None:
    """`main`, as a process of its own, which ends at once: to give back record by record what a large build holds takes
    Python longer than to write its manifest. Nothing is lost by that: files are closed, workers stopped.
    """
    try:
        main()
    except SystemExit as end:   # the records are held by what the exception came through
        if not isinstance(end.code, int):
            raise
        atexit._run_exitfuncs()
        with suppress(OSError):     # nobody reads on
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(end.code)
