"""Names that the tagger saw in one sentence of a document and missed in another.

A name that a document gives once means the same wherever its characters stand as whole words, in that document. So a
person whom the third sentence names, and the fifth only as a word, is found in both. Short names are words as well,
and what is read in two ways isn't certain: both are left alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from kg.models import ANONYMISED, Mention, MentionType, TaggedSentence

#: Sources that give a whole name; 市公安局 and 该局 mean what their own sentence makes them mean.
_WHOLE = frozenset({"model", "grammar.organization", "grammar.before_post", "grammar.after_title", "grammar.byline",
                    "grammar.foreign_name", "grammar.facility"})
#: Sources whose types another sentence may correct: the tagger's, and those of one last character (科 of 戈鲁什科).
_RETYPED = frozenset({"model", "grammar.unit"})
#: The last dot in a foreign name.
_LAST_DOT = re.compile("[·•‧・](?=[\u4e00-\u9fff]{2,}$)")
#: 15个, 各: what follows is nobody in particular.
_COUNTED = re.compile("(?:[个家支名位]|各)$")
#: Before the name of a work or a unit that is called after somebody.
_TITLED = ("“", "《", "‘")
#: Words of one character behind a name that taggers take for its last.
_BEHIND = frozenset("遂因便亦均仍欲即乃故曾又也已将在与和同对向被把让等则系持驾乘经由")
#: What makes a number behind a withheld name something else than a part of it: 卢某1月.
_UNIT = re.compile("[0-9.月日号年时点元万千百岁人名次个]")
#: What stands behind the name of a place, and how sure a person is who isn't one all the same.
_AREAS, _CERTAIN = ("地区", "境内", "一带", "机场"), 0.9
#: What only a place ends in.
_DIVISIONS = "省市县区州镇乡村路街岛"
#: A name must be this sure where it was seen, and this long to be found elsewhere.
_SURE = 0.8
_SHORTEST: dict[MentionType, int] = {"PERSON": 2, "ORGANIZATION": 4, "LOCATION": 3}
#: Parts of speech (LAC) of a name of two characters; 高峰 may be a summit.
_NAMED = frozenset({"PER", "nr", "nz"})


def find_repeats(sentences: Sequence[TaggedSentence], is_place: Callable[[str], bool] = lambda name: False,
                 doubtful: Sequence[Sequence[Mention]] = ()) -> tuple[TaggedSentence, ...]:
    """The sentences, with mentions where a name of the document stands as words that no mention covers.

    `is_place` says whether the tables know a place of a name; `doubtful` are for each sentence the names of which the
    tagger isn't sure there.
    """
    sentences = _retyped(sentences, is_place)
    if any(doubtful):
        sentences = _borne_out(sentences, doubtful)
    if alone := _alone(sentences):
        longer = _longer(alone)
        sentences = [_shortened(_lengthened(_parted(sentence, alone), longer), alone) for sentence in sentences]
    known = _names(m for s in sentences for m in s.mentions)
    return tuple(_completed(sentence, known) for sentence in sentences) if known else tuple(sentences)


def _borne_out(sentences: Sequence[TaggedSentence],
               doubtful: Sequence[Sequence[Mention]]) -> Sequence[TaggedSentence]:
    """The sentences, with the persons of whom the tagger isn't sure and who are surely named in another sentence."""
    names = {m.text for s in sentences for m in s.mentions if m.type == "PERSON" and m.confidence >= _SURE}
    names -= {m.text for s in sentences for m in s.mentions if m.type != "PERSON"}
    found = []
    for sentence, asked in zip(sentences, doubtful, strict=True):
        for name in asked:
            before = sentence.sentence.text[max(0, name.start - sentence.sentence.start - 1):]
            if name.text in names and not before.startswith(_TITLED) \
                    and all(m.end <= name.start or name.end <= m.start for m in sentence.mentions):
                name = name._replace(source="grammar.repeat", confidence=_SURE)
                sentence = replace(sentence, mentions=tuple(sorted([*sentence.mentions, name])))
        found.append(sentence)
    return found


def _retyped(sentences: Sequence[TaggedSentence], is_place: Callable[[str], bool]) -> Sequence[TaggedSentence]:
    """The sentences, with a person where a name is one in one of them, and a body or an unknown place in another.

    So with what one sentence calls a body: “风帆”组织.
    """
    known: dict[str, MentionType] = {m.text: "PERSON" for s in sentences for m in s.mentions
                                     if m.type == "PERSON" and m.confidence >= _SURE and len(m.text) > 2}
    parts = Counter(m.text[dot.end():] for s in sentences for m in s.mentions
                    if m.type == "PERSON" and m.confidence >= _SURE and (dot := _LAST_DOT.search(m.text)))
    known |= dict.fromkeys(parts, "PERSON")         # 萨夫林, where the text has 阿列克·萨夫林
    known |= {m.value: "ORGANIZATION" for s in sentences for m in s.mentions
              if m.type == "ORGANIZATION" and f"“{m.value}”" in m.text}
    areas = {m.text for s in sentences for m in s.mentions if m.type == "LOCATION" and m.source == "model"
             and s.sentence.text.startswith(_AREAS, m.end - s.sentence.start)}
    known = {name: kind for name, kind in known.items() if name not in areas}
    known |= dict.fromkeys(areas, "LOCATION")
    seen = Counter((m.text, m.type) for s in sentences for m in s.mentions)
    seen.update({(part, "PERSON"): count for part, count in parts.items()})
    wrong = {m.text for s in sentences for m in s.mentions if m.type in ("LOCATION", "ORGANIZATION")
             and m.source in _RETYPED and m.type != known.get(m.text, m.type)
             and m.text[-1] not in _DIVISIONS and not is_place(m.text)
             and (m.type == "LOCATION" or seen[m.text, "PERSON"] >= seen[m.text, m.type])}
    wrong |= {m.text for s in sentences for m in s.mentions if m.type == "PERSON" and m.source == "model"
              and m.text in areas and m.confidence < _CERTAIN}      # 克罗贾尔, where the text says 克罗贾尔地区
    if not wrong:
        return sentences
    return [replace(s, mentions=tuple(
        m._replace(type=known[m.text], source="grammar.repeat", confidence=_SURE)
        if m.text in wrong and m.source in _RETYPED else m for m in s.mentions)) for s in sentences]


def _alone(sentences: Sequence[TaggedSentence]) -> frozenset[str]:
    """The persons that some sentence names with something other than a person on either side."""
    found = set()
    for sentence in sentences:
        people = [m for m in sentence.mentions if m.type == "PERSON"]
        bounds = {m.start for m in people} & {m.end for m in people}
        found |= {m.text for m in people if m.confidence >= _SURE and bounds.isdisjoint((m.start, m.end))}
    return frozenset(found)


def _parted(sentence: TaggedSentence, alone: frozenset[str]) -> TaggedSentence:
    """赵一民钱二丁孙三: names that stand side by side, parted as the document names these people elsewhere."""
    people = [m for m in sentence.mentions if m.type == "PERSON"]
    runs: list[list[Mention]] = []
    for mention in people:
        if runs and runs[-1][-1].end == mention.start:
            runs[-1].append(mention)
        else:
            runs.append([mention])
    mentions = sentence.mentions
    for run in runs:
        names = _spelled("".join(m.text for m in run), alone) if len(run) > 1 else ()
        if names and names != tuple(m.text for m in run):
            at, found = run[0].start, []
            for name in names:
                found.append(run[0]._replace(start=at, end=at + len(name), text=name, source="grammar.repeat",
                                             confidence=_SURE))
                at += len(name)
            mentions = tuple(sorted([*(m for m in mentions if m not in run), *found]))
    return replace(sentence, mentions=mentions) if mentions is not sentence.mentions else sentence


def _shortened(sentence: TaggedSentence, alone: frozenset[str]) -> TaggedSentence:
    """钱二遂: a name with the word behind it, where the document names 钱二 elsewhere."""
    mentions = tuple(
        m._replace(end=m.end - 1, text=m.text[:-1], source="grammar.repeat", confidence=_SURE)
        if m.type == "PERSON" and len(m.text) > 2 and m.text[-1] in _BEHIND and m.text[:-1] in alone else m
        for m in sentence.mentions)
    return replace(sentence, mentions=mentions) if mentions != sentence.mentions else sentence


def _longer(names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The first characters of names of persons → the names, the longest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        for size in range(2, len(name)):
            found[name[:size]].append(name)
    return {head: tuple(each) for head, each in found.items()}


def _lengthened(sentence: TaggedSentence, longer: dict[str, tuple[str, ...]]) -> TaggedSentence:
    """卢正 of 卢正平: the tagger took only a part of a name that the document gives in full elsewhere."""
    text, at = sentence.sentence.text, sentence.sentence.start
    mentions = list(sentence.mentions)
    for i, mention in enumerate(mentions):
        if mention.type != "PERSON" or not (names := longer.get(mention.text)):
            continue
        limit = mentions[i + 1].start - at if i + 1 < len(mentions) else len(text)
        name = next((n for n in names if text.startswith(n, mention.start - at)
                     and mention.start - at + len(n) <= limit), "")
        if name and not (name[-1].isdigit() and _UNIT.match(text, mention.start - at + len(name))):
            mentions[i] = mention._replace(end=mention.start + len(name), text=name, source="grammar.repeat",
                                           confidence=_SURE)
    return replace(sentence, mentions=tuple(mentions)) if tuple(mentions) != sentence.mentions else sentence


def _spelled(text: str, names: frozenset[str]) -> tuple[str, ...]:
    """The names that a text consists of, or none.

    >>> _spelled("赵一民钱二丁孙三", frozenset({"赵一民", "钱二", "钱二丁", "孙三"}))
    ('赵一民', '钱二丁', '孙三')
    """
    ways: dict[int, tuple[str, ...]] = {0: ()}
    ordered = sorted(names, key=lambda name: (-len(name), name))
    for at in range(len(text)):
        if at in ways:
            for name in ordered:
                if text.startswith(name, at):
                    ways.setdefault(at + len(name), (*ways[at], name))
    return ways.get(len(text), ())


def _names(mentions: Iterable[Mention]) -> dict[str, Mention]:
    """The names that may be looked for, by their text, with the surest mention of each."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    best: dict[str, Mention] = {}
    for mention in mentions:
        kinds[mention.text].add(mention.type)
        if mention.source in _WHOLE and mention.confidence >= _SURE and not ANONYMISED.search(mention.text) \
                and len(mention.text) >= _SHORTEST.get(mention.type, 99):
            best[mention.text] = max(best.get(mention.text, mention), mention, key=lambda m: m.confidence)
    return {name: mention for name, mention in best.items() if len(kinds[name]) == 1}


def _occurrences(text: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where names stand in a text, from left to right; of those that overlap the first, then the longest.

    >>> list(_occurrences("甲市乙局和乙局", ["乙局", "市乙", "甲市乙局"]))
    [(0, '甲市乙局'), (5, '乙局')]
    """
    end = 0
    found = sorted((at, -len(name), name) for name in names if name in text for at in _all(text, name))
    for start, _, longest in found:
        if start >= end:
            yield start, longest
            end = start + len(longest)


def _all(text: str, name: str) -> Iterator[int]:
    """Where a name begins in a text."""
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _completed(sentence: TaggedSentence, known: dict[str, Mention]) -> TaggedSentence:
    text = sentence.sentence.text
    if sentence.sentence.role not in ("body", "caption", "title", "heading") \
            or not (occurrences := list(_occurrences(text, known))):
        return sentence
    start, words = sentence.sentence.start, {t.start: t for t in sentence.tokens}
    ends = {t.end for t in sentence.tokens}
    taken = {at for m in sentence.mentions for at in range(m.start, m.end)}
    found = []
    for at, name in occurrences:
        begin, end = at + start, at + start + len(name)
        first = words.get(begin)
        if first is None or end not in ends or not taken.isdisjoint(range(begin, end)):
            continue
        if _COUNTED.search(text, 0, at):
            continue
        if len(name) == 2 and (first.end != end or first.pos not in _NAMED):
            continue
        like = known[name]
        found.append(like._replace(start=begin, end=end, source="grammar.repeat", confidence=_SURE))
    return replace(sentence, mentions=tuple(sorted([*sentence.mentions, *found]))) if found else sentence
