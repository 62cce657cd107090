"""Sentences with their mentions written in, for the examples of rules and for tests.

`[张三|PERSON]任[甲市公安局|ORGANIZATION][局长|POSITION]。` is the sentence 张三任甲市公安局局长。 with three mentions.
A small letter after the bar is a word with its part of speech instead: `[发布|v]`.
"""

from __future__ import annotations

import re

from kg.models import Mention, Role, Sentence, TaggedSentence, Token
from kg.relate.masked import TYPES
from kg.relate.patterns import nearest

_MARK = re.compile(r"\[([^\[\]|]+)\|([A-Za-z]+)\]")


def read_markup(text: str, *, document: str = "markup", start: int = 0, role: Role = "body") -> TaggedSentence:
    """The tagged sentence that `text` describes; it begins at offset `start` of its document.

    Raises ValueError for a mark with an unknown type, or a bracket that is no mark.

    >>> sentence = read_markup("[张三|PERSON]来了。")
    >>> sentence.sentence.text, sentence.mentions[0].text
    ('张三来了。', '张三')
    """
    plain: list[str] = []
    mentions: list[Mention] = []
    tokens: list[Token] = []
    at, length = 0, start
    for mark in _MARK.finditer(text):
        before = text[at:mark.start()]
        surface, label = mark.groups()
        plain += [before, surface]
        begin = length + len(before)
        length = begin + len(surface)
        at = mark.end()
        if label.islower():
            tokens.append(Token(begin, length, surface, label))
        elif label in TYPES:
            mentions.append(Mention(begin, length, label, surface, "markup"))  # type: ignore[arg-type]
        else:
            raise ValueError(f"[{surface}|{label}]: {label} is no type of mention{nearest(label, TYPES)}")
    plain.append(text[at:])
    whole = "".join(plain)
    if "|" in whole or "[" in whole:
        raise ValueError(f"a bracket that is no [表面|TYPE]: {whole}")
    sentence = Sentence(document, 0, start, start + len(whole), whole, 0, role)
    return TaggedSentence(sentence, tuple(tokens), tuple(mentions))
