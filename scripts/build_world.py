"""Rebuild kg/data/places/world.tsv, cities and provinces of other states than China.

    pip install babel==2.19.0 tzdata==2026.6
    python scripts/build_world.py

Names of states and of the cities of time zones are those of Unicode's CLDR in Chinese, as packed by Babel (Unicode
License v3, BSD); which state a zone belongs to says zone.tab of the time zone database (public domain). Places whose
state is disputed, and names of several cities, are left out. What else is needed stands in world_further.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from pathlib import Path

from babel import Locale

OUT = Path(__file__).parents[1] / "kg" / "data" / "places" / "world.tsv"
#: China has tables of its own.
LEFT_OUT = {"CN", "HK", "MO", "TW", "AQ", "EH", "PS", "XK"}
#: Cities of the zones that several places are called like, or whose state is disputed.
AMBIGUOUS = frozenset({
    "圣地亚哥", "科尔多瓦", "圣路易斯", "圣胡安", "门多萨", "维多利亚", "乔治敦", "金斯敦", "圣何塞", "梅里达",
    "辛菲罗波尔", "加沙", "希伯伦", "圣约翰斯", "拉里奥哈", "巴拿马", "危地马拉", "直布罗陀", "安道尔",
    "耶路撒冷", "中途岛", "约翰斯顿",
})
def main() -> None:
    """Write the table."""
    locale = Locale.parse("zh_Hans_CN")
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


HEAD = """\
# States other than China, and cities and provinces in them. Columns: kind <tab> name <tab> state
#   state  a name of the state   city  a city, a province or an island that lies in it
# From Unicode CLDR (Unicode License v3) by Babel and the time zone database (public domain), by scripts/build_world.py.
# Disputed places and names of several cities are left out.
"""


if __name__ == "__main__":
    main()
