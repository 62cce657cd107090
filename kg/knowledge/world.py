"""States other than China, and what lies in them: 基辅 in 乌克兰."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kg.errors import KnowledgeError

#: The second is written by hand, the others by scripts/build_world.py.
TABLES = tuple(Path(__file__).parents[1] / "data" / "places" / name
               for name in ("world.tsv", "world_further.tsv", "world_towns.tsv"))
#: Divisions that are called after their town: 库尔斯克州, 熊本县.
_DIVISIONS = re.compile("[市省州县]$")


#: What kind of state one is, by its own name.
_FORM = re.compile("(?<=..)(?:(?:社会主义|民主主义人民|伊斯兰|人民民主|联合|阿拉伯|多民族)?共和国|(?:哈希姆)?王国)$")


@dataclass(frozen=True, slots=True)
class World:
    """`states`: the state that a name of one means, short names too; `cities`: the state of a city or a province.

    `signs`: the state for which one character stands; `towns`: the states that have a town of a name, for towns that
    only the states of their document tell apart, and from persons who are called so nothing; `names`: the full name
    of a province that has a short one.
    """

    states: dict[str, str]
    cities: dict[str, str]
    signs: dict[str, str]
    towns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def state_of(self, place: str) -> str:
        """The state in which a city or a province lies, or empty text."""
        return self.cities.get(place) or self.cities.get(place.removesuffix("市"), "")

    def full_name(self, place: str) -> str:
        """The full name of a state or a province; a state's own form of it is the state.

        >>> load_world().full_name("越南社会主义共和国"), load_world().full_name("多米尼加共和国")
        ('越南', '多米尼加共和国')
        """
        state = self.states.get(place) or self.states.get(_FORM.sub("", place))
        return state or self.names.get(place, place)

    def knows(self, name: str) -> bool:
        """Whether a name is that of a state, or of a place in one."""
        return name in self.states or bool(self.states_of(name))

    def states_of(self, place: str) -> tuple[str, ...]:
        """The states in which a city, a province or a town of the name may lie."""
        if state := self.state_of(place):
            return (state,)
        bare = _DIVISIONS.sub("", place)
        return self.towns.get(place) or self.towns.get(bare) or tuple(filter(None, [self.cities.get(bare)]))


@lru_cache(maxsize=1)
def load_world(paths: tuple[Path, ...] = TABLES) -> World:
    """The tables of `paths`; faulty lines are told all at once.

    >>> load_world().cities["基辅"], load_world().states["印尼"]
    ('乌克兰', '印度尼西亚')
    """
    world = World({}, {}, {})
    tables = {"state": world.states, "city": world.cities, "sign": world.signs, "also": world.names}
    faults: list[str] = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = line.split("\t")
            if line and not line.startswith("#"):
                if len(row) == 3 and row[0] == "town":
                    world.towns[row[1]] = tuple(row[2].split("、"))
                elif len(row) != 3 or row[0] not in tables:
                    faults.append(f"{path}:{number}: wants three columns: what it is, a name, its state")
                elif tables[row[0]].setdefault(row[1], row[2]) != row[2]:
                    faults.append(f"{path}:{number}: {row[1]} is in {tables[row[0]][row[1]]} already")
    inside = [*world.cities.items(), *((town, state) for town, states in world.towns.items() for state in states)]
    faults += [f"{place} lies in {state}, which is no state of the tables" for place, state in inside
               if state not in world.states]
    if faults:
        raise KnowledgeError(faults)
    return world
