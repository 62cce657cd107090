"""Kill builds at random moments, run them again, and compare with a build that nobody disturbed.

    python scripts/kill_builds.py kg/data/sample --times 20

Each time a new build with its own store and output is killed (SIGKILL, all its processes) after a random share of the
time that an undisturbed one takes; then the same command runs to its end. Exit code 1 where a byte of a graph differs,
or where anything half-written stood under its final name.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GRAPH = ("graph.graphml", "graph.json", "graph.html")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begin = time.perf_counter()
        subprocess.run(command(options, folder, "plain"), check=True, capture_output=True)
        took = time.perf_counter() - begin
        expected = written(folder / "plain.out")
        for number in range(options.times):
            after = draw.uniform(0.05, 1.0) * took
            kill(command(options, folder, str(number)), after)
            left = written(folder / f"{number}.out")
            half = [file for file, data in left.items() if data != expected[file]]
            subprocess.run(command(options, folder, str(number)), check=True, capture_output=True)
            same = written(folder / f"{number}.out") == expected
            wrong += bool(half) or not same
            print(f"killed after {after:5.2f} s, {len(left)} files in place: {'the same' if same else 'DIFFERENT'}"
                  f"{', half-written: ' + ' '.join(half) if half else ''}", flush=True)
    print(f"{options.times - wrong} of {options.times} byte-identical")
    raise SystemExit(int(wrong > 0))


def command(options: argparse.Namespace, folder: Path, name: str) -> list[str]:
    return [sys.executable, "-m", "kg", "build", *options.inputs, "--workers", str(options.workers),
            "--store", str(folder / f"{name}.store"), "-o", str(folder / f"{name}.out")]


def kill(arguments: list[str], after: float) -> None:
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def written(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in GRAPH if (out / name).exists()}


if __name__ == "__main__":
    main()
