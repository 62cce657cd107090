"""What an incomplete name of an organisation means in its document.

市公安局, 法制支队, 指挥部 and 该局 are read in the order of the text. For each kind there is a list of readings,
strongest evidence first; the first that has an answer gives it, with a reason, or says that it can't be decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kg.knowledge.regions import LEVELS, Home, Region
from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Doubt, Mention, TaggedSentence
from kg.resolve.beside import (
    AGENCIES,
    PRONOUN,
    listed,
    named_in_the_sentence,
    of_the_nation,
    of_the_place_before,
    of_the_post_before,
    own_police_unit,
)
from kg.resolve.bodies import Bodies, Body
from kg.resolve.bureaus import branch_of, bureau_of
from kg.resolve.full_names import (
    abridged_unit,
    account_of_a_bureau,
    beside_its_sibling,
    branch,
    bureaus_own,
    by_the_sign_of_its_state,
    delegation_of_its_state,
    full_name,
    holding_branch,
    of_a_longer_name,
    of_a_state,
    police_of_a_district,
    publisher,
    short_company,
    under_its_bureau,
    unit_by_branch,
    unit_of_a_branch,
    without_its_state,
)
from kg.resolve.scene import (
    VILLAGES,
    Scene,
    kind_of,
    leaves_out,
    level_of,
    name_of,
    village_of,
)
from kg.resolve.speaker import signatures

#: Between two bodies that act as one.
_WITH = re.compile(r"[、和与及]|以及|会同|联合|协同|联手|携手")
#: 广东某贸易公司: a company whose name is held back.
_HELD_BACK = re.compile("某[\u4e00-\u9fff]{0,10}公司")
_SHORT_FORM = re.compile(r"[（(](?:以下)?(?:统称|简称|下称|又称)(?:为|作)?[：:]?"
                         r"[“\"「]?([\u4e00-\u9fffA-Za-z]{2,16}?)[”\"」]?[）)]")
#: What a founding verb and the new body's name may have between them: 了, or who leads it.
_LED = re.compile(r"了?[由以][^。；！？]*的")
_DIRECT = re.compile(r"[^，。；！？]{0,12}")
_COMMITTEES = {"村": ("村委会", "村民委员会"), "社区": ("居委会", "居民委员会", "社区居委会")}
#: Characters within which 该局 points to the last body that ends so, even if there were others before.
_NEAR = 120
_FULL = frozenset({"grammar.organization", "grammar.before_post", "grammar.police", "grammar.dateline",
                   "grammar.publisher", "grammar.repeat", "grammar.titled_outlet", "model"})


Reading = Callable[[Scene, Mention], "Body | Doubt | None"]


def link_bodies(document: CleanDocument, sentences: Sequence[TaggedSentence], knowledge: Knowledge, home: Home,
                context: tuple[str, ...]) -> tuple[Bodies, list[Doubt]]:
    """The bodies of a document with the mentions that name them, and the names that stayed open."""
    bodies = Bodies(document, knowledge, context)
    for mention in _organizations(sentences):
        if mention.source in _FULL:
            bodies.full(mention.value or mention.text)
    for body in [b for b in list(bodies.known.values()) if bureaus_own(bodies, b) or branch_of(bodies, b.name)
                 or holding_branch(bodies, b.name)]:
        del bodies.known[body.key]
    bodies.speakers = [branch_of(bodies, name) or bureau_of(bodies, name) or unit_by_branch(bodies, name)
                       or bodies.full(name)
                       for name in signatures(document, sentences, _FULL, knowledge)]
    doubts: list[Doubt] = []
    scene: Scene | None = None
    for sentence in sentences:
        scene = Scene(bodies, home, sentence, last=scene.last if scene else {}, short=scene.short if scene else {})
        for mention in sentence.mentions:
            if mention.type == "LOCATION":
                _pass(scene, bodies.region_of(mention.text) or village_of(mention))
            elif mention.type == "ORGANIZATION":
                found = _read(scene, mention)
                if isinstance(found, Doubt):
                    doubts.append(found)
                elif found:
                    _link(scene, mention, found)
    return bodies, doubts


def _organizations(sentences: Sequence[TaggedSentence]) -> Iterator[Mention]:
    return (m for s in sentences for m in s.mentions if m.type == "ORGANIZATION")


def _read(scene: Scene, mention: Mention) -> Body | Doubt | None:
    """The first answer of the readings for a mention's kind."""
    if mention.text in scene.short:
        return scene.short[mention.text]
    kind = "full" if mention.source in _FULL else mention.source.removeprefix("grammar.")
    return next((found for reading in READINGS[kind] if (found := reading(scene, mention)) is not None), None)


def _link(scene: Scene, mention: Mention, body: Body) -> None:
    scene.bodies.links[mention] = body
    scene.before.append(mention)
    _pass(scene, body.region)
    at = mention.end - scene.sentence.sentence.start
    if match := _SHORT_FORM.match(scene.sentence.sentence.text, at):
        scene.short[match.group(1)] = body.because(match.group(1), f"原文注明 {match.group(1)} 是 {body.name} 的简称")


def _pass(scene: Scene, region: Region | None) -> None:
    if region:
        scene.last[kind_of(region.name)] = (region, scene.sentence)


# --------------------------------------------------------------------- units, references, relatives


def of_a_named_place(scene: Scene, mention: Mention) -> Body | None:
    """天心公安分局, in a document that names 天心区."""
    return scene.bodies.full(name_of(mention)) if scene.bodies.split(name_of(mention))[0] else None


def behind_its_holder(scene: Scene, mention: Mention) -> Body | None:
    """我局/治安大队: the unit of the body that the word before it means."""
    holder = scene.before[-1] if scene.before else None
    if holder is None or holder.end != mention.start or holder.source != "grammar.reference":
        return None
    suffix = scene.knowledge.lexicon.suffix(name_of(mention))
    if suffix is None or suffix.kind != "unit":
        return None
    body = scene.bodies.links[holder]
    return scene.bodies.below(body, name_of(mention)).because(mention.text, f"{holder.text} 指 {body.name}")


def founded_here(scene: Scene, mention: Mention) -> Body | None:
    """甲市公安局成立疫情防控指挥部: the new body carries its founder's name."""
    lexicon = scene.knowledge.lexicon
    verbs = [t for t in scene.sentence.tokens if t.end <= mention.start and t.text in lexicon.founding]
    verb = verbs[-1] if verbs else None
    if verb is None:
        return None
    between = scene.between(verb.end, mention.start)
    if scene.between(verb.start - 1, verb.start) == "的" or between.startswith(("是", "为")):
        return None                     # 大队的成立是分局的举措
    crossed = any(verb.end <= m.start < mention.start for m in scene.before)
    direct = _DIRECT.fullmatch(between) and lexicon.generic.get(between[-2:]) != "start" and not crossed
    if not direct and not _LED.fullmatch(between):
        return None
    for subject in reversed(scene.sentence.mentions):
        if subject.end > verb.start or subject.type not in ("ORGANIZATION", "LOCATION", "PERSON"):
            continue
        if subject.type == "PERSON":
            return None                 # 甲县委副书记张三成立指挥部: whose it is isn't said
        if any(t.end == subject.start and t.text in lexicon.founding for t in scene.sentence.tokens):
            continue                    # 组建甲队、成立乙队: what was founded itself founds nothing
        if founder := scene.bodies.links.get(subject):
            if _has_company(scene, subject):
                return None             # 甲局与乙局成立专案组: it is neither's own
            return scene.bodies.below(founder, mention.text).because(mention.text, f"由 {founder.name} {verb.text}")
        region = scene.bodies.region(subject.text) if verb.start - subject.end in (0, 2) else None
        if subject.type == "LOCATION" and region:
            return scene.bodies.within(region, mention.text).because(mention.text, f"由 {subject.text} {verb.text}")
    return None


def _has_company(scene: Scene, subject: Mention) -> bool:
    """Whether a body acts with another that is named right before it: 甲局、乙局, 甲局联合乙局."""
    before = [m for m in scene.before if m.end <= subject.start]
    return bool(before) and bool(_WITH.fullmatch(scene.between(before[-1].end, subject.start)))


def of_the_last_place(scene: Scene, mention: Mention) -> Body | None:
    """市公安局, by the city that was named last in the paragraph or that the document is about.

    Where the sentence itself names another city than the document is about, it could be either's.
    """
    name, level = name_of(mention), level_of(name_of(mention))
    last, where = scene.last.get(kind_of(level), (None, None))
    if level in VILLAGES and len({c for c in scene.bodies.context if c.endswith(level)}) == 1 and last:
        where = scene.sentence          # the only village of the document
    if where is None or where.sentence.line != scene.sentence.sentence.line:
        last = None
    home = scene.home.at(level)
    if last and home and last.name != home:
        if where is scene.sentence:
            return None
        last = None
    if region := last or (home and (scene.bodies.region(home) or Region(home, None))) or None:
        reason = f"上文刚提到 {region.name}" if last else f"本文所述{level}为 {region.name}"
        return scene.bodies.within(region, name[len(level):]).because(mention.text, reason)
    return None


def only_ending(scene: Scene, mention: Mention) -> Body | Doubt | None:
    """The one full name of the document that ends so; with several it stays open."""
    fuller = scene.bodies.ending(name_of(mention))
    own = [body for body in fuller if any(body.key.startswith(speaker.key) for speaker in scene.bodies.speakers)]
    if len(fuller) > 1 and len(own) == 1:
        return own[0].because(mention.text, f"{own[0].name} 属于发布本文的机构")
    if len(fuller) > 1:
        return scene.doubt(mention, "文中有多个全称以它结尾", fuller)
    if not fuller:
        return None
    return fuller[0].because(mention.text, f"文中唯一以“{mention.text}”结尾的全称是 {fuller[0].name}")


def abridged(scene: Scene, mention: Mention) -> Body | None:
    """疫情防控指挥部, in a document whose one such body is the 疫情防控工作指挥部: words may be left out.

    So is 区疫情防控指挥部 the 乙区新冠肺炎疫情防控指挥部, the only one of a district that it names.
    """
    level = level_of(name_of(mention)) if mention.source == "grammar.relative" else ""
    name = name_of(mention)[len(level):]
    suffix = scene.knowledge.lexicon.suffix(name)
    if suffix is None or suffix.kind != "ad_hoc" or len(name) < len(suffix.text) + 2:
        return None
    fuller = [b for b in scene.bodies.known.values() if (b.region or b.parent) and b.key.endswith(suffix.text)
              and len(b.rest) > len(name) and (_opens_alike(name, b.rest) or b.rest.endswith(name))
              and (not level or (b.region and b.region.name.endswith(LEVELS[level])))]
    if len(fuller) != 1:
        return None
    return fuller[0].because(mention.text, f"{mention.text} 是文中 {fuller[0].name} 的略称")


def _opens_alike(name: str, rest: str) -> bool:
    """Whether `name` is what remains of `rest` when some of it is left out; both begin alike."""
    return name[:2] == rest[:2] and leaves_out(name, rest)


def of_the_body_meant(scene: Scene, mention: Mention) -> Body | Doubt:
    """局党委: of the bureau that the text speaks of; else the relative name stays open."""
    name = name_of(mention)
    if level := level_of(name):
        if scene.home.unnamed(level) and level not in VILLAGES:
            return scene.bodies.local(name)
        return scene.doubt(mention, f"无法确定是哪个{level}")
    for cut in (2, 1):
        if holder := scene.bodies.meant(name[:cut], mention.start):
            return scene.bodies.below(holder, name[cut:]).because(mention.text, f"{name[:cut]} 指 {holder.name}")
    return scene.doubt(mention, f"无法确定“{name[0]}”指哪个机构")


def pointed_at(scene: Scene, mention: Mention) -> Body | Doubt | None:
    """该局, 指挥部: the one body named before that ends so; with several, 该局 is the last one if just named."""
    ending = PRONOUN.sub("", name_of(mention))
    if ending == "公司" and _masked_company(scene, mention):
        return None                     # 某公司 was named since: 该公司 may be that
    if mention.text[0] == "该" and (just := _just_named(scene, ending)):
        return just.because(mention.text, f"指代本句中的 {just.name}")
    body = scene.bodies.meant(ending, mention.start)
    if body and body.key.startswith("最高") and not PRONOUN.match(mention.text):
        return None                     # 人民法院 beside 最高人民法院: all of them
    if body:
        return body.because(mention.text, f"上文以“{ending}”结尾的主要是 {body.name}")
    earlier = {**{m: b for m, b in scene.bodies.links.items() if m.end <= mention.start and b.key.endswith(ending)},
               **scene.bodies.named(ending, mention.start)}
    if not earlier:
        return None
    last = max(earlier, key=lambda m: m.start)
    if PRONOUN.match(mention.text) and mention.start - last.end < _NEAR:
        return earlier[last].because(mention.text, f"指代上文最近的 {earlier[last].name}")
    return scene.doubt(mention, "上文有多个可能的机构", list(earlier.values()))


def _just_named(scene: Scene, ending: str) -> Body | None:
    """The last body that the sentence names so far, if it ends so."""
    last = scene.before[-1] if scene.before else None
    named = last is not None and last.text.endswith(ending) and len(last.text) > len(ending) + 1
    return scene.bodies.links[last] if last and named else None


def _masked_company(scene: Scene, mention: Mention) -> bool:
    """Whether the text since the last named company speaks of one whose name it holds back."""
    named = [m.end for m, b in scene.bodies.links.items() if m.end <= mention.start and b.key.endswith("公司")]
    return bool(_HELD_BACK.search(scene.bodies.document.text, max(named, default=0), mention.start))


def office_of_the_body_meant(scene: Scene, mention: Mention) -> Body | None:
    """领导小组办公室: the office of the 领导小组 that the text speaks of."""
    body = scene.bodies.meant(mention.text, mention.start)
    holder = mention.text.removesuffix("办公室")
    if body or holder == mention.text or not holder \
            or (above := scene.bodies.meant(holder, mention.start)) is None:
        return None
    return scene.bodies.below(above, "办公室").because(mention.text, f"{holder} 指 {above.name}")


def spoken_of_itself(scene: Scene, mention: Mention) -> Body | Doubt | None:
    """我局: who signs or publishes the document, or the only body in it that ends so; never just the one named last."""
    if mention.text[0] not in "我本":
        return None
    ending = mention.text[1:]
    if speaker := next((b for b in scene.bodies.speakers if b.key.endswith(ending)), None):
        return speaker.because(mention.text, f"本文由 {speaker.name} 发布")
    named = [b for b in scene.bodies.known.values() if b.key.endswith(ending) and len(b.key) > len(ending)
             and b.rest.endswith(ending)]
    if len(named) == 1:
        return named[0].because(mention.text, f"文中以“{ending}”结尾的只有 {named[0].name}")
    return scene.doubt(mention, "无法确定是谁自称", named)


def bureau_of_the_level(scene: Scene, mention: Mention) -> Body | None:
    """市局: the bureau of a city that the document names, be it as the head of a unit's name, if there is but one."""
    level, kind = mention.text[:1], mention.text[1:]
    if mention.text not in scene.knowledge.lexicon.words["own_bureaus"]:
        return None
    endings = LEVELS[level]
    named = [b.key for b in scene.bodies.known.values() if b.region and not b.parent and b.rest.endswith(kind)
             and not b.rest.endswith("分局") and b.region.name.endswith(endings)]
    heads = [match.group() for b in scene.bodies.known.values() if b.region and b.region.name.endswith(endings)
             and (match := re.match(rf"{re.escape(b.region.name)}公安{kind}(?=.)", b.key))]
    keys = {key.partition("@")[0] for key in (*named, *heads)}
    if len(keys) != 1:
        return None
    body = scene.bodies.full(keys.pop())
    return body.because(mention.text, f"文中的{mention.text}只有 {body.name}")


def unit_of_its_bureau(scene: Scene, mention: Mention) -> Body | None:
    """市局治安总队: the unit of the bureau that 市局 means."""
    bureau = mention._replace(end=mention.start + 2, text=mention.text[:2])
    unit = mention.text[2:]
    suffix = scene.knowledge.lexicon.suffix(unit)
    if suffix is None or suffix.kind != "unit" or (body := bureau_of_the_level(scene, bureau)) is None:
        return None
    return scene.bodies.below(body, unit).because(mention.text, f"{bureau.text} 指 {body.name}")


def of_its_village(scene: Scene, mention: Mention) -> Body | None:
    """村委会, in a document that names one village."""
    level = next((level for level in VILLAGES if mention.text in _COMMITTEES[level]), "")
    named = {name for name in scene.bodies.context if level and name.endswith(level) and len(name) > 2}
    if len(named) != 1:
        return None
    village = Region(named.pop(), None)
    return scene.bodies.within(village, mention.text).because(mention.text, f"文中只有一个{level} {village.name}")


def of_home(scene: Scene, mention: Mention) -> Body | None:
    """A bare 公安局, in a document about one county of which it names other bodies in full."""
    name = PRONOUN.sub("", mention.text)
    if len(name) < 3 or not name.endswith(AGENCIES):
        return None
    home = next((h for level in ("县", "区", "市") if (h := scene.home.at(level))), "")
    others = [b.region for b in scene.bodies.known.values() if b.region and b.region.name == home]
    if len(others) < 2 or others[0] is None:
        return None
    return scene.bodies.within(others[0], name).because(mention.text, f"本文所述为 {home}")


def task_force(scene: Scene, mention: Mention) -> Body | None:
    """专案组, of which the text doesn't say whose it is: one of its own."""
    forces = scene.knowledge.lexicon.words["task_forces"]
    if mention.text not in forces or scene.bodies.named(mention.text, mention.start):
        return None
    return scene.bodies.local(mention.text)


def unit_by_itself(scene: Scene, mention: Mention) -> Body:
    """Nothing completes the name."""
    return scene.bodies.local(name_of(mention))


#: Kind of mention → what to try, strongest evidence first.
READINGS: dict[str, tuple[Reading, ...]] = {
    "full": (behind_its_holder, police_of_a_district, account_of_a_bureau, branch, unit_of_a_branch, short_company,
             of_a_longer_name, under_its_bureau, abridged_unit, beside_its_sibling, of_a_state, without_its_state,
             delegation_of_its_state, by_the_sign_of_its_state, full_name),
    "outlet": (publisher,),
    "same_place": (of_the_place_before,),
    "unit": (behind_its_holder, branch, short_company, of_a_named_place, founded_here, listed, only_ending, abridged,
             office_of_the_body_meant, without_its_state, unit_by_itself),
    "shared_head": (listed, only_ending, unit_by_itself),
    "reference": (spoken_of_itself, branch, founded_here, of_the_post_before, of_the_nation, listed,
                  named_in_the_sentence, office_of_the_body_meant, bureau_of_the_level,
                  pointed_at, of_its_village, of_home, own_police_unit, task_force),
    "relative": (unit_of_its_bureau, listed, abridged, of_the_last_place, only_ending, of_the_body_meant),
}
