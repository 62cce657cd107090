"""The grammar of points in time: what a date looks like on the surface, before anything is resolved.

A point is one of: an ISO-like date, a calendar date of any fineness (2020年1月27日, 一月二十七日, 2月上旬,
2020年四季度), a bare day (17日晚), or a word (昨晚, 同年9月4日, 上月28日). A time of day behind a day belongs to
the surface. The vocabulary is `kg/data/dates.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import YamlFile, parse_yaml

FILE = "dates.yaml"
SECTIONS = {
    "refuse": ("any_after", "any_before", "year_before", "year_after", "vague_after", "month_before", "month_after",
               "day_before", "day_after", "anaphora_before"),
    "markers": ("since_before", "since_after", "until_before", "until_after", "until_weak_before", "future_before",
                "future_after", "since_later"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A deictic or anaphoric word: `offset` units from the document's date or from the last date of the text."""

    word: str
    unit: str
    origin: str
    offset: int
    bare: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A point as the text has it: `part` is a third, quarter or half, `weekday` the days since Monday of this week."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""
    word: Word | None = None
    weekday: int | None = None
    short_year: bool = False
    chinese: bool = False
    timed: bool = False

    @property
    def fineness(self) -> str:
        """What the point names: part, day, month or year."""
        if self.part:
            return "part"
        if self.day or self.weekday is not None or (self.word and self.word.unit == "day"):
            return "day"
        return "month" if self.month or (self.word and self.word.unit == "month") else "year"

    @property
    def is_bare_day(self) -> bool:
        return bool(self.day) and not (self.month or self.word)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled vocabulary: `gate` finds a sentence that may hold a date, `point` reads one at a place."""

    gate: re.Pattern[str]
    scan: re.Pattern[str]
    point: re.Pattern[str]
    range_sign: re.Pattern[str]
    words: dict[str, Word]
    rules: dict[str, re.Pattern[str]]


#: A line of a career: 1993.08—1998.03, 2019.01至今, 2019.01— at its beginning.
CAREER = re.compile(r"(?<![\d.．])((?:19|20)\d\d)[.．](0?[1-9]|1[0-2])(?![\d.．]) ?(?:[—－–―~～-]{1,3}|至) ?"
                     r"(?:((?:19|20)\d\d)[.．](0?[1-9]|1[0-2])(?![\d.．])"
                     r"|(?P<open>至?今|(?<=[—－–―~～-]) ?(?=[\u4e00-\u9fff])|(?<=[—－–―~～-]) ?$))")

#: What happens at the first date of a range, and the sign of the range.
ACTED = re.compile("(?!起)[\u4e00-\u9fff]{1,4}?[至到]")
BEGINS = re.compile("开始")           # from 自5月3日开始 on, but on 5月3日开始试行
BRACKET, END_OF = re.compile("（[0-9年月日]{2,11}）"), re.compile("[末底](?![端线])")     # 今天（5月3日）, 10月末

#: What began at a date tells of no month in which the text goes on: 自5月4日雨季开始以来.
SINCE = re.compile("^[^，。；]*以来")
#: Before the day up to which something goes on.
LASTS = re.compile("(?:持续|延续|进行|举行|开放)[至到]$")

_D = "[0-9０-９]"
_C = "[一二三四五六七八九十]"
_S = "[ \u3000\u00a0]?"
_SIGN = f"{_S}(?:至|到|——?|－|–|―|-|~|～){_S}"
_YEAR = f"(?:[1１][6-9６-９]|[2２][0０]){_D}{{2}}|[一二][〇零○九八七六五四三二一]{{3}}"
_MONTH = f"1[0-2]|１[０-２]|[0０]?[1-9１-９](?!{_D})|十[一二]?|[一二三四五六七八九]"
_DAY = f"[3３][01０１]|[12１２]{_D}|[0０]?[1-9１-９](?!{_D})|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_WEEK = "(?:星期|周|礼拜)[一二三四五六日天]"
_HOUR = f"(?:[0０1１]?{_D}|[2２][0-4０-４]|零|二?十[一二三四]?|[一二两三四五六七八九])"
_UNIT = "(?:时(?![候期间代任])|点(?!意见|建议|要求|希望|体会|看法|措施)钟?)"
_CLOCK = (f"{_HOUR}(?:{_UNIT}(?:{_S}(?:{_D}{{1,2}}|[一二三四五零]?[十零]?{_C})分(?!别)(?:{_D}{{1,2}}秒)?|半)?"
          f"|[:：]{_D}{{2}}(?:[:：]{_D}{{2}})?)多?(?:许|左右|整|前后)?")


def _time(dayparts: str) -> str:
    hours = f"{_CLOCK}(?:{_SIGN}{_CLOCK})?|{_HOUR}{_SIGN}{_CLOCK}"
    return (f"(?:{_S}(?:[（(]{_WEEK}[）)]|{_WEEK}))?"
            f"(?P<time>(?:{_S}(?:{dayparts})(?:的?{_S}(?:{hours}))?|{_S}(?:{hours})))?")


def _point_pattern(words: dict[str, list[str]], dayparts: str) -> str:
    """The pattern of one point; named groups tell what was found."""
    thirds = "(?:上中|中下|中上|上|中|下)旬"
    day = f"(?P<day{{0}}>{_DAY})(?:{_S}[日号]|(?={_S}(?:[、和及]|{_SIGN})(?:{_DAY}){_S}[日号]))"
    parts = f"第?[一二三四1-4１-４]季度|首季度|前[二两三23]季度|[上下]半年|前(?:{_D}{{1,2}}|{_C}{{1,2}}|两)个月"
    year = (f"(?:(?P<year>{_YEAR})(?:{_S}(?:年度?|财年)|(?={_SIGN}(?:{_YEAR}){_S}年))"
            f"|(?P<short>[0-9０-９]{{2}})年(?=(?:{_MONTH})月|(?<=[0０]{_D}年))"
            f"|(?P<word_year>{'|'.join(words['year'])}))")
    month = f"(?P<month>{_MONTH})(?:{_S}月份?|(?={_S}(?:[、和及]|{_SIGN})(?:{_MONTH}){_S}月))"
    rest = f"{month}(?:{_S}(?:{day.format('')}|(?P<third>{thirds})))?|(?P<part>{parts})"
    time = _time(dayparts)
    iso = (r"(?P<iso>((?:19|20)\d\d)([-/.])(0?[1-9]|1[0-2])\3(3[01]|[12]\d|0?[1-9])(?!\d)(?!\3\d))"
           r"(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:Z|\+\d{2}:?\d{2})?)?")
    return (f"{iso}|(?:(?P<word_month>{'|'.join(words['month'])})份?(?:{day.format('_m')}|(?P<third_m>{thirds}))?"
            f"|{day.format('_b')}"
            f"|(?P<word_day>{'|'.join(words['day'])})"
            f"|(?P<week>[本上下这]个?(?:周|星期|礼拜)[一二三四五六日天](?!刊))"
            f"|{year}?(?:(?:(?<=[年度]){_S}的?)?(?:{rest}))?)(?:{time})")


def _faults(file: YamlFile) -> list[str]:
    """Everything that is wrong with the vocabulary, as `file:line: what`."""
    tree = file.data
    if not isinstance(tree, dict):
        return [file.fault((), "must be a mapping")]
    faults = [file.fault((), f"section {name} is missing") for name in ("words", "dayparts", *SECTIONS)
              if name not in tree]
    for at, row in enumerate(tree.get("words") or []):
        where = ("words", at)
        if not isinstance(row, dict) or not isinstance(row.get("word"), str):
            faults.append(file.fault(where, "a word needs `word`, `unit`, `from` and `offset`"))
        elif row.get("unit") not in {"day", "month", "year"} or row.get("from") not in {"reference", "text"}:
            faults.append(file.fault(where, f"{row['word']}: unit must be day, month or year, from reference or text"))
        elif not isinstance(row.get("offset"), int):
            faults.append(file.fault(where, f"{row['word']}: offset must be a whole number"))
    for name, keys in SECTIONS.items():
        section = tree.get(name) or {}
        faults += [file.fault((name,), f"{name} has no {key}") for key in keys if key not in section]
        for key, pattern in section.items():
            try:
                re.compile(str(pattern))
            except re.error as error:
                faults.append(file.fault((name, key), f"{name}.{key}: {error}"))
    return faults


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """The date grammar of the package; KnowledgeError names every fault of the vocabulary."""
    text = (resources.files("kg") / "data" / FILE).read_text(encoding="utf-8")
    return compile_grammar(text)


def compile_grammar(text: str) -> Grammar:
    """A grammar from the text of a vocabulary file."""
    file = parse_yaml(text, Path(FILE))
    if faults := _faults(file):
        raise KnowledgeError(faults)
    tree = file.data
    words: dict[str, Word] = {}
    patterns: dict[str, list[str]] = {"day": [], "month": [], "year": []}
    for row in sorted(tree["words"], key=lambda row: (-len(row["word"]), row["word"])):
        words[row["word"]] = Word(row["word"], row["unit"], row["from"], row["offset"], row.get("bare", True))
        guard = f"(?<![{row['after']}])" if row.get("after") else ""
        patterns[row["unit"]].append(guard + row["word"] + (f"(?!{row['before']})" if row.get("before") else ""))
    point = _point_pattern(patterns, "|".join(tree["dayparts"]))
    heads = "|".join(sorted(words))
    rules = {key: re.compile(pattern) for name in SECTIONS for key, pattern in tree[name].items()}
    digit = "0-9０-９一二三四五六七八九十"
    return Grammar(
        gate=re.compile(rf"[年月日旬]|[{digit}]{_S}号|季度|{heads}|[本上下这]个?[周星礼]|(?:19|20)\d\d[-/.]"),
        scan=re.compile(rf"[一二][〇零○九八七六五四三二一]{{3}}|(?:{_D}+|{_C}+)(?={_S}[年财月日号季/.\-—至到~～－–―、和及])"
                        rf"|第[一二三四1-4]季|首季度|前[{digit}两]|[上下]半年|{heads}|[本上下这]个?[周星礼]"),
        point=re.compile(point),
        range_sign=re.compile(f"(?:起|开始)?{_SIGN}"),
        words=words,
        rules=rules,
    )


def _number(text: str) -> int:
    """The value of an Arabic, full-width or Chinese number up to 99, or of a year written digit by digit."""
    if text.isdecimal():
        return int(text)
    digits = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
    if "十" not in text:
        return int("".join(str(digits[c]) for c in text))
    tens, ones = text.split("十")
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)


def _weekday(word: str) -> int:
    """Days from the Monday of the week in which the word is said: 上周日 is -1.

    >>> _weekday("下个星期二")
    8
    """
    return min("一二三四五六日天".index(word[-1]), 6) + {"上": -7, "下": 7}.get(word[0], 0)


#: The number of a paragraph: 1.2015年9月.
_NUMBERED = re.compile("[ \u3000]*[0-9]{1,2}[.．]")


def read_point(grammar: Grammar, text: str, at: int) -> Point | None:
    """The point that begins at `at`, or None. Nothing is refused here but what breaks a number."""
    match = grammar.point.match(text, at)
    if not match or match.end() == at:
        return None
    if at and text[at].isdecimal() and (text[at - 1].isdecimal() or text[at - 1] in ".．") \
            and not (match["year"] and _NUMBERED.fullmatch(text, 0, at)):
        return None
    if match["iso"]:
        if at and (text[at - 1] in "-/_=#" or (text[at - 1].isascii() and text[at - 1].isalnum())):
            return None
        _, year, _, month, day = match.group(1, 2, 3, 4, 5)
        return Point(at, match.end(), int(year), int(month), int(day), timed=match.end() > match.end(1))
    word = match["word_year"] or match["word_month"] or match["word_day"]
    year, month = match["year"] or match["short"], match["month"]
    day = match["day"] or match["day_m"] or match["day_b"]
    part = match["third"] or match["third_m"] or match["part"] or ""
    shown = "".join(filter(None, (year, month, day)))
    if not (shown or part or word or match["week"]):
        return None  # a time of day by itself
    timed = bool(match["time"]) and bool(day or match["word_day"] or match["week"])
    return Point(
        start=at, end=match.start("time") if match["time"] and not timed else match.end(),
        year=_number(year) if year else None,
        month=_number(month) if month else None,
        day=_number(day) if day else None,
        part=part, word=grammar.words[word] if word else None,
        weekday=_weekday(match["week"]) if match["week"] else None,
        short_year=bool(match["short"]), chinese=bool(shown) and not any(c.isdecimal() for c in shown), timed=timed)
