"""Decisions of people: asked for, read, replayed."""

from __future__ import annotations

import csv
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.assemble import assemble, verify_spans
from kg.correct.apply import Corrected, correct
from kg.correct.decisions import COLUMNS, Decision, read_decisions
from kg.correct.review import review, write_review
from kg.errors import GraphError, InputError
from kg.graph import Edge, Graph
from kg.knowledge.ontology import load_ontology
from kg.privacy import mask
from kg.settings import Settings

from .graph_fixtures import Page, doubting, graph_of, page

ONTOLOGY = load_ontology()
BUREAU, OTHER = "ORGANIZATION:云岭市公安局", "ORGANIZATION:东山县公安局"
#: The first mention of the person in a document of `officer`; two blanks stand before the text.
CHEN = {name: f"{name}[2-5]陈建国" for name in "abc"}


def officer(document: str, body: str = "云岭市公安局", title: str = "局长", name: str = "陈建国") -> Page:
    made = page(document, f"[{name}|PERSON]任[{body}|ORGANIZATION]{title}。")
    return made.say(f"PERSON:{name}", "holds_position", f"ORGANIZATION:{body}", title=title)


def decide(act: str, key: str = "", other: str = "", **fields: Any) -> Decision:
    return Decision(file="d.csv", line=fields.pop("line", 2), act=act, key=key, other=other,
                    **{"who": "王编辑", "why": "查证", **fields})


def corrected(pages: list[Page], *decisions: Decision) -> tuple[Graph, Corrected]:
    """The graph under decisions; the order of pages and decisions makes no difference."""
    found = correct([p.facts for p in pages], decisions, ONTOLOGY)
    graph = assemble(found.documents, ONTOLOGY, Settings(), found.by_hand)
    assert not verify_spans(graph)
    return graph, found


def persons(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes if node.type == "PERSON"]


def stated(graph: Graph) -> list[Edge]:
    return [edge for edge in graph.edges if edge.relation != "co_occurs_with"]


# ------------------------------------------------------------------------------------- which are one


def test_without_decisions_nothing_is_touched():
    pages = [officer("a"), officer("b", "东山县公安局")]
    assert corrected(pages)[0] == graph_of(*pages)


def test_same_joins_what_the_facts_left_apart_and_says_who_and_why():
    pages = [officer("a"), officer("b", "东山县公安局")]
    assert len(persons(graph_of(*pages))) == 2
    graph, found = corrected(pages, decide("same", CHEN["a"], CHEN["b"]))
    assert persons(graph) == ["PERSON:陈建国"]
    [node] = [node for node in graph.nodes if node.type == "PERSON"]
    assert "人工认定为同一个（王编辑：查证）" in node.reasons
    assert not found.unapplied and not graph.doubts


def test_different_keeps_apart_what_a_shared_body_joins_and_settles_the_doubt():
    pages = [officer("a"), officer("b")]
    assert persons(graph_of(*pages)) == ["PERSON:陈建国"]
    graph, _ = corrected(pages, decide("different", CHEN["a"], CHEN["b"]))
    assert persons(graph) == ["PERSON:陈建国@a", "PERSON:陈建国@b"]
    assert not graph.doubts


def test_a_third_person_joins_the_one_with_whom_nothing_forbids_it():
    graph, _ = corrected([officer(d) for d in "abc"], decide("different", CHEN["a"], CHEN["b"]))
    [one] = [node for node in graph.nodes if node.id == "PERSON:陈建国@a"]
    assert one.documents == ("a", "c")


def test_who_is_one_with_somebody_is_nobody_whom_that_one_was_told_from():
    pages = [officer("a"), officer("b"), page("c", "[老陈|PERSON]来了。")]
    graph, found = corrected(pages, decide("same", CHEN["a"], "c[2-4]老陈"),
                             decide("different", "c[2-4]老陈", CHEN["b"]))
    assert not found.unapplied
    assert sorted(node.documents for node in graph.nodes if node.type == "PERSON") == [("a", "c"), ("b",)]


def test_who_is_one_with_somebody_who_is_lost_is_one_with_the_others():
    pages = [officer(d, body) for d, body in zip("bcd", ("云岭市公安局", "东山县公安局", "青屿市公安局"), strict=True)]
    graph, found = corrected(pages, decide("same", CHEN["a"], CHEN["b"]), decide("same", CHEN["a"], CHEN["c"], line=3))
    assert persons(graph) == ["PERSON:陈建国@b", "PERSON:陈建国@d"]
    assert [u.why for u in found.unapplied] == ["the document a isn't in this build"] * 2


def test_bodies_of_one_name_can_be_told_apart_and_of_two_names_joined():
    pages = [officer("a"), officer("b", name="李新"), officer("c", "云岭市局")]
    graph, _ = corrected(pages, decide("split", BUREAU, value="b"), decide("same", BUREAU, "ORGANIZATION:云岭市局"))
    bodies = {node.id: node.documents for node in graph.nodes if node.type == "ORGANIZATION"}
    assert sorted(bodies.values()) == [("a", "c"), ("b",)]
    assert f"{BUREAU}@b" in bodies


def test_the_joined_node_has_the_id_that_no_document_binds():
    pages = [page("a", "[指挥部|ORGANIZATION:指挥部@]。"), page("b", "[云岭市防汛指挥部|ORGANIZATION]。")]
    graph, _ = corrected(pages, decide("same", "a[2-5]指挥部", "ORGANIZATION:云岭市防汛指挥部"))
    assert [node.id for node in graph.nodes] == ["ORGANIZATION:云岭市防汛指挥部"]
    assert graph.nodes[0].aliases == ("指挥部",)


def test_split_moves_one_mention_and_what_was_said_at_it():
    made = page("a", """[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。
        [陈建国|PERSON]在[东山县公安局|ORGANIZATION]。""")
    made.say("PERSON:陈建国", "holds_position", BUREAU, title="局长")
    second = next(m.quote for n in graph_of(made).nodes if n.type == "PERSON" for m in n.mentions[1:])
    graph, found = corrected([made], decide("split", "PERSON:陈建国", value=f"a[{second.start}-{second.end}]陈建国"))
    assert not found.unapplied and len(persons(graph)) == 2
    [edge] = stated(graph)
    assert [n.mentions[0].quote.start for n in graph.nodes if n.id == edge.source] == [2]


def test_an_open_name_is_linked_and_its_doubt_is_gone():
    made = doubting(page("a", "[云岭市公安局|ORGANIZATION]部署，[市局|ORGANIZATION:市局@]检查。"), 1, "open")
    facts = made.facts
    facts = replace(facts, names=facts.names[:1], entities=facts.entities[:1])
    assert len(facts.names) == 1
    key = f"a[{facts.doubts[0].quote.start}-{facts.doubts[0].quote.end}]市局"
    found = correct([facts], [decide("same", key, BUREAU)], ONTOLOGY)
    graph = assemble(found.documents, ONTOLOGY, Settings(), found.by_hand)
    assert not found.unapplied and not graph.doubts and not verify_spans(graph)
    [node] = graph.nodes
    assert (node.id, node.aliases, node.mentions[1].source) == (BUREAU, ("市局",), "human")
    settled = correct([facts], [decide("wrong", key)], ONTOLOGY)
    assert not settled.unapplied and not settled.documents[0].doubts


# -------------------------------------------------------------------------------------- nodes, edges


def test_rename_keeps_the_old_name_as_an_alias():
    graph, _ = corrected([officer("a")], decide("rename", CHEN["a"], value="陈建国（云岭）"))
    [node] = [node for node in graph.nodes if node.type == "PERSON"]
    assert (node.label, node.aliases, node.reasons) == ("陈建国（云岭）", ("陈建国",), ("人工改名（王编辑：查证）",))


def test_type_moves_to_the_node_of_that_type_and_drops_what_no_longer_fits():
    pages = [officer("a", name="海港"), page("b", "[海港|LOCATION]。")]
    graph, _ = corrected(pages, decide("type", "PERSON:海港", value="地点"))
    [node] = [node for node in graph.nodes if node.label == "海港"]
    assert (node.id, node.documents) == ("LOCATION:海港", ("a", "b"))
    assert not stated(graph) and len(graph.edges) == 1


def test_delete_takes_the_node_with_its_edges():
    graph, _ = corrected([officer("a")], decide("delete", CHEN["a"]))
    assert [node.id for node in graph.nodes] == [BUREAU] and not graph.edges


def test_wrong_and_right_edges():
    row = {"key": CHEN["a"], "relation": "holds_position", "other": BUREAU, "title": "局长"}
    right, _ = corrected([officer("a")], decide("right", **row))
    [edge] = stated(right)
    assert (edge.rule, edge.confidence, edge.reasons) == ("human", 0.99, ("人工确认（王编辑：查证）",))
    assert edge.evidence[0].rule == "test.rule"
    wrong, _ = corrected([officer("a")], decide("wrong", **row))
    assert not stated(wrong) and len(wrong.nodes) == 2
    by_id, _ = corrected([officer("a")], decide("wrong", edge=edge.id))
    assert by_id == wrong


def test_a_wrong_statement_no_longer_joins_persons():
    """Struck out of one document, the post that two documents share is no ground any more; the other keeps its own."""
    pages = [officer("a"), officer("b")]
    graph, _ = corrected(pages, decide("different", CHEN["a"], CHEN["b"]),
                         decide("wrong", CHEN["b"], BUREAU, relation="holds_position", title="局长"))
    [edge] = stated(graph)
    assert (edge.source, edge.documents) == ("PERSON:陈建国@a", ("a",))


def test_an_edge_is_added_with_a_sentence_or_without():
    row = {"key": CHEN["a"], "relation": "holds_position", "other": BUREAU, "title": "督察长", "date": "2020-03"}
    graph, found = corrected([officer("a")], decide("add", **row))
    [edge] = [edge for edge in stated(graph) if edge.title == "督察长"]
    assert (edge.rule, edge.evidence, edge.date) == ("human", (), "2020-03")
    assert edge.reasons == ("人工添加（王编辑：查证）",)
    graph, found = corrected([officer("a")], decide("add", **row, document="a", sentence="陈建国任"))
    [edge] = [edge for edge in stated(graph) if edge.title == "督察长"]
    assert not found.unapplied and edge.evidence[0].head.text == "陈建国" and edge.documents == ("a",)
    assert edge.reasons == ("人工添加（王编辑：查证）",)
    _, found = corrected([officer("a")], decide("add", **row | {"key": BUREAU, "other": OTHER}))
    assert found.unapplied


def test_an_end_that_the_document_does_not_name_can_be_added():
    pages = [officer("a"), page("b", "[东山县公安局|ORGANIZATION]成立。")]
    graph, found = corrected(pages, decide("add", OTHER, BUREAU, relation="part_of", document="b", sentence="成立"))
    [edge] = [edge for edge in stated(graph) if edge.relation == "part_of"]
    assert not found.unapplied and (edge.source, edge.target, edge.documents) == (OTHER, BUREAU, ("b",))


def test_co_occurrence_is_struck_out():
    graph, found = corrected([officer("a")], decide("wrong", CHEN["a"], BUREAU, relation="co_occurs_with"))
    assert not found.unapplied and [edge.relation for edge in graph.edges] == ["holds_position"]


# --------------------------------------------------------------------------- what can't be applied


@pytest.mark.parametrize(("decision", "why"), [
    (decide("rename", "x[2-5]陈建国", value="甲"), "the document x isn't in this build"),
    (decide("rename", "a[3-6]陈建国", value="甲"), "has no name 陈建国 at [3, 6)"),
    (decide("delete", "ORGANIZATION:无"), "is no node of this build"),
    (decide("wrong", CHEN["a"], BUREAU, relation="holds_position", title="民警"), "states that any more"),
    (decide("wrong", edge="part_of:0"), "no document of this build"),
    (decide("same", CHEN["a"], BUREAU), "give them one type first"),
    (decide("different", CHEN["a"], "PERSON:陈建国"), "use split"),
    (decide("split", CHEN["a"], value="z"), "all of the node or nothing of it"),
    (decide("add", BUREAU, CHEN["a"], relation="part_of"), "part_of has no PERSON as tail"),
    (decide("add", CHEN["a"], BUREAU, relation="holds_position", document="a", sentence="没有"), "no sentence with"),
])
def test_a_decision_that_matches_nothing_is_listed(decision, why):
    graph, found = corrected([officer("a")], decision)
    assert why in str(found.unapplied[0]) and str(found.unapplied[0]).startswith("d.csv:2: ")
    if decision.act != "add":
        assert graph == graph_of(officer("a"))


def test_decisions_that_contradict_each_other_under_other_names_are_not_applied():
    pages = [officer("a"), officer("b"), officer("c", "东山县公安局")]
    _, found = corrected(pages, decide("rename", CHEN["a"], value="甲"),
                         decide("rename", CHEN["b"], value="乙", line=3))
    assert [u.why for u in found.unapplied] == ["contradicts d.csv:3; keep one of them",
                                                "contradicts d.csv:2; keep one of them"]
    graph, found = corrected(pages, decide("same", CHEN["a"], CHEN["b"]), decide("same", CHEN["b"], CHEN["c"], line=3),
                             decide("different", CHEN["a"], CHEN["c"], line=4))
    assert {u.where for u in found.unapplied} == {"d.csv:2", "d.csv:3", "d.csv:4"}
    assert graph == graph_of(*pages)


# ---------------------------------------------------------------------------------------- the table


def table(path: Path, *rows: dict[str, str], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


SIGNED = {"who": "王编辑", "why": "查证"}


def test_rows_in_any_order_and_any_shape_of_csv_give_the_same_bytes(tmp_path):
    pages = [officer("a"), officer("b", "东山县公安局"), officer("c", name="李新")]
    rows = [{"decision": "相同", "key": CHEN["a"], "other": CHEN["b"], **SIGNED},
            {"decision": "Rename", "key": "c[2-4]李新", "value": "李新（云岭）", **SIGNED},
            {"decision": "wrong", "key": "c[2-4]李新", "relation": "holds_position", "other": BUREAU, "title": "局长",
             **SIGNED}, {"kind": "edge"}]
    graphs = []
    for number, order in enumerate(itertools.permutations(rows)):
        shape = ({"encoding": "gb18030"}, {"delimiter": ";"}, {"delimiter": "\t"}, {})[number % 4]
        decisions = read_decisions([table(tmp_path / f"{number}.csv", *order, **shape)], ONTOLOGY)
        assert len(decisions) == 3
        graphs.append(corrected(pages[::-1] if number % 2 else pages, *decisions)[0].model_dump_json())
    assert len(set(graphs)) == 1


def test_all_faults_are_listed_with_line_and_remedy(tmp_path):
    faulty = table(tmp_path / "a.csv", {"decision": "maybe", **SIGNED},
                   {"decision": "same", "key": CHEN["a"], **SIGNED},
                   {"decision": "rename", "key": "陈建国", "value": "甲", "who": "王"},
                   {"decision": "type", "key": CHEN["a"], "value": "DATE", **SIGNED},
                   {"decision": "wrong", "key": CHEN["a"], "relation": "likes", "other": BUREAU, **SIGNED},
                   {"decision": "rename", "key": BUREAU, "value": "甲", **SIGNED},
                   {"decision": "rename", "key": BUREAU, "value": "乙", **SIGNED})
    (tmp_path / "b.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_decisions([tmp_path / "c.csv", tmp_path / "b.csv", faulty], ONTOLOGY)
    lines = str(error.value).splitlines()
    for expected in ("a.csv:2: maybe is no decision; write one of same,", "a.csv:3: same needs two;",
                     "a.csv:4: rename without why; say why", "a.csv:4: key 陈建国 is neither",
                     "a.csv:5: DATE is no type",
                     "a.csv:6: likes is no relation;", "a.csv:8: rename ORGANIZATION:云岭市公安局 → 乙: contradicts",
                     "b.csv:1: has no column decision, who, why, key;", "c.csv: can't be read"):
        assert [line for line in lines if expected in line], expected
    assert len(lines) == 9


@pytest.mark.parametrize(("written", "read"), [("2020/2/4", "2020-02-04"), ("2020-02", "2020-02"), ("Feb-20", None)])
def test_a_date_that_a_spreadsheet_rewrote_is_read_or_refused(tmp_path, written, read):
    path = table(tmp_path / "a.csv", {"decision": "add", "key": CHEN["a"], "relation": "holds_position",
                                      "other": BUREAU, "date": written, **SIGNED})
    if read is None:
        with pytest.raises(InputError, match=r"a\.csv:2: Feb-20 is no date; write 2020-02-04"):
            read_decisions([path], ONTOLOGY)
    else:
        assert [decision.date for decision in read_decisions([path], ONTOLOGY)] == [read]


def test_a_masked_graph_is_not_reviewed():
    with pytest.raises(GraphError, match="review one that was built without"):
        review(mask(graph_of(officer("a"))).graph, below=1)


def test_a_line_break_in_a_cell_does_not_shift_the_lines(tmp_path):
    path = table(tmp_path / "a.csv", {"sentence": "一\n二", "decision": "", "key": "x"}, {"decision": "maybe"})
    with pytest.raises(InputError, match=r"a\.csv:4: maybe"):
        read_decisions([path], ONTOLOGY)


def test_review_asks_and_a_build_answers(tmp_path):
    pages = [officer("a"), officer("b", "东山县公安局"), officer("c", name="=李新")]
    graph = graph_of(*pages)
    rows = write_review(graph, tmp_path / "review.csv", below=0.9)
    data = (tmp_path / "review.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and "'=李新" in data.decode("utf-8-sig")
    assert [row["kind"] for row in rows] == ["merge", "edge", "edge", "edge"]
    assert rows[0]["key"] == CHEN["a"] and rows[0]["other"] == CHEN["b"] and rows[0]["sentence"].startswith("陈建国任")
    with (tmp_path / "review.csv").open(encoding="utf-8-sig", newline="") as read:
        filled = list(csv.DictReader(read))
    filled[0] |= {"decision": "same", **SIGNED}
    for row in filled[1:]:
        row |= {"decision": "wrong" if row["name"] == "'=李新" else "right", **SIGNED}
    decisions = read_decisions([table(tmp_path / "filled.csv", *reversed(filled))], ONTOLOGY)
    again, found = corrected([*pages, officer("d", name="赵清")], *decisions)
    assert not found.unapplied
    assert persons(again) == ["PERSON:=李新", "PERSON:赵清", "PERSON:陈建国"]
    assert sorted(edge.rule for edge in stated(again)) == ["human", "human", "test.rule"]
    assert [row["name"] for row in review(again, below=0.9)] == ["赵清"]


def test_review_of_more_documents_asks_about_persons_joined_on_slight_grounds():
    rows = review(graph_of(officer("a"), officer("b")), below=0)
    [row] = rows
    assert (row["kind"], row["key"], row["other"]) == ("merge", CHEN["a"], CHEN["b"])
    assert "同名，且都任职于 云岭市公安局" in row["question"]


def test_an_answer_about_a_merge_may_be_right_or_wrong(tmp_path):
    path = table(tmp_path / "a.csv", {"decision": "wrong", "key": CHEN["a"], "other": CHEN["b"], **SIGNED})
    assert [decision.act for decision in read_decisions([path], ONTOLOGY)] == ["different"]
