"""Co-occurrence: which entities are named in the same sentence, how often, and how far beyond chance.

Sentences of the page's text, titles, headings and captions count; bylines and furniture don't. A sentence that
several documents print counts once (see kg.assemble.stories), so that a wire report doesn't weigh as many times as it
was reprinted. NPMI (Bouma 2009, normalised pointwise mutual information) runs from -1 to 1; its probabilities are
shares of the distinct sentences.

An enumeration says little about any two of its members: in a sentence that names more than MAX_ENTITIES, each
entity pairs only with the REACH entities named next, so that such a sentence adds pairs in proportion to its
length and not to its square.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.assemble.merge import LocalId
from kg.assemble.stories import Stories
from kg.facts import DocumentFacts, Name, Passage
from kg.models import Evidence, Role

RULE = "cooccurrence.sentence"
MAX_ENTITIES = 12
REACH = 3
#: How many sentences of a pair are kept as evidence; the weight counts all of them.
MAX_EVIDENCE = 5

#: Roles whose sentences count, the best evidence first.
ROLE_RANK: Mapping[Role, int] = {"body": 0, "title": 1, "heading": 1, "caption": 2}


@dataclass(frozen=True, slots=True)
class CoOccurrence:
    """Two entities (global ids, smaller first) and the distinct sentences that name both: their number,
    the documents that print them, and the best of them."""

    head: str
    tail: str
    weight: int
    npmi: float
    documents: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sentence that names both entities of a pair, with the first mention of each."""

    document: str
    passage: Passage
    head: Name
    tail: Name

    @property
    def rank(self) -> tuple[int, int, str, int]:
        """Best first: by role, then the shortest, then the first."""
        quote = self.passage.quote
        return ROLE_RANK[self.passage.role], len(quote.text), self.document, quote.start


@dataclass(slots=True)
class Pair:
    """All distinct sentences of a pair (key → its best sighting), and the documents that print them."""

    sightings: dict[str, Sighting] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)

    def add(self, key: str, sighting: Sighting) -> None:
        self.documents.add(sighting.document)
        known = self.sightings.get(key)
        if known is None or sighting.rank < known.rank:
            self.sightings[key] = sighting


def co_occurrences(documents: Sequence[DocumentFacts], ids: Mapping[LocalId, str], stories: Stories,
                   minimum: int = 1) -> list[CoOccurrence]:
    """Pairs of entities (all but ACTION) named in at least `minimum` distinct sentences, sorted by their ids.

    `ids` gives the global id of every entity of every document, `stories` says which sentences are the same.
    """
    pairs: dict[tuple[str, str], Pair] = defaultdict(Pair)
    sentences: set[str] = set()
    named_in: dict[str, set[str]] = defaultdict(set)
    for document in sorted(documents, key=lambda d: d.id):
        named = _named(document, ids)
        for number, passage in enumerate(document.passages):
            if passage.role not in ROLE_RANK:
                continue
            key = stories.key(document.id, passage.quote.text)
            sentences.add(key)
            for id_ in named[number]:
                named_in[id_].add(key)
            for head, tail in _pairs(named[number]):
                pairs[head, tail].add(key, Sighting(document.id, passage, named[number][head], named[number][tail]))
    total = len(sentences)
    return [CoOccurrence(head, tail, weight=len(pair.sightings),
                         npmi=npmi(len(pair.sightings), len(named_in[head]), len(named_in[tail]), total),
                         documents=tuple(sorted(pair.documents)), evidence=_evidence(pair))
            for (head, tail), pair in sorted(pairs.items()) if len(pair.sightings) >= minimum]


def npmi(both: int, one: int, other: int, total: int) -> float:
    """Normalised pointwise mutual information of two things seen together in `both` of `total` sentences.

    >>> npmi(1, 1, 1, 10), npmi(2, 4, 5, 10)
    (1.0, 0.0)
    """
    if both == total:
        return 1.0
    return round(math.log(both * total / (one * other)) / -math.log(both / total), 4) + 0.0


def _named(document: DocumentFacts, ids: Mapping[LocalId, str]) -> dict[int, dict[str, Name]]:
    """By passage, the entities in the order in which it names them, each with its first mention."""
    named: dict[int, dict[str, Name]] = defaultdict(dict)
    for name in document.names:
        if name.passage is not None and not name.nested and not name.entity.startswith("ACTION:"):
            named[name.passage].setdefault(ids[document.id, name.entity], name)
    return named


def _pairs(named: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Unordered pairs, smaller id first; of an enumeration only those that stand close together."""
    order = list(named)
    reach = len(order) if len(order) <= MAX_ENTITIES else REACH
    for at, one in enumerate(order):
        for other in order[at + 1:at + 1 + reach]:
            yield (one, other) if one < other else (other, one)


def _evidence(pair: Pair) -> tuple[Evidence, ...]:
    best = sorted(pair.sightings.values(), key=lambda sighting: sighting.rank)[:MAX_EVIDENCE]
    return tuple(map(_as_evidence, best))


def _as_evidence(sighting: Sighting) -> Evidence:
    head, tail = sighting.head, sighting.tail
    return Evidence(document=sighting.document, sentence=sighting.passage.quote, head=head.quote, tail=tail.quote,
                    rule=RULE, confidence=round(min(head.confidence, tail.confidence), 3), role=sighting.passage.role)
