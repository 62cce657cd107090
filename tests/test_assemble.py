"""From resolved documents to the graph."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assemble import assemble, verify_spans
from kg.assemble.periods import bounds
from kg.errors import KnowledgeError
from kg.graph import Edge, Graph, Node
from kg.knowledge.ontology import load_ontology
from kg.models import Entity
from kg.settings import Settings

from .graph_fixtures import doubting, graph_of, page, sample_graph

POST = "[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。"
POST_IDS = ("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局")


def edges(graph: Graph, relation: str) -> list[Edge]:
    return [edge for edge in graph.edges if edge.relation == relation]


def node(graph: Graph, id_: str) -> Node:
    return next(node for node in graph.nodes if node.id == id_)


def test_a_sentence_printed_twice_is_one_piece_of_evidence():
    pages = [page(d, POST).say(*POST_IDS, title="局长", confidence=0.6) for d in "ab"]
    [edge] = edges(graph_of(*pages), "holds_position")
    assert (edge.weight, edge.confidence, edge.documents, len(edge.evidence)) == (1.0, 0.6, ("a", "b"), 2)


def test_independent_sentences_add_up():
    one = page("a", POST).say(*POST_IDS, title="局长", confidence=0.6)
    other = page("b", "局长[陈建国|PERSON]代表[云岭市公安局|ORGANIZATION]讲话。")
    other.say(*POST_IDS, title="局长", confidence=0.5)
    [edge] = edges(graph_of(one, other), "holds_position")
    assert (edge.weight, edge.confidence) == (2.0, 0.8)


def test_two_rules_on_one_sentence_are_one_piece_of_evidence():
    made = page("a", POST).say(*POST_IDS, confidence=0.6, rule="weak").say(*POST_IDS, confidence=0.9, rule="strong")
    [edge] = edges(graph_of(made), "holds_position")
    assert (edge.weight, edge.confidence, edge.rule) == (1.0, 0.9, "strong")


def test_confidence_never_reaches_one():
    [edge] = edges(graph_of(page("a", POST).say(*POST_IDS, confidence=1.0)), "holds_position")
    assert edge.confidence == 0.99


@pytest.mark.parametrize("attributes", [{"title": "总指挥"}, {"title": "局长", "status": "原任"}])
def test_other_posts_and_other_status_are_other_edges(attributes):
    made = page("a", POST).say(*POST_IDS, title="局长").say(*POST_IDS, **attributes)
    found = edges(graph_of(made), "holds_position")
    assert len(found) == len({edge.id for edge in found}) == 2


def test_the_best_evidence_is_the_surest_then_body_then_heading_then_caption_then_the_earliest():
    text = "\n".join(["caption: 甲" + POST, "heading: 乙" + POST, "丙" + POST, "丁" + POST, "戊" + POST])
    made = page("a", text, date="2020-02-02")
    for sentence in range(5):
        made.say(*POST_IDS, sentence=sentence, confidence=0.9 if sentence == 4 else 0.5)
    early = page("b", "己" + POST, date="2020-01-01").say(*POST_IDS, confidence=0.5)
    [edge] = edges(graph_of(made, early), "holds_position")
    assert [e.sentence.text[0] for e in edge.evidence] == list("戊己丙丁乙甲")


def test_a_symmetric_relation_is_written_once_with_its_quotes_swapped():
    text = "[青屿市公安局|ORGANIZATION]会同[云岭市公安局|ORGANIZATION]。"
    one, other = "ORGANIZATION:青屿市公安局", "ORGANIZATION:云岭市公安局"
    made = page("a", text).say(one, "cooperates_with", other).say(other, "cooperates_with", one)
    [edge] = edges(graph_of(made), "cooperates_with")
    assert (edge.source, edge.target) == tuple(sorted((one, other)))
    assert all((e.head.text, e.tail.text) == ("云岭市公安局", "青屿市公安局") for e in edge.evidence)


def test_an_edge_is_derived_only_if_all_its_evidence_is():
    made = page("a", POST + "\n甲" + POST).say(*POST_IDS, derived=True)
    assert edges(graph_of(made), "holds_position")[0].derived
    made.say(*POST_IDS, sentence=1)
    assert not edges(graph_of(made), "holds_position")[0].derived


def test_of_several_dates_the_earliest_stands():
    made = page("a", POST).say(*POST_IDS, date="2020-03").say(*POST_IDS, date="2020-02-10/..")
    assert edges(graph_of(made), "holds_position")[0].date == "2020-02-10/.."


@pytest.mark.parametrize(("relation", "attributes", "fault"), [
    (("ORGANIZATION:云岭市公安局", "holds_position", "PERSON:陈建国"), {}, "has no ORGANIZATION as head"),
    (("PERSON:陈建国", "admires", "ORGANIZATION:云岭市公安局"), {}, "admires is no relation"),
    (POST_IDS, {"measure": "拘留"}, "holds_position has no attribute measure"),
    (POST_IDS, {"trigger": "任"}, "holds_position has no attribute trigger"),
    (("PERSON:陈建国", "holds_position", "ORGANIZATION:无此局"), {}, "the document has no entity ORGANIZATION:无此局"),
])
def test_a_relation_that_breaks_the_ontology_is_a_fault(relation, attributes, fault):
    with pytest.raises(ValueError, match=f"^a: rule test.rule: .*{fault}"):
        graph_of(page("a", POST).say(*relation, **attributes))


def test_a_relation_of_an_entity_with_itself_is_dropped():
    made = page("a", "[云岭市公安局|ORGANIZATION]。")
    made.say("ORGANIZATION:云岭市公安局", "part_of", "ORGANIZATION:云岭市公安局")
    assert not graph_of(made).edges


def test_what_is_said_of_an_act_stands_on_its_node():
    graph = sample_graph()
    act = node(graph, "ACTION:印发通知@甲.txt")
    assert act.attributes == {"canonical": "印发", "polarity": "肯定"}
    assert [(m.quote.text, m.source) for m in act.mentions] == [("印发", "test.rule")]
    assert act.aliases == ()
    assert not any(edge.title for edge in edges(graph, "performs"))


def test_aliases_are_the_other_forms_by_frequency():
    forms = ["市局", "公安局", "市局", "云岭市公安局"]
    made = page("a", "、".join(f"[{form}|ORGANIZATION:云岭市公安局]" for form in forms))
    [entity] = made.resolved.entities
    made.resolved = replace(made.resolved, entities=(replace(entity, aliases=("云岭公安",)),))
    assert node(graph_of(made), entity.id).aliases == ("市局", "公安局", "云岭公安")


def test_an_entity_without_mention_or_edge_is_no_node():
    made = page("a", POST)
    idle, place = (Entity(f"LOCATION:{name}", "LOCATION", name) for name in ("平湖县", "云岭市"))
    made.resolved = replace(made.resolved, entities=(*made.resolved.entities, idle, place))
    made.say("ORGANIZATION:云岭市公安局", "located_in", place.id, derived=True)
    graph = graph_of(made)
    assert {n.label for n in graph.nodes} == {"陈建国", "云岭市公安局", "云岭市"}
    assert node(graph, place.id).documents == ("a",)


@pytest.mark.parametrize(("id_", "first", "last"), [
    ("DATE:2020-02-04", "2020-02-04", "2020-02-04"),
    ("ACTION:印发通知@甲.txt", "2020-02-04", "2020-02-04"),
    ("ORGANIZATION:云岭市公安局", "2020-02-04", "2020-03-01"),     # its act, its later document
    ("DOCUMENT:《通知》", "2020-02-05", "2020-02-05"),            # its document alone
])
def test_a_node_is_dated_by_its_acts_and_its_documents(id_, first, last):
    found = node(sample_graph(), id_)
    assert (found.first_date, found.last_date) == (first, last)


@pytest.mark.parametrize(("edtf", "expected"), [
    ("2020-02-04", ("2020-02-04", "2020-02-04")), ("2020", ("2020-01-01", "2020-12-31")),
    ("2020-10/2020-12", ("2020-10-01", "2020-12-31")), ("../2020-03-28", ("2020-03-28", "2020-03-28")),
    ("2020-01-24/2020-02-02", ("2020-01-24", "2020-02-02")), ("2020-02-04T10:00", ("2020-02-04", "2020-02-04")),
    ("XXXX-12-06", None), ("2020-13", None), ("", None), ("../..", None), ("0000", None)])
def test_bounds_of_dates(edtf, expected):
    assert bounds(edtf) == expected


def test_a_mention_knows_its_sentence_and_its_raw_text():
    mention = node(graph_of(page("a", "前文。\n" + POST)), "PERSON:陈建国").mentions[0]
    assert (mention.quote.text, mention.quote.raw, mention.quote.at) == ("陈建国", "陳建国", 0)
    assert mention.sentence.text == "陈建国任云岭市公安局局长。"


def test_doubts_of_a_document_point_to_the_nodes_of_the_graph():
    made = doubting(page("a", "[周某|PERSON]。"), 0, "no full name", "PERSON:周某", "PERSON:他人")
    [doubt] = graph_of(made).doubts
    assert doubt.candidates == ("PERSON:周某@a", "PERSON:他人")


def test_every_span_holds_what_it_claims():
    assert verify_spans(sample_graph()) == []


@pytest.mark.parametrize("break_it", [
    lambda g: g.model_copy(update={"documents": tuple(d.model_copy(update={"text": "x" + d.text})
                                                      for d in g.documents)}),
    lambda g: g.model_copy(update={"documents": g.documents[1:]}),
    lambda g: g.model_copy(update={"nodes": tuple(
        n.model_copy(update={"mentions": tuple(m.model_copy(update={"quote": m.quote.model_copy(update={"at": 99})})
                                               for m in n.mentions)}) for n in g.nodes)}),
])
def test_spans_that_are_off_are_reported(break_it):
    assert verify_spans(break_it(sample_graph()))


def test_the_setting_leaves_out_rare_pairs():
    assert edges(graph_of(page("a", POST)), "co_occurs_with")
    assert not graph_of(page("a", POST), min_cooccurrence=2).edges


NAMES = ["[陈建国|PERSON]", "[云岭市公安局|ORGANIZATION]", "[市局|ORGANIZATION:云岭市公安局]", "[周某|PERSON:周某@]",
         "[指挥部|ORGANIZATION:指挥部@]", "[东山区|LOCATION]", "[2月4日|DATE:2020-02-04]"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), min_size=1, max_size=3), max_size=4))
def test_the_order_of_documents_leaves_no_trace(texts):
    pages = [page(str(i), "\n".join("、".join(names) for names in lines), date=f"2020-02-0{i + 1}")
             for i, lines in enumerate(texts)]
    for made in pages:
        ids = [entity.id for entity in made.resolved.entities]
        if set(ids) >= {"PERSON:陈建国", "ORGANIZATION:云岭市公安局"}:
            made.say(*POST_IDS, title="局长")
    orders = list(itertools.islice(itertools.permutations(pages), 5))
    graphs = [graph_of(*order) for order in orders]
    assert all(graph == graphs[0] for graph in graphs)
    assert verify_spans(graphs[0]) == []


def test_nothing_in_nothing_out():
    assert assemble([], load_ontology(), Settings()) == Graph()


def test_the_ontology_reports_all_its_faults_with_their_lines(tmp_path):
    file = tmp_path / "ontology.yaml"
    file.write_text('types:\n  PERSON: {label: {zh: 人物, en: person}, color: red}\n'
                    'relations:\n  knows:\n    label: {zh: 认识, en: knows}\n    head: [PERSON]\n'
                    '    tail: [ROBOT]\n    color: "#ffffff"\n', encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_ontology(file)
    assert [fault.split(": ")[0] for fault in caught.value.faults] == [f"{file}:2", f"{file}:7"]


@pytest.mark.parametrize(("text", "fault"), [
    ("types: {PERSON: {label: {zh: 人, en: p}, color: '#123456'}}\nrelations:\n  knows: {label: {zh: 识, en: k},\n"
     "    head: [PERSON],\n    tail: [DATE], color: '#123456'}\n",
     "5: relations.knows.tail: DATE isn't among the types"),
    ("types: {}\ntypes: {}\n", "2: the key 'types' stands twice"),
    ("types: [\n", "2: isn't YAML"),
])
def test_an_ontology_with_a_single_fault(tmp_path, text, fault):
    file = tmp_path / "ontology.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_ontology(file)
    assert [f.startswith(f"{file}:{fault}") for f in caught.value.faults] == [True]


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(KnowledgeError, match="check the path"):
        load_ontology(tmp_path / "none.yaml")
