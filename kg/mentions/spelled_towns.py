"""Towns and provinces abroad that the tables have and a tagger cuts or leaves out: 巴尔的摩 of 巴尔/的/摩港."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.namesakes import is_namesake
from kg.mentions.reading import Reading
from kg.models import Mention

#: In how many names of the tables a character must occur to be one that foreign names are spelled with.
_COMMON = 8
#: Names of fewer characters are words and parts of other names as well; those of so many are towns wherever they stand.
_SHORTEST, _SURE = 3, 5
#: What stands between the parts of longer names, and what opens the title of a thing.
_JOINTS, _QUOTES = frozenset("·•‧-－・"), frozenset("“‘《『")
#: 默克莱/市/郊, 纽约/市/场: what makes the level before it the head of another word.
_NO_KIND = "郊中区民长内政口场"


class _Spelled(NamedTuple):
    """Names by their first characters, the longest first, and where characters that spell such names stand in a row.

    `kind`: what a town is called with, behind its name; `no_town`: what makes it something else.
    """

    names: dict[str, tuple[str, ...]]
    letters: frozenset[str]
    run: re.Pattern[str]
    kind: re.Pattern[str]
    no_town: re.Pattern[str]


@lru_cache(maxsize=4)
def _spelled(lexicon: Lexicon) -> _Spelled:
    world, ending = load_world(), re.compile(lexicon.any("spelled_endings") + "$")
    names = [name for name in {*world.cities, *world.towns} if len(name) >= _SHORTEST and name not in world.states]
    counts = Counter(chain.from_iterable(set(name) for name in names))
    letters = frozenset(letter for letter, count in counts.items() if count >= _COMMON
                        and letter not in lexicon.words["spelled_endings"])
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        spelled = ending.sub("", name)
        if len(spelled) > 1 and letters.issuperset(spelled):
            found.setdefault(name[:_SHORTEST], []).append(name)
    kinds = f"(?:{lexicon.any('place_endings')}|{lexicon.any('foreign_endings')})(?![{_NO_KIND}])"
    return _Spelled({head: tuple(each) for head, each in found.items()}, letters,
                    re.compile("[{0}]{{3,}}|[{0}]{{2}}(?={1})".format(
                        "".join(sorted(letters)), lexicon.any("spelled_endings"))), re.compile(kinds),
                    re.compile(lexicon.any("behind_no_town")))


def is_spelled(name: str, lexicon: Lexicon) -> bool:
    """Whether a name consists of characters that foreign names are spelled with."""
    return _spelled(lexicon).letters.issuperset(name)


def spelled_towns(reading: Reading) -> Iterator[Mention]:
    """Names of the tables, spelled in a row of characters that no name of the tagger holds whole."""
    text, spelled = reading.text, _spelled(reading.lexicon)
    for run in spelled.run.finditer(text):
        at = run.start()
        while at < run.end() - 1:
            name = next((name for name in spelled.names.get(text[at:at + _SHORTEST], ())
                         if text.startswith(name, at)), "")
            if name and _is_town(reading, name, at, spelled):
                kind = spelled.kind.match(text, at + len(name))         # 默克莱/市, 切尔诺贝利/核电站
                end = kind.end() if kind and kind.end() in reading.ends else at + len(name)
                yield reading.mention(at, end, "LOCATION", "gazetteer.state", confidence=0.9)
                at += len(name)
            else:
                at += 1


def _is_town(reading: Reading, name: str, start: int, spelled: _Spelled) -> bool:
    """Whether a name stands by itself, no other name of the tagger around it, and is that of a place."""
    text, end, world = reading.text, start + len(name), load_world()
    before, behind = text[start - 1:start], text[end:end + 1]
    if any(s.start <= start and end <= s.end for s in reading.spans) \
            or any(s.type == "LOCATION" and s.start == start and s.end > end for s in reading.doubtful):
        return False
    if before in _JOINTS or before in _QUOTES or behind in _JOINTS or spelled.no_town.match(text, end) \
            or (name[-1] in "市港" and behind and behind in _NO_KIND) or is_namesake(reading, start, end):
        return False
    alone = (start in reading.starts or before not in spelled.letters) \
        and (end in reading.ends or behind not in spelled.letters)
    if not (alone and (len(name) > _SHORTEST or reading.is_whole(start, end))) \
            and not _cuts_a_place(reading, start, end):
        return False
    return len(name) >= _SURE or bool(world.state_of(name)) or any(state in text for state in world.states_of(name))


def _cuts_a_place(reading: Reading, start: int, end: int) -> bool:
    """Whether the tagger has a part of the name for a place: 苏/梅州."""
    return any(s.type == "LOCATION" and start <= s.start and s.end <= end for s in reading.spans)
