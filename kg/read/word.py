"""The text of a Word document (.docx), a paragraph a line.

The lines are what stands in the body, in its order, with tables and text boxes. Insertions of tracked changes count,
deletions don't; headers, footers, footnotes and the readings above characters are left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from kg.errors import InputError
from kg.read.archive import check_parts
from kg.read.encodings import Decoded

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _ROW, _CELL = f"{_W}p", f"{_W}tr", f"{_W}tc"
#: What a reader doesn't see: the old place of moved text, readings, the copy of a text box for old programs.
_UNSEEN = (f"{_W}moveFrom", f"{_W}rt", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def docx_text(data: bytes) -> Decoded:
    """The text of the bytes of a .docx file. Raises InputError when they are none."""
    import docx

    try:
        check_parts(data)
        body = docx.Document(io.BytesIO(data)).element.body
        text = "\n".join(_lines(body))
    except InputError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx itself, each with many of its own
        raise InputError("is no Word document that can be opened, or it is damaged or has a password; "
                         "save it again as .docx or .txt") from error
    return Decoded(text, "", ())


def _lines(element: Any) -> Iterator[str]:
    """The lines of an element: of its paragraphs, and of its tables a row of short cells a line."""
    for child in element:
        if child.tag == _PARAGRAPH:
            yield "".join(_pieces(child))
            for inner in _inner(child):
                yield from _lines(inner)
        elif child.tag == _ROW:
            cells = [list(_lines(cell)) for cell in child.iter(_CELL) if next(cell.iterancestors(_ROW)) is child]
            if all(len(cell) == 1 for cell in cells):
                yield "\t".join(cell[0] for cell in cells)
            else:
                yield from (line for cell in cells for line in cell)
        elif child.tag not in _UNSEEN:
            yield from _lines(child)


def _pieces(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph, without that of paragraphs inside of it."""
    for child in paragraph:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag != _PARAGRAPH and child.tag not in _UNSEEN:
            yield from _pieces(child)


def _inner(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        if next(box.iterancestors(_PARAGRAPH)) is paragraph and next(box.iterancestors(*_UNSEEN), None) is None:
            yield box
