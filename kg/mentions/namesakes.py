"""What is called like a place or a person and is none: ships, weapons, storms, prizes, and pieces of other words."""

from __future__ import annotations

import re

from kg.knowledge.world import load_world
from kg.mentions.reading import Reading
from kg.models import Mention

#: 弗吉尼亚级核潜艇: what ships are called after.
_SHIP_CLASS = re.compile("级[^，。、级]{0,6}?[艇舰]|级[^，。、级]{0,4}?航母")
#: 海安/舰, but not 东海/舰队.
_WARSHIP = re.compile("舰(?![队艇船载只员长桥])")
#: 阿曼/苏丹, the title of a ruler.
_RULED = re.compile("(?:阿曼|文莱|柔佛|雪兰莪|时任|现任|已故)$")
#: “喀山”号, “北溪”弹道导弹: what has a name in quotation marks.
_THING = re.compile("”(?:号|[^，。、“”]{0,5}?(?:导弹|火箭|鱼雷|坦克|战机|轰炸机|无人机|直升机|飞船|卫星|系统|级))")
#: “卢正平将军”号: a ship that is called after somebody, with the rank.
_SHIP = re.compile("[^，。、“”]{0,6}”(?:号|级)")
#: “卢平·正平”号, ‘卢平·正平’号, “卢平号”: a ship by the name of somebody, from behind it.
_SHIPS = re.compile("[^，。、“”‘’]{0,3}(?:[”’](?:号|级)|号[”’])")
#: 卢正平文学奖, 卢正平勋章: prizes and orders, but not 卢正平/为获奖者/颁奖.
_PRIZE = re.compile("(?![中又再为向给的也都将])(?:(?![获颁领得夺评受荣拿摘捧])[\u4e00-\u9fff]){0,6}"
                    "奖(?![励章牌金状品者])"
                    "|十字勋章|勋章|指数(?!级)|杯(?!子)")
#: 第98卢正平近卫师
_NUMBERED = re.compile(r"第[0-9一二三四五六七八九十百]+$")
#: Before the name of a storm.
_STORM = re.compile("(?:台风|飓风|热带风暴|气旋)“?$")


def is_namesake(reading: Reading, left: int, right: int) -> bool:
    """Whether the characters [left, right) name a thing that is called so: “喀山”号, 弗吉尼亚级核潜艇, 台风“海燕”.

    市属公园 holds no 属公园, 海安舰 is a ship, and 东北虎 an animal.
    """
    text = reading.text
    if _SHIP_CLASS.match(text, right) or _WARSHIP.match(text, right) or _STORM.search(text, max(0, left - 6), left):
        return True
    if text[left - 1:left] == "“" and _THING.match(text, right):
        return True
    if text[left:right] == "苏丹" and (_RULED.search(text, max(0, left - 3), left)
                                      or any(s.type == "PERSON" and s.end == left for s in reading.spans)):
        return True
    words = reading.lexicon.words
    if text[left:right] in words["regions_of_states"] and text.startswith(words["of_regions"], right):
        return True
    if text.startswith(words["species"], right) and not text.startswith(words["no_species"], right):
        return True
    if text[left] == "属" and text[left - 1:left] in tuple("省市县区"):
        return True
    if text[right - 1] == "星" and not load_world().states_of(text[left:right] + "州"):
        return True                     # 脉冲星, 中星, but 威斯康星
    return text[right - 1] == "舰" or (text[left] == "织" and text[left - 1:left] == "组")


def is_ship(text: str, start: int, end: int) -> bool:
    """Whether what stands in quotation marks is a ship, which somebody gave the name."""
    behind = _SHIPS.match(text, end - (text[end - 1] == "号"))
    return behind is not None and any(mark in text[max(0, start - 8):start] for mark in "“‘")


def is_no_person(reading: Reading, span: Mention) -> bool:
    """Whether what the tagger takes for a person is something else: a state, a town, a brand, a prize, a ship."""
    text, name, words = reading.text, span.text, reading.lexicon.words
    if name in load_world().states or name.endswith(words["no_person_endings"]):
        return True
    if _PRIZE.match(text, span.end) or _NUMBERED.search(text, 0, span.start) \
            or text.endswith(words["before_brands"], 0, span.start):
        return True
    if text[span.start - 1:span.start] == "“" and (_THING.match(text, span.end) or _SHIP.match(text, span.end)):
        return True
    if is_ship(text, span.start, span.end):
        return True
    return name[-1] in "镇乡村" and _behind_a_place(reading, span.start)


def _behind_a_place(reading: Reading, at: int) -> bool:
    """Whether a place ends at an offset, to the words or the names of the tagger."""
    before = reading.ends.get(at)
    return (before is not None and reading.words[before].pos in ("LOC", "ns")) \
        or any(span.end == at and span.type == "LOCATION" for span in reading.spans)
