"""Scores of graphs against gold: hand-made cases, and the figures of an independent scorer on the seeds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.errors import InputError
from kg.evaluate import Score, evaluate, render
from kg.evaluate.gold import read_gold
from kg.graph import Edge, Graph, Node

GOLD: dict[str, Any] = {
    "doc": "检查",
    "entities": [
        {"type": "PERSON", "name": "齐慕白"},
        {"type": "ORGANIZATION", "name": "望江市公安局", "aliases": ["市公安局"]},
        {"type": "ORGANIZATION", "name": "望江市教育局"},
        {"type": "LOCATION", "name": "望江市", "uncertain": True},
        {"type": "DATE", "name": "2024-06-03", "aliases": ["6月3日"]},
    ],
    "relations": [
        {"head": "齐慕白", "relation": "holds_position", "tail": "望江市公安局", "attributes": {"title": "局长"}},
        {"head": "望江市教育局", "relation": "cooperates_with", "tail": "望江市公安局"},
    ],
    "actions": [
        {"agent": ["望江市公安局"], "trigger": "开展", "object": "校园安全检查", "date": "2024-06-03"},
        {"agent": ["齐慕白"], "trigger": "主持", "object": "会议"},
    ],
}
PERSON, POLICE, SCHOOLS = "PERSON:齐慕白", "ORGANIZATION:望江市公安局", "ORGANIZATION:望江市教育局"
DATE, CHECK = "DATE:2024-06-03", "ACTION:开展校园检查"


def graph_of(nodes: list[str], edges: list[tuple[str, str, str]] = [], **attributes: str) -> Graph:  # noqa: B006
    """Nodes `TYPE:label` or `TYPE:label|alias`, edges (source, relation, target); attributes go to every edge."""
    made = []
    for text in nodes:
        ident, *aliases = text.split("|")
        kind, label = ident.split(":")
        made.append(Node(id=ident, type=kind, label=label, aliases=tuple(aliases)))  # type: ignore[arg-type]
    links = tuple(Edge(id=f"e{i}", source=s, target=t, relation=r, label=r, weight=1, confidence=1, rule="test",
                       **attributes) for i, (s, r, t) in enumerate(edges))  # type: ignore[arg-type]
    return Graph(nodes=tuple(made), edges=links)


@pytest.fixture
def gold(tmp_path: Path) -> Any:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(GOLD, ensure_ascii=False), encoding="utf-8")
    return read_gold(path)


def score(gold: Any, graph: Graph, section: str, row: str) -> tuple[int, int, int]:
    found = evaluate(gold, graph).scores[section][row]
    return found.right, found.given, found.asked


def test_figures() -> None:
    found = Score(right=1, given=2, asked=4)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.25, pytest.approx(1 / 3))
    assert Score(right=0, given=0, asked=0).f1 is None
    assert Score(right=0, given=0, asked=3).precision is None


def test_perfect_graph_scores_one(gold: Any) -> None:
    graph = graph_of(
        [PERSON, POLICE, SCHOOLS, DATE, "ACTION:开展校园安全检查", "ACTION:主持会议"],
        [(PERSON, "holds_position", POLICE), (POLICE, "cooperates_with", SCHOOLS),
         (PERSON, "performs", "ACTION:主持会议"), (POLICE, "performs", "ACTION:开展校园安全检查"),
         ("ACTION:开展校园安全检查", "on_date", DATE)], title="局长")
    result = evaluate(gold, graph)
    assert {row.f1 for rows in result.scores.values() for row in rows.values() if row.asked} == {1.0}
    assert not any(result.errors.values())


def test_short_name_is_right_only_leniently(gold: Any) -> None:
    graph = graph_of(["ORGANIZATION:市公安局"])
    assert score(gold, graph, "entities, lenient", "ORGANIZATION") == (1, 1, 2)
    assert score(gold, graph, "entities, strict", "ORGANIZATION") == (0, 1, 2)


def test_gold_name_among_the_aliases_is_right_leniently(gold: Any) -> None:
    graph = graph_of(["ORGANIZATION:望江公安|望江市公安局"])
    assert score(gold, graph, "entities, lenient", "ORGANIZATION") == (1, 1, 2)


def test_second_node_for_an_entity_is_wrong(gold: Any) -> None:
    graph = graph_of([POLICE, "ORGANIZATION:市公安局"])
    assert score(gold, graph, "entities, lenient", "ORGANIZATION") == (1, 2, 2)
    assert evaluate(gold, graph).errors["entity twice"] == ("ORGANIZATION 市公安局",)


def test_type_counts(gold: Any) -> None:
    assert score(gold, graph_of(["LOCATION:望江市公安局"]), "entities, lenient", "all") == (0, 1, 4)


def test_uncertain_gold_is_neither_asked_for_nor_held_against(gold: Any) -> None:
    assert score(gold, graph_of(["LOCATION:望江市"]), "entities, lenient", "all") == (0, 0, 4)
    graph = graph_of([POLICE, "LOCATION:望江市"], [(POLICE, "located_in", "LOCATION:望江市")])
    assert score(gold, graph, "relations", "all") == (0, 0, 2)


def test_direction_matters_but_not_where_a_relation_is_symmetric(gold: Any) -> None:
    turned = graph_of([PERSON, POLICE, SCHOOLS],
                      [(POLICE, "holds_position", PERSON), (POLICE, "cooperates_with", SCHOOLS)])
    assert score(gold, turned, "relations", "holds_position") == (0, 1, 1)
    assert score(gold, turned, "relations", "cooperates_with") == (1, 1, 1)


@pytest.mark.parametrize(("title", "right"), [("局长", 1), ("党委书记、局长", 1), ("副局长", 0), ("", 0)])
def test_titles(gold: Any, title: str, right: int) -> None:
    graph = graph_of([PERSON, POLICE], [(PERSON, "holds_position", POLICE)], title=title)
    assert score(gold, graph, "relations", "holds_position: title right") == (right, 1, 1)


def test_edge_to_something_that_gold_does_not_have_is_wrong(gold: Any) -> None:
    graph = graph_of([PERSON, "ORGANIZATION:别处"], [(PERSON, "holds_position", "ORGANIZATION:别处")])
    assert score(gold, graph, "relations", "all") == (0, 1, 2)


def test_cooccurrence_is_no_relation(gold: Any) -> None:
    graph = graph_of([PERSON, SCHOOLS], [(PERSON, "co_occurs_with", SCHOOLS)])
    assert score(gold, graph, "relations", "all") == (0, 0, 2)


@pytest.mark.parametrize(("agent", "label", "right"), [
    (POLICE, "开展校园安全检查", 1),
    (POLICE, "开展校园检查", 1),
    (POLICE, "开展宣传", 0),
    (POLICE, "检查校园安全", 0),
    (SCHOOLS, "开展校园安全检查", 0),
], ids=["whole", "half of the object", "another object", "another trigger", "another agent"])
def test_actions(gold: Any, agent: str, label: str, right: int) -> None:
    graph = graph_of([agent, f"ACTION:{label}"], [(agent, "performs", f"ACTION:{label}")])
    assert score(gold, graph, "actions", "ACTION") == (right, 1, 2)


def test_one_act_is_hit_once(gold: Any) -> None:
    graph = graph_of([POLICE, CHECK, "ACTION:开展安全检查"],
                     [(POLICE, "performs", CHECK), (POLICE, "performs", "ACTION:开展安全检查")])
    assert score(gold, graph, "actions", "ACTION") == (1, 2, 2)


def test_arguments_of_acts_that_are_right(gold: Any) -> None:
    graph = graph_of([POLICE, CHECK, DATE, SCHOOLS],
                     [(POLICE, "performs", CHECK), (CHECK, "on_date", DATE), (CHECK, "targets", SCHOOLS)])
    assert score(gold, graph, "arguments", "on_date") == (1, 1, 1)
    assert score(gold, graph, "arguments", "targets") == (0, 1, 0)


def test_table_and_errors(gold: Any) -> None:
    shown = render(evaluate(gold, graph_of([POLICE, "PERSON:别人"])), errors=True)
    assert shown.startswith("检查")
    assert "-- entity missed" in shown and "齐慕白" in shown
    assert "-- entity that gold doesn't have (1)\n   PERSON 别人" in shown


@pytest.mark.parametrize("text", ["", "[]", '{"doc": "x"}', '{"doc": "x", "entities": [], "actions": [], '
                                  '"relations": [{"head": "甲", "relation": "part_of", "tail": "乙"}]}'])
def test_file_that_is_no_gold_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "gold.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.json"):
        read_gold(tmp_path / "gold.json")


# ------------------------------------------------------------------- against an independent scorer


@pytest.mark.shared
def test_figures_are_those_of_the_reference_scorer(shared: Path, tmp_path: Path) -> None:
    texts = {path.stem: path for folder in ("seeds", "data/gold_news") for path in (shared / folder).glob("*.txt")}
    golds = sorted((shared / "data").glob("gold*/*.json"))
    assert golds
    for gold in golds:
        date = json.loads(gold.read_text(encoding="utf-8")).get("reference_date") or ""
        built = kg.build([texts[gold.stem]], kg.Settings(date=date))
        kg.write_graph(built.graph, tmp_path / "graph.graphml")
        printed = subprocess.run([sys.executable, str(shared / "tools" / "score_graph.py"), "--json", str(gold),
                                  str(tmp_path / "graph.graphml")], capture_output=True, text=True, check=True).stdout
        assert ours(gold, built.graph) == theirs(json.loads(printed)["documents"][0]), gold.stem


def ours(gold: Path, graph: Graph) -> dict[str, tuple[int, int, int]]:
    scores = evaluate(read_gold(gold), graph).scores
    return {f"{section}: {name}": (s.right, s.given, s.asked) for section, rows in scores.items()
            for name, s in rows.items() if s.asked or s.given}


def theirs(report: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    rows = {f"entities, {how}: {kind}": row[how] for kind, row in report["entities"].items()
            for how in ("strict", "lenient")}
    rows |= {f"relations: {kind}": row for kind, row in report["relations"].items()}
    rows["actions: ACTION"] = report["actions"]["ACTION"]
    rows |= {f"arguments: {kind}": row for kind, row in report["action arguments"].items()}
    found = {name: (row["tp"], row["sys"], row["gold"]) for name, row in rows.items() if row["gold"] or row["sys"]}
    for kind, row in report["relations"].items():
        for attribute in ("title", "measure", "kinship"):
            if asked := row.get(f"{attribute}_asked"):
                found[f"relations: {kind}: {attribute} right"] = (row[f"{attribute}_ok"], asked, asked)
    return found
