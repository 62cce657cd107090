"""Finding on the page: by pinyin, by path, by filters and through time."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph

pytestmark = pytest.mark.browser

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser, show, graph = (fixtures[name] for name in ("driver", "browser", "show", "graph"))
until = fixtures["until"]
Opener = Callable[..., Any]


def shown(page: Any) -> tuple[int, int]:
    return page.evaluate("[visible.nodes.size, visible.edges.size]")


def find(page: Any, words: str) -> list[str]:
    page.fill("#search", words)
    return [row.partition("\n")[0] for row in page.locator("#hits li").all_inner_texts()]


def drag(page: Any, slider: str, share: float) -> None:
    """Drag the knob of a slider to a share of its length, with the mouse."""
    box = page.locator(slider).bounding_box()
    value, low, high = page.evaluate("id => [+$(id).value, +$(id).min, +$(id).max]", slider[1:])
    at = (value - low) / ((high - low) or 1)
    place = [box["x"] + 8 + (box["width"] - 16) * part for part in (at, share)]
    page.mouse.move(place[0], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(place[1], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("words", ["ylsgaj", "yunlingshigonganju", "yunlsgongaj", "YLSGAJ", "yun ling shi gong an j"])
def test_names_are_found_by_pinyin_and_its_initials(show: Opener, graph: Graph, words: str) -> None:
    page = show(graph)
    found = find(page, words)
    assert found[0] == "云岭市公安局" and all("公安局" in name for name in found)
    page.keyboard.press("Enter")
    assert page.locator("#panel .title").inner_text() == "云岭市公安局"
    assert find(page, "ylsgajv") == [] and page.locator("#hits-box").inner_text() == "没有找到"


def test_an_alias_is_found_by_pinyin_too(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.fill("#search", "shigaj")
    assert "市公安局" in page.locator("#hits").inner_text()


def test_the_shortest_path_is_chosen_by_click_and_search_and_shows_its_evidence(show: Opener, graph: Graph) -> None:
    page = show(graph)
    person = next(e for e in graph.edges if e.relation == "holds_position")
    labels = {n.id: n.label for n in graph.nodes}
    find(page, labels[person.source])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="查找到另一实体的路径").click()
    assert labels[person.source] in page.locator("#route").inner_text()
    page.keyboard.type("yunlingsheng")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert panel.locator(".title").inner_text() == f"{labels[person.source]} – 云岭省"
    steps = panel.locator(".step")
    edges = page.evaluate("choice.path.edges.map(e => [e.source, e.target])")
    assert steps.count() == len(edges) >= 2 and page.locator("#route").is_hidden()
    for one, other in pairwise(edges):
        assert set(one) & set(other)
    import networkx as nx

    drawn = page.evaluate("[...visible.edges].map(id => [D.edges[id].source, D.edges[id].target])")
    ends = page.evaluate("choice.path.ends")
    assert len(edges) == nx.shortest_path_length(nx.Graph(drawn), *ends)
    assert steps.first.locator("blockquote mark").count() >= 2
    panel.get_by_role("button", name="返回").click()
    assert panel.locator(".title").inner_text() == labels[person.source]


def test_a_path_keeps_to_what_is_shown(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#relations .choice", has_text="任职").get_by_role("button").click(force=True)
    places = page.evaluate("D.nodes.filter(n => n.typeName === 'LOCATION').slice(0, 2).map(n => n.id)")
    page.evaluate(f"startRoute({places[0]})")
    page.evaluate(f"choose({{ node: {places[1]} }})")
    assert "没有路径" in page.locator("#panel").inner_text()
    page.evaluate(f"startRoute({places[0]})")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("#route").is_hidden()


def test_confidence_and_weight_are_filters(show: Opener, graph: Graph) -> None:
    page = show(graph)
    before = shown(page)[1]
    page.locator("#confidence").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    least = page.evaluate("filter.confidence")
    assert least > 0.7 and f"{least:.2f}" in page.locator("#confidence-value").inner_text()
    kept = page.evaluate("D.edges.filter(e => !e.covered && e.confidence >= filter.confidence).length")
    assert shown(page)[1] == kept < before


def test_status_is_a_filter(show: Opener, graph: Graph) -> None:
    page = show(graph)
    row = page.locator("#statuses .choice", has_text="现任")
    row.hover()
    row.get_by_role("button", name="只看 现任").click()
    assert shown(page)[1] == sum(e.status == "现任" for e in graph.edges) > 0
    page.click("#all-statuses")
    assert page.locator("#reset").is_hidden()


def test_derived_relations_can_be_hidden(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.get_by_label("推导的关系（虚线）").uncheck()
    assert page.evaluate("[...visible.edges].every(id => !D.edges[id].derived)")
    assert shown(page)[1] < sum(e.relation != "co_occurs_with" for e in graph.edges)


def test_documents_are_a_filter(show: Opener, graph: Graph) -> None:
    page = show(graph)
    row = page.locator("#document-list .choice").first
    row.hover()
    row.get_by_role("button").click()
    first = graph.documents[0].id
    assert shown(page)[0] == sum(first in n.documents or not n.documents for n in graph.nodes) < len(graph.nodes)
    assert page.evaluate("[...visible.edges].every(id => D.edges[id].documents.includes(0))")
    page.click("#all-documents")
    assert shown(page)[0] == len(graph.nodes)


def test_a_long_list_of_documents_can_be_searched(show: Opener) -> None:
    page = show(fixtures["sample_graph"](600))
    assert page.locator("#document-list .choice").count() == 40
    assert "另有" in page.locator("#document-list").inner_text()
    page.fill("#document-search", "之3）")
    assert page.locator("#document-list .choice").count() == 1


def test_both_ends_of_the_range_of_dates_can_be_dragged(show: Opener, graph: Graph) -> None:
    page = show(graph)
    days = page.evaluate("days")
    drag(page, "#date-to", 0.6)
    drag(page, "#date-from", 0.3)
    low, high = page.evaluate("[filter.from, filter.to]")
    assert days[0] < low < high < days[-1]
    assert page.locator("#date-value").inner_text() == f"{low} – {high}"
    assert page.evaluate("[...visible.nodes].every(id => { const n = D.nodes[id]; "
                         "return !n.first || (n.first <= filter.to && n.last >= filter.from); })")
    bars = page.locator("#histogram i")
    assert 0 < page.locator("#histogram i.in").count() < bars.count()
    drag(page, "#date-from", 1.0)  # no further than the other end
    assert page.evaluate("filter.from <= filter.to")


def test_months_and_ranges_count_as_long_as_they_last(show: Opener, graph: Graph) -> None:
    first = graph.edges[0]
    month = graph.model_copy(update={"edges": (first.model_copy(update={"date": "2020-02"}), *graph.edges[1:])})
    page = show(month)
    assert page.evaluate("D.edges.filter(e => e.date === '2020-02').map(e => [e.from, e.to])") == [
        ["2020-02-01", "2020-02-29"]]


def test_a_relation_without_a_day_counts_as_of_its_report(show: Opener, graph: Graph) -> None:
    undated = next(e for e in graph.edges if e.documents and not e.date and not e.derived)
    day = {d.id: d.metadata.date for d in graph.documents}[undated.documents[0]]
    edges = tuple(e.model_copy(update={"documents": ()}) if e.derived and not e.date else e for e in graph.edges)
    page = show(graph.model_copy(update={"edges": edges}))
    number = [e.id for e in sorted(edges, key=lambda e: e.relation != "co_occurs_with")].index(undated.id)
    assert page.evaluate(f"D.edges[{number}].first") == day
    lost = sum(not e.documents and not e.date for e in edges)
    assert lost and page.locator("#undated-count").inner_text() == str(lost)
    drag(page, "#date-to", 0.4)
    both = page.evaluate("[...visible.edges].filter(id => !D.edges[id].first).length")
    page.get_by_label("没有日期的关系也显示").uncheck()
    assert both and page.evaluate("[...visible.edges].every(id => D.edges[id].first)")


def test_time_plays_and_stops_at_the_end(show: Opener, graph: Graph) -> None:
    page = show(graph, reduced_motion="no-preference")
    drag(page, "#date-to", 0.9)
    before = page.evaluate("+$('date-to').value")
    page.get_by_role("button", name="播放").click()
    until(page, f"+$('date-to').value > {before}")
    until(page, "!playing && filter.to === START.to")
    assert page.get_by_role("button", name="播放").is_visible()


def test_time_goes_step_by_step_and_plays_not_where_motion_is_unwanted(show: Opener, graph: Graph) -> None:
    page = show(graph, reduced_motion="reduce")
    assert not page.locator("#play").is_visible()
    page.get_by_role("button", name="后退一步").click()
    assert page.evaluate("filter.to") == page.evaluate("days[days.length - 2]")
    page.get_by_role("button", name="前进一步").click()
    assert page.evaluate("filter.to === START.to")
    assert page.get_by_role("button", name="前进一步").is_disabled()


@pytest.mark.parametrize(("measure", "field"), [("degree", "degree"), ("rank", "rank"), ("count", "count")])
def test_size_shows_what_one_chooses(show: Opener, graph: Graph, measure: str, field: str) -> None:
    page = show(graph)
    page.select_option("#size", measure)
    assert page.evaluate(f"ranked.every((n, i) => !i || ranked[i - 1].{field} >= n.{field} - 1e-12)")
    assert page.evaluate("Math.max(...D.nodes.map(n => n.size))") == 40
    page.select_option("#size", "mixed")
    assert page.evaluate("D.nodes.every(n => n.size === n.own)")
