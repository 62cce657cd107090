"""Documents to facts on a Ray cluster: actors that each load the tools once, on whatever machines there are.

An actor that is lost with its machine is started again where there is room, and what it had is read by another; which
machine read what leaves no trace in the result. Every machine needs kg with the extra `ray`, the model and the rules.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

from kg.errors import KGError
from kg.models import Document
from kg.settings import Settings
from kg.workers import Result, batches, left_out

#: How often a document is tried before it is reported: what ended an actor may have been its machine.
TRIES = 3


def extract_on_ray(documents: Iterable[Document], settings: Settings) -> Iterator[Result]:
    """What `kg.workers.extract_in_workers` gives, from one actor for each processor of the cluster.

    The cluster is the one that RAY_ADDRESS names or that runs on this machine; without any, Ray starts one here.
    With more than one of `settings.workers` there are that many actors. Raises KGError where ray isn't installed,
    and where an actor can't load its tools.
    """
    try:
        import ray as library
    except ImportError as error:
        raise KGError("--engine ray needs Ray, which isn't here; pip install 'kg[ray]'") from error
    ray: Any = library  # its own types don't know what it makes of a class
    if not ray.is_initialized():
        ray.init(logging_level=logging.ERROR, log_to_driver=False)
    count = settings.workers if settings.workers > 1 else max(1, int(ray.cluster_resources().get("CPU", 1)))
    reader = ray.remote(num_cpus=1)(_Reader)
    todo, queue, tries = batches(documents), deque[list[Document]](), Counter[str]()
    free: list[Any] = []
    running: dict[Any, tuple[Any, list[Document]]] = {}  # by task; an actor that is starting has no documents

    def start() -> None:
        actor = reader.remote(settings)
        running[actor.read.remote([])] = actor, []

    for _ in range(count):
        start()
    while True:
        while free and (batch := queue.popleft() if queue else next(todo, None)):
            actor = free.pop()
            running[actor.read.remote(batch)] = actor, batch
        if free and not any(batch for _, batch in running.values()):
            return
        (task,), _ = ray.wait(list(running))
        actor, batch = running.pop(task)
        try:
            found = ray.get(task)
        except ray.exceptions.RayTaskError as error:  # raised by our own code
            raise KGError(f"a machine of the cluster can't read documents: {error.cause}") from error
        except ray.exceptions.RayError as error:  # the actor is gone, or its machine
            start()
            tries.update(document.id for document in batch)
            queue.extend([document] for document in batch if tries[document.id] < TRIES)
            why = f"ended the actor that read it {TRIES} times ({type(error).__name__})"
            yield from (left_out(document, why) for document in batch if tries[document.id] >= TRIES)
        else:
            free.append(actor)
            yield from found


class _Reader:
    """What an actor does."""

    def __init__(self, settings: Settings):
        from kg.pipeline import load_tools

        self.settings, self.tools = settings, load_tools(settings)

    def read(self, batch: list[Document]) -> list[Result]:
        from kg.pipeline import extract_safely

        return list(extract_safely(batch, self.settings, self.tools))
