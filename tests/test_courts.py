"""Who signs a judgment for the court."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.pipeline import build
from kg.relate.courts import RULE
from kg.settings import Settings

COURT = "永安县人民法院"
TEXT = "本院认为，被告人方某犯盗窃罪，应当依法惩处。判决如下：\n被告人方某犯盗窃罪，判处有期徒刑六个月。"


@pytest.mark.parametrize(("lines", "roles"), [
    (["审　判　长　　张建国", "人民陪审员　　李志强", "二〇二一年五月三日", "书　记　员　　王小明"],
     {("张建国", "审判长"), ("李志强", "人民陪审员"), ("王小明", "书记员")}),
    (["审判员：张建国"], {("张建国", "审判员")}),
    (["审判长张建国宣布开庭，并告知当事人诉讼权利。"], set()),
])
def test_who_signs_for_the_court_holds_a_post_there(tmp_path: Path, lines: list[str], roles: set[tuple[str, str]]
                                                    ) -> None:
    file = tmp_path / "判决书.txt"
    file.write_text("\n".join([COURT, "刑事判决书", TEXT, *lines]), encoding="utf-8")
    edges = [edge for edge in build([file], Settings(date="2021-05-03")).graph.edges if edge.rule == RULE]
    assert {(edge.source.removeprefix("PERSON:"), edge.title) for edge in edges} == roles
    assert {edge.target for edge in edges} <= {f"ORGANIZATION:{COURT}"}


def test_without_a_court_a_role_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    file.write_text("现将名单通知如下，请各单位认真组织实施，确保工作落实到位。\n审判长　张建国", encoding="utf-8")
    assert not [edge for edge in build([file], Settings(date="2021-05-03")).graph.edges if edge.rule == RULE]
