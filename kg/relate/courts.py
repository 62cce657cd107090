"""Who signs a judgment or an indictment for the court whose paper it is, each in a line of his own.

    甲县人民法院
    刑事判决书
    …
    审　判　长　　张建国
    人民陪审员　　李志强
    书　记　员　　王小明
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg.knowledge.rosters import load_rosters
from kg.knowledge.spread import BLANK, close_up, spread
from kg.mentions.courts import own_court
from kg.models import Mention, Relation, ResolvedDocument
from kg.relate.evidence import Span, evidence

RULE = "court.bench"
#: As for rosters: a whole line bears it out.
CONFIDENCE = 0.9


@cache
def _signs() -> re.Pattern[str]:
    """审　判　长：, with blanks that spread it."""
    return re.compile(rf"{BLANK}({spread(load_rosters().bench)}){BLANK}[：:]?{BLANK}")


def read_bench(document: ResolvedDocument) -> Iterator[Relation]:
    """The posts of those who sign for the court, with the line as evidence."""
    court: Mention | None = None
    for tagged in document.sentences:
        signed = _signs().match(tagged.sentence.text)
        if signed is None or len(tagged.mentions) > 2:
            continue
        at = tagged.sentence.start
        person = next((m for m in tagged.mentions if m.type == "PERSON" and m.start == at + signed.end()), None)
        if person is None or tagged.sentence.text[person.end - at:].strip():
            continue
        court = court or own_court(document.sentences)
        head, tail = document.links.get(person), document.links.get(court) if court else None
        if court is not None and head and tail:
            span = Span(at + signed.start(1), at + signed.end(1))
            why = evidence(document.clean, tagged.sentence, RULE, CONFIDENCE, head=person, trigger=span, tail=court)
            yield Relation("holds_position", head, tail, why, (("title", close_up(signed[1])),))
