"""What an incomplete name takes from the body, the place or the post that stands beside it in a list."""

from __future__ import annotations

import re

from kg.knowledge.regions import LEVELS
from kg.models import Mention
from kg.resolve.bodies import Body
from kg.resolve.scene import DEPARTMENT, Scene, level_of, name_of, posts_of_one, same_list

PRONOUN = re.compile(r"^[该我本]")
#: Endings that are specific enough to be completed from the place that a document is about.
AGENCIES = ("局", "厅", "检察院", "法院", "纪委", "监委", "教委", "卫健委")
#: A town or street has no bureau of its own.
_BELOW_COUNTY = ("镇", "乡", "街道")
#: What holds other units of the police, so that one named beside it may be its own.
_OVER = ("支队", "分局")


def listed(scene: Scene, mention: Mention) -> Body | None:
    """Completed by the body before it in the same list: 甲市公安局、卫生局; 甲局警卫支队民警张三、法制支队."""
    if not scene.before or not same_list(scene, scene.before[-1], mention):
        return None
    other, name = scene.bodies.links[scene.before[-1]], name_of(mention)
    place = other.region if not other.parent and not (other.region and other.region.name.endswith(_BELOW_COUNTY)) \
        else None
    if mention.source == "grammar.relative":
        level = level_of(name)
        if level and other.region and other.region.name.endswith(LEVELS[level]):
            return scene.bodies.within(other.region, name[len(level):]).because(
                mention.text, f"与 {other.name} 并列，同属 {other.region.name}")
        return None
    suffix = scene.knowledge.lexicon.suffix(name)
    siblings = any(other.rest.endswith(s) and name.endswith(s) for s in scene.knowledge.lexicon.words["siblings"])
    words = scene.knowledge.lexicon.words
    department = suffix and (suffix.kind == "unit" or name in words["party_departments"]) \
        and len(name) <= DEPARTMENT and not siblings and not name.endswith("实验室")
    if department and posts_of_one(scene, scene.before[-1], mention):
        over = scene.bodies.parent(other) if other.rest.endswith(words["collegial"]) else None
        return scene.bodies.below(over or other, name).because(
            mention.text, f"与 {other.name} 的职务并列，" + (f"同属 {over.name}" if over else "是其下设机构"))
    a_branch = name.endswith("分局") and len(name) > 2
    if place and not PRONOUN.match(name) and (
            a_branch or (mention.source == "grammar.reference" and name.endswith(AGENCIES))):
        return scene.bodies.within(place, name).because(mention.text, f"与 {other.name} 并列，同属 {place.name}")
    if mention.source == "grammar.unit" and scene.bodies.is_police(name) and other.rest.endswith("公安局"):
        return scene.bodies.below(other, name).because(mention.text, f"与 {other.name} 并列，是其下设机构")
    siblings = siblings or (name.endswith(words["police_units"]) and other.rest.endswith(words["police_units"])
                            and not name.endswith(_OVER) and not other.rest.endswith(_OVER))
    if siblings and mention.source == "grammar.unit" and (parent := scene.bodies.parent(other)):
        return scene.bodies.below(parent, name).because(mention.text, f"与 {other.name} 并列，同属 {parent.name}")
    return None


def of_the_post_before(scene: Scene, mention: Mention) -> Body | None:
    """公安局 of 甲市副市长、公安局局长: of the place whose post stands before it."""
    if not mention.text.endswith(AGENCIES) or PRONOUN.match(mention.text):
        return None
    at, before = mention.start, [m for m in scene.sentence.mentions if m.end <= mention.start]
    while before and scene.between(before[-1].end, at) in ("、", "兼", ""):
        last = before.pop()
        if last.type != "POSITION":
            region = scene.bodies.region(last.text) if last.type == "LOCATION" and last.end == at else None
            return scene.bodies.within(region, mention.text).because(
                mention.text, f"与 {last.text} 的职务并列") if region else None
        at = last.start
    return None


def of_the_nation(scene: Scene, mention: Mention) -> Body | None:
    """发展改革委 of 商务部、发展改革委, beside a ministry: the one of the whole country."""
    lexicon, full = scene.knowledge.lexicon, "国家" + mention.text
    if (full, "whole") not in lexicon.abbreviations:
        return None
    around = [m for m in scene.sentence.mentions if m.type == "ORGANIZATION" and m is not mention]
    for other in around:
        ministry = lexicon.organizations.get(other.text)
        first, second = sorted((mention, other), key=lambda m: m.start)
        national = (ministry is not None and ministry.alone == "name" and ministry.kind == "body") \
            or other.text.startswith(("中央", "国家"))
        if national and scene.between(first.end, second.start) in ("、", "和", "与", "会同", "联合"):
            return scene.bodies.full(full).because(mention.text, f"与 {other.text} 并列，是 {full}")
    return None


def of_the_place_before(scene: Scene, mention: Mention) -> Body | None:
    """政府 of 甲镇党委、政府: of the place whose committee stands before it."""
    other = scene.bodies.links.get(scene.before[-1]) if scene.before else None
    if other is None or other.region is None or scene.before[-1].end + 1 < mention.start:
        return None
    return scene.bodies.within(other.region, mention.text).because(mention.text, f"与 {other.name} 并列，同属 "
                                                                                f"{other.region.name}")


def own_police_unit(scene: Scene, mention: Mention) -> Body | None:
    """交警大队, in a document of one police bureau that names it nowhere in full."""
    name = mention.text
    if len(name) < 4 or PRONOUN.match(name) or not scene.bodies.is_police(name) \
            or scene.bodies.named(name, mention.start):
        return None
    unit = scene.bodies.local(name)
    return unit if unit.parent else None


def named_in_the_sentence(scene: Scene, mention: Mention) -> Body | None:
    """办公室 in 领导小组办公室设在甲局，乙兼任办公室主任: the only body of the sentence so far that ends so."""
    named = {body.key: body for each in scene.before if (body := scene.bodies.links[each]).key.endswith(mention.text)
             and body.key != mention.text and each.text.endswith(mention.text)}
    if len(named) != 1:
        return None
    body = next(iter(named.values()))
    return body.because(mention.text, f"本句以“{mention.text}”结尾的只有 {body.name}")
