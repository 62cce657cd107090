"""Bodies that a post, or a member's title, behind them shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.regions import read_region
from kg.mentions.cuts import STATUS, opening
from kg.mentions.phrases import NAMES, is_relative
from kg.mentions.reading import HAN, Reading, Word
from kg.mentions.titles import COMMITTEE, MEMBERS
from kg.models import Mention

#: 村党支部 before 书记: of the village that the text speaks of.
_VILLAGE_COMMITTEE = re.compile("(?:村|社区)(?:党委|党总支|党支部)(?=书记|副书记|委员)")
#: 经/市防汛指挥部指挥长批准, where the tagger took them for one word.
_PREPOSITIONS = "经由向对将给据按"
#: Parts of speech that no name holds, as far as the tagger doesn't take them for one of its own.
_NOT_INSIDE = frozenset({"v", "p", "d", "ad", "u", "r", "w", "q"})


#: What the name of a department of a hospital may consist of, how long it is at most, and what is none.
_WARD_WORDS, _WARD, _NO_WARD = frozenset({"n", "nz", "vn"}), 8, ("专科", "本科", "学科", "百科", "前科")


#: The fields of a ministry of several, behind a stop or another post: 教育、青年和体育部/大臣, 发展、工业与贸易/部长.
_FIELDS = re.compile(rf"(?:^|(?<=[，：。；兼]))((?:[{HAN}]{{2,4}}、){{1,3}}[{HAN}]{{2,6}}[和与及][{HAN}]{{2,8}})$")


def before_posts(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """Bodies of one sentence before a title of it, before 成员, or of the village that the text speaks of."""
    yield from _holders(reading, titles)
    yield from _before_members(reading)
    yield from _wards(reading, titles)
    yield from _firms(reading, titles)
    yield from _village_committees(reading)
    yield from _ministries(reading, titles)


def _ministries(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    for title in titles:
        at = title.start - reading.offset
        if title.text in ("部长", "大臣") and (fields := _FIELDS.search(reading.text, 0, at)):
            name, whole = fields[1], fields[1].endswith("部")
            if (whole or title.text == "部长") and not any(
                    field in reading.lexicon.titles for field in re.split("[、和与及]", name)):
                yield reading.mention(*fields.span(1), "ORGANIZATION", "grammar.before_post",
                                      value="" if whole else name + "部", confidence=0.9)


def _village_committees(reading: Reading) -> Iterator[Mention]:
    for committee in _VILLAGE_COMMITTEE.finditer(reading.text):
        before = reading.ends.get(committee.start())
        if committee.start() in reading.starts and (
                before is None or reading.words[before].pos in _NOT_INSIDE | {"c"}):    # not of 一里河/社区
            yield reading.mention(*committee.span(), "ORGANIZATION", "grammar.relative")


def _wards(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """心内科 of 心内科主任: a department of a hospital before a title that those who work there have."""
    for title in titles:
        at = title.start - reading.offset
        if title.text not in reading.lexicon.words["ward_titles"] or not reading.text.endswith("科", 0, at):
            continue
        start, i = at, reading.ends.get(at)
        while i is not None and i >= 0 and reading.words[i].end == start and reading.words[i].pos in _WARD_WORDS \
                and at - reading.words[i].start <= _WARD:
            start, i = reading.words[i].start, i - 1
        if at - start > 2 and not reading.text.endswith(_NO_WARD, 0, at):
            yield reading.mention(start, at, "ORGANIZATION", "grammar.unit", confidence=0.8)


#: What the name of a unit may consist of that stands between a body and a title, how long it is at most, and what
#: only seems to open one.
_UNIT_WORDS = frozenset({"n", "nz", "vn", "an", "f", "s", "nw", "LOC", "ns"})
_UNIT, _NO_UNIT = 12, ("原", "前", "各", "某", "全", "该", "本", "两", "新")


def with_units(mentions: tuple[Mention, ...], reading: Reading) -> tuple[Mention, ...]:
    """The mentions of a sentence, a body with the unit between it and the title of somebody: 甲医院/设备科/科长张三."""
    found = list(mentions)
    for i in range(len(mentions) - 2):
        body = mentions[i]
        if body.type != "ORGANIZATION" or (title := mentions[i + 1]).type != "POSITION" \
                or not 1 < title.start - body.end <= _UNIT or body.value or body.source == "grammar.reference":
            continue
        holder = mentions[i + 2]
        if holder.type not in ("PERSON", "POSITION") or holder.start - title.end > 1:
            continue
        begin, at = body.end - reading.offset, title.start - reading.offset
        end = at - 1 if reading.text[at - 1] == "的" else at
        unit, words = reading.text[begin:end], reading.inside(begin, end)
        if unit.endswith(reading.lexicon.words["inner_units"]) and not unit.startswith(_NO_UNIT) \
                and unit not in reading.lexicon.generic and reading.is_whole(begin, end) \
                and all(word.pos in _UNIT_WORDS and word.text not in reading.lexicon.titles for word in words):
            source = body.source if body.source == "grammar.relative" else "grammar.before_post"
            found[i] = reading.mention(begin - len(body.text), end, "ORGANIZATION", source, confidence=body.confidence)
    return tuple(found)


@lru_cache(maxsize=4)
def _firm(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[，、；：。“”（]))(?!{lexicon.any('no_firm_openings')})"
                      rf"([{HAN}]{{2,4}}?{lexicon.any('trades')})(?:{lexicon.any('trade_units')}|[{HAN}]{{0,8}})$")


def _firms(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """白石投资 of 白石投资首席经济学家张三: a firm by its trade, between a stop and a title."""
    people = {span.start for span in reading.spans if span.type == "PERSON"}
    bodies = {at for span in reading.spans if span.type == "ORGANIZATION" for at in range(span.start, span.end)}
    for title in titles:
        at, end = title.start - reading.offset, title.end - reading.offset
        if title.text.endswith(reading.lexicon.words["firm_titles"]) and people & {end, end + 1} \
                and (firm := _firm(reading.lexicon).search(reading.text, 0, at)):
            names = [w.kind for w in reading.inside(*firm.span(1))] or [""]
            if firm.end(1) in reading.ends and bodies.isdisjoint(range(*firm.span(1))) \
                    and names[0] not in ("ORG", "nt") and not {"PERSON", "LOC", "LOCATION"} & set(names[1:]):
                yield reading.mention(*firm.span(1), "ORGANIZATION", "grammar.before_post", confidence=0.85)


@lru_cache(maxsize=4)
def _held(lexicon: Lexicon) -> re.Pattern[str]:
    states, ending = lexicon.any("states"), lexicon.any("post_holders")
    return re.compile(rf"(?:^|(?<=[，、；：。（和]))(?:{states})?([{HAN}\d]{{4,30}}?{ending}(?<!原))(?:{states})?$")


def _holders(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """江苏省南京市规划局总体规划处原处长: what stands between a stop and a title, opened by a place or a body."""
    endings = (*reading.lexicon.words["post_holders"], *reading.lexicon.words["states"])
    for title in titles:
        at = title.start - reading.offset
        if not reading.text.endswith(endings, 0, at) \
                or (held := _held(reading.lexicon).search(reading.text, 0, at)) is None:
            continue
        start, end = held.span(1)
        words = reading.inside(start, end)
        if inside := bool(words) and words[0].text in ("在", "任"):
            start, words = words[0].end, words[1:]          # 在/甲医院心外科/教授/…/指导下
        if reading.text[start] in _PREPOSITIONS and is_relative(reading.text[start + 1:end], reading):
            start += 1
        start += opening(reading.text[start:end], reading)      # 原系/甲县乙公司/保安
        name = reading.text[start:end]
        region, rest = read_region(name, reading.places)
        named = not inside and bool(words) and words[0].kind in ("ORG", "ORGANIZATION")
        opened = named or (region is not None and len(rest) > 1)
        many = any(word in name for word in reading.lexicon.words["collective_inside"])
        if opened and not many and not STATUS.search(name) and not COMMITTEE.search(name) \
                and all(_may_be_inside(word, held, reading.lexicon) for word in words):
            relative = region is None and is_relative(name, reading)
            yield reading.mention(start, end, "ORGANIZATION",
                                  "grammar.relative" if relative else "grammar.before_post", confidence=0.9)


def _may_be_inside(word: Word, held: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a word may stand in the name of a body: no verb, person or title, nor what joins two bodies."""
    if word.kind in ("PER", "PERSON") or word.text.endswith(("人", "者")) or word.text in lexicon.titles:
        return False
    if word.pos == "c" and lexicon.suffix(held.string[held.start(1):word.start]):
        return False
    # 生态/保护/修复/司: the verbs in the name of a department
    department = held.group(1)[-1] in "司处科" and word.pos == "v" and len(word.text) == 2 \
        and word.text not in lexicon.generic and word.text not in lexicon.founding
    return department or word.pos not in _NOT_INSIDE or word.kind in NAMES


def _before_members(reading: Reading) -> Iterator[Mention]:
    """甲市政府 of 甲市政府党组成员: the title is that of a member of the 党组, the body the one around it."""
    for member in MEMBERS.finditer(reading.text):
        at = member.start()
        starts = [s.start for s in reading.spans if s.type == "ORGANIZATION" and s.start < at < s.end]
        starts += [w.start for w in reading.words if w.start < at < w.end]
        for start in sorted(starts)[:1]:
            name = reading.text[start:at]
            relative = is_relative(name, reading)
            if (suffix := reading.lexicon.suffix(name)) is None or (name == suffix.text and not relative):
                continue
            yield reading.mention(start, at, "ORGANIZATION",
                                  "grammar.relative" if relative else "grammar.organization")
