"""YAML files whose faults can be told by file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kg.errors import KnowledgeError

KeyPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
#: The parser in C is ten times as fast; a PyYAML without it reads the same.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a YAML file holds, and the line (from 1) on which each key or list item begins."""

    path: Path
    data: Any
    lines: dict[KeyPath, int]

    def line_of(self, keypath: Sequence[str | int]) -> int:
        """The line of `keypath`, or of the nearest thing around it that stands in the file."""
        for length in range(len(keypath), -1, -1):
            line = self.lines.get(tuple(keypath[:length]))
            if line is not None:
                return line
        return 1

    def fault(self, keypath: Sequence[str | int], what: str) -> str:
        """`file:line: what`, as KnowledgeError wants it."""
        return f"{self.path}:{self.line_of(keypath)}: {what}"

    def faults(self, error: ValidationError) -> list[str]:
        """The faults that pydantic found in `data`, one line each, in the order of the file."""
        found = [(self.line_of(fault["loc"]), ".".join(map(str, fault["loc"])) or "file", fault["msg"])
                 for fault in error.errors()]
        return [f"{self.path}:{line}: {where}: {what}" for line, where, what in sorted(found)]

    def checked(self, model: type[M]) -> M:
        """`data` as a record of `model`. Raises KnowledgeError with all faults."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise KnowledgeError(self.faults(error)) from error


def load_yaml(path: Path) -> YamlFile:
    """Read a YAML file (UTF-8, plain data only).

    Raises KnowledgeError where the file can't be read, isn't YAML, or gives a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KnowledgeError([f"{path}:1: can't be read ({error.strerror}); check the path"]) from error
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{path}:1: isn't UTF-8; save it as UTF-8"]) from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: Path) -> YamlFile:
    """What `load_yaml` gives for a file at `path` that holds `text`. Raises KnowledgeError likewise."""
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            lines, twice = _lines(root)
            data = loader.construct_document(root) if root is not None and not twice else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise KnowledgeError([_syntax_fault(path, error)]) from error
    if twice:
        raise KnowledgeError([f"{path}:{line}: the key {key!r} stands twice" for line, key in sorted(twice)])
    return YamlFile(path, data, lines)


def _lines(root: yaml.Node | None) -> tuple[dict[KeyPath, int], list[tuple[int, str]]]:
    lines: dict[KeyPath, int] = {}
    twice: list[tuple[int, str]] = []
    pending: list[tuple[KeyPath, yaml.Node]] = [((), root)] if root is not None else []
    while pending:
        keypath, node = pending.pop()
        lines.setdefault(keypath, node.start_mark.line + 1)
        seen = set()
        for key, line, value in _children(node):
            if key in seen:
                twice.append((line, str(key)))
            seen.add(key)
            lines[(*keypath, key)] = line
            pending.append(((*keypath, key), value))
    return lines, twice


def _children(node: yaml.Node) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value.start_mark.line + 1, value


def _syntax_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    return f"{path}:{line}: isn't YAML: {getattr(error, 'problem', None) or error}"
