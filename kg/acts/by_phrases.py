"""By whom something is done, where a description or a noun of attack says so: 由/甲局/主办/的/论坛, 遭到/甲军/炮击."""

from __future__ import annotations

from kg.acts.clauses import ADVERBIAL, Word
from kg.acts.lexicon import Lexicon


def struck_by(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where the attack stands in 遭到/甲军/发射/的/导弹/袭击, if it closes the clause and a body is named, or 0."""
    last = len(words) - 1
    action = lexicon.triggers.get(words[last].text)
    named = i + 2 <= last and words[i + 1].pos == "ORGANIZATION"
    return last if named and action is not None and action.id == "strike" and words[last].mention is None else 0


def made_by(words: tuple[Word, ...], end: int) -> int:
    """Where the noun begins that 由/甲局/（共同）/主办/的/论坛 describes, or 0; `end`: behind the name."""
    verb = end
    while verb < len(words) and words[verb].pos in ADVERBIAL:
        verb += 1
    closed = verb + 2 < len(words) and words[verb].mention is None and words[verb].pos in ("v", "vn") and (
        words[verb + 1].text == "的")
    return verb + 2 if closed else 0


def formed(inside: tuple[Word, ...]) -> tuple[Word, ...]:
    """检查组 of 由甲局、乙局/组成/的/检查组: what others make up acts, not they."""
    verb = next((i for i, w in enumerate(inside) if w.mention is None and w.text in ("组成", "构成")), -1)
    end = next((i for i in range(verb + 1, len(inside)) if inside[i].text == "的"), -1) if verb > 0 else -1
    return inside[end + 1:] if end > 0 else ()
