"""Organisations of one document: which mentions name the same body, and what its full name is.

Names are read in the order of the text. A full name founds a body. A relative one (市公安局), a unit (法制支队) and
a reference (指挥部, 该局) are completed, in this order of evidence:

    1  a bracket said so: …（以下简称国家网信办）
    2  the sentence says who founded it
    3  it stands in a list with a body whose place or parent it shares
    4  exactly one fuller name in the document ends with it
    5  the document is about one place at its level

If none applies a unit keeps its own name, a reference is left alone, and a relative name is listed as doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Doubt, Mention, TaggedSentence
from kg.regions import LEVELS, Home, Region, read_region

_JOINED = re.compile(r"[、，,和及与或以原任]*(?:以及)?")
_PRONOUN = re.compile(r"^[该我本]")
_SHORT_FORM = re.compile(r"[（(](?:以下)?(?:统称|简称|下称|又称)(?:为|作)?[：:]?"
                         r"[“\"「]?([\u4e00-\u9fffA-Za-z]{2,16}?)[”\"」]?[）)]")
#: A body must be named this many times as often as the next to be meant by its ending alone.
_DOMINANCE = 4
#: Characters within which 该局 points to the last body that ends so, even if there were others before.
_NEAR = 120


@dataclass
class Body:
    """One organisation: `key` identifies it across documents, `name` is the fullest form of its name."""

    key: str
    name: str
    region: Region | None
    rest: str
    parent: Body | None = None
    reasons: dict[str, str] = field(default_factory=dict)


class Bodies:
    """The organisations of a document; `links` says which body a mention names, `doubts` what stayed open."""

    def __init__(self, document: CleanDocument, sentences: Sequence[TaggedSentence], knowledge: Knowledge,
                 home: Home, context: tuple[str, ...]) -> None:
        self._document, self._knowledge, self._home, self._context = document, knowledge, home, context
        self._known: dict[str, Body] = {}
        self._short: dict[str, Body] = {}
        self._last: dict[str, tuple[Region, TaggedSentence]] = {}
        self.links: dict[Mention, Body] = {}
        doubts: list[Doubt] = []
        for sentence in sentences:
            for mention in sentence.mentions:
                if mention.type == "ORGANIZATION" and self._is_full(mention):
                    self._found(mention)
        for sentence in sentences:
            self._read(sentence, doubts)
        self.doubts = tuple(doubts)

    def nested(self) -> dict[Mention, tuple[str, str]]:
        """Bodies that the names of others open with, as (key, name) by the part of the mention that names them.

        长沙市公安局开福分局城管大队 names 长沙市公安局开福分局, and that 长沙市公安局.
        """
        found: dict[Mention, tuple[str, str]] = {}
        for mention, body in self.links.items():
            for cut in range(len(mention.text) - 2, 1, -1):
                head, rest = mention.text[:cut], mention.text[cut:]
                if self._holds(head, rest) and body.key.endswith(rest) and body.name.endswith(rest):
                    key, name = body.key[:-len(rest)], body.name[:-len(rest)]
                    part = Mention(mention.start, mention.start + cut, "ORGANIZATION", head, "grammar.nested",
                                   confidence=0.8)
                    known = next((b for b in self._known.values() if b.name == name), None)
                    found[part] = (known.key if known else key, name)
        return found

    def _holds(self, head: str, rest: str) -> bool:
        """Whether a name that reads head + rest names a unit `rest` of a body `head`."""
        lexicon = self._knowledge.lexicon
        outer, inner = lexicon.suffix(head), lexicon.suffix(rest)
        if outer is None or inner is None or len(outer.text) < 2 or outer.kind not in ("body", "unit"):
            return False
        if inner.kind == "company" or lexicon.generic.get(rest) or len(head) <= len(outer.text):
            return False
        if re.search("(?:派)?驻", head) or rest.startswith(lexicon.words["national"]):
            return False
        whole = lexicon.suffix(head + rest)
        return whole is not None and len(whole.text) <= len(rest)

    # ------------------------------------------------------------------ full names

    def _is_full(self, mention: Mention) -> bool:
        return mention.source in ("grammar.organization", "grammar.police", "grammar.dateline", "model")

    def _found(self, mention: Mention) -> Body:
        """The body that a full name stands for, new or known under another form of it."""
        text = mention.value or mention.text
        region, rest = self._split(text)
        key = self._identity(region, rest)
        if body := self._known.get(key):
            if len(text) > len(body.name):
                body.name = text
            return body
        name = mention.value or text
        self._known[key] = body = Body(key, name, region, rest)
        return body

    def _split(self, name: str) -> tuple[Region | None, str]:
        """Region and rest of a name; 天心公安分局 belongs to the 天心区 that the document names."""
        region, rest = read_region(name, self._knowledge.places, self._context)
        if region is None:
            for place in self._context:
                if len(place) > 2 and place[-1] in "市县区" and name.startswith(place[:-1]) and len(name) > len(place) \
                        and not name.startswith(place):
                    region, _ = read_region(place + "。", self._knowledge.places, self._context)
                    return region, name[len(place) - 1:]
        return region, rest

    def _identity(self, region: Region | None, rest: str) -> str:
        """Region and name, short forms spelled out: what is equal here is one body, in any document."""
        full = self._knowledge.lexicon.abbreviations
        if region is None:
            return full.get((rest, "whole"), rest)
        return region.name + full.get((rest, "rest"), rest)

    # ------------------------------------------------------------------ in the order of the text

    def _read(self, sentence: TaggedSentence, doubts: list[Doubt]) -> None:
        before: list[Mention] = []
        for mention in sentence.mentions:
            if mention.type == "LOCATION":
                self._pass(read_region(mention.text + "。", self._knowledge.places, self._context)[0], sentence)
            if mention.type != "ORGANIZATION":
                continue
            body = self._found(mention) if self._is_full(mention) else None
            if body and (fuller := self._abbreviated(mention, body)):
                body = self._because(fuller, mention, f"{mention.text} 是 {fuller.name} 的简称")
            body = body or self._short.get(mention.text) or self._complete(mention, sentence, before, doubts)
            if body:
                self.links[mention] = body
                self._pass(body.region, sentence)
                self._note_short_form(mention, body, sentence)
                before.append(mention)

    def _pass(self, region: Region | None, sentence: TaggedSentence) -> None:
        """Remember the place that was named last at its level."""
        if region:
            self._last[region.name[-1]] = (region, sentence)

    def _complete(self, mention: Mention, sentence: TaggedSentence, before: Sequence[Mention],
                  doubts: list[Doubt]) -> Body | None:
        kind, text = mention.source.removeprefix("grammar."), mention.value or mention.text
        if kind == "outlet":
            return self._outlet(mention)
        if kind == "unit" and self._split(text)[0]:
            return self._found(mention)
        if found := self._founded(mention, sentence) or self._listed(mention, sentence, before):
            return found
        if kind == "reference":
            return self._reference(mention, doubts)
        if kind == "relative" and (body := self._at_level(text, mention, sentence)):
            return body
        if fuller := self._endings(text):
            if len(fuller) == 1:
                return self._because(fuller[0], mention, f"文中唯一以“{mention.text}”结尾的全称是 {fuller[0].name}")
            doubts.append(Doubt(self._document.id, mention, "文中有多个全称以它结尾", tuple(b.key for b in fuller)))
            return None
        if kind == "relative":
            return self._relative(mention, doubts)
        return self._local(text, mention)

    def _endings(self, text: str) -> list[Body]:
        """Bodies whose name ends with `text` and says more."""
        return [b for b in self._known.values() if b.key.endswith(text) and len(b.key) > len(text)
                and (b.region or b.parent)]

    def _because(self, body: Body, mention: Mention, reason: str) -> Body:
        if mention.text not in (body.name, body.key):
            body.reasons.setdefault(mention.text, reason)
        return body

    # ------------------------------------------------------------------ evidence, strongest first

    def _note_short_form(self, mention: Mention, body: Body, sentence: TaggedSentence) -> None:
        """…（以下简称X）: from here on X is this body."""
        at = mention.end - sentence.sentence.start
        if match := _SHORT_FORM.match(sentence.sentence.text, at):
            self._short[match.group(1)] = body
            body.reasons.setdefault(match.group(1), f"原文注明 {match.group(1)} 是 {body.name} 的简称")

    def _abbreviated(self, mention: Mention, body: Body) -> Body | None:
        """The one company or school whose full name holds the core of this short one: 腾讯公司, 该幼儿园."""
        if mention.text in self._short:
            return self._short[mention.text]
        if mention.source != "model" and not mention.text.endswith("公司"):
            return None
        core = re.sub(r"(?:集团|股份|有限|责任)*公司$", "", body.rest) if not body.region else ""
        if len(core) < 2:
            return None
        fuller = [b for b in self._known.values() if b is not body and core in b.key and len(b.key) > len(body.key) + 2
                  and b.key.endswith(("公司", "集团"))]
        return fuller[0] if len(fuller) == 1 else None

    def _listed(self, mention: Mention, sentence: TaggedSentence, before: Sequence[Mention]) -> Body | None:
        """Completed from the body before it in the same list: 甲市公安局、卫生局; 甲局警卫支队民警张三、法制支队."""
        if not before or not self._same_list(before[-1], mention, sentence):
            return None
        other, text = self.links[before[-1]], mention.value or mention.text
        if mention.source == "grammar.relative":
            level = text[:3] if text[:3] in LEVELS else text[0]
            if other.region and other.region.name.endswith(LEVELS.get(level, ())) and level in LEVELS:
                return self._named(other.region, text[len(level):], None, mention,
                                   f"与 {other.name} 并列，同属 {other.region.name}")
            return None
        if mention.source in ("grammar.unit", "grammar.reference") and self._posted(before[-1], mention, sentence) \
                and (unit := self._knowledge.lexicon.suffix(text)) and unit.kind == "unit" \
                and not self._siblings(other.rest, text):
            return self._named(None, text, other, mention, f"与 {other.name} 的职务并列，是其下设机构")
        if mention.source == "grammar.reference" and other.region and not _PRONOUN.match(text):
            suffix = self._knowledge.lexicon.suffix(text)
            if suffix and suffix.kind == "body" and not other.parent:
                return self._named(other.region, text, None, mention, f"与 {other.name} 并列，同属 {other.region.name}")
            return None
        if mention.source == "grammar.unit" and text.endswith("分局") and other.region and not other.parent:
            return self._named(other.region, text, None, mention, f"与 {other.name} 并列，同属 {other.region.name}")
        if mention.source == "grammar.unit" and self._siblings(other.rest, text) and (parent := self._parent_of(other)):
            return self._named(None, text, parent, mention, f"与 {other.name} 并列，同属 {parent.name}")
        return None

    def _siblings(self, one: str, other: str) -> bool:
        """Whether two names end in the same kind of unit, so that in a list they share a parent."""
        return any(one.endswith(s) and other.endswith(s) for s in self._knowledge.lexicon.words["siblings"])

    def _posted(self, left: Mention, right: Mention, sentence: TaggedSentence) -> bool:
        """县委常委、宣传部部长: a title stands behind either body, and nobody between them."""
        inside = {m.type for m in sentence.mentions if left.end <= m.start and m.end <= right.start}
        behind = next((m for m in sentence.mentions if m.start >= right.end), None)
        return inside == {"POSITION"} and behind is not None and behind.type == "POSITION" \
            and behind.start - right.end <= 2

    def _same_list(self, left: Mention, right: Mention, sentence: TaggedSentence) -> bool:
        """Whether nothing but list marks, titles and persons stands between two mentions of a sentence."""
        inside = [m for m in sentence.mentions if left.end <= m.start and m.end <= right.start]
        if any(m.type not in ("POSITION", "PERSON") for m in inside):
            return False
        text, start = sentence.sentence.text, sentence.sentence.start
        between, at = "", left.end
        for mention in [*inside, right]:
            between += text[at - start:mention.start - start]
            at = mention.end
        return 0 < len(between) <= 6 and bool(_JOINED.fullmatch(between))

    def _parent_of(self, body: Body) -> Body | None:
        """The known body whose name opens this one's, the longest."""
        if body.parent:
            return body.parent
        holders = [b for b in self._known.values() if b is not body and body.key.startswith(b.key)]
        if holders:
            return max(holders, key=lambda b: len(b.key))
        suffixes = self._knowledge.lexicon
        for cut in range(len(body.key) - 2, 3, -1):
            suffix = suffixes.suffix(body.key[:cut])
            if suffix and suffix.kind == "body" and len(suffix.text) > 1 and body.region \
                    and cut > len(body.region.name):
                return self._found(Mention(0, 1, "ORGANIZATION", body.key[:cut], "grammar.organization"))
        return None

    def _founded(self, mention: Mention, sentence: TaggedSentence) -> Body | None:
        """甲市公安局成立疫情防控指挥部: the new body carries its founder's name."""
        if mention.source not in ("grammar.unit", "grammar.reference"):
            return None
        lexicon = self._knowledge.lexicon
        verbs = [t for t in sentence.tokens if t.end <= mention.start and t.text in lexicon.founding]
        if not verbs:
            return None
        verb = verbs[-1]
        text, start = sentence.sentence.text, sentence.sentence.start
        between = text[verb.end - start:mention.start - start]
        led = re.fullmatch(r"了?[由以][^。；！？]*的", between)
        direct = re.fullmatch(r"[^，。；！？]{0,12}", between) and lexicon.generic.get(between[-2:]) != "start" \
            and not any(m.type == "ORGANIZATION" and verb.end <= m.start < mention.start for m in sentence.mentions)
        if not led and not direct:
            return None
        subjects = [m for m in sentence.mentions if m.end <= verb.start and m.type in ("ORGANIZATION", "LOCATION")]
        for subject in reversed(subjects):
            if founder := self.links.get(subject):
                return self._named(None, mention.text, founder, mention, f"由 {founder.name} {verb.text}")
            if (subject.type == "LOCATION" and subject.end == verb.start) or subject.end + 2 == verb.start:
                region, _ = read_region(subject.text + "。", self._knowledge.places, self._context)
                if region:
                    return self._named(region, mention.text, None, mention, f"由 {subject.text} {verb.text}")
        return None

    def _relative(self, mention: Mention, doubts: list[Doubt]) -> Body | None:
        """市公安局 in a document about one city; 局党委 in one about one bureau."""
        text = mention.value or mention.text
        if level := _level(text):
            doubts.append(Doubt(self._document.id, mention, f"无法确定是哪个{level}"))
            return None
        for cut in (2, 1):
            if holder := self._meant(text[:cut], mention):
                return self._named(None, text[cut:], holder, mention, f"{text[:cut]} 指 {holder.name}")
        doubts.append(Doubt(self._document.id, mention, f"无法确定“{text[0]}”指哪个机构"))
        return None

    def _at_level(self, text: str, mention: Mention, sentence: TaggedSentence) -> Body | None:
        """市公安局, by the city that was named last in the paragraph or that the document is about.

        Where the sentence itself names another city than the document is about, it could be either's.
        """
        level = _level(text)
        last, where = self._last.get(level[-1:], (None, None))
        if where is None or where.sentence.line != sentence.sentence.line:
            last = None
        home = self._home.at(level)
        if last and home and last.name != home:
            if where is sentence:
                return None
            last = None
        if last:
            return self._named(last, text[len(level):], None, mention, f"上文刚提到 {last.name}")
        if home:
            region, _ = read_region(home + "。", self._knowledge.places, self._context)
            return self._named(region or Region(home, None), text[len(level):], None, mention, f"本文所述{level}为 {home}")
        return None

    def _meant(self, ending: str, mention: Mention) -> Body | None:
        """The body that a bare `ending` (局, 支队) means here: the only one named so far, or by far the most named."""
        counts = Counter(b.key for m, b in self.links.items() if m.end <= mention.start and b.key.endswith(ending)
                         and len(b.key) > len(ending))
        ranked = counts.most_common(2)
        if len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] >= _DOMINANCE * ranked[1][1]):
            return self._known[ranked[0][0]]
        return None

    def _reference(self, mention: Mention, doubts: list[Doubt]) -> Body | None:
        """该局, 指挥部: the one body named before that ends so; with several, 该局 is the last one if just named."""
        ending = _PRONOUN.sub("", mention.text)
        if body := self._meant(ending, mention):
            return self._because(body, mention, f"上文以“{ending}”结尾的主要是 {body.name}")
        earlier = {m: b for m, b in self.links.items() if m.end <= mention.start and b.key.endswith(ending)}
        if not earlier:
            return self._of_home(ending, mention)
        last = max(earlier, key=lambda m: m.start)
        if _PRONOUN.match(mention.text) and mention.start - last.end < _NEAR:
            return self._because(earlier[last], mention, f"指代上文最近的 {earlier[last].name}")
        candidates = tuple(sorted({b.key for b in earlier.values()}))
        doubts.append(Doubt(self._document.id, mention, "上文有多个可能的机构", candidates))
        return None

    def _of_home(self, name: str, mention: Mention) -> Body | None:
        """A bare 公安局 in a document about one county, of which it names other bodies in full."""
        if not name.endswith(("局", "厅", "检察院", "法院", "纪委", "监委", "教委", "卫健委")) or len(name) < 3:
            return None
        for level in ("县", "区", "市"):
            if home := self._home.at(level):
                others = [b for b in self._known.values() if b.region and b.region.name == home]
                region = others[0].region if len(others) > 1 else None
                return self._named(region, name, None, mention, f"本文所述为 {home}") if region else None
        return None

    def _outlet(self, mention: Mention) -> Body | None:
        publisher = self._document.metadata.publisher
        if len(publisher) < 2:
            return None
        body = self._found(Mention(0, 1, "ORGANIZATION", publisher, "model"))
        return self._because(body, mention, f"{mention.text} 指发布者 {publisher}")

    # ------------------------------------------------------------------ new bodies

    def _named(self, region: Region | None, rest: str, parent: Body | None, mention: Mention, reason: str) -> Body:
        """The body called region + rest, or parent + rest, made known if it wasn't."""
        key = parent.key + rest if parent else self._identity(region, rest)
        if key not in self._known:
            name = (parent.name if parent else region.name if region else "") + rest
            self._known[key] = Body(key, name, region or (parent.region if parent else None), rest, parent)
        return self._because(self._known[key], mention, reason)

    def _local(self, text: str, mention: Mention) -> Body:
        """A unit that nothing completes keeps its name.

        A police unit in a document that names one police bureau belongs to it, which is what identifies it
        elsewhere; any other unit stays in its document.
        """
        bureaus = [b for b in self._known.values() if b.region and not b.parent and _BUREAU.search(b.key)]
        units = self._knowledge.lexicon.words["police_units"]
        if len(bureaus) == 1 and text.endswith(units) and not text.startswith(bureaus[0].key):
            bureau = bureaus[0]
            key = bureau.key + text
            if key not in self._known:
                self._known[key] = Body(key, text, bureau.region, text, bureau)
            return self._because(self._known[key], mention, f"文中的公安机关只有 {bureau.name}")
        key = f"{text}@{self._document.id}"
        if key not in self._known:
            self._known[key] = Body(key, text, None, text)
        return self._known[key]


def _level(name: str) -> str:
    """The level with which a relative name opens (省, 市, 自治区 …), or empty text."""
    return next((name[:n] for n in (3, 2, 1) if name[:n] in LEVELS), "")


#: What a police bureau's own name ends in.
_BUREAU = re.compile(r"公安局$")
