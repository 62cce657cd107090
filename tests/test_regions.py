"""The place at the head of a name, and the place that a document is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.knowledge.places import load_places
from kg.knowledge.regions import LEVELS, Home, Region, read_region

PLACES = load_places()


@pytest.mark.parametrize(("name", "region", "rest"), [
    ("安徽省合肥市人民检察院", "合肥市", "人民检察院"),
    ("合肥市蜀山区人民法院", "蜀山区", "人民法院"),
    ("广东高院", "广东省", "高院"),
    ("广西公安厅", "广西壮族自治区", "公安厅"),
    ("湘西州公安局", "湘西土家族苗族自治州", "公安局"),
    ("济宁公安局", "济宁市", "公安局"),
    ("富阳市委", "富阳市", "委"),                       # the table has a 富阳区 today
    ("青岚市公安局", "青岚市", "公安局"),               # no table has it
    ("云岭自治县人民政府", "云岭自治县", "人民政府"),
    ("湖南省青岚市公安局", "青岚市", "公安局"),
    ("中共绵阳市委宣传部", "绵阳市", "委宣传部"),
    ("朝阳区人民法院", "朝阳区", "人民法院"),           # of two cities: the name stays
    ("市公安局", "", "市公安局"),
    ("自治区党委", "", "自治区党委"),
    ("自治州公安局", "", "自治州公安局"),
    ("中共中央", "", "中共中央"),
    ("镇村镇建设办", "", "镇村镇建设办"),
    ("食品市场监督管理局", "", "食品市场监督管理局"),
    ("大学校区管理处", "", "大学校区管理处"),
    ("公安局", "", "公安局"),
    ("和平饭店", "", "和平饭店"),                       # a common word is a place only in full
    ("湖南省", "", "湖南省"),                           # nothing left to name
    ("", "", ""),
])
def test_a_name_opens_with_a_place(name: str, region: str, rest: str) -> None:
    found, left = read_region(name, PLACES)
    assert (found.name if found else "", left) == (region, rest)


def test_a_place_outside_of_the_one_before_it_belongs_to_the_rest() -> None:
    found, rest = read_region("湖南省成都商会", PLACES)
    assert found and (found.name, rest) == ("湖南省", "成都商会")


@pytest.mark.parametrize(("context", "parent"), [(("长春市",), "长春市"), (("北京市",), "北京市"), ((), None)])
def test_the_context_decides_between_namesakes(context: tuple[str, ...], parent: str | None) -> None:
    found, _ = read_region("朝阳区人民法院", PLACES, context)
    assert found and found.name == "朝阳区"
    assert (PLACES.parents(found.place)[0].name if found.place else None) == parent


@given(st.text(st.sampled_from("省市县区州旗镇乡街道自治公安局湖南长沙朝阳青岚中共委富"), max_size=14))
def test_region_and_rest_come_from_the_name(name: str) -> None:
    found, rest = read_region(name, PLACES)
    assert name.endswith(rest) and (rest == name) == (found is None)
    assert rest or not name


def home_of(**weights: float) -> Home:
    home = Home(PLACES)
    for name, weight in weights.items():
        home.add(Region(name, PLACES.resolve(name)), weight)
    return home


@pytest.mark.parametrize(("weights", "level", "at"), [
    ({"宜昌市": 1}, "市", "宜昌市"),
    ({"宜昌市": 1}, "省", "湖北省"),                      # a city speaks for its province
    ({"宜昌市": 1}, "县", ""),
    ({"宜昌市": 2, "荆州市": 1}, "市", "宜昌市"),
    ({"宜昌市": 1.9, "荆州市": 1}, "市", ""),             # twice as often, or nobody
    ({"宜昌市": 1, "荆州市": 1}, "省", "湖北省"),         # both lie in it
    ({"秭归县": 1}, "市", "宜昌市"),
    ({"秭归县": 1, "荆州市": 1}, "市", "荆州市"),         # half as loud
    ({"南宁市": 1}, "自治区", "广西壮族自治区"),
    ({"南宁市": 1}, "省", "广西壮族自治区"),
    ({"武冈市": 1, "邓元泰镇": 3}, "市", "武冈市"),      # the town doesn't speak for 邵阳市 any more than its city does
    ({"青岚市": 1}, "市", "青岚市"),
    ({}, "市", ""),
    ({"宜昌市": 1}, "国", ""),
])
def test_the_place_that_a_document_is_about(weights: dict[str, float], level: str, at: str) -> None:
    assert home_of(**weights).at(level) == at


@given(st.dictionaries(st.sampled_from(["宜昌市", "荆州市", "秭归县", "湖北省", "赫山区", "青岚市"]),
                       st.integers(1, 9)), st.sampled_from(sorted(LEVELS)))
def test_home_is_one_of_the_places_of_its_level_in_any_order(weights: dict[str, int], level: str) -> None:
    found = home_of(**weights).at(level)
    assert found == home_of(**dict(reversed(weights.items()))).at(level)
    assert not found or found.endswith(LEVELS[level])
