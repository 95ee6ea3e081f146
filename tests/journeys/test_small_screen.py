"""A small screen: every tab fits a thousand by six hundred pixels, with both docks open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from student import Student

from aegui.qt.workspaces import WORKSPACES
from aegui.spec import Experiment

pytestmark = pytest.mark.journey


def test_that_every_tab_fits_a_small_screen(
    open_window: Callable[[Experiment], Student], small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    window.resize(1024, 600)
    for number in range(len(WORKSPACES) + 1):
        window.workspaces.setCurrentIndex(number)
        QTest.qWait(50)
        title = window.workspaces.title
        assert (window.width(), window.height()) == (1024, 600), title
        least = window.minimumSizeHint()
        assert least.width() <= 1024 and least.height() <= 600, (title, least)
