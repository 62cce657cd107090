"""Files, folders and standard input to Documents.

A document that can't be read becomes a `Skipped`, which names the file and the remedy, and the rest goes on.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from kg.clean.metadata import iso_date
from kg.errors import InputError
from kg.models import Document, Metadata
from kg.read.encodings import Decoded, decode
from kg.settings import Settings

Format = Literal["txt", "md", "html", "jsonl", "csv"]

_FORMATS: dict[str, Format] = {".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html",
                               ".htm": "html", ".xhtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv",
                               ".tsv": "csv"}
#: Documents all the same: they are reported, not passed over, when they lie in a folder.
_NOT_YET = (".pdf", ".doc", ".docx", ".parquet", ".rtf", ".odt", ".wps")
_COLUMNS = {
    "text": ("text", "content", "body", "正文"),
    "title": ("title", "headline", "标题"),
    "date": ("date", "time", "published", "日期"),
    "id": ("id",),
    "publisher": ("publisher", "source", "来源", "媒体"),
    "url": ("url", "link", "网址"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that couldn't be read: `source` (with the row, `file:12`) and why, with what to do about it."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class _Cell(NamedTuple):
    """A row of a table: its number from 1 and its columns."""

    row: int
    columns: dict[str, str]


class _Found(NamedTuple):
    """A document that doesn't have its final id yet; `names` are the ids it may have, the shortest first."""

    document: Document
    names: tuple[str, ...]


def read(inputs: Sequence[str | Path], settings: Settings) -> tuple[list[Document], list[Skipped]]:
    """Read files, folders (recursively) and `-` (standard input), in an order that doesn't depend on that of `inputs`.

    Raises InputError for a path that doesn't exist, a folder that holds no document, and, with
    `settings.strict`, for the first document that can't be read.
    """
    found: list[_Found] = []
    skipped: list[Skipped] = []

    def skip(source: str, reason: str) -> None:
        skipped.append(Skipped(source, reason))
        if settings.strict:
            raise InputError(str(skipped[-1]))

    if any(str(each) == "-" for each in inputs):
        found += _read_bytes(sys.stdin.buffer.read(), Path("stdin.txt"), "-", settings, skip)
    for path in _files([Path(each) for each in inputs if str(each) != "-"]):
        try:
            data = path.read_bytes()
        except OSError as error:
            skip(_printable(path), f"can't be opened ({error.strerror}); check that you may read it")
            continue
        found += _read_bytes(data, Path(_printable(path)), _printable(path), settings, skip)
    documents = _with_unique_ids(found)
    return sorted(documents, key=lambda document: (document.source, document.row or 0)), skipped


def _files(inputs: Sequence[Path]) -> list[Path]:
    """The files that the inputs name, each once, sorted."""
    chosen: dict[Path, Path] = {}
    for given in sorted(inputs):
        if given.is_dir():
            built = {manifest.parent for manifest in given.rglob("manifest.json")
                     if (manifest.parent / "graph.json").is_file()}
            inside = [path for path in sorted(given.rglob("*")) if path.is_file() and _is_document(path, given)
                      and not any(_wrote(folder, path) for folder in built)]
            if not inside:
                raise InputError(f"{given}: holds no document; kg reads {' '.join(sorted(_FORMATS))}")
        elif given.exists():
            inside = [given]
        else:
            raise InputError(f"{given}: there is no such file or folder; check the path")
        for path in inside:
            chosen.setdefault(path.resolve(), path)
    return sorted(chosen.values())


def _wrote(folder: Path, path: Path) -> bool:
    """Whether kg itself, which built into `folder`, has written `path`: then it is no input. Other files there are."""
    return path.parent == folder and (path.name == "report.md" or path.name.startswith("graph."))


def _is_document(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in (*_FORMATS, *_NOT_YET)


def _printable(path: Path) -> str:
    """A path as text: names that aren't UTF-8, as archives made on Chinese Windows hold them, are read as GB18030."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


Skip = Callable[[str, str], None]


def _read_bytes(data: bytes, path: Path, source: str, settings: Settings, skip: Skip) -> Iterator[_Found]:
    suffix = path.suffix.lower()
    if suffix in (*_NOT_YET, ".json", ".xml", ".xlsx", ".xls"):
        return skip(source, f"{suffix} can't be read yet; save it as .txt, .html, .jsonl or .csv")
    if not data.strip():
        return skip(source, "is empty; remove it or fill it")
    decoded = decode(data)
    if decoded is None:
        return skip(source, "is no text in UTF-8, GB18030, Big5 or UTF-16; convert it to UTF-8")
    if not decoded.text.strip("\ufeff \t\r\n\u3000\u00a0"):
        return skip(source, "holds nothing but blanks; remove it or fill it")
    kind = _FORMATS.get(suffix, "txt")
    if source == "-" and re.match(r"\s*<(?:!doctype|html)\b", decoded.text, re.IGNORECASE):
        kind = "html"
    if kind in ("jsonl", "csv"):
        rows = _json_rows(decoded, source, skip) if kind == "jsonl" else _csv_rows(decoded, suffix, source, skip)
        yield from _table(rows, decoded, path, source, kind, settings, skip)
        return None
    date = iso_date(path.stem)
    document = Document(id=path.stem, text=decoded.text, source=source, sha256=hashlib.sha256(data).hexdigest(),
                        encoding=decoded.encoding, format=kind, warnings=decoded.warnings,
                        given=Metadata(date=date, date_from="file name" if date else ""))
    yield _Found(document, _names(path.stem, path, document.sha256))
    return None


def _json_rows(decoded: Decoded, source: str, skip: Skip) -> Iterator[_Cell]:
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if not line.strip("\ufeff \t\r"):
            continue
        try:
            row = json.loads(line.strip("\ufeff"))
        except (ValueError, RecursionError) as error:
            skip(f"{source}:{number}", f"is no JSON ({getattr(error, 'msg', 'nested too deeply')}); "
                                       "write one object a line")
            continue
        if not isinstance(row, dict):
            skip(f"{source}:{number}", "is no JSON object; write one object a line")
            continue
        yield _Cell(number, {str(key): _plain(value) for key, value in row.items()})


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, (list, dict)) else str(value)


def _csv_rows(decoded: Decoded, suffix: str, source: str, skip: Skip) -> Iterator[_Cell]:
    limit = csv.field_size_limit(2**31 - 1)
    try:
        text = decoded.text.lstrip("\ufeff").replace("\x00", "")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if suffix == ".tsv" else ",")
        header = [name.strip() for name in next(reader, [])]
        for number, row in enumerate((row for row in reader if row), start=1):
            yield _Cell(number, dict(zip(header, row, strict=False)))
    except csv.Error as error:
        skip(source, f"is no table ({error}); save it as CSV again")
    finally:
        csv.field_size_limit(limit)


def _table(rows: Iterator[_Cell], decoded: Decoded, path: Path, source: str, kind: Format, settings: Settings,
           skip: Skip) -> Iterator[_Found]:
    missing = 0
    for cell in rows:
        where = f"{source}:{cell.row}"
        column = _column(cell, "text", settings)
        if column is None:
            missing += 1
            if kind == "csv" or missing == 1:
                wanted = settings.text_column or ", ".join(_COLUMNS["text"])
                skip(where, f"has no column {wanted}; there are {', '.join(cell.columns)}; name the one with the text "
                            "by --text-column")
            if kind == "csv":
                return
            continue
        text = _without_surrogates(cell.columns[column])
        if not text.strip():
            skip(where, f"the column {column} is empty; fill it or remove the row")
            continue
        yield _row_document(cell, text, decoded, path, source, kind, settings)


def _column(cell: _Cell, purpose: str, settings: Settings) -> str | None:
    chosen = getattr(settings, f"{purpose}_column", "")
    by_name = {name.lower(): name for name in reversed(cell.columns)}
    for name in (chosen,) if chosen else _COLUMNS[purpose]:
        if name in cell.columns:
            return name
        if name.lower() in by_name:
            return by_name[name.lower()]
    return None


def _row_document(cell: _Cell, text: str, decoded: Decoded, path: Path, source: str, kind: Format,
                  settings: Settings) -> _Found:
    def value(purpose: str) -> str:
        column = _column(cell, purpose, settings)
        return _without_surrogates(cell.columns[column]).strip() if column else ""

    in_column, in_name = iso_date(value("date")), iso_date(path.stem)
    given = Metadata(title=value("title"), url=value("url"), publisher=value("publisher"), date=in_column or in_name,
                     date_from="column" if in_column else "file name" if in_name else "")
    name = value("id") or f"{path.stem}-{cell.row}"
    document = Document(id=name, text=text, source=source, row=cell.row, encoding=decoded.encoding, format=kind,
                        sha256=hashlib.sha256(text.encode()).hexdigest(), given=given, warnings=decoded.warnings)
    own = (name,) if not value("id") else (name, f"{path.stem}/{name}")
    return _Found(document, (*own, *_names(own[-1], path, document.sha256)[1:], f"{source}:{cell.row}"))


def _without_surrogates(text: str) -> str:
    r"""JSON can hold half of a surrogate pair (`"\ud83d"`), which is no character and can't be written anywhere."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _names(name: str, path: Path, digest: str) -> tuple[str, ...]:
    """The ids that a document may have: the name, the name behind one, two, … folders, the name with its digest."""
    folders = [part for part in path.parts[:-1] if part not in ("/", "\\", ".", "..")]
    behind = ["/".join((*folders[-depth:], name)) for depth in range(1, len(folders) + 1)]
    return (name, *behind, f"{(behind or [name])[-1]}-{digest[:8]}", f"{path}-{digest}")


def _with_unique_ids(found: Sequence[_Found]) -> list[Document]:
    """Give every document the shortest of its names that no other has; all that share a name move on together."""
    level = [0] * len(found)
    while True:
        names = [each.names[min(depth, len(each.names) - 1)] for each, depth in zip(found, level, strict=True)]
        counts = Counter(names)
        again = [k for k, name in enumerate(names) if counts[name] > 1 and level[k] < len(found[k].names) - 1]
        if not again:
            break
        for k in again:
            level[k] += 1
    return [each.document.model_copy(update={"id": name}) for each, name in zip(found, names, strict=True)]
