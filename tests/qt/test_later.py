"""What is done later: once, not for somebody who is gone, and its faults are not lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.later import later, once_painted


def test_that_it_is_done_once_and_leaves_nothing(qtbot: QtBot) -> None:
    owner, done = QObject(), []
    later(owner, lambda: done.append(1))
    assert done == []
    qtbot.waitUntil(lambda: done == [1] and not owner.findChildren(QTimer))


def test_that_nothing_is_done_for_an_owner_that_is_gone(qtbot: QtBot) -> None:
    owner, done = QObject(), []
    later(owner, lambda: done.append(1))
    owner.deleteLater()
    qtbot.wait(20)
    assert done == []


def test_that_what_it_raises_is_not_lost(qtbot: QtBot) -> None:
    owner = QObject()

    def fail() -> None:
        raise ZeroDivisionError("by a test")

    with qtbot.captureExceptions() as raised:
        later(owner, fail)
        later(owner, fail)
        qtbot.waitUntil(lambda: len(raised) == 2 and not owner.findChildren(QTimer))
    assert str(raised[0][1]) == "by a test"
    with pytest.raises(ZeroDivisionError):
        raise raised[1][1]


class Painted(QWidget):
    """Counts its paintings."""

    paintings = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paintings += 1


def test_that_it_waits_for_the_first_painting_and_leaves_nothing(qtbot: QtBot) -> None:
    widget, done = Painted(), list[int]()
    qtbot.addWidget(widget)
    once_painted(widget, lambda: done.append(widget.paintings))
    widget.show()
    assert done == []
    qtbot.waitUntil(lambda: bool(done) and not widget.children())
    widget.repaint()
    qtbot.wait(100)
    assert len(done) == 1 and done[0] > 0


def test_that_one_that_is_not_seen_is_not_waited_for_for_ever(qtbot: QtBot) -> None:
    widget, done = Painted(), list[int]()
    qtbot.addWidget(widget)
    once_painted(widget, lambda: done.append(widget.paintings))
    qtbot.waitUntil(lambda: done == [0] and not widget.children())


def test_that_nothing_is_done_for_a_widget_that_is_gone(qtbot: QtBot) -> None:
    widget, done = Painted(), list[int]()
    once_painted(widget, lambda: done.append(1))
    widget.show()
    widget.deleteLater()
    qtbot.wait(100)
    assert done == []
