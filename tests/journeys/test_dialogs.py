"""Dialogs that were answered or cancelled: nothing of them stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox
from student import Student

from aegui.spec import Experiment

pytestmark = pytest.mark.journey


def test_that_dialogs_are_gone_once_they_are_closed(
    open_window: Callable[..., Student], small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    student.clicks_tool("epoch")
    student.sees(lambda: len(window.replay.steps) > 1 and not window.session.running)
    window.document.edit("training.epochs", 33)
    student.answers(QMessageBox.StandardButton.Cancel, window.files.new)
    window.document.undo_stack.setClean()
    sweeping = window.workspaces.show_workspace("reduction").bar.save_asked
    opened = ("save_as", "open", "save_run", "share", "open_run", "export_figure", "preset", "keys", "about")
    asking = (*(window.actions_[name].trigger for name in opened), window.animation.ask, sweeping.emit)
    for ask in asking:
        ask()
        student.sees(lambda: _dialogs(window) != [])
        for dialog in _dialogs(window):
            dialog.reject()
        student.sees(
            lambda: not window.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        )


def _dialogs(window: object) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
