"""What the program says of itself."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

from aegui.data.catalog import catalog
from aegui.qt.about import about_text
from aegui.qt.widgets.buttons import without_icons


def test_that_every_set_that_comes_along_is_named_with_its_licence() -> None:
    text = about_text()
    for entry in catalog():
        assert (f"<li>{entry.title}: " in text and entry.licence in text) != bool(entry.files)


def test_that_buttons_of_dialogs_have_no_icons(qtbot: QtBot) -> None:
    for box in (QDialogButtonBox(), QMessageBox()):
        qtbot.addWidget(box)
        box.setStandardButtons(type(box).StandardButton.Ok | type(box).StandardButton.Cancel)
        without_icons(box)
        assert len(box.buttons()) == 2 and all(button.icon().isNull() for button in box.buttons())
