"""The relation rules in force: kg/data/relations/*.yaml and kg/data/cues.yaml, overlaid by a user's directory.

A rule says in one place what it looks for, why, and what it gives and doesn't give:

    - id: issued.verb
      relation: issued                        # of the ontology, which says what may stand at its ends
      pattern: "{head:ORGANIZATION+}{trigger:印发|发布}了?{tail:DOCUMENT}"     # or a list; see kg.relate.patterns
      where: {trigger: {pos: [v, vn]}}        # what must hold of a slot's word or mention
      set: {status: 原任}                      # attributes; {of: trigger, map: {…}} takes them from a slot
      cues: {plan: block}                     # what a cue near the trigger does, where it isn't what cues.yaml says
      dated: true                             # the date in the trigger's clause is the edge's
      confidence: 0.9
      why: 动词直接支配文件名
      examples:
        - text: "[甲县教育局|ORGANIZATION]印发[《通知》|DOCUMENT]。"
          gives: [甲县教育局 -> 《通知》]
      counter: ["[甲县教育局|ORGANIZATION]学习[《通知》|DOCUMENT]。"]

A user's directory has the same layout. Its rules, fragments and cues replace ours of the same id or name, new ones are
added, and `disable: [id, …]` in any of its relations/*.yaml takes rules out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from kg.errors import KnowledgeError
from kg.knowledge.ontology import COMMON_ATTRIBUTES, Ontology, load_ontology
from kg.knowledge.yamlfile import YamlFile, load_yaml
from kg.models import MentionType, Record, Role
from kg.relate.markup import read_markup
from kg.relate.patterns import Pattern, PatternError, compile_pattern, nearest
from kg.relate.posts import PostWords, post_patterns

FILE_KEYS = ("fragments", "posts", "rules", "disable")


class Condition(Record):
    """What must hold of a slot: one of these words or endings, and a part of speech on whole words."""

    pos: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    not_text: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    not_ends: tuple[str, ...] = ()


class Taken(Record):
    """An attribute's value taken from a slot: its text through `map`; `keep` keeps texts that aren't in the map."""

    of: str
    map: dict[str, str] = Field(default_factory=dict)
    keep: bool = False


class SetStatus(Record):
    """The effect of a cue that says when: the edge gets this status."""

    status: str


Effect = Literal["block", "doubt", "ignore"] | SetStatus


class Cue(Record):
    """Words near a trigger that say that it isn't so, not yet, or not surely."""

    id: str = Field(pattern=r"^[a-z_]+$")
    why: str = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    direction: Literal["before", "after"] = "before"
    window: int = Field(8, ge=1, le=40)
    stops: tuple[MentionType, ...] = ()
    effect: Effect = "block"


class Example(Record):
    """A marked-up sentence and what the rule gives on it."""

    text: str
    gives: tuple[str, ...] = Field(min_length=1)


class Rule(Record):
    """One relation rule, as it is written.

    `dated`: the relation has the date before its trigger. `carried`: its head is the person whose career the lines
    before have begun to tell.
    """

    id: str = Field(pattern=r"^[a-z_]+(\.[a-z0-9_]+)+$")
    relation: str
    pattern: str | tuple[str, ...]
    where: dict[str, Condition] = Field(default_factory=dict)
    set: dict[str, str | Taken] = Field(default_factory=dict)
    cues: dict[str, Effect] = Field(default_factory=dict)
    lines: tuple[Role, ...] = ()
    dated: bool = False
    carried: bool = False
    confidence: float = Field(gt=0, le=1)
    why: str = Field(min_length=1)
    examples: tuple[Example, ...] = Field(min_length=1)
    counter: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that has been checked, its patterns, where it stands, and the types of mention that all patterns need."""

    rule: Rule
    patterns: tuple[Pattern, ...]
    file: str
    line: int
    needs: frozenset[str]

    @property
    def id(self) -> str:
        return self.rule.id


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in force, in the order of files and lines. Equal digests mean equal rules."""

    relations: tuple[CompiledRule, ...]
    cues: tuple[Cue, ...]
    words: PostWords
    ontology: Ontology
    digest: str

    def only(self, *ids: str) -> RuleBook:
        """The same book with only these rules."""
        kept = tuple(r for r in self.relations if r.id in ids)
        return RuleBook(kept, self.cues, self.words, self.ontology, self.digest)

    def rows(self) -> list[dict[str, str | float]]:
        """What `kg rules list` shows: id, relation, confidence, why, file:line."""
        return [{"id": r.id, "relation": r.rule.relation, "confidence": r.rule.confidence, "why": r.rule.why,
                 "file": f"{r.file}:{r.line}"} for r in self.relations]


def load_rules(user_dir: Path | None = None) -> RuleBook:
    """The package's rules, overlaid by those in `user_dir` (`relations/*.yaml`, `cues.yaml`).

    Raises KnowledgeError with all faults of all files, as `file:line: what`.
    """
    faults: list[str] = []
    if user_dir is not None and not user_dir.is_dir():
        raise KnowledgeError([f"{user_dir}:1: no such directory; --rules wants one with relations/*.yaml in it"])
    sources = _Sources(faults)
    for directory in (Path(str(files("kg") / "data")), user_dir):
        if directory is not None:
            sources.read(directory)
    ontology = load_ontology()
    book = _compile(sources, ontology, faults) if not faults or sources.words else None
    if faults or book is None:
        raise KnowledgeError(faults)
    return book


def check_rules(directory: Path) -> list[str]:
    """The faults of a user's rule directory, each as `file:line: what`; none if it can be used."""
    try:
        load_rules(directory)
    except KnowledgeError as error:
        return error.faults
    return []


def parse_gives(text: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """`张三 -> 甲局 title=局长` as head, tail and sorted attributes.

    >>> parse_gives("张三 -> 甲局 title=局长")
    ('张三', '甲局', (('title', '局长'),))
    """
    head, arrow, rest = text.partition(" -> ")
    tail, *pairs = rest.split(" ")
    if not (head and arrow and tail) or not all("=" in pair for pair in pairs):
        raise ValueError(f"{text!r} isn't of the form 头 -> 尾 key=value …")
    return head, tail, tuple(sorted((k, v) for k, _, v in (pair.partition("=") for pair in pairs)))


class _Sources:
    """What stands in the files, overlaid but not yet compiled."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        self.rules: dict[str, tuple[Rule, YamlFile, int]] = {}
        self.cues: dict[str, Cue] = {}
        self.fragments: dict[str, str] = {}
        self.words: PostWords | None = None

    def read(self, directory: Path) -> None:
        """Overlay what has been read with the files of a directory."""
        seen: dict[str, str] = {}
        for path in sorted((directory / "relations").glob("*.yaml")):
            file = self._open(path)
            if file is not None:
                self._read_file(file, seen)
        if (directory / "cues.yaml").exists() and (file := self._open(directory / "cues.yaml")):
            for index, item in self._items(file, ("cues",)):
                cue = self._record(file, ("cues", index), item, Cue)
                if cue is not None:
                    self.cues[cue.id] = cue

    def _open(self, path: Path) -> YamlFile | None:
        try:
            return load_yaml(path)
        except KnowledgeError as error:
            self.faults += error.faults
            return None

    def _read_file(self, file: YamlFile, seen: dict[str, str]) -> None:
        data = file.data if isinstance(file.data, dict) else {}
        if data is not file.data:
            self.faults.append(file.fault((), f"holds no mapping with {', '.join(FILE_KEYS)}"))
        self.faults += [file.fault((key,), f"unknown key {key}{nearest(str(key), FILE_KEYS)}")
                        for key in data if key not in FILE_KEYS]
        for name, text in (data.get("fragments") or {}).items():
            self.fragments[name] = str(text)
        if data.get("posts"):
            before = self.words.model_dump() if self.words else {}
            self.words = self._record(file, ("posts",), {**before, **data["posts"]}, PostWords) or self.words
        for index, item in self._items(file, ("rules",)):
            rule = self._record(file, ("rules", index), item, Rule)
            if rule is None:
                continue
            line = file.line_of(("rules", index))
            if rule.id in seen:
                self.faults.append(f"{file.path}:{line}: the id {rule.id} is taken by {seen[rule.id]}")
            seen[rule.id] = f"{file.path}:{line}"
            self.rules[rule.id] = (rule, file, index)
        for index, name in self._items(file, ("disable",)):
            if self.rules.pop(name, None) is None:
                self.faults.append(file.fault(("disable", index), f"no rule {name}{_near(name, self.rules)}"))

    def _items(self, file: YamlFile, key: tuple[str]) -> Iterator[tuple[int, Any]]:
        items = (file.data or {}).get(key[0]) if isinstance(file.data, dict) else None
        if items is not None and not isinstance(items, list):
            self.faults.append(file.fault(key, f"{key[0]} should be a list"))
            items = None
        yield from enumerate(items or [])

    def _record(self, file: YamlFile, at: tuple[str | int, ...], item: Any, kind: type[Any]) -> Any:
        try:
            return kind.model_validate(item)
        except ValidationError as error:
            name = item.get("id", "") if isinstance(item, dict) else ""
            for fault in error.errors():
                where, what = fault["loc"], fault["msg"]
                if fault["type"] == "extra_forbidden":
                    what = f"unknown key{_near(str(where[-1]), kind.model_fields)}"
                label = ".".join(str(part) for part in where)
                self.faults.append(file.fault((*at, *where), f"{name}: {label}: {what}".removeprefix(": ")))
            return None


def _near(word: str, known: Mapping[str, Any]) -> str:
    return nearest(word, tuple(known)) if known else ""


def _compile(sources: _Sources, ontology: Ontology, faults: list[str]) -> RuleBook | None:
    if sources.words is None:
        faults.append("kg/data/relations/fragments.yaml:1: the words for posts are missing")
        return None
    compounds = post_patterns(sources.words)
    rules = []
    for rule, file, index in sources.rules.values():
        at = ("rules", index)
        patterns = []
        for source in (rule.pattern,) if isinstance(rule.pattern, str) else rule.pattern:
            try:
                patterns.append(compile_pattern(source, sources.fragments, compounds))
            except PatternError as error:
                faults.append(file.fault((*at, "pattern"), f"{rule.id}: the pattern {error}"))
        found = _objections(rule, patterns, ontology, sources.cues)
        faults += [file.fault((*at, *where), f"{rule.id}: {what}") for where, what in found]
        needs = frozenset.intersection(*(pattern.needs for pattern in patterns)) if patterns else frozenset()
        rules.append(CompiledRule(rule, tuple(patterns), str(file.path), file.line_of(at), needs))
    return RuleBook(tuple(rules), tuple(sources.cues.values()), sources.words, ontology, _digest(sources))


Objection = tuple[tuple[str | int, ...], str]


def _objections(rule: Rule, patterns: list[Pattern], ontology: Ontology, cues: Mapping[str, Cue]) -> list[Objection]:
    """What is wrong with a rule beyond its form, with the key at which it stands."""
    kind = ontology.relations.get(rule.relation)
    if kind is None:
        return [(("relation",), f"no relation {rule.relation}{_near(rule.relation, ontology.relations)}"),
                *_example_faults(rule)]
    found: list[Objection] = []
    allowed = {*kind.attributes, *COMMON_ATTRIBUTES}
    for pattern in patterns:
        found += [(("pattern",), what) for what in _slot_faults(pattern, kind.head, kind.tail, allowed, rule.carried)]
    names = {name for p in patterns for e in p.elements for name in e.names}
    taken = {name: value.of for name, value in rule.set.items() if isinstance(value, Taken)}
    found += [(("where", n), f"no slot {n} in the pattern{nearest(n, tuple(sorted(names)))}")
              for n in rule.where if names and n not in names]
    found += [(("set", n), f"no slot {of} in the pattern") for n, of in taken.items() if names and of not in names]
    found += [(("set", n), f"{rule.relation} has no attribute {n}{nearest(n, tuple(sorted(allowed)))}")
              for n in rule.set if n not in allowed]
    found += [(("cues", n), f"no cue {n}{_near(n, cues)}") for n in rule.cues if n not in cues]
    return found + _example_faults(rule)


def _slot_faults(pattern: Pattern, heads: tuple[str, ...], tails: tuple[str, ...], allowed: set[str],
                 carried: bool) -> list[str]:
    roles = {name: e.roles for e in pattern.elements for name in e.names}
    compound = {"posts", "staff", "career"} & set(roles)
    found = []
    if carried and {"head", "staff"} & set(roles):
        found.append("the pattern has a head, though the rule carries one over")
    if not carried and "head" not in roles and "staff" not in roles:
        found.append("the pattern has no {head:…}")
    if "tail" not in roles and not compound:
        found.append("the pattern has no {tail:…}")
    for end, types in (("head", heads), ("tail", tails)):
        types_here = _slot_types(pattern, end)
        found += [f"{t} can't be a {end}{nearest(t, types)}" for t in sorted(types_here - set(types))]
    found += [f"the slot {name} is no attribute of the relation{nearest(name, tuple(sorted(allowed)))}"
              for name in roles if name not in {"head", "tail", "trigger", "posts", "staff", "career", *allowed}]
    return found


def _slot_types(pattern: Pattern, name: str) -> frozenset[str]:
    """The types of a slot that stands by itself; inside a group they are checked with every match instead."""
    return next((e.roles for e in pattern.elements if e.names == (name,)), frozenset())


def _example_faults(rule: Rule) -> list[Objection]:
    found: list[Objection] = []
    texts = [(("examples", i), e.text) for i, e in enumerate(rule.examples)]
    texts += [(("counter", i), text) for i, text in enumerate(rule.counter)]
    for where, text in texts:
        try:
            read_markup(text)
        except ValueError as error:
            found.append((where, str(error)))
    for i, example in enumerate(rule.examples):
        for line in example.gives:
            try:
                parse_gives(line)
            except ValueError as error:
                found.append((("examples", i, "gives"), str(error)))
    return found


def _digest(sources: _Sources) -> str:
    """SHA-256 of everything that decides what the rules find."""
    said = {"rules": [rule.model_dump(mode="json", exclude={"why", "examples", "counter"})
                      for rule, _, _ in sources.rules.values()],
            "cues": [cue.model_dump(mode="json") for cue in sources.cues.values()],
            "fragments": sources.fragments,
            "posts": sources.words.model_dump(mode="json") if sources.words else {}}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
