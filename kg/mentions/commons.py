"""What only looks like the name of a body: many bodies at once, common nouns, places where something is, products."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon, Suffix, pattern_of
from kg.mentions.reading import Reading

#: 全市法院: all of them; 全国政协 is one body.
_WHOLE = re.compile("国家级|国家[三四五六七八九十]部委|(?:两|各|多)国|中外(?!运|建)|双边|全[省市县区州旗镇乡]"
                    "|全国(?:各级|各地)?(?:人民|基层)?"
                    "(?:法院|检察院|公安局|商业银行|银行|医院|学校|公安机关|检察机关|博物馆|图书馆|农村信用社|供销合作社)$")
#: 737-800型客机, behind the name of its maker.
_MODEL = re.compile("[A-Z]{0,3}-?[0-9]{2,4}(?:-[0-9]{1,4})?[A-Z]*型?(?:系列)?(?:[宽窄]体)?[^，。、；]{0,2}机")
#: Before an inn: what says that something happens there.
_AT = re.compile("(?:在|于|至|到|抵达|入住|进驻|下榻|来到|前往|赶到|赶往|撞向|毗邻|首都)$")
#: Behind it, likewise.
_OF_A_HOUSE = ("外", "内", "附近", "门前", "门口", "大门", "旁", "举行", "发生", "里")


def is_collective(name: str, lexicon: Lexicon) -> bool:
    """Whether a name holds a word that makes it many bodies or none in particular: 各级法院, 新区全部学校."""
    inside = name.replace("安全部", "")     # 国土安全部 is one
    return bool(_WHOLE.match(name)) or any(
        lexicon.generic.get(name[:n]) == "start" and name[1:] not in lexicon.organizations      # 县/市场监管局
        for n in range(1, min(5, len(name)))) or bool(
        pattern_of(lexicon, "collective_inside").search(inside)) or is_any_firm(name, lexicon) \
        or bool(_unnamed(lexicon).search(name))


@lru_cache(maxsize=4)
def _unnamed(lexicon: Lexicon) -> re.Pattern[str]:
    """甲县一幼儿园, 乙市一家化工厂: headlines tell of one that they don't name; 第一小学 has a name."""
    return re.compile(f"(?<=[^第八三])一(?:[家所座间处](?=..)|{lexicon.any('headline_kinds')}$)")


@lru_cache(maxsize=4)
def _any_firm(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(f"{lexicon.any('firm_nouns')}+{lexicon.any('firm_endings')}")


def is_any_firm(name: str, lexicon: Lexicon) -> bool:
    """Whether a name says no more than what kind of firm it is: 跨国企业集团, 风险投资公司."""
    return name.endswith(lexicon.words["firm_endings"]) and bool(_any_firm(lexicon).fullmatch(name))


def is_product(reading: Reading, end: int) -> bool:
    """Whether what follows makes a maker's name that of a thing: 737型客机, 轿车."""
    return bool(_MODEL.match(reading.text, end)) or reading.text.startswith(reading.lexicon.words["products"], end)


def is_venue(name: str, lexicon: Lexicon) -> bool:
    """Whether a name ends like that of a hall, a base or a power station; 甲教育基地 is a school."""
    return name.endswith(lexicon.words["venues"]) and not name.endswith(lexicon.words["no_venues"])


def is_kind_of_site(name: str, lexicon: Lexicon) -> bool:
    """Whether a name says no more than what kind of site it is: 国家级海洋牧场示范区."""
    return name.startswith(lexicon.words["kinds_of_sites"]) and name.endswith(lexicon.words["ends_of_kinds"])


def is_house(reading: Reading, begin: int, end: int, ending: Suffix) -> bool:
    """Whether a name is that of a place where something is: a base, a hall, an inn if the words beside it say so."""
    if is_venue(reading.text[begin:end], reading.lexicon):
        return True
    return ending.text in reading.lexicon.words["inns"] and (
        bool(_AT.search(reading.text, 0, begin)) or reading.text.startswith(_OF_A_HOUSE, end))
