"""What is new: the changelog to read."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from aegui.qt.widgets.buttons import without_icons
from aegui.qt.widgets.prose import Prose
from aegui.qt.widgets.room import resize_within_screen
from aegui.resources import resource


class NewsDialog(QDialog):
    """The changelog, the newest version first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is new")
        self.text = Prose(self)
        self.text.setAccessibleName("What is new")
        self.text.show_markdown(resource("changelog.md").read_text(encoding="utf-8"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        without_icons(buttons)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        resize_within_screen(self)

    def sizeHint(self) -> QSize:
        screen, line = self.screen().availableSize(), self.fontMetrics().height()
        return QSize(min(50 * line, screen.width() - 40), min(40 * line, screen.height() - 80))
