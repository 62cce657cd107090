"""One clause: its subject, what its prepositions govern, its verb and its object."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kg.act_lexicon import Action, Lexicon
from kg.clauses import (
    ADVERBIAL,
    COORDINATORS,
    Clause,
    Word,
    governed_end,
    noun_phrase_end,
    relative_end,
)
from kg.models import Mention

NAMED = frozenset({"PERSON", "ORGANIZATION"})
_ASPECT = frozenset({"了", "过", "着", "起", "出", "好", "到"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts. `named` is false where a noun phrase stands as subject that names nobody; it blocks carrying on.

    `reach`: 0 said in the clause, 1 carried from a clause before, 2 from a sentence before.
    """

    agents: tuple[Mention, ...] = ()
    named: bool = False
    collective: bool = False
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the verb of a clause, as far as the reading has come."""

    subject: Subject
    partners: tuple[Mention, ...] = ()
    fronted: tuple[Word, ...] = ()
    patient: tuple[Word, ...] = ()
    recipients: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    date: Mention | None = None
    certainty: str = "fact"
    polarity: str = "positive"
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb of the lexicon with its object: words[verb:after] are the verb, `object` what it is done to."""

    action: Action
    verb: tuple[Word, ...]
    object: tuple[Word, ...]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause gave: perhaps a predicate, and the subject for the clauses behind it.

    `stop`: the rest of the sentence is speech, condition or wish. `adjunct`: the clause held only time and place.
    """

    subject: Subject
    predicate: Predicate | None = None
    stop: bool = False
    places: tuple[Mention, ...] = ()
    date: Mention | None = None


def read_clause(clause: Clause, frame: Frame, lexicon: Lexicon) -> Reading:
    """Read one clause; `frame` brings the subject, date and places that hold when it begins."""
    words, cues = clause.words, lexicon.cues
    kept = frame.subject
    i, frame, verdict = _adjuncts(words, 0, frame, lexicon)
    if verdict:
        return Reading(kept, stop=verdict == "stop", date=frame.date)
    if i == len(words):
        return Reading(kept, places=frame.places, date=frame.date)
    j = _subject_end(words, i, lexicon)
    if j > i:
        subject = read_subject(words[i:j], cues)
        if j == len(words):
            return Reading(subject if subject.named and clause.opener != "、" else kept, date=frame.date)
        if words[-1].text in cues["temporal_ends"] and not subject.named:
            return Reading(kept, date=frame.date)
        frame = replace(frame, subject=subject, patient=words[i:j])
    elif words[-1].text in cues["temporal_ends"] and words[0].text == "在":
        return Reading(kept, date=frame.date)
    return _read_predicate(words, j, frame, lexicon)


# -------------------------------------------------------------------------------------- subject


def _subject_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    verbs = lexicon.triggers
    if words[i].pos == "v" and words[i].text not in verbs and words[i].text not in _verbal_cues(lexicon):
        end = relative_end(words, i, verbs)
        if end is not None and end < len(words) and read_subject(words[i:end], lexicon.cues).named:
            return end
        return i
    if words[i].text in verbs and i > 0 and words[i - 1].pos in ADVERBIAL:
        return i
    end = noun_phrase_end(words, i, verbs)
    if end == len(words) and words[i].text in verbs and words[i].pos in ("vn", "n"):
        return i
    # 公安机关的民警 | 甲与乙: a 与 that the tagger took for a preposition
    while end < len(words) - 1 and end > i and words[end].text in ("与", "和", "同") and words[end].pos == "p":
        more = noun_phrase_end(words, end + 1, verbs)
        if more == end + 1:
            break
        end = more
    return end


def _verbal_cues(lexicon: Lexicon) -> Collection[str]:
    cues = lexicon.cues
    return cues["openers"] | cues["partner_verbs"] | cues["obligation"] | cues["plan"] | cues["negation"]


def read_subject(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> Subject:
    """The named bodies and people that a noun phrase stands for.

    >>> read_subject((), {})
    Subject(agents=(), named=False, collective=False, reach=0)
    """
    agents: list[Mention] = []
    collective = False
    for part in _conjuncts(words):
        head, loose = _head(part, cues)
        if head is not None:
            agents.append(head)
            collective = collective or loose
    return Subject(tuple(agents), bool(agents), collective)


def _conjuncts(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.mention is None and word.text in COORDINATORS:
            parts.append([])
        else:
            parts[-1].append(word)
    return [tuple(p) for p in parts if p]


def _head(part: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> tuple[Mention | None, bool]:
    """The name that a conjunct stands for, and whether it stands for it only by its people (甲局民警)."""
    words = list(part)
    while words and words[-1].mention is None and (words[-1].text in cues["trailers"] or words[-1].pos in ("m", "u")):
        words.pop()
    if not words:
        return None, False
    last = words[-1]
    if last.mention is not None and last.pos in NAMED:
        return last.mention, False
    named = [w for w in words if w.mention is not None and w.pos in NAMED]
    if not named:
        return None, False
    people = [w for w in named if w.pos == "PERSON"]
    behind = words[words.index(named[-1]) + 1:]
    if people and named[-1].pos == "PERSON" and all(w.pos in ("n", "POSITION", "m", "q") for w in behind):
        return people[-1].mention, False
    if named[-1].pos == "ORGANIZATION" and last.text in cues["collectives"] and all(
            w.pos in ("n", "u", "a", "r", "m", "q", "POSITION", "vn", "b", "f") for w in behind):
        return named[-1].mention, True
    return None, False


# ------------------------------------------------------------------------ adjuncts, prepositions


def _adjuncts(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame, str]:
    """Skip time, connectives, adverbs and prepositional phrases; the verdict is "", "skip" or "stop"."""
    cues = lexicon.cues
    while i < len(words):
        word = words[i]
        following = words[i + 1] if i + 1 < len(words) else None
        if word.mention is None and word.text in cues["condition"]:
            return i, frame, "stop"
        if word.pos == "DATE" and not (following and following.text == "的"):
            frame = replace(frame, date=word.mention)
        elif word.text in cues["plan"] and _before_verb(words, i, lexicon):
            frame = replace(frame, certainty="plan")
        elif word.text in cues["negation"] and word.pos != "p":
            frame = replace(frame, polarity="negative")
        elif word.mention is None and word.text in cues["suspected"]:
            frame = replace(frame, certainty="suspected")
        elif word.mention is None and word.text in cues["obligation"] and word.text not in lexicon.triggers:
            return i, frame, "stop"
        elif word.mention is None and _is_preposition(word, cues):
            if word.text in cues["purpose"] and following is not None and (
                    following.pos in ("v", "ad", "d", "vn", "vd") and following.text not in ("其", "此")):
                return i, frame, "skip"
            if word.text == "据":
                return i, frame, "skip"
            i, frame = _preposition(words, i, frame, lexicon)
            continue
        elif word.pos in ADVERBIAL or word.pos in ("c", "TIME") or (word.pos == "f" and i > 0) or (
                word.mention is None and word.text in ("其中", "第一时间", "全面", "、")):
            pass
        else:
            break
        i += 1
    return i, frame, ""


def _before_verb(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    following = words[i + 1] if i + 1 < len(words) else None
    return words[i].pos != "p" and following is not None or (
        following is not None and (following.pos in ("v", "d", "ad", "vd") or following.text in lexicon.triggers))


def _is_preposition(word: Word, cues: Mapping[str, Collection[str]]) -> bool:
    if word.pos == "p":
        return True
    return word.text in ("截至", "截止", "在", "将", "把", "被", "由") and word.pos in ("v", "d", "p")


def _preposition(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> tuple[int, Frame]:
    """Read the prepositional phrase at i; gives the index behind it and what it adds."""
    cues, text = lexicon.cues, words[i].text
    if text in cues["passive"]:
        end = noun_phrase_end(words, i + 1, lexicon.triggers)
        return end, replace(frame, subject=read_subject(words[i + 1:end], cues), passive=True)
    end = governed_end(words, i + 1, lexicon.triggers)
    inside = words[i + 1:end]
    named = read_subject(inside, cues)
    if text in cues["agentive"]:
        return end, replace(frame, subject=named, passive=True)
    if text in cues["fronting"]:
        return end, replace(frame, fronted=inside)
    if text in cues["recipient"]:
        return end, replace(frame, recipients=named.agents)
    if text in cues["partner"]:
        return end, replace(frame, partners=named.agents)
    dates = [w.mention for w in inside if w.pos == "DATE"]
    if not dates and end < len(words) and words[end].pos == "DATE":
        dates, end = [words[end].mention], end + 1
    if dates:
        frame = replace(frame, date=dates[-1])
    if text in cues["place"] and text not in ("从", "自"):
        frame = replace(frame, places=_places(inside))
    while end < len(words) and words[end].pos == "f":
        end += 1
    return max(end, i + 1), frame


def _places(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    return tuple(w.mention for w in words if w.mention is not None and w.pos == "LOCATION")


# ------------------------------------------------------------------------------------ predicate


def _read_predicate(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Reading:
    cues = lexicon.cues
    while i < len(words):
        before = i
        i, frame, verdict = _adjuncts(words, i, frame, lexicon)
        if verdict or i == len(words):
            return Reading(frame.subject, stop=verdict == "stop", date=frame.date)
        word = words[i]
        if word.mention is None and word.text in lexicon.triggers and _is_verb_here(words, i):
            return _predicate(words, i, frame, lexicon)
        if word.mention is None and word.text in cues["speech"]:
            return Reading(frame.subject, stop=True, date=frame.date)
        if word.mention is None and word.text in cues["partner_verbs"]:
            end = noun_phrase_end(words, i + 1, lexicon.triggers)
            frame = replace(frame, partners=read_subject(words[i + 1:end], cues).agents)
            i = max(end, i + 1)
        elif word.mention is None and word.text in cues["openers"]:
            i = _opener_end(words, i, lexicon)
        elif word.pos in ("v", "vn", "u") or word.mention is not None:
            break
        else:
            i += 1
        if i == before:
            break
    return Reading(frame.subject, date=frame.date)


def _opener_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Behind an opening verb and its noun phrase, but not beyond the verb of the lexicon that follows."""
    end = noun_phrase_end(words, i + 1, lexicon.triggers)
    for j in range(i + 1, end):
        if words[j].mention is None and words[j].text in lexicon.triggers and j + 1 < len(words) and j > i + 1:
            return j
    return max(end, i + 1)


def _is_verb_here(words: tuple[Word, ...], i: int) -> bool:
    following = words[i + 1] if i + 1 < len(words) else None
    return following is None or following.text not in ("的", "到位", "工作组", "仪式")


def _predicate(words: tuple[Word, ...], i: int, frame: Frame, lexicon: Lexicon) -> Reading:
    action = lexicon.triggers[words[i].text]
    if action.kind == "motion":
        end = noun_phrase_end(words, i + 1, lexicon.triggers)
        goal = words[i + 1:end]
        for j in range(i + 1, min(end + 1, len(words))):
            # 赴/益阳市/督导/…: behind the place, the act proper
            if words[j].mention is None and words[j].text in lexicon.triggers and j > i + 1:
                inner = replace(frame, places=_places(words[i + 1:j]) or frame.places)
                return _predicate(words, j, inner, lexicon)
        frame = replace(frame, places=_places(goal) or frame.places)
        return Reading(frame.subject, Predicate(action, (words[i],), goal, frame) if goal else None, date=frame.date)
    end = i + 1
    while end < len(words) and words[end].text in lexicon.triggers and words[end].mention is None and (
            words[end].pos == "v" or action.kind != "light") and action.kind not in ("light", "frame") and (
            end + 1 < len(words)):
        action = lexicon.triggers[words[end].text]
        end += 1
    verb = words[i:end]
    while end < len(words) and words[end].text in _ASPECT and words[end].pos in ("u", "v", "d", "f"):
        end += 1
    obj = words[end:]
    while obj and obj[-1].text in ("后", "时", "之后", "、", "等"):
        obj = obj[:-1]
    return Reading(frame.subject, Predicate(action, verb, obj, frame), date=frame.date)
