"""Towns abroad in the division, the town or the state that stands before them: 甲州南部乙市, 丁州首府戊, 黎南部城市己.

The tables say in which state many of them lie, but not in which of its divisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Mention, Relation, ResolvedDocument, TaggedSentence
from kg.relate.evidence import evidence

#: How far a town may stand behind what it lies in.
_FARTHEST = 8
#: How long what says where in a state a town lies may be, with the sign of the state: 黎南部边境城市.
_LONGEST = 10


def towns_abroad(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each town once, where it is first told; `stated` are the places of which a sentence says where they lie."""
    world, done = load_world(), set(stated)
    for tagged in document.sentences:
        places = [m for m in tagged.mentions if m.type == "LOCATION"]
        for outer, town in pairwise(places):
            head, tail = document.links.get(town), document.links.get(outer)
            if not head or not tail or head in done or head == tail or not 0 <= town.start - outer.end <= _FARTHEST:
                continue
            around = () if outer.text in world.states else world.states_of(outer.text)
            if around and _lies_in(tagged, outer, town, around, knowledge):
                done.add(head)
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.division", 0.85, head=town)
                yield Relation("located_in", head, tail, proof, derived=True)


def towns_behind_signs(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each place that no table knows behind the sign of a state that the text names, and a part of that: 黎南部提尔."""
    done, cues = set(stated), _sign_and_part(knowledge.lexicon)
    states = {entity.key: entity.id for entity in document.entities
              if entity.type == "LOCATION" and entity.key in load_world().states}
    for tagged in document.sentences if states else ():
        text, at = tagged.sentence.text, tagged.sentence.start
        for town in tagged.mentions:
            head = document.links.get(town, "") if town.type == "LOCATION" else ""
            begin = max(0, town.start - at - _LONGEST)
            if not head or head in done or load_world().knows(town.text) or knowledge.places.find(town.text) \
                    or town.text.endswith(knowledge.lexicon.words["no_towns"]):
                continue
            said = cues.search(text, begin, town.start - at)
            meant = [ident for key, ident in states.items() if key == load_world().signs.get(said[1])
                     or key.startswith(said[1])] if said else []
            if len(meant) == 1 and meant[0] != head:
                done.add(head)
                proof = evidence(document.clean, tagged.sentence, "derived.located_in.division", 0.85, head=town)
                yield Relation("located_in", head, meant[0], proof, derived=True)


def _lies_in(tagged: TaggedSentence, outer: Mention, town: Mention, around: tuple[str, ...],
             knowledge: Knowledge) -> bool:
    """Whether the words between say that a town lies in `outer`, of the states `around`; no table may say otherwise."""
    words, world = knowledge.lexicon.words, load_world()
    between = tagged.sentence.text[outer.end - tagged.sentence.start:town.start - tagged.sentence.start]
    if not _inside(knowledge.lexicon).fullmatch(between) or town.text in world.states \
            or town.text.endswith(words["no_towns"]):
        return False
    known = world.states_of(town.text)
    if known:
        return bool(set(known) & set(around)) and not town.text.endswith(words["no_towns_abroad"])
    return bool(between) or town.text.endswith(words["towns_abroad"])


@cache
def _inside(lexicon: Lexicon) -> re.Pattern[str]:
    """What may stand between a division and a town in it: nothing, 的, 南部, 首府, 北部港口城市."""
    return re.compile(f"的?(?:{lexicon.any('parts_of_regions')}的?)?{lexicon.any('kinds_of_towns')}?的?")


@cache
def _sign_and_part(lexicon: Lexicon) -> re.Pattern[str]:
    """The sign of a state and a part of it, or a kind of town there, before a name."""
    part, kind = lexicon.any("parts_of_regions"), lexicon.any("kinds_of_towns")
    return re.compile(f"([{''.join(load_world().signs)}])(?:{part}(?:的?{kind})?|{kind})的?$")
