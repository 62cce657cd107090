"""Parties: who heads the body that a decision is addressed to, and where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KnowledgeError
from kg.knowledge.parties import load_parties
from kg.pipeline import build
from kg.relate.parties import RULE
from kg.settings import Settings

PARTY = "当事人：青溪县顺达塑料有限公司"
TOLD = "我局于2021年6月3日对你公司进行了调查，发现你公司擅自投产一条塑料颗粒生产线。"
COMPANY = "ORGANIZATION:青溪县顺达塑料有限公司"


@pytest.mark.parametrize(("lines", "edges"), [
    ([PARTY, "统一社会信用代码：9145", "法定代表人（负责人）：莫永强", "地址：青溪县白鹭镇", TOLD],
     {("PERSON:莫永强", "holds_position", COMPANY, "法定代表人"), (COMPANY, "located_in", "LOCATION:白鹭镇", "")}),
    ([PARTY + "　住所：青溪县白鹭镇", "法定代表人：莫永强 职务：总经理", TOLD],
     {("PERSON:莫永强", "holds_position", COMPANY, "法定代表人"), (COMPANY, "located_in", "LOCATION:白鹭镇", "")}),
    ([PARTY, TOLD, "法定代表人：莫永强"], set()),
    (["法定代表人：莫永强", TOLD], set()),
    (["当事人：莫永强", "工作单位：青溪县顺达塑料有限公司", "住址：青溪县白鹭镇", TOLD], set()),
])
def test_lines_behind_a_party_say_more_of_it(tmp_path: Path, lines: list[str], edges: set[tuple[str, ...]]) -> None:
    file = tmp_path / "决定.txt"
    file.write_text("\n".join(["行政处罚决定书", *lines]), encoding="utf-8")
    graph = build([file], Settings(date="2021-07-01")).graph
    found = {(e.source, e.relation, e.target.partition("@")[0], e.title) for e in graph.edges if e.rule == RULE}
    assert found == edges


def test_faults_of_the_labels_are_told(tmp_path: Path) -> None:
    file = tmp_path / "parties.yaml"
    file.write_text("open: [当事人]\nposts: [a]\nplaces: [地址]\nmore: []\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as fault:
        load_parties(file)
    assert ":2" in str(fault.value)
