"""Which entities of different documents are one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble.merge import merge

from .graph_fixtures import Page, page


def merged(*pages: Page):
    return merge([p.facts for p in pages])


def officer(document: str, name: str, body: str, title: str = "局长") -> Page:
    """A document in which `name` has a post at `body`; a body that ends in @ is bound to the document."""
    local = f"ORGANIZATION:{body}" + (document if body.endswith("@") else "")
    made = page(document, f"[{name}|PERSON]任[{body.strip('@')}|ORGANIZATION:{body}]{title}。")
    return made.say(f"PERSON:{name}", "holds_position", local, title=title)


@pytest.mark.parametrize(("type_", "name"), [
    ("ORGANIZATION", "云岭市公安局"), ("LOCATION", "东山区"), ("DATE", "2020-02-04"), ("DOCUMENT", "《通知》")])
def test_what_carries_its_identity_in_its_name_is_one(type_, name):
    result = merged(page("a", f"[{name}|{type_}]。"), page("b", f"[{name}|{type_}]。"))
    assert set(result.ids.values()) == {f"{type_}:{name}"}
    assert result.reasons == {f"{type_}:{name}": ("2 篇文档中的全称相同",)}
    assert not result.doubts


def test_a_bare_unit_stays_in_its_document_and_is_doubted():
    result = merged(*[page(d, "[城关派出所|ORGANIZATION:城关派出所@]。") for d in "ab"])
    assert set(result.ids.values()) == {"ORGANIZATION:城关派出所@a", "ORGANIZATION:城关派出所@b"}
    [doubt] = result.doubts
    assert doubt.candidates == ("ORGANIZATION:城关派出所@a", "ORGANIZATION:城关派出所@b")
    assert (doubt.document, doubt.quote.text, doubt.type) == ("a", "城关派出所", "ORGANIZATION")


@pytest.mark.parametrize(("name", "one"), [
    ("市公安局", False), ("县委", False), ("省公安厅", False), ("镇党委", False), ("自治区公安厅", False),
    ("市北区公安局", True), ("市中区人民法院", True), ("镇海市公安局", True), ("州口市公安局@", False)])
def test_a_body_named_by_its_level_alone_is_bound_to_its_document(name, one):
    result = merged(*[page(d, f"[{name}|ORGANIZATION]。") for d in "ab"])
    assert (len(set(result.ids.values())) == 1) is one


def test_a_person_of_one_document_has_the_plain_name():
    result = merged(page("a", "[陈建国|PERSON:陈建国@]。"))
    assert result.ids == {("a", "PERSON:陈建国@a"): "PERSON:陈建国"}


def test_persons_of_one_name_at_one_body_are_one():
    result = merged(officer("a", "陈建国", "云岭市公安局"), officer("b", "陈建国", "云岭市公安局", "总指挥"))
    assert result.ids["a", "PERSON:陈建国"] == result.ids["b", "PERSON:陈建国"] == "PERSON:陈建国"
    assert result.reasons["PERSON:陈建国"] == ("同名，且都任职于 云岭市公安局",)
    assert not result.doubts


def test_persons_of_one_name_and_title_at_a_body_named_more_fully_are_one():
    result = merged(officer("a", "陈建国", "云岭市公安局"), officer("b", "陈建国", "青江省云岭市公安局"))
    assert result.ids["a", "PERSON:陈建国"] == result.ids["b", "PERSON:陈建国"] == "PERSON:陈建国"
    [reason] = result.reasons["PERSON:陈建国"]
    assert "局长" in reason and "青江省云岭市公安局" in reason


@pytest.mark.parametrize("other", [
    officer("b", "陈建国", "青屿市公安局"),                      # another body
    officer("b", "陈建国", "青江省云岭市公安局", "民警"),          # a fuller name, but another title
    page("b", "[陈建国|PERSON]来了。"),                          # no post at all
])
def test_a_name_alone_joins_nobody(other):
    result = merged(officer("a", "陈建国", "云岭市公安局"), other)
    assert [result.ids[d, "PERSON:陈建国"] for d in "ab"] == ["PERSON:陈建国@a", "PERSON:陈建国@b"]
    [doubt] = [d for d in result.doubts if d.type == "PERSON"]
    assert doubt.candidates == ("PERSON:陈建国@a", "PERSON:陈建国@b")


def test_a_bare_unit_is_no_shared_body():
    result = merged(officer("a", "陈建国", "指挥部@"), officer("b", "陈建国", "指挥部@"))
    assert result.ids["a", "PERSON:陈建国"] != result.ids["b", "PERSON:陈建国"]


@pytest.mark.parametrize("name", ["周某", "周某某", "周某虹", "周＊", "周×", "周XX"])
def test_names_held_back_never_meet(name):
    result = merged(officer("a", name, "云岭市公安局"), officer("b", name, "云岭市公安局"))
    assert {result.ids[d, f"PERSON:{name}"] for d in "ab"} == {f"PERSON:{name}@a", f"PERSON:{name}@b"}


def test_a_name_held_back_is_bound_even_in_a_single_document():
    assert merged(page("a", "[周某|PERSON]。")).ids == {("a", "PERSON:周某"): "PERSON:周某@a"}


def test_two_of_one_name_in_one_document_stay_two():
    text = "[陈建国|PERSON]和[陈建国|PERSON:陈建国@]在[云岭市公安局|ORGANIZATION]。"
    both = page("a", text)
    for local in ("PERSON:陈建国", "PERSON:陈建国@a"):
        both.say(local, "holds_position", "ORGANIZATION:云岭市公安局", title="民警")
    result = merged(both, officer("b", "陈建国", "云岭市公安局"))
    assert len({id_ for id_ in result.ids.values() if id_.startswith("PERSON")}) == 2


def test_acts_are_never_merged():
    pages = [page(d, "[云岭市公安局|ORGANIZATION][召开|ACTION:召开会议]。") for d in "ab"]
    ids = merged(*pages, page("c", "[召开|ACTION:c:0]。")).ids
    assert ids["c", "ACTION:c:0"] == "ACTION:c:0"
    assert [ids[d, "ACTION:召开会议"] for d in "ab"] == ["ACTION:召开会议@a", "ACTION:召开会议@b"]


@given(st.lists(st.tuples(st.sampled_from(["陈建国", "林佳怡", "周某"]),
                          st.sampled_from(["云岭市公安局", "青江省云岭市公安局", "青屿市公安局", "指挥部@"]),
                          st.sampled_from(["局长", "民警"])), max_size=4))
def test_the_order_of_documents_leaves_no_trace(posts):
    pages = [officer(str(i), *post) for i, post in enumerate(posts)]
    results = [merged(*order) for order in itertools.islice(itertools.permutations(pages), 6)]
    assert all(result == results[0] for result in results)
