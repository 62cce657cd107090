"""kg doctor: every finding names what it is about, and every fault has a remedy."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import doctor
from kg.cli import main
from kg.errors import KnowledgeError


def test_everything_a_build_needs_works_here() -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    findings = [json.loads(line) for line in result.stdout.splitlines()]
    assert {"python", "rules", "lexicons", "ontology", "places", "default model"} <= {f["what"] for f in findings}
    assert result.exit_code == 0
    assert [f for f in findings if f["state"] == "broken"] == []
    assert all(f["remedy"] for f in findings if f["state"] != "works")


def test_missing_package_has_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    version = metadata.version

    def missing(name: str) -> str:
        if name in ("onnxruntime", "trafilatura"):
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(metadata, "version", missing)
    found = {f.what: f for f in doctor.examine()}
    assert (found["onnxruntime"].state, found["trafilatura"].state) == ("broken", "limited")
    assert found["onnxruntime"].remedy.startswith("pip install onnxruntime")
    assert CliRunner().invoke(main, ["doctor"]).exit_code == 1


def test_extras_say_what_they_are_for_and_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {extra: {re.split("[<>=]", each)[0] for each in listed}
             for extra, listed in project["optional-dependencies"].items() if extra not in ("test", "dev")}
    assert {extra: set(names) for extra, (names, _) in doctor.EXTRAS.items()} == named
    absent = ("pyarrow", "opencc-python-reimplemented")
    monkeypatch.setattr(doctor, "_version", lambda name: "" if name in absent else "1")
    found = {f.what: f for f in doctor.examine() if f.use}
    assert [name for name, f in found.items() if f.state == "limited"] == ["parquet", "duckdb", "store"]
    assert (found["duckdb"].found, found["duckdb"].remedy) == ("pyarrow missing", "pip install 'kg[duckdb]'")
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0      # a build does without
    assert re.search(r"^--  store +kg build --store, kg merge --store +pip install 'kg\[store\]'$", result.stdout, re.M)


def test_faulty_data_is_reported_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty() -> None:
        raise KnowledgeError(["kg/data/ontology.yaml:3: what is wrong", "more"])

    monkeypatch.setattr("kg.knowledge.ontology.load_ontology", faulty)
    found = {f.what: f for f in doctor.examine()}["ontology"]
    assert (found.state, found.found, found.mark) == ("broken", "kg/data/ontology.yaml:3: what is wrong", "!!")


def test_machine_without_fonts_and_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    found = {f.what: f for f in doctor.examine()}
    assert found["Chinese fonts"].state == "works"
    assert found["browser"].state == "limited"
    assert "graph.html" in found["browser"].remedy
