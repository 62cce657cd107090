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
#: The least confidence of one at whose head the tagger's words have a body: 星河/ORG 重工/n.
_HALF = 0.5
_NOUNS = frozenset({"n", "nz", "vn", "m", "ORG", "nt"})
#: Parts of speech that no name holds; verbs only if the tagger is sure.
_FOREIGN = frozenset({"p", "u", "r", "d", "q", "TIME"})
#: 地方/国资委: before a name, what makes it that of any.
_OF_ANY = re.compile("(?:地方|各地|各级|其他|其它|各)$")
_JOINER = re.compile("[和与及、，,暨]|以及|并")


def agreed(reading: Reading, may_stand: Callable[[Mention], bool]) -> Iterator[Mention]:
    """Spans of the tagger, sure and doubtful, that open and end like the name of a body of a place, or are known: 总台.

    `may_stand` says of a span whether the grammar would take it: no collective, no common noun.
    """
    for span in (*reading.spans, *reading.doubtful):
        if span.type == "ORGANIZATION" and span.confidence >= _LEAST and may_stand(span) \
                and (_is_known(span, reading) or _is_like_one(span, reading) or _is_named_twice(span, reading)):
            yield span


def _is_known(span: Mention, reading: Reading) -> bool:
    """Whether a name is the short form of one body, as the table has it: 总台; not where it is that of any."""
    return (span.text, "whole") in reading.lexicon.abbreviations \
        and span.text not in reading.lexicon.words["state_bodies"] and not _OF_ANY.search(reading.text, 0, span.start)


def _is_like_one(span: Mention, reading: Reading) -> bool:
    """Whether a place or a level opens the name, and the ending of a body closes it."""
    return _opens(span.text, reading) and reading.lexicon.ending(span.text) is not None \
        and _holds_together(span, reading)


def _is_named_twice(span: Mention, reading: Reading) -> bool:
    """星河重工: the tagger's words know a name at the head of it, and nothing but nouns follows."""
    words = reading.inside(span.start, span.end)
    return span.confidence >= _HALF and len(words) > 1 and words[0].start == span.start \
        and words[-1].end == span.end and words[0].pos in ("ORG", "nt") \
        and reading.lexicon.suffix(words[0].text) is None and words[0].text[-1] not in "军警" \
        and all(w.pos in _NOUNS and reading.lexicon.generic.get(w.text) is None for w in words[1:]) \
        and not span.text.endswith((*reading.lexicon.words["no_body_endings"], "大", "机构", "网站", "频道"))


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
