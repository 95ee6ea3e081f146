"""Plates as a figure of matplotlib: rows of them on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from aegui.runs.drawing import literal, shortened, titled
from aegui.runs.plate_cells import cells_height, draw_cells
from aegui.runs.plate_clouds import clouds_height, draw_clouds
from aegui.runs.plate_keys import beside_width, draw_shades, shades_map
from aegui.runs.plate_plots import draw_bars, draw_plot
from aegui.runs.plates import Bars, Cells, Clouds, Map, Plate, Plot, Table

_WIDE = 7.0  # inches of a sheet
_BAR, _ROW = 0.32, 0.22  # inches: height of a bar, of a row of a table or a map
_TITLE = 0.2  # inches of a line of a title
_LETTER = 0.09  # inches, about, of a letter of a table
_LEAST_SHARE = 0.6  # of the full size, letters of a wide table
_SHORTEST_CELL = 10  # characters
_LABELLED = 24  # columns of a map that have their names one by one


def plates_figure(rows: Sequence[Sequence[Plate]]) -> Figure:
    """A sheet with plates beside each other in each row."""
    widths = [_widths(row) for row in rows]
    heights = [max(map(_height, row, wide)) for row, wide in zip(rows, widths, strict=True)]
    figure = Figure(figsize=(_WIDE, sum(heights)), layout="constrained")
    sheets: Any = figure.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)
    for row, wide, sheet in zip(rows, widths, sheets[:, 0], strict=True):
        places = sheet.subfigures(1, len(row), width_ratios=wide, squeeze=False)[0]
        for plate, place, inches in zip(row, places, wide, strict=True):
            _draw(place, plate, inches)
    return figure


def _widths(row: Sequence[Plate]) -> list[float]:
    """Inches of each plate in a row: all axes are as wide, whether something stands beside them or not."""
    beside = [beside_width(plate) if isinstance(plate, Plot | Clouds) else 0.0 for plate in row]
    each = (_WIDE - sum(beside)) / len(row)
    return [each + more for more in beside]


def _draw(place: SubFigure, plate: Plate, wide: float) -> None:
    match plate:
        case Plot():
            draw_plot(place.subplots(), plate, wide)
        case Bars():
            draw_bars(place.subplots(), plate, wide)
        case Cells():
            draw_cells(place, plate, wide)
        case Clouds():
            draw_clouds(place, plate, wide)
        case Map():
            _draw_map(place, place.subplots(), plate, wide)
        case Table():
            _draw_table(place.subplots(), plate, wide)


def _height(plate: Plate, wide: float) -> float:
    """Inches that a plate of so many inches needs."""
    title = _TITLE * (1 + titled(plate.title, wide).count("\n")) if plate.title else 0.0
    return title + _body_height(plate, wide)


def _body_height(plate: Plate, wide: float) -> float:
    match plate:
        case Plot():
            return plate.height
        case Bars():
            return _BAR * len(plate.names) + 0.7
        case Cells():
            return cells_height(plate, wide)
        case Clouds():
            return clouds_height(plate, wide)
        case Map():
            return float(np.clip(_ROW * len(plate.rows), 0.6, 4.0)) + 0.5
        case Table():
            return _ROW * (len(plate.rows) + 1) + 0.2


def _draw_map(place: SubFigure, axes: Axes, plate: Map, wide: float) -> None:
    cmap, norm = shades_map(plate.shades)
    axes.imshow(plate.values, cmap=cmap, norm=norm, aspect="auto", interpolation="nearest")
    every = max(1, -(-len(plate.columns) // _LABELLED))
    axes.set_xticks(
        range(0, len(plate.columns), every), [literal(c) for c in plate.columns[::every]], fontsize=7
    )
    axes.set_yticks(range(len(plate.rows)), [literal(shortened(r, 24)) for r in plate.rows], fontsize=7)
    axes.tick_params(length=0)
    axes.set_title(titled(plate.title, wide), fontsize=9)
    draw_shades(place, plate.shades, [axes])


def _draw_table(axes: Axes, plate: Table, wide: float) -> None:
    """The first column to the left, all others to the right, with a line beneath the head."""
    most = max(_SHORTEST_CELL, int(wide / (_LETTER * _LEAST_SHARE * len(plate.head))))
    lines = [tuple(shortened(text, most) for text in line) for line in (plate.head, *plate.rows)]
    widths = [max(len(text) for text in column) + 3 for column in zip(*lines, strict=True)]
    ends, room = np.cumsum(widths) / sum(widths), wide / (_LETTER * sum(widths))
    axes.set(xlim=(0, max(1.0, room)), ylim=(len(lines), 0))
    axes.set_axis_off()
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            first = column == 0
            axes.text(
                0.0 if first else ends[column],
                row + 0.5,
                literal(text),
                ha="left" if first else "right",
                va="center",
                fontsize=8 * min(1.0, room),
                color="0.35" if not row else "0.0",
                fontweight="bold" if (row - 1, column) in plate.bold else "normal",
            )
    axes.plot([0, 1], [1, 1], color="0.6", linewidth=0.6)
    axes.set_title(titled(plate.title, wide), fontsize=9, loc="left")
