"""Which row of the administrative table a place name means in its document."""

from __future__ import annotations

from collections.abc import Sequence

from kg.knowledge.places import Place, Places
from kg.knowledge.regions import Home

#: Short forms of these levels are known everywhere; of lower ones only where the document speaks of the region.
_KNOWN_EVERYWHERE = ("province", "prefecture")


def find_place(name: str, places: Places, home: Home, context: Sequence[str]) -> Place | None:
    """The row that `name` means, or None if the table doesn't have it or the document doesn't say which.

    A short form that a city shares with a county of its own (长沙) is the city. A short form of a county counts only
    in a document about its province or city: 大溪 may be a village anywhere. `context` holds other names in it.
    """
    near = [region for level in ("省", "市", "县", "区") if (region := home.at(level))]
    rows = tuple(p for p in places.find(name) if not p.until) or places.find(name)
    if not rows:                        # 安康 is a word as well, but not where 安康市 is named
        return next((p for other in context if other[:-1] == name and other[-1] in "省市县区州"
                     for p in places.find(other)), None)
    outermost = next((p for p in rows if all(q is p or places.is_within(q, p) for q in rows)), None)
    if outermost is None:
        return places.resolve(name, [*near, *context])
    if name == outermost.name or outermost.level in _KNOWN_EVERYWHERE:
        return outermost
    return outermost if {p.name for p in places.parents(outermost)} & set(near) else None
