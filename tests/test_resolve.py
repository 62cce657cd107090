"""What names stand for in their document: links, names, reasons and doubts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.mentions.reading import Knowledge
from kg.pipeline import load_knowledge
from kg.resolve import resolve

from .resolve_fixtures import marked

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "resolve.yaml").read_text(encoding="utf-8"))
PAGE = ("document", "title", "publisher")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.mark.parametrize("case", [
    pytest.param(c, id=c["name"], marks=pytest.mark.xfail(reason=c["fails"], strict=True) if "fails" in c else ())
    for c in CASES])
def test_names_are_resolved(case: dict[str, Any], knowledge: Knowledge) -> None:
    clean, sentences = marked(case["text"], **{key: case[key] for key in PAGE if key in case})
    found = resolve(clean, sentences, knowledge)
    mentions = sorted({m for s in sentences for m in s.mentions if m.type != "POSITION"} | found.links.keys())
    links = [[m.text, *([found.links[m].removeprefix("ORGANIZATION:")] if m in found.links else [])] for m in mentions]
    assert links == case["links"]
    assert {e.id.removeprefix("ORGANIZATION:"): e.name for e in found.entities
            if e.name != e.id.partition(":")[2]} == case.get("names", {})
    assert [reason for e in found.entities for reason in e.reasons] == case.get("reasons", [])
    assert [[d.mention.text, *d.candidates] for d in found.doubts] == case.get("doubts", [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_entities_list_their_mentions_and_every_other_form(case: dict[str, Any], knowledge: Knowledge) -> None:
    clean, sentences = marked(case["text"], **{key: case[key] for key in PAGE if key in case})
    found = resolve(clean, sentences, knowledge)
    assert [e.id for e in found.entities] == sorted({*found.links.values()})
    for entity in found.entities:
        assert {m for m, ident in found.links.items() if ident == entity.id} == set(entity.mentions)
        assert set(entity.aliases) == {m.text for m in entity.mentions} - {entity.name}
        assert entity.id.startswith(entity.type + ":")


def test_two_documents_meet_by_id_only_where_they_may(knowledge: Knowledge) -> None:
    text = ["[秭归县公安局|organization]抓获[邹某|person]。", "[白鹭调解室|unit]接待了[段小川|person]。"]
    one, other = ({e.id for e in resolve(*marked(text, document=name), knowledge).entities} for name in "de")
    assert one & other == {"ORGANIZATION:秭归县公安局", "PERSON:段小川"}


@pytest.mark.parametrize(("one", "other", "meet"), [
    ("[长春市|place][朝阳区|place]降雨。", "[北京市|place][朝阳区|place]降雨。", False),
    ("[长春市|place][朝阳区|place]降雨。", "[长春市|place]入汛，[朝阳区|place]积水。", True),
    ("[长春市|place][朝阳区|place]降雨。", "[朝阳区|place]积水。", False),
    ("[朝阳区|place]降雨。", "[朝阳区|place]积水。", False),
    ("[秭归县|place][柳林村|place]修路。", "[兴山县|place][柳林村|place]修路。", False),
    ("[秭归县|place][柳林村|place]修路。", "[秭归县|place][柳林村|place]通车。", True),
    ("[长春市|place]入汛，[朝阳区公安局|organization]夜查。", "[北京市|place][朝阳区公安局|organization]夜查。", False),
    ("[长春市|place]入汛，[朝阳区公安局|organization]巡逻。", "[长春市朝阳区公安局|organization]巡逻。", True),
    ("[宜昌市|place]入汛，[市公安局|relative]巡逻。", "[株洲市|place]入汛，[市公安局|relative]巡逻。", False),
    ("[宜昌市|place]入汛，[市公安局|relative]巡逻。", "[宜昌市公安局|organization]巡逻。", True),
    ("[市公安局|relative]巡逻。", "[市公安局|relative]巡逻。", False),
    ("[农业农村部|organization]发文。", "[农业农村部|organization]开会。", True),
    ("[柳林村村委会|organization]修路。", "[柳林村村委会|organization]修路。", False),
    ("[青蒙铁路|place]通车。", "[青蒙铁路|place]停运。", True),
    ("[人民路|place]通车。", "[人民路|place]封闭。", False),
])
def test_places_and_bodies_of_one_name_meet_only_where_both_documents_say_which(
        knowledge: Knowledge, one: str, other: str, meet: bool) -> None:
    ids = []
    for name, text in (("d", one), ("e", other)):
        found = resolve(*marked([text], document=name), knowledge)
        last = max(m for s in found.sentences for m in s.mentions)
        ids.append(found.links.get(last, f"open in {name}"))
    assert (ids[0] == ids[1]) is meet


def test_order_of_documents_and_of_runs_changes_nothing(knowledge: Knowledge) -> None:
    page = marked(CASES[0]["text"])
    assert resolve(*page, knowledge) == resolve(*page, knowledge)


KINDS = ["person", "place", "organization", "relative", "unit", "shared_head", "reference", "outlet", "police", "model",
         "dateline", "title", "date"]
VALUED = ("date", "shared_head", "police")
PIECE = st.tuples(st.sampled_from(["", "、", "和", "，", "[成立|v]", "[成立|v]由局长任组长的", "（简称"]), st.text(
    st.sampled_from("省市县区局公安派出所支队指挥部委党该本报湖南宜昌朝阳中驻某·王罗西司"), min_size=1, max_size=8),
    st.sampled_from(KINDS))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECE, max_size=6), min_size=1, max_size=3), st.sampled_from(["", "宜昌日报", "市"]))
def test_any_mentions_are_linked_to_entities_that_exist(knowledge: Knowledge, drawn: list[list[tuple[str, str, str]]],
                                                        page: str) -> None:
    texts = ["".join(f"{joint}[{text}|{kind}{'|' + text if kind in VALUED else ''}]"
                     for joint, text, kind in pieces) + "。" for pieces in drawn]
    clean, sentences = marked(texts, publisher=page, title=page)
    found = resolve(clean, sentences, knowledge)
    entities = {e.id for e in found.entities}
    assert set(found.links.values()) == entities and len(entities) == len(found.entities)
    given_mentions = {m for s in sentences for m in s.mentions}
    for mention in found.links.keys() - given_mentions:
        assert mention.source == "grammar.nested"
        assert clean.text[mention.start:mention.end] == mention.text
    assert not {d.mention for d in found.doubts} & found.links.keys()
