"""A trained adapter made smaller: fewer units in its GRU, and fewer inputs, most of which say the same things twice."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from ner.batches import Batch
from ner.model import Adapter
from ner.run import Weights
from torch import Tensor

#: Added to the variance of every input, so that one that never varies in the sample does no harm.
SMALLEST = 1e-4


def smaller_weights(model: Adapter, hidden: int, narrow: int, sample: Iterable[Batch]) -> Weights:
    """The weights of an adapter with `Sizes.hidden` and `Sizes.narrow` as given that comes near to `model`, which has
    one layer, on a sample of its inputs.

    Of the units of the GRU those stay whose state varies most, weighed by what the tags and the other units make of it
    (weights times activation, as in Sun et al. 2023, "A Simple and Effective Pruning Approach"). The inner weights W
    of what stays become a product of two matrices: the singular vectors of W times the square root of the inputs'
    covariance, so that only what hardly varies is lost (data-aware low-rank factorization, Chen et al. 2021, "DRONE").
    What the lost part adds on average goes into the bias.
    """
    with torch.no_grad():
        inputs, states = _seen(model, sample)
        (layer,) = model.layers
        size, weight = layer.outer.shape[1], layer.inner.weight
        if model.narrow is not None:
            weight = weight @ model.narrow.weight
        kept = _most_used(model, states, hidden)
        rows = torch.cat([side * 3 * size + _gates(units, size) for side, units in enumerate(kept)])
        weight, bias = weight[rows].double(), layer.inner.bias[rows]
        mean, covariance = inputs.mean(0), torch.cov(inputs.T)
        values, vectors = torch.linalg.eigh(covariance + SMALLEST * torch.eye(len(covariance)))
        root, inverse = ((vectors * values**power) @ vectors.T for power in (0.5, -0.5))
        left, singular, right = torch.linalg.svd(weight @ root, full_matrices=False)
        outer, projection = left[:, :narrow] * singular[:narrow], right[:narrow] @ inverse
        return model.state_dict() | {
            "narrow.weight": projection.float(), "layers.0.inner.weight": outer.float(),
            "layers.0.inner.bias": (bias + (weight - outer @ projection) @ mean).float(),
            "layers.0.outer": torch.stack([layer.outer[side][units][:, _gates(units, size)]
                                           for side, units in enumerate(kept)]),
            "layers.0.outer_bias": torch.stack([layer.outer_bias[side][_gates(units, size)]
                                                for side, units in enumerate(kept)]),
            "output.weight": model.output.weight[:, torch.cat([kept[0], size + kept[1]])]}


def _seen(model: Adapter, sample: Iterable[Batch]) -> tuple[Tensor, Tensor]:
    """The inputs (N, width) in double precision and the states (N, 2 hidden) of all characters of a sample."""
    inputs, states = [], []
    for batch in sample:
        inside = torch.arange(len(batch.ids))[:, None] < batch.lengths
        read = model.inputs(batch.states, batch.ids, batch.pairs, batch.words, batch.styles)
        inputs.append(read[inside].double())
        if model.narrow is not None:
            read = model.narrow(read)
        states.append(model.layers[0](read, inside.float())[inside])
    return torch.cat(inputs), torch.cat(states)


def _most_used(model: Adapter, states: Tensor, hidden: int) -> list[Tensor]:
    """The units of each direction that stay, in ascending order."""
    spread = states.std(0)
    used = [spread * model.output.weight.abs().mean(0), spread * model.layers[0].outer.abs().mean(2).flatten()]
    score = sum(part / part.mean() for part in used)
    return [side.topk(hidden)[1].sort()[0] for side in score.chunk(2)]


def _gates(units: Tensor, size: int) -> Tensor:
    """Where the three gates of the units are among those of all `size` units."""
    return torch.cat([gate * size + units for gate in range(3)])
