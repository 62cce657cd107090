"""Parties of a decision: who heads the body that a block of labelled lines names, and where it is.

    当事人：青溪县顺达塑料有限公司
    法定代表人：莫永强
    地址：青溪县白鹭镇工业园3号

A block begins with a label such as 当事人 and a body, and ends with the first line that has no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.knowledge.parties import load_parties
from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import Span, evidence

RULE = "party.label"
_BLANK = re.compile(r"[ \t\u3000，,；;]+(?=\S)")
#: As for rosters: a whole line bears it out, and no annotated text holds enough of them to fit it.
CONFIDENCE = 0.9


def read_parties(document: ResolvedDocument) -> Iterator[Relation]:
    """Posts and places of the parties of a document, with the line as evidence."""
    labels = load_parties()
    opens, any_label = labels.label("open"), labels.label("open", "posts", "places", "more")
    posts, places = labels.label("posts"), labels.label("places")
    body: Mention | None = None
    for tagged in document.sentences:
        text = tagged.sentence.text
        if not any_label.match(text):
            body = None
            continue
        for begin in (0, *(blank.end() for blank in _BLANK.finditer(text))):     # 被处罚人：甲公司　地址：乙县
            if party := opens.match(text, begin):
                body = next(iter(_behind(tagged, party, "ORGANIZATION")), None)
            elif body is not None and (post := posts.match(text, begin)):
                title = re.sub(r"\s", "", post[1])
                yield from _relation(document, tagged, "holds_position", _behind(tagged, post, "PERSON")[:1], body,
                                     _span(tagged, post), title)
            elif body is not None and (place := places.match(text, begin)):
                yield from _relation(document, tagged, "located_in", _behind(tagged, place, "LOCATION")[-1:], body,
                                     _span(tagged, place))


def _span(tagged: TaggedSentence, label: re.Match[str]) -> Span:
    return Span(tagged.sentence.start + label.start(1), tagged.sentence.start + label.end(1))


def _behind(tagged: TaggedSentence, label: re.Match[str], kind: str) -> list[Mention]:
    """The mentions of a type that stand right behind the label, one behind the other."""
    found: list[Mention] = []
    at = tagged.sentence.start + label.end()
    for mention in tagged.mentions:
        if mention.type == kind and mention.start == at:
            found.append(mention)
            at = mention.end
    return found


def _relation(document: ResolvedDocument, tagged: TaggedSentence, relation: str, ends: list[Mention], body: Mention,
              label: Span, title: str = "") -> Iterator[Relation]:
    """A person heads the body, or it is in a place."""
    for other in ends:
        one, two = document.links.get(other), document.links.get(body)
        if one and two:
            head, tail = (other, body) if relation == "holds_position" else (body, other)
            why = evidence(document.clean, tagged.sentence, RULE, CONFIDENCE, head=head, trigger=label, tail=tail)
            yield Relation(relation, document.links[head], document.links[tail], why,
                           (("title", title),) if title else ())
