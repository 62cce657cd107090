"""Documents at which a library gives up in some way, in processes that were started to read them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: What workers and actors start with where this is on their path: a text that names a fault has it.
FAULTS = '''
import os, sys, time
if any("spawn_main" in word or "default_worker" in word for word in sys.orig_argv):
    import kg.pipeline
    clean = kg.pipeline.clean
    def fail(document, settings):
        if "崩溃" in document.text:
            os.kill(os.getpid(), 9)
        if "死循环" in document.text:
            time.sleep(600)
        if "异常" in document.text:
            raise RecursionError("too deep")
        if "内存" in document.text:
            import resource
            most = resource.getrlimit(resource.RLIMIT_AS)
            held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (held + 2**27, most[1]))
            try:
                more = bytearray(2**28)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, most)
        return clean(document, settings)
    kg.pipeline.clean = fail
'''


def on_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the faults happen in processes that are started from now on."""
    (folder / "sitecustomize.py").write_text(FAULTS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(Path(__file__).parents[1])]))
