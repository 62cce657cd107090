"""kg models, doctor: what is on this machine."""

from __future__ import annotations

import click

from kg.commands.options import json_option
from kg.commands.output import put, put_rows


@click.group()
def models() -> None:
    """Which taggers there are.

    \b
    Example:
      kg models list
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the taggers, their licences, and where they are.

    \b
    Example:
      kg models list
    """
    from dataclasses import asdict

    from kg.taggers import list_models as known

    put_rows([asdict(info) for info in known()], as_json)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say what works on this machine.

    And what to do about what doesn't; exit code 1 if a build wouldn't work.

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
    raise SystemExit(int(any(f.state == "broken" for f in findings)))
