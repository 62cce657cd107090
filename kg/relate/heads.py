"""Heads of the body that a sentence speaks of: 白鹭派出所接警后，所长张三带队赶到; 乙消防救援站出动，由站长李四指挥.

A title without a body, behind a comma or 由, is that of the body named last in its sentence, if that is what such a
title heads (`heads` in kg/data/relations/fragments.yaml) and nobody said so otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

RULE = "head.of_subject"
BEHIND_NAME = "head.behind_name"
CONFIDENCE = 0.8
#: Before the title: a new clause, or who leads.
_OPENS = re.compile("(?:，|，?由)$")
_DEPUTY = re.compile("^(?:常务)?副")


def read_heads(document: ResolvedDocument, heads: Mapping[str, tuple[str, ...]], posted: set[str]
               ) -> Iterator[Relation]:
    """Posts of persons who have none yet; `posted` are the ids of those who have, and grows."""
    for before, tagged in pairwise((None, *document.sentences)):
        for i, title in enumerate(tagged.mentions if tagged else ()):
            endings = heads.get(_DEPUTY.sub("", title.text)) if title.type == "POSITION" else None
            body = (_spoken_of(tagged, i) or _goes_on(before, tagged, i)) if endings and tagged else None
            if tagged is None or endings is None or body is None or not body.text.endswith(endings):
                continue
            for person in _holders(tagged, i):
                yield from _post(document, tagged, RULE, person, title, body, posted)


def read_behind_names(document: ResolvedDocument, titles: Mapping[str, tuple[str, ...]], posted: set[str]
                      ) -> Iterator[Relation]:
    """方大年委员长: of the body, named last before, whose members alone are called so; `posted` as above."""
    if not any(title in document.clean.text for title in titles):
        return
    bodies: dict[str, Mention] = {}
    for tagged in document.sentences:
        for mention, following in pairwise((*tagged.mentions, None)):
            if mention is not None and mention.type == "ORGANIZATION":
                bodies |= {title: mention for title, endings in titles.items() if mention.text.endswith(endings)}
            if mention is None or following is None or mention.type != "PERSON" or following.type != "POSITION" \
                    or mention.end != following.start or (body := bodies.get(following.text)) is None:
                continue
            yield from _post(document, tagged, BEHIND_NAME, mention, following, body, posted)


def _post(document: ResolvedDocument, tagged: TaggedSentence, rule: str, person: Mention, title: Mention,
          body: Mention, posted: set[str]) -> Iterator[Relation]:
    """The post of a person who has none yet."""
    head, tail = document.links.get(person), document.links.get(body)
    if head and tail and head not in posted:
        posted.add(head)
        why = evidence(document.clean, tagged.sentence, rule, CONFIDENCE, head=person, trigger=title, tail=body)
        yield Relation("holds_position", head, tail, why, (("title", title.text),))


def _spoken_of(tagged: TaggedSentence, i: int) -> Mention | None:
    """The body named last before the title at i, which opens a clause, with nobody and no title since."""
    before = tagged.mentions[:i]
    at = tagged.mentions[i].start - tagged.sentence.start
    if not _OPENS.search(tagged.sentence.text, 0, at):
        return None
    for mention in reversed(before):
        if mention.type == "ORGANIZATION":
            return mention
        if mention.type == "PERSON":
            return None
    return None


def _goes_on(before: TaggedSentence | None, tagged: TaggedSentence, i: int) -> Mention | None:
    """The one body of the sentence before of the paragraph, where the title at i opens the next."""
    if i or before is None or before.sentence.line != tagged.sentence.line \
            or tagged.mentions[0].start != tagged.sentence.start:
        return None
    bodies = [m for m in before.mentions if m.type == "ORGANIZATION"]
    return bodies[0] if len(bodies) == 1 and all(m.type != "PERSON" for m in before.mentions) else None


def _holders(tagged: TaggedSentence, i: int) -> list[Mention]:
    """The person right behind the title; of several listed only a deputy's title is that of all."""
    found: list[Mention] = []
    at = tagged.mentions[i].end
    for mention in tagged.mentions[i + 1:]:
        gap = tagged.sentence.text[at - tagged.sentence.start:mention.start - tagged.sentence.start]
        if mention.type != "PERSON" or gap not in (("、", "和") if found else ("", " ")):
            break
        found.append(mention)
        at = mention.end
    return found if _DEPUTY.search(tagged.mentions[i].text) else found[:1]
