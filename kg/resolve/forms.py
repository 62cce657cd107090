"""Other ways in which the names of bodies are written: with the place inside, armies of states and their parts."""

from __future__ import annotations

import re
from collections.abc import Callable

from kg.knowledge.world import load_world

#: What all the armed forces of a state are called.
_ARMY = re.compile("(?:军[队方]?|国防军|(?:联邦)?武装(?:部队|力量))$")
#: 中国人民解放军东部战区 is 东部战区.
_OF_THE_ARMY = re.compile("^(?:中国人民)?解放军(?=[东南西北中]部战区)")
#: The forces of a theatre, and what a unit of an army ends in.
_SERVICES = ("陆军", "海军", "空军")
_UNIT_OF_AN_ARMY = re.compile("(?:[旅师团营]|集团军|舰队|司令部)$")
#: 二十届中央纪委, 中国共产党第二十届中央委员会, 中共中央书记处: organs of the party's centre.
_OF_THE_PARTY = re.compile("^(?:(?:中国共产党|中共)?第?[一二三四五六七八九十]+届|中国共产党|中共)(?=中央.)"
                           "|^中共(?=全国人大|国务院)")
#: 中国全国政协, 中华人民共和国国务院: the state before the name of a body that has no other.
_OF_THE_STATE = re.compile("^(?:中华人民共和国|中国)(?=.)")
#: 总台央视综合频道 is 央视综合频道.
_OF_THE_STATION = re.compile("^(?:中央广播电视)?总台(?=央视)")
#: Of these, what a label leaves out where the document has the name without it.
_MORE = re.compile("(?:中国共产党|中共)?第?[一二三四五六七八九十]+届(?=中央|全国)"
                   "|(?:中国人民政治协商会议|政协)(?:第|全国)|(?:中华人民共和国|中国)(?=全国人|全国政|国务院|最高|中央(?!广播)|国家监)")
#: 政协第十四届全国委员会 is 全国政协.
_CONFERENCE = re.compile("^(?:中国人民政治协商会议|政协)(?:第[一二三四五六七八九十]+届)?全国委员会")
#: 政协第十五届甲县委员会 is 甲县政协, 共青团甲县委 is 甲县团委, 中国共产党甲县第十四届委员会 is 甲县委,
#: 中共甲镇委员会 is 甲镇党委: the place stands inside.
_INSIDE = {
    "政协": re.compile("(?:中国人民政治协商会议|政协)(?:第[一二三四五六七八九十]+届)?"
                     "([\u4e00-\u9fff]{1,11}[省市县区州旗])"
                     "(?:第[一二三四五六七八九十]+届)?委员会(?=$|[常办主提])"),
    "委": re.compile("(?:中国共产党|中共)([\u4e00-\u9fff]{1,11}[省市县区州旗])"
                    "(?:第[一二三四五六七八九十]+届)?委员会(?=$|常)"),
    "党委": re.compile("(?:中国共产党|中共)([\u4e00-\u9fff]{1,14}(?:镇|乡|苏木))"
                     "(?:第[一二三四五六七八九十]+届)?委员会$"),
    "党工委": re.compile("(?:中国共产党|中共)([\u4e00-\u9fff]{1,14}街道)工作委员会$"),
    "团委": re.compile("共青团([\u4e00-\u9fff]{1,11}[省市县区州旗])委(?:员会)?$"),
}


def place_in_front(name: str) -> str:
    """A name with its place in front, where it stands inside."""
    for body, shape in _INSIDE.items():
        if found := shape.match(name):
            return found.group(1) + body + name[found.end():]
    return _OF_THE_ARMY.sub("", name)


def of_the_centre(name: str, is_one: Callable[[str], bool]) -> str:
    """A name of a body of the whole country without what goes without saying: its state, its party, its term.

    `is_one` says whether a name by itself is that of one body.

    >>> of_the_centre("第二十届中央纪委", bool), of_the_centre("中国国务院", "国务院".__eq__)
    ('中央纪委', '国务院')
    """
    own = _OF_THE_STATION.sub("", _OF_THE_PARTY.sub("", name))
    if own.startswith(("中央政治局", "中央书记处")):
        return "中国共产党中央委员会" + own[2:]
    if own == "中央委员会" != name:
        return "中国共产党中央委员会"
    own = _CONFERENCE.sub("全国政协", own)
    bare = _OF_THE_STATE.sub("", own)
    if bare == "政府":
        return "中国政府"
    return bare if bare != own and is_one(bare) and not is_one(own) else own


def says_more(name: str) -> bool:
    """Whether a name of a body of the whole country says its state or its term besides.

    >>> says_more("中国国务院"), says_more("十四届全国人大"), says_more("中共中央政治局")
    (True, True, False)
    """
    return bool(_MORE.match(name))


def army_of(name: str) -> str:
    """俄军, 俄军方, 俄罗斯军队 and 俄罗斯军方 are one, by the third; of another body empty text."""
    if not (ending := _ARMY.search(name)):
        return ""
    states, signs = load_world().states, load_world().signs
    state = states.get(name[:ending.start()]) or signs.get(name[:ending.start()])
    return state + "军队" if state else ""


def is_part_of_an_army(head: str, rest: str) -> bool:
    """Whether a name that reads head + rest is that of a unit of an army, a theatre, or the forces of one.

    >>> is_part_of_an_army("美军", "第四步兵师"), is_part_of_an_army("美军", "方")
    (True, False)
    """
    if head.endswith("战区"):
        return rest in _SERVICES
    if rest.endswith("战区"):
        return head.endswith("解放军")
    return len(head) == 2 and bool(army_of(head) and _UNIT_OF_AN_ARMY.search(rest))
