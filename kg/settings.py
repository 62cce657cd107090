"""Every setting of a build, with its default, in one place."""

from __future__ import annotations

import datetime
import difflib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from kg.errors import InputError
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
    overrides: tuple[Path, ...] = Field((), description="tables of decisions (`kg review`) that the build goes by")
    mask_private: bool = Field(False, description="hide private numbers and the names of persons without an office")
    workers: int = Field(1, ge=1, description="processes that read documents; 1: this one")
    engine: Literal["local", "ray"] = Field("local", description="where documents are read: here, or on a Ray cluster")
    store: str | None = Field(None, description="directory, or address of one (s3://…), that keeps what was read")
    time_limit: float = Field(300, gt=0, description="seconds for a document of up to 40,000 characters, with workers")
    strict: bool = Field(False, description="stop at the first document that can't be read")

    @field_validator("store", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, Path) else value

    @field_validator("date")
    @classmethod
    def _a_day(cls, value: str) -> str:
        """A day of the calendar, or empty text."""
        try:
            if value and datetime.date.fromisoformat(value).isoformat() != value:
                raise ValueError
        except ValueError:
            raise ValueError("is no date; write YYYY-MM-DD") from None
        return value


def read_config(path: Path) -> dict[str, Any]:
    """Options from a TOML file, as defaults for every command: `date = 2020-02-04`, with or without quotation marks.

    A directory, a store or a table of decisions is looked for beside the file that names it; the address of a store
    (s3://…) stays what it is. Raises InputError for a file that can't be read, text that isn't TOML, names that aren't
    settings and values that they can't have.
    """
    import tomllib

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: isn't TOML ({error}); lines are of the form: date = \"2020-02-04\"") from error
    if unknown := [name for name in values if name not in Settings.model_fields]:
        near = difflib.get_close_matches(unknown[0], Settings.model_fields, n=1)
        hint = f"did you mean {near[0]}?" if near else f"settings are {', '.join(Settings.model_fields)}"
        raise InputError(f"{path}: {unknown[0]} is no setting; {hint}")
    values = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in values.items()}
    for name, folder in (("rules", values.get("rules")), ("model", values.get("model"))):
        if isinstance(folder, str) and (path.parent / folder).is_dir():
            values[name] = str(path.parent / folder)
    if isinstance(store := values.get("store"), str) and "://" not in store:
        values["store"] = str(path.parent / store)
    if isinstance(overrides := values.get("overrides"), str | list):
        overrides = [overrides] if isinstance(overrides, str) else overrides
        values["overrides"] = [str(path.parent / str(file)) for file in overrides]
    try:
        Settings(**values)
    except ValidationError as error:
        raise InputError("\n".join(f"{path}: {name}: {what}" for name, what in faults(error))) from error
    return values


def faults(error: ValidationError) -> list[tuple[str, str]]:
    """What is wrong with the values of settings: (`date`, `'2020-02-30' is no date; write YYYY-MM-DD`)."""
    found = []
    for fault in error.errors():
        said = fault["msg"].removeprefix("Value error, ")
        what = f"{fault['input']!r} {said}" if fault["type"] == "value_error" else f"{fault['input']!r}: {said}"
        found.append((".".join(map(str, fault["loc"])), what))
    return found
