"""How alike two pictures are, beside their mean squared error: PSNR and SSIM."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Floats

Doubles = NDArray[np.float64]

WINDOW = 7  # pixels, the side of SSIM's window; smaller pictures have a smaller one
_K1, _K2 = 0.01, 0.03


def psnr(mse: Doubles | float, span: float) -> Doubles:
    """10·log₁₀(R²/MSE) in decibels for data that range over ``span`` = R; ∞ where there is no error."""
    with np.errstate(divide="ignore"):
        found: Doubles = 10 * np.log10(span**2 / np.asarray(mse, np.float64))
    return found


def window_of(shape: tuple[int, ...]) -> int:
    """The side of SSIM's window on pictures (H, W) or (C, H, W): an odd number of pixels that fits."""
    side = min(WINDOW, *shape[-2:])
    return side if side % 2 else side - 1


def ssim(a: Floats, b: Floats, shape: tuple[int, ...], span: float) -> Doubles:
    """Structural similarity (n,) of pictures (n, k), after Wang et al. 2004.

    The mean over all windows that lie inside the picture, and over its channels. The window is
    uniform, with variances over one less than its pixels; 1 is the same picture. ``span`` is R.
    """
    tall, wide = shape[-2:]
    side = window_of(shape)
    x, y = (samples.reshape(-1, tall, wide).astype(np.float64) for samples in (a, b))
    down, across = _windows(tall, side), _windows(wide, side).T

    def mean(values: Doubles) -> Doubles:
        found: Doubles = down @ values @ across
        return found

    correction = side**2 / max(1, side**2 - 1)
    c1, c2 = (_K1 * span) ** 2, (_K2 * span) ** 2
    ux, uy = mean(x), mean(y)
    both = correction * (mean(x * y) - ux * uy)
    each = correction * (mean(x * x + y * y) - ux * ux - uy * uy)
    likeness = (2 * ux * uy + c1) * (2 * both + c2) / ((ux**2 + uy**2 + c1) * (each + c2))
    found: Doubles = likeness.reshape(len(a), -1).mean(axis=1)
    return found


def _windows(size: int, side: int) -> Doubles:
    """(size − side + 1, size): row i is the mean over pixels i to i + side − 1."""
    start, at = np.arange(size - side + 1)[:, None], np.arange(size)
    found: Doubles = ((at >= start) & (at < start + side)) / side
    return found
