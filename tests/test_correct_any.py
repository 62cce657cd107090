"""Whatever people decide: nothing breaks, nothing depends on the order, and what was decided holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assemble import assemble, verify_spans
from kg.correct.apply import correct
from kg.correct.decisions import Decision
from kg.correct.refs import lasting, place
from kg.graph import Graph
from kg.knowledge.ontology import load_ontology
from kg.settings import Settings

from .graph_fixtures import doubting, graph_of, page

ONTOLOGY = load_ontology()


def pages():
    first = page("a", """[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。
        [陈建国|PERSON]和[李新|PERSON]在[东山区|LOCATION]。[市局|ORGANIZATION:市局@]部署。""")
    first.say("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局", title="局长")
    second = page("b", """[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]督察长。
        [李新|PERSON]是[陈建国|PERSON]之弟，[印发|ACTION:印发通知@]通知。""")
    second.say("PERSON:陈建国", "holds_position", "ORGANIZATION:云岭市公安局", title="督察长")
    second.say("PERSON:李新", "family_of", "PERSON:陈建国", sentence=1, kinship="弟")
    second.say("PERSON:李新", "performs", "ACTION:印发通知@b", sentence=1)
    third = page("c", "[云岭市公安局|ORGANIZATION]与[东山区公安局|ORGANIZATION]协同，[陈建国|PERSON]到场。")
    third.say("ORGANIZATION:云岭市公安局", "cooperates_with", "ORGANIZATION:东山区公安局")
    return [first, doubting(second, 0, "open", "PERSON:陈建国"), third]


GRAPH = graph_of(*pages())
REFS = sorted({ref for node in GRAPH.nodes for ref in (
    node.id, lasting(node), *(lasting(node, document) for document in node.documents))})
EDGES = [(edge, {"relation": edge.relation, "title": edge.title, "kinship": edge.kinship}) for edge in GRAPH.edges]
refs = st.sampled_from(REFS)


@st.composite
def decisions(draw) -> Decision:
    act = draw(st.sampled_from(["same", "different", "rename", "type", "split", "delete", "right", "wrong", "add"]))
    fields = {"key": draw(refs)}
    if act in ("same", "different"):
        fields["other"] = draw(refs)
    elif act in ("rename", "split", "type"):
        fields["value"] = draw({"rename": st.sampled_from("甲乙"), "split": st.sampled_from([*REFS, "a", "b|c"]),
                                "type": st.sampled_from(["PERSON", "ORGANIZATION", "LOCATION"])}[act])
    elif act == "add":
        fields |= {"relation": draw(st.sampled_from(["part_of", "holds_position", "family_of"])), "other": draw(refs)}
        fields |= draw(st.sampled_from([{}, {"document": "c", "sentence": "协同"}]))
    elif draw(st.booleans()):
        edge, said = draw(st.sampled_from(EDGES))
        ends = {node.id: lasting(node) for node in GRAPH.nodes}
        fields |= {"key": ends[edge.source], "other": ends[edge.target], **said}
    return Decision(file="d.csv", line=draw(st.integers(2, 9)), act=act, who="王", why="查", **fields)


def check(decided: list[Decision], unapplied: set[str], graph: Graph) -> None:
    """Who was told apart stands at two nodes and who was joined at one, as far as they are named at a place."""
    at = {str(place(m.document, m.quote)): node.id for node in graph.nodes for m in node.mentions}
    for decision in decided:
        if decision.says not in unapplied and decision.key in at and decision.other in at:
            if decision.act == "same":
                assert at[decision.key] == at[decision.other]
            elif decision.act == "different":
                assert at[decision.key] != at[decision.other]


@settings(max_examples=200, deadline=None)
@given(st.lists(decisions(), max_size=6), st.randoms())
def test_any_decisions_in_any_order(found, random):
    ordered = sorted(found, key=lambda d: (d.content, d.line))
    facts = [made.facts for made in pages()]
    graphs = []
    for _ in range(2):
        result = correct(facts, ordered, ONTOLOGY)
        graph = assemble(result.documents, ONTOLOGY, Settings(), result.by_hand)
        assert not verify_spans(graph)
        ids = [node.id for node in graph.nodes]
        assert len(ids) == len(set(ids)) and {end for e in graph.edges for end in (e.source, e.target)} <= set(ids)
        assert len({edge.id for edge in graph.edges}) == len(graph.edges)
        check(ordered, {u.decision for u in result.unapplied}, graph)
        graphs.append((graph, result.unapplied))
        random.shuffle(facts)
    assert graphs[0] == graphs[1]
