"""The text of the text layer of a PDF, a paragraph a line.

PDFium gives the characters with their places on the page. A paragraph is put together from its printed lines; page
numbers and the running heads of later pages are left out. A scanned page has pictures and no text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from kg.errors import InputError
from kg.read.encodings import Decoded, damaged

_PAGE_NUMBER = re.compile(r"[-—–·\s第]*\d{1,3}[-—–·\s页]*(?:[/／，,共]+\s*\d{1,3}[\s页]*)?")
_HYPHEN = "\ufffe"   # PDFium's sign for a hyphen at the end of a line
_MARGIN_LINES = 2    # so many lines at the head and at the foot of a page may be its running head
_UNREADABLE = 0.3    # share of damaged characters from which a text layer is none


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its text, and its box in points (y grows upwards), as high as most of its characters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        return self.top - self.bottom


def pdf_text(data: bytes) -> Decoded:
    """The text of the bytes of a PDF, and a warning where pages hold none.

    Raises InputError for what is no PDF, for one with a password, and for a scan.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise InputError("has a password; save it without one" if "password" in str(error).lower() else
                         "is no PDF that can be opened, or it is damaged; download it again") from error
    try:
        pages = [_printed_lines(page) for page in pdf]
    except pypdfium2.PdfiumError as error:
        raise InputError("is damaged; download it again") from error
    finally:
        pdf.close()
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    if len(empty) == len(pages):
        raise InputError("holds pictures and no text (a scan?); run OCR on it, for example `ocrmypdf -l chi_sim`")
    text = "\n".join(_paragraphs(_without_margins(pages)))
    if damaged(text) > _UNREADABLE * len(text):
        raise InputError("has fonts that don't say which characters they show; run OCR on it, for example "
                         "`ocrmypdf --force-ocr -l chi_sim`")
    missing = (f"no_text: {len(empty)} of {len(pages)} pages hold no text (scans?): {_shown(empty)}",) if empty else ()
    return Decoded(text, "", missing)


def _shown(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")


def _printed_lines(page: Any) -> list[_Line]:
    import pypdfium2.raw as pdfium

    layer = page.get_textpage()
    lines: list[_Line] = []
    chars: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for k in range(layer.count_chars() + 1):
        char = chr(pdfium.FPDFText_GetUnicode(layer, k)) if k < layer.count_chars() else "\n"
        if char not in "\r\n":
            chars.append(char)
            if not char.isspace():
                boxes.append(layer.get_charbox(k, loose=True))
        elif boxes:
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            bottom, top = median(bottoms), median(tops)
            lines.append(_Line("".join(chars).replace("\x00", "\ufffd").strip(), min(lefts), max(rights), bottom, top))
            chars, boxes = [], []
        else:
            chars = []
    return lines


def _without_margins(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without their numbers, and before them, once, what several have at their head or foot."""
    margins = [_margin(page) for page in pages]
    heads = Counter(head for margin in margins for head in {_head(line) for line in margin})
    running: dict[str, _Line] = {}
    kept: list[list[_Line]] = []
    for page, margin in zip(pages, margins, strict=True):
        kept.append([])
        for line in page:
            if line in margin and _PAGE_NUMBER.fullmatch(line.text):
                continue
            if line in margin and heads[_head(line)] > 1:
                running.setdefault(_head(line), line)
            else:
                kept[-1].append(line)
    return [list(running.values()), *kept]


def _margin(page: Sequence[_Line]) -> frozenset[_Line]:
    downwards = sorted(page, key=lambda line: -line.top)
    return frozenset((*downwards[:_MARGIN_LINES], *downwards[-_MARGIN_LINES:]))


def _head(line: _Line) -> str:
    """A running head, whatever its page number."""
    return re.sub(r"[\d\s第页共/／-]", "", line.text)


def _paragraphs(pages: Sequence[list[_Line]]) -> Iterator[str]:
    """The lines of the pages, joined where a line runs on in the next."""
    paragraph, last = "", None
    for page in pages:
        right = max((line.right for line in page), default=0.0)
        left = min((line.left for line in page if line.right > right - 2 * line.size), default=0.0)
        for k, line in enumerate(page):
            if last is not None and _runs_on(last, line, left, right, new_page=k == 0):
                paragraph = _join(paragraph, line.text)
            else:
                if paragraph:
                    yield paragraph
                paragraph = line.text
            last = line
    if paragraph:
        yield paragraph.removesuffix(_HYPHEN)


def _runs_on(last: _Line, line: _Line, left: float, right: float, *, new_page: bool) -> bool:
    """Whether `last`, printed to the right edge, goes on in `line`, which isn't indented; or a title in two lines."""
    if abs(last.size - line.size) > 0.15 * line.size:
        return False
    gap = last.bottom - line.top
    if not new_page and not -line.size < gap < 1.5 * line.size:
        return False
    if last.right > right - 2 * line.size and line.left < min(left, last.left) + line.size:
        return True
    centred = abs((last.left + last.right) - (line.left + line.right)) < line.size
    narrow = line.left > left + 2 * line.size and line.right < right - 2 * line.size
    return centred and narrow and not new_page and not last.text.endswith(("。", "！", "？", "；"))


def _join(text: str, following: str) -> str:
    """Two printed lines as one: Chinese without a space between them, Latin words with one.

    >>> _join("现就加强夏", "季安全"), _join("the knowledge", "graph")
    ('现就加强夏季安全', 'the knowledge graph')
    """
    if text.endswith(_HYPHEN):
        return text.removesuffix(_HYPHEN) + following
    latin = text[-1:].isascii() and following[:1].isascii() and following[:1].isalnum()
    return f"{text} {following}" if latin else text + following
