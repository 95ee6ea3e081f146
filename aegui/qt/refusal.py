"""Why the program does not start, where there is no terminal to say it in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from aegui.qt.app import make_application


def tell_refusal(lines: Sequence[str]) -> None:
    """Shows the sentences of an error, and returns when the user has read them."""
    application = make_application()
    box = refusal_box(lines)
    box.setWindowIcon(application.windowIcon())
    box.exec()


def refusal_box(lines: Sequence[str]) -> QMessageBox:
    """The dialog, with each sentence in a paragraph of its own."""
    box = QMessageBox(QMessageBox.Icon.Warning, "aegui", "\n\n".join(lines))
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box
