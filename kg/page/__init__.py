"""graph.html: one file with the graph, its evidence and everything needed to look at it, without any network.

pyvis builds the network and brings vis-network, which is inlined from its own package files; a graph that is too
large for it is drawn by sigma (kg/data/vendor). The template, the style and the code of the page are ours
(kg/data/page). What stands in documents reaches the page as JSON in a data block and becomes text there, never HTML;
a Content-Security-Policy lets only the page's own scripts run, by hash.
"""

from __future__ import annotations

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kg.export import write_text
from kg.graph import CO_OCCURRENCE, Graph
from kg.knowledge.yamlfile import load_yaml
from kg.memory import collect_rarely
from kg.page.data import heavy, light, pack, to_json, trimmed, whole_texts
from kg.page.drawing import backbone, choose, network, settle, weighed
from kg.page.layout import load_theme

#: In the order in which they are read; each uses only what stands above it, and functions called later.
SCRIPTS = ("data.js", "state.js", "names.js", "scene.js", "shapes.js", "lines.js", "surface_vis.js", "surface_sigma.js",
           "canvas.js", "panel.js", "path.js", "reader.js", "filters.js", "dates.js", "search.js", "files.js",
           "link.js", "page.js")
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
Language = Literal["", "zh", "en"]


class Prepared(NamedTuple):
    """What of a page needs no places: the part of the graph that it holds, how many mentions and pieces of evidence
    are left out by id, and what it tells of that part and of its documents, packed."""

    held: Graph
    more: dict[str, int]
    blocks: dict[str, str]


def write_page(graph: Graph, path: Path, *, title: str = "", most: int | None = None, lang: Language = "",
               texts: bool = True, whole: Graph | None = None, prepared: Prepared | None = None) -> Path:
    """Write the page of `graph` to `path` (UTF-8, LF, whole or not at all) and return the path.

    `title` stands at the head of the page. `most` is the number of nodes above which vis-network draws a backbone
    (None: as in theme.yaml, and then sigma draws the rest); `lang` the language of the page (empty: the browser's);
    without `texts` the page holds evidence, but no whole documents. `whole` is the graph that `graph` is a part of:
    the page says so; `prepared` what `prepare` made of it before. Raises GraphError where the file can't be written.
    """
    page = render_page(graph, title=title, most=most, lang=lang, texts=texts, whole=whole, prepared=prepared)
    write_text(page, path)
    return path


@collect_rarely()
def render_page(graph: Graph, *, title: str = "", most: int | None = None, lang: Language = "", texts: bool = True,
                whole: Graph | None = None, prepared: Prepared | None = None) -> str:
    """The page of `graph` as text; the same graph gives the same text. See write_page."""
    whole, graph = whole or graph, weighed(graph)
    held, more, blocks = prepared or prepare(graph, most=most, texts=texts)
    held = settle(held, graph)
    drawn = backbone(held, load_theme()["limits"]["vis"])
    net = network(held, drawn)
    words = load_yaml(page_file("texts.yaml")).data
    title = title or words["default_title"][lang or "zh"]
    data = light(held, whole, title, more) | {
        "vis": {"nodes": net.nodes, "edges": net.edges, "options": net.options},
        "texts": words, "lang": lang, "large": len(held.nodes) > len(drawn.nodes)}
    return _fill_template(title, lang or "zh", words, {"data": _json(data)} | blocks, large=data["large"])


@collect_rarely()
def prepare(graph: Graph, *, most: int | None = None, texts: bool = True) -> Prepared:
    """What the page of a graph needs beside places, for which it need not wait. See write_page."""
    limits = load_theme()["limits"]
    most, more, graph = limits["sigma"] if most is None else most, dict[str, int](), weighed(graph)
    if len(graph.nodes) > most or len(graph.edges) > limits["edges"]:
        graph, more = trimmed(graph)  # before anything of it is brought into memory
    held = _faint_first(choose(graph, most, limits["edges"]))
    with ThreadPoolExecutor() as threads:  # what is compressed needs no turn in Python
        packed = {"details": threads.submit(pack, heavy(held, more)),
                  "documents": threads.submit(pack, whole_texts(held)) if texts else None}
        return Prepared(held, more, {name: part.result() if part else "" for name, part in packed.items()})


def _faint_first(graph: Graph) -> Graph:
    """The graph with its edges in the order in which they are drawn: co-occurrence below everything else."""
    edges = sorted(graph.edges, key=lambda edge: edge.relation != CO_OCCURRENCE)
    return graph.model_copy(update={"edges": tuple(edges)})


# ------------------------------------------------------------------------------------------ the file


def _fill_template(title: str, lang: str, words: dict[str, Any], blocks: dict[str, str], *, large: bool) -> str:
    import pyvis
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    vis = _read(Path(str(files(pyvis))) / VIS).partition("//# sourceMappingURL=")[0]
    sigma = _read(Path(str(files("kg") / "data" / "vendor" / "sigma.js"))) if large else ""
    code, css = "\n".join(_read(page_file(name)) for name in SCRIPTS), _read(page_file("page.css"))
    scripts = [part for part in (vis, sigma, code) if part]
    policy = ("default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
              f"script-src {' '.join(map(source_hash, scripts))}; style-src {source_hash(css)}")
    for part in (*scripts, css):  # nothing in them may end their element
        assert not any(mark in part.lower() for mark in ("</script", "</style", "<!--"))
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return template.from_string(_read(page_file("page.html"))).render(
        title=title, lang=lang, texts=words, policy=Markup(policy), css=Markup(css),
        scripts=[Markup(part) for part in scripts[:-1]], code=Markup(code),
        blocks={name: Markup(block) for name, block in blocks.items()}) + "\n"


def _json(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element: no character in it can end the element or a line of code."""
    text = to_json(data).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def source_hash(text: str) -> str:
    """A script or style as a Content-Security-Policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def page_file(name: str) -> Path:
    """A file of kg/data/page."""
    return Path(str(files("kg") / "data" / "page" / name))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
