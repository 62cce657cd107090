"""`kg.assemble.assemble` on a Ray cluster: the same rows, grouped where they meet. The result is the same to the byte.

    keys      of some documents each: ids, persons by name, bands of their sketches
    met       of some names and bands each: who persons are, which documents may be copies
    rows      of some documents each: statements, entities, pairs, spread by what they are grouped by
    groups    of one spread each: nodes and edges

Between these the machine where kg runs holds the ids of all entities and the bodies of copies, as it does without a
cluster; at the end it sorts what comes back. A machine that is lost takes nothing with it: Ray makes anew
what it had. Where the facts lie in a store that every machine reaches, they are read there; else they are sent.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from kg.assemble import whole
from kg.assemble.byhand import ByHand
from kg.assemble.cooccur import Counts
from kg.assemble.merge import Identified, Judged, Keys, LocalId, Merge, Person, doubts_of, first_seen, identify
from kg.assemble.nodes import NodeParts
from kg.assemble.rows import Keyed, Rows, all_doubts
from kg.assemble.stories import Band, Stories, alike, bands, stories_of, told_by
from kg.cluster import connect
from kg.facts import DocumentFacts
from kg.graph import Doubtful, Edge, Graph, GraphDocument
from kg.knowledge.ontology import Ontology
from kg.models import Quote
from kg.settings import Settings
from kg.spool import Sorter
from kg.store import StoredFacts, StoredFile

#: Documents that are sent together, where they have to be sent.
SENT = 500
#: Parts for each processor, so that none waits long for another; and documents from which on there are more parts, so
#: that each fits into the memory of a machine.
PARTS, PART_DOCUMENTS = 4, 20_000

#: Some documents: themselves, or where they lie.
Share = list[DocumentFacts] | StoredFile


def assemble_on_ray(documents: Collection[DocumentFacts], ontology: Ontology, settings: Settings,
                    folder: Path | None = None) -> Graph:
    """See `kg.assemble.assemble`. Raises KGError where Ray isn't installed."""
    ray = connect()
    processors = max(1, int(ray.cluster_resources().get("CPU", 1)))
    count = max(PARTS * processors, len(documents) // PART_DOCUMENTS)

    def start(function: Any, *arguments: Any, results: int = 1) -> Any:
        return ray.remote(num_cpus=1, num_returns=results)(function).remote(*arguments)

    shares = [ray.put(share) for share in _shares(documents)]
    found = [start(_keys, share, count, results=count + 1) for share in shares]
    keys, local = Keys(), list[list[LocalId]]()
    for here in (ray.get(parts[0]) for parts in found):
        keys.include(here.keys)
        local.append([*here.keys.ids, *here.persons])
    met = [start(_met, *(parts[at + 1] for parts in found), results=2) for at in range(count)]
    for name, identified in sorted(row for part in met for row in ray.get(part[0])):
        keys.settle(name, identified)
    keys.join(Judged())
    likely = {ids for part in met for ids in ray.get(part[1])}
    told = [start(told_by, share, likely) for share in shares] if likely else ()
    stories = stories_of(likely, {id_: each for part in told for id_, each in ray.get(part).items()})

    known = [ray.put(each) for each in (ontology, stories)]
    unsettled = keys.unsettled
    rows = [start(_rows, share, count, _known(keys, ids, unsettled), *known, results=count + 1)
            for share, ids in zip(shares, local, strict=True)]
    cited, doubts, seen = Sorter[GraphDocument](folder), set[Doubtful](), dict[str, tuple[str, Quote]]()
    for said in (ray.get(parts[0]) for parts in rows):
        for document in said.cited:
            cited.add((document.id,), document)
        doubts |= said.doubts
        seen.update({id_: first for id_, first in said.seen.items() if id_ not in seen or first[0] < seen[id_][0]})
    merged = Merge(keys.ids, keys.reasons, doubts_of(keys.apart, seen))

    spread = [[parts[at + 1] for parts in rows] for at in range(count)]
    counts = ray.put(_sum(ray.get(part) for part in [start(_counts, *parts) for parts in spread]))
    groups = [start(_groups, counts, settings.min_cooccurrence, *known, *parts, results=2) for parts in spread]
    nodes = Sorter[NodeParts](folder)
    for id_, gathered in (node for part in groups for node in ray.get(part[0])):
        nodes.add((id_,), gathered)
    return whole(cited.values(), ((id_, gathered) for (id_,), gathered in nodes),
                 (edge for part in groups for edge in ray.get(part[1])), all_doubts(doubts, merged.doubts),
                 ByHand(merged), ontology, folder)


def _shares(documents: Collection[DocumentFacts]) -> Iterator[Share]:
    if isinstance(documents, StoredFacts) and documents.store.folder.local is None:
        yield from documents.files()
    else:
        rest = iter(documents)
        while some := list(islice(rest, SENT)):
            yield some


class _Known(NamedTuple):
    """What is known of the entities of some documents: the ids of those that share their name are `unsettled`."""

    merged: Merge
    unsettled: set[str]


def _known(keys: Keys, local: Iterable[LocalId], unsettled: set[str]) -> _Known:
    ids = {key: keys.ids[key] for key in local}
    here = set(ids.values())
    return _Known(Merge(ids, {id_: keys.reasons[id_] for id_ in here if id_ in keys.reasons}, ()), here & unsettled)


def _sum(counts: Iterable[Counts]) -> Counts:
    """Counts of parts that have no sentence and no entity in common."""
    sentences_, named_in = 0, dict[str, int]()
    for each in counts:
        sentences_ += each.sentences
        named_in.update(each.named_in)
    return Counts(sentences_, named_in)


# --------------------------------------------------------------------------- what the machines do


class _Keys(NamedTuple):
    keys: Keys
    persons: list[LocalId]


class _Part(NamedTuple):
    persons: list[Person]
    bands: list[tuple[Band, str]]


class _Said(NamedTuple):
    cited: list[GraphDocument]
    doubts: set[Doubtful]
    seen: dict[str, tuple[str, Quote]]


def _keys(share: Share, count: int) -> list[Any]:
    """What documents are joined by; their persons by name and their bands in so many parts."""
    keys, found = Keys(), list[Person]()
    for document in share:
        found += keys.add(document, Judged())
    parts = [_Part([], []) for _ in range(count)]
    for person in found:
        parts[zlib.crc32(person.entity.name.encode()) % count].persons.append(person)
    for band, id_ in bands(share):
        parts[zlib.crc32(band[1]) % count].bands.append((band, id_))
    return [_Keys(keys, [person.local for person in found]), *parts]


def _met(*parts: _Part) -> tuple[list[tuple[str, list[Identified]]], set[tuple[str, ...]]]:
    """Who the persons of some names are, and which documents share one of some bands."""
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in (person for part in parts for person in part.persons):
        by_name[person.entity.name].append(person)
    return ([(name, identify(name, found, Judged())) for name, found in by_name.items()],
            alike(sorted(row for part in parts for row in part.bands)))


def _rows(share: Share, count: int, known: _Known, ontology: Ontology, stories: Stories) -> list[Any]:
    """What documents say, and its rows in so many parts."""
    rows = Rows()
    for document in share:
        rows.add_statements(document, known.merged, ontology)
        rows.add_text(document, known.merged, stories)
    seen = first_seen(share, known.merged.ids, known.unsettled)
    return [_Said(list(rows.cited.values()), rows.doubts, seen), *rows.split(count)]


def _counts(*parts: Mapping[str, Keyed]) -> Counts:
    return _taken(parts).pairs.counts()


def _groups(counts: Counts, minimum: int, ontology: Ontology, stories: Stories, *parts: Mapping[str, Keyed]
            ) -> tuple[list[tuple[str, NodeParts]], list[Edge]]:
    """The nodes and the edges of one part of the rows."""
    rows = _taken(parts)
    return list(rows.nodes()), list(rows.edges(counts, minimum, ontology, stories))


def _taken(parts: Iterable[Mapping[str, Keyed]]) -> Rows:
    rows = Rows()
    for part in parts:
        rows.take(part)
    return rows
