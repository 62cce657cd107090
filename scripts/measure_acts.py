"""Measure the acts of a graph on thousands of texts in which it was marked who does what.

    python scripts/measure_acts.py ../shared/data/news ../shared/data/ner [--marks MARKS.tsv.gz] [--limit N]

The marks hold no text, only where verbs stand in a record, and names of those who did what they tell. A line is a
record (named as in ner/marked.py), where a verb begins, and where a name of each begins:

    cctv-20220106-04<tab>120<tab>104 110
    cctv-20220106-04<tab>131?<tab>104

A ? says that annotators would differ; a line without numbers, that the record was read. Texts come from the folders;
records that aren't there are left out. An act is right if the verb is marked and one of its agents is; disputed, if
that is marked with a ?; else wrong. Only people and bodies that were nodes could be marked, so what is missed because
its agent wasn't found isn't counted.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ner.marked import record_texts

from kg.acts import Act, find_acts
from kg.clean import clean
from kg.models import Document, Mention
from kg.pipeline import Tools, load_tools
from kg.resolve import resolve
from kg.segment import segment
from kg.settings import Settings
from kg.tag import tag

MARKS = Path(__file__).parent / "acts" / "marks.tsv.gz"
#: Verbs that carry another (发动/空袭): marked, they count for an act told of what they carry, so far behind them.
CARRIERS = ("进行", "开展", "实施", "作", "做", "发动", "展开", "给予", "予以", "加以", "作出", "做出", "发起", "举行")
CARRIED = 16


class Mark(NamedTuple):
    """Where a name of each begins who did what a verb tells. `certain`: all annotators would say so."""

    certain: bool
    names: tuple[int, ...]


def read_marks(path: Path) -> dict[str, dict[int, Mark]]:
    """Record → where a verb begins → its mark."""
    marks: dict[str, dict[int, Mark]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                record, verb, names = line.rstrip("\n").split("\t")
                of_record = marks.setdefault(record, {})
                if verb:
                    of_record[int(verb.rstrip("?"))] = Mark(not verb.endswith("?"), tuple(map(int, names.split())))
    return marks


def judge(text: str, marks: Mapping[int, Mark], tools: Tools) -> Iterator[tuple[str, str]]:
    """Each act of a text as (verdict, canonical action): right, disputed or wrong; and each certain mark missed."""
    cleaned = clean(Document(id="marked", text=text, source="-", sha256="0" * 64), Settings())
    tagged = next(tag([(cleaned, segment(cleaned))], tools.tagger, tools.knowledge), None)
    if tagged is None:
        return
    resolved, raw = resolve(cleaned, tagged, tools.knowledge), cleaned.offsets.starts
    owners: dict[int, set[str]] = {}        # a name may begin with another: 中共中央 in 中共中央办公厅
    for mention, id_ in resolved.links.items():
        owners.setdefault(raw[mention.start], set()).add(id_)
    acts = [act for act in find_acts(resolved.sentences, resolved.links) if act.polarity == "positive"]
    found = set()
    for act in acts:
        start = raw[act.trigger.start]
        at = start if start in marks else _carrier(text, start, marks)
        found.add(at)
        yield _verdict(act, marks.get(at), owners, resolved.links), act.canonical
    for verb, mark in marks.items():
        if mark.certain and verb not in found:
            yield "missed", ""


def _carrier(text: str, start: int, marks: Mapping[int, Mark]) -> int:
    """Where the marked verb begins that carries the one at `start`; -1 if there is none."""
    return next((at for at in range(start - 1, max(start - CARRIED, 0) - 1, -1)
                 if at in marks and text.startswith(CARRIERS, at)), -1)


def _verdict(act: Act, mark: Mark | None, owners: Mapping[int, set[str]], links: Mapping[Mention, str]) -> str:
    agents = {links[agent] for agent in act.agents if agent in links}
    if mark is None or all(agents.isdisjoint(owners.get(name, ())) for name in mark.names):
        return "wrong"
    return "right" if mark.certain else "disputed"


def main(argv: Sequence[str] | None = None) -> None:
    """See the head of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders with the texts, *.jsonl.gz")
    parser.add_argument("--marks", type=Path, default=MARKS)
    parser.add_argument("--limit", type=int, default=None, help="texts to read, the first ones")
    options = parser.parse_args(argv)
    marks, tools = read_marks(options.marks), load_tools(Settings())
    texts = dict(record_texts(options.folders, set(marks)))
    records = [record for record in marks if record in texts][:options.limit]
    if not records:
        parser.error(f"none of the marked records is in {', '.join(map(str, options.folders))}")
    verdicts = Counter(each for record in records for each in judge(texts[record], marks[record], tools))
    said: Counter[str] = Counter()
    for (verdict, _), count in verdicts.items():
        said[verdict] += count
    right, wrong = said["right"], said["wrong"]
    print(f"{len(records)} texts: {right} right, {said['disputed']} disputed, {wrong} wrong, {said['missed']} missed\n"
          f"precision {right / max(right + wrong, 1):.3f}, recall {right / max(right + said['missed'], 1):.3f}\n\n"
          f"{'action':20s} right  disputed  wrong")
    actions = {action for verdict, action in verdicts if verdict != "missed"}
    for action in sorted(actions, key=lambda a: (-verdicts["wrong", a], a))[:25]:
        print(f"{action:20s} {verdicts['right', action]:5d} {verdicts['disputed', action]:9d} "
              f"{verdicts['wrong', action]:6d}")


if __name__ == "__main__":
    main()
