"""A look inside: weights while the network learns, one sample in every layer, an update in slow motion."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from student import Student

from aegui.qt.session import State
from aegui.qt.views.inside.course import COMPARE, UPDATE
from aegui.qt.views.inside.view import InsideView
from aegui.spec import Experiment

Open = Callable[..., Student]
pytestmark = pytest.mark.journey


def opens_inside(student: Student) -> InsideView:
    """Clicks the tab."""
    tabs = student.window.workspaces
    place = next(i for i in range(tabs.count()) if tabs.tabText(i) == "Inside")
    student.clicks(tabs.tabBar(), tabs.tabBar().tabRect(place).center())
    view = tabs.view("inside")
    assert isinstance(view, InsideView)
    return view


def test_that_a_student_looks_inside_and_does_one_update_slowly(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    view = opens_inside(student)
    session = student.window.session
    assert "Play" in view.weights.tiles.message
    student.clicks_tool("play")
    student.sees(lambda: view.weights.seen is not None and view.weights.seen.step > 0)
    earlier = view.weights.seen
    student.sees(lambda: view.weights.seen is not earlier)  # renewed while it learns
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    student.sees(lambda: view.weights.seen is not None and view.weights.seen.step == student.step)

    pictures = student.window.pictures
    student.clicks(student.window.workspaces.tabBar(), student.window.workspaces.tabBar().tabRect(0).center())
    student.sees(lambda: pictures.snapshot is not None and pictures.grid.sheet is not None)
    student.clicks(pictures.grid, pictures.grid.cell(1, 2).center().toPoint())
    assert pictures.snapshot is not None and pictures.snapshot.pictures is not None
    assert view.activations.sample.value() == pictures.snapshot.pictures.indices[2]
    opens_inside(student)
    student.clicks(view.tools[1])
    student.clicks(view.activations.random)
    sample = view.activations.sample.value()
    student.sees(lambda: any(f"sample {sample}" in stop.notes for stop in view.activations.story.stops))

    student.clicks(view.tools[2])
    student.sees(
        lambda: len(view.gradients.moves.gradients.levels) == len(view.gradients.moves.changes.levels) > 0
    )

    student.clicks(view.tools[3])
    slow, step = view.slow, student.step
    student.sees(lambda: slow.course.shown is not None)
    for _ in range(COMPARE):
        student.presses(Qt.Key.Key_Right)
    assert slow.course.phase == COMPARE and student.step == step
    shown = slow.course.shown
    assert shown is not None
    student.presses(Qt.Key.Key_Right)
    student.sees(lambda: slow.course.done)
    assert slow.course.phase == UPDATE and session.snapshot is not None
    assert student.step == step + 1
    row = session.snapshot.curves.batch[step]
    assert np.array_equal(row, np.array([*shown.update.terms.values()], np.float32))

    student.window.replay.slider.setValue(0)
    student.sees(lambda: session.replaying)
    student.sees(lambda: slow.course.phase == 0 and "earlier moment" in slow.hint.text())


def test_that_a_reset_run_is_followed_from_its_first_update(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    view = opens_inside(student)
    student.clicks(view.tools[3])
    assert not view.slow.next.isEnabled()
    student.presses(Qt.Key.Key_R)
    student.sees(lambda: view.slow.course.shown is not None)
    assert view.slow.hint.text() == ""
    student.clicks(view.slow.next)
    assert view.slow.course.phase == 1 and student.step == 0
