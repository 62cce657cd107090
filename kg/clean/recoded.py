"""Text that was written in UTF-8 and read in another encoding: 公安局 as å…¬å®‰å±€ (Latin-1) or as 鍏畨灞€ (GBK).

Both ways lead back to the bytes, of which UTF-8 leaves no doubt: other text hardly ever makes valid UTF-8 of more
than a character. Where the reader lost the last byte of a run, the character that it belonged to is lost (U+FFFD).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.clean.edits import Change
from kg.clean.hanzi import HAN, plausibility

_LATIN = {bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0x100) if byte not in b"\x81\x8d\x8f\x90\x9d"}
_LATIN |= {chr(byte): byte for byte in range(0x80, 0x100)}
_LATIN_RUN = re.compile("[" + re.escape("".join(_LATIN)) + "]{3,}")
_UTF8 = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")
_CHINESE = re.compile(f"[{HAN}，。、；：？！“”《》（）【】]")
_GBK_RUN = re.compile("[^\x00-\x7f]{3,}[?]?")
_GOOD = 0.7        # share of common Chinese characters from which a decoding is believed
_LEADS = range(0xE3, 0xF0)  # first bytes of Chinese characters in UTF-8


def latin(text: str) -> Iterator[Change]:
    """UTF-8 that was read as Latin-1 or Windows-1252."""
    for run in _LATIN_RUN.finditer(text):
        for found in _UTF8.finditer(bytes(_LATIN[char] for char in run[0])):
            new = found[0].decode("utf-8", "replace")
            if _CHINESE.search(new) and plausibility(new) >= _GOOD:
                yield run.start() + found.start(), run.start() + found.end(), new


def gbk(text: str) -> Iterator[Change]:
    """UTF-8 that was read as GBK; 锟斤拷 is what it makes of two characters that were lost before."""
    if not _suspects().search(text):
        return
    for run in _GBK_RUN.finditer(text):
        if not _suspects().search(run[0]):
            continue
        whole = run[0].rstrip("?\ufffd")
        new = _decoded(b"".join(map(_bytes, whole)))
        if plausibility(new) >= _GOOD:
            yield run.start(), run.end() if new.endswith("\ufffd") else run.start() + len(whole), new
        else:
            yield from ((run.start() + lost.start(), run.start() + lost.end(), "\ufffd" * 2)
                        for lost in re.finditer("锟斤拷", run[0]))


@cache
def _suspects() -> re.Pattern[str]:
    """Two characters next to each other of which one begins like UTF-8 in its first byte, and one in its second."""
    pairs = [(chr_, *two) for lead in range(0x81, 0xFF) for trail in range(0x80, 0xFF)
             if (chr_ := (two := bytes([lead, trail])).decode("gbk", "ignore"))]
    first = "".join(char for char, lead, trail in pairs if lead in _LEADS and trail < 0xC0)
    second = "".join(char for char, lead, trail in pairs if trail in _LEADS and lead < 0xC0)
    return re.compile(f"[{re.escape(first)}][{re.escape(second)}]")


def _bytes(char: str) -> bytes:
    """The two bytes of a character in GBK, the one of the euro sign in Windows; none for what GBK doesn't have."""
    if char == "€":
        return b"\x80"
    data = char.encode("gb18030", "ignore")
    return data if len(data) == 2 else b""


def _decoded(data: bytes) -> str:
    """The bytes as UTF-8, a last character that isn't whole as U+FFFD; empty if they are none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        return data[:error.start].decode("utf-8") + "\ufffd" if cut else ""
