"""The benchmarks run; how fast anything is, is for it to say and not for a test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from kg.export import EXPORTERS

ROOT = Path(__file__).parents[1]


def test_every_stage_and_every_command_of_the_curve_has_a_row() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "benchmark.py"), str(ROOT / "kg" / "data" / "sample"),
               "--limit", "2", "--repeat", "1", "--curve", "1", "2"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    rows = re.findall(r"^\| (kg [a-z ]+) \| [\d.]+ \|", out, re.MULTILINE)
    assert rows == [f"kg {stage}" for stage in ("clean", "segment", "tagger alone", "tag", "resolve", "relate",
                                                "assemble", "lay out", "export", "page", "whole build")]
    assert re.findall(r"^\| (\d) \| \d+ \| [\d.]+ \| \d+ \|$", out, re.MULTILINE) == ["1", "2"]
    assert "to the power of" in out


def test_every_format_has_a_row() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "benchmark_exports.py"), "--nodes", "20", "--edges", "40"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    rows = re.findall(r"^\| (\S+) \| [\d.]+ \| \d+ \| \d+ \|$", out, re.MULTILINE)
    assert rows == ["networkx.write_graphml_xml", "networkx.write_graphml_lxml", *EXPORTERS]
