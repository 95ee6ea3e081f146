"""The best linear denoiser (Wiener): what a denoising autoencoder has to beat.

x̂ = x̄ + W·(x̃ − mean of x̃) with W = C_xx̃ · C_x̃x̃⁻¹ has the least mean squared error of all affine
functions of x̃. Only the data are a sample here: the noise goes in by its exact mean and variance,
as if every training sample had been corrupted in all possible ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.corruption import given, shown_by_block
from aegui.data.dataset import Dataset, Floats, Ints
from aegui.data.draw import stratified
from aegui.spec import Block, Blur, Noise

Doubles = NDArray[np.float64]

MOST_FEATURES = 4096  # W has k² numbers
_MOST_NUMBERS = 2**23  # of the training samples that are used
_CHUNK = 2**18  # numbers at a time: 2 MB of float64, many times over
_FEWEST = 256  # samples at a time
_LEVELS = 4081  # values at which the mean and variance of x̃ are tabulated: 16 between two bytes
_STRAIGHT = 1e-12  # of the largest value: E[x̃|x] this near to a line needs no pass over the samples
_RIDGE = 1e-8  # of the mean variance of x̃: what a blur has wiped out cannot be divided by


@dataclass(frozen=True, eq=False)
class Wiener:
    """An affine function of the noisy sample. Its output is not clipped."""

    mean: Doubles  # (k,) of x
    noisy_mean: Doubles  # (k,) of x̃
    weights: Floats  # W (k, k)

    def denoise(self, noisy: Floats) -> Floats:
        """x̂ of noisy samples, (n, k) -> (n, k) float32."""
        centred = (noisy - self.noisy_mean).astype(np.float32)
        return (centred @ self.weights.T + self.mean).astype(np.float32)


@dataclass(frozen=True, eq=False)
class TrainingPart:
    """Training samples, which stay where the data set has them, with their mean and covariance."""

    dataset: Dataset
    rows: Ints  # (n,) of the training set
    mean: Doubles  # (k,)
    covariance: Doubles  # (k, k), over n

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def low(self) -> float:
        """The least value of the data."""
        return self.dataset.low

    @property
    def high(self) -> float:
        """The greatest value of the data."""
        return self.dataset.high

    @property
    def grid(self) -> tuple[int, int, int]:
        """Channels, height, width of a sample."""
        return self.dataset.facts().picture

    @classmethod
    def of(
        cls, dataset: Dataset, check: Callable[[], None] = lambda: None, most: int | None = None
    ) -> TrainingPart:
        """At most so many training samples, drawn once and stratified. ``check`` may raise to give up."""
        most = fitted_samples(dataset) if most is None else most
        rows = stratified(dataset.train.labels, most, 0, len(dataset.train))
        k, total = dataset.features, np.zeros(dataset.features)
        for x in _chunks(dataset, rows):
            check()
            total += x.sum(axis=0, dtype=np.float64)
        mean, covariance = total / len(rows), np.zeros((k, k))
        for x in _chunks(dataset, rows):
            check()
            centred = x - mean
            covariance += centred.T @ centred
        return cls(dataset, rows, mean, covariance / len(rows))

    def chunks(self) -> Iterator[Floats]:
        """The scaled samples, some (m, k) at a time."""
        return _chunks(self.dataset, self.rows)


def fitted_samples(dataset: Dataset) -> int:
    """How many training samples the best linear denoiser is fitted on."""
    return min(len(dataset.train), max(256, _MOST_NUMBERS // dataset.features))


def fit_wiener(
    part: TrainingPart,
    noise: Noise,
    blurred: Callable[[Floats], Floats],
    check: Callable[[], None] = lambda: None,
) -> Wiener:
    """The best linear denoiser of a noise. ``blurred`` applies the noise where no chance is involved.

    ``check`` is called now and then, and may raise to give up.
    """
    match noise:
        case Block(side=side):
            mean, cross, covariance = _behind_blocks(part, side)
        case Blur():
            mean, cross, covariance = _passed(part, lambda x: (blurred(x).astype(np.float64), 0.0), check)
        case _:
            mean, cross, covariance = _by_feature(part, noise, check)
    check()
    covariance = (covariance + covariance.T) / 2
    covariance[np.diag_indices_from(covariance)] += _RIDGE * float(np.trace(covariance)) / len(mean) or 1.0
    weights = np.linalg.solve(covariance, cross.T).T  # scipy's would hold up every other thread
    return Wiener(part.mean, mean, weights.astype(np.float32))


_Moments = tuple[Doubles, Doubles, Doubles]  # mean (k,) of x̃, C_xx̃ and C_x̃x̃ (k, k)


def _by_feature(part: TrainingPart, noise: Noise, check: Callable[[], None]) -> _Moments:
    """Of a noise that treats every feature by itself: C_x̃x̃ = Cov(E[x̃|x]) + diag(E Var[x̃|x])."""
    levels = np.linspace(part.low, part.high, _LEVELS)
    mean, variance = given(noise, levels, part.low, part.high)
    shift, per_unit = mean - levels, (_LEVELS - 1) / ((part.high - part.low) or 1.0)

    def corrupted(x: Floats) -> tuple[Doubles, Doubles]:
        places = np.rint((x - part.low) * per_unit).astype(np.int64)
        np.clip(places, 0, _LEVELS - 1, out=places)
        return x + shift[places], variance[places]

    slope = (mean[-1] - mean[0]) / ((part.high - part.low) or 1.0)
    if np.abs(mean - mean[0] - slope * (levels - part.low)).max() > _STRAIGHT * np.abs(levels).max():
        return _passed(part, corrupted, check)
    spread = np.zeros_like(part.mean)
    for x in part.chunks():
        check()
        spread += corrupted(x)[1].sum(axis=0)
    covariance = slope**2 * part.covariance + np.diag(spread / len(part))
    return mean[0] + slope * (part.mean - part.low), slope * part.covariance, covariance


def _passed(
    part: TrainingPart,
    corrupted: Callable[[Floats], tuple[Doubles, Doubles | float]],
    check: Callable[[], None],
) -> _Moments:
    """The same from E[x̃|x] and Var[x̃|x] of every training sample."""
    k, n = len(part.mean), len(part)
    first, cross, square, spread = np.zeros(k), np.zeros((k, k)), np.zeros((k, k)), np.zeros(k)
    origin = corrupted(next(part.chunks()))[0].mean(axis=0)  # so that nothing cancels
    for x in part.chunks():
        check()
        noisy, variance = corrupted(x)
        noisy = noisy - origin
        first += noisy.sum(axis=0)
        cross += (x - part.mean).T @ noisy
        square += noisy.T @ noisy
        spread += np.sum(variance, axis=0) if isinstance(variance, np.ndarray) else 0.0
    first /= n
    covariance = square / n - np.outer(first, first) + np.diag(spread / n)
    return origin + first, cross / n, covariance


def _behind_blocks(part: TrainingPart, side: float) -> _Moments:
    """Of a block at a random place, which has nothing to do with x: x̃ = low + m·(x − low), m = 0 or 1."""
    shown = shown_by_block(side, part.grid)
    share, both = shown.mean(axis=0), shown.T @ shown / len(shown)  # of x_i, and of x_i and x_j together
    above = part.mean - part.low
    covariance = both * (part.covariance + np.outer(above, above)) - np.outer(share * above, share * above)
    return part.low + share * above, part.covariance * share, covariance


def _chunks(dataset: Dataset, rows: Ints) -> Iterator[Floats]:
    step = max(_FEWEST, _CHUNK // dataset.features)
    return (dataset.scaled(dataset.train, rows[i : i + step]) for i in range(0, len(rows), step))
