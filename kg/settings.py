"""Every setting of a build, with its default, in one place."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from pydantic import Field

from kg.errors import InputError
from kg.models import Record


class Settings(Record):
    """What a user may choose. The command line, a kg.toml and the Python API all end up here."""

    model: str = Field("default", description="tagger: a name of `kg models list`, a directory or a HanLP identifier")
    rules: Path | None = Field(None, description="directory whose files overlay the rules and lexicons of the package")
    date: str = Field("", description="date (YYYY-MM-DD) of documents that don't state their own",
                      pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    text_column: str = Field("", description="column that holds the text; empty: text, content, body or 正文")
    title_column: str = Field("", description="column that holds the title; empty: title, headline or 标题")
    date_column: str = Field("", description="column that holds the date; empty: date, time, published or 日期")
    id_column: str = Field("", description="column that holds the id; empty: id, else the row number")
    min_cooccurrence: int = Field(1, ge=1, description="co-occurrence edges with fewer shared sentences are left out")
    strict: bool = Field(False, description="stop at the first document that can't be read")


def read_config(path: Path) -> dict[str, Any]:
    """Options from a TOML file, as defaults for every command: `date = "2020-02-04"`.

    Raises InputError for text that isn't TOML and for names that aren't settings.
    """
    import tomllib

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML: {error}") from error
    for name in values:
        if name not in Settings.model_fields:
            near = difflib.get_close_matches(name, Settings.model_fields, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; settings are {', '.join(Settings.model_fields)}"
            raise InputError(f"{path}: {name} is no setting{hint}")
    return dict.fromkeys(("build", "clean", "tag", "explain"), values)
