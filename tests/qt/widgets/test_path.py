from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.widgets.path import PathField, PathLabel

LONG = "/".join(["a folder with a name"] * 20) + "/the file.csv"


def test_that_a_long_path_does_not_widen_its_place(on_screen: Callable[[QWidget], None]) -> None:
    label = PathLabel(LONG)
    on_screen(label)
    assert label.width() <= 320 and label.text() == LONG
    assert label.accessibleDescription() == LONG


def test_that_a_typed_path_is_asked_for_when_it_is_done(
    qtbot: QtBot, on_screen: Callable[[QWidget], None]
) -> None:
    field = PathField()
    on_screen(field)
    field.show_value("old")
    field.field.selectAll()
    qtbot.keyClicks(field.field, " new.idx ")
    with qtbot.waitSignal(field.edited) as edited:
        qtbot.keyClick(field.field, Qt.Key.Key_Return)
    assert edited.args == ["new.idx"]


def test_that_showing_a_path_asks_for_nothing(qtbot: QtBot, on_screen: Callable[[QWidget], None]) -> None:
    field = PathField()
    on_screen(field)
    with qtbot.assertNotEmitted(field.edited):
        field.show_value("some/file")
        qtbot.keyClick(field.field, Qt.Key.Key_Return)
    assert field.value() == "some/file"


def test_that_its_parts_are_named(on_screen: Callable[[QWidget], None]) -> None:
    field = PathField()
    field.setAccessibleName("Labels file")
    field.setToolTip("The labels")
    assert field.field.accessibleName() == "Labels file" and field.field.toolTip() == "The labels"
    assert field.button.accessibleName() == "Labels file: choose a file" and field.button.toolTip()
