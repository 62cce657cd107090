"""Places in a division that was named before and is only pointed to: 该州乙市, 该国东部丙省."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.knowledge.world import load_world
from kg.mentions.reading import Knowledge
from kg.models import Relation, ResolvedDocument
from kg.relate.evidence import evidence

#: What points to a division of a kind, right before a place in it.
_POINTED = re.compile("该([国省州郡县市区镇])(?:(?:东北|西北|东南|西南|东|西|南|北|中)部)?的?$")
#: The longest of them.
_REACH = 6


def places_pointed_to(document: ResolvedDocument, knowledge: Knowledge, stated: set[str]) -> Iterator[Relation]:
    """Each place behind 该州, 该国 in the last division of the kind that the text has named; `stated` have their place.

    Where the tables know the states of a place, the one that is pointed to must be among them. No sea lies in a state.
    """
    world, done, seas = load_world(), set(stated), knowledge.lexicon.words["no_towns"]
    last: dict[str, tuple[str, str]] = {}
    for tagged in document.sentences:
        text, at = tagged.sentence.text, tagged.sentence.start
        points = "该" in text
        for place in tagged.mentions:
            head = document.links.get(place) if place.type == "LOCATION" else None
            if head is None:
                continue
            state = world.states.get(place.text)
            pointed = _POINTED.search(text, max(0, place.start - at - _REACH), place.start - at) if points else None
            if pointed and not state and head not in done and (outer := last.get(pointed[1])) and outer[0] != head:
                known = world.states_of(place.text)
                if pointed[1] != place.text[-1] and not place.text.endswith(seas) \
                        and (pointed[1] != "国" or not known or outer[1] in known):
                    done.add(head)
                    proof = evidence(document.clean, tagged.sentence, "derived.located_in.pointed", 0.85, head=place)
                    yield Relation("located_in", head, outer[0], proof, derived=True)
            last["国" if state else place.text[-1]] = head, state or ""
