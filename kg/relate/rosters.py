"""Members of a body that was set up a few lines above: its roster, a role and names a line.

    现将甲县防汛抗旱指挥部成员名单通知如下：
    指 挥 长：张建国　县委常委、常务副县长
    副指挥长：李志强　县水利局局长
    　　　　　王小明　县气象局局长

A roster begins with a role and a colon in a line of its own, after a sentence that names a body which has members. A
line that opens with a name and a blank has the role of the line before. The first other line ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.knowledge.rosters import load_rosters
from kg.knowledge.spread import BLANK, close_up, spread
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import Span, evidence

RULE = "roster.role"
#: No annotated text holds enough rosters to fit it: it is that of rules which a whole line bears out.
CONFIDENCE = 0.9


@cache
def _role() -> re.Pattern[str]:
    """成　员：, with blanks that spread it."""
    words = load_rosters()
    return re.compile(rf"{BLANK}({spread((*words.lines, *words.read))}){BLANK}[：:]{BLANK}")



def read_rosters(document: ResolvedDocument) -> Iterator[Relation]:
    """The posts in the rosters of a document, with the line as evidence and the role as title."""
    entities = {entity.id: entity for entity in document.entities}
    body: Mention | None = None
    role: tuple[str, Span | None] | None = None
    for tagged in document.sentences:
        text, at = tagged.sentence.text, tagged.sentence.start
        found = _role().match(text)
        persons = _persons(tagged, at + (found.end() if found else 0))
        if found:
            role = close_up(found[1]), Span(at + found.start(1), at + found.end(1))
        elif role is not None and persons and _is_line_of(persons[0], tagged):
            role = role[0], None
        else:
            if role is not None:
                role = body = None
            bodies = [m for m in tagged.mentions if m.type == "ORGANIZATION" and m.text.endswith(load_rosters().bodies)]
            body = bodies[-1] if bodies else body
            continue
        if body is not None:
            yield from _posts(document, entities, tagged, persons, body, role)


def _persons(tagged: TaggedSentence, start: int) -> list[Mention]:
    """The persons who are named one after another from `start` on, with nothing but blanks and 、 before and between.
    """
    found: list[Mention] = []
    at = start
    for mention in tagged.mentions:
        if mention.start < start:
            continue
        between = tagged.sentence.text[at - tagged.sentence.start:mention.start - tagged.sentence.start]
        if mention.type != "PERSON" or between.strip(" \t\u3000、"):
            break
        found.append(mention)
        at = mention.end
    return found


def _is_line_of(person: Mention, tagged: TaggedSentence) -> bool:
    """Whether a line opens with a person and a blank, or holds nothing else."""
    rest = tagged.sentence.text[person.end - tagged.sentence.start:]
    return not rest.strip() or rest[0] in " \t\u3000"


def _posts(document: ResolvedDocument, entities: dict[str, Entity], tagged: TaggedSentence, persons: list[Mention],
           body: Mention, role: tuple[str, Span | None]) -> Iterator[Relation]:
    tail = entities.get(document.links.get(body, ""))
    for person in persons:
        head = entities.get(document.links.get(person, ""))
        if head is not None and tail is not None:
            why = evidence(document.clean, tagged.sentence, RULE, CONFIDENCE, head=person, trigger=role[1], tail=body)
            yield Relation("holds_position", head.id, tail.id, why, (("title", role[0]),))
