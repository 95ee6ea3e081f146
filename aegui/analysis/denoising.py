"""What the denoising workspace asks: samples under any noise, and the error over its strength."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.similarity import psnr, ssim
from aegui.analysis.wiener import Wiener
from aegui.data.dataset import Dataset, Floats
from aegui.plan import resolve
from aegui.spec import Experiment, Gaussian, Noise, NoNoise, Param, describe, replace, variants
from aegui.training.snapshot import Look

Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

SAMPLES = 300  # of the test set, at most, from which errors over the strength are known
_FEWEST = 40  # of them, where samples are so large that many would hold up the training
_NUMBERS = 2**18  # in so many samples
_POINTS = 10  # steps of a curve from the least to the greatest strength
_DECADE = (1.0, 2.0, 5.0)
_ROUNDING = 1e-9  # in scaled units²: an error as small as this is one of the arithmetic

KINDS: dict[str, type[Noise]] = {
    kind: cls  # type: ignore[misc]  # the classes of a union
    for kind, cls in variants(Experiment.model_fields["noise"].annotation).items()
    if cls is not NoNoise
}


@dataclass(frozen=True)
class Denoise(Look):
    """Test samples under a noise, on their way through the network; answered by :class:`Denoised`."""

    noise: Noise
    rows: tuple[int, ...]  # into the test set
    draw: int = 0  # number of the draw: the same number draws the same noise


@dataclass(frozen=True, eq=False)
class Denoised:
    """Samples in the scaled units."""

    rows: Ints  # (n,) into the test set
    clean: Floats  # (n, k)
    noisy: Floats  # (n, k)
    reconstruction: Floats  # (n, k)


@dataclass(frozen=True)
class Denoising(Look):
    """How near noisy and reconstructed test samples are to the clean; answered by :class:`Scored`."""

    noise: Noise
    count: int = SAMPLES


@dataclass(frozen=True, eq=False)
class Scores:
    """Likeness to clean samples, over several of them."""

    mse: float  # mean over samples and features
    psnr: float  # dB, of that mean
    ssim: float | None  # mean over samples; None where a sample is no picture


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of what the network is given and of what it makes of it."""

    noisy: Scores
    reconstruction: Scores


@dataclass(frozen=True)
class NoiseCurve(Look):
    """The error under noises of several strengths; answered by :class:`CurveSeen`."""

    noises: tuple[Noise, ...]
    count: int = SAMPLES


@dataclass(frozen=True, eq=False)
class CurveSeen:
    """MSE over the same test samples as those of :class:`Scored`, noise by noise."""

    noisy: Doubles  # (m,)
    reconstruction: Doubles  # (m,)


@dataclass(frozen=True, eq=False)
class LinearWish:
    """Best linear denoisers that are to be fitted, the most urgent first."""

    dataset: Dataset
    seed: int  # of the experiment, from which the test samples' noise is drawn
    noises: tuple[Noise, ...]
    count: int = SAMPLES


@dataclass(frozen=True, eq=False)
class Linear:
    """One of them, scored on the same samples and noise as the network."""

    dataset: Dataset
    seed: int
    noise: Noise
    wiener: Wiener
    scores: Scores


def strength_name(noise: Noise | type[Noise]) -> str:
    """The part of a noise that says how strong it is: sigma, p, peak or side."""
    return next(name for name in type_of(noise).model_fields if name not in ("kind", "clip"))


def strength_param(noise: Noise | type[Noise]) -> Param:
    """What is known about that part."""
    return describe(type_of(noise), strength_name(noise))


def strength(noise: Noise) -> float:
    """How strong a noise is, in the units of its kind."""
    return float(getattr(noise, strength_name(noise)))


def with_strength(noise: Noise, value: float) -> Noise:
    """The same kind of noise with another strength."""
    return noise.model_copy(update={strength_name(noise): value})


def can_clip(noise: Noise) -> bool:
    """Whether a kind knows clipping to the range of the data."""
    return "clip" in type(noise).model_fields


def strengths(noise: Noise) -> tuple[float, ...]:
    """Strengths at which a curve is drawn, over the usual span of the kind."""
    param = strength_param(noise)
    low, high = param.usual or (param.low or 0.0, param.high or 1.0)
    if param.log:
        powers = range(round(np.log10(low)), round(np.log10(high)) + 1)
        return tuple(m * 10.0**power for power in powers for m in _DECADE if m * 10.0**power <= high)
    return tuple(round(low + (high - low) * i / _POINTS, 6) for i in range(_POINTS + 1))


@lru_cache(maxsize=64)
def curve_noises(noise: Noise) -> tuple[Noise, ...]:
    """The noise at each of those strengths."""
    return tuple(with_strength(noise, value) for value in strengths(noise))


def usual_noise(experiment: Experiment) -> Noise:
    """The experiment's noise, or Gaussian where it has none."""
    return Gaussian() if isinstance(experiment.noise, NoNoise) else experiment.noise


def hindrance(noise: Noise, dataset: Dataset) -> str:
    """Why samples of a data set cannot be corrupted so; empty if they can."""
    plan = resolve(replace(Experiment(), "noise", noise), dataset.facts())
    return next((p.message for p in plan.problems if p.path == "noise.kind"), "")


def has_ssim(dataset: Dataset) -> bool:
    """Whether samples are pictures with room for a window."""
    return len(dataset.shape) > 1 and min(dataset.shape[-2:]) > 2


def compared(dataset: Dataset) -> int:
    """How many test samples the errors over the strength are taken over."""
    return min(len(dataset.test), SAMPLES, max(_FEWEST, _NUMBERS // dataset.features))


def span_of(dataset: Dataset) -> float:
    """R, the range of the data, to which PSNR and SSIM refer."""
    return (dataset.high - dataset.low) or 1.0


def without_rounding(mse: Doubles) -> Doubles:
    """Mean squared errors, 0 where they are so small that they only tell of single precision."""
    return np.where(mse < _ROUNDING, 0.0, mse)


def scores(clean: Floats, other: Floats, dataset: Dataset) -> Scores:
    """Likeness of samples (n, k) to clean ones; not finite where those are not."""
    with np.errstate(over="ignore", invalid="ignore"):
        mse = float(without_rounding(np.square(other - clean, dtype=np.float64).mean()))
        alike = ssim(clean, other, dataset.shape, span_of(dataset)) if has_ssim(dataset) else None
    return Scores(mse, float(psnr(mse, span_of(dataset))), None if alike is None else float(alike.mean()))


def type_of(noise: Noise | type[Noise]) -> type[Noise]:
    """The class of a noise or the class itself."""
    return noise if isinstance(noise, type) else type(noise)
