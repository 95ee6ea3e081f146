"""Figures of the workspaces: plots, bars and small drawings on one sheet, from values alone.

Importing this does not load matplotlib, which takes most of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

Reals = NDArray[np.floating]
Style = Literal["line", "dash", "points", "cross", "steps"]
Kind = Literal["picture", "signal", "bars"]

GREY = "#6b7280"
_WIDE = 7.0  # inches of a sheet
_PLOT, _BAR, _PLAIN = 3.2, 0.32, 0.7  # inches: height of a plot, of a bar, of a drawing that is no picture
_TALLEST = 1.6  # inches of a drawing
_NAMES = 1.1  # inches left of drawings
_KEY_ROWS = 14  # names below each other


@dataclass(frozen=True, eq=False)
class Series:
    """One line, or points. ``colours`` (n, 3), between 0 and 1, are those of single points."""

    name: str  # empty: not in the legend
    colour: str
    x: Reals  # (n,), of steps the edges (n + 1,)
    y: Reals  # (n,)
    style: Style = "line"
    colours: Reals | None = None


@dataclass(frozen=True)
class Rule:
    """A straight line across a plot, at a value of one axis."""

    axis: Literal["x", "y"]
    value: float
    name: str


@dataclass(frozen=True, eq=False)
class Plot:
    """Lines over two axes."""

    series: tuple[Series, ...]
    labels: tuple[str, str]
    log: tuple[bool, bool] = (False, False)
    rules: tuple[Rule, ...] = ()
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None
    title: str = ""
    key: tuple[tuple[str, str], ...] = ()  # names of colours of points, beside the plot


@dataclass(frozen=True, eq=False)
class Bars:
    """Lengths by name; NaN for one that is not known."""

    names: tuple[str, ...]
    values: Reals  # (n,)
    words: tuple[str, ...]  # behind each bar
    label: str
    colours: tuple[str, ...] = ()
    log: bool = False
    rules: tuple[Rule, ...] = ()
    title: str = ""
    most: float | None = None  # the greatest possible value


@dataclass(frozen=True, eq=False)
class Cell:
    """One small drawing of numbers (k,); ``signed``: zero is in the middle of a diverging map."""

    values: Reals
    kind: Kind
    shape: tuple[int, ...]  # (H, W), (3, H, W) or (k,)
    low: float
    high: float
    signed: bool = False
    note: str = ""
    behind: Reals | None = None  # (k,): what a curve or bars are to be compared with


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of drawings, each with a name; None is an empty place."""

    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    title: str = ""
    heads: tuple[str, ...] = field(default=())  # above the drawings of the first row


Plate = Plot | Bars | Cells


def plates_figure(rows: Sequence[Sequence[Plate]]) -> Figure:
    """A sheet with plates beside each other in each row."""
    from matplotlib.figure import Figure

    heights = [max(_height(plate, len(row)) for plate in row) for row in rows]
    figure = Figure(figsize=(_WIDE, sum(heights)), layout="constrained")
    sheets: Any = figure.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)
    for row, sheet in zip(rows, sheets[:, 0], strict=True):
        for plate, place in zip(row, sheet.subfigures(1, len(row), squeeze=False)[0], strict=True):
            _draw(place, plate)
    return figure


def _draw(place: SubFigure, plate: Plate) -> None:
    match plate:
        case Plot():
            _draw_plot(place.subplots(), plate)
        case Bars():
            _draw_bars(place.subplots(), plate)
        case Cells():
            _draw_cells(place, plate)


def _height(plate: Plate, beside: int) -> float:
    match plate:
        case Plot():
            return _PLOT
        case Bars():
            return _BAR * len(plate.names) + 0.9
    return sum(_row_height(cells, beside) for _, cells in plate.rows) + 0.3 * bool(plate.title)


def _row_height(cells: tuple[Cell | None, ...], beside: int) -> float:
    wide = (_WIDE / beside - _NAMES) / max(1, len(cells))
    tallest = max((_aspect(cell) * wide for cell in cells if cell is not None), default=_PLAIN)
    return min(tallest, _TALLEST) + 0.32


def _aspect(cell: Cell) -> float:
    """Height by width."""
    return cell.shape[-2] / cell.shape[-1] if cell.kind == "picture" else 0.6


def _draw_plot(axes: Axes, plot: Plot) -> None:
    from matplotlib.lines import Line2D

    from aegui.runs.drawing import literal

    for series in plot.series:
        _draw_series(axes, series)
    for rule in plot.rules:
        _draw_rule(axes, rule)
    scales = ["log" if log else "linear" for log in plot.log]
    axes.set(xlabel=literal(plot.labels[0]), ylabel=literal(plot.labels[1]))
    axes.set(xscale=scales[0], yscale=scales[1])
    if plot.limits is not None:
        axes.set(xlim=plot.limits[0], ylim=plot.limits[1])
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(literal(plot.title), fontsize=9)
    if plot.key:
        names, shades = zip(*plot.key, strict=True)
        dots = [Line2D([], [], marker="o", linestyle="", color=shade) for shade in shades]
        beside: dict[str, Any] = {
            "loc": "upper left",
            "bbox_to_anchor": (1, 1),
            "frameon": False,
            "fontsize": 7,
        }
        axes.legend(dots, [literal(name) for name in names], ncols=-(-len(names) // _KEY_ROWS), **beside)
    elif any(series.name for series in plot.series):
        axes.legend(loc="best", frameon=False, fontsize=8)


def _draw_series(axes: Axes, series: Series) -> None:
    from aegui.runs.drawing import literal

    named: dict[str, Any] = {"label": literal(series.name)} if series.name else {}
    match series.style:
        case "points":
            colour: Any = series.colour if series.colours is None else series.colours
            size = 36.0 if len(series.x) < 60 else 4.0
            axes.scatter(series.x, series.y, s=size, c=colour, linewidths=0, rasterized=True, **named)
        case "cross":
            axes.scatter(series.x, series.y, s=120, c=series.colour, marker="x")
        case "steps":
            axes.stairs(series.y, series.x, fill=True, color=series.colour, alpha=0.35, **named)
            axes.stairs(series.y, series.x, color=series.colour)
        case _:
            dash = "--" if series.style == "dash" else "-"
            axes.plot(series.x, series.y, dash, color=series.colour, **named)


def _draw_rule(axes: Axes, rule: Rule) -> None:
    from aegui.runs.drawing import literal

    line: dict[str, Any] = {"linestyle": ":", "color": "0.4", "linewidth": 1}
    words: dict[str, Any] = {"va": "bottom", "fontsize": 8}
    if rule.axis == "x":
        axes.axvline(rule.value, **line)
        axes.text(
            rule.value, 1, literal(rule.name), transform=axes.get_xaxis_transform(), ha="center", **words
        )
        return
    axes.axhline(rule.value, **line)
    place = axes.get_yaxis_transform()
    text = axes.text(0.99, rule.value, literal(rule.name), transform=place, ha="right", clip_on=True, **words)
    text.set_in_layout(False)  # a line beyond the axes must not move them


def _draw_bars(axes: Axes, bars: Bars) -> None:
    from aegui.runs.drawing import literal

    places = np.arange(len(bars.names))
    drawn = axes.barh(places, np.nan_to_num(bars.values), color=list(bars.colours) or GREY, height=0.7)
    axes.bar_label(drawn, [literal(words) for words in bars.words], padding=3, fontsize=8)
    for rule in bars.rules:
        _draw_rule(axes, rule)
    axes.set(xlabel=bars.label, xscale="log" if bars.log else "linear")
    axes.set_yticks(places, [literal(name) for name in bars.names], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    if bars.most is not None:
        axes.set_xlim(0, 1.08 * bars.most)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(literal(bars.title), fontsize=9)


def _draw_cells(place: SubFigure, cells: Cells) -> None:
    from aegui.runs.drawing import literal

    heights = [_row_height(row, 1) for _, row in cells.rows]
    lengths = {len(row) for _, row in cells.rows}
    common = lengths.pop() if len(lengths) == 1 else 0  # then columns stand below each other
    grid = place.add_gridspec(len(cells.rows), common or 1, height_ratios=heights)
    for number, (name, row) in enumerate(cells.rows):
        inner = None if common else grid[number].subgridspec(1, max(1, len(row)))
        for column, cell in enumerate(row):
            axes = place.add_subplot(grid[number, column] if inner is None else inner[column])
            if cell is None:
                axes.set_axis_off()
                continue
            _draw_cell(axes, cell)
            axes.set_xlabel(literal(cell.note), fontsize=7)
            if column == 0:
                axes.set_ylabel(literal(name), fontsize=8, rotation=0, ha="right", va="center")
            if number == 0 and column < len(cells.heads):
                axes.set_title(literal(cells.heads[column]), fontsize=7)
    if cells.title:
        place.suptitle(literal(cells.title), fontsize=9)


def _draw_cell(axes: Axes, cell: Cell) -> None:
    from aegui.colours import CATEGORY
    from aegui.runs.drawing import ABOVE, BELOW

    values = np.asarray(cell.values, np.float64)
    span = max(abs(cell.low), abs(cell.high)) or 1.0
    at = np.arange(len(values))
    signs = [ABOVE if value > 0 else BELOW for value in values]
    match cell.kind:
        case "picture":
            _draw_picture(axes, values.reshape(cell.shape), cell, span)
        case "signal" if cell.signed:
            axes.fill_between(at, values.clip(min=0), color=ABOVE, linewidth=0)
            axes.fill_between(at, values.clip(max=0), color=BELOW, linewidth=0)
        case "signal":
            if cell.behind is not None:
                axes.plot(at, cell.behind, linewidth=1.6, color="0.75")
            axes.plot(at, values, linewidth=0.8, color=CATEGORY[0])
        case _:
            axes.bar(at, values, width=0.7, color=signs if cell.signed else CATEGORY[5])
            if cell.behind is not None:
                axes.plot(at, cell.behind, "_", color="0.1", markersize=4)
    if cell.kind != "picture":
        axes.set_ylim(*((-span, span) if cell.signed else (cell.low, cell.high)))
    axes.set(xticks=[], yticks=[])


def _draw_picture(axes: Axes, picture: Reals, cell: Cell, span: float) -> None:
    if cell.signed and picture.ndim == 2:
        axes.imshow(picture, cmap="RdBu_r", vmin=-span, vmax=span, interpolation="nearest")
        return
    shown = np.clip(np.nan_to_num((picture - cell.low) / ((cell.high - cell.low) or 1.0)), 0, 1)
    shown = shown.transpose(1, 2, 0) if shown.ndim == 3 else shown
    axes.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
