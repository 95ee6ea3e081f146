"""Principal components: the best linear autoencoder, and the baseline of every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Affine, Dataset, Floats, Split
from aegui.training.snapshot import Baselines

Doubles = NDArray[np.float64]

_CHUNK = 2**19  # numbers per chunk: 4 MB of float64, several times over
_LARGEST_CHUNK = 2**21  # of samples that are so large that few of them would be in a chunk
_SAMPLES = 128  # as many are not few
_EDGE = 1e-7
_DENSE = 2048  # features up to which the covariance is decomposed whole, which takes seconds
_FEW = 2048  # samples up to which their products are decomposed instead
_PARTIAL = 256  # axes that are found where both are more
_SPARE = 16  # further axes that are iterated with them, which makes the last ones more exact
_ITERATIONS = 6


@dataclass(frozen=True, eq=False)
class Pca:
    """Centred, not whitened, not clipped; fitted on the training part in its scaled units."""

    mean: Doubles  # (k,)
    components: Doubles  # (m, k): row j is axis j, orthonormal, largest variance first
    variances: Doubles  # (m,) of the training part along each axis, over n (not n - 1)
    scaling: Affine
    complete: bool = True  # whether no variance of the training part lies outside of the axes

    def knows(self, d: int) -> bool:
        """Whether the error at ``d`` units is known."""
        return self.complete or d <= len(self.components)

    def project(self, x: Floats, d: int) -> Floats:
        """Scaled samples (n, k) as their coordinates (n, min(d, m)) on the first axes, float32."""
        points = np.empty((len(x), min(d, len(self.components))), np.float32)
        for rows in _chunk_rows(len(x), x.shape[1]):
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
        """The same for d = 0..k at once, (k + 1,): first the mean image's error; NaN where not known.

        What d axes leave is what lies along the others, so the errors are sums from the end.
        """
        energy, rest = np.zeros(len(self.components)), 0.0
        for chunk in _chunks(split, self.scaling):
            centred = chunk - self.mean
            captured = np.square(centred @ self.components.T).sum(axis=0)
            energy += captured
            rest += float(np.vdot(centred, centred)) - float(captured.sum())
        outside = 0.0 if len(self.components) == len(self.mean) else max(rest, 0.0)
        left = outside + np.append(np.cumsum(energy[::-1])[::-1], 0.0)
        curve = np.full(len(self.mean) + 1, left[-1] if self.complete else np.nan)
        curve[: len(left)] = left
        return curve / (len(split) * len(self.mean))


def fit_pca(dataset: Dataset) -> Pca:
    """Fits the training part by mean and covariance in float64.

    Goes through the stored numbers in chunks, so that no scaled copy of the data is made. Each
    axis points where its largest entry is positive, so that the same data give the same axes.
    Of pictures with very many features all axes are found from the products of the samples
    where these are few, and otherwise the first 256 by subspace iteration (Halko, Martinsson &
    Tropp 2011, algorithm 4.4).
    """
    if dataset.features <= _DENSE:
        return _from_covariance(dataset)
    if len(dataset.train) <= _FEW:
        return _from_products(dataset)
    return _by_iteration(dataset)


def _from_covariance(dataset: Dataset) -> Pca:
    mean, covariance = _moments(dataset)
    variances, axes = np.linalg.eigh(covariance)
    components = np.ascontiguousarray(axes[:, ::-1].T)
    components *= _signs(components)
    return Pca(mean, components, np.maximum(variances[::-1], 0.0), dataset.scaling)


def _from_products(dataset: Dataset) -> Pca:
    """As many axes as the centred samples span: one fewer than there are samples at most."""
    x = dataset.scaled(dataset.train).astype(np.float64)
    mean = x.mean(axis=0)
    x -= mean
    products, turn = np.linalg.eigh(x @ x.T)
    found = products > products[-1] * len(x) * np.finfo(np.float64).eps
    variances, turn = products[found][::-1], turn[:, found][:, ::-1]
    components = (turn.T @ x) / np.sqrt(variances)[:, None]
    components *= _signs(components)
    return Pca(mean, components, variances / len(x), dataset.scaling)


def _by_iteration(dataset: Dataset) -> Pca:
    train, mean = dataset.train, _mean(dataset)
    random = np.random.default_rng(0)
    basis = random.standard_normal((dataset.features, _PARTIAL + _SPARE))
    for _ in range(_ITERATIONS):
        basis = np.linalg.qr(basis)[0]
        image = np.zeros_like(basis)
        for chunk in _chunks(train, dataset.scaling):
            centred = chunk - mean
            image += centred.T @ (centred @ basis)
        small, basis = basis.T @ image, image
    values, turn = np.linalg.eigh((small + small.T) / 2)
    order = np.argsort(values)[::-1][:_PARTIAL]
    components = np.linalg.qr(image @ turn[:, order])[0].T
    components *= _signs(components)
    return Pca(mean, components, values[order] / len(train), dataset.scaling, complete=False)


def baselines(
    dataset: Dataset, code_size: int, noisy_mse: float | None = None, pca: Pca | None = None
) -> Baselines:
    """What a run has to beat on the test set; a part that is not known is None.

    ``noisy_mse`` is the error of the corrupted test set itself. Without ``pca`` its error is left
    out. The mean image is that of the training set: on MNIST its error is within a thousandth of
    .067408, that of the test set's own mean image. Cross-entropies need test data in 0..1; the
    mean image is kept 1e-7 away from both ends, where the logarithm has none.
    """
    mean = _mean(dataset) if pca is None else pca.mean
    known = pca is not None and pca.knows(code_size)
    test, k, n = dataset.test, dataset.features, len(dataset.test)
    squares, total, entropy, inside = 0.0, np.zeros(k), 0.0, True
    for chunk in _chunks(test, dataset.scaling):
        squares += float(np.square(chunk - mean).sum())
        total += chunk.sum(axis=0)
        inside = inside and bool(chunk.min() >= 0 and chunk.max() <= 1)
        entropy += _entropy(chunk) if inside else 0.0
    return Baselines(
        mean_mse=squares / (n * k),
        pca_mse=pca.mse(test, code_size) if pca is not None and known else None,
        noisy_mse=noisy_mse,
        mean_bce=_mean_bce(total / n, mean) if inside else None,
        floor_bce=entropy / (n * k) if inside else None,
    )


def _chunks(split: Split, scaling: Affine) -> Iterator[Doubles]:
    for rows in _chunk_rows(len(split), split.stored.shape[1]):
        yield scaling.apply(split.take(rows)).astype(np.float64)


def _chunk_rows(count: int, features: int) -> Iterator[slice]:
    numbers = max(_CHUNK, min(_SAMPLES * features, _LARGEST_CHUNK))
    step = max(16, numbers // features)
    return (slice(start, start + step) for start in range(0, count, step))


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


def _mean_bce(mean: Doubles, image: Doubles) -> float:
    """Cross-entropy of one image for all samples; it is linear in x, so their mean is enough."""
    image = np.clip(image, _EDGE, 1 - _EDGE)
    return float(-(mean * np.log(image) + (1 - mean) * np.log1p(-image)).mean())


def _entropy(p: Doubles) -> float:
    """Sum of the entropies of targets: the least cross-entropy, reached by x̂ = x."""
    inside = p[(p > 0) & (p < 1)]  # 0·log 0 counts as 0
    return -float((inside * np.log(inside) + (1 - inside) * np.log1p(-inside)).sum())
