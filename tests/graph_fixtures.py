"""Resolved documents written by hand, for tests of what comes after resolution.

`[陈建国|PERSON]` is a mention of the entity PERSON:陈建国; `[市局|ORGANIZATION:云岭市公安局]` one under another name;
a name that ends in @ is bound to its document. `[召开|ACTION:召开会议]` is the trigger of an act. Each line is a
sentence; a line that begins with `heading: ` or `caption: ` has that role. People, bodies and events are invented.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg.assemble import assemble
from kg.facts import DocumentFacts, facts_of
from kg.graph import Graph
from kg.knowledge.ontology import load_ontology
from kg.models import (
    CleanDocument,
    Document,
    Doubt,
    Entity,
    Evidence,
    Line,
    Mention,
    Metadata,
    Offsets,
    Quote,
    Relation,
    ResolvedDocument,
    Sentence,
    TaggedSentence,
)
from kg.settings import Settings

MARK = re.compile(r"\[([^\[\]|]+)\|([A-Z]+)(?::([^\]]+))?\]")
ROLE = re.compile(r"(title|heading|caption|byline|boilerplate): ")
#: Characters that stand otherwise in the raw text: the cleaned one for each, so that some quotes have a `raw`.
VARIANTS = {"云": "雲", "陈": "陳"}


@dataclass
class Page:
    """A document with its mentions, to which relations are added."""

    resolved: ResolvedDocument
    triggers: dict[str, tuple[int, int]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.resolved.clean.id

    @property
    def facts(self) -> DocumentFacts:
        return facts_of(self.resolved, self.relations)

    def say(self, head: str, relation: str, tail: str, *, sentence: int = 0, rule: str = "test.rule",
            confidence: float = 0.8, derived: bool = False, **attributes: str) -> Page:
        """Add a relation between two local ids, read from the sentence of that number; gives the page back."""
        clean, around = self.resolved.clean, self.resolved.sentences[sentence].sentence
        evidence = Evidence(document=self.id, sentence=clean.quote(around.start, around.end), role=around.role,
                            head=self._quote(head, around), tail=self._quote(tail, around),
                            trigger=self._trigger(around, head, tail), rule=rule, confidence=confidence)
        self.relations.append(Relation(relation, head, tail, evidence, tuple(sorted(attributes.items())), derived))
        return self

    def _quote(self, id_: str, around: Sentence) -> Quote | None:
        spans = [(m.start, m.end) for m, linked in self.resolved.links.items() if linked == id_]
        return next((self.resolved.clean.quote(start, end, at=start - around.start) for start, end in sorted(spans)
                     if around.start <= start < around.end), None)

    def _trigger(self, around: Sentence, *ids: str) -> Quote | None:
        return next((self.resolved.clean.quote(*self.triggers[id_], at=self.triggers[id_][0] - around.start)
                     for id_ in ids if id_ in self.triggers), None)


def page(id_: str, text: str, *, date: str = "", confidence: float = 1.0, title: str = "") -> Page:
    """The document that `text` describes. Its raw text has two blanks before it and variants of some characters."""
    plain, roles, mentions, ids, triggers = [], [], [], [], {}
    length = 0
    for line in text.strip().splitlines():
        role = ROLE.match(line.strip())
        roles.append(role.group(1) if role else "body")
        body, at = line.strip()[role.end() if role else 0:], 0
        for mark in MARK.finditer(body):
            plain.append(body[at:mark.start()])
            length, at = length + len(plain[-1]), mark.end()
            surface, type_, name = mark.groups()
            local = f"{type_}:{name or surface}" + (id_ if (name or surface).endswith("@") else "")
            if type_ == "ACTION":
                triggers[local] = length, length + len(surface)
            else:
                mentions.append(Mention(length, length + len(surface), type_, surface, "test", confidence=confidence))
                ids.append(local)
            plain.append(surface)
            length += len(surface)
        plain.append(body[at:] + "\n")
        length += len(plain[-1])
    return Page(_resolved(id_, "".join(plain), roles, dict(zip(mentions, ids, strict=True)), triggers, date, title),
                triggers)


def _resolved(id_: str, text: str, roles: list[Any], links: dict[Mention, str], triggers: Mapping[str, Any],
              date: str, title: str) -> ResolvedDocument:
    raw = "  " + "".join(VARIANTS.get(char, char) for char in text)
    document = Document(id=id_, text=raw, source=f"{id_}.txt", sha256="0" * 64)
    offsets = Offsets(array("l", range(2, len(raw))), array("l", range(3, len(raw) + 1)))
    lines, sentences, start = [], [], 0
    for index, (line, role) in enumerate(zip(text.splitlines(), roles, strict=True)):
        end = start + len(line)
        lines.append(Line(start, end, role))
        within = tuple(sorted(m for m in links if start <= m.start < end))
        sentences.append(TaggedSentence(Sentence(id_, index, start, end, line, index, role), (), within))
        start = end + 1
    clean = CleanDocument(document, text, offsets, tuple(lines), Metadata(date=date, title=title))
    entities = [Entity(local, local.partition(":")[0], local.partition(":")[2].partition("@")[0],
                       mentions=tuple(sorted(m for m in links if links[m] == local)))
                for local in sorted({*links.values(), *triggers})]
    return ResolvedDocument(clean, tuple(sentences), tuple(entities), links)


def doubting(page_: Page, index: int, why: str, *candidates: str) -> Page:
    """The page with a doubt about its mention of that number."""
    mention = sorted(page_.resolved.links)[index]
    return replace(page_, resolved=replace(page_.resolved, doubts=(Doubt(page_.id, mention, why, candidates),)))


def graph_of(*pages: Page, **settings: Any) -> Graph:
    """The graph of the pages, in the order given."""
    return assemble([p.facts for p in pages], load_ontology(), Settings(**settings))


def sample_graph() -> Graph:
    """Two documents with a post, an act, an alias, a penalty and a doubt."""
    first = page("甲.txt", """heading: [云岭市公安局|ORGANIZATION]部署
        [陈建国|PERSON]任[云岭市公安局|ORGANIZATION][局长|LOCATION:东山区]。
        [2月4日|DATE:2020-02-04][市局|ORGANIZATION:云岭市公安局][印发|ACTION:印发通知]《[通知|DOCUMENT:《通知》]》。""",
                 date="2020-02-05", title="部署 & <动员>")
    first.say("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局", sentence=1, title="局长")
    first.say("ORGANIZATION:云岭市公安局", "performs", "ACTION:印发通知", sentence=2, canonical="印发", polarity="肯定")
    first.say("ACTION:印发通知", "on_date", "DATE:2020-02-04", sentence=2)
    first.say("ORGANIZATION:云岭市公安局", "issued", "DOCUMENT:《通知》", sentence=2, date="2020-02-04")
    second = page("乙.txt", """[云岭市公安局|ORGANIZATION]对[周某|PERSON:周某@]予以拘留。
        caption: [陈建国|PERSON]（[云岭市公安局|ORGANIZATION]总指挥）""", date="2020-03-01")
    second.say("ORGANIZATION:云岭市公安局", "penalized", "PERSON:周某@乙.txt", measure="拘留")
    second.say("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局", sentence=1, title="总指挥")
    return graph_of(first, doubting(second, 1, "no full name", "PERSON:周某@乙.txt"))
