"""The sentences behind nodes and edges."""

import pytest

from kg.ask.why import find_nodes, render, why
from kg.errors import GraphError

from .graph_fixtures import graph_of, page, sample_graph


@pytest.mark.parametrize("name", ["云岭市公安局", "市局", "ORGANIZATION:云岭市公安局", " 云岭 市公安局", "“市局”"])
def test_a_node_is_found_by_id_label_and_alias(name):
    assert [node.id for node in find_nodes(sample_graph(), name)] == ["ORGANIZATION:云岭市公安局"]


def test_a_label_goes_before_an_alias():
    graph = graph_of(page("a", "[市局|ORGANIZATION:云岭市公安局]。\n[市局|LOCATION]。"))
    assert [node.id for node in find_nodes(graph, "市局")] == ["LOCATION:市局"]


def test_a_node_is_explained_by_its_sentences():
    answer = why(sample_graph(), "市局")
    assert list(answer.node.mentions) == ["乙.txt", "甲.txt"]
    text = render(answer)
    assert "    2月4日〔市局〕印发《通知》。  [test]" in text
    assert "also: 市局" in text
    assert "because: 2 篇文档中的全称相同" in text
    assert "甲.txt：部署 & <动员>，2020-02-05" in text


def test_two_mentions_in_one_sentence_are_marked_in_one_line():
    text = "[陈建国|PERSON]说[陈建国|PERSON]来了。"
    assert "    〔陈建国〕说〔陈建国〕来了。  [test]" in render(why(graph_of(page("a", text)), "陈建国"))


def test_edges_are_explained_in_either_direction():
    graph = sample_graph()
    one, other = (why(graph, *names) for names in (("陈建国", "市局"), ("市局", "陈建国")))
    assert one.edges == other.edges
    assert [reason.edge.relation for reason in one.edges] == ["holds_position", "holds_position", "co_occurs_with"]
    assert "    〔陈建国〕任〔云岭市公安局〕局长。  [test.rule, 0.8]" in render(one)


def test_the_trigger_has_its_own_marks():
    assert "2月4日〔市局〕‹印发›《通知》。" in render(why(sample_graph(), "市局", "印发通知"))


def test_no_edge_is_an_answer():
    assert render(why(sample_graph(), "周某", "东山区")) == "no edge between 周某 and 东山区"


def test_an_ambiguous_name_lists_who_may_be_meant():
    graph = graph_of(*[page(d, "[陈建国|PERSON]。") for d in "ab"])
    answer = why(graph, "陈建国")
    assert (answer.node, [c.id for c in answer.candidates]) == (None, ["PERSON:陈建国@a", "PERSON:陈建国@b"])
    assert "PERSON:陈建国@b  (1 mentions in 1 documents)" in render(answer)


@pytest.mark.parametrize(("name", "near"), [("云岭市公安", "云岭市公安局"), ("陈建周", "陈建国")])
def test_an_unknown_name_brings_near_ones(name, near):
    with pytest.raises(GraphError, match=f"{name}: no node has this name; did you mean .*{near}"):
        why(sample_graph(), name)


def test_an_unknown_name_without_like_says_so():
    with pytest.raises(GraphError, match=r"^Zzz: no node has this name$"):
        why(sample_graph(), "Zzz")


def test_the_answer_is_plain_data():
    answer = why(sample_graph(), "陈建国", "市局")
    assert type(answer).model_validate_json(answer.model_dump_json()) == answer
