"""Read, clean and split damaged files, as many as are wanted; nothing may crash, hang, or lose its way back.

    python scripts/fuzz_reading.py FILE_OR_FOLDER... [--cases N] [--seed N] [--only NUMBER]

Files of text are turned into every format that is read, others taken as they are. Each case damages one of them: cut
off, bits flipped, two files spliced, pieces doubled or lost, read in one encoding and written in another. It passes if
the file is read or skipped with a message, each edit replays, and each sentence is what stands at its offsets. `--only`
repeats a case.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from kg.clean import clean  # noqa: E402
from kg.clean.edits import apply_edits  # noqa: E402
from kg.errors import KGError  # noqa: E402
from kg.read import read  # noqa: E402
from kg.segment import segment  # noqa: E402
from kg.settings import Settings  # noqa: E402
from tests.document_files import docx, parquet, pdf, printed, zipped  # noqa: E402

SECONDS = 20  # a case that takes longer hangs
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "latin-1", "cp1252", "shift_jis", "cp437", "utf-7")


def originals(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Suffix and bytes of undamaged files of every format."""
    files = sorted(file for path in paths for file in (path.rglob("*.*") if path.is_dir() else [path]))
    made: list[tuple[str, bytes]] = []
    for file in files:
        data = file.read_bytes()
        if file.suffix != ".txt":
            made.append((file.suffix, data))
            continue
        text = data.decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        page = "".join(f"<div class='c'><p>{html.escape(line)}</p></div>\n" for line in lines)
        page = f"<!DOCTYPE html><html><head><title>{html.escape(lines[0])}</title></head><body>{page}</body></html>"
        row = json.dumps({"id": file.stem, "text": text, "date": "2020-02-04"}, ensure_ascii=False) + "\n"
        word = docx("".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in map(printable, lines)))
        made += [(".txt", data), (".txt", text.encode("gb18030", "replace")), (".md", data), (".html", page.encode()),
                 (".jsonl", row.encode() * 3), (".csv", f'title,text\n甲,"{text.replace(chr(34), "")}"\n'.encode()),
                 (".docx", word), (".pdf", pdf([printed("\n".join(lines[:20]))])),
                 (".zip", zipped({"通报/a.txt": data, "b.html": page.encode(), "c.docx": word}, "gb18030")),
                 (".parquet", parquet({"text": [text] * 3, "title": ["甲"] * 3}))]
    return made


def printable(line: str) -> str:
    return "".join(char for char in line if char.isprintable())


def cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.7 else data[at:]


def flip(data: bytes, other: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 100, len(data) // 20 + 1))):
        if out:
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[:chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1):]


def shuffle(data: bytes, other: bytes, chance: random.Random) -> bytes:
    size = chance.choice((1, 16, 256, 4096))
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    start = chance.randrange(len(pieces) + 1)
    part = pieces[start:start + chance.randrange(1, 40)]
    return b"".join(pieces[:start] + part * chance.choice((0, 2, 5)) + pieces[start + chance.randrange(40):])


def recode(data: bytes, other: bytes, chance: random.Random) -> bytes:
    first, second = chance.sample(ENCODINGS, 2)
    lost = chance.choice(("ignore", "replace"))
    return data.decode(first, lost).encode(second, lost)


DAMAGE: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (cut, flip, splice, shuffle, recode)


def damaged(files: Sequence[tuple[str, bytes]], chance: random.Random) -> tuple[str, str, bytes]:
    """What was done, the suffix and the bytes of a damaged file."""
    suffix, data = chance.choice(files)
    done = chance.choices(DAMAGE, k=chance.choice((1, 1, 1, 2)))
    for damage in done:
        data = damage(data, chance.choice(files)[1], chance)
    return "+".join(damage.__name__ for damage in done), suffix, data


def too_long(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def look(path: Path) -> str:
    """What becomes of a file: read, skipped or refused. Raises whatever is wrong."""
    try:
        documents, skipped = read([path], Settings())
    except KGError:
        return "refused"
    for each in skipped:
        if not each.reason.strip():
            raise AssertionError(f"{each.source} was skipped without a reason")
    for document in documents:
        cleaned = clean(document, Settings())
        if apply_edits(document.text, cleaned.edits) != cleaned.text:
            raise AssertionError("the edits don't replay")
        for sentence in segment(cleaned):
            if cleaned.text[sentence.start:sentence.end] != sentence.text:
                raise AssertionError("a sentence isn't where it says")
            cleaned.quote(sentence.start, sentence.end)
    return "read" if documents else "skipped"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="run the case of this number alone")
    options = parser.parse_args()
    files = originals(options.files)
    signal.signal(signal.SIGALRM, too_long)
    figures: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.cases) if options.only is None else [options.only]:
            what, suffix, data = damaged(files, random.Random(f"{options.seed} {number}"))
            path = Path(folder) / f"case{suffix}"
            path.write_bytes(data)
            signal.alarm(SECONDS)
            started = time.process_time()
            try:
                figures[look(path)] += 1
            except Exception:  # whatever it is, it is what this script looks for
                figures["failed"] += 1
                print(f"case {number}: {what} {suffix}\n{traceback.format_exc(limit=-4)}")
            finally:
                signal.alarm(0)
            slowest = max(slowest, time.process_time() - started)
    print(json.dumps({"cases": sum(figures.values()), **figures, "slowest_seconds": round(slowest, 2)}))
    return int(figures["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
