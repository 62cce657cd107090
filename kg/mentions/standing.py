"""The places run together with the body that stands in them: 丹江口市/丁家营镇/晨曦中学.

An organ of a place bears its name (丁家营镇人民政府), and so does a school that is called by nothing else
(丁家营镇中心小学). A school, a firm or a museum with a name of its own only stands there, if what is before it goes
down to a town, village or street, or is two places or more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon, pattern_of
from kg.knowledge.places import Place, Places
from kg.knowledge.world import load_world
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

#: A body shorter than this with its places leaves nothing for a name of its own.
_SHORTEST = 8
#: A town, village or street that no table knows, behind another place or at the head; the look-aheads keep 小镇,
#: 乡村, 铁路 and their like out.
_TOWN = re.compile(f"[{HAN}]{{2,3}}?(?:(?<![小古城村乡])镇(?![江区长])|(?<!城)乡(?![村镇])|街道(?!办)|苏木)")
_STREET = re.compile(f"[{HAN}]{{2,3}}?(?:(?<![农乡新山渔古])村(?![镇民委庄])"
                     "|(?<![铁公道线网电水陆丝思])路(?![桥由透政灯面网])|(?<![老商])(?:大?街|大道)(?![道区坊])|胡同)")
_DEEP = ("镇", "乡", "街道", "苏木", "村", "路", "街", "大道", "胡同")
_DIVISIONS = tuple("省市县区州盟旗")
_FULL = (*_DIVISIONS, *_DEEP)
#: What a text may add to the short name of a division of another level today.
_LEVELS = ("市", "县", "区")


@lru_cache(maxsize=4)
def _ending(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(lexicon.any("standing_bodies") + "$")


def stand_apart(reading: Reading, found: Iterable[Mention]) -> Iterator[Mention]:
    """Mentions of a sentence, each body with a name of its own parted from the places before it."""
    endings = reading.lexicon.words["standing_bodies"]
    mentions = list(found)
    parted: dict[int, int] = {}         # by the end of a body where its own name begins
    for mention in mentions:
        if mention.type == "ORGANIZATION" and not mention.value and len(mention.text) >= _SHORTEST \
                and mention.text.endswith(endings) and (levels := _levels(mention.text, reading)):
            start = mention.start - reading.offset
            parted[mention.end] = max(parted.get(mention.end, 0), mention.start + levels[-1][1])
            for left, right in levels:
                yield reading.mention(start + left, start + right, "LOCATION", "grammar.chain")
    for mention in mentions:
        cut = parted.get(mention.end, 0)
        if mention.start < cut and mention.type == "ORGANIZATION":      # be it the whole or a part of the chain
            yield mention._replace(start=cut, text=mention.text[cut - mention.start:], source="grammar.organization")
        else:
            yield mention


def _levels(name: str, reading: Reading) -> tuple[tuple[int, int], ...]:
    """The places that are to be cut off the name of a body, none if they belong to it."""
    if abroad := _town_abroad(name):
        return ((0, abroad),)
    chain = _chain(name, reading.places)
    if not chain:
        return ()
    last, rest = name[slice(*chain[-1])], name[chain[-1][1]:]
    deep = len(last) > 2 and last.endswith(_DEEP)
    wide = len(chain) > 1 and last.endswith(_DIVISIONS) and not rest.endswith(reading.lexicon.words["standing_firms"])
    return chain if (deep or wide) and _is_own(rest, reading.lexicon) else ()


def _town_abroad(name: str) -> int:
    """How long the town is that stands before a body of its state: 万象/老挝国家博物馆."""
    world = load_world()
    return next((n for n in range(6, 1, -1) if (states := world.states_of(name[:n]))
                 and name.startswith(tuple(states), n) and name[:n] not in world.states), 0)


def _chain(name: str, places: Places) -> tuple[tuple[int, int], ...]:
    """The places with which a name opens, each in the one before as far as the table knows them."""
    chain: list[tuple[int, int]] = []
    outer: tuple[Place, ...] = ()
    at = 0
    while at < len(name):
        found, length = places.longest_prefix(name[at:])
        inside = tuple(p for p in found if any(places.is_within(p, o) for o in outer)) if outer else found
        if inside and not name.endswith(_FULL, at, at + length) and name.startswith(_LEVELS, at + length):
            length += 1                 # 富阳/市
        elif not inside:
            unlisted = _TOWN.match(name, at) or (_STREET.match(name, at) if chain else None)
            if unlisted is None or (found and name[at:at + length].endswith(_DIVISIONS)):
                break
            length = unlisted.end() - at
        chain.append((at, at + length))
        at, outer = at + length, inside or outer
    return tuple(chain)


def _is_own(name: str, lexicon: Lexicon) -> bool:
    """Whether the name of a body holds more than words that many are called by: 晨曦中学, but not 中心小学."""
    ending = _ending(lexicon).search(name)
    return ending is not None and len(pattern_of(lexicon, "common_in_names").sub("", name[:ending.start()])) > 1
