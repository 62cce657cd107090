"""The pictures of kg/docs/tutorial.md, taken anew from a build of the sample (needs playwright and Debian's chromium).

    python scripts/pictures.py
"""

from __future__ import annotations

import html
import os
import runpy
import tempfile
from pathlib import Path
from typing import Any

import networkx
from playwright.sync_api import sync_playwright

import kg

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "kg" / "docs" / "pictures"
FIXTURES = runpy.run_path(str(ROOT / "tests" / "page_fixtures.py"))
SIZE = {"width": 1280, "height": 800}


def main() -> None:
    os.chdir(ROOT)  # the page names the files as they were given
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        kg.write_build(kg.build(["kg/data/sample"], kg.Settings(date="2023-05-18")), folder,
                       title="青岚市的报道")
        browser = driver.chromium.launch(executable_path=FIXTURES["CHROMIUM"],
                                         args=[*FIXTURES["ARGS"], *FIXTURES["NO_WEBGL"]])
        window = browser.new_context(viewport=SIZE, locale="zh-CN", color_scheme="light", reduced_motion="reduce")
        page = window.new_page()
        page.goto((folder / "graph.html").as_uri())
        FIXTURES["until"](page, "document.getElementById('shown').textContent !== '' && details !== null")
        take(page, "page")
        page.fill("#search", "周海平")
        page.keyboard.press("Enter")
        page.locator("#panel .count").first.click()
        page.wait_for_selector("#panel .proof")
        take(page, "evidence")
        drawn = folder / "drawn.html"
        drawn.write_text(drawing(folder / "graph.graphml"), encoding="utf-8")
        page.goto(drawn.as_uri())
        take(page, "graphml")
        browser.close()


def take(page: Any, name: str) -> None:
    page.wait_for_timeout(500)  # until what glides stands still
    page.screenshot(path=PICTURES / f"{name}.png")


def drawing(path: Path) -> str:
    """What is in a GraphML file and nothing else: nodes at their places with size and colour, lines, names."""
    graph = networkx.read_graphml(path)
    places = {id_: (node["x"], -node["y"]) for id_, node in graph.nodes.items()}  # in Gephi, y points up
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*places.values(), strict=True))
    lines = [f'<line x1="{places[a][0]}" y1="{places[a][1]}" x2="{places[b][0]}" y2="{places[b][1]}" />'
             for a, b, edge in graph.edges(data=True) if edge["relation"] != "co_occurs_with"]
    dots, names = [], []
    for id_, node in graph.nodes.items():
        x, y = places[id_]
        dots.append(f'<circle cx="{x}" cy="{y}" r="{node["size"] / 2}" fill="{node["color"]}" />')
        if node["type"] != "ACTION":
            names.append(f'<text x="{x}" y="{y + node["size"]}">{html.escape(node["label"])}</text>')
    room = 40
    view = f"{left - room} {top - room} {right - left + 2 * room} {bottom - top + 2 * room}"
    style = ("body{margin:0} svg{width:100vw;height:100vh} line{stroke:#bbb} "
             "text{font:11px sans-serif;text-anchor:middle}")
    return (f'<!doctype html><meta charset="utf-8"><style>{style}</style><svg viewBox="{view}">'
            f'{"".join([*lines, *dots, *names])}</svg>')


if __name__ == "__main__":
    main()
