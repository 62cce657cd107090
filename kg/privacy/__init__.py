"""A graph that can be shown: private numbers hidden, private persons under other names.

Private is every person without an office in the graph (kg.privacy.officials); officials keep their names, in all
documents in which they were found to be the same person. Where nothing ties a name to the office that another document
gives, it becomes another person, too. The step is taken on the assembled graph, on every text that it holds: whatever
is written afterwards knows nothing else.

A pseudonym (人物3号) counts persons by where they are first named; it is one in the whole graph and says nothing about
the name. Offsets are moved, so that every span still is what it claims to be, in the text as masked.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count, product
from typing import NamedTuple

from kg.assemble import edge_id
from kg.graph import CO_OCCURRENCE, Doubtful, Edge, Graph, GraphDocument, Node, NodeMention
from kg.knowledge.lexicon import Lexicon, load_lexicon
from kg.knowledge.ontology import load_ontology
from kg.models import Evidence, Metadata, Quote
from kg.privacy.numbers import hide_numbers
from kg.privacy.officials import officials

#: With an end, so that digits behind it (人物3号19日到场) don't become part of it.
PSEUDONYM = "人物{}号"
PSEUDONYMS = re.compile(PSEUDONYM.format(r"\d+"))
#: A name that the text itself holds back, down to the surname.
_HELD_BACK = re.compile(r"[一-鿿]{1,2}(?:某{1,3}|[*＊×○〇xXｘＸ]{1,3})[甲乙丙丁戊己庚辛壬癸]?")
#: Types whose names are public unless they are private persons, even where they hold such a name (陈明纪念馆).
_PUBLIC = ("PERSON", "ORGANIZATION", "LOCATION")


class Masked(NamedTuple):
    """The graph as it may be shown, and what does the same to any text beside it."""

    graph: Graph
    hide: Callable[[str], str]


def mask(graph: Graph, lexicon: Lexicon | None = None) -> Masked:
    """Hide the private numbers of a graph and give its private persons pseudonyms; `lexicon` knows the titles.

    The layout is left as it is: mask before it is made. Ids of nodes and edges that hold a name become others.
    """
    private = _private(graph, officials(graph, lexicon or load_lexicon()))
    names = _Names(graph, private)
    masker = _Masker(names, {each.id: Rewritten(each.text, names.of(each.id)) for each in graph.documents},
                     _ids(graph, private, names),
                     load_ontology().symmetric)
    return Masked(Graph(
        documents=tuple(map(masker.document, graph.documents)),
        nodes=tuple(sorted((masker.node(node, private.get(node.id, "")) for node in graph.nodes), key=lambda n: n.id)),
        edges=tuple(sorted(map(masker.edge, graph.edges), key=lambda edge: edge.id)),
        doubts=tuple(map(masker.doubt, graph.doubts))), lambda text: masker.text(text, ""))


def _private(graph: Graph, public: set[str]) -> dict[str, str]:
    """The pseudonyms of all persons but the `public` ones by node, numbered by first mention."""
    found = [node for node in graph.nodes if node.type == "PERSON" and node.id not in public
             and not _HELD_BACK.fullmatch(node.label)]
    first = {node.id: min(((m.document, m.quote.start) for m in node.mentions), default=("", 0)) for node in found}
    found.sort(key=lambda node: (first[node.id], node.id))
    return {node.id: PSEUDONYM.format(number) for number, node in enumerate(found, start=1)}


def _ids(graph: Graph, private: Mapping[str, str], names: _Names) -> dict[str, str]:
    """The new ids of all nodes; a title that differed in nothing but a name is numbered."""
    ids = {id_: f"PERSON:{pseudonym}" for id_, pseudonym in private.items()}
    taken = set(ids.values())
    for node in graph.nodes:
        if node.id not in ids:
            wanted = Rewritten(node.id, names.of(node.documents[0] if node.documents else "")).text
            ids[node.id] = next(id_ for n in count(1) if (id_ := wanted if n == 1 else f"{wanted}#{n}") not in taken)
            taken.add(ids[node.id])
    return ids


# ----------------------------------------------------------------------------------------------- texts


class Rewritten:
    """A text with its private numbers and names replaced, and where everything else went."""

    def __init__(self, text: str, names: Callable[[str], Iterable[tuple[int, int, str]]]) -> None:
        hidden, parts, at, shift = hide_numbers(text), [], 0, 0
        self._ends: list[int] = []
        self._edits: list[tuple[int, int, int, int]] = []      # old start and end, new start and end
        for start, end, new in names(text):
            parts += [hidden[at:start], new]
            self._edits.append((start, end, start + shift, start + shift + len(new)))
            self._ends.append(end)
            at, shift = end, shift + len(new) - (end - start)
        self.text = "".join([*parts, hidden[at:]])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of the old text stands; what cuts a replaced name is widened to all of it."""
        first = self._moved(bisect_right(self._ends, start), start, 2)
        return first, first if start == end else self._moved(bisect_left(self._ends, end), end, 3)

    def _moved(self, number: int, position: int, side: int) -> int:
        """A position that the edit of this number may hold (then its `side` counts); all edits before it lie before."""
        if number < len(self._edits) and self._edits[number][0] < position:
            return self._edits[number][side]
        return position + (self._edits[number - 1][3] - self._edits[number - 1][1] if number else 0)


class _Names:
    """Which names are replaced, by document: those of its own persons, and those that are private anywhere."""

    def __init__(self, graph: Graph, private: Mapping[str, str]) -> None:
        self._anywhere: dict[str, str] = {}
        self._here: dict[str, dict[str, str]] = defaultdict(dict)
        public: set[str] = set()
        for node in graph.nodes:
            forms = {form for form in _forms(node) if len(form) > 1 and not _HELD_BACK.fullmatch(form)}
            if node.type == "PERSON":
                for form, document in product(sorted(forms), node.documents):
                    here = self._here[document]
                    here[form] = here.get(form) or private.get(node.id, "")
            if node.id in private:
                self._anywhere.update(dict.fromkeys(forms - self._anywhere.keys(), private[node.id]))
            elif node.type in _PUBLIC:
                public |= forms
        private_forms = set(self._anywhere)
        kept = {form for form in public - private_forms if any(part in private_forms for part in _parts(form))}
        self._regex = _any_of({*private_forms, *kept})

    def of(self, document: str) -> Callable[[str], Iterable[tuple[int, int, str]]]:
        """What finds the names in a text of a document and says what stands in their place."""
        here = self._here.get(document, {})

        def found(text: str) -> Iterable[tuple[int, int, str]]:
            for match in self._regex.finditer(text) if self._regex else ():
                name = match.group()
                new = here.get(name, self._anywhere.get(name, ""))
                if new:
                    yield match.start(), match.end(), new

        return found


def _forms(node: Node) -> set[str]:
    """All that a node is called, as repaired and as it stands in the files."""
    quotes = [mention.quote for mention in node.mentions]
    return {node.label, *node.aliases, *(q.text for q in quotes), *(q.raw for q in quotes if q.raw)}


def _parts(text: str) -> Iterable[str]:
    return (text[start:end] for start in range(len(text)) for end in range(start + 2, len(text) + 1))


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for the longest of the names at a place, grouped by first character so that most places fail fast."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        by_first[name[0]].append(re.escape(name[1:]))
    groups = [f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in sorted(by_first.items())]
    return re.compile("|".join(groups)) if groups else None


# --------------------------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class _Masker:
    """The records of a graph, rewritten."""

    names: _Names
    texts: Mapping[str, Rewritten]
    ids: Mapping[str, str]
    symmetric: frozenset[str]

    def text(self, text: str, document: str) -> str:
        """A text that says something of a document (of none in particular if that is empty)."""
        return Rewritten(text, self.names.of(document)).text if text else text

    def quote(self, quote: Quote, document: str, sentence: Quote | None = None) -> Quote:
        """A quote of a document; `sentence` is the quote in which it stands, before it was masked."""
        start, end = self.texts[document].span(quote.start, quote.end)
        raw = self.texts[document].text[start:end]
        if quote.raw is None and (sentence is None or sentence.raw is None or quote.at is None):
            at = None
            if quote.at is not None and sentence is not None:
                at = start - self.texts[document].span(sentence.start, sentence.end)[0]
            return Quote(start=start, end=end, text=raw, at=at)
        text, at = self.text(quote.text, document), None
        if quote.at is not None and sentence is not None:
            around = Rewritten(sentence.text, self.names.of(document))
            at, stop = around.span(quote.at, quote.at + len(quote.text))
            text = around.text[at:stop]
        return Quote(start=start, end=end, text=text, raw=None if raw == text else raw, at=at)

    def document(self, document: GraphDocument) -> GraphDocument:
        def hide(text: str) -> str:
            return self.text(text, document.id)

        said = document.metadata
        metadata = said.model_copy(update={
            "title": hide(said.title), "publisher": hide(said.publisher), "place": hide(said.place),
            "url": hide(said.url), "authors": tuple(map(hide, said.authors)),
            "editors": tuple(map(hide, said.editors))})
        return document.model_copy(update={"metadata": metadata, "text": self.texts[document.id].text, "masked": True,
                                           "given": Metadata(), "names": (),
                                           "warnings": tuple(map(hide, document.warnings))})

    def node(self, node: Node, pseudonym: str) -> Node:
        document = node.documents[0] if node.documents else ""
        label = pseudonym or self.text(node.label, document)
        aliases = () if pseudonym else dict.fromkeys(self.text(alias, document) for alias in node.aliases)
        return node.model_copy(update={
            "id": self.ids[node.id], "label": label, "aliases": tuple(a for a in aliases if a != label),
            "mentions": tuple(self._mention(mention) for mention in node.mentions),
            "reasons": tuple(self.text(reason, document) for reason in node.reasons),
            "attributes": {name: self.text(value, document) for name, value in node.attributes.items()}})

    def edge(self, edge: Edge) -> Edge:
        document = edge.documents[0] if edge.documents else ""
        ends = self.ids[edge.source], self.ids[edge.target]
        proof = tuple(map(self._evidence, edge.evidence))
        if ends[1] < ends[0] and edge.relation in self.symmetric:
            ends = ends[1], ends[0]
            proof = tuple(each.model_copy(update={"head": each.tail, "tail": each.head}) for each in proof)
        said = {name: self.text(getattr(edge, name), document) for name in ("title", "status", "measure", "kinship")}
        key = () if edge.relation == CO_OCCURRENCE else tuple(said.values())
        return edge.model_copy(update={
            "id": edge_id(edge.relation, *ends, *key), "source": ends[0], "target": ends[1], "evidence": proof, **said,
            "reasons": tuple(self.text(reason, document) for reason in edge.reasons)})

    def doubt(self, doubt: Doubtful) -> Doubtful:
        return doubt.model_copy(update={
            "quote": self.quote(doubt.quote, doubt.document), "why": self.text(doubt.why, doubt.document),
            "candidates": tuple(self.ids.get(id_) or self.text(id_, doubt.document) for id_ in doubt.candidates)})

    def _mention(self, mention: NodeMention) -> NodeMention:
        sentence = mention.sentence
        return mention.model_copy(update={
            "quote": self.quote(mention.quote, mention.document, sentence),
            "sentence": sentence and self.quote(sentence, mention.document)})

    def _evidence(self, evidence: Evidence) -> Evidence:
        def moved(quote: Quote | None) -> Quote | None:
            return quote and self.quote(quote, evidence.document, evidence.sentence)

        return evidence.model_copy(update={
            "sentence": self.quote(evidence.sentence, evidence.document), "head": moved(evidence.head),
            "trigger": moved(evidence.trigger), "tail": moved(evidence.tail)})
