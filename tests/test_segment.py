"""Sentences: where they end, and that their offsets are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.clean import clean
from kg.models import READ_ROLES, Document
from kg.segment import segment, sentence_spans
from kg.settings import Settings


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize("sentences", [
    ["会议开始。", "会议结束。"],
    ["第一组负责巡逻；", "第二组负责登记。"],
    ["谁来负责？", "制度来负责！"],
    ["“大家放心。”", "镇长王建军说。"],
    ["镇长说：“大家放心。”", "村民散去。"],
    ["“物资到了。", "请大家放心。”", "镇长说。"],
    ["他大喊“救命！”随后跳进水里。"],
    ["墙上写着“为人民服务，让群众满意！”的标语。"],
    ["印发《关于加强管理。试行！的通知》，自即日起施行。"],
    ["周某（男，32岁。住东山区）被抓获。"],
    ["检查了巡查、登记、疏导……等工作。"],
    ["走访、登记、疏导……", "充分发挥了作用。"],
    ["（记者何建川）会议召开。"],
    ["少了一半的括号（没有关上。", "下一句还在。"],
    ["没有句号的标题"],
    ["Is it R?D of a.中文句子。"],
])
def test_sentences(sentences):
    assert split("".join(sentences)) == sentences


def test_a_sentence_without_end_is_cut_at_commas_and_nothing_is_lost():
    text = "各单位要认真落实，" * 120
    pieces = split(text)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 400
    assert all(piece.endswith("，") for piece in pieces)


@given(st.lists(st.sampled_from("甲乙丙。！？；…，、：“”‘’（）《》「」 a?!;."), max_size=60).map("".join))
def test_sentences_keep_every_character_but_spaces(text):
    assert "".join(split(text)).replace(" ", "") == text.replace(" ", "")
    assert all(piece == piece.strip() and piece for piece in split(text))


@given(st.text(st.sampled_from("县公安局通报，。；“”（）\n •-:,记者2022年 "), max_size=200))
def test_offsets_slice_the_cleaned_text(text):
    document = clean(Document(id="d", text=text, source="d", sha256=""), Settings())
    sentences = segment(document)
    assert [s.index for s in sentences] == list(range(len(sentences)))
    for s in sentences:
        assert document.text[s.start:s.end] == s.text
        line = document.lines[s.line]
        assert line.role == s.role in READ_ROLES
        assert line.start <= s.start < s.end <= line.end
