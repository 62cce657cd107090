"""The place at the head of an organisation's name, and the place that a document is about.

Identity of an agency is region + name: two 市公安局 of two cities never meet, and 济宁公安局 is 济宁市公安局.
A relative name (市公安局, 省委) is completed from the region of the document, when it has one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.knowledge.places import Place, Places

#: The first character of a relative name → the ending of a full place name at that level.
LEVELS = {"省": ("省", "自治区"), "市": ("市",), "县": ("县", "旗"), "区": ("区",), "州": ("州",), "旗": ("旗",),
          "盟": ("盟",), "镇": ("镇",), "乡": ("乡",), "自治区": ("自治区",), "自治州": ("自治州",), "街道": ("街道",),
          "村": ("村",), "社区": ("社区",)}
#: What names of waters and heights end in.
_FEATURES = tuple("河江湖海山岭溪泉岛")
#: Zones that every city has.
_ZONES = ("经开区", "高新区", "开发区")
#: One place must be named this many times as often as the next to count as what the document is about.
_DOMINANCE = 2.0
#: A division that the table doesn't know, by its shape: 青岚市, 云岭县. The look-aheads keep 食品市场, 大学校区
#: and 自治区党委 out.
_UNLISTED = re.compile(
    r"(?!自治|主持|分管|会同|协同|联合|各|全|同志|[县区]城市|[镇村]村镇)[\u4e00-\u9fff]{2,3}?(?:自治[区州县]|市(?!场|民|容|面|值|级)|县(?!域|级)|镇(?!长)|街道"
    r"|(?<![小社辖景园校厂库灾疫城郊山牧林矿街片地战军特])区(?!域|块|间))")


@dataclass(frozen=True, slots=True)
class Region:
    """A place as the head of a name: its full name, and its row in the administrative table if it has one."""

    name: str
    place: Place | None


def read_region(name: str, places: Places, context: Iterable[str] = ()) -> tuple[Region | None, str]:
    """The deepest place that opens `name`, with the rest of the name: 安徽省合肥市|人民检察院.

    A short form counts only where the rest begins with something that can follow it; 富阳 + 市委 is read as
    富阳市 + 委 even if today's table has a 富阳区; 中共 before a place is no part of the name (中共绵阳市委).
    """
    if name.startswith("中共") and (inner := read_region(name[2:], places, context))[0]:
        return inner
    region: Region | None = None
    rest = name
    while rest:
        candidates, length = places.longest_prefix(rest)
        if not candidates and (unlisted := _UNLISTED.match(rest)) and unlisted.end() < len(rest):
            # 甲市经开区 is called after its city in all texts
            whole = name[:len(name) - len(rest)] if unlisted.group() in _ZONES else ""
            region, rest = Region(whole + unlisted.group(), None), rest[unlisted.end():]
            continue
        if not candidates or length >= len(rest):
            break
        surface, behind = rest[:length], rest[length:]
        place = _choose(candidates, region, context, places)
        full = place.name if place else surface
        if surface != full and behind[0] in "省市县区州盟旗" and len(behind) > 1:
            surface, behind = surface + behind[0], behind[1:]
            place = place if place and place.name == surface else None
            full = surface
        elif surface != full and place and place.level == "county" and not places.longest_prefix(behind)[1] and (
                level := next((each for each in ("街道", "镇", "乡") if behind.startswith(each)), "")):
            full, behind, place = surface + level, behind[len(level):], None        # 坪山乡 is none of 坪山区
            if not behind:
                break
        elif place is None and surface == full and len(candidates) > 1:
            full = surface              # 朝阳区 of two cities: the name stays, the row is unknown
        if region and region.place and place and not places.is_within(place, region.place):
            break
        region, rest = Region(full, place), behind
    return region, rest


def says_where(name: str, region: Region, rest: str) -> bool:
    """Whether the name of a place tells in what region it is that it opens with; `rest` is the name behind that.

    清水河 is in no 清水河县 and 澜沧江 in no 澜沧县, since rivers and mountains are called so; 临海工业园 needn't be in
    临海市, whose short name is a word; and roads are called after far cities: 南京路.
    """
    place, rest = region.place, rest.rstrip("。")
    if place is None or name.startswith(place.name):
        return True
    if place.level == "county":
        return len(rest) < 2 and not (name == place.short and name[-1] in _FEATURES) and rest[:1] not in _FEATURES
    return not rest.endswith(("路", "街", "道"))


def in_a_town(name: str, region: Region, rest: str, units: Iterable[str]) -> bool:
    """Whether 永宁派出所 may be called after a town and not after 永宁县: `units` are those that towns have."""
    return rest.rstrip("。") in units and name[-len(rest) - 1] not in "省市县区州盟旗镇乡道"


def _choose(candidates: tuple[Place, ...], outer: Region | None, context: Iterable[str],
            places: Places) -> Place | None:
    if outer and outer.place:
        inside = [p for p in candidates if places.is_within(p, outer.place)]
        candidates = tuple(inside) or candidates
    if len(candidates) == 1:
        return candidates[0]
    if sum(place.level == "province" for place in candidates) == 1:
        return next(place for place in candidates if place.level == "province")     # 海南, which is a prefecture, too
    return places.resolve(candidates[0].name, context) if len({p.name for p in candidates}) == 1 else None


class Home:
    """How often each place is named in a document, and which one it is about at a level.

    Naming a county also speaks, half as loud, for its city and its province.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._weight: defaultdict[str, float] = defaultdict(float)
        self._lent: defaultdict[str, dict[str, float]] = defaultdict(dict)      # of it what the places below gave
        self._named: set[str] = set()
        self._above: dict[str, tuple[str, ...]] = {}

    def add(self, region: Region, weight: float = 1.0) -> None:
        """Count one naming of `region`."""
        self._weight[region.name] += weight
        self._named.add(region.name)
        if region.place:
            parents = self._places.parents(region.place)
            self._above[region.name] = tuple(parent.name for parent in parents)
            for parent in parents:
                self._weight[parent.name] += weight / 2
                lent = self._lent[parent.name]
                lent[region.name] = lent.get(region.name, 0.0) + weight / 2

    def at(self, level: str) -> str:
        """The place at `level` (省, 市, 县 …) that the document is about, or empty text if none dominates.

        >>> from kg.knowledge.places import load_places
        >>> home = Home(load_places())
        >>> home.add(Region("赫山区", load_places().find("赫山区")[0]))
        >>> home.at("市"), home.at("省"), home.at("县")
        ('益阳市', '湖南省', '')
        """
        ranked = self._ranked(level)
        if not ranked or (len(ranked) > 1 and ranked[0][0] < _DOMINANCE * ranked[1][0]):
            # 省公安厅 in an article about a city that also names another province is that of the city's
            above = self._above.get(self.at("市"), ()) if level == "省" else ()
            return next((name for _, name in ranked if name in above), "")
        return ranked[0][1]

    def unnamed(self, level: str) -> bool:
        """Whether the document names no place at `level` itself, so that 市委 can be but one body in it."""
        return not any(name in self._named for _, name in self._ranked(level))

    def _ranked(self, level: str) -> list[tuple[float, str]]:
        endings = LEVELS.get(level, ())
        return sorted(((w - self._lent_within(n, endings), n) for n, w in self._weight.items()
                       if n.endswith(endings) and len(n) > len(level)),
                      key=lambda pair: (-pair[0], pair[1])) if endings else []

    def _lent_within(self, name: str, endings: tuple[str, ...]) -> float:
        """What places of the same level gave: 靖西市 doesn't speak for 百色市 where it is asked which 市 is meant.

        Nor does a town of 靖西市.
        """
        return sum(weight for below, weight in self._lent.get(name, {}).items()
                   if any(each.endswith(endings) for each in (below, *self._between(below, name))))

    def _between(self, below: str, name: str) -> tuple[str, ...]:
        """The places in which `below` lies that lie in `name`."""
        above = self._above.get(below, ())
        return above[:above.index(name)] if name in above else ()
