"""The dialog that asks for a folder, as one types into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aegui.qt.choosing import NewFolderDialog, when_chosen


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """What the dialog belongs to."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def asked(window: QWidget, tmp_path: Path) -> tuple[NewFolderDialog, list[str]]:
    """The dialog in an empty folder, and what it is closed with."""
    chosen: list[str] = []
    dialog = NewFolderDialog(window, "Write")
    dialog.setDirectory(str(tmp_path))
    when_chosen(dialog, chosen.append)
    dialog.open()
    return dialog, chosen


def _types(dialog: NewFolderDialog, text: str) -> QLineEdit:
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, text)
    return line


def test_that_a_new_folder_may_be_typed(
    asked: tuple[NewFolderDialog, list[str]], qtbot: QtBot, tmp_path: Path
) -> None:
    dialog, chosen = asked
    QTest.keyClick(_types(dialog, str(tmp_path / "deep" / "new")), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(chosen))
    assert chosen == [str(tmp_path / "deep" / "new")]
    assert not dialog.isVisible()


def test_that_a_name_alone_is_a_folder_in_the_one_that_is_shown(
    asked: tuple[NewFolderDialog, list[str]], qtbot: QtBot, tmp_path: Path
) -> None:
    dialog, chosen = asked
    _types(dialog, "new")
    buttons = dialog.findChild(QDialogButtonBox, "buttonBox")
    assert buttons is not None
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Open), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(chosen))
    assert chosen == [str(tmp_path / "new")]


def test_that_a_folder_that_is_there_is_chosen_as_ever(
    asked: tuple[NewFolderDialog, list[str]], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    dialog, chosen = asked
    line = _types(dialog, str(tmp_path / "old"))

    def chooses() -> bool:  # once the dialog has read the folder
        QTest.keyClick(line, Qt.Key.Key_Return)
        return bool(chosen)

    qtbot.waitUntil(chooses)
    assert chosen == [str(tmp_path / "old")]


def test_that_a_file_is_no_folder(asked: tuple[NewFolderDialog, list[str]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    dialog, chosen = asked
    QTest.keyClick(_types(dialog, str(tmp_path / "file")), Qt.Key.Key_Return)
    assert not chosen
    assert dialog.isVisible()
