"""Which entities are named together, how often and how far beyond chance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble.cooccur import MAX_ENTITIES, MAX_EVIDENCE, REACH, Pairs, npmi
from kg.assemble.stories import Stories

from .graph_fixtures import Page, page


def together(*pages: Page, minimum: int = 1):
    ids = {(p.id, e.id): e.id for p in pages for e in p.resolved.entities}
    found = Pairs()
    for made in pages:
        found.add(made.facts, ids, Stories())
    return {(c.head.partition(":")[2], c.tail.partition(":")[2]): c for c in found.found(found.counts(), minimum)}


def test_all_entities_of_a_sentence_but_its_acts_are_paired_once():
    text = "[甲市|LOCATION][乙局|ORGANIZATION][召开|ACTION:召开会]，[甲市|LOCATION][丙某|PERSON]。"
    found = together(page("a", text))
    assert set(found) == {("甲市", "乙局"), ("甲市", "丙某"), ("乙局", "丙某")}
    assert {c.weight for c in found.values()} == {1}


def test_the_smaller_id_is_the_head_whatever_the_order_in_the_sentence():
    [pair] = together(page("a", "[林佳怡|PERSON]在[甲市|LOCATION]。")).values()
    assert (pair.head, pair.tail) == ("LOCATION:甲市", "PERSON:林佳怡")
    assert (pair.evidence[0].head.text, pair.evidence[0].tail.text) == ("甲市", "林佳怡")
    assert (pair.evidence[0].head.at, pair.evidence[0].tail.at) == (4, 0)


def test_a_sentence_that_two_documents_print_counts_once():
    text = "[甲市|LOCATION]的[乙局|ORGANIZATION]。"
    [pair] = together(page("a", text), page("b", text + "\n[甲市|LOCATION]有 [乙局|ORGANIZATION]。")).values()
    assert (pair.weight, pair.documents) == (2, ("a", "b"))
    assert [e.document for e in pair.evidence] == ["a", "b"]


@pytest.mark.parametrize(("role", "counts"), [
    ("title", True), ("heading", True), ("caption", True), ("byline", False), ("boilerplate", False)])
def test_bylines_and_furniture_do_not_count(role, counts):
    assert bool(together(page("a", f"{role}: [甲市|LOCATION][乙局|ORGANIZATION]"))) is counts


def test_the_best_evidence_is_body_then_short():
    lines = ["caption: [甲市|LOCATION][乙局|ORGANIZATION]", "heading: [甲市|LOCATION]的[乙局|ORGANIZATION]",
             *(f"[甲市|LOCATION]{'很' * n}有[乙局|ORGANIZATION]。" for n in (4, 1, 3))]
    [pair] = together(page("a", "\n".join(lines))).values()
    assert [(e.role, len(e.sentence.text)) for e in pair.evidence] == [
        ("body", 7), ("body", 9), ("body", 10), ("heading", 5), ("caption", 4)]


def test_the_weight_counts_more_sentences_than_are_kept():
    lines = [f"[甲市|LOCATION]第{n}次[乙局|ORGANIZATION]。" for n in range(MAX_EVIDENCE + 3)]
    [pair] = together(page("a", "\n".join(lines))).values()
    assert (pair.weight, len(pair.evidence)) == (MAX_EVIDENCE + 3, MAX_EVIDENCE)


def test_rare_pairs_are_left_out_on_request():
    text = "[甲市|LOCATION][乙局|ORGANIZATION]。\n[甲市|LOCATION]有[乙局|ORGANIZATION]和[丙县|LOCATION]。"
    assert set(together(page("a", text), minimum=2)) == {("甲市", "乙局")}


@pytest.mark.parametrize(("count", "pairs"), [
    (MAX_ENTITIES, MAX_ENTITIES * (MAX_ENTITIES - 1) // 2),
    (MAX_ENTITIES + 1, (MAX_ENTITIES + 1 - REACH) * REACH + REACH * (REACH - 1) // 2)])
def test_an_enumeration_pairs_only_neighbours(count, pairs):
    text = "、".join(f"[第{n:02}县|LOCATION]" for n in range(count))
    found = together(page("a", text))
    assert len(found) == pairs
    assert (("第00县", "第12县") in found) is False


def test_npmi_is_taken_over_distinct_sentences():
    text = "[甲市|LOCATION][乙局|ORGANIZATION]。\n[甲市|LOCATION]好。\n没有名字。\n[丙县|LOCATION]。"
    [pair] = together(page("a", text), page("b", "没有名字。")).values()
    assert pair.npmi == round(math.log((1 / 4) / (2 / 4 * 1 / 4)) / -math.log(1 / 4), 4)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_npmi_is_between_minus_one_and_one(both, one, other, rest):
    assert -1 <= npmi(both, both + one, both + other, both + one + other + rest) <= 1
