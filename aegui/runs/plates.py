"""Figures of the workspaces as values: plots, bars, small drawings, clouds in space, maps and tables.

A figure is made of them by :mod:`aegui.runs.plates_figure`. Importing this does not load matplotlib, which
takes most of a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating]
Style = Literal["line", "dash", "points", "cross", "steps"]
Kind = Literal["picture", "signal", "bars", "steps"]
Key = tuple[tuple[str, str], ...]  # names of colours

GREY = "#6b7280"
PLOT = 3.2  # inches, height of a plot


@dataclass(frozen=True, eq=False)
class Shades:
    """A quantity that colours stand for; drawn as a bar beside the plate."""

    name: str
    low: float
    high: float
    table: Reals | None = None  # (m, 3) between 0 and 1; None: the diverging map of drawings
    log: bool = False


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


@dataclass(frozen=True)
class Word:
    """A few letters at a place of a plot."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, eq=False)
class Plot:
    """Lines over two axes."""

    series: tuple[Series, ...]
    labels: tuple[str, str]
    log: tuple[bool, bool] = (False, False)
    rules: tuple[Rule, ...] = ()
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None
    title: str = ""
    key: Key = ()  # names of colours of points, beside the plot
    shades: Shades | None = None
    words: tuple[Word, ...] = ()
    equal: bool = False  # whether a unit is as long on both axes
    height: float = PLOT  # inches


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
    table: Reals | None = None  # (m, 3) between 0 and 1: colours of a picture from low to high, else grey
    far: bool = False  # hatched


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of drawings, each with a name; None is an empty place."""

    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    title: str = ""
    heads: tuple[str, ...] = field(default=())  # above the drawings of the first row
    shades: Shades | None = None


@dataclass(frozen=True, eq=False)
class Clouds:
    """The same n points of space in one panel or more, all seen from one place.

    The first panel is what the others should be, and has the axes of all.
    """

    panels: tuple[tuple[str, Reals], ...]  # title and points (n, 3); those not finite are left out
    colours: Reals  # (n, 3) between 0 and 1
    names: tuple[str, ...]  # of the three axes
    azimuth: float  # degrees around z, from x towards y
    elevation: float  # degrees above the plane of x and y
    gaps: bool = False  # whether a line joins each point to that of the first panel
    title: str = ""
    key: Key = ()
    shades: Shades | None = None


@dataclass(frozen=True, eq=False)
class Map:
    """A table of numbers (rows, columns) as colours; NaN is left white."""

    values: Reals
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shades: Shades
    title: str = ""


@dataclass(frozen=True)
class Table:
    """Words in rows and columns. The first row and the first column are names."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # each as long as the head
    title: str = ""
    bold: frozenset[tuple[int, int]] = frozenset()  # places (row, column), the head not counted


@dataclass(frozen=True)
class LossLines:
    """What there is to be seen of a loss: terms, or their total, with names and colours."""

    lines: tuple[tuple[str, str, str], ...]  # ("total" or a term, name, colour)
    splits: tuple[str, ...] = ("batch", "train", "test")
    baselines: bool = True
    changes: tuple[tuple[float, str], ...] = ()  # of settings: epoch and words


Plate = Plot | Bars | Cells | Clouds | Map | Table
