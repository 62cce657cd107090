"""Places at which a text isn't what its author wrote and can't be mended: words deleted, advertisements put in.

They are told, and no relation is read across them (kg.relate.evidence). Nothing is restored and nothing removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from kg.clean.pattern_lists import FOLDER, PatternList, load_patterns
from kg.models import Flaw, Offsets

_KINDS: tuple[Literal["words_deleted"], Literal["advertisement"]] = ("words_deleted", "advertisement")
_WORDS_DELETED = 3    # places from which on a filter is likelier than a slip


@cache
def patterns() -> Mapping[str, PatternList]:
    """The lists of flaws.yaml."""
    return load_patterns(FOLDER / "flaws.yaml", _KINDS)


def find_flaws(text: str, offsets: Offsets) -> tuple[Flaw, ...]:
    """The flaws of a cleaned text, in its order; single places of deleted words don't count."""
    found = []
    for kind in _KINDS:
        places = list(patterns()[kind].anywhere.finditer(text))
        if kind == "advertisement" or len(places) >= _WORDS_DELETED:
            found += [Flaw(kind=kind, start=start, end=end, text=place[0])
                      for place in places for start, end in [offsets.raw(*place.span())]]
    return tuple(sorted(found, key=lambda flaw: (flaw.start, flaw.end)))
