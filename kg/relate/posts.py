"""Chains of posts: 副市长、[市公安局]党委书记、局长[刘某]、副局长[李某].

Who reads such a chain gives each title to the nearest body named before it, and each person to the nearest titles.
What goes against that is data in kg/data/relations/fragments.yaml: titles that name a body of their own (副市长 after
市委常委 is no post of the 市委), bare titles after a party committee or an office (甲局党委书记、局长: the 局长 heads
the 甲局), and titles that aren't shared (记者 after 局长). A title without a body gives nothing.

A career is a chain of stages, each with a verb of office and the posts behind it: 历任[甲局]局长，[2020年]任[乙局]局长.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import Field

from kg.models import Mention, Record, TaggedSentence
from kg.relate.masked import BRACKET, MARK_TYPE, Masked, one_of, several

#: `source` of a mention that a rule cut out of a longer one: 甲局 out of 甲局党委.
PARENT_SOURCE = "rule.parent"

_PLAIN = "[^\U000F0000-\U0010FFFD。！？；，：、（）“” ]"
_JOINT = "(?:[、/ ]|以及|兼任?|[和与及暨])"
_BETWEEN_PEOPLE = "(?:[、/ ]|以及|[和与及])?"
_BETWEEN_STAFF = "(?:[、，；/ ]|以及|[和与及])?"
_CARRIED_OVER = re.compile("[、/ ]|以及|[和与及]|$")     # after 、 a bare title keeps the body, after ， it doesn't
#: What may stand between two stages of a career: no name but those of times and places, and no end of a sentence.
_MEANWHILE = f"(?:[^\U000F0000-\U0010FFFD。！？；]|{one_of(['DATE', 'LOCATION'])})"
_OFFICE_ENDS = "(?:等?(?:职务|一职|职)|人选)?"
_LASTING = frozenset({"原任", "前任", "时任", "现任"})   # 原党组书记、局长: both; 代市长、党组书记: the first alone


class PostWords(Record):
    """The words by which chains of posts are read; see the comments in fragments.yaml."""

    status: dict[str, str] = Field(min_length=1)
    not_status: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    own_body: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    committee_titles: tuple[str, ...] = ()
    heads: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    behind_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fellows: tuple[str, ...] = ()
    offices: dict[str, str] = Field(min_length=1)
    press: tuple[str, ...] = ()
    chiefs: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    assistants: tuple[str, ...] = ()
    no_post: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A post: the body, the title as the text gives it but for its status, and the status (原任, 时任, … or empty)."""

    body: Mention
    title: str
    status: str
    mention: Mention


def post_patterns(words: PostWords) -> dict[str, str]:
    """The regexes of {posts}, {staff} and {career}."""
    states = "|".join(sorted(words.status, key=len, reverse=True))
    title = one_of(["POSITION"])
    body = f"(?:{one_of(['ORGANIZATION', 'LOCATION'])}[》”）驻]?){{1,4}}(?:{BRACKET})?"
    # After the first post a word that isn't marked may stand before a title (、宣传处处长, 、“乙”号船长): passed over.
    before = f"(?:{states})?《?{body} ?{_PLAIN}{{0,14}}?|(?:“[^“”，。、]{{1,10}}”)?{_PLAIN}{{1,14}}?"
    item = f"(?:{before})?(?:{states})?{title}(?:{title}){{0,2}}"
    bare = f"(?:{states})?(?:{body} ?{_PLAIN}{{0,10}}?)?(?:{states})?{title}(?:{title}){{0,2}}"
    posts = f"{bare}(?:{_JOINT}{item}){{0,11}}"
    # 甲局副局长，乙中心主任张三: a comma between posts of one person, where the chain opens the clause
    chain = f"(?:(?<![^，：；。 ]){posts}，(?:{states})?{body}{title}(?:{_JOINT}{item}){{0,3}}|{posts})"
    role = f"(?:、{_PLAIN}{{2,10}}?(?:{'|'.join(words.roles)}))?" if words.roles else ""
    group = f"{posts}(?:{BRACKET})?{role}[ ：]?{several(['PERSON'], _BETWEEN_PEOPLE)}"
    opening = f"{chain}(?:{BRACKET})?{role}[ ：]?{several(['PERSON'], _BETWEEN_PEOPLE)}"
    stage = f"{office(words)}(?:了|过)?{posts}{_OFFICE_ENDS}"
    more = f"{body}{title}(?:{title}){{0,2}}(?:{_JOINT}{item}){{0,11}}{_OFFICE_ENDS}(?=[，。；]|$)"
    career = f"{stage}(?:，(?:{_MEANWHILE}{{0,24}}?{stage}|{more})){{0,9}}"
    return {"posts": posts, "staff": f"{opening}(?:{_BETWEEN_STAFF}{group}){{0,19}}", "career": career}


def office(words: PostWords) -> str:
    """The regex of a verb of office: 任, 历任, 被任命为."""
    return f"(?:{'|'.join(sorted(words.offices, key=len, reverse=True))})"


class Stage(NamedTuple):
    """A verb of office (its span in the masked text) with its posts, and the status that it gives them."""

    verb: tuple[int, int]
    posts: list[Post]
    status: str


def read_career(masked: Masked, sentence: TaggedSentence, span: tuple[int, int], words: PostWords) -> list[Stage]:
    """The stages of a career in a span of the masked sentence. Posts behind a comma alone have the verb before them."""
    verbs = list(re.compile(office(words)).finditer(masked.text, *span))
    ends = [*(verb.start() for verb in verbs[1:]), span[1]]
    return [Stage(verb.span(), read_posts(masked, sentence, (verb.end(), end), words), words.offices[verb.group()])
            for verb, end in zip(verbs, ends, strict=True)]


def split_status(title: str, words: PostWords) -> tuple[str, str]:
    """A title without its status, and the status: 原局长 → 局长, 原任; 代表 stays what it is."""
    for word in sorted(words.status, key=len, reverse=True):
        rest = title[len(word):]
        if title.startswith(word) and len(rest) > 1 and not title.startswith(words.not_status):
            return rest, words.status[word]
    return title, ""


class _Chain:
    """What is known while a chain is read from left to right."""

    def __init__(self, masked: Masked, sentence: TaggedSentence, words: PostWords, body: Mention | None):
        self.masked, self.sentence, self.words = masked, sentence, words
        self.body, self.inherited, self.status = body, True, ""
        self.last_title = ""
        self.held: set[str] = set()     # titles at the body so far

    def read_body(self, mention: Mention, between: str) -> None:
        """A body starts anew; a place right after a body (甲公司北京总经理, 甲署驻乙国官员) only says where."""
        if mention.type == "LOCATION" and self.body is not None and not self.inherited and not between.strip("》”驻"):
            return
        self.body = mention if mention.type == "ORGANIZATION" else None
        self.inherited, self.held = False, set()
        self.status = self.words.status.get(_last_word(between, self.words), "")

    def read_title(self, mention: Mention, between: str) -> Post | None:
        """The post that a title makes with the body it belongs to."""
        title, own_status = split_status(mention.text, self.words)
        between, committee = self._committee(between)
        title = committee + title
        if between.endswith("副"):                          # 国家安全副/顾问
            title, between = "副" + title, between[:-1]
        if title in ("书记", "副书记") and self.last_title.startswith(("党委", "党组")) and self.inherited:
            title = self.last_title[:2] + title         # 任甲局党委委员、书记
        word = _last_word(between, self.words) or _first_word(between, self.words)
        said = own_status or self.words.status.get(word, "")
        status = said or self.status
        self.status = status if status in _LASTING else ""
        body, inherited = self.body, self.inherited
        self.inherited = True
        if body is None or title in self.words.no_post:
            return None
        if inherited:
            own = re.sub(f"^(?:{_JOINT}|，)", "", between)
            # 、宣传处处长: a unit that isn't marked stands between, so whose title it is isn't known.
            body = self._heir(body, title) if not own or own in self.words.status else None
        elif not self._linked(body, mention, between):
            self.body = None
            return None
        if body is None:
            return None
        self.last_title = title
        self.held.add(title)
        return Post(body, title, status, mention)

    def pass_over(self, between: str) -> None:
        """Behind 甲委员会秘书、乙领袖/顾问 the title of the assistant is none at 甲委员会."""
        if self.inherited and re.sub(f"^(?:{_JOINT}|，)", "", between):
            self.body = None

    def serves_beside(self, title: str, between: str) -> bool:
        """Whether a title behind a holder and a comma is one of the same body.

        So is 副局长 in 甲局局长张三，副局长李四, but not 律师.
        """
        press = self.words.press
        return between == "，" and (title in self.words.fellows or (
            title.endswith(press) and self.last_title.endswith(press)) or (
            "副" in title[:3] and title.partition("副")[2] in self.held))

    def _committee(self, between: str) -> tuple[str, str]:
        """甲局原党委副书记: a committee that 原 cuts off from its body belongs to the title."""
        committee = next((c for c in self.words.committees if between.endswith(c)), "")
        rest = between.removesuffix(committee)
        return (rest, committee) if committee and rest in self.words.status else (between, "")

    def _heir(self, body: Mention, title: str) -> Mention | None:
        """The body that a bare title belongs to, after another post at `body`."""
        words = self.words
        if title.endswith(words.own_body):
            return None
        endings = words.heads.get(title.removeprefix("常务").removeprefix("副"))
        if endings and not body.text.endswith(endings):
            return _around(body, endings)
        if title.endswith(words.press) and self.last_title and not self.last_title.endswith(words.press):
            return None
        for committee in words.committees:
            if body.text.endswith(committee) and not title.endswith(words.committee_titles):
                rest = len(body.text) - len(committee)
                return _cut(body, rest) if rest > 1 else None   # 党委副书记、政委: of which body isn't said
        return body

    def _linked(self, body: Mention, title: Mention, between: str) -> bool:
        """Whether what stands between a body and its first title is nothing, a link word, or a noun."""
        rest = between
        last = _last_word(rest, self.words)
        rest = rest[:len(rest) - len(last)] if last else rest
        bracket = re.search(BRACKET, rest)
        rest = re.sub(BRACKET, "", rest).removeprefix("）").strip()
        if not rest or rest in self.words.links:
            return True
        if len(rest) > _FARTHEST or (rest.endswith(self.words.inner) and title.text in self.words.chiefs):
            return False                # 国家杜马国际事务委员会主席 isn't the 主席 of the 国家杜马
        rest = rest.removeprefix("》").removeprefix("的")       # 《甲周刊》防务记者, 甲大学的人工智能教授
        first = body.end + (bracket.end() if bracket else 0)
        inside = [t for t in self.sentence.tokens
                  if first < t.end and t.start < title.start and t.text not in ("》", "）", "的")]
        covered = sum(min(t.end, title.start) - max(t.start, first) for t in inside) >= len(rest)
        joined = [t for t in inside[1:-1] if t.pos == "c"]      # 防务和安全问题
        joined += [t for t in inside[:1] if t.pos == "ORG" and t.start < body.end]      # 体育 of 甲国际奥委会体育/总监
        joined += [t for t in inside[1:][-1:] if t.text == "学"]                         # 政治/经济/学/教授
        return covered and all(t.pos in _NOMINAL or t.text in self.words.ranks or t in joined for t in inside)


#: How far a title may stand from its body.
_FARTHEST = 10
#: Parts of speech (LAC) of words that may stand between a body and a title: 网络(n)安全(an), 2(m)名(q).
_NOMINAL = frozenset({"n", "nz", "nw", "vn", "an", "a", "s", "m", "q", "f", "LOC", "ns"})


def _last_word(between: str, words: PostWords) -> str:
    """The status word at the end of what stands before a title or a body, if there is one."""
    return next((w for w in sorted(words.status, key=len, reverse=True) if between.endswith(w)), "")


def _first_word(between: str, words: PostWords) -> str:
    """The status word before the unit in which a title is held: 甲银行原/客户部/总经理; 原子物理 holds none."""
    if between.startswith(words.not_status):
        return ""
    return next((w for w in sorted(words.status, key=len, reverse=True) if between.startswith(w)), "")


def _cut(body: Mention, length: int) -> Mention:
    """The body with which a longer name begins."""
    return body._replace(end=body.start + length, text=body.text[:length], source=PARENT_SOURCE)


def _around(body: Mention, endings: tuple[str, ...]) -> Mention | None:
    """甲局 of 甲局办公室, for the 局长 who is named behind the head of its office; None if nothing there ends so."""
    length = max((at + len(end) for end in endings if (at := body.text.rfind(end)) > 0), default=0)
    return _cut(body, length) if length else None


def read_posts(masked: Masked, sentence: TaggedSentence, span: tuple[int, int], words: PostWords,
               body: Mention | None = None) -> list[Post]:
    """The posts in a span of the masked sentence; `body` is the one that a bare first title belongs to."""
    chain = _Chain(masked, sentence, words, body)
    return [post for _, post in _walk(masked, span, chain) if post is not None]


def read_staff(masked: Masked, sentence: TaggedSentence, span: tuple[int, int], words: PostWords,
               body: Mention | None = None) -> list[tuple[Mention, Post]]:
    """The persons in a span of the masked sentence, each with each of the posts that stand before the name."""
    chain = _Chain(masked, sentence, words, body)
    found: list[tuple[Mention, Post]] = []
    posts: list[Post] = []
    named = False
    for mention, post in _walk(masked, span, chain):
        if mention.type == "PERSON":
            # 主席张三和李四、王五: there is one 主席, and it is the first
            found += [(mention, p) for p in posts if not named or p.status in _LASTING or not _is_one(p.title, words)]
            named = True
            continue
        if named:
            posts, named = [], False
        posts += [post] if post is not None else []
    return found


def _is_one(title: str, words: PostWords) -> bool:
    """Whether a body has but one holder of a title at a time: 局长, not 副局长 nor 执行主席."""
    return title.endswith(words.chiefs) and not title.startswith(words.several)


def _walk(masked: Masked, span: tuple[int, int], chain: _Chain) -> Iterator[tuple[Mention, Post | None]]:
    """The mentions of a chain outside of brackets, a title with its post."""
    depth, at = 0, span[0]
    after_person = False
    for position in range(*span):
        character = masked.text[position]
        depth = max(0, depth + (character == "（") - (character == "）"))     # 甲运动（乙）领导人 begins inside
        if depth or character not in MARK_TYPE:
            continue
        mention, between = masked.mention(position), masked.text[at:position]
        at = position + 2
        post = None
        if mention.type == "PERSON":
            after_person = True
            chain.status = ""
        else:
            if after_person and not _CARRIED_OVER.match(between) and not chain.serves_beside(mention.text, between):
                chain.body = None
            if mention.type == "POSITION":
                following = masked.text[position + 2:position + 3]
                if following in MARK_TYPE and MARK_TYPE[following] == "POSITION" and (
                        masked.mention(position + 2).text in chain.words.assistants):
                    chain.pass_over(between)    # 主席/发言人: not the 主席 is named behind it
                    continue
                post = chain.read_title(mention, between)
            elif mention.type in ("ORGANIZATION", "LOCATION"):
                chain.read_body(mention, between)
            after_person = False
        yield mention, post
