"""Models other than the one in the package: torch models in HanLP's own format, multi-task answers, and the hub."""

import json
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hanlp.common.component import Component
from hanlp_common.document import Document

from kg.errors import ModelError
from kg.taggers import catalog, list_models, names, open_tagger

#: torch and HanLP warn of their own doings while a torch model is made and opened.
TORCH_WARNINGS = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:torch.*", "ignore::FutureWarning:torch.*", "ignore::UserWarning:torch.*")

PEOPLE = ("周明", "林小川", "何雨", "方大伟")
PLACES = ("江口市", "云岭县", "白沙镇")


def examples() -> list[tuple[list[str], list[str]]]:
    """Characters and IOBES tags of a few sentences."""
    found = []
    for person in PEOPLE:
        for place in PLACES:
            for parts in (["", person, "在", place, "工作。"], ["昨天", person, "去了", place, "。"]):
                tags = []
                for part in parts:
                    label = "PER" if part in PEOPLE else "LOC" if part in PLACES else ""
                    inside = [f"I-{label}"] * (len(part) - 2)
                    tags += [f"B-{label}", *inside, f"E-{label}"] if label else ["O"] * len(part)
                found.append((list("".join(parts)), tags))
    return found


@pytest.fixture(scope="module")
def torch_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """HanLP's RNN recogniser, trained for a second and saved by HanLP."""
    torch = pytest.importorskip("torch")
    from hanlp.common.vocab import Vocab
    from hanlp.components.ner.rnn_ner import RNNNamedEntityRecognizer

    torch.manual_seed(1)
    torch.set_num_threads(1)
    sentences = examples()
    component = RNNNamedEntityRecognizer()
    component.vocabs["token"], component.vocabs["tag"] = Vocab(), Vocab(pad_token=None, unk_token=None)
    ids = [torch.tensor([[component.vocabs["token"].add(c) for c in characters]]) for characters, _ in sentences]
    tags = [torch.tensor([component.vocabs["tag"].add(tag) for tag in tags]) for _, tags in sentences]
    component.vocabs.lock()
    settings = {"token_key": "token", "embed": 16, "rnn_input": None, "rnn_hidden": 16, "drop": 0.0, "crf": False,
                "tagging_scheme": "IOBES", "token_delimiter": "", "batch_size": 8}
    component.config.update(settings)
    component.model = component.build_model(**settings)
    steps = torch.optim.Adam(component.model.parameters(), lr=0.02)
    for _ in range(5):
        for sentence, wanted in zip(ids, tags, strict=True):
            steps.zero_grad()
            torch.nn.functional.cross_entropy(component.model(sentence)[0].flatten(0, 1), wanted).backward()
            steps.step()
    directory = tmp_path_factory.mktemp("models") / "tiny"
    directory.mkdir()
    component.save(str(directory))
    return directory


@TORCH_WARNINGS
def test_a_torch_model_gives_the_names_and_lac_the_words(torch_model: Path) -> None:
    tagger = open_tagger(str(torch_model))
    texts = ["昨天何雨去了云岭县。", "", " ", "昨天 何雨 去了云岭县。", "林小川在白沙镇工作。"]
    taggings = tagger(texts)
    assert [[(m.text, m.type, m.source) for m in tagging.mentions] for tagging in taggings] == [
        [("何雨", "PERSON", "model"), ("云岭县", "LOCATION", "model")], [], [],
        [("何雨", "PERSON", "model"), ("云岭县", "LOCATION", "model")],
        [("林小川", "PERSON", "model"), ("白沙镇", "LOCATION", "model")]]
    for text, tagging in zip(texts, taggings, strict=True):
        assert all(text[m.start:m.end] == m.text for m in tagging.mentions)
    assert [tagging.tokens for tagging in taggings] == [tagging.tokens for tagging in open_tagger()(texts)]


@TORCH_WARNINGS
def test_a_long_text_keeps_the_names_at_its_end(torch_model: Path) -> None:
    text = "林小川在白沙镇工作。" * 60 + "昨天何雨去了云岭县。"
    mentions = open_tagger(str(torch_model))([text])[0].mentions
    assert len(mentions) == 122
    assert [text[m.start:m.end] for m in mentions[-2:]] == ["何雨", "云岭县"]


@TORCH_WARNINGS
def test_the_id_names_the_weights(torch_model: Path, tmp_path: Path) -> None:
    assert open_tagger(str(torch_model)).id == open_tagger(str(torch_model)).id
    other = Path(shutil.copytree(torch_model, tmp_path / "tiny"))
    assert catalog.digest(other) == catalog.digest(torch_model)
    (other / "model.pt").write_bytes((other / "model.pt").read_bytes() + b"\0")
    assert catalog.digest(other) != catalog.digest(torch_model)


@TORCH_WARNINGS
def test_a_model_whose_labels_mean_nothing_here_is_refused(torch_model: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(torch_model, tmp_path / "gene"))
    vocabs = (other / "vocabs.json").read_text(encoding="utf-8")
    (other / "vocabs.json").write_text(vocabs.replace("PER", "GENE").replace("LOC", "DRUG"), encoding="utf-8")
    with pytest.raises(ModelError, match="DRUG, GENE"):
        open_tagger(str(other))


@TORCH_WARNINGS
def test_broken_weights_are_the_users_to_mend(torch_model: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(torch_model, tmp_path / "cut"))
    (other / "model.pt").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="HanLP can't load it"):
        open_tagger(str(other))


def test_tags_against_the_scheme_cost_their_own_sentence_only() -> None:
    from hanlp.utils.span_util import InvalidTagSequence

    class Picky:
        def predict(self, sequences: list[list[str]]) -> list[list[tuple]]:
            if ["坏"] in sequences:
                raise InvalidTagSequence("O I-PER")
            return [[("".join(tokens), "PER", 0, len(tokens))] for tokens in sequences]

    texts = ["周明", "坏", "何雨"]
    units = [[(i, i + 1) for i in range(len(text))] for text in texts]
    assert names.find_by_tokens(Picky(), texts, units) == [[(0, 2, "PER")], [], [(0, 2, "PER")]]


def test_a_model_trained_on_words_gets_words() -> None:
    assert names.reads_words(SimpleNamespace(config={"trn_data": "corpus.zip#word_level.train.short.tsv"}))
    assert not names.reads_words(SimpleNamespace(config={"trn_data": "corpus.zip#train.tsv"}))


class MultiTask(Component):
    """A multi-task component, as HanLP opens it by its classpath. Its tokenizer drops spaces."""

    def __init__(self) -> None:
        self.config: dict = {}

    def load(self, save_dir: str, **_: object) -> None:
        self.config = json.loads((Path(save_dir) / "config.json").read_text(encoding="utf-8"))
        self.tasks = {task: SimpleNamespace(vocabs={"tag": SimpleNamespace(idx_to_token=tags)})
                      for task, tags in self.config["labels"].items()}

    def predict(self, texts: list[str], tasks: str) -> Document:
        words = [[text.replace(" ", "")[i:i + 2] for i in range(0, len(text.replace(" ", "")), 2)] for text in texts]
        label = self.tasks[tasks].vocabs["tag"].idx_to_token[1].partition("-")[2]
        found = [[("".join(tokens[1:3]), label, 1, 3), ("别处", label, 0, 1)] for tokens in words]
        return Document({"tok/fine": words, tasks: found})


@pytest.fixture
def multi_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # HanLP's own multi-task component is a network of hundreds of megabytes; this one stands in its place.
    monkeypatch.setattr(MultiTask, "__module__", "hanlp.multi_task_component")
    monkeypatch.setitem(sys.modules, "hanlp.multi_task_component", SimpleNamespace(MultiTask=MultiTask))
    labels = {"tok/fine": [], "ner/ontonotes": ["O", "B-GPE"], "ner/msra": ["O", "B-PERSON"]}
    config = {"classpath": "hanlp.multi_task_component.MultiTask", "labels": labels}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def test_a_multi_task_model_counts_its_own_tokens(multi_task: Path) -> None:
    text = "今天 周 明方大伟来了"
    tagging = open_tagger(str(multi_task))([text, "  "])[0]
    # The tokens are 今天, 周明, 方大 …; the second name isn't where the model says, and is left out.
    assert [(m.start, m.end, m.type, m.text) for m in tagging.mentions] == [(3, 8, "PERSON", "周 明方大")]
    assert "".join(token.text for token in tagging.tokens) == text
    assert open_tagger(str(multi_task))(["  "])[0].mentions == ()


def test_the_task_can_be_chosen(multi_task: Path) -> None:
    assert open_tagger(f"{multi_task}#ner/ontonotes")(["今天周明方大"])[0].mentions[0].type == "LOCATION"
    assert "#ner/msra" in open_tagger(str(multi_task)).id
    with pytest.raises(ModelError, match="no task ner/pku; there are: ner/ontonotes, ner/msra"):
        open_tagger(f"{multi_task}#ner/pku")


@pytest.mark.parametrize(("tokens", "text", "places"), [
    (["周明", "来"], "周明来", [(0, 2), (2, 3)]),
    (["周明", "来"], " 周\u3000明 来 ", [(1, 4), (5, 6)]),
    (["周明", "", "来"], "周明来", [(0, 2), (2, 2), (2, 3)]),
    (["周明", "来了"], "周明来", [(0, 2), (2, 3)]),
    (["𠮷田", "来"], "𠮷田来", [(0, 2), (2, 3)]),
])
def test_tokens_are_found_in_the_text(tokens: list[str], text: str, places: list[tuple[int, int]]) -> None:
    assert names.align(tokens, text) == places


@pytest.mark.parametrize(("name", "message"), [
    ("hanlp-mrsa", "did you mean hanlp-msra"),
    ("msra_ner_electra_small", "MSRA_NER_ELECTRA_SMALL_ZH"),
    ("nothing like it", "there are default, lac, hanlp-msra, hanlp-mtl"),
    ("./no/such/place", "no such directory"),
])
def test_an_unknown_name_gets_a_hint(name: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        open_tagger(name)


def test_a_model_out_of_reach_fails_within_seconds_and_says_what_to_do() -> None:
    start = time.perf_counter()
    with pytest.raises(ModelError, match=r"(?s)can't be reached.*HANLP_HOME.*--model DIR.*default"):
        open_tagger("https://models.invalid/ner/tiny.zip")
    assert time.perf_counter() - start < catalog.PATIENCE + 2


def test_a_missing_transformer_is_named_before_hanlp_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hanlp.layers.transformers import resource

    monkeypatch.setitem(resource.tokenizer_mirrors, "tiny-transformer", "https://models.invalid/tiny-transformer.zip")
    config = {"classpath": "kg.taggers.lac.LexicalAnalyzer", "encoder": {"transformer": "tiny-transformer"}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match=r"tiny-transformer\.zip can't be reached"):
        open_tagger(str(tmp_path))


@pytest.mark.parametrize(("files", "message"), [
    ({}, "no config.json"),
    ({"meta.json": "{}"}, "TensorFlow"),
    ({"config.json": "{"}, "not JSON"),
    ({"config.json": "[]"}, "no classpath"),
    ({"config.json": '{"classpath": "hanlp.components.ner.rnn_ner.RNNNamedEntityRecognizer"}'},
     "no model.pt, vocabs.json"),
    ({"config.json": '{"classpath": "nowhere.to.be.Found"}'}, "nowhere"),
    ({"config.json": '{"classpath": "kg.taggers.lac.LexicalAnalyzer"}'}, "missing model, characters"),
])
def test_a_broken_directory_says_what_is_missing(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        open_tagger(str(tmp_path))


def test_a_lac_directory_without_a_file_says_which(tmp_path: Path) -> None:
    directory = Path(shutil.copytree(catalog.PACKAGED / "lac", tmp_path / "lac"))
    (directory / "tags.txt").unlink()
    with pytest.raises(ModelError, match=r"no tags\.txt"):
        open_tagger(str(directory))


def test_the_list_names_licence_and_place() -> None:
    models = {model.name: model for model in list_models()}
    assert list(models) == ["default", "lac", "hanlp-msra", "hanlp-mtl"]
    assert models["default"].where == models["lac"].where == "in the package"
    assert models["lac"].licence == "Apache-2.0"
    assert models["hanlp-mtl"].licence == "research and teaching only"
