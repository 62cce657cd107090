"""Where one place ends and the next begins that the tables don't know: 日本/福岛, 余杭/良渚, 江西/赣江, 凤阳/小岗村."""

from __future__ import annotations

from collections.abc import Sequence

from kg.knowledge.places import CITIES, Places
from kg.knowledge.world import load_world
from kg.mentions.reading import Reading

#: A name of two to four characters without an ending is cut off where the tagger was this sure of it.
_SURE, _LONGEST = 0.75, 4
#: How sure it must be of a site behind its town.
_TOLD = 0.6
#: Parts of speech of names of places.
_NAMES = frozenset({"LOC", "ns", "nz"})


def between_names(reading: Reading, begin: int, end: int, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Cuts, counted from `begin`, where one name of the tagger ends and the next begins.

    Behind a place at home, only where the next is a division by its ending, or a name of its own: 湖北/两山新区, but
    四川/盆地, 中国/大陆.
    """
    starts: dict[int, int] = {}
    for start, stop in spans:
        if stop - start > 1 and begin <= start:
            starts.setdefault(stop, start)          # the widest
    cuts = []
    for stop, start in starts.items():
        if start not in starts or start >= end:
            continue
        before, name = reading.text[starts[start]:start], reading.text[start:stop]
        if reading.places.find(before + name) or load_world().states_of(before + name):
            continue                    # 巴音郭楞/蒙古自治州, 不列颠/哥伦比亚省
        at_home = before == "中国" or bool(reading.places.longest_prefix(before)[1])
        if not at_home or (len(name) > 2 and name[-1] in "市县区州镇乡") or (reading.places.find(before) and (
                _is_own(reading, start, stop) or _is_site_of_town(reading, before, start, stop))):
            cuts.append(start - begin)
    return cuts + [start - begin for start, stop in spans if begin < start < end and start in starts
                   and _is_house_on_street(reading.text[starts[start]:start], reading.text[start:stop], reading)]


def behind_regions(reading: Reading, begin: int, end: int) -> list[int]:
    """Cuts, counted from `begin`, behind provinces and towns, before a site or a piece of land with a name of its own.

    江西/赣江, 宁夏/银川云栖烧烤店, 江苏/常熟/铜官山; but 四川盆地, 江苏自贸试验区, 南京云栖陵园, which is called so.
    The tagger may have made one word of both: 甲省/乙坪水电站, 甲县/乙沟村, 甲国/乙市.
    """
    cuts, at = [], begin
    while size := _region(reading, at, end):
        at += size
        cuts.append(at - begin)
    return cuts


def _region(reading: Reading, begin: int, end: int) -> int:
    """How long the province or town is with which a name opens that goes on with a name of its own, or 0."""
    text, places, listed = reading.text[begin:end], reading.places, reading.lexicon.words
    size = next((n for n in range(min(len(text) - 2, 9), 1, -1) if places.find(text[:n])), 0)
    rest = text[size:]
    if not size and _is_in_state(text, reading):
        return next(n for n in range(len(text) - 2, 1, -1) if text[:n] in load_world().states)
    if not size or rest in listed["generic_places"] or rest in listed["place_endings"] \
            or rest.startswith(listed["no_own_land"]) or places.find(text):
        return 0
    if _is_village(rest, reading):
        return size
    i = reading.starts.get(begin + size)
    if i is None and _is_province(text[:size], places) and _is_own_site(rest, reading):
        return size
    if i is None:
        inner, more = places.longest_prefix(rest)
        within = len(rest) - more > 1 and any(places.lies_in(each.name, text[:size]) for each in inner)
        return size if within and _is_province(text[:size], places) else 0
    word = reading.words[i]
    if word.pos not in _NAMES or word.text in listed["generic_places"] or word.text in listed["place_endings"]:
        return 0
    land = rest.endswith(listed["lands"]) and (end in reading.ends or reading.text.startswith("畔", end))
    return size if land or (len(rest) > 2 and _is_province(text[:size], places)) else 0


def before_site(name: str, reading: Reading) -> tuple[int, ...]:
    """Where the state and the province end with which a site opens that has a name of its own: 甲国/甲州/乙空军基地."""
    places, world = reading.places, load_world()
    size = next((n for n in range(min(len(name) - 4, 9), 1, -1) if name[:n] in world.states
                 or _is_province(name[:n], places) or _is_province_abroad(name[:n])), 0)
    rest, words = name[size:], reading.lexicon.words
    if not size or name.startswith("中国") or places.find(name):
        return ()
    inner = before_site(rest, reading) if name[:size] in world.states and _is_abroad(rest) else ()
    own = _is_own_site(rest, reading) and not rest.startswith(words["no_own_in_state"]) \
        and not any(sign in rest for sign in "省州郡县市区“”")
    return (size, *(size + cut for cut in inner)) if inner or own else ()


def _is_abroad(name: str) -> bool:
    """Whether a name opens with a province abroad: 甲州乙空军基地."""
    return any(_is_province_abroad(name[:n]) for n in range(3, min(len(name), 10)))


def _is_province_abroad(name: str) -> bool:
    """Whether a name is that of a province abroad, by its ending and the tables."""
    return name[-1] in "州省邦" and bool(load_world().states_of(name))


def _is_village(rest: str, reading: Reading) -> bool:
    """Whether what stands behind a region is a village with a name of its own: 小岗村, not 运动员村 or 路社区."""
    words = reading.lexicon.words
    return len(rest) > 2 and rest.endswith(words["villages"]) and not rest.endswith(words["kinds_of_villages"]) \
        and not rest.startswith(words["no_own_village"]) and not any(sign in rest for sign in "省州郡县市“”")


def _is_own_site(rest: str, reading: Reading) -> bool:
    """Whether what stands behind a province is a site with a name of its own: 乙坪水电站, not 国际会展中心."""
    words = reading.lexicon.words
    return len(rest) > 3 and rest.endswith((*words["sites"], *words["sites_in_names"], *words["facilities"])) \
        and not rest.startswith((*words["no_own_land"], *words["no_own_site"])) \
        and not rest.endswith(words["kinds_of_villages"])


def _is_in_state(text: str, reading: Reading) -> bool:
    """Whether a name is that of a state and of a town or base in it: 新西兰/北岛, 法国/尼斯市; no town is called so."""
    world, words = load_world(), reading.lexicon.words
    size = next((n for n in range(min(len(text) - 2, 9), 1, -1) if text[:n] in world.states), 0)
    rest = text[size:]
    return size > 0 and text[:size] != "中国" and rest.endswith(words["sites_of_states"]) \
        and (len(rest) > 2 or rest in words["sites_of_states"]) and rest not in words["generic_places"] \
        and not rest.startswith(words["no_own_in_state"]) \
        and not any(world.states_of(name) for name in (text, text[:-1]))


def _is_site_of_town(reading: Reading, town: str, start: int, stop: int) -> bool:
    """Whether the tagger tells a site with a name of its own from the town before it: 甲市/松岭机场, 甲县/乙坪遗址.

    Not 天津古文化街 and 天津迎宾馆, where one character is no name, nor 北京大兴机场, called after two divisions.
    """
    name, places, listed = reading.text[start:stop], reading.places, reading.lexicon.words
    ending = max((each for each in (*listed["sites"], *listed["sites_in_names"], *listed["told_sites"])
                  if name.endswith(each)), key=len, default="")
    own = name[:len(name) - len(ending)].removesuffix("国际")
    if not ending or len(own) < 2 or name in listed["generic_places"] or own in listed["generic_places"] \
            or own.startswith((*listed["no_own_site"], *listed["no_own_land"])) \
            or not any(s.start == start and s.end == stop and s.confidence >= _TOLD for s in reading.spans):
        return False
    if _is_province(town, places):
        within = places.longest_prefix(own)[0]
        return not within or any(places.lies_in(each.name, town) for each in within)
    return not places.longest_prefix(own)[0] and not places.lies_in(own, town)


def _is_house_on_street(street: str, house: str, reading: Reading) -> bool:
    """Whether a house or a shop with a name of its own stands behind a street: 甲州路/乙大厦."""
    words = reading.lexicon.words
    ending = next((each for each in words["premises"] if house.endswith(each)), "")
    return len(street) > 2 and street.endswith(words["streets"]) and len(house) - len(ending) > 1 and bool(ending)


def _is_province(name: str, places: Places) -> bool:
    """Whether a name is that of a province that holds towns: no city, where sites are called after it."""
    return any(p.level == "province" and p.code[:2] not in CITIES for p in places.find(name))


def _is_own(reading: Reading, start: int, stop: int) -> bool:
    """Whether a place behind a division is a name of its own: 良渚 of 余杭/良渚, 雄楚大道 of 武昌/雄楚大道."""
    name, words = reading.text[start:stop], reading.inside(start, stop)
    generic = reading.lexicon.words["generic_places"]
    if not words or words[0].start != start or words[-1].end != stop or name in generic or words[-1].text in generic:
        return False
    if name.endswith(reading.lexicon.words["streets"]):
        return len(name) > 2 and words[0].pos in _NAMES
    return len(name) <= _LONGEST and all(word.pos in _NAMES for word in words) and name[-1] not in "部" and any(
        each.start == start and each.end == stop and each.confidence >= _SURE for each in reading.spans) \
        and name not in reading.lexicon.words["compass"] and not name.endswith(reading.lexicon.words["landforms"])
