"""Who did what a description tells, read from its verb to the left: 周文澜/受/县政府/委托/作/的/报告.

Between him and the verb may stand when, where, for whom and on what ground it was done.
"""

from __future__ import annotations

from kg.acts.adjuncts import Frame
from kg.acts.clauses import ADVERBIAL, BREAKS, COORDINATORS, MOVES, NOMINAL, Word
from kg.acts.lexicon import Lexicon
from kg.acts.places import named_places
from kg.acts.subjects import MEETINGS, NAMED, Subject, read_subject
from kg.models import Mention

#: What may stand between who acts and the verb.
_BETWEEN = frozenset({*ADVERBIAL, "TIME", "DATE"})
_THIS_TIME = frozenset({"此次", "这次", "本次"})
#: How many phrases may stand there, and how long one may be.
_PHRASES, _LENGTH = 3, 14
_TIMES, _SIDES = frozenset({"时", "期间", "之际", "后"}), frozenset({"上", "中", "内", "里", "下", "前", "间"})
_WITH, _AT = frozenset({"与", "同", "跟"}), frozenset({"在", "于"})


def read_describer(words: tuple[Word, ...], verb: int, thing_end: int, lexicon: Lexicon) -> Frame | None:
    """The frame of the verb at `verb`: who is named before it; None where nobody is, or it is unsure who did it.

    `thing_end`: behind the noun that is described.
    """
    end = _behind_doer(words, verb, lexicon)
    date: Mention | None = None
    partners: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    for _ in range(_PHRASES):
        while end > 0 and (words[end - 1].pos in _BETWEEN or words[end - 1].text in _THIS_TIME):
            end -= 1
            if words[end].mention is None and words[end].text in lexicon.cues["undone"]:
                return None
            date = words[end].mention or date
        if end == 0 or words[end - 1].text in COORDINATORS:
            return None
        start = _names_start(words, end, lexicon)
        subject = read_subject(words[start:end], lexicon.cues)
        if subject.named:
            if words[start].text in _WITH and (start == 0 or words[start - 1].pos not in NOMINAL):
                start += 1
            before = _before_names(words, start)
            if before is None or may_precede(before, lexicon):
                return _frame(subject, partners, date, places) if before is None or before.pos != "LOCATION" else None
            if before.text in _WITH or before.text in lexicon.cues["partner_verbs"]:
                partners = subject.agents
            elif _goes_on(words, thing_end):
                return None             # 甲局/对/乙公司/生产/的/药品/进行/检查
            end = words.index(before)
        else:
            start = _phrase_start(words, end, lexicon)
            if start < 0 or (words[start].text in _AT and _is_beside(words, end, thing_end)) or (
                    _may_govern(words, start, end, lexicon) and _goes_on(words, thing_end)):
                return None
            if words[start].text in _AT:
                inside = words[start + 1:end]
                places = named_places(inside) if inside[-1].pos == "LOCATION" else places
                date = inside[0].mention if len(inside) == 1 and inside[0].pos == "DATE" else date
            end = start
    return None


def _frame(subject: Subject, partners: tuple[Mention, ...], date: Mention | None,
           places: tuple[Mention, ...]) -> Frame:
    agents = tuple(dict.fromkeys((*subject.agents, *partners)))
    return Frame(subject._replace(agents=agents), date=date, places=places)


def _behind_doer(words: tuple[Word, ...], verb: int, lexicon: Lexicon) -> int:
    """Where the search for the doer begins: before 所, and before another verb of his (参与/研发, 倡议/并/主持)."""
    end = verb - 1 if words[verb - 1].text == "所" else verb
    joined = end - 1 if words[end - 1].mention is None and words[end - 1].text in ("、", "并") else end
    before = words[joined - 1] if joined > 1 else words[0]
    return joined - 1 if before.mention is None and (
        before.text in lexicon.cues["leading"] or before.text in lexicon.cues["side_by_side"]) else end


def _names_start(words: tuple[Word, ...], end: int, lexicon: Lexicon) -> int:
    """Where the names begin that stand right before `end`, with what sums them up or stands for them (甲局/网站)."""
    start = end
    while start > 0 and _may_name(words[start - 1], lexicon):
        start -= 1
    return start


def _may_name(word: Word, lexicon: Lexicon) -> bool:
    cues = lexicon.cues
    return word.pos in (*NAMED, "POSITION") or word.text in COORDINATORS or (word.mention is None and (
        word.pos in ("m", "q") or word.text in ("等", "部门", "有关", "各方") or word.text.endswith(MEETINGS)
        or any(word.text in cues[name] for name in ("stand_ins", "collectives", "trailers", "generic"))))


def _before_names(words: tuple[Word, ...], start: int) -> Word | None:
    """The word before the names that begin at `start`, or before the nouns with which their list begins."""
    if words[start].text in COORDINATORS:
        while start > 0 and words[start - 1].pos in NOMINAL:
            start -= 1
    return words[start - 1] if start else None


def may_precede(word: Word, lexicon: Lexicon) -> bool:
    """Not so behind 向/甲局/提交/的, 与/甲局/签订/的, 提交/甲会/审议/的: he isn't the one who acts, or not alone."""
    return word.mention is not None or not any(
        word.text in lexicon.cues[name] for name in ("recipient", "partner", "partner_verbs", "fronting", "handing_in"))


def _phrase_start(words: tuple[Word, ...], end: int, lexicon: Lexicon) -> int:
    """Where the preposition stands of a phrase that ends at `end` (在/甲市, 受/县政府/委托, 在/出席/论坛/时), or -1."""
    cues, last = lexicon.cues, words[end - 1]
    if last.text in cues["basis_heads"]:
        openers = cues["basis"]
    elif _is_closed(last):
        openers = cues["place"] | {"于"}
    else:
        openers = cues["place"] | cues["fronting"] | cues["recipient"] | cues["partner"] | {"于", "围绕", "针对"}
    for i in range(end - 2, max(end - _LENGTH, 0) - 1, -1):
        word = words[i]
        if word.mention is not None:
            continue
        if word.text in openers and word.text not in MOVES and (word.pos == "p" or word.text in ("受", "围绕", "为")):
            return i
        if word.text in BREAKS or (word.pos == "v" and openers is not cues["basis"] and not _is_closed(last)):
            return -1
    return -1


def _is_closed(last: Word) -> bool:
    """上 of 在/会议/上, 时 of 在/出席/论坛/时: does a word end the phrase that 在 opens?"""
    return last.mention is None and (last.pos == "f" or last.text in _TIMES)


def _is_beside(words: tuple[Word, ...], end: int, thing_end: int) -> bool:
    """周文澜/在/甲市/举行/的/会议/上/表示: is the noun what he stands at, whoever made it?"""
    return not _is_closed(words[end - 1]) and thing_end < len(words) and (
        _is_closed(words[thing_end]) or words[thing_end].text in _SIDES)


def _may_govern(words: tuple[Word, ...], start: int, end: int, lexicon: Lexicon) -> bool:
    """甲局/对/群众/反映/的/问题/进行/调查: may the preposition at `start` govern the noun that is described?"""
    closed = _is_closed(words[end - 1]) or words[end - 1].text in lexicon.cues["basis_heads"]
    return not closed and words[start].text not in _AT


def _goes_on(words: tuple[Word, ...], end: int) -> bool:
    """Does anything stand behind the noun that is described before its clause ends?"""
    return end < len(words) and (words[end].mention is not None or words[end].text not in BREAKS)
