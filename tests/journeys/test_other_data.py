"""Data sets are changed under every workspace: none shows what belongs to the data before, and none fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from student import Student

from aegui.qt.views.draw import DrawView
from aegui.qt.workspaces import WORKSPACES
from aegui.spec import Experiment

pytestmark = pytest.mark.journey
CHANGES: tuple[dict[str, Any], ...] = (
    {"data.train": 100},  # fewer training samples
    {"data.source": "shapes", "data.train": 400, "data.test": 359},  # as many test samples as digits have
    {"data.source": "wine", "data.train": None, "data.test": None},  # a table
    {"data.source": "swiss-roll", "data.train": 300, "data.test": 100},  # points without classes
    {"data.source": "signals", "data.train": 300, "data.test": 100},
    {"data.source": "digits", "data.train": None, "data.test": None},
)


def looks_at_everything(student: Student) -> None:
    """Every tab for a moment, the first one last."""
    for number in (*range(1, len(WORKSPACES) + 1), 0):
        student.window.workspaces.setCurrentIndex(number)
        QTest.qWait(60)


def rests(student: Student) -> None:
    student.sees(lambda: not student.window.loading.busy and student.window.session.can_start)


def test_that_other_data_leave_nothing_of_those_before_in_any_workspace(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    rests(student)
    window.session.epoch()
    student.sees(lambda: student.stands and student.step > 10)
    draw = window.workspaces.show_workspace("draw")
    assert isinstance(draw, DrawView)
    draw.sample.click()
    student.sees(lambda: draw.made.sheet is not None)
    looks_at_everything(student)
    for change in CHANGES:
        window.document.edit_all(change, text="other data")
        rests(student)
        looks_at_everything(student)  # at the run of before
        window.session.reset()
        student.sees(lambda: student.stands and student.step == 0 and not window.session.older)
        looks_at_everything(student)
        window.session.step()
        student.sees(lambda: student.step == 1)
        looks_at_everything(student)
        for view in window.views:
            assert view.dataset is window.session.dataset


def test_that_space_draws_on_the_pad_and_does_not_train(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    rests(student)
    draw = student.window.workspaces.show_workspace("draw")
    assert isinstance(draw, DrawView)
    student.sees(draw.pad.isVisible)
    draw.pad.setFocus()
    student.sees(draw.pad.hasFocus)
    handle = student.window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Space)
    assert not draw.pad.blank and not student.window.session.running
