"""What was read of documents, kept on disk: for the next build, and for builds that are larger than memory.

    DIR/kg-store.json               names the layout
    DIR/facts/SHA256.parquet        rows of (key, document, facts): the facts of a document as JSON
    DIR/builds/TIME-KEY.parquet     the keys that a finished build used, for `kg store gc`
    DIR/graphs/KEY/                 the files of the last builds (see kg.store.finished)

A key is the digest of a document, of the settings and tools that its facts depend on, and of the code and data of the
package; what has a key is never changed. A file bears the digest of its content as its name and gets this name when it
is complete. So there is no index that could be out of step: whatever is killed at whatever moment leaves whole files,
two builds can write side by side, and a damaged file shows itself. Builds hold a shared lock, `gc` and
`verify` the whole one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pydantic import TypeAdapter

from kg.errors import StoreError
from kg.facts import DocumentFacts
from kg.models import Document
from kg.settings import Settings

if TYPE_CHECKING:
    import pyarrow

    from kg.pipeline import Tools

FORMAT = {"format": "kg-store/1"}
#: A file is written at so many documents or bytes of facts, or when so many seconds have passed since the one before:
#: what a killed build loses.
FILE_DOCUMENTS, FILE_BYTES, FILE_SECONDS = 2_000, 16_000_000, 30.0
#: Settings that facts don't depend on, or only by the tools that they name.
NO_MATTER = {"model", "rules", "min_cooccurrence", "overrides", "mask_private", "workers", "engine", "store",
             "time_limit", "strict", "text_column", "title_column", "date_column", "id_column"}

#: Parts of the package that facts don't depend on, but graphs and pages do.
AFTER = ("assemble", "correct", "privacy", "page", "export", "data/page", "data/vendor")

_FACTS = TypeAdapter(DocumentFacts)
Key = bytes


# ------------------------------------------------------------------------------------------ keys


def fingerprint(settings: Settings, tools: Tools) -> str:
    """The digest of all but the document that facts depend on."""
    parts = {"package": _package_digest(), "model": tools.tagger.id, "rules": tools.rules.digest,
             "overlay": _tree_digest(settings.rules) if settings.rules else "",
             "settings": settings.model_dump(mode="json", exclude=NO_MATTER)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def document_key(document: Document, by: str) -> Key:
    """The key of a document's facts under a fingerprint."""
    return hashlib.sha256(f"{by}\n{document.model_dump_json()}".encode()).digest()


@cache
def _package_digest() -> str:
    """The digest of the code and the data of the package, but for models (their ids have one) and the page."""
    root = Path(__file__).parents[1]
    return _tree_digest(root, but=[root / part for part in ("data/models", "data/sample", "commands", *AFTER)])


def _tree_digest(root: Path, but: Sequence[Path] = ()) -> str:
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and not any(path.is_relative_to(other) for other in but):
            whole.update(f"{path.relative_to(root)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def graph_key(keys: Iterable[Key], settings: Settings) -> str:
    """The key of the graph of such facts, and of its page."""
    root = Path(__file__).parents[1]
    code = [_package_digest(), *(_tree_digest(root / part) for part in AFTER)]
    versions = [metadata.version(package) for package in ("networkx", "numpy", "pyvis", "datasketch")]
    decisions = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in settings.overrides)
    chosen = settings.min_cooccurrence, settings.mask_private
    whole = hashlib.sha256(f"{code} {versions} {decisions} {chosen}\n".encode())
    for key in sorted(keys):
        whole.update(key)
    return whole.hexdigest()


# ---------------------------------------------------------------------------------------- the store


@dataclass
class Store:
    """An open store. `places` says in which file and row the facts of a key are; `warnings` what was damaged."""

    directory: Path
    lock: Lock
    places: dict[Key, tuple[str, int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _rows: list[tuple[Key, DocumentFacts, bytes]] = field(default_factory=list)
    _bytes: int = 0
    _written: float = field(default_factory=time.monotonic)

    def collect(self, documents: Sequence[Document], by: str,
                read_all: Callable[[Sequence[Document]], Iterable[DocumentFacts]]) -> StoredFacts:
        """The facts of `documents` under a fingerprint; those that aren't here are read by `read_all` and kept."""
        keys = {document.id: document_key(document, by) for document in documents}
        missing = [document for document in documents if keys[document.id] not in self.places]
        for facts in read_all(missing):
            self._add(keys[facts.id], facts)
        self._flush()
        stored = StoredFacts(self, tuple(sorted(key for key in keys.values() if key in self.places)))
        with refused(self.directory):
            write_table(self.directory / "builds", {"key": stored.keys}, f"{time.time_ns():020}-")
        return stored

    def _add(self, key: Key, facts: DocumentFacts) -> None:
        self._rows.append((key, facts, _FACTS.dump_json(facts)))
        self._bytes += len(self._rows[-1][2])
        if (len(self._rows) >= FILE_DOCUMENTS or self._bytes >= FILE_BYTES
                or time.monotonic() - self._written >= FILE_SECONDS):
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            keys, facts, written = zip(*self._rows, strict=True)
            columns = {"key": keys, "document": [each.id for each in facts],
                       "warnings": [each.warnings for each in facts], "facts": written}
            with refused(self.directory):
                name = write_table(self.directory / "facts", columns)
            self.places.update({key: (name, row) for row, key in enumerate(keys)})
        self._rows, self._bytes, self._written = [], 0, time.monotonic()


@dataclass(frozen=True)
class StoredFacts:
    """The facts of some keys, read from the files anew each time, a file at a time, in no order that means anything."""

    store: Store
    keys: tuple[Key, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, facts: object) -> bool:
        return any(facts == each for each in self)

    def __iter__(self) -> Iterator[DocumentFacts]:
        for (facts,) in self._rows("facts"):
            yield _FACTS.validate_json(facts)

    @property
    def warnings(self) -> list[str]:
        """The warnings of all documents, of the form `document: what`."""
        return [f"{id_}: {warning}" for id_, said in self._rows("document", "warnings") for warning in said]

    def _rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        wanted: dict[str, list[int]] = {}
        for key in self.keys:
            name, row = self.store.places[key]
            wanted.setdefault(name, []).append(row)
        for name, rows in sorted(wanted.items()):
            table = read_table(self.store.directory / "facts" / name, columns)
            for row in sorted(rows):
                yield tuple(table.column(column)[row].as_py() for column in columns)


def open_store(directory: Path) -> Store:
    """The store in a directory, made where there is none; it is locked until nobody has it any more.

    Damaged files are put aside and told in `warnings`: what they held is read from the documents again.
    Raises StoreError for a directory that is no store, and where it can't be written to.
    """
    store = Store(directory, Lock(directory, whole=False))
    for path in sorted((directory / "facts").glob("*.parquet")):
        try:
            keys = read_table(path, ("key",)).column("key").to_pylist()
        except StoreError:
            put_aside(path)
            store.warnings.append(f"{path}: was damaged and is put aside; its documents were read again")
        else:
            store.places.update({key: (path.name, row) for row, key in enumerate(keys)})
    return store


class Lock:
    """The lock of a store, held wholly or with others who add to it, until it is released or nobody has it any more."""

    def __init__(self, directory: Path, *, whole: bool):
        """Lock a store, which is made where there is none.

        Raises StoreError for a directory that is no store, and for a whole lock while a build uses it.
        """
        with refused(directory):
            _prepare(directory)
            file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        self.release = weakref.finalize(self, os.close, file)
        with suppress(ImportError):  # Windows, where the names of files alone keep builds apart
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if whole else fcntl.LOCK_SH)
            except BlockingIOError:
                raise StoreError(f"{directory}: a build is using this store; wait for its end") from None

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _prepare(directory: Path) -> None:
    mark = directory / "kg-store.json"
    if not mark.exists():
        if directory.is_dir() and any(not path.name.endswith(".part") for path in directory.iterdir()):
            raise StoreError(f"{directory}: holds other files and is no store of kg; choose a new directory")
        directory.mkdir(parents=True, exist_ok=True)
        with replacing_file(mark) as out:
            out.write(json.dumps(FORMAT).encode())
    if json.loads(mark.read_bytes()) != FORMAT:
        raise StoreError(f"{mark}: isn't a store of this version of kg; choose a new directory")
    for name in ("facts", "builds", "graphs"):
        (directory / name).mkdir(exist_ok=True)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """What the system refuses, as a StoreError."""
    try:
        yield
    except (OSError, json.JSONDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{path}: the store can't be used ({reason}); check rights and free space") from error


# ----------------------------------------------------------------------------------------- files


@contextmanager
def replacing_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name when it is complete and on the disk."""
    part = path.with_name(f".{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_table(folder: Path, columns: Mapping[str, Sequence[Any]], prefix: str = "") -> str:
    """Write a Parquet file that is named by its digest; give its name."""
    arrow = pyarrow_here()
    sink = arrow.BufferOutputStream()
    table = arrow.table({name: list(values) for name, values in columns.items()})
    arrow.parquet.write_table(table, sink, compression="zstd")
    data = sink.getvalue()
    name = f"{prefix}{hashlib.sha256(data).hexdigest()}.parquet"
    with replacing_file(folder / name) as out:
        out.write(data)
    return name


def read_table(path: Path, columns: Sequence[str]) -> pyarrow.Table:
    """Columns of a Parquet file that `write_table` wrote. Raises StoreError where the file isn't what it was."""
    arrow = pyarrow_here()
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != path.stem.rpartition("-")[2]:
            raise StoreError(f"{path}: is damaged; run kg store verify, then build again")
        return arrow.parquet.read_table(arrow.BufferReader(data), columns=list(columns))
    except (OSError, arrow.ArrowException) as error:
        raise StoreError(f"{path}: can't be read ({error}); run kg store verify, then build again") from error


def put_aside(path: Path) -> None:
    """Take a damaged file out of use, but leave it to be looked at; `kg store gc` removes it."""
    with suppress(FileNotFoundError):  # another build did
        path.replace(path.with_suffix(".damaged"))


def pyarrow_here() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise StoreError("a store is written with pyarrow, which isn't here; pip install 'kg[store]'") from error
    return pyarrow
