"""The sample documents that ship with the package: texts of our own, about people who don't exist."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from kg.models import Document
from kg.read import read
from kg.settings import Settings


def sample_documents(settings: Settings) -> list[Document]:
    """The sample documents; their source says `sample/name` wherever the package is installed."""
    folder = Path(str(resources.files("kg") / "data" / "sample"))
    documents, _ = read([folder], settings)
    return [d.model_copy(update={"source": f"sample/{Path(d.source).name}", "names": ()}) for d in documents]
