"""How long the page takes to write and to draw, how big it is, and how that compares with a plain pyvis page.

    python scripts/measure_page.py 1000 10000            build time, size, first draw of our page
    python scripts/measure_page.py 1000 --pyvis          and beside it pyvis's own page of the same graph
    python scripts/measure_page.py 10000 --webgl         with WebGL in software (else: without any)

The graph is the invented one of tests/page_fixtures.py. Build times are CPU seconds, imports included. First draw:
from opening the file until nodes, lines and names stand still on the canvas, in headless Chromium (Debian's, needs
playwright). pyvis's page is still when its physics have stabilized; its requests for stylesheets are refused, so that
waiting for a network doesn't count.
"""

from __future__ import annotations

import argparse
import runpy
import tempfile
import time
from pathlib import Path
from typing import Any

from kg.graph import Graph
from kg.page import write_page
from kg.page.layout import lay_out

FIXTURES = runpy.run_path(str(Path(__file__).parents[1] / "tests" / "page_fixtures.py"))
READY = "document.getElementById('shown')?.textContent !== '' && typeof placement === 'object' && !!placement.key"
STABLE = "typeof network === 'object' && !!network && network.physics.stabilized"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nodes", nargs="+", type=int)
    parser.add_argument("--pyvis", action="store_true", help="measure pyvis's own page too")
    parser.add_argument("--webgl", action="store_true", help="give the browser WebGL, in software")
    parser.add_argument("--patience", type=float, default=600, help="seconds after which a page counts as never stable")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in options.nodes:
            measure(FIXTURES["sample_graph"](count), Path(folder), options)


def measure(graph: Graph, folder: Path, options: argparse.Namespace) -> None:
    path, begin = folder / "graph.html", time.process_time()
    laid = lay_out(graph)
    middle = time.process_time()
    write_page(laid, path)
    end, size = time.process_time(), path.stat().st_size
    bare = len((folder / "bare.html").read_bytes()) if write_page(Graph(), folder / "bare.html") else 0
    print(f"{len(graph.nodes)} nodes, {len(graph.edges)} edges: "
          f"layout {middle - begin:.2f} CPU s, page {end - middle:.2f} CPU s, "
          f"file {size / 1e6:.2f} MB, {(size - bare) / len(graph.nodes):.0f} bytes a node")
    ours = seconds_until(path, READY, options)
    print(f"  first draw {told(ours)}")
    if options.pyvis:
        theirs = seconds_until(plain_pyvis(laid, folder / "plain.html"), STABLE, options)
        print(f"  pyvis      {told(theirs)}" + (f", {theirs / ours:.0f} times ours" if theirs and ours else ""))


def plain_pyvis(graph: Graph, path: Path) -> Path:
    """The page that pyvis writes of the same nodes and edges, with its defaults."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    for node in graph.nodes:
        net.add_node(node.id, label=node.label, color=node.color)
    for edge in graph.edges:
        net.add_edge(edge.source, edge.target, title=edge.label)
    path.write_text(net.generate_html(), encoding="utf-8")
    return path


def seconds_until(path: Path, condition: str, options: argparse.Namespace) -> float | None:
    """Seconds from opening the page until the condition holds; None if it never does."""
    from playwright.sync_api import sync_playwright

    arguments = [*FIXTURES["ARGS"], *(FIXTURES["WEBGL"] if options.webgl else FIXTURES["NO_WEBGL"])]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=FIXTURES["CHROMIUM"], args=arguments)
        page: Any = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(options.patience * 1000)
        page.route("http*://**", lambda route: route.abort())
        begin = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        while not page.evaluate(condition):
            if time.perf_counter() - begin > options.patience:
                return None
            page.wait_for_timeout(20)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seconds = time.perf_counter() - begin
        browser.close()
    return seconds


def told(seconds: float | None) -> str:
    return f"{seconds:.2f} s" if seconds else "not stable in time"


if __name__ == "__main__":
    main()
