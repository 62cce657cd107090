"""Acts told in descriptions with 由: 由甲局主办的论坛, 由甲校与乙局共建的研究院, 由周文澜编选、甲社出版的《青溪志》."""

from __future__ import annotations

from collections.abc import Iterator

from kg.acts.act import Act, make_act, of_thing
from kg.acts.adjuncts import HELD, Frame, Predicate
from kg.acts.clauses import AND, COORDINATORS, WHEN, Clause, Word
from kg.acts.lexicon import OTHER, Action, Lexicon
from kg.acts.noun_phrases import noun_phrase_end, relative_end
from kg.acts.places import named_places, places_or_venues
from kg.acts.plain_verbs import may_act
from kg.acts.subjects import Subject, read_subject
from kg.models import Mention, TaggedSentence

_VERBAL = frozenset({"v", "vn"})
#: What may stand between those who are named and the verb, and how many verbs may stand side by side (研发/建造/的).
_BEFORE, _SIDE_BY_SIDE = WHEN | {"LOCATION"}, 2


def made_acts(tagged: TaggedSentence, clause: Clause, main: int, lexicon: Lexicon,
              date: Mention | None) -> Iterator[Act]:
    """The acts of those whom 由 names, of the noun behind the 的 that closes the description.

    `main`: where the main verb of the clause begins, which is none of them; `date`: when an event is held.
    """
    words = clause.words
    for i in range(len(words) - 4):
        if words[i].text != "由" or words[i].mention is not None:
            continue
        closed = next((k for k in range(i + 3, len(words) - 1) if (
            words[k].text == "的" and words[k].pos == "u" and words[k - 1].pos in _VERBAL)), 0)
        thing = _thing(words, closed + 1, lexicon) if closed else ()
        for predicate in _predicates(words[i + 1:closed], thing, lexicon) if thing else ():
            frame = predicate.frame
            if predicate.verb[0].text in HELD and frame.date is None and not frame.places:
                day, places = held_behind(words[words.index(thing[-1]) + 1:], lexicon)
                predicate = predicate._replace(frame=frame._replace(date=day or date, places=places))
            act = make_act(tagged, predicate, None, lexicon, "relative")
            if act is not None and predicate.verb[0].start != main:
                yield of_thing(act, thing)


def held_behind(words: tuple[Word, ...], lexicon: Lexicon) -> tuple[Mention | None, tuple[Mention, ...]]:
    """When and where an event takes place, by what stands behind its name (5月3日/在/青溪县/举行)."""
    at = next((k + 1 for k, word in enumerate(words) if word.mention is None and word.text == "在"), len(words))
    where = words[at:noun_phrase_end(words, at, lexicon.triggers)]
    return next((w.mention for w in words if w.pos == "DATE"), None), places_or_venues(where, lexicon.cues)


def _thing(words: tuple[Word, ...], start: int, lexicon: Lexicon) -> tuple[Word, ...]:
    """The noun phrase that is described, without the time with which it opens (2024年/青溪/电影节)."""
    while start < len(words) and words[start].pos in ("DATE", "TIME"):
        start += 1
    end = noun_phrase_end(words, start, lexicon.triggers)
    if end == start:                    # 发布/的/延长/限行/的/通告
        end = relative_end(words, start, lexicon.triggers) or start
    while end > start and words[end - 1].pos == "f":
        end -= 1
    return words[start:end]


def _predicates(inside: tuple[Word, ...], thing: tuple[Word, ...], lexicon: Lexicon) -> list[Predicate]:
    """What those did who stand in a description, part by part (甲局/主办、乙局/承办); nothing where it holds more."""
    found: list[Predicate] = []
    subject, start = Subject(), 0
    while start < len(inside):
        doers = named_end(inside, start, lexicon)
        subject = those_named(inside[start:doers], lexicon) if doers > start else subject
        end = next((k for k in range(doers, len(inside)) if inside[k].text == "、" or inside[k].text in AND),
                   len(inside))
        part = inside[doers:end]
        if not subject.named or not _is_plain(part, lexicon):
            return []
        when = next((w.mention for w in part if w.pos == "DATE"), None)
        frame = Frame(subject._replace(reach=1), date=when, places=named_places(part))
        found += [Predicate(action, (verb,), thing, frame) for verb, action in _verbs(part, lexicon)]
        start = end + 1
    return found


def named_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Behind the names that begin at i, and those with whom they act (甲局/会同/乙局)."""
    end = noun_phrase_end(words, i, lexicon.triggers)
    while end < len(words) and _joins(words[end], lexicon):
        more = noun_phrase_end(words, end + 1, lexicon.triggers)
        if more == end + 1:
            break
        end = more
    return end


def _joins(word: Word, lexicon: Lexicon) -> bool:
    partner = word.text in lexicon.cues["partner"] or word.text in lexicon.cues["partner_verbs"]
    return partner and word.mention is None


def those_named(words: tuple[Word, ...], lexicon: Lexicon) -> Subject:
    cut = next((k for k, w in enumerate(words) if _joins(w, lexicon) and w.text not in COORDINATORS), len(words))
    first = read_subject(words[:cut], lexicon.cues)
    agents = (*first.agents, *(those_named(words[cut + 1:], lexicon).agents if cut < len(words) else ()))
    return first._replace(agents=agents, named=bool(agents))


def _is_plain(part: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Verbs, and before them nothing but when, where and how; and it was done."""
    verb = next((k for k, word in enumerate(part) if word.pos in _VERBAL and word.mention is None), len(part))
    before, verbs = part[:verb], part[verb:]
    return 0 < len(verbs) <= _SIDE_BY_SIDE and all(w.pos in _VERBAL and w.mention is None for w in verbs) and all(
        w.pos in _BEFORE or (w.pos == "p" and w.text in ("于", "在")) for w in before) and not any(
        w.text in lexicon.cues[name] for w in part for name in ("negation", "plan", "held"))


def _verbs(part: tuple[Word, ...], lexicon: Lexicon) -> list[tuple[Word, Action]]:
    """The verbs that tell of an act, and their actions: of verbs side by side those that are known, else the last
    (出面/签署, 领衔/研发, 改制/组建).
    """
    known = [(w, lexicon.triggers[w.text]) for w in part if w.pos in _VERBAL and w.text in lexicon.triggers]
    if known:
        return [(word, action) for word, action in known if action.relative and action.kind != "motion"]
    leads = part[-1].text in lexicon.cues["leading"] or may_act(part[-1], lexicon.cues)
    return [(part[-1], OTHER)] if leads else []
