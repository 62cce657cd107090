"""What a store holds, what of it nobody needs any more, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.store import Key
from kg.store.finished import broken, finished
from kg.store.folder import Folder, put_aside, read_table, refused, write_table
from kg.store.lock import Lock

#: The tables of a store that are made of rows with keys, and the column of a build's record that names their keys.
TABLES = {"facts": "key", "taggings": "tagging"}


@dataclass(frozen=True)
class Stats:
    """Sizes in bytes. `used`: documents that the last builds, of which there is a record, were made of."""

    documents: int
    used: int
    fact_files: int
    fact_bytes: int
    tagging_bytes: int
    builds: int
    graphs: int
    graph_bytes: int
    damaged: int


def stats(where: str | Path) -> Stats:
    """What is in the store. Raises StoreError where it isn't one, or holds a damaged file."""
    folder = existing(where)
    with Lock(folder, whole=False), refused(folder):
        facts = folder.names("facts", ".parquet")
        keys = {key for name in facts for key in _column(folder, name, "key")}
        size = {kind: sum(folder.sizes(kind).values()) for kind in ("facts", "taggings", "graphs")}
        return Stats(len(keys), len(keys & _used(folder, "key", None)), len(facts), size["facts"], size["taggings"],
                     len(_builds(folder)), len(folder.names("graphs")), size["graphs"],
                     sum(name.endswith(".damaged") for name in folder.sizes()))


def gc(where: str | Path, builds: int = 1) -> int:
    """Remove what the last `builds` builds didn't use, damaged files and what killed builds left; gives bytes freed.

    Raises StoreError where the store isn't one, is in use, or holds a damaged file.
    """
    folder = existing(where)
    with Lock(folder, whole=True), refused(folder):
        before = sum(folder.sizes().values())
        for kind, column in TABLES.items():
            _keep(folder, kind, _used(folder, column, builds))
        left = [name for name in folder.sizes() if name.endswith((".part", ".damaged"))]
        folder.remove(*left, *_builds(folder)[:-builds])
        folder.remove(*({*folder.names("graphs")} - {*finished(folder)[-builds:]}))
        return before - sum(folder.sizes().values())


def _keep(folder: Folder, kind: str, used: set[Key]) -> None:
    """Write the files of a table anew that hold rows which nobody uses, without them."""
    for name in folder.names(kind, ".parquet"):
        table = read_table(folder, name, _columns(kind))
        rows = [row for row, key in enumerate(table.column("key").to_pylist()) if key in used]
        if len(rows) < table.num_rows:
            if rows:
                kept = table.take(rows)
                write_table(folder, kind, {name: kept.column(name).to_pylist() for name in kept.column_names})
            folder.remove(name)


def verify(where: str | Path) -> Iterator[str]:
    """What is damaged, each with its path; damaged tables are put aside, so that the next build mends them."""
    folder = existing(where)
    with Lock(folder, whole=True), refused(folder):
        for name in [name for kind in (*TABLES, "builds") for name in folder.names(kind, ".parquet")]:
            try:
                read_table(folder, name, ("key",))
            except StoreError:
                put_aside(folder, name)
                yield f"{folder.path(name)}: is damaged and was put aside; the next build reads its documents again"
        for graph in folder.names("graphs"):
            if broken(folder, graph):
                folder.remove(graph)
                yield f"{folder.path(graph)}: was damaged and is removed; the next build writes its files anew"


def existing(where: str | Path) -> Folder:
    folder = Folder(str(where))
    with refused(folder):
        if not folder.has("kg-store.json"):
            raise StoreError(f"{where}: is no store of kg; name the directory that kg build --store made")
    return folder


def _builds(folder: Folder) -> list[str]:
    """The records of builds, the oldest first."""
    return folder.names("builds", ".parquet")


def _columns(kind: str) -> tuple[str, ...]:
    return ("key", "document", "warnings", "facts") if kind == "facts" else ("key", "tagging")


def _column(folder: Folder, name: str, column: str) -> list[Key]:
    keys: list[Key] = read_table(folder, name, (column,)).column(column).to_pylist()
    return keys


def _used(folder: Folder, column: str, builds: int | None) -> set[Key]:
    return {key for name in _builds(folder)[-(builds or 0):] for key in _column(folder, name, column)}
