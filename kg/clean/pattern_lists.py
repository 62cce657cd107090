"""Lists of regular expressions from YAML files (`name: [pattern, …]`), checked when they are loaded.

A pattern that begins with `^` is tried at the beginning of a text alone: `re` itself would try it at every character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import YamlFile, load_yaml

FOLDER = Path(__file__).parents[1] / "data" / "cleaning"


@dataclass(frozen=True, slots=True)
class PatternList:
    """The patterns of a list: those that stand at the beginning, and those that stand anywhere. Case doesn't matter."""

    first: re.Pattern[str]
    anywhere: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first match of any pattern of the list."""
        return self.first.match(text) or self.anywhere.search(text)


def load_patterns(path: Path, expected: Iterable[str]) -> dict[str, PatternList]:
    """The lists of a file.

    Raises KnowledgeError with all faults: broken YAML, unknown or missing lists, patterns that don't compile
    or that match the empty text.
    """
    file = load_yaml(path)
    if not isinstance(file.data, dict):
        raise KnowledgeError([f"{path}:1: expected lists of patterns by name"])
    wanted = list(expected)
    faults = [f"{path}:1: the list `{name}` is missing" for name in wanted if name not in file.data]
    for name, patterns in file.data.items():
        if name not in wanted:
            faults.append(file.fault([name], f"unknown list `{name}`; known: {', '.join(wanted)}"))
        elif not isinstance(patterns, list) or not patterns:
            faults.append(file.fault([name], f"`{name}` must be a list of patterns"))
        else:
            faults += [fault for k, pattern in enumerate(patterns) for fault in _faults(file, name, k, pattern)]
    if faults:
        raise KnowledgeError(faults)
    return {name: PatternList(_one(p for p in file.data[name] if p.startswith("^")),
                              _one(p for p in file.data[name] if not p.startswith("^"))) for name in wanted}


def _one(patterns: Iterable[str]) -> re.Pattern[str]:
    """All patterns as one; without any, one that never matches."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)", re.IGNORECASE)


def _faults(file: YamlFile, name: str, k: int, pattern: object) -> list[str]:
    if not isinstance(pattern, str):
        return [file.fault([name, k], "a pattern must be text; put it in quotes")]
    try:
        empty = re.compile(pattern).match("")
    except re.error as error:
        return [file.fault([name, k], f"`{pattern}` is no regular expression ({error})")]
    return [file.fault([name, k], f"`{pattern}` matches the empty text")] if empty else []
