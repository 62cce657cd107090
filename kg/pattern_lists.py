"""Lists of patterns from YAML files: `name: [regular expression, …]`, checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources

import yaml

from kg.errors import KnowledgeError


def load_patterns(name: str, expected: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """The patterns of kg/data/cleaning/<name>, one alternation for each list.

    Raises KnowledgeError with all faults: broken YAML, unknown or missing lists, patterns that don't compile.
    """
    text = resources.files("kg").joinpath(f"data/cleaning/{name}").read_text("utf-8")
    return parse_patterns(text, name, expected)


def parse_patterns(text: str, file: str, expected: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """The same from the text of a file, whose name stands in the faults."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 1 if getattr(error, "problem_mark", None) else 1
        raise KnowledgeError([f"{file}:{line}: not YAML ({getattr(error, 'problem', error)})"]) from error
    if not isinstance(root, yaml.MappingNode):
        raise KnowledgeError([f"{file}:1: expected lists of patterns by name"])
    wanted = list(expected)
    faults: list[str] = []
    found: dict[str, re.Pattern[str]] = {}
    for key, value in root.value:
        if key.value not in wanted:
            faults.append(f"{file}:{key.start_mark.line + 1}: unknown list `{key.value}`; known: {', '.join(wanted)}")
        elif not isinstance(value, yaml.SequenceNode) or not value.value:
            faults.append(f"{file}:{key.start_mark.line + 1}: `{key.value}` must be a list of patterns")
        else:
            faults += _faults(value, file)
            if not faults:
                found[key.value] = re.compile("|".join(f"(?:{item.value})" for item in value.value), re.IGNORECASE)
    present = {key.value for key, _ in root.value}
    faults += [f"{file}:1: the list `{name}` is missing" for name in wanted if name not in present]
    if faults:
        raise KnowledgeError(faults)
    return found


def _faults(items: yaml.SequenceNode, file: str) -> list[str]:
    faults = []
    for item in items.value:
        line = item.start_mark.line + 1
        if not isinstance(item, yaml.ScalarNode) or not item.value:
            faults.append(f"{file}:{line}: a pattern must be text")
            continue
        try:
            compiled = re.compile(item.value)
        except re.error as error:
            faults.append(f"{file}:{line}: `{item.value}` is no regular expression ({error})")
            continue
        if compiled.match(""):
            faults.append(f"{file}:{line}: `{item.value}` matches the empty text")
    return faults
