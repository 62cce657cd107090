"""kg doctor: every finding names what it is about, and every fault has a remedy."""

from __future__ import annotations

import json
from importlib import metadata

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
