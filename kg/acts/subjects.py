"""Whom a noun phrase stands for: 甲局、乙局和丙局, 市公安局局长张三, 甲局民警."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kg.acts.clauses import COORDINATORS, Word, spelled
from kg.models import Mention

#: 李局长, 周警官: a title behind a name doesn't change who is meant; 周某家属 does.
_TITLE_ENDINGS = ("长", "书记", "主席", "总理", "主任", "委员", "警官", "法官", "检察官", "教授", "医生", "老师",
                  "经理", "总裁", "总统", "首相", "大使", "将军", "女士", "先生", "同志", "女警", "民警", "辅警",
                  "常委", "院士", "议员")
NAMED = frozenset({"PERSON", "ORGANIZATION"})
#: What may stand between a body and those who act for it (甲军/“青岚”/号/护卫舰).
_WITHIN = frozenset({"n", "u", "a", "r", "m", "q", "POSITION", "vn", "b", "f"})
#: What may stand before the noun that sums up a list (周文澜/等/8名/中外/专家, 等/国际/和/地区/组织/负责人).
_SUMMING = frozenset({"n", "vn", "s", "b", "a", "f", "c", "LOCATION"})
#: Join names as 和 does (周文澜/同/方大年/会谈); between other words they are prepositions.
_WITH = frozenset({"同", "跟"})
#: What a session of a body is called, and what may stand between its name and that.
MEETINGS = ("会议", "全会")
_KINDS = frozenset({"常委会", "全体", "常务", "党组", "扩大", "工作", "专题", "紧急", "办公", "届", "次", "主任",
                    "主席", "常务主席", "委员长"})
_SUMMED = frozenset({"党和国家", "有关", "相关", "陪同", "人员", "多", "多个", "多家", "几家", "党政"})
#: 甲省/有关/部门/负责人 are people of others than the one named before.
_OTHERS = ("部门", "单位", "机构", "企业", "公司", "各", "下属", "所属", "直属", "地方")


class Subject(NamedTuple):
    """Who acts. `named` is false where a noun phrase stands as subject that names nobody; it blocks carrying on.

    `reach`: 0 said in the clause, 1 carried from a clause before, 2 from a sentence before. `sitting`: the text says
    会议 of it, which does only what bodies do in their meetings.
    """

    agents: tuple[Mention, ...] = ()
    named: bool = False
    collective: bool = False
    reach: int = 0
    sitting: bool = False

    @property
    def of_people(self) -> bool:
        """Whether no body is among those who act; true of nobody, too."""
        return all(agent.type == "PERSON" for agent in self.agents)


#: Nobody acts, as far as the text says.
NOBODY = Subject()


def read_subject(words: tuple[Word, ...], cues: Mapping[str, Collection[str]], *, acting: bool = True) -> Subject:
    """The named bodies and people that a noun phrase stands for; who acts does so by what belongs to him, too.

    Of 我/同/周文澜 the text doesn't say who speaks, but that 周文澜 acts.

    >>> read_subject((), {})
    Subject(agents=(), named=False, collective=False, reach=0, sitting=False)
    """
    agents: list[Mention] = []
    collective = False
    for part in _conjuncts(words):
        head, loose = _head(part, cues, acting)
        if head is not None:
            agents.append(head)
            collective = collective or loose
        elif _is_of_others(part):
            while agents and agents[-1].type == "ORGANIZATION":
                agents.pop()            # 甲委、乙府/有关/部门/负责人 are of both
    return Subject(tuple(agents), bool(agents), collective)


def all_named(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> tuple[Mention, ...]:
    """The names that a noun phrase consists of; none where it goes on to something else (甲、乙等公司的案件)."""
    parts = _conjuncts(words)
    if not parts or words[-1].text.endswith(MEETINGS) or _head(parts[-1], cues, False)[0] is None:
        return ()
    return read_subject(words, cues, acting=False).agents


def _conjuncts(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    parts: list[list[Word]] = [[]]
    for i, word in enumerate(words):
        summed = any(w.text == "等" for w in parts[-1]) and all(w.pos not in NAMED for w in words[i:])
        if word.mention is None and not summed and (word.text in COORDINATORS or (word.text in _WITH and i > 0 and (
                words[i - 1].pos in NAMED | {"POSITION", "u"}))):
            parts.append([])
        else:
            parts[-1].append(word)
    return [tuple(p) for p in parts if p]


def _is_of_others(part: tuple[Word, ...]) -> bool:
    """甲府/有关/部门/负责人: people of bodies below those that are named."""
    return bool(part) and part[0].pos == "ORGANIZATION" and all(w.text != "在内" for w in part) and any(
        w.mention is None and w.text.endswith(_OTHERS) for w in part[1:-1])


def _without_sum(part: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> list[Word]:
    """乙/等/16家/单位 without what sums the list up."""
    for i, word in enumerate(part[1:], 1):
        if word.text in ("等", "等等") and part[i - 1].mention is not None and all(
                w.pos in ("m", "q") or w.text in cues["generic"] or w.text in _SUMMED or (
                    w.pos in _SUMMING and part[-1].text in cues["generic"])
                for w in part[i + 1:]):
            return list(part[:i])
    return list(part)


def _head(part: tuple[Word, ...], cues: Mapping[str, Collection[str]],
          acting: bool) -> tuple[Mention | None, bool]:
    """The name that a conjunct stands for, and whether it stands for it only by its people (甲局民警) or arms."""
    words = _without_sum(part, cues)
    while words and words[-1].mention is None and (words[-1].text in cues["trailers"] or words[-1].pos in ("m", "u")):
        words.pop()
    if not words:
        return None, False
    last = words[-1]
    if last.mention is not None and last.pos in NAMED:
        return last.mention, False
    named = [w for w in words if w.mention is not None and w.pos in NAMED]
    if not named:
        return None, False
    people = [w for w in named if w.pos == "PERSON"]
    behind = words[words.index(named[-1]) + 1:]
    if named[-1].pos == "ORGANIZATION" and session_end(words, len(words) - len(behind) - 1) == len(words):
        return named[-1].mention, False         # 甲县人大常委会/第三次/会议
    if people and named[-1].pos == "PERSON" and all(
            w.pos in ("POSITION", "m", "q") or w.text == "副" or w.text.endswith(_TITLE_ENDINGS)
            for w in behind):
        return people[-1].mention, False
    two = spelled(behind[-2:])      # 甲军/防空/系统
    people_of = last.text.removesuffix("们") in cues["collectives"]
    if named[-1].pos == "ORGANIZATION" and (
            people_of or (acting and not {last.text, two}.isdisjoint(cues["stand_ins"]))) and all(
            not w.text.endswith(_OTHERS) and (w.pos in _WITHIN or (w.pos == "quote" and not people_of))
            for w in behind):
        return named[-1].mention, True
    return None, False


def session_end(words: Sequence[Word], i: int) -> int:
    """End of 甲县人大常委会/第三次/会议 that begins with the body at i, or 0."""
    j = i + 1
    while j < len(words) and (words[j].pos == "m" or words[j].text in _KINDS):
        j += 1
    closed = j < len(words) and words[j].mention is None and words[j].text.endswith(MEETINGS)
    return j + 1 if closed else 0


def is_place(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """A named place or body, or a noun that may be a place (事发/现场); 深入/全会/精神 is none."""
    return any(w.pos in ("LOCATION", "ORGANIZATION") for w in words) or (
        words[-1].pos in ("s", "quote") or spelled(words[-2:]).endswith(tuple(cues["place_endings"])))
