"""kg clean, tag, explain: what is read from documents and sentences."""

from __future__ import annotations

from typing import Any

import click

from kg.commands.options import (
    inputs_argument,
    json_option,
    need,
    read_all,
    reading_options,
    settings_of,
    tagging_options,
    wrong_usage,
)
from kg.commands.output import put


@click.command()
@inputs_argument
@click.option("--explain", "explained", is_flag=True, help="What each repair did, as a table.")
@json_option
@reading_options
def clean(inputs: tuple[str, ...], explained: bool, as_json: bool, **options: Any) -> None:
    """Repair documents and print their text.

    \b
    Examples:
      kg clean page.txt
      kg clean page.txt --explain
      cat page.txt | kg clean - --json
    """
    from kg.clean import as_json as as_record
    from kg.clean import clean as repair
    from kg.clean import explain
    from kg.show import edits_table

    settings = settings_of(options)
    documents, skipped = read_all(need(inputs), settings)
    for document in documents:
        cleaned = repair(document, settings)
        if as_json:
            put(as_record(cleaned))
        elif explained:
            click.echo(edits_table(cleaned.id, explain(cleaned), cleaned.warnings))
        else:
            click.echo(as_record(cleaned)["text"])
    raise SystemExit(int(skipped))


@click.command()
@inputs_argument
@click.option("--model-only", is_flag=True, help="The model's own mentions, before gazetteers, grammar and filters.")
@reading_options
@tagging_options
def tag(inputs: tuple[str, ...], model_only: bool, **options: Any) -> None:
    """Print the mentions of documents, one JSON object a document.

    Offsets count characters of the raw input.

    \b
    Examples:
      kg tag page.txt
      kg tag page.txt --model lac --model-only
      kg tag reports/ | jq -r '.mentions[] | [.type, .text] | @tsv'
    """
    from kg.show import mention_records

    settings = settings_of(options)
    documents, skipped = read_all(need(inputs), settings)
    for record in mention_records(documents, settings, model_only):
        put(record)
    raise SystemExit(int(skipped))


@click.command()
@click.argument("sentence")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="Date of the document that the sentence is from.")
@tagging_options
def explain(sentence: str, **options: Any) -> None:
    """Show what is read from a sentence.

    Words, mentions and what they were linked to, acts, which rule fired, and which nearly did and why not.

    \b
    Example:
      kg explain "9月4日，甲市公安局局长张三主持召开会议。" --date 2022-09-13
    """
    from kg.show import explain_text

    if not sentence.strip():
        raise wrong_usage("Say a sentence.")
    click.echo(explain_text(sentence, settings_of(options)))
