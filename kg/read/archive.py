"""The documents in a .zip, read in memory; nothing is ever unpacked to the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from kg.errors import InputError
from kg.visible import visible

_MOST = 2**30        # bytes that the members of an archive may have altogether
_RATIO = 200         # so many times its packed size a member may have; text packs ten- to fiftyfold
_HARMLESS = 2**20    # bytes up to which the ratio doesn't matter


def members(data: bytes, wanted: Callable[[PurePosixPath], bool],
            skip: Callable[[str, str], None]) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Path and content of the members that are `wanted`, sorted by path; `skip` is told of those that can't be read.

    Raises InputError when the bytes are no archive, or when nothing or too much in it is wanted.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError("is no zip archive that can be opened, or it is damaged; download it again") from error
    # Of two members of one name the last counts, as for every program that unpacks them.
    files = {PurePosixPath(visible(member_name(info))): info for info in archive.infolist() if not info.is_dir()}
    chosen = sorted((path, info) for path, info in files.items() if wanted(path))
    if not chosen:
        raise InputError("holds no document in a format that is read here; `kg build --help` lists them")
    if sum(info.file_size for _, info in chosen) > _MOST:
        raise InputError(f"holds more than {_MOST >> 20:,} MB; unpack it and name the folder")
    for path, info in chosen:
        if path.is_absolute() or ".." in path.parts:
            skip(str(path), "has a path that leads out of the archive; unpack it and look at it yourself")
        elif info.flag_bits & 1:
            skip(str(path), "has a password; unpack it and name the file")
        elif too_tight(info):
            skip(str(path), "is packed too tightly for a text; unpack it and look at it yourself")
        else:
            try:
                content = archive.read(info)
            except Exception as error:  # zipfile's own, and whatever its decompressors raise
                skip(str(path), f"can't be unpacked ({error}); download the archive again")
                continue
            yield path, content


def too_tight(info: zipfile.ZipInfo) -> bool:
    """Whether a member is packed so tightly that it is no text but a bomb."""
    return info.file_size > max(_HARMLESS, _RATIO * info.compress_size)


def check_parts(data: bytes) -> None:
    """Look at the parts of a file that is an archive inside, before a library unpacks them all.

    Raises InputError where they are too large altogether or one is packed too tightly.
    """
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if sum(info.file_size for info in parts) > _MOST or any(map(too_tight, parts)):
        raise InputError("is packed so tightly that it might fill the memory; open it yourself and save it as .txt")


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member, also where it was written on Chinese Windows: in GBK, without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")  # as which zipfile reads every name that doesn't say it is UTF-8
    except UnicodeEncodeError:
        return info.filename
    return readable(raw).replace("\\", "/")


def readable(raw: bytes) -> str:
    """A file name as text: what isn't UTF-8 is GB18030, as archives made on Chinese Windows hold it.

    >>> readable("通报".encode("gbk"))
    '通报'
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
