"""What the cleaning stage knows of single Chinese characters: readings, frequencies, Traditional forms.

The tables lie in kg/data/cleaning and are made by scripts/build_bigrams.py. Everything is loaded once, on
first use.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

#: The letters that stand for counts in bigrams.tsv: letter number k means about LEVEL_BASE ** k.
LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LEVEL_BASE = 1.35

#: The insides of a character class: unified ideographs, extension A, compatibility ideographs, 〇.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
TONE_MARKED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"

#: Characters that Simplified text has too, though t2s converts them in Traditional text: 乾隆, 著名, 瞭望, 沈阳 …
BOTH_SCRIPTS = frozenset("乾著於瞭藉徵餘鍾沈甯")

# Shares of the commonest marks in running text, which a word list knows nothing about (rounded, by own count
# on government news); they only have to be of the right order.
_MARK_SHARE = {"，": 0.05, "。": 0.02, "、": 0.02, "“": 0.006, "”": 0.006, "：": 0.003, "；": 0.002, "《": 0.002,
               "》": 0.002, "（": 0.001, "）": 0.001, "！": 0.001, "？": 0.001}
_FULL = str.maketrans(",!?:;()", "，！？：；（）")


def _table(name: str) -> list[list[str]]:
    text = resources.files("kg").joinpath(f"data/cleaning/{name}").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """The tone-marked readings of every character of GBK: `{"乐": {"lè", "yuè", …}}`."""
    table: dict[str, set[str]] = {}
    for reading, chars in _table("readings.tsv"):
        for char in chars:
            table.setdefault(char, set()).add(reading)
    return {char: frozenset(found) for char, found in table.items()}


def toneless(reading: str) -> str:
    """The reading without its tone mark; ü stays.

    >>> toneless("lǜ")
    'lü'
    """
    kept = [c for c in unicodedata.normalize("NFD", reading) if c.isascii() or c == "\u0308"]
    return unicodedata.normalize("NFC", "".join(kept))


def has_reading(char: str, reading: str) -> bool:
    """Whether `char` is read so, with or without tone (`ɡ` counts as g)."""
    wanted = reading.replace("ɡ", "g").replace("ɑ", "a")
    known = readings().get(char, frozenset())
    return wanted in known or any(wanted == toneless(each) for each in known)


@cache
def converter() -> Any:
    """OpenCC's Traditional to Simplified converter."""
    import opencc

    return opencc.OpenCC("t2s")


@cache
def simplified_forms() -> Mapping[str, str]:
    """Every ideograph that t2s changes, with what it becomes."""
    chars = [chr(point) for point in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    converted = converter().convert("\n".join(chars)).split("\n")
    return {char: new for char, new in zip(chars, converted, strict=True) if char != new and len(new) == 1}


@cache
def _traditional_only() -> re.Pattern[str]:
    return re.compile("[" + "".join(sorted(simplified_forms().keys() - BOTH_SCRIPTS)) + "]")


def traditional_share(text: str) -> float:
    """The share of Han characters that only Traditional text has."""
    found = len(_traditional_only().findall(text))
    return found / len(re.sub(f"[^{HAN}]+", "", text)) if found else 0.0


@dataclass(frozen=True, slots=True)
class Bigrams:
    """A character model of Simplified text: P(next | char) from pairs inside words and from word boundaries.

    P(b | a) = c(ab)/c(a) + P(a ends a word) · P(b begins one). Characters outside the table get a small
    fixed probability, marks their share in running text.
    """

    total: Mapping[str, float]
    initial: Mapping[str, float]
    pairs: Mapping[str, Mapping[str, float]]
    words: float

    def log_probability(self, char: str, following: str) -> float:
        """ln P(following | char), of Traditional or Simplified characters, full or half width."""
        first, second = normal_form(char), normal_form(following)
        mark = _MARK_SHARE.get(second)
        begins = mark if mark is not None else 0.87 * (self.initial.get(second, 0.0) + 0.05) / self.words
        count = self.total.get(first)
        if count is None:
            return math.log(begins)
        followers = self.pairs[first]
        inside = followers.get("", 0.0) / count
        return math.log(followers.get(second, 0.0) / count + max(0.02, 1 - inside) * begins)

    def score(self, text: str) -> float:
        """The log probability of the text after its first character."""
        return sum(self.log_probability(a, b) for a, b in pairwise(text))

    def is_common(self, char: str) -> bool:
        """Whether a character is common enough to be guessed."""
        form = normal_form(char)
        return form in _MARK_SHARE or self.total.get(form, 0.0) >= 300


@cache
def normal_form(char: str) -> str:
    """A character as the bigram table knows it: Simplified, and full-width if it is a mark."""
    return simplified_forms().get(char, char).translate(_FULL)


@cache
def bigrams() -> Bigrams:
    """The bigram model of the package."""
    size = {letter: LEVEL_BASE ** k for k, letter in enumerate(LEVELS)}
    total, initial, pairs = {}, {}, {}
    for char, counts, followers in _table("bigrams.tsv"):
        total[char], initial[char] = size[counts[0]], size[counts[1]]
        known = {followers[i]: size[followers[i + 1]] for i in range(0, len(followers), 2)}
        known[""] = min(sum(known.values()), total[char])  # how often the character doesn't end a word
        pairs[char] = known
    return Bigrams(total, initial, pairs, sum(initial.values()))


@cache
def common_han() -> frozenset[str]:
    """The 2,500 commonest characters, Simplified and Traditional, for judging how a file was decoded."""
    total = bigrams().total
    commonest = sorted(total, key=lambda char: (-total[char], char))[:2500]
    chosen = frozenset(commonest)
    return chosen | {char for char, new in simplified_forms().items() if new in chosen}


def plausibility(text: str) -> float:
    """The share of common Han characters and Chinese marks among the characters beyond ASCII."""
    foreign = [char for char in text if not char.isascii()]
    if not foreign:
        return 0.0
    common = common_han()
    good = sum(char in common or char in "，。、；：？！“”‘’（）《》【】…—·　「」『』〇％" or "０" <= char <= "ｚ"
               for char in foreign)
    return good / len(foreign)
