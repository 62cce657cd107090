"""The organisations that a document names: what identifies each, and the fullest form of its name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.regions import Region, in_a_town, read_region, says_where
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Mention
from kg.resolve.forms import army_of, is_part_of_an_army, of_the_centre, place_in_front, says_more
from kg.resolve.parts import is_part

#: A body must be named this many times as often as the next to be meant by its ending alone.
_DOMINANCE = 4
#: The bureau that a name is or opens with.
_ITS_BUREAU = re.compile("[^局]+公安局")
#: What a police bureau's own name ends in.
_BUREAU = re.compile(r"公安局$")
#: 柳林村村委会: there are many villages of one name. 农业农村部 is no body of a village.
_VILLAGE = re.compile("[\u4e00-\u9fff]{1,4}?(?:(?<!农)村|社区|小区)"
                      "(?:[村居]民?委|[村居]民小组|党支部|党总支|党委|卫生室|警务室|服务站|服务中心)")
_STATIONED = re.compile(r"(?:派)?驻")
#: 纪委/监委, 省纪委/省监委: the second of two bodies under one roof.
_SECOND = re.compile("[省市县区州旗]?(?:监委|监察委员会)")
#: What has committees of its own, called like bodies: 甲市政协农业和农村委员会.
_ASSEMBLIES = ("政协", "人大", "人大常委会", "人民代表大会")
#: Who governs a place, behind its level: 县委, 县政府.
_GOVERNS = ("委", "政府", "人民政府", "纪委", "纪委监委")

#: What shows that a text speaks of China, whose bodies it may name without the state.
_CHINA = re.compile("中国|我国|中方|国务院|全国|在京|北京|习近平|解放军")
_TAX = "国家税务总局"
#: 甲县第十八届人大常委会 is 甲县人大常委会.
_LEAGUE = re.compile("^团[省市县区州旗]委")
_TERM, _ITS_TERM = (re.compile(f"^{first}[一二三四五六七八九十]+届") for first in ("(?:第|第?(?=.{2,4}届全国))", "第?"))


@lru_cache(maxsize=4)
def _full_names(lexicon: Lexicon) -> frozenset[str]:
    """Bodies that have a short form by itself, by either."""
    return frozenset(name for (short, where), full in lexicon.abbreviations.items() if where == "whole"
                     for name in (short, full))


@dataclass
class Body:
    """One organisation: `key` identifies it across documents, `name` is the fullest form of its name.

    `reasons` says for a surface form why it stands for this body.
    """

    key: str
    name: str
    region: Region | None
    rest: str
    parent: Body | None = None
    reasons: dict[str, str] = field(default_factory=dict)

    def because(self, surface: str, reason: str) -> Body:
        """Note why `surface` means this body, if it isn't simply its name."""
        if surface not in (self.name, self.key):
            self.reasons.setdefault(surface, reason)
        return self


class Bodies:
    """The bodies of one document by key, and which of them each mention names."""

    def __init__(self, document: CleanDocument, knowledge: Knowledge, context: tuple[str, ...]) -> None:
        self.document, self.knowledge, self.context = document, knowledge, context
        self.known: dict[str, Body] = {}
        self.links: dict[Mention, Body] = {}
        self.speakers: list[Body] = []      # who may say 我局, the surest first

    # ----------------------------------------------------------------------------- identity

    def region(self, place: str) -> Region | None:
        """The region that a whole place name stands for."""
        return read_region(place + "。", self.knowledge.places, self.context)[0]

    def region_of(self, place: str) -> Region | None:
        """The region in which a place is by its own name: 长沙市 of 长沙火车站, none of 临海工业园."""
        region, rest = read_region(place + "。", self.knowledge.places, self.context)
        return region if region and says_where(place, region, rest) else None

    def split(self, name: str) -> tuple[Region | None, str]:
        """Region and rest of a name; 天心公安分局 belongs to the 天心区 that the document names."""
        listed = self.knowledge.lexicon.organizations
        region, rest = read_region(place_in_front(name), self.knowledge.places, self.context)
        if region is None and name.startswith(_TAX):        # 国家税务总局甲县税务局 is 甲县税务局
            region, rest = read_region(name[len(_TAX):], self.knowledge.places, self.context)
        if (name in listed and listed[name].alone == "name" and rest not in listed) or (
                region is not None and self._opens_a_listed(name, len(name) - len(rest))):
            return None, name               # 上海合作组织, and so its 成员国, are nothing of 上海
        rest = _TERM.sub("", rest) if region is None else _LEAGUE.sub("团委", _ITS_TERM.sub("", rest))
        if region is not None and in_a_town(name, region, rest, self.knowledge.lexicon.words["town_units"]):
            return None, name
        if region is None:
            for place in self.context:
                short = place[:-1]
                if len(short) > 1 and place[-1] in "市县区" and name.startswith(short) \
                        and len(name) > len(place) and not name.startswith(place):
                    return self.region(place), name[len(short):]
            for body in self.known.values():        # 江华司法局 beside 江华瑶族自治县人民政府
                row = body.region and body.region.place
                if row and row.name.endswith("自治县") and name.startswith(row.short) and name != row.short:
                    return body.region, name[len(row.short):]
        return region, rest

    def _opens_a_listed(self, name: str, size: int) -> bool:
        """Whether a name that a place of `size` characters opens begins with one that is no body of that place."""
        listed = self.knowledge.lexicon.organizations
        return any((one := listed.get(name[:n])) and one.alone == "name" and name[size:n] not in listed
                   for n in range(size + 2, len(name) + 1))

    def identity(self, region: Region | None, rest: str) -> str:
        """Region and name, short forms spelled out: what is equal here is one body, in any document."""
        full = self.knowledge.lexicon.abbreviations
        if region is None:
            rest = self._own(rest)
            return full.get((rest, "whole")) or self._unit_of_a_ministry(rest) or army_of(rest) \
                or self._of_a_sign(rest) or rest
        if rest[:1] == region.name[-1] and rest[1:] in _GOVERNS:
            rest = rest[1:]             # 渠县县委 is 渠县委
        above = self.knowledge.places.above(region.place) if region.place and self._is_shared(region) else ""
        return above + region.name + self._spelled_out(rest)

    def _own(self, name: str) -> str:
        """The name of a body without a place, without its state, its party or its term."""
        return _TERM.sub("", of_the_centre(name, self._is_one))

    def _is_one(self, name: str) -> bool:
        """Whether a name without a place is that of one body: 国务院, 全国政协."""
        listed = self.knowledge.lexicon.organizations.get(name)
        return (listed is not None and listed.alone == "name") or name in _full_names(self.knowledge.lexicon)

    def _of_a_sign(self, name: str) -> str:
        """俄国防部, 俄海军北方舰队 with the state spelled out, or empty text; 法国会议中心 is no part of a 国会."""
        words = self.knowledge.lexicon.words
        state, rest = load_world().signs.get(name[:1]) or self._only_state(name[:1], name[1:]), name[1:]
        bodies = (*words["state_bodies"], *words["foreign_bodies"], *words["bodies_of_states"])
        if rest[:1] == "国" and rest not in bodies:
            bodies = tuple(each for each in bodies if len(each) > 2)
        return state + rest if state and rest.startswith(bodies) else ""

    def _only_state(self, sign: str, rest: str) -> str:
        """The one state of the document that begins with a character which stands before a parliament: 塔/议会."""
        if not rest.startswith(self.knowledge.lexicon.words["foreign_bodies"]):
            return ""
        states = load_world().states
        named = {full for name, full in states.items() if name[0] == sign and len(name) > 1
                 and name in self.document.text}
        return named.pop() if len(named) == 1 else ""

    def _unit_of_a_ministry(self, name: str) -> str:
        """工信部网络安全管理局 with its ministry spelled out, or empty text."""
        lexicon = self.knowledge.lexicon
        for cut in range(len(name) - 2, 1, -1):
            full = lexicon.abbreviations.get((name[:cut], "whole"))
            if full and not full.startswith(name[:cut + 1]):        # no 公室 of 国务院新闻办/公室
                unit = name[cut:]
                own = unit[-1] in "局司厅处室所" and not unit.startswith(lexicon.words["national"])
                return full + unit if own and not _STATIONED.match(unit) else ""
        return ""

    def _spelled_out(self, rest: str) -> str:
        """What stands behind the place, its short form spelled out, also at the head of a unit: 人民法院生态庭.

        Of 纪委监委 neither is a unit of the other, and what a body stations at another keeps its name.
        """
        lexicon = self.knowledge.lexicon
        if whole := lexicon.abbreviations.get((rest, "rest")):
            return whole
        for cut in range(len(rest) - 2, 1, -1):
            if full := lexicon.abbreviations.get((rest[:cut], "rest")):
                unit = rest[cut:]
                ending = lexicon.ending(unit)
                second = _STATIONED.match(unit) or any(
                    also.kind == "body" for n in (2, 3) if (also := lexicon.organizations.get(unit[:n])))
                return full + unit if ending and ending.kind == "unit" and not second else rest
        return rest

    def id(self, body: Body) -> str:
        """The key, bound to the document where several places bear the name of the body's and it isn't known which."""
        region = body.region
        unknown = not region.place and self._is_shared(region) if region else bool(_VILLAGE.match(body.key))
        return f"{body.key}@{self.document.id}" if unknown and "@" not in body.key else body.key

    def _is_shared(self, region: Region) -> bool:
        return bool(self.knowledge.places.namesakes(region.name)) or (
            region.place is None and region.name.endswith(self.knowledge.lexicon.words["local_places"]))

    # ------------------------------------------------------------------------------- making

    def full(self, name: str, label: str = "") -> Body:
        """The body that a full name stands for, new or known under another form of it."""
        region, rest = self.split(name)
        key = self.identity(region, rest)
        signed = self._of_a_sign(rest) if region is None else ""
        if signed and key in (signed, army_of(rest)) and signed[:len(signed) - len(rest) + 1] in self.document.text:
            label = label or signed     # 俄国防部 in a text that names 俄罗斯
        body = self.known.setdefault(key, Body(key, label or name, region, rest))
        more, known_more = (region is None and bool(_TERM.match(each) or says_more(each)) for each in (name, body.name))
        if known_more if more != known_more else len(label or name) > len(body.name):
            body.name = label or name   # the longer one, but 全国人大 rather than 十四届全国人大
        return body

    def within(self, region: Region, rest: str) -> Body:
        """The body called region + rest."""
        key = self.identity(region, rest)
        return self.known.setdefault(key, Body(key, region.name + rest, region, rest))

    def below(self, parent: Body, rest: str) -> Body:
        """The unit called parent + rest."""
        key = parent.key + rest
        return self.known.setdefault(key, Body(key, parent.name + rest, parent.region, rest, parent))

    def local(self, name: str) -> Body:
        """A unit that nothing completes: it keeps its name and stays in its document.

        A police unit belongs to the bureau that speaks in the document, or to the only one that it names; that
        identifies it elsewhere.
        """
        bureaus = [self.full(key) for key in sorted(self.openings(_ITS_BUREAU, placed=True))]
        signed = [b for b in self.speakers if _BUREAU.search(b.key) or b.key.endswith("分局")]
        if (signed or len(bureaus) == 1) and self.is_police(name):
            bureau = (signed or bureaus)[0]
            key = bureau.key + name
            body = self.known.setdefault(key, Body(key, name, bureau.region, name, bureau))
            return body.because(name, f"本文由 {bureau.name} 发布" if signed else f"文中的公安局只有 {bureau.name}")
        key = f"{name}@{self.document.id}"
        return self.known.setdefault(key, Body(key, name, None, name))

    def is_police(self, name: str) -> bool:
        """Whether a unit is one of the police by its name: a station, or a team for what the police does."""
        words = self.knowledge.lexicon.words
        return name.endswith(words["police_units"]) and not any(w in name for w in words["other_forces"]) and (
            not name.endswith(words["teams"]) or any(w in name for w in words["police_duties"]))

    # ------------------------------------------------------------------------------ finding

    def ending(self, text: str) -> list[Body]:
        """Bodies of a place or of another body whose name ends with `text` and says more."""
        return [b for b in self.known.values() if b.key.endswith(text) and len(b.key) > len(text)
                and (b.region or b.parent)]

    def openings(self, pattern: re.Pattern[str], *, placed: bool = False) -> set[str]:
        """What of a pattern the keys of the document's bodies open with; `placed`: of those with a region."""
        return {match.group() for body in self.known.values()
                if (body.region or not placed) and (match := pattern.match(body.key))}

    def of_a_state(self, name: str) -> Body | None:
        """What a name means that many states have a body by, as far as it isn't simply the body of China.

        众议院 is that of the only state whose the document names in full, as is 外交部 beside 甲国外交部 in a text that
        doesn't speak of China; else it could be either's and stays in its document, as does a bare 海军.
        """
        words = self.knowledge.lexicon.words
        abroad = name in words["foreign_bodies"]
        if not abroad and name not in words["state_bodies"]:
            return None
        fuller = [b for b in self.known.values() if b.key.endswith(name) and len(b.key) > len(name)
                  and b.region is None and not b.key.startswith((*words["national"], "中华", "中共"))]
        if len(fuller) == 1 and (abroad or not _CHINA.search(self.document.text)):
            return fuller[0]
        return self.local(name) if not abroad and (fuller or name.endswith("军")) else None

    def meant(self, ending: str, before: int) -> Body | None:
        """The body that a bare `ending` (局, 支队) means: the only one named before, or by far the most named."""
        named = self.named(ending, before)
        ranked = Counter(body.key for body in named.values()).most_common(2)
        if len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] >= _DOMINANCE * ranked[1][1]):
            return next(body for body in named.values() if body.key == ranked[0][0])
        return None

    def named(self, ending: str, before: int) -> dict[Mention, Body]:
        """The bodies named before that end so and say more, also as the head of another's name."""
        linked = [item for item in self.links.items() if item[0].end <= before]
        heads = [item for mention, body in linked if ending in mention.text for item in self.heads(mention, body)]
        return {mention: body for mention, body in (*linked, *heads)
                if body.key.endswith(ending) and len(body.key) > len(ending)}

    def parent(self, body: Body) -> Body | None:
        """The body whose name opens this one's: known as such, the longest known, or as the suffixes cut the name."""
        if body.parent:
            return body.parent
        holders = [b for b in self.known.values() if b is not body and body.key.startswith(b.key)]
        if holders:
            return max(holders, key=lambda b: len(b.key))
        for cut in range(len(body.key) - 2, len(body.region.name) if body.region else len(body.key), -1):
            suffix = self.knowledge.lexicon.suffix(body.key[:cut])
            if suffix and suffix.kind == "body" and len(suffix.text) > 1:
                return self.full(body.key[:cut])
        return None

    def nested(self) -> dict[Mention, Body]:
        """Bodies that the names of others open with, by the part of the mention that names them.

        长沙市公安局岳麓分局巡警大队 names 长沙市公安局岳麓分局, and that names 长沙市公安局.
        """
        return {part: head for mention, body in self.links.items() for part, head in self.heads(mention, body)}

    def heads(self, mention: Mention, body: Body) -> list[tuple[Mention, Body]]:
        """The bodies with which the name of one opens, each with the part of the mention that names it."""
        found, key = [], body.key.partition("@")[0]
        for cut in range(len(mention.text) - 2, 1, -1):
            head, rest = mention.text[:cut], mention.text[cut:]
            if self._holds(head, rest) and (key.endswith(rest) or key.startswith(head)) and body.name.endswith(rest):
                name = body.name[:-len(rest)]
                part = Mention(mention.start, mention.start + cut, "ORGANIZATION", head, "grammar.nested",
                               confidence=0.8)
                own = self._own(name)
                spelled = self.knowledge.lexicon.abbreviations.get((own, "whole")) or army_of(name)
                known = next((b for b in self.known.values() if b.name == name or b.key == spelled), None)
                above = key[:-len(rest)] if key.endswith(rest) else head     # 国务院 of 国务院安委办
                found.append((part, known or Body(spelled or above, name, body.region, head)))
        return found

    def _holds(self, head: str, rest: str) -> bool:
        """Whether a name that reads head + rest names a unit `rest` of a body `head`."""
        lexicon = self.knowledge.lexicon
        if is_part_of_an_army(head, rest) or is_part(head, rest, lexicon):
            return True                 # 美军第四步兵师, 甲银行市场部
        outer, inner, whole = lexicon.suffix(head), lexicon.ending(rest), lexicon.ending(head + rest)
        if outer is None or inner is None or whole is None or len(whole.text) > len(rest):
            return False
        bare = len(head) <= len(outer.text) and outer.alone != "name"
        if (len(outer.text) < 2 and not (outer.text == "局" and inner.kind == "unit" and self._is_bureau(head))) \
                or bare or (outer.kind not in ("body", "unit") and not outer.text.endswith("总台")):
            return False
        if not rest.startswith("办公") and any(
                (whole := lexicon.suffix(head + rest[:n])) and len(whole.text) > n for n in (1, 2) if n < len(rest)):
            return False                # 武装部 of 武装部队总参谋部: the cut goes through a word
        if head[-1] + rest[0] in lexicon.words["uncut"] or _SECOND.fullmatch(rest) \
                or head.count("（") != head.count("）"):
            return False                # 纪委监委: two bodies under one roof
        if rest == inner.text and inner.kind == "body" and not outer.text.endswith("委") \
                and not (outer.text in _ASSEMBLIES and rest.endswith("委员会")):
            return False
        if rest[:2] in ("附中", "附小", "附属") and not outer.text.endswith(("大学", "学院", "校")):
            return False                # 人大附中 belongs to a university, not to a congress
        if any((also := lexicon.organizations.get(rest[:n])) and also.kind == "body" and n < len(rest)
               for n in range(2, 5)):
            return False                # 纪委监委驻…: two bodies under one roof, and the longer head is tried as well
        return inner.kind != "company" and rest not in lexicon.generic and not _STATIONED.search(head) \
            and not rest.startswith(lexicon.words["national"])

    def _is_bureau(self, head: str) -> bool:
        """Whether a name that ends in 局 is that of a bureau of a place: 甲县农牧局 of 甲县农牧局办公室."""
        region, rest = self.split(head)
        return region is not None and 2 < len(rest) < 10 and head.endswith(region.name + rest)
