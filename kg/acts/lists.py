"""Targets that the next sentence lists: 对3家单位作出处罚。被处罚的3家单位分别是：甲公司、乙公司、丙公司。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.acts.act import Act
from kg.acts.subjects import NAMED
from kg.models import Mention, TaggedSentence

_COUNT = "[0-9]+|[两三四五六七八九十]+"
#: 对/16家/…/单位, 下列/公司: those that are named later.
_COUNTED = re.compile(f"(?P<count>{_COUNT})(?P<unit>[家名位所个])[^，。；：]{{0,12}}?"
                      "(?:单位|公司|企业|机构|银行|医院|学校|人员|个人|嫌疑人|被告人|同志|集体|商户|网站|平台)")
_OPENS = re.compile("(?:分别是|分别为|(?<!其中)包括|名单如下)?[：:]|分别是|分别为|(?<!其中)包括")
_BETWEEN = re.compile("[、，,和及与；;“”\\s]*")
_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def with_listed_targets(acts: Sequence[Act], sentences: Sequence[TaggedSentence]) -> Iterator[Act]:
    """The acts in their order; those done to a number of bodies or people also to the names that are then listed."""
    later: Mapping[int, TaggedSentence] | None = None
    for act in acts:
        counted = _counted(act)
        if counted is not None:
            if later is None:
                later = {before.sentence.start: behind for before, behind in pairwise(sentences)}
            names = _listed(act.sentence, later.get(act.sentence.sentence.start), counted)
            names = [name for name in names if name not in act.agents and name not in act.targets]
            act = replace(act, targets=tuple(sorted((*act.targets, *names)))) if names else act
        yield act


def _counted(act: Act) -> re.Match[str] | None:
    """What the clause of an act counts without a name."""
    text, at = act.sentence.sentence.text, act.trigger.start - act.sentence.sentence.start
    start = max(text.rfind(mark, 0, at) for mark in "，；。：") + 1
    end = min((i for mark in "，；。：" if (i := text.find(mark, at)) >= 0), default=len(text))
    return _COUNTED.search(text, start, end)


def _listed(here: TaggedSentence, later: TaggedSentence | None, counted: re.Match[str]) -> list[Mention]:
    """The names of the list behind what was counted, in its sentence or in the next that says the same number."""
    same = _names(here, counted.end())
    if not same and later is not None and later.sentence.role == here.sentence.role:
        said = counted["count"] + counted["unit"]
        text = later.sentence.text
        again = text.find(said)
        opens = _OPENS.match(text.removeprefix("其中"))
        same = _names(later, again) if again >= 0 else _names(later, 0) if opens else []
    number = int(counted["count"]) if counted["count"].isdigit() else _NUMBERS.get(counted["count"], 0)
    return same if 2 <= len(same) <= number else []


def _names(tagged: TaggedSentence, start: int) -> list[Mention]:
    """The bodies and people of one type that stand in a row behind 分别是 or a colon."""
    text, offset = tagged.sentence.text, tagged.sentence.start
    opens = _OPENS.search(text, start)
    if opens is None:
        return []
    names: list[Mention] = []
    at = opens.end()
    for mention in tagged.mentions:
        if mention.start - offset < at or mention.type not in NAMED:
            continue
        if not _BETWEEN.fullmatch(text, at, mention.start - offset) or (names and mention.type != names[0].type):
            break
        names.append(mention)
        at = mention.end - offset
    return names
