"""Two axes through the space of codes, for the latent scatter. Fast enough for every frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
How = Literal["pca"] | tuple[Literal["units"], int, int]

FIT_ROWS = 2_000  # codes that the principal axes are found from, evenly spaced
_EXACT_UNITS = 200  # up to here a full eigendecomposition takes a few milliseconds
_BLOCK = 8  # directions that are iterated together in larger codes
_ITERATIONS = 50
_TOLERANCE = 1e-5
_GOLDEN = 0.6180339887498949  # its multiples spread evenly over 0..1
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class Projection:
    """Codes (N, d) as points of a plane: ``points = (codes − origin) @ axes.T``.

    A code of one unit has no second axis: its points are spread over −0.5..0.5 upwards, the
    same way every time, so that they can be told apart on screen. It means nothing.
    """

    how: How
    points: Floats  # (N, 2)
    labels: tuple[str, str]
    origin: Floats  # (d,) the code that lies at (0, 0)
    axes: Floats  # (2, d) orthonormal; a row of zeros where there is no such axis

    def place(self, codes: Floats) -> Floats:
        """Codes (m, d) as points (m, 2) of the plane, but for what is spread for display only."""
        return np.asarray((codes - self.origin) @ self.axes.T, np.float32)

    def lift(self, points: Floats) -> Floats:
        """Points (m, 2) of the plane as codes (m, d); what the plane does not show is at its mean."""
        return (points.astype(np.float32) @ self.axes + self.origin).astype(np.float32)


def usual_axes(size: int) -> How:
    """What codes of so many units are shown by, if nothing else is chosen: both units, or principal axes."""
    return "pca" if size > 2 else ("units", 0, 1)


def project(codes: Floats, how: How, like: Projection | None = None) -> Projection:
    """Codes (N, d) on two raw units, ``("units", i, j)`` counted from 0, or on their first two
    principal axes, ``"pca"``.

    Unit numbers past the last unit mean the last. ``like`` is the projection shown before:
    principal axes keep its order and direction as far as they can, so that the picture does
    not flip from one snapshot to the next.
    """
    d = codes.shape[1]
    if how != "pca":
        return _units(codes, min(how[1], d - 1), min(how[2], d - 1), how)
    if d == 1:
        return _units(codes, 0, 0, how)
    return _principal(codes, like)


def _units(codes: Floats, i: int, j: int, how: How) -> Projection:
    origin, axes = _mean(codes), np.zeros((2, codes.shape[1]), np.float32)
    origin[[i, j]] = 0
    axes[0, i] = 1
    points = np.ascontiguousarray(codes[:, [i, j]])
    labels = (unit_name(i), unit_name(j))
    if codes.shape[1] == 1:
        points[:, 1] = np.arange(len(codes)) * _GOLDEN % 1 - 0.5
        labels = (unit_name(0), "spread for display only: the code has one unit")
    elif i != j:
        axes[1, j] = 1
    return Projection(how, points, labels, origin, axes)


def _principal(codes: Floats, like: Projection | None) -> Projection:
    rows = codes[:: -(-len(codes) // FIT_ROWS)].astype(np.float64)
    rows = rows[np.isfinite(rows).all(axis=1)]  # a diverging run still has to be drawn
    origin = rows.mean(axis=0) if len(rows) else np.zeros(codes.shape[1])
    rows -= origin
    before = _axes_before(like, codes.shape[1])
    axes, shares = _leading_axes(rows, before)
    order = _order_like(axes, before)
    axes, shares = axes[order], shares[order]
    axes *= _signs_like(axes, before)
    names = [f"PC {order[n] + 1} ({100 * shares[n]:.0f} % of variance)" for n in (0, 1)]
    middle, directions = origin.astype(np.float32), axes.astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        points = codes @ directions.T - directions @ middle
    return Projection("pca", points, (names[0], names[1]), middle, directions)


def leading_axes(codes: Floats, count: int) -> tuple[Doubles, Doubles]:
    """The first principal axes (count, d) of codes (N, d), and their shares (count,) of the variance.

    At most eight; each points where its largest entry is positive.
    """
    rows = codes[:: max(1, -(-len(codes) // FIT_ROWS))].astype(np.float64)
    rows -= rows.mean(axis=0)
    axes, shares = _leading_axes(rows, None, count)
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    return axes * np.where(largest < 0, -1.0, 1.0)[:, None], shares


def _leading_axes(rows: Doubles, before: Doubles | None, count: int = 2) -> tuple[Doubles, Doubles]:
    """The first principal axes (count, d) of centred rows, and their shares (count,) of the variance."""
    scale = float(np.abs(rows).max(initial=0.0)) or 1.0
    small = (rows / scale).astype(np.float32)  # or squares of codes of a diverging run would overflow
    scatter = (small.T @ small).astype(np.float64)
    basis = _leading_subspace(scatter, before, count)  # (d, b)
    variances, turn = np.linalg.eigh(basis.T @ scatter @ basis)
    axes = (basis @ turn[:, ::-1][:, :count]).T
    total = float(np.trace(scatter)) or 1.0
    return axes, np.maximum(variances[::-1][:count], 0.0) / total


def _leading_subspace(scatter: Doubles, before: Doubles | None, count: int) -> Doubles:
    """Orthonormal columns (d, b) that hold the leading axes: all of them in small codes.

    Large codes: block power iteration (Golub & Van Loan, section 8.2.4), which starts from
    the axes shown before and always from the same further directions.
    """
    d = len(scatter)
    if d <= _EXACT_UNITS:
        return np.eye(d)
    basis = np.random.default_rng(0).standard_normal((d, _BLOCK))
    if before is not None:
        basis[:, :2] = before.T
    captured = 0.0
    for _ in range(_ITERATIONS):
        image = scatter @ basis
        basis = np.linalg.qr(image)[0]
        last, captured = captured, float(np.square(image[:, :count]).sum())
        if abs(captured - last) <= _TOLERANCE * captured:
            break
    return basis


def _axes_before(like: Projection | None, d: int) -> Doubles | None:
    if like is None or like.how != "pca" or like.axes.shape[1] != d:
        return None
    return like.axes.astype(np.float64)


def _order_like(axes: Doubles, before: Doubles | None) -> list[int]:
    """Which of two new axes comes first: the one that is closer to the first one before."""
    if before is None:
        return [0, 1]
    overlap = np.abs(axes @ before.T)
    return [1, 0] if overlap[0, 1] + overlap[1, 0] > overlap[0, 0] + overlap[1, 1] else [0, 1]


def _signs_like(axes: Doubles, before: Doubles | None) -> Doubles:
    """±1 for each axis (2, 1): along the one before, else positive where its largest entry is."""
    largest = axes[[0, 1], np.abs(axes).argmax(axis=1)]
    along = largest if before is None else (axes * before).sum(axis=1)
    return np.where(along < 0, -1.0, 1.0)[:, None]


def _mean(codes: Floats) -> Floats:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(codes.mean(axis=0), np.float32)


def unit_name(i: int) -> str:
    """``h₁`` for the unit with index 0."""
    return "h" + str(i + 1).translate(_SUBSCRIPTS)
