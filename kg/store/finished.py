"""Files of finished builds in a store: where nothing has changed, they are taken from there.

    DIR/graphs/KEY/     graph.graphml, graph.json, graph.html and summary.json, and done.json: when they were finished,
                        and the digest of each; what has none was never finished

KEY is the digest of the facts' keys, of what the files depend on beside them, and of the title of the page.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.export.manifest import Summary
from kg.store.folder import Folder, refused

if TYPE_CHECKING:
    from kg.pipeline import Build

#: How many finished builds a store keeps; each is as large as its files.
KEPT = 2


def restore(build: Build, title: str, folder: Path) -> Summary | None:
    """Copy the files of a build that was finished before into `folder`; None where there is none that is whole."""
    if build.store is None:
        return None
    kept = _place(build, title)
    try:
        for name, digest in _done(build.store.folder, kept)["files"].items():
            build.store.folder.copy_out(f"{kept}/{name}", folder / name)
            with (folder / name).open("rb") as file:
                if _digest(file) != digest:
                    raise ValueError
        summary = Summary.model_validate_json((folder / "summary.json").read_bytes())
    except (OSError, ValueError):  # not there, taken away by another build, or damaged: the graph is assembled
        summary = None
    (folder / "summary.json").unlink(missing_ok=True)
    return summary


def keep(build: Build, title: str, summary: Summary, files: Sequence[Path]) -> None:
    """Keep the files of a build that is finished, and no more than the last KEPT builds."""
    if build.store is None:
        return
    folder, place = build.store.folder, _place(build, title)
    said = summary.model_dump_json().encode()
    digests = {"summary.json": hashlib.sha256(said).hexdigest()}
    with refused(folder):
        folder.make(place)
        folder.write(f"{place}/summary.json", said)
        for file in files:
            folder.copy_in(file, f"{place}/{file.name}")
            with file.open("rb") as opened:
                digests[file.name] = _digest(opened)
        folder.write(f"{place}/done.json", json.dumps({"time": time.time_ns(), "files": digests}).encode())
        folder.remove(*finished(folder)[:-KEPT])


def finished(folder: Folder) -> list[str]:
    """The finished builds, the oldest first."""
    times = {}
    for name in folder.names("graphs"):
        with suppress(OSError, ValueError, KeyError):
            times[name] = _done(folder, name)["time"]
    return sorted(times, key=lambda name: (times[name], name))


def broken(folder: Folder, kept: str) -> bool:
    """Whether files of a finished build aren't what they were."""
    try:
        for name, digest in _done(folder, kept)["files"].items():
            with folder.open(f"{kept}/{name}") as file:
                if _digest(file) != digest:
                    return True
    except (OSError, ValueError, KeyError):
        return True
    return False


def _done(folder: Folder, kept: str) -> dict[str, Any]:
    done = json.loads(folder.read(f"{kept}/done.json"))
    if not isinstance(done, dict):
        raise ValueError
    return done


def _place(build: Build, title: str) -> str:
    key = hashlib.sha256(f"{build.key}\n{title}".encode()).hexdigest()
    return f"graphs/{key}"


def _digest(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file that can be read from
