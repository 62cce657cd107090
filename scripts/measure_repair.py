"""How well repairs restore damaged text, and whether they leave clean text alone.

    python scripts/measure_repair.py damage FILE... [--lines N] [--seed N]
    python scripts/measure_repair.py clean FILE...

FILE is a text or (gzipped) JSON lines with a `text`. `damage` takes N lines, turns them into Traditional characters
in GBK, glues readings to some of them and splits the text at `！`, both without regard to the boundaries of
characters, decodes the bytes leniently, repairs the result, and compares it with what the same text gives without
the damage. `clean` repairs everything and shows each change other than of width and blanks.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import random
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.clean import FIXERS, clean
from kg.clean.edits import Tracked
from kg.clean.hanzi import readings
from kg.models import Document, Edit
from kg.settings import Settings

#: Changes of these fixers alone are of width and blanks.
HARMLESS = frozenset({"width", "blanks", "spaces", "line_breaks"})
SPLIT_AT = "！".encode("gb18030")
LINES_OF_A_PAGE = 12
SHARE_GLUED = 0.6   # of the Traditional characters of a page
LEVELS = (0.85, 0.7, 0.4, 0.0)  # of confidence, by which restored spans are counted


def texts(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Name and text of every document."""
    for path in paths:
        if ".jsonl" not in path.name:
            yield path.name, path.read_text(encoding="utf-8")
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for number, line in enumerate(data.decode("utf-8").splitlines(), start=1):
            yield f"{path.name}:{number}", json.loads(line)["text"]


# ---------------------------------------------------------------------------------------- damage


class Press:
    """What damages a page: a table of Traditional characters with the readings that are glued to them."""

    def __init__(self, lines: Sequence[str], chance: random.Random):
        known = set("".join(lines))
        traditional = sorted({char for line in lines for char in in_traditional(line)} - known)
        self.table = [(two, f"({min(readings()[char])})") for char in traditional
                      if (two := char.encode("gb18030")) and len(two) == 2 and char in readings()
                      and chance.random() < SHARE_GLUED]
        chance.shuffle(self.table)

    def whole(self, line: str) -> str:
        """The line in Traditional characters with readings where they belong."""
        glued = {two.decode("gb18030"): reading for two, reading in self.table}
        return "".join(char + glued.get(char, "") for char in in_traditional(line))

    def damaged(self, line: str) -> str:
        """The line as it comes out when bytes are replaced and split instead of characters."""
        data = in_traditional(line).encode("gb18030")
        for two, reading in self.table:
            data = data.replace(two, two + reading.encode("gb18030"))
        parts = data.split(SPLIT_AT)
        return "！".join(map(lenient, parts))


def in_traditional(line: str) -> str:
    import opencc

    if not hasattr(in_traditional, "converter"):
        in_traditional.converter = opencc.OpenCC("s2t")
    return str(in_traditional.converter.convert(line))


def lenient(data: bytes) -> str:
    """GBK by a decoder that shows `?` for half a character and drops pairs that are none."""
    out, at = [], 0
    while at < len(data):
        if data[at] < 0x80:
            out.append(chr(data[at]))
            at += 1
        elif at + 1 == len(data) or data[at + 1] < 0x40 or data[at + 1] == 0x7F or data[at] in (0x80, 0xFF):
            out.append("?")
            at += 2
        else:
            out.append(data[at:at + 2].decode("gbk", "ignore"))
            at += 2
    return "".join(out)


def wrong(expected: str, found: str) -> int:
    """How many characters of a line are not what they should be."""
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")


def without_restoring(text: str) -> str:
    """A text as the fixers leave it that know nothing of this damage."""
    tracked = Tracked(text)
    for name in FIXERS.keys() - {"html", "mojibake"}:
        tracked.apply(name, FIXERS[name](tracked.text))
    return tracked.text


def repaired(text: str) -> tuple[str, tuple[Edit, ...]]:
    document = clean(Document(id="page", text=text, source="page", sha256=""), Settings())
    return document.text, document.edits


def measure_damage(paths: Sequence[Path], count: int, seed: int) -> dict[str, float]:
    """Wrong characters and lines before and after the repair."""
    chance = random.Random(seed)
    lines = sorted({line.strip() for _, text in texts(paths) for line in text.split("\n") if usable(line.strip())})
    lines = chance.sample(lines, min(count, len(lines)))
    figures: Counter[str] = Counter()
    for at in range(0, len(lines), LINES_OF_A_PAGE):
        page = lines[at:at + LINES_OF_A_PAGE]
        press = Press(page, chance)
        damaged = "\n".join(map(press.damaged, page))
        whole, edits = repaired(damaged)
        result, expected = whole.split("\n"), repaired("\n".join(map(press.whole, page)))[0].split("\n")
        for confidence, right in judged(edits, result, expected):
            level = next(each for each in LEVELS if confidence >= each)
            figures.update({f"restored_from_{level}": 1, f"right_from_{level}": right})
        before = without_restoring(damaged).split("\n")
        for one, other, last in zip(expected, before, result, strict=True):
            first, then = wrong(one, other), wrong(one, last)
            figures.update(lines=1, characters=len(one), wrong_before=first, wrong_after=then,
                           damaged_lines=first > 0, whole_again=first > 0 == then, worse=then > first)
    figures["recovered"] = round(1 - figures["wrong_after"] / max(1, figures["wrong_before"]), 4)
    return dict(figures)


def judged(edits: Sequence[Edit], result: Sequence[str], expected: Sequence[str]) -> Iterator[tuple[float, bool]]:
    """The confidence of each restored span, and whether it is what should stand there."""
    starts, shift = [0], 0
    for line in result:
        starts.append(starts[-1] + len(line) + 1)
    for edit in edits:
        if "mojibake" in edit.fix.split("+"):
            start = edit.start + shift
            number = bisect_right(starts, start) - 1
            at = start - starts[number]
            matcher = difflib.SequenceMatcher(None, expected[number], result[number], autojunk=False)
            yield edit.confidence, any(block.b <= at and at + len(edit.new) <= block.b + block.size
                                       for block in matcher.get_matching_blocks())
        shift += len(edit.new) - (edit.end - edit.start)


def usable(line: str) -> bool:
    """Whether GBK can hold a line of Chinese of ordinary length, without marks that the damage itself leaves."""
    try:
        line.encode("gbk")
    except UnicodeEncodeError:
        return False
    han = sum(char in readings() for char in line)
    return 20 <= len(line) <= 400 and han > len(line) / 2 and not set(line) & set("?？ 　")


# ------------------------------------------------------------------------------------ clean text


def measure_clean(paths: Sequence[Path]) -> dict[str, float]:
    """How many documents and characters repairs change beyond width and blanks; each change is printed."""
    figures: Counter[str] = Counter()
    for name, text in texts(paths):
        edits = [edit for edit in repaired(text)[1] if not set(edit.fix.split("+")) <= HARMLESS]
        figures.update(documents=1, characters=len(text), touched=bool(edits), edits=len(edits),
                       changed=sum(max(len(edit.old), len(edit.new)) for edit in edits))
        for edit in edits:
            around = text[max(0, edit.start - 8):edit.end + 8]
            print(f"{name} [{edit.start}, {edit.end}) {edit.fix}: {edit.old!r} -> {edit.new!r} in {around!r}")
    return dict(figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("damage", "clean"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--lines", type=int, default=600, help="lines to damage (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    figures = (measure_clean(options.files) if options.what == "clean"
               else measure_damage(options.files, options.lines, options.seed))
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
