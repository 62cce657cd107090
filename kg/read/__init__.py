"""Files, folders and standard input to Documents.

A document that can't be read becomes a `Skipped`, which names the file and the remedy, and the rest goes on.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from kg.clean.metadata import iso_date
from kg.errors import InputError
from kg.models import Document, Metadata
from kg.read import archive, tables
from kg.read.encodings import BLANKS, Decoded, damage, decode, is_plain_utf8
from kg.read.pdf import pdf_text
from kg.read.word import docx_text
from kg.settings import Settings
from kg.spool import Sorter, hold, mapped
from kg.visible import visible

Format = Literal["txt", "md", "html", "docx", "pdf", "jsonl", "csv", "parquet"]

_FORMATS: dict[str, Format] = {".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html",
                               ".htm": "html", ".xhtml": "html", ".docx": "docx", ".pdf": "pdf", ".jsonl": "jsonl",
                               ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"}
_ARCHIVE = ".zip"
#: Bytes from which on JSON lines are read line by line.
_LARGE = 2**24
#: Documents all the same: they are reported, not passed over, when they lie in a folder; and what to save them as.
_NOT_READ = {".doc": ".docx", ".rtf": ".docx", ".odt": ".docx", ".wps": ".docx"}
#: What tells of text on standard input that it isn't plain: a page begins with its tag, JSON lines with an object.
_OPENINGS: dict[Format, re.Pattern[str]] = {"html": re.compile(r"\s*<(?:!doctype|html)\b", re.IGNORECASE),
                                            "jsonl": re.compile(r'\s*\{ *"[^"\n]+" *:[^\n]*\} *\r?(?:\n|\Z)')}
#: Reported when a user names them; in a folder they may be anything.
_NO_DOCUMENT = {".json": ".jsonl", ".xml": ".html or .txt", ".xlsx": ".csv", ".xls": ".csv"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that couldn't be read: `source` (with the row, `file:12`) and why, with what to do about it."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class _File(NamedTuple):
    """A file, or a file in an archive: what to call it, its bytes, and what its document may be called.

    `name` is the shortest id that its document may have, `folders` are those that may go before it.
    """

    source: str
    data: bytes
    name: str
    folders: tuple[str, ...]

    @property
    def path(self) -> PurePath:
        return PurePath(self.source)


def read(inputs: Sequence[str | Path], settings: Settings, folder: Path | None = None
         ) -> tuple[Sequence[Document], list[Skipped]]:
    """Read files, folders (recursively) and `-` (standard input), in an order that doesn't depend on that of `inputs`.

    With a `folder` documents that are too many for the memory are kept in files there (kg.spool).

    Raises InputError for a path that doesn't exist, a folder that holds no document, and, with `settings.strict`, for
    the first document that can't be read.
    """
    found = Sorter[Document](folder)
    skipped: list[Skipped] = []

    def skip(source: str, reason: str) -> None:
        skipped.append(Skipped(source, reason))
        if settings.strict:
            raise InputError(str(skipped[-1]))

    def keep(documents: Iterable[Document]) -> None:
        for document in documents:
            found.add((document.source, document.row or 0), document)

    if any(str(each) == "-" for each in inputs):
        data = sys.stdin.buffer.read()
        keep(_read_file(_File("-", data, "stdin", ()), _sniffed(data), settings, skip))
    for path in _files([Path(each) for each in inputs if str(each) != "-"]):
        source = PurePath(_printable(path))
        folders = tuple(part for part in source.parts[:-1] if part not in ("/", "\\", ".", ".."))
        file, suffix = _File(str(source), b"", source.stem, folders), source.suffix.lower()
        try:
            if _FORMATS.get(suffix) == "jsonl" and path.stat().st_size > _LARGE and _is_plain_utf8(path):
                keep(_large_table(path, file, settings, skip))
                continue
            data = path.read_bytes()
        except OSError as error:
            skip(_printable(path), f"can't be opened ({error.strerror}); check that you may read it")
            continue
        keep(_read_file(file._replace(data=data), suffix, settings, skip))
    return with_unique_ids(hold(found.values(), folder)), skipped


def _files(inputs: Sequence[Path]) -> list[Path]:
    """The files that the inputs name, each once, sorted."""
    chosen: dict[Path, Path] = {}
    for given in sorted(inputs):
        if given.is_dir():
            built = {manifest.parent for manifest in given.rglob("manifest.json")
                     if (manifest.parent / "graph.json").is_file()}
            inside = [path for path in sorted(given.rglob("*"))
                      if _is_document(path.relative_to(given)) and path.is_file()
                      and not any(_wrote(folder, path) for folder in built)]
            if not inside:
                raise InputError(f"{given}: holds no document; kg reads {' '.join(sorted((*_FORMATS, _ARCHIVE)))}")
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


def _is_document(inside: PurePath) -> bool:
    """Whether a path inside of a folder or an archive is that of a document, and not a hidden one."""
    hidden = any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in inside.parts)
    return not hidden and inside.suffix.lower() in (*_FORMATS, *_NOT_READ, _ARCHIVE)


def _printable(path: Path) -> str:
    return visible(archive.readable(os.fsencode(path)))


Skip = Callable[[str, str], None]


def _sniffed(data: bytes) -> str:
    """The suffix that standard input would have as a file."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PAR1"):
        return ".parquet"
    if data.startswith(b"PK\x03\x04"):
        return ".docx" if b"word/document.xml" in data else ".zip"
    return ".txt"


def _read_file(file: _File, suffix: str, settings: Settings, skip: Skip) -> Iterator[Document]:
    """The documents of a file; what keeps one from being read goes to `skip`."""
    remedy = _NOT_READ.get(suffix) or _NO_DOCUMENT.get(suffix)
    if remedy:
        return skip(file.source, f"{suffix} can't be read; save it as {remedy}")
    if not file.data.strip():
        return skip(file.source, "is empty; remove it or fill it")
    try:
        if suffix == _ARCHIVE:
            yield from _archived(file, settings, skip)
        elif suffix == ".parquet":
            yield from _table(tables.parquet_rows(file.data, settings), file, "parquet", "", (), settings, skip)
        else:
            yield from _read_text(file, suffix, settings, skip)
    except InputError as error:
        skip(file.source, str(error))
    return None


def _archived(file: _File, settings: Settings, skip: Skip) -> Iterator[Document]:
    """The documents of the members of an archive; they are called `archive.zip/folder/name.txt`."""
    def skip_member(path: str, reason: str) -> None:
        skip(f"{file.source}/{path}", reason)

    for path, data in archive.members(file.data, _is_document, skip_member):
        if path.suffix.lower() == _ARCHIVE:
            skip_member(str(path), "is an archive in an archive; unpack the outer one")
            continue
        member = _File(f"{file.source}/{path}", data, f"{file.path.name}/{path}", file.folders)
        yield from _read_file(member, path.suffix.lower(), settings, skip)


def _read_text(file: _File, suffix: str, settings: Settings, skip: Skip) -> Iterator[Document]:
    kind = _FORMATS.get(suffix, "txt")
    extract = {"docx": docx_text, "pdf": pdf_text}.get(kind, decode)
    decoded = extract(file.data)
    if decoded is None:
        return skip(file.source, "is no text in UTF-8, GB18030, Big5 or UTF-16; convert it to UTF-8")
    if not decoded.text.strip(BLANKS):
        return skip(file.source, "holds nothing but blanks; remove it or fill it")
    if file.source == "-":
        kind = next((told for told, opening in _OPENINGS.items() if opening.match(decoded.text)), kind)
    if kind in ("jsonl", "csv"):
        def skip_row(number: int, reason: str) -> None:
            skip(f"{file.source}:{number}", reason)

        rows = (tables.json_rows(decoded.text.split("\n"), skip_row) if kind == "jsonl"
                else tables.csv_rows(decoded.text, "\t" if suffix == ".tsv" else ",", skip_row))
        yield from _table(rows, file, kind, decoded.encoding, decoded.warnings, settings, skip)
    else:
        yield _whole(file, kind, decoded)
    return None


def _is_plain_utf8(path: Path) -> bool:
    with path.open("rb") as file:
        return is_plain_utf8(file)


def _large_table(path: Path, file: _File, settings: Settings, skip: Skip) -> Iterator[Document]:
    """The documents of JSON lines in UTF-8, read line by line: the same as of one that is held in memory."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        rows = tables.json_rows(lines, lambda number, reason: skip(f"{file.source}:{number}", reason))
        yield from _table(rows, file, "jsonl", "utf-8", (), settings, skip)


def _whole(file: _File, kind: Format, decoded: Decoded) -> Document:
    """The one document of a file."""
    date = iso_date(file.path.stem)
    digest = hashlib.sha256(file.data).hexdigest()
    return Document(id=file.name, text=decoded.text, source=file.source, sha256=digest, encoding=decoded.encoding,
                    format=kind, warnings=(*decoded.warnings, *damage(decoded.text)),
                    given=Metadata(date=date, date_from="file name" if date else ""),
                    names=_names(file.name, file, digest))


def _table(rows: Iterable[tables.Row], file: _File, kind: Format, encoding: str, warnings: tuple[str, ...],
           settings: Settings, skip: Skip) -> Iterator[Document]:
    missing = number = 0
    wanted = settings.text_column or ", ".join(tables.COLUMNS["text"])
    for row in rows:
        number, where = row.number, f"{file.source}:{row.number}"
        column = tables.column(tuple(row.columns), "text", settings)
        if column is None:
            missing += 1
            if missing == 1:
                skip(where if kind == "jsonl" else file.source, f"has no column {wanted}; there are "
                     f"{', '.join(row.columns)}; name the one with the text by --text-column")
            if kind != "jsonl":
                return
            continue
        text = _without_surrogates(row.columns[column])
        if not text.strip():
            skip(where, f"the column {column} is empty; fill it or remove the row")
            continue
        document = _row_document(row, text, file, settings)
        yield document.model_copy(update={"encoding": encoding, "format": kind, "warnings": (*warnings, *damage(text)),
                                          "names": _row_names(document, row.number, file)})
    if missing > 1:
        skip(file.source, f"{missing - 1} more rows have no column {wanted}")
    if not number and kind != "jsonl":
        skip(file.source, "is a table without rows; fill it or remove it")


def _row_document(row: tables.Row, text: str, file: _File, settings: Settings) -> Document:
    def value(purpose: str) -> str:
        column = tables.column(tuple(row.columns), purpose, settings)
        return _without_surrogates(row.columns[column]).strip() if column else ""

    in_column, in_name = iso_date(value("date")), iso_date(file.path.stem)
    given = Metadata(title=value("title"), url=value("url"), publisher=value("publisher"), date=in_column or in_name,
                     date_from="column" if in_column else "file name" if in_name else "")
    id_ = visible(value("id")) or f"{file.name}-{row.number}"
    return Document(id=id_, text=text, source=file.source, row=row.number,
                    sha256=hashlib.sha256(text.encode()).hexdigest(), given=given)


def _row_names(document: Document, number: int, file: _File) -> tuple[str, ...]:
    name = document.id
    own = (name,) if name == f"{file.name}-{number}" else (name, f"{file.name}/{name}")
    return (*own, *_names(own[-1], file, document.sha256)[1:], f"{file.source}:{number}")


def _without_surrogates(text: str) -> str:
    r"""JSON can hold half of a surrogate pair (`"\ud83d"`), which is no character and can't be written anywhere."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _names(name: str, file: _File, digest: str) -> tuple[str, ...]:
    """The ids that a document may have: the name, the name behind one, two, … folders, the name with its digest."""
    behind = ["/".join((*file.folders[-depth:], name)) for depth in range(1, len(file.folders) + 1)]
    return (name, *behind, f"{(behind or [name])[-1]}-{digest[:8]}", f"{file.source}-{digest}")


def with_unique_ids(found: Sequence[Document]) -> Sequence[Document]:
    """Give every document the shortest of its names that no other has; all that share a name move on together."""
    level = array("H", bytes(2 * len(found)))
    while True:
        counts = Counter(map(_name, found, level))
        again = [number for number, document in enumerate(found)
                 if level[number] < len(document.names) - 1 and counts[_name(document, level[number])] > 1]
        if not again:
            return mapped(found, _named, level)
        for number in again:
            level[number] += 1


def _named(number: int, document: Document, level: Sequence[int]) -> Document:
    """The document under the name at its level."""
    name = _name(document, level[number])
    return document if name == document.id else document.model_copy(update={"id": name})


def _name(document: Document, level: int) -> str:
    return document.names[level] if document.names else document.id
