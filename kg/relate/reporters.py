"""Reporters who are named at the end of a story: those of the outlet in its dateline, or to which it says people spoke.

甲通讯社乙市3月2日电 …（参与记者：张三、李四）. An outlet inside the brackets is for the rules; 本报 says no name.
李四对《甲日报》记者说 …（记者 张三）: if no other outlet's reporters are in the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

RULE = "reporters.of_dateline"
CONFIDENCE = 0.88
#: How many sentences a dateline may stand in, and what follows its outlet.
_FIRST = 3
_DATELINE = re.compile("[^。，：；]{0,16}?(?:[0-9一二三四五六七八九十]{1,3}日专?电|讯)")
#: The brackets at the end; what stands before the names of reporters, and before those of others.
_BYLINE = re.compile("[（(](?:执笔|参与|新华社|本报)?记者[：: \u3000]?[^（）()。]*[）)]\\s*$")
_OTHERS = re.compile("通讯员|编辑|实习生|摄影")
#: Behind the brackets a page may have a line of its own.
_LAST = 2
#: Who speaks to reporters of an outlet, and what ends its name.
_SPOKEN_TO = re.compile("(?:告诉|[对向]|接受|受访)《?$")
_OUTLETS = ("报", "社", "网", "台", "周刊")


def read_reporters(document: ResolvedDocument, posted: set[str]) -> Iterator[Relation]:
    """Posts of reporters who have none yet; `posted` are the ids of those who have, and grows."""
    found = next(((tagged, byline) for tagged in document.sentences[-_LAST:] if "记者" in tagged.sentence.text
                  and (byline := _BYLINE.search(tagged.sentence.text))), None)
    if found is None:
        return
    last, byline = found
    outlet = _outlet(document.sentences[:_FIRST]) or _spoken_to(document)
    if outlet is None or (tail := document.links.get(outlet)) is None:
        return
    inside = [m for m in last.mentions if m.start - last.sentence.start >= byline.start()]
    if any(m.type == "ORGANIZATION" for m in inside):
        return
    for person in (m for m in inside if m.type == "PERSON"):
        before = last.sentence.text[byline.start():person.start - last.sentence.start]
        head = document.links.get(person)
        if head and head not in posted and not _OTHERS.search(before):
            posted.add(head)
            why = evidence(document.clean, last.sentence, RULE, CONFIDENCE, head=person, tail=outlet)
            yield Relation("holds_position", head, tail, why, (("title", "记者"),))


def _outlet(sentences: tuple[TaggedSentence, ...]) -> Mention | None:
    """The outlet with which one of the first sentences opens, behind which 电 or 讯 stands."""
    for tagged in sentences:
        first = next((m for m in tagged.mentions if m.type == "ORGANIZATION"), None)
        if first and first.start - tagged.sentence.start < 2 and first.text[-1] in "社网报台" \
                and _DATELINE.match(tagged.sentence.text, first.end - tagged.sentence.start):
            return first
    return None


def _spoken_to(document: ResolvedDocument) -> Mention | None:
    """The one outlet of whose reporters the story tells, to whom somebody speaks."""
    found: dict[str, Mention] = {}
    spoken = False
    for tagged in (each for each in document.sentences if "记者" in each.sentence.text):
        for outlet in (m for m in tagged.mentions if m.type == "ORGANIZATION" and m.text.endswith(_OUTLETS)):
            at, end = outlet.start - tagged.sentence.start, outlet.end - tagged.sentence.start
            if tagged.sentence.text.startswith(("记者", "》记者"), end) and (key := document.links.get(outlet)):
                found.setdefault(key, outlet)
                spoken = spoken or bool(_SPOKEN_TO.search(tagged.sentence.text, 0, at))
    return next(iter(found.values())) if spoken and len(found) == 1 else None
