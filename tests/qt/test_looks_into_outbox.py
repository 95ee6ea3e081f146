"""How often the window looks for what it waits for."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from aegui.qt import display as module
from aegui.qt.display import Display


def test_that_looks_are_frequent_while_somebody_waits(qtbot: QtBot) -> None:
    parent = QObject()
    display = Display(parent)
    usual = display.interval()
    display.hasten()
    assert display.interval() < usual
    display.relax()
    assert display.interval() == usual


def test_that_waiting_for_what_never_comes_ends(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(module, "_LOOKS", 3)
    parent = QObject()
    display = Display(parent)
    usual = display.interval()
    display.hasten()
    display.start()
    qtbot.waitUntil(lambda: display.interval() == usual, timeout=10_000)
