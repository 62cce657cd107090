"""Private numbers and names in nothing that is written."""

from __future__ import annotations

import gzip
import io
import json
import re
import tempfile
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.assemble import verify_spans
from kg.cli import main
from kg.errors import KnowledgeError
from kg.export import EXPORTERS
from kg.privacy import Rewritten, mask
from kg.privacy.numbers import hide_numbers, load_numbers
from kg.privacy.officials import occupations

from .graph_fixtures import graph_of, page, sample_graph
from .test_export import graphs

KINDS = {kind.id: kind for kind in load_numbers()}
BUREAU = "ORGANIZATION:云岭市公安局"

NUMBERS = ("13812345678", "370802199001011234", "鲁H12345", "6222021234567890123", "0537-2967110")
PRIVATE, OFFICIAL = ("乔思远", "殷小禾"), "齐慕白"
TEXT = f"""望江市公安局通报一起诈骗案
6月3日，望江市公安局局长齐慕白通报案情。受害人乔思远（手机{NUMBERS[0]}，身份证号{NUMBERS[1]}）在望江市报警。
望江市公安局抓获嫌疑人殷小禾，查获轿车{NUMBERS[2]}、银行卡{NUMBERS[3]}。乔思远说，殷小禾骗走3万元。
举报电话：{NUMBERS[4]}
"""


# ------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(("text", "hidden"), [example for kind in KINDS.values() for example in kind.examples])
def test_a_private_number_is_hidden(text, hidden):
    assert hide_numbers(text) == hidden


@pytest.mark.parametrize(("id_", "text"), [(kind.id, text) for kind in KINDS.values() for text in kind.counter])
def test_another_number_is_none(id_, text):
    assert KINDS[id_].regex.search(text) is None


@given(st.text("01389京A·- <b>Ｘ１x手机号：", max_size=40))
def test_hiding_keeps_the_length_and_hides_once(text):
    hidden = hide_numbers(text)
    assert len(hidden) == len(text) and hide_numbers(hidden) == hidden
    assert all(new in (old, "*") for old, new in zip(text, hidden, strict=True))


# -------------------------------------------------------------------------------------------- graphs


@given(st.text("甲乙丙丁", max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_a_span_of_a_rewritten_text_holds_what_it_held_and_whole_names(text, start, length):
    rewritten = Rewritten(text, lambda t: ((m.start(), m.end(), "人物1号") for m in re.finditer("甲乙", t)))
    start = min(start, len(text))
    end = min(start + length, len(text))
    first, last = rewritten.span(start, end)
    found = rewritten.text[first:last]
    assert rewritten.text == text.replace("甲乙", "人物1号")
    assert found.replace("人物1号", "甲乙").count(text[start:end]) or not text[start:end]
    assert len(found.replace("人物1号", "甲乙")) - (end - start) <= 2


@given(graphs())
def test_any_graph_can_be_masked(graph):
    assert verify_spans(graph) or not verify_spans(mask(graph).graph)


def test_who_has_no_post_gets_a_pseudonym_and_the_rest_stays():
    graph = sample_graph()
    masked, hide = mask(graph)
    assert not verify_spans(masked) and all(document.masked for document in masked.documents)
    assert {n.label for n in masked.nodes if n.type == "PERSON"} == {"陈建国", "周某"}    # both known as such to all
    made = page("a", """[陈建国|PERSON]报警，[云岭市公安局|ORGANIZATION]受理。
        [王明|PERSON]是[云岭市公安局|ORGANIZATION]局长，[陈建国|PERSON]致谢。""")
    masked, hide = mask(graph_of(made.say("PERSON:王明", "holds_position", BUREAU, sentence=1, title="局长")))
    assert [n.id for n in masked.nodes if n.type == "PERSON"] == ["PERSON:人物1号", "PERSON:王明"]
    assert masked.documents[0].text.count("人物1号") == 2 and "建国" not in masked.model_dump_json()
    assert not verify_spans(masked)
    assert hide("陈建国在云岭市") == "人物1号在云岭市"
    [edge] = [e for e in masked.edges if {e.source, e.target} == {"PERSON:人物1号", "PERSON:王明"}]
    assert edge.source < edge.target and edge.evidence[0].head.text == "人物1号"


def test_one_name_is_private_in_one_document_and_an_officials_in_another():
    victim = page("a", "[陈建国|PERSON]报警。")
    chief = page("b", "[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。")
    chief.say("PERSON:陈建国", "holds_position", BUREAU, title="局长")
    masked, _ = mask(graph_of(victim, chief, page("c", "[云岭市公安局|ORGANIZATION]找到陈建国。")))
    texts = {document.id: document.text.strip() for document in masked.documents}
    assert texts == {"a": "人物1号报警。", "b": "陳建国任雲岭市公安局局长。", "c": "雲岭市公安局找到人物1号。"}


def test_who_is_one_person_in_several_documents_keeps_the_name_in_all():
    chief = page("a", "[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。")
    chief.say("PERSON:陈建国", "holds_position", BUREAU, title="局长")
    other = page("b", "[云岭市公安局|ORGANIZATION][陈建国|PERSON]来了。")
    other.say("PERSON:陈建国", "holds_position", BUREAU, title="员工")
    masked, _ = mask(graph_of(chief, other))
    assert [node.label for node in masked.nodes if node.type == "PERSON"] == ["陈建国"]
    assert masked.documents[1].text.strip() == "雲岭市公安局陳建国来了。"


@pytest.mark.parametrize(("text", "title", "kept"), [
    ("[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]副局长。", "副局长", True),
    ("[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]民警。", "民警", True),
    ("[陈建国|PERSON]是[云岭市公安局|ORGANIZATION]员工。", "员工", False),
    ("[陈建国|PERSON]是[云岭市公安局|ORGANIZATION]女教师。", "女教师", False),
    ("[云岭市|LOCATION]常务副市长[陈建国|PERSON]到场。", "", True),      # no body that the post could be at
    ("女司机[陈建国|PERSON]报警。", "", False),
    ("局长，[陈建国|PERSON]报警。", "", False),
    ("[陈建国|PERSON]副市长到场。", "", True),
    ("[陈建国|PERSON]会长期住院。", "", False),
    ("[陈建国|PERSON]编辑了一份名单。", "", False),
    ("[陈建国|PERSON]是[云岭市公安局|ORGANIZATION]总工程师。", "总工程师", True),
    ("[陈建国|PERSON]是[云岭市公安局|ORGANIZATION]工程师。", "工程师", False),
    ("[陈建国|PERSON]报警。", "", False),
])
def test_an_office_is_held_or_stands_beside_the_name(text, title, kept):
    made = page("a", text)
    if title:
        made.say("PERSON:陈建国", "holds_position", BUREAU, title=title)
    labels = {node.label for node in mask(graph_of(made)).graph.nodes if node.type == "PERSON"}
    assert labels == ({"陈建国"} if kept else {"人物1号"})


@pytest.mark.parametrize("content", ["numbers: []", "occupations: 员工", "occupations: ['']", "occupations: []"])
def test_a_faulty_list_of_occupations_is_refused(tmp_path, content):
    (tmp_path / "private.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"private\.yaml:1: is no list of titles"):
        occupations(tmp_path / "private.yaml")


def test_names_of_bodies_and_longer_names_are_not_torn():
    made = page("a", "[王明|PERSON]和[王明华|PERSON]到[王明华中学|ORGANIZATION]。")
    masked, _ = mask(graph_of(made))
    assert masked.documents[0].text.strip() == "人物1号和人物2号到王明华中学。"


# --------------------------------------------------------------------------------------------- builds


def everything(folder: Path) -> str:
    """All text in all files of a folder; archives, tables, databases and compressed parts of pages are unpacked."""
    return "\n".join(text for file in sorted(folder.rglob("*")) if file.is_file()
                     for text in texts(file.name, file.read_bytes()))


def texts(name: str, data: bytes) -> Iterator[str]:
    """The text of a file as it stands, and what is packed in it."""
    text = data.decode("utf-8", "replace")
    yield text
    if name.endswith(".parquet"):
        from pyarrow import parquet

        yield json.dumps(parquet.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False)
    elif name.endswith(".duckdb"):
        yield from of_database(data)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(member, archive.read(member))
    packed = [gzip.decompress(b64decode(block)).decode() for block in re.findall(r"H4sI[A-Za-z0-9+/=]{20,}", text)]
    yield from packed
    yield from (json.loads(f'"{escaped}"') for escaped in re.findall(r"\\u[0-9a-f]{4}", "".join(packed)))


def of_database(data: bytes) -> Iterator[str]:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "g.duckdb").write_bytes(data)
        with duckdb.connect(Path(folder) / "g.duckdb", read_only=True) as database:
            for (table,) in database.sql("SELECT table_name FROM information_schema.tables").fetchall():
                yield json.dumps(database.sql(f'FROM "{table}"').fetchall(), ensure_ascii=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("private") / "2024-06-04_案情.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def outputs(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By build, masked and not: a folder with all that kg writes of it, and what it says meanwhile."""
    for package in ("pyarrow", "duckdb"):
        pytest.importorskip(package)
    folder = tmp_path_factory.mktemp("outputs")
    (folder / "d.csv").write_text("decision,key,value,who,why\nrename,PERSON:殷小禾@x,乔思远,王编辑,查证\n",
                                  encoding="utf-8")
    (folder / "old.txt").write_text(TEXT.splitlines()[0] + "。殷小禾在逃。\n", encoding="utf-8")
    made = {}
    for name, options in (("masked", ["--mask-private"]), ("plain", [])):
        out = made[name] = folder / name
        results = [run("build", source, *options, "-o", out, "--overrides", folder / "d.csv"),
                   run("build", folder / "old.txt", *options, "-o", out / "old")]
        results += [run("export", out, "-o", out / f"again{suffix}") for suffix in EXPORTERS]
        results += [run("view", out, "-o", out / "view.html"), run("diff", out / "old", out, "-o", out / "diff.html"),
                    run("diff", out / "old", out), run("diff", out / "old", out, "--json"), run("stats", out)]
        assert [result.exit_code for result in results] == [0] * len(results), [r.stderr for r in results]
        results.append(run("review", out, "-o", out / "review.csv", "--below", 1))
        assert results[-1].exit_code == (1 if options else 0), results[-1].stderr      # a masked one is refused
        (out / "said.txt").write_text("".join(result.output + result.stderr for result in results), encoding="utf-8")
    return made


def test_no_output_holds_a_private_value(outputs: dict[str, Path]):
    written = everything(outputs["masked"])
    assert OFFICIAL in written and "人物1号" in written and len(written) > 100_000
    for value in (*NUMBERS, *PRIVATE, "12345678", "H12345"):
        assert value not in written, value
    graph = kg.read_graph(outputs["masked"])
    assert not verify_spans(graph)
    manifest = json.loads((outputs["masked"] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["mask_private"] is True


def test_every_output_holds_them_if_it_is_not_masked(outputs: dict[str, Path]):
    """The search above finds what is there."""
    files = [file for file in outputs["plain"].iterdir() if file.is_dir() or file.suffix != ".txt"]
    assert len(files) >= len(EXPORTERS) + 6
    for file in files:
        found = everything(file) if file.is_dir() else "\n".join(texts(file.name, file.read_bytes()))
        assert PRIVATE[1] in found or file.name in ("manifest.json", "again.csv", "again.nodes.csv"), file.name
    assert all(value in everything(outputs["plain"]) for value in (*NUMBERS, *PRIVATE))


def test_the_same_documents_give_the_same_bytes(source: Path, tmp_path: Path):
    other = tmp_path / "乙.txt"
    other.write_text(TEXT.replace("望江", "云岭").replace("乔思远", "许知白"), encoding="utf-8")
    for name, order in (("一", [source, other]), ("二", [other, source])):
        result = CliRunner().invoke(main, ["build", *map(str, order), "--mask-private", "-o", str(tmp_path / name)])
        assert result.exit_code == 0, result.stderr
    for file in ("graph.json", "graph.graphml", "graph.html"):
        assert (tmp_path / "一" / file).read_bytes() == (tmp_path / "二" / file).read_bytes()


def test_a_file_whose_name_holds_a_name_is_reported(tmp_path: Path):
    path = tmp_path / "乔思远案.txt"
    path.write_text(TEXT, encoding="utf-8")
    built = kg.build([path], kg.Settings(mask_private=True))
    assert [warning for warning in built.warnings if warning.endswith("holds what is masked; rename it")]
