"""Where the reading of a document's bodies stands, and what its names say by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.knowledge.regions import LEVELS, Home, Region
from kg.mentions.reading import Knowledge
from kg.models import Doubt, Mention, TaggedSentence
from kg.resolve.bodies import Bodies, Body

_JOINED = re.compile(r"[、，,和及与或以原任]*(?:以及)?")
#: Levels that the administrative table doesn't have.
VILLAGES = ("村", "社区")
#: 宣传部, 政治处: the name of a department that is given without its body is at most this long.
DEPARTMENT = 6


@dataclass
class Scene:
    """Where the reading stands: the sentence, the bodies linked in it so far, the places named last at each level."""

    bodies: Bodies
    home: Home
    sentence: TaggedSentence
    before: list[Mention] = field(default_factory=list)
    last: dict[str, tuple[Region, TaggedSentence]] = field(default_factory=dict)
    short: dict[str, Body] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        return self.bodies.knowledge

    def doubt(self, mention: Mention, why: str, candidates: Sequence[Body] = ()) -> Doubt:
        return Doubt(self.bodies.document.id, mention, why, tuple(sorted({b.key for b in candidates})))

    def between(self, start: int, end: int) -> str:
        """The text of the sentence between two offsets of the document."""
        return self.sentence.sentence.text[start - self.sentence.sentence.start:end - self.sentence.sentence.start]


def kind_of(name: str) -> str:
    """What tells the level of a place or of a relative name: its last character, or 社区."""
    return "社区" if name.endswith("社区") else name[-1:]


def village_of(mention: Mention) -> Region | None:
    """A village or a community, of which there is no table."""
    return Region(mention.text, None) if mention.text.endswith(VILLAGES) and len(mention.text) > 2 else None


def name_of(mention: Mention) -> str:
    return mention.value or mention.text


def level_of(name: str) -> str:
    """The level with which a relative name opens (省, 市, 自治区 …), or empty text."""
    return next((name[:n] for n in (3, 2, 1) if name[:n] in LEVELS), "")


def leaves_out(name: str, whole: str) -> bool:
    """Whether a name is what remains of another when some of its characters are left out."""
    letters = iter(whole)
    return all(letter in letters for letter in name)


def same_list(scene: Scene, left: Mention, right: Mention) -> bool:
    """Whether nothing but list marks, titles and persons stands between two mentions of the sentence."""
    inside = [m for m in scene.sentence.mentions if left.end <= m.start and m.end <= right.start]
    if any(m.type not in ("POSITION", "PERSON") for m in inside):
        return False
    between, at = "", left.end
    for mention in [*inside, right]:
        between += scene.between(at, mention.start)
        at = mention.end
    return len(between) <= 6 and bool(_JOINED.fullmatch(between))


def posts_of_one(scene: Scene, left: Mention, right: Mention) -> bool:
    """县委常委、宣传部部长: a title stands behind either body, and nobody between them."""
    inside = {m.type for m in scene.sentence.mentions if left.end <= m.start and m.end <= right.start}
    behind = next((m for m in scene.sentence.mentions if m.start >= right.end), None)
    return inside == {"POSITION"} and behind is not None and behind.type == "POSITION" and behind.start - right.end <= 2
