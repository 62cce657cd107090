"""kg rules: the rules in force, and a user's own."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import json_option
from kg.commands.output import put_rows, say


@click.group()
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
    from kg.relate.rules import load_rules

    put_rows(load_rules(directory).rows(), as_json)


@rules.command("check")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_rules(directory: Path) -> None:
    """Check a directory of rules and lexicons: every fault with file and line.

    \b
    Example:
      kg rules check my_rules/
    """
    from kg.errors import KnowledgeError
    from kg.knowledge.lexicon import load_lexicon
    from kg.relate.rules import check_rules as check

    if not [*directory.glob("relations/*.yaml"), *directory.glob("cues.yaml"), *directory.glob("lexicon/*.tsv")]:
        raise KnowledgeError([f"{directory}: holds no relations/*.yaml, cues.yaml or lexicon/*.tsv; see README.md"])
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
    from kg.relate.rules import load_rules

    book = load_rules(directory)
    if failures := run(book):
        raise KnowledgeError(failures)
    say(f"{len(book.relations)} rules do what their examples say")
