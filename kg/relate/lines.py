"""Tunnels, bridges and service areas on the road or railway that stands before them: 甲乙铁路丙隧道."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import Knowledge
from kg.models import Relation, ResolvedDocument
from kg.relate.evidence import evidence

#: How far a site may stand behind its line.
_FARTHEST = 14


def sites_on_lines(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each site once that has no place of its own; `stated` are those that have."""
    words, done = knowledge.lexicon.words, set(stated)
    for tagged in document.sentences:
        places = [m for m in tagged.mentions if m.type == "LOCATION"]
        for line, site in pairwise(places):
            head, tail = document.links.get(site), document.links.get(line)
            if head and tail and head != tail and head not in done and site.start - line.end <= _FARTHEST \
                    and line.text.endswith(words["lines_of_sites"]) and site.text.endswith(words["sites_of_lines"]) \
                    and _between(knowledge.lexicon).fullmatch(document.clean.text, line.end, site.start):
                done.add(head)
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.line", 0.85, head=site)
                yield Relation("located_in", head, tail, proof, derived=True)


@cache
def _between(lexicon: Lexicon) -> re.Pattern[str]:
    """What may stand between a line and a site on it: nothing, 的, 控制性工程——."""
    return re.compile(f"的?|(?:全线|项目)?的?{lexicon.any('works_of_lines')}[—―]{{1,2}}")
