"""Dates and their EDTF values: cases as data, and what must hold of any text."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KnowledgeError
from kg.mentions.date_points import compile_grammar
from kg.mentions.dates import DateReader, DateSpan, find_dates, read_dates

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "dates.yaml").read_text(encoding="utf-8"))
FOUND = [tuple(part.strip() for part in line.split("|")) for line in CASES["find"].splitlines()]
NOTHING = CASES["nothing"].splitlines()
MOMENT = r"(?:\d{4}|XXXX)(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
EDTF = re.compile(rf"{MOMENT}|{MOMENT}/{MOMENT}|{MOMENT}/\.\.|\.\./{MOMENT}")
CHARACTERS = "年月日号时分至到—-、.0123456789１２一二十〇自从截起前后当同次昨今明上下旬季度《》（）“”案内龄，。 "
WORDS = ["以来", "截至", "2020年", "1月", "27日", "今年", "昨日", "当天", "次日", "上周五", "四季度", "2022-09-13"]
PIECES = st.sampled_from([*CHARACTERS, *WORDS])
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join))
REFERENCES = st.sampled_from(["", "2020-02-29", "2019-12-31", "2021-01-01T08:00", "2020-13-45", "date", "9999-12-31"])


def test_there_are_enough_cases() -> None:
    assert len(FOUND) >= 120
    assert len(NOTHING) >= 40


@pytest.mark.parametrize(("reference", "text", "expected"), FOUND, ids=[case[1] for case in FOUND])
def test_find(reference: str, text: str, expected: str) -> None:
    found = " ; ".join(f"{span.text} = {span.value}" for span in find_dates(text, reference.strip("'")))
    assert found == expected


@pytest.mark.parametrize("text", NOTHING)
def test_no_date(text: str) -> None:
    assert find_dates(text, "2020-02-04") == []


@pytest.mark.parametrize("document", CASES["documents"])
def test_a_document_is_read_in_order(document: dict[str, list[str]]) -> None:
    found = read_dates(document["sentences"], str(document["reference"]))
    assert [[span.value for span in spans] for spans in found] == document["values"]


def test_the_core_leaves_out_the_markers() -> None:
    [span] = find_dates("村里从1月21日起停课", "2020-02-04")
    assert (span.text, span.kind) == ("从1月21日起", "since")
    assert "村里从1月21日起停课"[span.core_start:span.core_end] == "1月21日"


@pytest.mark.parametrize(("context", "value"), [
    ("2019-05-30", "2019-05-31"), ("2019-05", None), ("../2019-05-30", "2019-05-31"),
    ("2019-01-01/2019-02-03", "2019-02-04"), ("2019-05-30/..", "2019-05-31"), ("", None), ("nonsense", None),
    ("XXXX-02-28", "XXXX-03-01")])
def test_context_is_the_date_named_before(context: str, value: str | None) -> None:
    found = [span.value for span in find_dates("次日，他离开。", "", context)]
    assert found == ([value] if value else [])


def test_a_full_date_is_surer_than_a_bare_day() -> None:
    full, bare = find_dates("2020年1月27日开工，28日停工", "2020-02-04")
    assert full.confidence > bare.confidence


@settings(max_examples=300, deadline=None)
@given(TEXTS, REFERENCES, st.sampled_from(["", "2020-01-31", "XXXX-02-29", "2020", "9999-12-31"]))
def test_any_text_gives_sound_spans(text: str, reference: str, context: str) -> None:
    spans = find_dates(text, reference, context)
    assert spans == find_dates(text, reference, context)
    end = 0
    for span in spans:
        assert end <= span.start <= span.core_start < span.core_end <= span.end
        assert text[span.start:span.end] == span.text
        assert EDTF.fullmatch(span.value), span
        assert 0 < span.confidence <= 1
        assert _ordered(span), span
        end = span.end


@given(st.lists(TEXTS, max_size=6), REFERENCES)
def test_reading_goes_sentence_by_sentence(sentences: list[str], reference: str) -> None:
    reader = DateReader(reference)
    assert read_dates(sentences, reference) == [reader.read(sentence) for sentence in sentences]


def _ordered(span: DateSpan) -> bool:
    low, _, high = span.value.partition("/")
    return ".." in span.value or not high or low <= high or low.startswith(high)


def test_every_fault_of_the_vocabulary_is_told() -> None:
    text = "words:\n  - {word: 今天, unit: hour, from: reference, offset: 0}\nrefuse: {any_after: '('}\nmarkers: {}\n"
    with pytest.raises(KnowledgeError) as error:
        compile_grammar(text)
    faults = str(error.value)
    assert "dates.yaml:2: 今天: unit must be" in faults
    assert "section dayparts is missing" in faults
    assert "refuse.any_after: " in faults
    assert "markers has no since_after" in faults


@pytest.mark.shared
def test_gold_dates_are_found(shared: Path) -> None:
    """Every certain DATE of the gold files has its value among those found (seeds are read unrepaired)."""
    missed, total = [], 0
    for path in sorted([*shared.glob("data/gold/*.json"), *shared.glob("data/gold_news/*.json")]):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = path.with_suffix(".txt")
        text = (source if source.exists() else shared / "seeds" / f"{gold['doc']}.txt").read_text(encoding="utf-8")
        text = re.sub(r"([\u4e00-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]+\)", r"\1", text)
        found = read_dates(re.split(r"(?<=[。！？\n])", text), gold["reference_date"] or "")
        values = {span.value for spans in found for span in spans}
        for entity in gold["entities"]:
            if entity["type"] == "DATE" and not entity["uncertain"]:
                total += 1
                if not values & {entity["name"], *entity.get("also_accept", [])}:
                    missed.append((path.name, entity["name"]))
    assert total >= 40
    assert len(missed) <= 0.05 * total, missed


@pytest.mark.shared
def test_news_keeps_near_its_date(shared: Path) -> None:
    """Nearly all day dates of daily news lie within a year before and a month after the broadcast."""
    far = total = 0
    with gzip.open(shared / "data/news/cctv.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line, _ in zip(lines, range(300), strict=False):
            article = json.loads(line)
            for spans in read_dates(re.split(r"(?<=[。！？\n])", article["text"]), article["date"]):
                days = [span.value for span in spans if span.kind == "day" and span.confidence < 0.99]
                total += len(days)
                far += sum(not -366 < _days(day, article["date"]) < 40 for day in days)
    assert total > 500
    assert far / total < 0.03


def _days(day: str, reference: str) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(reference)).days
