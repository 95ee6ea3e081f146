"""Ways through the space of codes: straight lines, grids over quantiles, and directions. numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.latent import Projection, leading_axes, unit_name

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

_REFERENCE = 1_000  # codes that distances are measured to, at most
_PRODUCTS = 2**26  # of two numbers, that all distances between those codes may take
FAR = 0.99  # the quantile of distances between neighbouring codes beyond which a place is far
DIRECTIONS = 4  # shown at a time
_CHUNK = 512  # rows of distances at a time


def shares(count: int) -> Doubles:
    """t from 0 to 1 (count,)."""
    return np.linspace(0, 1, count)


def interpolate(a: Floats, b: Floats, count: int) -> Floats:
    """``(1 − t)·a + t·b`` for t from 0 to 1, (count, d): of codes a walk, of inputs a cross-fade."""
    t = shares(count).astype(np.float32)[:, None]
    return (1 - t) * a + t * b


def quantile_levels(values: Floats, count: int) -> Doubles:
    """The quantiles (i + ½)/count of values (N,), ascending: as many values between any two."""
    return np.quantile(values.astype(np.float64), _middles(count))


def normal_levels(count: int, centre: float = 0.0) -> Doubles:
    """The same quantiles of a normal distribution of variance one (Kingma & Welling 2014, figure 4)."""
    normal = NormalDist(centre, 1.0)
    return np.array([normal.inv_cdf(q) for q in _middles(count)])


def plane_grid(projection: Projection, size: int, prior: bool) -> tuple[Doubles, Doubles]:
    """Levels along the horizontal (size,) and the vertical axis of a plane; of a code of one unit (1,).

    They are quantiles of the points, or with ``prior`` those of the standard normal prior of the code.
    """
    centre = projection.place(np.zeros_like(projection.origin)[None])[0]
    levels = [
        normal_levels(size, float(centre[axis]))
        if prior
        else quantile_levels(projection.points[:, axis], size)
        for axis in (0, 1)
    ]
    if not projection.axes[1].any():
        levels[1] = np.zeros(1)
    return levels[0], levels[1]


def grid_codes(projection: Projection, across: Doubles, up: Doubles) -> Floats:
    """Codes of a grid (len(up)·len(across), d), row by row, the highest one first as on screen."""
    x, y = np.meshgrid(across, up[::-1])
    return projection.lift(np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Reference:
    """Some of the codes, to tell how far a place is from any of them."""

    codes: Floats  # (n, d)
    limit: float  # the 0.99 quantile of the distances from each of them to its nearest other one

    @classmethod
    def of(cls, codes: Floats) -> Reference:
        """Evenly spaced ones among finite codes (N, d): 1,000 at most, fewer where d is above 64."""
        most = min(_REFERENCE, int(np.sqrt(_PRODUCTS / codes.shape[1])))
        some = codes[:: max(1, -(-len(codes) // most))]
        own = nearest_distances(some, some, itself=True)
        return cls(some, float(np.quantile(own, FAR)) if len(some) > 1 else np.inf)

    def far(self, codes: Floats) -> Bools:
        """Which codes (m, d) are farther from all of these than they are from each other, (m,)."""
        return nearest_distances(codes, self.codes) > self.limit


def nearest_distances(codes: Floats, others: Floats, itself: bool = False) -> Doubles:
    """Euclidean distance from each code (m, d) to the nearest of others (n, d); ``itself`` does not count."""
    origin = others.mean(axis=0, dtype=np.float64)
    a, b = codes - origin, others - origin
    scale = float(np.abs(b).max(initial=0.0)) or 1.0  # or squares of codes of a diverging run would overflow
    small, near = (a / scale).astype(np.float32), (b / scale).astype(np.float32)
    lengths, nearest = np.square(near).sum(axis=1), np.zeros(len(a), np.int64)
    for start in range(0, len(a), _CHUNK):
        squares = lengths - 2 * small[start : start + _CHUNK] @ near.T
        if itself:
            at = np.arange(len(squares))
            squares[at, start + at] = np.inf
        nearest[start : start + _CHUNK] = squares.argmin(axis=1)
    return np.asarray(np.linalg.norm(a - b[nearest], axis=1), np.float64)


@dataclass(frozen=True, eq=False)
class Directions:
    """Directions through the space of codes, by the variance of the codes along them, largest first."""

    axes: Floats  # (m, d) of length one
    shares: Doubles  # (m,) of all variance
    names: tuple[str, ...]

    def walk(self, codes: Floats, base: Floats, count: int) -> tuple[Floats, Doubles]:
        """Codes (m, count, d) on lines through ``base`` (d,), and their coordinates (m, count).

        Along each direction they go evenly from the .01 to the .99 quantile of the codes (N, d).
        """
        along = codes.astype(np.float64) @ self.axes.T  # (N, m)
        ends = np.quantile(along, (0.01, 0.99), axis=0)
        places = ends[0][:, None] + (ends[1] - ends[0])[:, None] * shares(count)
        steps = places - (self.axes @ base.astype(np.float64))[:, None]
        walked = base + steps[:, :, None] * self.axes[:, None, :]
        return walked.astype(np.float32), places


def principal_directions(codes: Floats, like: Directions | None = None) -> Directions:
    """The first principal axes of codes (N, d), at most four; they point as ``like`` does if they can."""
    axes, variance_shares = leading_axes(codes, min(DIRECTIONS, codes.shape[1]))
    if like is not None and like.axes.shape == axes.shape:
        axes = axes * np.where((axes * like.axes).sum(axis=1) < 0, -1.0, 1.0)[:, None]
    names = tuple(f"PC {number}" for number in range(1, len(axes) + 1))
    return Directions(axes.astype(np.float32), variance_shares, names)


def unit_directions(codes: Floats) -> Directions:
    """The units of codes (N, d) that vary most, at most four."""
    variances = codes.var(axis=0, dtype=np.float64)
    order = np.argsort(-variances, kind="stable")[:DIRECTIONS]
    axes = np.zeros((len(order), codes.shape[1]), np.float32)
    axes[np.arange(len(order)), order] = 1
    names = tuple(unit_name(int(unit)) for unit in order)
    return Directions(axes, variances[order] / (variances.sum() or 1.0), names)


def _middles(count: int) -> list[float]:
    return [(i + 0.5) / count for i in range(count)]
