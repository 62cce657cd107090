"""Text from outside, such as the name of a file, made fit for a terminal and for a line of a report."""

from __future__ import annotations

import re

#: Controls, marks that turn the direction of writing, separators of lines, halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str, keep: str = "") -> str:
    r"""The text with what can't be seen, or steers a terminal, written out; `keep` are characters that may stay.

    >>> visible("通报\x1b[2J\u202etxt.exe")
    '通报\\x1b[2J\\u202etxt.exe'
    """
    return _UNSEEN.sub(lambda found: found[0] if found[0] in keep else _written_out(found[0]), text)


def _written_out(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
