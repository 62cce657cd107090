"""Roles of lines and metadata, on pages composed for the test and on chance text."""

from pathlib import Path

import pytest
import yaml

from kg.clean import clean
from kg.clean.metadata import iso_date
from kg.clean.pattern_lists import load_patterns
from kg.errors import KnowledgeError
from kg.models import Document, Metadata
from kg.settings import Settings

CASES = Path(__file__).parent / "cases" / "clean"
PAGES = yaml.safe_load((CASES / "pages.yaml").read_text("utf-8"))


def cleaned(text: str, kind: str = "txt", given: Metadata | None = None):
    document = Document(id="d", text=text, source="d.txt", sha256="", format=kind, given=given or Metadata())
    return clean(document, Settings())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_roles_and_metadata(page):
    result = cleaned("\n".join(text for _, text in page["lines"]))
    roles = [line.role for line in result.lines]
    assert list(zip(roles, (text for _, text in page["lines"]), strict=True)) == [tuple(x) for x in page["lines"]]
    for name, value in page.get("metadata", {}).items():
        assert getattr(result.metadata, name) == (tuple(value) if isinstance(value, list) else value), name


@pytest.mark.parametrize("gap", ["\n\n", "\n \n"])
def test_blank_lines_between_don_t_matter(gap):
    page = PAGES[1]
    result = cleaned(gap.join(text for _, text in page["lines"]))
    assert [line.role for line in result.lines if line.role != "blank"] == [role for role, _ in page["lines"]]


def test_web_page():
    result = cleaned((CASES / "portal.html").read_text("utf-8"), "html")
    shown = [(line.role, result.text[line.start:line.end]) for line in result.lines if line.role != "blank"]
    read = [(role, text[:12]) for role, text in shown if role in ("title", "heading", "body")]
    assert read == [("title", "东山区人民法院举行公众开"), ("body", "5月5日，东山区人民法院"),
                    ("body", "活动中，学生们旁听了一场"), ("body", "沈玉兰表示，法院将定期举")]
    assert ("metadata", "来源：云岭晚报 2022-05-06 10:20") in shown
    assert not any("脚本" in text or "注释" in text for _, text in shown)
    assert (result.metadata.publisher, result.metadata.date) == ("云岭晚报", "2022-05-06")
    assert result.quote(result.text.index("沈玉兰"), result.text.index("沈玉兰") + 3).raw is None


def test_read_lines_begin_behind_bullet_and_label():
    result = cleaned("原标题：县里来了新法官\n•   东山区人民法院新任法官昨日到岗，院长主持了宣誓仪式。")
    assert [result.text[line.start:line.end] for line in result.lines] == [
        "县里来了新法官", "东山区人民法院新任法官昨日到岗，院长主持了宣誓仪式。"]


@pytest.mark.parametrize(("given", "expected"), [
    ("2022-09-05", "2022-09-04"),
    ("2022-10-01", "2022-09-04"),
    ("2023-01-02", "2022-09-04"),
    ("", ""),
])
def test_dateline_takes_its_year_from_what_was_given(given, expected):
    text = "新华社云岭9月4日电 西河铁路铺轨已经过半，施工进展顺利，预计明年建成通车。"
    metadata = cleaned(text, given=Metadata(date=given, date_from="column" if given else "")).metadata
    assert metadata.date == expected


def test_update_time_is_weaker_than_a_column():
    text = "更新时间：2023-09-04\n西河铁路铺轨已经过半，施工进展顺利，预计明年建成通车。"
    assert cleaned(text).metadata.date == "2023-09-04"
    given = Metadata(date="2022-02-03", date_from="column")
    assert (cleaned(text, given=given).metadata.date, cleaned(text, given=given).metadata.date_from) == (
        "2022-02-03", "column")


@pytest.mark.parametrize(("text", "date"), [
    ("2022/9/3", "2022-09-03"), ("2022-13-01", ""), ("2021-02-29", ""), ("20200229", "2020-02-29"),
    ("二〇二一年十二月三十一日", "2021-12-31"), ("二〇二一年十月十日", "2021-10-10"), ("12022-01-011", ""), ("", "")])
def test_iso_date(text, date):
    assert iso_date(text) == date


def test_faults_of_a_pattern_file_are_all_told(tmp_path):
    path = tmp_path / "lines.yaml"
    path.write_text("one:\n  - 'a('\n  - 'b*'\n  - 3\nother:\n  - 'x'\ntwo: []\n", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_patterns(path, ["one", "two", "three"])
    lines = [fault.removeprefix(str(path)).split(":")[1] for fault in caught.value.faults]
    assert lines == ["1", "2", "3", "4", "5", "7"]
