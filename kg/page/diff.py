"""The page of what changed between two builds: lists with colours, a file of its own that needs no network.

It holds no scripts. What stands in documents is escaped by the template, and a Content-Security-Policy forbids
everything but the page's own style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from kg.ask.answers import parts_of
from kg.ask.diff import Diff, Entity, Statement
from kg.ask.posts import PostChange, PostKind
from kg.export import write_text
from kg.knowledge.ontology import load_ontology
from kg.page import page_file, source_hash

State = Literal["new", "gone", "changed"]
SIGNS: dict[State, tuple[str, str]] = {"new": ("+", "新增 new"), "gone": ("−", "消失 vanished"),
                                       "changed": ("~", "变化 changed")}
#: How many rows of a kind the page shows (JSON has them all), and up to how many it shows unasked.
MOST, OPEN = 500, 60

POSTS: dict[PostKind, tuple[str, State]] = {
    "appointed": ("任命 appointed", "new"), "moved": ("调任 moved", "changed"), "dismissed": ("卸任 dismissed", "gone"),
    "planned": ("拟任 planned", "new"), "also stated": ("另有职务 also stated", "new"),
    "first seen": ("初见 first seen", "new"),
    "no longer stated": ("未再提及 no longer stated", "changed")}


class Row(NamedTuple):
    """A change: its text, what it consists of, the sentence that says so, a note, and the kind that it is listed by."""

    state: State
    text: str
    tag: str = ""
    parts: tuple[tuple[State, str], ...] = ()
    evidence: str = ""
    note: str = ""
    kind: str = ""


class Kind(NamedTuple):
    """The rows of one kind, which needn't have a name; `more` aren't shown."""

    name: str
    rows: Sequence[Row]
    more: int

    @property
    def open(self) -> bool:
        return len(self.rows) <= OPEN


class Section(NamedTuple):
    """What changed of one thing, by kind."""

    zh: str
    en: str
    size: int
    kinds: Sequence[Kind]


def write_diff(found: Diff, path: Path, *, title: str = "") -> None:
    """Write the page of a diff, whole or not at all. Raises GraphError where it can't be written."""
    write_text(render_diff(found, title=title), path)


def render_diff(found: Diff, *, title: str = "") -> str:
    """The page of a diff as text; the same diff gives the same text."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    css = page_file("diff.css").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return template.from_string(page_file("diff.html").read_text(encoding="utf-8")).render(
        title=title or "图谱变化", css=Markup(css), signs=SIGNS,
        policy=Markup(f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
                      f"style-src {source_hash(css)}"),
        sections=[section for section in _sections(found) if section.kinds]) + "\n"


def _sections(found: Diff) -> Iterator[Section]:
    ontology = load_ontology()
    names: dict[str, str] = {name: f"{kind.label.zh} {name}" for name, kind in ontology.types.items()}
    names |= {name: f"{kind.label.zh} {name}" for name, kind in ontology.relations.items()}

    def entity(state: State, said: Entity) -> Row:
        several = f"{said.documents} 篇文档 documents" if said.documents > 1 else ""
        return Row(state, said.label, evidence=said.evidence, note=several, kind=names[said.type])

    def statement(state: State, said: Statement) -> Row:
        return Row(state, said.says, evidence=said.evidence, note=_cited(said.documents), kind=names[said.relation])

    yield _section("任职变动", "posts", map(_post, found.posts))
    yield _section("新增实体", "new entities", (entity("new", e) for e in found.new_entities))
    yield _section("消失实体", "vanished entities", (entity("gone", e) for e in found.vanished_entities))
    yield _section("名称变化", "changed names", (
        Row("changed", f"{r.old} → {r.new}" if r.old != r.new else r.new, r.type,
            (*(("new", name) for name in r.added), *(("gone", name) for name in r.dropped)),
            kind="改名 renamed" if r.old != r.new else "另有名称 with other names") for r in found.renamed))
    yield _section("合并", "merged",
                   (Row("changed", f"{parts_of(j)} → {j.one.label}", j.one.type) for j in found.merged))
    yield _section("拆分", "split",
                   (Row("changed", f"{j.one.label} → {parts_of(j)}", j.one.type) for j in found.split))
    yield _section("新增关系", "new relations", (statement("new", s) for s in found.new_relations))
    yield _section("消失关系", "vanished relations", (statement("gone", s) for s in found.vanished_relations))
    yield _section("关系变化", "changed relations", (
        statement("changed", c.statement)._replace(note="；".join(
            f"{name}: {old or '—'} → {new or '—'}" for name, old, new in c.changes)) for c in found.changed_relations))
    new, gone = found.cooccurrence
    yield _section("共现", "co-occurrence", [*([Row("new", f"{new} 对 pairs")] if new else []),
                                           *([Row("gone", f"{gone} 对 pairs")] if gone else [])], new + gone)
    yield _section("文档", "documents", [*(Row("new", name) for name in found.new_documents),
                                       *(Row("gone", name) for name in found.vanished_documents)])


def _section(zh: str, en: str, rows: Iterable[Row], size: int | None = None) -> Section:
    """A section of rows, in groups of one kind; `size` is told where rows don't stand for one change each."""
    kinds = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.kind)]
    return Section(zh, en, sum(len(found) for _, found in kinds) if size is None else size,
                   [Kind(name, found[:MOST], max(0, len(found) - MOST)) for name, found in kinds])


def _post(change: PostChange) -> Row:
    kind, state = POSTS[change.kind]
    lost: State = "changed" if change.kind == "no longer stated" else "gone"
    return Row(state, change.person, "", (*(("new", post) for post in change.gained),
                                          *((lost, post) for post in change.lost)), change.evidence,
               "，".join(filter(None, (change.date, _cited(change.documents)))), kind)


def _cited(documents: Sequence[str]) -> str:
    return "、".join(documents[:5]) + (f" … {len(documents)}" if len(documents) > 5 else "")
