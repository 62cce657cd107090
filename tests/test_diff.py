"""What changed between two builds."""

import json

import pytest
from hypothesis import given, settings

from kg.ask.answers import diff_text
from kg.ask.diff import diff
from kg.errors import GraphError
from kg.graph import Graph
from kg.privacy import mask

from .graph_fixtures import Page, graph_of, page, sample_graph
from .test_export import graphs

BUREAU, OTHER, CHEN = "ORGANIZATION:云岭市公安局", "ORGANIZATION:东山县公安局", "PERSON:陈建国"


def posted(id_: str, *posts: tuple[str, str], person: str = "陈建国", date: str = "") -> Page:
    """A document in which a person has posts, each a title at 云岭市公安局 (or 东山县公安局/title) and a status."""
    made = page(id_, f"[{person}|PERSON]、[云岭市公安局|ORGANIZATION]、[东山县公安局|ORGANIZATION]。", date=date)
    for title, status in posts:
        body, _, rest = title.rpartition("/")
        made.say(f"PERSON:{person}", "holds_position", OTHER if body else BUREAU, title=rest,
                 **({"status": status} if status else {}))
    return made


def post_changes(old: Graph, new: Graph) -> list[tuple]:
    return [(p.kind, p.person, p.gained, p.lost) for p in diff(old, new).posts]


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_nothing_changes_between_a_graph_and_itself(graph):
    found = diff(graph, graph)
    assert not any(value for name, value in found if name not in ("cooccurrence", "merged", "split", "posts"))
    assert found.cooccurrence == (0, 0)


def test_the_same_build_has_no_changes():
    assert diff_text(diff(sample_graph(), sample_graph())) == "nothing changed"


def test_new_and_vanished_mirror_each_other():
    old = graph_of(posted("1", ("局长", "")))
    new = graph_of(posted("1", ("局长", "")), posted("2", ("民警", ""), person="李新"))
    there, back = diff(old, new), diff(new, old)
    assert [e.label for e in there.new_entities] == [e.label for e in back.vanished_entities] == ["李新"]
    assert [s.says for s in there.new_relations] == [s.says for s in back.vanished_relations] == \
        ["李新 —任职→ 云岭市公安局 (民警)"]
    assert there.new_documents == back.vanished_documents == ("2",)
    assert there.cooccurrence == back.cooccurrence[::-1] == (2, 0)
    assert not there.vanished_entities and not there.renamed
    text = diff_text(there)
    assert "new entities (1)\n  + PERSON 李新" in text and "co-occurrence: 2 new pairs, 0 vanished" in text


@pytest.mark.parametrize(("before", "after", "changes"), [
    ([("局长", "")], [("局长", ""), ("督察长", "")], [("also stated", ("云岭市公安局 督察长",), ())]),
    ([("局长", "")], [("局长", ""), ("民警", "原任")], []),
    ([("局长", "")], [("局长", ""), ("局长", "免职")], [("dismissed", (), ("云岭市公安局 局长",))]),
    ([("局长", "")], [("局长", "原任"), ("县/局长", "")],
     [("moved", ("东山县公安局 局长",), ("云岭市公安局 局长",))]),
    ([("局长", "")], [("局长", ""), ("县/局长", "拟任")], [("planned", ("东山县公安局 局长",), ())]),
    ([("局长", "")], [], [("no longer stated", (), ("云岭市公安局 局长",))]),
    ([("局长", "")], [("局长", "现任")], []),
    ([("局长", "")], [("局长", ""), ("支队长", "时任")], []),
    ([("局长", "原任")], [("局长", "原任")], []),
    ([("县/局长", "拟任")], [("县/局长", "")], [("appointed", ("东山县公安局 局长",), ())]),
])
def test_posts(before, after, changes):
    old, new = graph_of(posted("1", *before)), graph_of(posted("1", *after))
    assert post_changes(old, new) == [(kind, "陈建国", gained, lost) for kind, gained, lost in changes]


def test_whoever_is_new_to_the_graph_was_not_appointed():
    old = graph_of(page("1", "[云岭市公安局|ORGANIZATION]。"))
    new = graph_of(page("1", "[云岭市公安局|ORGANIZATION]。"), posted("2", ("局长", ""), ("民警", "原任")))
    assert post_changes(old, new) == [("first seen", "陈建国", ("云岭市公安局 局长",), ())]


@pytest.mark.parametrize(("status", "rule", "change"), [
    ("免职", "test", ("dismissed", (), ("云岭市公安局 局长",))),
    ("", "holds_position.appointed", ("appointed", ("云岭市公安局 局长",), ())),
])
def test_an_act_of_appointment_or_dismissal_is_news_of_a_stranger_too(status, rule, change):
    made = page("2", "[陈建国|PERSON]、[云岭市公安局|ORGANIZATION]。")
    made.say(CHEN, "holds_position", BUREAU, title="局长", rule=rule, **({"status": status} if status else {}))
    [found] = post_changes(Graph(), graph_of(made))
    assert found == (change[0], "陈建国", *change[1:])


def test_a_word_of_coming_makes_another_post_an_appointment():
    old = graph_of(posted("1", ("局长", "")))
    made = page("2", "[云岭市公安局|ORGANIZATION]局长[陈建国|PERSON]"
                     "[出任|ACTION:出任][东山县公安局|ORGANIZATION]局长。")
    made.triggers[CHEN] = made.triggers["ACTION:出任"]      # the word that the rule found
    new = graph_of(posted("1", ("局长", "")), made.say(CHEN, "holds_position", OTHER, title="局长").say(
        CHEN, "holds_position", BUREAU, title="局长"))
    [found] = diff(old, new).posts
    assert (found.kind, found.gained, found.evidence) == \
        ("appointed", ("东山县公安局 局长",), "云岭市公安局局长陈建国出任东山县公安局局长。")


@pytest.mark.parametrize(("date", "kind"), [("", "appointed"), ("2023-06", "appointed"), ("2024", "appointed"),
                                            ("1972", "also stated"), ("2017-11", "also stated")])
def test_what_lies_long_before_the_document_that_tells_it_is_history(date, kind):
    old = graph_of(posted("1", ("局长", "")))
    made = posted("2", ("局长", ""), date="2024-04-08")
    made.say(CHEN, "holds_position", OTHER, title="院长", rule="holds_position.appointed",
             **({"date": date} if date else {}))
    [found] = diff(old, graph_of(posted("1", ("局长", "")), made)).posts
    assert (found.kind, found.gained) == (kind, ("东山县公安局 院长",))


def test_whoever_lost_one_post_and_is_elsewhere_said_to_hold_another_has_not_moved():
    old = graph_of(posted("1", ("局长", "")))
    lost = posted("2", ("局长", "原任"))
    both = [posted("1", ("局长", "")), lost, posted("3", ("局长", ""), ("县/院长", ""))]
    assert post_changes(old, graph_of(*both)) == [("dismissed", "陈建国", (), ("云岭市公安局 局长",)),
                                                  ("also stated", "陈建国", ("东山县公安局 院长",), ())]


def test_a_new_main_name_is_no_new_entity():
    old = graph_of(page("1", "[市局|ORGANIZATION]部署。"))
    new = graph_of(page("1", "[市局|ORGANIZATION:云岭市公安局]部署。"), page("2", "[云岭市公安局|ORGANIZATION]。"))
    found = diff(old, new)
    assert not found.new_entities and not found.vanished_entities
    assert [(r.old, r.new, r.added) for r in found.renamed] == [("市局", "云岭市公安局", ("云岭市公安局",))]
    assert "changed names (1)\n  ~ ORGANIZATION 市局 → 云岭市公安局" in diff_text(found)


def test_relations_of_a_renamed_entity_stay():
    def said(name: str, *more: Page) -> Graph:
        made = page("1", f"[市局|ORGANIZATION:{name}]与[县局|ORGANIZATION:县局]协同，[陈建国|PERSON]任职。")
        made.say(f"ORGANIZATION:{name}", "cooperates_with", "ORGANIZATION:县局")
        return graph_of(made.say(CHEN, "holds_position", f"ORGANIZATION:{name}", title="局长"), *more)

    found = diff(said("市局"), said("云岭市公安局"))
    assert len(found.renamed) == 1
    assert not found.new_relations and not found.vanished_relations and not found.posts
    assert found.cooccurrence == (0, 0)


def test_merging_and_splitting():
    apart = graph_of(page("1", "[市局|ORGANIZATION:市局]。"), page("2", "[云岭市公安局|ORGANIZATION]。"))
    one = graph_of(page("1", "[市局|ORGANIZATION:云岭市公安局]。"), page("2", "[云岭市公安局|ORGANIZATION]。"))
    merged, split = diff(apart, one), diff(one, apart)
    assert [(j.one.label, [e.label for e in j.several]) for j in merged.merged] == \
        [(j.one.label, [e.label for e in j.several]) for j in split.split] == \
        [("云岭市公安局", ["云岭市公安局", "市局"])]
    assert not merged.split and not split.merged and not split.new_entities
    assert "云岭市公安局 + 市局 → 云岭市公安局" in diff_text(merged)


def test_parts_of_one_name_are_told_apart_and_ways_to_write_a_day_are_no_names():
    pages = [posted("1", ("局长", "")), page("2", "[陈建国|PERSON]在[2月4日|DATE:2020-02-04]。")]
    other = posted("2", ("局长", ""))
    one = diff(graph_of(*pages), graph_of(pages[0], other))
    assert "merged (1)\n  ~ 陈建国@1 + 陈建国@2 → 陈建国" in diff_text(one)
    later = page("3", "[今天|DATE:2020-02-04]。")
    assert not diff(graph_of(*pages), graph_of(*pages, later)).renamed


def test_a_date_that_is_known_now_is_a_change():
    old, new = (graph_of(page("1", "[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]职。").say(
        CHEN, "holds_position", BUREAU, title="局长", **said)) for said in ({}, {"date": "2020-02"}))
    [change] = diff(old, new).changed_relations
    assert change.changes == (("date", "", "2020-02"),)
    assert "date none → 2020-02" in diff_text(diff(old, new))


def callers(*names: str) -> Graph:
    """A masked graph of a document for each name, called after it, in which its bearer calls two bureaus."""
    text = "[{0}|PERSON]找[云岭市公安局|ORGANIZATION]，[{0}|PERSON]再找[东山县公安局|ORGANIZATION]。"
    return mask(graph_of(*(page(name, text.format(name)) for name in names))).graph


def test_masked_graphs_are_compared_by_places_and_not_by_the_numbers_of_pseudonyms():
    names = [f"李{c}" for c in "甲乙丙丁戊己庚辛壬"]
    old, new = callers(*names), callers("丁新", *names)
    numbers = [{n.documents[0]: n.label for n in graph.nodes if n.type == "PERSON"} for graph in (old, new)]
    assert sum(numbers[0][name] != numbers[1][name] for name in numbers[0]) > 5     # and 人物9号 is 人物10号
    found = diff(old, new)
    assert [e.label for e in found.new_entities] == [numbers[1]["丁新"]] and not found.vanished_entities
    assert not found.renamed and not found.vanished_relations and not found.merged and not found.split
    assert found.new_documents == ("丁新",) and found.cooccurrence == (2, 0)


def test_whoever_is_gone_from_a_masked_graph_isnt_taken_for_the_next():
    first = page("1", "[李甲|PERSON]是[王明|PERSON]之父。")
    first.say("PERSON:李甲", "family_of", "PERSON:王明", kinship="父子")
    second = page("2", "[张三|PERSON]和[赵四|PERSON]。")
    found = diff(mask(graph_of(first, second)).graph, mask(graph_of(second)).graph)
    assert [e.label for e in found.vanished_entities] == ["人物1号", "人物2号"]
    assert not found.new_entities and not found.renamed
    assert [s.says for s in found.vanished_relations] == ["人物1号 —亲属— 人物2号 (父子)"]


def test_a_masked_graph_and_one_that_isnt_are_refused():
    graph = sample_graph()
    with pytest.raises(GraphError, match="one of the graphs was built with --mask-private and the other without"):
        diff(graph, mask(graph).graph)


def test_json_and_limits():
    new = graph_of(*(posted(f"{i}", ("民警", ""), person=f"李{c}") for i, c in enumerate("甲乙丙丁")))
    found = diff(Graph(), new)
    assert json.loads(found.model_dump_json())["new_entities"][0] == {
        "id": "PERSON:李丁", "type": "PERSON", "label": "李丁", "documents": 1,
        "evidence": "李丁、云岭市公安局、东山县公安局。"}
    assert [e.label for e in found.new_entities[4:]] == ["东山县公安局", "云岭市公安局"]
    text = diff_text(found, 1)
    assert "new entities (6)\n  + PERSON 李丁\n  … and 3 more PERSON\n  + ORGANIZATION 东山县公安局\n" in text


def test_what_most_documents_name_comes_first():
    new = graph_of(page("1", "[乙县|LOCATION]在[甲县|LOCATION]。"), page("2", "[乙县|LOCATION]。"))
    assert [(e.label, e.documents) for e in diff(Graph(), new).new_entities] == [("乙县", 2), ("甲县", 1)]
