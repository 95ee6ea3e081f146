from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.section import Section


def test_that_a_section_folds_by_mouse_and_keys(qtbot: QtBot, on_screen: Callable[[QWidget], None]) -> None:
    section, label = Section("Data"), QLabel("inside")
    section.body.addWidget(label)
    on_screen(section)
    qtbot.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert label.isHidden() is False
    assert not label.isVisible()
    for key, visible in (
        (Qt.Key.Key_Return, True),
        (Qt.Key.Key_Space, False),
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Left, False),
    ):
        qtbot.keyClick(section.header, key)
        assert label.isVisible() is visible


def test_that_a_long_title_and_summary_do_not_widen_a_section(qtbot: QtBot) -> None:
    section = Section("A title of more words than fit")
    section.set_summary("784 → " * 50, "784 → 2")
    qtbot.addWidget(section)
    section.resize(200, 30)
    assert section.minimumSizeHint().width() <= 200
    assert not section.grab().isNull()
