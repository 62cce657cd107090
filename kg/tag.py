"""From sentences to mentions: the tagger's names, the grammars', and the policy that decides between them.

Policy. Candidates may overlap; what stands first in `PRECEDENCE` wins, then the longer one, then the earlier.
The tagger's dates are not used at all: the date grammar reads only what can be placed on a calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.knowledge.world import load_world
from kg.mentions.abroad import find_abroad
from kg.mentions.date_values import DateSpan
from kg.mentions.dates import read_dates
from kg.mentions.documents import find_documents
from kg.mentions.firms import find_firms
from kg.mentions.gazetteer import known_places
from kg.mentions.openings import divisions_ahead
from kg.mentions.organizations import find_organizations
from kg.mentions.persons import find_persons
from kg.mentions.posted import with_units
from kg.mentions.reading import HAN, Knowledge, Reading, read
from kg.mentions.references import find_publisher, find_references
from kg.mentions.repeats import find_repeats
from kg.mentions.sites import sites_behind_places
from kg.mentions.spelled_towns import spelled_towns
from kg.mentions.standing import stand_apart
from kg.mentions.stretches import find_lines, find_stretches
from kg.mentions.surnames import find_called
from kg.mentions.titles import find_titles
from kg.mentions.toponyms import find_places
from kg.models import CleanDocument, Mention, Sentence, TaggedSentence, Token, named
from kg.taggers import Tagger, Tagging
from kg.taggers.columns import tag_by_columns
from kg.taggers.packed import unpack

#: Who wins where candidates overlap: lower wins; equal ranks by length, then by position.
PRECEDENCE = {
    "grammar.document": 0,              # nothing inside a title is a mention of its own
    "grammar.byline": 1,
    "grammar.publisher": 1,
    "grammar.titled_outlet": 1,
    "grammar.date": 1,
    "gazetteer.landmark": 1,
    "grammar.dateline": 1,
    "grammar.police": 1,
    "grammar.unquoted_document": 1,     # the year in its title is no date of its own
    "grammar.organization": 2,
    "grammar.relative": 2,
    "grammar.unit": 2,
    "grammar.shared_head": 2,
    "grammar.before_post": 2,
    "grammar.chief": 2,
    "grammar.masked_name": 2,
    "grammar.foreign_name": 2,
    "grammar.after_title": 2,
    "grammar.listed_name": 2,
    "grammar.road": 2,
    "grammar.facility": 2,
    "grammar.chain": 2,
    "gazetteer.origin": 2,
    "gazetteer.sign": 2,
    "gazetteer.state": 2,
    "lexicon.law": 3,
    "model": 3,
    "lexicon.title": 4,
    "grammar.same_place": 4,
    "grammar.outlet": 5,
    "grammar.reference": 6,
    "gazetteer.word": 6,
    "gazetteer.opening": 7,
}
#: Names of which the tagger itself is less sure are left to the grammars. Below 0.6 the graphs of documents with gold
#: gain places and bodies, and as many persons that are none as persons.
LEAST_CONFIDENCE, LEAST_OF_PERSONS = 0.5, 0.6
#: A person of whom the tagger is less sure isn't taken for one who is named elsewhere.
LEAST_DOUBTED = 0.4
#: A title: what it names is part of a work and not of what the text tells.
_WORK = re.compile("《[^《》]*》")
#: 各县（市、区）安委会: all of them.
_EACH = re.compile("各[省市县区州盟旗镇乡]+[（(][省市县区州盟旗镇乡街道、，,]{1,9}[）)]"
                   f"(?:(?![和与及暨])[{HAN}]){{1,12}}")
#: 青府办字〔2021〕9号: who numbers a file is in its short form no name.
_FILED = re.compile(f"(?<![{HAN}])[{HAN}（）]{{1,9}}[发字函办通令罚规督公告][〔［](?:19|20)\\d\\d[〕］]第?\\d+号")
#: 被评为“平安先锋派出所”: an honour.
_HONOURED = re.compile("(?:评为|评定为|命名为|授予|荣获|获评|荣膺|誉为)[^，。；“”]{0,20}“([^“”]{3,30})”")
#: Documents a tagger call: batches are cut by length inside the tagger, so a few dozen documents fill them well.
_CHUNK = 32


def tag(documents: Iterable[tuple[CleanDocument, Sequence[Sentence]]], tagger: Tagger,
        knowledge: Knowledge) -> Iterator[tuple[TaggedSentence, ...]]:
    """The tagged sentences of each document, in order; the tagger sees several documents at a time."""
    for each in analyse(documents, tagger, {}):
        yield tag_document(each.document, each.sentences, each.taggings, knowledge)


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the tagger gives for the sentences of a document. `known`: it was known before."""

    document: CleanDocument
    sentences: Sequence[Sentence]
    taggings: Sequence[Tagging]
    known: bool


def analyse(documents: Iterable[tuple[CleanDocument, Sequence[Sentence]]], tagger: Tagger,
            known: Mapping[str, bytes]) -> Iterator[Analysed]:
    """The tagger's part, which no rule and no word list has a say in.

    `known` has by id what it gave before (kg.taggers.packed); it is asked for what isn't there or has other sentences.
    """
    rest = iter(documents)
    while chunk := list(islice(rest, _CHUNK)):
        texts = [[sentence.text for sentence in sentences] for _, sentences in chunk]
        before = [unpack(known[document.id], each) if document.id in known else None
                  for (document, _), each in zip(chunk, texts, strict=True)]
        asked = [text for each, found in zip(texts, before, strict=True) if found is None for text in each]
        fresh = tag_by_columns(asked, tagger)
        for (document, sentences), found in zip(chunk, before, strict=True):
            taggings = [next(fresh) for _ in sentences] if found is None else found
            yield Analysed(document, sentences, taggings, found is not None)


def tag_document(document: CleanDocument, sentences: Sequence[Sentence], taggings: Sequence[Tagging],
                 knowledge: Knowledge) -> tuple[TaggedSentence, ...]:
    """Mentions of one document's sentences; dates are read in order, since 28日 needs the month before it.

    A name that one sentence gives is found in the others too, where it stands as whole words.
    """
    dates = read_dates([s.text for s in sentences], document.metadata.date)
    publisher = document.metadata.publisher
    tagged = [_tag_sentence(sentence, tagging, spans, knowledge, publisher)
              for sentence, tagging, spans in zip(sentences, taggings, dates, strict=True)]
    doubtful = [_doubtful_persons(tagging, sentence.start)
                for sentence, tagging in zip(sentences, taggings, strict=True)]
    repeated = find_repeats(tagged, lambda name: bool(knowledge.places.find(name)) or name in load_world().cities,
                            doubtful)
    return find_called(repeated, knowledge.lexicon)


def _doubtful_persons(tagging: Tagging, start: int) -> list[Mention]:
    """Persons of whom the tagger isn't sure, in the document; its offsets count from the sentence at `start`."""
    return [m._replace(start=m.start + start, end=m.end + start) for m in tagging.mentions
            if m.type == "PERSON" and LEAST_DOUBTED <= m.confidence < LEAST_OF_PERSONS]


def _is_sure(name: Mention) -> bool:
    return name.confidence >= (LEAST_OF_PERSONS if name.type == "PERSON" else LEAST_CONFIDENCE)


def _tag_sentence(sentence: Sentence, tagging: Tagging, dates: Sequence[DateSpan], knowledge: Knowledge,
                  publisher: str) -> TaggedSentence:
    spans = [m for m in tagging.mentions if _is_sure(m)]
    doubtful = [m for m in tagging.mentions if not _is_sure(m)]
    reading = read(sentence.text, sentence.start, sentence.role, tagging.tokens, spans, knowledge, doubtful)
    candidates = [*(reading.mention(d.start, d.end, "DATE", "grammar.date", value=d.value, confidence=d.confidence)
                    for d in dates), *find_names(reading), *find_publisher(reading, publisher)]
    if sentence.role == "metadata":     # page furniture: only who published and who signed
        candidates = [m for m in candidates if m.source in ("grammar.publisher", "grammar.byline")]
    for phrase in (*knowledge.lexicon.idioms.finditer(sentence.text), *_WORK.finditer(sentence.text),
                   *_EACH.finditer(sentence.text), *(_FILED.finditer(sentence.text) if "〔" in sentence.text else ())):
        begin, end = phrase.start() + sentence.start, phrase.end() + sentence.start
        candidates = [m for m in candidates if m.end <= begin or end <= m.start or m.type == "DOCUMENT"
                      or (m.source == "grammar.publisher" and "《" not in m.text)
                      or ((m.start, m.end) == (begin + 1, end - 1) and (
                          m.source == "grammar.titled_outlet" or _is_outlet(m.text, knowledge)))]
    for title in _HONOURED.finditer(sentence.text):
        begin, end = title.start(1) + sentence.start, title.end(1) + sentence.start
        candidates = [m for m in candidates if (m.start, m.end) != (begin, end) or m.type != "ORGANIZATION"]
    at = sentence.start
    tokens = tuple(named(Token, [(start + at, end + at, text, pos) for start, end, text, pos in tagging.tokens]))
    return TaggedSentence(sentence, tokens, with_units(choose(candidates), reading))


def _is_outlet(name: str, knowledge: Knowledge) -> bool:
    """《环球时报》 is an outlet, 《县委大院》 a work."""
    suffix = knowledge.lexicon.suffix(name)
    return suffix is not None and suffix.kind == "media"


def find_names(reading: Reading) -> Iterator[Mention]:
    """All candidates of a sentence but its dates."""
    titles = list(find_titles(reading))
    yield from titles
    yield from find_documents(reading)
    yield from find_persons(reading, titles)
    yield from find_places(reading)
    yield from known_places(reading)
    yield from divisions_ahead(reading)
    yield from spelled_towns(reading)
    yield from sites_behind_places(reading)
    yield from find_stretches(reading)
    yield from find_lines(reading)
    yield from stand_apart(reading, find_organizations(reading, titles))
    yield from find_references(reading)
    yield from find_firms(reading)
    yield from find_abroad(reading)


def choose(candidates: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that remain, sorted by start, none overlapping another, by `PRECEDENCE`."""
    def order(mention: Mention) -> tuple[int, int, int, str, str]:
        return PRECEDENCE[mention.source], mention.start - mention.end, mention.start, mention.type, mention.text

    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(candidates, key=order):
        span = range(mention.start, mention.end)
        if span and taken.isdisjoint(span):
            taken.update(span)
            chosen.append(mention)
    return tuple(sorted(chosen))
