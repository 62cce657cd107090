"""What a tagger took into the name of a place at either end: 获/悉沙县, 甲市/大街小巷, 旬邑/中/医药."""

from __future__ import annotations

import re

from kg.knowledge.places import Places
from kg.knowledge.world import load_world
from kg.mentions.countries import sign_before
from kg.mentions.reading import Reading

_DIVISIONS = "省市县区州旗盟镇乡村国"
#: What goes from one place to another.
_LINE = re.compile("(?:高速铁路|高速公路|铁路|高铁|高速|公路)$")
#: 海南/五省区, the number of those that were listed.
_SEVERAL = re.compile("(?:[两二三四五六七八九十]+|多)(?:省区市|省区|省市|市县|区县|省|市|县|区|州|地)$")
#: The games behind the town that they are called after, of which a tagger takes the first character: 巴黎/奥运会.
_GAMES = re.compile("(?:冬?[奥残]|亚|大)(?:运|委会|残会|奥会|残运会|残奥会|组委|沙会|冬会|青会)")
#: The house in a village, a street or a quarter: 后坪村/16幢.
_HOUSE = re.compile(r"(?<=[村路街区园苑])\d+(?:幢|栋|号楼)$")


def trimmed(reading: Reading, begin: int, end: int, chain: int) -> tuple[int, int]:
    """Where the place really begins and ends that [begin, end) holds, of a chain of places that begins at `chain`."""
    name, places, text = reading.text[begin:end], reading.places, reading.text
    if len(name) > 3 and name[-1] == name[-2] and name[-1] in _DIVISIONS + "江河湖":
        end -= 1                        # 辛辛那提市/市中心
    if name.endswith("大街") and text.startswith("小巷", end):
        end -= 2                        # 青溪/大街小巷
    if name.endswith("市区"):           # 攀枝花市/区, 巴黎/市区
        end -= 1 if places.find(name[:-1]) else 2 if load_world().states_of(name[:-2]) else 0
    if house := _HOUSE.search(name):
        end = begin + house.start()
    kind = next((each for each in reading.lexicon.words["kinds_of_towns"] if name.endswith(each)), "")
    if kind and name.removesuffix(kind) in load_world().states:
        end -= len(kind)                # 卢旺达/小城
    if name[-1] == "村" and name[:-1] in load_world().states:
        end -= 1                        # 印尼/村干部
    if text[chain - 1:chain] in ("至", "到") and (line := _LINE.search(name)) and places.find(name[:line.start()]):
        end -= len(line.group())        # 大理至瑞丽/铁路
    if len(name) > 2 and name[-1] in "省市县区州镇" and not places.find(name) and places.find(name[1:]) \
            and text[begin - 1:begin] not in tuple("县区市"):
        begin += 1                      # 悉沙县 of 获悉沙县: the table knows where the name begins; not 甲区司马铺镇
    begin += sign_before(text[begin:end])
    end -= _into_next_word(reading, begin, end)
    end -= int(name[-1] == "属" and bool(places.find(name[:-1])))       # 北京市/属
    if (several := _SEVERAL.search(name)) and places.find(name[:several.start()]):
        end -= len(several.group())
    if len(name) > 2 and (_GAMES.match(text, end - 1) or _of_an_army(reading, end)):
        end -= 1
    end -= int(name[-1] in "海陆空" and text.startswith("军", end))     # 法国/海军
    if text.startswith("地区", end) and load_world().full_name(text[begin:end]) == text[begin:end + 2]:
        end += 2                        # 中东/地区
    return begin, end


def _into_next_word(reading: Reading, left: int, right: int) -> int:
    """1 if a tagger took the first character of the next word to a place that the tables know: 旬邑/中/医药."""
    name = reading.text[left:right]
    return int(len(name) > 2 and right not in reading.ends and right - 1 in reading.starts
               and not name.endswith((*reading.lexicon.words["place_endings"], *reading.lexicon.words["landforms"]))
               and _is_known(name[:-1], reading.places) and not _is_known(name, reading.places))


def _is_known(name: str, places: Places) -> bool:
    """Whether the tables have a place of the name, at home or abroad."""
    return bool(places.find(name)) or load_world().knows(name)


def _of_an_army(reading: Reading, end: int) -> bool:
    """Whether what ends a name is the sign of an army: 卢甘斯克/乌军."""
    return reading.text[end - 1] in reading.lexicon.words["country_signs"] and reading.text[end:end + 1] == "军" \
        and reading.ends.get(end) is None
