"""Try to break a build: thousands of mutated and hostile files on the whole path, from files to exported graphs.

    python scripts/fuzz_build.py                        5,000 inputs through read … export
    python scripts/fuzz_build.py --reading -n 20000     only read, clean and segment, which is faster
    python scripts/fuzz_build.py --seed 7 -n 500 --keep outputs/fuzz

Inputs are the documents of the sample in every format that is read, damaged in random ways, and cases made by hand
(`hostile`), under names that are hostile themselves. They go through in folders of a hundred. A folder fails when
something but a KGError is raised or what is written can't be read back (crash), when it needs more than LIMIT seconds
of the processor (hang), or when a file or a row of it is neither in the graph nor reported (loss). The input at fault
is then looked for by itself and kept. The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from kg.assemble import verify_spans
from kg.clean import clean
from kg.errors import KGError
from kg.export import read_graph, write_graph
from kg.export.write import write_build
from kg.pipeline import build
from kg.read import Skipped, read
from kg.read.encodings import decode
from kg.segment import segment
from kg.settings import Settings
from kg.taggers import Tagger, open_tagger
from kg.visible import visible

#: Inputs in a folder, and seconds of the processor that a folder may take; most take three.
FOLDER, LIMIT = 100, 120
SENTENCE = "9月4日，青岚市公安局局长周海平主持召开会议，部署防汛工作。"
DOCUMENT = f"青岚市公安局召开会议\n2022-09-04\n{SENTENCE}\n会后，云岭县应急管理局发布《防汛通告》。\n".encode()
FORMATS = ("txt", "md", "html", "jsonl", "csv", "tsv", "docx", "parquet", "zip")
ENCODINGS = (*["utf-8"] * 5, "gb18030", "big5", "utf-16", "utf-8-sig")
#: Bytes that have broken programs before.
POISON = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x98",
          "\u202e\u2066\u200f\ufeff\u2028\x85".encode(), b"\x1b[2J",
          "（".encode() * 300, "《".encode() * 300, "“".encode() * 300, "某".encode() * 500, "、".encode() * 500,
          "公安局".encode() * 200, "任命张三为局长、".encode() * 60, b"<div>" * 400, b"<" * 600, b"<!--", b"<![CDATA[",
          b"&#x110000;&#0;&amp;amp;nbsp;" * 50, b'"' * 99, b"[" * 2000, b'{"text":' * 500, b"9" * 5000, b"1e999",
          "２０２２年１３月４５日".encode() * 40, b"9999-99-99 ", b"=cmd|' /C calc'!A0", b"@SUM(1)\t+1\t-1", b"\r\r",
          "󰀀󰀁􀀀􏿽".encode(), "𠮷野家😀".encode() * 50, b"&" * 2000, b"?!t" * 300, "戰(zhàn)士".encode() * 80,
          b"http://" + b"a" * 3000, "第".encode() * 900, "的".encode() * 900, " \u3000\u00a0".encode() * 900)
NAMES = ("通报", "=cmd", "@a", "-1", "a b", "\u202etxt.exe", "a\nb", "\x1b[31m", "名" * 70, "'\"<b>", "|x|y",
         "2020-02-30", "..a", "%s{}")


class Input(NamedTuple):
    """A file to be read: its name and its bytes."""

    name: str
    data: bytes


class Finding(NamedTuple):
    """What is wrong with a folder, and with which input if one alone shows it."""

    kind: str
    what: str
    input: Input | None = None


def inputs(seed: int) -> Iterator[Input]:
    """Without end: the hostile cases, then documents of every format, each damaged in its own way."""
    chance = random.Random(seed)
    for number, (name, data) in enumerate(hostile()):
        yield Input(f"h{number}-{name}", data)
    sample = sorted(Path(str(files("kg") / "data" / "sample")).glob("*.txt"))
    texts = [DOCUMENT, *(path.read_bytes() for path in sample)]
    number = 0
    while True:
        number += 1
        kind, text = chance.choice(FORMATS), cut(chance.choice(texts).decode(), chance)
        data = mutated(written(text, kind, chance), chance)
        yield Input(f"{number}{chance.choice(NAMES)}.{kind}"[-200:].replace("/", "_"), data)


def cut(text: str, chance: random.Random) -> str:
    """A few lines of a text: short texts take less time and break the same things."""
    lines = text.splitlines()
    begin = chance.randrange(len(lines))
    return "\n".join(lines[begin:begin + chance.randint(1, 5)])[:1500] or SENTENCE


def written(text: str, kind: str, chance: random.Random) -> bytes:
    """A text in a format; tables have it in three rows."""
    encoding = chance.choice(ENCODINGS)
    if kind == "html":
        body = text.replace("\n", "</p><p>")
        text = f"<html><head><title>{text[:20]}</title></head><body><p>{body}</p></body></html>"
    elif kind == "jsonl":
        rows = [{"id": chance.choice(["", "a", "=1", "\u202e"]), "正文": text, "date": "2022-09-04"}] * 3
        text = "\n".join(json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in rows)
    elif kind in ("csv", "tsv"):
        out = io.StringIO()
        table = csv.writer(out, delimiter="," if kind == "csv" else "\t")
        table.writerows([["id", "text"], *([each, text] for each in "abc")])
        text = out.getvalue()
    elif kind in ("docx", "parquet", "zip"):
        return BINARY[kind](text)
    return text.encode(encoding, "replace")


def word(text: str) -> bytes:
    import docx

    document, out = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def parquet(text: str) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"text": [text] * 3}), out)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


BINARY: dict[str, Callable[[str], bytes]] = {
    "docx": word, "parquet": parquet,
    "zip": lambda text: zipped({"a.txt": text.encode(), "b/../c.txt": b"x", "d.html": b"<p>"})}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes with one to six things wrong with them."""
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randint(0, len(data)), chance.randint(1, 60)
        other = chance.randint(0, len(data))
        data = chance.choice((
            data[:at] + data[at + length:], data[:at] + data[at:at + length] * 3 + data[at:],
            data[:at] + chance.choice(POISON) + data[at:], data[:at] + chance.choice(POISON) + data[at:],
            data[:at] + chance.randbytes(length) + data[at + length:], data[:at], data[at:] + data[:at],
            data[:at] + data[other:other + length] + data[at + length:]))
    return data


def hostile() -> Iterator[tuple[str, bytes]]:
    """Cases made by hand: name and bytes."""
    for number, poison in enumerate(POISON):
        for kind in ("txt", "html", "csv", "jsonl"):
            head = {"csv": b"text\r\n", "jsonl": b""}.get(kind, b"")
            yield f"poison{number}.{kind}", head + poison + SENTENCE.encode() + poison
    deep = "<div>" * 5000 + SENTENCE + "</div>" * 5000
    yield "deep.html", deep.encode()
    yield "table.html", ("<table><tr><td>" * 800 + SENTENCE).encode()
    yield "script.html", b"<script>" * 2000 + SENTENCE.encode()
    yield "deep.jsonl", b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield "number.jsonl", b'{"text": ' + b"9" * 10_000 + b"}\n" + b'{"text": NaN}\n' + b'{"text": 1e999}'
    yield "surrogate.jsonl", b'{"text": "\\ud83d\\u0000' + SENTENCE.encode() + b'", "id": "\\udc00"}'
    yield "keys.jsonl", json.dumps({**{f"k{i}": i for i in range(20_000)}, "text": SENTENCE}).encode()
    yield "long.jsonl", json.dumps({"text": SENTENCE * 3000}, ensure_ascii=False).encode()
    yield "columns.csv", b"," * 20_000 + b"text\n" + b"," * 20_000 + SENTENCE.encode()
    yield "quote.csv", b'text\n"' + SENTENCE.encode() * 50
    yield "line.txt", SENTENCE.encode() * 3000
    yield "names.txt", ("、".join(f"甲{i}局" for i in range(3000))).encode()
    yield "lines.txt", b"\n" * 100_000 + SENTENCE.encode()
    yield "bomb.zip", zipped({"a.txt": b" " * 30_000_000 + SENTENCE.encode()})
    yield "path.zip", zipped({"../../a.txt": SENTENCE.encode(), "/b.txt": SENTENCE.encode(), "c\x00.txt": b"x",
                              "\u202ed.txt": SENTENCE.encode()})
    yield "nested.zip", zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": SENTENCE.encode()})})})
    yield "bomb.docx", repacked({"word/media/a.bin": b"\0" * 300_000_000})
    yield "entities.docx", repacked({"word/document.xml": (
        '<!DOCTYPE d [<!ENTITY a0 "青">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
        + '<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{SENTENCE}&a11;&x;</w:t></w:r></w:p></w:body></w:document>'
    ).encode()})
    yield "path.docx", repacked({"../../../tmp/kg-out.txt": b"x"})


def repacked(changed: dict[str, bytes]) -> bytes:
    """A Word document with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(word(SENTENCE))) as archive:
        return zipped({**{name: archive.read(name) for name in archive.namelist()}, **changed})


# ------------------------------------------------------------------------------------------ checks


class Hang(BaseException):
    """What takes too long; no `except Exception` on the way holds it up."""


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Raise Hang in the block when it takes more time of the processor; a busy machine makes nothing hang."""
    def over(*_: object) -> None:
        raise Hang(f"not done after {seconds} s")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_reading(folder: Path, _: Tagger | None) -> tuple[set[tuple[str, int | None]], Sequence[Skipped]]:
    """Read, clean and segment; source and row of every document, and what was skipped."""
    documents, skipped = read([folder], Settings())
    for document in documents:
        cleaned = clean(document, Settings())
        for sentence in segment(cleaned):
            if cleaned.text[sentence.start:sentence.end] != sentence.text:
                raise AssertionError(f"{document.id}: a sentence isn't what stands at its place")
    return {(document.source, document.row) for document in documents}, skipped


def try_build(folder: Path, tagger: Tagger | None) -> tuple[set[tuple[str, int | None]], Sequence[Skipped]]:
    """Build and write everything; source and row of every document in the graph that was read back."""
    built = build([folder], Settings(date="2022-09-05"), tagger=tagger)
    with tempfile.TemporaryDirectory() as out:
        write_build(built, Path(out) / "graph", title="\u202e<b>=1")
        graph = read_graph(Path(out) / "graph" / "graph.json")
        if graph != built.graph:
            raise AssertionError("the graph read back isn't the one that was written")
        if faults := verify_spans(graph):
            raise AssertionError(f"spans: {faults[0]}")
        for suffix in ("gexf", "csv.zip", "cypher", "ttl", "ftm.json"):
            write_graph(graph, Path(out) / f"graph.{suffix}")
        check_files(Path(out))
    return {(document.source, document.row) for document in graph.documents}, built.skipped


def check_files(out: Path) -> None:
    """XML is XML, no cell computes, and nothing steers a terminal."""
    from xml.etree import ElementTree

    for path in (out / "graph" / "graph.graphml", out / "graph.gexf"):
        ElementTree.parse(path)
    with zipfile.ZipFile(out / "graph.csv.zip") as archive:
        for name in archive.namelist():
            rows = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            for cell in (cell for row in rows for cell in row):
                if cell.startswith(("=", "+", "@", "\t", "\r")) or (cell.startswith("-") and not is_number(cell)):
                    raise AssertionError(f"{name}: the cell {cell[:40]!r} would be computed")
    report = (out / "graph" / "report.md").read_text(encoding="utf-8")
    if report != visible(report, keep="\n"):
        raise AssertionError("report.md holds characters that can't be seen")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


Path_ = Callable[[Path, Tagger | None], tuple[set[tuple[str, int | None]], Sequence[Skipped]]]


def examine(batch: Sequence[Input], path: Path_, tagger: Tagger | None) -> Finding | None:
    """What is wrong with a folder of these inputs; None if nothing is."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        folder.mkdir()
        for each in batch:
            (folder / each.name).write_bytes(each.data)
        (folder / "sound.txt").write_bytes(DOCUMENT)
        try:
            with limit(LIMIT):
                documents, skipped = path(folder, tagger)
        except Hang as error:
            return Finding("hang", str(error))
        except KGError as error:
            return Finding("crash", f"the whole folder is refused: {error}")
        except Exception as error:  # what this script is for
            return Finding("crash", f"{type(error).__name__}: {error}")
        for each in batch:
            source = visible(str(folder / each.name))
            if lost := unaccounted(each, source, documents, [s.source for s in skipped]):
                return Finding("loss", f"{visible(each.name)}: {lost}", each)
    return None


def unaccounted(each: Input, source: str, documents: set[tuple[str, int | None]], skipped: Sequence[str]) -> str:
    """What of an input is neither a document nor reported; empty if all is."""
    inside = {at for name, at in documents if name == source or name.startswith(f"{source}/")}
    reported = [name for name in skipped if name == source or name.startswith((f"{source}/", f"{source}:"))]
    if not inside and not reported:
        return "neither read nor reported"
    if source in reported:      # as a whole, or for all its rows without a text
        return ""
    lost = [number for number in numbers_of_rows(each) if number not in inside and f"{source}:{number}" not in reported]
    return f"rows {lost[:5]} are lost" if lost else ""


def numbers_of_rows(each: Input) -> list[int]:
    """The rows of a table, counted as kg counts them."""
    decoded = decode(each.data)
    if each.name.endswith(".jsonl") and decoded:
        return [number for number, line in enumerate(decoded.text.split("\n"), start=1) if line.strip("\ufeff \t\r")]
    if each.name.endswith((".csv", ".tsv")) and decoded:
        text = io.StringIO(decoded.text.lstrip("\ufeff").replace("\x00", ""), newline="")
        rows = csv.reader(text, delimiter="," if each.name.endswith(".csv") else "\t")
        return list(range(1, sum(1 for row in rows if row)))
    return []


def run(count: int, seed: int, path: Path_, tagger: Tagger | None, keep: Path | None = None) -> list[Finding]:
    """Try so many inputs, folder by folder; says on standard error how far it is."""
    found: list[Finding] = []
    source, done, begin = islice(inputs(seed), count), 0, time.perf_counter()
    while batch := list(islice(source, FOLDER)):
        finding = examine(batch, path, tagger)
        if finding is not None:
            alone = ((each, examine([each], path, tagger)) for each in batch)
            finding = next((each._replace(input=one) for one, each in alone if each), finding)
            found.append(finding)
            print(f"{finding.kind}: {finding.what[:300]}", file=sys.stderr, flush=True)
            if keep and finding.input:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{len(found)}-{finding.kind}{Path(finding.input.name).suffix}").write_bytes(finding.input.data)
        done += len(batch)
        print(f"{done} inputs, {len(found)} findings, {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reading", action="store_true", help="only read, clean and segment")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that were at fault")
    options = parser.parse_args()
    tagger: Any = None if options.reading else open_tagger("default")
    found = run(options.count, options.seed, try_reading if options.reading else try_build, tagger, options.keep)
    kinds = Counter(finding.kind for finding in found)
    print(f"{options.count} inputs, seed {options.seed}: "
          + ", ".join(f"{kinds[kind]} {name}" for kind, name in
                      (("crash", "crashes"), ("hang", "hangs"), ("loss", "silent losses"))))
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
