"""Windows that fit the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.room import resize_within_screen


class Wish(QWidget):
    """Hints at a size."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self._size = size

    def sizeHint(self) -> QSize:
        return self._size


def test_that_a_window_has_the_size_that_it_wants_unless_the_screen_is_smaller(qtbot: QtBot) -> None:
    small, wide = Wish(QSize(300, 200)), Wish(QSize(100_000, 200))
    for window in (small, wide):
        qtbot.addWidget(window)
        resize_within_screen(window)
    assert small.size() == QSize(300, 200)
    assert wide.height() == 200
    assert 300 < wide.width() < wide.screen().availableSize().width()
