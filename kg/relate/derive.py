"""Edges that follow from a name or from the administrative table, not from what a sentence says.

They are flagged `derived` and carry the sentence that names the head as their evidence:

    derived.part_of.name       甲市公安局警卫支队 is part of 甲市公安局
    derived.part_of.branch     乙区公安分局 is part of 甲市公安局, if the district lies in the city
    derived.part_of.context    城关派出所 is part of the one police bureau that the document names
    derived.holds_position.police  民警张三, in a document that names one police bureau; 法官李四, of its one court
    derived.located_in.name    甲市卫生局 is located in 甲市
    derived.located_in.site    清河园 in 甲市, where the document says 甲市清河园
    derived.located_in.division  乙市 in 甲州, abroad, where the document says 甲州南部乙市
    derived.located_in.pointed  乙市 in 甲州, where the document names 甲州 and then says 该州乙市
    derived.located_in.listed  丙村 in 甲县, where the document says 甲县乙村、丙村
    derived.located_in.visit   乙园 in 甲市, where the paragraph or the journey is in 甲市 and goes to 乙园
    derived.located_in.line  乙隧道 on 甲铁路, where the document says 甲铁路乙隧道
    derived.located_in.paragraph  丙村 in 乙县, the one county of which the paragraph tells
    derived.located_in.table   乙县 lies in 甲市, 基辅 in 乌克兰, where the document names both
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Place
from kg.knowledge.regions import read_region
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence, key_of
from kg.relate.abroad import towns_abroad, towns_behind_signs
from kg.relate.evidence import evidence
from kg.relate.in_names import SENT, further_in_name
from kg.relate.lines import sites_on_lines
from kg.relate.officers import police_and_judges
from kg.relate.referred import places_pointed_to
from kg.relate.side_by_side import listed_places
from kg.relate.sites import sites_in_towns
from kg.relate.villages import villages_in_counties
from kg.relate.visits import visited_places
from kg.resolve.forms import is_part_of_an_army
from kg.resolve.parts import is_part

#: Bodies of the whole country: a place in their full name doesn't locate them.
_PARTY = frozenset({"党中央", "中共中央", "中央", "中国共产党"})
_BUREAU = re.compile(r"公安局$")
#: An embassy is in the state to which it is sent.
_EMBASSY = re.compile("驻([^驻]{2,12}?)(?:大使馆|使馆|总领事馆|总领馆|领事馆)$")
#: No part of a body: a society of its people (甲海军学会), the second of two (甲县纪委/监委), the end of its name.
_NO_UNITS = frozenset({"学会", "协会", "研究会", "基金会", "联合会", "俱乐部", "委员会", "政府", "人民政府", "监委",
                       "监察委员会", "员会", "频道"})
_NO_UNIT_ENDS = ("联盟", "网", "校友会")
#: 甲大学/附中, 甲重工/业公司, 甲部/门办公室: a body of its own, or the rest of a word.
_NO_START = re.compile("国家|中央|中国|[和与及、（）]|附[中小]|业(?!务)|门(?!诊)|间")
_LEGAL_FORM = re.compile(r"(?:集团|控股|股份|有限|责任)*(?:公司|集团)")
_STATIONED = re.compile(r"(?:派)?驻")
#: What ends the names of towns, without which bodies there are called after them.
_TOWNS = ("街道", "新区", "镇", "乡")
#: What ends the names of districts, without which a bureau's branches there are called after them.
_DISTRICTS = ("区", "县", "新区")
#: Between two parties that have a body together: 甲国-乙国委员会.
_DASHES = tuple("-—－–")


@dataclass(frozen=True)
class _Names:
    """A document's entities by key (the id without its type), and where each is first named."""

    document: ResolvedDocument
    bodies: Mapping[str, Entity]
    forms: Mapping[str, Entity]
    places: Mapping[str, Entity]
    starts: Sequence[int]

    def sentence(self, mention: Mention) -> TaggedSentence:
        """The sentence in which a mention stands, be it part of a longer one."""
        return self.document.sentences[bisect_right(self.starts, mention.start) - 1]

    def relation(self, relation: str, head: Entity, tail: Entity, rule: str, confidence: float) -> Relation:
        mention = head.mentions[0]
        found = evidence(self.document.clean, self.sentence(mention).sentence, rule, confidence, head=mention)
        return Relation(relation, head.id, tail.id, found, derived=True)


def derive(document: ResolvedDocument, knowledge: Knowledge, found: Sequence[Relation] = ()) -> tuple[Relation, ...]:
    """The derived relations of one document; `found` are those that its sentences state."""
    keyed = {kind: {e.key: e for e in document.entities if e.type == kind and e.mentions}
             for kind in ("ORGANIZATION", "LOCATION")}
    forms = {form: body for key, body in keyed["ORGANIZATION"].items()
             for form in (*(m.text for m in body.mentions if m.source == "grammar.nested"), body.name, key)}
    twice = {key for key, n in Counter(e.key for e in document.entities if e.type == "LOCATION").items() if n > 1}
    for key in twice:
        keyed["LOCATION"].pop(key, None)        # 朝阳区 of two cities: a name doesn't say which
    names = _Names(document, keyed["ORGANIZATION"], forms, keyed["LOCATION"],
                   [s.sentence.start for s in document.sentences])
    placed = {relation.head for relation in found if relation.relation == "located_in"}
    posted = {relation.head for relation in found if relation.relation == "holds_position"}
    in_states = {relation.head for relation in found if relation.relation == "located_in"
                 and key_of(relation.tail) in load_world().states}          # what lies in a town of it, too, is nearer
    abroad = tuple(towns_abroad(document, knowledge, placed - in_states))
    placed |= {relation.head for relation in abroad}
    pointed = tuple(places_pointed_to(document, knowledge, placed - in_states))
    placed |= {relation.head for relation in pointed}
    by_sign = tuple(towns_behind_signs(document, knowledge, placed))
    placed |= {relation.head for relation in by_sign}
    places = (*abroad, *pointed, *by_sign, *_places_in_places(names, knowledge, placed),
              *_cities_in_states(names, placed), *sites_in_towns(document, knowledge, placed - in_states))
    bodies = (*_nested_bodies(names, knowledge), *_branches(names, knowledge), *_bodies_in_places(names, knowledge))
    places = (*places, *listed_places(document, knowledge, (*found, *places)))
    settled = {each.head for each in (*found, *bodies, *places) if each.relation in ("located_in", "part_of")}
    visited = tuple(visited_places(document, knowledge, settled))
    settled |= {each.head for each in visited}
    on_lines = tuple(sites_on_lines(document, knowledge, settled))
    settled |= {each.head for each in on_lines}
    return (*bodies, *police_and_judges(document, names.bodies, knowledge, posted), *places, *visited, *on_lines,
            *villages_in_counties(document, knowledge, settled))


def _holder(body: Entity, forms: Mapping[str, Entity], lexicon: Lexicon) -> Entity | None:
    """The body whose name opens this one's, the longest; of 甲纪委驻乙厅纪检组 it is 甲纪委."""
    words = lexicon.words
    for name in (body.key, body.name):
        head = _STATIONED.split(name, maxsplit=1)[0]
        for cut in range(len(head) - (head == name), 1, -1):
            organ = head[:cut] in words["unions"] and name[cut:cut + 1] not in _DASHES \
                and name.endswith(words["organs_of_unions"])
            found = forms.get(head[:cut]) if cut > 2 or organ or is_part_of_an_army(name[:cut], name[cut:]) else None
            if found and found.id != body.id and (organ or (
                    (_is_unit(name[cut:]) or is_part(name[:cut], name[cut:], lexicon))
                    and name[cut:] not in words["trades"])):        # 甲投资 is 甲 itself
                return found
    return None


def _is_unit(rest: str) -> bool:
    """Whether the rest of a name names a part of what stands before it.

    国家监委 of 中央纪委国家监委 does not, nor 监委 of 甲市纪委监委; 甲电气集团 is 甲电气 itself, 禁毒委员会 the 禁毒委.
    """
    return len(rest) > 1 and rest not in _NO_UNITS and not _NO_START.match(rest) \
        and not rest.endswith(_NO_UNIT_ENDS) and not _LEGAL_FORM.fullmatch(rest)


def _nested_bodies(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    for body in names.bodies.values():
        if holder := _holder(body, names.forms, knowledge.lexicon):
            said = body.name.startswith((holder.name, *holder.aliases))
            rule, confidence = ("name", 0.93) if said else ("context", 0.75)
            yield names.relation("part_of", body, holder, f"derived.part_of.{rule}", confidence)


def _branches(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    """乙区公安分局 is part of 甲市公安局, the one bureau of a city in which the document names it."""
    bureaus = {k: b for k, b in names.bodies.items() if _BUREAU.search(k)}
    for key, body in names.bodies.items():
        if not key.endswith("公安分局") or _holder(body, names.forms, knowledge.lexicon):
            continue
        own, _ = read_region(key, knowledge.places, tuple(names.places))
        above = [bureau for k, bureau in bureaus.items()
                 if (region := read_region(k, knowledge.places, tuple(names.places))[0]) and own and own.place
                 and region.place and knowledge.places.is_within(own.place, region.place)]
        if len(above) == 1:
            yield names.relation("part_of", body, above[0], "derived.part_of.branch", 0.8)


def _bodies_in_places(names: _Names, knowledge: Knowledge) -> Iterator[Relation]:
    """The nearest place in a body's own name; for a part of another body, the place in its own part of the name.

    A part of a body that the text names nowhere else is where that body is: 甲省人民政府外事办公室.
    """
    near, world = _near(names, _table(names, knowledge)), load_world()
    everywhere = _of_no_state(knowledge.lexicon)
    widest: dict[int, int] = {}
    for mention in (m for body in names.bodies.values() for m in body.mentions):
        widest[mention.start] = max(mention.end, widest.get(mention.start, 0))
    for key, body in names.bodies.items():
        if key in everywhere and not _of_the_state(body, knowledge):
            continue                    # 东南亚国家联盟
        if (sent := _EMBASSY.search(key)) and (host := names.places.get(world.states.get(sent[1], sent[1]))):
            yield names.relation("located_in", body, host, "derived.located_in.name", 0.95)
            continue
        holder = _holder(body, names.forms, knowledge.lexicon)
        outer = next((form for form in (holder.key, holder.name) if key.startswith(form)), "") if holder else ""
        own = key.removeprefix(outer) if body.name not in _PARTY else ""
        if not key.startswith("中国"):          # 中国外交部, whose key is 外交部
            own = next((form for form in (body.name, *body.aliases) if form.startswith("中国")), own)
        home = _home(own, body, holder if outer else None, names, knowledge, near)
        if home is None and outer and holder and all(m.end < widest[m.start] for m in holder.mentions) \
                and not own.endswith(knowledge.lexicon.words["branches"]):
            home = _home(key, body, None, names, knowledge, near)
        if home is not None:
            yield names.relation("located_in", body, home, "derived.located_in.name", 0.95)


@lru_cache(maxsize=4)
def _of_no_state(lexicon: Lexicon) -> frozenset[str]:
    """Full names of bodies by which no state holds them, although a region may open them: 东南亚国家联盟."""
    states = load_world().states
    return frozenset(full for (_, where), full in lexicon.abbreviations.items()
                     if where == "whole" and not any(full[:size] in states for size in (2, 3))
                     and not full.startswith(lexicon.words["lands_with_bodies"]))


def _home(own: str, body: Entity, holder: Entity | None, names: _Names, knowledge: Knowledge,
          near: Mapping[tuple[str, str], Entity]) -> Entity | None:
    """The place of the document that opens `own`, the name of a body or what it has behind that of its holder."""
    states, stationed = load_world().states, _STATIONED.match(own)
    if stationed:
        own = own[stationed.end():]
    region, rest = read_region(own, knowledge.places, tuple(names.places))
    name = region.name if region else next((p for p in names.places if own.startswith(p) and own != p), "")
    called = "" if name else _called_after(own, names, knowledge)
    name = name or called
    name = name or next((states[s] for n in (5, 4, 3, 2) if (s := own[:n]) in states and own != s), "")
    words = knowledge.lexicon.words
    if not name and own.startswith(words["signs_of_organs"]) and own.endswith(words["organs_behind_signs"]) \
            and not own.startswith(words["no_signs"]):
        name = load_world().signs[own[0]]           # 俄南部军区
    if region and region.place and name not in names.places:
        today = near.get(_kin(region.place))        # 水城县农业局, where the text says 水城
        opened = (own,) if holder else (own, body.name)
        name = today.key if today else _named_above(region.place, opened, names, knowledge) or name
    seated = region and region.place and holder and (
        rest.endswith(words["seats"]) or _inside(region.place, holder, names, knowledge))
    if holder and not seated and not stationed and not (called and own.endswith("分局")):
        return None                     # 国际奥委会北京冬奥会协调委员会 isn't in 北京
    # 中国科学院 may be anywhere
    of_china = name in ("中国", "中华人民共和国") and not _of_the_state(body, knowledge)
    if of_china or (region and not rest) or body.name.endswith(SENT) or own.startswith(_DASHES, len(name)):
        return None
    return names.places.get(name) or (None if holder else further_in_name(body, names.places.values(), knowledge))


def _named_above(place: Place, opened: tuple[str, ...], names: _Names, knowledge: Knowledge) -> str:
    """The nearest division above a place that the document names and that opens one of the names, or empty text."""
    return next((form for above in knowledge.places.parents(place) for form in (above.name, above.short)
                 if form in names.places and any(name.startswith(form) for name in opened)), "")


def _called_after(own: str, names: _Names, knowledge: Knowledge) -> str:
    """The town by whose short name a body of its own is called: 云栖镇 of 云栖卫生院, 甲区 of 甲分局, or empty text."""
    branch = own.endswith("分局")
    if not branch and not own.endswith(knowledge.lexicon.words["bodies_of_towns"]):
        return ""
    kinds = _DISTRICTS if branch else _TOWNS
    return next((key for key in names.places for kind in kinds if key.endswith(kind) and len(key) > len(kind) + 1
                 and own.startswith(key.removesuffix(kind)) and len(own) - len(key) + len(kind) > 1), "")


def _of_the_state(body: Entity, knowledge: Knowledge) -> bool:
    """中国外交部: a body that is the state's own by the rest of its name. 中国人民银行 is the name itself."""
    bodies = knowledge.lexicon.organizations
    for name in (body.name, *body.aliases):
        rest = name.removeprefix("中国")
        if rest != name and rest in knowledge.lexicon.words["organs_of_china"]:
            return True
        listed = bodies.get(rest) or bodies.get(rest[:3] if rest.startswith("国务院") else "")
        if rest != name and name not in bodies and listed is not None and listed.alone == "name":
            return True
    return False


def _inside(place: Place, holder: Entity, names: _Names, knowledge: Knowledge) -> bool:
    """Whether a place lies in the one that the holder's name opens with, or is stationed at by it."""
    outer, _ = read_region(holder.key, knowledge.places, tuple(names.places))
    return bool(outer and outer.place and knowledge.places.is_within(place, outer.place))


def _table(names: _Names, knowledge: Knowledge) -> dict[str, Place]:
    """The administrative divisions among the places of a document, by key; the places of its bodies help to tell."""
    homes = {region.name: None for key in names.bodies if (region := read_region(key, knowledge.places)[0])}
    context = (*names.places, *homes)
    return {key: place for key in names.places if (place := knowledge.places.resolve(key, context))}


def _kin(place: Place) -> tuple[str, str]:
    """What a division keeps when its rank changes: 沙县 is 沙县区 today."""
    return place.short or place.name, place.parent


def _near(names: _Names, table: Mapping[str, Place]) -> dict[tuple[str, str], Entity]:
    """The places of a document by what they keep when their rank changes."""
    return {_kin(place): names.places[key] for key, place in table.items()}


def _places_in_places(names: _Names, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each administrative division in the nearest one above it that the document names.

    Townships share names all over the country: where a sentence says in what county one lies, the table is silent,
    and that the document names their province says too little.
    """
    table = _table(names, knowledge)
    near = _near(names, table)
    for key, place in table.items():
        if place.level == "township" and names.places[key].id in stated:
            continue
        around = (p for p in knowledge.places.parents(place) if place.level != "township" or p.level != "province")
        above = next((found for p in around if (found := names.places.get(p.name) or near.get(_kin(p)))), None)
        if above is not None and above.id != names.places[key].id:
            yield names.relation("located_in", names.places[key], above, "derived.located_in.table", 0.95)


def _cities_in_states(names: _Names, stated: set[str]) -> Iterator[Relation]:
    """Each foreign city or province in its state, where the document names both and doesn't say where it lies.

    Several states may have a town of the name: the document must name one of them, and no other.
    """
    world = load_world()
    states: dict[str, list[Entity]] = {}
    for key, place in names.places.items():
        if state := world.states.get(key):
            states.setdefault(state, []).append(place)
    for key, place in names.places.items():
        around = [state for name in world.states_of(key) for state in states.get(name, ())]
        if len(around) == 1 and place.id not in stated and around[0] is not place:
            yield names.relation("located_in", place, around[0], "derived.located_in.table",
                                 0.93 if world.state_of(key) else 0.88)
