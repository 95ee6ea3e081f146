"""A cloud of points drawn into an array of pixels: a million points without a million objects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

MARGIN = 0.06  # of the points' span, on each side of them
_OPACITY = 0.9
# Opacity of the pixels of a disc by the share of them that it covers: more than the first, up to the second.
_COVERAGE = ((0.35, 0.2, 0.5 - 1e-9), (0.65, 0.5 - 1e-9, 0.8), (1.0, 0.8, 1.0))


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of a plane with the test sample and the class of each."""

    points: Doubles  # (n, 2)
    samples: Ints  # (n,) indices into the test set
    classes: Ints  # (n,) indices into the colours
    order: Ints  # (n,) a fixed shuffle, so that no class always lies on top

    @classmethod
    def of(cls, points: NDArray[np.float32], samples: Ints, classes: Ints) -> Cloud:
        """A cloud in a shuffle that depends on the number of points only."""
        return cls(points.astype(np.float64), samples, classes, _shuffle(len(points)))

    @classmethod
    def empty(cls) -> Cloud:
        """No points."""
        return cls.of(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.points)

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
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        margin = np.where(high > low, MARGIN * (high - low), np.maximum(0.5, 0.1 * np.abs(high)))
        return np.stack([low - margin, high + margin], axis=1)


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


def words(colours: NDArray[np.uint8], opacity: float) -> Words:
    """Colours (m, 3) as premultiplied ARGB words (m,)."""
    alpha = round(255 * opacity)
    r, g, b = (np.rint(colours[:, i] * opacity).astype(np.uint32) for i in range(3))
    found: Words = (np.uint32(alpha) << np.uint32(24)) | (r << np.uint32(16)) | (g << np.uint32(8)) | b
    return found


def raster(
    places: Doubles, classes: Ints, colours: NDArray[np.uint8], width: int, height: int, size: float
) -> Words:
    """Points at pixels (n, 2), in drawing order, as premultiplied ARGB (height, width)."""
    rings = stamp(size)
    margin = 1 + max((abs(v) for _, offsets in rings for offset in offsets for v in offset), default=0)
    wide = width + 2 * margin
    image = np.zeros((height + 2 * margin) * wide, np.uint32)
    inside = ((places >= 0) & (places < (width, height))).all(axis=1)
    pixels = places[inside].astype(np.int64)
    at, colour_of = (pixels[:, 1] + margin) * wide + pixels[:, 0] + margin, classes[inside]
    for share, offsets in rings:
        colour = words(colours, share * _OPACITY)[colour_of]
        for dy, dx in offsets:
            image[at + (dy * wide + dx)] = colour
    return np.ascontiguousarray(image.reshape(-1, wide)[margin:-margin, margin:-margin])
