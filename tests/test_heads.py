"""Posts that lines or sentences before tell: heads of the body spoken of, careers of the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.models import CleanDocument
from kg.pipeline import build, load_knowledge
from kg.relate.heads import read_behind_names, read_heads
from kg.relate.reporters import read_reporters
from kg.relate.rules import load_rules
from kg.resolve import resolve

from .resolve_fixtures import marked


@pytest.mark.parametrize(("text", "edges"), [
    ("[秭归县白鹭派出所|organization]接警后，[所长|title][周文澜|person]带队赶到。",
     {("周文澜", "秭归县白鹭派出所", "所长")}),
    ("[秭归县消防救援站|organization]出动，由[站长|title][周文澜|person]、[方大年|person]指挥。",
     {("周文澜", "秭归县消防救援站", "站长")}),
    ("[秭归县教育局|organization]召开会议，[副局长|title][周文澜|person]、[方大年|person]参加。",
     {("周文澜", "秭归县教育局", "副局长"), ("方大年", "秭归县教育局", "副局长")}),
    ("[秭归县交警大队|organization]设卡。[大队长|title][周文澜|person]带队。",
     {("周文澜", "秭归县交警大队", "大队长")}),
    ("[秭归县交警大队|organization]和[秭归县公安局|organization]设卡。[大队长|title][周文澜|person]带队。", set()),
    ("[秭归县教育局|organization]走访[秭归县医院|organization]，[局长|title][周文澜|person]陪同。", set()),
    ("在[秭归县人民医院|organization]，[主治医师|title][周文澜|person]正在查房。",
     {("周文澜", "秭归县人民医院", "主治医师")}),
    ("[秭归县教育局|organization]召开会议，[校长|title][周文澜|person]参加。", set()),
    ("[秭归县教育局|organization]和[方大年|person]座谈，[局长|title][周文澜|person]参加。", set()),
    ("[秭归县教育局|organization]的[局长|title][周文澜|person]参加。", set()),
])
def test_a_bare_title_is_of_the_body_spoken_of(text: str, edges: set[tuple[str, str, str]]) -> None:
    clean: CleanDocument
    clean, sentences = marked([text])
    document = resolve(clean, sentences, load_knowledge())
    names = {entity.id: entity.name for entity in document.entities}
    found = {(names[r.head], names[r.tail], dict(r.attributes)["title"])
             for r in read_heads(document, load_rules().words.heads, set())}
    assert found == edges


@pytest.mark.parametrize(("texts", "names"), [
    (["[全国人大常委会|organization]闭幕。", "[方大年|person][委员长|title]主持会议。"], {"方大年"}),
    (["[方大年|person][委员长|title]主持会议。", "[全国人大常委会|organization]闭幕。"], set()),
    (["[全国人大|organization]闭幕。", "[方大年|person]和[委员长|title]主持会议。"], set()),
    (["[全国人大常委会|organization]闭幕。", "[方大年|person][局长|title]到会。"], set()),
    (["[全国政协|organization]开会。", "[方大年|person][委员|title]发言说，要多种树。"], {"方大年"}),
    (["[秭归县教育局|organization]开会。", "[方大年|person][委员|title]发言说，要多种树。"], set()),
])
def test_a_title_behind_a_name_is_of_the_only_bodies_that_have_it(texts: list[str], names: set[str]) -> None:
    clean, sentences = marked(texts)
    document = resolve(clean, sentences, load_knowledge())
    assert {r.head for r in read_behind_names(document, load_rules().words.behind_names, set())} == {
        f"PERSON:{name}" for name in names}


def test_who_has_a_post_gets_no_other() -> None:
    clean, sentences = marked(["[秭归县教育局|organization]召开会议，[局长|title][周文澜|person]参加。"])
    document = resolve(clean, sentences, load_knowledge())
    assert not list(read_heads(document, load_rules().words.heads, {"PERSON:周文澜"}))


def test_a_career_goes_on_behind_headings_and_verbs_of_office(tmp_path: Path) -> None:
    file = tmp_path / "简历.txt"
    file.write_text("周文澜，男，汉族，1971年11月生，秭归县人，1993年7月参加工作。\n现任秭归县水利局局长。\n工作经历\n"
                    "1993.07—1998.03  秭归县农业局副局长\n1998.03—2003.05  秭归县茅坪镇党委书记\n", encoding="utf-8")
    edges = build([file]).graph.edges
    assert {(e.source, e.target) for e in edges if e.relation == "holds_position"} == {
        ("PERSON:周文澜", "ORGANIZATION:秭归县水利局"), ("PERSON:周文澜", "ORGANIZATION:秭归县农业局"),
        ("PERSON:周文澜", "ORGANIZATION:秭归县茅坪镇党委")}


def test_leaders_hold_the_posts_of_the_line_behind_their_names(tmp_path: Path) -> None:
    file = tmp_path / "领导.txt"
    file.write_text("秭归县公安局领导班子成员\n姓 名：周文澜\n职 务：秭归县公安局党委书记、局长\n分 工：主持全面工作\n"
                    "姓 名：方大年\n职 务：副局长\n", encoding="utf-8")
    edges = build([file]).graph.edges
    assert {e.title for e in edges if e.relation == "holds_position" and e.source == "PERSON:周文澜"} >= {"局长"}
    assert not [e for e in edges if e.relation == "holds_position" and e.source == "PERSON:方大年"]


@pytest.mark.parametrize(("end", "names"), [
    ("油价上涨。（执笔[记者|title]：[周文澜|person]；参与[记者|title]：[方大年|person]）", {"周文澜", "方大年"}),
    ("油价上涨。（[记者|title] [周文澜|person] [通讯员|title] [方大年|person]）", {"周文澜"}),
    ("油价上涨。（[山河日报|organization][记者|title] [周文澜|person]）", set()),
    ("油价上涨，[记者|title][周文澜|person]说。", set()),
])
def test_reporters_at_the_end_are_of_the_outlet_in_the_dateline(end: str, names: set[str]) -> None:
    clean, sentences = marked(["[白石通讯社|dateline]宜昌11月24日电", end])
    document = resolve(clean, sentences, load_knowledge())
    found = {(r.head, r.tail) for r in read_reporters(document, set())}
    assert found == {(f"PERSON:{name}", "ORGANIZATION:白石通讯社") for name in names}
    clean, sentences = marked(["[白石通讯社|organization]回应说，网站已停用。", end])
    assert not list(read_reporters(resolve(clean, sentences, load_knowledge()), set()))


@pytest.mark.parametrize(("told", "outlets"), [
    (["[卢平|person]对《[山河日报|organization]》[记者|title]表示，油价会涨。"], {"ORGANIZATION:山河日报"}),
    (["[卢平|person]告诉[山河日报|organization][记者|title]，油价会涨。",
      "“会跌。”[蓝天|person]对[白石社|organization][记者|title]说。"], set()),
    (["[山河日报|organization][记者|title]昨天被打。"], set()),
])
def test_reporters_at_the_end_are_of_the_outlet_to_which_people_speak(told: list[str], outlets: set[str]) -> None:
    clean, sentences = marked([*told, "油价上涨。（[记者|title] [周文澜|person]）", "分享让更多人看到"])
    document = resolve(clean, sentences, load_knowledge())
    assert {r.tail for r in read_reporters(document, set())} == outlets
