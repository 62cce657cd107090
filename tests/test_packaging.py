"""What is installed: all data files, every dependency that the code imports, and nothing that it doesn't need."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Declared, though others import them: HanLP its torch, trafilatura the rest of its lxml.
FOR_OTHERS = {"torch", "lxml-html-clean"}
#: Imported packages whose distribution comes with one that is declared.
BROUGHT_ALONG = {"hanlp-common": "hanlp", "markupsafe": "jinja2"}

#: Run with the wheel alone on the path (and the dependencies): reads data through the package.
LOOK = """
import sys
sys.path.insert(0, sys.argv[1])
from importlib.resources import files
import kg
assert kg.__file__.startswith(sys.argv[1]), kg.__file__
assert len(list((files("kg") / "data" / "sample").iterdir())) == 8
assert sys.argv[1] in str(kg.open_tagger.__code__.co_filename)
print(kg.open_tagger().id, len(kg.build_documents([], kg.Settings()).graph.nodes))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "kg", source / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w",
                    str(source / "dist"), str(source)], check=True)
    return next((source / "dist").glob("*.whl"))


def test_wheel_holds_all_of_the_package_but_its_documentation(wheel: Path) -> None:
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "kg").rglob("*")
            if path.is_file() and not {"__pycache__", "docs"} & set(path.parts)}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == here
    assert {"kg/py.typed", "kg/data/ontology.yaml", "kg/data/models/lac/model.onnx"} <= packed


def test_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    done = subprocess.run([sys.executable, "-c", LOOK, str(tmp_path / "site")], cwd=tmp_path, text=True, check=True,
                          capture_output=True, env={"PATH": ""})
    assert done.stdout.startswith("default@sha256:")


def test_wheel_says_what_it_is(wheel: Path) -> None:
    assert wheel.name == f"kg-{kg.__version__}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "kg = kg.cli:run" in zipfile.ZipFile(wheel).read(entry_points).decode()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~\[; ]", text, maxsplit=1)[0]) for text in requirements}


def imported(folder: Path) -> set[str]:
    """The distributions that the modules in a folder import, at the top or inside functions."""
    modules: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add((node.module or "").partition(".")[0])
    known = metadata.packages_distributions()
    foreign = modules - set(sys.stdlib_module_names) - {"kg"}
    return {normal(known.get(name, [name])[0]) for name in foreign}


def test_imports_are_declared_and_declared_ones_imported() -> None:
    needed = {BROUGHT_ALONG.get(name, name) for name in imported(ROOT / "kg")}
    optional = {name for extra, names in PROJECT["optional-dependencies"].items() if extra not in ("test", "dev")
                for name in declared(names)}
    assert needed == (declared(PROJECT["dependencies"]) - FOR_OTHERS) | optional


def test_top_level_is_what_it_should_be() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not tracked:
        pytest.skip("this isn't a git checkout")
    names = {line.strip('"').partition("/")[0] for line in tracked.splitlines()}
    assert {n for n in names if not n.startswith(".")} <= {
        "pyproject.toml", "README.md", "kg", "scripts", "tests", "outputs"}


def test_every_dependency_has_a_range_and_a_reason():
    """A release that may break something waits until someone has tried it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("\ndependencies = [\n")[2].partition("\n]")[0].splitlines()
    assert len(listed) == len(PROJECT["dependencies"])
    assert [line for line in listed if not re.fullmatch(r'  "[\w-]+(?:==[\d.]+|>=[\d.]+,<[\d.]+)", +# .+', line)] == []
