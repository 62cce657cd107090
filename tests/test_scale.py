"""The scripts that measure growth and kill builds do what they say, on next to nothing."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "kg" / "data" / "sample"


def script(name: str, *arguments: object) -> str:
    return subprocess.run([sys.executable, str(ROOT / "scripts" / name), *map(str, arguments)], cwd=ROOT, check=True,
                          capture_output=True, text=True, encoding="utf-8").stdout


def test_every_count_is_built_twice_and_has_a_row(tmp_path: Path) -> None:
    shown = script("scale.py", SAMPLE, "--counts", 4, "--workers", 1, "--output", tmp_path, "--work", tmp_path)
    assert re.findall(r"^\| (\d) \|", shown.partition("points")[2], re.MULTILINE) == ["4"]
    [point] = json.loads((tmp_path / "scale.json").read_text())
    assert point["documents"] == 4 and all(point.values()) and point["memory"] > 50e6
    assert not list(tmp_path.glob("tmp*"))
    drawn = script("scale.py", "--workers", 1, "--read", tmp_path / "scale.json", "--output", tmp_path / "again")
    assert drawn.strip() == (tmp_path / "scale.md").read_text(encoding="utf-8").strip()
    assert "<svg" in (tmp_path / "again" / "scale.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(("power", "said"), [(1.0, 1.0), (1.5, 1.5)])
def test_the_exponent_is_that_of_the_points(power: float, said: float) -> None:
    scale = runpy.run_path(str(ROOT / "scripts" / "scale.py"))
    points = [scale["Point"](n, n, 0.01 * n ** power, 0.01 * n ** power, 0, 1.0, 0, 0) for n in (1_000, 5_000, 100_000)]
    assert scale["exponent"](points, "seconds") == pytest.approx(said)


def test_recombined_documents_are_all_different_and_the_same_each_time() -> None:
    scale = runpy.run_path(str(ROOT / "scripts" / "scale.py"))
    pool = [f"第{number}句话说的是别的事情。" for number in range(300)]
    first = list(scale["recombined"](pool, 50))
    assert first == list(scale["recombined"](pool, 50)) and len(set(first)) == 50


def test_killed_builds_are_compared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("6月3日，望江市公安局局长齐慕白主持会议。\n", encoding="utf-8")
    shown = script("kill_builds.py", tmp_path / "a.txt", "--times", 2, "--workers", 1, "--seed", 3)
    assert shown.count("killed after") == 2 and "2 of 2 byte-identical" in shown
