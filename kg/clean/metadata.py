"""What a page says of itself: title, publisher, date, authors, editors, place.

Only lines that speak of the page are asked (metadata, bylines, datelines); never lists of links or contacts, whose
years and places belong to something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kg.clean.hanzi import HAN
from kg.models import Line, Metadata

_FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_CHINESE_DATE = re.compile("([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月"
                           "([一二三四五六七八九十]{1,3})日")
_DIGITS = {char: number for number, chars in enumerate(["〇○零", *"一二三四五六七八九"]) for char in chars}

_PUBLISHER = re.compile(r"(?:来源|稿源|出处|转自|转载自)[：:]\s*([^\s（）()\[\]【】，。；|｜丨]{2,24})"
                        r"|^《 ?([^》]{2,16}?) ?》 ?[（(] ?(?:19|20)\d\d")
#: Who answered or made public, where no source is told.
_ISSUER = re.compile(r"(?:发布机构|发布单位|发文机关|回复单位|答复单位|办理单位|供稿单位)[：:]\s*"
                     r"([^\s（）()\[\]【】，。；|｜丨]{4,24})")
#: The site or account of an authority.
_SITE = re.compile("(?<=[委局院厅府部会队])(?:门户|官方)?(?:网站|官网|微信公众号|微信|公众号|微博)$")
_SEAL = re.compile("[（(](?:印章|公章|盖章|章)[）)]$")
_CLOSING_SOURCE = re.compile(r"[（(【]?(?:文章|信息)?(?:来源|稿源|转自|据)[：:]\s*([^\s（）()，。；]{2,20})[）)】]$")
# 新华社北京9月4日电 · 中新网9月4日电 · 人民网成都2022年9月4日电
_DATELINE = re.compile(rf"^[（(【]?(?!据)([{HAN}]{{2,8}}?(?:社|网|报|台|客户端))"
                       rf"(?:[{HAN}]{{2,6}}频道)?([{HAN}]{{2,9}}?)?"
                       r"((?:19|20)\d\d年)?(?:(\d{1,2})月)?(\d{1,2})日(?:电|讯|消息|报道)")
# 法制网讯（ · 红星新闻消息（
_WIRE = re.compile(rf"^[（(【]?(?!本[报网刊台]|据)([{HAN}]{{2,10}}?(?:报|社|网|台|在线|新闻|客户端|时刻))(?:讯|消息)")
_LEAD = re.compile(rf"^(?:[{HAN}·\d]{{0,20}}(?:讯|电|消息|报道))?\s*[（(【]([^（）()【】]{{0,70}})[）)】]")
_TAIL = re.compile(r"[（(【]([^（）()【】]{0,70})[）)】]$")

# 法制日报·某某见习记者; whose reporters they are
_PAPER = re.compile(rf"(?!本[报网刊台])([{HAN}·]{{1,16}}?(?:报|社|网|台|在线|新闻|客户端|周刊)(?:·[{HAN}]{{2,6}})?)"
                    rf"(?:全媒体|融媒体|见习|实习|特约|首席|驻[{HAN}]{{2,4}})*(?:记者|通讯员)")

_ROLE = "记者|通讯员|特约撰稿人|撰稿人|作者|撰稿|撰文|评论员"
_LABEL = re.compile(rf"(?:{_ROLE})(?![为是系])|(?:文|图|文图|图文|摄影|摄)(?=[：:/／|])"
                    "|责任编辑|责编|编辑|审核|校对|供图|摄影|摄像")
_WRITER = re.compile(rf"(?:{_ROLE}|文|文图|图文)$")
_EDITORS = re.compile(rf"(?:责任编辑|责任编校|责编|编辑)[：:丨|/]?\s*((?:[{HAN}·]{{2,4}}(?![{HAN}：:])[、，,/ ]*)+)")
_NAME = re.compile(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+")
#: 作者：王小明 时间：2022
_NEXT_LABEL = re.compile(rf"(?<![{HAN}])[{HAN}]{{2,6}}[：:]")
_BEHIND_NAME = re.compile("(?:摄影报道|报道|综合|摄影|整理|采写|文并图|图/文|文/图|摄|文|图)$")
_PREFIX = re.compile("本[报网刊台]|特约|见习|实习|全媒体|融媒体|首席|新华社|中新社")
_NO_NAME = frozenset(["报道", "综合", "整理", "采写", "摄影", "实习生", "见习", "本报", "本网", "佚名", "匿名", "网络",
                      "管理员", "小编", "未知"])


def page_metadata(text: str, lines: Sequence[Line], meta: Mapping[str, str], given: Metadata, option_date: str,
                  page_title: str = "") -> Metadata:
    """The metadata of a cleaned document; what the page states goes before what was given with it.

    `meta` are the meta tags of a web page and `page_title` its <title>.
    """
    shown = [(line.role, text[line.start:line.end]) for line in lines]
    labels = [line for role, line in shown if role == "metadata"]
    credit = [line for role, line in shown if role == "byline"]
    body = [line for role, line in shown if role in ("body", "caption")]
    dateline = next((m for line in (*credit, *body[:2]) if (m := _DATELINE.match(line))), None)
    headline = next((line for role, line in shown if role == "title"), "")
    date, date_from = _date(labels, meta, dateline, given, option_date)
    return Metadata(
        title=given.title or headline or _meta_title(meta, page_title),
        publisher=_publisher(labels, credit, body, meta, dateline) or given.publisher,
        date=date, date_from=date_from,
        place=(dateline[2] or "" if dateline else "") or given.place,
        authors=_authors(labels, credit, body) or given.authors,
        editors=_unique(name for line in (*labels, *body[-1:]) for found in _EDITORS.finditer(line)
                        for name in _names(found[1])) or given.editors,
        url=given.url,
    )


# ----------------------------------------------------------------------------------------------- date


def iso_date(text: str) -> str:
    """The first full date in a text as ISO 8601, empty if there is none or no such day.

    >>> [iso_date(text) for text in ("2022年9月13日 09:42", "news-20220913", "二〇二二年九月十三日", "9月13日")]
    ['2022-09-13', '2022-09-13', '2022-09-13', '']
    """
    for pattern in (_FULL_DATE, _COMPACT_DATE):
        for found in pattern.finditer(text):
            if day := _day(int(found[1]), int(found[2]), int(found[3])):
                return day
    chinese = _CHINESE_DATE.search(text)
    if chinese:
        year = int("".join(str(_DIGITS[c]) for c in chinese[1]))
        return _day(year, _number(chinese[2]), _number(chinese[3]))
    return ""


def _number(chinese: str) -> int:
    """Up to 三十一."""
    if "十" not in chinese:
        return _DIGITS[chinese[-1]]
    tens, ones = chinese.split("十", 1)
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[0]] if ones and ones[0] in _DIGITS else 0)


def _day(year: int, month: int, day: int) -> str:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= days[month - 1] else ""


_DATE_TAGS = ("pubdate", "publishdate", "publish_date", "publish-date", "article:published_time", "datepublished",
              "publishedtime", "date", "weibo:article:create_at", "og:release_date", "firstpublishedtime")


def _date(labels: Sequence[str], meta: Mapping[str, str], dateline: re.Match[str] | None, given: Metadata,
          option: str) -> tuple[str, str]:
    """The date and who states it: page, column, file name, option."""
    published = [line for line in labels if "更新" not in line]
    for stated in (*published, *(meta.get(tag, "") for tag in _DATE_TAGS)):
        if day := iso_date(stated):
            return day, "page"
    if dateline:
        day = _dateline_date(dateline, given.date)
        if day:
            return day, "page"
    if given.date:
        return given.date, given.date_from
    for stated in labels:  # 更新时间 is often, but not always, the day of publication
        if day := iso_date(stated):
            return day, "page"
    return (option, "option") if option else ("", "")


def _dateline_date(dateline: re.Match[str], reference: str) -> str:
    """9月4日电, with its own year or with that of the date that came with the document."""
    if dateline[3] and dateline[4]:
        return _day(int(dateline[3][:4]), int(dateline[4]), int(dateline[5]))
    if not reference or not dateline[4]:
        return ""
    year = int(reference[:4])
    day = _day(year, int(dateline[4]), int(dateline[5]))
    # A date of January with a dateline of December: the text is of the year before.
    return _day(year - 1, int(dateline[4]), int(dateline[5])) if day[:7] > reference[:7] else day


# ------------------------------------------------------------------------------ publisher, authors


def _publisher(labels: Sequence[str], credit: Sequence[str], body: Sequence[str], meta: Mapping[str, str],
               dateline: re.Match[str] | None) -> str:
    """Who published the page; of 甲县纪委监委网站 the body whose site it is."""
    return _SITE.sub("", _found_publisher(labels, credit, body, meta, dateline))


def _found_publisher(labels: Sequence[str], credit: Sequence[str], body: Sequence[str], meta: Mapping[str, str],
                     dateline: re.Match[str] | None) -> str:
    for line in labels:
        if (found := _PUBLISHER.search(line)) and _is_publisher(found[1] or found[2]):
            return found[1] or found[2]
    for line in labels:
        if (found := _ISSUER.search(line)) and _is_publisher(found[1]):
            return found[1]
    for line in reversed(body):
        if (found := _CLOSING_SOURCE.search(line)) and _is_publisher(found[1]):
            return found[1]
    for tag in ("contentsource", "source", "mediaid"):
        if _is_publisher(meta.get(tag, "")):
            return meta[tag]
    if dateline:
        return dateline[1]
    for line in body[:2]:
        if wire := _WIRE.match(line):
            return wire[1]
        lead = _LEAD.match(line)
        if lead and (paper := _PAPER.match(lead[1])):
            return paper[1]
    signed = [_SEAL.sub("", line) for line in credit
              if re.fullmatch(f"[{HAN}（）]{{4,30}}", line) and not _LABEL.search(line)
              and "代章" not in line]
    return signed[-1] if signed else ""


def _is_publisher(text: str) -> bool:
    nobody = ("网络", "互联网", "本站", "本网", "本报", "未知", "原创")
    return bool(re.search(f"[{HAN}]", text)) and len(text) <= 24 and text not in nobody


def _authors(labels: Sequence[str], credit: Sequence[str], body: Sequence[str]) -> tuple[str, ...]:
    zones = [*credit, *(line for line in labels if _LABEL.search(line))]
    zones += [m[1] for line in body[:3] if (m := _LEAD.match(line)) and re.search(_ROLE, m[1])]
    zones += [m[1] for line in body[-2:] if (m := _TAIL.search(line)) and re.search(_ROLE, m[1])]
    return _unique(name for zone in zones for name in _writers(zone))


def _writers(zone: str) -> list[str]:
    """The names behind the labels of writers; those behind 责编 or 摄影 are left out."""
    marks = list(_LABEL.finditer(zone))
    found = []
    ends = [*(mark.start() for mark in marks[1:]), len(zone)]
    for mark, end in zip(marks, ends, strict=bool(marks)):
        if _WRITER.fullmatch(mark[0]):
            found += _names(zone[mark.end():end])
    return found


def _names(text: str) -> list[str]:
    """The names at the head of a list; it ends at the first thing that is none.

    >>> _names("：王小明、李 报道"), _names("：王小明 时间：2022")
    (['王小明'], ['王小明'])
    """
    names = []
    text = _NEXT_LABEL.split(text.lstrip(" ：:"))[0]
    for part in re.split(r"[\s、，,/／：:|]+", text.strip(" ：:）)】/")):
        name = _BEHIND_NAME.sub("", part) if len(part) > 2 else part
        if not part:
            continue
        if not _NAME.fullmatch(name) or name in _NO_NAME or _PREFIX.match(name):
            break
        names.append(name)
    return names


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _meta_title(meta: Mapping[str, str], page_title: str) -> str:
    title = meta.get("articletitle") or meta.get("og:title") or page_title
    return re.split(r"\s*(?:[-_|—]+\s*)(?=[^-_|—]*$)", title, maxsplit=1)[0].strip() if title else ""
