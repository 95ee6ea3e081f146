"""What the colours of a plate stand for: names beside it, or a bar of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, ListedColormap, LogNorm, Normalize
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D

from aegui.runs.drawing import literal, shortened
from aegui.runs.plates import Clouds, Key, Plot, Shades

DIVERGING = "RdBu_r"
KEY: dict[str, Any] = {"frameon": False, "fontsize": 7, "borderaxespad": 0.4}
_COLUMN, _BAR = 0.9, 0.55  # inches, about, of names and of a bar
_LONG = 2.8  # inches of a bar at most
_ROWS = 14  # names below each other
_LONGEST = 24  # characters of a name


def beside_width(plate: Plot | Clouds) -> float:
    """Inches of what is said of the colours of a plate."""
    named = isinstance(plate, Plot) and any(series.name for series in plate.series)
    return _COLUMN * (-(-len(plate.key) // _ROWS) or named) + _BAR * (plate.shades is not None)


def key_handles(key: Key) -> tuple[list[Line2D], list[str], int]:
    """Dots, names and the number of columns of a legend."""
    dots = [Line2D([], [], marker="o", linestyle="", markersize=5, color=shade) for _, shade in key]
    columns = -(-len(key) // _ROWS)
    return dots, [literal(shortened(name, max(6, _LONGEST // columns))) for name, _ in key], columns


def shades_map(shades: Shades) -> tuple[Colormap | str, Normalize]:
    """The colours of a quantity, and where its values are among them."""
    cmap = DIVERGING if shades.table is None else ListedColormap(np.asarray(shades.table, float).tolist())
    low, high = shades.low, shades.high if shades.high > shades.low else shades.low + 1.0
    return cmap, LogNorm(low, high) if shades.log and low > 0 else Normalize(low, high)


def draw_shades(place: SubFigure, shades: Shades, axes: Sequence[Axes]) -> None:
    """A bar of a quantity's colours, right of the axes."""
    cmap, norm = shades_map(shades)
    high = place.bbox.height / place.figure.dpi
    bar = place.colorbar(
        ScalarMappable(norm, cmap), ax=list(axes), shrink=min(0.9, _LONG / high), aspect=18, pad=0.02
    )
    bar.set_label(literal(shortened(shades.name, _LONGEST)), fontsize=8)
    bar.ax.tick_params(labelsize=7)
    bar.outline.set_visible(False)
