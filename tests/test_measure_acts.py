"""The measure of acts on marked texts: what counts as right, disputed, wrong and missed."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import measure_acts

TEXT = ("青溪县公安局召开动员会。青溪县公安局对废品站进行检查。青溪县水利局印发通知。方大年表示感谢。"
        "青溪县教育局启动应急预案。")


def place(text: str, start: int = 0) -> int:
    return TEXT.index(text, start)


def test_acts_are_told_apart_by_the_marks_of_their_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = place("青溪县公安局", 5)
    rows = [(place("召开"), "", place("青溪县公安局")), (place("进行"), "", second),
            (place("印发"), "?", place("青溪县水利局")), (place("感谢"), "", place("方大年"))]
    with gzip.open(tmp_path / "marks.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write("# marks\none\t\t\n" + "".join(f"one\t{verb}{mark}\t{name}\n" for verb, mark, name in rows))
    with gzip.open(tmp_path / "news.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": "one", "text": TEXT}, ensure_ascii=False) + "\n")
    measure_acts.main([str(tmp_path), "--marks", str(tmp_path / "marks.tsv.gz")])
    told = capsys.readouterr().out
    assert told.startswith("1 texts: 2 right, 1 disputed, 1 wrong, 1 missed\nprecision 0.667, recall 0.667\n")


def test_texts_that_are_not_there_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        measure_acts.main([str(tmp_path)])
    assert str(tmp_path) in capsys.readouterr().err
