"""Tables with a document in each row: .jsonl, .csv, .tsv and .parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from kg.errors import InputError
from kg.settings import Settings

#: What the columns of a table may be called, by what they are for; their case doesn't matter.
COLUMNS = {
    "text": ("text", "content", "body", "正文"),
    "title": ("title", "headline", "标题"),
    "date": ("date", "time", "published", "日期"),
    "id": ("id",),
    "publisher": ("publisher", "source", "来源", "媒体"),
    "url": ("url", "link", "网址"),
}
_BATCH = 256  # rows of a Parquet file that are in memory at a time


class Row(NamedTuple):
    """A row of a table: its number from 1 and its columns."""

    number: int
    columns: dict[str, str]


def json_rows(lines: Iterable[str], skip_row: Callable[[int, str], None]) -> Iterator[Row]:
    """The objects of JSON lines; `skip_row` is told of the lines that are none."""
    for number, ended in enumerate(lines, start=1):
        line = ended.rstrip("\n")
        if not line.strip("\ufeff \t\r"):
            continue
        try:
            row = json.loads(line.strip("\ufeff"))
        except (ValueError, RecursionError) as error:
            skip_row(number, f"is no JSON ({getattr(error, 'msg', 'nested too deeply')}); write one object a line")
            continue
        if not isinstance(row, dict):
            skip_row(number, "is no JSON object; write one object a line")
            continue
        yield Row(number, {str(key): _plain(value) for key, value in row.items()})


def csv_rows(text: str, delimiter: str, skip_row: Callable[[int, str], None]) -> Iterator[Row]:
    """The rows of CSV below its header, short ones filled with empty cells. Raises InputError when it is none.

    `skip_row` is told of rows with more cells than there are columns: their text was cut where it holds a delimiter.
    """
    limit = csv.field_size_limit(2**31 - 1)
    try:
        reader = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\x00", ""), newline=""), delimiter=delimiter)
        header = [name.strip() for name in next(reader, [])]
        for number, row in enumerate((row for row in reader if row), start=1):
            if "".join(row[len(header):]).strip():
                skip_row(number, "has more cells than the table has columns; put quotes around text that holds "
                                 f"{'commas' if delimiter == ',' else 'tabs'}")
            else:
                yield Row(number, dict(zip_longest(header, row[:len(header)], fillvalue="")))
    except csv.Error as error:
        raise InputError(f"is no table ({error}); save it as CSV again") from error
    finally:
        csv.field_size_limit(limit)


def parquet_rows(data: bytes, settings: Settings) -> Iterator[Row]:
    """The rows of the bytes of a Parquet file: the columns that mean something here, or all where none holds the text.

    Raises InputError when they are none, and where pyarrow is missing.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("is read with pyarrow, which isn't here; pip install 'kg[parquet]'") from error
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
        names = file.schema_arrow.names
        known = {purpose: column(names, purpose, settings) for purpose in COLUMNS}
        wanted = sorted(filter(None, known.values())) if known["text"] else None
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield Row(number, {name: _plain(value) for name, value in row.items()})
    except (pyarrow.ArrowException, ValueError, OSError, OverflowError) as error:
        raise InputError(f"is no Parquet file that can be read ({str(error).partition('.')[0]}); save it "
                         "again") from error


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None or isinstance(value, (list, dict)) else str(value)


def column(names: Sequence[str], purpose: str, settings: Settings) -> str | None:
    """Which of the columns serves a purpose: the one that the user names, or the first of COLUMNS."""
    chosen = getattr(settings, f"{purpose}_column", "")
    by_name = {name.lower(): name for name in reversed(names)}
    for name in (chosen,) if chosen else COLUMNS[purpose]:
        if name in names:
            return name
        if name.lower() in by_name:
            return by_name[name.lower()]
    return None
