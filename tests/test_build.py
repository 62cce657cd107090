"""Whole runs: documents in, files out, the same bytes each time, and what can be mended is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner, Result

import kg
from kg.assemble import verify_spans
from kg.cli import main
from kg.export import write
from kg.samples import sample_documents

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "kg" / "data" / "sample"
GRAPH = ("graph.graphml", "graph.json", "graph.html")
FILES = {*GRAPH, "manifest.json", "report.md"}
#: The documents' dates, which the pages of three of them don't state.
SEED_DATES = {"000": "2020-02-04", "001": "", "002": "2021-08-04", "003": "2020-02-10", "004": "2020-03-29"}
TEXT = "6月3日，望江市公安局局长齐慕白主持会议。望江市公安局会同望江市教育局开展检查。\n"


def run(*arguments: object, **options: Any) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], **options)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def build(*arguments: object) -> Path:
    """The directory of a build that went well."""
    result = run("build", *arguments)
    assert result.exit_code == 0, result.stderr
    return Path(str(arguments[-1]))


def bytes_of(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in GRAPH}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("--sample", "-o", tmp_path_factory.mktemp("sample") / "out")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """A folder with one build for each seed document."""
    folder = tmp_path_factory.mktemp("seeds")
    for path in sorted((shared / "seeds").glob("*.txt")):
        date = SEED_DATES[path.stem[:3]]
        build(path, *(["--date", date] if date else []), "-o", folder / path.stem)
    return folder


# --------------------------------------------------------------------------------- what comes out


def test_build_writes_its_files_and_nothing_else(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == FILES
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["documents"] == len(manifest["inputs"]) == 10
    assert not manifest["skipped"]


def test_graph_json_is_read_back_whole(built: Path, tmp_path: Path) -> None:
    graph = kg.read_graph(built)
    kg.write_graph(graph, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (built / "graph.json").read_bytes()


def test_every_span_is_what_it_claims_to_be(built: Path) -> None:
    graph = kg.read_graph(built)
    assert verify_spans(graph) == []
    raw = {document.id: document.text for document in sample_documents(kg.Settings())}
    assert {d.id: d.text for d in graph.documents} == raw


def test_graphml_holds_the_same_graph(built: Path) -> None:
    graph, flat = kg.read_graph(built), nx.read_graphml(built / "graph.graphml")
    assert flat.is_directed()
    assert dict(flat.nodes(data="label")) == {node.id: node.label for node in graph.nodes}
    assert sorted((u, v, r) for u, v, r in flat.edges(data="relation")) == \
        sorted((e.source, e.target, e.relation) for e in graph.edges)


def test_the_sample_shows_every_type_and_relation(built: Path) -> None:
    from kg.knowledge.ontology import load_ontology

    graph, ontology = kg.read_graph(built), load_ontology()
    assert {node.type for node in graph.nodes} == set(ontology.types)
    assert {edge.relation for edge in graph.edges} == set(ontology.relations)


@pytest.mark.shared
def test_gephi_loses_nothing(built: Path, seeds: Path, shared: Path) -> None:
    for directory in (built, *sorted(seeds.iterdir())):
        check = subprocess.run([sys.executable, str(shared / "tools" / "gephi_check.py"), "--json",
                                str(directory / "graph.graphml")], capture_output=True, text=True, check=False)
        report = json.loads(check.stdout)
        assert check.returncode == 0
        assert [i for i in report["issues"] if i["level"] != "INFO"] == []
        assert report["edges_after_default_merge"] == len(kg.read_graph(directory).edges)


@pytest.mark.shared
def test_spans_of_the_seeds(seeds: Path) -> None:
    for directory in sorted(seeds.iterdir()):
        assert verify_spans(kg.read_graph(directory)) == []


# ------------------------------------------------------------------------------- the same each time


def test_order_of_inputs_makes_no_difference(tmp_path: Path) -> None:
    files = sorted(SAMPLE.iterdir())
    one = build(*files, "-o", tmp_path / "one")
    other = build(*reversed(files), "-o", tmp_path / "other")
    again = build(SAMPLE, "-o", tmp_path / "again")
    assert bytes_of(one) == bytes_of(other) == bytes_of(again)


@pytest.mark.parametrize("environment", [
    {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
], ids=["one thread", "three threads"])
def test_hash_seed_threads_and_locale_make_no_difference(built: Path, tmp_path: Path,
                                                         environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "kg", "build", "--sample", "-o", str(tmp_path / "out")], check=True,
                   cwd=ROOT, env={**os.environ, **environment}, capture_output=True)
    assert bytes_of(tmp_path / "out") == bytes_of(built)


def test_committed_sample_is_what_the_code_makes(built: Path) -> None:
    committed = ROOT / "outputs" / "sample"
    for name in GRAPH:
        assert (committed / name).read_bytes() == (built / name).read_bytes(), f"{name}: run scripts/update_sample"


# ---------------------------------------------------------------------------------- what goes wrong


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one document that can be read."""
    path = tmp_path / "documents"
    path.mkdir()
    (path / "good.txt").write_text(TEXT, encoding="utf-8")
    yield path


BAD = {
    "empty": ("bad.txt", b"", "is empty"),
    "blank": ("bad.txt", "　\n \n".encode(), "blanks"),
    "binary": ("bad.txt", bytes(range(256)) * 20, "convert it to UTF-8"),
    "broken JSON": ("bad.jsonl", b'{"text": "\xe4\xbd\xa0\xe5\xa5\xbd"\n', "is no JSON"),
    "no text column": ("bad.csv", b"a,b\n1,2\n", "--text-column"),
    "not a PDF": ("bad.pdf", b"%PDF-1.4", "no PDF"),
}


@pytest.mark.parametrize(("name", "data", "said"), BAD.values(), ids=BAD.keys())
def test_document_that_cannot_be_read_is_reported_and_the_rest_built(folder: Path, tmp_path: Path, name: str,
                                                                     data: bytes, said: str) -> None:
    (folder / name).write_bytes(data)
    result = run("build", folder, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert name in result.stderr and said in result.stderr
    assert [d.id for d in kg.read_graph(tmp_path / "out").documents] == ["good"]
    skipped = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["skipped"]
    assert [name in each["source"] for each in skipped] == [True]


def test_strict_stops_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_bytes(b"")
    result = run("build", folder, "--strict", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_readable_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    result = run("build", tmp_path / "bad.txt", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "nothing was written" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_give_the_same_graph(folder: Path, tmp_path: Path, encoding: str) -> None:
    plain = kg.read_graph(build(folder, "-o", tmp_path / "plain"))
    (folder / "good.txt").write_bytes(TEXT.encode(encoding))
    graph = kg.read_graph(build(folder, "-o", tmp_path / "other"))
    assert [node.label for node in graph.nodes] == [node.label for node in plain.nodes] != []


def test_folder_without_documents(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    result = run("build", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr and "holds no document" in result.stderr


def test_standard_input(tmp_path: Path) -> None:
    result = run("build", "-", "--date", "2024-06-04", "-o", tmp_path / "out", input=TEXT.encode())
    assert result.exit_code == 0
    assert "DATE:2024-06-03" in {node.id for node in kg.read_graph(tmp_path / "out").nodes}


@pytest.mark.parametrize("taken", ["out", "out/graph.json"])
def test_output_that_is_in_the_way(folder: Path, tmp_path: Path, taken: str) -> None:
    if taken == "out":
        (tmp_path / "out").write_text("a file")
    else:
        (tmp_path / taken).mkdir(parents=True)
    result = run("build", folder, "-o", tmp_path / "out")
    assert result.exit_code in (1, 2)
    assert taken in result.stderr
    assert not list(tmp_path.rglob("graph.graphml"))


def test_failed_build_leaves_the_one_before(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = build(folder, "-o", tmp_path / "out")
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_page", full)
    (folder / "more.txt").write_text(TEXT, encoding="utf-8")
    result = run("build", folder, "-o", out)
    assert result.exit_code == 1
    assert "No space left" in result.stderr and str(out) in result.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_rules_of_a_user_are_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "rules" / "relations").mkdir(parents=True)
    (tmp_path / "rules" / "relations" / "mine.yaml").write_text("disable: [cooperates_with.joins]\n", encoding="utf-8")
    graph = kg.read_graph(build(folder, "-o", tmp_path / "ours"))
    other = kg.read_graph(build(folder, "--rules", tmp_path / "rules", "-o", tmp_path / "theirs"))
    assert "cooperates_with.joins" in {edge.rule for edge in graph.edges}
    assert "cooperates_with.joins" not in {edge.rule for edge in other.edges}


# ------------------------------------------------------------------------------------- corrections


def test_decisions_are_replayed_and_those_that_match_nothing_reported(tmp_path: Path) -> None:
    for name, text in (("甲", TEXT), ("乙", TEXT.replace("望江", "云岭"))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    out = build(tmp_path / "甲.txt", tmp_path / "乙.txt", "-o", tmp_path / "out")
    assert run("review", out, "-o", tmp_path / "review.csv").exit_code == 0
    lines = (tmp_path / "review.csv").read_text(encoding="utf-8-sig").splitlines()
    head = lines[0].split(",")
    asked = next(line.split(",") for line in lines if line.startswith("merge"))
    answer = dict(zip(head, asked, strict=True)) | {"decision": "same", "who": "王编辑", "why": "查证"}
    gone = {"decision": "rename", "key": "丙[0-3]齐慕白", "value": "齐某", "who": "王编辑", "why": "查证"}
    rows = [",".join(row.get(name, "") for name in head) for row in (answer, gone)]
    (tmp_path / "decisions.csv").write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    (tmp_path / "kg.toml").write_text('overrides = ["decisions.csv"]\n', encoding="utf-8")
    result = run("--config", tmp_path / "kg.toml", "build", tmp_path / "甲.txt", tmp_path / "乙.txt", "-o", out)
    assert result.exit_code == 0
    assert f"not applied: {tmp_path / 'decisions.csv'}:3: rename 丙[0-3]齐慕白 → 齐某: the document 丙" in result.stderr
    assert "## Decisions not applied (1)" in (out / "report.md").read_text(encoding="utf-8")
    assert [node.id for node in kg.read_graph(out).nodes if node.type == "PERSON"] == ["PERSON:齐慕白"]
    first = bytes_of(out)
    again = run("build", tmp_path / "乙.txt", tmp_path / "甲.txt", "--overrides", tmp_path / "decisions.csv", "-o", out)
    assert again.exit_code == 0 and bytes_of(out) == first
