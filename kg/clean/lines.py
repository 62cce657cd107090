"""Which part of a page a line is: title, byline, body, caption …, or something that is no text at all.

Lines are judged by what they look like (the lists in kg/data/cleaning/lines.yaml) and by where they stand: before,
between or behind the paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kg.clean.hanzi import HAN, simplified_forms
from kg.clean.pattern_lists import FOLDER, PatternList, load_patterns
from kg.knowledge.parties import load_parties
from kg.knowledge.rosters import load_rosters
from kg.models import READ_ROLES, Line, Role

_LISTS = ("title_prefix", "metadata", "metadata_word", "byline", "boilerplate", "boilerplate_short", "menu", "related",
          "comments", "contact", "caption", "post_end")

_BULLET = re.compile(r"[ \t\u00a0\u3000]*(?:#{1,6} |>+ |[-*+•·●■◆▪►→] ?(?=\S)(?!-))?[ \t\u00a0\u3000]*")
_LIST_ITEM = re.compile(r"[ \t\u00a0\u3000]*[-*+•·●▪►] ?\S")
#: Five short words or more in a row: a menu, or further down a list of names.
_MENU = re.compile(r"(?:[^\W\d]{1,6}[ |｜/·]+){4,}[^\W\d]{1,6}")
_SENTENCE_MARK = re.compile("[。！？；…]")
#: The end of a sentence, behind which a credit may stand: 大家都很满意。（记者 罗敏）
_SENTENCE_END = re.compile("[。！？；…][”’」』）)】]*(?:[（(][^（()）]{2,40}[）)])?$")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?:年|[-/.])\d{1,2}(?:月|[-/.])\d{1,2}(?!\d)|"
                   r"(?<!\d)(?:19|20)\d\d(?:年|[-/.])\d{1,2}(?:月|[-/.])\d\d(?=\d\d[：:])")
_CHINESE_DATE = re.compile("^[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$")
#: A line of a career: 1993.08—1998.03 甲县水利站工作员, 2019年1月— 任局长.
_CAREER = re.compile(r"(?:19|20)\d\d(?:[.．/]\d{1,2}|年(?:\d{1,2}月)?)?(?:[—－–~～-]{1,3}|至)"
                     rf"(?:(?:19|20)\d\d(?:[.．/]\d{{1,2}}|年(?:\d{{1,2}}月)?)?|今|至今)?[，,：:]?(?=[{HAN}（(])"
                     rf"(?=.*[{HAN}]{{4}})(?!.*\d[：:]\d)")
#: A line that goes on with the role of a roster before it: 王小明　县气象局局长.
_ROSTER_NEXT = re.compile(rf"\s*[{HAN}](?:[{HAN}]{{1,3}}|\s+[{HAN}])\s+[{HAN}（）、，]{{4,}}")
#: A name and a post: 张永贵　县公安局刑警大队大队长, 曾　凯（女） 县国土局副局长.
_NAMED_POST = re.compile(rf"[{HAN}](?:[{HAN}]{{1,3}}|\s+[{HAN}])(?:[（(][{HAN}，、]{{1,8}}[）)])?"
                         rf"(?:\s+[男女])?(?:\s+[{HAN}]{{1,6}}族)?"
                         rf"\s+[{HAN}（）、]{{4,40}}")
#: 甲府发〔2021〕9号: no headline.
_FILE_NUMBER = re.compile(rf"[（(](?:19|20)\d\d[）)][{HAN}]\d{{0,4}}[{HAN}]{{1,4}}\d+号|"
                          r"[^，。]{0,16}[〔［\[【（(](?:19|20)\d\d(?:年)?[〕］\]】）)]第?\d+[号期](?:[^，。]{0,30})?")
_NUMBERED_TEXT = re.compile("(?:（[一二三四五六七八九十]{1,3}）|[一二三四五六七八九十]{1,3}、)[^：]{6,}[。；]")
#: 先进集体：, 获奖单位（3个）：, and a body in a line of its own.
_BODIES_OPEN = re.compile(rf"[{HAN}、，“”（）]{{0,16}}(?:先进|优秀|获奖|表扬|表彰|达标|示范)[{HAN}]{{0,6}}"
                          r"(?:集体|单位|组织)(?:名单)?(?:[（(][^（）()]{1,8}[）)])?[：:]?")
_BODY_NAME = re.compile(rf"[{HAN}（）]{{4,30}}[局院队所委办处科司心校府室站厅部会社厂]")
_TIME = re.compile(r"\d{1,2}[:：]\d\d")

_PARAGRAPH = 30     # characters from which a line with a sentence mark makes the page's body
_BODY = 20          # characters from which any line with a sentence mark is body
_SHORT = 60         # metadata, bylines and contacts are shorter
_THIN = 25          # a paragraph with more characters than this for each of its contacts is text
_NEIGHBOURS = 3     # so many list items in a row without the end of a sentence are links
_HEADLINE = 8       # characters that a line in front of the page's metadata must have to be the headline
_LONG_CAPTION = 120


@cache
def patterns() -> dict[str, PatternList]:
    """The lists of lines.yaml."""
    return load_patterns(FOLDER / "lines.yaml", _LISTS)


@cache
def _roster() -> re.Pattern[str]:
    """A line of a roster: 副组长：丁建国　县水利局局长."""
    words = load_rosters()
    return re.compile(f"(?:{'|'.join((*words.lines, *words.present))})[：:](?=[{HAN}])")


@cache
def _bench() -> re.Pattern[str]:
    """A line of those who sign a judgment: 审判长张建国."""
    return re.compile(f"(?:{'|'.join(load_rosters().bench)})[：:]?[{HAN}]{{2,4}}")


@dataclass(frozen=True, slots=True)
class _Look:
    """A line as the rules see it: its text without indentation and bullet, the same without spaces, and its looks."""

    start: int
    end: int
    text: str
    compact: str
    item: bool
    content: bool
    sentence: bool
    boilerplate: bool
    contact: bool


def classify(text: str, content: Sequence[bool] | None = None) -> tuple[Line, ...]:
    """The lines of a cleaned text with their roles.

    `content` says for each line whether it lies in the main part of a web page; without it every line may.
    Lines that are read on begin behind their indentation, bullet and `原标题：`.
    """
    looks = _looks(text, content)
    places = [k for k, look in enumerate(looks) if _is_paragraph(look)]
    comments = _comments(looks, places[0] if places else len(looks))
    places = [k for k in places if k < comments]
    first, last = (places[0], places[-1]) if places else (len(looks), -1)
    links = _links(looks)
    shapes = ["boilerplate" if (k in links or k >= comments) and shape not in ("metadata", "title", "blank") else shape
              for k, shape in enumerate(map(_by_shape, looks))]
    headline = _headline(looks, shapes, first)
    shapes = _drop_menus(looks, shapes, headline)
    roles: list[Role] = [shape or _by_place(look, k, first, last, headline)
                         for k, (look, shape) in enumerate(zip(looks, shapes, strict=True))]
    roles = _drop_links_behind(looks, roles, last)
    _keep_something(looks, roles)
    _sign(looks, roles)
    _keep_rosters(looks, roles)
    _keep_named_posts(looks, roles)
    _keep_listed_bodies(looks, roles)
    _keep_parties(looks, roles)
    roles = _mark_repeats(looks, roles)
    return tuple(Line(look.start if role in READ_ROLES else _line_start(text, look.start), look.end, role)
                 for look, role in zip(looks, roles, strict=True))


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _looks(text: str, content: Sequence[bool] | None) -> list[_Look]:
    looks, at = [], 0
    for k, line in enumerate(text.split("\n")):
        bullet = _BULLET.match(line)
        skipped = bullet.end() if bullet else 0
        stripped = line[skipped:].rstrip()
        end = at + skipped + len(stripped)
        prefix = patterns()["title_prefix"].search(stripped)
        start = at + skipped + (prefix.end() if prefix and prefix.end() < len(stripped) else 0)
        compact = _compact(stripped)
        sentence = bool(_SENTENCE_END.search(compact))
        looks.append(_Look(start, end, stripped, compact, bool(_LIST_ITEM.match(line)),
                           content is None or content[k], sentence, _is_boilerplate(compact, sentence),
                           _is_contact(stripped, compact, sentence)))
        at += len(line) + 1
    return looks


@cache
def _simplify() -> dict[int, str]:
    return {ord(char): new for char, new in simplified_forms().items()}


def _compact(line: str) -> str:
    """A line without spaces and in Simplified characters, of which a Simplified page may have left some out."""
    compact = re.sub(r"\s", "", line)
    return compact if compact.isascii() else compact.translate(_simplify())


def _is_paragraph(look: _Look) -> bool:
    leads_in = "，" in look.compact and look.compact.endswith("：")
    # A list item must end like a sentence: there are pages that stand in a list as a whole.
    shape = look.sentence if look.item else _SENTENCE_MARK.search(look.compact) or leads_in
    long = len(look.compact) >= _PARAGRAPH
    return long and bool(shape) and look.content and not look.boilerplate and not look.contact


def _is_boilerplate(compact: str, sentence: bool) -> bool:
    lists = patterns()
    if lists["boilerplate"].search(compact):
        return True
    short = len(compact) <= 40 and not sentence
    return short and any(lists[name].search(compact)
                         for name in ("boilerplate_short", "menu", "related", "comments"))


def _is_contact(text: str, compact: str, sentence: bool) -> bool:
    found = patterns()["contact"].anywhere.findall(text)
    if not found or (len(compact) >= _SHORT and sentence and (
            len(found) < 3 or len(compact) > _THIN * len(found))):
        return False
    if len(compact) >= _BODY and _NUMBERED_TEXT.match(compact):
        return False                    # （一）办公室。负责文电。负责人：张三　电话：…
    return (len(compact) < _SHORT and not sentence) or len(found) >= 2


def _is_metadata(look: _Look) -> bool:
    if len(look.compact) >= _SHORT or look.sentence:
        return False
    if patterns()["metadata"].search(look.compact):
        return True
    date = _DATE.search(look.compact) or _DATE.search(look.text)
    if not date:
        return bool(_CHINESE_DATE.search(look.compact))
    bare = len(look.compact) - len(date[0]) <= 4 and date.start() == 0
    labelled = _TIME.search(look.compact) or patterns()["metadata_word"].search(look.compact)
    return bare or (bool(labelled) and len(look.compact) - len(date[0]) < 40)


def _is_caption(look: _Look) -> bool:
    return len(look.compact) <= _LONG_CAPTION and bool(patterns()["caption"].search(look.compact))


def _links(looks: Sequence[_Look]) -> frozenset[int]:
    """The list items without the end of a sentence of which three or more are neighbours (blank lines don't count)."""
    found: list[int] = []
    run: list[int] = []
    for k, look in enumerate(looks):
        if look.item and not look.sentence and len(look.compact) < _SHORT:
            run.append(k)
        elif look.compact:
            found += run if len(run) >= _NEIGHBOURS else []
            run = []
    return frozenset(found + (run if len(run) >= _NEIGHBOURS else []))


def _by_shape(look: _Look) -> Role | None:
    """The role that a line has by its looks, wherever it stands."""
    lists = patterns()
    if not look.compact:
        return "blank"
    if lists["title_prefix"].search(look.compact) and len(look.compact) < 100:
        return "title"
    if look.boilerplate or (look.contact and not _is_metadata(look)):
        return "boilerplate"
    if _is_metadata(look):
        return "metadata"
    if len(look.compact) < _SHORT and not look.sentence and lists["byline"].search(look.compact):
        return "byline"
    if not look.content:
        return "boilerplate"
    if _is_caption(look):
        return "caption"
    told = len(look.compact) >= _BODY and _SENTENCE_MARK.search(look.compact)
    if told or _CAREER.match(look.compact) or _is_paragraph(look):
        return "body"
    return None


def _by_place(look: _Look, k: int, first: int, last: int, headline: int | None) -> Role:
    """The role of a short line: title before the body, heading inside of it, nothing behind it."""
    inside = first < k <= last or re.search("[，：]", look.compact)
    if look.sentence or (len(look.compact) >= _PARAGRAPH and inside and k > first):
        return "body"
    if not re.search(f"[{HAN}]", look.compact) or k > last >= 0:
        return "boilerplate"
    return "title" if k == headline else "heading"


def _headline(looks: Sequence[_Look], shapes: Sequence[Role | None], first: int) -> int | None:
    """Which line before the body is its headline; None where 原标题 tells it before.

    It is the last one in front of the lines that say who published the page and when; failing that the longest.
    """
    end = min(first, shapes.index("title") if "title" in shapes else first)
    party = load_parties().label("open", "posts", "places", "more", "name", "office")
    short = [k for k in range(end) if shapes[k] is None and not looks[k].sentence
             and not looks[k].compact.endswith("：") and not _FILE_NUMBER.fullmatch(looks[k].compact)
             and not party.match(looks[k].text)
             and re.search(f"[{HAN}]", looks[k].compact)]
    told = next((k for k in range(end) if shapes[k] in ("metadata", "byline")), end)
    before = [k for k in short if k < told and len(looks[k].compact) >= _HEADLINE]
    if told < end and before and all(shapes[k] == "blank" for k in range(before[-1] + 1, told)):
        return before[-1]
    return max(short, key=lambda k: (len(looks[k].compact), -k), default=None)


def _drop_menus(looks: Sequence[_Look], shapes: Sequence[Role | None], headline: int | None) -> list[Role | None]:
    """Lines above the headline are the site's, if there are several and some of them are known to be."""
    above = [k for k in range(headline or 0) if shapes[k] != "blank"]
    known = any(shapes[k] == "boilerplate" or _MENU.fullmatch(looks[k].text) for k in above)
    site = len(above) >= _NEIGHBOURS and (known or len(above) >= 2 * _NEIGHBOURS)
    return ["boilerplate" if site and shape is None and k < (headline or 0) else shape
            for k, shape in enumerate(shapes)]


def _comments(looks: Sequence[_Look], first: int) -> int:
    """The line behind the first paragraph from which on readers comment; all lines if none do."""
    return next((k for k in range(first, len(looks)) if patterns()["comments"].search(looks[k].compact)), len(looks))


def _drop_links_behind(looks: Sequence[_Look], roles: list[Role], last: int) -> list[Role]:
    """Behind a heading such as 相关阅读 everything short is a link."""
    behind = False
    result: list[Role] = []
    for k, (look, role) in enumerate(zip(looks, roles, strict=True)):
        if k > last and patterns()["related"].search(look.compact):
            behind = True
        drop = behind and role not in ("blank", "metadata") and not _is_paragraph(look)
        result.append("boilerplate" if drop else role)
    return result


def _keep_something(looks: Sequence[_Look], roles: list[Role]) -> None:
    """A text of a single line is its body, though it looks like a headline."""
    filled = [k for k, look in enumerate(looks) if look.compact]
    if len(filled) == 1 and roles[filled[0]] == "heading":
        roles[filled[0]] = "body"


def _keep_rosters(looks: Sequence[_Look], roles: list[Role]) -> None:
    """The members of a body are text, though nothing else of their lines is like a sentence."""
    goes_on = False
    for k, look in enumerate(looks):
        if roles[k] == "blank":
            continue
        goes_on = look.content and not look.boilerplate and (
            bool(_roster().match(look.compact)) or bool(_bench().fullmatch(look.compact)) or (
                goes_on and bool(_ROSTER_NEXT.fullmatch(look.text))))
        if goes_on:
            roles[k] = "body"


def _keep_named_posts(looks: Sequence[_Look], roles: list[Role]) -> None:
    """Two lines or more of a name and a post (张永贵　县公安局刑警大队大队长) are the list of a decision."""
    run: list[int] = []
    for k, look in enumerate([*looks, None]):
        if look is not None and not look.compact:
            continue
        if look is not None and look.content and not look.boilerplate and _NAMED_POST.fullmatch(look.text) \
                and patterns()["post_end"].search(look.compact):
            run.append(k)
            continue
        for line in run if len(run) > 1 else ():
            roles[line] = "body"
        run = []


def _keep_listed_bodies(looks: Sequence[_Look], roles: list[Role]) -> None:
    """Two lines or more of a body each, below 先进集体：, are the list of a decision."""
    run: list[int] = []
    opened = False
    for k, look in enumerate([*looks, None]):
        if look is not None and not look.compact:
            continue
        if opened and look is not None and look.content and not look.boilerplate and _BODY_NAME.fullmatch(look.compact):
            run.append(k)
            continue
        for line in run if len(run) > 1 else ():
            roles[line] = "body"
        run, opened = [], look is not None and not look.boilerplate and "body" in roles[:k] \
            and bool(_BODIES_OPEN.fullmatch(look.compact))


def _keep_parties(looks: Sequence[_Look], roles: list[Role]) -> None:
    """The lines that say who is dealt with, who heads it and where it is: text, though contacts look alike."""
    labels = load_parties()
    opens, told = labels.label("open", "name"), labels.label("open", "posts", "places", "name", "office")
    any_label = labels.label("open", "posts", "places", "more", "name", "office")
    inside = False
    for k, look in enumerate(looks):
        if roles[k] == "blank":
            continue
        inside = look.content and bool(opens.match(look.text) or (inside and any_label.match(look.text)))
        if inside and told.match(look.text):
            roles[k] = "body"


def _sign(looks: Sequence[_Look], roles: list[Role]) -> None:
    """The short line before a date at the end is who signs a notice, and so are those before it that look like one."""
    filled = [k for k, look in enumerate(looks) if look.compact]
    first_body = roles.index("body") if "body" in roles else len(roles)
    signing = -1
    for k, following in reversed(list(pairwise(filled))):
        dated = following == signing or (
            roles[following] == "metadata" and len(looks[following].compact) <= 14)
        alone = roles[k] == "boilerplate" and looks[k].content and not looks[k].boilerplate
        if dated and alone and k > first_body and re.fullmatch(f"[{HAN}（）]{{4,30}}", looks[k].compact) \
                and not looks[k].item:
            roles[k], signing = "byline", k


def _mark_repeats(looks: Sequence[_Look], roles: Sequence[Role]) -> list[Role]:
    seen: set[str] = set()
    result: list[Role] = []
    for look, role in zip(looks, roles, strict=True):
        prefix = patterns()["title_prefix"].search(look.compact)
        key = look.compact[prefix.end():] if prefix else look.compact
        repeated = key in seen and role != "blank"
        result.append("duplicate" if repeated else role)
        if role not in ("blank", "boilerplate"):
            seen.add(key)
    return result
