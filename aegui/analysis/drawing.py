"""Samples drawn by hand: strokes as arrays, and what a network makes of them. numpy, no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.training.snapshot import Look

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Drawn(Look):
    """What becomes of one sample, given to the network as it is; answered by :class:`DrawnSeen`."""

    sample: bytes  # (k,) float32 in the scaled units

    @classmethod
    def of(cls, values: Floats) -> Drawn:
        """The question about a sample (k,)."""
        return cls(np.ascontiguousarray(values, np.float32).tobytes())

    @property
    def values(self) -> Floats:
        """The sample (k,)."""
        return np.frombuffer(self.sample, np.float32)


@dataclass(frozen=True, eq=False)
class DrawnSeen:
    """One sample on its way through the network."""

    code: Floats  # (d,)
    reconstruction: Floats  # (k,)
    error: float  # MSE_i against what was drawn


def stroke_mask(
    shape: tuple[int, ...], start: tuple[float, float], end: tuple[float, float], radius: float
) -> Floats:
    """How much of each pixel (H, W) a round brush covers between two places (x, y) in pixels, 0 to 1.

    A pixel's place is its middle: (0.5, 0.5) is that of the first one. The brush's edge is one pixel
    wide, so that a stroke is as smooth as the digits of MNIST are.
    """
    height, width = shape[-2:]
    y, x = np.mgrid[:height, :width] + 0.5
    along = np.subtract(end, start)
    length = float(along @ along)
    share = (x - start[0]) * along[0] + (y - start[1]) * along[1]
    share = np.clip(share / length, 0, 1) if length > 0 else np.zeros_like(x)
    distance = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    covered: Floats = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return covered


def inked(before: Floats, mask: Floats, ink: Floats, shape: tuple[int, ...]) -> Floats:
    """A picture (k,) with ink, a value for each channel, where the mask (H, W) covers it."""
    channels = before.reshape(-1, *shape[-2:])
    painted = channels + mask * (ink.reshape(-1, 1, 1) - channels)
    return painted.reshape(-1).astype(np.float32)


def bent(before: Floats, start: tuple[float, float], end: tuple[float, float]) -> Floats:
    """A signal (k,) that takes the values on the line between two places (index, value)."""
    values = before.copy()
    first, last = sorted((start, end))
    i, j = int(np.clip(round(first[0]), 0, len(values) - 1)), int(np.clip(round(last[0]), 0, len(values) - 1))
    if i == j:
        values[i] = end[1]
    else:
        values[i : j + 1] = np.interp(np.arange(i, j + 1), (first[0], last[0]), (first[1], last[1]))
    return values


def centred(picture: Floats, shape: tuple[int, ...], ground: float) -> Floats:
    """A picture (k,) moved by whole pixels so that its ink's centre of mass is in the middle, as MNIST's is.

    Ink is how far a pixel is from the ground, which fills what is left free.
    """
    channels = picture.reshape(-1, *shape[-2:])
    weight = np.abs(channels - ground).sum(axis=0)
    total = float(weight.sum())
    if total <= 0:
        return picture
    height, width = weight.shape
    down = round((height - 1) / 2 - float((weight.sum(axis=1) @ np.arange(height)) / total))
    right = round((width - 1) / 2 - float((weight.sum(axis=0) @ np.arange(width)) / total))
    moved = np.full_like(channels, ground)
    to, of = _overlap(down, height), _overlap(-down, height)
    across, back = _overlap(right, width), _overlap(-right, width)
    moved[:, to, across] = channels[:, of, back]
    return moved.reshape(-1)


def _overlap(shift: int, size: int) -> slice:
    return slice(max(shift, 0), size + min(shift, 0))


def fitted(pixels: Bytes, shape: tuple[int, ...], low: float, high: float) -> Floats:
    """A picture of any size (h, w, 3) as a sample (k,): whole, in the middle, on the colour of its corner.

    Grey is luma (ITU-R 601). Black is ``low`` and white ``high``.
    """
    from PIL import Image

    height, width = shape[-2:]
    image = Image.fromarray(pixels)
    if len(shape) < 3:
        image = image.convert("L")
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(size, Image.Resampling.LANCZOS)
    whole = Image.new(image.mode, (width, height), image.getpixel((0, 0)))
    whole.paste(small, ((width - size[0]) // 2, (height - size[1]) // 2))
    values = np.asarray(whole, np.float32) / 255
    if len(shape) == 3:
        values = values.transpose(2, 0, 1)
    return (low + values * (high - low)).reshape(-1).astype(np.float32)


def nearest(code: Floats, codes: Floats, count: int) -> tuple[Ints, Floats]:
    """Rows (m,) of the codes (n, d) nearest to a code (d,), the nearest first, and how far they are."""
    distance = np.sqrt(np.square(codes.astype(np.float64) - code).sum(axis=1))
    distance = np.where(np.isfinite(distance), distance, np.inf)
    rows = np.argsort(distance, kind="stable")[:count]
    return rows.astype(np.int64), distance[rows].astype(np.float32)
