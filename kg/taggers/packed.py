"""What a tagger gave for a document, in bytes: kept, it spares the tagger when rules or word lists change.

JSON: the digest of the sentences, and for each of them its words, three numbers and tags in a row (start, end, part of
speech), and its names. The sentences themselves aren't in it, so bytes serve only who has the same ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from kg.models import Mention, Token, named
from kg.taggers import Tagging


def pack(texts: Sequence[str], taggings: Sequence[Tagging]) -> bytes:
    """The taggings of the sentences of a document."""
    rows = [([value for token in tagging.tokens for value in (token.start, token.end, token.pos)],
             [(m.start, m.end, m.type, m.source, m.value, m.confidence) for m in tagging.mentions])
            for tagging in taggings]
    return json.dumps([_digest(texts), rows], ensure_ascii=False, separators=(",", ":")).encode()


def unpack(packed: bytes, texts: Sequence[str]) -> list[Tagging] | None:
    """The taggings again; None where they are those of other sentences.

    >>> given = Tagging((Token(0, 1, "甲", "n"),), (Mention(0, 1, "PERSON", "甲", "model", confidence=0.9),))
    >>> unpack(pack(["甲"], [given]), ["甲"]) == [given], unpack(pack(["甲"], [given]), ["乙"])
    (True, None)
    """
    digest, rows = json.loads(packed)
    if digest != _digest(texts):
        return None
    return [Tagging(tuple(named(Token, [(start, end, text[start:end], pos) for start, end, pos
                                        in zip(words[::3], words[1::3], words[2::3], strict=True)])),
                    tuple(Mention(start, end, kind, text[start:end], source, value, confidence)
                          for start, end, kind, source, value, confidence in names))
            for text, (words, names) in zip(texts, rows, strict=True)]


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
