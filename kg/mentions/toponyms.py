"""Places: the tagger's spans, cut into the levels of a chain, freed of what doesn't belong to the name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.places import Places
from kg.knowledge.world import load_world
from kg.mentions.chains import behind_regions, between_names
from kg.mentions.commons import is_kind_of_site
from kg.mentions.countries import behind_province, behind_state, is_pair
from kg.mentions.namesakes import is_namesake
from kg.mentions.reading import HAN, Reading, Word
from kg.mentions.signs import find_signs
from kg.mentions.trims import trimmed
from kg.models import Mention

_COUNTED = re.compile(r"(?:[一二两三四五六七八九十几数多]+|\d+)[余多]?[家个处间座所]|某[家个处]?")
_VILLAGE = frozenset({"n", "nz", "an", "a", "LOC", "nw", "s"})
#: 梅州/西站: the station of a town by its side of it.
_STATION = re.compile("[东西南北]?站")
_DIVISIONS = "省市县区州旗盟镇乡村国"
_COMMON_NOUN = frozenset({"n", "vn", "v", "a", "f", "s", "an"})
_AT_FACILITY = _COMMON_NOUN - {"v"}
#: 赣B, the head of a number plate.
_PLATE = re.compile("[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔贵云滇藏陕甘青宁新][A-Z]")
#: What a town prides itself on.
_CALLED = re.compile("之[乡都城国府地]$")
#: 回族自治县 without its place: a kind of division.
_OF_A_PEOPLE = re.compile(f"[{HAN}]{{1,5}}族自治[州县旗]")
#: 云南陆良人, where somebody comes from, between commas.
_ORIGIN = re.compile(f"(?<=[，,、])系?([{HAN}]{{4,12}})人(?=[，,。；]|$)")
#: What tells a description from a name: 斜对面十字路口, 一间面包店, 12号楼.
_DESCRIBES = re.compile("[“”《》的某]|附近|对面|门口|出口|[内外]$|[一二两三四五六七八九十\\d]+[间家处座个号楼幢栋]")
#: How sure the tagger must be of a place that ends like one, and of one that its words know nothing of.
_LEAST, _CERTAIN = 0.35, 0.9
_PARTS = frozenset({"n", "nz", "nw", "LOC", "ORG", "PER", "nr", "s", "a", "vn", "an", "f", "m", "xc"})
_NAMED = frozenset({"nz", "nw", "LOC", "ORG", "PER", "nr"})


class _Patterns(NamedTuple):
    generic: frozenset[str]
    direction: re.Pattern[str]
    ending: re.Pattern[str]
    last: re.Pattern[str]
    facility: re.Pattern[str]
    post: re.Pattern[str]
    site: re.Pattern[str]
    village: re.Pattern[str]
    road_sign: re.Pattern[str]
    road: re.Pattern[str]
    abroad: re.Pattern[str]
    passed: frozenset[str]


@lru_cache(maxsize=4)
def _patterns(lexicon: Lexicon) -> _Patterns:
    return _Patterns(frozenset(lexicon.words["generic_places"]),
                     re.compile(f"{lexicon.any('directions')}+$"), re.compile(lexicon.any("place_endings")),
                     re.compile(f"{lexicon.any('place_endings')}$"),
                     re.compile(f"{lexicon.any('facility_endings')}$"),
                     re.compile(f"{lexicon.any('facilities')}$"),
                     re.compile(f"{lexicon.any('site_endings')}$"),
                     re.compile(f"[{HAN}]{{2,4}}?(?:社区|新村|村)(?![{HAN}]?(?:委|支部|民|两委|干部))"),
                     re.compile(rf"\d(?:{lexicon.any('roads')}|号界)|[国省县乡]道[GSXY]?\d"),
                     re.compile(rf"(?<![\d.])(?:[GSXY]?\d{{1,4}}{lexicon.any('roads')}|\d{{1,4}}号界[碑桩])"
                                rf"|[国省县乡]道[GSXY]?\d{{1,4}}(?:线|(?![\d号年]))"),
                     re.compile(f"(?:{lexicon.any('place_endings')}|{lexicon.any('foreign_endings')})$"),
                     frozenset((*lexicon.words["generic_places"], *lexicon.words["states_in_names"])))


def find_places(reading: Reading) -> Iterator[Mention]:
    """Places of one sentence, each level of a chain by itself: 赫山区 / 云台镇 / 石板桥村."""
    patterns = _patterns(reading.lexicon)
    spans = _spans(reading)
    for begin, end in _chains(reading, spans):
        for left, right in _levels(reading, begin, end, spans):
            name = reading.text[left:right]
            if len(name) > 1 and name not in patterns.generic and not is_kind_of_site(name, reading.lexicon) \
                    and not name.endswith("乡村") \
                    and name.count("“") == name.count("”") and not is_pair(reading, left, right) \
                    and not _is_none(reading, begin, left, right) \
                    and (left > begin or not _is_common(reading, left, right)):
                yield reading.mention(left, right, "LOCATION", "model")
                if right < end or (stop := _facility_end(reading, left, right)) == 0 \
                        or is_kind_of_site(reading.text[left:stop], reading.lexicon):
                    continue
                yield reading.mention(left, stop, "LOCATION", "grammar.facility")
    yield from find_signs(reading)
    for origin in _ORIGIN.finditer(reading.text):
        levels = reading.places.split(origin.group(1))
        if len(levels) > 1 and levels[-1][1] == len(origin.group(1)) and levels[0][2] in ("province", "prefecture"):
            for left, right, _ in levels:
                yield reading.mention(origin.start(1) + left, origin.start(1) + right, "LOCATION", "gazetteer.origin")
    if patterns.road_sign.search(reading.text):
        for match in patterns.road.finditer(reading.text):
            yield reading.mention(match.start(), match.end(), "LOCATION", "grammar.road")


def _is_none(reading: Reading, begin: int, left: int, right: int) -> bool:
    """Whether a name is no place at all: a ship's, the head of a number plate, a stretch of a river (吉林段), a kind
    of division (回族自治县), where somebody is from (秭归籍), or nouns behind the
    last division of a chain (山洪沟 of 喜河镇山洪沟).
    """
    name = reading.text[left:right]
    if _OF_A_PEOPLE.fullmatch(name) and not reading.places.find(name):
        return True
    if is_namesake(reading, left, right):
        return True
    if _CALLED.search(name) and reading.text[left - 1:left] == "“":
        return True                     # “花木之乡”
    if _PLATE.fullmatch(name) or (name[-1] in "段籍" and reading.places.find(name[:-1])):
        return True
    words = reading.inside(left, right)
    if any(s.type == "LOCATION" and (s.start, s.end) == (left, right) and s.confidence >= _CERTAIN
           for s in reading.spans):
        return False                    # 马赛 of 法国马赛, a noun to the words
    return left > begin and bool(words) and all(word.pos in _COMMON_NOUN and word.kind in (word.pos, "LOCATION")
                                                for word in words) \
        and not _patterns(reading.lexicon).last.search(name) and not _patterns(reading.lexicon).facility.search(name) \
        and not reading.places.split(name)


#: What a tagger took into the name of the place where a visitor is met.
_VISITOR = re.compile("(?:同|与|会见)(?:来华|访华|来访|来京|到访)")


def _spans(reading: Reading) -> list[tuple[int, int]]:
    """The tagger's places, and words of the part of speech LOC that end like one or open with one.

    The latter not where a doubtful name goes on behind or before them: 长乐 of 长乐市场 is no district.
    """
    taken = {at for s in reading.spans if s.type != "LOCATION" for at in range(s.start, s.end)}
    signs, stops = reading.lexicon.words["country_signs"], {s.end for s in reading.spans if s.end - s.start > 1}
    spans = [(s.start, s.end) for s in reading.spans if s.type == "LOCATION" and not (
        s.text in signs and s.start in stops and reading.text[s.end:s.end + 1] in signs)]       # 陕西/中/欧/班列
    spans += [(s.start, s.end) for s in reading.doubtful if s.type == "LOCATION" and s.confidence >= _LEAST
              and taken.isdisjoint(range(s.start, s.end)) and all(stop != s.end for _, stop in spans)
              and _is_borne_out(s, reading)]
    ending = _patterns(reading.lexicon).last
    if words := [w for w in reading.words if w.pos == "LOC" and taken.isdisjoint(range(w.start, w.end))]:
        parts = {(w.start, w.end) for s in reading.doubtful for w in reading.inside(s.start, s.end)
                 if w.end - w.start < s.end - s.start}
        spans += [(w.start, w.end) for w in words
                  if ending.search(w.text) or ((w.start, w.end) not in parts and reading.places.split(w.text)
                                               and not _holds_another(w, reading))]
    return sorted((_begin(reading, start, end), _without_dateline(reading, start, end)) for start, end in spans)


def _holds_another(word: Word, reading: Reading) -> bool:
    """天津港首趟, in which the tagger has 天津港 for a place and is sure of it; 上海科技, of which it has 上海."""
    return any(s.type == "LOCATION" and word.start <= s.start and s.end <= word.end
               and s.end - s.start < word.end - word.start and (s.end - s.start > 2 or (
                   s.start == word.start and reading.places.find(s.text) and _says_no_place(reading, s.end, word.end)))
               for s in reading.spans)


def _says_no_place(reading: Reading, start: int, end: int) -> bool:
    """Whether what a word has behind a place neither is one nor ends one: 科技, 夏, but not 居庸关, 盆地."""
    rest, patterns, listed = reading.text[start:end], _patterns(reading.lexicon), reading.lexicon.words
    return not (reading.places.find(rest) or any(p.search(rest) for p in (
        patterns.last, patterns.facility, patterns.site, patterns.direction))
        or rest.endswith((*listed["landforms"], *listed["sites"], *_DIVISIONS))
        or any(s.type == "LOCATION" and s.start == start for s in (*reading.spans, *reading.doubtful)))


def _without_dateline(reading: Reading, start: int, end: int) -> int:
    """Where a place ends from which news is sent, or at which somebody meets a visitor: 本报邵阳/讯, 大会堂/同来访."""
    if visitor := _VISITOR.search(reading.text, start + 3, end):
        return visitor.start()
    sent = reading.text[end - 1] in "讯电" and reading.places.find(reading.text[start:end - 1])
    return end - 1 if sent else end


def _is_borne_out(span: Mention, reading: Reading) -> bool:
    """Whether a place of which the tagger isn't sure ends like one, and its words are a name and no description."""
    words = reading.inside(span.start, span.end)
    ending = _patterns(reading.lexicon).last.search(span.text) or _patterns(reading.lexicon).site.search(span.text)
    return bool(ending and ending.start() and words) and not _DESCRIBES.search(span.text) \
        and words[0].start == span.start and words[-1].end == span.end and all(word.pos in _PARTS for word in words) \
        and (any(word.pos in _NAMED for word in words) or _goes_on(span, reading)) \
        and not reading.lexicon.suffix(span.text)


def _goes_on(span: Mention, reading: Reading) -> bool:
    """Whether a place stands right behind a town or district of which the tagger is sure: 下浒镇/外浒码头."""
    return reading.text[span.start - 1:span.start] in tuple("镇乡县区") and any(
        each.type == "LOCATION" and each.end == span.start for each in reading.spans)


def _begin(reading: Reading, start: int, end: int) -> int:
    """Where a place begins that the tagger cut in two: 蒸/湘区. The table knows the whole, and not the part."""
    world = load_world()
    if not world.states_of(reading.text[start:end]) and not reading.places.find(reading.text[start:end]):
        for at in range(max(0, start - 3), start):
            if world.states_of(reading.text[at:end]):
                return at               # 首都亚的/斯亚贝巴市
    before = reading.ends.get(start)
    if before is None:
        return start
    word = reading.words[before]
    found, length = reading.places.longest_prefix(reading.text[word.start:end])
    stop = word.start + length
    if len(word.text) < 3 and start < stop <= end and found and found[0].name == reading.text[word.start:stop] \
            and not reading.places.find(reading.text[start:stop]):
        return word.start
    return start


def _chains(reading: Reading, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The tagger's places, neighbours joined, each with the words that finish it: 大码头 + 街道, 安康西 + 服务/区."""
    chains: list[tuple[int, int]] = []
    for start, stop in spans:
        finished = _patterns(reading.lexicon).ending.match(reading.text, stop)
        again = finished is not None and finished.group() == reading.text[stop - 1]     # 黑龙江/江面
        homely = finished is not None and finished.group() in reading.lexicon.words["homely"] \
            and bool(reading.places.find(reading.text[start:stop]))         # 青年的成都/家园
        end = finished.end() if finished and finished.end() in reading.ends and not again and not homely else stop
        end = _village_end(reading, start, max(end, _known_end(reading, start, end)))
        end = max(end, *(start + len(name) for name in reading.lexicon.words["regions"]
                         if reading.text.startswith(name, start)), end)
        if chains and start <= chains[-1][1]:
            chains[-1] = (chains[-1][0], max(end, chains[-1][1]))
        else:
            chains.append((start, end))
    return chains


def _known_end(reading: Reading, start: int, end: int) -> int:
    """Where two divisions end that the tagger cut in the second: 湖北省宜/昌市."""
    outer, length = reading.places.longest_prefix(reading.text[start:end])
    if not length or start + length >= end or reading.text[start + length - 1] not in _DIVISIONS:
        return end
    inner, more = reading.places.longest_prefix(reading.text[start + length:end + 3])
    known = any(reading.places.is_within(i, o) for i in inner for o in outer)
    return start + length + more if known and reading.text[start + length + more - 1] in _DIVISIONS else end


def _village_end(reading: Reading, start: int, end: int) -> int:
    """Where the community or village ends that stands right behind a division: 狮山街道/幸福/社区."""
    found = _patterns(reading.lexicon).village.match(reading.text, end)
    if found is None or found.end() not in reading.ends or reading.text[end - 1] not in "道镇乡县区市":
        return end
    words = reading.inside(end, found.end())
    sure = words and words[0].start == end and all(w.pos in _VILLAGE for w in words) \
        and reading.lexicon.generic.get(words[0].text) is None
    return found.end() if sure else end


def _levels(reading: Reading, begin: int, end: int, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of the places in a chain, outermost first; what no level claims stays with the last one.

    四川盆地 is not 四川, nor 长乐市场 the district of that name.
    """
    text, places = reading.text[begin:end], reading.places
    whole = len(_patterns(reading.lexicon).direction.sub("", text)) or len(text)
    if not places.find(text[:whole]) and places.find(text[:whole + 1]):
        whole += 1                      # 山东/南部, although 东南部 is a direction, too
    if text[:whole] in reading.lexicon.words["compass"]:
        whole = len(text)               # 西北地区 is a place, 西北 a direction
    one = next((len(name) for name in reading.lexicon.words["regions"] if text.startswith(name)), 0)
    if text.startswith("中国") and places.longest_prefix(text[2:])[1] > 1:
        one = 2                         # 中国/新疆
    cuts = [left + one for left, _, _ in places.split(text[one:]) if 0 < left + one < whole]
    cuts = [cut for cut in cuts if not _inside_a_name(reading, begin, begin + cut, end)
            and not _STATION.match(text, cut)]
    cuts += _behind_division(text[:whole], places)
    cuts += _before_landmark(text[:whole], reading)
    cuts += (*between_names(reading, begin, begin + whole, spans), *behind_regions(reading, begin, begin + whole))
    bounds = [0, *sorted(set(cuts)), whole]
    bounds = [at for at in bounds if at in (0, whole) or not _is_bare(text, at, bounds, reading)]
    return [trimmed(reading, begin + left, begin + right, begin) for left, right in pairwise(bounds)]


def _behind_division(text: str, places: Places) -> list[int]:
    """The cut behind the last division of a chain, where what follows is no part of its name: 喜河镇/山洪沟.

    四川盆地 and 安吉县城 stay whole: a short name, and a single character.
    """
    parts = places.split(text)
    end = parts[-1][1] if parts else 0
    known = bool(parts) and text[parts[-1][0]:end] in {p.name for p in places.find(text[parts[-1][0]:end])}
    return [end] if known and len(text) - end > 1 and text[:end].endswith((*_DIVISIONS, "街道")) else []


def _before_landmark(text: str, reading: Reading) -> list[int]:
    """The cuts before a place with a name of its own, behind a town or a state: 印尼/日惹机场, 甲国/乙州/丙市."""
    landmark = next((name for name in reading.lexicon.words["landmarks"] if text.endswith(name)), "")
    if landmark and reading.places.find(text[:-len(landmark)]):
        return [len(text) - len(landmark)]
    patterns = _patterns(reading.lexicon)
    state = behind_state(text, patterns.abroad, patterns.passed, reading.lexicon.words["called_after_states"])
    province = behind_province(text[state:], patterns.abroad, patterns.passed) if state else 0
    return [cut for cut, size in ((state, state), (state + province, province)) if size]


def _ends_division(text: str, places: Places) -> bool:
    """Whether a text ends like a division, and not with the short name of one: 秭归县, but 广州."""
    return text[-1] in _DIVISIONS and not any(p.short == text[-size:] != p.name
                                              for size in (2, 3) for p in places.find(text[-size:]))


def _is_bare(text: str, at: int, bounds: Sequence[int], reading: Reading) -> bool:
    """Whether what a cut leaves behind it is but an ending: 农贸市场 of 龙源西街农贸市场, which is one place."""
    stop = next(bound for bound in bounds if bound > at)
    return not _ends_division(text[:at], reading.places) \
        and bool(_patterns(reading.lexicon).ending.fullmatch(text, at, stop))


def _facility_end(reading: Reading, left: int, right: int) -> int:
    """Where a checkpoint or the like ends that is called after the road or site before it, or 0: 江滨路/防洪/值守点."""
    name = reading.text[left:right]
    if name[-1] in _DIVISIONS or name.endswith(("街道", "社区")) or reading.places.find(name):
        return 0
    at, found = right, 0
    endings = tuple(reading.lexicon.words["facilities"])
    while (i := reading.starts.get(at)) is not None and at - right < 10 and (
            reading.words[i].pos in _AT_FACILITY or reading.text.startswith(endings, at)):       # 值守/v 点/n
        at = reading.words[i].end
        if _patterns(reading.lexicon).post.search(reading.text[right:at]):
            found = at
    return found


def _inside_a_name(reading: Reading, begin: int, cut: int, end: int) -> bool:
    """Whether a cut parts one word that the table knows no part of: 两江新区 is not 新区, but 甲镇乙村 are two.

    Nor are 溪市古镇, whose second half is no name.
    """
    word = next((w for w in reading.words if begin <= w.start < cut < w.end <= end and w.pos == "LOC"), None)
    if _ends_division(reading.text[begin:cut], reading.places) and (
            word is None or not _patterns(reading.lexicon).ending.fullmatch(reading.text, cut, word.end)):
        return False
    return word is not None and not any(
        place for part in (reading.text[word.start:cut], reading.text[cut:word.end])
        for place in reading.places.find(part) if not place.until)


def _is_common(reading: Reading, left: int, right: int) -> bool:
    """Whether a facility is a common noun: counted (一家麻将馆), or nothing in it is a name by any other sign."""
    name, words = reading.text[left:right], reading.inside(left, right)
    before = reading.ends.get(left)
    counted = before is not None and bool(_COUNTED.fullmatch(reading.words[before].text))
    return bool(words) and (counted or all(word.pos in _COMMON_NOUN for word in words)) \
        and bool(_patterns(reading.lexicon).facility.search(name)) and not reading.places.longest_prefix(name)[1]
