"""Bytes to text: which encoding a file is in, decided on its whole content."""

from __future__ import annotations

import codecs
import re
from typing import IO, NamedTuple

from kg.clean.hanzi import HAN, plausibility

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_GOOD = 0.7         # share of common characters among the Chinese ones from which a decoding is believed
_TORN = 0.005       # share of undecodable characters that a damaged file may have
_CLOSE = 0.02       # a rival whose share is less than this behind makes the choice doubtful
#: A file with nothing but these holds no text.
BLANKS = "\ufeff \t\r\n\u3000\u00a0"
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Decoded(NamedTuple):
    """A text, the encoding it was in (empty for what isn't a text file), and what is doubtful about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def decode(data: bytes) -> Decoded | None:
    """Decode the bytes of a text file; None if they are no text in an encoding that is known here.

    A byte order mark decides. Else UTF-8 if the bytes are valid UTF-8: other encodings hardly ever are. Else
    that one of GB18030, Big5 and UTF-16 which decodes strictly and makes the largest share of common characters;
    then the same for files with a few broken bytes; then charset-normalizer's opinion. A choice that was close
    says so in its warnings.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            return None if _is_binary(text) else Decoded(text, encoding, ())
    for errors in ("strict", "replace"):
        found = _utf8(data, errors) or _chinese(data, errors)
        if found:
            return found
    return _further_opinion(data)


def is_plain_utf8(file: IO[bytes]) -> bool:
    """Whether `decode` would read a file as UTF-8 without a mark, and with more in it than blanks.

    Told without holding the file in memory, so that it can then be read line by line.
    """
    reader = codecs.getincrementaldecoder("utf-8")()
    length = zeros = controls = 0
    blank, begins = True, file.read(4)
    file.seek(0)
    if any(begins.startswith(mark) for mark, _ in _BOMS):
        return False
    try:
        while chunk := file.read(2**20):
            text = reader.decode(chunk)
            length, zeros, controls = length + len(text), zeros + text.count("\x00"), controls + _controls(text)
            blank = blank and not text.strip(BLANKS)
        reader.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not blank and not _too_many(zeros, controls, length)


def _utf8(data: bytes, errors: str) -> Decoded | None:
    try:
        text = data.decode("utf-8", errors)
    except UnicodeDecodeError:
        return None
    if _is_binary(text) or (errors == "replace" and text.count("\ufffd") > _TORN * len(text)):
        return None
    return Decoded(text, "utf-8", ())


def _chinese(data: bytes, errors: str) -> Decoded | None:
    scored = []
    for rank, encoding in enumerate(_CHINESE):
        try:
            text = data.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
        if _is_binary(text) or text.count("\ufffd") > _TORN * len(text):
            continue
        score = plausibility(text)
        if score >= _GOOD:
            scored.append((-score, rank, text))
    if not scored:
        return None
    (best, rank, text), *others = sorted(scored)
    rivals = [_CHINESE[other] for score, other, _ in others if score - best < _CLOSE]
    doubt = f"encoding: read as {_CHINESE[rank]}, but {' and '.join(rivals)} would do as well; convert it to UTF-8"
    return Decoded(text, _CHINESE[rank], (doubt,) if rivals else ())


def _further_opinion(data: bytes) -> Decoded | None:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best() if len(data) >= 32 else None
    if best is None or best.encoding is None:
        return None
    text = str(best)
    # Without a Han character there is nothing to read here, whatever the encoding.
    if _is_binary(text) or not re.search(f"[{HAN}]", text) or plausibility(text) < _GOOD:
        return None
    return Decoded(text, best.encoding, (f"encoding: read as {best.encoding}, a guess; convert it to UTF-8",))


def _is_binary(text: str) -> bool:
    """Whether a decoded text has more control characters than a slip of the keyboard explains."""
    return _too_many(text.count("\x00"), _controls(text), len(text))


def _controls(text: str) -> int:
    return len(_CONTROL.findall(text))


def _too_many(zeros: int, controls: int, length: int) -> bool:
    return zeros > 0.001 * length or controls > 0.01 * length + 2


def damage(text: str) -> tuple[str, ...]:
    """Warnings about characters of a text that say nothing: lost ones, and those of a font's own."""
    found = []
    if lost := text.count("\ufffd"):
        found.append(f"undecodable: {lost} of {len(text)} characters ({lost / len(text):.1%}) are lost (U+FFFD); "
                     "get the file from its source again")
    if private := len(_PRIVATE_USE.findall(text)):
        found.append(f"private_use: {private} of {len(text)} characters ({private / len(text):.1%}) are of a font's "
                     "or a vendor's own; they mean nothing elsewhere")
    return tuple(found)


def damaged(text: str) -> int:
    """How many characters of a text say nothing."""
    return text.count("\ufffd") + len(_PRIVATE_USE.findall(text))
