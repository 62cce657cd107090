"""Edges that follow from names: what they say, what they rest on, and what doesn't follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.mentions.reading import Knowledge
from kg.models import Evidence, Quote, Relation, ResolvedDocument
from kg.pipeline import load_knowledge
from kg.relate.derive import derive
from kg.relate.refuted import not_refuted
from kg.resolve import resolve

from .resolve_fixtures import marked

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "derive.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def derived(case: dict[str, Any], knowledge: Knowledge) -> tuple[ResolvedDocument, tuple[Relation, ...]]:
    text = case["text"]                 # or a list of paragraphs
    document = resolve(*marked([text] if isinstance(text, str) else text), knowledge)
    proof = Evidence(document="d", sentence=Quote(start=0, end=1, text=document.clean.text[0]), rule="r", confidence=1)
    stated = [Relation("holds_position", person, "ORGANIZATION:某局", proof) for person in case.get("posted", ())]
    stated += [Relation("located_in", head, tail, proof) for head, tail in case.get("located", ())]
    return document, derive(document, knowledge, stated)


@pytest.mark.parametrize("case", [
    pytest.param(c, id=c["name"], marks=pytest.mark.xfail(reason=c["fails"], strict=True) if "fails" in c else ())
    for c in CASES])
def test_edges_follow_from_names(case: dict[str, Any], knowledge: Knowledge) -> None:
    _, edges = derived(case, knowledge)
    assert sorted([e.head.removeprefix("ORGANIZATION:"), e.relation, e.tail.removeprefix("ORGANIZATION:"),
                   e.evidence.rule.removeprefix("derived.")] for e in edges) == sorted(case["edges"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_edges_are_flagged_and_rest_on_the_sentence_that_names_the_head(case: dict[str, Any],
                                                                         knowledge: Knowledge) -> None:
    document, edges = derived(case, knowledge)
    entities = {e.id: e for e in document.entities}
    for edge in edges:
        assert edge.derived and edge.head in entities and edge.tail in entities and edge.head != edge.tail
        quote, head = edge.evidence.sentence, edge.evidence.head
        assert document.clean.text[quote.start:quote.end] == quote.text
        assert head and head.text in {m.text for m in entities[edge.head].mentions}
        assert head.at is not None and quote.text[head.at:head.at + len(head.text)] == head.text
        assert dict(edge.attributes).get("title") == (
            edge.evidence.trigger.text if edge.evidence.trigger else None)


@pytest.mark.parametrize(("head", "tail", "stays"), [
    ("宁波市", "杭州市", False), ("余杭区", "杭州市", True), ("星溪村", "杭州市", True), ("汉堡", "法国", False),
    ("松州", "法国", True), ("朝阳区", "长春市", True)])
def test_what_the_tables_contradict_is_no_edge(head: str, tail: str, stays: bool, knowledge: Knowledge) -> None:
    proof = Evidence(document="d", sentence=Quote(start=0, end=1, text="甲"), rule="r", confidence=1)
    said = Relation("located_in", f"LOCATION:{head}@d", f"LOCATION:{tail}", proof)
    assert list(not_refuted([said], knowledge.places)) == [said] * stays
