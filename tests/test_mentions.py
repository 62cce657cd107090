"""Mentions: what the grammars make of a sentence's words, and what a sentence gives with the tagger of a build."""

from __future__ import annotations

from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.mentions.reading import Knowledge
from kg.models import CleanDocument, Document, Mention, MentionType, Metadata, Offsets, Sentence, TaggedSentence, Token
from kg.pipeline import load_knowledge
from kg.tag import PRECEDENCE, tag_document
from kg.taggers import Tagging, open_tagger

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "mentions.yaml").read_text(encoding="utf-8"))
NAMES: dict[str, MentionType] = {"PER": "PERSON", "ORG": "ORGANIZATION", "LOC": "LOCATION"}


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def taggings() -> dict[str, Tagging]:
    """The sentences that go through the tagger of a build, all at once."""
    texts = [case["text"] for case in CASES if "text" in case]
    return dict(zip(texts, open_tagger()(texts), strict=True))


def words(marked: str) -> tuple[Token, ...]:
    """`张三/PER 来/v`; ␣ is a space in the sentence."""
    tokens: list[Token] = []
    for word in marked.split(" "):
        text, _, pos = word.replace("␣", " ").rpartition("/")
        start = tokens[-1].end if tokens else 0
        tokens.append(Token(start, start + len(text), text, pos))
    return tuple(tokens)


def tagging(tokens: tuple[Token, ...], spans: list[tuple[Any, ...]]) -> Tagging:
    """Tokens with their own names and those of `spans`, of which each replaces the names that it overlaps."""
    text = "".join(t.text for t in tokens)
    given = [Mention(text.index(s), text.index(s) + len(s), kind, s, "model", confidence=(*sure, 1.0)[0])
             for s, kind, *sure in spans]
    own = [Mention(t.start, t.end, NAMES[t.pos], t.text, "model") for t in tokens if t.pos in NAMES
           and not any(m.start < t.end and t.start < m.end for m in given)]
    return Tagging(tokens, tuple(sorted([*own, *given])))


def tagged(text: str, found: Tagging, knowledge: Knowledge, *, role: Any = "body", publisher: str = "",
           start: int = 0) -> TaggedSentence:
    """The tagged sentence of a document of 15 June 2021 that holds it from `start` on."""
    whole = "，" * start + text
    document = Document(id="d", text=whole, source="d.txt", sha256="0" * 64)
    offsets = Offsets(array("l", range(len(whole))), array("l", range(1, len(whole) + 1)))
    clean = CleanDocument(document, whole, offsets, (), Metadata(publisher=publisher, date="2021-06-15"))
    sentence = Sentence("d", 0, start, len(whole), text, 0, role)
    return tag_document(clean, [sentence], [found], knowledge)[0]


def _marked(key: str) -> list[Any]:
    cases = [case for case in CASES if key in case]
    return [pytest.param(case, id=case[key].replace(" ", "")[:40],
                         marks=pytest.mark.xfail(reason=case["fails"], strict=True) if "fails" in case else ())
            for case in cases]


@pytest.mark.parametrize("case", _marked("words"))
def test_grammars_read_names_from_words(case: dict[str, Any], knowledge: Knowledge) -> None:
    tokens = words(case["words"])
    found = tagged("".join(t.text for t in tokens), tagging(tokens, case.get("spans", [])), knowledge,
                   role=case.get("role", "body"), publisher=case.get("publisher", ""))
    assert [[m.text, m.type, m.source, *([m.value] if m.value else [])] for m in found.mentions] == case["mentions"]


@pytest.mark.parametrize("case", _marked("text"))
def test_sentences_go_through_the_tagger_of_a_build(case: dict[str, Any], knowledge: Knowledge,
                                                    taggings: dict[str, Tagging]) -> None:
    found = tagged(case["text"], taggings[case["text"]], knowledge, role=case.get("role", "body"))
    expected = [[text, kind, *value] for text, kind, _, *value in case["mentions"]]
    assert [[m.text, m.type, *([m.value] if m.value else [])] for m in found.mentions] == expected


def test_cases_are_many_and_well_formed() -> None:
    assert len(CASES) >= 80
    for case in CASES:
        text = case.get("text") or "".join(t.text for t in words(case["words"]))
        for surface, kind, source, *value in case["mentions"]:
            assert surface in text and kind in get_args(MentionType) and source in PRECEDENCE and len(value) < 2


def test_metadata_lines_give_outlet_and_signatures_alone(knowledge: Knowledge) -> None:
    tokens = words("来源/n ：/w 江河晚报/nw ␣/w 编辑/n ：/w 杜若飞/PER ␣/w 衡阳市公安局/ORG 5月3日/TIME")
    text = "".join(t.text for t in tokens)
    found = tagged(text, tagging(tokens, []), knowledge, role="metadata", publisher="江河晚报")
    assert [(m.text, m.source) for m in found.mentions] \
        == [("江河晚报", "grammar.publisher"), ("杜若飞", "grammar.byline")]


# Han characters that grammars look for, with others between them.
CHARACTERS = ("省市县区镇乡村局厅部委院公安派出所大支队指挥法各某×·《》（）、，等第一5个月日关于的通知"
              "王李欧阳张长沙湖南衡青岚记者：本该报讯成立联合国务中央驻组" "“”abc 。〈")
#: Words that grammars look for whole.
WHOLE = ("首都", "首府", "萨那", "万象", "印尼", "中美", "两国", "人民大会堂", "第十四届全国人大", "国防部长",
         "10月7日", "另据路透社", "极端组织“", "港口城市", "加沙地带", "党中央站", "总统", "前", "济南市", "某某")
HAN = st.lists(st.one_of(st.sampled_from(CHARACTERS), st.sampled_from(WHOLE)), max_size=40).map("".join)
POS = st.sampled_from(["n", "v", "vn", "p", "u", "w", "m", "a", "f", "r", "nz", "nw", "PER", "ORG", "LOC", "TIME"])


@st.composite
def cut(draw: st.DrawFn) -> tuple[str, Tagging]:
    """A text cut into random words, with random names that begin and end where words do."""
    text = draw(HAN)
    borders = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=12))})
    tokens = tuple(Token(a, b, text[a:b], draw(POS)) for a, b in pairwise(borders))
    spans: list[Mention] = []
    for _ in range(draw(st.integers(0, 3)) if text else 0):
        a, b = sorted(draw(st.lists(st.sampled_from(borders), min_size=2, max_size=2, unique=True)))
        if not any(m.start < b and a < m.end for m in spans):
            kind: MentionType = draw(st.sampled_from(["PERSON", "ORGANIZATION", "LOCATION", "DATE"]))
            spans.append(Mention(a, b, kind, text[a:b], "model"))
    return text, Tagging(tokens, tuple(sorted(spans)))


@settings(max_examples=150, deadline=None)
@given(cut(), st.sampled_from(["body", "byline", "metadata", "title"]), st.sampled_from(["", "本报", "湖南日报"]),
       st.integers(0, 3))
def test_any_words_give_mentions_that_slice_back(knowledge: Knowledge, drawn: tuple[str, Tagging], role: str,
                                                 publisher: str, start: int) -> None:
    text, found = drawn
    sentence = tagged(text, found, knowledge, role=role, publisher=publisher, start=start)
    whole = "，" * start + text
    assert list(sentence.mentions) == sorted(sentence.mentions)
    assert all(a.end <= b.start for a, b in pairwise(sentence.mentions))
    for mention in sentence.mentions:
        assert start <= mention.start < mention.end and whole[mention.start:mention.end] == mention.text
        assert mention.source in {*PRECEDENCE, "grammar.repeat"}
