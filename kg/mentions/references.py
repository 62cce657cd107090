"""Words that stand for a body without naming it (该局, 本报, 济宁公安); outlets that taggers leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.abroad import state_names
from kg.mentions.phrases import is_relative
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

#: “战区”专栏 reports: a column with a name of its own.
_COLUMN = re.compile(f"“[{HAN}]{{2,8}}”专栏(?=[^，。“”]{{0,12}}(?:报道|刊文|称))")
#: A place name before 公安 is at most this long.
_REACH = 12


class _Patterns(NamedTuple):
    reference: re.Pattern[str]
    outlet: re.Pattern[str]
    police: re.Pattern[str]
    dateline: re.Pattern[str]
    reporter: re.Pattern[str]
    government: re.Pattern[str]
    titled: re.Pattern[str]
    site: re.Pattern[str]
    told: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(lexicon: Lexicon) -> _Patterns:
    told = "(?:(?:[又另]|此外|同时)?据|综合)"
    outlet = f"[{HAN}]{{2,9}}?{lexicon.any('dateline_outlets')}(?![社报台]|网(?!站))"
    return _Patterns(re.compile(f"[该我本]{lexicon.any('referents')}"),
                     re.compile(f"本{lexicon.any('outlets')}(?={lexicon.any('outlet_followers')})"),
                     re.compile(f"(?:公安|警方)(?!{lexicon.any('police_compounds')})"),
                     re.compile(rf"[【]?(?P<told>{told})?(?!{told})(?:(?P<first>{outlet})[-－—―─])?(?P<outlet>{outlet})"
                                rf"(?=快?讯|(?(told)(?!)|消息(?!人士))|专?电(?![视台影力话信网子])"
                                rf"|[{HAN}]{{0,8}}?(?:信息[：:]|\d{{1,2}}月\d{{1,2}}日?(?:专?电|讯|消息|信息|报道)))"
                                rf"|(?P<short>[{HAN}]{{2,3}})(?<![本日天晨晚前电者外])(?=讯[（(]?(?:全媒体|首席|见习|实习|特约)?记者)"),
                     # （甲报全媒体记者 张某）
                     re.compile(f"[（(](?![本该])([{HAN}]{{2,8}}?(?:报|网|台|客户端|融媒体中心))"
                                "(?=(?:全媒体|首席|见习|实习|特约|驻站)?(?:记者|通讯员))"),
                     re.compile("(?<=[委组])[、和及]?((?:人民)?政府)(?=[在的主领高办统积认严全把坚按以出联班印召、，。])"),
                     re.compile("《([^《》]{2,12})》(?P<kind>杂志|周刊|月刊|双月刊|季刊|日报网?站?|网站"
                                f"|(?=(?:[{HAN}]{{2,4}}籍)?(?:首席|驻华|特约|实习)?(?:记者|编辑部|主编|总编)))?"),
                     # 甲国“乙内幕”网站, 甲国乙内幕网站报道
                     re.compile(f"(“[{HAN}A-Za-z0-9·]{{2,12}}”网站)"
                                f"|(?:{state_names()})([{HAN}A-Za-z0-9]{{2,8}}网站)"),
                     re.compile(f"据“([{HAN}]{{2,10}})”(?=[^，。“”]{{0,6}}报道)"))


def find_references(reading: Reading) -> Iterator[Mention]:
    """References of one sentence; what they refer to is for kg.resolve to say."""
    patterns = _patterns(reading.lexicon)
    for match in patterns.reference.finditer(reading.text):
        if match.group()[0] == "本" and not reading.is_whole(*match.span()):
            continue                        # 日本/局势
        yield reading.mention(match.start(), match.end(), "ORGANIZATION", "grammar.reference")
    for match in patterns.titled.finditer(reading.text):
        if match["kind"] is not None or (match[1].endswith(reading.lexicon.words["outlet_titles"])
                             and not match[1].endswith(reading.lexicon.words["no_outlet_titles"])):
            yield reading.mention(match.start(1), match.end(1), "ORGANIZATION", "grammar.titled_outlet")
            yield from _state_before(reading, match.start())
    for match in patterns.site.finditer(reading.text) if "网站" in reading.text else ():
        at = match.lastindex or 1
        name = match[at].removesuffix("网站")
        if at == 1 or not (reading.lexicon.suffix(name) or name.endswith(reading.lexicon.words["no_sites"])):
            yield reading.mention(*match.span(at), "ORGANIZATION", "grammar.titled_outlet")
    for match in _COLUMN.finditer(reading.text) if "”专栏" in reading.text else ():
        yield reading.mention(*match.span(), "ORGANIZATION", "grammar.titled_outlet")
    for match in patterns.told.finditer(reading.text):
        yield reading.mention(*match.span(1), "ORGANIZATION", "grammar.titled_outlet")
    yield from _bureaus(reading)
    if dateline := patterns.dateline.match(reading.text):
        for group in ("first", "outlet", "short"):
            if dateline[group] and not dateline[group].startswith("本"):
                yield reading.mention(*dateline.span(group), "ORGANIZATION", "grammar.dateline")
    for match in patterns.reporter.finditer(reading.text):
        yield reading.mention(match.start(1), match.end(1), "ORGANIZATION", "grammar.dateline")
    for match in patterns.outlet.finditer(reading.text):
        yield reading.mention(match.start(), match.end(), "ORGANIZATION", "grammar.outlet")
    for match in patterns.government.finditer(reading.text):
        if match.start(1) in reading.starts or match.start(1) - 1 in reading.starts:
            yield reading.mention(match.start(1), match.end(1), "ORGANIZATION", "grammar.same_place")
    for match in patterns.police.finditer(reading.text):
        for begin in range(max(0, match.start() - _REACH), match.start() - 1):
            found, length = reading.places.longest_prefix(reading.text[begin:match.start()])
            if begin + length == match.start() and len(found) == 1 and found[0].level in ("prefecture", "county"):
                yield reading.mention(begin, match.end(), "ORGANIZATION", "grammar.police",
                                      value=found[0].name + "公安局", confidence=0.8)
                break


def _state_before(reading: Reading, at: int) -> Iterator[Mention]:
    """英国 of 英国《山口报》, of which a tagger may make one name."""
    states = load_world().states
    if size := next((n for n in (6, 5, 4, 3, 2) if n <= at and reading.text[at - n:at] in states), 0):
        yield reading.mention(at - size, at, "LOCATION", "grammar.facility")


def _bureaus(reading: Reading) -> Iterator[Mention]:
    """市局: the bureau of a level, as its own people call it."""
    if "局" in reading.text or "厅" in reading.text:
        bureaus = reading.lexicon.words["own_bureaus"]
        for word in reading.words:
            if len(word.text) == 2 and word.text in bureaus and not _behind_a_place(reading, word.start):
                yield reading.mention(word.start, word.end, "ORGANIZATION", "grammar.reference")


def _behind_a_place(reading: Reading, at: int) -> bool:
    """Whether a place ends at an offset: 甲县/市局 is no bureau."""
    before = reading.ends.get(at)
    return before is not None and reading.words[before].pos in ("LOC", "ns")


def find_publisher(reading: Reading, publisher: str) -> Iterator[Mention]:
    """The outlet of the page, where the sentence gives it as its source: 来源：甲日报, 《甲日报》（2021年3月5日）."""
    if len(publisher) > 1 and publisher in reading.text:
        before, behind = "(?:来源|稿源|供稿|出处|转自|机构|单位|机关)[：: ]*", r" ?》 ?[（(] ?(?:19|20)\d\d年"
        name = re.escape(publisher)
        for match in re.finditer(f"(?:(?<=《)|(?<=《 ))({name})(?={behind})|{before}({name})", reading.text):
            at = match.lastindex or 1
            source = "grammar.relative" if is_relative(publisher, reading) else "grammar.publisher"    # 市委组织部
            yield reading.mention(*match.span(at), "ORGANIZATION", source)
