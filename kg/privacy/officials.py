"""Who is an official: who holds an office in the graph, or is named with the title of one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from kg.errors import KnowledgeError
from kg.graph import Graph, NodeMention
from kg.knowledge.lexicon import Lexicon
from kg.knowledge.yamlfile import load_yaml

#: Behind a title in 长 these make another word of its end: 王明会长期住院.
_GOES_ON = "期达久远年途"


def officials(graph: Graph, lexicon: Lexicon) -> set[str]:
    """The ids of all persons with an office: by an edge, or by a title beside the name (副市长周海平, 周海平局长).

    One mention is enough: whoever was found to be one person in several documents is an official in all of them.
    """
    longest = max(map(len, lexicon.titles))
    found = {edge.source for edge in graph.relations("holds_position") if is_office(edge.title, lexicon)}
    found.update(node.id for node in graph.nodes if node.type == "PERSON" and any(
        is_office(title, lexicon) for mention in node.mentions for title in _beside(mention, lexicon, longest)))
    return found


def is_office(title: str, lexicon: Lexicon) -> bool:
    """Whether a title is that of an office, not of an occupation that anybody may have."""
    return _leads(title, lexicon) or not title.endswith(occupations())


def _leads(title: str, lexicon: Lexicon) -> bool:
    return lexicon.titles.get(title) in ("leader", "member")


def _beside(mention: NodeMention, lexicon: Lexicon, longest: int) -> Iterator[str]:
    """The longest title, of up to `longest` characters, right before a name, and the one right behind it.

    Behind it only those that lead or belong to a body: the others may be verbs (周海平编辑了).
    """
    if mention.sentence is None or mention.quote.at is None:
        return
    text, start = mention.sentence.text, mention.quote.at
    end = start + len(mention.quote.text)
    before = (text[at:start] for at in range(max(0, start - longest), start - 1))
    behind = (text[end:at] for at in range(min(len(text), end + longest), end + 1, -1)
              if not (text[at - 1] == "长" and text[at:at + 1] in _GOES_ON))
    yield from [title for title in before if title in lexicon.titles][:1]
    yield from [title for title in behind if _leads(title, lexicon)][:1]


@cache
def occupations(path: Path | None = None) -> tuple[str, ...]:
    """The titles that make nobody an official. Raises KnowledgeError where the list has faults."""
    file = load_yaml(path or Path(str(files("kg") / "data" / "private.yaml")))
    listed = file.data.get("occupations")
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        raise KnowledgeError([file.fault(("occupations",), "is no list of titles")])
    return tuple(listed)
