"""Documents to facts in several processes, each of which loads the tools once.

A batch of documents goes to whichever worker is free, and no more than one waits for each, so that what is in memory
grows with the workers and not with the documents. A worker that dies (out of memory, a crash inside a library) or
that doesn't answer in time is replaced, and its documents are tried again one by one; the one that does it again and
again is reported, and the rest goes on. Workers are spawned, not forked: nothing of this process, no thread and no
lock, is taken over, on any system.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from kg.errors import KGError
from kg.facts import DocumentFacts, Known, just, nothing_known
from kg.memory import collect_rarely
from kg.models import Document
from kg.read import Skipped
from kg.settings import Settings

#: A batch is cut at so many documents or characters, whatever comes first.
BATCH_DOCUMENTS, BATCH_CHARACTERS = 32, 40_000
#: Where several workers share the documents, the last batches are smaller, down to so many.
LAST_BATCH = 4
#: Libraries read from here how many threads they may start; a worker has one processor.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

#: How often a document is tried before it is reported: what ended its worker may have come from outside, as where the
#: system was short of memory.
TRIES = 3

#: Seconds after which a silent pipe is looked at again.
LOOK = 60.0

Result = DocumentFacts | Skipped


def batches(documents: Iterable[Document], workers: int = 1) -> Iterator[list[Document]]:
    """The documents in order, some at a time; a long one has its batch to itself or ends one.

    Towards the end those of several workers get smaller, so that none has much to do while the others have nothing.
    """
    batch: list[Document] = []
    characters, most = 0, BATCH_DOCUMENTS
    count = len(documents) if isinstance(documents, Sized) and workers > 1 else None
    for number, document in enumerate(documents):
        if not batch and count is not None:
            most = min(BATCH_DOCUMENTS, max(LAST_BATCH, (count - number) // (2 * workers)))
        batch.append(document)
        characters += len(document.text)
        if len(batch) == most or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


@contextmanager
def started(settings: Settings, pool: list[Worker] | None = None) -> Iterator[list[Worker]]:
    """`settings.workers` processes, or those of `pool`, which end with the block.

    They load their tools while this one does something else.
    """
    if pool is None:
        pool = [Worker.start(settings) for _ in range(settings.workers)]
    try:
        yield pool
    finally:
        for worker in pool:
            worker.stop()


def extract_in_workers(documents: Iterable[Document], settings: Settings, known: Known = nothing_known,
                       pool: list[Worker] | None = None) -> Iterator[Result]:
    """What `kg.pipeline.extract_safely` gives, from `settings.workers` processes and in the order of completion.

    `pool` are those that were started before; they end with the documents. Raises KGError where a worker can't load
    its tools.
    """
    todo, queue, tries = batches(documents, settings.workers), deque[list[Document]](), Counter[str]()
    with started(settings, pool) as pool:
        while True:
            for worker in pool:
                queue.extend(() if queue else islice(todo, 1))
                if queue and worker.idle:
                    worker.give(batch := queue.popleft(), known(batch))
            if not queue and not any(worker.batch for worker in pool):
                return
            busy = [worker for worker in pool if not worker.idle]
            left = min(worker.deadline for worker in busy) - time.monotonic()
            wait([worker.pipe for worker in busy], min(max(left, 0.0), LOOK))
            for worker in busy:
                try:
                    results = worker.take()
                except _Lost as lost:
                    pool[pool.index(worker)] = Worker.start(settings)
                    if lost.slow:
                        results = tried_apart(lost.batch, queue, str(lost))
                    else:
                        results = tried_again(lost.batch, queue, tries, str(lost))
                    if tries[""] >= TRIES * len(pool):
                        raise KGError("workers end before they have read anything; is there memory enough? "
                                      "Try fewer --workers") from None
                if queue and worker.idle:
                    batch = queue.popleft()  # before the results go on, so that it needn't wait for that
                    worker.give(batch, known(batch))
                yield from results


def seconds_for(batch: Sequence[Document], time_limit: float) -> float:
    """How long a batch may take: the limit, or more where it is one long document."""
    return time_limit * max(1.0, sum(len(document.text) for document in batch) / BATCH_CHARACTERS)


def tried_apart(batch: Sequence[Document], queue: deque[list[Document]], why: str) -> list[Result]:
    """Have each document of a batch that failed tried by itself; one that was alone is reported."""
    if len(batch) == 1:
        return [left_out(batch[0], why)]
    queue.extend([document] for document in batch)
    return []


def tried_again(batch: Sequence[Document], queue: deque[list[Document]], tries: Counter[str],
                why: str) -> list[Result]:
    """Have each document of a batch whose worker ended tried by itself; those that ended TRIES workers are reported.

    `tries` counts how often, by the document's id, and under "" the workers that ended while they had no document.
    """
    tries.update([document.id for document in batch] or [""])
    queue.extend([document] for document in batch if tries[document.id] < TRIES)
    return [left_out(document, f"{why}, {TRIES} times") for document in batch if tries[document.id] >= TRIES]


def left_out(document: Document, why: str) -> Skipped:
    """The report of a document that nothing can be taken from."""
    where = document.source if document.row is None else f"{document.source}:{document.row}"
    return Skipped(where, f"{why}; the document is left out: look at its text, or cut it into smaller ones")


class _Lost(Exception):
    """A worker has ended or was ended, and with it its batch."""

    def __init__(self, batch: list[Document], why: str, slow: bool = False):
        self.batch, self.slow = batch, slow
        super().__init__(why)


@dataclass(eq=False)
class Worker:
    """A process, the pipe to it, and the batch that it has; `deadline` is a time of the monotonic clock."""

    process: BaseProcess
    pipe: Connection[Any, Any]
    time_limit: float
    ready: bool = False
    batch: list[Document] | None = None
    deadline: float = math.inf

    @classmethod
    def start(cls, settings: Settings) -> Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, settings), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours, settings.time_limit)

    @property
    def idle(self) -> bool:
        return self.ready and self.batch is None

    def give(self, batch: list[Document], tagged: Mapping[str, bytes]) -> None:
        """Documents to read, with what the tagger is known to give for some of them."""
        self.batch, self.deadline = batch, time.monotonic() + seconds_for(batch, self.time_limit)
        with suppress(OSError):  # a worker that is gone is found out when it is asked
            self.pipe.send((batch, tagged))

    def take(self) -> Sequence[Result]:
        """The results of its batch; none while there is no answer, or where it says that it is ready.

        Raises _Lost where it is gone or its time is over, and KGError where it couldn't load its tools.
        """
        try:
            if not self.pipe.poll():
                if time.monotonic() < self.deadline:
                    return ()
                raise _Lost(self._ended(), f"took longer than {self.time_limit:g} s", slow=True)
            answer: list[Result] | KGError | None = self.pipe.recv()
        except (EOFError, OSError):
            raise _Lost(self._ended(), f"ended the process that read it (exit code {self.process.exitcode})") from None
        if isinstance(answer, KGError):
            raise answer
        self.ready, self.batch, self.deadline = True, None, math.inf
        return answer or ()

    def _ended(self) -> list[Document]:
        """Stop the worker and give back its batch, which is empty where it had none."""
        self.stop()
        return self.batch or []

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _work(pipe: Connection[Any, Any], settings: Settings) -> None:
    """What a worker does until its pipe is closed, which the end of the parent does as well."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    from kg.pipeline import extract_safely, load_tools

    with suppress(EOFError, OSError, KeyboardInterrupt):
        try:
            tools = load_tools(settings)
        except KGError as error:
            pipe.send(error)
            return
        pipe.send(None)
        with collect_rarely():
            while True:
                batch, tagged = pipe.recv()
                pipe.send(list(extract_safely(batch, settings, tools, just(tagged))))
