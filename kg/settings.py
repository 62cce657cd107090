"""Every setting of a build, with its default, in one place."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from kg.models import Record


class Settings(Record):
    """What a user may choose. The command line, a kg.toml and the Python API all end up here."""

    model: str = Field("default", description="tagger: a name of `kg models list`, a directory or a HanLP identifier")
    rules: Path | None = Field(None, description="directory whose files overlay the rules and lexicons of the package")
    date: str = Field("", description="date (YYYY-MM-DD) of documents that don't state their own")
    text_column: str = Field("", description="column that holds the text; empty: text, content, body or 正文")
    title_column: str = Field("", description="column that holds the title; empty: title, headline or 标题")
    date_column: str = Field("", description="column that holds the date; empty: date, time, published or 日期")
    id_column: str = Field("", description="column that holds the id; empty: id, else the row number")
    min_cooccurrence: int = Field(1, ge=1, description="co-occurrence edges with fewer shared sentences are left out")
    strict: bool = Field(False, description="stop at the first document that can't be read")
