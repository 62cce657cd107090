"""Large graphs: sigma takes over the same page, and where there is no WebGL the backbone does."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.page.layout import lay_out

pytestmark = pytest.mark.browser

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser = fixtures["driver"], fixtures["browser"]
browser_with_webgl = fixtures["browser_with_webgl"]
show, show_with_webgl = fixtures["show"], fixtures["show_with_webgl"]
until = fixtures["until"]
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def large() -> Graph:
    return lay_out(fixtures["sample_graph"](2400))


def press(page: Any, id_: int, button: str = "click") -> None:
    box, at = page.locator("#canvas").bounding_box(), page.evaluate(f"surface.toScreen(D.nodes[{id_}])")
    getattr(page.mouse, button)(box["x"] + at["x"], box["y"] + at["y"])


def pixels(page: Any) -> int:
    """How many pixels of the drawing of nodes, just now, are not empty."""
    return page.evaluate("""() => { surface.sigma.refresh();
        const from = surface.sigma.getCanvases().nodes, canvas = document.createElement('canvas');
        Object.assign(canvas, { width: from.width, height: from.height });
        const context = canvas.getContext('2d'); context.drawImage(from, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((v, i) => i % 4 === 3 && v).length; }""")


def test_sigma_draws_all_of_a_large_graph(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    assert page.evaluate("surface.constructor.name") == "SigmaSurface"
    assert page.evaluate("visible.nodes.size") == len(large.nodes) > 1500
    assert page.locator("#rest").is_hidden() and "全部" in page.locator("#shown").inner_text()
    assert pixels(page) > 20_000


def test_the_same_panel_and_controls_work_on_it(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    page.evaluate("surface.moveTo(ranked[0], 1.2, undefined, true)")
    page.wait_for_timeout(200)
    press(page, page.evaluate("ranked[0].id"))
    until(page, "!$('panel').hidden")
    assert page.locator("#panel .title").inner_text() == page.evaluate("ranked[0].label")
    assert page.evaluate("placement.names.length") > 5
    page.click("#scope [data-hops='1']")
    assert 1 < page.evaluate("visible.nodes.size") < 200
    page.keyboard.press("Escape")
    before = pixels(page)
    page.locator("#types .choice", has_text="行动").locator("input").uncheck()
    assert page.evaluate("visible.nodes.size") == sum(n.type != "ACTION" for n in large.nodes)
    assert pixels(page) < before
    page.fill("#search", "ylsgaj")
    page.keyboard.press("Enter")
    assert page.locator("#panel .title").inner_text() == "云岭市公安局"


def test_a_click_on_a_line_and_on_nothing(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    edge = page.evaluate("""() => {
        const edge = D.edges.find(e => { const a = D.nodes[e.source], b = D.nodes[e.target];
            const x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
            return visible.edges.has(e.id) && !e.bend && Math.hypot(a.x - b.x, a.y - b.y) > 110
                && D.nodes.every(n => Math.hypot(n.x - x, n.y - y) > n.size + 14); });
        const a = D.nodes[edge.source], b = D.nodes[edge.target];
        surface.moveTo({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, 3, undefined, true); return edge.id; }""")
    page.wait_for_timeout(300)
    box = page.locator("#canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, "choice.edge !== null")
    assert page.evaluate("choice.edge") == edge
    page.evaluate("surface.moveTo({ x: 1e6, y: 1e6 }, 1, undefined, true)")
    page.wait_for_timeout(600)  # sooner, it would be a double click
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    until(page, "$('panel').hidden")


def test_positions_are_those_of_the_layout_and_the_wheel_zooms(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    apart = page.evaluate("""() => {
        const [a, b] = [ranked[0], ranked[9]], p = surface.toScreen(a), q = surface.toScreen(b);
        return Math.hypot(p.x - q.x, p.y - q.y) / Math.hypot(a.x - b.x, a.y - b.y) / surface.scale(); }""")
    assert apart == pytest.approx(1, abs=1e-3)
    before = page.evaluate("surface.scale()")
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -400)
    until(page, f"surface.scale() > {before} * 1.1")


def test_dark_recolours_the_lines(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    before = page.evaluate("surface.graph.getEdgeAttribute(D.edges.length - 1, 'color')")
    page.click("#theme")
    assert page.evaluate("surface.graph.getEdgeAttribute(D.edges.length - 1, 'color')") != before


def test_a_picture_of_it_can_be_saved(show_with_webgl: Opener, large: Graph) -> None:
    page = show_with_webgl(large)
    page.click("#export")
    with page.expect_download() as download:
        page.click("#png")
    assert len(Path(download.value.path()).read_bytes()) > 100_000


def test_without_webgl_the_backbone_is_drawn_and_the_page_says_so(show: Opener, large: Graph) -> None:
    page = show(large)
    assert page.evaluate("surface.constructor.name") == "VisSurface"
    said = page.locator("#shown").inner_text()
    assert "WebGL" in said and f"1,500 / {len(large.nodes):,}" in said
    assert page.evaluate("visible.nodes.size") == 1500
    page.click("#rest")
    assert "kg view" in page.locator("#said").inner_text()


def test_what_isnt_drawn_is_found_all_the_same(show: Opener, large: Graph) -> None:
    page = show(large)
    left = page.evaluate("D.nodes.findIndex(n => !n.drawn && n.edges.length"
                         " && D.nodes.every(m => m === n || !m.label.includes(n.label)))")
    page.fill("#search", large.nodes[left].label)
    page.locator(f"#hits [data-node='{left}']").click()
    panel = page.locator("#panel")
    assert panel.locator(".title").inner_text() == large.nodes[left].label
    assert "不在当前图中" in panel.inner_text()
    panel.locator(".count").first.click()
    assert panel.locator(".proof").count() >= 1


def test_a_page_of_a_part_says_of_how_much(show: Opener, large: Graph) -> None:
    part = large.model_copy(update={"nodes": large.nodes[:40], "edges": ()})
    page = show(part, options={"whole": large})
    assert f"40 / {len(large.nodes):,}" in page.locator("#shown").inner_text()
    assert page.locator("#rest").is_visible()


def test_where_webgl_is_slow_the_backbone_comes_first_and_all_on_demand(show_with_webgl: Opener) -> None:
    """The browser of the tests draws by WebGL in software."""
    page = show_with_webgl(lay_out(fixtures["sample_graph"](3700)))
    total, lines = page.evaluate("[D.nodes.length, D.edges.length]")
    assert total + lines > page.evaluate("SLOW_MOST")
    assert page.evaluate("[surface.constructor.name, visible.nodes.size]") == ["VisSurface", 1500]
    assert "没有图形加速" in page.locator("#shown").inner_text()
    page.fill("#search", "ylsgaj")
    page.keyboard.press("Enter")
    at_backbone = page.evaluate("(recordNow(), location.hash)")
    page.click("#draw-all")
    until(page, "surface.constructor.name === 'SigmaSurface'")
    assert page.evaluate("visible.nodes.size") == total and page.locator("#draw-all").is_hidden()
    assert "全部" in page.locator("#shown").inner_text() and pixels(page) > 20_000
    assert page.locator("#panel .title").inner_text() == "云岭市公安局"
    # places of the backbone are others: a link from it restores the choice, and the view fits all
    page.evaluate(f"(history.replaceState(null, '', {at_backbone!r}), restore())")
    assert page.locator("#panel .title").inner_text() == "云岭市公安局"
    assert page.evaluate("visible.nodes.size") == total


#: Shows one line alone, and tells of how many of `count` points in its middle something is drawn, as true and false.
DRAWN_AT = """(choose, count) => {
    const ends = e => [D.nodes[e.source], D.nodes[e.target]];
    const length = e => Math.hypot(ends(e)[0].x - ends(e)[1].x, ends(e)[0].y - ends(e)[1].y);
    const edge = D.edges.find(e => visible.edges.has(e.id) && length(e) > 90 && choose(e)), [a, b] = ends(edge);
    surface.moveTo({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, 400 / length(edge), undefined, true);
    visible.edges.clear();
    visible.edges.add(edge.id);
    surface.sigma.refresh();
    const { edges: from } = surface.sigma.getCanvases(), ratio = from.width / $('canvas').clientWidth;
    const context = el('canvas', { width: from.width, height: from.height })
        .getContext('2d', { willReadFrequently: true });
    context.drawImage(from, 0, 0);
    const line = vector('path', { d: course(edge, surface.scale()).path }), whole = line.getTotalLength();
    return Array.from({ length: count }, (_, i) => line.getPointAtLength(whole * (0.4 + i * 0.2 / count)))
        .map(p => context.getImageData(p.x * ratio - 1, p.y * ratio - 1, 2, 2).data)
        .map(data => data.some((v, i) => i % 4 === 3 && v > 60));
}"""


@pytest.mark.parametrize("line", ["!e.bend && !e.derived", "e.bend > 0 && !e.derived", "e.bend < 0 && !e.derived"])
def test_lines_lie_where_the_picture_above_draws_them(show_with_webgl: Opener, line: str) -> None:
    page = show_with_webgl(lay_out(fixtures["sample_graph"](1700)))
    assert page.evaluate(f"({DRAWN_AT})(e => {line}, 6)") == [True] * 6


def test_derived_lines_are_dashed(show_with_webgl: Opener) -> None:
    page = show_with_webgl(lay_out(fixtures["sample_graph"](1700)))
    there = page.evaluate(f"({DRAWN_AT})(e => e.derived && !e.bend, 90)")
    assert sum(now != before for before, now in pairwise(there)) >= 6  # drawn, not drawn, drawn …
