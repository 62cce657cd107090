"""The trained adapter and LAC in one ONNX graph, as a directory that `hanlp.load` opens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import convert_lac
import numpy as np
import onnx
import torch
from ner.corpora import TAGS
from ner.model import Adapter
from onnx import TensorProto, helper, numpy_helper

from kg.taggers.known_words import FEATURES, KnownWords


def export(model: Adapter, known: KnownWords, target: Path, styles: Sequence[float] = (1.0,),
           least: dict[str, float] | None = None) -> None:
    """Write the directory: LAC's files, the graph with both heads, the CRF and the known words.

    Its style is a mean of the model's, each with its share in `styles`. The tagger leaves out names with a confidence
    below what `least` has for their type.
    """
    convert_lac.convert(target)
    weights = {name: array.astype(np.float32) for name, array in _arrays(model, torch.tensor(styles)).items()}
    graph = add_entities(onnx.load(target / "model.onnx"), weights, len(model.layers))
    (target / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    transitions, starts, ends = (part.detach().numpy() for part in model.crf.scores())
    np.savez(target / "entity_crf.npz", transitions=transitions, starts=starts, ends=ends)
    (target / "entity_tags.txt").write_bytes("".join(f"{tag}\n" for tag in TAGS).encode())
    known.save(target / "known_words.npz")
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    config["entities"] = {
        "output": "entities", "tags": "entity_tags.txt", "crf": "entity_crf.npz", "known_words": "known_words.npz",
        "labels": "kg", "temperature": 1.0, "least": least or {}}
    (target / "config.json").write_bytes(json.dumps(config, indent=2).encode() + b"\n")


def _arrays(model: Adapter, shares: torch.Tensor) -> dict[str, np.ndarray]:
    """The adapter's weights as the graph wants them; the mean of the styles becomes part of the biases."""
    with torch.no_grad():
        vector, style_bias = (shares @ styles.weight[: len(shares)] for styles in (model.style, model.style_bias))
        arrays = {"entity_characters": model.character.weight, "entity_pairs": model.pair.weight,
                  "entity_weight": model.output.weight.T,
                  "entity_bias": model.output.bias + style_bias}
        for number, layer in enumerate(model.layers):
            inner, bias = layer.inner.weight, layer.inner.bias
            if number == 0 and model.narrow is not None:
                arrays["entity_narrow"] = model.narrow.weight[:, : -len(vector)].T
                bias = bias + inner @ model.narrow.weight[:, -len(vector) :] @ vector
            elif number == 0:
                inner, bias = inner[:, : -len(vector)], bias + inner[:, -len(vector) :] @ vector
            size = layer.outer.shape[1]
            inner, bias = inner.view(2, 3 * size, -1), torch.cat([bias.view(2, -1), layer.outer_bias], 1)
            arrays |= {f"adapter{number}_W": swap_gates(inner, 1), f"adapter{number}_R": swap_gates(layer.outer.mT, 1),
                       f"adapter{number}_B": torch.cat([swap_gates(half, 1) for half in bias.chunk(2, 1)], 1)}
        return {name: weight.detach().contiguous().numpy() for name, weight in arrays.items()}


def swap_gates(values: torch.Tensor, axis: int) -> torch.Tensor:
    """From torch's order of gates (r, z, n) to ONNX's (z, r, n), or back."""
    reset, update, new = values.chunk(3, axis)
    return torch.cat([update, reset, new], axis)


def add_entities(model: onnx.ModelProto, weights: dict[str, np.ndarray], layers: int) -> onnx.ModelProto:
    """LAC's graph with the adapter beside its head: pairs [B, T + 1] int64, known_words [B, T, F] uint8 → entities.

    Weights are stored in half precision and widened when the graph is loaded.
    """
    graph, nodes = model.graph, []
    for name, array in weights.items():
        graph.initializer.append(numpy_helper.from_array(array.astype(np.float16), f"{name}_half"))
        if name not in ("entity_characters", "entity_pairs"):
            nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    constants = {"zero": [0], "one": [1], "minus_one": [-1], "end": [np.iinfo(np.int64).max]}
    for name, values in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
    states = "layer2"
    nodes += [
        helper.make_node("Softmax", ["words"], ["lac_probabilities"], axis=-1),
        helper.make_node("Gather", ["entity_characters_half", "by_time"], ["characters_half"]),
        helper.make_node("Transpose", ["pairs"], ["pairs_by_time"], perm=[1, 0]),
        helper.make_node("Gather", ["entity_pairs_half", "pairs_by_time"], ["around"]),
        helper.make_node("Slice", ["around", "zero", "minus_one", "zero"], ["before_half"]),
        helper.make_node("Slice", ["around", "one", "end", "zero"], ["after_half"]),
        helper.make_node("Transpose", ["known_words"], ["known_by_time"], perm=[1, 0, 2]),
        *(helper.make_node("Cast", [old], [new], to=TensorProto.FLOAT) for old, new in (
            ("characters_half", "characters"), ("before_half", "before"), ("after_half", "after"),
            ("known_by_time", "known"))),
        helper.make_node("Concat", [states, "lac_probabilities", "characters", "before", "after", "known"],
                         ["entity_inputs" if "entity_narrow" in weights else "adapter_in0"], axis=-1)]
    if "entity_narrow" in weights:
        nodes.append(helper.make_node("MatMul", ["entity_inputs", "entity_narrow"], ["adapter_in0"]))
    for number in range(layers):
        nodes += _gru(graph, number, weights[f"adapter{number}_R"].shape[-1])
    nodes += [helper.make_node("MatMul", [f"adapter_in{layers}", "entity_weight"], ["entity_scores"]),
              helper.make_node("Add", ["entity_scores", "entity_bias"], ["entities"])]
    graph.node.extend(nodes)
    graph.input.extend([helper.make_tensor_value_info("pairs", TensorProto.INT64, ["batch", "after_time"]),
                        helper.make_tensor_value_info("known_words", TensorProto.UINT8, ["batch", "time", FEATURES])])
    graph.output.append(helper.make_tensor_value_info("entities", TensorProto.FLOAT, ["time", "batch", len(TAGS)]))
    onnx.checker.check_model(model, full_check=True)
    return model


def _gru(graph: onnx.GraphProto, number: int, size: int) -> list[onnx.NodeProto]:
    """One layer of the adapter, from `adapter_in{number}` to the next."""
    name = f"adapter{number}"
    graph.initializer.append(numpy_helper.from_array(np.array([0, 0, 2 * size], np.int64), f"{name}_joined"))
    return [
        helper.make_node("GRU", [f"adapter_in{number}", f"{name}_W", f"{name}_R", f"{name}_B", "length"],
                         [f"{name}_directions"], direction="bidirectional", hidden_size=size, linear_before_reset=1),
        helper.make_node("Transpose", [f"{name}_directions"], [f"{name}_side_by_side"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", [f"{name}_side_by_side", f"{name}_joined"], [f"adapter_in{number + 1}"])]
