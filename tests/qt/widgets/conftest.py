"""A place on screen for single widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.column import Column


@pytest.fixture
def on_screen(qtbot: QtBot) -> Iterator[Callable[[QWidget], None]]:
    """Shows a widget as wide as in the window's column."""
    kept = []

    def show(widget: QWidget) -> None:
        column = Column()
        column.add(widget)
        column.resize(320, 400)
        qtbot.addWidget(column)
        kept.append(column)
        column.show()
        QApplication.processEvents()

    yield show
