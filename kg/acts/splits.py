"""Where the clauses of a sentence end: at a comma, at a 并 before a verb, at a 、 in a list of predicates."""

from __future__ import annotations

from collections.abc import Iterator

from kg.acts.clauses import ADVERBIAL, BREAKS, NOMINAL, Clause, Word
from kg.acts.lexicon import Lexicon

_JOINS = frozenset({"并", "并且", "、"})


def split_clauses(words: list[Word], lexicon: Lexicon) -> Iterator[Clause]:
    """Clauses in order. A comma within a list of names or amounts still ends one: such a clause has no verb."""
    start, opener = 0, ""
    for i, word in enumerate(words):
        if word.mention is None and word.text in BREAKS and not _links_names(words, i):
            if i > start:
                yield Clause(tuple(words[start:i]), opener, word.text)
            start, opener = i + 1, word.text
        elif i > start and word.text in _JOINS and _joins_predicates(words, i, lexicon):
            yield Clause(tuple(words[start:i]), opener, word.text)
            start, opener = i + 1, word.text
    if start < len(words):
        yield Clause(tuple(words[start:]), opener)


def _links_names(words: list[Word], i: int) -> bool:
    """甲国—乙国, 甲国—中亚峰会: a dash between names, and no double one; 3:0."""
    if words[i].text in ":：" and 0 < i < len(words) - 1 and words[i - 1].pos == words[i + 1].pos == "m":
        return True
    return words[i].text in "—-" and 0 < i < len(words) - 1 and words[i - 1].mention is not None and (
        words[i + 1].mention is not None or words[i + 1].pos in ("n", "nz", "ns", "nt", "LOC", "ORG"))


def _describes_partner(words: list[Word], i: int, lexicon: Lexicon) -> bool:
    """同/来访/并/出席/论坛/的/方大年/会谈: does the 并 at i join verbs that describe somebody?"""
    start = next((k for k in range(i - 1, -1, -1) if words[k].mention is None and words[k].text in BREAKS), -1)
    opened = any(words[k].mention is None and words[k].text in lexicon.cues["with_somebody"] and (
                 words[k + 1].pos == "v") for k in range(start + 1, i - 1))
    if not opened or any(w.text == "的" and w.mention is None for w in words[start + 1:i]):
        return False
    end = next((k for k in range(i, len(words)) if words[k].mention is None and words[k].text in BREAKS), len(words))
    closed = next((k for k in range(i, end) if words[k].text == "的" and words[k].pos == "u"), end)
    return any(w.pos == "PERSON" for w in words[closed:end])


def _joins_predicates(words: list[Word], i: int, lexicon: Lexicon) -> bool:
    """Is the word at i a 并 (or a 、 before adverb and verb) that begins a new predicate?"""
    if words[i].text not in _JOINS or words[i].mention or _describes_partner(words, i, lexicon):
        return False
    j = i + 1
    while j < len(words) and words[j].pos in ADVERBIAL:
        j += 1
    if words[i].text == "、" and j == i + 1:
        return _lists_predicates(words, i, lexicon)
    if j == len(words):
        return False
    if words[i].text == "、":
        verb = words[j].pos == "v" and words[j].text in lexicon.triggers
        return verb and j + 1 < len(words) and words[j + 1].text != "等"
    return words[j].pos in ("v", "p", "vn") or words[j].text in lexicon.triggers


def _lists_predicates(words: list[Word], i: int, lexicon: Lexicon) -> bool:
    """发表/论述、作出/指示: does a verb with its object go on a list of such behind the mark at i?

    Not so where they describe a noun (发布谣言、传播谣言的人) or say how something is done (通过/…, 采取/…等/方式).
    """
    if i + 2 >= len(words) or words[i + 1].mention is not None or words[i + 1].text not in lexicon.triggers or (
            words[i + 1].pos != "v" and not (words[i + 1].pos == "vn" and words[i + 2].mention)) or (
            words[i - 1].pos not in NOMINAL | {"vn", "an"}):
        return False
    start = next((k for k in range(i - 1, -1, -1) if words[k].mention is None and words[k].text in BREAKS), -1) + 1
    end = next((k for k in range(i, len(words)) if words[k].mention is None and words[k].text in BREAKS), len(words))
    before = next((k for k in range(i - 1, start, -1) if words[k].text == "、" and words[k + 1].pos in ("v", "vn")), -1)
    if before > 0 and _lists_predicates(words, before, lexicon):
        start = before + 1
    told = [w for w in words[start:i] if w.pos == "v" and w.mention is None]
    behind = words[i + 2]
    if len(told) != 1 or told[0].text not in lexicon.triggers or words[i - 1] is told[0] or (
            behind.text in ("的", "等")) or (
            behind.mention is None and behind.pos not in NOMINAL | {"a", "vn"}):
        return False
    within = any(w.mention is None and (w.pos == "p" or w.text in lexicon.cues["not_listing"]) for w in words[start:i])
    return not within and all(w.mention is not None or w.text not in ("的", "等", "等等") for w in words[i + 1:end])
