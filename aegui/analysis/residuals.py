"""How far reconstructions are from their originals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def mse_i(x: Floats, reconstruction: Floats) -> Floats:
    """Mean squared error over the features of every sample: (n, k), (n, k) -> (n,)."""
    difference = x - reconstruction
    total: NDArray[np.float64] = np.einsum("ij,ij->i", difference, difference, dtype=np.float64)
    error: Floats = (total / x.shape[1]).astype(np.float32)
    return error


def mse(x: Floats, reconstruction: Floats) -> float:
    """Mean squared error over samples and features."""
    return float(np.mean(mse_i(x, reconstruction), dtype=np.float64))


def sse(x: Floats, reconstruction: Floats) -> float:
    """Squared error summed over features, mean over samples: k times :func:`mse`."""
    return float(mse(x, reconstruction) * x.shape[1])
