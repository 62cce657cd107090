"""A directory of whole files, on this machine or wherever fsspec reaches (s3://, gs://, hdfs://, …).

A file gets its name when it is complete: it is written under another one first. Paths are relative, with slashes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

from kg.errors import StoreError

if TYPE_CHECKING:
    import pyarrow

#: Bytes of a file that are copied at a time.
_CHUNK = 2**20


class Folder:
    """The directory of a store. `local` is its path where it lies on this machine, else None."""

    def __init__(self, where: str):
        """Raises StoreError where fsspec doesn't know such an address, or lacks the package for it."""
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        self.where = where
        try:
            self._fs, self._root = url_to_fs(where)
        except (ImportError, ValueError) as error:
            raise StoreError(f"{where}: can't be reached ({error}); name a directory, or an address of fsspec whose "
                             "package is installed (s3:// needs s3fs, gs:// gcsfs)") from error
        self.local = Path(self._root) if isinstance(self._fs, LocalFileSystem) else None

    def __str__(self) -> str:
        return self.where

    def path(self, name: str) -> str:
        """A file as it is told to a person."""
        return f"{self.where.rstrip('/')}/{name}"

    def make(self, *folders: str) -> None:
        for each in folders:
            self._fs.makedirs(self._at(each), exist_ok=True)

    def names(self, folder: str = "", suffix: str = "") -> list[str]:
        """The paths of the files and folders in a folder, sorted; none where there is no such folder."""
        self._fs.invalidate_cache()  # others write here, too
        try:
            found = self._fs.ls(self._at(folder), detail=False)
        except FileNotFoundError:
            return []
        names = [each.rstrip("/").rpartition("/")[2] for each in found]
        return sorted(f"{folder}/{name}".lstrip("/") for name in names if name.endswith(suffix))

    def sizes(self, folder: str = "") -> dict[str, int]:
        """The bytes of all files below a folder, by path."""
        self._fs.invalidate_cache()
        root = self._at("").rstrip("/")
        found = self._fs.find(self._at(folder), detail=True)
        return {path.removeprefix(root).lstrip("/"): int(info["size"]) for path, info in sorted(found.items())}

    def has(self, name: str) -> bool:
        return bool(self._fs.isfile(self._at(name)))

    def read(self, name: str) -> bytes:
        return bytes(self._fs.cat_file(self._at(name)))

    def open(self, name: str) -> IO[bytes]:
        opened: IO[bytes] = self._fs.open(self._at(name), "rb")
        return opened

    def write(self, name: str, data: bytes) -> None:
        with self._replacing(name) as out:
            out.write(data)

    def copy_in(self, file: Path, name: str) -> None:
        with self._replacing(name) as out, file.open("rb") as source:
            shutil.copyfileobj(source, out, _CHUNK)

    def copy_out(self, name: str, file: Path) -> None:
        self._fs.get_file(self._at(name), str(file))

    def move(self, name: str, to: str) -> None:
        if self.local is not None:
            Path(self._at(name)).replace(self._at(to))
        else:
            self._fs.mv(self._at(name), self._at(to))

    def remove(self, *names: str) -> None:
        """Remove files and whole folders; those that aren't there any more are left alone."""
        for name in names:
            with suppress(FileNotFoundError):
                self._fs.rm(self._at(name), recursive=True)

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}" if name else str(self._root)

    @contextmanager
    def _replacing(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write, which takes its name when it is complete and on the disk."""
        part = f"{name.rpartition('/')[0]}/.{uuid4().hex}.part".lstrip("/")
        try:
            with self._fs.open(self._at(part), "wb") as out:
                yield out
                if self.local is not None:
                    out.flush()
                    os.fsync(out.fileno())
            self.move(part, name)
        except BaseException:
            with suppress(OSError):
                self.remove(part)
            raise


@contextmanager
def refused(folder: Folder) -> Iterator[None]:
    """What the system refuses, as a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{folder}: the store can't be used ({error.strerror or error}); check rights and free space"
                         ) from error


def write_table(folder: Folder, kind: str, columns: Mapping[str, Sequence[Any]], prefix: str = "") -> str:
    """Write a Parquet file that is named by its digest into the folder `kind`; give its path."""
    arrow = pyarrow_here()
    sink = arrow.BufferOutputStream()
    table = arrow.table({name: list(values) for name, values in columns.items()})
    arrow.parquet.write_table(table, sink, compression="zstd")
    data = sink.getvalue()
    name = f"{kind}/{prefix}{hashlib.sha256(data).hexdigest()}.parquet"
    folder.write(name, data)
    return name


def read_table(folder: Folder, name: str, columns: Sequence[str]) -> pyarrow.Table:
    """Columns of a Parquet file that `write_table` wrote. Raises StoreError where the file isn't what it was."""
    arrow = pyarrow_here()
    try:
        data = folder.read(name)
        if hashlib.sha256(data).hexdigest() != name.removesuffix(".parquet").rpartition("/")[2].rpartition("-")[2]:
            raise StoreError(f"{folder.path(name)}: is damaged; run kg store verify, then build again")
        return arrow.parquet.read_table(arrow.BufferReader(data), columns=list(columns))
    except (OSError, arrow.ArrowException) as error:
        raise StoreError(f"{folder.path(name)}: can't be read ({error}); run kg store verify, then build again"
                         ) from error


def put_aside(folder: Folder, name: str) -> None:
    """Take a damaged file out of use, but leave it to be looked at; `kg store gc` removes it."""
    with suppress(FileNotFoundError):  # another build did
        folder.move(name, f"{name.removesuffix('.parquet')}.damaged")


def pyarrow_here() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise StoreError("a store is written with pyarrow, which isn't here; pip install 'kg[store]'") from error
    return pyarrow
