"""The pad: strokes by mouse and keys, rubbing out, and taking back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.pad import Pad

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def pad(qtbot: QtBot) -> Pad:
    pad = Pad()
    qtbot.addWidget(pad)
    pad.resize(202, 202)  # 20 pixels of the screen for each of the sample
    pad.set_shape((10, 10), 0.0, 1.0, 0.0)
    pad.radius = 0.6
    pad.show()
    return pad


def at(x: int, y: int) -> QPoint:
    """The middle of a pixel of the sample."""
    return QPoint(1 + 20 * x + 10, 1 + 20 * y + 10)


def drag(qtbot: QtBot, pad: Pad, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
    qtbot.mousePress(pad, button, pos=start)
    qtbot.mouseMove(pad, end)
    qtbot.mouseRelease(pad, button, pos=end)


def test_that_a_stroke_inks_the_pixels_that_it_goes_over(qtbot: QtBot, pad: Pad) -> None:
    assert pad.blank and not pad.can_undo
    drag(qtbot, pad, at(2, 4), at(7, 4))
    picture = pad.values.reshape(10, 10)
    np.testing.assert_allclose(picture[4, 2:8], 1, atol=1e-6)
    assert picture[:3].sum() == picture[6:].sum() == 0 and not pad.blank


def test_that_every_move_of_a_stroke_is_told(qtbot: QtBot, pad: Pad) -> None:
    seen: list[float] = []
    pad.changed.connect(lambda: seen.append(float(pad.values.sum())))
    drag(qtbot, pad, at(1, 1), at(8, 1))
    assert len(seen) >= 2 and seen[0] < seen[-1]


def test_that_the_eraser_and_the_right_button_rub_out(qtbot: QtBot, pad: Pad) -> None:
    for rub in ("right", "eraser"):
        pad.put(np.ones(100, np.float32))
        pad.erasing = rub == "eraser"
        drag(qtbot, pad, at(0, 5), at(9, 5), RIGHT if rub == "right" else LEFT)
        assert pad.values.reshape(10, 10)[5].max() == 0 and pad.values.reshape(10, 10)[2].min() == 1
        pad.erasing = False


def test_that_strokes_are_taken_back_one_by_one(qtbot: QtBot, pad: Pad) -> None:
    states = [pad.values.copy()]
    for row in (2, 5, 8):
        drag(qtbot, pad, at(1, row), at(8, row))
        states.append(pad.values.copy())
    pad.clear()
    assert pad.blank
    for state in reversed(states):
        pad.undo()
        np.testing.assert_array_equal(pad.values, state)
    assert not pad.can_undo


def test_that_it_can_be_drawn_on_by_keys(qtbot: QtBot, pad: Pad) -> None:
    pad.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Space):
        qtbot.keyClick(pad, key)
    assert pad.values.reshape(10, 10)[3, 4] == pad.values.max() == 1  # from the middle one left and two up
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert pad.values.reshape(10, 10)[3, 4] == 0


def test_that_colours_are_drawn_in_their_channels(qtbot: QtBot, pad: Pad) -> None:
    pad.set_shape((3, 10, 10), -1.0, 1.0, -1.0)
    pad.ink = np.array([1.0, 0.0, -1.0], np.float32)
    qtbot.mouseClick(pad, LEFT, pos=at(5, 5))
    np.testing.assert_allclose(pad.values.reshape(3, 10, 10)[:, 5, 5], [1, 0, -1], atol=1e-6)


def test_that_a_signal_is_drawn_by_its_curve(qtbot: QtBot, pad: Pad) -> None:
    pad.set_shape((20,), -1.0, 1.0, 0.0)
    drag(qtbot, pad, QPoint(50, 1), QPoint(150, 1))
    assert (pad.values[5:14] > 0.95).all() and pad.values[0] == pad.values[-1] == 0
    drag(qtbot, pad, QPoint(50, 1), QPoint(150, 1), RIGHT)
    assert np.abs(pad.values).max() == 0


def test_that_other_samples_make_it_blank(qtbot: QtBot, pad: Pad) -> None:
    drag(qtbot, pad, at(2, 4), at(7, 4))
    pad.set_shape((8, 8), 0.0, 1.0, 0.0)
    assert pad.blank and not pad.can_undo and len(pad.values) == 64
