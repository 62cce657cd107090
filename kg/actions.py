"""From tagged sentences to acts: who did what, when, where and to whom.

`find_acts` reads the sentences of a document clause by clause (kg.clauses, kg.predicates) with the verbs of
kg/data/actions.yaml; `act_relations` turns acts into ACTION entities and their edges. What counts as an act is
said in the ontology: speech, wishes, evaluation, negated and conditional clauses give none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.act_lexicon import Lexicon, load_lexicon
from kg.clauses import Word, read_words, split_clauses
from kg.models import Entity, Evidence, Mention, Quote, Relation, ResolvedDocument, TaggedSentence
from kg.predicates import NAMED, Frame, Predicate, Subject, read_clause, read_subject

LABEL_LENGTH = 40
_READ = frozenset({"body", "caption"})


@dataclass(frozen=True, slots=True)
class Span:
    """A span of the cleaned text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """One occurrence of a trigger verb with its arguments; offsets are those of the cleaned text."""

    sentence: TaggedSentence
    agents: tuple[Mention, ...]
    trigger: Span
    object: Span | None
    canonical: str
    label: str
    date: Mention | None
    places: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    polarity: str
    certainty: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Thread:
    """What one sentence leaves to the next of the same paragraph."""

    topic: Subject = Subject()
    date: Mention | None = None


def find_acts(sentences: Sequence[TaggedSentence], links: Mapping[Mention, str]) -> list[Act]:
    """The acts of one document, in order.

    Only acts of somebody named are given; `links` tells which mentions are entities, agents without a link are
    left out. Negated acts are given with polarity `negative`, announced ones with certainty `plan`.
    """
    lexicon = load_lexicon()
    acts: list[Act] = []
    thread, line = _Thread(), -1
    for tagged in sentences:
        if tagged.sentence.role not in _READ or tagged.sentence.line != line:
            thread, line = _Thread(), tagged.sentence.line
        if tagged.sentence.role in _READ:
            found, thread = _read_sentence(tagged, thread, lexicon)
            acts.extend(found)
    linked = (replace(act, agents=tuple(a for a in act.agents if a in links)) for act in acts)
    return [act for act in linked if act.agents]


def _read_sentence(tagged: TaggedSentence, thread: _Thread, lexicon: Lexicon) -> tuple[list[Act], _Thread]:
    words = _without_dateline(read_words(tagged, lexicon.triggers.keys()))
    carried = replace(thread.topic, reach=2) if thread.topic.named else Subject()
    frame = Frame(carried)
    topic: Subject | None = None
    acts: list[Act] = []
    for clause in split_clauses(words, lexicon.triggers):
        reading = read_clause(clause, frame, lexicon)
        if reading.stop:
            return acts, _Thread()
        if reading.predicate is not None and reading.predicate.frame.subject.agents:
            act = _act(tagged, reading.predicate, reading.date or thread.date, lexicon)
            if act is not None:
                acts.append(act)
        subject = reading.subject
        if topic is None and subject != frame.subject:
            topic = subject
        certainty = reading.predicate.frame.certainty if reading.predicate else frame.certainty
        frame = Frame(replace(subject, reach=max(subject.reach, 1)) if subject.agents else subject,
                      places=reading.places or frame.places, date=reading.date, certainty=certainty)
    return acts, _Thread(topic if topic is not None else carried, frame.date)


def _without_dateline(words: list[Word]) -> list[Word]:
    """新华社北京1月2日电 … names the outlet, not who acts."""
    for i, word in enumerate(words[:9]):
        if word.mention is None and word.text in ("电", "讯", "日电", "日讯"):
            return words[i + 1:]
    return words


# ------------------------------------------------------------------------------------------ act


def _act(tagged: TaggedSentence, predicate: Predicate, date: Mention | None, lexicon: Lexicon) -> Act | None:
    frame, action = predicate.frame, predicate.action
    verb, obj = predicate.verb, predicate.object
    fronted = frame.fronted or (frame.patient if frame.passive else ())
    if action.kind == "light" and fronted and obj:
        verb, obj, action = _named_act(obj, fronted, lexicon) or (verb, obj, action)
    elif not obj:
        obj = fronted
    if not _object_fits(action.object, action.kind, obj):
        return None
    agents = _unique((*frame.subject.agents, *(frame.partners if _partners_act(predicate) else ())))
    trigger = _span(verb)
    target = _span(obj) if obj else None
    return Act(tagged, agents, trigger, target, action.id, _label(trigger, verb, obj), frame.date or date,
               frame.places, _targets(predicate, obj, agents, lexicon), frame.polarity, frame.certainty,
               f"act.{action.id}", _confidence(frame))


def _named_act(obj: tuple[Word, ...], fronted: tuple[Word, ...], lexicon: Lexicon):
    """对X进行全面排查: the act is 排查, its object X."""
    for i, word in enumerate(obj):
        if word.mention is None and word.text in lexicon.triggers:
            return (word,), fronted, lexicon.triggers[word.text]
    return None


def _object_fits(needs: str, kind: str, obj: tuple[Word, ...]) -> bool:
    if needs == "optional":
        return True
    if needs == "specific":
        return any(w.mention is not None or w.pos in ("m", "nw") for w in obj)
    return bool(obj)


def _partners_act(predicate: Predicate) -> bool:
    return True


def _span(words: Sequence[Word]) -> Span:
    return Span(words[0].start, words[-1].end, "".join(w.text for w in words))


def _label(trigger: Span, verb: tuple[Word, ...], obj: tuple[Word, ...]) -> str:
    """Trigger and a short object; a long one is cut at a word, best behind a full item of a list."""
    text, room = trigger.text, LABEL_LENGTH - len(trigger.text)
    if not obj:
        return text
    if len(_span(obj).text) <= room or (len(obj) == 1 and obj[0].pos in ("DOCUMENT", "nw", "quote")):
        return text + _span(obj).text
    kept, stop = "", ""
    for word in obj:
        if word.text == "、" and kept:
            stop = kept
        if word.pos != "DOCUMENT" and len(kept) + len(word.text) > room:
            break
        kept += word.text
    return text + (stop if len(stop) > room // 2 else kept)


def _targets(predicate: Predicate, obj: tuple[Word, ...], agents: tuple[Mention, ...],
             lexicon: Lexicon) -> tuple[Mention, ...]:
    action, frame = predicate.action, predicate.frame
    found: list[Mention] = [w.mention for w in obj if w.mention is not None and w.pos == "DOCUMENT"]
    if action.targets != "none":
        found += read_subject(obj, lexicon.cues).agents
        if action.kind not in ("motion",):
            found += read_subject(frame.fronted, lexicon.cues).agents
    if action.targets == "first":
        for word in predicate.object:
            if word.mention is not None and word.pos in NAMED:
                found.append(word.mention)
            elif word.text != "、":
                break
    found += frame.recipients
    return tuple(sorted(m for m in _unique(found) if m not in agents))


def _unique(mentions: Sequence[Mention | None]) -> tuple[Mention, ...]:
    return tuple(dict.fromkeys(m for m in mentions if m is not None))


def _confidence(frame: Frame) -> float:
    value = 0.9 - 0.1 * frame.subject.reach - (0.15 if frame.subject.collective else 0)
    return round(value - (0.1 if frame.certainty != "fact" else 0), 2)


# ------------------------------------------------------------------------------------ relations


def act_relations(document: ResolvedDocument, acts: Sequence[Act]) -> tuple[list[Entity], list[Relation]]:
    """ACTION entities and their edges performs, on_date, at_location, targets, in the order of the acts.

    Negated acts and acts without a linked agent give nothing; arguments without a link give no edge.
    """
    entities: list[Entity] = []
    relations: list[Relation] = []
    for act in acts:
        if act.polarity == "negative" or not any(a in document.links for a in act.agents):
            continue
        entity = Entity(f"ACTION:{document.clean.id}:{act.trigger.start}", "ACTION", act.label)
        entities.append(entity)
        relations.extend(_edges(document, act, entity.id))
    return entities, relations


def _edges(document: ResolvedDocument, act: Act, ident: str) -> Iterator[Relation]:
    attributes = tuple(sorted({
        "canonical": act.canonical, "polarity": act.polarity, "certainty": act.certainty,
        "trigger": act.trigger.text, **({"object": act.object.text} if act.object else {})}.items()))
    seen: set[tuple[str, str]] = set()

    def edge(relation: str, mention: Mention, attributes: tuple[tuple[str, str], ...] = ()) -> Iterator[Relation]:
        link = document.links.get(mention)
        if link is None or (relation, link) in seen:
            return
        seen.add((relation, link))
        head, tail = (link, ident) if relation == "performs" else (ident, link)
        yield Relation(relation, head, tail, _evidence(document, act, mention, relation), attributes)

    for agent in act.agents:
        yield from edge("performs", agent, attributes)
    if act.date is not None:
        yield from edge("on_date", act.date)
    for place in act.places:
        yield from edge("at_location", place)
    for target in act.targets:
        yield from edge("targets", target)


def _evidence(document: ResolvedDocument, act: Act, mention: Mention, relation: str) -> Evidence:
    sentence = act.sentence.sentence

    def quote(start: int, end: int) -> Quote:
        inside = sentence.start <= start and end <= sentence.end
        return document.clean.quote(start, end, at=start - sentence.start if inside else None)

    verb = quote(act.trigger.start, act.trigger.end)
    other = quote(mention.start, mention.end)
    head, tail = (other, verb) if relation == "performs" else (verb, other)
    return Evidence(document=document.clean.id, sentence=document.clean.quote(sentence.start, sentence.end),
                    head=head, trigger=verb, tail=tail, rule=act.rule, confidence=act.confidence,
                    role=sentence.role)
