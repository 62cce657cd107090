"""Where the names of bodies are cut that stand in one phrase, or with a word before them that belongs to none."""

from __future__ import annotations

import itertools
import re

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.regions import read_region
from kg.knowledge.world import load_world
from kg.mentions.phrases import RELATIVE
from kg.mentions.reading import Reading

#: 省委市委, 党中央国务院: several bodies written as one word.
_RUN = re.compile(r"(?:中共|党)中央|中央(?!纪委|政法委|军委|政治局|电视台|宣传部|组织部)|国务院|[省市县区](?:委|政府)")
#: 云阳县委县政府: the second one borrows the place of the first.
_PAIR = re.compile(r"(.{0,12}(?:[省市县区州旗镇乡]委|[镇乡]党委|党工委))"
                   r"([省市县区州旗镇乡]?(?:人民)?政府|[省市县区州旗]?(?:人大|政协|纪委))")
#: 甲部门联合乙局: the tagger took the verb into the name.
INNER_VERB = re.compile(r"(?<=.)(?:联合(?!会|国(?!务院|家)|体|执法|检查|调查|工作|指挥|作战|参谋|训练)|会同|协同"
                        "|(?<=[委局厅府])组织(?=.{1,8}[组队]$)|进驻|(?<=[局厅委部府院])所属|调集(?!团)|调派|增派|派遣|派出(?!所|机[构关])|派(?=专家组|工作组|医疗队|调查组|督导组|救援队)|出动)(?=.{2})"
                        "|(?<=.)督导(?![组队委局办室专中])(?=.{3})|(?<=委员)代表(?![大团处队会])(?=.{3})"
                        "|(?<=.)在(?=[省市县区州][局委厅]|公安[部厅局])")
#: 代表/党中央, but not 共产党中央 of another state.
_PARTY = re.compile("(?<=[^产民人命动主义工公致革学建国由会]{1})党中央$")
#: 常委会紧跟党中央: the tagger took a verb into the name, and the party behind it.
_INNER_OBJECT = re.compile("(?<=.{4})(?:紧跟|紧扣|坚持|维护|落实|贯彻|拥护)(?=党中央|国务院)")
#: 会同区教育局, 经县政府: the verb before a body that is named by its level alone; 会同县 is a county.
WITH_RELATIVE = re.compile(
    "(?:会同|联合|协同)(?=[省市区州](?!级|域).{2})|(?:分管|主管|主持)(?=[省市区州县](?!级|域|城(?!市|乡|建|管)).{2})"
    "|(?:.{0,4}同志)?任(?=[市区州县](?!级|域|城(?!市|乡|建|管)|场|民).{3})|(?:报?经|由)(?=[省市县区州](?!级|域|场|民|营).)")
#: 经渠县纪委, 报渠县县委, 会同人力资源社会保障部, 年/初农业农村部: what the tagger took into the name behind it.
_BEFORE_NAME = re.compile("(?:下一步|综合|国和|电|京|"
                          "报?经|报请?|[原现曾]?系|由|向|及|会同|联合(?!国)|协同|初|日|主持|(?:同志)?(?:先后|历|曾|现|担|调|转)?任)"
                          "(?=.{3})")
#: Of these, what is cut off before a body of the nation as well: 11月29日电/国家统计局, 在京/全国人大代表.
_CUT_OFF = ("下一步", "综合", "电", "京")
#: 澳门特别行政区/全国人大代表, 新一届/全国政协: what a congress of the whole country is only named with.
_BEFORE_CONGRESS = re.compile("(?!(?:中共|中华人民共和国|中国|.{0,3}(?:第[一二三四五六七八九十]|[二三四五六七八九十])"
                              "[一二三四五六七八九十]*届)全国).{2,}?(?=全国(?:人大|政协)(?:常委会)?$)")
#: 同/联合国教科文组织, 同/甲国国会.
_TOGETHER = ("同", "与")
#: 另据甲通讯社: the words before the outlet that told it.
TOLD = re.compile("(又|另|此外|另外|综合)?据(?=.{3})")
#: 甲国智库/乙研究所: what a body is, between its state and its name.
_KIND = re.compile("[\u4e00-\u9fff]{1,8}?(?:智库|民调机构|人权组织|环保组织|军工企业|科技巨头|媒体"
                   "|物业服务企业|服务企业|施工企业|施工单位|建设单位|监理单位|运营单位|中标单位"
                   "|评级机构|调查企业|调查机构|咨询机构|借贷公司|初创公司|初创企业|军火巨头|能源巨头|互联网巨头)(?=.{4})")
#: 省政协原党组: the word before a post was taken into the name.
STATUS = re.compile(r"(?<=.)(?:原(?!则|子|产|油|料|野|生态)|时任|现任)(?=.)")


#: 新时代/人民政协, 党的二十大精神/中央宣讲团: what is said of a body before its name.
_EPITHET = re.compile("(?:新时代(?:新征程)?|(?:全国)?广大|(?:党的)?[二三]十[一二三四五六七八九]?大精神)(?=.{2})")


def apart(name: str, reading: Reading) -> list[tuple[int, int]]:
    """Spans of the bodies that a phrase holds: usually all of it."""
    lexicon = reading.lexicon
    if cut := _bare_holder(name, lexicon):
        return [(0, cut), (cut, len(name))]
    if cut := opening(name, reading):
        return [(cut + left, cut + right) for left, right in apart(name[cut:], reading)]
    if cut := before_status(name, lexicon):
        return [(0, cut)]
    if pair := _PAIR.fullmatch(name):
        return [pair.span(1), pair.span(2)]
    runs = [m.span() for m in _RUN.finditer(name)]
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == len(name) \
            and all(a[1] == b[0] for a, b in itertools.pairwise(runs)):
        return runs
    if name.startswith("京中共"):
        return [(1, len(name))]         # 在京/中共中央政治局委员
    if _PARTY.search(name) and name.removesuffix("党中央") not in load_world().states:
        return [(len(name) - 3, len(name))]         # 好/党中央, 中代表/党中央, but 老挝党中央
    if name.startswith("党中央") and len(name) < 6:
        return [(0, 3)]                 # 党中央/部署
    if (told := TOLD.match(name)) and told[1] and lexicon.suffix(name):
        return [(told.end(), len(name))]
    if name.startswith("台央视"):
        return [(1, len(name))]         # 中央广播电视总/台央视新闻
    if kind := _KIND.match(name):
        return [(kind.end(), len(name))]
    if name[0] == "该" and len(name) > 3 and name[1] in "省市县区州镇乡":
        return [(1, len(name))]         # 该县公安局: the county named last
    if with_other := WITH_RELATIVE.match(name):
        return [(with_other.end(), len(name))]
    if (at := name.find("协调")) > 2 and (task := lexicon.organizations.get(name[at + 2:])) and task.alone == "name":
        return [(0, at), (at + 2, len(name))]       # 港澳办协调应急管理部
    if verb := INNER_VERB.search(name) or _INNER_OBJECT.search(name):
        return [(0, verb.start()), (verb.end(), len(name))]
    return joined(name, lexicon)


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


def opening(name: str, reading: Reading) -> int:
    """How much of what stands before a body was taken into its name: 1 of 由渠县监委, 经 being no part of a place.

    The table knows the place behind it, and none that begins with it (由由村, 经开区, 会同县); or a ministry follows.
    """
    if "全国" in name and (congress := _BEFORE_CONGRESS.match(name)):
        return congress.end()
    if name.startswith(_TOGETHER) and (name[1:4] in load_world().states or name[1:3] in load_world().states
                                       or name.startswith(reading.lexicon.words["known_bodies"], 1)):
        return 1
    before = _BEFORE_NAME.match(name)
    if before is None:
        return 0
    ministry = reading.lexicon.organizations.get(name[before.end():])
    if (ministry is not None and ministry.alone == "name") or (
            before.group() in _CUT_OFF and name.startswith(("全国", "国家", "中央", "国务院"), before.end())):
        return before.end()
    if reading.places.longest_prefix(name)[1]:
        return 0
    behind, _ = read_region(name[before.end():], reading.places)
    level = before.group() == "及" and RELATIVE.match(name, before.end())      # 及州地震局
    return before.end() if (behind is not None and behind.place is not None) or level else 0


def before_status(name: str, lexicon: Lexicon) -> int:
    """Where the body ends behind which 原 or 时任 was taken into the name (甲市公安局原党委), or 0.

    Not in 太原市, nor in 甲纪委原派驻乙局纪检组, which is one body.
    """
    return next((m.start() for m in STATUS.finditer(name) if not name.startswith(lexicon.words["posted"], m.end())
                 and (suffix := lexicon.suffix(name[:m.start()])) and len(suffix.text) > 1), 0)


def joined(name: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Spans of the bodies that a name joins: 甲大学和乙大学 are two, 农业和农村局 is one; without an epithet."""
    if said := _EPITHET.match(name):
        rest = name[said.end():]
        known = lexicon.organizations.get(rest)
        if said.group().endswith("精神") or (rest, "whole") in lexicon.abbreviations or rest == "人民政协" \
                or (known is not None and known.alone == "name"):
            return [(said.end(), len(name))]
    for at in (m.start() for m in re.finditer("[和与及]", name)):
        left, right = lexicon.suffix(name[:at]), lexicon.suffix(name)
        if left and right and min(len(left.text), len(right.text)) > 1 \
                and (at > len(left.text) or left.alone == "name") \
                and len(name) - at - 1 > len(right.text):
            return [(0, at), (at + 1, len(name))]
    return [(0, len(name))]


def former(reading: Reading, begin: int, end: int) -> bool:
    """Whether a name begins with 原 before the division that opens it: 原/甲县水利局, but not 原平市水利局."""
    return reading.text[begin] == "原" and not reading.places.longest_prefix(reading.text[begin:end])[1] \
        and bool(reading.places.longest_prefix(reading.text[begin + 1:end])[1])
