"""Models that would run code are refused before they can: by what they name, and by what they unpickle."""

import json
import pickle
from collections import OrderedDict
from pathlib import Path

import pytest

from kg.errors import ModelError
from kg.taggers import open_tagger
from kg.taggers.trust import check_model, without_pickles

GOOD = "hanlp.components.ner.rnn_ner.RNNNamedEntityRecognizer"

HARMLESS = {
    "config.json": {"classpath": GOOD, "embed": {"classpath": "hanlp.layers.embeddings.char_rnn.CharRNN", "type": "a"}},
    "vocabs.json": {"token": {"idx_to_token": ["甲"], "type": "hanlp.common.vocab.Vocab"}, "tag": {"idx_to_token": []}},
}

#: What a model may not name, by file and by the value of its JSON.
HARMFUL = {
    "code of the system": ("config.json", {"classpath": "os.system"}),
    "code in the working directory": ("config.json", {"classpath": "evil.Component"}),
    "an older key": ("config.json", {"class_path": "subprocess.Popen"}),
    "what a module of HanLP has imported": ("config.json", {"classpath": "hanlp.utils.io_util.Popen"}),
    "a function of HanLP": ("config.json", {"classpath": "hanlp.utils.io_util.run_cmd"}),
    "no module of HanLP": ("config.json", {"classpath": "hanlpx.Component"}),
    "another class of kg": ("config.json", {"classpath": "kg.taggers.hanlp.NameTagger"}),
    "no name at all": ("config.json", {"classpath": ["os", "system"]}),
    "deep inside": ("config.json", {"classpath": GOOD, "tasks": [{"ner": {"encoder": {"classpath": "os.system"}}}]}),
    "the function of a wrapper": ("config.json", {"classpath": "hanlp.components.lambda_wrapper.LambdaComponent",
                                                  "function": "os.system"}),
    "the file of older models": ("meta.json", {"class_path": "os.system"}),
    "the class of a vocabulary": ("vocabs.json", {"token": {"idx_to_token": [], "type": "os.system"}}),
}


def model(folder: Path, files: dict[str, object]) -> Path:
    for name, tree in files.items():
        (folder / name).write_text(json.dumps(tree), encoding="utf-8")
    return folder


def test_a_model_may_name_classes_of_hanlp(tmp_path):
    check_model(model(tmp_path, HARMLESS))


@pytest.mark.parametrize(("name", "tree"), HARMFUL.values(), ids=HARMFUL)
def test_a_model_that_names_anything_else_is_refused_with_file_and_name(tmp_path, name, tree):
    with pytest.raises(ModelError, match=rf"{name}: \w+ is .*no class of HanLP; a model may bring weights, no code"):
        check_model(model(tmp_path, {**HARMLESS, name: tree}))


def test_opening_such_a_model_runs_nothing(tmp_path, monkeypatch):
    (tmp_path / "evil.py").write_text("import pathlib; pathlib.Path(__file__).with_name('ran').touch()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelError, match=r"config\.json: classpath is 'evil\.Component'"):
        open_tagger(str(model(tmp_path, {"config.json": {"classpath": "evil.Component"}})))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["{", "[" * 100_000], ids=["broken", "deep"])
def test_a_configuration_that_is_no_json_is_refused(tmp_path, text):
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        check_model(tmp_path)


@pytest.mark.parametrize("name", ["vectors.pkl", "cache/words.PICKLE"])
def test_a_pickle_beside_the_weights_is_refused(tmp_path, name):
    file = model(tmp_path, HARMLESS) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(pickle.dumps({}))
    with pytest.raises(ModelError, match="is a pickle, which can run any code"):
        check_model(tmp_path)


def test_a_pickle_under_another_name_runs_nothing_while_a_model_is_opened(tmp_path):
    class Touch:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    with without_pickles("m"), pytest.raises(ModelError, match=r"m: holds a pickle that names"):
        pickle.loads(pickle.dumps(Touch()))
    assert not (tmp_path / "ran").exists()


def test_pickles_are_as_ever_when_no_model_is_being_opened():
    with without_pickles("m"):
        assert pickle.loads(pickle.dumps({"甲": [1, 2.5]})) == {"甲": [1, 2.5]}
    assert pickle.loads(pickle.dumps(OrderedDict(a=1))) == OrderedDict(a=1)


def test_weights_that_are_a_pickle_of_objects_are_refused(tmp_path):
    """HanLP reads model.pt with weights_only=True; a model whose weights are something else isn't opened."""
    class Touch:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    with pytest.raises(ModelError):
        (model(tmp_path, HARMLESS) / "model.pt").write_bytes(pickle.dumps(Touch()))
        open_tagger(str(tmp_path))
    assert not (tmp_path / "ran").exists()
