"""Which of the candidates for a mention remain, and how documents go through the tagger."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Document, Line, Mention, Metadata, Offsets, Token
from kg.pipeline import load_knowledge
from kg.segment import segment
from kg.tag import PRECEDENCE, choose, tag, tag_document
from kg.taggers import Tagging
from kg.taggers.columns import tag_by_columns

SPANS = st.tuples(st.integers(0, 20), st.integers(0, 8))
CANDIDATES = st.lists(st.builds(
    lambda span, source, kind: Mention(span[0], span[0] + span[1], kind, "字" * span[1], source),
    SPANS, st.sampled_from(sorted(PRECEDENCE)), st.sampled_from(["PERSON", "ORGANIZATION", "LOCATION"])), max_size=12)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def mention(start: int, end: int, source: str) -> Mention:
    return Mention(start, end, "ORGANIZATION", "字" * (end - start), source)


def rank(found: Mention) -> tuple[int, int, int]:
    return PRECEDENCE[found.source], found.start - found.end, found.start


@given(CANDIDATES)
def test_what_remains_is_sorted_and_disjoint_and_was_a_candidate(candidates: list[Mention]) -> None:
    chosen = choose(candidates)
    assert set(chosen) <= set(candidates) and list(chosen) == sorted(chosen)
    assert all(a.end <= b.start for a, b in pairwise(chosen)) and all(m.start < m.end for m in chosen)


@given(CANDIDATES)
def test_whatever_is_left_out_overlaps_one_that_ranks_no_lower(candidates: list[Mention]) -> None:
    chosen = choose(candidates)
    for out in set(candidates) - set(chosen):
        assert out.start == out.end or any(
            rank(m) <= rank(out) and m.start < out.end and out.start < m.end for m in chosen)


@given(CANDIDATES, st.randoms())
def test_the_order_of_candidates_changes_no_span_and_no_type(candidates: list[Mention], random: Random) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert [rank(m) for m in choose(shuffled)] == [rank(m) for m in choose(candidates)]
    assert [m.type for m in choose(shuffled)] == [m.type for m in choose(candidates)]


def test_of_candidates_that_are_alike_the_first_counts() -> None:
    one, other = mention(0, 2, "grammar.unit"), mention(0, 2, "grammar.organization")
    assert choose([one, other]) == (one,) and choose([other, one]) == (other,)


@given(CANDIDATES)
def test_choosing_again_changes_nothing(candidates: list[Mention]) -> None:
    assert choose(choose(candidates)) == choose(candidates)


@pytest.mark.parametrize(("candidates", "left"), [
    ([mention(0, 9, "model"), mention(2, 4, "grammar.organization")], [(2, 4)]),       # rank before length
    ([mention(0, 4, "model"), mention(2, 9, "model")], [(2, 9)]),                       # length before position
    ([mention(0, 4, "model"), mention(2, 6, "model")], [(0, 4)]),                       # position last
    ([mention(0, 4, "model"), mention(4, 6, "model")], [(0, 4), (4, 6)]),               # neighbours both stay
    ([mention(0, 9, "grammar.document"), mention(1, 8, "grammar.date")], [(0, 9)]),     # nothing inside a title
    ([mention(0, 2, "lexicon.title"), mention(1, 3, "grammar.reference")], [(0, 2)]),
    ([], []),
])
def test_precedence(candidates: list[Mention], left: list[tuple[int, int]]) -> None:
    assert [(m.start, m.end) for m in choose(candidates)] == left


def test_a_source_without_a_rank_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        choose([mention(0, 2, "grammar.unheard_of")])


def document(name: str, *lines: str, date: str = "2021-06-15") -> CleanDocument:
    """A clean document of body lines."""
    text = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:i]) for i in range(len(lines))]
    offsets = Offsets(array("l", range(len(text))), array("l", range(1, len(text) + 1)))
    return CleanDocument(Document(id=name, text=text, source=name, sha256="0" * 64), text, offsets, tuple(
        Line(start, start + len(line), "body") for start, line in zip(starts, lines, strict=True)),
        Metadata(date=date))


class Blank:
    """A tagger that sees nothing, and remembers how many texts it got at a time."""

    id = "blank"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def __call__(self, texts: Sequence[str]) -> list[Tagging]:
        self.calls.append(len(texts))
        return [Tagging((), ())] * len(texts)


def test_documents_come_back_in_order_however_many_there_are(knowledge: Knowledge) -> None:
    pages = [document(f"d{i}", f"5月{i % 28 + 1}日开会。", "散会。") for i in range(70)]
    blank = Blank()
    tagged = list(tag([(page, segment(page)) for page in pages], blank, knowledge))
    assert [sentences[0].sentence.document for sentences in tagged] == [page.id for page in pages]
    assert [len(sentences) for sentences in tagged] == [2] * 70 and sum(blank.calls) == 140 and len(blank.calls) > 1
    assert [s[0].mentions[0].value for s in tagged] == [f"2021-05-{i % 28 + 1:02}" for i in range(70)]


def test_no_documents_give_none(knowledge: Knowledge) -> None:
    assert list(tag([], Blank(), knowledge)) == []


def test_offsets_count_from_the_start_of_the_document(knowledge: Knowledge) -> None:
    page = document("d", "散会。", "另于5月3日发布《防汛工作方案》。28日施行。")
    (sentences,) = tag([(page, segment(page))], Blank(), knowledge)
    found = [m for s in sentences for m in s.mentions]
    assert [(page.text[m.start:m.end], m.value) for m in found] \
        == [("5月3日", "2021-05-03"), ("《防汛工作方案》", ""), ("28日", "2021-05-28")]


def test_set_phrases_hide_names_but_not_titles_of_documents(knowledge: Knowledge) -> None:
    page = document("d", "安全重于泰山，《安全重于泰山工作方案》印发。")
    sentences = segment(page)
    spans = tuple(Mention(at, at + 2, "LOCATION", "泰山", "model") for at in (4, 12))
    (found,) = tag_document(page, sentences, [Tagging((), spans)], knowledge)
    assert [m.text for m in found.mentions] == ["《安全重于泰山工作方案》"]


def test_dates_of_the_tagger_are_not_used(knowledge: Knowledge) -> None:
    page = document("d", "近日开会。")
    spans = (Mention(0, 2, "DATE", "近日", "model"),)
    (found,) = tag_document(page, segment(page), [Tagging((), spans)], knowledge)
    assert found.mentions == ()
    assert replace(found, mentions=()) == found


@pytest.mark.parametrize(("end", "confidence", "places"), [
    (4, 0.45, []),              # 长乐市场, with doubt: not the district of 长乐
    (2, 0.45, ["长乐"]),        # doubted, but with LAC's agreement
    (4, 0.9, ["长乐市场"]),
    (0, 0.5, ["长乐"]),
])
def test_a_place_in_a_longer_doubtful_name_is_none(end: int, confidence: float, places: list[str],
                                                    knowledge: Knowledge) -> None:
    page = document("d", "长乐市场开业。")
    words = ((0, 2, "LOC"), (2, 4, "n"), (4, 6, "v"), (6, 7, "w"))
    tokens = tuple(Token(start, stop, page.text[start:stop], pos) for start, stop, pos in words)
    spans = (Mention(0, end, "LOCATION", page.text[:end], "model", confidence=confidence),) if end else ()
    (found,) = tag_document(page, segment(page), [Tagging(tokens, spans)], knowledge)
    assert [m.text for m in found.mentions] == places


@pytest.mark.parametrize(("text", "columns"), [
    ("副组长：丁建国　县水利局局长", ["副组长：丁建国", "县水利局局长"]),
    ("丁建国  县水利局局长 县委常委", ["丁建国", "县水利局局长", "县委常委"]),
    ("成　员：丁 三　县水利局局长", ["成　员：丁 三　县水利局局长"]),
    ("", [""]),
])
def test_the_tagger_sees_each_column_by_itself(text: str, columns: list[str]) -> None:
    def whole(texts: Sequence[str]) -> list[Tagging]:
        """Each text as one word and one name."""
        return [Tagging((Token(0, len(each), each, "n"),), (Mention(0, len(each), "PERSON", each, "model"),))
                for each in texts]

    [found] = tag_by_columns([text], whole)
    assert "".join(token.text for token in found.tokens) == text
    assert [mention.text for mention in found.mentions] == columns
    assert all(text[each.start:each.end] == each.text for each in (*found.tokens, *found.mentions))
