"""Bars on a logarithmic axis, and the bar of phases."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.levels import Level, Levels
from aegui.qt.widgets.phases import PhaseBar


@pytest.fixture
def levels(qtbot: QtBot) -> Levels:
    made = Levels("Levels")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def test_that_equal_ratios_are_equal_lengths(levels: Levels) -> None:
    levels.show_levels(tuple(Level(str(v), v, str(v)) for v in (0.001, 0.01, 0.1)))
    one, two, three = (levels.bar(i).width() for i in range(3))
    assert three - two == pytest.approx(two - one) and one > 0


def test_that_what_has_no_logarithm_has_no_bar(levels: Levels) -> None:
    levels.show_levels(tuple(Level(str(v), v, str(v)) for v in (0.0, math.nan, math.inf, 2.0)))
    assert [levels.bar(i).width() > 0 for i in range(4)] == [False, False, False, True]
    levels.grab()
    levels.show_levels((Level("nothing", 0.0, "0"),))
    levels.grab()


def test_that_without_bars_the_message_is_told(levels: Levels) -> None:
    levels.show_levels((), message="Not yet.")
    levels.grab()
    assert levels.accessibleDescription() == "Not yet."


def test_that_a_click_asks_for_the_phase_under_it(qtbot: QtBot) -> None:
    names = ("one", "two", "three", "four", "five")
    bar = PhaseBar(names, names)
    qtbot.addWidget(bar)
    bar.resize(500, 28)
    bar.show()
    asked: list[int] = []
    bar.asked.connect(asked.append)
    for x in (20, 250, 480):
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(x, 14))
    assert asked == [0, 2, 4]
    bar.show_phase(2)
    bar.grab()
    assert bar.accessibleName() == "Phase 3 of 5: three"
