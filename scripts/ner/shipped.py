"""An exported model as a torch adapter again, to learn on from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from ner.encoder import load_encoder
from ner.export import swap_gates
from ner.model import Adapter, Sizes
from onnx import numpy_helper

from kg.taggers.known_words import KnownWords


def read_exported(directory: Path, style: int, styles: int) -> tuple[Adapter, Sizes, KnownWords]:
    """The adapter of a directory that `ner.export.export` wrote, its sizes and its known words.

    It has `styles` styles of width `style`. The first is that of the directory; an export doesn't hold the others, so
    they begin near it and are learnt anew.
    """
    graph = onnx.load(directory / "model.onnx").graph
    arrays = {tensor.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
              for tensor in graph.initializer if tensor.name.endswith("_half")}
    outer, pairs, characters = arrays["adapter0_R"], arrays["entity_pairs"], arrays["entity_characters"]
    narrow = arrays.get("entity_narrow")
    sizes = Sizes(hidden=outer.shape[2], layers=sum(name.endswith("_R") for name in arrays),
                  character=characters.shape[1], pair=pairs.shape[1], pairs=len(pairs) - 1, style=style,
                  narrow=0 if narrow is None else narrow.shape[1])
    torch.manual_seed(0)
    model = Adapter(load_encoder(), sizes, styles, 0.0, 0.0)
    with torch.no_grad():
        model.character.weight.copy_(characters)
        model.pair.weight.copy_(pairs)
        model.style.weight[0] = 0
        model.output.weight.copy_(arrays["entity_weight"].T)
        model.output.bias.copy_(arrays["entity_bias"])
        if model.narrow is not None and narrow is not None:
            model.narrow.weight[:, :-style] = narrow.T
        for number, layer in enumerate(model.layers):
            inner, outer, bias = (arrays[f"adapter{number}_{part}"] for part in "WRB")
            inner = swap_gates(inner, 1).flatten(0, 1)
            layer.inner.weight[:, :inner.shape[1]] = inner      # the style comes last and stays as it began
            layer.outer.copy_(swap_gates(outer, 1).mT)
            first, second = (swap_gates(half, 1) for half in bias.chunk(2, 1))
            layer.inner.bias.copy_(first.flatten())
            layer.outer_bias.copy_(second)
        with np.load(directory / "entity_crf.npz") as crf:
            for part, legal in (("transitions", "legal"), ("starts", "legal_starts"), ("ends", "legal_ends")):
                allowed = getattr(model.crf, legal) == 0
                getattr(model.crf, part).copy_(torch.where(allowed, torch.from_numpy(crf[part]), 0.0))
    return model, sizes, KnownWords.load(directory / "known_words.npz")
