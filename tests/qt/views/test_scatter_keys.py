"""Points of a plot by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from aegui.qt.views.scatter import Cloud, beside
from aegui.qt.views.scatter_plot import ScatterPlot

CROSS = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [2, 0.1]], np.float32)
NOBODY = np.zeros(0, np.int64)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def plot(theme, qtbot) -> Iterator[ScatterPlot]:
    """Reached by Tab, with a cloud whose samples are 10 to 15."""
    window = QWidget()
    qtbot.addWidget(window)
    layout, field, made = QVBoxLayout(window), QLineEdit(), ScatterPlot(theme)
    layout.addWidget(field)
    layout.addWidget(made, 1)
    window.resize(420, 340)
    window.show()
    show(made, CROSS)
    field.setFocus()
    window.activateWindow()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made
    yield made


def show(plot: ScatterPlot, points: np.ndarray) -> None:
    cloud = Cloud.of(points, np.arange(10, 10 + len(points)), np.zeros(len(points), np.int64))
    plot.show_cloud(cloud, NOBODY, np.zeros((1, 3), np.uint8))


def test_that_the_next_point_lies_ahead_and_on_screen() -> None:
    places = np.array([[50, 50], [60, 50], [58, 57], [50, 80], [130, 50]], float)
    size = (100.0, 100.0)
    assert beside(places, 0, (1, 0), 1, size) == 1
    assert beside(places, 0, (0, 1), 1, size) == 3
    assert beside(places, 1, (1, 0), 1, size) == 1  # what lies beyond the axes is not gone to
    assert beside(places, 0, (-1, 0), 1, size) == 0
    assert beside(places, 0, (1, 0), 15, size) == 0


def test_that_arrows_go_from_point_to_point_and_enter_clicks(plot, qtbot) -> None:
    pointed, hit, chosen = [], [], []
    plot.pointed.connect(pointed.append)
    plot.hit.connect(hit.append)
    plot.chosen.connect(chosen.append)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    first = pointed[-1]
    assert first in range(10, 16)
    show(plot, CROSS + 100)  # the run goes on: the same sample is pointed at
    assert pointed[-1] == first
    for key in (Qt.Key.Key_Left,) * 4:
        qtbot.keyClick(plot, key)
    assert pointed[-1] == 12
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert pointed[-1] == 10
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    qtbot.keyClick(plot, Qt.Key.Key_Space, CONTROL)
    assert hit == [13] and chosen == [13]
    qtbot.keyClick(plot, Qt.Key.Key_Tab)
    assert pointed[-1] == -1


def test_that_arrows_move_the_place_that_is_decoded(plot, qtbot) -> None:
    places = []
    plot.missed.connect(places.append)
    plot.missed.connect(plot.set_cross)
    plot.set_tool("decode")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(plot, key)
    pixels = plot.to_pixels(np.array(places))
    assert np.allclose(np.diff(pixels, axis=0), [(10, 0), (0, -10)])
    for _ in range(30):
        qtbot.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    (_, right), _ = plot.pane.viewRange()
    assert places[-1][0] == pytest.approx(right)


def test_that_a_plot_has_a_ring_where_tab_has_led_and_none_where_it_was_clicked(plot, qtbot) -> None:
    corner = plot.viewport().grab().toImage().pixelColor(1, 1)
    assert corner == plot.palette().highlight().color()
    plot.clearFocus()
    plot.setFocus(Qt.FocusReason.MouseFocusReason)
    assert plot.viewport().grab().toImage().pixelColor(1, 1) != corner


def test_that_an_empty_plot_leaves_keys_alone(theme, qtbot) -> None:
    plot = ScatterPlot(theme)
    qtbot.addWidget(plot)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(plot, key)
