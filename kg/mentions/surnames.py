"""Persons whom a document calls by their surname and their title: 卢主席, where it names one 卢 only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.knowledge.lexicon import Lexicon, pattern_of
from kg.mentions.reading import HAN
from kg.models import ANONYMISED, Mention, TaggedSentence

#: Names of two or three characters, the first of which is the surname.
_NAME = re.compile(f"[{HAN}]{{2,3}}")


def find_called(sentences: Sequence[TaggedSentence], lexicon: Lexicon) -> tuple[TaggedSentence, ...]:
    """The sentences, with a person where a surname and a title stand for the only one who bears it."""
    names = {m.text for s in sentences for m in s.mentions
             if m.type == "PERSON" and _NAME.fullmatch(m.text) and not ANONYMISED.search(m.text)}
    bearers: dict[str, str] = {}
    for name in sorted(names):
        bearers[name[0]] = "" if name[0] in bearers else name
    only = {surname: name for surname, name in bearers.items() if name and surname in lexicon.surnames}
    if not only:
        return tuple(sentences)
    titles = pattern_of(lexicon, "called_by_surname")
    return tuple(_called(sentence, only, titles) for sentence in sentences)


def _called(sentence: TaggedSentence, only: dict[str, str], titles: re.Pattern[str]) -> TaggedSentence:
    text, offset = sentence.sentence.text, sentence.sentence.start
    found: list[Mention] = []
    for title in titles.finditer(text):
        begin, end = title.start() - 1 + offset, title.end() + offset
        name = only.get(text[title.start() - 1]) if title.start() else None
        if name and any(t.start == begin for t in sentence.tokens) and any(t.end == end for t in sentence.tokens) \
                and not any(m.start < end and begin < m.end and m.type != "POSITION" for m in sentence.mentions):
            surface = text[title.start() - 1:title.end()]
            found.append(Mention(begin, end, "PERSON", surface, "grammar.repeat", name, 0.8))
    if not found:
        return sentence
    kept = [m for m in sentence.mentions if not any(m.start < f.end and f.start < m.end for f in found)]
    return replace(sentence, mentions=tuple(sorted([*kept, *found])))
