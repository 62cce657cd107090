"""Baidu LAC's encoder in torch, with the characters of kg/data/models/lac, and its states as a cache on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import convert_lac
import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from kg.taggers.lac import read_vocabulary

HIDDEN = convert_lac.HIDDEN
OUTPUT = 2 * HIDDEN


@dataclass(frozen=True)
class Alphabet:
    """The characters of the converted LAC: `table` gives the token id for each code point, 0 for unknown ones."""

    characters: tuple[str, ...]
    table: np.ndarray

    def ids(self, text: str) -> np.ndarray:
        """Token ids of a text, one a character."""
        return self.table[np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)]


def load_alphabet() -> Alphabet:
    """As the tagger reads it."""
    characters, _ = convert_lac.read_characters()
    table = read_vocabulary(convert_lac.TARGET / "characters.txt", convert_lac.TARGET / "variants.tsv")
    return Alphabet(tuple(characters), table.astype(np.int32))


class LacEncoder(nn.Module):
    """LAC's network: embedding, two bidirectional GRUs, emissions of its own tags."""

    def __init__(self, tokens: int, tags: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, HIDDEN)
        self.rnn = nn.GRU(HIDDEN, HIDDEN, 2, bidirectional=True, batch_first=True)
        self.emission = nn.Linear(OUTPUT, tags)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """States (B, T, 256) of token ids (B, T)."""
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=ids.size(1))[0]


def load_encoder() -> LacEncoder:
    """LAC's weights, unchanged, frozen."""
    weights = {name: torch.tensor(array) for name, array in convert_lac.read_weights().items()}
    _, rows = convert_lac.read_characters()
    model = LacEncoder(len(rows), len(weights[convert_lac.BIAS])).requires_grad_(False).eval()
    model.embedding.weight.copy_(weights[convert_lac.EMBEDDING][torch.tensor(rows)])
    for layer, names in enumerate(convert_lac.GRU_LAYERS):
        _copy_gru(model.rnn, layer, *(weights[name] for name in names))
    model.emission.weight.copy_(weights[convert_lac.WEIGHT].T)
    model.emission.bias.copy_(weights[convert_lac.BIAS])
    return model


def _copy_gru(rnn: nn.GRU, layer: int, inner: torch.Tensor, outer: torch.Tensor, bias: torch.Tensor) -> None:
    """One ONNX GRU (gates z, r, h) into one layer of a torch GRU (gates r, z, n)."""
    size = outer.shape[2]

    def gates(rows: torch.Tensor) -> torch.Tensor:
        return torch.cat([rows[size : 2 * size], rows[:size], rows[2 * size : 3 * size]])

    for direction, suffix in enumerate(("", "_reverse")):
        parts = {"weight_ih": inner[direction], "weight_hh": outer[direction],
                 "bias_ih": bias[direction][: 3 * size], "bias_hh": bias[direction][3 * size :]}
        for name, rows in parts.items():
            getattr(rnn, f"{name}_l{layer}{suffix}").copy_(gates(rows))


def cached_states(texts: Sequence[np.ndarray], encoder: LacEncoder, folder: Path) -> np.ndarray:
    """The encoder's states of texts (given as token ids), one after the other: float16 (characters, 256).

    They are computed once and kept in `folder` under a digest of the texts.
    """
    digest = hashlib.sha256(b"".join(text.tobytes() + b"|" for text in texts)).hexdigest()[:16]
    path, total = folder / f"states-{digest}.npy", sum(map(len, texts))
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        states = np.lib.format.open_memmap(part, "w+", np.float16, (total, OUTPUT))
        starts = np.concatenate([[0], np.cumsum([len(text) for text in texts])])
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            lengths = torch.tensor([len(texts[i]) for i in rows])
            ids = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
            for row, i in enumerate(rows):
                ids[row, : len(texts[i])] = torch.from_numpy(texts[i].astype(np.int64))
            with torch.no_grad():
                output = encoder(ids, lengths).numpy()
            for row, i in enumerate(rows):
                states[starts[i] : starts[i + 1]] = output[row, : len(texts[i])]
        states.flush()
        part.rename(path)
    return np.load(path, mmap_mode="r")
