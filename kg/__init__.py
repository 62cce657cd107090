"""Chinese documents in, a knowledge graph with its evidence out.

    import kg

    built = kg.build(["reports/"], kg.Settings(date="2020-02-04"))
    kg.write_build(built, Path("outputs/reports"))

Names are loaded when they are first used, so that `import kg` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import GraphError, InputError, KGError, KnowledgeError, ModelError
    from kg.export import read_graph, write_graph
    from kg.export.write import write_build
    from kg.graph import Edge, Graph, Node
    from kg.models import Document, Evidence, Mention
    from kg.pipeline import Build, build, build_documents
    from kg.settings import Settings
    from kg.taggers import Tagger, open_tagger

__version__ = "0.1.0"

__all__ = [
    "Build", "Document", "Edge", "Evidence", "Graph", "GraphError", "InputError", "KGError", "KnowledgeError",
    "Mention", "ModelError", "Node", "Settings", "Tagger", "build", "build_documents", "open_tagger", "read_graph",
    "write_build", "write_graph",
]

_MODULES = {
    "kg.errors": ("GraphError", "InputError", "KGError", "KnowledgeError", "ModelError"),
    "kg.export": ("read_graph", "write_graph"),
    "kg.graph": ("Edge", "Graph", "Node"),
    "kg.models": ("Document", "Evidence", "Mention"),
    "kg.pipeline": ("Build", "build", "build_documents"),
    "kg.settings": ("Settings",),
    "kg.taggers": ("Tagger", "open_tagger"),
    "kg.export.write": ("write_build",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
