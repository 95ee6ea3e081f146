"""Finds the scaling of a data set: from the declared range, or from its training part alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Affine, Split, working_type
from aegui.plan import Layout
from aegui.spec import Scaling

Raw = NDArray[np.generic]
Doubles = NDArray[np.float64]
Real = NDArray[np.floating]

LARGEST_NUMBER = 1e37  # that can be scaled: float32 holds the range of such numbers, and its reciprocal
SMALLEST_RANGE = float(np.finfo(np.float32).tiny)  # below that, the reciprocal is infinite

_ROWS = 4096  # per chunk: 25 MB of float64 for MNIST


def chosen(scaling: Scaling, layout: Layout) -> Scaling:
    """What ``auto`` stands for: unit for pictures, minmax for signals and points, standard for tables."""
    if scaling != "auto":
        return scaling
    return {"picture": "unit", "signal": "minmax", "points": "minmax", "table": "standard"}[layout]  # type: ignore[return-value]


def stored_range(low: float | None, high: float | None, parts: Sequence[Split]) -> tuple[float, float]:
    """The declared range of stored numbers, or else that of the data themselves."""
    if low is not None and high is not None:
        return low, high
    ends = [extremes(part) for part in parts if len(part)]
    least = min((float(e[0].min()) for e in ends), default=0.0)
    most = max((float(e[1].max()) for e in ends), default=1.0)
    return widened(least, most)


def widened(low: float, high: float) -> tuple[float, float]:
    """A range that can be scaled: numbers that are (almost) the same are taken as 1 wide."""
    return (low, high) if high - low >= SMALLEST_RANGE else (low, low + 1.0)


def fit_scaling(kind: Scaling, train: Split, low: float, high: float, *, pooled: bool = False) -> Affine:
    """The scaling ``kind`` for features whose declared range is ``low..high``.

    ``minmax`` and ``standard`` look at the training samples only, so test
    samples may leave 0..1. ``pooled``: one shift and factor for all features, as for the pixels
    of a picture, which would lose its looks otherwise. A constant feature is divided by the
    length of the declared range: it says nothing about its own unit, and undivided bytes would
    drown every other feature in a test sample that differs there.
    """
    floats = working_type(train.stored.dtype)
    span = floats(high - low)
    if not len(train) and kind != "none":
        kind = "unit"  # nothing to look at: the plan says so
    match kind:
        case "unit":
            return Affine(kind, np.array(low, floats), np.array(1 / span, np.float32))
        case "minmax":
            least, most = _ends(train, pooled)
            return Affine(kind, least, _reciprocal(most - least, most == least, span))
        case "standard":
            least, most = _ends(train, pooled)
            mean, deviation = _moments(train, pooled)
            factor = _reciprocal(deviation.astype(floats), most == least, span)
            return Affine(kind, mean.astype(floats), factor)
    return Affine("none", np.zeros((), np.float32), np.ones((), np.float32))


def scaled_range(scaling: Affine, parts: Sequence[Split], low: float, high: float) -> tuple[float, float]:
    """Lowest and highest scaled value of all parts; for ``unit`` those of the declared range."""
    if scaling.kind == "unit" or not any(map(len, parts)):
        return 0.0, 1.0  # as it is meant, whatever rounding makes of it
    # Scaling keeps the order.
    ends = np.concatenate([scaling.apply(np.stack(extremes(part))) for part in parts if len(part)])
    return float(ends.min()), float(ends.max())


def extremes(split: Split) -> tuple[Raw, Raw]:
    """Least and greatest value of each feature, (k,) each, a few thousand samples at a time."""
    chunks = [_chunk_ends(split.take(rows)) for rows in _chunk_rows(len(split))]
    return np.min([c[0] for c in chunks], axis=0), np.max([c[1] for c in chunks], axis=0)


def _chunk_ends(raw: Raw) -> tuple[Raw, Raw]:
    return raw.min(axis=0), raw.max(axis=0)  # in the stored type, which holds them exactly


def _ends(split: Split, pooled: bool) -> tuple[Real, Real]:
    floats = working_type(split.stored.dtype)
    least, most = extremes(split)
    low: Real = least.astype(floats)
    high: Real = most.astype(floats)
    return (low.min(keepdims=True), high.max(keepdims=True)) if pooled else (low, high)


def _moments(split: Split, pooled: bool) -> tuple[Doubles, Doubles]:
    """Mean and standard deviation over n (not n - 1) samples, of each feature or of all together."""
    k, n = split.stored.shape[1], len(split)
    mean = sum((chunk.sum(axis=0) for chunk in _chunks(split)), np.zeros(k)) / n
    squares = sum((np.square(chunk - mean).sum(axis=0) for chunk in _chunks(split)), np.zeros(k))
    variance = squares / n
    if pooled:
        variance = (variance + np.square(mean - mean.mean())).mean(keepdims=True)
        mean = mean.mean(keepdims=True)
    return mean, np.sqrt(variance)


def _chunk_rows(count: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS) for start in range(0, count, _ROWS))


def _chunks(split: Split) -> Iterator[Doubles]:
    return (split.take(rows).astype(np.float64) for rows in _chunk_rows(len(split)))


def _reciprocal(spread: Real, constant: NDArray[np.bool_], span: np.floating) -> NDArray[np.float32]:
    usable = (spread >= SMALLEST_RANGE) & ~constant
    return (1 / np.where(usable, spread, span)).astype(np.float32)
