"""kg export, why, eval: from a graph to other formats, to its evidence, to its score."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.options import json_option, wrong_usage
from kg.commands.output import count, put, say


@click.command()
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.argument("name")
@click.argument("other", required=False)
@json_option
def why(graph: Path, name: str, other: str | None, as_json: bool) -> None:
    """Show the evidence for a node, or for the edges between two.

    GRAPH is a graph.json or the directory of a build.

    \b
    Examples:
      kg why outputs/sample 青岚市公安局
      kg why outputs/sample/graph.json 周海平 青岚市公安局
    """
    from kg.ask.why import render
    from kg.ask.why import why as ask
    from kg.export import read_graph

    answer = ask(read_graph(graph), name, other)
    if as_json:
        put(answer.model_dump(mode="json", exclude_none=True))
    else:
        click.echo(render(answer))


@click.command()
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="The file to write; its suffix says in which format.")
@click.option("--strict", is_flag=True, help="GraphML by the letter of its schema, without what only Gephi reads.")
def export(graph: Path, output: Path, strict: bool) -> None:
    """Write a graph in another format.

    GRAPH is a graph.json or the directory of a build.
    Formats: .graphml .gexf .json .csv .nodes.csv .csv.zip .cypher .ttl .ftm.json .ftm.jsonl .parquet .parquet.zip
    .duckdb

    \b
    Examples:
      kg export outputs/sample -o outputs/sample.gexf
      kg export outputs/sample/graph.json -o outputs/sample.csv.zip
    """
    from kg.export import read_graph, write_graph

    write_graph(read_graph(graph), output, strict=strict)
    click.echo(str(output))


@click.command()
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="The table to write (.csv).")
@click.option("--below", default=0.7, show_default=True, type=click.FloatRange(0, 1),
              help="Confidence below which an edge is asked about.")
def review(graph: Path, output: Path, below: float) -> None:
    """Write what people should look at: doubtful merges, open names, weak edges.

    Fill in `decision` (same, different, right, wrong, rename, type, split, delete, add), where it needs one
    `value`, and `who` and `why`; then build again with --overrides. Rows without a decision are passed over.

    \b
    Examples:
      kg review outputs/sample -o outputs/review.csv
      kg build --sample --overrides outputs/review.csv -o outputs/sample
    """
    from kg.correct.review import write_review
    from kg.export import read_graph

    if output.suffix.lower() != ".csv":
        raise wrong_usage("-o: a table ends in .csv")
    rows = write_review(read_graph(graph), output, below=below)
    say(f"{count(len(rows), 'question')} to answer")
    click.echo(str(output))


@click.command("eval")
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("graph", type=click.Path(exists=True, path_type=Path))
@click.option("--errors", is_flag=True, help="List what was missed and what was wrong.")
@json_option
def evaluate(gold: Path, graph: Path, errors: bool, as_json: bool) -> None:
    """Precision, recall and F1 of a graph of one document against gold.

    \b
    Example:
      kg eval gold/page.json outputs/page
    """
    from kg.evaluate import evaluate as score
    from kg.evaluate import render as show
    from kg.evaluate.gold import read_gold
    from kg.export import read_graph

    wanted, built = read_gold(gold), read_graph(graph)
    if [document.id for document in built.documents] != [wanted.document]:
        say(f"note: {graph} wasn't built from {wanted.document} alone")
    result = score(wanted, built)
    if as_json:
        put(result.model_dump(mode="json"))
    else:
        click.echo(show(result, errors=errors))
