"""Clouds of points in space beside each other, on one scale and seen from one place."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import SubFigure

from aegui.runs.drawing import draw_space, literal, titled
from aegui.runs.plate_keys import KEY, beside_width, draw_shades, key_handles
from aegui.runs.plates import Clouds, Reals

_TITLE = 0.25  # inches above a panel, which its axes do not keep free by themselves
_TALLEST = 3.2  # inches of a panel


def clouds_height(clouds: Clouds, wide: float) -> float:
    """Inches that clouds of so many inches need."""
    each = (wide - beside_width(clouds)) / len(clouds.panels)
    return min(_TALLEST, each) + _TITLE


def draw_clouds(place: SubFigure, clouds: Clouds, wide: float) -> None:
    """A panel for each stage."""
    first, count = clouds.panels[0][1], len(clouds.panels)
    grid = place.add_gridspec(2, count, height_ratios=(_TITLE, clouds_height(clouds, wide) - _TITLE))
    drawn = []
    for number, (title, points) in enumerate(clouds.panels):
        axes: Any = place.add_subplot(grid[1, number], projection="3d")
        shown = np.isfinite(points).all(axis=1)
        camera = clouds.azimuth, clouds.elevation
        draw_space(axes, points[shown], clouds.names, first, camera, count, c=clouds.colours[shown])
        if clouds.gaps and number:
            axes.plot(*_gaps(first, points).T, color="0.3", linewidth=0.3, alpha=0.5, rasterized=True)
        axes.set_title(literal(title), fontsize=9, y=1.0, pad=12)
        drawn.append(axes)
    if clouds.shades is not None:
        draw_shades(place, clouds.shades, drawn)
    if clouds.key:
        dots, names, columns = key_handles(clouds.key)
        place.legend(dots, names, ncols=columns, loc="outside right upper", **KEY)
    if clouds.title:
        place.suptitle(titled(clouds.title, wide), fontsize=9)


def _gaps(wanted: Reals, points: Reals) -> Reals:
    """From where each point (n, 3) should be to where it is, and then a break: (3 · n, 3)."""
    return np.stack([wanted, points, np.full_like(points, np.nan)], axis=1).reshape(-1, 3)
