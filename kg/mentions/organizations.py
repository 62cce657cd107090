"""Names of organisations, and how each is to be read.

    grammar.organization  names a body: 济宁市公安局
    grammar.relative      needs the place that the text is about: 市公安局
    grammar.unit          names a unit without saying whose: 法制支队
    grammar.shared_head   borrows the last word of a list: 城关、白云山派出所
    grammar.reference     points back: 指挥部, 该局
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.knowledge.lexicon import Suffix
from kg.knowledge.regions import in_a_town, read_region
from kg.knowledge.world import load_world
from kg.mentions.agreement import agreed, bodies_apart
from kg.mentions.chains import before_site
from kg.mentions.commons import is_collective, is_house, is_kind_of_site, is_product, is_venue
from kg.mentions.countries import is_pair
from kg.mentions.cuts import INNER_VERB, TOLD, WITH_RELATIVE, apart, before_status, former, joined, opening
from kg.mentions.persons import titled_name
from kg.mentions.phrases import NAMES, RELATIVE, SCIENCE, Phrase, extend, is_complete, is_relative
from kg.mentions.posted import before_posts
from kg.mentions.quoted import find_quoted
from kg.mentions.reading import Reading, Word
from kg.mentions.shared_heads import shared_heads
from kg.mentions.worded import OF_OTHERS, speak_against
from kg.models import Mention

#: 团县委: the level stands inside.
_LEAGUE = re.compile("团([省市县区州旗])委")
#: Where a body was once.
_SITES = ("旧址", "遗址", "原址")
#: 甲县纪委/常委会/会议: the meeting of a committee's own members decides for the committee.
_OWN_MEETING = re.compile("(?<=纪委)常委会$|(?<=纪律检查委员会)常委会$")
#: 治安检查站、执勤站等52个卡点: nobody in particular.
_COUNTED = re.compile(r"”?\d+[个支名处家座所]"
                      r"|(?:、[^，。；、]{2,12})*等(?:\d+|[一二三四五六七八九十]+)(?:余|多)?[个家支处]")

#: What stands between a state and the ministry of its minister: 甲国/前/国防部长.
_STATUS = re.compile("(?:前|原|时任|代理|候任|现任)$")
#: 援刚果（金）, before a team.
_AID = re.compile("(?<![支增救声驰求])援([^，。、；]{0,8})$")
#: 十八大: a congress, by which texts date things.
_CONGRESS = re.compile("(?:.*[共党女进革盟建])?(?:中共|党的)?[一二三四五六七八九十]+大")
#: 各舰队和/区舰队, before a relative name: it goes on with the others.
_AMONG_ALL = re.compile("各[^，。；、]{1,6}[和与及、]$")

#: 博府办/函〔2019〕112号: who numbers a file is in its short form no name.
_FILE_NUMBER = re.compile(r"[字发函规通]?[〔［\[【（(](?:19|20)\d\d[〕］\]】）)]")
#: 分管/刑侦大队: whose business something is; 经/市防汛指挥部批准: a preposition.
_IN_CHARGE = re.compile("(?:分管|主管|协管)(?=.{3})|[经由向对将给据按](?=[省市县区镇乡州旗].{1,})")
#: 甲公司处/人民币壹万元罚款, behind a verb that the tagger took for the end of the name.
_FINED = re.compile("人民币|以(?!及)|罚款|警告|[0-9,.]+[万千]?余?元|[壹贰叁肆伍陆柒捌玖拾佰仟万]+元")
#: 第十四届/全国人大
_TERM = re.compile("第?[一二三四五六七八九十]+届全国")
#: Before 部长, 司长: the title begins with it, 代理部长, 首席部长.
_WITH_A_TITLE = ("代理", "首席", "常务", "候任", "总")
#: What follows 站 where it is a verb.
_STANDS = ("在", "到", "得", "稳", "起", "上")


def find_organizations(reading: Reading, titles: Sequence[Mention] = ()) -> Iterator[Mention]:
    """Organisations of one sentence, `titles` being its titles; candidates may overlap."""
    lexicon = reading.lexicon
    for last, word in enumerate(reading.words):
        if word.text[-1] not in lexicon.suffix_lengths:
            continue
        suffix = lexicon.suffix(reading.text[:word.end])
        if suffix is None or not is_complete(reading.words, last, suffix, lexicon):
            continue
        if word.pos == "v" and word.kind not in NAMES and len(word.text) > len(suffix.text) \
                and not WITH_RELATIVE.match(word.text):
            continue                    # 紧扣党中央: a verb that the tagger ran together with its object
        phrase = extend(reading.words, last, suffix, lexicon)
        for start, stop in bodies_apart(reading, phrase.start, phrase.end):
            for left, right in apart(reading.text[start:stop], reading):
                begin, end = _whole_place(reading, start + left, start + right), start + right
                if suffix.kind == "ad_hoc":
                    begin = _aided(reading, begin)
                if (charge := _IN_CHARGE.match(reading.text, begin, end)) and (
                        len(charge[0]) > 1 or is_relative(reading.text[begin + 1:end], reading)):
                    begin = charge.end()
                begin += former(reading, begin, end)
                end -= _runs_into_verb(reading, end)
                if _joined_to_a_county(reading, begin):
                    begin += 2
                meeting = _OWN_MEETING.search(reading.text[begin:end])
                if meeting and reading.text.startswith("会议", end):
                    end = begin + meeting.start()
                if reading.text.startswith(_SITES, end):        # 邮政局/旧址, 甲县乙军军部/旧址
                    if reading.places.longest_prefix(reading.text[begin:end])[1]:
                        yield from _inn(reading, begin, end + 2)
                    continue
                ending = lexicon.suffix(reading.text[begin:end])
                if ending and (source := _source(reading, reading.text[begin:end], phrase, ending)):
                    if is_house(reading, begin, end, ending):
                        yield from _house(reading, begin, end)
                        continue
                    yield _spelled(reading.mention(begin, end, "ORGANIZATION", source))
    yield from _chiefs(reading)
    yield from shared_heads(reading)
    yield from before_posts(reading, titles)
    yield from _parted(reading)
    yield from find_quoted(reading)
    for span in agreed(reading, lambda span: _may_be_one(span, reading)):
        yield reading.mention(span.start, span.end, "ORGANIZATION", _kind(span.text, "grammar.organization", reading),
                              confidence=span.confidence)
    for span in reading.spans:
        if span.type == "PERSON" and span.text[-1] == "旅":         # the tagger takes 卡桑旅 for a person
            yield reading.mention(span.start, span.end, "ORGANIZATION", "grammar.organization", confidence=0.8)
        if span.text[-1] == "站" and reading.text.startswith(_STANDS, span.end):
            span = span._replace(end=span.end - 1, text=span.text[:-1])     # 党中央/站在全局高度
        if _runs_into_verb(reading, span.end):
            span = span._replace(end=span.end - 1, text=span.text[:-1])
        if span.type == "ORGANIZATION" and _shares_title(span, reading):
            yield reading.mention(span.start, span.end - 1, "ORGANIZATION", "grammar.organization", value=span.text)
            yield reading.mention(span.end - 1, span.end + 1, "POSITION", "grammar.chief")
        elif span.type == "ORGANIZATION" and is_venue(span.text, lexicon):
            if reading.lexicon.generic.get(span.text) is None and span.text not in lexicon.words["venues"] and (
                    not span.text.endswith("基地") or reading.places.longest_prefix(span.text)[1]):
                yield from _venue(reading, span.start, span.end)
        elif span.type == "ORGANIZATION" and (span.text == "中国" or span.text in load_world().states):
            yield reading.mention(span.start, span.end, "LOCATION", "gazetteer.state")      # 甲国选手
        elif span.type == "ORGANIZATION" and _may_stand(span, reading):
            source = _kind(span.text, span.source, reading)
            told = TOLD.match(span.text)
            for left, right in [(told.end(), len(span.text))] if told else joined(span.text, lexicon):
                yield reading.mention(span.start + left, span.start + right, "ORGANIZATION", source,
                                      confidence=span.confidence)


def _shares_title(span: Mention, reading: Reading) -> bool:
    """内政部长: the last character of a body is the first of its head's title; behind a short one he is named."""
    return reading.text[span.end - 1:span.end + 1] in reading.lexicon.words["shared_titles"] \
        and not span.text[:-1].endswith(_WITH_A_TITLE) and len(span.text) > 2 and (
            len(span.text) > 3 or any(s.type == "PERSON" and s.start == span.end + 1 for s in reading.spans))


def _runs_into_verb(reading: Reading, end: int) -> bool:
    """Whether the last character of a name is a verb's: 甲公司/处罚款二千元, 甲委/会同乙局."""
    return (reading.text[end - 1] == "处" and bool(_FINED.match(reading.text, end))) \
        or reading.text.startswith("委会同", max(0, end - 2))


def _kind(name: str, otherwise: str, reading: Reading) -> str:
    """How a name that the tagger gave whole is to be read."""
    if is_relative(name, reading):
        return "grammar.relative"
    region, rest = read_region(name, reading.places)
    town = region is not None and in_a_town(name, region, rest, reading.lexicon.words["town_units"])
    return "grammar.unit" if town else otherwise


def _house(reading: Reading, begin: int, end: int) -> Iterator[Mention]:
    """A hall or a base, by its whole name, or an inn."""
    if is_venue(reading.text[begin:end], reading.lexicon):
        if not is_kind_of_site(reading.text[begin:end], reading.lexicon):
            yield from _venue(reading, begin, end)
    else:
        yield from _inn(reading, begin, end)


def _venue(reading: Reading, begin: int, end: int) -> Iterator[Mention]:
    """A hall or a base, and the province or state before it: 甲国/乙兰空军基地."""
    bounds = (0, *before_site(reading.text[begin:end], reading), end - begin)
    for left, right in pairwise(bounds):
        yield reading.mention(begin + left, begin + right, "LOCATION", "grammar.facility")


def _joined_to_a_county(reading: Reading, begin: int, end: int | None = None) -> bool:
    """Whether 会同 joins a county to who acts before it: 甲大队设卡，会同/县卫健局检查; but 昨日，会同县卫健局."""
    return reading.text.startswith("会同县", begin, end) and any(
        word.pos == "v" or word.kind in NAMES for word in reading.inside(0, begin))


def _inn(reading: Reading, begin: int, end: int) -> Iterator[Mention]:
    """The inn at which something happens, and the town before it: 在北京/香山颐和宾馆."""
    name = reading.text[begin:end]
    length = reading.places.longest_prefix(name)[1] or next(
        (n for n in range(6, 1, -1) if name[:n] in load_world().cities), 0)
    start = begin + length if length and end - begin - length > 3 else begin
    if start > begin:
        yield reading.mention(begin, start, "LOCATION", "grammar.facility")
    yield reading.mention(start, end, "LOCATION", "grammar.facility")


def _parted(reading: Reading) -> Iterator[Mention]:
    """The bodies of 镇综治中心联合关口派出所, which the tagger took for one, sure of it or not."""
    for span in (*reading.spans, *reading.doubtful):
        verb = INNER_VERB.search(span.text) if span.type == "ORGANIZATION" else None
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
    return found._replace(source="grammar.relative", value=league[1] + "团委" + found.text[3:]) if league else found


def _whole_place(reading: Reading, begin: int, end: int) -> int:
    """Where the place that opens a name begins, of which the tagger gave the verb before it a part: 派察/布查尔县委."""
    if not reading.places.longest_prefix(reading.text[begin:end])[1]:
        for at in range(max(0, begin - 2), begin):
            length = reading.places.longest_prefix(reading.text[at:end])[1]
            if at + length > begin + 1 and reading.text[at + length - 1] in "省市县区州旗":
                return at
    return begin


def _aided(reading: Reading, begin: int) -> int:
    """Where 援 and the state begin that a team helps, before its name: 援乙国/中国医疗队, 援/中非中国医疗队."""
    aid = _AID.search(reading.text, max(0, begin - 9), begin)
    return aid.start() if aid and (not aid[1] or aid[1] == "中非" or aid[1] in load_world().states) else begin


def _source(reading: Reading, name: str, phrase: Phrase, suffix: Suffix) -> str:
    """How the name is to be read, or empty text if it names no body."""
    lexicon = reading.lexicon
    if any(name.count(a) != name.count(b) for a, b in ("（）", "“”")) or name[0] == "（" \
            or titled_name(name, reading) or _FILE_NUMBER.match(reading.text, phrase.end):
        return ""
    first = lexicon.generic.get(phrase.words[phrase.first].text)
    if name == "新时代" + suffix.text or (len(suffix.text) == 1 and load_world().states_of(name)) \
            or (first == "never" and not phrase.named and name != suffix.text):
        return ""                       # 公安/支队, but not 应急/管理部
    if lexicon.generic.get(name) == "never" or is_collective(name, lexicon):
        return ""
    if len(suffix.text) == 1 and not name.endswith("安全部") and (
            lexicon.generic.get(name[-2:]) == "never" or name.removesuffix("政局") in load_world().states):
        return ""                       # 甲乙云/布局, 甲国政局
    if suffix.text in ("党组", "党委") and (reading.text.startswith("成员", phrase.end) or (
            name == suffix.text and reading.text.endswith("原", 0, phrase.start))):
        return ""                       # see kg.mentions.posted; 甲局原/党组副书记
    if "】" in name or "【" in name:
        return ""
    before = phrase.before
    counted = before and before.pos in ("m", "q") and not before.text.endswith("届") \
        and not (phrase.named and OF_OTHERS.match(reading.text, before.end - 1, phrase.end))
    if before and (counted or lexicon.generic.get(before.text) == "start"):
        return ""                       # 14个派出所, 各级法院: nobody in particular
    if before and name[0] in "省市县区" and before.text[-1] in "全各分县区":
        return ""                       # 市公安局 of 各分县市公安局, 市法院 of 全市法院
    if (name.find("全国") > 0 and not _TERM.match(name) and not name.startswith("中华全国")) or (
            name[0] == "号" and reading.text[phrase.start - 1:phrase.start] == "”"):
        return ""                       # 在京/全国人大; “和平”号/医院船
    if suffix.text == "政府" and (reading.text.startswith("间", phrase.end) or (
            len(name) > 3 and is_pair(reading, phrase.start, phrase.end - 2))):
        return ""                       # 中德/政府/磋商, 中德政府/间: of two states
    region, rest = read_region(name, reading.places)
    if region is None and (relative := RELATIVE.match(name)):
        if _AMONG_ALL.search(reading.text, 0, phrase.start):
            return ""
        behind = name[relative.end():]
        if behind == "委" or (len(behind) > 1 and lexicon.suffix(behind)):
            return "grammar.relative"
    if phrase.words[phrase.first].pos in ("v", "vn") and suffix.kind == "body" \
            and name == phrase.words[phrase.first].text + suffix.text:
        return ""                       # 监督纪委: a verb and its object
    if name == suffix.text:
        return {"yes": "grammar.reference", "name": "grammar.organization", "no": ""}[suffix.alone]
    if region and name.endswith(region.name + suffix.text) and suffix.text in lexicon.words["shops"]:
        return ""                       # 北京市超市: any of them
    if region and in_a_town(name, region, rest, lexicon.words["town_units"]):
        return "grammar.unit"
    if region or name.startswith((*lexicon.words["national"], *lexicon.words["central"])):
        return "grammar.organization"
    if suffix.kind in ("unit", "ad_hoc"):
        if _COUNTED.match(reading.text, phrase.end):
            return ""
        return "grammar.organization" if phrase.words[phrase.first].kind == "LOC" else "grammar.unit"
    if suffix.kind == "media":
        return "grammar.organization"
    return "grammar.organization" if any(w.kind in NAMES for w in phrase.words[phrase.first:phrase.last + 1]) else ""


def _may_be_one(span: Mention, reading: Reading) -> bool:
    """Whether a name that a place opens may be one body: no collective, no two bodies, no post."""
    name, lexicon = span.text, reading.lexicon
    if reading.text.startswith(_SITES, span.end) or (span.text[-1] == "处" and _FINED.match(reading.text, span.end)):
        return False
    return not ("】" in name or "【" in name or lexicon.generic.get(name) == "never"
                or is_collective(name, lexicon) or before_status(name, lexicon)
                or INNER_VERB.search(name) or WITH_RELATIVE.match(name) or name in lexicon.titles
                or _joined_to_a_county(reading, span.start, span.end)
                or name.endswith(lexicon.words["none_in_particular"]) or is_venue(name, lexicon)
                or _of_members(span, reading) or _of_a_post(span, reading)
                or len(apart(name, reading)) > 1 or opening(name, reading)
                or reading.text[span.end - 1:span.end + 1] in lexicon.words["shared_titles"])      # 公安局/长


def _of_a_post(span: Mention, reading: Reading) -> bool:
    """甲县教育局党组 before 书记: the title is 党组书记, the body the bureau."""
    suffix = reading.lexicon.suffix(span.text)
    following = reading.starts.get(span.end)
    return suffix is not None and following is not None \
        and suffix.text + reading.words[following].text in reading.lexicon.titles


def _of_members(span: Mention, reading: Reading) -> bool:
    """甲市政府党组 before 成员: the title is that of a member of the 党组, see kg.mentions.posted."""
    return span.text.endswith(("党组", "党委")) and reading.text.startswith("成员", span.end)


def _may_stand(span: Mention, reading: Reading) -> bool:
    """Whether the tagger's organisation may stand as it is.

    Not a collective, not a word of function (公安, 卫健), not a bare 医院 (the grammar reads those), not a place, not
    a name that runs on into the predicate (指挥部常态化组织), nor one with half a pair of quotation marks.
    """
    name, lexicon = span.text, reading.lexicon
    if name in lexicon.organizations:
        return lexicon.organizations[name].alone == "name" or name in lexicon.words["foreign_bodies"]
    if reading.text.startswith(_SITES, span.end):
        return False
    if titled_name(name, reading):
        return False                    # 周文澜常委
    if is_product(reading, span.end) or (
            name.endswith(lexicon.words["called_bodies"]) and reading.text.startswith("“", span.end)):
        return False                    # 波音/737型客机; 甲国分裂组织/“风帆”
    if _of_members(span, reading) or (name[-1] == "科" and reading.text.startswith(SCIENCE, span.end)):
        return False                    # the grammar cuts it; 极地科/考
    if WITH_RELATIVE.match(name) or opening(name, reading) or _joined_to_a_county(reading, span.start, span.end):
        return False                    # 会同区教育局: the grammar reads 区教育局, and 会同 is no county here
    if "】" in name or "【" in name or _IN_CHARGE.match(name):
        return False
    if len(name) < 2 or name in lexicon.generic or is_collective(name, lexicon) or reading.places.find(name):
        return False
    listed = lexicon.words
    if name.endswith((*listed["none_in_particular"], *listed["no_body_endings"], *listed["venues"])) \
            or any(name.count(a) != name.count(b) for a, b in ("“”", "（）")) or _CONGRESS.fullmatch(name):
        return False
    if speak_against(span, reading):
        return False
    counted = lexicon.suffix(name) and _COUNTED.match(reading.text, span.end) \
        and read_region(name, reading.places)[0] is None
    if counted or before_status(name, lexicon):
        return False
    if not lexicon.suffix(name) and any(w.pos in ("v", "d", "ad") and lexicon.suffix(reading.text[span.start:w.start])
                                        for w in reading.inside(span.start, span.end)):
        return False
    # what is relative the grammar has read or refused
    return not (span.start in reading.starts and lexicon.suffix(name) and is_relative(name, reading))


def _chiefs(reading: Reading) -> Iterator[Mention]:
    """市公安局长: body and title share a character; the body is what stands before it, its value the whole name."""
    shared = reading.lexicon.words["shared_titles"]
    if not any(title in reading.text for title in shared):
        return
    for i, word in enumerate(reading.words):
        cut = next((c for c in range(len(word.text)) if word.text[c:c + 2] in shared), -1)
        end = word.start + cut
        suffix = reading.lexicon.suffix(reading.text[:end + 1]) if cut >= 0 else None
        if suffix is None or len(suffix.text) < 3 or (cut == 0 and not i) \
                or reading.text.startswith("理事会", end + 2) or reading.text.endswith("首席", 0, end):
            continue
        body = Word(word.start, end + 1, word.text[:cut + 1], "n", "n")
        phrase = extend([*reading.words[:i], body], i, suffix, reading.lexicon)
        name = reading.text[phrase.start:end + 1]
        if end > phrase.start and (source := _source(reading, name, phrase, suffix)):
            yield reading.mention(phrase.start, end, "ORGANIZATION", source,
                                  value=_state_before(reading, phrase.start) + name)
            yield reading.mention(end, end + 2, "POSITION", "grammar.chief")


def _state_before(reading: Reading, start: int) -> str:
    """The state of which somebody is minister, where his status stands in between, or empty text."""
    if status := _STATUS.search(reading.text, 0, start):
        for span in reading.spans:
            if span.type == "LOCATION" and span.end == status.start():
                return load_world().states.get(span.text, "")
    return ""
