"""The adapter on LAC's encoder, and a CRF that learns from partial annotation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from ner.corpora import TAGS, legal_transitions
from ner.encoder import OUTPUT, LacEncoder
from ner.gru import BiGru
from torch import Tensor, nn

from kg.taggers.known_words import FEATURES


@dataclass(frozen=True, slots=True)
class Sizes:
    """Widths of the adapter's parts."""

    hidden: int = 160
    layers: int = 1
    character: int = 64
    pair: int = 40
    pairs: int = 60000
    style: int = 16
    narrow: int = 0  # width that the first GRU reads, a projection of all inputs; 0: the inputs as they are


class Adapter(nn.Module):
    """Emissions of name tags from LAC's states, LAC's own tag probabilities, characters, pairs and known words.

    Every corpus has a style, a vector beside the input and a bias on the tags, because guidelines differ.
    """

    def __init__(self, encoder: LacEncoder, sizes: Sizes, styles: int, dropout: float,
                 pair_dropout: float) -> None:
        super().__init__()
        self.lac_emission = encoder.emission
        self.character = nn.Embedding.from_pretrained(_principal(encoder.embedding.weight, sizes.character),
                                                      freeze=False)
        self.pair = nn.Embedding(sizes.pairs + 1, sizes.pair)
        self.style = nn.Embedding(styles, sizes.style)
        self.style_bias = nn.Embedding(styles, len(TAGS))
        width = OUTPUT + encoder.emission.out_features + sizes.character + 2 * sizes.pair + FEATURES + sizes.style
        self.narrow = nn.Linear(width, sizes.narrow, bias=False) if sizes.narrow else None
        widths = [sizes.narrow or width, *[2 * sizes.hidden] * (sizes.layers - 1)]
        self.layers = nn.ModuleList(BiGru(size, sizes.hidden) for size in widths)
        self.output = nn.Linear(2 * sizes.hidden, len(TAGS))
        self.dropout, self.pair_dropout = dropout, pair_dropout
        self.crf = Crf()
        nn.init.zeros_(self.pair.weight)
        nn.init.normal_(self.style.weight, std=0.05)
        nn.init.zeros_(self.style_bias.weight)

    def forward(self, states: Tensor, ids: Tensor, pairs: Tensor, words: Tensor, lengths: Tensor,
                style: Tensor) -> Tensor:
        """Emissions (T, B, K).

        From states (T, B, 256), ids (T, B), pair ids (T + 1, B), word bits (T, B, F), lengths (B,) and styles (B,).
        """
        inside = (torch.arange(len(ids))[:, None] < lengths).float()
        hidden = self._drop(self.inputs(states, ids, pairs, words, style))
        if self.narrow is not None:
            hidden = nn.functional.linear(hidden, self.narrow.weight.to(hidden.dtype))
        for number, layer in enumerate(self.layers):
            hidden = layer(self._drop(hidden) if number else hidden, inside)
        return self.output(self._drop(hidden).float()) + self.style_bias(style)

    def inputs(self, states: Tensor, ids: Tensor, pairs: Tensor, words: Tensor, style: Tensor) -> Tensor:
        """All that is known of each character, (T, B, width); the style comes last."""
        kind = torch.bfloat16 if self.training else torch.float32
        around = self.pair(pairs).to(kind)
        if self.training:
            around = around * (torch.rand(*pairs.shape, 1) >= self.pair_dropout)
        states = states.to(kind)
        lac = nn.functional.linear(states, self.lac_emission.weight.to(kind), self.lac_emission.bias.to(kind))
        return torch.cat([states, lac.softmax(-1), self.character(ids).to(kind), around[:-1], around[1:],
                          words.to(kind), self.style(style).to(kind).expand(len(ids), -1, -1)], -1)

    def _drop(self, values: Tensor) -> Tensor:
        """Dropout with one mask for all characters of a text (Gal and Ghahramani 2016)."""
        if not self.training:
            return values
        keep = 1 - self.dropout
        return values * (torch.rand(values.shape[1:]) < keep).to(values.dtype).div_(keep)


def _principal(weight: Tensor, size: int) -> Tensor:
    """The first principal components of LAC's embedding, at its scale."""
    centred = weight - weight.mean(0)
    _, _, directions = torch.linalg.svd(centred, full_matrices=False)
    return centred @ directions[:size].T


class Crf(nn.Module):
    """Scores of transitions, starts and ends; what IOBES forbids stays forbidden."""

    legal: Tensor

    def __init__(self) -> None:
        super().__init__()
        size = len(TAGS)
        self.transitions = nn.Parameter(torch.zeros(size, size))
        self.starts = nn.Parameter(torch.zeros(size))
        self.ends = nn.Parameter(torch.zeros(size))
        for name, array in zip(("legal", "legal_starts", "legal_ends"), legal_transitions(), strict=True):
            self.register_buffer(name, torch.tensor(array), persistent=False)

    def scores(self) -> tuple[Tensor, Tensor, Tensor]:
        """Transitions [from, to], starts and ends with the forbidden at -1e4."""
        return self.transitions + self.legal, self.starts + self.legal_starts, self.ends + self.legal_ends

    def loss(self, emissions: Tensor, allowed: Tensor, lengths: Tensor) -> Tensor:
        """Negative log-likelihood, summed over the batch, of all paths through the allowed tags (T, B, K)."""
        transitions, starts, ends = self.scores()
        both = torch.cat([emissions.masked_fill(~allowed, -1e4), emissions], 1).unbind()
        lengths = torch.cat([lengths, lengths])[:, None]
        moves = transitions.clamp(min=-50).exp() * (self.legal > -1)
        score = starts + both[0]
        for step in range(1, len(both)):
            top = score.detach().max(1, keepdim=True)[0]
            following = top + ((score - top).exp() @ moves).clamp(min=1e-30).log() + both[step]
            score = torch.where(lengths > step, following, score)
        partition = torch.logsumexp(score + ends, 1)
        count = emissions.shape[1]
        return (partition[count:] - partition[:count]).sum()


def viterbi(emissions: np.ndarray, lengths: np.ndarray, crf: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """The best tags of each text: emissions (B, T, K), `crf` as `Crf.scores` gives it."""
    transitions, starts, ends = crf
    batch, width, size = emissions.shape
    score, back = starts + emissions[:, 0], np.zeros((width, batch, size), np.int16)
    for step in range(1, width):
        options = score[:, :, None] + transitions
        going = (lengths > step)[:, None]
        back[step] = np.where(going, options.argmax(1), np.arange(size))
        score = np.where(going, options.max(1) + emissions[:, step], score)
    path = np.zeros((batch, width), np.int64)
    path[:, -1] = (score + ends).argmax(1)
    for step in range(width - 1, 0, -1):
        path[:, step - 1] = back[step][np.arange(batch), path[:, step]]
    return [row[:length] for row, length in zip(path, lengths, strict=True)]
