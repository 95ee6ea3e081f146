"""The pointer of a student, on one window."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def point_at(widget: QWidget, place: QPoint) -> None:
    """Brings the pointer to a place of a widget, also where something of another window is in front of it."""
    window = widget.window()
    QTest.mouseMove(window.windowHandle(), widget.mapTo(window, place))
