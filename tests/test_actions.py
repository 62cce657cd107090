"""Acts: the examples of the lexicon, the ways acts are told, and what becomes of them in the graph."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.acts import Act, act_relations, find_acts
from kg.acts.clauses import read_words
from kg.acts.lexicon import load_lexicon, parse_lexicon
from kg.errors import KnowledgeError
from kg.models import (
    CleanDocument,
    Document,
    Entity,
    Line,
    Mention,
    Metadata,
    Offsets,
    ResolvedDocument,
    TaggedSentence,
)
from kg.relate.markup import read_markup
from kg.taggers import Tagger, open_tagger

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "actions.yaml").read_text(encoding="utf-8"))
GROUPS = yaml.safe_load((files("kg") / "data" / "actions.yaml").read_text(encoding="utf-8"))["actions"]
CUES = (files("kg") / "data" / "action_cues.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger("lac")


def tagged(texts: Sequence[str], tagger: Tagger) -> list[TaggedSentence]:
    """The sentences of one paragraph: mentions as marked, words from the tagger."""
    sentences, start = [], 0
    for index, text in enumerate(texts):
        marked = read_markup(text, start=start)
        words = tagger([marked.sentence.text])[0].tokens
        moved = tuple(word._replace(start=word.start + start, end=word.end + start) for word in words)
        sentences.append(replace(marked, tokens=moved, sentence=replace(marked.sentence, index=index)))
        start = marked.sentence.end
    return sentences


def acts_in(sentences: Sequence[TaggedSentence]) -> list[Act]:
    links = {m: f"{m.type}:{m.text}" for s in sentences for m in s.mentions if m.type != "POSITION"}
    return find_acts(sentences, links)


def shown(act: Act) -> str:
    names = ["、".join(m.text for m in mentions) for mentions in (act.agents, act.places, act.targets)]
    parts = [names[0], act.trigger.text, act.object.text if act.object else "", act.date.text if act.date else "",
             names[1], names[2]]
    return " | ".join(parts).rstrip()


def wanted(line: str) -> str:
    return " | ".join(part.strip() for part in line.split("|")).rstrip()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["id"])
def test_each_action_is_found_in_its_examples(group, tagger):
    assert group["examples"]
    for example in group["examples"]:
        acts = acts_in(tagged([example["text"]], tagger))
        assert [(shown(act), act.canonical) for act in acts] == [(wanted(example["act"]), group["id"])]


@pytest.mark.parametrize("text", [text for group in GROUPS for text in group.get("counterexamples", ())])
def test_counterexamples_tell_of_no_act(text, tagger):
    assert [shown(act) for act in acts_in(tagged([text], tagger)) if act.polarity == "positive"] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_how_acts_are_told(case, tagger):
    assert [shown(act) for act in acts_in(tagged(case["text"], tagger))] == [wanted(line) for line in case["acts"]]


@pytest.mark.parametrize(("text", "polarity", "certainty"), [
    ("[青溪县委|ORGANIZATION]召开大会。", "positive", "fact"),
    ("[青溪县委|ORGANIZATION]没有召开大会。", "negative", "fact"),
    ("[青溪县委|ORGANIZATION]将召开大会。", "positive", "plan"),
    ("[方某|PERSON]涉嫌销售假酒。", "positive", "suspected"),
    ("[方某|PERSON]险些撞伤[李某|PERSON]。", "negative", "fact"),
    ("[方某|PERSON]被控销售假酒。", "positive", "suspected"),
    ("公诉机关指控，[方某|PERSON]销售假酒。", "positive", "suspected"),
    ("[方某|PERSON]涉嫌诈骗被[青溪县公安局|ORGANIZATION]刑事拘留。", "positive", "fact"),
])
def test_what_is_denied_planned_or_suspected_is_told_apart(text, polarity, certainty, tagger):
    assert [(act.polarity, act.certainty) for act in acts_in(tagged([text], tagger))] == [(polarity, certainty)]


def test_headings_hold_no_acts(tagger):
    sentence = tagged(["[青溪县委|ORGANIZATION]召开大会"], tagger)[0]
    assert acts_in([replace(sentence, sentence=replace(sentence.sentence, role="heading"))]) == []


def test_a_list_of_appointments_is_by_the_body_that_its_heading_names(tagger):
    heading, entry, other = tagged([
        "[青溪县政府|ORGANIZATION]关于[周文澜|PERSON]等任免职的通知", "任命[周文澜|PERSON]为局长；",
        "免去[方大年|PERSON]的局长职务。"], tagger)
    heading = replace(heading, sentence=replace(heading.sentence, role="title"))
    assert [shown(act) for act in acts_in([heading, entry, other])] == [
        "青溪县政府 | 任命 | 周文澜为局长 |  |  | 周文澜", "青溪县政府 | 免去 | 方大年的局长职务 |  |  | 方大年"]
    assert acts_in([entry, other]) == []


def test_who_signs_decides_where_the_text_doesnt_say_who(tagger):
    entry, other, sign = tagged([
        "[方某|PERSON]违反条例，决定对[方某|PERSON]处以罚款，对[晨星软件公司|ORGANIZATION]处以警告。",
        "物价部门决定给予[邹某|PERSON]警告。", "[青溪县水利局|ORGANIZATION]（印章）"], tagger)
    sign = replace(sign, sentence=replace(sign.sentence, role="byline", line=9))
    assert [shown(act) for act in acts_in([entry, other, sign])] == [
        "青溪县水利局 | 处以 | 罚款 |  |  | 方某", "青溪县水利局 | 处以 | 警告 |  |  | 晨星软件公司"]
    assert acts_in([entry, other]) == []


def test_a_carried_subject_is_less_certain(tagger):
    first, second = acts_in(tagged(["[青溪县公安局|ORGANIZATION]启动三级响应，登记外来车辆45辆。"], tagger))
    assert first.confidence > second.confidence


def resolved(sentences: Sequence[TaggedSentence]) -> ResolvedDocument:
    text = "".join(s.sentence.text for s in sentences)
    raw = Document(id="d1", text=text, source="d1.txt", sha256=sha256(text.encode()).hexdigest())
    spans = Offsets(array("l", range(len(text))), array("l", range(1, len(text) + 1)))
    links = {m: f"{m.type}:{m.text}" for s in sentences for m in s.mentions}
    entities = tuple(Entity(ident, m.type, m.text, mentions=(m,)) for m, ident in links.items())
    return ResolvedDocument(CleanDocument(raw, text, spans, (Line(0, len(text), "body"),), Metadata()),
                            tuple(sentences), entities, links)


def test_an_act_becomes_a_node_with_its_edges(tagger):
    document = resolved(tagged(
        ["[6月8日|DATE]，[青溪县公安局|ORGANIZATION]在[白鹭镇|LOCATION]抓获[方某|PERSON]。"], tagger))
    (entity,), relations = act_relations(document, find_acts(document.sentences, document.links))
    start = document.clean.text.index("抓获")
    assert (entity.id, entity.type, entity.name) == (f"ACTION:d1:{start}", "ACTION", "抓获方某")
    assert [(r.head, r.relation, r.tail) for r in relations] == [
        ("ORGANIZATION:青溪县公安局", "performs", entity.id), (entity.id, "on_date", "DATE:6月8日"),
        (entity.id, "at_location", "LOCATION:白鹭镇"), (entity.id, "targets", "PERSON:方某")]
    assert dict(relations[0].attributes) == {"canonical": "arrest", "certainty": "fact", "object": "方某",
                                             "polarity": "positive", "trigger": "抓获"}


def test_every_quote_of_the_evidence_is_in_the_text(tagger):
    document = resolved(tagged(["[青溪县公安局|ORGANIZATION]召开动员会，部署夜间巡逻工作。",
                                "随后，[周文澜|PERSON]赶赴[白鹭镇|LOCATION]。"], tagger))
    _, relations = act_relations(document, find_acts(document.sentences, document.links))
    assert relations
    for relation in relations:
        evidence = relation.evidence
        for quote in (evidence.head, evidence.trigger, evidence.tail):
            assert document.clean.text[quote.start:quote.end] == quote.text
            if quote.at is not None:
                assert evidence.sentence.text[quote.at:].startswith(quote.text)


def test_a_body_founded_by_a_body_is_established_too(tagger):
    document = resolved(tagged(["[青溪县公安局|ORGANIZATION]成立[反诈专班|ORGANIZATION]。"], tagger))
    _, relations = act_relations(document, find_acts(document.sentences, document.links))
    (established,) = [r for r in relations if r.relation == "established"]
    assert (established.head, established.tail) == ("ORGANIZATION:青溪县公安局", "ORGANIZATION:反诈专班")
    assert [established.evidence.head.text, established.evidence.tail.text] == ["青溪县公安局", "反诈专班"]


@pytest.mark.parametrize("text", [
    "[周文澜|PERSON]成立[反诈专班|ORGANIZATION]。", "[青溪县公安局|ORGANIZATION]将成立[反诈专班|ORGANIZATION]。",
    "[青溪县公安局|ORGANIZATION]成立10周年，慰问[白鹭派出所|ORGANIZATION]。"])
def test_people_plans_and_other_acts_establish_nothing(text, tagger):
    document = resolved(tagged([text], tagger))
    _, relations = act_relations(document, find_acts(document.sentences, document.links))
    assert all(r.relation != "established" for r in relations)


@pytest.mark.parametrize(("text", "found"), [
    ("[青溪县纪委|ORGANIZATION]约谈[方某|PERSON]，给予其党内警告处分。", ["党内警告"]),
    ("[青溪县公安局|ORGANIZATION]对[方某|PERSON]、[邹某|PERSON]分别处以行政拘留五日。", ["行政拘留", "行政拘留"]),
    ("[青溪县公安局|ORGANIZATION]拟给予[方某|PERSON]警告。", []),
    ("[青溪县公安局|ORGANIZATION]给予[方某|PERSON]奖励。", []),
    ("[方某|PERSON]给予[邹某|PERSON]警告。", []),
    ("[青溪县水利局|ORGANIZATION]给予[晨星软件公司|ORGANIZATION]警告。", []),
])
def test_a_body_that_punishes_somebody_penalized_him(text, found, tagger):
    document = resolved(tagged([text], tagger))
    _, relations = act_relations(document, find_acts(document.sentences, document.links))
    assert [dict(r.attributes)["measure"] for r in relations if r.relation == "penalized"] == found


@pytest.mark.parametrize("text", ["[青溪县委|ORGANIZATION]没有召开大会。", "[白鹭镇|LOCATION]召开大会。"])
def test_denied_acts_and_acts_of_nobody_make_no_node(text, tagger):
    document = resolved(tagged([text], tagger))
    assert act_relations(document, find_acts(document.sentences, document.links)) == ([], [])


def test_an_agent_that_is_no_entity_gives_no_act(tagger):
    assert find_acts(tagged(["[青溪县委|ORGANIZATION]召开大会。"], tagger), {}) == []


def test_faults_of_the_lexicon_are_told_all_at_once_with_their_lines():
    text = ("actions:\n- id: a\n  label: {zh: 甲, en: a}\n  triggers: [召开]\n"
            "- id: b\n  label: {zh: 乙}\n  triggers: [召开]\n  kind: odd\n")
    with pytest.raises(KnowledgeError) as caught:
        parse_lexicon(text, CUES)
    assert [fault.split(": ")[0] for fault in caught.value.faults] == ["actions.yaml:5"] * 3


def test_every_cue_list_is_asked_for():
    actions = "actions:\n- {id: a, label: {zh: 甲, en: a}, triggers: [召开]}\n"
    with pytest.raises(KnowledgeError, match="speech is missing"):
        parse_lexicon(actions, CUES.replace("speech:", "said:"))
    with pytest.raises(KnowledgeError, match="speech: 批评 stands twice"):
        parse_lexicon(actions, CUES.replace("speech: [", "speech: [批评, "))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(
    ["[甲局|ORGANIZATION]", "[方某|PERSON]", "[白鹭镇|LOCATION]", "[6月8日|DATE]", "[召开|v]", "[对|p]", "[的|u]",
     "[，|w]", "[（|w]", "[）|w]", "[“|w]", "[”|w]", "[并|c]", "[进行|v]", "[排查|vn]", "[赴|v]", "[被|p]", "[将|d]",
     "[会议|n]", "[、|w]", "[了|u]", "[：|w]", "[指示|v]", "[后|f]"]), max_size=14))
def test_any_string_of_words_can_be_read(pieces):
    sentence = read_markup("".join(pieces))
    text, (start, end) = sentence.sentence.text, (sentence.sentence.start, sentence.sentence.end)
    words = read_words(sentence, load_lexicon().cues["cut_nouns"], load_lexicon().compounds)
    assert all(a.end <= b.start for a, b in pairwise(words))
    for act in acts_in([sentence]):
        assert text[act.trigger.start:].startswith(act.trigger.text[0])
        assert start <= act.trigger.start < act.trigger.end <= end
        assert set(act.agents).isdisjoint(act.targets)
        assert all(isinstance(agent, Mention) and agent.type in ("PERSON", "ORGANIZATION") for agent in act.agents)


def test_a_long_description_gives_way_to_the_one_described(tagger):
    text = ("[周文澜|PERSON]会见应邀前来出席青溪县水利工程五十周年纪念"
            "暨白鹭镇防汛抗旱经验交流系列文化活动的作家[方某|PERSON]。")
    assert [act.label for act in acts_in(tagged([text], tagger))][:1] == ["会见作家方某"]


@pytest.mark.parametrize(("text", "label"), [
    ("[周文澜|PERSON]在[白鹭镇|LOCATION]调研时强调，要抓好生产。", "调研白鹭镇"),
    ("[周文澜|PERSON]到[青溪公司|ORGANIZATION]检查。", "检查青溪公司"),
    ("[周文澜|PERSON]在[白鹭镇|LOCATION]检查防汛工作。", "检查防汛工作"),
])
def test_an_act_without_an_object_is_called_by_where_it_was_done(text, label, tagger):
    assert [act.label for act in acts_in(tagged([text], tagger))] == [label]
