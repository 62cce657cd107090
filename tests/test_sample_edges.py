"""The script that draws edges for a person to judge: what it draws, and how it sums judgements up."""

from __future__ import annotations

import csv
import json
import runpy
from pathlib import Path

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "sample_edges.py"))
TEXTS = ("5月3日，青岚市公安局副局长李文杰主持会议。", "周海平任白鹭县水利局局长。", "白鹭县水利局印发《防汛预案》。")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    rows = [{"id": f"n{i}", "text": text, "date": "2023-05-18", "source": "a corpus"} for i, text in enumerate(TEXTS)]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_relations_share_the_edges_evenly():
    assert SCRIPT["even_shares"]({"rare": 2, "a": 50, "b": 50}, 20) == {"rare": 2, "a": 9, "b": 9}


def test_the_same_seed_draws_the_same_and_earlier_articles_can_be_left_out(news, tmp_path):
    draw = SCRIPT["draw_articles"]
    assert draw([f"{news}:2"], [], 7) == draw([f"{news}:2"], [], 7)
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "n1.json").write_text("{}", encoding="utf-8")
    assert [a["id"] for a in draw([f"{news}:2"], [tmp_path / "done"], 7)] == ["n0", "n2"]


def test_rows_name_the_edge_and_its_sentence(news):
    articles = SCRIPT["draw_articles"]([f"{news}:3"], [], 7)
    rows = SCRIPT["draw_edges"](SCRIPT["build_graph"](articles), 100, 7)
    posts = {(r["source"], r["target"], r["said"]): r["sentence"] for r in rows if r["relation"] == "holds_position"}
    assert posts["PERSON 周海平", "ORGANIZATION 白鹭县水利局", "局长"] == TEXTS[1]
    assert not any("corpus" in r["target"] for r in rows)


def judged(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, SCRIPT["COLUMNS"])
        writer.writeheader()
        for relation, confidence, verdict in rows:
            writer.writerow(dict.fromkeys(SCRIPT["COLUMNS"], "") | {
                "relation": relation, "confidence": confidence, "verdict": verdict, "in_graph": "10", "cause": "name"})
    return path


def test_a_report_counts_what_is_right_by_relation_and_by_confidence(tmp_path):
    path = judged(tmp_path / "a.csv", [("part_of", "0.95", "right"), ("part_of", "0.95", "wrong"),
                                       ("issued", "0.9", "right"), ("issued", "0.9", "disputed")])
    lines = [line.split() for line in SCRIPT["report"](SCRIPT["read_judged"](path)).splitlines()]
    assert ["part_of", "2", "1", "1", "0", "0.500"] in lines
    assert ["issued", "2", "1", "0", "1", "1.000"] in lines
    assert ["name", "1"] in lines
    assert ["0.95–1.00", "2", "0.95", "0.500", "0.500"] in lines


def test_an_empty_verdict_is_named_with_its_line(tmp_path):
    with pytest.raises(SystemExit, match=r"a\.csv:2: the verdict '' is none of right, wrong, disputed"):
        SCRIPT["read_judged"](judged(tmp_path / "a.csv", [("part_of", "0.95", "")]))
