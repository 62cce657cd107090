"""How the characters of names are read, so that the page finds 临江市 by linjiangshi, ljs or linjs.

The page gets one table of characters with their readings in pinyin, without tones. A character has every reading
that pypinyin gives it in some name of the graph (重 in 重庆 and in 重点), and as the first of a person's name also
its reading as a surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from kg.graph import Node

#: The Han characters of the Basic Multilingual Plane; names with rarer ones are found by the other characters.
_HAN = re.compile("[\u3400-\u9fff]+")


def readings(nodes: Iterable[Node]) -> dict[str, str]:
    """Readings by character, joined with a space, for all that stand in labels and aliases.

    >>> readings([Node(id="LOCATION:重庆", type="LOCATION", label="重庆")])
    {'庆': 'qing', '重': 'chong'}
    """
    from pypinyin import lazy_pinyin
    from pypinyin.seg.mmseg import seg

    nodes, found = list(nodes), dict[str, set[str]]()
    runs = {run for node in nodes for name in (node.label, *node.aliases) for run in _HAN.findall(name)}
    for word in {word for run in runs for word in seg.cut(run)}:  # names share most of their words
        for character, reading in zip(word, lazy_pinyin(word), strict=True):
            if reading.isascii():
                found.setdefault(character, set()).add(reading)
    for node in nodes:
        if node.type == "PERSON" and (surname := surnames().get(node.label[:1])):
            found[node.label[0]].add(surname)
    return {character: " ".join(sorted(found[character])) for character in sorted(found)}


@cache
def surnames() -> dict[str, str]:
    """kg/data/page/surnames.tsv: characters that are read differently as a surname."""
    lines = Path(str(files("kg") / "data" / "page" / "surnames.tsv")).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))
