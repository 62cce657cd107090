"""Power stations, fairs, bases and the like, which the grammar of bodies reads and which are places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.mentions.reading import Reading
from kg.models import Mention


def as_sites(bodies: Iterable[Mention], reading: Reading) -> Iterator[Mention]:
    """The bodies, with a place instead of one whose name ends like a site's: 青岩水电站, but 青岩水电站有限公司.

    Of a unit without a name (水电站) nothing becomes a place.
    """
    endings = reading.lexicon.words["sites_not_bodies"]
    for body in bodies:
        if body.type == "ORGANIZATION" and body.text.endswith(endings) and body.text not in endings \
                and body.source in ("model", "grammar.organization"):
            body = body._replace(type="LOCATION", source="grammar.facility")
        yield body
