"""Armies, states and strips of land that a tagger misses: 俄军, 驻韩美军, 科摩罗 of 科摩罗总统, 加沙地带."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon, pattern_of
from kg.knowledge.world import load_world
from kg.mentions.reading import Reading
from kg.models import Mention

#: Without one of these no army is named.
_OF_ARMIES = ("军", "武装", "部队", "战区")
#: Before a new clause.
_OPENS = " \u3000，。；：、！？"


def state_names() -> str:
    """The states by name, longest first, as alternatives of a pattern."""
    return "|".join(map(re.escape, sorted((s for s in load_world().states if len(s) > 1), key=len, reverse=True)))


@lru_cache(maxsize=4)
def _army(lexicon: Lexicon) -> re.Pattern[str]:
    """A state's sign and 军, also where the army is stationed, and its units: 俄军第二步兵师; not 以军功."""
    states = state_names()
    host = "|".join((states, *load_world().signs, *lexicon.words["country_signs"]))
    unit = f"(?:第[一二三四五六七八九十百0-9]{{1,4}})?{lexicon.any('army_branches')}{{0,3}}{lexicon.any('army_units')}"
    alone = f"(?!第|{lexicon.any('no_army_behind')})"
    short = f"(?:驻(?:{host}))?(?:{'|'.join(load_world().signs)})军(?:{unit}|{alone})"
    theatre = "(?:(?:中国人民)?解放军)?[东南西北中]部战区(?:陆军|海军|空军)?"
    whole = f"(?:(?:{states})(?:武装部队|武装力量|军队)|(?:{'|'.join(load_world().signs)})(?:联邦)?武装(?:部队|力量))"
    return re.compile(f"{short}|{theatre}|{whole}(?!总(?!司令|参谋长))|{lexicon.any('forces')}")


@lru_cache(maxsize=4)
def _headed(lexicon: Lexicon) -> re.Pattern[str]:
    """A state right before the post of who stands for it."""
    return re.compile(f"({state_names()})(?=(?:前|候任|当选|代)?{lexicon.any('heads_of_states')})")


@lru_cache(maxsize=4)
def _missions(lexicon: Lexicon) -> re.Pattern[str]:
    """A state's delegation at an organisation of several: 甲国常驻联合国代表团."""
    state = f"(?:{state_names()}|{'|'.join(load_world().signs)})"
    return re.compile(f"{state}常?驻{lexicon.any('missions_at')}(?:代表团|使团)")


@lru_cache(maxsize=4)
def _organs(lexicon: Lexicon) -> re.Pattern[str]:
    """A state and an organ of it that a tagger leaves out: 伊朗/总统府, 俄/防空部队, but not 以政府名义."""
    signs = "|".join(load_world().signs)
    return re.compile(f"(?:{state_names()})(?:{lexicon.any('organs_of_states')}|政府(?![间军]))"
                      f"|(?:{signs}){lexicon.any('organs_of_states')}")


@lru_cache(maxsize=4)
def _speaking(lexicon: Lexicon) -> re.Pattern[str]:
    """A state's sign where a clause begins, before what says that it is one: 俄/称, 乌/总统."""
    return re.compile(f"[{''.join(load_world().signs)}](?={lexicon.any('behind_signs')})")


def find_abroad(reading: Reading) -> Iterator[Mention]:
    """The armies of a sentence as bodies, and the states that it names by one character or before their heads."""
    if any(sign in reading.text for sign in _OF_ARMIES):
        for army in _army(reading.lexicon).finditer(reading.text):
            cut = army.group().endswith("战区") and army.start() in reading.starts      # 东部/战区位/台岛周边
            if cut or reading.is_whole(*army.span()):
                yield reading.mention(*army.span(), "ORGANIZATION", "grammar.organization")
    if "驻" in reading.text and "团" in reading.text:
        for mission in _missions(reading.lexicon).finditer(reading.text):
            yield reading.mention(*mission.span(), "ORGANIZATION", "grammar.organization")
    if "政府" in reading.text or any(organ in reading.text for organ in reading.lexicon.words["organs_of_states"]):
        for organ in _organs(reading.lexicon).finditer(reading.text):
            if reading.is_whole(*organ.span()):
                yield reading.mention(*organ.span(), "ORGANIZATION", "grammar.organization")
    for sign in _speaking(reading.lexicon).finditer(reading.text):
        if sign.start() == 0 or reading.text[sign.start() - 1] in _OPENS:
            yield reading.mention(*sign.span(), "LOCATION", "gazetteer.sign", value=load_world().signs[sign.group()])
    for strip in pattern_of(reading.lexicon, "strips").finditer(reading.text):
        yield reading.mention(*strip.span(), "LOCATION", "gazetteer.state")
    for state in _headed(reading.lexicon).finditer(reading.text):
        if reading.is_whole(*state.span()):
            yield reading.mention(*state.span(), "LOCATION", "gazetteer.state")
