"""kg models, doctor: what is on this machine, and what can be brought there."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import json_option
from kg.commands.output import put, put_rows, tell_bytes


@click.group()
def models() -> None:
    """Which taggers there are, here and on HanLP's hub.

    \b
    Examples:
      kg models list
      kg models pull hanlp-msra
      kg models verify
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


@models.command()
@click.argument("name")
@click.option("--from", "sources", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="FILE",
              help="An archive that was fetched elsewhere, or a folder of them; may be given several times.")
@click.option("--mirror", default="", metavar="URL", help="Fetch from here what isn't given; default: HanLP's hub.")
@click.option("--sha256", default="", metavar="HEX", help="What the archive of the model must have.")
@click.option("--yes", is_flag=True, help="Accept the licence without being asked.")
def pull(name: str, sources: tuple[Path, ...], mirror: str, sha256: str, yes: bool) -> None:
    """Bring a model of HanLP's hub to this machine, with its transformer if it needs one.

    \b
    Examples:
      kg models pull hanlp-msra
      kg models pull hanlp-mtl --from archives/ --yes      without a connection; the file names are those of the hub
    """
    from kg.taggers import pull as bring

    licence = bring.licence(name)
    if not yes:
        click.confirm(f"The weights of {name} are for {licence}. Go on?", abort=True, err=True)
    for each in bring.pull(name, sources, mirror=mirror, sha256=sha256, progress=tell_bytes):
        click.echo(f"{each.name}\t{each.directory}\t{f'sha256 {each.sha256}' if each.sha256 else 'was here'}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@json_option
def verify(names: tuple[str, ...], as_json: bool) -> None:
    """Compare the models on this machine with the digests that they came with; exit code 1 if one was changed.

    \b
    Examples:
      kg models verify
      kg models verify default lac
    """
    from dataclasses import asdict

    from kg.taggers.pull import verify as compare

    found = compare(names)
    put_rows([asdict(each) for each in found], as_json)
    raise SystemExit(int(any(each.state == "changed" for each in found)))


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say what works on this machine.

    And what to do about what doesn't, and which extras there are; exit code 1 if a build wouldn't work.

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
        needed = [[f.mark, f.what, f.found, f.remedy] for f in findings if not f.use]
        extras = [[f.mark, f.what, f.use, f.remedy or f.found] for f in findings if f.use]
        click.echo(table(["", "what", "found", "remedy"], needed))
        click.echo("\n" + table(["", "extra", "for", "here, or how to get it"], extras))
    raise SystemExit(int(any(f.state == "broken" for f in findings)))
