"""Why a sentence gave what it gave: its words and names, the rules that fired, and those that nearly did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.models import TaggedSentence
from kg.relate.masked import Masked, mask
from kg.relate.match import Match, Refusal, best, read_rule
from kg.relate.patterns import Pattern
from kg.relate.rules import CompiledRule, RuleBook


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pattern that fitted up to one of its elements: `fitted` of `elements`, then `failed` wasn't found.

    `span` is what fitted, in document offsets. A missing name or title stands as the slot that wanted it.
    """

    rule: str
    fitted: int
    elements: int
    failed: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trace:
    """All that happened to one sentence."""

    sentence: TaggedSentence
    matches: tuple[Match, ...]
    refusals: tuple[Refusal, ...]
    near: tuple[NearMiss, ...]


def render_trace(trace: Trace) -> str:
    """The trace as text, one line for each mention list, match, refusal and near miss."""
    return "\n".join(_lines(trace))


def _lines(trace: Trace) -> Iterator[str]:
    sentence = trace.sentence.sentence

    def said(span: tuple[int, int]) -> str:
        return f"“{sentence.text[span[0] - sentence.start:span[1] - sentence.start]}”"

    yield sentence.text
    if trace.sentence.tokens:
        yield "tokens    " + " ".join(f"{t.text}/{t.pos}" for t in trace.sentence.tokens)
    yield "mentions  " + (" ".join(f"[{m.text}|{m.type}]" for m in trace.sentence.mentions) or "none")
    for match in trace.matches:
        attributes = "".join(f" {k}={v}" for k, v in match.attributes)
        yield (f"fired     {match.rule}: {match.head.text} –{match.relation}→ {match.tail.text}{attributes} "
               f"({match.confidence:g}) in {said(match.span)}")
    for refusal in trace.refusals:
        yield f"refused   {refusal.rule}: {refusal.why} in {said(refusal.span)}"
    for miss in trace.near:
        yield (f"nearly    {miss.rule}: {miss.fitted} of {miss.elements} parts fit {said(miss.span)}, "
               f"then there is no {miss.failed}")
    if not (trace.matches or trace.refusals or trace.near):
        yield "no rule came near"


def explain_sentence(sentence: TaggedSentence, rules: RuleBook, nearest: int = 5) -> Trace:
    """What every rule makes of the sentence, with at most `nearest` patterns that nearly fitted, the nearest first.

    A match that a more confident one covers is left out, as it is in the graph, and so is a refusal where another rule
    of the same relation fired.
    """
    masked = mask(sentence)
    found = [(rule, list(read_rule(rule, masked, sentence, rules))) for rule in rules.relations]
    matches = best(f for _, some in found for f in some if isinstance(f, Match))
    refusals = [f for rule, some in found for f in some if isinstance(f, Refusal)
                and not any(m.relation == rule.rule.relation and m.span == f.span for m in matches)]
    misses = [m for rule, some in found if not some for m in _nearest(rule, masked)]
    misses.sort(key=lambda m: (-m.fitted / m.elements, m.rule, m.span))
    return Trace(sentence, tuple(matches), tuple(refusals), tuple(misses[:nearest]))


def _nearest(rule: CompiledRule, masked: Masked) -> list[NearMiss]:
    """The pattern of a rule that came furthest, if it came far enough to be worth telling."""
    found = [miss for pattern in rule.patterns if (miss := _near_miss(rule, pattern, masked)) is not None]
    return [max(found, key=lambda m: m.fitted / m.elements)] if found else []


def _near_miss(rule: CompiledRule, pattern: Pattern, masked: Masked) -> NearMiss | None:
    """How far a pattern fits: its longest beginning with a name in it and the trigger, or another word of its own."""
    elements = pattern.elements
    triggered = any("trigger" in e.names for e in elements)
    for length in range(len(elements) - 1, 1, -1):
        beginning = elements[:length]
        worded = any("trigger" in e.names for e in beginning) if triggered else any(e.literals for e in beginning)
        if not worded or not any(e.names and e.roles for e in beginning):
            return None
        found = re.search("".join(e.regex for e in beginning), masked.text)
        if found:
            span = masked.offsets[found.start()], masked.offsets[found.end()]
            return NearMiss(rule.id, length, len(elements), elements[length].source, span)
    return None
