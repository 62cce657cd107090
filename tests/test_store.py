"""A store of facts: it saves work, it never changes a result, and damage shows itself."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import Settings, pipeline
from kg.cli import main
from kg.errors import StoreError
from kg.models import Document
from kg.store import document_key, fingerprint, open_store
from kg.store.care import gc, stats, verify

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
    (store / "facts" / ".1-2.part").write_bytes(b"half")
    assert (stats(store).documents, stats(store).used, stats(store).builds) == (3, 3, 2)
    assert gc(store) > 0
    assert (stats(store).documents, stats(store).used, stats(store).builds) == (2, 2, 1)
    assert not list(store.rglob("*.part"))
    cleaned.clear()
    assert build(folder, tmp_path / "out", "--store", store) == first and cleaned == []
    assert run("store", "stats", store, "--json").exit_code == 0


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
