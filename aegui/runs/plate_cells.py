"""Rows of small drawings: pictures, curves and bars."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import SubFigure
from matplotlib.patches import Rectangle

from aegui.colours import CATEGORY
from aegui.runs.drawing import ABOVE, BELOW, literal, titled
from aegui.runs.plate_keys import DIVERGING, draw_shades
from aegui.runs.plates import Cell, Cells, Reals

_TALLEST = 1.6  # inches of a drawing
_PLAIN = 0.6  # height by width of a drawing that is no picture
_NAMES = 1.1  # inches left of drawings
_LINE = 0.16  # inches of words beneath or above drawings
_LETTER = 0.075  # inches, about, of a letter of a note in full size
_LARGE, _SMALL = 7.0, 4.5  # points, letters of notes


def cells_height(cells: Cells, wide: float) -> float:
    """Inches that rows of drawings of so many inches need."""
    heads = _LINE * bool(cells.heads)
    return sum(_row_height(name, row, wide) for name, row in cells.rows) + heads


def _row_height(name: str, cells: tuple[Cell | None, ...], wide: float) -> float:
    each = (wide - _NAMES) / max(1, len(cells))
    tallest = max((_aspect(cell) * each for cell in cells if cell is not None), default=_PLAIN)
    noted = any(cell is not None and cell.note for cell in cells)
    lines = _LINE * (1 + name.count("\n"))
    return max(min(tallest, _TALLEST), lines) + 0.12 + 1.25 * _LINE * noted


def _aspect(cell: Cell) -> float:
    """Height by width."""
    return cell.shape[-2] / cell.shape[-1] if cell.kind == "picture" else _PLAIN


def draw_cells(place: SubFigure, cells: Cells, wide: float) -> None:
    """Every row, its name at the left; rows of one length stand in columns."""
    heights = [_row_height(name, row, wide) for name, row in cells.rows]
    lengths = {len(row) for _, row in cells.rows}
    common = lengths.pop() if len(lengths) == 1 else 0
    grid = place.add_gridspec(len(cells.rows), common or 1, height_ratios=heights)
    drawn: list[Axes] = []
    for number, (name, row) in enumerate(cells.rows):
        inner = None if common else grid[number].subgridspec(1, max(1, len(row)))
        letters, scaled = _letters(row, wide), _has_scale(row)
        for column, cell in enumerate(row):
            axes = place.add_subplot(grid[number, column] if inner is None else inner[column])
            drawn.append(axes)
            if cell is None:
                axes.set_axis_off()
                continue
            _draw_cell(axes, cell)
            if column == 0 and scaled:
                ends = (cell.low, cell.high)
                axes.set_yticks(ends, [f"{end:.2g}".replace("-", "−") for end in ends], fontsize=5)
            axes.set_xlabel(literal(cell.note), fontsize=letters, labelpad=2)
            if column == 0:
                axes.set_ylabel(literal(name), fontsize=8, rotation=0, ha="right", va="center")
            if number == 0 and column < len(cells.heads):
                axes.set_title(literal(cells.heads[column]), fontsize=7, pad=2)
    if cells.shades is not None:
        draw_shades(place, cells.shades, drawn)
    if cells.title:
        place.suptitle(titled(cells.title, wide), fontsize=9)


def _has_scale(row: tuple[Cell | None, ...]) -> bool:
    """Whether all plots of a row have the same ends, which are then told beside the first one."""
    ends = {(cell.low, cell.high) for cell in row if cell is not None}
    kinds = {cell.kind for cell in row if cell is not None}
    return len(ends) == 1 and kinds <= {"signal", "bars"}


def _letters(row: tuple[Cell | None, ...], wide: float) -> float:
    """Size of the notes of a row, so small that they do not run into each other."""
    longest = max((len(cell.note) for cell in row if cell is not None), default=0)
    each = (wide - _NAMES) / max(1, len(row))
    return float(np.clip(_LARGE * each / max(_LETTER * longest, 1e-9), _SMALL, _LARGE))


def _draw_cell(axes: Axes, cell: Cell) -> None:
    values = np.asarray(cell.values, np.float64)
    span = max(abs(cell.low), abs(cell.high)) or 1.0
    at = np.arange(len(values))
    match cell.kind:
        case "picture":
            _draw_picture(axes, values.reshape(cell.shape), cell, span)
        case "signal" if cell.signed:
            axes.fill_between(at, values.clip(min=0), color=ABOVE, linewidth=0)
            axes.fill_between(at, values.clip(max=0), color=BELOW, linewidth=0)
        case "signal":
            if cell.behind is not None:
                axes.plot(at, cell.behind, linewidth=1.6, color="0.75")
            axes.plot(at, values, linewidth=0.8, color="0.2" if cell.behind is None else CATEGORY[0])
        case "steps":
            axes.stairs(values, fill=True, color=CATEGORY[0], alpha=0.6)
        case _:
            signs = [ABOVE if value > 0 else BELOW for value in values]
            plain = "0.5" if cell.behind is None else CATEGORY[5]
            axes.bar(at, values, width=0.7, color=signs if cell.signed else plain)
            if cell.behind is not None:
                axes.plot(at, cell.behind, "_", color="0.1", markersize=max(2, 30 / len(values)))
    if cell.kind != "picture":
        axes.set_ylim(*((-span, span) if cell.signed else (cell.low, cell.high)))
    if cell.far:
        pale: dict[str, Any] = {"facecolor": (1, 1, 1, 0.5), "edgecolor": "0.5", "linewidth": 0}
        axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, hatch="////", **pale))
    axes.spines[:].set_linewidth(0.5)
    axes.tick_params(length=0, pad=2)
    axes.set(xticks=[], yticks=[])


def _draw_picture(axes: Axes, picture: Reals, cell: Cell, span: float) -> None:
    if cell.signed and picture.ndim == 2:
        axes.imshow(picture, cmap=DIVERGING, vmin=-span, vmax=span, interpolation="nearest")
    elif cell.table is not None:
        cmap = ListedColormap(np.asarray(cell.table, float).tolist())
        axes.imshow(picture, cmap=cmap, vmin=cell.low, vmax=cell.high, interpolation="nearest")
    else:
        shown = np.clip(np.nan_to_num((picture - cell.low) / ((cell.high - cell.low) or 1.0)), 0, 1)
        shown = shown.transpose(1, 2, 0) if shown.ndim == 3 else shown
        axes.imshow(shown, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
