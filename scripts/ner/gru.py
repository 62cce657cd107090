"""A bidirectional GRU layer that trains fast on a processor: both directions in one loop, its gradient by hand.

Torch's own layer on packed sequences adds up a gradient of full length at every step, and its autograd graph costs
more than the arithmetic. Here a step is a handful of operations on data that stay in the cache, matrices multiply in
the type of the inputs (bfloat16 in training), and the gradients of weights are products over all steps at once.
Equations and order of gates (r, z, n) as in torch.nn.GRU: n = tanh(x_n + r * (W h + b)_n).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class BiGru(nn.Module):
    """States (T, B, 2 hidden) of inputs (T, B, width); `inside` (T, B) is 0 on padding, else 1."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, 6 * hidden)
        self.outer = nn.Parameter(torch.empty(2, hidden, 3 * hidden))
        self.outer_bias = nn.Parameter(torch.zeros(2, 3 * hidden))
        for gate in range(6):
            nn.init.xavier_uniform_(self.inner.weight.data[gate * hidden : (gate + 1) * hidden])
            nn.init.orthogonal_(self.outer.data[gate // 3, :, gate % 3 * hidden : (gate % 3 + 1) * hidden])
        nn.init.zeros_(self.inner.bias)

    def forward(self, inputs: Tensor, inside: Tensor) -> Tensor:
        gates = nn.functional.linear(inputs, self.inner.weight.to(inputs.dtype), self.inner.bias.to(inputs.dtype))
        states: Tensor = Recurrence.apply(gates, self.outer, self.outer_bias, inside)
        return states


class Recurrence(torch.autograd.Function):
    """States (T, B, 2H) from input gates (T, B, 6H), onward ones first; the second direction runs from the end.

    Padding keeps the backward state at zero; the onward state runs on over it, which nobody reads.
    """

    @staticmethod
    def forward(context: Any, gates: Tensor, outer: Tensor, bias: Tensor, inside: Tensor) -> Tensor:
        steps, batch, size = len(gates), gates.shape[1], outer.shape[1]
        kind = gates.dtype
        weights, offset = outer.to(kind), bias[:, None].to(kind)
        states = torch.zeros(steps + 1, 2, batch, size)
        before = torch.empty(2, steps, batch, size, dtype=kind)
        both, rest = torch.empty(steps, 2, batch, 2 * size), torch.empty(2, steps, 2, batch, size)
        recurrent, new = rest
        result = torch.empty(steps, batch, 2 * size, dtype=kind)
        for step in range(steps):
            mirror = steps - 1 - step
            before[:, step] = states[step]
            added = torch.baddbmm(offset, before[:, step], weights)
            for side, at in ((0, step), (1, mirror)):
                own = gates[at, :, side * 3 * size : (side + 1) * 3 * size]
                torch.add(own[:, : 2 * size], added[side, :, : 2 * size], out=both[step, side])
                new[step, side] = own[:, 2 * size :]
            both[step].sigmoid_()
            recurrent[step] = added[:, :, 2 * size :]
            new[step].addcmul_(both[step, :, :, :size], recurrent[step]).tanh_()
            torch.lerp(new[step], states[step], both[step, :, :, size:], out=states[step + 1])
            states[step + 1, 1] *= inside[mirror, :, None]
            result[step, :, :size] = states[step + 1, 0]
            result[mirror, :, size:] = states[step + 1, 1]
        context.save_for_backward(states, before, both, rest, weights, inside)
        return result

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:  # type: ignore[override]
        states, before, both, rest, weights, inside = context.saved_tensors
        recurrent, new = rest
        _, steps, batch, size = before.shape
        inner = torch.empty(steps, batch, 6 * size, dtype=before.dtype)
        outer = torch.empty(2, steps, batch, 3 * size, dtype=before.dtype)
        back, flow, passed = weights.transpose(1, 2), torch.zeros(2, batch, size), torch.empty(2, batch, 3 * size)
        for step in range(steps - 1, -1, -1):
            mirror = steps - 1 - step
            flow[0] += gradient[step, :, :size]
            flow[1] += gradient[mirror, :, size:]
            flow[1] *= inside[mirror, :, None]
            reset, update = both[step, :, :, :size], both[step, :, :, size:]
            held = flow * update
            to_new = torch.addcmul(flow - held, (flow - held) * new[step], new[step], value=-1)
            torch.mul(to_new, reset, out=passed[:, :, 2 * size :])
            torch.mul((states[step] - new[step]).mul_(held), 1 - update, out=passed[:, :, size : 2 * size])
            torch.mul(passed[:, :, 2 * size :] * recurrent[step], 1 - reset, out=passed[:, :, :size])
            outer[:, step] = passed
            for side, at in ((0, step), (1, mirror)):
                inner[at, :, side * 3 * size : side * 3 * size + 2 * size] = passed[side, :, : 2 * size]
                inner[at, :, side * 3 * size + 2 * size : (side + 1) * 3 * size] = to_new[side]
            flow = held.add_(torch.bmm(outer[:, step], back))
        outer = outer.flatten(1, 2)
        weight = torch.bmm(before.flatten(1, 2).transpose(1, 2), outer).float()
        return inner, weight, outer.sum(1, dtype=torch.float32), None
