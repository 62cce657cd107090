"""What a name that says it all means in its document: usually itself, sometimes a fuller name that it shortens."""

from __future__ import annotations

import re

from kg.knowledge.world import load_world
from kg.models import Doubt, Mention
from kg.resolve.bodies import Bodies, Body
from kg.resolve.bureaus import branch_of, bureau_of
from kg.resolve.scene import DEPARTMENT, Scene, leaves_out, name_of, same_list

#: So long is a name that one body has.
_DISTINCT = 5
#: 乙分局 | 城关派出所
_IN_A_BRANCH = re.compile("([^局]{2,7}分局)(.{2,}(?:队|所|室|科|处|组|中心|党委))")


def short_company(scene: Scene, mention: Mention) -> Body | None:
    """腾讯公司: the one company of the document whose full name holds its core."""
    if mention.source not in ("model", "grammar.unit") and not mention.text.endswith("公司"):
        return None                     # 甲乙重科 looks like a department
    region, rest = scene.bodies.split(name_of(mention))
    core = re.sub(r"(?:集团|股份|有限|责任)*公司$", "", rest)
    if region or len(core) < 2:
        return None
    opens = re.compile(f"(?:.{{2,}})?{re.escape(core)}(?![-—－])")      # no 国航 of 中国航空, no 甲 of 甲-乙公司
    fuller = [b for b in scene.bodies.known.values() if b.key.endswith(("公司", "集团")) and opens.match(b.rest)
              and (len(b.key) > len(rest) + 2 or b.key[:-2] == rest)]
    fuller = [b for b in fuller if not any(each is not b and each.key.endswith(b.key) for each in fuller)]
    return fuller[0].because(mention.text, f"{mention.text} 是 {fuller[0].name} 的简称") if len(fuller) == 1 else None


def delegation_of_its_state(scene: Scene, mention: Mention) -> Body | None:
    """中国代表团, in a document that names the 中国大学生代表团 and no other delegation of the state."""
    name = name_of(mention)
    state = name.removesuffix("代表团")
    if state == name or state not in {*load_world().states, "中国"}:
        return None
    fuller = [b for b in scene.bodies.known.values()
              if b.name.startswith(state) and b.name.endswith("代表团") and len(b.name) > len(name)]
    if len(fuller) != 1:
        return None
    return fuller[0].because(mention.text, f"{mention.text} 是文中 {fuller[0].name} 的略称")


def of_a_longer_name(scene: Scene, mention: Mention) -> Body | None:
    """执行局: the one body of the document whose name ends so, if the name itself has neither place nor owner."""
    name = name_of(mention)
    national = name.startswith(scene.knowledge.lexicon.words["national"])
    if len(name) > DEPARTMENT or national or scene.bodies.split(name)[0]:
        return None
    owned = [b for b in scene.bodies.known.values()
             if b.key.endswith(name) and len(b.key) > len(name) and _owned(scene, b, name)]
    if len(owned) != 1:
        return None
    return owned[0].because(mention.text, f"文中唯一以“{name}”结尾的全称是 {owned[0].name}")


def _owned(scene: Scene, body: Body, ending: str) -> bool:
    """Whether what stands before the ending of a body's name names a body itself: 乙法院 of 乙法院执行局."""
    head = scene.knowledge.lexicon.suffix(body.name.removesuffix(ending))
    return head is not None and head.kind in ("body", "unit") and len(head.text) > 1


def under_its_bureau(scene: Scene, mention: Mention) -> Body | None:
    """甲县东风路派出所, in a document that names 甲县公安局东风路派出所: the bureau goes without saying."""
    region, rest = scene.bodies.split(name_of(mention))
    body = bureaus_own(scene.bodies, Body("", "", region, rest))
    return body.because(mention.text, f"{mention.text} 是 {body.name} 的简称") if body else None


def bureaus_own(bodies: Bodies, body: Body) -> Body | None:
    """The unit of the bureau of its place that a police unit is, if the document names it so as well."""
    if body.region is None or not body.rest.endswith(bodies.knowledge.lexicon.words["police_units"]):
        return None
    return bodies.known.get(f"{body.region.name}公安局{body.rest}")


def branch(scene: Scene, mention: Mention) -> Body | None:
    """乙分局, 乙公安分局: the branch of the one bureau of the document that is called so, 甲市公安局乙分局."""
    body = branch_of(scene.bodies, name_of(mention))
    return body.because(mention.text, f"文中能这样称呼的分局只有 {body.name}") if body else None


def unit_of_a_branch(scene: Scene, mention: Mention) -> Body | None:
    """乙分局城关派出所: the station of 甲市公安局乙分局."""
    return unit_by_branch(scene.bodies, name_of(mention), mention.text)


def unit_by_branch(bodies: Bodies, name: str, surface: str = "") -> Body | None:
    """The unit of a branch whose full name the document gives, by the short one: `surface` is how it stands there."""
    named, holder = _IN_A_BRANCH.fullmatch(name), holding_branch(bodies, name)
    if named is None or not holder or "@" in holder.key:
        return None
    return bodies.below(holder, named[2]).because(surface or name, f"{named[1]} 是 {holder.name} 的简称")


def holding_branch(bodies: Bodies, name: str) -> Body | None:
    """The branch with which the short name of its unit opens: 甲市公安局乙分局 for 乙分局城关派出所."""
    named = _IN_A_BRANCH.fullmatch(name)
    return branch_of(bodies, named[1]) if named else None


def police_of_a_district(scene: Scene, mention: Mention) -> Body | None:
    """乙区警方: the branch that the document names, where the police of the district is one of the city's."""
    region, rest = scene.bodies.split(name_of(mention))
    if mention.source != "grammar.police" or region is None or rest != "公安局" or not region.name.endswith("区"):
        return None
    short = region.name[:-1]
    found = scene.bodies.openings(re.compile(f"{region.name}公安分局|.+公安局{short}分局"))
    if len(found) != 1:
        return None
    body = scene.bodies.full(found.pop())
    return body.because(mention.text, f"{mention.text} 是 {body.name} 的简称")


def abridged_unit(scene: Scene, mention: Mention) -> Body | None:
    """甲市交警乙中队, in a document whose one such unit is 甲市公安局交警大队乙中队: the rest goes without saying."""
    name = name_of(mention)
    region, rest = scene.bodies.split(name)
    suffix = scene.knowledge.lexicon.suffix(name)
    if region is None or suffix is None or suffix.kind != "unit" or len(rest) < 4:
        return None
    fuller = [b for b in scene.bodies.known.values() if b.region == region and b.key.endswith(rest[-4:])
              and len(b.rest) > len(rest) and b.rest.startswith("公安局") and leaves_out(rest, b.rest)]
    if len(fuller) != 1:
        return None
    return fuller[0].because(mention.text, f"{mention.text} 是文中 {fuller[0].name} 的略称")


def account_of_a_bureau(scene: Scene, mention: Mention) -> Body | None:
    """乙区公安, as the source of a page."""
    body = bureau_of(scene.bodies, mention.text)
    return body.because(mention.text, f"{mention.text} 是 {body.name} 的简称") if body else None


def of_a_state(scene: Scene, mention: Mention) -> Body | Doubt | None:
    """外交部 beside 甲国外交部 could be either's; 众议院 is that of the only state that is named."""
    name = name_of(mention)
    found = scene.bodies.of_a_state(name)
    if found is None and name not in scene.knowledge.lexicon.words["foreign_bodies"]:
        return None
    here = [m for m in scene.sentence.mentions if m.type in ("LOCATION", "ORGANIZATION") and m is not mention]
    before = [m.text for m in here if m.end <= mention.start]
    if found is not None:
        last = next(filter(None, map(_state_in_front, reversed(before))), "")
        if found.key != name and not found.key.startswith(last):
            return scene.bodies.local(name)     # 甲国总统和国防部长, beside 乙国国防部
        return found.because(mention.text, f"文中唯一以“{mention.text}”结尾的全称是 {found.name}")
    for names in (before, [m.text for m in here], scene.bodies.context):
        states = {state for each in names if (state := _state_in_front(each))}
        if len(states) == 1:
            state = states.pop()
            return scene.bodies.full(state + name).because(mention.text, f"前文只提到一个国家 {state}")
        if states:
            break
    if mention.source == "model" and name in scene.knowledge.lexicon.organizations:
        return scene.doubt(mention, "无法确定是哪个国家")
    return scene.bodies.local(name)


def _state_in_front(name: str) -> str:
    """The state with which a name begins, or that it is or stands for: 甲国 of 甲国外交部, 美国 of 美."""
    states, signs = load_world().states, load_world().signs
    return signs.get(name) or next((states[name[:n]] for n in (7, 6, 5, 4, 3, 2) if name[:n] in states), "")


def without_its_state(scene: Scene, mention: Mention) -> Body | None:
    """乙国家实验室, in a document that names 甲国乙国家实验室; 乙武装 and 乙党 beside those of one state.

    So is 晨光小学 the 甲市晨光小学, the only one of its name.
    """
    name, words = name_of(mention), scene.knowledge.lexicon.words
    suffix = scene.knowledge.lexicon.suffix(name)
    of_a_place = len(name) > 3 and suffix is not None and len(suffix.text) < 4 \
        and name.removesuffix(suffix.text) not in words["common_in_names"]
    distinct = len(name) >= _DISTINCT or of_a_place or (len(name) > 2 and name.endswith(words["bodies_of_one_state"])) \
        or (len(name) > 3 and mention.source == "model" and name not in words["foreign_bodies"])
    if not distinct or scene.bodies.split(name)[0]:
        return None
    if name.startswith(words["national"]):          # 中央司令部 beside 甲国中央司令部, but not 国家安全部
        if len(name) < _DISTINCT or name in scene.knowledge.lexicon.organizations \
                or scene.bodies.identity(None, name) != name \
                or any(each.end == mention.start for each in scene.sentence.mentions):
            return None
        of_a_place = False
    states, ours = load_world().states, {*scene.bodies.context, "中国"} if of_a_place else ()
    keys = [(b, b.key.partition("@")[0]) for b in scene.bodies.known.values() if name in b.key]
    fuller = [b for b, key in keys if key.endswith(name) and len(key) > len(name) and (
        (of_a_place and b.rest == name) or (above := key.removesuffix(name)) in states or above in ours)]
    if len(fuller) != 1:
        return None
    return fuller[0].because(mention.text, f"{mention.text} 是文中 {fuller[0].name} 的略称")


def by_the_sign_of_its_state(scene: Scene, mention: Mention) -> Body | None:
    """甲地震局 beside 甲国地震局 or 甲国联邦地震局, in one document: the first character is the state's."""
    name = name_of(mention)
    sign, rest = name[:1], name[1:]
    if len(rest) < 3 or rest[0] == "国" or scene.bodies.split(name)[0] or scene.bodies.identity(None, name) != name:
        return None
    states = load_world().states
    fuller = [b for b in scene.bodies.known.values() if b.key.endswith(rest) and len(b.key) > len(rest) + 1
              and b.key[0] == sign and b.key.removesuffix(rest).removesuffix("联邦") in states]
    if len(fuller) != 1:
        return None
    return fuller[0].because(mention.text, f"{mention.text} 是文中 {fuller[0].name} 的简称")


def full_name(scene: Scene, mention: Mention) -> Body:
    """The name says it all, be it in short: 广东高院."""
    body = scene.bodies.full(name_of(mention))
    return body.because(mention.text, f"{mention.text} 是 {body.name} 的简称")


def beside_its_sibling(scene: Scene, mention: Mention) -> Body | None:
    """乙支队 of 甲省消防总队丙支队、乙支队: another unit of the same body, called after its place."""
    name = name_of(mention)
    if len(name) > DEPARTMENT or not scene.before or not same_list(scene, scene.before[-1], mention):
        return None
    other = scene.bodies.links[scene.before[-1]]
    ending = next((s for s in scene.knowledge.lexicon.words["siblings"] if name.endswith(s) and other.rest.endswith(s)),
                  "")
    heads = scene.bodies.heads(scene.before[-1], other) if ending else []
    region = scene.bodies.split(name)[0]
    if not heads or region is None or len(ending) + len(region.name) < len(name) or other.region == region:
        return None
    return scene.bodies.below(heads[0][1], name).because(mention.text, f"与 {other.name} 并列，同属 {heads[0][1].name}")


def publisher(scene: Scene, mention: Mention) -> Body | None:
    """本报: who published the page."""
    name = scene.bodies.document.metadata.publisher
    return scene.bodies.full(name).because(mention.text, f"{mention.text} 指发布者 {name}") if len(name) > 1 else None
