"""From sentences to mentions: the tagger's names, the grammars', and the policy that decides between them.

Policy. Candidates may overlap; what stands first in `PRECEDENCE` wins, then the longer one, then the earlier.
The tagger's dates are not used at all: the date grammar reads only what can be placed on a calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.dates import read_dates
from kg.lexicon import Lexicon
from kg.models import CleanDocument, Mention, Sentence, TaggedSentence, Token
from kg.names import (
    find_bylines,
    find_documents,
    find_persons,
    find_places,
    find_references,
    find_titles,
)
from kg.organizations import find_organizations, find_police, is_collective
from kg.places import Places
from kg.taggers import Tagger, Tagging

#: Who wins where candidates overlap: lower wins; equal ranks by length, then by position.
PRECEDENCE = {
    "grammar.document": 0,              # nothing inside a title is a mention of its own
    "grammar.byline": 1,
    "grammar.date": 1,
    "grammar.organization": 2,
    "grammar.police": 2,
    "grammar.relative": 2,
    "grammar.unit": 2,
    "grammar.shared_head": 2,
    "grammar.masked_name": 2,
    "grammar.foreign_name": 2,
    "grammar.unquoted_document": 2,
    "grammar.road": 2,
    "lexicon.law": 3,
    "model": 3,
    "grammar.chief": 2,
    "lexicon.title": 4,
    "grammar.after_title": 2,
    "grammar.outlet": 5,
    "grammar.reference": 6,
}
#: Documents a tagger call: batches are cut by length inside the tagger, so a few dozen documents fill them well.
_CHUNK = 32


@dataclass(frozen=True)
class Knowledge:
    """The word lists and tables that mentions are read with."""

    lexicon: Lexicon
    places: Places


def tag(documents: Iterable[tuple[CleanDocument, Sequence[Sentence]]], tagger: Tagger,
        knowledge: Knowledge) -> Iterator[tuple[TaggedSentence, ...]]:
    """The tagged sentences of each document, in order; the tagger sees several documents at a time."""
    chunk: list[tuple[CleanDocument, Sequence[Sentence]]] = []
    for item in documents:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield from _tag_chunk(chunk, tagger, knowledge)
            chunk = []
    yield from _tag_chunk(chunk, tagger, knowledge)


def _tag_chunk(chunk: list[tuple[CleanDocument, Sequence[Sentence]]], tagger: Tagger,
               knowledge: Knowledge) -> Iterator[tuple[TaggedSentence, ...]]:
    taggings = iter(tagger([s.text for _, sentences in chunk for s in sentences]))
    for document, sentences in chunk:
        yield tag_document(document, sentences, [next(taggings) for _ in sentences], knowledge)


def tag_document(document: CleanDocument, sentences: Sequence[Sentence], taggings: Sequence[Tagging],
                 knowledge: Knowledge) -> tuple[TaggedSentence, ...]:
    """Mentions of one document's sentences; dates are read in order, since 28日 needs the month before it."""
    dates = read_dates([s.text for s in sentences], document.metadata.date)
    tagged = []
    for sentence, tagging, spans in zip(sentences, taggings, dates, strict=True):
        tokens = tuple(replace(t, start=t.start + sentence.start, end=t.end + sentence.start) for t in tagging.tokens)
        model = [replace(m, start=m.start + sentence.start, end=m.end + sentence.start) for m in tagging.mentions]
        candidates = [Mention(d.start + sentence.start, d.end + sentence.start, "DATE", d.text, "grammar.date",
                              value=d.value, confidence=d.confidence) for d in spans]
        candidates += _candidates(sentence, tokens, model, knowledge)
        for idiom in knowledge.lexicon.idioms.finditer(sentence.text):
            begin, end = idiom.start() + sentence.start, idiom.end() + sentence.start
            candidates = [m for m in candidates if m.end <= begin or end <= m.start or m.type == "DOCUMENT"]
        tagged.append(TaggedSentence(sentence, tokens, choose(candidates)))
    return tuple(tagged)


def _candidates(sentence: Sentence, tokens: Sequence[Token], model: Sequence[Mention],
                knowledge: Knowledge) -> Iterator[Mention]:
    text, start, lexicon, places = sentence.text, sentence.start, knowledge.lexicon, knowledge.places
    tokens = list(_split_posts(tokens, lexicon))
    titles = list(find_titles(text, start, tokens, lexicon))
    yield from titles
    yield from find_documents(text, start, tokens, lexicon)
    yield from find_bylines(text, start, sentence.role, lexicon)
    yield from find_persons(text, start, tokens, model, titles, lexicon)
    yield from find_places(text, start, tokens, model, places)
    yield from find_organizations(text, start, tokens, model, lexicon, places)
    yield from find_police(text, start, places)
    yield from find_references(text, start)
    yield from (m for m in model if m.type == "ORGANIZATION" and _is_body(m, tokens, lexicon)
                and not places.find(m.text))


def _split_posts(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Token]:
    """Words that hold a body and its post, in two: 县委书记 is 县委 + 书记."""
    for token in tokens:
        for cut in range(2, len(token.text) - 1):
            body, title = token.text[:cut], token.text[cut:]
            if title in lexicon.titles and token.text not in lexicon.titles and \
                    (suffix := lexicon.suffix(body)) and len(suffix.text) > 1:
                yield replace(token, end=token.start + cut, text=body)
                yield replace(token, start=token.start + cut, text=title)
                break
        else:
            yield token


def _is_body(mention: Mention, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the tagger's organisation may stand as it is.

    Not a collective, not a word of function (公安, 卫健), not a bare 医院 (the grammar reads those), not a name that
    runs on into the predicate (指挥部常态化组织), nor one with half a pair of quotation marks.
    """
    name = mention.text
    if lexicon.generic.get(name) or is_collective(name, lexicon) or name in lexicon.organizations or len(name) < 2:
        return lexicon.organizations[name].alone == "name" if name in lexicon.organizations else False
    if re.search(r"(?:机关|部门|单位|系统|警方)$", name) or name.count("“") != name.count("”"):
        return False
    inner = [t for t in tokens if mention.start <= t.start and t.end <= mention.end]
    if not lexicon.suffix(name) and any(t.pos in ("v", "d", "ad") and lexicon.suffix(name[:t.start - mention.start] or "-")
                                        for t in inner):
        return False
    before = next((t for t in tokens if t.end == mention.start), None)
    return not (before is not None and before.pos == "m")


def choose(candidates: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that remain, sorted by start, none overlapping another, by `PRECEDENCE`."""
    def order(mention: Mention) -> tuple[int, int, int, str, str]:
        return PRECEDENCE[mention.source], mention.start - mention.end, mention.start, mention.type, mention.text

    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(candidates, key=order):
        span = range(mention.start, mention.end)
        if span and taken.isdisjoint(span):
            taken.update(span)
            chosen.append(mention)
    return tuple(sorted(chosen))
