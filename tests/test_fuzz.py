"""A small sample of what scripts/fuzz_reading.py does: damaged files neither crash nor hang."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_damaged_files_are_read_or_skipped():
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "fuzz_reading.py"),
                           str(ROOT / "kg" / "data" / "sample"), "--cases", "80", "--seed", "11"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["cases"] == 80
    assert figures["read"] > 20
