"""A student goes for a walk in the space of codes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from student import Student

from aegui.qt.session import State
from aegui.spec import Experiment, replace_all

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


def lonely(student: Student, count: int) -> list[int]:
    """Test samples whose points are far from any other."""
    latent = student.window.latent
    pixels = latent.canvas.to_pixels(latent._cloud.points.astype(float))
    away = np.square(pixels[:, None] - pixels[None]).sum(axis=2) + 1e9 * np.eye(len(pixels))
    return [int(latent._cloud.samples[row]) for row in away.min(axis=1).argsort()[-count:]]


def place_of(student: Student, sample: int) -> QPoint:
    canvas = student.window.latent.canvas
    return canvas.widget_position(canvas.pixels_of(sample)).toPoint()


def test_that_a_student_walks_from_one_digit_to_another_while_it_trains_and_later(
    open_window: Callable[..., Student], small: Experiment
) -> None:
    student = open_window(replace_all(small, {"code.size": 5}))
    latent, session = student.window.latent, student.window.session
    student.presses(Qt.Key.Key_Space)
    student.sees(lambda: session.has_run and student.step > 150)
    student.clicks(latent.explorer.tools["grid"])
    cells = latent.explorer.cells
    student.sees(lambda: cells.sheet is not None and len(cells.sheet.rows) == 8)
    assert "hatched: far from any code" in latent.explorer.words.text()
    student.presses(Qt.Key.Key_Space)
    student.sees_state(State.PAUSED)
    latent.canvas.repaint()

    a, b = lonely(student, 2)
    for sample in (a, b):
        QTest.mouseClick(latent.canvas.viewport(), LEFT, CONTROL, place_of(student, sample))
    student.sees(lambda: cells.sheet is not None and len(cells.sheet.rows) == 2)
    QTest.mouseClick(latent.canvas.viewport(), LEFT, pos=place_of(student, a))
    student.sees(lambda: latent.explorer.letters == (("A", a),))
    QTest.mouseClick(latent.canvas.viewport(), LEFT, pos=place_of(student, b))
    student.sees(lambda: cells.sheet is not None and len(cells.sheet.rows) == 2)
    pictures = student.window.pictures
    student.sees(lambda: set(pictures.snapshot.pictures.indices[:2].tolist()) == {a, b})
    row = {int(i): r for r, i in enumerate(pictures.snapshot.pictures.indices)}
    walked = cells.sheet.rows[0].samples
    for end, sample in ((0, a), (-1, b)):  # the reconstructions that the pictures show too
        wanted = pictures.snapshot.pictures.reconstruction[row[sample]]
        assert np.allclose(walked[end], wanted, atol=1e-5)

    student.window.replay.slider.setFocus()
    student.presses(Qt.Key.Key_Home)
    student.sees(lambda: session.replaying and student.step == 0)
    student.sees(lambda: not np.allclose(cells.sheet.rows[0].samples, walked))

    student.clicks(latent.explorer.tools["walk"])
    student.sees(lambda: cells.sheet is not None and len(cells.sheet.rows) == 4)
    student.clicks(latent.explorer.tools["walk"])
    assert not latent.explorer.isVisible()
