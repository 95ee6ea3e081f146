"""A dialog that holds one page of Markdown."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.prose import Prose
from aegui.qt.widgets.room import resize_within_screen

_WIDE, _HIGH = 50, 42  # heights of a letter


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
        screen, line = self.screen().availableSize(), self.fontMetrics().height()
        return QSize(min(_WIDE * line, screen.width() - 40), min(_HIGH * line, screen.height() - 80))
