"""Names of organisations as noun phrases: a grammar over words, the suffix lexicon and the model's spans.

An official name is built from the right: the suffix says what the body is (公安局, 支队, 指挥部), the words to its
left narrow it down, and a place or another body opens it: 济宁市公安局 / 驻京杭社区 / 疫情防控工作 / 指挥部. The tagger
often gives only a part of it (济宁市公安局 and four common nouns), so the grammar starts from each suffix and
extends leftwards over words that may modify it. It prefers a short name to one with a foreign word at its head.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.lexicon import Lexicon, Suffix
from kg.models import Mention, Token
from kg.places import Places
from kg.regions import read_region

#: Parts of speech that may stand inside a name, left of the suffix.
_MODIFIERS = frozenset({"n", "nz", "vn", "an", "a", "nw", "nt", "ns", "s", "f", "j", "ORG", "LOC", "ORGANIZATION", "LOCATION"})
_NAMES = frozenset({"ORG", "LOC", "nt", "ns", "ORGANIZATION", "LOCATION"})
#: 市公安局, 省委: a level instead of a place; the look-aheads keep 市场, 区域 and their like out.
_RELATIVE = re.compile(r"自治区|自治州|街道|分局|支队|大队|市(?!场|民|容|值|面|政(?!府|协|法))|省(?!级|际|市)|县(?!域|级|乡)"
                       r"|区(?!域|块|间|划|县)|州|旗(?!下)|盟|镇(?!江)|乡(?!村|镇)|局(?!部|面|势)|厅|院(?!士|校)|校(?!园|友|外)")
#: Verbs of one syllable that open compounds which the tagger may cut: 反/诈, 扫/黑, 防/汛.
_FIRST_SYLLABLES = frozenset("反防抗扫打禁治护救助联")
_NATIONAL = ("国家", "中央", "全国", "中国", "最高", "国务院")
_POSTED = frozenset({"驻", "派驻"})
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Phrase:
    """An organisation name before it is decided on: token range, suffix, and whether a name opens it."""

    first: int
    last: int
    suffix: Suffix
    named: bool


def find_organizations(text: str, start: int, tokens: Sequence[Token], spans: Sequence[Mention],
                       lexicon: Lexicon, places: Places) -> Iterator[Mention]:
    """Organisations of one sentence, possibly overlapping; the tag stage chooses among them.

    `text` is the sentence, `start` its offset in the document; tokens and spans carry document offsets.
    The source of a mention says how it is to be read: `grammar.organization` names a body,
    `grammar.unit` names one without saying whose, `grammar.relative` (市公安局) needs the place that the text is
    about, `grammar.reference` (该局, 指挥部) points back.
    """
    kinds = _kinds(tokens, spans)
    for last, token in enumerate(tokens):
        suffix = lexicon.suffix(text[:token.end - start])
        if suffix is None or not _complete(tokens, kinds, last, suffix, lexicon):
            continue
        phrase = _extend(tokens, kinds, last, suffix, lexicon)
        begin, end = tokens[phrase.first].start, token.end
        for left, right in _apart(text[begin - start:end - start]):
            name = text[begin + left - start:begin + right - start]
            ending = lexicon.suffix(name)
            if ending and (source := _source(name, phrase, ending, text, start, tokens, kinds, lexicon, places)):
                yield Mention(begin + left, begin + right, "ORGANIZATION", name, source)
    yield from _chiefs(text, start, tokens, kinds, lexicon, places)
    yield from _shared_heads(text, start, tokens, lexicon)


def _chiefs(text: str, start: int, tokens: Sequence[Token], kinds: list[str], lexicon: Lexicon,
            places: Places) -> Iterator[Mention]:
    """市公安局长: body and title share a character; the body is what stands before it, its value has the whole name."""
    for i, token in enumerate(tokens):
        word = token.text
        cut = next((c for c in range(len(word)) if word[c:c + 2] in _SHARED_TITLES), -1)
        suffix = lexicon.suffix(text[:token.start - start + cut + 1]) if cut >= 0 else None
        if suffix is None or len(suffix.text) < 3 or (cut == 0 and not i):
            continue
        body = [*tokens[:i], Token(token.start, token.start + cut + 1, word[:cut + 1], "n")]
        phrase = _extend(body, [*kinds[:i], "n"], i, suffix, lexicon)
        begin, end = body[phrase.first].start, token.start + cut
        name = text[begin - start:end - start + 1]
        if end > begin and (source := _source(name, phrase, suffix, text, start, body, kinds, lexicon, places)):
            yield Mention(begin, end, "ORGANIZATION", text[begin - start:end - start], source, value=name)
            yield Mention(end, end + 2, "POSITION", word[cut:cut + 2], "grammar.chief")


_SHARED_TITLES = frozenset({"局长", "厅长", "院长", "部长", "所长", "校长", "行长", "处长", "科长", "队长"})
#: 省委市委, 党中央国务院: several bodies written as one word.
_RUN = re.compile(r"党中央|中央(?!纪委|政法委|军委|政治局|电视台|宣传部|组织部)|国务院|[省市县区](?:委|政府)")
#: 甲部门联合乙局: the tagger took the verb into the name.
_INNER_VERB = re.compile(r"(?<=.)(?:联合(?!会|国|体|执法|检查|调查|工作|指挥)|会同|协同)(?=.{2})")


def _apart(name: str) -> list[tuple[int, int]]:
    """Spans of the bodies that a phrase holds: usually all of it."""
    runs = [m.span() for m in _RUN.finditer(name)]
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][1] == len(name) and \
            all(a[1] == b[0] for a, b in itertools.pairwise(runs)):
        return runs
    if verb := _INNER_VERB.search(name):
        return [(0, verb.start()), (verb.end(), len(name))]
    return [(0, len(name))]


def _kinds(tokens: Sequence[Token], spans: Sequence[Mention]) -> list[str]:
    """For each token the type of the model span that covers it, else its part of speech."""
    kinds = [token.pos for token in tokens]
    for span in spans:
        for i, token in enumerate(tokens):
            if span.start <= token.start and token.end <= span.end:
                kinds[i] = span.type
    return kinds


def _complete(tokens: Sequence[Token], kinds: list[str], last: int, suffix: Suffix, lexicon: Lexicon) -> bool:
    """Whether a name really ends here: not in a common noun (局部, 部署), nor where 党委 belongs to 党委书记."""
    word = tokens[last].text
    if lexicon.generic.get(word) == "never" or word in lexicon.titles:
        return False
    if len(suffix.text) == 1 and kinds[last] not in _NAMES:
        return False
    following = tokens[last + 1].text if last + 1 < len(tokens) else ""
    return suffix.text + following not in lexicon.titles


def _extend(tokens: Sequence[Token], kinds: list[str], last: int, suffix: Suffix, lexicon: Lexicon) -> Phrase:
    """The widest phrase that ends at token `last` with `suffix`."""
    first, begin = last, tokens[last].end - len(suffix.text)
    while first > 0 and tokens[first].start > begin:
        first -= 1
    named = kinds[first] in _NAMES
    while first > 0:
        before, kind = tokens[first - 1], kinds[first - 1]
        if tokens[last].end - before.start > _NAME_LENGTH or before.end != tokens[first].start:
            break
        if before.text in _POSTED and first > 1 and kinds[first - 2] in _NAMES:
            named = False
        elif before.text == "）" and suffix.kind in ("company", "unit") and (opening := _bracket(tokens, first - 1)):
            first = opening
            continue
        elif (named and kind not in _NAMES and not _opens_with_region(before.text, kind)) or (not _may_modify(before, kind, lexicon) and not (
                suffix.kind == "ad_hoc" and first == last and _is_task(before, lexicon))):
            break
        first -= 1
        named = named or kind in _NAMES
    while first < last and tokens[first].text in _POSTED:
        first += 1
    return Phrase(first, last, suffix, kinds[first] in _NAMES)


def _may_modify(token: Token, kind: str, lexicon: Lexicon) -> bool:
    if (lexicon.generic.get(token.text) == "stop" and token.pos != "vn") or token.text in lexicon.titles or token.text in lexicon.founding:
        return False
    return kind in _MODIFIERS or token.text in _FIRST_SYLLABLES or bool(_ORDINAL.fullmatch(token.text))


def _is_task(token: Token, lexicon: Lexicon) -> bool:
    """扑火 of 扑火指挥部: the verb next to the suffix says what the body is for, unless it takes it as its object."""
    return token.pos == "v" and len(token.text) == 2 and token.text not in lexicon.generic \
        and token.text not in lexicon.founding


def _opens_with_region(word: str, kind: str) -> bool:
    """省 of 省 / 高级人民法院 when the tagger cut it off; nothing else may stand before a place."""
    return kind in ("n", "ns") and word in ("省", "市", "县", "区", "中共", "中国")


def _bracket(tokens: Sequence[Token], closing: int) -> int:
    """Index of the token before which （…） opens, if what it holds is short; else 0."""
    for i in range(closing - 1, max(0, closing - 4), -1):
        if tokens[i].text == "（":
            return i if i else 0
    return 0


_COUNTED = re.compile(r"(?:、[^，。；、]{2,12})*等(?:\d+|[一二三四五六七八九十]+)(?:余|多)?[个家支处]")


def _source(name: str, phrase: Phrase, suffix: Suffix, text: str, start: int, tokens: Sequence[Token],
            kinds: list[str], lexicon: Lexicon, places: Places) -> str:
    """How the name is to be read, or empty text if it names no body."""
    before = tokens[phrase.first - 1] if phrase.first else None
    first = tokens[phrase.first].text
    if (lexicon.generic.get(first) == "never" and not phrase.named) or lexicon.generic.get(name) == "never" \
            or is_collective(name, lexicon):
        return ""
    if before and (before.pos == "m" or lexicon.generic.get(before.text) == "start"):
        return ""                       # 14个派出所, 各级法院: nobody in particular
    head, _ = read_region(name, places)
    if not head and (relative := _RELATIVE.match(name)):
        rest = name[relative.end():]
        if rest == "委" or (len(rest) > 1 and lexicon.suffix(rest)):
            return "grammar.relative"
    if name == suffix.text:
        return {"yes": "grammar.reference", "name": "grammar.organization", "no": ""}[suffix.alone]
    if name.startswith(_NATIONAL):
        return "grammar.organization"
    if not head and suffix.kind in ("unit", "ad_hoc"):
        if _COUNTED.match(text, tokens[phrase.last].end - start):
            return ""                   # 治安检查站、执勤站等52个卡点
        return "grammar.organization" if phrase.named and kinds[phrase.first] == "LOC" else "grammar.unit"
    return "grammar.organization" if head or any(k in _NAMES for k in kinds[phrase.first:phrase.last + 1]) else ""


_SHARED = re.compile(r"((?:[\u4e00-\u9fff]{2,4}、)+)([\u4e00-\u9fff]{2,4}?)(等)?(?:\d+个|[两三四五六七八九十]个)?"
                     r"(派出所|分局|司法所|街道办事处|中队|大队|支队)")


def is_collective(name: str, lexicon: Lexicon) -> bool:
    """Whether a name opens with a word that makes it many bodies or none in particular: 各级法院, 相关部门."""
    return any(lexicon.generic.get(name[:n]) == "start" for n in range(1, min(5, len(name))))


def _shared_heads(text: str, start: int, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Mention]:
    """城关、白云山派出所 names two police stations: the words before 、 borrow the suffix of the last."""
    borders = {border - start for token in tokens for border in (token.start, token.end)}
    for match in _SHARED.finditer(text):
        words = [(m.start() + match.start(1), m.group()) for m in re.finditer(r"[^、]+", match.group(1))]
        if match.group(3):
            words.append((match.start(2), match.group(2)))
        for at, word in words:
            if {at, at + len(word)} <= borders and not lexicon.suffix(word) and word not in lexicon.titles:
                yield Mention(start + at, start + at + len(word), "ORGANIZATION", word, "grammar.shared_head",
                              value=word + match.group(4))


_POLICE = re.compile(r"(?:公安|警方)(?!机关|局|厅|部|处|分局|部门|民警|干警|系统|政务|大数据|特警|交警|派出所|大学|学院|报|法)")


def find_police(text: str, start: int, places: Places) -> Iterator[Mention]:
    """济宁公安, 济宁警方: a place and its police as one word; the value is the bureau that is meant."""
    for match in _POLICE.finditer(text):
        for begin in range(max(0, match.start() - 12), match.start() - 1):
            found, length = places.longest_prefix(text[begin:match.start()])
            if begin + length == match.start() and len(found) == 1 and found[0].level in ("prefecture", "county"):
                yield Mention(start + begin, start + match.end(), "ORGANIZATION", text[begin:match.end()],
                              "grammar.police", value=found[0].name + "公安局", confidence=0.8)
                break
