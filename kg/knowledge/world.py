"""States other than China, and what lies in them: 基辅 in 乌克兰."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.errors import KnowledgeError

#: The first is written by scripts/build_world.py, the second by hand.
TABLES = tuple(Path(__file__).parents[1] / "data" / "places" / name for name in ("world.tsv", "world_further.tsv"))


@dataclass(frozen=True, slots=True)
class World:
    """`states`: the state that a name of one means, short names too; `cities`: the state of a city or a province.

    `signs`: the state for which one character stands.
    """

    states: dict[str, str]
    cities: dict[str, str]
    signs: dict[str, str]

    def state_of(self, place: str) -> str:
        """The state in which a city or a province lies, or empty text."""
        return self.cities.get(place) or self.cities.get(place.removesuffix("市"), "")


@lru_cache(maxsize=1)
def load_world(paths: tuple[Path, ...] = TABLES) -> World:
    """The tables of `paths`; faulty lines are told all at once.

    >>> load_world().cities["基辅"], load_world().states["印尼"]
    ('乌克兰', '印度尼西亚')
    """
    world = World({}, {}, {})
    tables = {"state": world.states, "city": world.cities, "sign": world.signs}
    faults: list[str] = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = line.split("\t")
            if line and not line.startswith("#"):
                if len(row) != 3 or row[0] not in tables:
                    faults.append(f"{path}:{number}: wants three columns: state, city or sign, a name, its state")
                elif tables[row[0]].setdefault(row[1], row[2]) != row[2]:
                    faults.append(f"{path}:{number}: {row[1]} is in {tables[row[0]][row[1]]} already")
    faults += [f"{city} lies in {state}, which is no state of the tables" for city, state in world.cities.items()
               if state not in world.states]
    if faults:
        raise KnowledgeError(faults)
    return world
