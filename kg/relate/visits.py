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
_VILLAGES = ("村", "镇", "乡", "街道", "社区")
_JOINTS = ("、", "和", "与", "及", "以及")
#: Before a hill or a dam of which a sentence tells as of something new: 第一坝——甲坝.
_BREAKS = ("，", "、", "—", "“")
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

    def read(self, tagged: TaggedSentence) -> Iterator[tuple[str, Mention, str]]:
        """What is visited in a sentence, or named in one that a place opens, with where it is."""
        text, at, last = tagged.sentence.text, tagged.sentence.start, -1
        mentions = [m for m in tagged.mentions if m.type in ("LOCATION", "ORGANIZATION")]
        visits, unsaid, again = _cues(self.knowledge.lexicon)
        self.opened = False
        if self.journey and (again.match(text) or (tagged.mentions and tagged.mentions[0].type == "DATE"
                                                   and tagged.mentions[0].start == at)):
            self.here = self.journey
        index = 0
        while index < len(mentions):
            mention, before = mentions[index], text[:mentions[index].start - at]
            end = mention.end - at
            chain = _chain(mentions, index)
            visited = bool(visits.search(before)) or (last >= 0 and before[last:] in _JOINTS)
            village = mention.type == "LOCATION" and mention.text.endswith(_VILLAGES)
            if mention.type == "LOCATION" and self._is_division(mention.text) and not (
                    self.here and visited and village and len(chain) == 1):
                index += len(chain)
                self._move(text, len(before), chain[-1], chain[-1].end - at)
                continue
            index += 1
            ident = self.links.get(mention, "")
            if not self.here or ident not in self.entities:
                continue
            visited |= self.here == self.journey and len(before) < _HEAD and before.endswith("在") \
                and text.startswith("，", end)
            told = not visited and self.opened and not unsaid.search(before)
            if (visited or told) and not _GOES_ON.match(text, end) and self._may_lie(mention, told, before) \
                    and not any(other.start == mention.end for other in mentions[index:index + 1]):
                yield ident, mention, self.here
            last = end if visited else last
            if village:
                self.here, self.opened = "", False

    def _is_division(self, name: str) -> bool:
        world = load_world()
        return bool(self.knowledge.places.find(name)) or name in world.states or bool(world.states_of(name)) \
            or name.endswith(_VILLAGES)

    def _move(self, text: str, start: int, place: Mention, end: int) -> None:
        """Read what a chain of places says of where the text is."""
        ident = self.links.get(place, "")
        ident = ident if ident in self.entities else ""
        before, (trips, goes) = text[:start], _trips(self.knowledge.lexicon)
        if before.endswith(("在", "到", "赴")) and trips.match(text, end) and not place.text.endswith(_VILLAGES):
            self.here = self.journey = ident
        elif start < _HEAD and before.endswith("在") and text.startswith("，", end):
            self.here, self.opened = ident, bool(ident)
            if self.journey and not self._within(ident, self.journey):
                self.journey = ""
        elif self.here and ident != self.here:
            self.opened = False
            if goes.search(before) or not before or before.endswith("，"):
                if self.journey and not self._within(ident, self.journey):
                    self.journey = ""
                self.here = ""

    def _within(self, ident: str, outer: str) -> bool:
        """Whether a place is another or, by the tables, lies in it."""
        if ident not in self.entities or outer not in self.entities:
            return False
        places = self.knowledge.places
        return ident == outer or any(places.is_within(row, above) for row in places.find(self.entities[ident].key)
                                     for above in places.find(self.entities[outer].key))

    def _may_lie(self, mention: Mention, told: bool, before: str) -> bool:
        """Whether a name is that of a site or a body that is in one place, and holds no place elsewhere."""
        name, lexicon = mention.text, self.knowledge.lexicon
        words, (sites, natural) = lexicon.words, _endings(lexicon, mention.type, told)
        kind = name.endswith(sites) or (name.endswith(natural) and (not told or before.endswith(_BREAKS))) \
            or (mention.type == "LOCATION" and not told and self.here == self.journey)
        return kind and len(name) > 2 and name not in words["ranges"] and name not in lexicon.organizations \
            and not name.endswith((*words["known_places"], *words["everywhere"])) \
            and not load_world().states_of(name) and not self.knowledge.places.find(name) \
            and not names_elsewhere(name, self.entities[self.here].key, self.knowledge)


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
def _cues(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What ends before something visited, before something elsewhere, and what begins another stop of a journey."""
    unsaid = re.compile(lexicon.any("ways") + "$|" + lexicon.any("not_here"))
    return re.compile(lexicon.any("visits") + "了?$"), unsaid, re.compile(lexicon.any("next_stops"))


@cache
def _trips(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What follows on the place of a journey, and what ends before a place to which somebody goes."""
    return re.compile("，?" + lexicon.any("trips")), re.compile(lexicon.any("goings") + "了?$")
