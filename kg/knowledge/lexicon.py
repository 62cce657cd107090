"""The word lists behind the name grammar: kg/data/lexicon/*.tsv and words.yaml, loaded and checked once.

A user's directory (`--rules DIR`, its folder `lexicon`) adds rows to ours; a row with the same first column
replaces ours, and one that begins with `-` removes it. A list in the user's words.yaml replaces ours.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import load_yaml

#: file → its columns, each with the values that it may have (None: anything)
_TABLES: dict[str, list[set[str] | None]] = {
    "organizations.tsv": [None, {"body", "unit", "ad_hoc", "company", "media"}, {"yes", "no", "name"}],
    "generic.tsv": [None, {"start", "stop", "never"}],
    "titles.tsv": [None, {"leader", "member", "staff"}],
    "title_prefixes.tsv": [None],
    "documents.tsv": [None],
    "laws.tsv": [None],
    "surnames.tsv": [None],
    "founding.tsv": [None],
    "idioms.tsv": [None],
    "abbreviations.tsv": [None, None, {"rest", "whole"}],
    "known_sites.tsv": [None, None],
}


@dataclass(frozen=True, slots=True)
class Suffix:
    """A word that ends organisation names; `alone` says what it is without anything before it.

    yes: it points back to a body named earlier; name: it names one body; no: it is a common noun.
    """

    text: str
    kind: str
    alone: str


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Word lists as sets and mappings; see the comments at the head of each file for what they hold.

    Two lexicons are equal only if they are one, so that patterns made of one can be cached.
    """

    organizations: dict[str, Suffix]
    generic: dict[str, str]
    titles: dict[str, str]
    documents: frozenset[str]
    laws: frozenset[str]
    surnames: frozenset[str]
    founding: frozenset[str]
    idioms: re.Pattern[str]
    abbreviations: dict[tuple[str, str], str]
    known_sites: dict[str, str]
    words: Mapping[str, tuple[str, ...]]
    suffix_lengths: Mapping[str, tuple[int, ...]]
    title_lengths: Mapping[str, tuple[int, ...]]
    title_endings: frozenset[str]       # the last two characters of each title

    def any(self, name: str) -> str:
        """A list of words.yaml as a regular expression, longest words first."""
        return "(?:" + "|".join(map(re.escape, sorted(self.words[name], key=len, reverse=True))) + ")"

    def suffix(self, text: str) -> Suffix | None:
        """The longest organisation suffix that ends `text`.

        >>> load_lexicon().suffix("甲市公安局").text
        '公安局'
        """
        for length in self.suffix_lengths.get(text[-1:], ()):
            if found := self.organizations.get(text[-length:]):
                return found
        return None

    def ending(self, text: str) -> Suffix | None:
        """The suffix that ends `text`, or what else may end a name that a place or a body opens: 股, 庭, 中心.

        >>> load_lexicon().ending("乙县法院生态庭")
        Suffix(text='庭', kind='unit', alone='no')
        """
        if found := self.suffix(text):
            return found
        tail = max((tail for tail in self.words["unit_endings"] if text.endswith(tail)), key=len, default="")
        return Suffix(tail, "unit", "no") if tail else None

    def surname(self, text: str) -> str:
        """The family name with which `text` begins, compound ones first, or empty text."""
        return next((text[:n] for n in (2, 1) if text[:n] in self.surnames), "")


def load_lexicon(user: Path | None = None) -> Lexicon:
    """The word lists of the package, overlaid by those under `user`/lexicon.

    Raises KnowledgeError with every fault as `file:line: what`.
    """
    return _load(user)


@lru_cache(maxsize=4)
def _load(user: Path | None) -> Lexicon:
    faults: list[str] = []
    tables = {name: _table(name, columns, user, faults) for name, columns in _TABLES.items()}
    words = _words(user, faults)
    if faults:
        raise KnowledgeError(faults)
    titles = {row[0]: row[1] for row in tables["titles.tsv"].values()}
    prefixes = list(tables["title_prefixes.tsv"])
    titles |= {prefix + title: kind for title, kind in titles.items() if kind == "leader" for prefix in prefixes
               if prefix + title not in titles}
    organizations = {row[0]: Suffix(row[0], row[1], row[2]) for row in tables["organizations.tsv"].values()}
    return Lexicon(
        organizations=organizations,
        generic={row[0]: row[1] for row in tables["generic.tsv"].values()},
        titles=titles,
        documents=frozenset(tables["documents.tsv"]),
        laws=frozenset(tables["laws.tsv"]),
        surnames=frozenset(tables["surnames.tsv"]),
        founding=frozenset(tables["founding.tsv"]),
        idioms=re.compile("|".join(map(re.escape, sorted(tables["idioms.tsv"], key=len, reverse=True))) or r"(?!)"),
        abbreviations={(row[0], row[2]): row[1] for row in tables["abbreviations.tsv"].values()},
        known_sites={row[0]: row[1] for row in tables["known_sites.tsv"].values()},
        words=words,
        suffix_lengths=lengths_by(-1, organizations),
        title_lengths=lengths_by(0, titles),
        title_endings=frozenset(title[-2:] for title in titles if len(title) > 1),
    )


@lru_cache(maxsize=32)
def pattern_of(lexicon: Lexicon, name: str) -> re.Pattern[str]:
    """A list of words.yaml as a pattern of its own; see `Lexicon.any`."""
    return re.compile(lexicon.any(name))


def lengths_by(at: int | slice, words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Character → the lengths of the words that have it at index `at`, the greatest first; so for several characters.

    A look-up that knows these of a text then tries few lengths, and mostly none.

    >>> lengths_by(0, ["局长", "局", "民警"])
    {'局': (2, 1), '民': (2,)}
    """
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[at], set()).add(len(word))
    return {character: tuple(sorted(lengths, reverse=True)) for character, lengths in found.items()}


def _table(name: str, columns: list[set[str] | None], user: Path | None, faults: list[str]) -> dict[str, list[str]]:
    """Rows by first column, in file order, ours first."""
    rows: dict[str, list[str]] = {}
    ours = resources.files("kg") / "data" / "lexicon" / name
    theirs = user / "lexicon" / name if user else None
    sources = [(f"kg/data/lexicon/{name}", ours.read_text(encoding="utf-8"))]
    if theirs and theirs.is_file():
        try:
            sources.append((str(theirs), theirs.read_text(encoding="utf-8-sig")))
        except UnicodeDecodeError:
            faults.append(f"{theirs}:1: isn't UTF-8; save it as UTF-8")
    for label, text in sources:
        here: set[str] = set()
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = line.split("\t")
            if cells[0].startswith("-"):
                rows.pop(cells[0][1:], None)
            elif len(cells) != len(columns):
                faults.append(f"{label}:{number}: {len(columns)} columns are asked for, here are {len(cells)}")
            elif cells[0] in here:
                faults.append(f"{label}:{number}: {cells[0]} stands in this file twice")
            elif bad := [c for c, allowed in zip(cells, columns, strict=True) if allowed and c not in allowed]:
                faults.append(f"{label}:{number}: {bad[0]!r} isn't one of "
                              f"{', '.join(sorted(v for c in columns if c for v in c))}")
            else:
                here.add(cells[0])
                rows[cells[0]] = cells
    return rows


def _words(user: Path | None, faults: list[str]) -> dict[str, tuple[str, ...]]:
    """The lists of words.yaml by name, a user's in the place of ours."""
    file = load_yaml(Path(str(resources.files("kg") / "data" / "lexicon" / "words.yaml")))
    words = {name: tuple(listed) for name, listed in file.data.items()}
    theirs = user / "lexicon" / "words.yaml" if user else None
    if theirs and theirs.is_file():
        try:
            file = load_yaml(theirs)
        except KnowledgeError as error:
            faults += error.faults
            return words
        if not isinstance(file.data, dict | None):
            faults.append(file.fault((), "lists are of the form: roads: [国道, 省道]"))
            return words
        for name, listed in (file.data or {}).items():
            if name not in words:
                near = difflib.get_close_matches(str(name), words, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(words)}"
                faults.append(file.fault((name,), f"no list is called {name}; {hint}"))
            elif not isinstance(listed, list) or not all(isinstance(word, str) and word for word in listed):
                faults.append(file.fault((name,), f"{name} must be a list of words"))
            else:
                words[name] = tuple(listed)
    return words
