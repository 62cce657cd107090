"""Graphs that were built apart, as one: byte for byte what a build of all their documents gives.

A graph doesn't hold all that a document says (which of its sentences name nobody, which names were linked before
entities were joined), so the texts in graph.json are read again, by the same model and rules, and joined as in any
build; a store that the graphs were built with spares the reading. What would make the result differ is refused:
another version, other settings, texts that were masked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kg import __version__
from kg.errors import GraphError
from kg.export import read_graph
from kg.graph import Graph, GraphDocument
from kg.models import Document
from kg.pipeline import Build, Progress, build_documents, load_tools, silent
from kg.read import Skipped, with_unique_ids
from kg.settings import Settings

#: Settings that a merge has of its own: the decisions for all, and where and how to read.
HERE = ("overrides", "workers", "engine", "store", "time_limit")
#: Settings that may differ: those, and those that only say where documents lie, which are in the graph already.
FREE = ("text_column", "title_column", "date_column", "id_column", "strict", *HERE)


@dataclass(frozen=True)
class Part:
    """A graph and what its manifest says of how it was built."""

    path: Path
    graph: Graph
    settings: dict[str, Any]
    versions: dict[str, str]
    skipped: tuple[Skipped, ...]


def unite(paths: Sequence[Path], how: Settings | None = None, *, progress: Progress[Any] = silent,
          tell: Callable[[str], None] = lambda text: None) -> Build:
    """One graph of the documents of several; `tell` is told what is done.

    What the graphs say goes by the settings that they were built with; `how` has the decisions for all, and where and
    how to read (`HERE`). Raises GraphError, with all reasons, where the graphs can't be united.
    """
    parts = [read_part(path) for path in sorted(set(paths))]
    settings = _common_settings(parts, how or Settings())
    tools = load_tools(settings)
    here = {"kg": __version__, "model": tools.tagger.id, "rules_digest": tools.rules.digest}
    if faults := [fault for part in parts for fault in _of_another_version(part, here)]:
        raise GraphError("\n".join(faults))
    documents = documents_of(parts)
    but = f", all but those in {settings.store}" if settings.store else ""
    tell(f"reading the texts of {len(documents)} documents in {len(parts)} graphs again, with {settings.model}{but}")
    skipped = dict.fromkeys(each for part in parts for each in part.skipped)
    return build_documents(documents, settings, skipped=list(skipped), progress=progress,
                           tagger=tools.tagger if settings.workers == 1 else None)


def read_part(path: Path) -> Part:
    """The graph of a build with its manifest. Raises GraphError where either is missing or damaged."""
    file = (path if path.is_dir() else path.parent) / "manifest.json"
    graph = read_graph(path)
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        return Part(path, graph, dict(manifest["settings"]), dict(manifest["versions"]),
                    tuple(Skipped(**each) for each in manifest["skipped"]))
    except OSError as error:
        raise GraphError(f"{file}: can't be read ({error.strerror}); it belongs beside graph.json, and says how the "
                         "graph was built") from error
    except (ValueError, KeyError, TypeError) as error:
        raise GraphError(f"{file}: is no manifest of a build; build the graph again") from error


def documents_of(parts: Sequence[Part]) -> Sequence[Document]:
    """The documents of all graphs, each once, under the ids that one build would give them.

    Raises GraphError for texts that were masked or left out, and where graphs have different texts of one file.
    """
    faults: list[str] = []
    found: dict[tuple[str, int | None], tuple[Part, GraphDocument]] = {}
    for part in parts:
        for document in part.graph.documents:
            if document.masked or not document.text:
                what = "was masked" if document.masked else "is missing"
                faults.append(f"{part.path}: the text of {document.id} {what}; unite graphs that hold their texts")
                continue
            other, known = found.setdefault((document.source, document.row), (part, document))
            if (known.sha256, known.text, known.given) != (document.sha256, document.text, document.given):
                faults.append(f"{part.path}: {document.source} has another text than in {other.path}; "
                              "build the older graph again")
    if faults:
        raise GraphError("\n".join(faults))
    ordered = (found[place][1] for place in sorted(found, key=lambda place: (place[0], place[1] or 0)))
    return with_unique_ids([_document(document) for document in ordered])


def _document(kept: GraphDocument) -> Document:
    """The document as it was read."""
    return Document.model_validate(kept.model_dump(include=set(Document.model_fields)))


def _common_settings(parts: Sequence[Part], how: Settings) -> Settings:
    """The settings of all graphs, with those of `how` that a merge has of its own. Raises GraphError, with all that
    differ."""
    faults = []
    first = parts[0]
    for part in parts[1:]:
        for name in sorted((first.settings.keys() | part.settings.keys()) - set(FREE)):
            one, other = first.settings.get(name), part.settings.get(name)
            if one != other:
                faults.append(f"{part.path}: was built with {_option(name)} {other}, {first.path} with {one}; "
                              "build one of them again")
    for part in parts:
        if part.settings.get("overrides") and not how.overrides:
            faults.append(f"{part.path}: was built with decisions ({', '.join(part.settings['overrides'])}); "
                          "name the tables that hold for all, by --overrides")
    if faults:
        raise GraphError("\n".join(faults))
    kept = {name: value for name, value in first.settings.items() if name not in FREE}
    try:
        return Settings(**kept, **{name: getattr(how, name) for name in HERE})
    except ValidationError as error:
        raise GraphError(f"{first.path}: was built with settings that this version doesn't know; build it again"
                         ) from error


def _of_another_version(part: Part, here: dict[str, str]) -> Iterator[str]:
    """What read the documents of a graph and isn't what would read them now."""
    for name, value in here.items():
        said = part.versions.get(name, "")
        if said != value:
            yield f"{part.path}: was built with {name} {said or 'unknown'}, here is {value}; build it again"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
