"""Finds the scaling of a data set: from the declared range, or from its training part alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Affine
from aegui.spec import Scaling

Raw = NDArray[np.generic]
Doubles = NDArray[np.float64]

_ROWS = 4096  # per chunk: 25 MB of float64 for MNIST


def chosen(scaling: Scaling, shape: tuple[int, ...]) -> Scaling:
    """What ``auto`` stands for: unit for pictures, standard for rows of a table."""
    if scaling != "auto":
        return scaling
    return "unit" if len(shape) > 1 else "standard"


def fit_scaling(kind: Scaling, train: Raw, low: float, high: float, *, pooled: bool = False) -> Affine:
    """The scaling ``kind`` for features whose declared range is ``low..high``.

    ``minmax`` and ``standard`` look at the training samples ``train`` (n, k) only, so test
    samples may leave 0..1. ``pooled``: one shift and factor for all features, as for the pixels
    of a picture, which would lose its looks otherwise. A constant feature is divided by the
    length of the declared range: it says nothing about its own unit, and undivided bytes would
    drown every other feature in a test sample that differs there.
    """
    span = np.float32(high - low)
    match kind:
        case "unit":
            return Affine(kind, np.array(low, np.float32), np.array(1 / span, np.float32))
        case "minmax":
            least, most = _ends(train, pooled)
            return Affine(kind, least, _reciprocal(most - least, most == least, span))
        case "standard":
            least, most = _ends(train, pooled)
            mean, deviation = _moments(train, pooled)
            factor = _reciprocal(deviation.astype(np.float32), most == least, span)
            return Affine(kind, mean.astype(np.float32), factor)
    return Affine("none", np.zeros((), np.float32), np.ones((), np.float32))


def scaled_range(scaling: Affine, parts: Sequence[Raw], low: float, high: float) -> tuple[float, float]:
    """Lowest and highest scaled value of all parts; for ``unit`` those of the declared range."""
    if scaling.kind == "unit":
        ends = scaling.apply(np.array([[low], [high]]))
    else:
        # Scaling keeps the order.
        ends = np.concatenate([scaling.apply(np.stack(extremes(raw))) for raw in parts if len(raw)])
    return float(ends.min()), float(ends.max())


def extremes(raw: Raw) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Least and greatest value of each feature, (k,) each."""
    return raw.min(axis=0).astype(np.float32), raw.max(axis=0).astype(np.float32)


def _ends(raw: Raw, pooled: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    least, most = extremes(raw)
    return (least.min(keepdims=True), most.max(keepdims=True)) if pooled else (least, most)


def _moments(raw: Raw, pooled: bool) -> tuple[Doubles, Doubles]:
    """Mean and standard deviation over n (not n - 1) samples, of each feature or of all together."""
    mean = sum((chunk.sum(axis=0) for chunk in _chunks(raw)), np.zeros(raw.shape[1])) / len(raw)
    squares = sum((np.square(chunk - mean).sum(axis=0) for chunk in _chunks(raw)), np.zeros(raw.shape[1]))
    variance = squares / len(raw)
    if pooled:
        variance = (variance + np.square(mean - mean.mean())).mean(keepdims=True)
        mean = mean.mean(keepdims=True)
    return mean, np.sqrt(variance)


def _chunks(raw: Raw) -> Iterator[Doubles]:
    for start in range(0, len(raw), _ROWS):
        yield raw[start : start + _ROWS].astype(np.float64)


def _reciprocal(
    spread: NDArray[np.float32], constant: NDArray[np.bool_], span: np.float32
) -> NDArray[np.float32]:
    usable = (spread > np.finfo(np.float32).tiny) & ~constant  # below that, 1 / spread is infinite
    return (1 / np.where(usable, spread, span)).astype(np.float32)
