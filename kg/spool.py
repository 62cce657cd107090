"""Records in an order, in memory or, where there are more than that holds, in files that nobody else sees.

Both forms give the same records in the same order, so what uses them needn't know which it has. On disk a Sorter is
an external merge sort: sorted runs, merged when they are read. Measured on a million rows with text keys against
`ORDER BY` of DuckDB and SQLite it takes the same time as either and a tenth of DuckDB's memory, because every row
has to become Python objects in any case; and it compares keys as Python does, in memory and on disk alike.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from heapq import merge
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from kg.errors import StoreError

T = TypeVar("T")

#: Rows of a run, and rows that are read back from it at a time.
RUN, CHUNK = 20_000, 200


class Spool(Sequence[T]):
    """Records in a file without a name, which ends with the process; a sequence that is gone through from its start."""

    def __init__(self, records: Iterable[T], folder: Path):
        """Raises StoreError where the disk is full, or the folder can't be written to."""
        self._length = 0
        rest = iter(records)
        with _refused(folder):
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        weakref.finalize(self, _close, self._file)
        while chunk := list(islice(rest, CHUNK)):
            self._length += len(chunk)
            with _refused(folder):
                pickle.dump(chunk, self._file, pickle.HIGHEST_PROTOCOL)
        with _refused(folder):
            self._file.flush()

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        at = 0
        for _ in range(0, self._length, CHUNK):
            self._file.seek(at)  # others may read at the same time
            chunk: list[T] = pickle.load(self._file)
            at = self._file.tell()
            yield from chunk

    def __getitem__(self, at: Any) -> Any:
        return _at(self, at)


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # what a full disk didn't take is tried once more
        file.close()


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{folder}: can't hold what is too much for the memory ({error.strerror or error}); make room "
                         "there") from error


def hold(records: Iterable[T], folder: Path | None) -> Sequence[T]:
    """The records as a sequence: in memory without a folder, else in a file in it if they are more than a RUN."""
    if folder is None:
        return tuple(records)
    rest = iter(records)
    first = tuple(islice(rest, RUN + 1))
    return first if len(first) <= RUN else Spool(chain(first, rest), folder)


class _Mapped(Sequence[T]):
    """A sequence on disk with a function between it and whoever reads it."""

    def __init__(self, records: Sequence[T], change: Callable[..., T], arguments: tuple[Any, ...]):
        self._records, self._change, self._arguments = records, change, arguments

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return (self._change(number, record, *self._arguments) for number, record in enumerate(self._records))

    def __getitem__(self, at: Any) -> Any:
        return _at(self, at)


def mapped(records: Sequence[T], change: Callable[..., T], *arguments: Any) -> Sequence[T]:
    """`change(number, record, *arguments)` of each record: at once in memory, when it is read on disk."""
    if isinstance(records, (tuple, list)):
        return tuple(change(number, record, *arguments) for number, record in enumerate(records))
    return _Mapped(records, change, arguments)


def _at(records: Sequence[T], at: int | slice) -> T | list[T]:
    """A record or some, found by going through them from the start."""
    if isinstance(at, slice):
        return list(islice(records, *at.indices(len(records))))
    return next(islice(records, range(len(records))[at], None))


class Sorter(Generic[T]):
    """Takes values with keys in any order, gives them sorted by key, those of equal keys in the order of arrival."""

    def __init__(self, folder: Path | None):
        self._folder = folder
        self._rows: list[tuple[tuple[Any, ...], T]] = []
        self._runs: list[Spool[tuple[tuple[Any, ...], T]]] = []

    def add(self, key: tuple[Any, ...], value: T) -> None:
        self._rows.append((key, value))
        if self._folder is not None and len(self._rows) >= RUN:
            self._runs.append(Spool(self._sorted(), self._folder))
            self._rows = []

    def _sorted(self) -> list[tuple[tuple[Any, ...], T]]:
        self._rows.sort(key=itemgetter(0))
        return self._rows

    def __iter__(self) -> Iterator[tuple[tuple[Any, ...], T]]:
        if not self._runs:
            return iter(self._sorted())
        return merge(*self._runs, self._sorted(), key=itemgetter(0))

    def values(self) -> Iterator[T]:
        return (value for _, value in self)
