"""A cloud of points drawn into an array of pixels: a million points without a million objects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

MARGIN = 0.06  # of the points' span, on each side of them
_OPACITY = 0.9
_PALE = 0.78  # share of the ground in the colours of what is not selected
_DENSE = 8  # pixels per point, below which discs are stamped by the pixel rather than by the point
# Opacity of the pixels of a disc by the share of them that it covers: more than the first, up to the second.
_COVERAGE = ((0.35, 0.2, 0.5 - 1e-9), (0.65, 0.5 - 1e-9, 0.8), (1.0, 0.8, 1.0))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points in the order in which they are drawn; the first of them are a fair sample of all."""

    x: Floats  # (n,)
    y: Floats  # (n,)
    classes: NDArray[np.uint16]  # (n,)

    def first(self, count: int) -> Drawn:
        """Some of them."""
        return Drawn(self.x[:count], self.y[:count], self.classes[:count])


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of a plane with the test sample and the class of each."""

    points: Floats  # (n, 2)
    samples: Ints  # (n,) indices into the test set
    classes: Ints  # (n,) indices into the colours
    order: Ints  # (n,) a fixed shuffle, so that no class always lies on top

    @classmethod
    def of(cls, points: Floats, samples: Ints, classes: Ints) -> Cloud:
        """A cloud in a shuffle that depends on the number of points only."""
        return cls(points, samples, classes, _shuffle(len(points)))

    @classmethod
    def empty(cls) -> Cloud:
        """No points."""
        return cls.of(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def drawn(self) -> Drawn:
        """The points as they are drawn, found once."""
        x, y = np.ascontiguousarray(self.points[self.order].T)
        return Drawn(x, y, self.classes[self.order].astype(np.uint16))

    def coloured(self, classes: Ints) -> Cloud:
        """The same points in other colours, drawn in the same order."""
        return Cloud(self.points, self.samples, classes, self.order)

    def only(self, hidden: Ints) -> Cloud:
        """The cloud without these classes."""
        if not len(hidden):
            return self
        keep = ~np.isin(self.classes, hidden)
        order = (np.cumsum(keep) - 1)[self.order[keep[self.order]]]
        return Cloud(self.points[keep], self.samples[keep], self.classes[keep], order)

    def limits(self) -> Doubles:
        """Ends of both axes (2, 2) with a margin; some span where there is none."""
        if not len(self):
            return np.array([[-1.0, 1.0], [-1.0, 1.0]])
        low, high = (ends.astype(np.float64) for ends in (self.points.min(axis=0), self.points.max(axis=0)))
        margin = np.where(high > low, MARGIN * (high - low), np.maximum(0.5, 0.1 * np.abs(high)))
        return np.stack([low - margin, high + margin], axis=1)

    def nearest(self, place: Doubles, reach: Doubles) -> int:
        """Row of the point closest to a place (2,), in units of ``reach`` (2,); −1 if it is beyond them."""
        x, y, wide, high = (np.float32(v) for v in (*place, *reach))
        close = np.flatnonzero(np.abs(self.drawn.x - x) <= wide)
        dx, dy = (self.drawn.x[close] - x) / wide, (self.drawn.y[close] - y) / high
        away = np.square(dx) + np.square(dy)
        if not len(close) or away.min() > 1:
            return -1
        return int(self.order[close[away.argmin()]])


def beside(places: Doubles, row: int, step: tuple[int, int], least: float, size: tuple[float, float]) -> int:
    """The next point in a direction, among places (n, 2) in pixels within a size; the same if there is none.

    It is ``least`` pixels away at least, and rather straight ahead than close.
    """
    away = places - places[row]
    ahead, aside = away @ np.array(step, np.float64), away @ np.array(step[::-1], np.float64)
    inside = ((places >= 0) & (places <= np.array(size))).all(axis=1)
    found = np.flatnonzero(inside & (ahead >= least) & (np.abs(aside) <= ahead))
    if not len(found):
        return row
    return int(found[np.argmin(np.square(ahead[found]) + 4 * np.square(aside[found]))])


def faded(cloud: Cloud, samples: Ints, table: Bytes, ground: Bytes) -> tuple[Cloud, Bytes]:
    """A cloud in which all but some samples are pale: twice as many classes, and their colours (2m, 3)."""
    chosen = np.isin(cloud.samples, samples)
    pale = np.rint(table + (ground.astype(np.float64) - table) * _PALE).astype(np.uint8)
    classes = np.where(chosen, cloud.classes, cloud.classes + len(table))
    return cloud.coloured(classes), np.vstack([table, pale])


@lru_cache(maxsize=4)
def _shuffle(count: int) -> Ints:
    return np.random.default_rng(0).permutation(count)


def is_off(limits: Doubles, shown: Doubles, tolerance: float = 0.15) -> bool:
    """Whether shown axes (2, 2) cut off points within the wanted ones, or leave more than a share empty."""
    beyond = (shown - limits) * (-1, 1)  # how much more is shown than is wanted, at each end
    room = MARGIN / (1 + 2 * MARGIN) * np.ptp(limits, axis=1)
    empty = tolerance * np.ptp(shown, axis=1)
    return bool((beyond < -room[:, None]).any() or (beyond > empty[:, None]).any())


def diameter(count: int, area: float) -> float:
    """Width of a disc in pixels for so many points on so many pixels: 2 to 5, in half steps."""
    ideal = 0.7 * np.sqrt(area / max(1, count))
    return float(np.clip(np.round(ideal * 2) / 2, 2.0, 5.0))


@lru_cache(maxsize=32)
def stamp(size: float) -> tuple[tuple[float, tuple[tuple[int, int], ...]], ...]:
    """A disc as (opacity, offsets (dy, dx)), the faintest ring first so that no edge covers a core."""
    reach = int(np.ceil(size / 2)) + 1
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    coverage = np.clip(size / 2 + 0.5 - np.hypot(dy, dx), 0, 1)
    rings = []
    for opacity, above, up_to in _COVERAGE:
        mask = (coverage > above) & (coverage <= up_to)
        rings.append((opacity, tuple(zip(dy[mask].tolist(), dx[mask].tolist(), strict=True))))
    return tuple(rings)


def words(colours: Bytes, opacity: float) -> Words:
    """Colours (m, 3) as premultiplied ARGB words (m,)."""
    alpha = round(255 * opacity)
    r, g, b = (np.rint(colours[:, i] * opacity).astype(np.uint32) for i in range(3))
    found: Words = (np.uint32(alpha) << np.uint32(24)) | (r << np.uint32(16)) | (g << np.uint32(8)) | b
    return found


def raster(places: Doubles, classes: Ints, colours: Bytes, width: int, height: int, size: float) -> Words:
    """Points at pixels (n, 2), in drawing order, as premultiplied ARGB (height, width)."""
    inside = ((places >= 0) & (places < (width, height))).all(axis=1)
    pixels = places[inside].astype(np.int64)
    return stamped(pixels[:, 0], pixels[:, 1], classes[inside], colours, (width, height), size)


def visible(drawn: Drawn, view: Doubles, extent: tuple[int, int]) -> tuple[Ints, Ints, NDArray[np.uint16]]:
    """Columns (m,), rows and classes of the points within the axes (2, 2), on (width, height) pixels."""
    ((left, right), (bottom, top)), (width, height) = view, extent
    with np.errstate(over="ignore"):  # points of a diverging run, far beyond the axes
        x = (drawn.x - np.float32(left)) * np.float32(width / (right - left))
        y = (np.float32(top) - drawn.y) * np.float32(height / (top - bottom))
    inside = np.flatnonzero((x >= 0) & (x < width) & (y >= 0) & (y < height))
    classes = drawn.classes
    if len(inside) < len(x):
        x, y, classes = x[inside], y[inside], classes[inside]
    return x.astype(np.int64), y.astype(np.int64), classes


def stamped(
    x: Ints,
    y: Ints,
    classes: NDArray[np.integer],
    colours: Bytes,
    extent: tuple[int, int],
    size: float,
) -> Words:
    """Discs at columns (n,) and rows (n,), in drawing order, as premultiplied ARGB (height, width)."""
    rings, (width, height) = stamp(size), extent
    margin = 1 + max((abs(v) for _, offsets in rings for offset in offsets for v in offset), default=0)
    wide = width + 2 * margin
    image = np.zeros((height + 2 * margin) * wide, np.uint32)
    at = (y + margin) * wide + (x + margin)
    stamp_ring = _by_pixel if len(at) * _DENSE > len(image) else _by_point
    for share, offsets in rings:
        steps = tuple(dy * wide + dx for dy, dx in offsets)
        stamp_ring(image, at, classes, words(colours, share * _OPACITY), steps)
    return np.ascontiguousarray(image.reshape(-1, wide)[margin:-margin, margin:-margin])


def _by_point(
    image: Words, at: Ints, classes: NDArray[np.integer], colours: Words, steps: tuple[int, ...]
) -> None:
    """Each point colours the pixels of its own ring: later ones lie on top."""
    colour = colours[classes]
    for step in steps:
        image[at + step] = colour


def _by_pixel(
    image: Words, at: Ints, classes: NDArray[np.integer], colours: Words, steps: tuple[int, ...]
) -> None:
    """The last point of each pixel colours the ring around it: as good where pixels hold many points."""
    centres = np.zeros_like(image)
    centres[at] = colours[classes]
    found = np.flatnonzero(centres)
    colour = centres[found]
    for step in steps:
        image[found + step] = colour
