"""Reading: formats, encodings, ids, dates, and what happens to files that can't be read."""

import hashlib
import io
import json
import os
import random
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InputError, KGError
from kg.read import read
from kg.read.encodings import BLANKS, damage, decode, is_plain_utf8
from kg.settings import Settings

TEXT = "云岭县公安局昨日通报，民警在石门村抓获两名嫌疑人，案件正在办理。"
TRADITIONAL = "雲嶺縣公安局昨日通報，民警在石門村抓獲兩名嫌疑人，案件正在辦理。"


def write(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def ids(folder: Path, **options) -> list[str]:
    return [document.id for document in read([folder], Settings(**options))[0]]


@pytest.mark.parametrize(("encoding", "text", "found"), [
    ("utf-8", TEXT, "utf-8"), ("utf-8-sig", TEXT, "utf-8-sig"), ("gb18030", TEXT, "gb18030"),
    ("gbk", TRADITIONAL, "gb18030"), ("big5", TRADITIONAL, "big5hkscs"), ("utf-16", TEXT, "utf-16"),
    ("utf-16-le", TEXT, "utf-16-le"), ("utf-16-be", TRADITIONAL, "utf-16-be"), ("utf-8", "plain ASCII", "utf-8")])
def test_encoding_is_decided_on_the_content(encoding, text, found):
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, found, ())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_are_told(encoding):
    data = (TEXT * 20).encode(encoding) + b"\xff" + (TEXT * 20).encode(encoding)
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert damage(decoded.text)[0].startswith("undecodable: 1 of ")


def test_private_use_characters_are_told_with_their_share(tmp_path):
    write(tmp_path, a_dot_txt=TEXT + "\ue5e5\U000f1234",
          b_dot_jsonl=f'{{"text": "{TEXT}\ue5e5"}}\n{{"text": "{TEXT}"}}')
    warnings = [document.warnings for document in read([tmp_path], Settings())[0]]
    assert [[warning.split(" (")[0] for warning in each] for each in warnings] == [
        [f"private_use: 2 of {len(TEXT) + 2} characters"], [f"private_use: 1 of {len(TEXT) + 1} characters"], []]


def test_a_close_choice_of_the_encoding_is_told():
    decoded = decode("縣公安局".encode("utf-16-le"))  # without its mark, and too short to tell
    assert decoded.warnings == ("encoding: read as big5hkscs, but utf-16-le would do as well; convert it to UTF-8",)
    assert decode(TRADITIONAL.encode("utf-16-le")).warnings == ()


@pytest.mark.parametrize(("name", "content", "why"), [
    ("a.txt", b"", "empty"), ("a.txt", b" \n\n", "empty"), ("a.txt", "\u3000\n".encode(), "blanks"),
    ("a.txt", bytes(range(256)) * 8, "UTF-8"), ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(300), "UTF-8"),
    ("a.pdf", b"%PDF-1.7", "no PDF"), ("a.doc", b"x", ".docx"), ("a.csv", "name,age\n甲,3\n".encode(), "--text-column"),
    ("a.jsonl", b"{broken\n", "JSON"), ("a.jsonl", b"[1]\n", "object"), ("a.jsonl", b'{"text": " "}\n', "empty"),
])
def test_what_can_t_be_read_is_skipped_with_the_remedy(tmp_path, name, content, why):
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    (tmp_path / name).write_bytes(content)
    documents, skipped = read([tmp_path], Settings())
    assert [document.id for document in documents] == ["good"]
    assert len(skipped) == 1
    assert skipped[0].source.startswith(str(tmp_path / name))
    assert why in skipped[0].reason
    with pytest.raises(InputError, match=name):
        read([tmp_path], Settings(strict=True))


def test_no_folder_and_no_documents_are_errors(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read([tmp_path / "nowhere"], Settings())
    write(tmp_path, notes_dot_log="x")
    with pytest.raises(InputError, match="no document"):
        read([tmp_path], Settings())


def test_rows_of_tables(tmp_path):
    write(tmp_path, a_dot_csv=f"id,标题,正文,日期\nx1,甲,{TEXT},2022/9/3\n,乙,\"两行\n文字。\",\n",
          b_dot_tsv=f"content\ttime\n{TEXT}\t2020年1月2日\n", c_dot_jsonl=f'{{"text": "{TEXT}", "title": "丙"}}\n\n'
          f'{{"text": "{TEXT}", "id": 7, "url": "u"}}\n'.encode("gb18030"))
    documents, skipped = read([tmp_path], Settings())
    assert not skipped
    assert [d.id for d in documents] == ["x1", "a-2", "b-1", "c-1", "7"]
    assert [d.given.title for d in documents] == ["甲", "乙", "", "丙", ""]
    assert [d.given.date for d in documents] == ["2022-09-03", "", "2020-01-02", "", ""]
    assert documents[0].given.date_from == "column"
    assert documents[0].sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (documents[1].text, documents[1].row) == ("两行\n文字。", 2)
    assert (documents[4].row, documents[4].given.url, documents[4].encoding) == (3, "u", "gb18030")


def test_named_columns(tmp_path):
    write(tmp_path, a_dot_csv=f"no,when,head,article\nn1,2021-05-06,题,{TEXT}\n")
    chosen = Settings(text_column="article", date_column="when", title_column="head", id_column="no")
    document = read([tmp_path], chosen)[0][0]
    assert (document.id, document.given.date, document.given.title) == ("n1", "2021-05-06", "题")


def test_half_a_surrogate_pair_in_json(tmp_path):
    write(tmp_path, a_dot_jsonl=b'{"text": "\\ud83d \xe4\xb8\xad\xe6\x96\x87", "id": "\\ud800"}\n')
    document = read([tmp_path], Settings())[0][0]
    assert document.text == "\ufffd 中文"
    document.id.encode()


@pytest.mark.parametrize(("name", "date"), [("2022-09-13.txt", "2022-09-13"), ("news_20220913.txt", "2022-09-13"),
                                            ("20221399.txt", ""), ("plain.txt", "")])
def test_date_in_the_file_name(tmp_path, name, date):
    (tmp_path / name).write_text(TEXT, "utf-8")
    given = read([tmp_path], Settings())[0][0].given
    assert (given.date, given.date_from) == (date, "file name" if date else "")


def test_ids_are_unique_and_don_t_depend_on_order(tmp_path):
    write(tmp_path, a__x_dot_txt=TEXT, b__x_dot_txt=TEXT + "二", b__x_dot_md=TEXT + "三", c_dot_txt=TEXT)
    digest = [hashlib.sha256((TEXT + tail).encode()).hexdigest()[:8] for tail in ("二", "三")]
    inputs = [tmp_path / "a", tmp_path / "b", tmp_path / "c.txt", tmp_path / "b" / "x.txt"]
    expected = {d.source: d.id for d in read(inputs, Settings())[0]}
    assert len(expected) == len(set(expected.values())) == 4
    assert expected[str(tmp_path / "a" / "x.txt")] == "a/x"
    assert expected[str(tmp_path / "c.txt")] == "c"
    assert expected[str(tmp_path / "b" / "x.txt")].endswith("b/x-" + digest[0])
    assert expected[str(tmp_path / "b" / "x.md")].endswith("b/x-" + digest[1])
    for seed in range(4):
        shuffled = random.Random(seed).sample(inputs, len(inputs))
        assert {d.source: d.id for d in read(shuffled, Settings())[0]} == expected


def test_rows_with_the_same_id_stay_apart(tmp_path):
    row = f'{{"text": "{TEXT}", "id": "x"}}\n'
    write(tmp_path, a_dot_jsonl=row + row, b_dot_jsonl=row)
    assert len(set(ids(tmp_path))) == 3


def test_hidden_files_are_passed_over_and_the_source_of_a_page_is_kept(tmp_path):
    write(tmp_path, _dot_hidden_dot_txt=TEXT, page_dot_html=f"<p>{TEXT}</p>")
    document, = read([tmp_path], Settings())[0]
    assert (document.format, document.text) == ("html", f"<p>{TEXT}</p>")


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode("gb18030"))))
    document, = read(["-"], Settings())[0]
    assert (document.id, document.source, document.text) == ("stdin", "-", TEXT)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda t: t.encode("utf-8", "surrogatepass")),
       st.sampled_from(["txt", "md", "html", "jsonl", "csv", "tsv", "docx", "pdf", "parquet", "zip"]))
def test_any_bytes_are_read_or_skipped(tmp_path, data, suffix):
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(data)
    try:
        documents, skipped = read([path], Settings())
    except KGError:
        return
    assert documents or skipped or suffix in ("jsonl", "csv", "tsv")
    for document in documents:
        document.text.encode()


def test_names_of_files_that_arent_utf8_become_readable(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/" + "通报.txt".encode("gb18030")
    with open(name, "wb") as file:  # noqa: PTH123  (a name as bytes)
        file.write("青岚市公安局召开会议。".encode())
    documents, skipped = read([tmp_path], Settings())
    assert [d.id for d in documents] == ["通报"] and not skipped


def test_what_kg_has_written_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("青岚市公安局召开会议。", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("manifest.json", "graph.json", "graph.html", "report.md"):
        (out / name).write_text("<html>图谱</html>", encoding="utf-8")
    assert [d.id for d in read([tmp_path], Settings())[0]] == ["甲"]


def test_documents_in_the_folder_that_a_build_went_to_are_read_again(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("青岚市公安局召开会议。", encoding="utf-8")
    (tmp_path / "旧闻").mkdir()
    (tmp_path / "旧闻" / "乙.txt").write_text("青岚市公安局召开会议。", encoding="utf-8")
    for name in ("manifest.json", "graph.json", "graph.html", "report.md"):
        (tmp_path / name).write_text("<html>图谱</html>", encoding="utf-8")
    assert {d.id for d in read([tmp_path], Settings())[0]} == {"甲", "乙"}


def test_a_page_on_standard_input_is_html(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<!DOCTYPE html><html><body><p>青岚市公安局召开会议。</p></body></html>"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(page.encode())))
    assert read(["-"], Settings())[0][0].format == "html"


def test_json_lines_on_standard_input_are_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = '{"id": "a", "text": "青岚市公安局召开会议。"}\n{"id": "b", "text": "会议部署工作。"}\n'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines.encode())))
    assert [(each.id, each.format) for each in read(["-"], Settings())[0]] == [("a", "jsonl"), ("b", "jsonl")]


@pytest.mark.parametrize("text", ["{青岚市公安局}召开会议。", '{"青岚市公安局": 召开会议', '{"a": 1}召开会议。\n'])
def test_a_brace_on_standard_input_makes_no_json_lines(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    assert [each.format for each in read(["-"], Settings())[0]] == ["txt"]


# ------------------------------------------------------------------------------- more than memory holds

LINES = "\n".join(json.dumps({"id": id_, "正文": f"第{number}号通告。"}, ensure_ascii=False)
                  for number, id_ in enumerate(["a", "b", "a", "", "c", "a"]))
LINES += "\n\n{\"正文\": 1\nno json\n[1]\n\ufeff\n"


@pytest.mark.parametrize("data", [LINES.encode(), LINES.encode("utf-8-sig"), LINES.encode("gb18030"),
                                  LINES.replace("\n", "\r\n").encode(), b"\n \r\n" * 9, LINES.encode()[:-1] + b"\xff",
                                  b"\x00" * 900, "\u2028\x85\x0b".join(LINES.split("\n")[:2]).encode()])
def test_json_lines_are_the_same_read_line_by_line(tmp_path, monkeypatch, data):
    (tmp_path / "a.jsonl").write_bytes(data)
    whole = read([tmp_path / "a.jsonl"], Settings())
    monkeypatch.setattr("kg.read._LARGE", 0)
    assert read([tmp_path / "a.jsonl"], Settings()) == whole
    assert whole[0] or whole[1]


@given(st.one_of(st.binary(), st.text().map(str.encode), st.text("\ufeff \t\r\n\u3000\xa0\x00甲").map(str.encode)))
def test_plain_utf8_is_told_without_holding_it(data):
    decoded = decode(data)
    plain = decoded is not None and decoded.encoding == "utf-8" and decoded.text.encode() == data
    holds_text = plain and bool(decoded.text.strip(BLANKS))
    assert is_plain_utf8(io.BytesIO(data)) == holds_text


def test_documents_on_disk_are_those_in_memory(tmp_path, monkeypatch):
    """With names that several of them have, so that ids must be told apart."""
    (tmp_path / "in" / "b").mkdir(parents=True)
    for name in ("a.jsonl", "b/a.jsonl"):
        (tmp_path / "in" / name).write_text(LINES, encoding="utf-8")
    (tmp_path / "in" / "b" / "c.txt").write_text("通告。", encoding="utf-8")
    memory, skipped = read([tmp_path / "in"], Settings())
    monkeypatch.setattr("kg.spool.RUN", 3)
    disk, also_skipped = read([tmp_path / "in"], Settings(), tmp_path)
    assert isinstance(memory, tuple) and not isinstance(disk, tuple)
    assert list(disk) == list(memory) and skipped == also_skipped
    assert len({document.id for document in disk}) == len(disk) == 13
