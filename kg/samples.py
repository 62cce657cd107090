"""The sample documents that ship with the package: texts of our own, about people who don't exist."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def sample_files() -> list[Path]:
    """The sample documents, sorted by name."""
    folder = Path(str(resources.files("kg") / "data" / "sample"))
    return sorted(p for p in folder.iterdir() if p.suffix in (".txt", ".html", ".md", ".jsonl", ".csv"))
