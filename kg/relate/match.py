"""What the relation rules find in one sentence, and why a rule that saw its words held back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.models import Mention, TaggedSentence
from kg.relate.evidence import HasSpan, Span
from kg.relate.masked import CLAUSE_END, SENTENCE_END, TYPE_MARK, Masked, mask, members
from kg.relate.patterns import Pattern
from kg.relate.posts import Post, Stage, read_career, read_posts, read_staff, split_status
from kg.relate.rules import CompiledRule, Condition, Cue, Effect, RuleBook, SetStatus, Taken

#: An edge that a cue makes doubtful keeps this much of its rule's confidence.
DOUBT = 0.5

#: A verb of office is a whole word; a tagger may take it for the head of the body's name behind it (任/甲县交通局).
_OFFICE = Condition(pos=("v", "vn", "vd", "ORG"))

#: An interval that has an end.
_CLOSED = re.compile(r"/\d")

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's reading of a sentence. Spans are document offsets; attributes are sorted pairs."""

    rule: str
    relation: str
    head: Mention
    tail: Mention
    attributes: tuple[tuple[str, str], ...]
    trigger: HasSpan | None
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place where a pattern fits and a condition or a cue says no."""

    rule: str
    span: Span
    why: str


def match_sentence(sentence: TaggedSentence, rules: RuleBook, holder: Mention | None = None) -> list[Match]:
    """All relations that the rules read in the sentence, the most confident reading of each, in text order.

    `holder` is the person whom the lines before are about, the head of rules that are `carried`.
    """
    if len(sentence.mentions) < 2:
        return []
    masked = mask(sentence)
    found = [f for rule in rules.relations if rule.needs <= masked.types
             for pattern in rule.patterns if pattern.may_match(masked)
             for f in _read_pattern(rule, pattern, masked, sentence, rules, holder) if isinstance(f, Match)]
    return best(found)


def read_rule(rule: CompiledRule, masked: Masked, sentence: TaggedSentence,
              rules: RuleBook, holder: Mention | None = None) -> Iterator[Match | Refusal]:
    """What one rule makes of a masked sentence: matches, and places where it held back."""
    for pattern in rule.patterns:
        if pattern.may_match(masked):
            yield from _read_pattern(rule, pattern, masked, sentence, rules, holder)


def _read_pattern(rule: CompiledRule, pattern: Pattern, masked: Masked, sentence: TaggedSentence,
                  rules: RuleBook, holder: Mention | None) -> Iterator[Match | Refusal]:
    if (rule.rule.lines and sentence.sentence.role not in rule.rule.lines) or (rule.rule.carried and holder is None):
        return
    for found in pattern.regex.finditer(masked.text):
        yield from _Reading(rule, pattern, masked, sentence, rules, found, holder).read()


def best(matches: Iterable[Match]) -> list[Match]:
    """One match for each relation, head, tail and title: the most confident, then the earliest.

    A match without a title says nothing beside one that has it; for other attributes the best match's count.
    """
    kept: dict[tuple[object, ...], Match] = {}
    for match in sorted(matches, key=lambda m: (-m.confidence, m.span, m.rule)):
        kept.setdefault((match.relation, match.head, match.tail, dict(match.attributes).get("title")), match)
    titled = {key[:3] for key in kept if key[3]}
    found = [m for key, m in kept.items() if key[3] or key[:3] not in titled]
    return sorted(found, key=lambda m: (m.span, m.head.start, m.tail.start, m.relation, m.attributes))


class _Reading:
    """One place where a rule's pattern fits."""

    def __init__(self, rule: CompiledRule, pattern: Pattern, masked: Masked, sentence: TaggedSentence,
                 rules: RuleBook, found: re.Match[str], holder: Mention | None):
        self.rule, self.masked, self.sentence, self.rules, self.found = rule, masked, sentence, rules, found
        self.holder = holder
        self.names = {n for n, at in found.re.groupindex.items() if found.span(at) != (-1, -1)}

    def read(self) -> Iterator[Match | Refusal]:
        rule = self.rule.rule
        why = self._refused()
        if why:
            yield Refusal(rule.id, self._span("0"), why)
            return
        if "career" in self.names:
            for stage in read_career(self.masked, self.sentence, self.found.span("career"), self.rules.words):
                yield from self._read_stage(stage)
            return
        trigger = self.found.span("trigger") if "trigger" in self.names else None
        heard = self._hear(trigger) if trigger else ({}, rule.confidence)
        if isinstance(heard, Refusal):
            yield heard
            return
        status, confidence = heard
        at = trigger[0] if trigger else self.found.start("posts") if "posts" in self.names else None
        common = {**self._attributes(), **status, **self._set(), **(self._date(at) if at is not None else {})}
        for head, tail, own, shown in self._pairs():
            said = {**own, **common} if own.get("title") is None else {**common, **own}
            if "status" in own and status:
                said["status"] = own["status"]
            yield from self._match(head, tail, said, shown, confidence)

    def _read_stage(self, stage: Stage) -> Iterator[Match | Refusal]:
        """What one stage of a career gives: its verb is heard like a trigger, and has its own status and date."""
        verb = Span(self.masked.offsets[stage.verb[0]], self.masked.offsets[stage.verb[1]])
        if why := _misfit(verb, self.sentence, _OFFICE):
            yield Refusal(self.rule.id, self._span("0"), why)
            return
        heard = self._hear(stage.verb)
        if isinstance(heard, Refusal):
            yield heard
            return
        common = {**heard[0], **self._set(), **({"status": stage.status} if stage.status else {}),
                  **self._date(stage.verb[0])}
        for head in self._heads():
            for post in stage.posts:
                yield from self._match(head, post.body, {**common, **_of_post(post)}, verb, heard[1])

    def _match(self, head: Mention, tail: Mention, said: Attributes, trigger: HasSpan | None,
               confidence: float) -> Iterator[Match]:
        rule = self.rule.rule
        if head != tail and not self.rules.ontology.objection(rule.relation, head.type, tail.type):
            yield Match(rule.id, rule.relation, head, tail, tuple(sorted((k, v) for k, v in said.items() if v)),
                        trigger, self._span("0"), round(confidence, 4))

    def _hear(self, trigger: tuple[int, int]) -> tuple[Attributes, float] | Refusal:
        """The status and the confidence that the cues near a trigger leave, or why they forbid the match."""
        status: Attributes = {}
        confidence = self.rule.rule.confidence
        for cue, word in cues_near(trigger, self.masked, self.sentence, self.rules.cues):
            effect: Effect = self.rule.rule.cues.get(cue.id, cue.effect)
            if effect == "block":
                return Refusal(self.rule.id, self._span("0"), f"cue {cue.id}: {word}")
            if effect == "doubt":
                confidence *= DOUBT
            elif isinstance(effect, SetStatus):
                status = {"status": effect.status}
        return status, confidence

    def _pairs(self) -> Iterator[tuple[Mention, Mention, Attributes, HasSpan | None]]:
        """Heads and tails, with the attributes and the trigger that are their own."""
        trigger = self._span("trigger") if "trigger" in self.names else None
        tails = self._members("tail")
        body = tails[-1] if tails else None
        if "staff" in self.names:
            span = self.found.span("staff")
            for person, post in read_staff(self.masked, self.sentence, span, self.rules.words, body):
                yield person, post.body, _of_post(post), trigger or post.mention
            return
        heads = self._heads()
        if "posts" in self.names:
            posts = read_posts(self.masked, self.sentence, self.found.span("posts"), self.rules.words, body)
            for head in heads:
                for post in posts:
                    yield head, post.body, _of_post(post), trigger or post.mention
            return
        for head in heads:
            for tail in tails:
                yield head, tail, {}, trigger

    def _heads(self) -> list[Mention]:
        return [self.holder] if self.rule.rule.carried and self.holder else self._members("head")

    def _members(self, name: str) -> list[Mention]:
        return members(self.masked, *self.found.span(name)) if name in self.names else []

    def _attributes(self) -> Attributes:
        """The slots that are attributes; a title gives its status away."""
        said: Attributes = {}
        for name in sorted(self.names - {"head", "tail", "trigger", "posts", "staff", "career"}):
            said[name] = self._text(name)
            if name == "title":
                said["title"], status = split_status(said["title"], self.rules.words)
                said |= {"status": status} if status else {}
        return said

    def _set(self) -> Attributes:
        said: Attributes = {}
        for name, value in self.rule.rule.set.items():
            if isinstance(value, Taken):
                text = self._text(value.of) if value.of in self.names else ""
                value = value.map.get(text, text if value.keep else "")
            if value:
                said[name] = value
        return said

    def _date(self, at: int) -> Attributes:
        """When it came to be so, if the rule asks for that: the last date before the trigger (at `at`) in its
        clause.

        A date that a comma sets off right before the clause (3月1日，会议任命…) counts as well.
        """
        if not self.rule.rule.dated:
            return {}
        text = self.masked.text
        begin = _clause_start(text, at)
        if begin and text[begin - 1] in CLAUSE_END and text[begin - 3:begin - 2] == TYPE_MARK["DATE"]:
            begin -= 3
        dates = [self.masked.mention(i).value for i in range(begin, at) if text[i] == TYPE_MARK["DATE"]]
        if not dates or not dates[-1]:
            return {}
        over = self.rule.rule.carried and _CLOSED.search(dates[-1])     # 2003.01—2011.10 is over
        return {"date": dates[-1], **({"status": "原任"} if over else {})}

    def _text(self, name: str) -> str:
        """What a slot holds: a mention's text, or the words of the sentence."""
        mentions = self._members(name)
        if mentions:
            return mentions[-1].text
        start, end = self._span(name)
        at = self.sentence.sentence.start
        return self.sentence.sentence.text[start - at:end - at].strip()

    def _span(self, name: str) -> Span:
        start, end = self.found.span(0 if name == "0" else name)
        return Span(self.masked.offsets[start], self.masked.offsets[end])

    def _refused(self) -> str:
        for name, condition in self.rule.rule.where.items():
            if name in self.names:
                texts = [m.text for m in self._members(name)] or [self._text(name)]
                why = _objection(texts, condition) or _misfit(self._span(name), self.sentence, condition)
                if why:
                    return f"{name}: {why}"
        return ""


def _of_post(post: Post) -> Attributes:
    return {"title": post.title, **({"status": post.status} if post.status else {})}


def _objection(texts: list[str], condition: Condition) -> str:
    """Why a slot's texts don't meet a condition on words; empty if they do."""
    for text in texts:
        if condition.text and text not in condition.text:
            return f"{text} isn't among {_some(condition.text)}"
        if text in condition.not_text:
            return f"{text} is excluded"
        if condition.ends and not text.endswith(condition.ends):
            return f"{text} doesn't end in {_some(condition.ends)}"
        if condition.not_ends and text.endswith(condition.not_ends):
            return f"{text} ends in an excluded word"
    return ""


def _some(words: tuple[str, ...]) -> str:
    return "、".join(words[:4]) + ("…" if len(words) > 4 else "")


def _misfit(span: tuple[int, int], sentence: TaggedSentence, condition: Condition) -> str:
    """Why a span isn't made of whole words of the right part of speech. Without words nothing is known against it."""
    if not condition.pos:
        return ""
    inside = [t for t in sentence.tokens if t.start < span[1] and t.end > span[0]]
    if not inside:
        return ""
    bounds = {at for m in sentence.mentions for at in (m.start, m.end)}     # 自3月起|任: a name ends inside the word
    cut = [t for t, own, at in ((inside[0], inside[0].start, span[0]), (inside[-1], inside[-1].end, span[1]))
           if own != at and at not in bounds]
    if cut:
        return f"cuts the word {cut[0].text}"
    return "" if inside[-1].pos in condition.pos else f"{inside[-1].text} is {inside[-1].pos}"


def cues_near(trigger: tuple[int, int], masked: Masked, sentence: TaggedSentence,
              cues: tuple[Cue, ...]) -> Iterator[tuple[Cue, str]]:
    """The cues in whose reach a trigger (span in the masked text) lies, with the word that was found."""
    words = {t.start for t in sentence.tokens}
    spoken = {at for t in sentence.tokens for at in range(t.start, t.end)}
    for cue in cues:
        low, high = _reach(trigger, masked.text, cue)
        for at in range(low, high):
            word = next((w for w in cue.words if masked.text.startswith(w, at) and at + len(w) <= high), None)
            if word is None or masked.text.startswith(cue.unless, at):
                continue
            if masked.offsets[at] in spoken and masked.offsets[at] not in words:
                continue
            yield cue, word
            break


def _reach(trigger: tuple[int, int], text: str, cue: Cue) -> tuple[int, int]:
    """The part of the masked text in which a cue acts on the trigger: near, in the same clause, after the last 的."""
    stops = SENTENCE_END + CLAUSE_END + "".join(TYPE_MARK[kind] for kind in cue.stops)
    if cue.direction == "after":
        end = min(len(text), trigger[1] + cue.window)
        return trigger[1], next((i for i in range(trigger[1], end) if text[i] in stops), end)
    begin = max(0, trigger[0] - cue.window)
    return next((i + 1 for i in range(trigger[0] - 1, begin - 1, -1) if text[i] in stops + "的"), begin), trigger[0]


def _clause_start(text: str, at: int) -> int:
    """Where the clause around a position of the masked text begins."""
    return next((i + 1 for i in range(at - 1, -1, -1) if text[i] in SENTENCE_END + CLAUSE_END), 0)
