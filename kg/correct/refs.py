"""How a table of decisions names things: by the id of a node, or by a place in a text.

The id of a body, a place, a date or a document (`ORGANIZATION:云岭市公安局`) is its identity and means the same in
every build. Whom `PERSON:陈建国` means changes with the documents, and so does every id that ends in `@document`: such
a node is named by one of its mentions, `document[12-15]陈建国`, with the raw span and the text that stands there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.graph import Node
from kg.models import Quote

_MENTION = re.compile(r"(?P<document>.+)\[(?P<start>\d+)-(?P<end>\d+)\](?P<text>.+)", re.DOTALL)
_NODE = re.compile(r"(?:PERSON|ORGANIZATION|LOCATION|DATE|DOCUMENT|ACTION):.+", re.DOTALL)
#: Types whose ids are their identity, unless they are bound to a document.
_LASTING = ("ORGANIZATION", "LOCATION", "DATE", "DOCUMENT")


class Place(NamedTuple):
    """A mention: document, raw span, and the (repaired) text."""

    document: str
    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return f"{self.document}[{self.start}-{self.end}]{self.text}"


#: What a reference means: a place, or the id of a node.
Ref = Place | str


def parse(text: str) -> Ref | None:
    """The place or node id that `text` names; None if it is neither.

    >>> parse("a.txt[12-15]陈建国")
    Place(document='a.txt', start=12, end=15, text='陈建国')
    >>> parse("PERSON:陈建国"), parse("陈建国")
    ('PERSON:陈建国', None)
    """
    if _NODE.fullmatch(text):
        return text
    found = _MENTION.fullmatch(text)
    return Place(found["document"], int(found["start"]), int(found["end"]), found["text"]) if found else None


def place(document: str, quote: Quote) -> Place:
    """The place of a quote."""
    return Place(document, quote.start, quote.end, quote.text)


def lasting(node: Node, document: str = "") -> str:
    """The reference to a node that holds over builds: its id if that is an identity, else its first mention.

    With `document` the first mention there, for a node that several documents share.
    """
    mentions = [m for m in node.mentions if m.document == document] if document else node.mentions
    if (not document and node.type in _LASTING and "@" not in node.id) or node.type == "ACTION" or not mentions:
        return node.id
    return str(place(mentions[0].document, mentions[0].quote))
