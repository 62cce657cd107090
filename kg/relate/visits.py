"""Sites and bodies that are visited where a paragraph or a journey is: 在甲省考察。 来到乙公司、丙纪念馆。

`在甲市，` at the head of a sentence holds for its paragraph, `在甲省考察` of one place until another is gone to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.regions import read_region
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

#: How far into a sentence the place may stand that opens it, behind a date and the like.
_HEAD = 16
_VILLAGES = ("村", "镇", "乡", "街道")
_TO = ("在", "到", "赴")
_JOINTS = ("、", "和", "与", "及", "以及")
#: Before a hill or a dam of which a sentence tells as of something new: 第一坝——甲坝.
_BREAKS = ("，", "、", "—", "“", "的", "将", "把", "在")
#: Behind a site or a body of which only something is visited, or whose name goes on.
_GOES_ON = re.compile("[A-Za-z0-9（]")


def visited_places(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Where the sites and bodies of a document lie that somebody visits in a place; `stated` have theirs already."""
    entities = {entity.id: entity for entity in document.entities}
    reader = _Reader(document, knowledge, entities)
    done, line = set(stated), -1
    for tagged in document.sentences:
        if tagged.sentence.line != line:
            line, reader.here = tagged.sentence.line, reader.journey
        for ident, head, home in reader.read(tagged):
            if ident not in done and ident != home:
                done.add(ident)
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.visit", 0.8, head=head)
                yield Relation("located_in", ident, home, proof, derived=True)


class _Reader:
    """Where the text is: `journey` over paragraphs, `here` in this one, as ids of places; empty if it is nowhere."""

    def __init__(self, document: ResolvedDocument, knowledge: Knowledge, entities: Mapping[str, Entity]):
        self.links, self.knowledge, self.entities = document.links, knowledge, entities
        self.here = self.journey = ""
        self.opened = False
        self.goals: frozenset[str] = frozenset()        # the several places of a journey
        self.listed: tuple[str, ...] = ()
        self.listed_to = 0

    def read(self, tagged: TaggedSentence) -> Iterator[tuple[str, Mention, str]]:
        """What is visited in a sentence, or named in one that a place opens, with where it is."""
        text, at, last = tagged.sentence.text, tagged.sentence.start, -1
        mentions = [m for m in tagged.mentions if m.type in ("LOCATION", "ORGANIZATION")]
        visits, unsaid = _cues(self.knowledge.lexicon)
        self._begin(tagged)
        index = 0
        while index < len(mentions):
            mention, chain = mentions[index], _chain(mentions, index)
            before, end = text[:mention.start - at], mention.end - at
            visited = bool(visits.search(before)) or (last >= 0 and before[last:] in _JOINTS)
            told = self.opened and not unsaid.search(before)
            if self._moves(chain, visited or told):
                index += len(chain)
                self._move(text, len(before), chain, chain[-1].end - at)
                continue
            index += 1
            ident, stop = self.links.get(mention, ""), self._is_stop(text, mentions[0].start - at, len(before), end)
            where = self.here or (self.journey if stop and before.endswith(_JOINTS) else "")
            if not where or ident not in self.entities:
                continue
            visited |= stop
            if (visited or told) and not _GOES_ON.match(text, end) \
                    and self._may_lie(mention, where, told and not visited, before) \
                    and not any(other.start == mention.end for other in mentions[index:index + 1]):
                yield ident, mention, where
            last = end if visited else last
            if mention.type == "LOCATION" and (self._is_village(mention.text)
                                               or (visited and not self._is_site(mention.text))):
                self.here, self.opened = "", False      # what comes next may be in it

    def _begin(self, tagged: TaggedSentence) -> None:
        """Go on with the journey where a sentence begins with its next stop, or with a date."""
        self.opened, self.listed = False, ()
        if self.journey and (_next_stop(self.knowledge.lexicon).match(tagged.sentence.text) or (
                tagged.mentions and tagged.mentions[0].type == "DATE"
                and tagged.mentions[0].start == tagged.sentence.start)):
            self.here = self.journey

    def _moves(self, chain: Sequence[Mention], visited: bool) -> bool:
        """Whether a chain of places says where the text is, and isn't a village that is visited there."""
        first = chain[0]
        return first.type == "LOCATION" and self._is_division(first.text) and not (
            self.here and visited and self._is_village(first.text) and len(chain) == 1)

    def _is_stop(self, text: str, first: int, start: int, end: int) -> bool:
        """Whether a name is a stop of the journey (在甲馆、乙馆，…). `first`: where the first name stands."""
        if not self.journey:
            return False
        before = text[:start]
        fronted = first == 1 and text.startswith("在") and "，" not in before
        return bool(_stops(self.knowledge.lexicon).search(before)) or (
            fronted and text.startswith((*_JOINTS, "等", "，"), end))

    def _is_division(self, name: str) -> bool:
        return bool(self.knowledge.places.find(name)) or load_world().knows(name) or self._is_village(name)

    def _is_village(self, name: str) -> bool:
        return name.endswith(_VILLAGES) and not name.endswith(self.knowledge.lexicon.words["sites"])     # 古镇

    def _move(self, text: str, start: int, chain: Sequence[Mention], end: int) -> None:
        """Read what a chain of places says of where the text is."""
        place = chain[-1]
        ident = self.links.get(place, "")
        ident = ident if ident in self.entities else ""
        before, (trips, goes) = text[:start], _trips(self.knowledge.lexicon)
        self.listed = (*self.listed, ident) if self.listed and before[self.listed_to:] in _JOINTS else \
            (ident,) if before.endswith(_TO) else ()
        self.listed_to = end
        if self.listed and trips.match(text, end) and not self._is_village(place.text):
            self.goals = frozenset(filter(None, self.listed))
            self.here = self.journey = ident if len(self.listed) == 1 else ""
        elif start < _HEAD and before.endswith("在") and text.startswith("，", end):
            self.here, self.opened = ident, bool(ident)
            if ident in self.goals:
                self.journey = ident
            elif self._leaves(chain):
                self.journey = ""
        elif self.here and ident != self.here:
            self.opened = False
            if goes.search(before) or not before or before.endswith("，"):
                if self._leaves(chain):
                    self.journey = ""
                self.here = ""

    def _leaves(self, chain: Sequence[Mention]) -> bool:
        """Whether a chain of places holds one that, by the tables, isn't where the journey is."""
        if not self.journey:
            return False
        places = self.knowledge.places
        around = places.find(self.entities[self.journey].key)
        for place in chain:
            rows = tuple(row for row in places.find(place.text) if row.level != "township")
            if (rows and not any(row == outer or places.is_within(row, outer) or places.is_within(outer, row)
                                 for row in rows for outer in around)) or load_world().knows(place.text):
                return True
        return False

    def _is_site(self, name: str) -> bool:
        sites, natural = _endings(self.knowledge.lexicon, "LOCATION", False)
        return name.endswith((*sites, *natural))

    def _may_lie(self, mention: Mention, where: str, told: bool, before: str) -> bool:
        """Whether a name is that of a site or a body that is in one place, and holds no place elsewhere."""
        name, lexicon = mention.text, self.knowledge.lexicon
        words, (sites, natural) = lexicon.words, _endings(lexicon, mention.type, told)
        kind = name.endswith(sites) or (name.endswith(natural) and (not told or before.endswith(_BREAKS))) \
            or (not told and where == self.journey and not name.endswith(words["not_visited"]))
        return kind and len(name) > 2 and name not in words["ranges"] and name not in lexicon.organizations \
            and not name.endswith((*words["known_places"], *words["everywhere"])) \
            and not load_world().states_of(name) and not self.knowledge.places.find(name) \
            and not names_elsewhere(name, self.entities[where].key, self.knowledge)


def names_elsewhere(name: str, home: str, knowledge: Knowledge) -> bool:
    """Whether a name holds that of a state, a province or a city that the place where it should be doesn't lie in."""
    world, places = load_world(), knowledge.places
    around, own = places.find(home), ("中国", home, world.state_of(home))
    region, _ = read_region(name, places)
    if region and region.place and not any(places.is_within(region.place, outer) for outer in around):
        return True
    for start in range(len(name) - 1):
        for size in (4, 3, 2):
            part = name[start:start + size]
            state = world.states.get(part)
            rows = [row for row in places.find(part) if row.level in ("province", "prefecture")]
            if (state and state not in own) or (rows and not any(
                    places.is_within(row, outer) or row == outer for row in rows for outer in around)):
                return True
    return False


def _chain(mentions: Sequence[Mention], index: int) -> list[Mention]:
    """The places that stand without anything between them from one on."""
    chain = [mentions[index]]
    for mention in mentions[index + 1:]:
        if mention.type != "LOCATION" or mention.start != chain[-1].end:
            break
        chain.append(mention)
    return chain


@cache
def _endings(lexicon: Lexicon, kind: str, told: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What sites or bodies end in that are visited, or only told of; and what else behind a break."""
    words = lexicon.words
    if kind == "ORGANIZATION":
        further = words["told_bodies"] if told else (*words["standing_bodies"], *words["visited_bodies"])
        return (*words["sites_behind_places"], *further), ()
    return (*words["sites"], *words["sites_in_names"], *words["sites_behind_places"]), words["spots"]


@cache
def _cues(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What ends before something visited, and before something elsewhere."""
    unsaid = re.compile(lexicon.any("ways") + "$|" + lexicon.any("not_here"))
    return re.compile(lexicon.any("visits") + "了?$"), unsaid


@cache
def _stops(lexicon: Lexicon) -> re.Pattern[str]:
    """What ends before one more of the stops of a journey."""
    return re.compile(lexicon.any("stops") + "了?[^，。；“”]*(?:、|和|与|及|以及)$")


@cache
def _next_stop(lexicon: Lexicon) -> re.Pattern[str]:
    """What begins a sentence about another stop."""
    return re.compile(lexicon.any("next_stops"))


@cache
def _trips(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What follows on the place of a journey, and what ends before a place to which somebody goes."""
    return re.compile("，?" + lexicon.any("trips")), re.compile(lexicon.any("goings") + "了?$")
