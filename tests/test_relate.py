"""Relations of sentences and of documents: conditions, cues, entities, evidence, traces, speed."""

import hashlib
import time
from array import array
from dataclasses import replace

import pytest

from kg.models import CleanDocument, Document, Entity, Metadata, Offsets, ResolvedDocument, TaggedSentence, Token
from kg.relate import relate
from kg.relate.explain import explain_sentence, render_trace
from kg.relate.markup import read_markup
from kg.relate.match import match_sentence
from kg.relate.rules import load_rules

BOOK = load_rules()


def said(markup: str) -> set[str]:
    """What the whole book reads in a sentence: `head relation tail` and the attributes."""
    return {" ".join([m.head.text, m.relation, m.tail.text, *(f"{k}={v}" for k, v in m.attributes)])
            for m in match_sentence(read_markup(markup), BOOK)}


def resolved(*markups: str, links: dict[str, str] | None = None) -> ResolvedDocument:
    """A document of marked-up sentences; `links` gives the entity (TYPE:name) of a surface, else it is its own."""
    sentences: list[TaggedSentence] = []
    for markup in markups:
        sentences.append(read_markup(markup, document="d", start=sentences[-1].sentence.end if sentences else 0))
    text = "".join(s.sentence.text for s in sentences)
    mentions = [m for s in sentences for m in s.mentions if m.type != "POSITION"]
    link = {m: (links or {}).get(m.text, f"{m.type}:{m.text}") for m in mentions}
    names = {i: i.partition(":") for i in link.values() if i}
    entities = tuple(Entity(i, t, name) for i, (t, _, name) in sorted(names.items()))
    raw = Document(id="d", text=text, source="d.txt", sha256=hashlib.sha256(text.encode()).hexdigest())
    size = len(text)
    clean = CleanDocument(raw, text, Offsets(array("l", range(size)), array("l", range(1, size + 1))), (), Metadata())
    return ResolvedDocument(clean, tuple(sentences), entities, {m: i for m, i in link.items() if i})


@pytest.mark.parametrize(("markup", "expected"), [
    # a bare title after a post in a party committee's parent, and a title that names its own body
    ("[市委|ORGANIZATION][常委|POSITION]、[副市长|POSITION][张三|PERSON]出席。",
     {"张三 holds_position 市委 title=常委"}),
    ("[甲局|ORGANIZATION][局长|POSITION][张三|PERSON]、[记者|POSITION][李四|PERSON]同行。",
     {"张三 holds_position 甲局 title=局长"}),
    ("[甲局|ORGANIZATION][局长|POSITION][张三|PERSON]，[记者|POSITION][李四|PERSON]同行。",
     {"张三 holds_position 甲局 title=局长"}),
    ("[甲厅|ORGANIZATION][原党组成员|POSITION]、[驻厅纪检组|ORGANIZATION][原组长|POSITION][张三|PERSON]被查。",
     {"张三 holds_position 甲厅 status=原任 title=党组成员", "张三 holds_position 驻厅纪检组 status=原任 title=组长"}),
    ("[甲市|LOCATION][代市长|POSITION]、[市委|ORGANIZATION][副书记|POSITION][张三|PERSON]讲话。",
     {"张三 holds_position 市委 title=副书记"}),
    ("[甲局|ORGANIZATION][人大|j]代表[张三|PERSON]。", set()),
    # a whole sentence with several relations, and none invented between its parts
    ("[甲局|ORGANIZATION]会同[乙局|ORGANIZATION]印发[《方案》|DOCUMENT]，成立[工作组|ORGANIZATION]，"
     "[张三|PERSON]任[组长|POSITION]。",
     {"甲局 cooperates_with 乙局", "甲局 issued 《方案》", "乙局 issued 《方案》",
      "张三 holds_position 工作组 title=组长",
      "甲局 established 工作组", "乙局 established 工作组"}),
    ("[甲部|ORGANIZATION]、[乙部|ORGANIZATION]联合发布[《通知》|DOCUMENT]。",
     {"甲部 cooperates_with 乙部", "甲部 issued 《通知》", "乙部 issued 《通知》"}),
    ("[甲所|ORGANIZATION][辅警|POSITION][张三|PERSON]、[李四|PERSON]夫妇值守。",
     {"张三 holds_position 甲所 title=辅警", "李四 holds_position 甲所 title=辅警",
      "张三 family_of 李四 kinship=夫妻"}),
    ("[甲局|ORGANIZATION]、[乙局|ORGANIZATION]召开会议。", set()),
    ("[张三|PERSON]看望[李四|PERSON]。", set()),
])
def test_what_a_sentence_says(markup, expected):
    assert said(markup) == expected


@pytest.mark.parametrize(("word", "fires"), [
    ("", True), ("已", True), ("没有", False), ("尚未", False), ("拟", False), ("将", False), ("应当", False),
    ("否认", False), ("不断", True), ("非法", True), ("应急", True),
])
def test_cues_before_a_trigger(word, fires):
    assert bool(said(f"[甲局|ORGANIZATION]{word}印发[《方案》|DOCUMENT]。")) is fires


def test_a_cue_in_a_name_or_across_a_comma_or_before_de_does_not_reach():
    assert said("[未央区公安局|ORGANIZATION]印发[《方案》|DOCUMENT]。")
    assert said("因未下雨，[甲局|ORGANIZATION]印发[《方案》|DOCUMENT]。")
    assert said("[甲分局|ORGANIZATION]对不守规定的[赵某|PERSON]处以警告。")


def test_a_cue_inside_a_word_is_none():
    """主要 holds 要; when the words are known, a cue has to begin one."""
    assert not said("[甲局|ORGANIZATION]主要印发[《方案》|DOCUMENT]。")
    assert said("[甲局|ORGANIZATION][主要|ad][印发|v][《方案》|DOCUMENT]。")


def test_a_hedge_halves_the_confidence():
    sure, unsure = (match_sentence(read_markup(f"[甲局|ORGANIZATION]{w}印发[《方案》|DOCUMENT]。"), BOOK)[0].confidence
                    for w in ("", "疑似"))
    assert unsure == pytest.approx(sure / 2)


@pytest.mark.parametrize(("word", "fires"), [("[成立|v]", True), ("[成立|n]", False), ("[成立大|n]", False)])
def test_a_trigger_is_a_whole_word_of_its_part_of_speech(word, fires):
    book = BOOK.only("established.verb")
    sentence = read_markup(f"[甲局|ORGANIZATION]{word}[工作组|ORGANIZATION]。")
    assert bool(match_sentence(sentence, book)) is fires


def test_a_name_may_end_inside_the_word_of_a_trigger():
    sentence = read_markup("[张三|PERSON][自3月起|DATE]任[甲局|ORGANIZATION][局长|POSITION]。")
    word = Token(sentence.mentions[1].end - 1, sentence.mentions[1].end + 1, "起任", "v")
    assert match_sentence(replace(sentence, tokens=(word,)), BOOK)


@pytest.mark.parametrize(("markup", "date"), [
    ("[张三|PERSON][2020年|DATE]任[甲局|ORGANIZATION][局长|POSITION]。", "2020年"),
    ("[3月1日|DATE]，会议任命[张三|PERSON]为[甲局|ORGANIZATION][局长|POSITION]。", "3月1日"),
    ("[张三|PERSON]，[1970年|DATE]生，现任[甲局|ORGANIZATION][局长|POSITION]。", None),
    ("[3月1日|DATE][甲局|ORGANIZATION][局长|POSITION][张三|PERSON]到场。", None),
])
def test_a_post_has_the_date_at_which_it_is_said_to_be_taken(markup, date):
    sentence = read_markup(markup)
    dated = tuple(m._replace(value=m.text) if m.type == "DATE" else m for m in sentence.mentions)
    found = match_sentence(replace(sentence, mentions=dated), BOOK)
    assert {dict(m.attributes).get("date") for m in found} == {date}


def test_each_stage_of_a_career_has_its_own_status_and_date():
    sentence = read_markup("[张三|PERSON][2010年|DATE]任[甲局|ORGANIZATION][局长|POSITION]，"
                           "[2015年|DATE]拟任[乙局|ORGANIZATION][副局长|POSITION]、[党组书记|POSITION]，"
                           "未任[丙局|ORGANIZATION][局长|POSITION]。")
    dated = tuple(m._replace(value=m.text) if m.type == "DATE" else m for m in sentence.mentions)
    found = match_sentence(replace(sentence, mentions=dated), BOOK)
    assert [(m.tail.text, dict(m.attributes)) for m in found] == [
        ("甲局", {"date": "2010年", "title": "局长"}),
        ("乙局", {"date": "2015年", "status": "拟任", "title": "党组书记"}),
        ("乙局", {"date": "2015年", "status": "拟任", "title": "副局长"})]


def test_offsets_are_those_of_the_document():
    sentence = read_markup("昨天，[甲局|ORGANIZATION]印发[《方案》|DOCUMENT]。", start=100)
    match = match_sentence(sentence, BOOK)[0]
    assert match.trigger == (105, 107) and match.span == (103, 111)


def test_relations_link_entities_with_their_evidence():
    links = {"该局": "ORGANIZATION:甲县公安局"}
    document = resolved("开头。", "[该局|ORGANIZATION]印发[《方案》|DOCUMENT]。", links=links)
    relation, = relate(document, BOOK)
    assert (relation.relation, relation.head, relation.tail) == ("issued", links["该局"], "DOCUMENT:《方案》")
    evidence = relation.evidence
    assert evidence.rule == "issued.verb" and evidence.sentence.text == "该局印发《方案》。"
    assert [(q.text, q.at) for q in (evidence.head, evidence.trigger, evidence.tail)] == [
        ("该局", 0), ("印发", 2), ("《方案》", 4)]
    assert document.clean.document.text[evidence.trigger.start:evidence.trigger.end] == "印发"


def test_a_mention_without_entity_gives_no_relation():
    assert relate(resolved("[甲局|ORGANIZATION]印发[《方案》|DOCUMENT]。", links={"甲局": ""}), BOOK) == ()


def test_an_entity_has_no_relation_to_itself():
    links = {"甲局": "ORGANIZATION:甲县公安局", "县公安局": "ORGANIZATION:甲县公安局"}
    assert relate(resolved("[甲局|ORGANIZATION]会同[县公安局|ORGANIZATION]检查。", links=links), BOOK) == ()


def test_two_names_of_one_entity_give_one_relation_a_sentence():
    links = {"甲局": "ORGANIZATION:甲县公安局", "县公安局": "ORGANIZATION:甲县公安局"}
    text = "[甲局|ORGANIZATION]会同[乙局|ORGANIZATION]检查，[县公安局|ORGANIZATION]联合[乙局|ORGANIZATION]执法。"
    assert len(relate(resolved(text, links=links), BOOK)) == 1
    assert len(relate(resolved(text, text, links=links), BOOK)) == 2


def test_a_symmetric_relation_is_written_once_smaller_id_first():
    one, other = (relate(resolved(text), BOOK)[0] for text in (
        "[甲局|ORGANIZATION]会同[乙局|ORGANIZATION]检查。", "[乙局|ORGANIZATION]会同[甲局|ORGANIZATION]检查。"))
    assert (one.head, one.tail) == (other.head, other.tail)
    assert other.evidence.head.text == one.evidence.head.text


def test_a_bare_title_after_a_party_committee_goes_to_the_body_around_it():
    text = "[甲局党委|ORGANIZATION][书记|POSITION]、[局长|POSITION][张三|PERSON]到场。"
    posts = {(r.tail, dict(r.attributes)["title"]) for r in relate(resolved(text, "[甲局|ORGANIZATION]。"), BOOK)}
    assert posts == {("ORGANIZATION:甲局党委", "书记"), ("ORGANIZATION:甲局", "局长")}
    assert {r.tail for r in relate(resolved(text), BOOK)} == {"ORGANIZATION:甲局党委"}, "no such body in the document"


LINE = "[2003.01—2011.10|DATE]　[甲局|ORGANIZATION][局长|POSITION]"


@pytest.mark.parametrize(("before", "held"), [
    (["[张三|PERSON]，男，1967年生。"], True),
    (["[张三|PERSON]简历：", "[1996年|DATE]　[甲县|LOCATION]学习"], True),
    (["[张三|PERSON]简历：", "他这样写道："], False),
    (["[张三|PERSON]和[李四|PERSON]到场。"], False),
    (["记者[张三|PERSON]报道"], False),
    ([], False),
])
def test_lines_of_a_career_are_of_the_person_named_before(before, held):
    posts = [r for r in relate(resolved(*before, LINE), BOOK) if r.relation == "holds_position"]
    assert [(r.head, r.tail, r.evidence.head.at) for r in posts] == (
        [("PERSON:张三", "ORGANIZATION:甲局", None)] if held else [])


@pytest.mark.parametrize(("date", "status"), [("2003-01/2011-10", "原任"), ("2003-01/..", ""), ("2003-01", "")])
def test_a_post_held_until_a_date_is_over(date, status):
    document = resolved("[张三|PERSON]，男。", LINE)
    line = document.sentences[1]
    dated = replace(line, mentions=(line.mentions[0]._replace(value=date), *line.mentions[1:]))
    [post] = relate(replace(document, sentences=(document.sentences[0], dated)), BOOK)
    assert (dict(post.attributes).get("status", ""), dict(post.attributes)["date"]) == (status, date)


def test_a_trace_tells_what_fired_what_was_refused_and_what_was_near():
    text = "[甲局|ORGANIZATION][局长|POSITION][张三|PERSON]否认印发[《方案》|DOCUMENT]。"
    trace = explain_sentence(read_markup(text), BOOK)
    assert [m.rule for m in trace.matches] == ["holds_position.before_name"]
    shown = render_trace(trace)
    assert "fired     holds_position.before_name: 张三 –holds_position→ 甲局 title=局长" in shown
    trace = explain_sentence(read_markup("[甲局|ORGANIZATION]未印发[《方案》|DOCUMENT]。"), BOOK)
    assert ("issued.verb", "cue negation: 未") in {(r.rule, r.why) for r in trace.refusals}
    trace = explain_sentence(read_markup("[乙局|ORGANIZATION]印发了通知。"), BOOK)
    assert next((m.rule, m.failed) for m in trace.near) == ("issued.verb", "{tail:DOCUMENT+}")
    assert render_trace(explain_sentence(read_markup("下雨。"), BOOK)).endswith("no rule came near")


def test_two_thousand_sentences_a_second():
    """Half of that is asked for, so that a busy machine doesn't fail the test."""
    texts = [e.text for r in BOOK.relations for e in r.rule.examples]
    texts += ["[甲局|ORGANIZATION]全力以赴，连夜奋战。"] * 200
    sentences = [read_markup(text) for text in texts]
    start = time.process_time()
    for sentence in sentences:
        match_sentence(sentence, BOOK)
    assert len(sentences) / (time.process_time() - start) > 1000


@pytest.mark.parametrize("unit", [
    "[甲局|ORGANIZATION]、", "[甲某|PERSON]、", "[局长|POSITION]、", "[甲县|LOCATION]", "[《甲》|DOCUMENT]、",
    "[甲局|ORGANIZATION][局长|POSITION]、", "[甲局|ORGANIZATION][局长|POSITION][张三|PERSON]、",
    "[甲局|ORGANIZATION]成立由[局长|POSITION][张三|PERSON]任", "[甲局|ORGANIZATION]对[张三|PERSON]处以",
    "任[甲局|ORGANIZATION][局长|POSITION]，", "[张三|PERSON]，[2020年|DATE]曾任[甲局|ORGANIZATION][局长|POSITION]，",
])
def test_no_rule_runs_away_on_a_hostile_sentence(unit):
    """Every type of mention and every trigger is there, so that no filter spares a rule the work."""
    words = sorted({word for rule in BOOK.relations for p in rule.patterns for word in p.literals})
    others = "[《乙》|DOCUMENT][李四|PERSON][科长|POSITION][乙县|LOCATION][乙局|ORGANIZATION]"
    sentence = read_markup(unit * 60 + others + "".join(words) + others + unit * 60)
    start = time.process_time()
    match_sentence(sentence, BOOK)
    assert time.process_time() - start < 2
