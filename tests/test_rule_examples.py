"""Every rule gives what its examples say and nothing on its counter-examples. `-k issued` runs one family."""

import pytest

from kg.relate import given
from kg.relate.rules import load_rules, parse_gives

BOOK = load_rules()
EXAMPLES = [pytest.param(rule, e, id=f"{rule.id}-{i}")
            for rule in BOOK.relations for i, e in enumerate(rule.rule.examples)]
COUNTERS = [pytest.param(rule, text, id=f"{rule.id}-{i}")
            for rule in BOOK.relations for i, text in enumerate(rule.rule.counter)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example(rule, example):
    assert given(rule, example.text, BOOK) == set(map(parse_gives, example.gives))


@pytest.mark.parametrize(("rule", "text"), COUNTERS)
def test_counter_example(rule, text):
    assert given(rule, text, BOOK) == set()
