"""How Python's memory is looked after while millions of records come into being."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New containers before Python looks for cycles among the youngest, and such rounds before it looks among the older
#: ones; its own are 700, 10 and 10.
_RARELY = (50_000, 20, 100)


@contextmanager
def collect_rarely() -> Iterator[None]:
    """Look for cycles of garbage much less often inside of the block.

    A build makes records that live to its end and point only at older ones: every search walks through all of
    them and finds nothing. Half the time of kg.assemble went into that, and a fifth of that of kg.tag.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
