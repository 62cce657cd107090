"""What works on this machine, and what to do about what doesn't: `kg doctor`."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Literal

from kg.errors import KGError
from kg.models import Record

#: Distribution → what stops working without it.
_PACKAGES = {
    "click": "the commands", "pydantic": "everything", "pyyaml": "rules and settings", "numpy": "tagging and layout",
    "networkx": "graphs", "scikit-network": "communities and layout", "scipy": "communities and layout",
    "hanlp": "tagging", "onnxruntime": "the default tagger",
    "torch": "HanLP's own models (not the default one)", "opencc": "Traditional Chinese", "trafilatura": ".html",
    "charset-normalizer": "unusual encodings", "python-docx": ".docx", "pypdfium2": ".pdf", "pyvis": "the page",
    "jinja2": "the page", "datasketch": "finding copies",
}
#: Extra of pyproject.toml → its distributions, and what they are for.
EXTRAS = {
    "parquet": (("pyarrow",), ".parquet, as input and for kg export"),
    "duckdb": (("duckdb", "pyarrow"), "kg export to .duckdb"),
    "frames": (("pandas", "polars"), "Graph.to_pandas, Graph.to_polars"),
    "store": (("pyarrow", "fsspec"), "kg build --store, kg merge --store"),
    "ray": (("ray",), "kg build --engine ray, on a cluster"),
}
#: What a build without special inputs does without.
_SPARED = ("torch", "trafilatura", "python-docx", "pypdfium2")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "microsoft-edge", "safari", "open", "start")


class Finding(Record):
    """One thing looked at; `remedy` is empty where nothing needs to be done, `use` says what an extra is for."""

    what: str
    found: str
    use: str = ""
    state: Literal["works", "limited", "broken"] = "works"
    remedy: str = ""

    @property
    def mark(self) -> str:
        return {"works": "ok", "limited": "--", "broken": "!!"}[self.state]


def examine() -> list[Finding]:
    """Look at Python, packages, data files, the default model, fonts, browsers and extras, in this order."""
    return [*_python(), *_packages(), *_data(), *_model(), *_fonts(), *_browser(), *_extras()]


def _python() -> Iterator[Finding]:
    yield Finding(what="python", found=platform.python_version())


def _packages() -> Iterator[Finding]:
    for name, use in _PACKAGES.items():
        if version := _version(name):
            yield Finding(what=name, found=version)
        else:
            state: Literal["limited", "broken"] = "limited" if name in _SPARED else "broken"
            yield Finding(what=name, found="missing", state=state, remedy=f"pip install {name}: needed for {use}")
    if _version("opencc-python-reimplemented"):
        yield Finding(what="opencc", found="two packages under one name", state="broken",
                      remedy="pip uninstall opencc-python-reimplemented, then pip install --force-reinstall opencc")


def _version(name: str) -> str:
    """The version of a distribution, empty where it isn't installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _extras() -> Iterator[Finding]:
    for extra, (names, use) in EXTRAS.items():
        found = {name: _version(name) for name in names}
        if all(found.values()):
            yield Finding(what=extra, found=", ".join(map(" ".join, found.items())), use=use)
        else:
            lacking = ", ".join(name for name, version in found.items() if not version)
            yield Finding(what=extra, found=f"{lacking} missing", use=use, state="limited",
                          remedy=f"pip install 'kg[{extra}]'")


def _data() -> Iterator[Finding]:
    from kg.knowledge.lexicon import load_lexicon
    from kg.knowledge.ontology import load_ontology
    from kg.knowledge.places import load_places
    from kg.relate.rules import load_rules

    loaders: dict[str, Callable[[], object]] = {
        "rules": load_rules, "lexicons": load_lexicon, "ontology": load_ontology, "places": load_places}
    for name, load in loaders.items():
        try:
            load()
            yield Finding(what=name, found="no faults")
        except (KGError, OSError) as error:
            yield Finding(what=name, found=str(error).splitlines()[0], state="broken", remedy="install kg again")


def _model() -> Iterator[Finding]:
    from kg.taggers import open_tagger

    try:
        tagger = open_tagger("default")
        words = tagger(["北京市公安局召开会议。"])[0].tokens
        yield Finding(what="default model", found=f"{tagger.id}, reads {len(words)} words")
    except (KGError, ImportError) as error:
        yield Finding(what="default model", found=str(error).splitlines()[0], state="broken",
                      remedy="install kg again; kg models list shows the others")


def _fonts() -> Iterator[Finding]:
    if not shutil.which("fc-list"):
        yield Finding(what="Chinese fonts", found="can't be looked up here", state="works")
        return
    listing = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
    families = sorted({line.split(",")[0].strip() for line in listing.splitlines() if line.strip()})
    if families:
        yield Finding(what="Chinese fonts", found=", ".join(families[:3]))
    else:
        yield Finding(what="Chinese fonts", found="none", state="limited",
                      remedy="install one (Debian: fonts-noto-cjk), else names show as boxes in Gephi and the page")


def _browser() -> Iterator[Finding]:
    found = [name for name in _BROWSERS if shutil.which(name)]
    if found:
        yield Finding(what="browser", found=found[0])
    else:
        yield Finding(what="browser", found="none", state="limited", remedy="copy graph.html to a machine that has one")
