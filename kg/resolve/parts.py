"""Parts of firms, schools and ministries, by their names: 甲银行市场部, 甲集团乙公司, 甲大学经济系, 甲部救灾司."""

from __future__ import annotations

from kg.knowledge.lexicon import Lexicon
from kg.mentions.commons import is_any_firm

#: Neither is a firm's name shorter than this, nor that of a part of one.
_SHORTEST = 3


def is_part(head: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether a name that reads head + rest names a part `rest` of a firm, a school or a ministry `head`."""
    words = lexicon.words
    if rest.endswith(words["units_of_ministries"]) and not rest.endswith("公司"):
        ministry = lexicon.organizations.get(head)
        return len(rest) >= _SHORTEST and ministry is not None and ministry.alone == "name"
    if head.endswith(words["schools_with_units"]):
        return len(head) >= _SHORTEST <= len(rest) and _is_of_a_school(rest, lexicon)
    return head.endswith(words["firms_with_units"]) and _is_of_a_firm(head, rest, lexicon)


def _is_of_a_school(rest: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of a faculty or an institute: 中国乡村研究院, 法学院, 经济系; not 国际关系."""
    words = lexicon.words
    return rest.endswith(words["units_of_schools"]) and not rest.endswith(words["no_units_of_schools"]) \
        and not rest.startswith("大学")      # 甲科学院/大学法学院


def _is_of_a_firm(head: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of a branch, a department, or a firm of a group.

    Not 业研究院 behind 银行, 法研究中心 behind 公司, 有限公司 behind 集团.
    """
    words = lexicon.words
    firm = head.endswith("集团") and len(rest) > _SHORTEST and rest.endswith("公司")
    return len(head) > _SHORTEST and len(rest) > 1 and head.count("（") == head.count("）") \
        and (firm or rest.endswith(words["units_of_firms"])) \
        and not rest.startswith(words["no_units_of_firms"]) and not is_any_firm(head, lexicon)
