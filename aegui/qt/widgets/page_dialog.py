"""A dialog that holds one page of Markdown."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.prose import Prose
from aegui.qt.widgets.room import resize_within_screen

_SIZE = QSize(50, 42)  # in heights of a letter


class PageDialog(QDialog):
    """A page to read, which scrolls where the screen is small."""

    def __init__(self, title: str, markdown: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = Prose(self)
        self.text.setAccessibleName(title)
        self.text.show_markdown(markdown)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        without_icons(buttons)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        resize_within_screen(self)

    def sizeHint(self) -> QSize:
        return _SIZE * self.fontMetrics().height()
