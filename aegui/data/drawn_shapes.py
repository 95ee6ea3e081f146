"""Grey pictures of simple shapes, drawn by the program from known factors.

In the frame of a shape u points right and v up, both in units of its size, so that every
shape has area 1 and the origin is its centre of mass. A negative distance is inside.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Floats, Split
from aegui.data.stored import frozen

Doubles = NDArray[np.float64]

SIDE = 32  # pixels
EACH = 1_500  # pictures of each kind
SEED = 20_170_831

MIDDLE = (SIDE - 1) / 2  # pixel 0 has its centre at 0
REACH = 5.5  # pixels that a centre is away from the middle at most: every shape stays inside
SIZES = (6.0, 10.0)  # pixels: side of the square of the same area


def _square(u: Doubles, v: Doubles) -> Doubles:
    distance: Doubles = np.maximum(np.abs(u), np.abs(v)) - 0.5
    return distance


def _ellipse(u: Doubles, v: Doubles) -> Doubles:
    """Twice as long as high; f/|∇f| measures the distance near the edge."""
    a, b = np.sqrt(2 / np.pi), np.sqrt(0.5 / np.pi)
    f, slope = _length(u / a, v / b), _length(u / a**2, v / b**2)
    tiny = 1e-9  # keeps the middle, where both are 0, inside
    distance: Doubles = (f - 1) * (f + tiny) / (slope + tiny)
    return distance


def _triangle(u: Doubles, v: Doubles) -> Doubles:
    """With equal sides and a corner on top."""
    inradius = 3**-0.75
    distance: Doubles = np.maximum(-v, (np.sqrt(3) * np.abs(u) + v) / 2) - inradius
    return distance


def _heart(u: Doubles, v: Doubles) -> Doubles:
    """A square on its corner with half a disc on each of its upper sides."""
    area = 0.5 + np.pi / 8  # of the heart whose square has the corners (0, 0) and (0, 1)
    centre = (0.25 + np.pi / 8 * (0.75 + 1 / (3 * np.pi))) / area  # height above the lower corner
    x, y = np.abs(u) * np.sqrt(area), v * np.sqrt(area) + centre
    side = np.maximum(x + y, 0) / 2
    edge = np.minimum(_length(x, y - 1), _length(x - side, y - side)) * np.sign(x - y)
    disc = _length(x - 0.25, y - 0.75) - np.sqrt(1 / 8)
    distance: Doubles = np.where(x + y > 1, disc, edge) / np.sqrt(area)
    return distance


_KINDS: dict[str, tuple[Callable[[Doubles, Doubles], Doubles], float]] = {
    "square": (_square, 90),  # degrees after which it looks the same
    "ellipse": (_ellipse, 180),
    "triangle": (_triangle, 120),
    "heart": (_heart, 360),
}
KINDS = tuple(_KINDS)


def _length(a: Doubles, b: Doubles) -> Doubles:
    """Twice as fast as ``np.hypot``, which also minds overflow."""
    length: Doubles = np.sqrt(a * a + b * b)
    return length


def drawn_shapes() -> Split:
    """Every picture, (n, SIDE²) bytes, with its kind as label and its factors as columns.

    ``x``, ``y``: the centre of mass, in pixels from that of the upper left pixel. ``size``: the side
    of the square of the same area, in pixels. ``rotation``: degrees anticlockwise, less than
    brings the shape back to itself, so that a picture has one rotation only.
    """
    count = EACH * len(KINDS)
    random = np.random.Generator(np.random.PCG64(SEED))
    labels = np.arange(count) % len(KINDS)
    turns = np.array([turn for _, turn in _KINDS.values()])
    factors = {
        "x": random.uniform(MIDDLE - REACH, MIDDLE + REACH, count),
        "y": random.uniform(MIDDLE - REACH, MIDDLE + REACH, count),
        "size": random.uniform(*SIZES, count),
        "rotation": random.uniform(0, 1, count) * turns[labels],
    }
    columns = {name: values.astype(np.float32) for name, values in factors.items()}
    pictures = np.empty((count, SIDE**2), np.uint8)
    for label, kind in enumerate(KINDS):
        rows = labels == label
        pictures[rows] = draw(kind, **{name: values[rows] for name, values in columns.items()})
    for array in (labels, *columns.values()):
        frozen(array)
    return Split(frozen(pictures), labels, columns=columns)


def draw(kind: str, x: Floats, y: Floats, size: Floats, rotation: Floats) -> NDArray[np.uint8]:
    """Pictures (n, SIDE²) of one kind, white on black; a pixel on the edge is grey by its share inside."""
    place = np.arange(SIDE)
    right = (place - x.astype(np.float64)[:, None])[:, None, :]  # (n, 1, SIDE)
    up = (y.astype(np.float64)[:, None] - place)[:, :, None]  # (n, SIDE, 1)
    angle = np.radians(rotation.astype(np.float64))[:, None, None]
    side = size.astype(np.float64)[:, None, None]
    u, v = right * np.cos(angle) + up * np.sin(angle), up * np.cos(angle) - right * np.sin(angle)
    distance, _ = _KINDS[kind]
    grey: Doubles = np.clip(0.5 - side * distance(u / side, v / side), 0, 1)
    return np.rint(255 * grey).astype(np.uint8).reshape(len(x), -1)
