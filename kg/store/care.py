"""What a store holds, what of it nobody needs any more, and whether it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.store import Key, Lock, put_aside, read_table, refused, write_table


@dataclass(frozen=True)
class Stats:
    """Sizes in bytes. `used`: documents that the last builds, of which there is a record, were made of."""

    documents: int
    used: int
    fact_files: int
    fact_bytes: int
    builds: int
    graphs: int
    graph_bytes: int
    damaged: int


def stats(directory: Path) -> Stats:
    """What is in the store. Raises StoreError where it isn't one, or holds a damaged file."""
    existing(directory)
    with Lock(directory, whole=False):
        facts = sorted((directory / "facts").glob("*.parquet"))
        graphs = [path for path in (directory / "graphs").iterdir() if path.suffix != ".part"]
        keys = {key for path in facts for key in _keys(path)}
        return Stats(len(keys), len(keys & _used(directory, None)), len(facts), sum(p.stat().st_size for p in facts),
                     len(_builds(directory)), len(graphs),
                     sum(file.stat().st_size for path in graphs for file in path.iterdir()),
                     len(list(directory.rglob("*.damaged"))))


def gc(directory: Path, builds: int = 1) -> int:
    """Remove what the last `builds` builds didn't use, damaged files and what killed builds left; gives bytes freed.

    Raises StoreError where the store isn't one, is in use, or holds a damaged file.
    """
    existing(directory)
    with Lock(directory, whole=True), refused(directory):
        before = _size(directory)
        used = _used(directory, builds)
        for path in sorted((directory / "facts").glob("*.parquet")):
            table = read_table(path, ("key", "document", "warnings", "facts"))
            rows = [row for row, key in enumerate(table.column("key").to_pylist()) if key in used]
            if len(rows) < table.num_rows:
                if rows:
                    kept = table.take(rows)
                    write_table(path.parent, {name: kept.column(name).to_pylist() for name in kept.column_names})
                path.unlink()
        for path in _builds(directory)[:-builds]:
            path.unlink()
        for path in [*directory.rglob("*.part"), *directory.rglob("*.damaged")]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        for path in sorted((directory / "graphs").iterdir(), key=lambda path: path.stat().st_mtime)[:-builds]:
            shutil.rmtree(path)
        return before - _size(directory)


def verify(directory: Path) -> Iterator[str]:
    """What is damaged, each with its path; damaged files of facts are put aside, so that the next build mends them."""
    from kg.store.finished import broken

    existing(directory)
    with Lock(directory, whole=True):
        for path in sorted([*(directory / "facts").glob("*.parquet"), *_builds(directory)]):
            try:
                read_table(path, ("key",))
            except StoreError:
                put_aside(path)
                yield f"{path}: is damaged and was put aside; the next build reads its documents again"
        for path in sorted((directory / "graphs").iterdir()):
            if broken(path):
                shutil.rmtree(path)
                yield f"{path}: was damaged and is removed; the next build writes its files anew"


def existing(directory: Path) -> None:
    if not (directory / "kg-store.json").is_file():
        raise StoreError(f"{directory}: is no store of kg; name the directory that kg build --store made")


def _builds(directory: Path) -> list[Path]:
    """The records of builds, the oldest first."""
    return sorted((directory / "builds").glob("*.parquet"))


def _keys(path: Path) -> list[Key]:
    keys: list[Key] = read_table(path, ("key",)).column("key").to_pylist()
    return keys


def _used(directory: Path, builds: int | None) -> set[Key]:
    return {key for path in _builds(directory)[-(builds or 0):] for key in _keys(path)}


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
