"""Which row of the administrative table a place name means in its document, and what tells it from its namesakes.

朝阳区 is in 北京 and in 长春, 人民路 in every town: the name is no identity. Where the document says what such a place
lies in (长春市朝阳区, or 朝阳区 in a text about 长春), that is part of its id; where it doesn't, the place stays in
its document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.knowledge.places import Place, Places
from kg.knowledge.regions import Home
from kg.mentions.reading import Knowledge
from kg.models import Mention

#: Short forms of these levels are known everywhere; of lower ones only where the document speaks of the region.
_KNOWN_EVERYWHERE = ("province", "prefecture")


def find_place(name: str, places: Places, home: Home, context: Sequence[str]) -> Place | None:
    """The row that `name` means, or None if the table doesn't have it or the document doesn't say which.

    A short form that a city shares with a county of its own (长沙) is the city. A short form of a county counts only
    in a document about its province or city: 大溪 may be a village anywhere. `context` holds other names in it.
    """
    rows = tuple(p for p in places.find(name) if not p.until) or places.find(name)
    if not rows:                        # 安康 is a word as well, but not where 安康市 is named
        named = (p for other in context if other[:-1] == name and other[-1] in "省市县区州" for p in places.find(other))
        return next(named, None) or places.called(name, (p for other in context for p in places.find(other)[:1]))
    if rows[0].level == "province":
        return rows[0]                  # 河北 beside 天津, which has a 河北区
    outermost = next((p for p in rows if all(q is p or places.is_within(q, p) for q in rows)), None)
    if outermost is not None and (name == outermost.name or outermost.level in _KNOWN_EVERYWHERE):
        return outermost
    near = [region for level in ("省", "市", "县", "区") if (region := home.at(level))]
    if outermost is None:
        return places.resolve(name, [*near, *context])
    return outermost if {p.name for p in places.parents(outermost)} & set(near) else None


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of a place: the name that it stands for, and its row in the table if that is known."""

    mention: Mention
    name: str
    place: Place | None


def tell_apart(named: Sequence[Named], knowledge: Knowledge) -> dict[Mention, str | None]:
    """What each place lies in, for names that several places bear; empty text for a name that is an identity.

    `named` are the places of a document in its order. Of a name that isn't in the table and ends in 村 or 路 there
    are many. None: the document doesn't say what the place lies in; a mention that is missing could be one of
    several places that it does say.
    """
    said: dict[Mention, str | None] = {}
    known: defaultdict[str, set[str]] = defaultdict(set)
    stated: defaultdict[str, set[str]] = defaultdict(set)
    outer: Named | None = None
    for one in named:
        around = outer if outer and outer.mention.end == one.mention.start else None
        above = said[one.mention] = _lies_in(one, around, said.get(around.mention) if around else None, knowledge)
        if above:
            known[one.name].add(above)
            stated[one.name] |= {above} if around else set()
        outer = one
    fullest = {name: _fullest(known[name]) for name in known}
    found: dict[Mention, str | None] = {}
    before: Named | None = None
    for one in named:
        above, bare = said[one.mention], not (before and before.mention.end == one.mention.start)
        before = one
        choice = {fullest[one.name][a] for a in (stated if bare else known)[one.name]}
        if above == "" or not known[one.name]:
            found[one.mention] = above
        elif above and not (bare and len(choice) > 1):
            found[one.mention] = fullest[one.name][above]
        elif len(choice) == 1:
            found[one.mention] = choice.pop()
    return found


def _lies_in(one: Named, outer: Named | None, above: str | None, knowledge: Knowledge) -> str | None:
    """What a place lies in, by its row, by the place right before it (which lies in `above`), or None."""
    places, words = knowledge.places, knowledge.lexicon.words
    if rows := places.namesakes(one.name):
        inside = [row for row in rows if outer and outer.place and places.is_within(row, outer.place)]
        row = inside[0] if len(inside) == 1 else one.place
        return places.above(row) if row in rows else None
    if one.place or not one.name.endswith(words["local_places"]) or one.name.endswith(words["known_places"]):
        return ""
    return above + outer.name if outer and above is not None else None


def _fullest(names: Iterable[str]) -> Mapping[str, str]:
    """Each way to say what a place lies in, and the fullest that says the same: 佳县, 佳县城关镇."""
    names = sorted(names)
    return {name: max((n for n in names if n.startswith(name)), key=len) for name in names}
