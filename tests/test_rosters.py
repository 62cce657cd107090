"""Rosters: who has which role in a body that was set up a few lines above."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KnowledgeError
from kg.knowledge.rosters import load_rosters
from kg.pipeline import build
from kg.relate.rosters import RULE
from kg.settings import Settings

SET_UP = "因人事变动，经研究决定，调整永安县防汛抗旱指挥部组成人员，现将调整后的名单通知如下："
BODY = "永安县防汛抗旱指挥部"


@pytest.mark.parametrize(("lines", "roles"), [
    (["指 挥 长：张建国　县委常委、常务副县长", "副指挥长：李志强　县水利局局长", "　　　　　王小明　县气象局局长"],
     {("张建国", "指挥长"), ("李志强", "副指挥长"), ("王小明", "副指挥长")}),
    (["成　　员：陈晓东、周立平"], {("陈晓东", "成员"), ("周立平", "成员")}),
    (["成　　员：县水利局、县气象局"], set()),
    (["各单位要高度重视，认真落实防汛责任制，确保安全度汛。", "李志强　县水利局局长"], set()),
    (["指挥长：张建国", "指挥部要求各单位认真落实防汛责任制，确保安全度汛。", "王小明　县气象局局长"],
     {("张建国", "指挥长")}),
])
def test_members_have_the_role_before_them(tmp_path: Path, lines: list[str], roles: set[tuple[str, str]]) -> None:
    file = tmp_path / "通知.txt"
    file.write_text("\n".join([SET_UP, *lines]), encoding="utf-8")
    edges = [edge for edge in build([file], Settings(date="2024-05-01")).graph.edges if edge.rule == RULE]
    assert {(edge.source.removeprefix("PERSON:"), edge.title) for edge in edges} == roles
    assert {edge.target for edge in edges} <= {f"ORGANIZATION:{BODY}"}
    assert {"".join(edge.best_sentence.split()) for edge in edges} <= {"".join(line.split()) for line in lines}


def test_without_a_body_a_role_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "名单.txt"
    text = "现将名单通知如下，请各单位认真组织实施，确保工作落实到位。\n组长：张建国\n成员：李志强"
    file.write_text(text, encoding="utf-8")
    assert not [edge for edge in build([file]).graph.edges if edge.rule == RULE]


def test_faults_of_the_word_file_are_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "rosters.yaml"
    file.write_text("lines: [组长, 成员]\nread: [组长]\nheads: [局长]\nbodies: [a]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as fault:
        load_rosters(file)
    told = [line.rpartition("rosters.yaml:")[2] for line in str(fault.value).splitlines()]
    assert {"3", "4"} <= {line[:1] for line in told}


def test_a_role_is_kept_by_cleaning_or_only_read() -> None:
    words = load_rosters()
    assert not set(words.lines) & set(words.read)
    assert {"组长", "成员"} <= set(words.lines)
