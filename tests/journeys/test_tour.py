"""The tour of the README, step by step, with what it says is seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from student import Student

from aegui.qt.gallery import Gallery
from aegui.qt.session import State
from aegui.qt.views.compare import CompareView
from aegui.qt.views.denoising import DenoisingView
from aegui.qt.views.draw import DrawView
from aegui.qt.views.reduction import ReductionView
from aegui.spec.presets import preset

Open = Callable[..., Student]
pytestmark = pytest.mark.journey
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


def looks_at_the_example(student: Student) -> None:
    latent, canvas = student.window.latent, student.window.latent.canvas
    student.sees(lambda: len(latent._cloud) > 0)
    sample = int(latent._cloud.samples[0])
    place = canvas.widget_position(canvas.pixels_of(sample)).toPoint()
    QTest.mouseMove(canvas.viewport(), place + QPoint(1, 0))
    QTest.mouseMove(canvas.viewport(), place)
    student.sees(latent.card.isVisible)


def opens_the_preset(student: Student) -> None:
    QTest.keyClick(student.window, Qt.Key.Key_N, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    student.sees(lambda: isinstance(QApplication.activeModalWidget(), Gallery))
    gallery = QApplication.activeModalWidget()
    assert isinstance(gallery, Gallery)
    QTest.keyClicks(gallery.search, "denoising 8×8")
    QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    student.sees(lambda: not gallery.isVisible())
    assert student.window.document.experiment == preset("denoising-digits").experiment
    student.sees(lambda: student.window.session.can_start and not student.window.loading.busy)


def presses_in_window(student: Student, key: Qt.Key) -> None:
    """A key that is no field's: a dialog that has just closed may be the active window."""
    window = student.window
    window.activateWindow()
    window.setFocus()
    student.sees(window.hasFocus)
    student.presses(key)


def trains(student: Student) -> None:
    presses_in_window(student, Qt.Key.Key_Space)
    student.sees_state(State.FINISHED)


def denoises(student: Student) -> None:
    student.presses(Qt.Key.Key_3, CONTROL)
    view = student.window.workspaces.view("denoising")
    assert isinstance(view, DenoisingView)
    student.sees(lambda: view.grid.sheet is not None)
    slider = view.noise.strengths["gaussian"].slider
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    student.sees(lambda: "…" not in view.errors.table.text(1, "MSE") + view.errors.table.text(2, "MSE"))
    assert float(view.errors.table.text(2, "MSE")) < float(view.errors.table.text(1, "MSE"))


def draws(student: Student) -> None:
    student.presses(Qt.Key.Key_7, CONTROL)
    view = student.window.workspaces.view("draw")
    assert isinstance(view, DrawView)
    student.sees(lambda: view.pad.isVisible() and view.pad.width() > 50)
    middle = view.pad.rect().center()
    QTest.mousePress(view.pad, LEFT, pos=middle - QPoint(0, 50))
    QTest.mouseMove(view.pad, middle + QPoint(0, 50))
    QTest.mouseRelease(view.pad, LEFT, pos=middle + QPoint(0, 50))
    student.sees(lambda: view.made.sheet is not None and view.near.drawings is not None)


def goes_back(student: Student) -> None:
    window = student.window
    view = window.workspaces.view("draw")
    assert isinstance(view, DrawView) and view.made.sheet is not None
    now = view.made.sheet.rows[0].samples.copy()
    window.replay.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(
        lambda: view.made.sheet is not None and not np.array_equal(view.made.sheet.rows[0].samples, now)
    )
    student.presses(Qt.Key.Key_End, CONTROL)
    student.sees(lambda: not window.session.replaying)


def sweeps(student: Student) -> None:
    student.presses(Qt.Key.Key_2, CONTROL)
    view = student.window.workspaces.view("reduction")
    assert isinstance(view, ReductionView)
    student.sees(lambda: view.known is not None)
    student.clicks(view.bar.start)
    student.sees(lambda: len(view.swept) > 0)
    student.clicks(view.bar.line.cancel)  # the other sizes take as long again and again
    student.sees(view.bar.start.isVisible)


def compares(student: Student) -> None:
    window = student.window
    size = window.panels[1].control("code.size")
    student.types_into(size, "4")
    presses_in_window(student, Qt.Key.Key_R)
    student.sees(lambda: student.step == 0 and not window.session.starting)
    trains(student)
    student.presses(Qt.Key.Key_8, CONTROL)
    view = window.workspaces.view("compare")
    assert isinstance(view, CompareView)
    student.sees(lambda: view.rows.rowCount() == 2)
    for row, modifier in ((0, Qt.KeyboardModifier.NoModifier), (1, CONTROL)):
        place = view.table.visualRect(view.rows.index(row, 0)).center()
        QTest.mouseClick(view.table.viewport(), LEFT, modifier, place)
    assert len(view.curves.lines) == 2
    student.clicks(view.parts.button(1))
    assert "Code size" in [name for name, *_ in view.changes_model.rows]


def test_that_the_tour_of_the_readme_can_be_made(open_window: Open) -> None:
    student = open_window(preset("undercomplete").experiment)
    tour = (
        looks_at_the_example,
        opens_the_preset,
        trains,
        denoises,
        draws,
        goes_back,
        sweeps,
        compares,
    )
    for step in tour:
        step(student)
