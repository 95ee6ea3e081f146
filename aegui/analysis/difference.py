"""What a reconstruction has too much and too little of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def signed_difference(reconstruction: Floats, original: Floats, shape: tuple[int, ...]) -> Floats:
    """Reconstruction less original, (n, k) each, as one number per feature or pixel: (n, p).

    A pixel of a colour picture (C, H, W) gives the difference of the channel that is farthest
    off. The mean over channels would call a red that has turned green of the same brightness
    faultless, and colours that are lost are what a narrow code fails at first.
    """
    difference = reconstruction - original
    if len(shape) < 3:
        return difference
    channels = difference.reshape(len(difference), shape[0], -1)  # (n, C, H·W)
    found: Floats = channels[:, 0].copy()
    most = np.abs(found)
    for channel in range(1, shape[0]):
        size = np.abs(channels[:, channel])
        np.copyto(found, channels[:, channel], where=size > most)
        np.maximum(most, size, out=most)
    return found
