"""A student draws a digit and watches the network's opinion change with every stroke, also in the replay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from student import Student

from aegui.qt.session import State
from aegui.qt.views.draw import DrawView
from aegui.spec import Experiment

pytestmark = pytest.mark.journey
LEFT = Qt.MouseButton.LeftButton


def test_that_what_is_drawn_goes_through_the_network_at_every_stroke(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    student.clicks_tool("play")
    student.sees(lambda: student.state is State.RUNNING and student.step >= 40)
    view = student.window.workspaces.show_workspace("draw")
    assert isinstance(view, DrawView)
    student.sees(lambda: view.pad.isVisible() and view.pad.width() > 50)
    pad, middle = view.pad, view.pad.rect().center()
    QTest.mousePress(pad, LEFT, pos=middle - QPoint(0, 40))
    student.sees(lambda: view.made.sheet is not None)  # while the button is still held
    QTest.mouseMove(pad, middle + QPoint(0, 40))
    QTest.mouseRelease(pad, LEFT, pos=middle + QPoint(0, 40))
    drawn = pad.values.copy()
    student.sees(lambda: view.made.sheet is not None and "MSE of what is drawn" in view.words.text())
    assert view.near.drawings is not None
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    now = view.made.sheet.rows[0].samples.copy()
    student.window.replay.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: not np.array_equal(view.made.sheet.rows[0].samples, now))
    assert "step 0" in view.title.text()
    np.testing.assert_array_equal(pad.values, drawn)
    student.clicks(view.undo)
    assert pad.blank
    student.sees(lambda: view.made.sheet is None)
    student.clicks(view.sample)
    student.sees(lambda: view.made.sheet is not None)
