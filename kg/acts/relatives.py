"""Acts told in relative clauses: 散布谣言的李某, 李某驾驶的轿车, 甲局发布的数据, 甲局主办的论坛."""

from __future__ import annotations

from collections.abc import Iterator

from kg.acts.act import Act, make_act, of_thing
from kg.acts.adjuncts import HELD, Frame, Predicate, before_verb
from kg.acts.clauses import COORDINATORS, WHEN, Clause, Word
from kg.acts.lexicon import Lexicon
from kg.acts.made import held_behind, made_acts
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.phrases import first_stop_end
from kg.acts.places import named_places
from kg.acts.plain_verbs import is_definite
from kg.acts.subjects import NAMED, Subject, read_subject
from kg.models import Mention, TaggedSentence

#: What is said of an event as a whole.
_OPENS = frozenset({"召开", "举行", "举办", "开幕", "闭幕", "启动", "落幕"})


def relative_acts(tagged: TaggedSentence, clause: Clause, main: int, lexicon: Lexicon,
                  date: Mention | None = None) -> Iterator[Act]:
    """The acts of a clause that stand before a 的. `main`: where the main verb begins, -1 if there is none; `date`:
    when an event is held, by the clauses before.
    """
    words = clause.words
    made = list(made_acts(tagged, clause, main, lexicon, date))
    yield from made
    told_of = {main, *(act.trigger.start for act in made)}
    for i, word in enumerate(words):
        if word.mention is not None or word.text not in lexicon.triggers or word.start in told_of or word.pos != "v":
            continue
        action = lexicon.triggers[word.text]
        if any(w.mention is None and w.text in lexicon.cues["plan"] and before_verb(words, k, lexicon)
               for k, w in enumerate(words[:i])):
            continue                    # 将/会见/出席/论坛/的/李某: not yet
        if not action.relative or word.text in ("组成", "构成") or first_stop_end(words, i):
            continue
        before, told = words[i - 1] if i else None, False
        frame = Frame(Subject())
        if any(w.mention is None and w.text in lexicon.cues["negation"] for w in words[max(0, i - 2):i]):
            continue                    # 拒不/报告/财产/的/李某
        if before is not None and before.text in ("该", "本", "各", "这"):
            continue                    # 该/分析/公司/的/分析师/李某
        if before is not None and before.mention is not None and before.pos == "PERSON" and (
                i + 2 < len(words) and words[i + 1].text == "的"):
            if i > 1 and action.id in lexicon.cues["jointly"] and words[i - 2].text in lexicon.cues["partner"]:
                continue                # 同/李某/签/的/合同
            obj = words[i + 2:noun_phrase_end(words, i + 2, lexicon.triggers)]
            frame = Frame(Subject((before.mention,), True, reach=2))
        elif not lexicon.cues["described"].isdisjoint({action.id, word.text}) and _closing(words, i):
            frame, obj = _of_body(words, i, lexicon)
            told = action.id == "issue" or word.text in lexicon.cues["described"]       # 5月3日，甲局/发布/的/数据/显示
        elif before is None or (before.pos not in ("v", "ORGANIZATION", "PERSON") or before.text in lexicon.triggers):
            person, obj = _modified_person(words, i, lexicon)
            frame = Frame(Subject((person,), True, reach=2) if person else Subject())
        else:
            continue
        if frame.subject.named and not any(w.text in lexicon.cues["passive"] for w in words[:i]):
            when = date if word.text in HELD or told else None
            act = make_act(tagged, Predicate(action, (word,), obj, frame), when, lexicon, "relative")
            if act is not None and (before is None or before.text not in lexicon.triggers):
                behind = i + 1 < len(words) and words[i + 1].text == "的" and bool(obj)
                yield of_thing(act, obj) if behind else act


def _of_body(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> tuple[Frame, tuple[Word, ...]]:
    """Who did it, when and where, for a verb at i right before 的, and what he made: 甲局/5月3日/发布/的/《白皮书》.

    Of a meeting that 由/甲局/主办 date and place may stand behind its name, too.
    """
    nothing = Frame(Subject()), ()
    start = _closing(words, i) + 1
    start += int(start + 1 < len(words) and words[start].pos == "DATE" and words[start + 1].text != "的")
    obj = words[start:noun_phrase_end(words, start, lexicon.triggers)]
    while obj and obj[-1].pos == "f":
        obj = obj[:-1]
    after = start + len(obj)
    behind = words[after] if after < len(words) else None
    cut = behind is not None and behind.pos in ("v", "vn") and words[i].text in HELD and obj[-1:] and (
        # 《公约》/落地/推进会, “楷模”/发布/活动
        behind.text not in _OPENS and obj[-1].pos in ("DOCUMENT", "quote", "nw"))
    if not obj or cut or not (is_definite(obj, lexicon.cues) or (
            obj[-1].text.endswith(tuple(lexicon.cues["described_things"])))):
        return nothing
    date, end = None, i
    while end > 0 and words[end - 1].pos in (*WHEN, "m"):
        end -= 1
        date = words[end].mention or date
    places: tuple[Mention, ...] = ()
    at = next((k for k in range(end - 1, max(end - 7, 0), -1) if words[k].text == "在"), -1)
    if at > 0 and all(w.pos in ("LOCATION", "n", "s", "f") for w in words[at + 1:end]):
        if lexicon.triggers[words[i].text].id == "convene":
            return nothing              # 周文澜/在/5月3日/召开/的/会议/上: who held it isn't said
        places, end = named_places(words[at + 1:end]), at
        while end > 0 and words[end - 1].pos in WHEN:
            end -= 1
            date = words[end].mention or date
    start = end
    while start > 0 and (words[start - 1].pos in (*NAMED, "POSITION") or words[start - 1].text in (
            *COORDINATORS, "等", "单位", "部门") or (words[start - 1].pos == "LOCATION" and start < end)):
        start -= 1
    subject = read_subject(words[start:end], lexicon.cues)
    if not subject.named or not _is_whole(words, start):
        return nothing
    if words[i].text in HELD and date is None and not places:
        date, places = held_behind(words[after:], lexicon)
    return Frame(subject._replace(reach=1), date=date, places=places), obj


def _closing(words: tuple[Word, ...], i: int) -> int:
    """Where the 的 stands that closes the description with the verb at i, or 0: right behind it, or behind what else is
    said of who holds an event (由/甲局/主办、乙局/承办/的/论坛, 由/甲局/主办、以/…/为/主题/的/论坛).
    """
    if i + 2 < len(words) and words[i + 1].text == "的":
        return i + 1
    if words[i].text not in HELD or i + 2 >= len(words) or words[i + 1].text != "、":
        return 0
    at = next((k for k in range(i + 2, len(words) - 1) if words[k].text == "的" and words[k].pos == "u"), 0)
    more = at and (words[i + 2].text == "以" or any(w.mention is None and w.text in HELD for w in words[i + 2:at]))
    return at if more else 0


def _is_whole(words: tuple[Word, ...], start: int) -> bool:
    """Do the names begin a noun phrase: at the head of the clause, behind a preposition or a verb?"""
    before = words[start - 1] if start else None
    return before is None or before.pos in ("p", "v", "w", "c", "f", "DATE", "TIME", "d")


def _modified_person(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> tuple[Mention | None, tuple[Word, ...]]:
    """For a verb at i that opens … 的 + person: that person and the object in between."""
    for j in range(i + 1, len(words) - 1):
        if words[j].text == "的" and words[j].pos == "u":
            end = noun_phrase_end(words, j + 1, lexicon.triggers)
            people = [w.mention for w in words[j + 1:end] if w.pos == "PERSON"]
            named = read_subject(words[j + 1:end], lexicon.cues).agents
            if words[j + 1].pos in ("quote", "ORGANIZATION") and any(w.text == "的" for w in words[j + 2:end]):
                return None, ()         # 研发/装置/的/甲公司/的/经理/周文澜: the company did
            if people and people[0] in named and words[j + 1].pos not in ("v", "p"):
                obj = words[i + 1:j]
                return people[0], obj[:-1] if obj and obj[-1].text in ("后", "时", "前") else obj
        elif words[j].pos in ("v", "p") and words[j].text not in lexicon.triggers:
            break
    return None, ()
