"""Is what is said to be sure at 0.9 right nine times in ten? The reliability table of said confidences."""

from __future__ import annotations

from collections.abc import Iterable

from kg.show import table

#: Lower bounds of the bins; the last one is closed at 1.
BINS = (0.0, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def reliability(judged: Iterable[tuple[float, bool, float]]) -> str:
    """A table of the edges by said confidence: how many, what they said on average, and what share is right.

    `judged` gives said confidence, whether it is right, and for how many edges of a graph it stands (1 where all were
    judged); the last column weighs by that.

    >>> print(reliability([(0.9, True, 3), (0.92, False, 1)]))
    confidence  edges  said  right  right in the graph
    0.90–0.95   2      0.91  0.500  0.750
    """
    judged = list(judged)
    rows = []
    for low, high in zip(BINS, (*BINS[1:], 1.01), strict=True):
        inside = [j for j in judged if low <= j[0] < high]
        if inside:
            said = sum(confidence for confidence, _, _ in inside) / len(inside)
            share = sum(right for _, right, _ in inside) / len(inside)
            weighted = sum(weight * right for _, right, weight in inside) / sum(weight for _, _, weight in inside)
            rows.append([f"{low:.2f}–{min(high, 1):.2f}", str(len(inside)), f"{said:.2f}", f"{share:.3f}",
                         f"{weighted:.3f}"])
    return table(["confidence", "edges", "said", "right", "right in the graph"], rows)
