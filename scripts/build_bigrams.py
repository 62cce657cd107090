"""Build kg/data/cleaning/bigrams.tsv and readings.tsv, the tables behind the repair of byte-shift mojibake.

    python scripts/build_bigrams.py [--dict dict.txt]

bigrams.tsv   how often a character follows another inside a word, counted from the word frequencies of
              jieba's dict.txt (jieba 0.42.1, MIT, Sun Junyi), which pip downloads unless --dict names it.
readings.tsv  which characters of GBK have which reading, from pypinyin (MIT, Huang Huang), whose data is
              pinyin-data (MIT); pypinyin must be installed for the build, the package doesn't need it.

Counts are written as one letter of a logarithmic scale (see LEVELS in kg/clean/hanzi.py), so the table stays
small enough to ship. Rare pairs are left out.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from kg.clean.hanzi import LEVEL_BASE, LEVELS

OUT = Path(__file__).parents[1] / "kg" / "data" / "cleaning"
JIEBA = "jieba==0.42.1"
RAREST = 5  # a pair must have been seen this often

HEADER_BIGRAMS = """\
# Character bigrams inside words, counted from dict.txt of jieba 0.42.1 (MIT, (c) 2013 Sun Junyi).
# Made by scripts/build_bigrams.py; don't edit by hand.
# character <tab> letter for its count, letter for its count at the start of a word <tab> (next character, letter)*
"""
HEADER_READINGS = """\
# Readings of the characters of GBK, from pypinyin (MIT, (c) 2016 mozillazg) and its pinyin-data (MIT).
# Made by scripts/build_bigrams.py; don't edit by hand.
# reading <tab> characters
"""


def level(count: float) -> str:
    """The letter for a count."""
    return LEVELS[min(len(LEVELS) - 1, round(math.log(count) / math.log(LEVEL_BASE)))]


def fetch_dict(folder: Path) -> Path:
    """Download jieba's source package and take dict.txt out of it."""
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
                    JIEBA, "-d", str(folder)], check=True)
    archive = next(folder.glob("jieba-*.tar.gz"))
    with tarfile.open(archive) as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith("/jieba/dict.txt"))
        content = tar.extractfile(member)
        assert content is not None
        path = folder / "dict.txt"
        path.write_bytes(content.read())
    return path


def write_bigrams(dictionary: Path) -> None:
    total: Counter[str] = Counter()
    initial: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in dictionary.read_text("utf-8").splitlines():
        word, count_text = line.split(" ")[:2]
        count = int(count_text)
        if not all("\u4e00" <= c <= "\u9fff" for c in word):
            continue
        initial[word[0]] += count
        for char in word:
            total[char] += count
        for pair in pairwise(word):
            pairs[pair] += count
    followers: dict[str, list[str]] = defaultdict(list)
    for (first, second), count in sorted(pairs.items()):
        if count >= RAREST:
            followers[first].append(second + level(count))
    with (OUT / "bigrams.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER_BIGRAMS)
        for char in sorted(total):
            counts = level(max(total[char], 1)) + level(max(initial[char], 1))
            file.write(f"{char}\t{counts}\t{''.join(followers[char])}\n")


def write_readings() -> None:
    from pypinyin import Style, pinyin

    chars: dict[str, list[str]] = defaultdict(list)
    for point in range(0x4E00, 0xA000):
        char = chr(point)
        try:
            char.encode("gbk")
        except UnicodeEncodeError:
            continue
        for reading in pinyin(char, heteronym=True, style=Style.TONE)[0]:
            if reading != char:
                chars[reading].append(char)
    with (OUT / "readings.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER_READINGS)
        for reading in sorted(chars):
            file.write(f"{reading}\t{''.join(chars[reading])}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dict", type=Path, help="jieba's dict.txt, if you have it already")
    path = parser.parse_args().dict
    with tempfile.TemporaryDirectory() as folder:
        write_bigrams(path or fetch_dict(Path(folder)))
    write_readings()


if __name__ == "__main__":
    main()
