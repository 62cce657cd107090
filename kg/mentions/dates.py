"""Dates in Chinese text and their values in EDTF.

    find_dates    one text
    read_dates    the sentences of a document in their order
    DateReader    the same, sentence by sentence

Values: `2020-01-27`, `2020-01`, `2021`; ranges `2020-01-24/2020-02-02`; open ends `2020-01-24/..` (自, 从…起, 以来)
and `../2020-03-28` (截至, 至, 前); a third of a month is a range of days, a quarter a range of months; a year that
nothing tells is `XXXX`. The surface includes the marker (从1月21日起), core_start and core_end leave it out.

How what isn't said is filled in:

- No year, reference known: the reference's year, unless the date would lie more than FUTURE_DAYS after the
  reference (12月28日 in an article of 5 January is the year before). What the text says is to come (将于…, …起施行)
  is this year, or the year after if it would lie more than half a year back. A year that the same or the previous
  sentence states goes on (2018年5月…。6月3日…) as long as the dates rise and don't pass the reference.
- No year, no reference: the year of the last date with month and year, unless the text has used yearless dates
  already; else XXXX.
- A bare day (28日): the month of the last date of the text, or the next month if the day lies far behind it. With a
  reference, a last date that is neither near the reference nor near in the text doesn't count, and a day that would
  lie more than AHEAD_DAYS after the reference is one of the month before, unless its sentence counts up to it.
  With no last date: the latest such day not after the day that follows the reference.
- 昨日, 今年, 上月 are counted from the reference, 当天, 次日, 同年 from the last date of the text. With nothing to
  count from, they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from kg.mentions.date_points import (
    ACTED,
    BEGINS,
    BRACKET,
    CAREER,
    END_OF,
    LASTS,
    SINCE,
    Grammar,
    Point,
    load_grammar,
    read_point,
)
from kg.mentions.date_values import (
    DateSpan,
    Interval,
    Kind,
    Moment,
    following,
    kind_of,
    last_day,
    parse_moment,
    part_months,
    part_of,
    reference_day,
    safe_date,
    shift,
    sure,
)

FUTURE_DAYS = 125   # a yearless date may lie so far ahead: plans are announced months before
HALF_YEAR = 183     # 将于1月5日 in December is the year after, 将于10月1日 in March is the same year
NEWS_DAYS = 3       # what news of the day tell of
NEAR_DAYS = 62      # a last date within two months of the reference is the month that bare days speak of
AHEAD_DAYS = 10     # forecasts and notices name bare days so far ahead
NEAR_SENTENCES = 2  # so is one in this sentence or in the two before it


def find_dates(text: str, reference: str = "", context: str = "") -> list[DateSpan]:
    """The dates of a text. `reference`: ISO date of the document; `context`: EDTF value of the date named before."""
    return DateReader(reference, context).read(text)


def read_dates(sentences: Sequence[str], reference: str = "") -> list[list[DateSpan]]:
    """The dates of each sentence of a document, read in order, so that 28日 and 当天 find what they refer to."""
    reader = DateReader(reference)
    return [reader.read(sentence) for sentence in sentences]


class DateReader:
    """Reads the sentences of one document and remembers the last date named."""

    def __init__(self, reference: str = "", previous: str = ""):
        self._grammar: Grammar = load_grammar()
        self._reference = reference_day(reference)
        self._sentence = 0
        self._yearless = self._chinese = False
        self._last = self._last_month = self._last_day = None  # type: Moment | None
        self._last_month_at = self._stated_at = -99
        if previous and (moment := parse_moment(previous)):
            self._remember(Interval(moment, moment, 1.0, moment.year is not None))

    def read(self, sentence: str) -> list[DateSpan]:
        """The dates of the next sentence: sorted, without overlap."""
        self._sentence += 1
        if not self._grammar.gate.search(sentence):
            return []
        spans: list[DateSpan] = []
        careers = {match.start(): match for match in CAREER.finditer(sentence)}
        titles = [match.span() for match in re.finditer(r"《[^》]*》?", sentence)]
        at = 0
        while match := self._grammar.scan.search(sentence, at):
            at = match.start() + 1
            if title := next((end for start, end in titles if start < match.start() < end), 0):
                at = title
            elif match.start() in careers:
                spans.append(self._career(careers[match.start()]))
                at = spans[-1].end
            elif span := self._date(sentence, match.start(), spans[-1].end if spans else 0):
                spans.append(span)
                at = span.end
        return spans

    def _career(self, match: re.Match[str]) -> DateSpan:
        """The months from and to which a post was held."""
        low = Moment(int(match[1]), int(match[2]))
        high = low if match["open"] is not None else Moment(int(match[3]), int(match[4]))
        self._remember(Interval(low, high, 0.95, True))
        end = match.end() - (match[0][-1] in " \u3000")
        value = f"{low.edtf()}/.." if match["open"] is not None else f"{low.edtf()}/{high.edtf()}"
        kind: Kind = "since" if match["open"] is not None else "range"
        return DateSpan(match.start(), end, match.string[match.start():end], value, kind, 0.95, match.start(), end)

    # ---- from the surface to a span

    def _date(self, text: str, at: int, floor: int) -> DateSpan | None:
        point = read_point(self._grammar, text, at)
        if not point or (joined := self._interval(text, point)) is None:
            return None
        interval, end = joined
        self._chinese |= point.chinese and bool(point.month)
        start, stop, kind = self._marked(text, point.start, end, floor, interval, point)
        if not (self._reference and kind == "since" and SINCE.search(text[stop - 2:stop + 24])):
            self._remember(interval)
        low, high = interval.low.edtf(), interval.high.edtf()
        value = {"since": f"{low}/..", "until": f"../{high}"}.get(kind, low if low == high else f"{low}/{high}")
        return DateSpan(start, stop, text[start:stop], value, kind, interval.confidence, point.start, end)

    def _interval(self, text: str, point: Point) -> tuple[Interval, int] | None:
        """The interval that begins with this point, and where its core ends; None if the point is no date."""
        if months := self._months(text, point):
            return months
        if _numbers_a_paragraph(text, point):
            return None
        sign = self._grammar.range_sign.match(text, point.end) or self._acted_sign(text, point)
        second = read_point(self._grammar, text, sign.end()) if sign else None
        if second and (second.fineness == point.fineness or second.year or second.word) and not (
                self._refused(text, point, open_end=True) or self._refused(text, second, open_start=True)):
            whole = self._range(text, point, second)
            if whole:
                return whole, second.end
        if point.fineness != "part" and text[point.end - 1].isdecimal() and not self._enumerated(text, point):
            return None  # 2020 in 2020至2022年 has no unit of its own
        if closing := self._closing(text, point):
            return closing
        if self._refused(text, point):
            return None
        interval = self._resolve(text, point)
        if interval and point.word and (said := self._bracketed(text, point)):
            interval = said
        return (interval, point.end) if interval else None

    def _acted_sign(self, text: str, point: Point) -> re.Match[str] | None:
        """从5月2日开馆至8月9日闭馆: what begins and ends stands behind either date of a range."""
        lead = self._grammar.rules["since_before"].search(text[max(0, point.start - 8):point.start])
        return ACTED.match(text, point.end) if lead and point.fineness == "day" else None

    def _months(self, text: str, point: Point) -> tuple[Interval, int] | None:
        """2016年7、8月: two months side by side are a range."""
        second = read_point(self._grammar, text, point.end + 1) if text[point.end:point.end + 1] == "、" else None
        if second is None or point.fineness != "month" or second.fineness != "month" or second.year or second.word \
                or text[point.end - 1] == "月" or second.month != (point.month or 0) + 1 or self._refused(text, second):
            return None
        whole = self._range(text, point, second)
        return (whole, second.end) if whole else None

    def _closing(self, text: str, point: Point) -> tuple[Interval, int] | None:
        """截至10月末, 至2020年底: the last day of a month or a year, up to which something is counted."""
        end = END_OF.match(text, point.end)
        before = text[max(0, point.start - 8):point.start]
        if not end or point.fineness not in ("month", "year") or not self._grammar.rules["until_before"].search(before):
            return None
        interval = self._resolve(text, point)
        if interval is None or interval.low != interval.high or (interval.low.year is None and interval.low.month == 2):
            return None
        year, month = interval.low.year, interval.low.month or 12
        last = Moment(year, month, last_day(year or 2001, month))
        return interval._replace(low=last, high=last), end.end()

    def _range(self, text: str, point: Point, second: Point) -> Interval | None:
        first = self._resolve(text, point)
        if not first:
            return None
        if second.year or second.word or second.weekday is not None:
            last = self._resolve(text, second)
        else:
            last = following(first, second)
        if not last or (first.low.year is None) != (last.high.year is None):
            return None
        ordered = first.low.first() <= last.high.first()
        return Interval(first.low, last.high, min(first.confidence, last.confidence), first.stated) if ordered else None

    def _enumerated(self, text: str, point: Point) -> bool:
        """2月3 in 2月3、4日, 7 in 7、8月, an ISO date, or a time such as 09:42."""
        return point.timed or (bool(point.day or point.month) and (
            text[point.start:point.end].count("-") == 2 or bool(re.match("[./]", text[point.start + 4:point.end]))
            or bool(re.match("[ \u3000]?[、和及]", text[point.end:]))))

    def _bracketed(self, text: str, point: Point) -> Interval | None:
        """What the bracket says in 昨日（12日）."""
        if text[point.end:point.end + 1] in {"（", "("}:
            inner = read_point(self._grammar, text, point.end + 1)
            if inner and inner.day and not inner.word and text[inner.end:inner.end + 1] in {"）", ")"}:
                return self._resolve(text, inner)
        return None

    def _marked(self, text: str, start: int, end: int, floor: int, interval: Interval,
                point: Point) -> tuple[int, int, Kind]:
        """The span with its markers, and what they make of it."""
        rules = self._grammar.rules
        before = text[max(floor, start - 8):start]
        since, until = rules["since_before"].search(before), rules["until_before"].search(before)
        ended = rules["until_after"].match(text, end)
        bracket = BRACKET.match(text, end)
        behind = bracket.end() if bracket and interval.low == interval.high else end      # 从今天（1月27日）起
        if interval.low != interval.high and point.fineness != "part":
            stop = ended.end() if ended and "止" in ended.group() else end
            return start - (len(since.group()) if since else 0), stop, "range"
        if opened := rules["since_after"].match(text, behind) or (since and BEGINS.match(text, behind)):
            return start - (len(since.group()) if since else 0), opened.end(), "since"
        if since and (since.group() != "从" or rules["since_later"].match(text, end)):
            return start - len(since.group()), end, "since"
        if ended or until:
            weak = rules["until_weak_before"].search(before) if ended else None
            lead = until or weak
            return start - (len(lead.group()) if lead else 0), ended.end() if ended else end, "until"
        return start, end, "range" if interval.low != interval.high else kind_of(interval.low)

    def _refused(self, text: str, point: Point, open_end: bool = False, open_start: bool = False) -> bool:
        """Whether the surroundings say that this is no date (8月龄, 拘留5日, 2020年底)."""
        rules = self._grammar.rules
        before = text[max(0, point.start - 20):point.start]
        if rules["any_after"].match(text, point.end) or rules["any_before"].search(before):
            return True
        if point.word and not point.word.bare and not (point.month or point.day or point.part):
            return True
        if point.word and point.word.origin == "text" and point.fineness == "day" and not point.day:
            return bool(rules["anaphora_before"].search(before))
        if point.fineness in {"year", "month"} and rules["vague_after"].match(text, point.end):
            return True
        if point.fineness == "year" and not point.word:
            return bool(rules["year_after"].match(text, point.end) or rules["year_before"].search(before))
        if point.fineness == "month" and not (point.year or point.word):
            return bool((not open_start and rules["month_before"].search(before))
                        or (not open_end and rules["month_after"].match(text, point.end)))
        return point.is_bare_day and self._no_bare_day(text, point, before, open_end, open_start)

    def _no_bare_day(self, text: str, point: Point, before: str, open_end: bool, open_start: bool) -> bool:
        rules = self._grammar.rules
        if not open_start and rules["day_before"].search(before):
            return True
        if not open_end and not point.timed and rules["day_after"].match(text, point.end):
            return True
        weak = "号" in text[point.start:point.end] or (point.chinese and not self._chinese)
        return weak and not point.timed and not re.match("起(?!诉)|以来|开始", text[point.end:])

    # ---- from a point to a moment

    def _resolve(self, text: str, point: Point) -> Interval | None:
        interval = self._moment_of(text, point)
        if interval and point.part:
            interval = part_of(interval, point.part)
        return interval if interval and interval.low.exists() and interval.high.exists() else None

    def _moment_of(self, text: str, point: Point) -> Interval | None:
        if point.weekday is not None:
            return self._counted("day", point.weekday - self._reference.weekday()) if self._reference else None
        if point.word:
            return self._word(point)
        if point.is_bare_day:
            return self._bare_day(point.day or 0, text.startswith(("以来", "至今"), point.end),
                                  bool(LASTS.search(text[:point.start])))
        if point.year is not None:
            year = self._full_year(point.year) if point.short_year else point.year
            return sure(Moment(year, point.month, point.day), 0.9 if point.short_year else 0.99)
        month = point.month or (part_months(point.part)[0] if point.part else 0)
        if point.part and not point.month and not self._reference:
            return None
        guess, confidence, stated = self._year_of(month, point.day, self._ahead(text, point))
        moment = Moment(guess, point.month, point.day)
        return Interval(moment, moment, 0.7 if point.part and not point.month else confidence, stated)

    def _counted(self, unit: str, offset: int) -> Interval | None:
        if not self._reference:
            return None
        return sure(shift(Moment(self._reference.year, self._reference.month, self._reference.day), unit, offset),
                     0.95, stated=False)

    def _word(self, point: Point) -> Interval | None:
        assert point.word
        unit, offset = point.word.unit, point.word.offset
        if point.word.origin == "reference":
            base = self._counted(unit, offset)
        else:
            last = {"day": self._last_day, "month": self._last_month, "year": self._last}[unit]
            known = last if last and (last.year is not None or unit != "year") else None
            base = sure(shift(known, unit, offset), 0.85) if known else None
        if not base or unit == "day":
            return base
        moment = base.low
        filled = Moment(moment.year, point.month or moment.month, point.day)
        return base._replace(low=filled, high=filled)

    def _full_year(self, year: int) -> int:
        now = self._reference.year % 100 + 2 if self._reference else 30
        return (2000 if year <= now else 1900) + year

    def _ahead(self, text: str, point: Point) -> bool:
        """Whether the text says that the date is still to come."""
        rules = self._grammar.rules
        return bool(rules["future_before"].search(text[max(0, point.start - 4):point.start])
                    or rules["future_after"].match(text, point.end))

    def _year_of(self, month: int, day: int | None, ahead: bool) -> tuple[int | None, float, bool]:
        """The year of a yearless date, how sure it is, and whether it goes on from a stated one."""
        last, near = self._last_month, self._sentence - self._stated_at <= 1
        if not self._reference:
            if last and last.year and not self._yearless:
                return last.year, 0.7, True
            return None, 0.9, False
        guess = safe_date(self._reference.year, month, day)
        if ahead:
            return self._reference.year + ((self._reference - guess).days > HALF_YEAR), 0.9, False
        year = self._reference.year - 1 if (guess - self._reference).days > FUTURE_DAYS else self._reference.year
        if last and last.year and near and last.year < year:
            going_on = safe_date(last.year, month, day)
            if last.first() <= going_on <= self._reference:
                return last.year, 0.7, True
        return year, 0.95, False

    def _bare_day(self, day: int, past: bool, lasts: bool) -> Interval | None:
        last = self._last_month
        if last and last.day and day < last.day and self._reference:
            latest = self._latest(day)
            if last.year and (self._reference - last.first()).days > NEAR_DAYS:
                return latest           # the story of long ago doesn't go backwards; the news of this month goes on
            if latest and latest.low.month != last.month and (
                    self._reference - latest.low.first()).days <= NEWS_DAYS:
                return latest           # nor does that of some weeks ago, where such a day was just now
        if last and self._reference and not last.day and self._last_month_at < self._sentence:
            last = self._last_day  # a month in an earlier sentence is background
        if last and self._reference and not self._near(last):
            last = None
        if not last:
            return self._latest(day)
        goes_on = not past and (lasts or self._last_month_at == self._sentence) and (last.day or 0) < day
        limit = date.max
        if self._reference and last.year and not goes_on:
            limit = self._reference + timedelta(days=AHEAD_DAYS)
        month = Moment(last.year, last.month)
        steps = (1, 0) if last.day and last.day - day > 20 else (0, -1) if last.first() <= limit else (0,)
        for step in steps:
            moment = shift(month, "month", step)._replace(day=day)
            if moment.exists() and moment.first() <= limit:
                return sure(moment, 0.85, stated=False)
        latest = self._latest(day) if last.first() > limit else None        # behind what is still to come
        return latest if latest and self._reference and latest.low.first() >= self._reference - timedelta(
            days=AHEAD_DAYS) else None

    def _near(self, last: Moment) -> bool:
        if last.year is None or not self._reference:
            return True
        if last is self._last_month and self._sentence - self._last_month_at <= NEAR_SENTENCES:
            return True
        return abs((self._reference - last.first()).days) <= NEAR_DAYS

    def _latest(self, day: int) -> Interval | None:
        """The latest such day that isn't after the day that follows the reference."""
        if not self._reference:
            return None
        month = Moment(self._reference.year, self._reference.month)
        for _ in range(3):
            moment = month._replace(day=day)
            if moment.exists() and moment.first() <= self._reference + timedelta(days=1):
                return sure(moment, 0.85, stated=False)
            month = shift(month, "month", -1)
        return None

    def _remember(self, interval: Interval) -> None:
        moment = interval.high
        self._last = moment
        self._yearless |= moment.year is None
        if moment.month:
            self._last_month, self._last_month_at = moment, self._sentence
            self._stated_at = self._sentence if interval.stated else self._stated_at
        if moment.day:
            self._last_day = moment


def _numbers_a_paragraph(text: str, point: Point) -> bool:
    """一、8月15日 at the head of a line: the first is no month, but the number of the paragraph."""
    return point.fineness == "month" and text[point.end:point.end + 1] == "、" and text[point.end - 1] not in "月份" \
        and not point.year and not text[:point.start].strip(" \u3000（(")
