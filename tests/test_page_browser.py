"""graph.html in a real Chromium: no request, no error, and everything on it does what it says."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.graph import CO_OCCURRENCE, Graph
from kg.knowledge.ontology import load_ontology

pytestmark = pytest.mark.browser

fixtures = runpy.run_path(str(Path(__file__).with_name("page_fixtures.py")))
driver, browser, show, graph = (fixtures[name] for name in ("driver", "browser", "show", "graph"))
until = fixtures["until"]
Opener = Callable[..., Any]


def shown_nodes(page: Any) -> int:
    return page.evaluate("visible.nodes.size")


def test_search_leads_to_a_node_and_on_to_the_evidence(show: Opener, graph: Graph) -> None:
    page = show(graph)
    person = next(e for e in graph.edges if e.relation == "holds_position" and e.weight > 1)
    name = next(n.label for n in graph.nodes if n.id == person.source)
    body = next(n.label for n in graph.nodes if n.id == person.target)
    page.keyboard.press("/")
    page.keyboard.type(name)
    assert name in page.locator("#hits li").first.inner_text()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert panel.locator(".title").inner_text() == name
    page.locator(".neighbour", has_text=body).first.locator(".count").click()
    assert body in panel.locator(".ends").inner_text()
    assert panel.locator(".proof").count() == len(person.evidence)
    marks = panel.locator(".proof").first.locator("mark")
    assert [marks.nth(i).get_attribute("class") for i in range(3)] == ["head", "trigger", "tail"]
    assert marks.nth(0).inner_text() == name and marks.nth(2).inner_text() == body
    assert person.evidence[0].rule in panel.inner_text()
    panel.get_by_role("button", name="返回").click()
    assert panel.locator(".title").inner_text() == name
    page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_aliases_are_found_in_any_width_and_not_while_composing(show: Opener, graph: Graph) -> None:
    page = show(graph)
    alias = next(n for n in graph.nodes if n.type == "DATE" and n.aliases).aliases[0]
    page.fill("#search", alias)
    assert page.locator("#hits small", has_text=alias).count() >= 1
    page.fill("#search", "２０２０－０")
    assert page.locator("#hits [role=option]").count() >= 1
    page.fill("#search", "没有这个名字")
    assert page.locator("#hits-box").inner_text() == "没有找到"
    page.evaluate("""() => {
        search.value = '公安';
        search.dispatchEvent(new InputEvent('input', {isComposing: true}));
    }""")
    assert page.locator("#hits-box").inner_text() == "没有找到"
    page.evaluate("search.dispatchEvent(new CompositionEvent('compositionend'))")
    assert page.locator("#hits [role=option]").count() >= 1


def test_the_legend_counts_and_filters(show: Opener, graph: Graph) -> None:
    page = show(graph)
    people = sum(n.type == "PERSON" for n in graph.nodes)
    row = page.locator("#types .choice", has_text="人物")
    assert row.locator(".count").inner_text() == str(people)
    assert shown_nodes(page) == len(graph.nodes)
    row.locator("input").uncheck()
    assert shown_nodes(page) == len(graph.nodes) - people
    assert "筛选后" in page.locator("#shown").inner_text()
    page.click("#reset")
    assert shown_nodes(page) == len(graph.nodes) and page.locator("#reset").is_hidden()
    page.locator("#relations .choice", has_text="任职").hover()
    page.locator("#relations .choice", has_text="任职").get_by_role("button").click()
    assert page.evaluate("visible.edges.size") == sum(e.relation == "holds_position" for e in graph.edges)


def test_sliders_for_weight_and_dates(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.evaluate("() => { const s = $('weight'); s.value = 3; s.dispatchEvent(new Event('input')) }")
    strong = page.evaluate("D.edges.filter(e => e.weight >= 3 && !e.covered).length")
    assert page.evaluate("visible.edges.size") == strong > 0
    page.click("#reset")
    page.evaluate("() => { const s = $('date-to'); s.value = 3; s.dispatchEvent(new Event('input')) }")
    last = page.evaluate("days[3]")
    early = sum(not n.first_date or n.first_date <= last for n in graph.nodes)
    assert 0 < shown_nodes(page) == early < len(graph.nodes)
    assert page.locator("#date-value").inner_text().endswith(last)


def test_a_click_on_a_node_and_a_click_on_a_line(show: Opener, graph: Graph) -> None:
    page = show(graph)
    box = page.locator("#canvas").bounding_box()
    at = page.evaluate("surface.toScreen(ranked[0])")
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    page.wait_for_selector("#panel .title")
    assert page.locator("#panel .title").inner_text() == page.evaluate("ranked[0].label")
    page.keyboard.press("Escape")
    edge = page.evaluate("""() => {   // a line of its own, with room around its middle
        const id = [...visible.edges].find(id => { const e = D.edges[id], a = D.nodes[e.source], b = D.nodes[e.target];
            const gap = Math.hypot(a.x - b.x, a.y - b.y) - a.size - b.size, x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
            return e.kind.label.zh !== '共现' && gap > 40 && !e.bend
                && D.nodes.every(n => Math.hypot(n.x - x, n.y - y) > n.size + 20); });
        const e = D.edges[id], a = D.nodes[e.source], b = D.nodes[e.target];
        surface.moveTo({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, 2);
        return id; }""")
    page.wait_for_timeout(100)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#panel .ends")
    assert page.evaluate("choice.edge") == edge
    assert page.locator("#panel .proof").count() == page.evaluate(f"details.edges[{edge}][1].length")


def test_the_neighbourhood_in_one_and_two_steps(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.locator("#main button").first.click()
    sizes = []
    for hops in ("1", "2", "0"):
        page.click(f"#scope [data-hops='{hops}']")
        sizes.append(shown_nodes(page))
    assert 1 < sizes[0] < sizes[1] <= sizes[2] == len(graph.nodes)


def test_dark_and_english(show: Opener, graph: Graph) -> None:
    page = show(graph)
    dark = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(dark)
    page.click("#theme")
    assert page.evaluate(dark) != before and page.locator("#theme").inner_text() == "浅色"
    page.locator("#main button").first.click()
    page.click("#language")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "Organization" in page.locator("#types").inner_text() and "Mentions" in page.locator("#panel").inner_text()
    english = show(graph, locale="en-GB", color_scheme="dark")
    assert english.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "entities" in english.locator("#counts").inner_text()


def test_the_picture_can_be_saved(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.click("#export")
    with page.expect_download() as download:
        page.click("#png")
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"\x89PNG") and len(saved) > 20_000


def test_a_phone_has_drawers(show: Opener, graph: Graph) -> None:
    page = show(graph, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator("#search").is_visible()
    page.click("#open-filters")
    until(page, "$('filters').getBoundingClientRect().left === 0")
    page.fill("#search", "公安")
    page.keyboard.press("Enter")
    panel = page.locator("#panel").bounding_box()
    assert panel["width"] == 390 and panel["y"] > 250
    until(page, "getComputedStyle($('filters')).visibility === 'hidden'")


@pytest.mark.parametrize("width", [1440, 1000, 901])
def test_nothing_overlaps(show: Opener, graph: Graph, width: int) -> None:
    page = show(graph, width=width)
    page.locator("#main button").first.click()
    areas = [page.locator(s).bounding_box() for s in ("header", "#filters", "#panel", "body > footer", "#scope")]
    for i, a in enumerate(areas):
        for b in areas[i + 1:]:
            assert (a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
                    or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1), (a, b)


def test_names_do_not_cover_each_other(show: Opener, graph: Graph) -> None:
    page = show(graph)
    until(page, "placement.names.length > 5")
    boxes = page.evaluate("""() => { const s = surface.scale();
        return placement.names.map(n => { const x = n.node.x * s + n.dx, y = n.node.y * s + n.dy;
            return [x, y - 7, x + widthOf(n.words, n.font), y + 7]; }); }""")
    for i, a in enumerate(boxes):
        for b in boxes[i + 1:]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_hostile_text_is_shown_as_text_and_runs_nothing(show: Opener) -> None:
    assert len(fixtures["HOSTILE"]) >= 30
    page = show(fixtures["hostile_graph"](*fixtures["HOSTILE"]))
    for id_, text in enumerate(fixtures["HOSTILE"]):
        for kind in (f"node: {2 * id_}", f"edge: {id_}"):
            page.evaluate(f"choose({{ {kind} }})")
        assert page.evaluate("document.querySelector('#panel .document b').textContent") == text
        page.fill("#search", text)
        page.evaluate(f"(startRoute({2 * id_}), choose({{ node: {2 * id_ + 1} }}))")
        assert page.evaluate("document.querySelector('#panel .title').textContent") == f"{text} – {text}"
        page.evaluate(f"openReader({id_}, [0, 5])")
        until(page, "!!document.querySelector('#reader .text p')")
        assert page.evaluate("[...document.querySelectorAll('#reader .text p')].map(p => p.textContent).join('')") == \
            f"{text}任{text}的职。"
        page.evaluate("$('reader').close()")
        page.fill("#document-search", text)
    page.evaluate("recordNow()")
    assert page.evaluate("window.pwned") is None
    assert page.locator("body img, body iframe, body a, body script:not([id]) ~ script[src]").count() == 0
    assert page.evaluate("document.scripts.length") == 5


def test_a_backbone_says_so(show: Opener) -> None:
    graph = fixtures["sample_graph"](200)
    page = show(graph, options={"most": 60})
    said = page.locator("#shown").inner_text()
    assert "60 /" in said and str(len(graph.nodes)) in said
    assert shown_nodes(page) == 60


def test_an_empty_graph_is_no_error(show: Opener) -> None:
    page = show(Graph())
    assert page.locator("#shown").inner_text() == page.locator("#empty").inner_text().strip() == "图谱是空的"


def test_filters_that_leave_nothing_say_so_and_lead_back(show: Opener, graph: Graph) -> None:
    page = show(graph)
    for box in page.locator("#types input").all():
        box.uncheck()
    assert "没有符合筛选的实体" in page.locator("#empty").inner_text()
    page.click("#empty-reset")
    assert page.locator("#empty").is_hidden() and shown_nodes(page) == len(graph.nodes)


def drawn_over(page: Any) -> int:
    """How many pixels of the layer above the surface, with names and emphasis, are not empty."""
    return page.evaluate("""() => { const { width, height } = over;
        const copy = el('canvas', { width, height }).getContext('2d');
        copy.drawImage(over, 0, 0);
        const { data } = copy.getImageData(0, 0, width, height);
        return data.filter((v, i) => i % 4 === 3 && v).length; }""")


def test_the_node_under_the_pointer_shows_its_card_and_its_lines(show: Opener, graph: Graph) -> None:
    page = show(graph)
    box, at = page.locator("#canvas").bounding_box(), page.evaluate("surface.toScreen(ranked[0])")
    before = drawn_over(page)
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    until(page, "choice.hover === ranked[0].id")
    assert drawn_over(page) > before + 3000
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    until(page, "choice.hover === null")
    assert drawn_over(page) == before


def test_relations_are_written_on_lines_on_demand(show: Opener, graph: Graph) -> None:
    page = show(graph)
    page.evaluate("""() => { window.sayings = []; const write = CanvasPen.prototype.write;
        CanvasPen.prototype.write = function (words, ...rest) {
            sayings.push(words); write.call(this, words, ...rest); } }""")
    labels = [kind.label for name, kind in load_ontology().relations.items() if name != CO_OCCURRENCE]
    page.evaluate("drawOver()")
    assert not {label.zh for label in labels} & set(page.evaluate("sayings"))
    page.get_by_label("在连线上写出关系").check()
    said = set(page.evaluate("sayings"))
    assert {label.zh for label in labels} & said and "共现" not in said
    page.click("#language")
    assert {label.en.capitalize() for label in labels} & set(page.evaluate("sayings"))


@pytest.fixture(scope="module")
def tangle() -> Graph:
    """A large graph that is mostly co-occurrence, with a node that nothing else joins."""
    graph = fixtures["sample_graph"](330)
    ids = [node.id for node in graph.nodes if node.type in ("PERSON", "ORGANIZATION")]
    model = next(edge for edge in graph.edges if edge.relation == "co_occurs_with")
    pairs = [(a, b) for i, a in enumerate(ids[:60]) for b in ids[i + 1:60]]
    alone = graph.nodes[0].model_copy(update={"id": "PERSON:独孤某", "type": "PERSON", "label": "独孤某",
                                              "aliases": ()})
    faint = [model.model_copy(update={"id": f"c{i}", "source": a, "target": b}) for i, (a, b) in
             enumerate([*pairs, (alone.id, ids[0])])]
    return graph.model_copy(update={"nodes": (*graph.nodes, alone), "edges": (*graph.edges, *faint)})


def test_a_tangle_of_cooccurrence_opens_with_what_sentences_state(show: Opener, tangle: Graph) -> None:
    page = show(tangle)
    faint = sum(edge.relation == "co_occurs_with" for edge in tangle.edges)
    assert page.evaluate("[...visible.edges].every(id => D.edges[id].relation !== FAINT)")
    assert f"{faint:,} 条共现关系已隐去" in page.locator("#shown").inner_text()
    assert not page.locator("#relations .choice", has_text="共现").locator("input").is_checked()
    page.fill("#search", "独孤某")  # what only co-occurs is found, and shown without all the rest
    page.keyboard.press("Enter")
    assert page.evaluate("visible.nodes.has(choice.node) && filter.relations.has(FAINT)")
    page.locator(".neighbour .count").first.click()
    assert page.locator("#panel .proof").count() >= 1
    page.click("#reset")
    assert shown_nodes(page) == len(tangle.nodes) and "已隐去" not in page.locator("#shown").inner_text()
    assert page.evaluate("state()").count("relations=") == 0
    again = show(tangle, page=page, anchor=page.evaluate("state()"))
    again.reload()
    until(again, "$('shown').textContent !== ''")
    assert shown_nodes(again) == len(tangle.nodes)  # a link that shows all shows all


def test_a_neighbour_that_filters_hide_says_so(show: Opener, graph: Graph) -> None:
    page = show(graph)
    post = next(edge for edge in graph.edges if edge.relation == "holds_position")
    ids = [node.id for node in graph.nodes]
    page.evaluate(f"choose({{ node: {ids.index(post.target)} }})")
    page.locator("#types .choice", has_text="人物").locator("input").uncheck()
    page.locator("#panel .neighbour > button:first-child").first.click()
    note = page.locator("#panel .note", has_text="此实体已被筛选隐去")
    assert note.count() == 1
    note.get_by_role("button").click()
    assert note.count() == 0 and shown_nodes(page) == len(graph.nodes)
