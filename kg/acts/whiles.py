"""What somebody did while, or after which, he did what a clause tells: 周文澜|在|会见方大年|时|表示, 在调研时，…"""

from __future__ import annotations

from typing import NamedTuple

from kg.acts.clauses import WHEN, Clause, Word
from kg.acts.lexicon import Lexicon

#: Close the phrase.
_WHILE, _AFTER = frozenset({"时", "期间", "途中"}), frozenset({"后", "之后"})
_ENDS = _WHILE | _AFTER | {"同时", "之际", "过程"}
_CLOSERS = _ENDS | {"中"}
#: What may stand behind it.
_GOES_ON = frozenset({"v", "p", "d", "ad", "vd", "c"})
#: Before the verb inside: with whom, about or to what it is done.
_WITH = frozenset({"同", "与", "和", "对", "向", "就", "赴", "到", "为", "给"})
_BEFORE, _PLACES = WHEN | {"m"}, frozenset({"LOCATION", "r", "s"})
#: Behind what lies there: 在/大会/上/致辞/时.
_THERE = frozenset({"上", "中", "里", "内", "间"})
#: Of what was going on before.
_OVER = frozenset({"结束", "完毕", "期间"})
_UNSURE = ("condition", "negation", "obligation", "plan")


class While(NamedTuple):
    """A clause in two: what was done meanwhile, and the rest.

    `by`: who did the former: "him" of whom the latter tells, "another" who is named there, or the "next" one, whom
    only the next clause names.
    """

    aside: tuple[Word, ...]
    rest: tuple[Word, ...]
    by: str


def part_while(clause: Clause, lexicon: Lexicon) -> While | None:
    """The two parts of a clause that holds 在 … 时, or closes with 时; or None."""
    words = clause.words
    if all(word.text not in _CLOSERS for word in words):
        return None                     # nearly all clauses: nothing else is looked at
    start = next((i for i, w in enumerate(words) if w.text == "在" and w.mention is None and w.pos in ("p", "d")), -1)
    end = next((i for i in range(max(start + 2, 1), len(words)) if _closes(words, i, lexicon)), 0)
    inside, head = words[start + 1:end], words[:max(start, 0)]
    behind = words[end + 1 + int(words[end].text == "过程"):]
    if inside and inside[-1].text == "的":
        inside = inside[:-1]
    if not inside or (start < 0 and behind) or any(w.pos == "v" for w in head) or not _was_done(inside, lexicon) or (
            len(inside) == 1 and (words[end].text in _AFTER or _is_known(inside[0], lexicon))):
        return None                     # 在/会谈/时, 在/投票/后: of what the text told before
    if start >= 0 and _names_another(inside):
        return While(inside, (*head, *behind), "another")
    if inside[0].text == "组织" or (start < 0 and inside[0].text not in _WITH):
        return None                     # 在/组织/函询/时: the party does; 进行/会谈/后: it is not said who did
    plain, placed = _opens_with_verb(inside), start >= 0 and _is_placed(inside)
    there = start >= 0 and inside[0].pos in _PLACES and words[end].text in _WHILE
    if not (plain or placed or there):
        return None
    if placed or not plain:
        inside = words[start:start + 1 + len(inside)]
    if head or behind:
        return While((*head, *inside), (*head, *behind), "him")
    return None if words[end].text == "之际" else While(inside, (), "next")


def _was_done(inside: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Does it tell of what was done, and not only that it was over (会谈/结束/后)?"""
    unsure = any(w.mention is None and w.text in lexicon.cues[name] for w in inside for name in _UNSURE)
    return not unsure and inside[-1].text not in _OVER


def _opens_with_verb(inside: tuple[Word, ...]) -> bool:
    """会见/方大年, 5日/同/方大年/会谈: a verb, or with whom or about what it is done."""
    first = next((word for word in inside if word.pos not in _BEFORE), inside[-1])
    return first.pos in ("v", "vn") or (first.mention is None and first.text in _WITH)


def _is_placed(inside: tuple[Word, ...]) -> bool:
    """开幕/大会/上/致辞: does it open with where it was done, whatever verb that holds?"""
    return any(w.mention is None and w.text in _THERE and w.pos == "f" for w in inside[:-1])


def _is_known(word: Word, lexicon: Lexicon) -> bool:
    """Is a verb that stands alone one of meeting, whose partners must have been named before?"""
    action = lexicon.triggers.get(word.text)
    return action is None or action.kind == "joint"


def _names_another(inside: tuple[Word, ...]) -> bool:
    """国家/主席/周文澜/访问/…: does what is told meanwhile have a person of its own for its subject?"""
    person = next((k for k, word in enumerate(inside) if word.pos not in ("LOCATION", "ORGANIZATION", "POSITION")), -1)
    return person >= 0 and inside[person].pos == "PERSON"


def _closes(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """Does the word at i close a phrase of time? 灾/后 is a noun, and 恢复/时/的 belongs to one."""
    word = words[i]
    if word.text == "中" and word.pos == "f":
        return words[i - 1].text in lexicon.cues["speaking"] and i + 1 < len(words) and words[i + 1].pos in _GOES_ON
    if word.mention is not None or word.text not in _ENDS or word.pos not in ("n", "f", "nz", "s"):
        return False
    if word.text in _AFTER and words[i - 1].pos == "n" and len(words[i - 1].text) == 1:
        return False
    if word.text == "过程":
        i += 1
        if i == len(words) or words[i].text != "中":
            return False
    elif (word.text == "同时") != (words[i - 1].text == "的"):
        return False
    return i + 1 == len(words) or words[i + 1].pos in _GOES_ON
