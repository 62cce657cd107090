"""The sentence that says so, with the spans of what it says: how every stage writes down its evidence."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from kg.models import CleanDocument, Evidence, Quote, Sentence


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
