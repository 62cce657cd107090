"""Accuracy on documents with gold doesn't fall below what it was: see scripts/evaluate.py."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.shared
@pytest.mark.parametrize(("gold", "texts"), [("gold", "seeds"), ("gold_news", "data/gold_news")])
def test_figures_hold(shared: Path, gold: str, texts: str) -> None:
    run = subprocess.run([sys.executable, ROOT / "scripts" / "evaluate.py", shared / "data" / gold,
                          "--texts", shared / texts, "--floors", ROOT / "tests" / "floors.json"],
                         capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
