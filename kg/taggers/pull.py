"""Models of HanLP's hub brought to this machine, and all models here compared with what they should be.

HanLP keeps a model as a folder in its home directory and fetches what is missing when the model is first opened. Here
the same folders are filled beforehand: from the hub, from a mirror of it, or from archives that someone carried over.
A model may need a second archive, its transformer. Nothing half-unpacked ever stands under a name that HanLP looks at.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from kg.errors import ModelError
from kg.taggers.catalog import (
    HUB_LICENCE,
    IN_PACKAGE,
    ON_HUB,
    PACKAGED,
    PATIENCE,
    PULLED,
    check_directory,
    companions,
    hub_directory,
    hub_url,
    require,
    tree_digest,
)

#: Bytes that are read at a time.
CHUNK = 1 << 20

#: Told how many bytes of how many have come (0: the server doesn't say); called with every chunk.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """An archive that is unpacked now. `sha256` is that of the archive, empty where the folder was there before."""

    name: str
    directory: Path
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """A model on this machine and whether its files are what they were: `right`, `changed`, or `unknown`."""

    name: str
    state: str
    digest: str
    note: str = ""


def pull(name: str, sources: Sequence[Path] = (), *, mirror: str = "", sha256: str = "",
         progress: Progress = lambda name, done, whole: None) -> list[Pulled]:
    """Bring a model and what it needs into HanLP's home directory; what is there already is left alone.

    `sources` are archives, or folders that hold them, under the names that they have on the hub; what isn't among them
    is fetched from `mirror` (in place of the hub's own address) or from the hub. `sha256` is what the archive of the
    model itself must have. Raises ModelError: an unknown name, an archive that can't be had or is another one.
    """
    url = _hub_address(name)
    given = {file.name: file for source in sources
             for file in (sorted(source.glob("*.zip")) if source.is_dir() else [source])}
    model = _bring(url, given, mirror, sha256, progress)
    check_directory(model.directory)
    return [model, *(_bring(other, given, mirror, "", progress) for other in companions(model.directory))]


def licence(name: str) -> str:
    """What the weights of a model of the hub may be used for. Raises ModelError for a name that isn't one."""
    _hub_address(name)
    return HUB_LICENCE


def _hub_address(name: str) -> str:
    if name in IN_PACKAGE:
        raise ModelError(f"{name} is in the package already")
    if not (url := hub_url(ON_HUB.get(name, name))):
        raise ModelError(f"{name} is no model of HanLP's hub; there are {', '.join(ON_HUB)} and HanLP's identifiers")
    return url


def _bring(url: str, given: dict[str, Path], mirror: str, wanted: str, progress: Progress) -> Pulled:
    name, directory = PurePosixPath(urlsplit(url).path).name, hub_directory(url)
    if directory.is_dir():
        return Pulled(name, directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kg-", dir=directory.parent) as draft:
        archive = given.get(name) or _fetch(_mirrored(url, mirror), Path(draft) / name, progress)
        found = _sha256(archive)
        if wanted and found != wanted.lower():
            raise ModelError(f"{archive.name}: its SHA-256 is {found}, not {wanted}; get the archive anew")
        unpacked = _unpack(archive, Path(draft) / "unpacked")
        record = {"url": url, "archive": found, "digest": tree_digest(unpacked)}
        (unpacked / PULLED).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        unpacked.replace(directory)
    return Pulled(name, directory, found)


def _mirrored(url: str, mirror: str) -> str:
    """The address on a mirror, which has the files of the hub under the same paths."""
    from hanlp_common.constant import HANLP_URL

    return mirror.rstrip("/") + "/" + url.removeprefix(HANLP_URL) if mirror else url


def _fetch(url: str, file: Path, progress: Progress) -> Path:
    import urllib.request

    require(url, file.name)
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE * 10) as answer, file.open("wb") as out:
            _copy(answer, out, file.name, int(answer.headers.get("Content-Length") or 0), progress)
    except OSError as error:
        raise ModelError(f"{url}: couldn't be fetched ({error}); try again, give a --mirror, or fetch it elsewhere "
                         f"and give the file with --from") from error
    return file


def _copy(answer: IO[bytes], out: IO[bytes], name: str, whole: int, progress: Progress) -> None:
    done = 0
    while chunk := answer.read(CHUNK):
        out.write(chunk)
        done += len(chunk)
        progress(name, done, whole)
    if done < whole:
        raise OSError(f"the connection ended after {done} of {whole} bytes")


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as read:
            return hashlib.file_digest(read, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{file}: can't be read ({error.strerror}); check the path") from error


def _unpack(archive: Path, folder: Path) -> Path:
    """Unpack into `folder`; gives the folder that holds the files, since most archives pack one folder."""
    try:
        with ZipFile(archive) as packed:
            packed.extractall(folder)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{archive.name}: isn't a whole zip archive ({error}); get it anew") from error
    shutil.rmtree(folder / "__MACOSX", ignore_errors=True)
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def verify(names: Sequence[str] = ()) -> list[Verified]:
    """Compare the models on this machine, or those named, with the digests that they had when they came.

    Raises ModelError for a name that isn't on this machine.
    """
    known = names or [*IN_PACKAGE, *(name for name in ON_HUB if _directory(name).is_dir())]
    return [_verify(name, _directory(name)) for name in known]


def _directory(name: str) -> Path:
    if name in IN_PACKAGE:
        return PACKAGED / IN_PACKAGE[name]
    url = hub_url(ON_HUB.get(name, name))
    return hub_directory(url) if url else Path(name)


def _verify(name: str, directory: Path) -> Verified:
    check_directory(directory)
    found = tree_digest(directory)
    if name in IN_PACKAGE:
        return _compare(name, found, _packaged_digests()[IN_PACKAGE[name]], "install kg again")
    record = directory / PULLED
    if not record.is_file():
        return Verified(name, "unknown", found, "it wasn't brought by kg models pull, so there is nothing to compare")
    wanted = json.loads(record.read_text(encoding="utf-8")).get("digest", "")
    return _compare(name, found, wanted, f"delete {directory} and pull it again")


def _compare(name: str, found: str, wanted: str, remedy: str) -> Verified:
    return Verified(name, "right", found) if found == wanted else Verified(name, "changed", found, remedy)


def _packaged_digests() -> dict[str, str]:
    lines = (PACKAGED / "digests.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))
