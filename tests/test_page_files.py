"""Taking things along from the page: pictures, tables, and a link that restores what one sees."""

from __future__ import annotations

import csv
import io
import runpy
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kg.graph import Graph

pytestmark = pytest.mark.browser

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser, show, graph = (fixtures[name] for name in ("driver", "browser", "show", "graph"))
until = fixtures["until"]
Opener = Callable[..., Any]

SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Any, what: str) -> tuple[str, bytes]:
    """Name and content of what a click on an entry of the menu saves."""
    page.click("#export")
    with page.expect_download() as download:
        page.click(f"#{what}")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content  # as spreadsheets expect it
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_view_as_png_is_twice_as_sharp_as_the_screen(show: Opener, graph: Graph) -> None:
    page = show(graph)
    name, content = saved(page, "png")
    width, height = struct.unpack(">II", content[16:24])
    box = page.locator("#canvas").bounding_box()
    assert name == "云岭省的报道.png" and content.startswith(b"\x89PNG") and len(content) > 20_000
    assert (width, height) == (2 * int(box["width"]), 2 * int(box["height"]))


def test_the_view_as_svg_holds_nodes_lines_and_names(show: Opener, graph: Graph) -> None:
    page = show(graph)
    name, content = saved(page, "svg")
    picture = ElementTree.fromstring(content)
    assert name == "云岭省的报道.svg" and picture.find(f"{SVG}title").text == "云岭省的报道"
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert words == page.evaluate("placement.names.map(n => n.words)") and len(words) > 10
    assert len(list(picture.iter(f"{SVG}path"))) >= len(graph.nodes) + page.evaluate("visible.edges.size")


def test_the_svg_of_hostile_names_is_xml_without_anything_that_runs(show: Opener) -> None:
    page = show(fixtures["hostile_graph"](*fixtures["HOSTILE"]))
    page.evaluate("choose({ node: 0 })")
    _, content = saved(page, "svg")
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(content).iter()}
    assert tags <= {"svg", "title", "rect", "path", "text"}


def test_the_tables_hold_what_is_shown(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#types .choice", has_text="人物").locator("input").uncheck()
    name, content = saved(page, "csv-nodes")
    table = rows(content)
    assert name == "云岭省的报道 - 实体.csv" and table[0][:3] == ["名称", "类型", "别名"]
    assert sorted(row[0] for row in table[1:]) == sorted(n.label for n in graph.nodes if n.type != "PERSON")
    _, content = saved(page, "csv-edges")
    table = rows(content)
    labels = {n.label for n in graph.nodes if n.type != "PERSON"}
    assert len(table) == 1 + page.evaluate("visible.edges.size")
    assert all(row[0] in labels and row[2] in labels and row[10].startswith("据了解，") for row in table[1:])


def test_no_cell_of_a_table_is_a_formula(show: Opener) -> None:
    texts = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1＋1", 'a"b,c', "普通"]
    page = show(fixtures["hostile_graph"](*texts))
    for what in ("csv-nodes", "csv-edges"):
        _, content = saved(page, what)
        table = rows(content)
        cells = [cell for row in table for cell in row]
        assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠") and cell.strip()]
        assert 'a"b,c' in cells and "'=1+1" in cells and "普通" in cells


def look(page: Any) -> dict[str, Any]:
    return page.evaluate("""() => ({ nodes: [...visible.nodes], edges: [...visible.edges], node: choice.node,
        edge: choice.edge, path: choice.path && choice.path.ends, size: filter.size,
        hops: filter.focus ? filter.hops : 0, scale: +surface.scale().toPrecision(3),
        x: Math.round(surface.centre().x / 5), panel: $('panel').innerText })""")


def test_a_link_restores_filters_choice_and_view(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#types .choice", has_text="日期").locator("input").uncheck()
    page.get_by_label("推导的关系（虚线）").uncheck()
    page.select_option("#size", "rank")
    page.evaluate("() => { const s = $('date-to'); s.value = 4; s.dispatchEvent(new Event('input')) }")
    page.locator("#document-list .choice input").first.uncheck()
    page.locator("#main button").first.click()
    page.click("#scope [data-hops='2']")
    page.keyboard.press("Tab")
    page.locator("#canvas").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    until(page, "location.hash.includes('documents')")
    page.wait_for_timeout(400)
    before, anchor = look(page), page.evaluate("location.hash")
    again = show(graph, anchor=anchor)
    assert look(again) == before
    assert again.evaluate("$('size').value") == "rank" and not again.get_by_label("推导的关系（虚线）").is_checked()


@pytest.mark.parametrize("what", ["{ edge: 5 }", "path"])
def test_a_link_restores_an_edge_or_a_path(show: Opener, graph: Graph, what: str) -> None:
    page = show(graph)
    page.click("#fit")
    if what == "path":
        ends = page.evaluate("[ranked[0].id, ranked[3].id]")
        page.evaluate(f"(startRoute({ends[0]}), choose({{ node: {ends[1]} }}))")
    else:
        page.evaluate(f"choose({what})")
    page.evaluate("recordNow()")
    before, anchor = look(page), page.evaluate("location.hash")
    assert look(show(graph, anchor=anchor)) == before


def test_a_link_to_another_graph_restores_what_it_can(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#main button").nth(2).click()
    label = page.locator("#panel .title").inner_text()
    page.evaluate("recordNow()")
    other = graph.model_copy(update={"nodes": (graph.nodes[0].model_copy(update={"id": "A", "label": "又一处"}),
                                               *graph.nodes)})
    again = show(other, anchor=page.evaluate("location.hash"))
    assert again.locator("#panel .title").inner_text() == label
    assert "另一版图谱" in again.locator("#said").inner_text()


@pytest.mark.parametrize("anchor", ["#v=1", "#v=a,b,c&n=x", "#v=1,2,3&e=99999&types=<b>&h=x&from=&p=|", "#%%%",
                                    "#v=0,0,0"])
def test_a_broken_link_does_no_harm(show: Opener, graph: Graph, anchor: str) -> None:
    page = show(graph, anchor=anchor)
    assert page.evaluate("visible.nodes.size") == len(graph.nodes)


def test_the_link_is_copied(show: Opener, graph: Graph) -> None:
    page = show(graph, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#main button").first.click()
    page.click("#export")
    page.click("#link")
    until(page, "!$('said').hidden")
    assert page.evaluate("location.hash").startswith("#g=")
    assert "链接" in page.locator("#said").inner_text()
