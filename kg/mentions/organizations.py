"""Names of organisations, and how each is to be read.

    grammar.organization  names a body: 济宁市公安局
    grammar.relative      needs the place that the text is about: 市公安局
    grammar.unit          names a unit without saying whose: 法制支队
    grammar.shared_head   borrows the last word of a list: 城关、白云山派出所
    grammar.reference     points back: 指挥部, 该局
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon, Suffix
from kg.knowledge.regions import read_region
from kg.mentions.agreement import agreed, bodies_apart
from kg.mentions.phrases import NAMES, RELATIVE, Phrase, extend, is_complete, is_relative
from kg.mentions.reading import HAN, Reading, Word
from kg.mentions.titles import COMMITTEE, MEMBERS
from kg.models import Mention

#: 省委市委, 党中央国务院: several bodies written as one word.
_RUN = re.compile(r"党中央|中央(?!纪委|政法委|军委|政治局|电视台|宣传部|组织部)|国务院|[省市县区](?:委|政府)")
#: 云阳县委县政府: the second one borrows the place of the first.
_PAIR = re.compile(r"(.{0,12}(?:[省市县区州旗镇乡]委|[镇乡]党委|党工委))"
                   r"([省市县区州旗镇乡]?(?:人民)?政府|[省市县区州旗]?(?:人大|政协|纪委))")
#: 村党支部 before 书记: of the village that the text speaks of.
_VILLAGE_COMMITTEE = re.compile("(?:村|社区)(?:党委|党总支|党支部)(?=书记|副书记|委员)")
#: 团县委: the level stands inside.
_LEAGUE = re.compile("团([省市县区州旗])委")
#: 甲部门联合乙局: the tagger took the verb into the name.
_INNER_VERB = re.compile(r"(?<=.)(?:联合(?!会|国|体|执法|检查|调查|工作|指挥)|会同|协同)(?=.{2})")
#: 常委会紧跟党中央: the tagger took a verb into the name, and the party behind it.
_INNER_OBJECT = re.compile("(?<=.{4})(?:紧跟|紧扣|坚持|维护|落实|贯彻|拥护)(?=党中央|国务院)")
#: 会同区教育局, 经县政府: the verb before a body that is named by its level alone; 会同县 is a county.
_WITH_RELATIVE = re.compile(
    "(?:会同|联合|协同)(?=[省市区州](?!级|域).{2})|(?:报?经|由)(?=[省市县区州](?!级|域|场|民|营).)")
#: 经渠县纪委, 报渠县县委, 会同人力资源社会保障部, 年/初农业农村部: what the tagger took into the name behind it.
_BEFORE_NAME = re.compile("(?:报?经|报请?|由|及|会同|联合(?!国)|协同|初|日)(?=.{3})")
#: A name in quotation marks, before the word for a team.
_QUOTED = re.compile(f"“[{HAN}]{{2,8}}”(?=[{HAN}])")
#: Before the place at which something happens.
_AT = re.compile("(?:在|于|到|抵达|入住|进驻|下榻|来到|前往|赶到|赶往)$")
#: 甲县纪委/常委会/会议: the meeting of a committee's own members decides for the committee.
_OWN_MEETING = re.compile("(?<=纪委)常委会$|(?<=纪律检查委员会)常委会$")
#: 省政协原党组: the word before a post was taken into the name.
_STATUS = re.compile(r"(?<=.)(?:原(?!则|子|产|油|料|野|生态)|时任|现任)(?=.)")
#: 治安检查站、执勤站等52个卡点: nobody in particular.
_COUNTED = re.compile(r"”?\d+[个支名]|(?:、[^，。；、]{2,12})*等(?:\d+|[一二三四五六七八九十]+)(?:余|多)?[个家支处]")

#: 全市法院: all of them; 全国政协 is one body.
_WHOLE = re.compile("(?:两|各|多)国|中外(?!运|建)|双边|全[省市县区州旗镇乡]|全国(?:各级|各地)?(?:人民|基层)?"
                    "(?:法院|检察院|公安局|商业银行|银行|医院|学校|公安机关|检察机关)$")
#: 十八大: a congress, by which texts date things.
_CONGRESS = re.compile("(?:中共|党的)?[一二三四五六七八九十]+大")
#: 各舰队和/区舰队, before a relative name: it goes on with the others.
_AMONG_ALL = re.compile("各[^，。；、]{1,6}[和与及、]$")

#: What is no body, or none in particular: 甲县机关, 国际禁毒日.
_NOT_ONE = ("机关", "部门", "单位", "系统", "警方", "日", "节")
#: Parts of speech that open no name.
_NO_HEAD = frozenset({"v", "p", "c", "d", "u", "r"})
#: Parts of speech that no name holds, as far as the tagger doesn't take them for one of its own.
_NOT_INSIDE = frozenset({"v", "p", "d", "ad", "u", "r", "w", "q"})


def find_organizations(reading: Reading, titles: Sequence[Mention] = ()) -> Iterator[Mention]:
    """Organisations of one sentence, `titles` being its titles; candidates may overlap."""
    lexicon = reading.lexicon
    for last, word in enumerate(reading.words):
        suffix = lexicon.suffix(reading.text[:word.end])
        if suffix is None or not is_complete(reading.words, last, suffix, lexicon):
            continue
        if word.pos == "v" and word.kind not in NAMES and len(word.text) > len(suffix.text) \
                and not _WITH_RELATIVE.match(word.text):
            continue                    # 紧扣党中央: a verb that the tagger ran together with its object
        phrase = extend(reading.words, last, suffix, lexicon)
        for start, stop in bodies_apart(reading, phrase.start, phrase.end):
            for left, right in _apart(reading.text[start:stop], reading):
                begin, end = _whole_place(reading, start + left, start + right), start + right
                meeting = _OWN_MEETING.search(reading.text[begin:end])
                if meeting and reading.text.startswith("会议", end):
                    end = begin + meeting.start()
                ending = lexicon.suffix(reading.text[begin:end])
                if ending and (source := _source(reading, reading.text[begin:end], phrase, ending)):
                    if ending.text in lexicon.words["inns"] and _AT.search(reading.text, 0, begin):
                        yield from _inn(reading, begin, end)
                        continue
                    yield _spelled(reading.mention(begin, end, "ORGANIZATION", source))
    yield from _chiefs(reading)
    yield from _shared_heads(reading)
    yield from _before_posts(reading, titles)
    yield from _before_members(reading)
    yield from _parted(reading)
    yield from _quoted(reading)
    for committee in _VILLAGE_COMMITTEE.finditer(reading.text):
        before = reading.ends.get(committee.start())
        if committee.start() in reading.starts and (
                before is None or reading.words[before].pos in _NOT_INSIDE | {"c"}):    # not of 一里河/社区
            yield reading.mention(*committee.span(), "ORGANIZATION", "grammar.relative")
    for span in agreed(reading, lambda span: _may_be_one(span, reading)):
        source = "grammar.relative" if is_relative(span.text, reading) else "grammar.organization"
        yield reading.mention(span.start, span.end, "ORGANIZATION", source, confidence=span.confidence)
    for span in reading.spans:
        if span.type == "ORGANIZATION" and _may_stand(span, reading):
            source = "grammar.relative" if is_relative(span.text, reading) else span.source
            for left, right in _joined(span.text, lexicon):
                yield reading.mention(span.start + left, span.start + right, "ORGANIZATION", source,
                                      confidence=span.confidence)


def _bare_holder(name: str, lexicon: Lexicon) -> int:
    """Where the unit begins behind a body without its place: 法院/知识产权审判庭, 公安局/治安大队; else 0."""
    unit = lexicon.suffix(name)
    if unit is None or unit.kind != "unit":
        return 0
    for cut in (2, 3, 4):
        holder = lexicon.organizations.get(name[:cut])
        if holder and holder.kind == "body" and holder.alone == "yes" and len(holder.text) > 1 \
                and len(name) - cut > len(unit.text):
            return cut
    return 0


def _quoted(reading: Reading) -> Iterator[Mention]:
    """“红石榴”志愿服务队: a team by a name in quotation marks."""
    for quoted in _QUOTED.finditer(reading.text):
        for stop in range(quoted.end() + 6, quoted.end() + 1, -1):
            team = reading.text[quoted.end():stop]
            suffix = reading.lexicon.suffix(team)
            if suffix and suffix.kind == "ad_hoc" and stop in reading.ends and team.endswith(suffix.text) \
                    and reading.lexicon.generic.get(team) is None:
                yield reading.mention(quoted.start(), stop, "ORGANIZATION", "grammar.unit")
                break


def _inn(reading: Reading, begin: int, end: int) -> Iterator[Mention]:
    """The inn at which something happens, and the town before it: 在北京/香山颐和宾馆."""
    length = reading.places.longest_prefix(reading.text[begin:end])[1]
    start = begin + length if length and end - begin - length > 3 else begin
    if start > begin:
        yield reading.mention(begin, start, "LOCATION", "grammar.facility")
    yield reading.mention(start, end, "LOCATION", "grammar.facility")


def _parted(reading: Reading) -> Iterator[Mention]:
    """The bodies of 镇综治中心联合关口派出所, which the tagger took for one, sure of it or not."""
    for span in (*reading.spans, *reading.doubtful):
        verb = _INNER_VERB.search(span.text) if span.type == "ORGANIZATION" else None
        for left, right in ((0, verb.start()), (verb.end(), len(span.text))) if verb else ():
            name = span.text[left:right]
            suffix = reading.lexicon.suffix(name)
            if suffix is None or name == suffix.text or suffix.kind == "company" \
                    or is_collective(name, reading.lexicon):
                continue
            named = read_region(name, reading.places)[0] is not None
            source = "relative" if is_relative(name, reading) else "organization" if named else "unit"
            if named or source == "relative" or suffix.kind == "unit":
                yield reading.mention(span.start + left, span.start + right, "ORGANIZATION", f"grammar.{source}",
                                      confidence=span.confidence)


def _spelled(found: Mention) -> Mention:
    """团县委 as 县团委, so that it is read like 县委."""
    league = _LEAGUE.match(found.text)
    return replace(found, source="grammar.relative", value=league[1] + "团委" + found.text[3:]) if league else found


def _joined(name: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Spans of the bodies that a name joins: 甲大学和乙大学 are two, 农业和农村局 is one."""
    for at in (m.start() for m in re.finditer("[和与及]", name)):
        left, right = lexicon.suffix(name[:at]), lexicon.suffix(name)
        if left and right and min(len(left.text), len(right.text)) > 1 and at > len(left.text) \
                and len(name) - at - 1 > len(right.text):
            return [(0, at), (at + 1, len(name))]
    return [(0, len(name))]


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


def _whole_place(reading: Reading, begin: int, end: int) -> int:
    """Where the place that opens a name begins, of which the tagger gave the verb before it a part: 派察/布查尔县委."""
    if not reading.places.longest_prefix(reading.text[begin:end])[1]:
        for at in range(max(0, begin - 2), begin):
            length = reading.places.longest_prefix(reading.text[at:end])[1]
            if at + length > begin + 1 and reading.text[at + length - 1] in "省市县区州旗":
                return at
    return begin


def _opening(name: str, reading: Reading) -> int:
    """How much of what stands before a body was taken into its name: 1 of 由渠县监委, 经 being no part of a place.

    The table knows the place behind it, and none that begins with it (由由村, 经开区, 会同县); or a ministry follows.
    """
    before = _BEFORE_NAME.match(name)
    if before is None:
        return 0
    ministry = reading.lexicon.organizations.get(name[before.end():])
    if ministry is not None and ministry.alone == "name":
        return before.end()
    if reading.places.longest_prefix(name)[1]:
        return 0
    behind, _ = read_region(name[before.end():], reading.places)
    level = before.group() == "及" and RELATIVE.match(name, before.end())      # 及州地震局
    return before.end() if (behind is not None and behind.place is not None) or level else 0


def _apart(name: str, reading: Reading) -> list[tuple[int, int]]:
    """Spans of the bodies that a phrase holds: usually all of it."""
    lexicon = reading.lexicon
    if cut := _bare_holder(name, lexicon):
        return [(0, cut), (cut, len(name))]
    if cut := _opening(name, reading):
        return [(cut + left, cut + right) for left, right in _apart(name[cut:], reading)]
    if cut := _before_status(name, lexicon):
        return [(0, cut)]
    if pair := _PAIR.fullmatch(name):
        return [pair.span(1), pair.span(2)]
    runs = [m.span() for m in _RUN.finditer(name)]
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == len(name) \
            and all(a[1] == b[0] for a, b in itertools.pairwise(runs)):
        return runs
    if name.startswith("京中共"):
        return [(1, len(name))]         # 在京/中共中央政治局委员
    if name[0] == "该" and len(name) > 3 and name[1] in "省市县区州镇乡":
        return [(1, len(name))]         # 该县公安局: the county named last
    if with_other := _WITH_RELATIVE.match(name):
        return [(with_other.end(), len(name))]
    if (at := name.find("协调")) > 2 and (task := lexicon.organizations.get(name[at + 2:])) and task.alone == "name":
        return [(0, at), (at + 2, len(name))]       # 港澳办协调应急管理部
    if verb := _INNER_VERB.search(name) or _INNER_OBJECT.search(name):
        return [(0, verb.start()), (verb.end(), len(name))]
    return _joined(name, lexicon)


def _before_status(name: str, lexicon: Lexicon) -> int:
    """Where the body ends behind which 原 or 时任 was taken into the name (甲市公安局原党委), or 0.

    Not in 太原市, nor in 甲纪委原派驻乙局纪检组, which is one body.
    """
    return next((m.start() for m in _STATUS.finditer(name) if not name.startswith(lexicon.words["posted"], m.end())
                 and (suffix := lexicon.suffix(name[:m.start()])) and len(suffix.text) > 1), 0)


def _source(reading: Reading, name: str, phrase: Phrase, suffix: Suffix) -> str:
    """How the name is to be read, or empty text if it names no body."""
    lexicon = reading.lexicon
    if any(name.count(a) != name.count(b) for a, b in ("（）", "“”")):
        return ""
    first = lexicon.generic.get(phrase.words[phrase.first].text)
    if name == "新时代" + suffix.text or (first == "never" and not phrase.named and name != suffix.text):
        return ""                       # 公安/支队, but not 应急/管理部
    if lexicon.generic.get(name) == "never" or is_collective(name, lexicon):
        return ""
    if suffix.text in ("党组", "党委") and reading.text.startswith("成员", phrase.end):
        return ""                       # see _before_members
    before = phrase.before
    if before and (before.pos in ("m", "q") or lexicon.generic.get(before.text) == "start"):
        return ""                       # 14个派出所, 各级法院: nobody in particular
    if before and name[0] in "省市县区" and before.text[-1] in "全各分县区":
        return ""                       # 市公安局 of 各分县市公安局, 市法院 of 全市法院
    region, _ = read_region(name, reading.places)
    if region is None and (relative := RELATIVE.match(name)):
        if _AMONG_ALL.search(reading.text, 0, phrase.start):
            return ""
        rest = name[relative.end():]
        if rest == "委" or (len(rest) > 1 and lexicon.suffix(rest)):
            return "grammar.relative"
    if phrase.words[phrase.first].pos in ("v", "vn") and suffix.kind == "body" \
            and name == phrase.words[phrase.first].text + suffix.text:
        return ""                       # 监督纪委: a verb and its object
    if name == suffix.text:
        return {"yes": "grammar.reference", "name": "grammar.organization", "no": ""}[suffix.alone]
    if region and name.endswith(region.name + suffix.text) and suffix.text in lexicon.words["shops"]:
        return ""                       # 北京市超市: any of them
    if region or name.startswith(lexicon.words["national"]):
        return "grammar.organization"
    if suffix.kind in ("unit", "ad_hoc"):
        if _COUNTED.match(reading.text, phrase.end):
            return ""
        return "grammar.organization" if phrase.words[phrase.first].kind == "LOC" else "grammar.unit"
    if suffix.kind == "media":
        return "grammar.organization"
    return "grammar.organization" if any(w.kind in NAMES for w in phrase.words[phrase.first:phrase.last + 1]) else ""


def is_collective(name: str, lexicon: Lexicon) -> bool:
    """Whether a name holds a word that makes it many bodies or none in particular: 各级法院, 新区全部学校."""
    return bool(_WHOLE.match(name)) or any(
        lexicon.generic.get(name[:n]) == "start" and name[1:] not in lexicon.organizations      # 县/市场监管局
        for n in range(1, min(5, len(name)))) or any(
        word in name for word in lexicon.words["collective_inside"])


def _may_be_one(span: Mention, reading: Reading) -> bool:
    """Whether a name that a place opens may be one body: no collective, no two bodies, no post."""
    name, lexicon = span.text, reading.lexicon
    return not (lexicon.generic.get(name) == "never" or is_collective(name, lexicon) or _before_status(name, lexicon)
                or _INNER_VERB.search(name) or _WITH_RELATIVE.match(name) or name in lexicon.titles
                or name.endswith(_NOT_ONE) or _of_members(span, reading) or _of_a_post(span, reading)
                or len(_apart(name, reading)) > 1 or _opening(name, reading)
                or reading.text[span.end - 1:span.end + 1] in lexicon.words["shared_titles"])      # 公安局/长


def _of_a_post(span: Mention, reading: Reading) -> bool:
    """甲县教育局党组 before 书记: the title is 党组书记, the body the bureau."""
    suffix = reading.lexicon.suffix(span.text)
    following = reading.starts.get(span.end)
    return suffix is not None and following is not None \
        and suffix.text + reading.words[following].text in reading.lexicon.titles


def _of_members(span: Mention, reading: Reading) -> bool:
    """甲市政府党组 before 成员: the title is that of a member of the 党组, see _before_members."""
    return span.text.endswith(("党组", "党委")) and reading.text.startswith("成员", span.end)


def _may_stand(span: Mention, reading: Reading) -> bool:
    """Whether the tagger's organisation may stand as it is.

    Not a collective, not a word of function (公安, 卫健), not a bare 医院 (the grammar reads those), not a place, not
    a name that runs on into the predicate (指挥部常态化组织), nor one with half a pair of quotation marks.
    """
    name, lexicon = span.text, reading.lexicon
    if name in lexicon.organizations:
        return lexicon.organizations[name].alone == "name"
    if _of_members(span, reading):
        return False                    # the grammar cuts it
    if _WITH_RELATIVE.match(name) or _opening(name, reading):
        return False                    # 会同区教育局: the grammar reads 区教育局, and 会同 is no county here
    if len(name) < 2 or name in lexicon.generic or is_collective(name, lexicon) or reading.places.find(name):
        return False
    if name.endswith((*_NOT_ONE, *lexicon.words["no_body_endings"])) or name.count("“") != name.count("”") or (
            _CONGRESS.fullmatch(name)):
        return False
    words = reading.inside(span.start, span.end)
    if len(words) > 1 and (words[0].pos in ("v", "d", "ad", "p", "c") or (
            words[0].pos == "vn" and name[len(words[0].text):] in lexicon.organizations)):
        return False                    # 实行工作专班
    if len(words) > 1 and len(words[-1].text) == 1 and words[-1].pos in ("v", "d", "p", "c", "u"):
        return False                    # 甲国飞行员会/前往
    if sum(word.pos == "v" and len(word.text) > 1 for word in words) > 1:
        return False                    # 公务舱休息室/聚众/饮用/休息室
    counted = _COUNTED.match(reading.text, span.end) and read_region(name, reading.places)[0] is None
    if counted or _before_status(name, lexicon):
        return False
    if not lexicon.suffix(name) and any(w.pos in ("v", "d", "ad") and lexicon.suffix(reading.text[span.start:w.start])
                                        for w in words):
        return False
    if span.start in reading.starts and lexicon.suffix(name) and is_relative(name, reading):
        return False                    # the grammar has read or refused it
    before = reading.ends.get(span.start)
    return before is None or reading.words[before].pos not in ("m", "q")


def _chiefs(reading: Reading) -> Iterator[Mention]:
    """市公安局长: body and title share a character; the body is what stands before it, its value the whole name."""
    shared = frozenset(reading.lexicon.words["shared_titles"])
    if not any(title in reading.text for title in shared):
        return
    for i, word in enumerate(reading.words):
        cut = next((c for c in range(len(word.text)) if word.text[c:c + 2] in shared), -1)
        end = word.start + cut
        suffix = reading.lexicon.suffix(reading.text[:end + 1]) if cut >= 0 else None
        if suffix is None or len(suffix.text) < 3 or (cut == 0 and not i) or reading.text.startswith("理事会", end + 2):
            continue
        body = Word(word.start, end + 1, word.text[:cut + 1], "n", "n")
        phrase = extend([*reading.words[:i], body], i, suffix, reading.lexicon)
        name = reading.text[phrase.start:end + 1]
        if end > phrase.start and (source := _source(reading, name, phrase, suffix)):
            yield reading.mention(phrase.start, end, "ORGANIZATION", source, value=name)
            yield reading.mention(end, end + 2, "POSITION", "grammar.chief")


@lru_cache(maxsize=4)
def _held(lexicon: Lexicon) -> re.Pattern[str]:
    states, ending = lexicon.any("states"), lexicon.any("post_holders")
    return re.compile(rf"(?:^|(?<=[，、；：。（和]))(?:{states})?([{HAN}\d]{{4,30}}?{ending}(?<!原))(?:{states})?$")


def _before_posts(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """江苏省南京市规划局总体规划处原处长: what stands between a stop and a title, opened by a place or a body."""
    for title in titles:
        at = title.start - reading.offset
        if (held := _held(reading.lexicon).search(reading.text, 0, at)) is None:
            continue
        words = reading.inside(*held.span(1))
        region, rest = read_region(held.group(1), reading.places)
        opened = (region is not None and len(rest) > 1) or (bool(words) and words[0].kind in ("ORG", "ORGANIZATION"))
        if opened and not _STATUS.search(held.group(1)) and not COMMITTEE.search(held.group(1)) \
                and all(_may_be_inside(word, held, reading.lexicon) for word in words):
            relative = region is None and is_relative(held.group(1), reading)
            yield reading.mention(*held.span(1), "ORGANIZATION",
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


@lru_cache(maxsize=4)
def _shared(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"((?:[{HAN}]{{2,4}}、)+)([{HAN}]{{2,4}}?)(等)?(\d+个|[两三四五六七八九十]个)?"
                      rf"({lexicon.any('shared_endings')})")


def _shared_heads(reading: Reading) -> Iterator[Mention]:
    """城关、白云山派出所 names two police stations: the words before 、 borrow the suffix of the last."""
    lexicon = reading.lexicon
    for match in _shared(lexicon).finditer(reading.text):
        borders = reading.starts.keys() | reading.ends.keys()
        words = [(m.start() + match.start(1), m.group()) for m in re.finditer(r"[^、]+", match.group(1))]
        if match.group(3) or match.group(4):
            words.append((match.start(2), match.group(2)))
        for at, word in (_without_verb(reading, *word) for word in words):
            before = reading.ends.get(at)
            goes_on = before is not None and reading.words[before].pos in ("n", "nz", "vn", "an", "a")
            if {at, at + len(word)} <= borders and not lexicon.suffix(word) and word not in lexicon.titles \
                    and not goes_on:    # 救援/机动队伍、…支队: the end of a longer noun
                found = reading.mention(at, at + len(word), "ORGANIZATION", "grammar.shared_head")
                yield replace(found, value=word + match.group(5))


def _without_verb(reading: Reading, at: int, word: str) -> tuple[int, str]:
    """东城 of 抽调/东城: where the first word of a list begins behind its verb, or what else can't open a name."""
    while (i := reading.starts.get(at)) is not None and reading.words[i].pos in _NO_HEAD \
            and reading.words[i].end < at + len(word):
        word, at = word[reading.words[i].end - at:], reading.words[i].end
    return at, word
