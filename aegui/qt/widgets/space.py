"""Points of a space of three dimensions on a flat screen: where a camera sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

AXES = ("x", "y", "z")
_NEAREST, _FARTHEST = 8.0, 0.4  # zoom
# Corners of a cube as 0 and 1 along each axis, and the pairs of them that an edge joins.
CORNERS = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], np.float64)
EDGES = tuple((a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4))


@dataclass(frozen=True)
class Camera:
    """Looks at the middle of the points from far away: what is parallel stays so. z is up."""

    azimuth: float = -70.0  # degrees around z, from x towards y
    elevation: float = 14.0  # degrees above the plane of x and y
    zoom: float = 1.12

    def turned(self, azimuth: float, elevation: float) -> Camera:
        """The camera moved around the points by some degrees; it never goes beyond straight above."""
        up = float(np.clip(self.elevation + elevation, -90, 90))
        return replace(self, azimuth=(self.azimuth + azimuth + 180) % 360 - 180, elevation=up)

    def zoomed(self, factor: float) -> Camera:
        """The camera nearer by a factor, within limits."""
        return replace(self, zoom=float(np.clip(self.zoom * factor, _FARTHEST, _NEAREST)))

    @property
    def axes(self) -> Doubles:
        """Directions to the right, upwards and towards the camera as rows, (3, 3), orthonormal."""
        a, e = np.radians(self.azimuth), np.radians(self.elevation)
        return np.array(
            [
                [-np.sin(a), np.cos(a), 0.0],
                [-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)],
                [np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)],
            ]
        )


@dataclass(frozen=True, eq=False)
class Bounds:
    """The box that is looked at."""

    low: Doubles  # (3,)
    high: Doubles  # (3,)

    @classmethod
    def of(cls, points: Doubles) -> Bounds:
        """The box around all finite points (n, 3); some size where there is none."""
        finite = points[np.isfinite(points).all(axis=1)]
        if not len(finite):
            return cls(np.zeros(3), np.ones(3))
        low, high = finite.min(axis=0), finite.max(axis=0)
        flat = np.ptp(np.stack([low, high])) == 0 or bool((high == low).all())
        return cls(low - 0.5, high + 0.5) if flat else cls(low, high)

    @property
    def middle(self) -> Doubles:
        """Where the camera looks, (3,)."""
        return (self.low + self.high) / 2

    @property
    def radius(self) -> float:
        """Half of the box's diagonal: it is seen whole from every side."""
        return float(np.linalg.norm(self.high - self.low)) / 2

    @property
    def corners(self) -> Doubles:
        """The corners (8, 3) in the order of ``CORNERS``."""
        return self.low + CORNERS * (self.high - self.low)


def as_space(values: NDArray[np.floating]) -> Doubles:
    """Samples (n, k) as points (n, 3): the first three features, zero for those that are missing."""
    points = np.zeros((len(values), 3))
    known = min(3, values.shape[1])
    points[:, :known] = values[:, :known]
    return points


def seen(points: Doubles, camera: Camera, bounds: Bounds, width: float, height: float) -> Doubles:
    """Points (n, 3) as (pixels from the left, pixels from the top, nearness), (n, 3).

    Nearness goes from −1 behind to 1 in front for what lies in the box.
    """
    turned = (points - bounds.middle) @ camera.axes.T / bounds.radius
    scale = min(width, height) / 2 * camera.zoom
    turned[:, 0] = width / 2 + turned[:, 0] * scale
    turned[:, 1] = height / 2 - turned[:, 1] * scale
    return turned
