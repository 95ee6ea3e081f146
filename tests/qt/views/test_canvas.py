"""The numbers on an axis, however far somebody has gone out or in, and its label in the room there is."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication

from aegui.qt.views.canvas import Canvas, log_ticks


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (0.0, 2.0, [1, 2, 5, 10, 20, 50, 100]),
        (-1.0, 4.0, [0.1, 1, 10, 100, 1000, 10_000]),
        (math.log10(3), math.log10(4), [3.0, 3.2, 3.4, 3.6, 3.8, 4.0]),
    ],
)
def test_that_a_logarithmic_axis_has_round_numbers(low: float, high: float, numbers: list[float]) -> None:
    assert [10**tick for tick in log_ticks(low, high)] == pytest.approx(numbers)


@pytest.mark.parametrize("ends", [(-1e9, 1e9), (0.0, 4e8), (-1e300, 5.0), (-400.0, -350.0), (350.0, 400.0)])
def test_that_a_logarithmic_axis_without_end_has_few_numbers(ends: tuple[float, float]) -> None:
    ticks = log_ticks(*ends)
    assert len(ticks) <= 50
    assert all(ends[0] <= tick <= ends[1] and 10.0**tick > 0 for tick in ticks)


@pytest.mark.parametrize("ends", [(0.5, 0.5), (0.5, 0.5 + 1e-16), (-300.0, math.nextafter(-300.0, 0))])
def test_that_a_logarithmic_axis_that_shows_nothing_has_its_numbers(ends: tuple[float, float]) -> None:
    assert all(ends[0] <= tick <= ends[1] for tick in log_ticks(*ends))


@pytest.mark.parametrize(
    ("height", "shown"), [(400, "PC 2 (4 % of variance) "), (110, "PC 2 "), (90, "P"), (60, "")]
)
def test_that_a_label_is_shortened_to_its_axis(qtbot, theme, height: int, shown: str) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.restyle(theme.colours)
    canvas.setMinimumSize(10, 10)
    canvas.axes["bottom"].setLabel("epoch")
    canvas.axes["left"].setLabel("PC 2 (4 % of variance)")
    canvas.resize(300, height)
    canvas.show()
    QApplication.processEvents()
    axis = canvas.axes["left"]
    assert axis.label.toPlainText().startswith(shown)
    assert axis.labelText == "PC 2 (4 % of variance)"
    assert axis.label.boundingRect().width() - 8 <= axis.size().height()
    assert canvas.axes["bottom"].label.toPlainText() == "epoch "
