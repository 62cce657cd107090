"""Files that someone made to break a program: nothing runs away, nothing is lost without a word."""

import io
import runpy
import time
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.read import read
from kg.settings import Settings
from kg.taggers import open_tagger

from .document_files import zipped

fuzz = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "fuzz_build.py"))
TEXT = fuzz["SENTENCE"]


def outcome(folder: Path, name: str, data: bytes) -> tuple[list[str], str]:
    """Texts of the documents of a file, and what was said of the rest."""
    (folder / name).write_bytes(data)
    documents, skipped = read([folder / name], Settings())
    return [d.text for d in documents], "\n".join(map(str, skipped)).replace(str(folder), "")


@pytest.mark.parametrize(("path", "first", "count"), [("try_reading", 0, 40), ("try_reading", 180, 40),
                                                      ("try_build", 220, 8)])
def test_a_sample_of_the_fuzzer_finds_nothing(path, first, count):
    """The whole is `python scripts/fuzz_build.py`; the first inputs are made by hand, the later ones by chance."""
    batch = list(islice(fuzz["inputs"](1), first, first + count))
    assert fuzz["examine"](batch, fuzz[path], open_tagger("default") if path == "try_build" else None) is None


def test_the_fuzzer_sees_what_it_looks_for(tmp_path):
    """A path that loses a file, one that fails and one that never ends are all found out."""
    batch = [fuzz["Input"]("a.txt", TEXT.encode())]

    def fails(folder, tagger):
        raise IndexError("x")

    def hangs(folder, tagger):
        while True:
            time.process_time()

    fuzz["examine"].__globals__["LIMIT"] = 1
    found = [fuzz["examine"](batch, path, None) for path in (lambda folder, tagger: (set(), []), fails, hangs)]
    assert [each.kind for each in found] == ["loss", "crash", "hang"]


# ------------------------------------------------------------------------------------ bombs and paths


@pytest.mark.parametrize(("changed", "why"), [
    ({"word/media/a.bin": b"\0" * 3_000_000}, "packed so tightly"),
    ({"word/document.xml": b" " * 3_000_000}, "packed so tightly"),
])
def test_a_word_document_that_would_fill_the_memory_is_not_unpacked(tmp_path, changed, why):
    texts, said = outcome(tmp_path, "a.docx", fuzz["repacked"](changed))
    assert not texts and why in said


def test_entities_of_a_word_document_are_not_resolved(tmp_path):
    """Ten to the eleventh characters by entities within entities, and a file of the machine by one from outside."""
    (tmp_path / "secret.txt").write_text("SECRET")
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    xml = (f'<!DOCTYPE d [<!ENTITY a0 "青">{entities}<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
           '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
           f'<w:t>{TEXT}&a11;&x;</w:t></w:r></w:p></w:body></w:document>')
    start = time.process_time()
    texts, said = outcome(tmp_path, "a.docx", fuzz["repacked"]({"word/document.xml": xml.encode()}))
    assert time.process_time() - start < 5
    assert "SECRET" not in "".join(texts) and len("".join(texts)) < 1000 and (texts or said)


def test_members_are_never_unpacked_to_where_their_paths_lead(tmp_path):
    inner = tmp_path / "in"
    inner.mkdir()
    texts, said = outcome(inner, "a.zip", zipped({"../out.txt": TEXT.encode(), "/tmp/kg-out.txt": TEXT.encode(),
                                                  "b.txt": TEXT.encode()}))
    assert texts == [TEXT] and said.count("leads out of the archive") == 2
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == []


def test_parts_of_a_word_document_are_never_unpacked_either(tmp_path):
    inner = tmp_path / "in"
    inner.mkdir()
    texts, said = outcome(inner, "a.docx", fuzz["repacked"]({"../../out.txt": b"x", "/tmp/kg-out.txt": b"x",
                                                             "word/../../out.xml": b"x"}))
    assert (texts == [TEXT]) != bool(said)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.docx"]
    assert not Path("/tmp/kg-out.txt").exists()


@pytest.mark.parametrize(("name", "data", "said"), [
    ("deep.jsonl", b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is no JSON (nested too deeply)"),
    ("number.jsonl", b'{"text": ' + b"9" * 10_000 + b"}", "is no JSON"),
    ("none.csv", b"id,text\r\n", "is a table without rows"),
    ("other.csv", "名,内容\r\n甲,乙\r\n".encode(), "/other.csv: has no column text"),
])
def test_what_is_no_document_is_reported(tmp_path, name, data, said):
    texts, told = outcome(tmp_path, name, data)
    assert not texts and said in told


def test_every_row_of_a_table_is_read_or_reported(tmp_path):
    """A row that ends early, one that holds a comma without quotes, and one with nothing but commas behind it."""
    rows = f"id,text\r\n1\r\n2,{TEXT},更多\r\n3,{TEXT},,\r\n4,{TEXT}\r\n"
    texts, said = outcome(tmp_path, "a.csv", rows.encode())
    assert texts == [TEXT, TEXT]
    assert "/a.csv:1: the column text is empty" in said and "/a.csv:2: has more cells" in said
    texts, said = outcome(tmp_path, "a.jsonl", f'{{"a": 1}}\n{{"a": 1}}\n{{"text": "{TEXT}"}}\n{{"b": 1}}'.encode())
    assert texts == [TEXT]
    assert "/a.jsonl:1: has no column" in said and "/a.jsonl: 2 more rows have no column" in said


# ------------------------------------------------------------------------------------------- names


def test_names_that_steer_a_terminal_or_turn_its_writing_are_written_out(tmp_path):
    (tmp_path / "通报\x1b[2J\u202etxt.txt").write_text(TEXT)
    (tmp_path / "a.jsonl").write_text(f'{{"id": "b\\u202e\\u0000", "text": "{TEXT}"}}')
    documents, _ = read([tmp_path], Settings())
    assert [d.id for d in documents] == ["b\\u202e\\x00", "通报\\x1b[2J\\u202etxt"]
    (tmp_path / "x\x1b[31m\nkg: done.pdf").write_bytes(b"x")
    shown = CliRunner().invoke(main, ["build", str(tmp_path / "x\x1b[31m\nkg: done.pdf"), "-o", str(tmp_path / "out")])
    assert shown.exit_code == 1 and "\x1b" not in shown.output and "\\x1b[31m\\x0akg: done.pdf" in shown.output


def test_what_repairs_took_out_is_shown_written_out(tmp_path):
    (tmp_path / "a.txt").write_text(f"{TEXT}\u202e\x1b[2J{TEXT}\n")
    shown = CliRunner().invoke(main, ["clean", str(tmp_path / "a.txt"), "--explain"])
    assert shown.exit_code == 0 and "\\u202e" in shown.output and "\x1b" not in shown.output


def test_no_file_of_a_graph_computes_steers_or_turns(tmp_path):
    """The path of the fuzzer checks its files itself; here that its check isn't blind."""
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "graph.graphml").write_text("<a/>")
    (tmp_path / "graph.gexf").write_text("<a/>")
    (tmp_path / "graph" / "report.md").write_text("a\u202e")
    (tmp_path / "graph.csv.zip").write_bytes(zipped({"nodes.csv": "甲,'=1\r\n-1.5,-a\r\n".encode()}))
    with pytest.raises(AssertionError, match="would be computed"):
        fuzz["check_files"](tmp_path)
    (tmp_path / "graph.csv.zip").write_bytes(zipped({"nodes.csv": "甲,'=1\r\n-1.5,'-a\r\n".encode()}))
    with pytest.raises(AssertionError, match=r"report\.md"):
        fuzz["check_files"](tmp_path)


@pytest.mark.parametrize("unit", [TEXT, "（", "《", "“", "某", "公安局、", "<div>", "&amp;", "9", "1月", " "])
def test_long_lines_take_time_in_proportion(tmp_path, unit):
    """Ten times the text takes no more than thirty times the time to read, clean and cut."""
    from kg.clean import clean
    from kg.models import Document
    from kg.segment import segment

    def cost(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        segment(clean(Document(id="a", text=text, source="a", sha256=""), Settings()))
        return time.process_time() - start

    cost(100)
    least = min(cost(10_000) for _ in range(3))
    assert any(cost(100_000) < 30 * max(least, 0.02) for _ in range(3))  # other work on the machine may slow one down


def test_large_pages_take_time_in_proportion(tmp_path):
    """50 MB of paragraphs take a minute; that is for the same reason as that ten times the page takes ten times."""
    from kg.clean import clean
    from kg.models import Document

    def cost(count: int) -> float:
        page = "".join(f"<p>第{number}条，青岚市公安局负责部署第{number}项工作。</p>" for number in range(count))
        start = time.process_time()
        clean(Document(id="a", text=f"<html><body>{page}</body></html>", source="a", sha256="", format="html"),
              Settings())
        return time.process_time() - start

    cost(10)
    least = min(cost(200) for _ in range(3))
    assert any(cost(2_000) < 30 * max(least, 0.02) for _ in range(3))


def test_thousands_of_tiny_files_are_all_read(tmp_path):
    """A hundred thousand take a sixth of a millisecond each; here are enough to see that none is lost."""
    for number in range(2_000):
        (tmp_path / f"{number}.txt").write_text(f"{number}号通告。", encoding="utf-8")
    documents, skipped = read([tmp_path], Settings())
    assert len({document.id for document in documents}) == 2_000 and not skipped


def test_standard_input_is_held_to_the_same(monkeypatch):
    class Input:
        buffer = io.BytesIO(zipped({"../a.txt": TEXT.encode()}))

    monkeypatch.setattr("sys.stdin", Input)
    documents, skipped = read(["-"], Settings())
    assert not documents and "leads out" in str(skipped[0])
