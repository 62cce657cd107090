"""Who speaks in a document: the body that 我局 means, in a notice that it signs or publishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.knowledge.regions import read_region
from kg.mentions.phrases import RELATIVE
from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Mention, TaggedSentence

#: A line that is a signature holds little besides the name.
_BESIDES = 4


def signatures(document: CleanDocument, sentences: Sequence[TaggedSentence], full: frozenset[str],
               knowledge: Knowledge) -> list[str]:
    """Names of the bodies that may speak as 我局 in a document, the surest first.

    Who signs at the end, whom the page names as its source, and whose name opens its title (甲县公安局警情通报).
    `full` are the sources of mentions that name a body in full.
    """
    found = [m.value or m.text for m in _signing(sentences, full)]
    publisher = document.metadata.publisher
    relative = RELATIVE.match(publisher) and read_region(publisher, knowledge.places)[0] is None     # 市委组织部
    if not relative and (publisher.endswith("公安") or knowledge.lexicon.suffix(publisher)):
        found.append(publisher)
    found += [s.mentions[0].value or s.mentions[0].text for s in sentences if s.sentence.role in ("title", "heading")
              and s.mentions and s.mentions[0].start == s.sentence.start and _names_one(s.mentions[0], full)]
    return found


def _signing(sentences: Sequence[TaggedSentence], full: frozenset[str]) -> Iterator[Mention]:
    """The bodies that stand alone in a line behind the text, the last one first."""
    for tagged in reversed(sentences):
        if tagged.sentence.role in ("body", "title"):
            return
        for mention in tagged.mentions:
            if _names_one(mention, full) and len(tagged.sentence.text) - len(mention.text) <= _BESIDES:
                yield mention


def _names_one(mention: Mention, full: frozenset[str]) -> bool:
    return mention.type == "ORGANIZATION" and mention.source in full
