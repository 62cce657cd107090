"""Countries that a text names by one character, or right before a place that lies in them."""

from __future__ import annotations

import re

from kg.knowledge.world import load_world
from kg.mentions.reading import Reading

#: What is no sign of a state beside 中: 中国, 中东, 关中.
_NO_SIGNS = frozenset("国亚东西南北欧原部央华关台")
#: 印尼 is one sign of two characters.
_SIGN = re.compile("印尼|赤几|.")


def is_pair(reading: Reading, left: int, right: int) -> bool:
    """Whether a name is countries by one character each: 中美, 中日韩; 中非, but not 中非共和国, is China and Africa.

    巴中 is a city as well, and a pair where the sentence speaks of two states.
    """
    name, words = reading.text[left:right], reading.lexicon.words
    if name == "中非":
        return not reading.text.startswith(("共和国", "总统", "政府"), right)
    signs = _SIGN.findall(name)
    if signs[-1] == "方" and len(signs) == 3:
        return is_pair(reading, left, right - 1)        # 在巴/中方/人员
    other = name.replace("中", "", 1)
    if len(name) == 2 and len(other) == 1 and other not in _NO_SIGNS and not reading.places.find(name) and (
            "两国" in reading.text or other + "方" in reading.text):
        return True                     # 中科/两国, where no list has the sign of the other
    if not 1 < len(signs) < 6 or (len(signs) > 2 and len(set(signs)) < len(signs)):
        return False
    if name in words["not_country_pairs"]:
        return "中" in name and ("两国" in reading.text or any(sign + "方" in reading.text for sign in signs)
                                 or reading.text.startswith(words["between_states"], right))
    return name in words["country_pairs"] or all(
        sign in words["country_signs"] or ("中" in signs and sign in words["beside_china"]) for sign in signs)


def behind_state(text: str, endings: re.Pattern[str], passed: frozenset[str], called_after: tuple[str, ...]) -> int:
    """How long the state is that stands before a place which lies in it, or 0: 2 of 印尼日惹机场.

    `endings` tells what ends a place; `passed` are common nouns, and states with which other names begin;
    `called_after` is what begins the rest of other names: 日本/海, 约旦/河西岸.
    """
    world = load_world()
    if world.states_of(text):
        return 0
    for size in range(min(len(text) - 2, 9), 1, -1):
        state, rest = text[:size], text[size:]
        if state not in world.states or state in passed:
            continue
        if rest.startswith(called_after) or rest in passed:
            return 0
        lies_in = world.states_of(rest)
        return size if world.states[state] in lies_in or _ends_as_place(rest, endings) else 0
    return behind_province(text, endings, passed)


def _ends_as_place(name: str, endings: re.Pattern[str]) -> bool:
    """Whether a name ends like a place and has more than the ending: 恩格斯空军基地, but not 空军基地."""
    found = endings.search(name) if len(name) > 2 else None
    return found is not None and found.start() > 0


def behind_province(text: str, endings: re.Pattern[str], passed: frozenset[str]) -> int:
    """How long the foreign province is that stands before a place in it, or 0: 5 of 古吉拉特邦拉杰果德市."""
    world = load_world()
    for size in range(min(len(text) - 2, 12), 2, -1):
        around, rest = world.states_of(text[:size]), text[size:]
        if text[size - 1] in "邦州省" and around and rest not in passed:
            return size if not set(around).isdisjoint(world.states_of(rest)) or _ends_as_place(rest, endings) else 0
    return 0


def sign_before(text: str) -> int:
    """1 if a sign stands before a place of its country (美/加州, but not 俄亥俄州), or before 中国: 援坦/中国."""
    world = load_world()
    if len(text) == 3 and text.endswith("中国"):
        return 1
    state = world.signs.get(text[:1])
    return int(state is not None and not world.states_of(text) and state in world.states_of(text[1:]))
