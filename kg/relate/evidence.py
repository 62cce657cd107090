"""The sentence that says so, with the spans of what it says: how every stage writes down its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from kg.models import CleanDocument, Evidence, Flaw, Quote, Sentence


class Span(NamedTuple):
    """Document offsets, end exclusive."""

    start: int
    end: int


class HasSpan(Protocol):
    """Anything with a span in the cleaned text: a mention, a token, a trigger."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def evidence(document: CleanDocument, sentence: Sentence, rule: str, confidence: float, *,
             head: HasSpan | None = None, trigger: HasSpan | None = None, tail: HasSpan | None = None) -> Evidence:
    """Evidence from one sentence; spans that lie in another sentence are quoted without a place in this one."""
    def quote(span: HasSpan | None) -> Quote | None:
        if span is None:
            return None
        inside = sentence.start <= span.start and span.end <= sentence.end
        return document.quote(span.start, span.end, at=span.start - sentence.start if inside else None)

    return Evidence(document=document.id, sentence=document.quote(sentence.start, sentence.end), head=quote(head),
                    trigger=quote(trigger), tail=quote(tail), rule=rule, confidence=confidence, role=sentence.role)


def crosses(evidence: Evidence, flaws: Iterable[Flaw]) -> bool:
    """Whether a flaw of the text lies between or in what the sentence is read by: there it may have said otherwise."""
    said = [quote for quote in (evidence.head, evidence.trigger, evidence.tail) if quote and quote.at is not None]
    start, end = min((q.start for q in said), default=0), max((q.end for q in said), default=0)
    return any(flaw.start < end and start < flaw.end for flaw in flaws)
