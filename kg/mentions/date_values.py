"""Moments and intervals on the calendar, and the arithmetic that the date reader needs."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from kg.mentions.date_points import Point

Kind = Literal["day", "month", "year", "range", "since", "until"]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date at [start, end) of a text, with its EDTF value; [core_start, core_end) is the date without markers."""

    start: int
    end: int
    text: str
    value: str
    kind: Kind
    confidence: float
    core_start: int
    core_end: int


class Moment(NamedTuple):
    """A year, month or day; None for what isn't said or known."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def edtf(self) -> str:
        year = "XXXX" if self.year is None else f"{self.year:04d}"
        return year + "".join(f"-{n:02d}" for n in (self.month, self.day) if n)

    def exists(self) -> bool:
        if not self.month or not self.day:
            return True
        return self.day <= (29 if self.year is None and self.month == 2 else last_day(self.year, self.month))

    def first(self) -> date:
        """The first day; a leap year stands for an unknown one."""
        return date(self.year or 2000, self.month or 1, self.day or 1)


class Interval(NamedTuple):
    """From the beginning of `low` to the end of `high`, how sure that is, and whether the text says the year."""

    low: Moment
    high: Moment
    confidence: float
    stated: bool = False


def sure(moment: Moment, confidence: float, stated: bool = True) -> Interval:
    return Interval(moment, moment, confidence, stated)


def last_day(year: int | None, month: int) -> int:
    return calendar.monthrange(year or 2001, month)[1]


def safe_date(year: int, month: int, day: int | None) -> date:
    return date(year, month, min(day or 1, last_day(year, month)))


def shift(moment: Moment, unit: str, offset: int) -> Moment:
    """The moment so many days, months or years later, as fine as the unit."""
    if unit == "year":
        return Moment((moment.year or 0) + offset)
    if unit == "month":
        years, month = divmod((moment.month or 1) - 1 + offset, 12)
        return Moment(None if moment.year is None else moment.year + years, month + 1)
    common = moment if moment.year or (moment.month, moment.day) == (2, 29) else moment._replace(year=2001)
    later = common.first() + timedelta(days=offset)
    return Moment(None if moment.year is None else later.year, later.month, later.day)


def part_months(part: str) -> tuple[int, int]:
    """First and last month of a quarter, of half a year or of 前N个月."""
    if part.endswith("半年"):
        return (1, 6) if part[0] == "上" else (7, 12)
    numbers = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "首": 1}
    count = re.sub("[第前季度个月]", "", part)
    number = int(count) if count.isdecimal() else sum(numbers[c] for c in count)
    if part.startswith("前"):
        return 1, number * 3 if "季" in part else number
    return number * 3 - 2, number * 3


def part_of(interval: Interval, part: str) -> Interval | None:
    """The third of the month, or the months of the year, that `part` names."""
    year, month, _ = interval.low
    if part.endswith("旬"):
        if not month or (year is None and month == 2 and "下" in part):
            return None
        bounds = {"上": (1, 10), "中": (11, 20), "下": (21, last_day(year, month))}
        thirds = sorted(bounds[c] for c in part[:-1])
        return interval._replace(low=Moment(year, month, thirds[0][0]), high=Moment(year, month, thirds[-1][1]))
    low, high = part_months(part)
    if not 1 <= high <= 12:
        return None
    return interval._replace(low=Moment(year, low), high=Moment(year, high))


def following(first: Interval, second: Point) -> Interval | None:
    """The end of a range takes what it doesn't say from the beginning; 28日至3日 runs into the next month."""
    year, month, day = first.low
    end = Moment(year, second.month or month, second.day)
    if not second.month and second.day and day and second.day < day:
        end = shift(Moment(year, month), "month", 1)._replace(day=second.day)
    elif second.month and month and (end.month, end.day or 0) < (month, day or 0) and not second.part:
        end = end._replace(year=None if year is None else year + 1)
    last = Interval(end, end, first.confidence)
    filled = part_of(last, second.part) if second.part else last
    return filled if filled and filled.high.exists() else None


def parse_moment(value: str) -> Moment | None:
    """The last moment that an EDTF value names."""
    match = re.fullmatch(r"(?:.*/)?(\d{4}|XXXX)(?:-(\d{2}))?(?:-(\d{2}))?", value.removesuffix("/.."), re.ASCII)
    if not match:
        return None
    year, month, day = match.groups()
    moment = Moment(None if year == "XXXX" else int(year), int(month or 0) or None, int(day or 0) or None)
    sound = (moment.month or 1) <= 12 and moment.exists() and (moment.year is None or 1000 <= moment.year < 3000)
    return moment if sound else None


def reference_day(text: str) -> date | None:
    """The day of an ISO date or date and time of our times; None for anything else."""
    match = re.match(r"([12]\d{3})-(\d{2})-(\d{2})", text, re.ASCII)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def kind_of(moment: Moment) -> Kind:
    return "day" if moment.day else "month" if moment.month else "year"
