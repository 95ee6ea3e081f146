"""Where in one sample its squared error lies, for paper."""

from __future__ import annotations

import numpy as np

from aegui.analysis.anomaly import largest_shares
from aegui.colours import CATEGORY
from aegui.data.dataset import Dataset
from aegui.qt.theme import Bytes, paper_colours
from aegui.qt.views.error_map import Found, column_name
from aegui.qt.views.plates import sample_cell
from aegui.qt.views.samples import is_bars
from aegui.runs.plates import GREY, Bars, Cell, Cells, Plate, Plot, Series, Shades

_HIGH = 2.4  # inches of a plot
_COLUMNS = 12  # of a table, those with the largest shares


def error_plates(found: Found | None, dataset: Dataset | None, table: Bytes, title: str) -> tuple[Plate, ...]:
    """A sample on its way with its error; ``table`` (256, 3) are the colours of errors on screen."""
    if found is None or dataset is None:
        return ()
    if len(dataset.shape) > 1:
        return (_pictures(found, dataset, table, title),)
    return (_columns(found, dataset, title),) if is_bars(dataset) else _curves(found, dataset, title)


def _pictures(found: Found, dataset: Dataset, table: Bytes, title: str) -> Cells:
    """Every stage, and the error of each pixel as a colour."""
    errors, colours = found.errors(dataset), paper_colours(table) / 255
    largest = float(errors[np.isfinite(errors)].max(initial=0.0))
    stages = {"original": found.original, "input": found.noisy, "reconstructed": found.reconstruction}
    shown = {name: values for name, values in stages.items() if values is not None}
    cells = [sample_cell(values, dataset) for values in shown.values()]
    cells.append(Cell(errors, "picture", dataset.shape[-2:], 0.0, largest or 1.0, table=colours))
    heads = (*shown, "error map")
    return Cells((("", tuple(cells)),), title, heads, Shades("squared error", 0.0, largest, colours))


def _columns(found: Found, dataset: Dataset, title: str) -> Bars:
    """The columns that are farthest off."""
    columns, shares = zip(*largest_shares(found.errors(dataset), _COLUMNS), strict=True)
    words = tuple(f"{100 * share:.1f} %" for share in shares)
    names = tuple(column_name(dataset, column) for column in columns)
    return Bars(names, np.array(shares), words, "share of the squared error", title=title)


def _curves(found: Found, dataset: Dataset, title: str) -> tuple[Plot, Plot]:
    """The reconstruction over the original, and the error over the same places."""
    errors = found.errors(dataset)
    at = np.arange(1.0, len(errors) + 1)
    both = (
        Series("original", GREY, at, found.original),
        Series("reconstructed", CATEGORY[0], at, found.reconstruction),
    )
    beneath = Series("", CATEGORY[3], at, errors)
    return (
        Plot(both, ("index", "value"), title=title, height=_HIGH),
        Plot((beneath,), ("index", "squared error"), height=_HIGH),
    )
