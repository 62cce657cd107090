"""kg view: a page of a graph, or of a part of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kg.commands.options import kinds


@click.command()
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="The page to write (.html).")
@click.option("--around", default="", metavar="NAME", help="Only what lies around the node of this name.")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(min=0), help="How far around, in edges.")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the N nodes with the highest PageRank.")
@click.option("--type", "types", multiple=True, callback=kinds, metavar="TYPE",
              help="Only nodes of this type, such as PERSON or 人物; may be given again.")
@click.option("--relation", "relations", multiple=True, callback=kinds, metavar="RELATION",
              help="Only edges of this relation, such as part_of or 隶属; may be given again.")
@click.option("--min-weight", default=0.0, type=click.FloatRange(min=0), metavar="W",
              help="Only edges with at least so much evidence.")
@click.option("--title", default="", help="Title of the page.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the page; default: the browser's.")
@click.option("--no-text", is_flag=True, help="Leave the texts of the documents out of the page.")
@click.option("--open", "open_", is_flag=True, help="Open the page in a browser.")
def view(graph: Path, output: Path, title: str, lang: str | None, no_text: bool, open_: bool, **chosen: Any) -> None:
    """Write the page of a graph, or of a part of it.

    GRAPH is a graph.json or the directory of a build.

    \b
    Examples:
      kg view outputs/sample -o outputs/police.html --around 青岚市公安局 --hops 2
      kg view outputs/sample -o outputs/posts.html --relation 任职 --lang en
      kg view outputs/sample/graph.json -o outputs/top.html --top 50 --no-text
    """
    from typing import cast

    from kg.export import read_graph
    from kg.page import Language, write_page
    from kg.page.view import select

    whole = read_graph(graph)
    part = select(whole, **chosen)
    path = write_page(part, output, title=title or chosen["around"], lang=cast(Language, lang or ""),
                      texts=not no_text, whole=whole)
    click.echo(f"{len(part.nodes)} of {len(whole.nodes)} nodes, {len(part.edges)} of {len(whole.edges)} edges",
               err=True)
    click.echo(str(path))
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
