"""A sentence as the grammars see it: its text, its words, the tagger's names, and what is known of the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Places
from kg.models import Mention, MentionType, Role, Token

HAN = r"\u4e00-\u9fff"


class Word(NamedTuple):
    """A token with offsets in its sentence; `kind` is the type of the name around it, else its part of speech."""

    start: int
    end: int
    text: str
    pos: str
    kind: str


@dataclass(frozen=True)
class Knowledge:
    """The word lists and tables that mentions are read with."""

    lexicon: Lexicon
    places: Places


@dataclass(frozen=True)
class Reading:
    """One sentence. `offset` is where it begins in the document; everything else counts from its own start.

    `doubtful` are names of which the tagger is too little sure for them to be `spans`.
    """

    text: str
    offset: int
    role: Role
    words: tuple[Word, ...]
    spans: tuple[Mention, ...]
    knowledge: Knowledge
    doubtful: tuple[Mention, ...] = ()

    @property
    def lexicon(self) -> Lexicon:
        return self.knowledge.lexicon

    @property
    def places(self) -> Places:
        return self.knowledge.places

    @cached_property
    def starts(self) -> dict[int, int]:
        """Index of the word that begins at a character."""
        return {word.start: i for i, word in enumerate(self.words)}

    @cached_property
    def ends(self) -> dict[int, int]:
        """Index of the word that ends at a character."""
        return {word.end: i for i, word in enumerate(self.words)}

    def mention(self, start: int, end: int, kind: MentionType, source: str, *, value: str = "",
                confidence: float = 1.0) -> Mention:
        """The characters [start, end) of the sentence as a mention of the document."""
        return Mention(self.offset + start, self.offset + end, kind, self.text[start:end], source, value, confidence)

    def inside(self, start: int, end: int) -> list[Word]:
        """The words that lie in [start, end)."""
        return [word for word in self.words if start <= word.start and word.end <= end]


def read(text: str, offset: int, role: Role, tokens: Sequence[Token], spans: Sequence[Mention],
         knowledge: Knowledge, doubtful: Sequence[Mention] = ()) -> Reading:
    """A sentence with the tagger's tokens and names, whose offsets count from its start."""
    kinds = {}
    for span in spans:
        for i, token in enumerate(tokens):
            if span.start <= token.start and token.end <= span.end:
                kinds[i] = span.type
    words: list[Word] = []
    for i, (start, end, text_, pos) in enumerate(tokens):
        word = Word(start, end, text_, pos, kinds.get(i, pos))
        before = words[-1].text if words and words[-1].end == start else ""
        words += _body_and_post(word, before, knowledge.lexicon) if len(word.text) > 2 else (word,)
    return Reading(text, offset, role, tuple(words), tuple(sorted(spans)), knowledge, tuple(doubtful))


def _body_and_post(word: Word, before: str, lexicon: Lexicon) -> list[Word]:
    """A word that holds a body and its post, in two: 县委书记 is 县委 + 书记.

    So is one that holds only the end of the body, which begins with the word `before`: 政法/委书记.
    """
    for cut in range(1, len(word.text) - 1):
        body, title = word.text[:cut], word.text[cut:]
        if title in lexicon.titles and word.text not in lexicon.titles \
                and (suffix := lexicon.suffix(body if cut > 1 else before + body)) and len(suffix.text) > 1:
            return [Word(word.start, word.start + cut, body, word.pos, word.kind),
                    Word(word.start + cut, word.end, title, word.pos, word.kind)]
    return [word]
