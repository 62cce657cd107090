"""Repair a document: raw text in, clean text with roles, metadata and the way back to the file out.

    repair     the fixers, in their order, until none has anything left to do
    classify   the role of each line (kg.clean.lines)
    metadata   what the page says of itself (kg.clean.metadata)
    flaws      what can only be reported (kg.clean.flaws)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.clean import hypertext
from kg.clean.edits import Tracked
from kg.clean.fixers import FIXERS
from kg.clean.flaws import find_flaws
from kg.clean.lines import classify
from kg.clean.metadata import page_metadata
from kg.models import READ_ROLES, CleanDocument, Document, Edit, Flaw
from kg.settings import Settings

__all__ = ["FIXERS", "Fix", "as_json", "clean", "explain"]

_PASSES = 4           # one fixer may uncover work for another; two passes are the rule
_DOUBTFUL = 0.7       # confidence below which a restored span is called doubtful


class Fix(NamedTuple):
    """A row of `kg clean --explain`: what a fixer did, where first (raw span), how surely, and how often (`times`)."""

    fix: str
    start: int
    end: int
    old: str
    new: str
    confidence: float
    times: int


def clean(document: Document, settings: Settings) -> CleanDocument:
    """Repair a document and say what each line of it is.

    Every character of the result maps back to its raw span, and `edits` applied to the raw text give the
    cleaned text. Lines of other roles than READ_ROLES stay in the text; kg.segment leaves them out.
    """
    tracked = Tracked(document.text)
    is_page = document.format == "html"
    for number in range(_PASSES):
        skipped = () if is_page and number == 0 else ("html",)
        changed = [tracked.apply(name, fixer(tracked.text)) for name, fixer in FIXERS.items() if name not in skipped]
        if not any(changed):
            break
    lines = classify(tracked.text, _content(document, tracked) if is_page else None)
    page = hypertext.parse(document.text) if is_page else None
    metadata = page_metadata(tracked.text, lines, page.meta if page else {}, document.given, settings.date,
                             page.title if page else "")
    edits = tracked.edits()
    flaws = find_flaws(tracked.text, tracked.offsets)
    warnings = [*document.warnings, *_warnings(edits, flaws)]
    return CleanDocument(document, tracked.text, tracked.offsets, lines, metadata, edits, flaws, tuple(warnings))


def _content(document: Document, tracked: Tracked) -> list[bool] | None:
    """For each line of the cleaned page whether trafilatura takes it for content; None if it has no opinion."""
    spans = hypertext.content_spans(document.text)
    if not spans:
        return None
    content, at = [], 0
    for line in tracked.text.split("\n"):
        content.append(bool(line) and hypertext.covers(spans, tracked.offsets.starts[at]))
        at += len(line) + 1
    return content


def _warnings(edits: Sequence[Edit], flaws: Sequence[Flaw]) -> Iterator[str]:
    if deleted := [str(flaw.start) for flaw in flaws if flaw.kind == "words_deleted"]:
        yield (f"words_deleted: a filter seems to have taken words out at {len(deleted)} places, which nobody can "
               f"restore: {', '.join(deleted)}")
    if inserted := [f"{flaw.text} ({flaw.start})" for flaw in flaws if flaw.kind == "advertisement"]:
        yield f"advertisement: {len(inserted)} phrases were put into the text: {', '.join(inserted)}"
    if lost := sum(max(0, edit.new.count("\ufffd") - edit.old.count("\ufffd")) for edit in edits):
        yield f"undecodable: {lost} characters were lost when the text was read in a wrong encoding before"
    if restored := [edit for edit in edits if "mojibake" in edit.fix]:
        doubtful = sum(edit.confidence < _DOUBTFUL for edit in restored)
        yield (f"mojibake: {len(restored)} damaged spans restored, {doubtful} of them doubtful; check the wording "
               "against the source")


def explain(document: CleanDocument) -> list[Fix]:
    """What the fixers did: one row for each kind of edit, in the order of the text."""
    def kind(edit: Edit) -> tuple[str, str, str, float]:
        return edit.fix, edit.old, edit.new, edit.confidence

    counts = Counter(map(kind, document.edits))
    first = {kind(edit): edit for edit in reversed(document.edits)}
    rows = [Fix(edit.fix, edit.start, edit.end, edit.old, edit.new, edit.confidence, counts[key])
            for key, edit in first.items()]
    return sorted(rows, key=lambda row: (row.start, row.end))


def as_json(document: CleanDocument) -> Mapping[str, Any]:
    """The document as `kg clean --json` prints it; `text` holds the lines that are read on."""
    shown = [(line.role, document.text[line.start:line.end]) for line in document.lines]
    return {
        "id": document.id,
        "text": "\n".join(text for role, text in shown if role in READ_ROLES),
        "metadata": document.metadata.model_dump(mode="json"),
        "edits": [edit.model_dump(mode="json") for edit in document.edits],
        "flaws": [flaw.model_dump(mode="json") for flaw in document.flaws],
        "warnings": list(document.warnings),
        "lines": [{"role": role, "text": text} for role, text in shown],
    }
