"""A student who has no mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from student import Student

from aegui.qt.session import State
from aegui.spec import Experiment

pytestmark = pytest.mark.journey


def tabs_to(student: Student, wanted: QWidget) -> None:
    """Tab, until a widget has the focus; at most once round the window."""
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not wanted:
        assert now not in seen[1:], "Tab does not lead there"
        seen.append(now)
        types(student, Qt.Key.Key_Tab)


def types(student: Student, key: Qt.Key) -> None:
    """A key that the window sees first, as it sees those of a keyboard."""
    QTest.keyClick(student.window.windowHandle(), key)
    QApplication.processEvents()


def test_that_pictures_points_and_buttons_are_reached_and_pressed_by_keys(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    window.activateWindow()
    student.sees(lambda: QApplication.focusWidget() is not None)
    types(student, Qt.Key.Key_Space)
    student.sees_state(State.RUNNING)
    student.sees(lambda: student.step > 30 and window.pictures.grid.sheet is not None)
    types(student, Qt.Key.Key_Space)
    student.sees_state(State.PAUSED)

    tabs_to(student, window.pictures.grid)
    types(student, Qt.Key.Key_Right)
    types(student, Qt.Key.Key_Right)
    wanted = int(window.pictures.snapshot.pictures.indices[2])
    assert f"sample {wanted:,}" in window.pictures.readout.text
    types(student, Qt.Key.Key_Space)
    assert window.pictures.followed == wanted and student.state is State.PAUSED

    tabs_to(student, window.latent.legend.chip("3"))
    types(student, Qt.Key.Key_Space)
    assert window.latent.legend.hidden == {"3"} and student.state is State.PAUSED

    tabs_to(student, window.latent.canvas)
    types(student, Qt.Key.Key_Up)
    assert window.latent.card.isVisible()
    types(student, Qt.Key.Key_Return)
    student.sees(lambda: window.pictures.choice.currentData() == "picked")
    assert window.pictures.followed is not None and student.state is State.PAUSED
