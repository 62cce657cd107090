"""When and where a paragraph plays, as a sentence sets it for those behind it.

`5月3日，青溪县突降暴雨。` sets date and place of what the next sentences tell (a firm scene). `在白鹭村，…` sets only
the place, and only for the one who goes on acting. 目前 or a date of its own takes a sentence out of the scene.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kg.acts.clauses import BREAKS, Word
from kg.acts.places import named_places
from kg.models import Mention

_HEAD = 4       # words at the beginning of a sentence that may say that the time is another


@dataclass(frozen=True, slots=True)
class Scene:
    """Date and places that hold until the paragraph says otherwise; `firm`: for whoever acts."""

    date: Mention | None = None
    places: tuple[Mention, ...] = ()
    firm: bool = False


def read_scene(words: Sequence[Word], before: Scene, cues: Mapping[str, Collection[str]]) -> Scene:
    """The scene that holds behind a sentence of these words.

    >>> read_scene((), Scene(), {"shifts": (), "events": ()})
    Scene(date=None, places=(), firm=False)
    """
    if leaves_scene(words, cues):
        return Scene()
    dated = any(word.pos == "DATE" for word in words)
    event = next((i for i, word in enumerate(words) if word.mention is None and word.text in cues["events"]), None)
    if event is not None and not any(w.pos in ("PERSON", "ORGANIZATION") for w in words[:event]):
        date = next((word.mention for word in words[:event] if word.pos == "DATE"), None)
        places = named_places(tuple(words[:event]))
        if date is not None and places:
            return Scene(date, places, firm=True)
    here = _fronted_places(words)
    if here:
        return Scene(places=here)
    return Scene() if dated else before


def leaves_scene(words: Sequence[Word], cues: Mapping[str, Collection[str]]) -> bool:
    """Does the sentence begin with a word of another time (目前, 此前)?"""
    return any(word.mention is None and word.text in cues["shifts"] for word in words[:_HEAD])


def _fronted_places(words: Sequence[Word]) -> tuple[Mention, ...]:
    """The places of a phrase with 在 that a comma sets off at the head of the sentence."""
    start = next((i for i, word in enumerate(words) if word.pos != "DATE" and word.text not in BREAKS), len(words))
    if start == len(words) or words[start].text != "在":
        return ()
    end = next((i for i in range(start, len(words)) if words[i].text in BREAKS), start)
    return named_places(tuple(words[start:end]))
