"""Principal components: the best linear autoencoder, and the baseline of every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.residuals import mse
from aegui.data.dataset import Affine, Dataset, Floats, Split
from aegui.training.snapshot import Baselines

Doubles = NDArray[np.float64]

_ROWS = 2048  # per chunk: 13 MB of float64 for MNIST
_EDGE = 1e-7


@dataclass(frozen=True, eq=False)
class Pca:
    """Centred, not whitened, not clipped; fitted on the training part in its scaled units."""

    mean: Doubles  # (k,)
    components: Doubles  # (k, k): row j is axis j, orthonormal, largest variance first
    variances: Doubles  # (k,) of the training part along each axis, over n (not n - 1)
    scaling: Affine

    def project(self, x: Floats, d: int) -> Floats:
        """Scaled samples (n, k) as their coordinates (n, min(d, k)) on the first axes, float32."""
        points = np.empty((len(x), min(d, len(self.mean))), np.float32)
        for start in range(0, len(x), _ROWS):
            rows = slice(start, start + _ROWS)
            points[rows] = (x[rows] - self.mean) @ self.components[:d].T
        return points

    def reconstruct(self, x: Floats, d: int) -> Floats:
        """Scaled samples (n, k) through the first ``d`` axes and back, float32 (n, k)."""
        return (self.project(x, d) @ self.components[:d] + self.mean).astype(np.float32)

    def mse(self, split: Split, d: int) -> float:
        """Mean squared error over samples and features of a split at ``d`` units."""
        total = 0.0
        for chunk in _chunks(split, self.scaling):
            centred = chunk - self.mean
            residual = centred - (centred @ self.components[:d].T) @ self.components[:d]
            total += float(np.vdot(residual, residual))
        return total / (len(split) * len(self.mean))

    def error_curve(self, split: Split) -> Doubles:
        """The same for d = 0..k at once, (k + 1,): first the mean image's error, last 0.

        What d axes leave is what lies along the others, so the errors are sums from the end.
        """
        energy = np.zeros(len(self.mean))
        for chunk in _chunks(split, self.scaling):
            energy += np.square((chunk - self.mean) @ self.components.T).sum(axis=0)
        left = np.append(np.cumsum(energy[::-1])[::-1], 0.0)
        return np.asarray(left / (len(split) * len(self.mean)))


def fit_pca(dataset: Dataset) -> Pca:
    """Fits the training part by mean and covariance in float64.

    Goes through the stored bytes in chunks, so that no scaled copy of the data is made. Each
    axis points where its largest entry is positive, so that the same data give the same axes.
    """
    mean, covariance = _moments(dataset)
    variances, axes = np.linalg.eigh(covariance)
    components = np.ascontiguousarray(axes[:, ::-1].T)
    components *= _signs(components)
    return Pca(mean, components, np.maximum(variances[::-1], 0.0), dataset.scaling)


def baselines(
    dataset: Dataset, code_size: int, noisy: Floats | None = None, pca: Pca | None = None
) -> Baselines:
    """What a run has to beat on the test set; a part that is not known is None.

    ``noisy`` is the corrupted test set (n, k) in scaled units. Without ``pca`` its error is left
    out. The mean image is that of the training set: on MNIST its error is within a thousandth of
    .067408, that of the test set's own mean image. Cross-entropies need test data in 0..1; the
    mean image is kept 1e-7 away from both ends, where the logarithm has none.
    """
    test = dataset.scaled(dataset.test)
    mean = _mean(dataset) if pca is None else pca.mean
    in_unit_range = bool(test.min() >= 0 and test.max() <= 1)
    return Baselines(
        mean_mse=mse(test, mean.astype(np.float32)),
        pca_mse=None if pca is None else pca.mse(dataset.test, code_size),
        noisy_mse=None if noisy is None else mse(test, noisy),
        mean_bce=_mean_bce(test, mean) if in_unit_range else None,
        floor_bce=_floor_bce(test) if in_unit_range else None,
    )


def _chunks(split: Split, scaling: Affine) -> Iterator[Doubles]:
    for start in range(0, len(split), _ROWS):
        yield scaling.apply(split.raw[start : start + _ROWS]).astype(np.float64)


def _mean(dataset: Dataset) -> Doubles:
    total = np.zeros(dataset.features)
    for chunk in _chunks(dataset.train, dataset.scaling):
        total += chunk.sum(axis=0)
    return total / len(dataset.train)


def _moments(dataset: Dataset) -> tuple[Doubles, Doubles]:
    """Mean (k,) and covariance (k, k), about the first chunk's mean so that nothing cancels."""
    k, n = dataset.features, len(dataset.train)
    origin, first, second = None, np.zeros(k), np.zeros((k, k))
    for chunk in _chunks(dataset.train, dataset.scaling):
        origin = chunk.mean(axis=0) if origin is None else origin
        chunk -= origin
        first += chunk.sum(axis=0)
        second += chunk.T @ chunk
    shift = first / n
    mean = shift if origin is None else origin + shift
    return mean, second / n - np.outer(shift, shift)


def _signs(components: Doubles) -> Doubles:
    """±1 for every row (k, 1), positive where its largest entry is."""
    rows = np.arange(len(components))
    largest = components[rows, np.abs(components).argmax(axis=1)]
    return np.where(largest < 0, -1.0, 1.0)[:, None]


def _mean_bce(x: Floats, image: Doubles) -> float:
    """Cross-entropy of one image for all samples; it is linear in x, so x's mean is enough."""
    mean = x.mean(axis=0, dtype=np.float64)
    image = np.clip(image, _EDGE, 1 - _EDGE)
    return float(-(mean * np.log(image) + (1 - mean) * np.log1p(-image)).mean())


def _floor_bce(x: Floats) -> float:
    """Mean entropy of the targets: the least cross-entropy, reached by x̂ = x."""
    total = 0.0
    for start in range(0, len(x), _ROWS):
        p = x[start : start + _ROWS].astype(np.float64)
        inside = p[(p > 0) & (p < 1)]  # 0·log 0 counts as 0
        total -= float((inside * np.log(inside) + (1 - inside) * np.log1p(-inside)).sum())
    return total / x.size
