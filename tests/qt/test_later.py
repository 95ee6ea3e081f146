"""What is done later: once, not for somebody who is gone, and its faults are not lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from aegui.qt.later import later


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
