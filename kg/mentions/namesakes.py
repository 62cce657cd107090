"""What is called like a place and is none: ships, weapons, storms, and pieces of other words."""

from __future__ import annotations

import re

from kg.mentions.reading import Reading

#: 弗吉尼亚级核潜艇: what ships are called after.
_SHIP_CLASS = re.compile("级[^，。、级]{0,6}?[艇舰]|级[^，。、级]{0,4}?航母")
#: “喀山”号, “北溪”弹道导弹: what has a name in quotation marks.
_THING = re.compile("”(?:号|[^，。、“”]{0,5}?(?:导弹|火箭|鱼雷|坦克|战机|轰炸机|无人机|直升机|飞船|卫星|系统|级))")
#: Before the name of a storm.
_STORM = re.compile("(?:台风|飓风|热带风暴|气旋)“?$")


def is_namesake(reading: Reading, left: int, right: int) -> bool:
    """Whether the characters [left, right) name a thing that is called so: “喀山”号, 弗吉尼亚级核潜艇, 台风“海燕”.

    市属公园 holds no 属公园, and 海安舰 is a ship.
    """
    text = reading.text
    if _SHIP_CLASS.match(text, right) or _STORM.search(text, max(0, left - 6), left):
        return True
    if text[left - 1:left] == "“" and _THING.match(text, right):
        return True
    if text[left] == "属" and text[left - 1:left] in tuple("省市县区"):
        return True
    return text[right - 1] == "舰" or (text[left] == "织" and text[left - 1:left] == "组")
