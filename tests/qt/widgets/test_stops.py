"""Where the tabulator stops."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.legend import Entry, Legend
from aegui.qt.widgets.stops import stop_before


def test_that_entries_made_later_are_passed_where_they_are_seen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, legend, last = QLineEdit(window), Legend(window), QLineEdit(window)
    layout = QVBoxLayout(window)
    for part in (first, legend, last):
        layout.addWidget(part)
    for keys in ("ab", "cde"):
        legend.set_entries([Entry(key, key, "#000000") for key in keys])
    window.show()
    qtbot.waitExposed(window)
    first.setFocus()
    passed = []
    for _ in "cde_":
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        passed.append(window.focusWidget())
    assert passed == [*(legend.chip(key) for key in "cde"), last]


def test_that_what_cannot_be_focused_is_no_stop(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, label, last = QLineEdit(window), QLabel(window), QLineEdit(window)
    assert stop_before(label) is first and stop_before(last) is first
    assert stop_before(last, [first]) is None
