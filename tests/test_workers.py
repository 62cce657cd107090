"""Documents read in several processes: the same result, whatever happens to a process."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import KGError
from kg.facts import DocumentFacts
from kg.models import Document
from kg.pipeline import extract, extract_safely, load_tools
from kg.read import Skipped
from kg.samples import sample_documents
from kg.settings import Settings
from kg.workers import BATCH_CHARACTERS, BATCH_DOCUMENTS, batches, extract_in_workers

from .failing import on_the_path


def document(id_: str, text: str = "望江市公安局局长齐慕白主持会议。") -> Document:
    return Document(id=id_, text=text, source=f"{id_}.txt", sha256="0" * 64)


@pytest.fixture(scope="module")
def expected() -> list[DocumentFacts]:
    settings = Settings()
    return list(extract(sample_documents(settings), settings, load_tools(settings)))


def by_id(results: list[DocumentFacts | Skipped]) -> list[DocumentFacts]:
    return sorted((each for each in results if isinstance(each, DocumentFacts)), key=lambda facts: facts.id)


@pytest.mark.parametrize(("lengths", "sizes"), [
    ([], []), ([5] * (BATCH_DOCUMENTS + 1), [BATCH_DOCUMENTS, 1]),
    ([5, BATCH_CHARACTERS, 5], [2, 1]), ([BATCH_CHARACTERS * 9] * 2, [1, 1])])
def test_batches_are_bounded_by_documents_and_by_characters(lengths: list[int], sizes: list[int]) -> None:
    made = list(batches(document(str(i), "字" * length) for i, length in enumerate(lengths)))
    assert [len(batch) for batch in made] == sizes
    assert [each.id for batch in made for each in batch] == [str(i) for i in range(len(lengths))]


def test_the_last_batches_of_several_workers_are_small() -> None:
    made = list(batches([document(str(i)) for i in range(150)], workers=2))
    assert [len(batch) for batch in made] == [32, 29, 22, 16, 12, 9, 7, 5, 4, 4, 4, 4, 2]


def test_a_worker_that_is_killed_is_replaced(expected: list[DocumentFacts]) -> None:
    settings = Settings(workers=2)
    documents = [each.model_copy(update={"id": f"{each.id}-{i}"}) for i in range(8)
                 for each in sample_documents(settings)]
    names = {facts.id: [name.quote for name in facts.names] for facts in expected}
    results: list[DocumentFacts | Skipped] = []
    for result in extract_in_workers(documents, settings):
        results.append(result)
        if len(results) == 1:  # the other works on its own batch
            for child in multiprocessing.active_children():
                child.kill()
    assert len(results) == len(by_id(results)) == len({each.id for each in by_id(results)}) == len(documents)
    for each in by_id(results):
        assert [name.quote for name in each.names] == names[each.id.rpartition("-")[0]]


def test_a_document_that_is_given_to_a_killed_worker_is_not_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.workers.BATCH_DOCUMENTS", 1)

    def documents() -> Iterator[Document]:
        for i in range(4):
            for child in multiprocessing.active_children() if i in (0, 2) else ():  # while it loads; while it waits
                child.kill()
            yield document(str(i))

    results = list(extract_in_workers(documents(), Settings(workers=1)))
    assert [each.id for each in by_id(results)] == ["0", "1", "2", "3"]


def test_workers_that_always_end_before_they_read_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.workers._work", os._exit)
    with pytest.raises(KGError, match="before they have read anything"):
        list(extract_in_workers([document("a")], Settings(workers=2)))


def test_documents_at_which_a_library_crashes_hangs_or_raises_are_reported(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: list[DocumentFacts]) -> None:
    on_the_path(tmp_path, monkeypatch)
    bad = [document(name, f"这里有{name}。") for name in ("崩溃", "死循环", "异常", "内存")]
    settings = Settings(workers=2, time_limit=20)
    results = list(extract_in_workers([*bad, *sample_documents(settings)], settings))
    assert by_id(results) == sorted(expected, key=lambda facts: facts.id)
    reasons = {each.source: each.reason for each in results if isinstance(each, Skipped)}
    assert "exit code -9" in reasons["崩溃.txt"]  # as the system does where memory runs out
    assert "longer than 20 s" in reasons["死循环.txt"]
    assert "RecursionError: too deep" in reasons["异常.txt"]
    assert "MemoryError" in reasons["内存.txt"]


def test_a_document_that_raises_is_reported_without_workers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import pipeline

    clean = pipeline.clean

    def fail(each: Document, settings: Settings) -> object:
        if each.id == "b":
            raise MemoryError
        return clean(each, settings)

    monkeypatch.setattr(pipeline, "clean", fail)
    settings = Settings()
    results = list(extract_safely(map(document, "abc"), settings, load_tools(settings)))
    assert [each.id if isinstance(each, DocumentFacts) else each.source for each in results] == ["a", "b.txt", "c"]
