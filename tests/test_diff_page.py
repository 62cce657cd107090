"""The page of what changed between two builds."""

from __future__ import annotations

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.ask.diff import diff
from kg.cli import main
from kg.export import write_graph
from kg.graph import Graph
from kg.page.diff import MOST, render_diff

from .graph_fixtures import graph_of, page, sample_graph
from .test_diff import posted

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser = fixtures["driver"], fixtures["browser"]
HOSTILE = "<script>alert(1)</script>"


class Tags(HTMLParser):
    """The elements of a page, and the text of each list item by the classes of the item."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.items: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "li":
            self.items.append((dict(attrs).get("class") or "", ""))

    def handle_data(self, data: str) -> None:
        if self.items:
            state, text = self.items[-1]
            self.items[-1] = state, " ".join((text + data).split())


def both() -> tuple[Graph, Graph]:
    old = graph_of(posted("1", ("局长", "")), posted("2", ("民警", ""), person="李新"),
                   page("3", "[市局|ORGANIZATION]部署。"))
    new = graph_of(posted("1", ("局长", "原任"), ("县/局长", "")), posted("4", ("民警", ""), person="赵清"),
                   page("3", "[市局|ORGANIZATION:云岭市公安局]部署。"))
    return old, new


def test_every_kind_of_change_has_its_colour():
    found = Tags(render_diff(diff(*both())))
    said = {(state, text) for state, text in found.items}
    for state, start in (("changed", "~陈建国+东山县公安局 局长−云岭市公安局 局长"), ("new", "+赵清赵清、云岭市公安局"),
                         ("gone", "−李新李新、"), ("new", "+赵清 —任职→ 云岭市公安局"), ("gone", "−李新 —任职→"),
                         ("changed", "~ORGANIZATION云岭市公安局 + 市局 → 云岭市公安局"), ("new", "+4"), ("gone", "−2")):
        assert [text for kind, text in said if kind == state and text.startswith(start)], (state, start)
    assert "script" not in found.tags and found.tags.count("details") >= 6


def test_nothing_of_a_document_becomes_markup_and_nothing_is_loaded():
    new = graph_of(page("1", f"[{HOSTILE}|PERSON]在[云岭市公安局|ORGANIZATION]。"))
    text = render_diff(diff(Graph(), new), title=HOSTILE)
    assert HOSTILE not in text and "&lt;script&gt;" in text
    assert "default-src 'none'" in text and not re.search(r"(?:src|href)=[\"'](?!data:|#)", text)


def test_the_same_builds_give_an_empty_page_and_the_same_bytes():
    graph = sample_graph()
    assert "没有变化" in render_diff(diff(graph, graph))
    assert render_diff(diff(*both())) == render_diff(diff(*both()))


def test_a_long_list_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.page.diff.MOST", 2)
    many = page("1", "[甲县|LOCATION][乙县|LOCATION][丙县|LOCATION][丁县|LOCATION]。")
    text = render_diff(diff(Graph(), graph_of(many)))
    assert "另有 2 项" in text and MOST > 2


def test_kinds_are_listed_apart_and_a_long_one_is_folded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.page.diff.OPEN", 1)
    text = render_diff(diff(Graph(), graph_of(page("1", "[甲县|LOCATION][李新|PERSON]和[乙县|LOCATION]。"))))
    said = re.findall(r"<details( open)?>\s*<summary>(.*?) <b>(\d+)</b>", text)
    assert said[:2] == [(" open", "人物 PERSON", "1"), ("", "地点 LOCATION", "2")]


def test_the_command_writes_page_json_and_text(tmp_path: Path):
    for name, graph in zip(("old", "new"), both(), strict=True):
        write_graph(graph, tmp_path / name / "graph.json")
    ends = [str(tmp_path / "old"), str(tmp_path / "new")]
    result = CliRunner().invoke(main, ["diff", *ends, "-o", str(tmp_path / "diff.html")])
    assert result.exit_code == 0 and result.stdout.strip() == str(tmp_path / "diff.html")
    text = (tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "调任" in text and "<title>图谱变化：old → new</title>" in text
    pairs = sum(diff(*both()).cooccurrence)
    assert f"共现 <b>{pairs}</b></a>" in text and pairs > 1
    assert "moved: 陈建国" in CliRunner().invoke(main, ["diff", *ends]).stdout
    assert CliRunner().invoke(main, ["diff", *ends, "-o", str(tmp_path / "diff.txt")]).exit_code == 2


@pytest.mark.browser
def test_a_browser_shows_the_colours_and_finds_no_fault(browser: Any, tmp_path: Path):
    (tmp_path / "diff.html").write_text(render_diff(diff(*both())), encoding="utf-8")
    opened = browser.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto((tmp_path / "diff.html").as_uri())
    colours = {state: opened.evaluate(f"getComputedStyle(document.querySelector('li.{state}')).backgroundColor")
               for state in ("new", "gone", "changed")}
    axe = pytest.importorskip("axe_playwright_python")
    opened.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        found = opened.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == [], scheme
    assert len(set(colours.values())) == 3 and not faults
    opened.close()
