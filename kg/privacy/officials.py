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


def officials(graph: Graph, lexicon: Lexicon) -> set[str]:
    """The ids of all persons with an office: by an edge, or by a title right before the name (副市长周海平).

    One mention is enough: whoever was found to be one person in several documents is an official in all of them.
    """
    longest = max(map(len, lexicon.titles))
    found = {edge.source for edge in graph.edges if edge.relation == "holds_position" and is_office(edge.title)}
    found.update(node.id for node in graph.nodes if node.type == "PERSON"
                 and any(is_office(title) for mention in node.mentions for title in _before(mention, lexicon, longest)))
    return found


def is_office(title: str) -> bool:
    """Whether a title is that of an office, not of an occupation that anybody may have."""
    return not title.endswith(occupations())


def _before(mention: NodeMention, lexicon: Lexicon, longest: int) -> Iterator[str]:
    """The longest title that stands right before a name, if one does; none has more than `longest` characters."""
    if mention.sentence is not None and mention.quote.at:
        before = mention.sentence.text[max(0, mention.quote.at - longest):mention.quote.at]
        yield from [title for at in range(len(before) - 1) if (title := before[at:]) in lexicon.titles][:1]


@cache
def occupations(path: Path | None = None) -> tuple[str, ...]:
    """The titles that make nobody an official. Raises KnowledgeError where the list has faults."""
    file = load_yaml(path or Path(str(files("kg") / "data" / "private.yaml")))
    listed = file.data.get("occupations")
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        raise KnowledgeError([file.fault(("occupations",), "is no list of titles")])
    return tuple(listed)
