"""The small buttons of the views look like buttons, and show whether they are on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.tool import Tool


def shown(qtbot: QtBot, tool: Tool) -> Tool:
    qtbot.addWidget(tool)
    tool.resize(tool.sizeHint())
    tool.show()
    return tool


def ground(tool: Tool) -> QColor:
    return tool.grab().toImage().pixelColor(4, 4)


def test_that_a_tool_has_a_frame(qtbot: QtBot) -> None:
    tool = shown(qtbot, Tool("Fit", "Show all"))
    image = tool.grab().toImage()
    assert image.pixelColor(0, image.height() // 2) != image.pixelColor(3, image.height() // 2)


def test_that_a_checked_tool_is_filled(qtbot: QtBot) -> None:
    tool = shown(qtbot, Tool("Log", "Logarithmic scale", checkable=True))
    off = ground(tool)
    qtbot.mouseClick(tool, Qt.MouseButton.LeftButton)
    assert tool.isChecked()
    assert ground(tool) != off


def test_that_a_tool_has_room_for_its_word(qtbot: QtBot) -> None:
    tool = shown(qtbot, Tool("Lock axes", "Keep the axes"))
    assert tool.width() >= tool.fontMetrics().horizontalAdvance("Lock axes") + 8
    assert tool.accessibleName() == "Lock axes" and tool.toolTip() == "Keep the axes"
