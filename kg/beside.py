"""Work done beside this process by a copy of it, where the system can copy processes; else done here."""

from __future__ import annotations

import multiprocessing
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")

#: A copy takes over all that is in memory at once and for nothing. On Windows there is none, and on macOS the system's
#: own libraries don't work in one.
COPIES = sys.platform == "linux"


@contextmanager
def beside(work: Callable[[], T], *, copy: bool = True) -> Iterator[Callable[[], T]]:
    """Begin `work` in a copy of this process; inside of the block the function that is given waits for its result.

    Without `copy`, where the system has no copies, and where the copy failed or died (of too little memory, perhaps)
    that function does the work itself, and raises what it raises. A copy that nobody waited for ends with the block.
    """
    if not (copy and COPIES):
        yield work
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(work, theirs), daemon=True)
    with warnings.catch_warnings():  # other threads don't go on in a copy, and the work must not wait for one
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()

    def result() -> T:
        try:
            done: T = ours.recv()
        except (EOFError, OSError):
            return work()
        return done

    try:
        yield result
    finally:
        ours.close()
        process.kill()
        process.join()


def _answer(work: Callable[[], Any], pipe: Connection[Any, Any]) -> None:
    with suppress(Exception):  # it comes up again where the result is waited for
        pipe.send(work())
