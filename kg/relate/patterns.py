"""The language in which relation rules say what a sentence looks like, and its compiler.

A pattern is a small regular expression over a masked sentence (kg.relate.masked):

    {head:PERSON}                a mention that plays a role; `head` and `tail` are the ends, other names attributes
    {tail:ORGANIZATION|LOCATION} one of several types
    {head:PERSON+}               coordinated mentions (甲、乙和丙), one relation each; short brackets may follow each
    {LOCATION}                   a mention without a role
    {trigger:任|担任}             text with a name; `trigger` is shown as the evidence, other names are attributes
    {gap:12}                     at most 12 characters inside the clause, over no mention of a type that has a role
    {gap:12,comma,POSITION}      the same, but it may pass commas and colons, and mentions of POSITION
    {gap:12,-PERSON}             the same, but it may not pass a PERSON either
    {posts}                      a chain of posts: [甲局]党委书记、局长 gives two tails with their titles
    {career}                     posts one after another, with status and date: 历任[甲局]局长，[2020年]任[乙局]局长
    {staff}                      posts and their holders: [甲局]局长[张三]、副局长[李四] gives heads, tails and titles
    {and}                        any other word: a fragment from kg/data/relations/fragments.yaml

Literal text, (?:a|b), [类], lookarounds and the bounded quantifiers ? and {m,n} mean what they mean in Python's `re`.
Everything that could run away is refused: `*`, `+`, `.`, open ranges, a repeat inside a repeat, too many gaps or too
many optional parts.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.relate.masked import CLAUSE_END, MASK, SENTENCE_END, TYPES, Masked, one_of, several

MAX_COST = 150_000   # ways to lay out a pattern's gaps and repeats from one starting point
MAX_FORKS = 1_000_000    # ways through its optional parts: twenty in a row
_OPEN_GAP = re.compile("\0(\\d+);([^\0]*)\0")


class PatternError(ValueError):
    """A pattern that says nothing, or too much; the message names the part."""


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a pattern: what was written, what it became, and what is known of it."""

    source: str
    regex: str
    cost: int = 1
    loops: bool = False
    roles: frozenset[str] = frozenset()     # types with a role inside
    names: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()          # one of these must stand in the text
    needs: frozenset[str] = frozenset()     # types that must be mentioned
    forks: int = 1                          # ways to take or leave what is optional, and words that begin alike


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. A sentence without all `needs` types and one of `literals` (if any) can't match."""

    source: str
    regex: re.Pattern[str]
    elements: tuple[Element, ...]
    needs: frozenset[str]
    literals: tuple[str, ...]

    def may_match(self, masked: Masked) -> bool:
        """Whether the sentence has what any match must have; cheap."""
        if not self.needs <= masked.types:
            return False
        for word in self.literals:      # any() would take thrice as long
            if word in masked.text:
                return True
        return not self.literals


def compile_pattern(source: str, fragments: Mapping[str, str], compounds: Mapping[str, str]) -> Pattern:
    """The pattern as a regular expression. `compounds` are the regexes of {posts}, {staff} and {career} (see
    kg.relate.posts).

    Raises PatternError for what can't be read, isn't known, or could run away.
    """
    elements = _Reader(source, fragments, compounds).read()
    whole = _few_forks(_joined(source, elements))
    if whole.cost > MAX_COST:
        raise PatternError(f"can be laid out in {whole.cost:,} ways (at most {MAX_COST:,}); shorten its gaps")
    twice = sorted({name for name in whole.names if whole.names.count(name) > 1})
    if twice:
        raise PatternError(f"gives {twice[0]} twice")
    elements = [replace(e, regex=_close_gaps(e.regex, whole.roles)) for e in elements]
    try:
        regex = re.compile("".join(e.regex for e in elements))
    except re.error as error:
        raise PatternError(f"isn't a regular expression: {error}") from error
    return Pattern(source, regex, tuple(elements), whole.needs, whole.literals)


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean …?` with the nearest known word, or the whole choice if none is near.

    >>> nearest("PERSN", ["PERSON", "DATE"])
    '; did you mean PERSON?'
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"


def _close_gaps(regex: str, roles: frozenset[str]) -> str:
    """The gaps written out, now that it is known which types have roles."""

    def gap(found: re.Match[str]) -> str:
        options = found.group(2).split(",")
        stop = SENTENCE_END + ("" if "comma" in options else CLAUSE_END)
        allowed = [t for t in TYPES if t in options or (t not in roles and f"-{t}" not in options)]
        over = f"|{one_of(allowed)}" if allowed else ""
        return f"(?:[^{stop}{MASK}]{over}){{0,{found.group(1)}}}?"

    return _OPEN_GAP.sub(gap, regex)


class _Reader:
    """A pattern's text, read from left to right into elements."""

    def __init__(self, source: str, fragments: Mapping[str, str], compounds: Mapping[str, str], depth: int = 0):
        self.source, self.fragments, self.compounds, self.depth = source, fragments, compounds, depth
        self.at = 0

    def read(self) -> list[Element]:
        """The elements at the top level."""
        if not self.source.strip():
            raise PatternError("is empty")
        elements = self._sequence()
        if self.at < len(self.source):
            raise PatternError("has a ) too many")
        if any(e.source == "|" for e in elements):
            raise PatternError("has a | outside of (?:…); give several patterns as a list instead")
        return elements

    def _sequence(self) -> list[Element]:
        """Elements up to the end or to a closing parenthesis, with `|` as an element of its own."""
        found: list[Element] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "|":
                self.at += 1
                found.append(Element("|", "|"))
            else:
                found.append(self._quantified(self._item()))
        return found

    def _item(self) -> Element:
        character = self.source[self.at]
        readers = {"{": self._slot, "(": self._group, "[": self._character_class, "\\": self._escape}
        if character in readers:
            return readers[character]()
        if character in "*+.?":
            raise PatternError(f"has {character!r}; use {{gap:n}} for any text, ? or {{m,n}} for repeats")
        self.at += 1
        return Element(character, character, literals=() if character in "^$" else (character,))

    def _escape(self) -> Element:
        written = self.source[self.at:self.at + 2]
        if len(written) < 2 or (written[1].isalnum() and written[1] not in "dswb"):
            raise PatternError(f"has {written!r}; only \\d, \\s, \\w, \\b and escaped marks are known")
        self.at += 2
        return Element(written, written)

    def _character_class(self) -> Element:
        end = self.source.find("]", self.at + 2)
        if end < 0:
            raise PatternError("has a [ without ]")
        written = self.source[self.at:end + 1]
        self.at = end + 1
        return Element(written, f"[^{MASK}{written[2:]}" if written.startswith("[^") else written)

    def _group(self) -> Element:
        opening = re.compile(r"\(\?(?::|=|!|<=|<!)").match(self.source, self.at)
        if not opening:
            raise PatternError("has a ( that isn't (?:, (?=, (?!, (?<= or (?<!; give names with {name:…}")
        begin, self.at = self.at, opening.end()
        inner = self._sequence()
        if self.at >= len(self.source):
            raise PatternError("has a ( without )")
        self.at += 1
        whole = _joined(self.source[begin:self.at], inner)
        absent = "!" in opening.group()
        if opening.group() != "(?:":        # what lies ahead or behind is looked at once, and fits or doesn't
            whole = replace(_few_forks(whole), forks=1)
        return replace(whole, regex=f"{opening.group()}{whole.regex})", literals=() if absent else whole.literals,
                       needs=frozenset() if absent else whole.needs)

    def _slot(self) -> Element:
        written = self._braces()
        inside = written[1:-1]
        if inside in self.compounds:
            types = frozenset({"ORGANIZATION", "POSITION"} | ({"PERSON"} if inside == "staff" else set()))
            return Element(written, f"(?P<{inside}>{self.compounds[inside]})", 1, True, types, (inside,),
                           needs=types - {"ORGANIZATION"})
        if re.fullmatch(r"[a-z_]+", inside):
            return self._fragment(inside, written)
        name, colon, rest = inside.partition(":")
        if not colon:
            name, rest = "", inside
        if name == "gap":
            return _gap(rest, written)
        if re.fullmatch(r"[A-Z][A-Z_|]*\+?", rest):
            return _mention(name, rest, written)
        if not re.fullmatch(r"[a-z_]+", name) or not rest:
            raise PatternError(f"has {written}, which is no slot; see the list at the top of kg/relate/patterns.py")
        inner = self._inner(rest)
        if inner.names or inner.roles:
            raise PatternError(f"has {written}: a slot inside a slot")
        return replace(inner, source=written, regex=f"(?P<{name}>{inner.regex})", names=(name,))

    def _braces(self) -> str:
        """What stands between { and its }, both included."""
        begin, depth = self.at, 0
        while self.at < len(self.source):
            depth += (self.source[self.at] == "{") - (self.source[self.at] == "}")
            self.at += 1
            if depth == 0:
                return self.source[begin:self.at]
        raise PatternError("has a { without }")

    def _fragment(self, name: str, written: str) -> Element:
        if name not in self.fragments:
            known = [*self.fragments, *self.compounds]
            raise PatternError(f"has {written}, which is no fragment{nearest(name, known)}")
        if self.depth > 5:
            raise PatternError(f"has {written}: fragments that name each other")
        return replace(self._inner(self.fragments[name]), source=written)

    def _inner(self, text: str) -> Element:
        return _joined(text, _Reader(f"(?:{text})", self.fragments, self.compounds, self.depth + 1).read())

    def _quantified(self, element: Element) -> Element:
        found = re.compile(r"(?:\?|\{(\d+)(?:(,)(\d*))?\})\??").match(self.source, self.at)
        if not found:
            return element
        written, (low, comma, high) = found.group(), found.groups()
        least, most = (0, 1) if low is None else (int(low), int(high or 0) if comma else int(low))
        if comma and not high:
            raise PatternError(f"has {element.source}{written}; give the repeat an upper end")
        if most > 1 and (element.loops or element.names):
            raise PatternError(f"repeats {element.source}, which holds a gap, a list, a name or another repeat")
        self.at = found.end()
        return replace(element, source=element.source + written, regex=f"(?:{element.regex}){written}",
                       cost=element.cost * (most - least + 1 if most > 1 else 1),
                       forks=element.forks ** most if most > 1 else element.forks + (least == 0),
                       loops=element.loops or most > 1,
                       literals=element.literals if least else (), needs=element.needs if least else frozenset())


def _mention(name: str, rest: str, written: str) -> Element:
    types = rest.rstrip("+").split("|")
    for type_ in types:
        if type_ not in TYPES:
            raise PatternError(f"has {written}: {type_ or 'nothing'} is no type of mention{nearest(type_, TYPES)}")
    listed = rest.endswith("+")
    regex = several(types) if listed else one_of(types)
    needs = frozenset(types) if len(types) == 1 else frozenset[str]()
    if not name:
        return Element(written, f"(?:{regex})", 1, listed, needs=needs)
    return Element(written, f"(?P<{name}>{regex})", 1, listed, frozenset(types), (name,), needs=needs)


def _gap(rest: str, written: str) -> Element:
    length, *options = rest.split(",")
    if not length.isdigit() or not 0 < int(length) <= 80:
        raise PatternError(f"has {written}: a gap is 1 to 80 characters long")
    known = ("comma", *TYPES, *(f"-{t}" for t in TYPES))
    for option in options:
        if option not in known:
            raise PatternError(f"has {written}: {option} is no option of a gap{nearest(option, known)}")
    return Element(written, f"\0{length};{','.join(options)}\0", int(length) + 1, True)


def _joined(source: str, elements: Sequence[Element]) -> Element:
    """A sequence of elements, perhaps with alternatives, as one."""
    branches: list[list[Element]] = [[]]
    for element in elements:
        if element.source == "|":
            branches.append([])
        else:
            branches[-1].append(element)
    cost = 1 + sum(math.prod(e.cost for e in branch) - 1 for branch in branches)    # words side by side cost nothing
    nested = _longest_chain(["".join(e.regex for e in branch) for branch in branches])
    forks = nested + sum(math.prod(e.forks for e in branch) - 1 for branch in branches)
    words = [_best(_runs(branch)) for branch in branches]
    needs = [frozenset[str]().union(*(e.needs for e in branch)) for branch in branches]
    return Element(source, "".join(e.regex for e in elements), cost, any(e.loops for e in elements),
                   frozenset[str]().union(*(e.roles for e in elements)), tuple(n for e in elements for n in e.names),
                   tuple(dict.fromkeys(w for some in words for w in some)) if all(words) else (),
                   frozenset.intersection(*needs), forks)


def _longest_chain(words: Sequence[str]) -> int:
    """How many of the words begin each with the one before: so many can fit at one place.

    >>> _longest_chain(["任", "免去", "任命", "任命为"])
    3
    """
    depth: dict[str, int] = {}
    for word in sorted(words):
        depth[word] = 1 + max((depth.get(word[:end], 0) for end in range(len(word))), default=0)
    return max(depth.values(), default=1)


def _few_forks(element: Element) -> Element:
    """The element; PatternError if too many ways lead through what is optional in it."""
    if element.forks > MAX_FORKS:
        raise PatternError(f"has {element.forks:,} ways through its optional parts (at most {MAX_FORKS:,}); make fewer "
                           "parts optional, or give several patterns as a list")
    return element


def _runs(branch: Sequence[Element]) -> list[tuple[str, ...]]:
    """The literals of a branch, with single characters that follow each other joined."""
    runs: list[tuple[str, ...]] = []
    run = ""
    for element in [*branch, Element("", "")]:
        if element.literals and element.source == element.regex == element.literals[0]:
            run += element.regex
            continue
        runs += [(run,)] if run else []
        runs += [element.literals] if element.literals else []
        run = ""
    return runs


def _best(runs: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The rarest of several sets of words, one of which must stand in the text: the longest words count as rarest."""
    return max(runs, key=lambda words: (min(map(len, words)), -len(words)), default=())
