"""Tooltips by place, and as they are written."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, Qt, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.confusion import ConfusionTable
from aegui.qt.widgets.picture import PictureGrid
from aegui.qt.widgets.stages import Row, Sheet
from aegui.qt.widgets.tips import plain
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


def test_that_a_name_that_looks_like_markup_is_told_as_it_is_written(qtbot: QtBot) -> None:
    for name in ("<b>bold</b> & more", "class <img src='x.png'>", "a < b", "line\n<i>two</i>"):
        document = QTextDocument()
        tip = plain(name)
        (document.setHtml if Qt.mightBeRichText(tip) else document.setPlainText)(tip)
        assert document.toPlainText() == name


def test_that_a_tip_of_a_long_name_is_wrapped_and_a_short_one_is_not() -> None:
    assert Qt.mightBeRichText(plain("word " * 60)) and not Qt.mightBeRichText(plain("word"))
    assert plain("a\nb") == "a\nb"


def test_that_a_head_that_is_cut_off_is_told_in_full(qtbot: QtBot) -> None:
    grid = PictureGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 200)
    heads = tuple(f"a class with rather a long name, number {i}" for i in range(6))
    rows = (Row("original", np.zeros((6, 16), np.float32), tip="as it is"),)
    grid.show_sheet(Sheet((4, 4), 0.0, 1.0, "class", heads, rows, np.zeros((256, 3), np.uint8), "image"))
    grid.show()
    middle = grid.cell(0, 1).center()
    assert asks(grid, QPoint(int(middle.x()), 6)) == heads[1]
    assert asks(grid, QPoint(4, int(middle.y()))) == "as it is"
    assert grid.tip_at(middle) == ""
