"""Models of others are data: what a directory may make HanLP do when it is opened.

HanLP builds objects from the class paths in a model's JSON files, and some of its parts read pickles. Either could run
code of whoever made the model. So only classes of HanLP itself and the analyzer of kg may be named, and while a model
is opened no pickle may name anything. HanLP itself reads weights as such (`weights_only=True`); it has no safetensors.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.errors import ModelError

#: The class of our own that a configuration may name.
_OURS = "kg.taggers.lac.LexicalAnalyzer"
#: File → the keys in it whose values HanLP turns into classes and functions.
_NAMED_IN = {**dict.fromkeys(("config.json", "meta.json"), ("classpath", "class_path", "function")),
             "vocabs.json": ("type",)}
_PICKLES = (".pkl", ".pickle", ".joblib")
_REMEDY = "a model may bring weights, no code; don't open it unless you trust who made it, and then with HanLP alone"

#: The model that is being opened now.
_opening: ContextVar[str] = ContextVar("opening", default="")


def check_model(directory: Path) -> None:
    """Raise ModelError for a model that would run code of its own, with the file and what in it would."""
    for path in sorted(directory.rglob("*")):
        if path.suffix.lower() in _PICKLES:
            raise ModelError(f"{path}: is a pickle, which can run any code; {_REMEDY}")
    for name, keys in _NAMED_IN.items():
        file = directory / name
        if not file.is_file():
            continue
        try:
            tree = json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{file}: is no JSON ({error}); copy the model anew") from error
        for key, value in _values(tree):
            if key in keys and value is not None and not _is_known(value):
                raise ModelError(f"{file}: {key} is {value!r}, which is no class of HanLP; {_REMEDY}")


def _values(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a JSON tree with its value, however deep."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield from node.items()
            pending += node.values()
        elif isinstance(node, list):
            pending += node


def _is_known(path: Any) -> bool:
    """Whether a class path names a class that HanLP itself defines: its modules hold those of others as well."""
    if path == _OURS:
        return True
    module, _, name = path.rpartition(".") if isinstance(path, str) else ("", "", "")
    if not module.startswith("hanlp."):
        return False
    try:
        found = getattr(import_module(module), name, None)
    except ImportError:
        return False
    return isinstance(found, type) and found.__module__.startswith("hanlp.")


@contextmanager
def without_pickles(where: str) -> Iterator[None]:
    """Inside of the block, a pickle that names a class or function raises ModelError instead of calling it."""
    _listen()
    token = _opening.set(where)
    try:
        yield
    finally:
        _opening.reset(token)


@cache
def _listen() -> None:
    """Have Python tell of every name that a pickle looks up. It can't be told to stop, so this is done only once."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "pickle.find_class" and (where := _opening.get()):
        raise ModelError(f"{where}: holds a pickle that names {arguments[0]}.{arguments[1]}; {_REMEDY}")
