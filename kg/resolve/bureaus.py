"""Which bureau or branch of the police, of the tax office or the like a short name means: 乙分局, 乙区公安."""

from __future__ import annotations

import re

from kg.knowledge.regions import read_region
from kg.resolve.bodies import Bodies, Body

_TRAFFIC = re.compile("公安局(?:交警|交通警察)[大支总]队$")


def branch_of(bodies: Bodies, name: str) -> Body | None:
    """What a branch is called in full, if one body of the document is: 甲市公安局乙分局 for 乙分局, 乙公安分局.

    A bare 公安分局 is the one branch of a police bureau that the document names.
    """
    place = re.sub("(?:公安)?分局$", "", name)
    if place == name or "局" in place or name == "分局":
        return None
    police = "公安" if name.endswith("公安分局") else ""
    short = re.escape(re.sub("(?<=..)[区县市]$", "", place) if police else place)        # 乙区公安分局 as well
    full = re.compile(f".+{police or '[^分]'}局{short}[区县市]?分局" if place else ".+公安局[^局]{1,4}分局")
    found = bodies.openings(full)
    if found or police or not place:
        return bodies.full(found.pop()) if len(found) == 1 else None
    return _branch_of_a_city(bodies, name)


def _branch_of_a_city(bodies: Bodies, name: str) -> Body | None:
    """The branch of the one bureau that the document names of the city above; of several it isn't said whose.

    乙分局 could be that of any bureau in its district, so by its place alone it has no identity elsewhere.
    """
    region, rest = bodies.split(name)
    if region is None or region.place is None or rest != "分局":
        return None
    above = {place.name for place in bodies.knowledge.places.parents(region.place)}
    bureaus = [b for b in bodies.known.values() if b.region and not b.parent and b.region.name in above
               and b.rest.endswith("局") and not b.rest.endswith("分局")]
    return bodies.below(bureaus[0], name) if len(bureaus) == 1 else bodies.local(name)


def bureau_of(bodies: Bodies, account: str) -> Body | None:
    """The bureau whose account 乙区公安 is, if the document names one: 乙区公安局, or 甲市公安局乙分局.

    So is 乙县检察 the account of 乙县人民检察院.
    """
    if account.endswith("检察"):
        region = read_region(account[:-2] + "。", bodies.knowledge.places, bodies.context)[0]
        return next((b for b in bodies.known.values() if region and b.region == region and b.rest.endswith("检察院")),
                    None)
    if account.endswith("交警"):
        found = [b for b in bodies.known.values() if b.region and b.region.name.startswith(account[:-2])
                 and len(account) > 3 and _TRAFFIC.search(b.key)]
        return found[0] if len(found) == 1 else None
    if not account.endswith(("公安", "警方")):
        return None
    place = account[:-2]
    region, rest = read_region(place + "。", bodies.knowledge.places, bodies.context)
    if region and rest == "。" and region.name.endswith("区"):
        place = region.name[:-1]        # 北京朝阳: the district alone is in the name of the branch
    found = [b for b in bodies.known.values() if b.key.endswith((f"公安局{place}分局", f"{place}公安分局"))
             or (b.region and b.rest == "公安局" and b.region.name.startswith(place))]
    return found[0] if len(found) == 1 else None
