"""Bodies whose names stand in quotation marks: “红石榴”志愿服务队, 极端组织“风帆”, “风帆”公司."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

#: A name in quotation marks, before the word for a team.
_QUOTED = re.compile(f"“[{HAN}]{{2,8}}”(?=[{HAN}])")


def find_quoted(reading: Reading) -> Iterator[Mention]:
    """Teams, and what is called a body by the words beside it."""
    if "“" in reading.text:
        yield from _quoted(reading)
    if "“" in reading.text or "‘" in reading.text:
        yield from _called(reading)


def _quoted(reading: Reading) -> Iterator[Mention]:
    """“红石榴”志愿服务队: a team by a name in quotation marks."""
    for quoted in _QUOTED.finditer(reading.text):
        for stop in range(quoted.end() + 6, quoted.end() + 1, -1):
            team = reading.text[quoted.end():stop]
            suffix = reading.lexicon.suffix(team)
            if suffix and suffix.kind == "ad_hoc" and stop in reading.ends and team.endswith(suffix.text) \
                    and reading.lexicon.generic.get(team) is None:
                yield reading.mention(quoted.start(), stop, "ORGANIZATION", "grammar.unit")
                break


def _called(reading: Reading) -> Iterator[Mention]:
    """极端组织“风帆”, “风帆”组织: what is called a body by the words beside its name in quotation marks."""
    for name in _calling(reading.lexicon).finditer(reading.text):
        if name["before"]:
            yield reading.mention(*name.span("before"), "ORGANIZATION", "grammar.organization")
        elif name["firm"]:              # “风帆”（Sails）公司
            yield reading.mention(*name.span(), "ORGANIZATION", "grammar.organization",
                                  value=f"“{name['firm']}”{name['kind']}")
        else:
            yield reading.mention(*name.span(), "ORGANIZATION", "grammar.organization", value=name["behind"])


@lru_cache(maxsize=4)
def _calling(lexicon: Lexicon) -> re.Pattern[str]:
    before, behind = lexicon.any("called_bodies"), lexicon.any("called_behind")
    return re.compile(f"{before}“(?P<before>[{HAN}·]{{2,10}})”(?![{HAN}]{{0,3}}(?:活动|行动))"
                      f"|“(?![一二三四五六七八九十]|{lexicon.any('quoted_kinds')}”)(?P<firm>[{HAN}·]{{2,10}})”(?:（[^（）]{{1,20}}）)?"
                      f"(?P<kind>{lexicon.any('firm_nouns')}?{lexicon.any('quoted_firms')})"
                      f"|[“‘](?P<behind>[{HAN}·]{{2,10}})[”’]{behind}(?![了召开举参学实救各群全人相有当专编]|[{HAN}]{{0,2}}活动)")
