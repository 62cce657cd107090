"""Persons, titles, places and documents: what the tagger gives, mended and completed by small grammars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.lexicon import Lexicon
from kg.models import Mention, Token
from kg.places import Places

_HAN = r"\u4e00-\u9fff"
_MASKED = "某＊*×Xx"
#: The classic shape of a withheld name: 彭某, 余某某, 杨某虹, 张×.
#: Looked for at every character, since 的彭某 has the shape as well and only the family name decides.
_MASKED_NAME = re.compile(rf"(?=([{_HAN}](?:[某＊*×]{{1,2}}[{_HAN}]?|[{_HAN}][某＊*×])))")
#: Words that follow a withheld name and are never its third character: 武某被…, 佟某某等…
_NOT_IN_NAME = frozenset("等被的在和与将对为因从至于向把到及由则也又已正经称说是有任兼曾之系以所处驾乘住遭赶来去出进入带再"
                         "报持用给让使未不涉购销卖买租借欠还打找")
_QUOTED = re.compile(r"《([^《》\n]{2,80}(?:《[^《》\n]{1,40}》[^《》\n]{0,40})?)》")
_UNQUOTED = re.compile(r"关于(?!作出|开展)[^，。；：！？《》“”\n]{6,60}的(通知|通告|公告|意见|决定|通报|公开信|倡议书|办法|规定|方案)")
_ACRONYM = re.compile(r"[A-Za-z0-9]{2,}$")


def find_titles(text: str, start: int, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Mention]:
    """Titles (局长, 副总指挥, 民警) that begin and end where words do."""
    ends = {token.end - start for token in tokens}
    skip = 0
    for token in tokens:
        at = token.start - start
        if at < skip:
            continue
        for length in range(min(lexicon.longest_title, len(text) - at), 1, -1):
            if at + length in ends and text[at:at + length] in lexicon.titles:
                skip = at + length
                yield Mention(token.start, start + skip, "POSITION", text[at:skip], "lexicon.title")
                break
        else:
            # 女民警 and 大队长 come as one word of which only the end is in the list
            word = token.text
            for cut in range(1, max(1, len(word) - 1)):
                if word[cut:] in lexicon.titles and lexicon.organizations.get(word[:cut]) is None and token.pos == "n":
                    yield Mention(token.start, token.end, "POSITION", word, "lexicon.title", confidence=0.8)
                    break


def find_persons(text: str, start: int, tokens: Sequence[Token], spans: Sequence[Mention],
                 titles: Sequence[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Persons: the tagger's, held to the shape of a name; 某-names; and names that a title announces."""
    for span in spans:
        masked = re.search(rf"[{_MASKED}]", span.text)
        if span.type == "PERSON" and not masked and (name := _person_shape(span, lexicon)):
            yield name
    starts, ends = {t.start - start for t in tokens}, {t.end - start for t in tokens}
    for match in _MASKED_NAME.finditer(text):
        name = match.group(1)
        if not lexicon.surname(name) or match.start() not in starts:
            continue
        if name[1] not in _MASKED and name[:1] in _NOT_IN_NAME:
            continue
        end = match.end(1)
        if name[-1] not in _MASKED and name[1] in _MASKED and (end not in ends or name[-1] in _NOT_IN_NAME):
            end -= 1                    # 方某确 of 方某确诊: the third character belongs to the next word
        yield Mention(start + match.start(), start + end, "PERSON", text[match.start():end], "grammar.masked_name")
    yield from _foreign_names(text, start, tokens, spans)
    by_start = {token.start: i for i, token in enumerate(tokens)}
    for title in titles:
        if (i := by_start.get(title.end)) is not None and (name := _announced(tokens, i, lexicon)):
            yield name


_DOT = re.compile("[·•‧]")
_DOTTED = re.compile(rf"[{_HAN}A-Za-z]{{1,8}}(?:[·•‧][{_HAN}A-Za-z]{{1,8}})+")


def _foreign_names(text: str, start: int, tokens: Sequence[Token], spans: Sequence[Mention]) -> Iterator[Mention]:
    """谢尔盖·切梅佐夫: a name with a dot in it, when the tagger took one of its parts for a person."""
    people = [range(s.start - start, s.end - start) for s in spans if s.type == "PERSON"]
    for match in _DOTTED.finditer(text):
        inner = [t for t in tokens if t.start - start < match.end() and match.start() < t.end - start]
        first = next((t for t in inner if _DOT.search(text[t.end - start - 1:t.end - start + 1])), None)
        if first is None or not any(match.start() < p.stop and p.start < match.end() for p in people):
            continue
        last = next((t for t in reversed(inner) if _DOT.search(text[t.start - start - 1:t.start - start + 1])), first)
        begin, end = max(first.start - start, match.start()), min(last.end - start, match.end())
        if end - begin > 3 and _DOT.search(text[begin + 1:end - 1]):
            yield Mention(start + begin, start + end, "PERSON", text[begin:end], "grammar.foreign_name")


def _person_shape(span: Mention, lexicon: Lexicon) -> Mention | None:
    """The span if it can be a person's name: two to four Han characters with a family name, or a foreign one."""
    name = span.text
    if "·" in name or "•" in name or not re.fullmatch(rf"[{_HAN}]+", name):
        return span if len(name.strip("·•")) >= 2 and name[-1] not in "·•" and not name.isdigit() and not _ACRONYM.fullmatch(name) else None
    if name in lexicon.titles or name in lexicon.generic or (lexicon.suffix(name) and len(name) > 3):
        return None
    return span if 2 <= len(name) <= 4 or (len(name) <= 8 and not lexicon.surname(name)) else None


def _announced(tokens: Sequence[Token], i: int, lexicon: Lexicon) -> Mention | None:
    """The name that begins at token `i`, right behind a title, when the tagger cut it to pieces (包/昌林)."""
    first = tokens[i]
    surname = lexicon.surname(first.text)
    if not surname or first.pos in ("PER", "w", "m", "p", "c", "u", "d", "r"):
        return None
    following = tokens[i + 1].text if i + 1 < len(tokens) else "。"
    unlikely = first.pos in ("v", "n", "a") and len(first.text) == 3 and following[0] in "，。、；（"
    if (first.pos in ("LOC", "ORG", "nz", "nw") or unlikely) and len(surname) < len(first.text) <= len(surname) + 2:
        return Mention(first.start, first.end, "PERSON", first.text, "grammar.after_title", confidence=0.7)
    if len(first.text) > 2:
        return None
    name, end = first.text, first.end
    if i + 1 < len(tokens) and len(name) < 3:
        following = tokens[i + 1]
        if following.pos in ("w", "p", "c", "u", "d", "v", "r", "m", "f") or len(name + following.text) > 3:
            return None
        name, end = name + following.text, following.end
    if not len(surname) < len(name) <= len(surname) + 2 or first.text == name:
        return None
    return Mention(first.start, end, "PERSON", name, "grammar.after_title", confidence=0.7)


def find_places(text: str, start: int, tokens: Sequence[Token], spans: Sequence[Mention],
                places: Places) -> Iterator[Mention]:
    """Places: the tagger's spans and the words of the administrative table, cut into levels.

    Neighbouring spans are read as one chain first (赫山区 / 新市渡镇自搭 / 桥村 is three places, cut elsewhere).
    """
    chains: list[list[int]] = []
    for span in sorted(s for s in spans if s.type == "LOCATION"):
        begin, end = span.start - start, span.end - start
        if chains and begin <= chains[-1][1]:
            chains[-1][1] = max(end, chains[-1][1])
        else:
            chains.append([begin, end])
    for begin, end in chains:
        end = _grow(text, begin, end, tokens, start)
        for left, right in _levels(text[begin:end], places):
            name = text[begin + left:begin + right]
            if not places.find(name) and len(name) > 2 and places.find(name[1:]) and name[-1] in "省市县区州镇":
                left, name = left + 1, name[1:]     # 悉沙县 of 获悉沙县: the table knows where the name begins
            if len(name) > 1 and name not in _GENERIC_PLACES and \
                    not _is_common(begin + left + start, name, tokens, places):
                yield Mention(start + begin + left, start + begin + right, "LOCATION", name, "model")
    for match in _ROAD.finditer(text):
        yield Mention(start + match.start(), start + match.end(), "LOCATION", match.group(), "grammar.road")


_DIRECTION = re.compile(r"(?:[东南西北中]{1,2}部|境内|附近|一带|地区|沿线|沿岸|方向|上游|中游|下游|干流|江段|河段)+$")
_GENERIC_PLACES = frozenset({"高速公路", "高速", "公园", "国道", "省道", "铁路", "机场", "车站", "火车站", "广场", "社区", "街道", "小区",
                             "农村", "乡村", "城区", "市区", "县城", "村庄", "码头", "口岸", "景区", "市场", "学校", "工业园区", "园区"})
_ROAD = re.compile(r"(?<![\d.])[GSXY]?\d{1,4}(?:国道|省道|县道|乡道|高速)")


def _levels(text: str, places: Places) -> list[tuple[int, int]]:
    """Spans of the places that a chain names, outermost first; what no level claims stays with the last one.

    四川盆地 is not 四川, nor 长乐市场 the district of that name.
    """
    whole = len(_DIRECTION.sub("", text)) or len(text)
    pieces = [(left, min(right, whole)) for left, right, _ in places.split(text) if left < whole]
    if not pieces:
        return [(0, whole)]
    if pieces[-1][1] < whole:
        pieces[-1] = (pieces[-1][0], whole)
    return pieces


_FACILITY = re.compile(r"(?:中心|馆|场|店|院|站|所|厅|园|区|楼|吧|室|厂|点)$")


def _is_common(at: int, name: str, tokens: Sequence[Token], places: Places) -> bool:
    """Whether a facility is a common noun (洗浴中心, 麻将馆): nothing in it is a name by any other sign."""
    inner = [t for t in tokens if at <= t.start and t.end <= at + len(name)]
    return bool(inner) and bool(_FACILITY.search(name)) and not places.longest_prefix(name)[1] and \
        all(t.pos in ("n", "vn", "v", "a", "f", "s", "an") for t in inner)


_TAIL = re.compile(r"(?:镇|乡|街道|村|社区|小区|国道|省道|高速|路|大街|街|广场|机场|车站|火车站|互通|码头|岛|县|区|市|州|盟|旗|省)$")


def _grow(text: str, begin: int, end: int, tokens: Sequence[Token], start: int) -> int:
    """End of the place when the next word finishes it: 大码头 + 街道, 339 + 国道."""
    for token in tokens:
        if token.start - start == end and len(token.text) <= 3 and _TAIL.fullmatch(token.text):
            return token.end - start
    return end


def find_documents(text: str, start: int, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Mention]:
    """Documents in 《》 whose last word says that they are one, unquoted 关于…的通知, and laws by name."""
    for match in _QUOTED.finditer(text):
        inner = re.sub(r"[（(][^（）()]*[）)]$", "", match.group(1)).rstrip("”’」")
        if any(inner.endswith(word) for word in lexicon.documents):
            yield Mention(start + match.start(), start + match.end(), "DOCUMENT", match.group(), "grammar.document")
    for match in _UNQUOTED.finditer(text):
        if "《" not in text[:match.start()][-1:]:
            yield Mention(start + match.start(), start + match.end(), "DOCUMENT", match.group(),
                          "grammar.unquoted_document", confidence=0.8)
    ends = {token.end - start for token in tokens}
    for match in re.finditer(rf"(?:中华人民共和国)?([{_HAN}]{{1,12}}法典?)", text):
        if match.end() not in ends:
            continue                    # 公司法 of 公司/法定代表人
        for cut in range(len(match.group(1))):
            if (law := match.group(1)[cut:]) in lexicon.laws:
                full = match.group().startswith("中华人民共和国") and cut == 0
                begin = match.start() if full else match.start(1) + cut
                yield Mention(start + begin, start + match.end(), "DOCUMENT", text[begin:match.end()], "lexicon.law")
                break
            if len(law) < 2:
                break


_REFERENCE = re.compile(r"(?:该|我)(局|厅|院|公司|集团|支队|大队|总队|分局|所|校|学校|医院|幼儿园|中心|委员会|协会|县局|市局|省厅|银行)")
_OUTLET = re.compile(r"本(报|网|台|刊|社)(?=讯|记者|见习|通讯员|特约|实习|首席)")


def find_references(text: str, start: int) -> Iterator[Mention]:
    """Words that point back to a body (该局, 我院) or to the outlet itself (本报)."""
    for match in _REFERENCE.finditer(text):
        yield Mention(start + match.start(), start + match.end(), "ORGANIZATION", match.group(), "grammar.reference")
    for match in _OUTLET.finditer(text):
        yield Mention(start + match.start(), start + match.end(), "ORGANIZATION", match.group(), "grammar.outlet")


_JOURNALISTS = r"(?:记者|通讯员|特派员|特约撰稿人?|撰稿|文字|摄影|编辑|作者)"
_BYLINE = re.compile(rf"{_JOURNALISTS}[：:／/ ]{{0,2}}((?:[{_HAN}]{{2,4}}(?:[ 、，]+|(?=[）)]|$)))+)")


def find_bylines(text: str, start: int, role: str, lexicon: Lexicon) -> Iterator[Mention]:
    """The names behind 记者 and 通讯员 in a byline or in the brackets of a dateline, with what they are called."""
    zones = [(0, text)] if role == "byline" else [(m.start(), m.group()) for m in _BRACKETS.finditer(text)]
    for offset, zone in zones:
        for match in _BYLINE.finditer(zone):
            at = match.start(1)
            for name in re.split(r"([ 、，]+)", match.group(1)):
                if re.fullmatch(rf"[{_HAN}]{{2,4}}", name) and lexicon.surname(name) and name not in lexicon.titles:
                    yield Mention(start + offset + at, start + offset + at + len(name), "PERSON", name, "grammar.byline")
                at += len(name)


_BRACKETS = re.compile(r"[（(][^（）()]{0,80}(?:记者|通讯员)[^（）()]{1,80}[）)]")
