"""A store of facts: it saves work, it never changes a result, and damage shows itself."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from uuid import uuid4

import fsspec
import pytest
from click.testing import CliRunner, Result

from kg import Settings, pipeline
from kg.cli import main
from kg.errors import StoreError
from kg.models import Document
from kg.store import document_key, fingerprint, open_store
from kg.store.care import gc, stats, verify
from kg.store.folder import Folder
from kg.store.lock import Lock
from kg.taggers.lac import LexicalAnalyzer

GRAPH = ("graph.graphml", "graph.json", "graph.html")
TEXTS = {
    "one.txt": "6月3日，望江市公安局局长齐慕白主持会议。望江市公安局会同望江市教育局开展检查。\n",
    "two.txt": "6月4日，云岭县教育局局长陆青禾到云岭县第一中学调研。\n",
    "three.txt": "望江市公安局局长齐慕白到云岭县公安局检查工作。\n",
}


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def build(folder: Path, out: Path, *options: object) -> dict[str, bytes]:
    result = run("build", folder, "--date", "2024-06-05", *options, "-o", out)
    assert result.exit_code == 0, result.stderr
    return {name: (out / name).read_bytes() for name in GRAPH}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "documents"
    path.mkdir()
    for name, text in TEXTS.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are read, as they are."""
    seen: list[str] = []
    clean = pipeline.clean

    def count(document: Document, settings: Settings) -> object:
        seen.append(document.id)
        return clean(document, settings)

    monkeypatch.setattr(pipeline, "clean", count)
    return seen


def test_a_store_reads_what_is_new_and_nothing_else(folder: Path, tmp_path: Path, cleaned: list[str]) -> None:
    store, out = tmp_path / "store", tmp_path / "out"
    plain = build(folder, tmp_path / "plain")
    cleaned.clear()
    assert build(folder, out, "--store", store) == plain
    assert sorted(cleaned) == ["one", "three", "two"]
    cleaned.clear()
    assert build(folder, out, "--store", store) == plain
    assert build(folder, out, "--store", store, "--title", "另一页")["graph.json"] == plain["graph.json"]
    assert cleaned == []
    (folder / "two.txt").write_text("6月4日，云岭县教育局印发《通知》。\n", encoding="utf-8")
    (folder / "four.txt").write_text("云岭县公安局破获一起诈骗案。\n", encoding="utf-8")
    (folder / "three.txt").unlink()
    changed = build(folder, out, "--store", store)
    assert sorted(cleaned) == ["four", "two"]
    assert changed == build(folder, tmp_path / "plain")


def test_with_nothing_changed_the_files_are_taken_from_the_store(folder: Path, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(folder, tmp_path / "one", "--store", tmp_path / "store")

    def never(*_: object) -> None:
        raise AssertionError("assembled again")

    monkeypatch.setattr(pipeline, "assemble", never)
    assert build(folder, tmp_path / "two", "--store", tmp_path / "store") == first
    one, two = (json.loads((tmp_path / out / "manifest.json").read_text(encoding="utf-8")) for out in ("one", "two"))
    assert one["counts"] == two["counts"] and one["inputs"] == two["inputs"]


@pytest.mark.parametrize("change", [{"date": "2024-06-05"}, {"rules": True}])
def test_keys_tell_what_facts_depend_on(tmp_path: Path, change: dict[str, object]) -> None:
    if "rules" in change:
        (tmp_path / "relations").mkdir()
        (tmp_path / "relations" / "mine.yaml").write_text("disable: [cooperates_with.joins]\n", encoding="utf-8")
        change = {"rules": tmp_path}
    plain, other = Settings(), Settings(**change)
    assert fingerprint(plain, pipeline.load_tools(plain)) != fingerprint(other, pipeline.load_tools(other))
    same = Settings(workers=3, strict=True, min_cooccurrence=4)
    assert fingerprint(plain, pipeline.load_tools(plain)) == fingerprint(same, pipeline.load_tools(plain))
    document = Document(id="a", text="甲", source="a.txt", sha256="0" * 64)
    assert document_key(document, "x") != document_key(document.model_copy(update={"text": "乙"}), "x")


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:80] + b"!" + data[81:], lambda _: b""])
def test_damaged_facts_are_told_and_read_again(folder: Path, tmp_path: Path,
                                               damage: Callable[[bytes], bytes]) -> None:
    store = tmp_path / "store"
    first = build(folder, tmp_path / "out", "--store", store)
    [file] = (store / "facts").glob("*.parquet")
    file.write_bytes(damage(file.read_bytes()))
    result = run("build", folder, "--date", "2024-06-05", "--store", store, "-o", tmp_path / "out")
    assert result.exit_code == 0 and f"{file}: was damaged" in result.stderr
    assert {name: (tmp_path / "out" / name).read_bytes() for name in GRAPH} == first
    assert list(verify(store)) == [] and stats(store).damaged == 1


def test_damaged_files_of_a_finished_build_are_written_anew(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = build(folder, tmp_path / "out", "--store", store)
    [page] = store.glob("graphs/*/graph.html")
    page.write_bytes(b"<html>")
    assert build(folder, tmp_path / "out", "--store", store) == first
    page.write_bytes(b"<html>")
    assert [str(page.parent) in each for each in verify(store)] == [True]
    assert run("store", "verify", store).exit_code == 0


def test_gc_keeps_what_the_last_build_used(folder: Path, tmp_path: Path, cleaned: list[str]) -> None:
    store = tmp_path / "store"
    build(folder, tmp_path / "out", "--store", store)
    (folder / "two.txt").unlink()
    first = build(folder, tmp_path / "out", "--store", store)
    (store / "facts" / ".12.part").write_bytes(b"half")
    assert (stats(store).documents, stats(store).used, stats(store).builds) == (3, 3, 2)
    assert gc(store) > 0
    assert (stats(store).documents, stats(store).used, stats(store).builds) == (2, 2, 1)
    assert not list(store.rglob("*.part"))
    cleaned.clear()
    assert build(folder, tmp_path / "out", "--store", store) == first and cleaned == []
    assert run("store", "stats", store, "--json").exit_code == 0


# ---------------------------------------------------------------------------- rules that change

DISABLED = "disable: [cooperates_with.joins]\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the tagger is given."""
    seen: list[str] = []
    analyze = LexicalAnalyzer.analyze

    def count(self: LexicalAnalyzer, texts: Sequence[str]) -> object:
        seen.extend(texts)
        return analyze(self, texts)

    monkeypatch.setattr(LexicalAnalyzer, "analyze", count)
    return seen


def test_other_rules_spare_the_tagger(folder: Path, tmp_path: Path, asked: list[str]) -> None:
    store, rules = tmp_path / "store", tmp_path / "rules"
    (rules / "relations").mkdir(parents=True)
    (rules / "relations" / "mine.yaml").write_text(DISABLED, encoding="utf-8")
    first = build(folder, tmp_path / "out", "--store", store)
    expected = build(folder, tmp_path / "plain", "--rules", rules)
    assert expected["graph.json"] != first["graph.json"]
    asked.clear()
    assert build(folder, tmp_path / "out", "--store", store, "--rules", rules) == expected
    assert asked == []
    (folder / "two.txt").write_text("6月4日，云岭县教育局印发《通知》。\n", encoding="utf-8")
    build(folder, tmp_path / "out", "--store", store, "--rules", rules)
    assert asked == ["6月4日，云岭县教育局印发《通知》。"]
    asked.clear()
    gc(store)
    build(folder, tmp_path / "out", "--store", store)
    assert asked == []


def test_other_sentences_of_a_text_are_tagged_anew(folder: Path, tmp_path: Path, asked: list[str],
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept counts for the sentences that it was made of, whatever cleaning and segmenting make of a text."""
    build(folder, tmp_path / "out", "--store", tmp_path / "store")
    cut = pipeline.segment
    monkeypatch.setattr(pipeline, "segment", lambda document: cut(document)[:1])
    monkeypatch.setattr("kg.store._package_digest", lambda: "another version")
    plain = build(folder, tmp_path / "plain")
    asked.clear()
    assert build(folder, tmp_path / "out", "--store", tmp_path / "store") == plain
    assert len(asked) == 1  # of the one text that has two sentences


def test_a_damaged_file_of_taggings_costs_the_tagger_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = build(folder, tmp_path / "out", "--store", store)
    for kind in ("facts", "taggings"):
        [file] = (store / kind).glob("*.parquet")
        file.write_bytes(file.read_bytes()[:-9])
    result = run("build", folder, "--date", "2024-06-05", "--store", store, "-o", tmp_path / "out")
    assert result.exit_code == 0 and result.stderr.count("was damaged and is put aside") == 2
    assert {name: (tmp_path / "out" / name).read_bytes() for name in GRAPH} == first


# ---------------------------------------------------------------------------- on another machine


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A store that no system locks and no path leads to, as s3:// and the like are."""
    name = f"memory://{uuid4().hex}/store"
    yield name
    fsspec.filesystem("memory").rm(name.rpartition("/")[0], recursive=True)


def test_a_store_may_lie_elsewhere(folder: Path, tmp_path: Path, elsewhere: str, cleaned: list[str]) -> None:
    plain = build(folder, tmp_path / "plain")
    assert build(folder, tmp_path / "out", "--store", elsewhere) == plain
    cleaned.clear()
    again = build(folder, tmp_path / "out", "--store", elsewhere, "--title", "另一页")
    assert again["graph.json"] == plain["graph.json"]
    (folder / "two.txt").unlink()
    assert build(folder, tmp_path / "out", "--store", elsewhere) == build(folder, tmp_path / "plain")
    assert cleaned == ["one", "three"]  # without a store
    [fact] = fsspec.filesystem("memory").glob(f"{elsewhere}/facts/*.parquet")
    assert (stats(elsewhere).documents, stats(elsewhere).used, stats(elsewhere).graphs) == (3, 3, 2)
    assert gc(elsewhere) > 0 and (stats(elsewhere).documents, stats(elsewhere).graphs) == (2, 1)
    [fact] = fsspec.filesystem("memory").glob(f"{elsewhere}/facts/*.parquet")
    fsspec.filesystem("memory").pipe(fact, b"PAR1")
    assert run("store", "verify", elsewhere).exit_code == 1
    assert build(folder, tmp_path / "out", "--store", elsewhere) == build(folder, tmp_path / "plain")
    assert not [name for name in fsspec.filesystem("memory").find(elsewhere) if "/locks/" in name or ".part" in name]


def test_an_address_of_a_file_is_the_file(folder: Path, tmp_path: Path) -> None:
    build(folder, tmp_path / "out", "--store", f"file://{tmp_path}/store")
    assert stats(tmp_path / "store").documents == 3


def test_elsewhere_too_gc_waits_for_builds_and_builds_for_gc(elsewhere: str) -> None:
    store = open_store(elsewhere)
    open_store(elsewhere).lock.release()
    with pytest.raises(StoreError, match=r"a build is using .* or remove memory://\w+/store/locks/build-\w+ if it was"):
        gc(elsewhere)
    store.lock.release()
    gc(elsewhere)
    with Lock(Folder(elsewhere), whole=True), pytest.raises(StoreError, match="somebody tidies"):
        open_store(elsewhere)
    open_store(elsewhere)


@pytest.mark.parametrize(("where", "said"), [("s4://bucket/store", "s4://bucket/store: can't be reached"),
                                             ("{}/one.txt/store", "the store can't be used")])
def test_an_address_that_leads_nowhere_is_told(folder: Path, tmp_path: Path, where: str, said: str) -> None:
    result = run("build", folder, "--store", where.format(folder), "-o", tmp_path / "out")
    assert result.exit_code == 1 and said in result.stderr and not (tmp_path / "out").exists()


def test_gc_waits_for_builds_and_other_directories_are_left_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    with pytest.raises(StoreError, match="wait for its end"):
        gc(tmp_path / "store")
    store.lock.release()
    gc(tmp_path / "store")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    for attempt in (open_store, gc, stats):
        with pytest.raises(StoreError):
            attempt(tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def command(folder: Path, out: Path, store: Path) -> list[str]:
    return [sys.executable, "-m", "kg", "build", str(folder), "--date", "2024-06-05", "--workers", "2",
            "--store", str(store), "-o", str(out)]


def test_killed_builds_leave_nothing_half_written_and_a_rerun_equals_an_undisturbed_build(
        folder: Path, tmp_path: Path) -> None:
    expected = build(folder, tmp_path / "plain")
    out, store = tmp_path / "out", tmp_path / "store"
    for seconds in (0.4, 1.5, 3.0):
        process = subprocess.Popen(command(folder, out, store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds + random.random() * 0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert all((out / name).read_bytes() == expected[name] for name in GRAPH if (out / name).exists())
    subprocess.run(command(folder, out, store), check=True, capture_output=True)
    assert {name: (out / name).read_bytes() for name in GRAPH} == expected


def test_two_builds_on_one_store_do_not_damage_each_other(folder: Path, tmp_path: Path) -> None:
    expected, store = build(folder, tmp_path / "plain"), tmp_path / "store"
    outs = [tmp_path / "one", tmp_path / "two"]
    processes = [subprocess.Popen(command(folder, out, store), stdout=subprocess.DEVNULL) for out in outs]
    assert [process.wait() for process in processes] == [0, 0]
    assert all((out / name).read_bytes() == expected[name] for out in outs for name in GRAPH)
    assert list(verify(store)) == []


@pytest.mark.parametrize("limit", [0, 2_000, 30_000])
def test_a_full_disk_is_told_and_nothing_is_half_written(folder: Path, tmp_path: Path, limit: int) -> None:
    expected, out, store = build(folder, tmp_path / "plain"), tmp_path / "out", tmp_path / "store"

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    arguments = [part for part in command(folder, out, store) if part not in ("--workers", "2")]
    failed = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=full, check=False)
    assert failed.returncode == 1 and "File too large" in failed.stderr and "Traceback" not in failed.stderr
    assert not [path for path in out.rglob("*") if path.is_file()]
    assert build(folder, out, "--store", store) == expected
    assert os.environ.get("PYTHONPATH") is None or list(verify(store)) == []


@pytest.mark.parametrize("stage", ["kg.read", "kg.store", "kg.assemble"])
def test_a_disk_that_has_no_room_for_what_is_too_much_for_memory_is_told(
        folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    expected, out, store = build(folder, tmp_path / "plain"), tmp_path / "out", tmp_path / "store"
    with monkeypatch.context() as patch:
        patch.setattr("kg.spool.RUN", 2)
        made = tempfile.TemporaryFile

        def full(dir: Path) -> object:
            on_the_way = {frame.f_globals["__name__"] for frame in frames(sys._getframe(1))}
            return Path("/dev/full").open("r+b") if stage in on_the_way else made(dir=dir)

        patch.setattr("kg.spool.tempfile.TemporaryFile", full)
        failed = run("build", folder, "--date", "2024-06-05", "--store", store, "-o", out)
    assert failed.exit_code == 1 and "No space left on device); make room there" in failed.stderr
    assert not [path for path in out.rglob("*") if path.is_file()]
    assert build(folder, out, "--store", store) == expected


def frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
