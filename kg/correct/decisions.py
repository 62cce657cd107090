"""Decisions of people: tables read, checked row by row, and freed of what contradicts itself.

A table is a CSV with the columns of COLUMNS in any order, as `kg review` writes it and a spreadsheet saves it again:
with commas, semicolons or tabs, in UTF-8 or GB18030, rows in any order. Rows without a decision are passed over;
columns that aren't known are the reader's own. All faults of all tables are told at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from kg.assemble.periods import bounds
from kg.clean.metadata import iso_date
from kg.correct.refs import parse
from kg.errors import InputError
from kg.export.tables import unguarded
from kg.knowledge.ontology import Ontology, kind_named
from kg.models import EntityType, Record
from kg.read.encodings import decode

Act = Literal["same", "different", "right", "wrong", "rename", "type", "split", "delete", "add"]

#: Other words for a decision.
WORDS: dict[str, Act] = {
    **{act: act for act in get_args(Act)}, "merge": "same", "相同": "same", "同一": "same", "合并": "same",
    "不同": "different", "对": "right", "正确": "right", "错": "wrong", "错误": "wrong", "改名": "rename",
    "类型": "type", "拆分": "split", "删除": "delete", "添加": "add", "新增": "add"}

#: Columns for people, columns for their decision, and columns by which a build finds what is meant.
ASKED = ("kind", "question", "name", "type", "sentence", "document", "other_name", "other_type", "other_sentence",
         "other_document", "candidates", "confidence")
DECIDED = ("decision", "value", "who", "why")
QUALITIES = ("title", "status", "measure", "kinship")
MEANT = ("key", "relation", "other", *QUALITIES, "date", "edge")
COLUMNS = (*ASKED, *DECIDED, *MEANT)

#: Types that a name can be given by hand; dates and acts are more than a name.
TYPES: tuple[EntityType, ...] = ("PERSON", "ORGANIZATION", "LOCATION", "DOCUMENT")


#: How a spreadsheet writes 2020-02-04 when it saves it again.
_SPREADSHEET_DATE = re.compile(r"\d{4}/\d{1,2}/\d{1,2}")


class Decision(Record):
    """One row. `key` and `other` are references (kg.correct.refs); an edge is named by its ends or its id."""

    file: str
    line: int
    act: Act
    key: str = ""
    other: str = ""
    value: str = ""
    who: str
    why: str
    relation: str = ""
    title: str = ""
    status: str = ""
    measure: str = ""
    kinship: str = ""
    date: str = ""
    edge: str = ""
    document: str = ""
    sentence: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def about_edge(self) -> bool:
        return bool(self.relation or self.edge)

    @property
    def qualities(self) -> tuple[str, ...]:
        return self.title, self.status, self.measure, self.kinship

    @property
    def reason(self) -> str:
        """Who decided it and why, as nodes and edges say it."""
        return f"{self.who}：{self.why}"

    @property
    def says(self) -> str:
        """The decision in short, as a report names it."""
        ends = f"{self.key} {self.relation} {self.other}".split() if self.key else [self.edge]
        return " ".join([self.act, *ends, *([f"→ {self.value}"] if self.value else [])])

    @property
    def content(self) -> tuple[str, ...]:
        """Everything but where it stands; decisions are applied in this order."""
        return (self.act, self.key, self.relation, self.other, *self.qualities, self.date, self.edge, self.value,
                self.document, self.sentence, self.who, self.why)


def read_decisions(files: Sequence[Path], ontology: Ontology) -> tuple[Decision, ...]:
    """The decisions of all tables, each once, in an order that doesn't depend on that of files and rows.

    Raises InputError with every fault of every table: `file:line: what; remedy`.
    """
    faults: list[str] = []
    found: dict[tuple[str, ...], Decision] = {}
    for file in sorted(files):
        for decision in _rows(file, ontology, faults):
            found.setdefault(decision.content, decision)
    decisions = tuple(found[content] for content in sorted(found))
    faults += _contradictions(decisions)
    if faults:
        raise InputError("\n".join(faults))
    return decisions


def _rows(file: Path, ontology: Ontology, faults: list[str]) -> Iterator[Decision]:
    try:
        data = decode(file.read_bytes())
    except OSError as error:
        faults.append(f"{file}: can't be read ({error.strerror}); check the path")
        return
    if data is None:
        faults.append(f"{file}: is no text; save the table as CSV (UTF-8)")
        return
    text = data.text.lstrip("\ufeff")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    names: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if names is None:
                names = [cell.strip().lower() for cell in cells]
                if missing := [name for name in ("decision", "who", "why", "key") if name not in names]:
                    faults.append(f"{file}:1: has no column {', '.join(missing)}; keep the columns of kg review")
                    return
                continue
            row = {name: unguarded(cell.strip()) for name, cell in zip(names, cells, strict=False)}
            if row.get("decision"):
                yield from _decision(row, file, start, ontology, faults)
    except csv.Error as error:
        faults.append(f"{file}:{line}: is no table ({error}); save it as CSV again")


def _decision(row: dict[str, str], file: Path, line: int, ontology: Ontology, faults: list[str]) -> Iterator[Decision]:
    """The decision of a row, unless it has faults; they are added to `faults`."""
    act = WORDS.get(row["decision"].casefold())
    if act is None:
        faults.append(f"{file}:{line}: {row['decision']} is no decision; write one of {', '.join(get_args(Act))}")
        return
    fields = {name: row.get(name, "") for name in (*MEANT, "value", "who", "why")}
    if act == "add":
        fields |= {name: row.get(name, "") for name in ("document", "sentence")}
    if act in ("right", "wrong") and fields["other"] and not fields["relation"] and not fields["edge"]:
        act = "same" if act == "right" else "different"        # the answer to whether two are one
    if _SPREADSHEET_DATE.fullmatch(fields["date"]):
        fields["date"] = iso_date(fields["date"])
    if act == "same" and fields["value"]:
        fields["other"], fields["value"] = fields["value"], ""
    decision = Decision(file=str(file), line=line, act=act, **fields)
    found = [f"{file}:{line}: {what}" for what in _faults(decision, ontology)]
    faults += found
    if not found:
        yield decision


def _faults(decision: Decision, ontology: Ontology) -> Iterator[str]:
    act = decision.act
    for name in ("who", "why"):
        if not getattr(decision, name):
            yield f"{act} without {name}; say {'who decides' if name == 'who' else 'why'}"
    if not decision.key and not (decision.edge and act in ("right", "wrong", "delete")):
        yield f"{act} of nothing; fill the column key" + ("" if act in ("add", "rename") else ", or edge for an edge")
    for name in ("key", "other"):
        text = getattr(decision, name)
        if text and parse(text) is None:
            yield (f"{name} {text} is neither the id of a node (PERSON:…) nor a mention (document[12-15]name); "
                   "copy it from kg review or kg why")
    if act in ("same", "different", "add") and not decision.other:
        yield f"{act} needs two; fill the column other" + (" or value" if act == "same" else "")
    if act in ("same", "different") and decision.key and decision.key == decision.other:
        yield f"{act} says something of one node alone; fill key and other with different ones"
    if act in ("rename", "type", "split") and not decision.value:
        yield f"{act} to what? fill the column value"
    if act == "type" and decision.value and type_named(decision.value, ontology) is None:
        yield f"{decision.value} is no type that can be given by hand; write one of {', '.join(TYPES)}"
    if act == "add" and not decision.relation:
        yield "add needs a relation; fill the column relation"
    if decision.relation and decision.relation not in ontology.relations:
        yield f"{decision.relation} is no relation; write one of {', '.join(ontology.relations)}"
    if act == "add" and bool(decision.document) != bool(decision.sentence):
        yield "add needs document and sentence, or neither; fill the other one, too"
    if act == "add" and decision.date and not bounds(decision.date):
        yield f"{decision.date} is no date; write 2020-02-04, 2020-02 or 2020"
    if act == "rename" and "\n" in decision.value:
        yield "a name has one line; shorten the value"


def type_named(name: str, ontology: Ontology) -> EntityType | None:
    """The type that can be given by hand and is called so, by id or label; None if there is none."""
    try:
        found = kind_named(name, ontology.types)
    except ValueError:
        return None
    return next((type_ for type_ in TYPES if type_ == found), None)


def _contradictions(decisions: Sequence[Decision]) -> Iterator[str]:
    """Decisions on one thing that can't both hold, as far as the tables themselves show it."""
    about: dict[tuple[object, ...], list[Decision]] = defaultdict(list)
    for decision in decisions:
        about[subject(decision)].append(decision)
    for group in about.values():
        first = group[0]
        for other in group[1:]:
            if stance(other) != stance(first):
                one, two = sorted((first, other), key=lambda d: (d.file, d.line))
                yield f"{two.where}: {two.says}: contradicts {one.where} ({one.says}); keep one of them"


def subject(decision: Decision) -> tuple[object, ...]:
    """What a decision is about; of two decisions on one subject only one can hold."""
    if decision.act in ("same", "different"):
        return "pair", frozenset((decision.key, decision.other))
    if decision.about_edge:
        return "edge", decision.key or decision.edge, decision.relation, decision.other, decision.qualities
    if decision.act == "split":
        return "split", decision.key, decision.value
    return ("node" if decision.act in ("delete", "right", "wrong") else decision.act), decision.key


def stance(decision: Decision) -> tuple[str, str]:
    """What a decision says of its subject."""
    act = {"delete": "wrong", "add": "right"}.get(decision.act, decision.act)
    return act, decision.value
