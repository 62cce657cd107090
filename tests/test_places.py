"""Places of China: names, levels, chains and namesakes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KnowledgeError
from kg.knowledge.places import DATA, LEVELS, Place, Places, Words, load_places, read_table
from kg.knowledge.yamlfile import load_yaml

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "places.yaml").read_text(encoding="utf-8"))
PIECES = st.sampled_from([*"省市县区镇乡村路街岛山江南东长沙G6", "长沙", "吉林", "海南省", "街道", "社区", "自治县"])
TEXTS = st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=10).map("".join))


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.mark.parametrize(("name", "names"), CASES["find"].items())
def test_find(places: Places, name: str, names: list[str]) -> None:
    assert [place.name for place in places.find(name)] == names


@pytest.mark.parametrize(("text", "expected"), CASES["prefix"].items())
def test_longest_prefix(places: Places, text: str, expected: list[object]) -> None:
    found, length = places.longest_prefix(text)
    assert [length, [place.name for place in found]] == expected


@pytest.mark.parametrize(("text", "parts"), CASES["split"].items())
def test_split(places: Places, text: str, parts: list[str]) -> None:
    assert [f"{text[start:end]} {level}" for start, end, level in places.split(text)] == parts


@pytest.mark.parametrize(("name", "context", "code"), CASES["resolve"])
def test_resolve(places: Places, name: str, context: list[str], code: str) -> None:
    found = places.resolve(name, context)
    assert (found.code if found else "") == code


def test_parents_come_nearest_first(places: Places) -> None:
    [town] = places.find("拱宸桥街道")
    assert [place.name for place in places.parents(town)] == ["拱墅区", "杭州市", "浙江省"]
    assert [place.level for place in places.parents(town)] == ["county", "prefecture", "province"]


def test_a_county_under_the_province_has_no_prefecture(places: Places) -> None:
    [city] = places.find("石河子市")
    assert [place.name for place in places.parents(city)] == ["新疆维吾尔自治区"]


def test_a_place_is_not_within_itself(places: Places) -> None:
    [county], [city] = places.find("长沙县"), places.find("长沙市")
    assert places.is_within(county, city)
    assert not places.is_within(city, county)
    assert not places.is_within(city, city)


def test_a_former_name_says_until_when(places: Places) -> None:
    [former] = places.find("富阳市")
    assert former.until == "2013"
    assert [place.name for place in places.parents(former)] == ["杭州市", "浙江省"]


def test_the_tables_are_whole() -> None:
    rows = [*read_table(DATA / "divisions.tsv"), *read_table(DATA / "former.tsv")]
    codes = {row.code for row in rows}
    assert [row for row in rows if row.level != "province" and row.parent not in codes] == []
    assert sum(row.level == "province" for row in rows) == 34
    assert 320 < sum(row.level == "prefecture" and not row.until for row in rows) < 370
    assert 2800 < sum(row.level == "county" and not row.until for row in rows) < 3300
    assert [row for row in rows if len(row.short) == 1] == []


def test_every_ordinary_word_is_a_short_name() -> None:
    """A word that no short name equals would be a slip of the pen."""
    rows = [*read_table(DATA / "divisions.tsv"), *read_table(DATA / "former.tsv")]
    shorts = {row.short for row in rows if row.level != "province"}
    assert sorted(Words(load_yaml(DATA / "words.yaml")).common - shorts) == []


def test_faults_are_told_by_line(tmp_path: Path) -> None:
    table, words = tmp_path / "a.tsv", tmp_path / "words.yaml"
    table.write_text("# head\n110000\t北京市\t北京\tprovince\t\n1\t2\n", encoding="utf-8")
    words.write_text("common: {a: 和平}\nglue: 东\nlevels:\n  planet: [星]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"a\.tsv:3: "):
        list(read_table(table))
    with pytest.raises(KnowledgeError, match=r"words\.yaml:4: planet"):
        Words(load_yaml(words))


def test_loading_is_fast() -> None:
    """Under 50 ms on an idle machine; the bound leaves room for a busy one."""
    load_places.cache_clear()
    times = []
    for _ in range(5):
        load_places.cache_clear()
        begin = time.perf_counter()
        load_places()
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.15


@given(TEXTS)
def test_any_text_splits_into_a_chain(text: str) -> None:
    parts = load_places().split(text)
    at = 0
    for start, end, level in parts:
        assert start == at < end <= len(text)
        assert level in LEVELS
        at = end


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_resolve_answers_with_a_bearer_of_the_name(name: str, context: list[str]) -> None:
    found: Place | None = load_places().resolve(name, context)
    assert found is None or found in load_places().find(name)
    length = load_places().longest_prefix(name)[1]
    assert 0 <= length <= len(name)
