"""Sites in the towns that stand right before them, or with which their names open: 甲市清河园, 甲市的清河, 甲市故宫."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Place
from kg.knowledge.regions import Region, read_region
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Entity, Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

#: Behind two places that a text names side by side, each for itself: 宜昌恩施两地.
_EACH = ("两地", "两市", "两省", "两县", "三地", "之间", "至", "到", "—", "-", "线", "段")
_TOWNSHIPS = ("镇", "乡", "街道")
#: Sites whose names are no longer than their ending behind the town's: 上海港.
_SHORTEST = ("站。", "港。", "塔。")
#: A short name that may be that of a river or a hill: 怒江大桥.
_NATURAL = "江河湖海泉溪山岭"


def sites_in_towns(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each site of a document in the town or county of China that is named right before it or opens its name.

    `stated` are the places of which a sentence says where they lie.
    """
    entities = {entity.id: entity for entity in document.entities if entity.type == "LOCATION"}
    keyed = {entity.key: entity for entity in entities.values()}
    rows = {ident: knowledge.places.resolve(entity.key, keyed) for ident, entity in entities.items()}
    done = set(stated)
    for tagged in document.sentences:
        places = [m for m in tagged.mentions if m.type == "LOCATION" and document.links.get(m) in entities]
        for before, site in pairwise(places):
            town, ident = document.links[before], document.links[site]
            between = tagged.sentence.text[before.end - tagged.sentence.start:site.start - tagged.sentence.start]
            if between in ("", "的") and ident not in done and ident != town and not _each(tagged, before, site) and (
                    (not between and rows[town] is not None and (
                        _may_lie(site.text, rows[ident], knowledge)
                        or _is_new_district(site.text, rows[town], rows[ident], knowledge)))
                    or (not between and _is_part(before.text, site.text, knowledge))
                    or (rows[ident] is None and _stands_in_town(site.text, between, knowledge)
                        and _is_town(entities[town].key, rows[town], keyed, knowledge))):
                done.add(ident)
                yield _relation(document, tagged, site, ident, town)
        for site in places:
            ident = document.links[site]
            own = _town_in_name(site.text, keyed, knowledge) if ident not in done and rows[ident] is None else None
            if own is not None and own.id != ident:
                done.add(ident)
                yield _relation(document, tagged, site, ident, own.id)


def _is_town(name: str, row: Place | None, keyed: Mapping[str, Entity], knowledge: Knowledge) -> bool:
    """Whether a place is a town, a city, a county of a province or city that the document names, or lies abroad."""
    if name.endswith(_TOWNSHIPS):
        return True
    if row is None:
        return bool(load_world().states_of(name))
    return row.level == "prefecture" or (row.level == "county" and any(
        above.name in keyed or above.short in keyed for above in knowledge.places.parents(row)))


def _stands_in_town(name: str, between: str, knowledge: Knowledge) -> bool:
    """Whether a name that no table knows is, by its ending, one of what lies in towns: 木兰溪, not 黄河."""
    words, world = knowledge.lexicon.words, load_world()
    if not between and (name in words["landmarks"] or (name[-1] in "市町郡" and len(name) > 2)):
        return True                     # 福岛县/相马市: of places that no table knows
    if name[0] in "和与及" or (len(name) < 3 and name[-1] in "河岭"):
        return False                    # a name that the tagger cut
    return name.endswith(_endings(knowledge.lexicon)) and not name.endswith((*words["known_places"], "高铁")) \
        and name not in words["ranges"] and name not in world.states and not world.states_of(name)


@cache
def _endings(lexicon: Lexicon) -> tuple[str, ...]:
    """What sites end in of which a town stands before their names, or before 的."""
    words = lexicon.words
    return (*words["sites"], *words["sites_in_names"], *words["sites_of_towns"], *words["spots"])


def _may_lie(name: str, row: Place | None, knowledge: Knowledge) -> bool:
    """Whether a name is that of a site that no table knows, and that opens with no place of its own."""
    region, rest = read_region(name + "。", knowledge.places)
    return row is None and len(name) > 2 and name.endswith((*knowledge.lexicon.words["sites"], *_TOWNSHIPS)) \
        and (region is None or (region.place is None and rest == "。")) and not load_world().state_of(name) \
        and name not in load_world().states


def _is_new_district(name: str, town: Place | None, row: Place | None, knowledge: Knowledge) -> bool:
    """Whether a name behind that of a city is one of a district that no table has: 东莞万江区."""
    return row is None and town is not None and town.level == "prefecture" and len(name) in (3, 4) \
        and name.endswith("区") and not name.endswith(knowledge.lexicon.words["no_towns"]) \
        and not knowledge.places.find(name)


def _each(tagged: TaggedSentence, before: Mention, site: Mention) -> bool:
    """Whether the two are named side by side, or are ends of a way."""
    at = tagged.sentence.start
    return tagged.sentence.text.startswith(_EACH, site.end - at) \
        or tagged.sentence.text.endswith(("至", "到", "—", "-"), 0, before.start - at)


def _town_in_name(name: str, keyed: Mapping[str, Entity], knowledge: Knowledge) -> Entity | None:
    """The town of the document with whose name that of a site opens: 沈阳 of 沈阳故宫, not 南京 of 南京路."""
    for site, town in knowledge.lexicon.known_sites.items():
        if name.startswith(site):           # a hall of the site is in it, the site in its town
            return (keyed.get(site) if name != site else None) or keyed.get(town)
    words = knowledge.lexicon.words
    if name.endswith(words["parts_of_sites"]):
        for size in range(len(name) - 1, 1, -1):
            if name[:size] in keyed and _is_part(name[:size], name[size:], knowledge):
                return keyed[name[:size]]
    if not name.endswith((*words["sites"], *words["sites_in_names"], *words["sites_of_towns"])):
        return None
    region, rest = read_region(name + "。", knowledge.places)
    if region is None:
        return _town_abroad(name, keyed, knowledge) or _place_of(name, keyed, knowledge)
    if region.place is None and len((found := knowledge.places.longest_prefix(name))[0]) == 1:
        region, rest = Region(found[0][0].name, found[0][0]), name[found[1]:] + "。"       # 武汉/经开区
    if region.place is None or region.place.level == "township" or (len(rest) < 3 and rest not in _SHORTEST):
        return None
    county, own = region.place.level == "county", rest.endswith(tuple(f"{e}。" for e in words["sites_of_places"]))
    natural = region.place.short[-1:] in _NATURAL and region.place.level != "province" and rest != "站。" \
        and name.endswith(words["natural_sites"])
    if not name.startswith(region.place.name) and (natural or (county and len(rest) < (3 if own else 4))):
        return None
    return keyed.get(region.place.name) or keyed.get(region.place.short)


def _is_part(host: str, part: str, knowledge: Knowledge) -> bool:
    """Whether what stands right behind a site is a building or a quarter of it: 云栖寺/望江塔, 甲港/乙港区."""
    words = knowledge.lexicon.words
    return part.endswith(words["parts_of_sites"]) and host.endswith(words["sites_of_parts"]) \
        and not knowledge.places.find(host) and not part.startswith(("和", "与", "及"))


def _place_of(name: str, keyed: Mapping[str, Entity], knowledge: Knowledge) -> Entity | None:
    """A place that no table has and the document names, before what is called after where it is: 横琴 of 横琴口岸."""
    words = knowledge.lexicon.words
    for size in range(len(name) - 1, 1, -1):
        if name[size:].endswith(words["sites_of_places"]) and (place := keyed.get(name[:size])) is not None:
            known = name[:size] in load_world().states or name[:size] in words["ranges"]
            return None if known or name[:size].endswith(words["no_towns"]) else place
    return None


def _town_abroad(name: str, keyed: Mapping[str, Entity], knowledge: Knowledge) -> Entity | None:
    """日惹 of 日惹机场, 泰国 of 泰国国际机场, else the one state of the document that has the town.

    A market of a state (美国市场) is no site, and where a park or an inn is called after a town it may be anywhere.
    """
    world, words = load_world(), knowledge.lexicon.words
    for size in range(min(8, len(name) - 1), 1, -1):
        town, states = keyed.get(name[:size]), world.states_of(name[:size])
        if town is not None and len(name) - size > 1 and (
                states or (name[:size] in world.states and not name.endswith(words["markets"]))):
            return town
        around = [keyed[state] for state in states if state in keyed]
        if len(around) == 1 and name.endswith(words["sites_of_towns"]):
            return around[0]
    return None


def _relation(document: ResolvedDocument, tagged: TaggedSentence, site: Mention, head: str, tail: str) -> Relation:
    found = evidence(document.clean, tagged.sentence, "derived.located_in.site", 0.8, head=site)
    return Relation("located_in", head, tail, found, derived=True)
