"""Whom 两国元首, 两国总理 and 两国领导人 mean: two heads of states or governments who met or are alone named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kg.acts.act import Act
from kg.acts.known import note
from kg.models import Mention, TaggedSentence

#: What somebody may be the head of; the cue lists with the titles and with what two such heads are called.
_KINDS = {"state": ("state_heads", "state_pairs"), "government": ("government_heads", "government_pairs"),
          "party": ("party_heads", "party_pairs")}
#: What the two do who are then called so.
_MEETING = frozenset({"consult", "visit", "convene"})
#: Opens what those did who had just met: 会谈后，两国总理….
_AFTER = re.compile("(?:会谈|会见|会晤)(?:前|后|结束后|期间)")
#: What both did who had met: 双方就…交换了意见.
_BOTH, _TALKED = "双方", re.compile("双方[^，。]*(?:交换了?(?:意见|看法)|进行[^，。]*(?:沟通|交流|讨论|磋商|会谈))")
#: What may be the title of a head of state, or of somebody who presides over a body named before it.
_PRESIDES = "主席"


@dataclass
class Pairs:
    """Heads of states and governments that a document has named, each by a mention, and which of them met.

    `met`: what the two may be called from then on; nothing where that may be several pairs. `last`: who met last.
    """

    named: dict[str, tuple[frozenset[str], Mention]] = field(default_factory=dict)
    met: dict[str, tuple[Mention, ...]] = field(default_factory=dict)
    last: tuple[Mention, ...] = ()

    def note_heads(self, tagged: TaggedSentence, cues: Mapping[str, Collection[str]]) -> None:
        """Keep who is named with the title of a head of a state, a government or a party."""
        for i, mention in enumerate(tagged.mentions):
            if mention.type == "PERSON" and (kinds := _kinds(tagged, i, cues)):
                self.named[mention.text] = kinds | self._of(mention), mention

    def note_meetings(self, acts: Iterable[Act], cues: Mapping[str, Collection[str]]) -> None:
        """Keep who met: 甲国主席周文澜同乙国总统方大年会谈, 会见乙国总统方大年; once titled, their names will do."""
        for act in acts:
            both = act.agents if len(act.agents) > 1 else (*act.agents, *act.targets)
            if act.canonical not in _MEETING or len(both) < 2:
                continue
            people = all(each.type == "PERSON" for each in both)
            pair = len(both) == 2 and people
            if not act.rule.startswith("reported"):         # 方大年表示，周文澜上月同…会谈: that isn't where he speaks
                self.last = both if pair else ()
            if not pair:
                continue
            for name in _names(self._of(both[0]), self._of(both[1]), cues):
                note(name, both, self.met)

    def tell(self, tagged: TaggedSentence, known: dict[str, tuple[Mention, ...]],
             cues: Mapping[str, Collection[str]]) -> None:
        """Add to what words mean whom each word for two heads means here: who met, else the only two that are named.

        In 会谈后，两国总理… they are those who met last, whatever titles the text leaves out; so are 双方 who talked.
        """
        if _BOTH in tagged.sentence.text:
            known[_BOTH] = self.last if _TALKED.search(tagged.sentence.text) else ()
        if "两" not in tagged.sentence.text:
            return
        after = _AFTER.match(tagged.sentence.text) is not None and len(self.last) == 2
        for kind, (_, own) in _KINDS.items():
            heads = tuple(mention for kinds, mention in self.named.values() if kind in kinds)
            fits = after and all(kind in (kinds := self._of(each)) or not kinds for each in self.last)
            for name in cues[own]:
                known[name] = self.met.get(name) or (self.last if fits else heads if len(heads) == 2 else ())
        only = tuple(mention for _, mention in self.named.values())
        for name in cues["pairs"]:
            known[name] = self.met.get(name) or (self.last if after else only if len(only) == 2 else ())

    def _of(self, person: Mention) -> frozenset[str]:
        """What somebody is known to be the head of."""
        return self.named.get(person.text, (frozenset(), person))[0]


def _names(one: frozenset[str], other: frozenset[str], cues: Mapping[str, Collection[str]]) -> list[str]:
    """What two heads are called together; one of a state and one of a government are leaders."""
    own = [name for kind in sorted(one & other) for name in cues[_KINDS[kind][1]]]
    return [*own, *cues["pairs"]] if one and other else []


def _kinds(tagged: TaggedSentence, i: int, cues: Mapping[str, Collection[str]]) -> frozenset[str]:
    """What the person at i is the head of by a title right behind the name, or in the list of posts before it."""
    mentions, person = tagged.mentions, tagged.mentions[i]
    titles = [i + 1] if i + 1 < len(mentions) and mentions[i + 1].start == person.end else []
    at, k = person.start, i - 1
    while k >= 0 and mentions[k].type in ("POSITION", "ORGANIZATION") and tagged.sentence.text[
            mentions[k].end - tagged.sentence.start:at - tagged.sentence.start] in ("", "、"):
        titles.append(k)
        at, k = mentions[k].start, k - 1
    return frozenset(kind for kind, (heads, _) in _KINDS.items() for k in titles
                     if mentions[k].type == "POSITION" and mentions[k].text in cues[heads] and not (
                         mentions[k].text == _PRESIDES and mentions[k - 1].type == "ORGANIZATION"
                         and mentions[k - 1].end == mentions[k].start))
