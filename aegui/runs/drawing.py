"""One sample in the axes of a figure: a picture, a curve, a row of bars, or a cloud of points."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from aegui.analysis.difference import signed_difference
from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset, Floats, Split

Groups = list[tuple[str, NDArray[np.bool_], dict[str, Any]]]

BELOW, ABOVE = "#2f6fe0", "#d9482f"  # differences, as on screen
MAP = "viridis"  # of known factors: every value of it is seen on white
_TITLE_LETTER = 0.075  # inches, about, of a letter of a title
_MANY = 4  # panels beside each other
_LONGEST_NAME = 30  # characters of an axis
_ROOM = 0.12  # of the range of the originals, for what goes beyond them


def limits(originals: Floats, dataset: Dataset) -> tuple[float, float]:
    """Ends of the axis of values: all data for pictures; for plots the originals that are shown."""
    if len(dataset.shape) > 1:
        return dataset.low, dataset.high
    low, high = float(originals.min()), float(originals.max())
    if dataset.layout != "signal":
        low, high = min(0.0, low), max(0.0, high)
    room = _ROOM * ((high - low) or 1.0)
    return low - room, high + room


def draw_sample(
    axes: Axes, values: Floats, dataset: Dataset, ends: tuple[float, float], original: Floats | None = None
) -> None:
    """One sample (k,); ``original`` is what a plot is compared with."""
    if len(dataset.shape) > 1:
        picture = (values.reshape(dataset.shape) - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        shown = np.clip(np.nan_to_num(picture), 0, 1)
        if len(dataset.shape) == 3:
            shown = shown.transpose(1, 2, 0)
        axes.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    elif dataset.layout == "signal":
        if original is not None:
            axes.plot(original, linewidth=1.6, color="0.75")
        axes.plot(values, linewidth=0.8, color="0.2" if original is None else CATEGORY[0])
        axes.set_ylim(*ends)
    else:
        _draw_bars(axes, values, "0.5" if original is None else CATEGORY[5])
        if original is not None:
            axes.plot(original, "_", color="0.1", markersize=max(2, 30 / len(original)), markeredgewidth=1)
        axes.set_ylim(*ends)
    axes.set(xticks=[], yticks=[])


def draw_difference(
    axes: Axes, made: Floats, original: Floats, dataset: Dataset, ends: tuple[float, float]
) -> None:
    """Reconstruction less original, (k,) each; of a colour picture the channel that is farthest off."""
    values, span = signed_difference(made[None], original[None], dataset.shape)[0], ends[1] - ends[0]
    if len(dataset.shape) > 1:
        picture = values.reshape(dataset.shape[-2:])
        axes.imshow(picture, cmap="RdBu_r", vmin=-span, vmax=span, interpolation="nearest")
    else:
        if dataset.layout == "signal":
            where = np.arange(len(values))
            axes.fill_between(where, values.clip(min=0), color=ABOVE, linewidth=0)
            axes.fill_between(where, values.clip(max=0), color=BELOW, linewidth=0)
        else:
            _draw_bars(axes, values, [ABOVE if v > 0 else BELOW for v in values])
        axes.set_ylim(-span / 2, span / 2)
    axes.set(xticks=[], yticks=[])


def _draw_bars(axes: Axes, values: Floats, colour: str | list[str]) -> None:
    axes.bar(np.arange(len(values)), values, width=0.7, color=colour)
    axes.axhline(0, color="0.7", linewidth=0.5)


def draw_space(
    axes: Any,
    points: NDArray[np.floating],
    names: tuple[str, ...],
    box: NDArray[np.floating],
    camera: tuple[float, float],
    beside: int,
    **colours: Any,
) -> PathCollection:
    """Points (n, 3) in axes of three dimensions, which have no type for that.

    The axes hold the points ``box`` (m, 3), and are on one scale. ``camera`` is azimuth and elevation in
    degrees; with many panels ``beside`` each other, all is drawn smaller.
    """
    area = float(np.clip(8_000 / max(1, len(points)), 3.0, 10.0)) * (1.0 if beside < _MANY else 0.6)
    drawn: PathCollection = axes.scatter(*points.T, s=area, linewidths=0, rasterized=True, **colours)
    axes.set_proj_type("ortho")  # as on screen, what is parallel stays so
    axes.view_init(elev=camera[1], azim=camera[0])
    finite = box[np.isfinite(box).all(axis=1)]
    low, high = (finite.min(axis=0), finite.max(axis=0)) if len(finite) else (np.zeros(3), np.ones(3))
    high = np.where(high > low, high, low + 1)
    axes.set_box_aspect(tuple(high - low), zoom=0.97)
    for letter, name, ends in zip("xyz", names, zip(low, high, strict=True), strict=False):
        axes.set(**{f"{letter}lim": ends})
        axis = getattr(axes, f"{letter}axis")
        axis.set_label_text(literal(shortened(name, _LONGEST_NAME)), fontsize=7)
        axis.labelpad = -8
        axis.set_major_locator(MaxNLocator(3))
        axis.pane.set(fill=False, edgecolor="0.8", alpha=1, linewidth=0.5)
        axis.line.set_linewidth(0.5)
    axes.tick_params(labelsize=6 if beside < _MANY else 5, pad=-3, width=0.5)
    axes.grid(visible=False)
    return drawn


def scatter_groups(split: Split, classes: tuple[str, ...], rows: NDArray[np.int64]) -> Groups:
    """Some test samples (n,) in groups: a name, which of them belong to it, and their colour.

    One group per class; without labels one of all, coloured by the first known factor if there is one.
    """
    if split.labels is not None and classes:
        labels = split.labels[rows]
        return [(name, labels == i, {"color": CATEGORY[i % 10]}) for i, name in enumerate(classes)]
    everything = np.ones(len(rows), bool)
    for name, values in split.columns.items():
        return [(name, everything, {"c": values[rows], "cmap": MAP})]
    return [("all", everything, {"color": CATEGORY[0]})]


def literal(text: str) -> str:
    """A name from the data as it stands: a dollar begins no mathematics, and an underscore hides nothing."""
    escaped = text.replace("$", r"\$")
    return f"\u200b{escaped}" if escaped.startswith("_") else escaped


def titled(text: str, wide: float) -> str:
    """A title from the data as it stands, in lines that fit into so many inches."""
    return literal("\n".join(wrap(text, max(20, int(wide / _TITLE_LETTER)))))


def shortened(name: str, most: int) -> str:
    """A name of at most ``most`` characters, its end left out where it is long."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
