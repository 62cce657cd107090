"""Officers of the one police body or court of a document, who are named without it: 民警张三, 法官李四."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kg.mentions.reading import Knowledge
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

_BUREAU = re.compile(r"公安局$")
#: A unit that is named so many times as often as any other bureau is the one of which the document tells.
_MAIN = 3
#: What heads a unit besides 队长 and 所长.
_BESIDES = ("教导员", "指导员")
_HEADS = re.compile("(?:副|常务副)?(?P<unit>所|[支大中总]队|队)长$")


def police_and_judges(document: ResolvedDocument, bodies: Mapping[str, Entity], knowledge: Knowledge,
                      posted: set[str]) -> Iterator[Relation]:
    """Officers without a body of their own: 民警张三, 张三、李四4名女警; and heads in a document about one unit.

    `bodies` are those of the document by key, `posted` the people who have a post already.
    """
    lowest, chain = _own_police(bodies, knowledge)
    courts = [b for k, b in bodies.items() if k.endswith("法院")]
    court = courts[0] if len(courts) == 1 else None
    if lowest is None and court is None:
        return
    words = knowledge.lexicon.words
    for tagged in document.sentences:
        for title in tagged.mentions:
            if title.type != "POSITION":
                continue
            body = court if title.text.endswith(words["court_officers"]) else \
                lowest if title.text.endswith(words["officers"]) else _led(title.text, chain)
            if body is not None and body.mentions[0].start > title.start:
                continue                # so far the text has spoken of others
            for person in _called(title, tagged) if body is not None else ():
                ident = document.links.get(person, "")
                if body is not None and ident and ident not in posted:
                    posted.add(ident)
                    proof = evidence(document.clean, tagged.sentence, "derived.holds_position.police", 0.6,
                                     head=person, trigger=title)
                    yield Relation("holds_position", ident, body.id, proof, (("title", title.text),), True)


def _own_police(bodies: Mapping[str, Entity], knowledge: Knowledge) -> tuple[Entity | None, tuple[Entity, ...]]:
    """The police body that a document's officers belong to, and the chain of which it is the lowest.

    Where the police bodies of a document are one chain, it is the lowest (甲县公安局乙派出所), if the text comes back
    to it, else the one bureau, without a chain.
    """
    police = {k: b for k, b in bodies.items()
              if _BUREAU.search(k) or k.endswith(knowledge.lexicon.words["police_units"])}
    lowest = max(police, key=len, default="")
    if lowest and len(police[lowest].mentions) > 1 and all(lowest.startswith(k) for k in police):
        return police[lowest], tuple(police[k] for k in sorted(police, key=len, reverse=True))
    main = max(police, key=lambda k: (len(police[k].mentions), k), default="")
    others = [k for k in police if not main.startswith(k)]
    if others and not _BUREAU.search(main) and all(
            _MAIN * len(police[k].mentions) <= len(police[main].mentions) and _BUREAU.search(k) for k in others):
        return police[main], tuple(police[k] for k in sorted(police, key=len, reverse=True) if main.startswith(k))
    bureaus = [b for k, b in police.items() if _BUREAU.search(k)]
    return (bureaus[0] if len(bureaus) == 1 else None), ()


def _led(title: str, chain: Sequence[Entity]) -> Entity | None:
    """The unit of a chain, the lowest first, that a title heads: 大队长 a 大队, 所长 a 派出所, 教导员 the lowest."""
    if not chain or chain[0].name.endswith("局"):
        return None
    if title.endswith(_BESIDES):
        return chain[0]
    head = _HEADS.search(title)
    return next((body for body in chain if body.name.endswith(head["unit"])), None) if head else None


def _called(title: Mention, tagged: TaggedSentence) -> list[Mention]:
    """The persons right behind a title, or those listed right before it with their number."""
    text, start = tagged.sentence.text, tagged.sentence.start
    people = [m for m in tagged.mentions if m.type == "PERSON"]
    behind: list[Mention] = []
    at = title.end
    for person in people:
        gaps = ("、", "和", "与") if behind else ("",)
        if person.start >= at and text[at - start:person.start - start] in gaps:
            behind.append(person)
            at = person.end
    if behind:
        return behind
    before: list[Mention] = []
    at = title.start
    for person in reversed(people):
        gap = text[person.end - start:at - start]
        if person.end <= at and (re.fullmatch(r"等?\d+[名位]|[两三四五六七八九十]+[名位]", gap) if not before
                                 else gap in ("、", "和", "与")):
            before.append(person)
            at = person.start
    return before
