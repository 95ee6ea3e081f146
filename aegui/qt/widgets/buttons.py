"""Buttons of dialogs look like all others: without the pictures that Qt adds to some."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox


def without_icons(box: QDialogButtonBox | QMessageBox) -> None:
    """Takes the icons from all buttons that a box has by now."""
    for button in box.buttons():
        button.setIcon(QIcon())
