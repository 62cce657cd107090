"""Who did what a description tells, read from its verb to the left: 周文澜/受/县政府/委托/作/的/报告.

Between him and the verb may stand when, where, for whom and on what ground it was done.
"""

from __future__ import annotations

from kg.acts.adjuncts import Frame
from kg.acts.clauses import BREAKS, COORDINATORS, MOVES, NOMINAL, WHEN, Word
from kg.acts.lexicon import Lexicon
from kg.acts.places import named_places
from kg.acts.subjects import MEETINGS, NAMED, Subject, read_subject

_THIS_TIME = frozenset({"此次", "这次", "本次"})
#: How many phrases may stand there, and how long one may be.
_PHRASES, _LENGTH = 3, 14
_TIMES, _SIDES = frozenset({"时", "期间", "之际", "后"}), frozenset({"上", "中", "内", "里", "下", "前", "间"})
_WITH, _AT = frozenset({"与", "同", "跟"}), frozenset({"在", "于"})


def read_describer(words: tuple[Word, ...], verb: int, thing_end: int, lexicon: Lexicon) -> Frame | None:
    """The frame of the verb at `verb`: who is named before it; None where nobody is, or it is unsure who did it.

    `thing_end`: behind the noun that is described.
    """
    end, frame = _behind_doer(words, verb, lexicon), Frame(Subject())
    for _ in range(_PHRASES):
        end, frame = _past_adverbs(words, end, frame)
        if end == 0 or words[end - 1].text in COORDINATORS or any(
                w.mention is None and w.text in lexicon.cues["undone"] for w in words[end:verb]):
            return None
        start = _names_start(words, end, lexicon)
        subject = read_subject(words[start:end], lexicon.cues)
        opener = _before_names(words, start) if subject.named else _phrase_start(words, end, lexicon)
        if subject.named and (opener < 0 or _may_precede(words[opener], lexicon)):
            in_place = opener >= 0 and words[opener].pos == "LOCATION"      # 甲市/乙局: hardly the whole name
            return None if in_place else frame._replace(subject=subject)
        if opener < 0 or _is_unsure(words, opener, end, subject, thing_end, lexicon):
            return None
        end, frame = opener, _with_phrase(frame, words[opener], words[opener + 1:end], subject, lexicon)
    return None


def _past_adverbs(words: tuple[Word, ...], end: int, frame: Frame) -> tuple[int, Frame]:
    """Before the adverbs and times that end at `end`; the frame with the date among them."""
    while end > 0 and (words[end - 1].pos in WHEN or words[end - 1].text in _THIS_TIME):
        end -= 1
        frame = frame._replace(date=words[end].mention or frame.date)
    return end, frame


def _is_unsure(words: tuple[Word, ...], opener: int, end: int, inside: Subject, thing_end: int,
               lexicon: Lexicon) -> bool:
    """甲局/对/乙公司/生产/的/药品/进行/检查: may the preposition at `opener` govern the noun that is described?"""
    before, last = words[opener], words[end - 1]
    if before.text in _WITH or before.text in lexicon.cues["partner_verbs"]:
        return not inside.named and _goes_on(words, thing_end)
    if before.text in _AT:
        return _is_beside(words, end, thing_end)
    closed = _is_closed(last) or last.text in lexicon.cues["basis_heads"]
    return not closed and _goes_on(words, thing_end)


def _with_phrase(frame: Frame, opener: Word, inside: tuple[Word, ...], named: Subject, lexicon: Lexicon) -> Frame:
    """The frame with what a phrase before the verb adds: with whom, where or when."""
    if opener.text in _WITH or opener.text in lexicon.cues["partner_verbs"]:
        return frame._replace(partners=named.agents)
    if opener.text in _AT and inside[-1].pos == "LOCATION":
        return frame._replace(places=named_places(inside))
    if opener.text in _AT and len(inside) == 1 and inside[0].pos == "DATE":
        return frame._replace(date=inside[0].mention)
    return frame


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


def _before_names(words: tuple[Word, ...], start: int) -> int:
    """Where the word stands before the names that begin at `start`, or before the nouns with which their list begins.

    -1 where they begin the sentence.
    """
    if words[start].text in _WITH and (start == 0 or words[start - 1].pos not in NOMINAL):
        return start                    # 与/甲局/签署/的
    if words[start].text in COORDINATORS:
        while start > 0 and words[start - 1].pos in NOMINAL:
            start -= 1
    return start - 1


def _may_precede(word: Word, lexicon: Lexicon) -> bool:
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


def _goes_on(words: tuple[Word, ...], end: int) -> bool:
    """Does anything stand behind the noun that is described before its clause ends?"""
    return end < len(words) and (words[end].mention is not None or words[end].text not in BREAKS)
