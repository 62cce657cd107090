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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.assemble.merge import LocalId
from kg.assemble.stories import Stories
from kg.facts import DocumentFacts, Name, Passage
from kg.models import Evidence, Flat, Role
from kg.spool import Sorter

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
class Sighting(Flat):
    """A sentence that names both entities of a pair, with the first mention of each."""

    document: str
    passage: Passage
    head: Name
    tail: Name


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct sentences: all of them, and by entity those that name it."""

    sentences: int
    named_in: Mapping[str, int]


class Pairs:
    """Pairs of entities (all but ACTION) that sentences name, as documents are added one by one."""

    def __init__(self, folder: Path | None = None):
        """In memory, or for more than that holds in files in `folder`."""
        self.sightings: Sorter[Sighting] = Sorter(folder)
        self.named_in: Sorter[None] = Sorter(folder)
        self.sentences: Sorter[None] = Sorter(folder)

    def add(self, document: DocumentFacts, ids: Mapping[LocalId, str], stories: Stories) -> None:
        """Add the sentences of a document; `ids` gives the global ids of its entities, `stories` says which sentences
        are the same."""
        of, passages = document.id, _named(document, ids)
        for number, passage in enumerate(document.passages):
            if passage.role not in ROLE_RANK:
                continue
            key = blake2b(stories.key(of, passage.quote.text).encode(), digest_size=16).digest()
            self.sentences.add((key,), None)
            if not (named := passages.get(number)):
                continue
            quote, rank = passage.quote, ROLE_RANK[passage.role]
            for id_ in named:
                self.named_in.add((id_, key), None)
            for head, tail in _pairs(named):  # best first: by role, then the shortest, then the first
                self.sightings.add((head, tail, key, rank, len(quote.text), of, quote.start),
                                   Sighting(of, passage, named[head], named[tail]))

    def counts(self) -> Counts:
        """How many distinct sentences there are, and how many of them name each entity."""
        total, named_in = sum(1 for _ in groupby(self.sentences, itemgetter(0))), defaultdict[str, int](int)
        for (id_, _), _ in groupby(self.named_in, itemgetter(0)):
            named_in[id_] += 1
        return Counts(total, named_in)

    def found(self, counts: Counts, minimum: int = 1) -> Iterator[CoOccurrence]:
        """The pairs named in at least `minimum` distinct sentences, sorted by their ids."""
        for (head, tail), found in groupby(self.sightings, lambda row: row[0][:2]):
            rows = best = list(found)
            if len(rows) > 1:  # the first of a sentence is the best of it
                best = [next(same) for _, same in groupby(rows, lambda row: row[0][2])]
                best.sort(key=lambda row: row[0][3:])
            if (weight := len(best)) >= minimum:
                chance = npmi(weight, counts.named_in[head], counts.named_in[tail], counts.sentences)
                yield CoOccurrence(head, tail, weight, chance, tuple(sorted({seen.document for _, seen in rows})),
                                   tuple([_as_evidence(seen) for _, seen in best[:MAX_EVIDENCE]]))


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
    of, named = document.id, defaultdict[int, dict[str, Name]](dict)
    for name in document.names:
        if name.passage is not None and not name.nested and not name.entity.startswith("ACTION:"):
            named[name.passage].setdefault(ids[of, name.entity], name)
    return named


def _pairs(named: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Unordered pairs, smaller id first; of an enumeration only those that stand close together."""
    order = list(named)
    reach = len(order) if len(order) <= MAX_ENTITIES else REACH
    for at, one in enumerate(order):
        for other in order[at + 1:at + 1 + reach]:
            yield (one, other) if one < other else (other, one)


def _as_evidence(sighting: Sighting) -> Evidence:
    head, tail = sighting.head, sighting.tail
    return Evidence.trusted(
        document=sighting.document, sentence=sighting.passage.quote, head=head.quote, tail=tail.quote, rule=RULE,
        confidence=round(min(head.confidence, tail.confidence), 3), role=sighting.passage.role)
