"""Word lists: what they answer, how a user's overlay them, and that every fault is told with its place."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from kg.errors import KnowledgeError
from kg.knowledge.lexicon import load_lexicon

COLUMNS = {"organizations.tsv": 3, "generic.tsv": 2, "titles.tsv": 2, "title_prefixes.tsv": 1, "documents.tsv": 1,
           "laws.tsv": 1, "surnames.tsv": 1, "founding.tsv": 1, "idioms.tsv": 1, "abbreviations.tsv": 3,
           "known_sites.tsv": 2}
GOOD = {"organizations.tsv": "试验局\tbody\tyes", "generic.tsv": "某某词\tstop", "titles.tsv": "试验长\tleader",
        "title_prefixes.tsv": "试", "documents.tsv": "试验书", "laws.tsv": "试验法", "surnames.tsv": "㐀",
        "founding.tsv": "试建", "idioms.tsv": "试验成语", "abbreviations.tsv": "试局\t试验局\trest",
        "known_sites.tsv": "试验园\t试验市"}


def overlay(folder: Path, name: str, text: str) -> Path:
    """A user's directory with one file in its folder `lexicon`."""
    (folder / "lexicon").mkdir(exist_ok=True)
    (folder / "lexicon" / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    """What is wrong with a user's files, without the path in front."""
    with pytest.raises(KnowledgeError) as caught:
        load_lexicon(folder)
    return [fault.removeprefix(str(folder / "lexicon") + "/") for fault in caught.value.faults]


def test_every_table_is_tested() -> None:
    assert {f.name for f in files("kg").joinpath("data/lexicon").iterdir()} == {*COLUMNS, "words.yaml"}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_with_too_many_columns_is_told(name: str, tmp_path: Path) -> None:
    overlay(tmp_path, name, f"# words\n\n{GOOD[name]}\tmore\n")
    assert faults(tmp_path) == [f"{name}:3: {COLUMNS[name]} columns are asked for, here are {COLUMNS[name] + 1}"]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_that_stands_twice_is_told(name: str, tmp_path: Path) -> None:
    overlay(tmp_path, name, f"{GOOD[name]}\n{GOOD[name]}\n")
    assert faults(tmp_path) == [f"{name}:2: {GOOD[name].partition(chr(9))[0]} stands in this file twice"]


@pytest.mark.parametrize(("name", "row", "what"), [
    ("organizations.tsv", "试验局\tbod\tyes", "'bod' isn't one of ad_hoc, body, company, media, name, no, unit, yes"),
    ("organizations.tsv", "试验局\tbody\tja", "'ja' isn't one of ad_hoc, body, company, media, name, no, unit, yes"),
    ("generic.tsv", "试\talways", "'always' isn't one of never, start, stop"),
    ("titles.tsv", "试验长\tboss", "'boss' isn't one of leader, member, staff"),
    ("abbreviations.tsv", "试局\t试验局\thalf", "'half' isn't one of rest, whole"),
])
def test_an_unknown_value_is_told(name: str, row: str, what: str, tmp_path: Path) -> None:
    overlay(tmp_path, name, row + "\n")
    assert faults(tmp_path) == [f"{name}:1: {what}"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    overlay(tmp_path, "titles.tsv", "试验长\n试验员\tchef\n")
    overlay(tmp_path, "founding.tsv", "试建\t1\n")
    overlay(tmp_path, "words.yaml", "roads: 国道\n")
    assert [fault.partition(": ")[0] for fault in faults(tmp_path)] \
        == ["titles.tsv:1", "titles.tsv:2", "founding.tsv:1", "words.yaml:1"]


@pytest.mark.parametrize(("text", "what"), [
    ("road: [国道]", "words.yaml:1: no list is called road; did you mean roads?"),
    ("# mine\nroads: 国道", "words.yaml:2: roads must be a list of words"),
    ("roads: [国道, 3]", "words.yaml:1: roads must be a list of words"),
    ("roads: [国道, '']", "words.yaml:1: roads must be a list of words"),
    ("roads: [国道]\nroads: [省道]", "words.yaml:2: the key 'roads' stands twice"),
    ("roads: 国道]: [", "words.yaml:1: isn't YAML"),
])
def test_faults_of_word_lists_are_told(text: str, what: str, tmp_path: Path) -> None:
    overlay(tmp_path, "words.yaml", text + "\n")
    (fault,) = faults(tmp_path)
    assert fault.startswith(what)


def test_a_list_that_resembles_none_names_those_there_are(tmp_path: Path) -> None:
    overlay(tmp_path, "words.yaml", "zzz: [国道]\n")
    (fault,) = faults(tmp_path)
    assert "there are " in fault and "roads" in fault


@pytest.mark.parametrize("text", ["[国道, 省道]", "国道"])
def test_word_lists_without_names_are_told(text: str, tmp_path: Path) -> None:
    overlay(tmp_path, "words.yaml", text + "\n")
    (fault,) = faults(tmp_path)
    assert fault.startswith("words.yaml:1: ")


@pytest.mark.parametrize("name", ["titles.tsv", "words.yaml"])
def test_a_file_that_is_not_utf8_is_told(name: str, tmp_path: Path) -> None:
    overlay(tmp_path, name, "")
    (tmp_path / "lexicon" / name).write_bytes("局长".encode("gb18030"))
    (fault,) = faults(tmp_path)
    assert fault.startswith(f"{name}:1: ") and "UTF-8" in fault


def test_an_empty_table_row_removes_nothing_and_an_empty_file_is_none(tmp_path: Path) -> None:
    overlay(tmp_path, "titles.tsv", "\n# nothing\n")
    overlay(tmp_path, "words.yaml", "")
    assert load_lexicon(tmp_path).titles == load_lexicon().titles


@pytest.mark.parametrize("name", COLUMNS)
def test_a_user_adds_rows(name: str, tmp_path: Path) -> None:
    word = GOOD[name].partition("\t")[0]
    found = load_lexicon(overlay(tmp_path, name, GOOD[name] + "\n"))
    attribute = name.removesuffix(".tsv")
    if attribute == "title_prefixes":
        assert found.titles["试局长"] == "leader" and "试民警" not in found.titles
    elif attribute == "abbreviations":
        assert found.abbreviations["试局", "rest"] == "试验局"
    elif attribute == "idioms":
        assert found.idioms.search("一个试验成语") and not load_lexicon().idioms.search("一个试验成语")
    else:
        assert word in getattr(found, attribute) and word not in getattr(load_lexicon(), attribute)


def test_a_user_replaces_rows_and_lists(tmp_path: Path) -> None:
    overlay(tmp_path, "organizations.tsv", "公安局\tunit\tno\n")
    overlay(tmp_path, "words.yaml", "roads: [驿道]\n")
    found = load_lexicon(tmp_path)
    assert (found.organizations["公安局"].kind, found.organizations["公安局"].alone) == ("unit", "no")
    assert found.words["roads"] == ("驿道",) and found.words["directions"] == load_lexicon().words["directions"]
    assert load_lexicon().organizations["公安局"].kind == "body"


def test_a_user_removes_rows(tmp_path: Path) -> None:
    overlay(tmp_path, "organizations.tsv", "-公安局\n-没有这个词\n")
    overlay(tmp_path, "idioms.tsv", "-重于泰山\n")
    found = load_lexicon(tmp_path)
    assert "公安局" not in found.organizations and (suffix := found.suffix("甲市公安局")) and suffix.text == "局"
    assert not found.idioms.search("重于泰山")


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path: Path) -> None:
    assert "试建" in load_lexicon(overlay(tmp_path, "founding.tsv", "\ufeff试建\n")).founding


def test_prefixes_combine_with_leaders_alone_and_yield_to_titles_of_their_own() -> None:
    titles = load_lexicon().titles
    assert titles["常务副县长"] == "leader" and "副民警" not in titles
    assert titles["副主任医师"] == "staff"


@pytest.mark.parametrize(("text", "suffix"), [
    ("甲市公安局", "公安局"), ("甲市森林公安局", "森林公安局"), ("甲市某某局", "局"), ("公安局长", ""), ("", "")])
def test_the_longest_suffix_counts(text: str, suffix: str) -> None:
    found = load_lexicon().suffix(text)
    assert (found.text if found else "") == suffix


@pytest.mark.parametrize(("name", "surname"), [("欧阳某", "欧阳"), ("欧某", "欧"), ("的某", ""), ("", "")])
def test_compound_family_names_come_first(name: str, surname: str) -> None:
    assert load_lexicon().surname(name) == surname


def test_lists_become_patterns_with_the_longest_word_first(tmp_path: Path) -> None:
    found = load_lexicon(overlay(tmp_path, "words.yaml", "roads: [道, 国道, 高速(.)]\n"))
    assert found.any("roads") == r"(?:高速\(\.\)|国道|道)"
