"""Titles and posts: 局长, 副总指挥, 民警. They serve the rules and never become nodes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import Reading
from kg.models import Mention

#: A committee with which a title begins; where it belongs to the name before it, the rest is the title.
COMMITTEE = re.compile("(?:党委|党组|党工委|党总支|党支部)(?=书记|副书记|委员|$)")
#: A board with which a title begins; where it ends a body for the tagger, the rest is the title: 主席 of 乙理事会.
_BOARD = re.compile("(?:董事会|监事会|理事会|董事局|工会)(?=(?:副?主席|秘书)$)|(?:中央)?政治局(?=委员$)")
#: 县政府党/组成/员: titles that begin inside what the tagger takes for the name of a body.
MEMBERS = re.compile("(?:党组|党委)(?:成员|委员)")
#: Parts of speech of the field in which somebody has a rank.
_FIELD = frozenset({"n", "vn", "an", "nz"})


def find_titles(reading: Reading) -> Iterator[Mention]:
    """Titles of the lexicon that begin and end where words do; the longest wins."""
    done = 0
    lexicon = reading.lexicon
    body_ends = {span.end for span in reading.spans if span.type == "ORGANIZATION"}
    for word in reading.words:
        if word.start < done:
            continue
        if (lengths := lexicon.title_lengths.get(word.text[0])) and (end := _longest(reading, word.start, lengths)):
            done = end
            i = reading.starts.get(end)
            if i is not None and reading.text[word.start:reading.words[i].end] in lexicon.organizations:
                continue                # 专家/组, 交警/大队
            if any(reading.text.startswith(longer, word.start) and word.start + len(longer) > end
                   for longer in lexicon.words["no_titles"]):
                continue                # 轮值/主席/国
            yield reading.mention(_from_rank(reading, word.start), end, "POSITION", "lexicon.title")
            if (own := COMMITTEE.match(reading.text, word.start, end)) or (
                    (own := _BOARD.match(reading.text, word.start, end)) and (
                        own.end() in body_ends or own[0].endswith("政治局"))):
                yield reading.mention(own.end(), end, "POSITION", "lexicon.title")      # 书记 of 乙镇党委/书记
        elif word.pos == "n" and word.text[-2:] in lexicon.title_endings and _ends_in_title(lexicon, word.text):
            yield reading.mention(word.start, word.end, "POSITION", "lexicon.title", confidence=0.8)
    for span in reading.spans:          # 总干事卢正平, one word to the tagger, of which its names tell the person
        if span.type == "PERSON" and span.start not in reading.starts:
            start = reading.words[max(0, bisect_right(reading.words, (span.start,)) - 1)].start
            if reading.text[start:span.start] in lexicon.titles:
                yield reading.mention(start, span.start, "POSITION", "lexicon.title", confidence=0.9)
        elif span.type == "PERSON" and (start := _inside_a_body(reading, span.start)):
            yield reading.mention(start, span.start, "POSITION", "lexicon.title", confidence=0.9)
    for member in MEMBERS.finditer(reading.text):
        if member.start() not in reading.starts:
            yield reading.mention(*member.span(), "POSITION", "lexicon.title")


def _from_rank(reading: Reading, start: int) -> int:
    """Where a title begins that a rank and a field open: 首席/宏观/分析师, 高级/研究/经理; `start` if none does."""
    i, ranks = reading.starts[start], reading.lexicon.words["opening_ranks"]
    for at in range(i - 1, max(i - 4, -1), -1):
        if reading.words[at].text in ranks:
            return reading.words[at].start
        if reading.words[at].pos not in _FIELD:
            break
    return start


def _longest(reading: Reading, start: int, lengths: Sequence[int]) -> int:
    """End of the longest title at `start`, or 0; its length is one of `lengths`, which descend."""
    for length in lengths:
        end = start + length
        if length > 1 and end in reading.ends and reading.text[start:end] in reading.lexicon.titles:
            return end
    return 0


def _inside_a_body(reading: Reading, end: int) -> int:
    """Where a title before a person begins inside what the tagger takes for a body (甲党党鞭, 审计署审计/长), or 0."""
    before = reading.ends.get(end)
    i = before - 1 if before and len(reading.words[before].text) == 1 else before
    if i is None or reading.words[i].pos != "ORG":
        return 0
    starts = range(reading.words[i].start + 2, reading.words[i].end)
    return next((start for start in starts if reading.text[start:end] in reading.lexicon.titles), 0)


def _ends_in_title(lexicon: Lexicon, noun: str) -> bool:
    """女民警, 老队长: one word of which only the end is in the lexicon."""
    return any(noun[cut:] in lexicon.titles and noun[:cut] not in lexicon.organizations
               for cut in range(1, len(noun) - 1))
