"""Files of finished builds in a store: where nothing has changed, they are taken from there.

    DIR/graphs/KEY/     graph.graphml, graph.json, graph.html and summary.json, with the digest of each in sums.json

KEY is the digest of the facts' keys, of what the files depend on beside them, and of the title of the page.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kg.export.manifest import Summary
from kg.pipeline import Build
from kg.store import refused

#: How many finished builds a store keeps; each is as large as its files.
KEPT = 2


def restore(build: Build, title: str, folder: Path) -> Summary | None:
    """Copy the files of a build that was finished before into `folder`; None where there is none that is whole."""
    if build.store is None:
        return None
    kept = _place(build, title)
    try:
        for name in json.loads((kept / "sums.json").read_bytes()):
            shutil.copyfile(kept / name, folder / name)
        if broken(kept, folder):
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
    place = _place(build, title)
    part = place.with_name(f"{place.name}.{build.started.timestamp():.6f}.part")
    with refused(build.store.directory):
        try:
            part.mkdir()
            (part / "summary.json").write_text(summary.model_dump_json(), encoding="utf-8")
            for file in files:
                shutil.copyfile(file, part / file.name)
            sums = {path.name: _digest(path) for path in sorted(part.iterdir())}
            (part / "sums.json").write_text(json.dumps(sums), encoding="utf-8")
            shutil.rmtree(place, ignore_errors=True)  # it was damaged
            with suppress(OSError):  # another build has just put the same there
                part.replace(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    finished = sorted((path for path in place.parent.iterdir() if path.suffix != ".part"), key=_age, reverse=True)
    for old in finished[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def broken(kept: Path, files: Path | None = None) -> bool:
    """Whether files of a finished build (or copies of them in another folder) aren't what they were."""
    try:
        sums = json.loads((kept / "sums.json").read_bytes())
        return any(_digest((files or kept) / name) != digest for name, digest in sums.items())
    except (OSError, ValueError):
        return True


def _age(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _place(build: Build, title: str) -> Path:
    assert build.store is not None
    return build.store.directory / "graphs" / hashlib.sha256(f"{build.key}\n{title}".encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
