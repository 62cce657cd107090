"""Builds hold the shared lock of a store, what tidies it the whole one.

On this machine the system keeps the lock, and a killed build lets go of it. Elsewhere no system does: there each holder
leaves a small file under locks/ and looks for those of others afterwards, so that of two at least one sees the other.
"""

from __future__ import annotations

import json
import os
import platform
import weakref
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from kg.errors import StoreError
from kg.store.folder import Folder, refused

FORMAT = {"format": "kg-store/2"}
FOLDERS = ("facts", "taggings", "builds", "graphs", "locks")


class Lock:
    """The lock of a store, held wholly or with others who add to it, until it is released or nobody has it any more."""

    def __init__(self, folder: Folder, *, whole: bool):
        """Lock a store, which is made where there is none.

        Raises StoreError for a directory that is no store, and while another holds the lock that excludes this one.
        """
        with refused(folder):
            _prepare(folder)
            letting_go = (partial(folder.remove, _leave_file(folder, whole)) if folder.local is None
                          else partial(os.close, _lock_file(folder, folder.local, whole)))
        self.release = weakref.finalize(self, letting_go)

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _prepare(folder: Folder) -> None:
    if not folder.has("kg-store.json"):
        if any(not name.endswith(".part") for name in folder.names()):
            raise StoreError(f"{folder}: holds other files and is no store of kg; choose a new directory")
        folder.make("")
        folder.write("kg-store.json", json.dumps(FORMAT).encode())
    try:
        known = json.loads(folder.read("kg-store.json")) == FORMAT
    except ValueError:
        known = False
    if not known:
        raise StoreError(f"{folder}: isn't a store of this version of kg; choose a new directory")
    folder.make(*FOLDERS)


def _lock_file(folder: Folder, path: Path, whole: bool) -> int:
    file = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    with suppress(ImportError):  # Windows, where the names of files alone keep builds apart
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if whole else fcntl.LOCK_SH)
        except BlockingIOError:
            os.close(file)
            raise StoreError(f"{folder}: a build is using this store; wait for its end") from None
    return file


def _leave_file(folder: Folder, whole: bool) -> str:
    mine = f"locks/{'whole' if whole else 'build'}-{uuid4().hex}"
    holder = {"host": platform.node(), "process": os.getpid(), "since": datetime.now(UTC).isoformat()}
    folder.write(mine, json.dumps(holder).encode())
    for other in folder.names("locks"):
        if other != mine and not other.endswith(".part") and (whole or "/whole-" in other):
            folder.remove(mine)
            raise StoreError(f"{folder}: {'a build is using' if '/build-' in other else 'somebody tidies'} this store; "
                             f"wait for its end, or remove {folder.path(other)} if it was killed")
    return mine
