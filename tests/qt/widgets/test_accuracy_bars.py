"""Bars of accuracies say what they are in words, too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.accuracy import AccuracyBars, Bar, Group

GROUPS = (
    Group(
        "Linear probe", (Bar("code", 0.5, "#ff0000", "of the code"), Bar("raw", None, "#00ff00")), "a plane"
    ),
    Group("1-NN", (Bar("code", 1.0, "#ff0000"), Bar("raw", 0.25, "#00ff00", faint=True))),
)


@pytest.fixture
def bars(qtbot: QtBot) -> AccuracyBars:
    made = AccuracyBars()
    qtbot.addWidget(made)
    made.resize(500, made.sizeHint().height())
    made.show()
    made.show_groups(GROUPS, 0.1)
    QApplication.processEvents()
    return made


def test_that_bars_are_as_long_as_they_say(bars: AccuracyBars) -> None:
    shot = bars.grab().toImage()
    line = bars.fontMetrics().height() + 3
    y = round(4 + 1.5 * line)
    red = [x for x in range(shot.width()) if shot.pixelColor(x, y).name() == "#ff0000"]
    left, right = [x for x in red if x < 250], [x for x in red if x > 250]
    assert 2 * (max(left) - min(left)) == pytest.approx(max(right) - min(right), abs=4)


def test_that_they_are_described_for_those_who_do_not_see_them(bars: AccuracyBars) -> None:
    assert bars.accessibleDescription() == (
        "Linear probe: code 50.0 %, raw –; 1-NN: code 100.0 %, raw 25.0 %"
    )


def test_that_bars_and_classifiers_are_explained(bars: AccuracyBars) -> None:
    line = bars.fontMetrics().height() + 3
    assert bars.tip_at(QPointF(40, 4 + 0.5 * line)) == "a plane"
    assert bars.tip_at(QPointF(40, 4 + 1.5 * line)) == "of the code"
    assert bars.tip_at(QPointF(499, 4 + 1.5 * line)) == ""


def test_that_without_groups_the_message_is_said(bars: AccuracyBars) -> None:
    bars.message = "No labels."
    bars.show_groups((), None)
    assert bars.accessibleDescription() == "No labels."
    bars.grab()
