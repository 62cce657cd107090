"""Figures, surroundings, paths, time, ranks and communities of graphs small enough to count by hand."""

import json
import random
import re
from collections import Counter
from types import SimpleNamespace

import networkx
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from kg.ask import analytics
from kg.ask.analytics import betweenness, components, network, pagerank
from kg.ask.answers import communities_text, ego_text, paths_text, stats_text, timeline_text, top_text
from kg.ask.questions import communities, ego, paths, stats, the_node, timeline, top
from kg.cli import main
from kg.errors import GraphError
from kg.export import write_graph
from kg.graph import Edge, Graph, Node
from kg.show import table

from .graph_fixtures import graph_of, page, sample_graph

BUREAU, CHIEF = "ORGANIZATION:云岭市公安局", "PERSON:陈建国"


def plain(*pairs: tuple[int, int], size: int = 0, relation: str = "performs", types: dict | None = None) -> Graph:
    """Nodes 0, 1, … and an edge for each pair."""
    count = max([size, *(end + 1 for pair in pairs for end in pair)])
    kinds = types or {}
    nodes = tuple(Node(id=f"N:{i:04}", type=kinds.get(i, "PERSON"), label=f"某{i}") for i in range(count))
    return Graph(nodes=nodes, edges=tuple(
        Edge(id=f"e{i:04}", source=nodes[a].id, target=nodes[b].id, relation=relation, label="关", weight=1.0,
             confidence=0.9, rule="test") for i, (a, b) in enumerate(pairs)))


def random_graph(seed: int, nodes: int = 40, edges: int = 70) -> Graph:
    rng = random.Random(seed)
    return plain(*((rng.randrange(nodes), rng.randrange(nodes)) for _ in range(edges)), size=nodes)


def simple(graph: Graph) -> networkx.Graph:
    """The graph as networkx sees it: undirected, weights of parallel edges added, no loops."""
    found, pull = networkx.Graph(), analytics.load_theme()["pull"]
    found.add_nodes_from(node.id for node in graph.nodes)
    for edge in graph.edges:
        if edge.source != edge.target:
            before = found.get_edge_data(edge.source, edge.target, {"weight": 0.0})["weight"]
            found.add_edge(edge.source, edge.target, weight=before + edge.weight * pull[edge.relation])
    return found


# ------------------------------------------------------------------------------------- analytics


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_networkx(seed):
    graph = random_graph(seed)
    net, other = network(graph), simple(graph)
    between, sources = betweenness(net)
    assert sources == len(graph.nodes)
    assert between.tolist() == pytest.approx(list(networkx.betweenness_centrality(other).values()))
    assert components(net) == sorted(map(len, networkx.connected_components(other)), reverse=True)
    assert net.pairs == other.number_of_edges()
    ranks = networkx.pagerank(other, weight="weight", tol=1e-12, max_iter=500)
    assert pagerank(net).tolist() == pytest.approx(list(ranks.values()), abs=1e-6)


def test_sampled_betweenness_is_near_the_exact_one_and_always_the_same(monkeypatch):
    net = network(random_graph(1, nodes=120, edges=240))
    exact, _ = betweenness(net)
    monkeypatch.setattr(analytics, "EXACT", 50)
    monkeypatch.setattr(analytics, "SOURCES", 60)
    sampled, sources = betweenness(net)
    assert sources == 60
    assert sampled.tolist() == betweenness(net)[0].tolist()
    assert abs(sampled - exact).max() < 0.05
    assert set(sampled.argsort()[-3:]) & set(exact.argsort()[-3:])


@pytest.mark.parametrize("graph", [Graph(), plain(size=1), plain((0, 0)), plain(size=2)])
def test_graphs_with_nothing_in_them(graph):
    found = stats(graph)
    assert (found.nodes, found.density, found.isolated) == (len(graph.nodes), 0.0, len(graph.nodes))
    assert found.betweenness == ()
    assert communities(graph) == ()
    assert stats_text(found) and communities_text(()) == "no two nodes belong together"


# ------------------------------------------------------------------------------------- questions


def test_figures():
    found = stats(sample_graph())
    assert (found.documents, found.first_date, found.last_date) == (2, "2020-02-05", "2020-03-01")
    assert found.types["PERSON"] == 2 and found.relations["holds_position"] == 2
    assert found.pagerank[0].id == found.betweenness[0].id == BUREAU
    fewer = stats(sample_graph(), cooccurrence=False)
    assert "co_occurs_with" not in fewer.relations and fewer.edges < found.edges
    assert "2020-02-05 – 2020-03-01" in stats_text(found)


def test_ego_grows_by_hops():
    chain = plain((0, 1), (2, 1), (2, 3))
    assert [[n.id[-1] for n in ego(chain, "某0", hops).nodes] for hops in (1, 2, 3)] == \
        [["0", "1"], ["0", "1", "2"], ["0", "1", "2", "3"]]
    assert len(ego(chain, "某0", 2).edges) == 2
    text = ego_text(ego(chain, "某0", 3), chain, 2)
    assert "关 ← 某0" in text and "关 → 某1" in text and "… and 1 more" in text


def test_a_path_says_what_each_step_rests_on():
    found = paths(sample_graph(), "陈建国", "周某", 3)
    assert [step.target_label for step in found[0].steps] == ["云岭市公安局", "周某"]
    assert found[0].cost == 2
    text = paths_text(found)
    assert "任职（局长）" in text and "甲.txt: 陈建国任云岭市公安局局长。" in text
    assert [path.cost for path in found] == sorted(path.cost for path in found)


def test_stated_relations_are_nearer_than_co_occurrence():
    together = plain((0, 3), relation="co_occurs_with").edges[0].model_copy(update={"id": "z"})
    graph = plain((0, 1), (1, 2), (2, 3))
    graph = graph.model_copy(update={"edges": (*graph.edges, together)})
    assert [path.cost for path in paths(graph, "某0", "某3", 5)] == [2, 3]
    assert [path.cost for path in paths(graph, "某0", "某3", 5, cooccurrence=False)] == [3]


def test_no_path_leads_through_a_date_but_one_may_end_there():
    graph = plain((0, 1), (1, 2), types={1: "DATE"})
    assert len(paths(graph, "某0", "某1")[0].steps) == 1
    with pytest.raises(GraphError, match="no path leads from 某0 to 某2"):
        paths(graph, "某0", "某2")


@pytest.mark.parametrize("seed", range(5))
def test_shortest_paths_are_those_of_networkx_whatever_the_order(seed):
    graph = random_graph(seed)
    other = simple(graph)
    ends = [(a, b) for a in list(other)[:3] for b in list(other)[-3:] if a != b and networkx.has_path(other, a, b)]
    assert ends
    for one, two in ends:
        found = paths(graph, one, two, 4)
        assert len(found[0].steps) == networkx.shortest_path_length(other, one, two)
        assert len({tuple(step.target for step in path.steps) for path in found}) == len(found)
        assert found == paths(graph, one, two, 4)


def test_a_timeline_has_dated_edges_and_the_days_of_acts():
    found = timeline(sample_graph(), "市局")
    assert [(h.date, h.relation, h.other_label) for h in found.happenings] == \
        [("2020-02-04", "issued", "《通知》"), ("2020-02-04", "performs", "印发通知")]
    assert found.undated == 3
    assert "3 relations without a date" in timeline_text(found)
    act = timeline(sample_graph(), "印发通知")
    assert {(h.relation, h.date) for h in act.happenings} == {("performs", "2020-02-04"), ("on_date", "2020-02-04")}


def test_a_timeline_is_in_the_order_of_days():
    made = [page(f"{i}", "[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]职。") for i in range(4)]
    said = [("丙", "2020-03"), ("甲", "2019"), ("丁", "XXXX-01-01"), ("乙", "2020-02-28/..")]
    for each, (title, date) in zip(made, said, strict=True):
        each.say(CHIEF, "holds_position", BUREAU, title=title, date=date)
    found = timeline(graph_of(*made), "陈建国")
    assert [h.title for h in found.happenings] == ["甲", "乙", "丙"]
    assert found.undated == 1
    assert timeline_text(timeline(plain((0, 1)), "某0")) == "nothing is dated of 某0\n1 relation without a date"


def test_top_by_relation_and_type():
    graph = sample_graph()
    found = top(graph, "holds_position")
    assert [(s.id, s.edges, s.outgoing, s.incoming) for s in found] == [(BUREAU, 2, 0, 2), (CHIEF, 2, 2, 0)]
    assert [s.id for s in top(graph, "holds_position", "PERSON")] == [CHIEF]
    assert len(top(graph, limit=1)) == 1 and "陈建国" in top_text(found)
    with pytest.raises(GraphError, match="no edge has this relation; there are co_occurs_with, "):
        top(graph, "knows")


def test_communities_and_their_typical_members():
    clique = [(a, b) for a in range(5) for b in range(a)]
    graph = plain(*clique, *((a + 5, b + 5) for a, b in clique), (0, 5), (0, 6), (10, 11), size=13)
    found = communities(graph, members=2)
    assert [(c.number, c.size) for c in found] == [(0, 5), (1, 5), (2, 2)]
    assert [len(c.members) for c in found] == [2, 2, 2] and found[0].types == {"PERSON": 5}
    assert found == communities(graph, members=2)
    assert "某5" in communities_text(found)


def test_communities_of_the_layout_are_kept():
    graph = plain((0, 1), (2, 3))
    laid = graph.model_copy(update={"nodes": tuple(
        node.model_copy(update={"community": i // 3}) for i, node in enumerate(graph.nodes))})
    assert [(c.number, c.size) for c in communities(laid)] == [(0, 3)]


def test_an_ambiguous_name_lists_what_it_may_be():
    graph = Graph(nodes=tuple(Node(id=id_, type="PERSON", label="王某") for id_ in ("PERSON:王某@1", "PERSON:王某@2")))
    with pytest.raises(GraphError, match=r"王某 may be any of these; ask again with an id:\n  PERSON:王某@1"):
        the_node(graph, "王某")
    assert the_node(graph, "PERSON:王某@2").id == "PERSON:王某@2"
    with pytest.raises(GraphError, match="no node has this name"):
        ego(graph, "无名氏")


# -------------------------------------------------------------------------------------- commands


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "graph.json"
    write_graph(sample_graph(), path)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(("command", "said", "keys"), [
    (["stats"], "PageRank", {"nodes", "components"}),
    (["ego", "陈建国", "--hops", 2], "云岭市公安局", {"node", "nodes", "edges"}),
    (["path", "陈建国", "周某", "-k", 2, "--no-cooccurrence"], "任职（局长）", {"cost", "steps"}),
    (["timeline", "市局"], "2020-02-04", {"happenings", "undated"}),
    (["top", "--relation", "holds_position", "--type", "person"], "陈建国", {"weight", "edges"}),
    (["top", "--relation", "任职", "--type", "人物"], "陈建国", {"weight", "edges"}),
])
def test_commands_give_tables_and_json(built, command, said, keys):
    name, *rest = command
    text, as_json = run(name, built, *rest), run(name, built, *rest, "--json")
    assert (text.exit_code, as_json.exit_code) == (0, 0), text.output
    assert said in text.stdout
    for line in as_json.stdout.splitlines():
        assert keys <= json.loads(line).keys()


def test_diff_command(built, tmp_path):
    write_graph(Graph(), tmp_path / "graph.json")
    assert "vanished entities (7)" in run("diff", built, tmp_path).stdout
    assert json.loads(run("diff", built, tmp_path, "--json").stdout)["vanished_documents"] == ["乙.txt", "甲.txt"]


@pytest.mark.parametrize(("command", "code", "said"), [
    (["ego", "{}", "无名氏"], 1, "无名氏: no node has this name"),
    (["path", "{}", "陈建国", "陈建国"], 1, "are the same node"),
    (["top", "{}", "--relation", "knows"], 2, "knows is none of holds_position"),
    (["top", "{}", "--relation", "亲属"], 1, "family_of: no edge has this relation; there are co_occurs_with"),
    (["top", "{}", "--type", "knight"], 2, "knight is none of PERSON"),
    (["path", "{}", "陈建国", "-k", "0"], 2, "Usage"),
    (["timeline", "{}"], 2, "Missing argument"),
])
def test_what_cannot_be_answered_is_said(built, command, code, said):
    result = run(*(part.format(built) for part in command))
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_table_in_a_window_loses_nothing_and_breaks_no_narrow_cell(width, monkeypatch):
    rows = [["ORGANIZATION", "青岚市公安局驻老街社区疫情防控工作指挥部", "任职（民警）← 周海平；" * 6,
             "2024-03-15", "14"], ["PERSON", "周海平", "共现 — 老街派出所", "2023-05", "7"]]
    monkeypatch.setattr("kg.show.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setenv("COLUMNS", str(width))
    shown = re.sub("\x1b[^m]*m", "", table(["type", "name", "by", "date", "weight"], rows))
    assert max(map(cell_len, shown.splitlines())) <= width
    assert Counter("".join(shown.split())) == Counter("".join("typenamebydateweight" + "".join(map("".join, rows))
                                                              ).replace(" ", ""))
    for cell in ("ORGANIZATION", "2024-03-15", "weight", "14"):
        assert cell in shown


def test_a_path_says_each_sentence_once_and_no_co_occurrence_beside_a_statement(built):
    text = run("path", built, "陈建国", "周某", "-k", 3).stdout
    for path in re.split(r"^\d\. ", text, flags=re.M)[1:]:
        sentences = [line for line in path.splitlines() if re.match("     [甲乙]", line)]
        assert len(sentences) == len(set(sentences)) >= 1
    assert "陈建国 —任职（局长）→ 云岭市公安局  [holds_position" in text
    assert "云岭市公安局 —共现— 陈建国" not in text
