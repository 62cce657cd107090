"""What was read of documents, kept on disk: for the next build, and for builds that are larger than memory.

    DIR/kg-store.json                 names the layout
    DIR/facts/SHA256.parquet          rows of (key, document, warnings, facts): the facts of a document as JSON
    DIR/taggings/SHA256.parquet       rows of (key, tagging): what the tagger gave for a document (kg.taggers.packed)
    DIR/builds/TIME-SHA256.parquet    the keys that a finished build used, for `kg store gc`
    DIR/graphs/KEY/                   the files of the last builds (see kg.store.finished)

The key of facts is the digest of a document, of the settings and tools that its facts depend on, and of the code and
data of the package; what has a key is never changed. Taggings depend on less, on a text and a model: they stay when
rules or word lists change, and then the tagger, which takes most of the time of reading, has nothing to do.

A file bears the digest of its content as its name and gets this name when it is complete. So there is no index that
could be out of step: whatever is killed at whatever moment leaves whole files, two builds can write side by side, and
a damaged file shows itself. Builds hold a shared lock, `gc` and `verify` the whole one. DIR may be elsewhere, too
(kg.store.folder).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from kg.errors import StoreError
from kg.facts import DocumentFacts, Known
from kg.models import Document
from kg.settings import Settings
from kg.spool import Sorter, hold
from kg.store.folder import Folder, put_aside, read_table, refused, write_table
from kg.store.lock import Lock

if TYPE_CHECKING:
    import pyarrow

    from kg.pipeline import Tools

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
#: A file and a row of it.
Place = tuple[str, int]


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


def tagging_key(document: Document, model: str) -> Key:
    """The key of what the model of an id gives for a document; what cleaning makes of it is compared when it is used.
    """
    return hashlib.sha256(f"{_tagger_digest()}\n{model}\n{document.format}\n{document.text}".encode()).digest()


@cache
def _package_digest() -> str:
    """The digest of the code and the data of the package, but for models (their ids have one) and the page."""
    root = Path(__file__).parents[1]
    return _tree_digest(root, but=[root / part for part in ("data/models", "data/sample", "commands", *AFTER)])


@cache
def _tagger_digest() -> str:
    return _tree_digest(Path(__file__).parents[1] / "taggers")


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
    packages = "networkx", "numpy", "pyvis", "datasketch", "scikit-network", "scipy"
    versions = [metadata.version(package) for package in packages]
    decisions = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in settings.overrides)
    chosen = settings.min_cooccurrence, settings.mask_private
    whole = hashlib.sha256(f"{code} {versions} {decisions} {chosen}\n".encode())
    for key in sorted(keys):
        whole.update(key)
    return whole.hexdigest()


# ---------------------------------------------------------------------------------------- the store


@dataclass
class Store:
    """An open store. `places` says where the facts of a key are; `warnings` what was damaged."""

    folder: Folder
    lock: Lock
    places: dict[Key, Place] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _rows: list[tuple[Key, DocumentFacts, bytes]] = field(default_factory=list)
    _tagged: list[tuple[Key, bytes]] = field(default_factory=list)
    _bytes: int = 0
    _written: float = field(default_factory=time.monotonic)
    _read_last: tuple[str, pyarrow.Table] | None = None

    @property
    def room(self) -> Path:
        """Where there is room for more than memory holds: in the store, or where that is on another machine in the
        place for temporary files."""
        return self.folder.local or Path(gettempdir())

    def collect(self, documents: Iterable[Document], by: str, model: str,
                read_all: Callable[[Sequence[Document], Known], Iterable[DocumentFacts]]) -> StoredFacts:
        """The facts of `documents` under a fingerprint; those that aren't here are read by `read_all` and kept.

        `read_all` is told what the tagger, the one whose id is `model`, is known to give for them.
        """
        keys, missing = list[tuple[Key, Key]](), Sorter[Document](self.room)
        for document in documents:
            keys.append((document_key(document, by), tagging_key(document, model)))
            if keys[-1][0] not in self.places:  # those with taggings by the file that holds them: each is read once
                missing.add(self.taggings.get(keys[-1][1], ("", 0)), document)
        for facts in read_all(hold(missing.values(), self.room), lambda some: self._known(some, model)):
            self._add(document_key(facts.document, by), facts, tagging_key(facts.document, model))
        self._flush()
        used = sorted(each for each in keys if each[0] in self.places)
        with refused(self.folder):
            write_table(self.folder, "builds", {"key": [key for key, _ in used], "tagging": [key for _, key in used]},
                        f"{time.time_ns():020}-")
        return StoredFacts(self, tuple(key for key, _ in used))

    @cached_property
    def taggings(self) -> dict[Key, Place]:
        """Where the taggings of a key are; looked up when the first of them might be needed."""
        return self._index("taggings")

    def _index(self, kind: str) -> dict[Key, Place]:
        found: dict[Key, Place] = {}
        for name in self.folder.names(kind, ".parquet"):
            try:
                keys = read_table(self.folder, name, ("key",)).column("key").to_pylist()
            except StoreError:
                put_aside(self.folder, name)
                self.warnings.append(f"{self.folder.path(name)}: was damaged and is put aside; its documents were "
                                     "read again")
            else:
                found.update({key: (name, row) for row, key in enumerate(keys)})
        return found

    def _known(self, documents: Iterable[Document], model: str) -> dict[str, bytes]:
        """The taggings of some documents, by id, as far as they are here."""
        found = {}
        for document in documents:
            if place := self.taggings.get(tagging_key(document, model)):
                with suppress(StoreError):  # damaged since it was looked at: the tagger reads it again
                    found[document.id] = self._tagging(*place)
        return found

    def _tagging(self, name: str, row: int) -> bytes:
        if self._read_last is None or self._read_last[0] != name:
            self._read_last = name, read_table(self.folder, name, ("tagging",))
        tagging: bytes = self._read_last[1].column("tagging")[row].as_py()
        return tagging

    def _add(self, key: Key, facts: DocumentFacts, tagging: Key) -> None:
        self._rows.append((key, facts, _FACTS.dump_json(facts, exclude={"tagged"})))
        if facts.tagged:
            self._tagged.append((tagging, facts.tagged))
        self._bytes += len(self._rows[-1][2]) + len(facts.tagged)
        if (len(self._rows) >= FILE_DOCUMENTS or self._bytes >= FILE_BYTES
                or time.monotonic() - self._written >= FILE_SECONDS):
            self._flush()

    def _flush(self) -> None:
        with refused(self.folder):
            if self._tagged:
                keys, tagged = zip(*self._tagged, strict=True)
                write_table(self.folder, "taggings", {"key": keys, "tagging": tagged})
            if self._rows:
                keys, facts, written = zip(*self._rows, strict=True)
                name = write_table(self.folder, "facts", {
                    "key": keys, "document": [each.id for each in facts],
                    "warnings": [each.warnings for each in facts], "facts": written})
                self.places.update({key: (name, row) for row, key in enumerate(keys)})
        self._rows, self._tagged, self._bytes, self._written = [], [], 0, time.monotonic()


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
        return (facts for file in self.files() for facts in file)

    @property
    def warnings(self) -> list[str]:
        """The warnings of all documents, of the form `document: what`."""
        return [f"{id_}: {warning}" for file in self.files()
                for id_, said in file.rows("document", "warnings") for warning in said]

    def files(self) -> Iterator[StoredFile]:
        wanted: dict[str, list[int]] = {}
        for key in self.keys:
            name, row = self.store.places[key]
            wanted.setdefault(name, []).append(row)
        return (StoredFile(self.store.folder.where, name, sorted(rows)) for name, rows in sorted(wanted.items()))


@dataclass(frozen=True)
class StoredFile:
    """The facts in some lines of a file of a store, wherever that is; it can be sent to another machine."""

    where: str
    name: str
    lines: Sequence[int]

    def __iter__(self) -> Iterator[DocumentFacts]:
        return (_FACTS.validate_json(facts) for (facts,) in self.rows("facts"))

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        table = read_table(Folder(self.where), self.name, columns)
        for line in self.lines:
            yield tuple(table.column(column)[line].as_py() for column in columns)


def open_store(where: str | Path) -> Store:
    """The store in a directory, made where there is none; it is locked until nobody has it any more.

    Damaged files are put aside and told in `warnings`: what they held is read from the documents again.
    Raises StoreError for a directory that is no store, and where it can't be written to.
    """
    folder = Folder(str(where))
    store = Store(folder, Lock(folder, whole=False))
    store.places.update(store._index("facts"))
    return store
