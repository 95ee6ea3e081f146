"""Arrays as images: grey, coloured, or on a diverging map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]

_GREYS: Words = np.arange(256, dtype=np.uint32) * np.uint32(0x010101) | np.uint32(0xFF000000)


def picture_image(values: Floats, shape: tuple[int, ...], low: float, high: float) -> QImage:
    """Samples (n, k) or one (k,) side by side, one pixel per pixel: (H, W) in grey, (3, H, W) in colour."""
    if len(shape) == 3:
        return colour_image(values, shape, low, high)
    return grey_image(values, shape, low, high)


def grey_image(values: Floats, shape: tuple[int, ...], low: float, high: float) -> QImage:
    """Samples (n, H·W) or one (H·W,) as grey pictures side by side, ``low`` black, ``high`` white."""
    return _strip(_GREYS[levels(values, low, high)], shape)


def mapped_image(values: Floats, shape: tuple[int, ...], scale: float, table: Bytes) -> QImage:
    """Samples (n, H·W) or one (H·W,) side by side on a diverging map (256, 3) from −scale to scale."""
    return ranged_image(values, shape, (-scale, scale), table)


def ranged_image(values: Floats, shape: tuple[int, ...], ends: tuple[float, float], table: Bytes) -> QImage:
    """The same on a map (256, 3) from one end to the other."""
    return _strip(_words(table)[levels(values, *ends)], shape)


def colour_image(values: Floats, shape: tuple[int, ...], low: float, high: float) -> QImage:
    """Samples (n, 3·H·W) or one as coloured pictures side by side; each channel from ``low`` to ``high``."""
    channels = levels(values, low, high).reshape(-1, 3, shape[1] * shape[2])
    pixels = np.empty((len(channels), shape[1] * shape[2], 4), np.uint8)  # blue, green, red, opaque
    for place in range(3):
        pixels[:, :, place] = channels[:, 2 - place]
    pixels[:, :, 3] = 255
    return _strip(pixels.view("<u4")[..., 0], shape)


def pixels_of(image: QImage) -> Bytes:
    """The pixels (H, W, 3) of a picture of Qt's, copied."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def levels(values: Floats, low: float, high: float) -> Bytes:
    """Values as 0 at ``low`` to 255 at ``high``; what is not finite is drawn as nothing: zero or the end."""
    if not np.isfinite(values.sum(dtype=np.float64)):
        nothing = float(np.clip(0, low, high))
        values = np.nan_to_num(values, nan=nothing, posinf=high, neginf=low)
    factor = 255 / ((high - low) or 1.0)
    scaled = values * np.float32(factor)
    scaled += np.float32(0.5 - low * factor)  # so that cutting off the fraction rounds
    np.clip(scaled, 0, 255, out=scaled)
    found: Bytes = scaled.astype(np.uint8)
    return found


def _words(table: Bytes) -> Words:
    """Colours (256, 3) as opaque pixels of 32 bits, which Qt scales fastest."""
    words: Words = table.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32) | np.uint32(0xFF000000)
    return words


def _strip(pixels: Words, shape: tuple[int, ...]) -> QImage:
    tall, wide = shape[-2:]
    strip = np.ascontiguousarray(pixels.reshape(-1, tall, wide).transpose(1, 0, 2)).reshape(tall, -1)
    return QImage(strip.data, strip.shape[1], tall, 4 * strip.shape[1], QImage.Format.Format_RGB32).copy()
