"""Tooltips by place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.confusion import ConfusionTable
from aegui.qt.widgets.words import Elided


def asks(widget: QWidget, place: QPoint) -> str:
    """What is said where the pointer rests on a place."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def test_that_a_tip_is_that_of_its_place_and_goes_where_there_is_none(qtbot: QtBot) -> None:
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.resize(200, 140)
    table.show()
    assert asks(table, table.cell(0).center().toPoint()).startswith("True positives")
    assert asks(table, table.cell(3).center().toPoint()).startswith("True negatives")
    asks(table, QPoint(0, 0))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_that_only_a_text_that_is_cut_off_is_told_in_place_of_the_tip(qtbot: QtBot) -> None:
    label = Elided("a rather long text")
    qtbot.addWidget(label)
    label.setToolTip("what it is")
    label.resize(400, 20)
    label.show()
    assert asks(label, QPoint(5, 5)) == "what it is"
    label.resize(20, 20)
    assert asks(label, QPoint(5, 5)) == "a rather long text"
    label.setToolTip("a rather long text\nwhat it is")
    assert asks(label, QPoint(5, 5)) == "a rather long text\nwhat it is"
