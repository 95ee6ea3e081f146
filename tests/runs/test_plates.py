"""Sheets of plots, bars and small drawings."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from aegui.runs.plates import (
    Bars,
    Cell,
    Cells,
    Clouds,
    Map,
    Plate,
    Plot,
    Rule,
    Series,
    Shades,
    Table,
    Word,
)
from aegui.runs.plates_figure import plates_figure

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


POINTS = np.random.default_rng(0).random((40, 3)) * (1, 2, 4)
COLOURS = np.linspace(0, 1, 120).reshape(40, 3)
SHADES = Shades("position", 2.0, 9.0, np.linspace(0, 1, 30).reshape(10, 3))


def clouds(**changes: Any) -> Clouds:
    moved = np.where(np.arange(40)[:, None] < 5, np.nan, POINTS + 1)
    panels = (("original", POINTS), ("noisy", moved))
    return Clouds(panels, COLOURS, ("width", "depth", "$h$"), -30.0, 50.0, **changes)


def test_that_clouds_stand_side_by_side_as_they_are_seen() -> None:
    figure = written(plates_figure([[clouds(shades=SHADES)]]))
    first, second, bar = figure.axes
    for axes in (first, second):
        assert axes.name == "3d" and (axes.azim, axes.elev) == (-30.0, 50.0)
        assert axes.get_xlabel() == "width" and axes.get_zlabel() == r"\$h\$"
        assert np.allclose(axes.get_zlim(), (POINTS[:, 2].min(), POINTS[:, 2].max()))
    assert [axes.get_title() for axes in (first, second)] == ["original", "noisy"]
    assert bar.get_ylabel() == "position" and bar.get_ylim() == (2.0, 9.0)
    one, other = (axes.collections[0] for axes in (first, second))
    assert np.allclose(np.sort(one._offsets3d[2]), np.sort(POINTS[:, 2]))
    assert len(other._offsets3d[0]) == 35  # without those that are hidden


def test_that_gaps_join_points_to_their_originals() -> None:
    first, second = written(plates_figure([[clouds(gaps=True)]])).axes
    assert not first.lines
    (line,) = second.lines
    x, _, z = line.get_data_3d()
    assert len(x) == 120 and np.allclose(z[15:17], (POINTS[5, 2], POINTS[5, 2] + 1)) and np.isnan(z[17])


def test_that_names_of_classes_stand_beside_clouds() -> None:
    figure = written(plates_figure([[clouds(key=(("in", "#112233"), ("_out", "#445566")))]]))
    (legend,) = (child for sheet in figure.subfigs for place in sheet.subfigs for child in place.legends)
    assert [text.get_text().strip("\u200b") for text in legend.get_texts()] == ["in", "_out"]


def test_that_colours_of_a_plot_are_explained_on_their_scale() -> None:
    dots = Series("", "", X, X, "points", np.eye(3))
    shades = Shades("MSE", 0.01, 1.0, SHADES.table, log=True)
    axes, bar = written(plates_figure([[Plot((dots,), ("a", "b"), shades=shades)]])).axes
    assert bar.get_yscale() == "log" and np.allclose(bar.get_ylim(), (0.01, 1.0))
    assert np.allclose(axes.collections[0].get_facecolors()[:, :3], np.eye(3))


def test_that_words_stand_in_a_plot_with_equal_axes() -> None:
    plot = Plot(LINES.series, ("x", "y"), words=(Word(2.0, 3.0, "A"),), equal=True)
    (axes,) = written(plates_figure([[plot]])).axes
    assert [(text.get_text(), text.get_position()) for text in axes.texts] == [("A", (2.0, 3.0))]
    assert axes.get_aspect() == 1


def test_that_axes_beside_each_other_are_as_wide_with_a_bar() -> None:
    figure = written(plates_figure([[STEPS, Plot(STEPS.series, ("x", "y"), shades=SHADES)]]))
    first, second, _ = (axes.get_window_extent() for axes in figure.axes)
    assert abs(first.width - second.width) < 0.1 * first.width


def test_that_a_map_has_its_numbers_and_names() -> None:
    values = np.array([[1.0, np.nan, -2.0], [0.0, 3.0, 1.0]])
    axes, bar = written(
        plates_figure([[Map(values, ("a", "b"), ("h1", "h2", "h3"), Shades("mean", -3, 3))]])
    ).axes
    assert np.array_equal(axes.images[0].get_array().filled(np.nan), values, equal_nan=True)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
    assert axes.images[0].get_clim() == (-3, 3) and bar.get_ylabel() == "mean"


def test_that_a_table_has_every_word() -> None:
    table = Table(("", "MSE"), (("noisy", "0.2"), ("made", "0.1")), "Scores " * 40, frozenset({(1, 1)}))
    (axes,) = written(plates_figure([[table]])).axes
    assert [text.get_text() for text in axes.texts] == ["", "MSE", "noisy", "0.2", "made", "0.1"]
    assert [text.get_fontweight() for text in axes.texts].index("bold") == 5
    assert "\n" in axes.get_title(loc="left")


def test_that_naming_plates_does_not_load_matplotlib() -> None:
    code = "import sys, aegui.runs.plates, aegui.qt.views.plates; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"
