"""Administrative divisions of China: what a place is called, what it lies in, and which of its namesakes is meant.

The tables under `kg/data/places` go down to townships, towns and streets, with names that left the code list since
2000 (富阳市); `scripts/build_places.py` writes them. Townships are read when a name isn't found above them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from kg.errors import KnowledgeError
from kg.knowledge.lexicon import lengths_by
from kg.knowledge.yamlfile import YamlFile, load_yaml

DATA = Path(__file__).parents[1] / "data" / "places"
Level = Literal["province", "prefecture", "county", "township", "village", "road", "site"]
LEVELS: tuple[str, ...] = ("province", "prefecture", "county", "township", "village", "road", "site")
#: A table row has five columns; former divisions have a sixth, the last year of the list that has them.
_COLUMNS = (5, 6)
#: Autonomous divisions are also called by their short name with the plain ending: 金秀县, 恩施州.
_PLAIN = re.compile("自治([州县旗])$")
#: How many answers are kept for the texts that come again.
_REMEMBERED = 20_000
#: What the full names of divisions end in, down to townships.
DIVISIONS = tuple("省市县区州盟旗镇乡")
#: Codes of the provinces that are cities.
CITIES = frozenset({"11", "12", "31", "50", "71", "81", "82"})
#: What the names of townships end in.
_TOWNSHIP = re.compile("镇|乡|街道|苏木")


@dataclass(frozen=True, slots=True)
class Place:
    """A division: GB/T 2260 code, full and short name, level, code of the one above; `until` dates a former name."""

    code: str
    name: str
    short: str
    level: Level
    parent: str
    until: str = ""


class Places:
    """The tables, with the lookups that names of places and organisations need."""

    def __init__(self, rows: Iterable[Place], townships: Path, words: Words):
        self._townships_path, self._words = townships, words
        self._by_code: dict[str, Place] = {}
        self._parents: dict[str, tuple[Place, ...]] = {}
        self._codes: dict[str, list[str]] | None = None
        self._towns: dict[str, tuple[Place, ...]] = {}
        full: dict[str, list[Place]] = {}
        short: dict[str, list[Place]] = {}
        words_too: dict[str, list[Place]] = {}      # 安康: a place only where the text says what it lies in
        for place in rows:
            self._by_code.setdefault(place.code, place)
            full.setdefault(place.name, []).append(place)
            plain = _PLAIN.search(place.name)
            if plain and place.short:
                for ending in {plain[1], plain[0]}:         # 威宁县, 威宁自治县
                    if place.short + ending != place.name:
                        full.setdefault(place.short + ending, []).append(place)
            if place.short:
                known = place.level == "province" or place.short not in words.common
                (short if known else words_too).setdefault(place.short, []).append(place)
        self._full = {name: tuple(sorted(bearers, key=_rank)) for name, bearers in full.items()}
        self._short = {name: tuple(sorted(bearers, key=_rank)) for name, bearers in short.items()}
        self._words_too = words_too
        self._greatest = {name: self._outermost(bearers) for name, bearers in self._short.items()}
        self._lengths = lengths_by(slice(2), self._full), lengths_by(slice(2), self._short)
        self._longest = max(map(len, self._full))
        # Texts name the same places again and again.
        self._chain = lru_cache(maxsize=_REMEMBERED)(self._read_chain)
        self._prefix = lru_cache(maxsize=_REMEMBERED)(self._read_prefix)

    def find(self, name: str) -> tuple[Place, ...]:
        """All places of that full or short name: higher levels first, former ones last.

        >>> [place.name for place in load_places().find("长沙")]
        ['长沙市', '长沙县']
        """
        return self._full.get(name) or self._short.get(name) or self._townships(name)

    def called(self, word: str, named: Iterable[Place]) -> Place | None:
        """The one division whose short name is a word, where the text names its province and another in the same city.

        >>> places = load_places()
        >>> [row] = places.find("华坪")
        >>> places.called("永胜", [row, *places.find("云南")]).name, places.called("永胜", places.find("云南"))
        ('永胜县', None)
        """
        if word not in self._words_too:
            return None
        rows = tuple(named)
        codes, parents = {row.code for row in rows}, {row.parent for row in rows if row.level == "county"}
        found = [p for p in self._words_too[word] if not p.until and p.level == "county" and p.parent in parents
                 and self.parents(p)[-1].code in codes]
        return found[0] if len(found) == 1 else None

    def lies_in(self, name: str, outer: str) -> bool:
        """Whether a division of today called `name`, be that a word as well, lies in one called `outer`.

        >>> places = load_places()
        >>> places.lies_in("永胜", "云南"), places.lies_in("永胜", "湖北")
        (True, False)
        """
        around = self.find(outer)
        return bool(around) and any(not p.until and self.is_within(p, o) for o in around
                                    for p in (*self.find(name), *self._words_too.get(name, ())))

    def parents(self, place: Place) -> tuple[Place, ...]:
        """The divisions above, the nearest first.

        >>> [p.name for p in load_places().parents(load_places().find("金秀县")[0])]
        ['来宾市', '广西壮族自治区']
        """
        above = self._parents.get(place.parent)
        if above is None:
            next_ = self._by_code.get(place.parent)
            above = self._parents[place.parent] = (next_, *self.parents(next_)) if next_ else ()
        return above

    def namesakes(self, name: str) -> tuple[Place, ...]:
        """All divisions of today that bear this full name, if there are several.

        >>> [load_places().above(place) for place in load_places().namesakes("朝阳区")]
        ['北京市', '长春市']
        """
        rows = tuple(p for p in self._full.get(name, ()) if not p.until) or self._townships(name)
        return rows if len(rows) > 1 else ()

    def above(self, place: Place) -> str:
        """What tells a division from its namesakes: the names above it, down from the first that is its own.

        >>> load_places().above(load_places().namesakes("鼓楼区")[0])
        '南京市'
        """
        text = ""
        for parent in self.parents(place):
            text = parent.name + text
            if not self.namesakes(parent.name):
                break
        return text

    def is_within(self, inner: Place, outer: Place) -> bool:
        """Whether `inner` lies in `outer`; a place doesn't lie in itself."""
        return any(place.code == outer.code for place in self.parents(inner))

    def longest_prefix(self, text: str) -> tuple[tuple[Place, ...], int]:
        """The longest place name at the start of a text and its length; full names go before short ones.

        A short name stands for the greatest place that bears it, if the others lie in that (长沙 for 长沙市).

        >>> load_places().longest_prefix("湖南省公安厅")[1], load_places().longest_prefix("公安机关")
        (3, ((), 0))
        """
        return self._prefix(text[:self._longest])

    def _read_prefix(self, head: str) -> tuple[tuple[Place, ...], int]:
        full, short = self._lengths
        lengths: Iterable[int] = full.get(head[:2], ())
        if towns := [ending.end() for ending in _TOWNSHIP.finditer(head)]:
            lengths = sorted({*lengths, *towns} - {1}, reverse=True)
        for length in lengths:
            if length <= len(head) and (found := self._full.get(head[:length]) or self._townships(head[:length])):
                return found, length
        for length in short.get(head[:2], ()):
            if length <= len(head) and (found := self._greatest.get(head[:length], ())):
                return found, length
        return (), 0

    def split(self, text: str) -> tuple[tuple[int, int, Level], ...]:
        """The levels of a chain of places, as far as it can be read from the start of the text.

        >>> load_places().split("山东省烟台市养马岛")
        ((0, 3, 'province'), (3, 6, 'prefecture'), (6, 9, 'site'))
        """
        return self._chain(text)

    def _read_chain(self, text: str) -> tuple[tuple[int, int, Level], ...]:
        parts: list[tuple[int, int, Level]] = []
        outer: tuple[Place, ...] = ()
        at = 0
        while at < len(text):
            found, length, level = self._next(text[at:], outer, parts[-1][2] if parts else "")
            if not length:
                break
            parts.append((at, at + length, level))
            outer = found or outer
            at += length
        return tuple(parts)

    def resolve(self, name: str, context: Iterable[str] = ()) -> Place | None:
        """The one place that a name means among the places that the text names, or None.

        A namesake that lies in a place of the context wins, then one beside it in the same prefecture or province.
        Without help from the context: the only one, the one in which all others lie, or the only province.
        """
        found = self.find(name)
        if len(found) < 2:
            return found[0] if found else None
        around = [places for other in dict.fromkeys(context) if other != name and (places := self.find(other))]
        scores = [sum(self._nearness(place, places) for places in around) for place in found]
        best = [place for place, score in zip(found, scores, strict=True) if score == max(scores)]
        if len(best) == 1:
            return best[0]
        best = list(self._outermost(best))
        provinces = [place for place in best if place.level == "province"]
        return best[0] if len(best) == 1 else provinces[0] if len(provinces) == 1 else None

    def _nearness(self, place: Place, others: tuple[Place, ...]) -> int:
        """How strongly a name of the context, which may have namesakes itself, speaks for a place."""
        above = [parent.code for parent in self.parents(place)]
        if any(other.code in above for other in others):
            return 12 if any(other.code == above[0] for other in others) else 8     # 南川区 says more than 贵州省
        if any(place.code in [parent.code for parent in self.parents(other)] for other in others):
            return 8
        if len(others) > 1 or not above:
            return 0
        theirs = [parent.code for parent in self.parents(others[0])]
        shared = len(set(above) & set(theirs))
        return {0: 0, 1: 1}.get(shared, 4)

    def _outermost(self, found: Iterable[Place]) -> tuple[Place, ...]:
        """Without the places that lie in another of them, and without former ones beside current ones.

        西安 is the city and no 西安区: districts of other cities are called by their full names.
        """
        places = sorted(found, key=_rank)
        now = [place for place in places if not place.until] or places
        outer = tuple(p for p in now if not any(self.is_within(p, other) for other in now))
        return outer[:1] if outer[1:] and outer[0].level in ("province", "prefecture") and all(
            p.level == "county" and p.name.endswith("区") for p in outer[1:]) else outer

    def _next(self, text: str, outer: tuple[Place, ...], before: str) -> tuple[tuple[Place, ...], int, Level]:
        """The next part of a chain: a full name, a short one that the rest bears out, or a name by its ending."""
        found, length = self.longest_prefix(text)
        inside = tuple(p for p in found if not outer or any(self.is_within(p, o) for o in outer))
        if inside and text[:length] in self._short and text[:length] not in self._full:
            rest = text[length:]
            below = self.longest_prefix(rest)[0]
            borne_out = any(self.is_within(b, p) for b in below for p in inside)
            if not rest or borne_out:
                return inside, length, inside[0].level
        elif inside or (found and not outer):
            return inside, length, inside[0].level
        if outer and (called := tuple(p for p in self._words_too.get(text, ())
                                      if not p.until and any(self.is_within(p, o) for o in outer))):
            return called, len(text), called[0].level
        if length == len(text) and any({*self.parents(f)} & {*self.parents(o)} for f in found for o in outer):
            return found, length, found[0].level        # 杭州宁波之间: side by side in one province
        if match := self._words.ending.match(text):
            if inside and not before and match.end() == length:
                return inside, length, inside[0].level          # 贵州 of 贵州兴义, a name that ends in 州
            return (), match.end(), self._words.level(match, before)
        if inside and not before:
            return inside, length, inside[0].level
        return (), 0, "site"

    def _townships(self, name: str) -> tuple[Place, ...]:
        if not name.endswith(("镇", "乡", "街道", "苏木")):
            return ()
        if self._codes is None:
            self._codes = _read_townships(self._townships_path)
        if name not in self._towns and name in self._codes:
            self._towns[name] = tuple(Place(code, name, "", "township", code[:6]) for code in self._codes[name])
        return self._towns.get(name, ())


class Words:
    """Ordinary words among the short names, and the endings of place names."""

    def __init__(self, file: YamlFile):
        if faults := _word_faults(file):
            raise KnowledgeError(faults)
        tree = file.data
        self.common = frozenset(word for group in tree["common"].values() for word in group.split())
        self._level: dict[str, str] = {ending: level for level, endings in tree["levels"].items() for ending in endings}
        endings = _alternatives(self._level, (*LEVELS, "city"))
        areas = _alternatives(self._level, (*LEVELS[:5], "city"))
        words = "|".join(f"(?<={ending}){after}" for ending, after in tree["no_ending"].items())
        streets = _alternatives(self._level, ("road", "village"))
        sites = _alternatives(self._level, ("road", "site"))
        # An ending ends a name unless another follows: 人民路社区, 西山南路 and 中山北路街道 are one name each.
        self.ending = re.compile(f"[\u4e00-\u9fff\\dA-Za-z—-]{{1,10}}?(?:(?P<area>{areas})(?!街道|{streets}|{words})"
                                 f"|(?P<site>{sites})(?![{tree['glue']}]?(?:{endings})))")

    def level(self, match: re.Match[str], before: str) -> Level:
        """The level of a name by its ending; 市 is a county-level city behind a prefecture."""
        level = self._level[match["area"] or match["site"]]
        if level == "city":
            return "county" if before in {"prefecture", "county"} else "prefecture"
        return cast(Level, level)


def _alternatives(level: dict[str, str], levels: Iterable[str]) -> str:
    return "|".join(sorted((e for e in level if level[e] in levels), key=lambda e: (-len(e), e)))


def _word_faults(file: YamlFile) -> list[str]:
    """Everything that is wrong with words.yaml."""
    tree = file.data if isinstance(file.data, dict) else {}
    common, levels = tree.get("common"), tree.get("levels")
    faults = []
    if not isinstance(common, dict) or not all(isinstance(group, str) for group in common.values()):
        faults.append(file.fault(("common",), "common must hold groups of words"))
    if not isinstance(tree.get("glue"), str):
        faults.append(file.fault(("glue",), "glue must be a row of characters"))
    if not isinstance(tree.get("no_ending"), dict):
        faults.append(file.fault(("no_ending",), "no_ending must map an ending to a character"))
    if not isinstance(levels, dict):
        return [*faults, file.fault(("levels",), "levels must map a level to its endings")]
    for level, endings in levels.items():
        if level not in (*LEVELS, "city") or not isinstance(endings, list) or not all(map(str, endings)):
            faults.append(file.fault(("levels", level), f"{level} must be a level with a list of endings"))
    return faults


@lru_cache(maxsize=1)
def load_places() -> Places:
    """The tables of the package, read once."""
    words = Words(load_yaml(DATA / "words.yaml"))
    rows = [*read_table(DATA / "divisions.tsv"), *read_table(DATA / "former.tsv")]
    return Places(rows, DATA / "townships.tsv.gz", words)


def _rank(place: Place) -> tuple[bool, int, str]:
    return bool(place.until), LEVELS.index(place.level), place.code


def read_table(path: Path) -> Iterator[Place]:
    """The rows of a table of divisions; KnowledgeError names every line that isn't one."""
    faults = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) not in _COLUMNS or row[3] not in LEVELS:
            faults.append(f"{path.name}:{number}: code, name, short name, level and parent are expected")
            continue
        yield Place(*row)  # type: ignore[arg-type]
    if faults:
        raise KnowledgeError(faults)


def _read_townships(path: Path) -> dict[str, list[str]]:
    """The codes of every township name, in their order."""
    towns: dict[str, list[str]] = {}
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        code, _, name = line.partition("\t")
        if name:
            towns.setdefault(name, []).append(code)
    return towns
