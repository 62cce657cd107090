"""Positions: a force-directed layout that fills a frame, leaves no two nodes overlapping, and is the same each time.

The forces are those of ForceAtlas2 (Jacomy et al. 2014: repulsion by degree, linear attraction), started from
PivotMDS (Brandes and Pich 2006). Repulsion among many nodes is computed on a grid by FFT, which costs the same for a
thousand nodes and for ten thousand. Small components are packed around the big one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

#: The picture is as much wider than high; a node has on average a square with sides of SPACING to itself.
ASPECT, SPACING = 1.45, 84.0
#: Forces of components up to so many nodes are computed pair by pair, and of so many pairs at a time.
PAIRWISE, PAIRS = 300, 200_000
#: Decimals to which places are rounded after every step: processors differ in the last bit of a float, and some
#: hundred steps would make a different picture of that.
FINE = 5


class Links(NamedTuple):
    """The graph in numbers: nodes count from 0 in the order of the Graph, self-loops are left out."""

    size: int
    heads: Array
    tails: Array
    pull: Array
    weight: Array


def sum_at_ends(links: Links, values: Array) -> Array:
    import numpy as np

    total: Array = np.bincount(links.heads, values, links.size) + np.bincount(links.tails, values, links.size)
    return total


def positions(links: Links, sizes: Array) -> Array:
    """Centres of all nodes: each component laid out by itself, then packed, none overlapping another."""
    import numpy as np

    places = np.zeros((links.size, 2))
    parts = _components(links)
    for some in _of_one_size(zip(parts, _links_within(links, parts), strict=True)):
        for (members, _), own in zip(some, _shaped([part for _, part in some]), strict=True):
            places[members] = _push_apart(own, sizes[members]) if len(members) > 2 else own
    places = _pack(places, parts, sizes)
    low, high = places.min(axis=0), places.max(axis=0)
    places -= (low + high) / 2
    # Whichever way the picture is too short for the frame, it is drawn out: that brings no two nodes nearer.
    stretch = np.clip(ASPECT * (high[1] - low[1]) / max(high[0] - low[0], 1e-6), 1 / 1.5, 1.5)
    framed: Array = places * [max(stretch, 1), max(1 / stretch, 1)]
    return framed


def component_labels(links: Links) -> Array:
    """For every node the smallest node of its connected component."""
    import numpy as np

    label: Array = np.arange(links.size)
    while True:  # the smallest number spreads; following it up halves the way each time
        new = label.copy()
        np.minimum.at(new, links.heads, label[links.tails])
        np.minimum.at(new, links.tails, label[links.heads])
        new = np.minimum(new, new[new])
        if (new == label).all():
            return label
        label = new


def _components(links: Links) -> list[Array]:
    """Members of the connected components, the biggest first, ties by their first node."""
    import numpy as np

    label = component_labels(links)
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted(parts, key=lambda members: (-len(members), int(members[0])))


def _links_within(links: Links, parts: list[Array]) -> Iterator[Links]:
    """The links of each component, in their order, with its members numbered from 0."""
    import numpy as np

    number, component = np.empty(links.size, np.int64), np.empty(links.size, np.int64)
    for index, members in enumerate(parts):
        number[members], component[members] = np.arange(len(members)), index
    order = np.argsort(component[links.heads], kind="stable")
    bounds = np.searchsorted(component[links.heads][order], np.arange(len(parts) + 1))
    for index, members in enumerate(parts):
        held = order[bounds[index]:bounds[index + 1]]
        yield Links(len(members), number[links.heads[held]], number[links.tails[held]],
                    links.pull[held], links.weight[held])


def _of_one_size(parts: Iterable[tuple[Array, Links]]) -> Iterator[list[tuple[Array, Links]]]:
    """Components of one size together, as many as are worth it: of small ones a graph has hundreds, and numpy takes
    hardly longer for all of them than for one."""
    for size, same in groupby(parts, lambda pair: pair[1].size):
        while some := list(islice(same, max(1, PAIRS // size**2))):
            yield some


def _shaped(parts: Sequence[Links]) -> list[Array]:
    """Centres of some components of one size, in which nodes may still overlap."""
    import numpy as np

    size = parts[0].size
    if size <= 2:
        return [np.array([[0.0, 0.0], [SPACING, 0.0]])[:size]] * len(parts)
    places = [_pivot_places(part, np.random.default_rng(1)) for part in parts]
    whole = Links(size * len(parts), *(np.concatenate(values) for values in (
        [part.heads + size * at for at, part in enumerate(parts)],
        [part.tails + size * at for at, part in enumerate(parts)],
        [part.pull for part in parts], [part.weight for part in parts])))
    found = _forces(whole, np.concatenate(places), size, rounds=int(np.clip(40 * np.log2(size + 1), 120, 420)))
    return [_fill_frame(own) for own in found.reshape(len(parts), size, 2)]


def _pivot_places(part: Links, random: Any, pivots: int = 24) -> Array:
    """First positions: the two main axes of the distances to a few nodes far from each other (PivotMDS)."""
    import numpy as np

    rows, distances = [], np.full(part.size, np.inf)
    pivot = int(np.argmax(sum_at_ends(part, part.pull)))
    for _ in range(min(pivots, part.size)):
        rows.append(_steps_from(part, pivot))
        distances = np.minimum(distances, rows[-1])
        pivot = int(np.argmax(distances))
    # Later pivots count a little less: where a graph is symmetric, no two axes are equally long by chance.
    squared = np.stack(rows, axis=1) ** 2 * 0.97 ** np.arange(len(rows))
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, -1:-3:-1] if vectors.shape[1] > 1 else np.hstack([vectors, vectors])
    places: Array = centred @ axes
    places = (places / max(float(np.abs(places).max()), 1e-9)).round(FINE)
    farthest = places[np.abs(places).argmax(axis=0), [0, 1]]  # an axis may come out either way round
    places = places * np.where(farthest < 0, -1, 1)
    places = places + random.normal(scale=0.02, size=places.shape)
    return places


def _steps_from(part: Links, start: int) -> Array:
    """Number of edges from `start` to every node."""
    import numpy as np

    steps = np.full(part.size, np.inf)
    steps[start] = 0
    for step in range(1, part.size):
        ahead = steps == step - 1
        reached = np.concatenate([part.tails[ahead[part.heads]], part.heads[ahead[part.tails]]])
        reached = reached[np.isinf(steps[reached])]
        if not len(reached):
            break
        steps[reached] = step
    return np.where(np.isinf(steps), part.size, steps)


def _forces(links: Links, places: Array, size: int, rounds: int) -> Array:
    """Let the nodes of components of one `size`, which stand one behind the other, move under repulsion, attraction
    along edges and a pull to the middle, slower each round."""
    import numpy as np

    mass = 1 + sum_at_ends(links, np.minimum(links.pull, 1.0))
    calm = 1 / (mass + sum_at_ends(links, links.pull))  # a node with many edges moves by their mean
    repel = _repulsion_of_pairs if size <= PAIRWISE else _RepulsionOnGrid(128 if size < 4000 else 192)
    whole = mass.reshape(-1, size).sum(axis=1)
    widest = np.sqrt(whole).repeat(size)
    gravity = np.array([[0.016], [0.016 * ASPECT]]) * np.sqrt(whole / size).repeat(size)
    at = np.ascontiguousarray(places.T) * widest     # a row of x and a row of y: twice as fast as columns
    for round_ in range(rounds):
        force = repel(at, mass, size) * mass
        along = (at.take(links.tails, 1) - at.take(links.heads, 1)) * links.pull
        for axis in (0, 1):
            force[axis] += np.bincount(links.heads, along[axis], links.size)
            force[axis] -= np.bincount(links.tails, along[axis], links.size)
        force -= at * gravity * mass
        move = force * calm
        far = np.sqrt(move[0] * move[0] + move[1] * move[1])
        limit = widest * (0.12 * (1 - round_ / rounds) ** 1.5 + 0.001)
        at = (at + move * np.minimum(0.7, limit / np.maximum(far, 1e-9))).round(FINE)
    return np.ascontiguousarray(at.T)


def _repulsion_of_pairs(at: Array, mass: Array, size: int) -> Array:
    """Force m/d upon each node from all of its component, pair by pair; `at` and the force are a row of x and one of y.
    """
    each = at.reshape(2, -1, size)
    gap = each[:, :, :, None] - each[:, :, None, :]
    pull = mass.reshape(-1, 1, size) / (gap[0] * gap[0] + gap[1] * gap[1] + 1e-3)
    force: Array = (gap * pull).sum(axis=3).reshape(2, -1)
    return force


class _RepulsionOnGrid:
    """The same for many nodes, by depositing the masses on a grid and convolving it (particle-mesh)."""

    def __init__(self, cells: int) -> None:
        import numpy as np

        self.cells = cells
        reach = np.fft.fftfreq(2 * cells, 1 / (2 * cells))
        x, y = np.meshgrid(reach, reach, indexing="ij")
        square = x * x + y * y + 0.25
        self.kernels = [np.fft.rfft2(x / square), np.fft.rfft2(y / square)]

    def __call__(self, at: Array, mass: Array, _: int) -> Array:
        import numpy as np

        size, low = self.cells, at.min(axis=1, keepdims=True)
        cell = max(float((at.max(axis=1, keepdims=True) - low).max()), 1e-6) / (size - 2)
        at = (at - low) / cell
        corner = at.astype(np.int64)
        part = at - corner
        corners = [((corner[0] + dx) * size + corner[1] + dy,
                    np.abs(1 - dx - part[0]) * np.abs(1 - dy - part[1])) for dx in (0, 1) for dy in (0, 1)]
        grid = sum(np.bincount(index, share * mass, size * size) for index, share in corners)
        # The transforms of a grid twice as wide and high, whose other three quarters are empty and of no interest.
        spectrum = np.fft.fft(np.fft.rfft(np.reshape(grid, (size, size)), 2 * size, axis=1), 2 * size, axis=0)
        force = np.empty_like(at)
        for axis, kernel in enumerate(self.kernels):
            columns = np.fft.ifft(spectrum * kernel, axis=0)[:size]
            field = np.fft.irfft(columns, 2 * size, axis=1)[:, :size].ravel()
            force[axis] = sum(field[index] * share for index, share in corners)
        return force / cell


def _fill_frame(places: Array) -> Array:
    """Turn the longer axis level, bring the shape nearer to the frame, and give each node its space."""
    import numpy as np

    places = places - places.mean(axis=0)
    if len(places) > 2:
        _, axes = np.linalg.eigh(np.cov(places.T))
        turn = axes[:, ::-1] * np.where(axes[:, ::-1].sum(axis=0) < 0, -1, 1)
        places = (places @ turn).round(FINE)
    wide, high = np.maximum(np.percentile(np.abs(places), 96, axis=0), 1e-6)
    stretch = float(np.clip(np.sqrt(0.78 * ASPECT * high / wide), 0.75, 1.35))  # pushing apart widens it again
    places = places * [stretch, 1 / stretch]
    wide, high = np.maximum(np.percentile(np.abs(places), 96, axis=0) * 2, 1e-6)
    area = len(places) * SPACING**2
    if min(wide, high) < 0.05 * max(wide, high):  # a chain
        places *= SPACING * (len(places) - 1) ** 0.7 / max(wide, high)
    else:
        places *= np.sqrt(area / (wide * high))
    return places


def _push_apart(places: Array, sizes: Array, rounds: int = 60) -> Array:
    """Move overlapping nodes away from each other, each by half of what they lack; names need room sideways."""
    import numpy as np

    places = places.copy()
    room = sizes + 9
    squash = np.array([0.62, 1.0])  # distances sideways count less, so neighbours end up farther apart sideways
    for _ in range(rounds):
        at = (places * squash).T
        first, second = _near_pairs(at.T, float(2 * room.max()))
        apart = at[:, second] - at[:, first]
        near = apart[0] ** 2 + apart[1] ** 2 < (room[first] + room[second]) ** 2  # most aren't, and need no exact look
        first, second = first[near], second[near]
        gap = (places[second] - places[first]) * squash
        distance = np.hypot(gap[:, 0], gap[:, 1])
        lack = room[first] + room[second] - distance
        close = lack > 0.05
        if not close.any():
            break
        first, second, gap, distance, lack = first[close], second[close], gap[close], distance[close], lack[close]
        angle = (first * 2.399963 + second) % (2 * np.pi)  # where two coincide, any direction will do
        gap = np.where(distance[:, None] > 1e-6, gap, np.stack([np.cos(angle), np.sin(angle)], axis=1))
        step = gap / np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-9)[:, None] * (lack * 0.52)[:, None] / squash
        for axis in (0, 1):
            places[:, axis] += (np.bincount(second, step[:, axis], len(places))
                                - np.bincount(first, step[:, axis], len(places)))
        places = places.round(FINE)
    return places


def _near_pairs(places: Array, reach: float) -> tuple[Array, Array]:
    """All pairs of nodes in the same or adjacent cells of a grid with cells of `reach`."""
    import numpy as np

    cell = np.floor((places - places.min(axis=0)) / reach).astype(np.int64) + 1
    wide = int(cell[:, 1].max()) + 2
    key = cell[:, 0] * wide + cell[:, 1]
    order = np.argsort(key, kind="stable")
    keys = key[order]
    rank = np.arange(len(keys))
    found = []
    for shift in (0, 1, wide - 1, wide, wide + 1):
        begin = np.searchsorted(keys, keys + shift, "left") if shift else rank + 1
        count = np.searchsorted(keys, keys + shift, "right") - begin
        first = np.repeat(rank, count)
        second = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
        found.append((order[first], order[second]))
    return np.concatenate([f for f, _ in found]), np.concatenate([s for _, s in found])


def _pack(places: Array, parts: list[Array], sizes: Array, cell: float = 60.0) -> Array:
    """Place the components, the biggest in the middle and each next one as near to it as there is room."""
    import numpy as np

    places = places.copy()
    span = sum(float(np.ptp(places[m], axis=0).sum()) + 4 * cell for m in parts[:40])
    half = int(span / cell + 2 * np.sqrt(len(parts))) // 2 + 4
    taken = np.zeros((2 * half + 1, 2 * half + 1), dtype=bool)
    x, y = np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1), indexing="ij")
    order = np.argsort(np.hypot(x / ASPECT, y).ravel(), kind="stable")
    spots = np.stack([x.ravel()[order], y.ravel()[order]], axis=1)
    begin: dict[bytes, int] = {}  # a spot that had no room for a shape never has again
    for members in parts:
        own = places[members] - (places[members].min(axis=0) + places[members].max(axis=0)) / 2
        shape = _cells(own, sizes[members] + 14, cell)
        at = _first_free(taken, spots, shape, half, begin.get(shape.tobytes(), 0))
        begin[shape.tobytes()] = at
        centre = spots[at]
        taken[tuple((shape + centre + half).T)] = True
        places[members] = own + centre * cell
    return places


def _cells(own: Array, room: Array, cell: float) -> Array:
    """Cells of the grid that a component covers, with the hollows between its branches filled."""
    import numpy as np

    low, high = np.floor((own - room[:, None]) / cell + 0.5), np.floor((own + room[:, None]) / cell + 0.5)
    base = low.min(axis=0).astype(np.int64)
    shape = np.zeros((high.max(axis=0).astype(np.int64) - base + 1), dtype=bool)
    for (left, top), (right, bottom) in zip(low.astype(np.int64) - base, high.astype(np.int64) - base, strict=True):
        shape[left:right + 1, top:bottom + 1] = True
    across = np.logical_or.accumulate(shape, 0) & np.logical_or.accumulate(shape[::-1], 0)[::-1]
    down = np.logical_or.accumulate(shape, 1) & np.logical_or.accumulate(shape[:, ::-1], 1)[:, ::-1]
    cells: Array = np.argwhere(across & down | shape) + base
    return cells


def _first_free(taken: Array, spots: Array, shape: Array, half: int, begin: int) -> int:
    """The first of `spots` (from `begin`) at which all cells of `shape` are free and inside the grid."""
    import numpy as np

    limit = half - np.abs(shape).max(axis=0)
    border = shape[np.argsort(-np.abs(shape).sum(axis=1), kind="stable")]
    # A single cell first: most spots lie in the midst of a bigger component, and need no second look.
    looks = [border[:1], *(border[first:first + 512] for first in range(1, len(border), 512))]
    for at in range(begin, len(spots), 512):
        tried = spots[at:at + 512]
        where = np.flatnonzero((np.abs(tried) <= limit).all(axis=1))
        for look in looks:
            if not len(where):
                break
            cells = tried[where][:, None, :] + look + half
            where = where[~taken[cells[..., 0], cells[..., 1]].any(axis=1)]
        if len(where):
            return at + int(where[0])
    raise AssertionError("the grid has room for all components")
