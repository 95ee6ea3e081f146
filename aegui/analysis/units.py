"""What single units of a code do: how they are distributed, for which classes, and whether at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.sparsity import Sparsity, blocks, sparsity

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS = 32
_MOST = 2_000_000  # activations that are counted in histograms: a hundredth of a second


@dataclass(frozen=True, eq=False)
class Units:
    """A code of d units on N samples, those left out whose code is not finite."""

    samples: Ints  # (N,) rows of the codes that are finite
    activity: Sparsity
    spread: Floats  # (d,) standard deviations
    counts: Ints  # (d, BINS) samples per bin, from low to high
    counted: int  # samples in the histograms: all, or evenly spaced ones of a large code
    low: float  # ends of the bins, for all units the same
    high: float
    class_means: Floats  # (C, d), NaN for a class without samples; (1, d) of all where there are no labels
    means: Floats  # (d,)

    @property
    def size(self) -> int:
        """d."""
        return len(self.means)

    @property
    def signed(self) -> bool:
        """Whether any unit is below zero in any sample."""
        return self.low < 0

    def order(self, by_variance: bool) -> Ints:
        """Units (d,) by index, or the one that varies most first."""
        if not by_variance:
            return np.arange(self.size)
        return np.argsort(-self.spread, kind="stable")


def units_of(codes: Floats, labels: Ints | None = None, classes: int = 0) -> Units | None:
    """The units of codes (N, d) with labels (N,) below ``classes``; None where no code is finite."""
    finite = np.isfinite(codes).all(axis=1)
    samples = np.flatnonzero(finite)
    if len(samples) == 0:
        return None
    if len(samples) < len(codes):
        codes, labels = codes[samples], None if labels is None else labels[samples]
    means = codes.mean(axis=0, dtype=np.float64)
    low, high = float(codes.min()), float(codes.max())
    shown = codes[:: -(-codes.size // _MOST)]
    with np.errstate(over="ignore"):
        spread = _deviations(codes, means)
        activity = sparsity(codes)
    return Units(
        samples=samples,
        activity=activity,
        spread=spread,
        counts=_histograms(shown, low, high),
        counted=len(shown),
        low=low,
        high=high,
        class_means=_class_means(codes, labels, classes),
        means=means.astype(np.float32),
    )


def histogram(values: Floats, bins: int = BINS) -> tuple[Ints, Doubles]:
    """Samples per bin (bins,) and the edges of the bins (bins + 1,) of one unit (N,), over its own range."""
    counts, edges = np.histogram(values.astype(np.float64), bins=bins)
    return counts.astype(np.int64), edges


def strongest(codes: Floats, unit: int, count: int, lowest: bool = False) -> Ints:
    """Samples in which a unit is largest, the largest first; or smallest. What is not finite is left out."""
    values = codes[:, unit]
    rows = np.flatnonzero(np.isfinite(values))
    keys = values[rows] if lowest else -values[rows]
    if count < len(rows):
        nearest = np.argpartition(keys, count)[:count]
        rows, keys = rows[nearest], keys[nearest]
    found: Ints = rows[np.lexsort((rows, keys))]
    return found


def _deviations(codes: Floats, means: Doubles) -> Floats:
    """Standard deviations (d,), several times as fast as numpy's in float64."""
    total, middle = np.zeros(codes.shape[1]), means.astype(np.float32)
    for block in blocks(codes):
        centred = block - middle
        total += np.einsum("ij,ij->j", centred, centred)
    found: Floats = np.sqrt(total / len(codes)).astype(np.float32)
    return found


def _histograms(codes: Floats, low: float, high: float) -> Ints:
    n, d = codes.shape
    if high <= low:  # one value everywhere
        counts = np.zeros((d, BINS), np.int64)
        counts[:, BINS // 2] = n
        return counts
    counts, first = np.zeros(d * BINS, np.int64), np.arange(d) * BINS
    for block in blocks(codes):
        places = (block.astype(np.float64) - low) * (BINS / (high - low))
        bins = np.minimum(places.astype(np.int64), BINS - 1) + first
        counts += np.bincount(bins.ravel(), minlength=d * BINS)
    return counts.reshape(d, BINS)


def _class_means(codes: Floats, labels: Ints | None, classes: int) -> Floats:
    if labels is None or classes == 0:
        overall: Floats = codes.mean(axis=0, keepdims=True, dtype=np.float64).astype(np.float32)
        return overall
    sums, sizes = np.zeros((classes, codes.shape[1])), np.bincount(labels, minlength=classes)
    for block, of in zip(blocks(codes), blocks(labels), strict=True):
        sums += (of == np.arange(classes)[:, None]).astype(np.float64) @ block.astype(np.float64)
    with np.errstate(invalid="ignore"):  # 0 / 0 of a class without samples
        means: Floats = (sums / sizes[:, None]).astype(np.float32)
    return means
