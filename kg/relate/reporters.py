"""Reporters who are named at the end of a story: those of the outlet in its dateline.

甲通讯社乙市3月2日电 …（参与记者：张三、李四）. An outlet inside the brackets is for the rules; 本报 says no name.
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
_BYLINE = re.compile("[（(](?:执笔|参与|新华社)?记者[：: \u3000]?[^（）()。]*[）)]\\s*$")
_OTHERS = re.compile("通讯员|编辑|实习生|摄影")


def read_reporters(document: ResolvedDocument, posted: set[str]) -> Iterator[Relation]:
    """Posts of reporters who have none yet; `posted` are the ids of those who have, and grows."""
    if not document.sentences or "记者" not in document.sentences[-1].sentence.text \
            or (outlet := _outlet(document.sentences[:_FIRST])) is None or (tail := document.links.get(outlet)) is None:
        return
    last = document.sentences[-1]
    byline = _BYLINE.search(last.sentence.text)
    inside = [m for m in last.mentions if byline and m.start - last.sentence.start >= byline.start()]
    if any(m.type == "ORGANIZATION" for m in inside):
        return
    for person in (m for m in inside if m.type == "PERSON"):
        before = last.sentence.text[byline.start() if byline else 0:person.start - last.sentence.start]
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
