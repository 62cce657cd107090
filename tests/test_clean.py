"""Repairs: what each fixer mends and leaves alone, and that every repair can be followed back to the raw text."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.clean import FIXERS, as_json, clean, explain
from kg.clean.edits import Tracked, apply_edits
from kg.clean.hypertext import markup
from kg.models import Document
from kg.pipeline import build_documents
from kg.settings import Settings

CASES = Path(__file__).parent / "cases" / "clean"
FIXES = yaml.safe_load((CASES / "fixes.yaml").read_text("utf-8"))
CHARACTER_FIXES = {"width", "spaces", "blanks"}

# Text with everything that a fixer reacts to, so that chance finds the ways in which they meet.
PIECES = st.sampled_from([*"中国公安局長隊說著请王明记者编辑123.aZ@&<>/-•?？!！,，:：;；()（）“”《》。…",
                          *" \n\t\r\u3000\u00a0\u200b\ufeff", "(zhǎng)", "（duì）", "(yan)", "&nbsp;", "&amp;",
                          "&#65292;", "https://a.cn/b?c,d", "记者 ", "?!搬", "?shù)", "责编：", "来源：", "<p>", "</p>",
                          "<script>", "<!--", "<![", "原标题：", "2022年9月13日", "# "])
MESSY = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


def cleaned(text: str, kind: str = "txt"):
    return clean(Document(id="d", text=text, source="d.txt", sha256="", format=kind), Settings())


@pytest.mark.parametrize("case", FIXES, ids=lambda case: f"{case['fix']}: {case['text'][:20]!r}")
def test_fix(case):
    result = cleaned(case["text"])
    assert result.text == case["clean"]
    used = {name for edit in result.edits for name in edit.fix.split("+")}
    assert case["fix"] in used or (case["fix"] == "none" and used <= CHARACTER_FIXES)


@given(MESSY, st.sampled_from(["txt", "html"]))
def test_edits_replay_and_offsets_lead_back(text, kind):
    result = cleaned(text, kind)
    assert apply_edits(text, result.edits) == result.text
    assert all(text[edit.start:edit.end] == edit.old for edit in result.edits)
    starts, ends = result.offsets.starts, result.offsets.ends
    assert list(starts) == sorted(starts) and list(ends) == sorted(ends)
    assert len(starts) == len(ends) == len(result.text)
    repaired = [(edit.start, edit.end) for edit in result.edits]
    for char, start, end in zip(result.text, starts, ends, strict=True):
        touched = any(a <= start < b for a, b in repaired)
        assert touched or text[start:end] == char


@given(MESSY, st.sampled_from(["txt", "html"]))
def test_cleaning_its_own_output_changes_nothing(text, kind):
    once = cleaned(text, kind).text
    assert cleaned(once).text == once


@given(st.text(max_size=200) | MESSY, st.sampled_from(["txt", "md", "html"]))
def test_lines_tile_any_text(text, kind):
    result = cleaned(text, kind)
    assert len(result.lines) == result.text.count("\n") + 1
    for line, whole in zip(result.lines, result.text.split("\n"), strict=True):
        assert result.text[line.start:line.end] in whole


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div class='a>b'>", "<br/>", "字", " ", "\n", "&lt;", "<!-- x -->",
                                 "<![endif]>", "<script>", "</script>", "<", ">", "\"", "</head>", "<title>"])))
def test_markup_leaves_only_characters_of_the_page(parts):
    source = "".join(parts)
    tracked = Tracked(source)
    tracked.apply("html", markup(source))
    assert set(tracked.text) <= set(source) | {" ", "\n"}


def misread(text: str) -> str:
    """A text in UTF-8 as Windows shows it when it takes it for GBK."""
    data, shown, at = text.encode(), "", 0
    while at < len(data):
        size = 1 if data[at] <= 0x80 else 2
        piece = data[at:at + size]
        shown += "€" if piece == b"\x80" else piece.decode("gb18030", "replace")
        at += size
    return shown


@pytest.mark.parametrize(("damaged", "whole"), [
    (misread("局长到任了"), "局长到任了"),
    (misread("云岭县公安局昨日通报，正在办理。"), "云岭县公安局昨日通报，正在办理\ufffd"),  # the last byte is gone
    ("联通公司的联系人", "联通公司的联系人"),
    ("å…¬å®‰å±€é€šæŠ¥", "公安局通报"),
    ("公安局通报。".encode().decode("latin-1"), "公安局通报。"),
    ("锟斤拷锟斤拷公告", "\ufffd\ufffd\ufffd\ufffd公告"),
    ("CafÃ© Ã¼ber……“——”", "CafÃ© Ã¼ber……“——”"),
])
def test_utf8_that_was_read_in_another_encoding(damaged, whole):
    assert cleaned(damaged).text == whole


def test_characters_that_were_lost_before_are_told():
    assert [warning.split(":")[0] for warning in cleaned("锟斤拷公告").warnings] == ["undecodable"]


def test_overlapping_changes_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        Tracked("一二三").apply("x", [(0, 2, ""), (1, 3, "四")])


def test_repairs_of_the_same_characters_are_one_edit():
    edits = cleaned("隊(duì)長(zhǎng)說(shuō)，駐(zhù)點(diǎn)民警守在路口?!按蠹叶己苷J(rèn)真負(fù)責(zé)。").edits
    assert [edit.new for edit in edits if edit.fix == "mojibake+traditional"] == ["。“大家都很认"]


def test_explain_counts_like_edits():
    rows = explain(cleaned("甲,乙,丙:丁"))
    assert [(row.fix, row.old, row.new, row.start, row.times) for row in rows] == [
        ("width", ",", "，", 1, 2), ("width", ":", "：", 5, 1)]


def test_json_holds_the_lines_that_are_read():
    record = as_json(cleaned("县里开会\n来源：云岭日报\n会议要求各单位做好防汛工作,并及时报告情况。"))
    assert list(record) == ["id", "text", "metadata", "edits", "flaws", "warnings", "lines"]
    assert record["text"] == "县里开会\n会议要求各单位做好防汛工作，并及时报告情况。"
    assert record["metadata"]["publisher"] == "云岭日报"
    assert record["edits"] == [{"fix": "width", "start": 26, "end": 27, "old": ",", "new": "，", "confidence": 1.0}]
    assert [line["role"] for line in record["lines"]] == ["title", "metadata", "body"]
    json.dumps(record)


@pytest.mark.parametrize(("text", "kind", "found"), [
    ("会后，市迅速行动。随后，市联合多个部门，市推出新措施。", "words_deleted", ["市", "市", "市"]),
    ("由镇街、、卫健部门组成，各、配合。们每两人结对，依法追究“”等人。", "words_deleted", ["、、", "各", "。们", "“”"]),
    ("由镇街、、卫健部门组成。", "words_deleted", []),
    ("各乡镇都是如此，他们是老师，市联合执法队到场。", "words_deleted", []),
    ("村民说，十二生肖排列顺序表二十五岁的社工许某来过。", "advertisement", ["十二生肖排列顺序表"]),
    ("警方查获非法销售六合彩的窝点，为人代开发票的三人被抓。", "advertisement", []),
])
def test_flaws_are_told_with_their_place_and_stay(text, kind, found):
    result = cleaned(text)
    assert result.text == text
    assert [flaw.text for flaw in result.flaws if flaw.kind == kind] == found
    assert all(text[flaw.start:flaw.end] == flaw.text for flaw in result.flaws)
    assert [warning.split(":")[0] for warning in result.warnings] == ([kind] if found else [])
    assert as_json(result)["flaws"] == [flaw.model_dump() for flaw in result.flaws]


@pytest.mark.parametrize(("among", "acts"), [("各单位", 1), ("各、单位", 0)])
def test_no_relation_is_read_across_a_flaw(among, acts):
    text = f"甲市公安局在{among}配合下侦破盗窃案件。负责的，都到了。随后，们一起离开，、走了。"
    graph = build_documents([Document(id="d", text=text, source="d", sha256="")], Settings()).graph
    assert sum(edge.relation == "performs" for edge in graph.edges) == acts
    assert sum(node.type == "ACTION" for node in graph.nodes) == acts


def test_guesses_say_how_sure_they_are():
    text = "隊(duì)長(zhǎng)說(shuō)，駐(zhù)點(diǎn)民警守在路口?!按蠹叶己苷J(rèn)真負(fù)責(zé)。"
    result = cleaned(text)
    guessed = [edit for edit in result.edits if "mojibake" in edit.fix]
    assert [0 < edit.confidence < 0.9 for edit in guessed] == [True]
    assert all(edit.confidence == 1 for edit in result.edits if edit not in guessed)
    assert [row.confidence for row in explain(result) if "mojibake" in row.fix] == [guessed[0].confidence]
    assert result.warnings[0].startswith("mojibake: 1 damaged spans restored")


def test_every_fixer_says_what_it_does():
    assert all(fixer.__doc__ and len(fixer.__doc__) > 80 for fixer in FIXERS.values())


def test_option_date_counts_only_where_the_page_says_nothing():
    text = "济水县公安局昨日通报一起案件的侦办情况，两人被抓。"
    silent = Document(id="d", text=text, source="d", sha256="")
    stated = silent.model_copy(update={"text": "2022-09-13 09:42\n" + text})
    chosen = Settings(date="2020-01-01")
    assert (clean(stated, chosen).metadata.date, clean(stated, chosen).metadata.date_from) == ("2022-09-13", "page")
    assert (clean(silent, chosen).metadata.date, clean(silent, chosen).metadata.date_from) == ("2020-01-01", "option")


@pytest.mark.shared
@pytest.mark.parametrize(("name", "spans"), [("001", 0), ("002", 4)])
def test_damaged_seeds_are_whole_again(shared, name, spans):
    path = next((shared / "seeds").glob(f"{name}_*.txt"))
    result = cleaned(path.read_text("utf-8"))
    assert sum("mojibake" in edit.fix for edit in result.edits) == spans
    assert not any(char in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ" for char in result.text)
    assert "?" not in result.text
