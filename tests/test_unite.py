"""Graphs that were built apart become the graph of all their documents."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

NEWS = "6月{day}日，望江市公安局局长齐慕白主持会议。{place}公安局会同望江市教育局开展检查，民警{name}参加。\n"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def build(*arguments: object) -> None:
    result = run("build", *arguments)
    assert result.exit_code == 0, result.stderr


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("graph.graphml", "graph.json", "graph.html")}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three folders with two pages of the same names each, and a table in two of them."""
    folder = tmp_path_factory.mktemp("corpus")
    names = iter(("乔思远", "殷小禾", "乔思远", "许知白", "殷小禾", "戚云舟"))
    for month, place in (("一", "云岭县"), ("二", "东山县"), ("三", "云岭县")):
        (folder / month).mkdir()
        for page in ("1", "2"):
            suffix = "html" if (month, page) == ("二", "2") else "txt"
            text = NEWS.format(day=page, place=place, name=next(names))
            (folder / month / f"2023-06-0{page}_{page}.{suffix}").write_text(
                f"<html><body><p>{text}</p></body></html>" if suffix == "html" else text, encoding="utf-8")
    for month in "二三":
        rows = [{"id": id_, "text": NEWS.format(day=5, place=month + "水县", name="许知白"), "date": "2023-06-05"}
                for id_ in ("a", "")]
        (folder / month / "table.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(corpus: Path) -> dict[str, Path]:
    """Builds of each folder, of two of them, and of all."""
    made = {}
    for months in ("一", "二", "三", "二三", "一二三"):
        made[months] = corpus / "out" / months
        build(*(corpus / month for month in months), "-o", made[months])
    return made


def test_graphs_built_apart_give_the_bytes_of_one_build_in_any_order(built: dict[str, Path], tmp_path: Path) -> None:
    for number, order in enumerate(itertools.permutations("一二三")):
        result = run("merge", *(built[month] for month in order), "-o", tmp_path / str(number))
        assert result.exit_code == 0, result.stderr
        assert files(tmp_path / str(number)) == files(built["一二三"])
    assert "reading the texts of 10 documents in 3 graphs again, with default" in result.stderr
    manifest = json.loads((tmp_path / "0" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["inputs"]) == 10


def test_documents_that_lie_in_several_graphs_count_once(built: dict[str, Path], tmp_path: Path) -> None:
    graphs = [built["二三"] / "graph.json", *(built[months] for months in ("一", "二", "一二三"))]
    result = run("merge", *graphs, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert files(tmp_path / "out") == files(built["一二三"])


def test_what_a_build_skipped_stays_reported(corpus: Path, built: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert run("build", tmp_path / "empty.txt", corpus / "一", "-o", tmp_path / "one").exit_code == 1
    result = run("merge", tmp_path / "one", built["二"], built["三"], "-o", tmp_path / "out")
    assert result.exit_code == 1 and f"skipped {tmp_path / 'empty.txt'}: is empty" in result.stderr
    assert files(tmp_path / "out") == files(built["一二三"])


def test_a_merged_graph_can_be_merged(built: dict[str, Path], tmp_path: Path) -> None:
    assert run("merge", built["一"], built["二"], "-o", tmp_path / "two").exit_code == 0
    assert run("merge", tmp_path / "two", built["三"], "-o", tmp_path / "three").exit_code == 0
    assert files(tmp_path / "three") == files(built["一二三"])


def test_a_store_spares_the_reading_and_workers_share_it(corpus: Path, built: dict[str, Path],
                                                         tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    build(*(corpus / month for month in "一二三"), "--store", tmp_path / "store", "-o", tmp_path / "all")
    graphs = [built[month] for month in "三一二"]
    assert run("merge", *graphs, "--workers", 2, "-o", tmp_path / "read").exit_code == 0
    monkeypatch.setattr("kg.pipeline.clean", lambda *_: pytest.fail("a document was read"))
    result = run("merge", *graphs, "--store", tmp_path / "store", "-o", tmp_path / "kept")
    assert result.exit_code == 0, result.stderr
    assert f"with default, all but those in {tmp_path / 'store'}" in result.stderr
    assert files(tmp_path / "read") == files(tmp_path / "kept") == files(built["一二三"])


def test_decisions_hold_for_all(built: dict[str, Path], corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "d.csv"
    table.write_text("decision,key,value,who,why\nrename,ORGANIZATION:望江市教育局,望江市教体局,王编辑,更名\n",
                     encoding="utf-8")
    build(*(corpus / month for month in "一二三"), "--overrides", table, "-o", tmp_path / "all")
    assert run("merge", *(built[m] for m in "一二三"), "--overrides", table, "-o", tmp_path / "out").exit_code == 0
    assert files(tmp_path / "out") == files(tmp_path / "all")
    (tmp_path / "kg.toml").write_text('overrides = "d.csv"\n', encoding="utf-8")
    again = run("--config", tmp_path / "kg.toml", "merge", *(built[m] for m in "一二三"), "-o", tmp_path / "again")
    assert again.exit_code == 0 and files(tmp_path / "again") == files(tmp_path / "all")
    refused = run("merge", tmp_path / "all", built["一"], "-o", tmp_path / "no")
    assert refused.exit_code == 1 and "was built with decisions" in refused.stderr
    assert not (tmp_path / "no").exists()


def changed(folder: Path, to: Path, **values: Any) -> Path:
    """A copy of a build whose manifest says otherwise: `settings__date="…"`."""
    to.mkdir()
    (to / "graph.json").write_bytes((folder / "graph.json").read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, value in values.items():
        part, _, key = name.partition("__")
        manifest[part][key] = value
    (to / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return to


@pytest.mark.parametrize(("values", "reason"), [
    ({"versions__kg": "0.0.9"}, "was built with kg 0.0.9, here is"),
    ({"versions__model": "lac:1"}, "was built with model lac:1, here is"),
    ({"versions__rules_digest": "x"}, "was built with rules_digest x, here is"),
    ({"settings__min_cooccurrence": 2}, "--min-cooccurrence"),
    ({"settings__date": "2023-06-04"}, "--date"),
])
def test_what_would_not_be_the_same_is_refused(built: dict[str, Path], tmp_path: Path, values: dict[str, Any],
                                               reason: str) -> None:
    result = run("merge", built["一"], changed(built["二"], tmp_path / "other", **values), "-o", tmp_path / "out")
    assert result.exit_code == 1 and reason in result.stderr and "again" in result.stderr
    assert not (tmp_path / "out").exists()


def test_graphs_without_their_manifest_or_their_texts_are_refused(built: dict[str, Path], corpus: Path,
                                                                  tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_bytes((built["一"] / "graph.json").read_bytes())
    alone = run("merge", tmp_path / "graph.json", built["二"], "-o", tmp_path / "out")
    assert alone.exit_code == 1 and "manifest.json: can't be read" in alone.stderr
    build(corpus / "一", "--mask-private", "-o", tmp_path / "masked")
    masked = run("merge", tmp_path / "masked", "-o", tmp_path / "out")
    assert masked.exit_code == 1 and masked.stderr.count("was masked; unite graphs that hold their texts") == 2


def test_two_texts_of_one_file_are_refused(corpus: Path, built: dict[str, Path], tmp_path: Path) -> None:
    path = corpus / "一" / "2023-06-01_1.txt"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("检查", "调研"), encoding="utf-8")
        build(corpus / "一", "-o", tmp_path / "new")
    finally:
        path.write_text(text, encoding="utf-8")
    result = run("merge", built["一"], tmp_path / "new", "-o", tmp_path / "out")
    assert result.exit_code == 1 and "has another text than in" in result.stderr
