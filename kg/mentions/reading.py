"""A sentence as the grammars see it: its text, its words, the tagger's names, and what is known of the language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Places
from kg.models import Mention, MentionType, Role, Token, named

HAN = r"\u4e00-\u9fff"

#: What a tagger joins to the last character of a body.
_BEHIND_BODY = "对向在与为将按"


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


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence. `offset` is where it begins in the document; everything else counts from its own start.

    `doubtful` are names of which the tagger is too little sure for them to be `spans`. `starts` and `ends` give the
    index of the word that begins or ends at a character.
    """

    text: str
    offset: int
    role: Role
    words: tuple[Word, ...]
    starts: dict[int, int]
    ends: dict[int, int]
    spans: tuple[Mention, ...]
    doubtful: tuple[Mention, ...]
    lexicon: Lexicon
    places: Places

    def mention(self, start: int, end: int, kind: MentionType, source: str, *, value: str = "",
                confidence: float = 1.0) -> Mention:
        """The characters [start, end) of the sentence as a mention of the document."""
        return Mention(self.offset + start, self.offset + end, kind, self.text[start:end], source, value, confidence)

    def is_whole(self, start: int, end: int) -> bool:
        """Whether [start, end) begins and ends where words do."""
        return start in self.starts and end in self.ends

    def inside(self, start: int, end: int) -> list[Word]:
        """The words that lie in [start, end)."""
        found = []
        for at in range(bisect_left(self.words, (start,)), len(self.words)):
            word = self.words[at]
            if word.end > end:
                break
            found.append(word)
        return found


def read(text: str, offset: int, role: Role, tokens: Sequence[Token], spans: Sequence[Mention],
         knowledge: Knowledge, doubtful: Sequence[Mention] = ()) -> Reading:
    """A sentence with the tagger's tokens and names, whose offsets count from its start."""
    lexicon = knowledge.lexicon
    words: list[Word] = []
    for word in named(Word, [(*token, kind) for token, kind in zip(tokens, _kinds(tokens, spans), strict=True)]):
        if len(word.text) == 2 and word.text[0] == "所" and word.text[1] in _BEHIND_BODY and words and (
                words[-1].end == word.start) and len(getattr(lexicon.suffix(words[-1].text + "所"), "text", "")) > 1:
            words += [Word(word.start, word.start + 1, "所", "n", "n"),        # 财政/所对 for 财政/所/对
                      Word(word.start + 1, word.end, word.text[1], "p", "p")]
        elif len(word.text) > 2 and word.text[-2:] in lexicon.title_endings:
            before = words[-1].text if words and words[-1].end == word.start else ""
            words += _body_and_post(word, before, lexicon)
        else:
            words.append(word)
    return Reading(text, offset, role, tuple(words), {word.start: i for i, word in enumerate(words)},
                   {word.end: i for i, word in enumerate(words)}, tuple(sorted(spans)), tuple(doubtful),
                   lexicon, knowledge.places)


def _kinds(tokens: Sequence[Token], spans: Sequence[Mention]) -> list[str]:
    """For each token the type of the last of `spans` that holds it whole, else its part of speech."""
    kinds = [token.pos for token in tokens]
    for span in spans:
        at = bisect_left(tokens, (span.start,))
        while at < len(tokens) and tokens[at].end <= span.end:
            kinds[at] = span.type
            at += 1
    return kinds


def _body_and_post(word: Word, before: str, lexicon: Lexicon) -> list[Word]:
    """A word that holds a body and its post, in two: 县委书记 is 县委 + 书记.

    So is one that holds only the end of the body, which begins with the word `before`: 政法/委书记.
    """
    for cut in range(1, len(word.text) - 1):
        body, title = word.text[:cut], word.text[cut:]
        if title in lexicon.titles and word.text not in lexicon.titles \
                and (suffix := lexicon.suffix(body if cut > 1 else before + body)) and (
                    len(suffix.text) > 1 or (cut > 5 and word.kind in ("ORG", "ORGANIZATION"))):    # 甲县农业局种植科
            return [Word(word.start, word.start + cut, body, word.pos, word.kind),
                    Word(word.start + cut, word.end, title, word.pos, word.kind)]
    return [word]
