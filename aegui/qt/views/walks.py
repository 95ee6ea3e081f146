"""Codes to be decoded side by side: a line between two samples, a grid over the plane, and directions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.latent import Projection
from aegui.analysis.manifold import (
    Directions,
    Reference,
    grid_codes,
    interpolate,
    plane_grid,
    principal_directions,
    unit_directions,
)
from aegui.data.dataset import Dataset
from aegui.qt.views.samples import NO_TABLE, class_of, sheet_with
from aegui.qt.views.text import brief
from aegui.qt.widgets.space import AXES
from aegui.qt.widgets.stages import Row, Sheet
from aegui.training.snapshot import Floats

_LINE = ("A", "⅛", "¼", "⅜", "½", "⅝", "¾", "⅞", "B")  # t of each column
STEPS = 7  # along a direction


@dataclass(frozen=True, eq=False)
class Moment:
    """The codes of all test samples, and the plane in which they are shown."""

    dataset: Dataset
    values: Floats  # (N, d), some of them perhaps not finite
    projection: Projection | None  # of the finite ones; None: what is shown is no plane of the code
    finite: Floats  # (n, d)
    variational: bool

    def has_code(self, sample: int) -> bool:
        """Whether the code of a test sample is finite."""
        return sample < len(self.values) and bool(np.isfinite(self.values[sample]).all())


@dataclass(frozen=True, eq=False)
class Walk:
    """Codes (rows · columns, d) to be decoded, row by row, and what is said about them."""

    codes: Floats
    columns: int
    words: str
    tip: str = ""
    names: tuple[str, ...] = ()  # of the rows
    heads: tuple[str, ...] = ()  # of the columns
    tips: tuple[tuple[str, ...], ...] = ()  # of the cells
    beneath: tuple[Row, ...] = ()  # further rows, which are not decoded
    far: NDArray[np.bool_] | None = None  # (rows, columns)

    def said_of(self, dataset: Dataset) -> str:
        """The words, and for points of space what the bars are."""
        if dataset.layout != "points":
            return self.words
        return f"{self.words}; bars: {', '.join(dataset.features_named or AXES)}"

    def sheet(self, features: Floats, dataset: Dataset) -> Sheet:
        """What was decoded (rows · columns, k), in its rows."""
        starts = range(0, len(features), self.columns)
        names = self.names or ("",) * len(starts)
        decoded = (Row(name, features[i : i + self.columns]) for name, i in zip(names, starts, strict=True))
        rows = (*decoded, *self.beneath)
        spans = np.vstack([row.samples for row in rows]), None
        return sheet_with(rows, dataset, spans, NO_TABLE, ("", self.heads))


def line(moment: Moment, a: int, b: int) -> Walk:
    """From the code of one test sample to that of another, and beneath it from input to input."""
    dataset = moment.dataset
    ends = dataset.scaled(dataset.test, np.array([a, b]))
    faded = Row("in input\nspace", interpolate(ends[0], ends[1], len(_LINE)), tip=_FADE_TIP)
    codes = interpolate(moment.values[a], moment.values[b], len(_LINE))
    words = f"From A, {_sample(dataset, a)}, to B, {_sample(dataset, b)}"
    return Walk(codes, len(_LINE), words, _LINE_TIP, ("in code\nspace",), _LINE, (), (faded,))


_LINE_TIP = "above: the decoder's f((1 − t)·h_A + t·h_B), t in steps of ⅛; the ends are the reconstructions"
_FADE_TIP = "(1 − t)·x_A + t·x_B: the cross-fade of the two clean samples, which no network has seen"


def grid(moment: Moment, size: int, reference: Reference) -> Walk | None:
    """Codes at quantiles of both axes of the plane; None where there is no plane."""
    projection = moment.projection
    if projection is None:
        return None
    across, up = plane_grid(projection, size, moment.variational)
    codes = grid_codes(projection, across, up)
    far = reference.far(codes).reshape(len(up), size)
    tips = tuple(tuple(_place(x, y) for x in across) for y in up[::-1])
    what = "the prior N(0, I)" if moment.variational else "the codes"
    words = f"Quantiles {_share(0.5 / size)} to {_share(1 - 0.5 / size)} of {what} along both axes"
    words += f"; hatched: far from any code ({100 * far.mean():.0f} %)"
    tip = "" if codes.shape[1] <= 2 else "What the plane does not show is at the mean code.\n"
    tip += (
        f"Far: the nearest of {len(reference.codes):,} test codes is farther away than it is for 99 % of\n"
        f"these themselves (distance {reference.limit:.3g}). No decoder was trained on such a place."
    )
    return Walk(codes, size, words, tip, tips=tips, far=far)


def directions_of(moment: Moment, units: bool, like: Directions | None) -> Directions:
    """At most four directions by the variance of the codes, largest first: units or principal axes."""
    return unit_directions(moment.finite) if units else principal_directions(moment.finite, like)


def traversal(moment: Moment, directions: Directions, through: int | None) -> Walk:
    """Along each direction through the mean code, or through that of a test sample."""
    base = moment.finite.mean(axis=0) if through is None else moment.values[through]
    codes, places = directions.walk(moment.finite, base, STEPS)
    names = tuple(
        f"{name}\n{100 * share:.0f} %"
        for name, share in zip(directions.names, directions.shares, strict=True)
    )
    tips = tuple(
        tuple(f"{name} = {place:.3g}".replace("-", "−") for place in row)
        for name, row in zip(directions.names, places, strict=True)
    )
    where = "the mean code" if through is None else _sample(moment.dataset, through)
    words = f"Through {where}; % of the codes' variance"
    heads = ("q .01", *[""] * (STEPS - 2), "q .99")
    flat = codes.reshape(-1, codes.shape[-1])
    return replace(Walk(flat, STEPS, words, _WALK_TIP, names, heads), tips=tips)


_WALK_TIP = (
    "Even steps from the .01 to the .99 quantile of the test codes along each direction; all else stays.\n"
    "Click a point to go through its code, an empty place to go through the mean again."
)


def _sample(dataset: Dataset, sample: int) -> str:
    name = class_of(dataset, sample)
    return f"sample {sample:,}" + (f" (class {brief(name)})" if name else "")


def _share(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def _place(x: float, y: float) -> str:
    return f"({x:.3g}, {y:.3g})".replace("-", "−")
