"""Organisations on which the tagger and the grammar agree, where either alone would be too little.

The tagger reads 甲县反诈中心 as one body but isn't sure; the grammar knows what opens a name and what ends one. A span
of the tagger that a place or a level opens and that ends like a body is as good as a phrase of the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kg.knowledge.regions import read_region
from kg.mentions.phrases import is_relative
from kg.mentions.reading import Reading
from kg.models import Mention

#: The least confidence of a span that both ends bear out, and of one that holds a verb besides (扫黑专业队).
#: Of those between 0.4 and 0.6 in a sample of 250 news articles all but two were names.
_LEAST, _SURE = 0.4, 0.75
#: Parts of speech that no name holds; verbs only if the tagger is sure.
_FOREIGN = frozenset({"p", "u", "r", "d", "q", "TIME"})
_JOINER = re.compile("[和与及、，,暨]|以及|并")


def agreed(reading: Reading, may_stand: Callable[[Mention], bool]) -> Iterator[Mention]:
    """Spans of the tagger, sure and doubtful, that open and end like the name of a body of a place.

    `may_stand` says of a span whether the grammar would take it: no collective, no common noun.
    """
    for span in (*reading.spans, *reading.doubtful):
        if span.type == "ORGANIZATION" and span.confidence >= _LEAST and may_stand(span) \
                and _opens(span.text, reading) and reading.lexicon.ending(span.text) and _holds_together(span, reading):
            yield span


def _opens(name: str, reading: Reading) -> bool:
    """Whether a place or a level opens the name, with more behind it than the last word: 阿里云 is none of 阿里."""
    if is_relative(name, reading):
        return len(name) > 4 and reading.lexicon.suffix(name) is not None
    region, rest = read_region(name, reading.places)
    return region is not None and len(rest) > 2 and (region.place is not None or name.endswith(region.name + rest))


def _holds_together(span: Mention, reading: Reading) -> bool:
    """Whether the words of the span may stand in one name, and no quotation mark or bracket is cut."""
    if any(span.text.count(a) != span.text.count(b) for a, b in ("（）", "“”", "《》")):
        return False
    words = reading.inside(span.start, span.end)
    if any(word.pos in _FOREIGN or (word.pos == "w" and word.text not in "（）“”·") for word in words):
        return False
    # 援琼医疗队 is no verb, although a tagger may say so: one is shorter and ends in no body
    return span.confidence >= _SURE or not any(
        word.pos == "c" or (word.pos == "v" and (len(word.text) < 4 or not reading.lexicon.suffix(word.text)))
        for word in words)


def bodies_apart(reading: Reading, start: int, end: int) -> list[tuple[int, int]]:
    """The bodies of a phrase that the grammar took for one, and the tagger for several with 和 between them."""
    spans = [s for s in reading.spans if s.type == "ORGANIZATION" and start <= s.start and s.end <= end
             and reading.lexicon.suffix(s.text)]
    for left, right in pairwise(spans):
        if _JOINER.fullmatch(reading.text[left.end:right.start]):
            return [(start, left.end), *bodies_apart(reading, right.start, end)]
    return [(start, end)]
