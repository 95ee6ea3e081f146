"""Sheets of plots, bars and small drawings."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from aegui.runs.plates import Bars, Cell, Cells, Plate, Plot, Rule, Series, plates_figure

X = np.array([1.0, 2.0, 4.0])
LINES = Plot(
    (Series("PCA", "#2c50dd", X, X**2), Series("a $ b", "#f59b14", X, X, "points")),
    ("size", "error"),
    (True, False),
    (Rule("y", 3.0, "mean"), Rule("x", 2.0, "here")),
)
STEPS = Plot(
    (Series("all", "#2c50dd", np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0]), "steps"),), ("x", "n")
)
BARS = Bars(("a", "b"), np.array([0.5, np.nan]), ("50 %", "–"), "accuracy", most=1.0)


def written(figure: Figure) -> Figure:
    figure.savefig(io.BytesIO(), format="png", dpi=40)
    return figure


def cell(kind: str, shape: tuple[int, ...], signed: bool = False) -> Cell:
    values = np.linspace(-1, 1, int(np.prod(shape)))
    return Cell(values, kind, shape, -1.0, 1.0, signed, "note")  # type: ignore[arg-type]


def test_that_a_plot_has_its_lines_rules_and_scales() -> None:
    (axes,) = written(plates_figure([[LINES]])).axes
    assert axes.get_xscale() == "log" and axes.get_yscale() == "linear"
    assert np.array_equal(axes.lines[0].get_ydata(), X**2)
    assert np.array_equal(np.asarray(axes.collections[0].get_offsets())[:, 1], X)
    assert [text.get_text() for text in axes.texts] == ["mean", "here"]
    legend = axes.get_legend()
    assert legend is not None and len(legend.get_texts()) == 2


def test_that_steps_and_bars_have_their_values() -> None:
    figure = written(plates_figure([[STEPS], [BARS]]))
    stairs, bars = figure.axes
    assert np.array_equal(stairs.patches[0].get_data().values, [3.0, 1.0])
    assert [patch.get_width() for patch in bars.patches] == [0.5, 0.0]
    assert bars.get_xlim() == (0.0, 1.08) and [t.get_text() for t in bars.texts] == ["50 %", "–"]


@pytest.mark.parametrize("signed", [False, True])
def test_that_drawings_of_every_kind_are_drawn(signed: bool) -> None:
    kinds = [cell("picture", (4, 5), signed), cell("picture", (3, 4, 5)), cell("signal", (9,), signed)]
    row = (*kinds, cell("bars", (6,), signed), None)
    figure = written(plates_figure([[Cells((("first", row), ("second", row[:2])), "Title", ("0", "1"))]]))
    pictures = [axes.images[0] for axes in figure.axes if axes.images]
    assert len(figure.axes) == 7 and len(pictures) == 4
    shown = np.asarray(pictures[0].get_array())
    ends = kinds[0].values.reshape(4, 5)
    assert np.allclose(shown, ends if signed else (ends + 1) / 2)
    assert np.asarray(pictures[1].get_array()).shape == (4, 5, 3)


def test_that_columns_stand_below_each_other() -> None:
    row = (cell("picture", (4, 4)),) * 3
    figure = written(plates_figure([[Cells((("a", row), ("a much longer name", row)))]]))
    left = np.array([axes.get_position().x0 for axes in figure.axes]).reshape(2, 3)
    assert np.allclose(left[0], left[1], atol=0.01)


def test_that_plates_stand_beside_each_other() -> None:
    rows: list[list[Plate]] = [[STEPS], [LINES, BARS]]
    first, second, third = (axes.get_window_extent() for axes in written(plates_figure(rows)).axes)
    assert second.y1 < first.y0 and third.y1 < first.y0
    assert third.x0 > second.x1


def test_that_naming_plates_does_not_load_matplotlib() -> None:
    code = "import sys, aegui.runs.plates, aegui.qt.views.plates; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"
