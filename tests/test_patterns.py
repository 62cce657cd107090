"""The pattern language: masking, slots, gaps, and what is refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.relate.markup import read_markup
from kg.relate.masked import mask, members
from kg.relate.patterns import MAX_COST, PatternError, compile_pattern

FRAGMENTS = {"and": "[和与]", "loop": "{loop}"}


def found(pattern: str, markup: str) -> list[dict[str, list[str]]]:
    """The mentions of each slot, match by match."""
    masked = mask(read_markup(markup))
    compiled = compile_pattern(pattern, FRAGMENTS, {})
    if not compiled.may_match(masked):
        assert not compiled.regex.search(masked.text), "the filter refuses what the pattern matches"
        return []
    return [{name: [m.text for m in members(masked, *match.span(name))] for name in match.groupdict()}
            for match in compiled.regex.finditer(masked.text)]


@pytest.mark.parametrize(("pattern", "markup", "expected"), [
    ("{head:PERSON}去{tail:LOCATION}", "[张三|PERSON]去[甲县|LOCATION]", [{"head": ["张三"], "tail": ["甲县"]}]),
    ("{head:PERSON}去{tail:LOCATION}", "[张三|PERSON]在[甲县|LOCATION]", []),
    ("{head:PERSON|ORGANIZATION}来", "[甲局|ORGANIZATION]来", [{"head": ["甲局"]}]),
    ("{head:PERSON+}来", "[张三|PERSON]、[李四|PERSON]和[王五|PERSON]来", [{"head": ["张三", "李四", "王五"]}]),
    ("{head:PERSON+}来", "[张三|PERSON]（左）、[李四|PERSON]来", [{"head": ["张三", "李四"]}]),
    ("{head:PERSON+}来", "[张三|PERSON]（[李四|PERSON]之子）、[王五|PERSON]来", [{"head": ["张三", "王五"]}]),
    ("{head:PERSON}{and}{tail:PERSON}", "[张三|PERSON]与[李四|PERSON]", [{"head": ["张三"], "tail": ["李四"]}]),
    ("{head:PERSON}(?:在{LOCATION})?来", "[张三|PERSON]在[甲县|LOCATION]来", [{"head": ["张三"]}]),
    ("{head:PERSON}，来", "[张三|PERSON],来", [{"head": ["张三"]}]),
    ("{head:PERSON}[^，]来", "[张三|PERSON][李四|PERSON]来", []),
])
def test_slots(pattern, markup, expected):
    assert found(pattern, markup) == expected


@pytest.mark.parametrize(("gap", "between", "fits"), [
    ("{gap:3}", "一二三", True),
    ("{gap:3}", "一二三四", False),
    ("{gap:9}", "一，二", False),
    ("{gap:9,comma}", "一，二", True),
    ("{gap:9,comma}", "一。二", False),
    ("{gap:9}", "于[3月1日|DATE]", True),
    ("{gap:9,-DATE}", "于[3月1日|DATE]", False),
    ("{gap:9}", "见[李四|PERSON]", False),
    ("{gap:9,PERSON}", "见[李四|PERSON]", True),
    ("{gap:9,comma}", "1,000", True),
    ("{gap:9}", "1,000", True),
])
def test_gaps(gap, between, fits):
    """A comma inside a number ends no clause; a mention counts as one character."""
    matches = found(f"^{{head:PERSON}}{gap}去{{tail:LOCATION}}", f"[张三|PERSON]{between}去[甲县|LOCATION]")
    assert bool(matches) is fits


@pytest.mark.parametrize(("pattern", "says"), [
    ("", "is empty"),
    ("{head:PERSN}", "did you mean PERSON"),
    ("{head:PERSON}{gap:900}来", "1 to 80"),
    ("{head:PERSON}{gap:9,coma}来", "did you mean comma"),
    ("{head:PERSON}{adn}来", "did you mean and"),
    ("{head:PERSON}a*", "'\\*'"),
    ("{head:PERSON}a+", "'\\+'"),
    ("{head:PERSON}.来", "'.'"),
    ("{head:PERSON}a{2,}", "upper end"),
    ("{head:PERSON}(?:a{0,9}){0,9}", "another repeat"),
    ("{head:PERSON}(?:{gap:9}a){0,9}", "holds a gap"),
    ("{head:PERSON}(a)", "isn't \\(\\?:"),
    ("{head:PERSON}(?:a", "without \\)"),
    ("{head:PERSON}a)", "too many"),
    ("{head:PERSON}[a", "without \\]"),
    ("{head:PERSON", "without \\}"),
    ("{head:PERSON}|来", "outside of"),
    ("{head:PERSON}{head:PERSON}", "gives head twice"),
    ("{head:PERSON}\\W", "only"),
    ("{head:PERSON}{9x}", "which is no slot"),
    ("{trigger:来{head:PERSON}}", "slot inside a slot"),
    ("{head:PERSON}{loop}", "name each other"),
    ("{head:PERSON}{gap:80}a{gap:80}b{gap:80}c", "ways"),
])
def test_refused(pattern, says):
    with pytest.raises(PatternError, match=says):
        compile_pattern(pattern, FRAGMENTS, {})


def test_words_next_to_each_other_cost_nothing():
    words = "|".join(f"词{chr(0x4e00 + i)}" for i in range(500))
    pattern = compile_pattern(f"{{head:PERSON}}{{gap:20}}{{trigger:{words}}}", {}, {})
    assert len(pattern.literals) == 500 and MAX_COST > 500 * 21


def test_a_costly_pattern_ends_soon_on_a_hostile_sentence():
    pattern = compile_pattern("{head:PERSON}{gap:50}甲{gap:50}甲{gap:50}乙", {}, {})
    masked = mask(read_markup("[张三|PERSON]" * 20 + "甲" * 400))
    start = time.process_time()
    assert not pattern.regex.search(masked.text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("part", ["甲?", "(?:甲|甲甲)", "(?:甲{0,1}|乙)", "(?:(?:甲?)?甲?)?"])
def test_what_doubles_its_ways_with_every_part_is_refused_before_it_takes_long(part):
    with pytest.raises(PatternError, match="ways through its optional parts"):
        compile_pattern("{head:PERSON}" + part * 30 + "乙", {}, {})
    with pytest.raises(PatternError, match="ways through its optional parts"):
        compile_pattern("{head:PERSON}(?!" + part * 30 + "乙)丙", {}, {})
    pattern = compile_pattern("{head:PERSON}" + part * 6 + "乙", {}, {})
    masked = mask(read_markup("[张三|PERSON]" * 20 + "甲" * 400))
    start = time.process_time()
    assert not pattern.regex.search(masked.text)
    assert time.process_time() - start < 2


@given(st.text(max_size=60), st.text(max_size=20))
def test_masking_keeps_offsets(before, after):
    """Every masked character knows where it comes from, whatever the text holds; private characters can't pose."""
    before, after = (text.replace("[", "").replace("|", "") for text in (before, after))
    sentence = read_markup(f"{before}[张三|PERSON]{after}", start=7)
    masked = mask(sentence)
    assert len(masked.offsets) == len(masked.text) + 1
    assert masked.offsets == tuple(sorted(masked.offsets))
    assert masked.offsets[-1] == sentence.sentence.end
    assert [m.text for m in members(masked, len(before), len(before) + 2)] == ["张三"]
    assert members(masked, 0, len(before)) == []


@pytest.mark.parametrize("text", ["[张三|人]", "[张三|PERSN]", "[张三]", "张|三"])
def test_markup_that_is_none(text):
    with pytest.raises(ValueError, match=r"张"):
        read_markup(text)
