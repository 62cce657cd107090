"""The page for everybody: by keyboard alone, with a screen reader, on a phone, in two languages, without motion."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph

pytestmark = pytest.mark.browser

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser, show, graph = (fixtures[name] for name in ("driver", "browser", "show", "graph"))
until = fixtures["until"]
Opener = Callable[..., Any]

STATES: dict[str, Callable[[Any], None]] = {
    "at first": lambda page: None,
    "a node": lambda page: page.evaluate("choose({ node: ranked[0].id })"),
    "an edge": lambda page: page.evaluate("choose({ edge: D.edges.find(e => e.title).id })"),
    "a path": lambda page: page.evaluate("(startRoute(ranked[0].id), choose({ node: ranked[9].id }))"),
    "a document": lambda page: page.evaluate("openReader(0, [0, 20])"),
    "search": lambda page: page.fill("#search", "公安"),
    "the menu": lambda page: page.click("#export"),
}


def violations(page: Any) -> list[str]:
    """What axe-core finds, serious or critical, with the elements."""
    axe = pytest.importorskip("axe_playwright_python")
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found
            if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(show: Opener, graph: Graph, scheme: str, state: str) -> None:
    page = show(graph, color_scheme=scheme)
    STATES[state](page)
    page.wait_for_timeout(150)
    assert violations(page) == []


def test_axe_finds_nothing_serious_on_a_phone_in_english(show: Opener, graph: Graph) -> None:
    page = show(graph, width=390, height=844, locale="en-GB")
    page.click("#open-filters")
    page.wait_for_timeout(300)
    assert violations(page) == []


def name_of(page: Any) -> str:
    return page.evaluate("(e => e.getAttribute('aria-label') || e.title || (e.labels && e.labels[0] "
                         "? e.labels[0].textContent : '') || e.textContent.trim())(document.activeElement)")


def test_every_control_has_a_name_and_can_be_reached_by_tab(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.evaluate("choose({ node: ranked[0].id })")
    controls = page.evaluate("[...document.querySelectorAll('button, input, select, summary, [tabindex=\"0\"]')]"
                             ".filter(e => e.checkVisibility() && !e.disabled).length")
    reached = []
    for _ in range(controls + 3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        reached.append(name_of(page) or page.evaluate("'nameless: ' + document.activeElement.outerHTML"))
    assert len(reached) >= controls and not [name for name in reached if name.startswith("nameless")]


def test_from_search_to_evidence_to_text_and_back_without_a_mouse(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.keyboard.press("/")
    page.keyboard.type("ylsgaj")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "云岭市公安局"  # the title of the panel
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "count":
            break
    page.keyboard.press("Enter")
    assert page.locator("#panel .proof").count() >= 1
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "document":
            break
    page.keyboard.press("Enter")
    until(page, "$('reader').open && !!document.querySelector('#reader .mention')")
    page.keyboard.press("Escape")
    assert page.locator("#reader").is_hidden() and page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden() and page.evaluate("document.activeElement.id") == "canvas"


def test_the_canvas_moves_by_keys(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#canvas").focus()
    where = "[surface.centre().x, surface.centre().y, surface.scale()]"
    x, y, scale = page.evaluate(where)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    right, low, near = page.evaluate(where)
    assert right > x and low > y and near == pytest.approx(1.25 * scale)
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert page.evaluate(where) == pytest.approx([x, y, scale], abs=0.5)


def test_nodes_are_chosen_and_followed_by_keys(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#canvas").focus()
    page.keyboard.press("Enter")
    first = page.evaluate("choice.node")
    assert first is not None and page.locator("#panel .title").inner_text() == graph.nodes[first].label
    seen = {first}
    for way in ("Left", "Right", "Up", "Down"):
        before, x, y = page.evaluate("[choice.node, D.nodes[choice.node].x, D.nodes[choice.node].y]")
        page.keyboard.press(f"Shift+Arrow{way}")
        after, *to = page.evaluate("[choice.node, D.nodes[choice.node].x, D.nodes[choice.node].y]")
        axis = way in ("Up", "Down")
        seen.add(after)
        if after != before:
            assert (to[axis] > (x, y)[axis]) == (way in ("Right", "Down"))
            assert graph.nodes[after].label in page.locator("#said").inner_text()
    assert page.evaluate("document.activeElement.id") == "canvas"
    assert len(seen) > 2
    page.keyboard.press("Enter")
    assert page.evaluate("filter.hops") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_keys_are_listed_and_the_list_closes(show: Opener, graph: Graph, language: str) -> None:
    page = show(graph, options={"lang": language})
    page.keyboard.press("?")
    assert page.locator("#help dt").count() == len(page.evaluate("D.texts.keys[language]")) > 5
    assert page.locator("#help kbd", has_text="Shift").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    page.click("#help-button")
    assert page.locator("#help").is_visible()


def test_a_key_pressed_in_a_field_stays_there(show: Opener, graph: Graph) -> None:
    page = show(fixtures["sample_graph"](300))
    page.locator("#document-search").focus()
    page.keyboard.type("/")
    assert page.evaluate("$('document-search').value") == "/"


def test_the_menu_opens_and_closes_by_keys(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#export").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "png"
    page.keyboard.press("Escape")
    assert page.locator("#menu").is_hidden() and page.evaluate("document.activeElement.id") == "export"


@pytest.mark.parametrize(("lang", "locale", "expected"), [("", "zh-CN", "zh-CN"), ("", "en-US", "en"),
                                                          ("en", "zh-CN", "en"), ("zh", "en-US", "zh-CN")])
def test_the_language_is_the_browsers_unless_one_is_asked_for(show: Opener, graph: Graph, lang: str, locale: str,
                                                              expected: str) -> None:
    page = show(graph, locale=locale, options={"lang": lang})
    assert page.evaluate("document.documentElement.lang") == expected
    assert ("人物" in page.locator("#types").inner_text()) == (expected == "zh-CN")


def test_in_english_nothing_of_the_page_itself_is_left_in_chinese(show: Opener, graph: Graph) -> None:
    page = show(graph, locale="en-US", options={"title": "Reports"})
    texts = page.evaluate("""() => [...document.querySelectorAll('[data-text], [data-label], [data-placeholder]')]
        .filter(e => !e.closest('#language')).map(e => [e.dataset.text ? e.textContent : '',
            e.getAttribute('aria-label') || '', e.placeholder || '', e.title || ''].join(' '))""")
    assert len(texts) > 40 and not [t for t in texts if any("\u4e00" <= c <= "\u9fff" for c in t)]


@pytest.mark.parametrize("width", [320, 390, 600])
def test_a_narrow_screen_needs_no_sideways_scrolling(show: Opener, graph: Graph, width: int) -> None:
    page = show(graph, width=width, height=780)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("choose({ node: ranked[0].id })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("#panel button.document").last.click()
    until(page, "!!document.querySelector('#reader .mention')")
    assert page.locator("#reader").bounding_box()["width"] <= width


def test_nothing_moves_where_motion_is_unwanted(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.evaluate("choose({ node: ranked[5].id })")
    first = page.evaluate("surface.centre().x")
    page.wait_for_timeout(300)
    assert page.evaluate("surface.centre().x") == first
