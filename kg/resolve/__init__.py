"""From the mentions of one document to its entities.

A name is read as fully as the document supports: 市公安局 in an article about 济宁 is 济宁市公安局, and a headquarters
that it founds carries its name. What could mean two bodies is linked to nothing and listed.
Every link that isn't by equal names has a reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.knowledge.regions import Home, in_a_town, read_region, says_where
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import ANONYMISED, CleanDocument, Doubt, Entity, EntityType, Mention, ResolvedDocument, TaggedSentence
from kg.resolve.discourse import link_bodies
from kg.resolve.places import Named, find_place, tell_apart

_SHORT_TITLE = re.compile("[（(](?:以下|下文)?(?:统称|简称|下称|称)(?:为)?[：:]?(《[^《》]{1,30}》)[）)]")
#: Other characters for the dot in a foreign name, and a blank that fills up a name of two characters.
_OTHER_DOT = re.compile("(?<=[\u4e00-\u9fff])[•‧・](?=[\u4e00-\u9fff])")
#: 十六届/青溪县政府: no part of the name of a place.
_TERM = re.compile("第?[一二三四五六七八九十]+届")
_BLANK = re.compile("(?<=^[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff]$)")
_DOT = re.compile(r"[·•‧・-](?=[^·•‧・-]+$)")


def resolve(document: CleanDocument, sentences: Sequence[TaggedSentence], knowledge: Knowledge) -> ResolvedDocument:
    """The entities of a document and, for every mention that has one, the id of its entity.

    Ids are `TYPE:name`; `@document` is added to names that must not meet their like elsewhere: 某-names, family
    names that two foreigners of the document share, bodies named without any place (城关派出所), and places and
    bodies of places of which there are several, where the document doesn't say which. Where it does, what the place
    lies in is part of the id (朝阳区@长春市, 长春市朝阳区公安局).
    """
    mentions = [m for s in sentences for m in s.mentions]
    context = tuple(dict.fromkeys(m.text for m in mentions if m.type in ("LOCATION", "ORGANIZATION")))
    home = _home(document, mentions, knowledge, context)
    levels, dotted = _by_short_form(mentions, knowledge.lexicon.words["long_endings"]), _by_last_part(mentions)
    collected = _Collector()
    named = _places(mentions, levels, knowledge, home, context)
    lies_in = tell_apart(named, knowledge)
    for mention, key in ((one.mention, one.name) for one in named if one.mention in lies_in):
        above = lies_in[mention]
        key = key if above == "" else f"{key}@{document.id if above is None else above}"
        name = key.partition("@")[0]
        # 济宁市, if only in 济宁市公安局; 北京 where the text only says 在京
        shown = mention.value or mention.text       # 蒙古国, where the text says so, but 越南 of 越南社会主义共和国
        shown = name if shown.startswith(name) and shown.endswith(("共和国", "王国")) else shown
        written = name if name in document.text and name not in shown else shown
        reason = f"{mention.text} 是 {name} 的简称" if name != mention.text else ""
        collected.add("LOCATION", written, mention, key=key, reason=reason)
    titles = _short_titles(document, mentions)
    for mention in mentions:
        if mention.type == "PERSON":
            fuller = dotted.get(mention.text, set())
            name = _as_written(next(iter(fuller)) if len(fuller) == 1 else mention.value or mention.text)
            local = "@" + document.id if ANONYMISED.search(mention.text) or len(fuller) > 1 else ""
            how = "的称呼，文中同姓的只有一人" if mention.value else "的姓"
            reason = f"{mention.text} 是 {name} {how}" if name != _as_written(mention.text) else ""
            collected.add("PERSON", name, mention, key=name + local, reason=reason)
        elif mention.type == "DATE":
            collected.add("DATE", mention.value, mention)
        elif mention.type == "DOCUMENT":
            title = titles.get(mention.text) or _title(mention)
            reason = f"原文注明 {mention.text} 是 {title} 的简称" if mention.text in titles else ""
            collected.add("DOCUMENT", title, mention, reason=reason)
    bodies, doubts = link_bodies(document, sentences, knowledge, home, context)
    for mention, body in (*bodies.links.items(), *bodies.nested().items()):
        reason = body.reasons.get(mention.text, "")
        collected.add("ORGANIZATION", body.name, mention, key=bodies.id(body), reason=reason)
    doubts += [Doubt(document.id, one.mention, "文中有几个同名的地方",
                     tuple(sorted({f"{one.name}@{lies_in[o.mention]}" for o in named
                                   if o.name == one.name and lies_in.get(o.mention)})))
               for one in named if one.mention not in lies_in]
    return ResolvedDocument(document, tuple(sentences), collected.entities(), dict(collected.links), tuple(doubts))


def _places(mentions: Sequence[Mention], levels: Mapping[str, set[str]], knowledge: Knowledge, home: Home,
            context: tuple[str, ...]) -> list[Named]:
    """The places of a document, each with its full name: 新登 is 新登镇 where the document says so."""
    found: list[Named] = []
    seen: dict[str, None] = {}
    for mention in mentions:
        if mention.type == "LOCATION":
            text = mention.value or mention.text
            full = levels.get(text, {text})
            name = next(iter(full)) if len(full) == 1 else text
            place = find_place(name, knowledge.places, home, (*seen, *context))
            found.append(Named(mention, place.name if place else load_world().full_name(name), place))
            seen[found[-1].name] = None
    return found


def _home(document: CleanDocument, mentions: Sequence[Mention], knowledge: Knowledge,
          context: tuple[str, ...]) -> Home:
    """What places the document speaks of: in its text, in the names of bodies, in its title and its publisher."""
    home = Home(knowledge.places)
    for mention in mentions:
        if mention.type in ("LOCATION", "ORGANIZATION"):
            name = mention.value or mention.text
            region, rest = read_region(name + "。", knowledge.places, context)
            if region is None or in_a_town(name, region, rest[:-1], knowledge.lexicon.words["town_units"]):
                continue                # 永宁派出所 needn't be in 永宁县
            if mention.type == "ORGANIZATION" or says_where(mention.text, region, rest):
                home.add(region, 2.0 if mention.type == "ORGANIZATION" else 1.0)
    for text, weight in ((document.metadata.title, 2.0), (document.metadata.publisher, 1.0)):
        text = _TERM.sub("", text)
        for start in range(len(text) - 1):
            region, rest = read_region(text[start:] + "。", knowledge.places, context)
            if region and len(region.name) > 1 and len(rest) < len(text) - start + 1:
                home.add(region, weight)
                break
    return home


def _title(mention: Mention) -> str:
    return re.sub(r"\s", "", mention.value or mention.text)


def _short_titles(document: CleanDocument, mentions: Sequence[Mention]) -> dict[str, str]:
    """The short titles that the document gives to others: 《关于…的意见》（以下简称《意见》）."""
    found: dict[str, str] = {}
    for mention in mentions:
        if mention.type == "DOCUMENT" and (short := _SHORT_TITLE.match(document.text, mention.end)):
            found.setdefault(short[1], _title(mention))
    return found


def _by_last_part(mentions: Sequence[Mention]) -> dict[str, set[str]]:
    """Dotted names of the document by their last part: 马尔 may be 哈桑·马尔."""
    found: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.type == "PERSON" and (dot := _DOT.search(mention.text)):
            found[mention.text[dot.end():]].add(mention.text)
            if "-" in mention.text and "·" in mention.text:
                found[mention.text.rpartition("·")[2]].add(mention.text)        # 卢平-西蒙 of 安妮·卢平-西蒙
    return found


def _as_written(name: str) -> str:
    """The name of a person with the usual dot, and without the blank inside a short one: 安·卢平, 卢平 for 卢 平."""
    return _BLANK.sub("", _OTHER_DOT.sub("·", name))


def _by_short_form(mentions: Sequence[Mention], long_endings: Sequence[str]) -> dict[str, set[str]]:
    """Places of the document by shorter names: 新登 may be 新登镇, 白鹭机场 白鹭国际机场.

    `long_endings` are pairs of a long ending and the short one for it: 国际机场=机场.
    """
    endings = [pair.partition("=")[::2] for pair in long_endings]
    found: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.type == "LOCATION" and len(mention.text) > 2 and mention.text[-1] in "省市县区州旗镇乡村" \
                and not mention.text.endswith(("市区", "县区", "镇区")):        # 甲市区 is a part of 甲市
            found[mention.text[:-1]].add(mention.text)
        elif mention.type == "LOCATION":
            for long, short in endings:
                if mention.text.endswith(long) and len(mention.text) > len(long) + 1:
                    found[mention.text.removesuffix(long) + short].add(mention.text)
    return found


class _Collector:
    """Entities of one document as they are found; the longest form of a name becomes its canonical one."""

    def __init__(self) -> None:
        self.links: dict[Mention, str] = {}
        self._mentions: dict[tuple[EntityType, str], list[Mention]] = defaultdict(list)
        self._names: dict[tuple[EntityType, str], str] = {}
        self._reasons: dict[tuple[EntityType, str], dict[str, None]] = defaultdict(dict)

    def add(self, kind: EntityType, name: str, mention: Mention, key: str = "", reason: str = "") -> None:
        """Link `mention` to the entity of `kind` under `key`; `name` is one form of its name."""
        slot = (kind, key or name)
        self._mentions[slot].append(mention)
        known = self._names.get(slot, "")
        if len(name) > len(known):
            self._names[slot] = name
        if reason:
            self._reasons[slot][reason] = None
        self.links[mention] = f"{kind}:{slot[1]}"

    def entities(self) -> tuple[Entity, ...]:
        """The entities, sorted by id."""
        found = []
        for (kind, key), mentions in self._mentions.items():
            name = self._names[kind, key]
            aliases = tuple(sorted({m.text for m in mentions} - {name}))
            found.append(Entity(f"{kind}:{key}", kind, name, aliases, tuple(sorted(mentions)),
                                tuple(self._reasons[kind, key])))
        return tuple(sorted(found, key=lambda e: e.id))

