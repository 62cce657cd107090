"""Rule files: what is read, how a user's directory overlays ours, and how faults are told."""

import textwrap

import pytest

from kg.errors import KnowledgeError
from kg.relate import test_rules as run_examples
from kg.relate.rules import check_rules, load_rules, parse_gives

RULE = """
rules:
  - id: issued.posted
    relation: issued
    pattern: "{head:ORGANIZATION}{trigger:张贴}{tail:DOCUMENT}"
    confidence: 0.8
    why: 张贴也是公布
    examples:
      - text: "[甲局|ORGANIZATION]张贴[《公告》|DOCUMENT]。"
        gives: [甲局 -> 《公告》]
    counter: ["[甲局|ORGANIZATION]撕下[《公告》|DOCUMENT]。"]
"""


@pytest.fixture
def user(tmp_path):
    """Writes a user's rule directory and returns it."""
    def write(text: str, name: str = "relations/mine.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path
    return write


def test_our_rules_load_and_every_relation_of_ours_has_some():
    relations = {rule.rule.relation for rule in load_rules().relations}
    assert relations == {"holds_position", "part_of", "located_in", "issued", "established", "cooperates_with",
                         "penalized", "family_of"}


def test_a_user_adds_a_rule(user):
    book = load_rules(user(RULE))
    assert [r.id for r in book.relations][-1] == "issued.posted"
    assert len(book.relations) == len(load_rules().relations) + 1
    assert run_examples(book.only("issued.posted")) == []
    assert book.digest != load_rules().digest


def test_a_user_replaces_a_rule_in_its_place(user):
    ours = [r.id for r in load_rules().relations]
    book = load_rules(user(RULE.replace("issued.posted", "issued.verb")))
    assert [r.id for r in book.relations] == ours
    replaced = next(r for r in book.relations if r.id == "issued.verb")
    assert replaced.file.endswith("mine.yaml") and replaced.line == 3


def test_a_user_disables_a_rule(user):
    book = load_rules(user("disable: [issued.verb]"))
    assert "issued.verb" not in [r.id for r in book.relations]


def test_a_user_changes_a_cue(user):
    text = """
    cues:
      - {id: plan, why: 试, words: [明年], effect: ignore}
      - {id: rumour, why: 试, words: [听说]}
    """
    book = load_rules(user(text, "cues.yaml"))
    assert [c.words for c in book.cues if c.id in ("plan", "rumour")] == [("明年",), ("听说",)]


def test_the_reason_of_a_rule_does_not_change_the_digest(user):
    first = load_rules(user(RULE)).digest
    assert load_rules(user(RULE.replace("也是", "就是"))).digest == first


@pytest.mark.parametrize(("change", "line", "says"), [
    (("relation: issued", "relation: isued"), 4, "did you mean issued"),
    (("confidence: 0.8", "confidence: 8"), 6, "less than or equal to 1"),
    (("confidence: 0.8", "confidense: 0.8"), 6, "did you mean confidence"),
    (("why: 张贴也是公布", "why: ''"), 7, "at least 1"),
    (("{tail:DOCUMENT}", "{tail:DOCUMNT}"), 5, "did you mean DOCUMENT"),
    (("{tail:DOCUMENT}", "{tail:PERSON}"), 5, "PERSON can't be a tail"),
    (("{tail:DOCUMENT}", "{DOCUMENT}"), 5, "no {tail:…}"),
    (("{trigger:张贴}", "{title:张贴}"), 5, "title is no attribute"),
    (("{trigger:张贴}", ".*"), 5, "has '.'"),
    (("why: 张贴也是公布", "why: 试\n    where: {trger: {pos: [v]}}"), 8, "did you mean trigger"),
    (("why: 张贴也是公布", "why: 试\n    where: {trigger: {post: [v]}}"), 8, "did you mean"),
    (("why: 张贴也是公布", "why: 试\n    cues: {plans: block}"), 8, "did you mean plan"),
    (("why: 张贴也是公布", "why: 试\n    set: {tittle: 局长}"), 8, "no attribute tittle"),
    (("[甲局 -> 《公告》]", "[甲局 《公告》]"), 10, "isn't of the form"),
    (("[《公告》|DOCUMENT]。\"\n", "[《公告》|DOCUMENTS]。\"\n"), 9, "did you mean DOCUMENT"),
    (("rules:", "rule:"), 2, "did you mean rules"),
    (("counter: [", "counters: ["), 11, "did you mean counter"),
])
def test_a_fault_names_file_line_and_nearest_word(user, change, line, says):
    assert change[0] in RULE
    faults = check_rules(user(RULE.replace(*change)))
    assert any(f"mine.yaml:{line}: " in fault and says in fault for fault in faults), faults


def test_a_rule_without_counter_example_is_refused(user):
    text = RULE
    faults = check_rules(user(text[:text.index("    counter")]))
    assert len(faults) == 1 and "counter: Field required" in faults[0]


def test_all_faults_are_told_at_once(user):
    both = RULE.replace("relation: issued", "relation: isued")
    user(both)
    faults = check_rules(user(both.replace("0.8", "8"), "relations/other.yaml"))
    assert sorted(fault.split(":")[0].rsplit("/", 1)[1] for fault in faults) == ["mine.yaml", "other.yaml"]


def test_an_id_given_twice_is_refused(user):
    one = RULE
    faults = check_rules(user(one + one.replace("\nrules:\n", "")))
    assert len(faults) == 1 and "is taken by" in faults[0]


def test_disabling_what_there_is_not(user):
    assert "did you mean issued.verb" in check_rules(user("disable: [issued.verbs]"))[0]


def test_a_missing_directory_is_told(tmp_path):
    with pytest.raises(KnowledgeError, match="no such directory"):
        load_rules(tmp_path / "nowhere")


def test_a_wrong_example_fails_with_what_is_missed_and_what_is_given(user):
    text = RULE.replace("甲局 -> 《公告》", "乙局 -> 《公告》")
    failures = run_examples(load_rules(user(text)).only("issued.posted"))
    assert len(failures) == 1
    assert "misses 乙局 -> 《公告》" in failures[0] and "gives 甲局 -> 《公告》" in failures[0]


def test_a_counter_example_that_fires_fails(user):
    book = load_rules(user(RULE.replace("撕下", "张贴")))
    failures = run_examples(book.only("issued.posted"))
    assert len(failures) == 1 and "counter-example" in failures[0]


@pytest.mark.parametrize("text", ["张三", "张三 -> ", "-> 甲局", "张三 -> 甲局 局长"])
def test_gives_of_no_known_form(text):
    with pytest.raises(ValueError, match="form"):
        parse_gives(text)
