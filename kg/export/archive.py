"""Several files in one zip, which doesn't tell when it was made."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def pack(files: Mapping[str, Path], path: Path) -> None:
    """Write the files into a zip under the names given, with the first day that a zip can hold as their date."""
    with ZipFile(path, "w") as archive:
        for name, file in files.items():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.file_size = file.stat().st_size   # tells the zip whether it must count in 64 bits
            with archive.open(entry, "w") as out, file.open("rb") as read:
                shutil.copyfileobj(read, out)
