"""Relations of a document: what the rules read in its sentences, with entities at both ends and the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.knowledge.parties import load_parties
from kg.models import Entity, Mention, MentionType, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence
from kg.relate.markup import read_markup
from kg.relate.masked import mask
from kg.relate.match import Match, Refusal, best, match_sentence, read_rule
from kg.relate.posts import PARENT_SOURCE
from kg.relate.rules import CompiledRule, RuleBook, parse_gives

__all__ = ["Match", "Refusal", "match_sentence", "relate", "test_rules"]

#: What a line of a career may open with besides a date.
_OFFICE = re.compile("(?:现任|现为|曾任|历任|先后任|先后担任)")
#: Lines of a list of leaders: 姓名：周文海, 职务：县公安局局长.
_NAME = re.compile(r" *姓 *名 *[：:]")
#: Who holds the posts in examples of rules that are `carried`.
HOLDER = Mention(0, 0, "PERSON", "此人", "example")


def relate(document: ResolvedDocument, rules: RuleBook) -> tuple[Relation, ...]:
    """The relations that the rules find in the document, in text order.

    A mention without an entity gives none, nor does a relation of an entity to itself or one that the ontology
    refuses. What one sentence says twice of the same entities counts once.
    """
    entities = {entity.id: entity for entity in document.entities}
    links = _Links(document, entities)
    found: list[Relation] = []
    for sentence, holder in zip(document.sentences, _holders(document), strict=True):
        kept: dict[tuple[object, ...], Relation] = {}
        for match in sorted(match_sentence(sentence, rules, holder), key=lambda m: (-m.confidence, m.span, m.rule)):
            relation = _relation(match, sentence, document, links, rules)
            if relation is not None:
                title = dict(relation.attributes).get("title")
                kept.setdefault((relation.relation, relation.head, relation.tail, title), relation)
        titled = {key[:3] for key in kept if key[3]}
        found += [r for key, r in kept.items() if key[3] or key[:3] not in titled]
    return tuple(found)


def _holders(document: ResolvedDocument) -> Iterator[Mention | None]:
    """For each sentence the person whose career the lines before have begun to tell, if they have.

    A career begins with a line that opens with one person and names no other (张某，男，1967年生; 姓名：张某), and goes
    on as long as lines open with a date or a verb of office and name nobody; headings may stand between them.
    """
    labelled = load_parties().label("posts", "places", "more", "office")
    holder: Mention | None = None
    for sentence in document.sentences:
        persons = [mention for mention in sentence.mentions if mention.type == "PERSON"]
        goes_on = _opens_with("DATE", sentence) or _OFFICE.match(sentence.sentence.text) \
            or sentence.sentence.role == "heading" or labelled.match(sentence.sentence.text)
        if not persons and not goes_on:
            holder = None
        yield None if persons else holder
        if persons:
            one = len({document.links.get(each) for each in persons}) == 1
            told = _opens_with("PERSON", sentence) or _NAME.match(sentence.sentence.text)
            holder = persons[0] if one and told else None


def _opens_with(kind: MentionType, sentence: TaggedSentence) -> bool:
    """Whether nothing but blanks stands before the first mention of a sentence, which is of this type."""
    first = sentence.mentions[0] if sentence.mentions else None
    return first is not None and first.type == kind \
        and not sentence.sentence.text[:first.start - sentence.sentence.start].strip()


class _Links:
    """From mentions to entities, also for the body around a party committee, which a rule cut out of its name."""

    def __init__(self, document: ResolvedDocument, entities: dict[str, Entity]):
        self.links, self.entities = document.links, entities
        self.whole = {m.start: m for m in document.links if m.type == "ORGANIZATION"}
        self.bodies: dict[str, str] = {}
        for entity in document.entities:
            if entity.type == "ORGANIZATION":
                for name in (entity.name, *entity.aliases):
                    self.bodies.setdefault(name, entity.id)

    def entity(self, mention: Mention) -> Entity | None:
        """The entity that a mention stands for, if that is known."""
        if mention.source != PARENT_SOURCE:
            return self.entities.get(self.links.get(mention, ""))
        whole = self.whole.get(mention.start)
        organ = self.entities.get(self.links.get(whole, "")) if whole else None
        if whole is None or organ is None:
            return None
        suffix = whole.text[len(mention.text):]
        full = organ.name.removesuffix(suffix)
        return self.entities.get(self.bodies.get(full) or self.bodies.get(mention.text, ""))


def _relation(match: Match, sentence: TaggedSentence, document: ResolvedDocument, links: _Links,
              rules: RuleBook) -> Relation | None:
    head, tail = links.entity(match.head), links.entity(match.tail)
    if head is None or tail is None or head.id == tail.id:
        return None
    names = tuple(name for name, _ in match.attributes)
    if rules.ontology.objection(match.relation, head.type, tail.type, names):
        return None
    ends = [(head, match.head), (tail, match.tail)]
    if rules.ontology.relations[match.relation].symmetric:
        ends.sort(key=lambda end: end[0].id)
    why = evidence(document.clean, sentence.sentence, match.rule, match.confidence,
                   head=ends[0][1], trigger=match.trigger, tail=ends[1][1])
    return Relation(match.relation, ends[0][0].id, ends[1][0].id, why, match.attributes)


def test_rules(rules: RuleBook) -> list[str]:
    """Run every example and counter-example of every rule on that rule alone; the failures, as `file:line: what`."""
    return [f"{rule.file}:{rule.line}: {rule.id}: {what}"
            for rule in rules.relations for what in _failures(rule, rules)]


test_rules.__test__ = False  # type: ignore[attr-defined]  # pytest should not take it for a test


def _failures(rule: CompiledRule, rules: RuleBook) -> Iterable[str]:
    for example in rule.rule.examples:
        have, want = given(rule, example.text, rules), set(map(parse_gives, example.gives))
        if have != want:
            missed = "; ".join(map(_shown, sorted(want - have)))
            extra = "; ".join(map(_shown, sorted(have - want)))
            yield f"on {example.text}" + (f" misses {missed}" if missed else "") + (f" gives {extra}" if extra else "")
    for text in rule.rule.counter:
        have = given(rule, text, rules)
        if have:
            yield f"on the counter-example {text} gives {'; '.join(map(_shown, sorted(have)))}"


def given(rule: CompiledRule, markup: str, rules: RuleBook) -> set[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """What a rule gives on a marked-up sentence, in the form of parse_gives."""
    sentence = read_markup(markup)
    found = [m for m in read_rule(rule, mask(sentence), sentence, rules, HOLDER) if isinstance(m, Match)]
    return {(m.head.text, m.tail.text, m.attributes) for m in best(found)}


def _shown(given_: tuple[str, str, tuple[tuple[str, str], ...]]) -> str:
    head, tail, attributes = given_
    return " ".join([f"{head} -> {tail}", *(f"{k}={v}" for k, v in attributes)])
