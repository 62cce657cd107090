"""kg stats, ego, path, timeline, top, communities, diff: questions to a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import json_option, kinds, wrong_usage
from kg.commands.output import put

if TYPE_CHECKING:
    from kg.models import Record

graph_argument = click.argument("graph", type=click.Path(exists=True, path_type=Path))
cooccurrence_option = click.option("--cooccurrence/--no-cooccurrence", default=True,
                                   help="Whether names that merely share a sentence count as joined; default: yes.")


def limit_option(default: int) -> Callable[..., Any]:
    return click.option("-n", "--limit", default=default, show_default=True, type=click.IntRange(min=1),
                        help="How many to show.")


def _record(record: Record) -> None:
    put(record.model_dump(mode="json", exclude_none=True))


def _records(records: Iterable[Record]) -> None:
    for record in records:
        _record(record)


@click.command()
@graph_argument
@cooccurrence_option
@limit_option(10)
@json_option
def stats(graph: Path, cooccurrence: bool, limit: int, as_json: bool) -> None:
    """Figures of a graph: counts, density, components, the nodes that lead, documents and their dates.

    \b
    Examples:
      kg stats outputs/sample
      kg stats outputs/sample --no-cooccurrence --json
    """
    from kg.ask import questions
    from kg.ask.answers import stats_text
    from kg.export import read_graph

    found = questions.stats(read_graph(graph), cooccurrence=cooccurrence, limit=limit)
    _record(found) if as_json else click.echo(stats_text(found))


@click.command()
@graph_argument
@click.argument("name")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(min=1), help="How many edges away.")
@cooccurrence_option
@limit_option(40)
@json_option
def ego(graph: Path, name: str, hops: int, cooccurrence: bool, limit: int, as_json: bool) -> None:
    """Show what lies around a node.

    \b
    Examples:
      kg ego outputs/sample 青岚市公安局
      kg ego outputs/sample 周海平 --hops 2 --no-cooccurrence
    """
    from kg.ask import questions
    from kg.ask.answers import ego_text
    from kg.export import read_graph

    read = read_graph(graph)
    found = questions.ego(read, name, hops, cooccurrence=cooccurrence)
    _record(found) if as_json else click.echo(ego_text(found, read, limit))


@click.command()
@graph_argument
@click.argument("name")
@click.argument("other")
@click.option("-k", "--k", "number", default=1, show_default=True, type=click.IntRange(min=1),
              help="How many paths, the shortest first.")
@cooccurrence_option
@json_option
def path(graph: Path, name: str, other: str, number: int, cooccurrence: bool, as_json: bool) -> None:
    """Show how two nodes are joined, with the evidence for each step.

    Names that merely share a sentence count as two steps. No path leads through a date.

    \b
    Examples:
      kg path outputs/sample 周海平 老街派出所
      kg path outputs/sample 周海平 老街派出所 --k 3 --no-cooccurrence
    """
    from kg.ask import questions
    from kg.ask.answers import paths_text
    from kg.export import read_graph

    found = questions.paths(read_graph(graph), name, other, number, cooccurrence=cooccurrence)
    _records(found) if as_json else click.echo(paths_text(found))


@click.command()
@graph_argument
@click.argument("name")
@json_option
def timeline(graph: Path, name: str, as_json: bool) -> None:
    """Show what is dated of a node, in the order of days.

    \b
    Example:
      kg timeline outputs/sample 青岚市公安局
    """
    from kg.ask import questions
    from kg.ask.answers import timeline_text
    from kg.export import read_graph

    found = questions.timeline(read_graph(graph), name)
    _record(found) if as_json else click.echo(timeline_text(found))


@click.command()
@graph_argument
@click.option("--relation", default="", callback=kinds, metavar="RELATION",
              help="Edges of this relation alone, such as performs or 实施.")
@click.option("--type", "type_", default="", callback=kinds, metavar="TYPE",
              help="Nodes of this type alone, such as PERSON or 人物.")
@cooccurrence_option
@limit_option(20)
@json_option
def top(graph: Path, relation: str, type_: str, cooccurrence: bool, limit: int, as_json: bool) -> None:
    """Rank nodes by the weight of their edges.

    \b
    Examples:
      kg top outputs/sample --relation performs --type ORGANIZATION
      kg top outputs/sample --no-cooccurrence -n 5
    """
    from kg.ask import questions
    from kg.ask.answers import top_text
    from kg.export import read_graph

    found = questions.top(read_graph(graph), relation, type_, limit, cooccurrence=cooccurrence)
    _records(found) if as_json else click.echo(top_text(found))


@click.command()
@graph_argument
@click.option("--members", default=5, show_default=True, type=click.IntRange(min=1), help="How many of each.")
@cooccurrence_option
@limit_option(10)
@json_option
def communities(graph: Path, members: int, cooccurrence: bool, limit: int, as_json: bool) -> None:
    """List the largest communities with their most typical members.

    \b
    Example:
      kg communities outputs/sample --members 8
    """
    from kg.ask import questions
    from kg.ask.answers import communities_text
    from kg.export import read_graph

    found = questions.communities(read_graph(graph), limit, members, cooccurrence=cooccurrence)
    _records(found) if as_json else click.echo(communities_text(found))


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A page to write (.html).")
@click.option("--title", default="", help="Title of the page; default: the names of both.")
@limit_option(15)
@json_option
def diff(old: Path, new: Path, output: Path | None, title: str, limit: int, as_json: bool) -> None:
    """Show what changed between two builds: posts, entities, names, relations.

    OLD and NEW are each a graph.json or the directory of a build. The text shows --limit changes of each kind, what
    most documents name first; the page has 500 of each, JSON all.

    \b
    Examples:
      kg diff outputs/january outputs/february
      kg diff old/graph.json new/graph.json --json | jq .posts
      kg diff outputs/january outputs/february -o outputs/changes.html
    """
    from kg.ask.answers import diff_text
    from kg.ask.diff import diff as compare
    from kg.export import read_graph

    if output is not None and output.suffix.lower() not in (".html", ".htm"):
        raise wrong_usage("-o: a page ends in .html")
    found = compare(read_graph(old), read_graph(new))
    if output is not None:
        from kg.page.diff import write_diff

        names = ((path if path.is_dir() else path.parent).resolve().name for path in (old, new))
        write_diff(found, output, title=title or f"图谱变化：{' → '.join(names)}")
        click.echo(str(output))
        return
    _record(found) if as_json else click.echo(diff_text(found, limit))


#: In the order of `kg --help`.
COMMANDS = (stats, ego, path, timeline, top, communities, diff)
