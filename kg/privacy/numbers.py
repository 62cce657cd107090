"""Numbers by which a person can be found, and how they are hidden: kg/data/private.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import load_yaml
from kg.models import Record

#: What D, A and - stand for in a pattern.
_DIGIT, _LETTER = "0-9", "A-Za-z"
_GAP = r"(?:[ \t\u00a0\u3000·.\-－—–]|<[^<>\n]{1,80}>){0,3}"
_DIGITS = re.compile(f"[{_DIGIT}]")
_TAG = re.compile(r"(<[^<>\n]{1,80}>)")
#: Full-width digits and letters are read as the plain ones that they stand for.
_PLAIN = {full: full - 0xFEE0 for full in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


class NumberKind(Record):
    """A kind of number: its pattern, and texts that it must and must not hide."""

    id: str
    pattern: str
    why: str
    examples: tuple[tuple[str, str], ...]
    counter: tuple[str, ...] = ()

    @property
    def regex(self) -> re.Pattern[str]:
        return _compiled(self.pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern with D, A and - spelled out, outside of character classes and inside."""
    made, inside = "", False
    for at, char in enumerate(pattern):
        inside = (inside or char == "[") and char != "]"
        if char == "D":
            made += _DIGIT if inside else f"[{_DIGIT}]"
        elif char == "A" and pattern[at - 1:at + 2] == "DA]":
            made += _LETTER
        elif char == "-" and not inside:
            made += _GAP
        else:
            made += char
    return re.compile(made)


@cache
def load_numbers(path: Path | None = None) -> tuple[NumberKind, ...]:
    """The kinds of numbers, in the order in which they are tried. Raises KnowledgeError with all faults."""
    file = load_yaml(path or Path(str(files("kg") / "data" / "private.yaml")))
    kinds, faults = [], []
    for number, each in enumerate(file.data["numbers"]):
        try:
            kinds.append(NumberKind.model_validate(each))
            assert kinds[-1].regex
        except ValidationError as error:
            faults += [file.fault(("numbers", number, *fault["loc"]), fault["msg"]) for fault in error.errors()]
        except re.error as error:
            faults.append(file.fault(("numbers", number, "pattern"), str(error)))
    if faults:
        raise KnowledgeError(faults)
    return tuple(kinds)


def hide_numbers(text: str) -> str:
    """The text with a `*` for every character of its private numbers; its length stays.

    >>> hide_numbers("请致电138-1234-5678，车牌鲁H12345")
    '请致电***-****-****，车牌鲁H*****'
    """
    plain, hidden = text.translate(_PLAIN), list(text)
    if not _DIGITS.search(plain):
        return text
    for kind in load_numbers():
        for found in kind.regex.finditer(plain):
            start, end = found.span(1 if kind.regex.groups else 0)
            for at in _shown(plain[start:end]):
                hidden[start + at] = "*"
    return "".join(hidden)


def _shown(number: str) -> Iterator[int]:
    """Where a number has digits and letters, those of tags left out."""
    at = 0
    for n, part in enumerate(_TAG.split(number)):
        if n % 2 == 0:
            yield from (at + offset for offset, char in enumerate(part) if char.isalnum())
        at += len(part)
