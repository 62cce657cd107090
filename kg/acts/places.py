"""Places among words: where a phrase of place ends, and which places and seats of bodies it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from kg.acts.clauses import COORDINATORS, Word, spelled
from kg.models import Mention

_HELD = frozenset({"举行", "召开", "举办", "开幕", "进行"})
#: Say of what stands behind their 的 where it is.
_LIES = frozenset({"位于", "地处", "盘踞在"})
#: What may stand between a place and one in it.
_BETWEEN = frozenset({"的", "首都", "首府", "省会"})
#: Behind a place from which is measured how far away another is: 青溪县以北/50/公里.
_FROM = re.compile("(?:以?[东西南北]{1,2}(?:部|侧|方向|方)?)?(?:大?约|近|仅|不到)?[0-9几数十百一二三四五六七八九]+多?"
                   "(?:公里|千米|海里|英里|米)")
#: Before it, where no direction is said.
_AWAY = ("距离", "距", "离", "相距")
#: What sums places up, and what may stand in a list of them.
_SUMS = frozenset({"地", "地区", "方向", "多地", "国", "州", "省", "市", "城市", "省份", "区域"})
_LISTED = frozenset({"LOCATION", "LOC", "PER", "nz", "n", "a", "f", "s", "u"})
#: What taggers take for a town that nobody told them.
_TOWNS = frozenset({"LOC", "ns", "nr", "PER"})


def place_end(words: tuple[Word, ...], start: int, end: int) -> int:
    """在/青溪县/同/周文澜/会谈: a place isn't coordinated with people; behind it the next phrase begins."""
    verb = next((j for j in range(start, end) if words[j].pos == "v"), end)
    if start < verb < end < len(words) and words[verb + 1].text == "的" and any(
            w.pos == "PERSON" for w in words[verb + 1:end]):
        return verb                     # 在/青溪县/考察/的/周文澜/来到/…: the place of him who comes
    for j in range(start + 1, end):
        if words[j].mention is None and words[j].text in ("同", "与", "和", "跟") and words[j - 1].pos == "LOCATION":
            return j if any(w.pos in ("PERSON", "ORGANIZATION") for w in words[j + 1:end]) else end
    return end


def listed_end(words: tuple[Word, ...], start: int) -> int:
    """Behind 甲市/、/乙镇/等/地, of which the tagger may not know each, or 0."""
    if start >= len(words) or words[start].pos != "LOCATION":
        return 0
    for j in range(start + 1, min(start + 16, len(words) - 1)):
        if words[j].text == "等" and words[j + 1].text in _SUMS:
            return j + 2
        if words[j].pos not in _LISTED and words[j].text not in COORDINATORS:
            return 0
    return 0


def ends_in_place(inside: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """在/青溪县/火车站, but not 在/青溪县/民警/的/帮助/下."""
    word = inside[-1]
    if word.text == "下" and len(inside) > 1 and inside[-2].pos in ("v", "vn"):
        return False
    if len(inside) == 2 and inside[0].pos == "LOCATION" and word.pos in _TOWNS:
        return True                     # 在/老挝/万象
    return word.mention is not None or word.pos in ("f", "s") or word.text.endswith(tuple(cues["place_endings"]))


def without_events(inside: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> tuple[Word, ...]:
    """The words but a place that only opens the name of an event: 中国/博览会/开幕式/上, not 中国/北部/上."""
    for i, word in enumerate(inside[:-1]):
        named = word.pos == "LOCATION" and inside[i + 1].mention is None and inside[i + 1].pos in ("n", "nz", "vn")
        nouns = [w for w in inside[i + 1:] if w.mention is not None or w.pos not in ("f", "u")]
        if named and nouns and nouns[-1].mention is None and nouns[-1].text.endswith(tuple(cues["event_endings"])):
            return inside[:i]
    return inside


def named_sites(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The bodies of which a phrase of place consists, if it names nothing else: 甲公司、乙医院."""
    sites = tuple(w.mention for w in words if w.mention is not None and w.pos == "ORGANIZATION")
    return sites if all(w.mention in sites or w.text in COORDINATORS or w.text == "等" for w in words) else ()


def named_places(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The places among the words; of 甲市乙县, 甲市/的/乙园 and 甲国/首都/乙城 only the last.

    None from which is measured how far away another is.
    """
    places = [w.mention for i, w in enumerate(words) if w.mention is not None and w.pos == "LOCATION"
              and not _is_measured_from(words, i)]
    starts = {place.start for place in places}
    starts |= {a.end for a, b, c in zip(words, words[1:], words[2:], strict=False) if (
        a.pos == c.pos == "LOCATION" and b.text in _BETWEEN)}
    return tuple(place for place in places if place.end not in starts)


def _is_measured_from(words: tuple[Word, ...], i: int) -> bool:
    """青溪县/以北/50/公里/的/白鹭镇, 距离/青溪县/50/公里: is the place at i the one from which is measured?"""
    behind = spelled(words[i + 1:i + 6])
    distance = _FROM.match(behind)
    return distance is not None and (behind[0] in "以东西南北" or (i > 0 and words[i - 1].text in _AWAY))


def places_within(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The places that open a noun phrase and say where it is; not so in 甲国/导弹.

    甲国/境内/的/设施, 南部/甲州/的/据点, 甲州/一处/据点, 一艘/位于/甲海峡/的/船.
    """
    if not words or words[-1].pos in ("v", "vn", "quote"):
        return ()                       # 击退/甲国/的/进攻: no thing that stands there
    lies = next((i for i, w in enumerate(words) if w.text in _LIES and w.mention is None), -1)
    if lies >= 0 and all(w.mention is None for w in words[:lies]):
        closed = next((i for i in range(lies, len(words)) if words[i].text == "的"), lies)
        return named_places(words[lies:closed])
    end = next((i for i, w in enumerate(words) if w.pos not in ("LOCATION", "f", "s") and w.text not in COORDINATORS),
               len(words))
    said = 0 < end < len(words) and (words[end].text in ("的", "约") or words[end].pos == "m" or (
        words[end - 1].pos in ("f", "s") and end > 1))
    return named_places(words[:end]) if said else ()


def places_at_end(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The places of which a noun phrase consists behind what describes it: 甲国、乙国/等/国, 位于/甲县/的/乙机场."""
    if len(words) > 2 and words[-2].text == "等" and words[-1].text in ("国", "地"):
        words = words[:-2]
    if not words or words[-1].pos != "LOCATION":
        return ()
    start = max((i + 1 for i, word in enumerate(words) if word.text == "的"), default=0)
    return tuple(word.mention for word, then in zip(words[start:], [*words[start + 1:], None], strict=True)
                 if word.mention is not None and word.pos == "LOCATION" and (
                     then is None or then.text in COORDINATORS))


def held_at(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The places of an event that its description says: (出席) 5月3日/在/青溪县/举行/的/论坛."""
    start = next((i for i, word in enumerate(words[:3]) if word.text in ("在", "于")), -1)
    held = next((i for i, word in enumerate(words) if word.mention is None and word.text in _HELD), -1)
    described = 0 <= start < held < len(words) - 1 and words[held + 1].text == "的"
    return named_places(words[start + 1:held]) if described else ()


def event_end(words: tuple[Word, ...], i: int, cues: Mapping[str, Collection[str]]) -> int:
    """End of the name of an event that verbs stand in: 学习/贯彻/…/座谈会 | 6日/在/青溪县/召开; else 0."""
    if words[-1].mention is not None or words[-1].text not in cues["held_events"]:
        return 0
    when = next((j for j in range(len(words) - 2, i, -1) if words[j].pos == "DATE"), 0)
    end = when - int(when > i + 1 and words[when - 1].text in ("于", "定于", "将于", "在"))
    return end if when and words[end - 1].pos in ("n", "nz", "vn", "quote", "nw", "xc") and all(
        word.pos != "v" for word in words[when:-1]) else 0


def meanwhile_at(words: tuple[Word, ...]) -> tuple[Mention, ...]:
    """The places of what somebody was at while he did something else: (民警) 在/白鹭镇/巡逻/时."""
    start = next((i for i, w in enumerate(words) if w.mention is None and w.text in ("在", "于", "到", "赴")), -1)
    end = next((i for i in range(start + 1, len(words)) if words[i].pos == "v"), -1) if start >= 0 else -1
    return named_places(words[start + 1:end]) if end > 0 and words[end - 1].pos in ("LOCATION", "f", "s", "n") else ()


def places_or_venues(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> tuple[Mention, ...]:
    """The places among the words, or the bodies of which they consist, where those are places as well (甲中学)."""
    venues = tuple(site for site in named_sites(words) if site.text.endswith(tuple(cues["venues"])))
    return named_places(words) or venues
