"""From acts to ACTION entities and their edges: performs, on_date, at_location, targets, established, penalized."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.acts.act import Act
from kg.acts.lexicon import load_lexicon
from kg.models import Entity, Evidence, Mention, Relation, ResolvedDocument
from kg.relate.evidence import evidence


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
        relations.extend(_founded(document, act))
        relations.extend(_penalized(document, act))
    return entities, relations


def _founded(document: ResolvedDocument, act: Act) -> Iterator[Relation]:
    """The bodies that the act founds: `established`, besides what the relation rules find."""
    if act.canonical != "found" or act.certainty != "fact" or act.object is None:
        return
    inside = [t for t in act.targets if act.object.start <= t.start and t.end <= act.object.end]
    for agent in act.agents:
        for target in inside:
            head, tail = document.links.get(agent), document.links.get(target)
            if agent.type == target.type == "ORGANIZATION" and head and tail and head != tail:
                yield Relation("established", head, tail, _evidence(document, act, target, "targets", agent))


def _penalized(document: ResolvedDocument, act: Act) -> Iterator[Relation]:
    """Whom a body punishes by the act, and how, besides what the relation rules find: 给予/其/党内警告处分."""
    cues = load_lexicon().cues
    if act.canonical not in cues["punishing"] or act.certainty != "fact":
        return
    said = act.trigger.text + (act.object.text if act.object else "")
    measure = max((word for word in cues["penalties"] if word in said), key=lambda word: (len(word), word), default="")
    for agent in act.agents:
        for target in act.targets:
            head, tail = document.links.get(agent), document.links.get(target)
            if measure and agent.type == "ORGANIZATION" and target.type == "PERSON" and head and tail:
                yield Relation("penalized", head, tail, _evidence(document, act, target, "targets", agent),
                               (("measure", measure),))


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
    own = {document.links.get(agent) for agent in act.agents}
    for target in act.targets:
        if document.links.get(target) not in own:
            yield from edge("targets", target)


def _evidence(document: ResolvedDocument, act: Act, mention: Mention, relation: str,
              agent: Mention | None = None) -> Evidence:
    """Where the text says it: the verb and the other end, or `agent` and the other end with the verb between."""
    ends = (mention, act.trigger) if relation == "performs" else (agent or act.trigger, mention)
    return evidence(document.clean, act.sentence.sentence, act.rule, act.confidence,
                    head=ends[0], trigger=act.trigger, tail=ends[1])
