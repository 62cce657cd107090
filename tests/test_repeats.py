"""Names that a document gives in one sentence and that another has as plain words."""

from __future__ import annotations

import pytest

from kg.knowledge.lexicon import load_lexicon
from kg.mentions.repeats import find_repeats
from kg.mentions.surnames import find_called
from kg.models import Mention, MentionType, Sentence, TaggedSentence, Token


def sentence(start: int, marked: str, *names: tuple[str, MentionType, float]) -> TaggedSentence:
    """`张三/PER 来/v`, with its mentions and how sure they are."""
    tokens: list[Token] = []
    for word in marked.split():
        text, pos = word.split("/")
        at = tokens[-1].end if tokens else start
        tokens.append(Token(at, at + len(text), text, pos))
    text = "".join(t.text for t in tokens)
    found = tuple(Mention(start + text.index(n), start + text.index(n) + len(n), kind, n, "model", confidence=sure)
                  for n, kind, sure in names)
    return TaggedSentence(Sentence("d", 0, start, start + len(text), text, 0, "body"), tuple(tokens), found)


@pytest.mark.parametrize(("first", "second", "found"), [
    (("卢正平/PER 到场/v", ("卢正平", "PERSON", 0.9)), "卢正平/PER 讲话/v", ["卢正平"]),
    (("卢平/PER 到场/v", ("卢平", "PERSON", 0.9)), "卢平/PER 讲话/v", ["卢平"]),
    (("高峰/PER 到场/v", ("高峰", "PERSON", 0.9)), "客流/n 高峰/n 到来/v", []),       # an ordinary word
    (("卢正平/PER 到场/v", ("卢正平", "PERSON", 0.7)), "卢正平/PER 讲话/v", []),        # seen, but not surely
    (("卢某某/PER 到场/v", ("卢某某", "PERSON", 0.9)), "卢某某/n 讲话/v", []),          # the grammar reads those
    (("执行二局/ORG 开会/v", ("执行二局", "ORGANIZATION", 0.9)), "执行/v 二局/m 讨论/v", ["执行二局"]),
    (("综合巡视组/ORG 进驻/v", ("综合巡视组", "ORGANIZATION", 0.9)), "15个/m 综合/n 巡视组/n 进驻/v", []),
    (("安居镇/LOC 受灾/v", ("安居镇", "LOCATION", 0.9)), "平安居镇/n 受灾/v", []),       # no word begins there
])
def test_a_name_is_found_where_it_stands_as_whole_words(
        first: tuple[str, tuple[str, MentionType, float]], second: str, found: list[str]) -> None:
    one, two = find_repeats([sentence(0, *first), sentence(50, second)])
    assert [m.text for m in one.mentions] == [first[1][0]]
    assert [m.text for m in two.mentions] == found
    assert all(m.source == "grammar.repeat" and two.sentence.start <= m.start for m in two.mentions)


def test_a_name_read_in_two_ways_is_left_alone() -> None:
    named = [sentence(0, "安居镇/LOC 受灾/v", ("安居镇", "LOCATION", 0.9)),
             sentence(50, "安居镇/PER 讲话/v", ("安居镇", "PERSON", 0.9)), sentence(99, "安居镇/n 到/v")]
    assert not find_repeats(named)[2].mentions


@pytest.mark.parametrize(("second", "found"), [
    ("卢正/n 平讲/n 话/n", ["卢正平"]),
    ("“/w 卢正/n 平班/n ”/w 到/v", []),         # what is called after somebody
])
def test_a_person_whom_the_tagger_doubts_is_named_surely_in_another_sentence(second: str, found: list[str]) -> None:
    one, two = sentence(0, "卢正平/PER 到场/v", ("卢正平", "PERSON", 0.9)), sentence(50, second)
    at = 50 + two.sentence.text.index("卢正平")
    doubted = Mention(at, at + 3, "PERSON", "卢正平", "model", confidence=0.5)
    assert [m.text for m in find_repeats([one, two], doubtful=[[], [doubted]])[1].mentions] == found
    one = sentence(0, "卢正平/PER 到场/v", ("卢正平", "PERSON", 0.7))
    assert not find_repeats([one, two], doubtful=[[], [doubted]])[1].mentions


def test_names_side_by_side_are_parted_as_the_document_gives_them_elsewhere() -> None:
    title = sentence(0, "蔡立/PER 韩正丁/PER 安民/PER 到场/v", ("蔡立", "PERSON", 0.9), ("韩正丁", "PERSON", 0.9),
                     ("安民", "PERSON", 0.9))
    body = sentence(50, "蔡立/PER 、/w 韩正/PER 、/w 丁安民/PER 到场/v", ("蔡立", "PERSON", 0.9),
                    ("韩正", "PERSON", 0.9), ("丁安民", "PERSON", 0.9))
    assert [m.text for m in find_repeats([title, body])[0].mentions] == ["蔡立", "韩正", "丁安民"]
    assert [m.text for m in find_repeats([title])[0].mentions] == ["蔡立", "韩正丁", "安民"]   # nothing says otherwise


def test_a_word_behind_a_name_is_cut_off_where_the_document_names_the_person_without_it() -> None:
    one = sentence(0, "卢平遂/PER 离开/v", ("卢平遂", "PERSON", 0.9))
    two = sentence(50, "卢平/PER 讲话/v", ("卢平", "PERSON", 0.9))
    assert [m.text for m in find_repeats([one, two])[0].mentions] == ["卢平"]
    assert [m.text for m in find_repeats([one])[0].mentions] == ["卢平遂"]


def test_a_person_elsewhere_isnt_a_place_that_nobody_knows() -> None:
    named = [sentence(0, "卢平尼斯/PER 到场/v", ("卢平尼斯", "PERSON", 0.9)),
             sentence(50, "卢平尼斯/LOC 举行/v 会谈/vn", ("卢平尼斯", "LOCATION", 0.9))]
    assert [m.type for m in find_repeats(named)[1].mentions] == ["PERSON"]
    assert [m.type for m in find_repeats(named, lambda name: name == "卢平尼斯")[1].mentions] == ["LOCATION"]


def test_a_name_before_the_word_for_an_area_is_a_place() -> None:
    named = [sentence(0, "卢尔贾尔/PER 通车/v", ("卢尔贾尔", "PERSON", 0.7)),
             sentence(50, "卢尔贾尔/LOC 地区/n 下雨/v", ("卢尔贾尔", "LOCATION", 0.9))]
    assert [m.type for m in find_repeats(named)[0].mentions] == ["LOCATION"]
    named[0] = sentence(0, "卢尔贾尔/PER 讲话/v", ("卢尔贾尔", "PERSON", 0.95))
    assert [m.type for m in find_repeats(named)[0].mentions] == ["PERSON"]


@pytest.mark.parametrize(("cut", "whole", "found"), [
    (("副总/n 卢正/PER 平/d 激动/a", ("卢正", "PERSON", 0.7)), "卢正平", ["卢正平"]),
    (("被告人/n 卢某/PER 1/m 家属/n", ("卢某", "PERSON", 0.9)), "卢某1", ["卢某1"]),
    (("被告人/n 卢某/PER 1月/m 到案/v", ("卢某", "PERSON", 0.9)), "卢某1", ["卢某"]),
    (("副总/n 卢正/PER 激动/a", ("卢正", "PERSON", 0.7)), "卢正平", ["卢正"]),
])
def test_a_name_that_was_cut_is_made_whole_as_the_document_gives_it_elsewhere(
        cut: tuple[str, tuple[str, MentionType, float]], whole: str, found: list[str]) -> None:
    one, two = sentence(0, *cut), sentence(50, f"{whole}/PER 讲话/v", (whole, "PERSON", 0.9))
    assert [m.text for m in find_repeats([one, two])[0].mentions] == found


def test_the_last_part_of_a_foreign_name_is_the_person_where_it_looks_like_a_body() -> None:
    one = sentence(0, "阿列克·萨夫科/PER 到场/v", ("阿列克·萨夫科", "PERSON", 0.9))
    two = sentence(50, "萨夫科/ORG 讲话/v", ("萨夫科", "ORGANIZATION", 0.9))
    assert [m.type for m in find_repeats([one, two])[1].mentions] == ["PERSON"]
    more = sentence(99, "萨夫科/ORG 和/c 萨夫科/ORG 公司/n", ("萨夫科", "ORGANIZATION", 0.9))
    assert [m.type for m in find_repeats([one, two, more])[1].mentions] == ["ORGANIZATION"]     # mostly a body


@pytest.mark.parametrize(("second", "names", "found"), [
    ("卢主席/n 讲话/v", [], [("卢主席", "卢正平")]),
    ("卢主席/n 讲话/v", [("卢大年", "PERSON", 0.9)], []),        # two of one surname
    ("武卢主席/n 讲话/v", [], []),                               # no word begins there
    ("邹主席/n 讲话/v", [], []),
])
def test_a_surname_with_a_title_is_its_only_bearer(
        second: str, names: list[tuple[str, MentionType, float]], found: list[tuple[str, str]]) -> None:
    words = "卢正平/PER 到场/v" + "".join(f" {name}/PER" for name, _, _ in names)
    first = sentence(0, words, ("卢正平", "PERSON", 0.9), *names)
    one, two = find_called([first, sentence(50, second)], load_lexicon())
    assert len(one.mentions) == 1 + len(names)
    assert [(m.text, m.value) for m in two.mentions] == found
