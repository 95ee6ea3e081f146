"""What widgets show as the plates of a figure. Plots give theirs themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset
from aegui.qt.theme import paper_colours
from aegui.qt.views.paper import Paper
from aegui.qt.widgets.accuracy import Group
from aegui.qt.widgets.colour_bar import Scale
from aegui.qt.widgets.inks import Floats, Ink
from aegui.qt.widgets.levels import Level
from aegui.qt.widgets.marks import bar_ends, curve_ends
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.story import Stop
from aegui.qt.widgets.tiles import Drawings
from aegui.runs.plates import GREY, Bars, Cell, Cells, Kind, Plate, Rule, Shades

if TYPE_CHECKING:  # matplotlib takes most of a second to load, which the drawing's thread does
    from matplotlib.figure import Figure

Bools = NDArray[np.bool_]

_TILES = 8  # in a row
_MAPS = 8  # of a layer that has several
_FOLD, _LEAST = 40, 24  # units in a row of cells: at most, and places for them at least
_LONGEST_LINE = 22  # characters of the name of a row, where that is a title
_FEW = 8  # units whose numbers are told


def plates_paper(name: str, title: str, *rows: Sequence[Plate], about: str = "") -> Paper | None:
    """A view as a sheet of plates; None where all are missing."""
    found = tuple(tuple(row) for row in rows if row)

    def draw() -> Figure:
        from aegui.runs.plates_figure import plates_figure

        return plates_figure(found)

    return Paper(name, title, draw, about) if found else None


def sheet_plates(
    sheet: Sheet | None, columns: int, title: str = "", far: Bools | None = None
) -> tuple[Cells, ...]:
    """The first columns of a grid of samples; ``far`` (rows, columns) are hatched."""
    if sheet is None or not sheet.rows:
        return ()
    names = [_row_name(sheet, row) for row in sheet.rows]
    if sheet.head and sheet.heads:
        names[0] += f"\n{sheet.head} above"
    cells = (_row_cells(sheet, row, columns) for row in sheet.rows)
    rows = tuple(zip(names, cells, strict=True))
    if far is not None:
        marked = zip(rows, far.tolist(), strict=True)
        rows = tuple((name, tuple(map(_hatched, row, hatched))) for (name, row), hatched in marked)
    return (Cells(rows, title, sheet.heads[:columns]),)


def _row_name(sheet: Sheet, row: Row) -> str:
    """The name of a row, with what stands beneath its drawings, or what their colours stand for."""
    parts = wrap(row.name, _LONGEST_LINE) if row.colour else [row.name]
    if row.behind is not None:
        parts.append("grey: original" if sheet.layout == "signal" else "black: original")
    if any(row.notes):
        parts.append(f"{row.noted} beneath")
    if row.signed and sheet.pictures:
        low, high = sheet.ends(row)
        parts.append(f"blue {low:.3g}, red {high:.3g}".replace("-", "−"))
    return "\n".join(parts)


def _row_cells(sheet: Sheet, row: Row, columns: int) -> tuple[Cell, ...]:
    kind: Kind = "picture" if sheet.pictures else "signal" if sheet.layout == "signal" else "bars"
    shape = sheet.shape[-2:] if sheet.pictures and row.signed else sheet.shape
    return tuple(
        Cell(
            values=row.samples[column],
            kind=kind,
            shape=shape,
            low=sheet.ends(row)[0],
            high=sheet.ends(row)[1],
            signed=row.signed,
            note=row.notes[column] if column < len(row.notes) else "",
            behind=None if row.behind is None else row.behind[column],
        )
        for column in range(min(columns, len(row.samples)))
    )


def _hatched(cell: Cell, far: bool) -> Cell:
    return replace(cell, far=far)


def shades_of(scale: Scale | None, *, log: bool = False) -> Shades | None:
    """A colour bar for paper."""
    if scale is None:
        return None
    return Shades(scale.name, scale.low, scale.high, paper_colours(scale.table) / 255, log)


def diverging_of(scale: Scale | None) -> Shades | None:
    """The bar of numbers with a sign, in the colours that drawings have on paper."""
    return None if scale is None else Shades(scale.name, scale.low, scale.high)


def tile_plates(
    drawings: Drawings | None, title: str = "", shades: Shades | None = None
) -> tuple[Cells, ...]:
    """Many drawings on one scale."""
    if drawings is None:
        return ()
    named = zip(drawings.values, drawings.heads, strict=True)
    cells: list[Cell | None] = [_ink_cell(values, drawings.ink, head) for values, head in named]
    cells += [None] * (-len(cells) % _TILES if len(cells) > _TILES else 0)
    rows = tuple(("", tuple(cells[at : at + _TILES])) for at in range(0, len(cells), _TILES))
    return (Cells(rows, title, shades=shades),)


def story_plates(stops: Sequence[Stop], title: str = "") -> tuple[Cells, ...]:
    """A sample on its way, a row for each stop with its notes; of many maps the first ones."""
    rows = []
    for stop in stops:
        cells = tuple(_ink_cell(values, stop.ink) for values in stop.values[:_MAPS])
        left = (f"{_MAPS} of {len(stop.values)}",) if len(stop.values) > _MAPS else ()
        rows.append(("\n".join((stop.name, *left, *stop.notes)), cells))
    return (Cells(tuple(rows), title),) if rows else ()


def sample_cell(values: Floats, dataset: Dataset, note: str = "") -> Cell:
    """One sample (k,) of a data set, a plot over its own range."""
    if len(dataset.shape) > 1:
        return Cell(values, "picture", dataset.shape, dataset.low, dataset.high, note=note)
    signal = dataset.layout == "signal"
    ends = (curve_ends if signal else bar_ends)(values)
    return Cell(values, "signal" if signal else "bars", dataset.shape, *ends, note=note)


def _ink_cell(values: Floats, ink: Ink, note: str = "") -> Cell:
    if ink.kind == "cells":
        wide = min(_FOLD, max(_LEAST, len(values)))
        if len(values) <= _FEW:
            note = note or "   ".join(f"{value:.3g}" for value in values.tolist()).replace("-", "−")
        folded = np.concatenate([values, np.full(-len(values) % wide, np.nan, np.float32)])
        return Cell(folded, "picture", (len(folded) // wide, wide), ink.low, ink.high, True, note)
    return Cell(values, ink.kind, ink.shape, ink.low, ink.high, ink.table is not None, note)


def level_plates(levels: Sequence[Level], label: str, title: str = "") -> tuple[Bars, ...]:
    """Bars of layers, on a logarithmic axis."""
    if not levels:
        return ()
    names, words = (tuple(getattr(level, part) for level in levels) for part in ("name", "words"))
    values = np.array([level.value if level.value > 0 else np.nan for level in levels])
    return (Bars(names, values, words, label, log=bool(np.isfinite(values).any()), title=title),)


def accuracy_plates(groups: Sequence[Group], chance: float | None, stated: str = "") -> tuple[Bars, ...]:
    """Accuracies of each classifier on each set of features; ``stated`` is what they were measured on."""
    rules = () if chance is None else (Rule("x", chance, "chance"),)
    found: list[Bars] = []
    for group in groups:
        values = np.array([np.nan if bar.value is None else bar.value for bar in group.bars])
        words = tuple("–" if bar.value is None else f"{100 * bar.value:.1f} %" for bar in group.bars)
        names, colours = tuple(bar.name for bar in group.bars), (CATEGORY[0], CATEGORY[1], GREY)
        if np.isfinite(values).any():
            title = group.name if found or not stated else f"{group.name}; {stated}"
            found.append(Bars(names, values, words, "test accuracy", colours, False, rules, title, 1.0))
    return tuple(found)
