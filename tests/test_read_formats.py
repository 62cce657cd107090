"""Reading .docx, .pdf, .parquet and .zip, from files made here."""

import datetime
import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.clean import clean
from kg.read import read
from kg.settings import Settings

from .document_files import docx, parquet, pdf, printed, zipped

TEXT = "云岭县公安局昨日通报，民警在石门村抓获两名嫌疑人，案件正在办理。"
DAMAGED = zipped({"a.txt": TEXT.encode()})
LONG = TEXT.replace("。", "，有关部门提醒群众妥善保管财物，发现可疑情况及时拨打报警电话。")


def read_one(folder: Path, name: str, data: bytes, **options):
    (folder / name).write_bytes(data)
    return read([folder / name], Settings(**options))


def text_of(folder: Path, name: str, data: bytes) -> str:
    documents, skipped = read_one(folder, name, data)
    assert not skipped, skipped
    return documents[0].text


def skipped_of(folder: Path, name: str, data: bytes) -> str:
    documents, skipped = read_one(folder, name, data)
    assert not documents
    return "\n".join(map(str, skipped)).replace(str(folder), "")


# ------------------------------------------------------------------------------------------ .docx


@pytest.mark.parametrize(("body", "lines"), [
    (f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r></w:p>",
     [TEXT, "", "二\t三"]),
    ("<w:p><w:r><w:t>局长</w:t></w:r><w:ins><w:r><w:t>周</w:t></w:r></w:ins><w:del><w:r><w:delText>李</w:delText></w:r>"
     "</w:del><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:hyperlink><w:r><w:t>海平</w:t></w:r></w:hyperlink></w:p>",
     ["局长周海平"]),
    ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>职务</w:t></w:r></w:p></w:tc>"
     "</w:tr><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc>"
     "<w:tc><w:p><w:r><w:t>丙</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", ["姓名\t职务", "甲", "乙", "丙"]),
    ("<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>", ["控件"]),
    ("<w:p><w:r><w:t>正文</w:t><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx><w:txbxContent><w:p><w:r>"
     "<w:t>文本框</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:p><w:r><w:t>文本框</w:t></w:r>"
     "</w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>", ["正文", "文本框"]),
    ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>战</w:t></w:r></w:rubyBase>"
     "</w:ruby></w:r></w:p>", ["战"]),
])
def test_word(tmp_path, body, lines):
    assert text_of(tmp_path, "a.docx", docx(body)).split("\n") == lines


@pytest.mark.parametrize("data", [b"x", docx("<w:p/>")[:300], zipped({"a.txt": b"x"})])
def test_what_is_no_word_document(tmp_path, data):
    assert skipped_of(tmp_path, "a.docx", data).startswith("/a.docx: is no Word document")


# ------------------------------------------------------------------------------------------- .pdf


def test_pdf_gives_paragraphs(tmp_path):
    pages = [[(150, 760, 22, "关于加强夏季水上"), (172, 720, 22, "安全的通告"), *printed(f"{LONG}\n{TEXT}", top=660)]]
    assert text_of(tmp_path, "a.pdf", pdf(pages)).split("\n") == ["关于加强夏季水上安全的通告", LONG, TEXT]


def test_pdf_joins_over_pages_and_drops_numbers_and_running_heads(tmp_path):
    lines = printed(LONG * 3)
    pages = [[(200, 800, 10, "云岭县人民政府公报"), *lines[k:k + 3], (290, 40, 10, f"— {number} —")]
             for number, k in enumerate(range(0, len(lines), 3), start=1)]
    assert len(pages) > 2
    assert text_of(tmp_path, "a.pdf", pdf(pages)).split("\n") == ["云岭县人民政府公报", LONG * 3]


def test_pdf_pages_without_text_are_told(tmp_path):
    documents, _ = read_one(tmp_path, "a.pdf", pdf([printed(TEXT), [], []]))
    assert documents[0].warnings == ("no_text: 2 of 3 pages hold no text (scans?): 2, 3",)
    assert (documents[0].format, documents[0].encoding, documents[0].text) == ("pdf", "", TEXT)


@pytest.mark.parametrize(("data", "why"), [
    (pdf([[], []]), "scan"), (b"%PDF-1.7", "no PDF"), (b"hello", "no PDF"), (pdf([printed(TEXT)])[:200], "no PDF"),
    (pdf([printed("\ue001\ue002\ue003\ue004\ue005")]), "fonts"),
])
def test_what_is_no_readable_pdf(tmp_path, data, why):
    assert why in skipped_of(tmp_path, "a.pdf", data)


@pytest.mark.parametrize(("name", "data"), [
    ("a.pdf", pdf([printed(TEXT)])), ("a.docx", docx(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"))])
def test_evidence_can_be_sliced_out_of_the_extracted_text(tmp_path, name, data):
    document = read_one(tmp_path, name, data)[0][0]
    quote = clean(document, Settings()).quote(0, 6)
    assert document.text[quote.start:quote.end] == quote.text == "云岭县公安局"


# --------------------------------------------------------------------------------------- .parquet


def test_parquet(tmp_path):
    data = parquet({"ID": [7, 8, 9], "正文": [TEXT, "", TEXT], "date": [datetime.date(2022, 9, 3), None, None],
                    "title": ["甲", "乙", None], "vector": [[0.1], [0.2], [0.3]]})
    documents, skipped = read_one(tmp_path, "a.parquet", data)
    assert [(d.id, d.row, d.given.title, d.given.date, d.format) for d in documents] == [
        ("7", 1, "甲", "2022-09-03", "parquet"), ("9", 3, "", "", "parquet")]
    assert [s.source for s in skipped] == [f"{tmp_path / 'a.parquet'}:2"]


def test_parquet_columns_are_named_or_listed(tmp_path):
    data = parquet({"article": [TEXT, TEXT], "year": [1, 2]})
    assert "there are article, year" in skipped_of(tmp_path, "a.parquet", data)
    assert len(read_one(tmp_path, "a.parquet", data, text_column="article")[0]) == 2


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" * 50, parquet({"text": [TEXT] * 99})[:-40]])
def test_what_is_no_parquet(tmp_path, data):
    assert "no Parquet file" in skipped_of(tmp_path, "a.parquet", data)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    data = parquet({"text": [TEXT]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'kg[parquet]'" in skipped_of(tmp_path, "a.parquet", data)


# ------------------------------------------------------------------------------------------- .zip


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_archive(tmp_path, encoding):
    page = f"<html><body><p>{TEXT}</p></body></html>".encode()
    data = zipped({"通报/2022-09-03 案件.txt": TEXT.encode("gb18030"), "通报/页面.html": page,
                   "表.jsonl": f'{{"text": "{TEXT}"}}\n[]\n'.encode(), "通报/photo.jpg": b"x", ".hidden.txt": b"x",
                   "__MACOSX/通报/._案件.txt": b"x", "附件.docx": docx(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"),
                   "inner.zip": zipped({"a.txt": b"x"})}, encoding)
    documents, skipped = read_one(tmp_path, "a.zip", data)
    assert [(d.id, d.format) for d in documents] == [
        ("a.zip/表.jsonl-1", "jsonl"), ("a.zip/通报/2022-09-03 案件.txt", "txt"), ("a.zip/通报/页面.html", "html"),
        ("a.zip/附件.docx", "docx")]
    assert [d.source.removeprefix(str(tmp_path)) for d in documents] == [
        "/a.zip/表.jsonl", "/a.zip/通报/2022-09-03 案件.txt", "/a.zip/通报/页面.html", "/a.zip/附件.docx"]
    assert documents[1].given.date == "2022-09-03"
    assert [str(s).removeprefix(str(tmp_path)).partition(";")[0] for s in skipped] == [
        "/a.zip/inner.zip: is an archive in an archive", "/a.zip/表.jsonl:2: is no JSON object"]


def test_members_of_archives_with_one_name_stay_apart(tmp_path):
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.zip").write_bytes(zipped([("x.txt", TEXT.encode()), ("y.txt", folder.encode() * 9)]))
    documents, _ = read([tmp_path], Settings())
    assert sorted(d.id for d in documents) == ["乙/a.zip/x.txt", "乙/a.zip/y.txt", "甲/a.zip/x.txt", "甲/a.zip/y.txt"]


@pytest.mark.parametrize(("data", "why"), [
    (b"x", "no zip archive"), (zipped({"a.jpg": b"x"}), "holds no document"),
    (zipped({"../../etc/a.txt": TEXT.encode()}), "leads out"), (zipped({"/a.txt": TEXT.encode()}), "leads out"),
    (zipped({"a.txt": b" " * 3_000_000 + TEXT.encode()}), "packed too tightly"),
    (DAMAGED[:40] + b"\xff" * 4 + DAMAGED[44:], "can't be unpacked"),
])
def test_archives_that_are_skipped(tmp_path, data, why):
    assert why in skipped_of(tmp_path, "a.zip", data)


@pytest.mark.parametrize(("data", "kind"), [
    (pdf([printed(TEXT)]), "pdf"), (docx(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"), "docx"),
    (zipped({"a.txt": TEXT.encode()}), "txt"), (parquet({"text": [TEXT]}), "parquet")])
def test_standard_input_may_be_any_of_them(monkeypatch, data, kind):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    document, = read(["-"], Settings())[0]
    assert (document.format, document.text) == (kind, TEXT)
