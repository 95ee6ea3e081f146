"""What a noise does to a sample on the average: mean and variance of x̃ given x, in closed form."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from aegui.spec import Gaussian, Masking, Noise, Poisson, SaltPepper, Speckle

Doubles = NDArray[np.float64]

_ERFC = np.frompyfunc(math.erfc, 1, 1)  # scipy's takes 25 MB of memory to import


def given(noise: Noise, x: Doubles, low: float, high: float) -> tuple[Doubles, Doubles]:
    """E[x̃ | x] and Var[x̃ | x] at values x (m,), for a noise that treats every feature by itself.

    ``low`` and ``high`` are the data's range, which bounds x̃ where the noise is clipped.
    """
    match noise:
        case Gaussian(sigma=sigma, clip=clip):
            return _normal(x, np.full_like(x, sigma), low, high, clip)
        case Speckle(sigma=sigma, clip=clip):
            return _normal(x, sigma * np.abs(x), low, high, clip)
        case Poisson(peak=peak, clip=clip):
            counts = np.maximum(x, 0) * peak
            ends = low * peak, high * peak
            mean, square = _counts(counts, *ends) if clip else (counts, counts + counts**2)
            return mean / peak, np.maximum(square - mean**2, 0.0) / peak**2
        case Masking(p=p, clip=clip):
            hidden = min(max(0.0, low), high) if clip else 0.0
            return (1 - p) * x + p * hidden, p * (1 - p) * np.square(x - hidden)
        case SaltPepper(p=p):
            mean = (1 - p) * x + p * (low + high) / 2
            return mean, (1 - p) * np.square(x - mean) + p / 2 * (_away(low, mean) + _away(high, mean))
    raise ValueError(f"{noise.kind} treats several features together")


def shown_by_block(side: float, grid: tuple[int, int, int]) -> Doubles:
    """Every block that hides a share ``side`` of height and width, as what it leaves (places, k) of 0 and 1.

    Each place is as likely as any other.
    """
    channels, height, width = grid
    rows, columns = _stretches(side, height), _stretches(side, width)
    hidden = rows[:, None, :, None] & columns[None, :, None, :]  # (places down, places across, H, W)
    hidden = hidden.reshape(-1, 1, height * width)
    shown: Doubles = (~np.repeat(hidden, channels, axis=1)).reshape(len(hidden), -1).astype(np.float64)
    return shown


def _normal(
    mean: Doubles, deviation: Doubles, low: float, high: float, clip: bool
) -> tuple[Doubles, Doubles]:
    """Mean and variance of m + s·ε, set to the nearest end where it leaves the range."""
    if not clip:
        return mean, np.square(deviation)
    moves = deviation > 0
    s = np.where(moves, deviation, 1.0)
    a, b = (low - mean) / s, (high - mean) / s
    under, beneath, over = _normal_up_to(a), _normal_up_to(b), _normal_up_to(-b)
    shift = a * under + b * over + _bell(a) - _bell(b)
    square = a**2 * under + b**2 * over + beneath - under + a * _bell(a) - b * _bell(b)
    variance = s**2 * np.maximum(square - shift**2, 0.0)
    return np.where(moves, mean + s * shift, mean), np.where(moves, variance, 0.0)


def _normal_up_to(z: Doubles) -> Doubles:
    """P(ε ≤ z) of a standard normal ε."""
    return 0.5 * np.asarray(_ERFC(-z / math.sqrt(2)), np.float64)


def _bell(z: Doubles) -> Doubles:
    found: Doubles = np.exp(-0.5 * np.square(z)) / math.sqrt(2 * math.pi)
    return found


def _counts(rate: Doubles, least: float, most: float) -> tuple[Doubles, Doubles]:
    """E[m] and E[m²] of m = min(max(n, least), most), n ~ Poisson(rate).

    n² = n(n − 1) + n, and n falls out of n·P(n) = rate·P(n − 1).
    """
    from scipy.special import pdtrc

    under, whole = math.ceil(least) - 1, math.floor(most)
    below, beyond = _up_to(under, rate), pdtrc(whole, rate) if whole >= 0 else np.ones_like(rate)
    first, second = (_up_to(whole - i, rate) - _up_to(under - i, rate) for i in (1, 2))
    mean: Doubles = rate * first + least * below + most * beyond
    square: Doubles = rate**2 * second + rate * first + least**2 * below + most**2 * beyond
    return mean, square


def _up_to(whole: int, rate: Doubles) -> Doubles:
    """P(n ≤ whole) of n ~ Poisson(rate)."""
    from scipy.special import pdtr

    found: Doubles = pdtr(whole, rate) if whole >= 0 else np.zeros_like(rate)
    return found


def _away(value: float, mean: Doubles) -> Doubles:
    found: Doubles = np.square(value - mean)
    return found


def _stretches(side: float, size: int) -> NDArray[np.bool_]:
    """(places, size): what a stretch of that share of a side hides, for each place where it can be."""
    reach = max(1, round(side * size)) if side > 0 else 0
    start = np.arange(size - reach + 1)[:, None]
    at = np.arange(size)
    return (at >= start) & (at < start + reach)
