"""Documents to facts on a Ray cluster: actors that each load the tools once, on whatever machines there are.

An actor that is lost with its machine is started again where there is room, and what it had is read by another; which
machine read what leaves no trace in the result. Every machine needs kg with the extra `ray`, the model and the rules.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import KGError
from kg.facts import Known, just, nothing_known
from kg.memory import collect_rarely
from kg.models import Document
from kg.settings import Settings
from kg.workers import TRIES, Result, batches, seconds_for, tried_again, tried_apart


def connect() -> Any:
    """Ray, connected to the cluster that RAY_ADDRESS names or that runs on this machine; without any, it starts one.

    Raises KGError where Ray isn't installed.
    """
    try:
        import ray
    except ImportError as error:
        raise KGError("--engine ray needs Ray, which isn't here; pip install 'kg[ray]'") from error
    if not ray.is_initialized():
        ray.init(logging_level=logging.ERROR, log_to_driver=False)
    return ray


@dataclass(frozen=True)
class _Given:
    """Documents that an actor has, none while it starts, and until when; a time of the monotonic clock."""

    actor: Any
    batch: list[Document]
    deadline: float = math.inf


def extract_on_ray(documents: Iterable[Document], settings: Settings,
                   known: Known = nothing_known) -> Iterator[Result]:
    """What `kg.workers.extract_in_workers` gives, from one actor for each processor of the cluster.

    With more than one of `settings.workers` there are that many actors. Raises KGError where Ray isn't installed, and
    where an actor can't load its tools.
    """
    ray = connect()
    count = settings.workers if settings.workers > 1 else max(1, int(ray.cluster_resources().get("CPU", 1)))
    reader = ray.remote(num_cpus=1)(_Reader)
    todo, queue, tries = batches(documents, count), deque[list[Document]](), Counter[str]()
    free: list[Any] = []
    running: dict[Any, _Given] = {}  # by task

    def start() -> None:
        if tries[""] >= TRIES * count:  # those that were lost while they started
            raise KGError("actors end before they have read anything; is there memory enough on every machine?")
        actor = reader.remote(settings)
        running[actor.read.remote([], {})] = _Given(actor, [])

    for _ in range(count):
        start()
    while True:
        while free and (batch := queue.popleft() if queue else next(todo, None)):
            actor = free.pop()
            until = time.monotonic() + seconds_for(batch, settings.time_limit)
            running[actor.read.remote(batch, known(batch))] = _Given(actor, batch, until)
        if free and not any(given.batch for given in running.values()):
            return
        first = min(given.deadline for given in running.values())
        done, _ = ray.wait(list(running), timeout=None if first == math.inf else max(0.0, first - time.monotonic()))
        if not done:
            for task in [task for task, given in running.items() if given.deadline <= time.monotonic()]:
                given = running.pop(task)
                ray.kill(given.actor)
                start()
                yield from tried_apart(given.batch, queue, f"took longer than {settings.time_limit:g} s")
            continue
        given = running.pop(done[0])
        try:
            found = ray.get(done[0])
        except ray.exceptions.RayTaskError as error:  # raised by our own code
            raise KGError(f"a machine of the cluster can't read documents: {error.cause}") from error
        except ray.exceptions.RayError as error:  # the actor is gone, or its machine
            why = f"ended the actor that read it ({type(error).__name__})"
            lost = tried_again(given.batch, queue, tries, why)
            start()
            yield from lost
        else:
            free.append(given.actor)
            yield from found


class _Reader:
    """What an actor does."""

    fault: Exception | None = None

    def __init__(self, settings: Settings):
        from kg.pipeline import load_tools

        self.settings = settings
        try:
            self.tools = load_tools(settings)
        except Exception as error:  # an actor that raises here is one that is lost; why, is told when it is asked
            self.fault = error

    def read(self, batch: list[Document], tagged: Mapping[str, bytes]) -> list[Result]:
        from kg.pipeline import extract_safely

        if self.fault:
            raise self.fault
        with collect_rarely():
            return list(extract_safely(batch, self.settings, self.tools, just(tagged)))
