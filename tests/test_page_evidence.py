"""Believing what the page says: posts, sentences, and whole documents with their mentions."""

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
Opener = Callable[..., Any]


def test_posts_are_listed_with_title_and_status(show: Opener, graph: Graph) -> None:
    page = show(graph)
    post = next(e for e in graph.edges if e.relation == "holds_position" and e.status)
    labels = {n.id: n.label for n in graph.nodes}
    page.fill("#search", labels[post.source])
    page.keyboard.press("Enter")
    row = page.locator("#panel .neighbour", has_text=labels[post.target]).first
    assert row.locator(".status").inner_text() == post.status and post.title in row.inner_text()
    assert "职务" in page.locator("#panel .part").first.inner_text()


def test_an_edge_tells_what_people_did_to_it(show: Opener, graph: Graph) -> None:
    first = next(e for e in graph.edges if e.relation == "holds_position")
    told = first.model_copy(update={"rule": "human", "reasons": ("人工确认（王编辑：查证）",)})
    page = show(graph.model_copy(update={"edges": tuple(told if e is first else e for e in graph.edges)}))
    page.wait_for_function("details")
    page.evaluate("choose({ edge: details.edges.findIndex(e => e[3]) })")
    assert told.reasons[0] in page.locator("#panel .note").all_inner_texts()


def open_document(page: Any, graph: Graph) -> tuple[Any, Any]:
    edge = next(e for e in graph.edges if e.relation == "holds_position")
    label = next(n.label for n in graph.nodes if n.id == edge.source)
    page.fill("#search", label)
    page.keyboard.press("Enter")
    page.locator("#panel .count").first.click()
    page.locator("#panel .proof button.document").first.click()
    page.wait_for_selector("#reader .mention")
    return edge, page.locator("#reader")


def test_a_sentence_leads_to_its_document_with_all_mentions(show: Opener, graph: Graph) -> None:
    page = show(graph)
    _, reader = open_document(page, graph)
    sentence, at = page.evaluate("(() => { const s = details.sentences[details.edges[choice.edge][1][0][0]];"
                                 " return [s[3], s[0]]; })()")
    document = graph.documents[at]
    assert "".join(reader.locator(".cited").all_inner_texts()) == sentence
    assert "".join(page.evaluate("[...document.querySelectorAll('.text p')].map(p => p.textContent)")) == \
        document.text.replace("\n", "")
    mentions = sum(m.document == document.id for n in graph.nodes for m in n.mentions)
    assert reader.locator(".mention").count() == mentions
    assert document.metadata.title in reader.locator("h2").inner_text()
    wanted = reader.locator(".mention").last
    label = wanted.get_attribute("title").partition(" · ")[2]
    wanted.click()
    assert reader.is_hidden() and page.locator("#panel .title").inner_text() == label


def test_the_document_closes_with_escape_and_gives_the_focus_back(show: Opener, graph: Graph) -> None:
    page = show(graph)
    _, reader = open_document(page, graph)
    title = page.locator("#panel .title").inner_text()
    page.keyboard.press("Escape")
    assert reader.is_hidden() and page.locator("#panel .title").inner_text() == title
    assert page.evaluate("document.activeElement.className") == "document"


def test_without_texts_nothing_leads_there(show: Opener, graph: Graph) -> None:
    page = show(graph, options={"texts": False})
    page.locator("#main button").first.click()
    assert page.locator("#panel div.document").count() > 0 and page.locator("#panel button.document").count() == 0


def test_rare_characters_keep_marks_in_their_place(show: Opener) -> None:
    """Offsets count code points; a character outside the Basic Multilingual Plane is two units in JavaScript."""
    page = show(fixtures["hostile_graph"]("𠮷野家😀"))
    page.evaluate("choose({ edge: 0 })")
    marks = page.locator("#panel blockquote mark")
    assert marks.all_inner_texts() == ["𠮷野家😀", "任", "𠮷野家😀"]
    page.locator("#panel button.document").first.click()
    page.wait_for_selector("#reader .mention")
    assert page.locator("#reader .mention").first.inner_text() == "𠮷野家😀"
