"""Bytes of files of every format, made for the tests: PDFs, Word documents, archives, Parquet tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

Printed = tuple[float, float, float, str]  # x and y from the lower left corner in points, size of the characters, text

_FONT = ("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
         "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
         "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor 5 0 R>>",
         "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900"
         "/Descent -200/CapHeight 700/StemV 80>>")


def pdf(pages: Sequence[Sequence[Printed]]) -> bytes:
    """A PDF of A4 pages with these printed lines."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>", *_FONT]
    for number, lines in enumerate(pages):
        drawn = "".join(f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj\n"
                        for x, y, size, text in lines)
        objects.append("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
                       f"/Contents {7 + 2 * number} 0 R>>")
        objects.append(f"<</Length {len(drawn) + 6}>>stream\nBT\n{drawn}ET\nendstream")
    out, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, start=1):
        places.append(f"{len(out):010d} 00000 n \n")
        out += f"{number} 0 obj{each}endobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(places)}"
    return out + f"{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>startxref\n{len(out)}\n%%EOF".encode()


def printed(text: str, *, top: float = 700, left: float = 72, size: float = 16, columns: int = 28) -> list[Printed]:
    """Paragraphs (lines of `text`) as a page prints them: indented by two characters, `columns` characters a line."""
    lines: list[Printed] = []
    for paragraph in text.split("\n"):
        indented = "　　" + paragraph
        for at in range(0, len(indented), columns):
            line = indented[at:at + columns]
            shift = size * (len(line) - len(line.lstrip("　")))
            lines.append((left + shift, top - 1.75 * size * len(lines), size, line.lstrip("　")))
    return lines


def docx(body: str) -> bytes:
    """A Word document whose body is this XML (prefix `w`)."""
    import docx as python_docx
    from docx.oxml import parse_xml

    document = python_docx.Document()
    names = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
             'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
             'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"')
    for element in parse_xml(f"<w:body {names}>{body}</w:body>"):
        document.element.body.insert_element_before(element, "w:sectPr")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]], encoding: str = "utf-8") -> bytes:
    """An archive of members; with another encoding than UTF-8 their names don't say in which they are written."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items() if isinstance(members, Mapping) else members:
            info = _LegacyName(name, encoding) if encoding != "utf-8" else zipfile.ZipInfo(name)
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


class _LegacyName(zipfile.ZipInfo):
    """A member whose name is written in another encoding, as Chinese Windows does."""

    def __init__(self, name: str, encoding: str):
        super().__init__(name)
        self.encoding = encoding

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(self.encoding), self.flag_bits


def parquet(columns: Mapping[str, Sequence[object]]) -> bytes:
    """A Parquet table."""
    import pyarrow
    import pyarrow.parquet

    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(dict(columns)), file)
    return file.getvalue()
