"""The list of left sessions, for those who have several or none that they want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QPushButton, QVBoxLayout

from aegui.qt.recovery_words import words
from aegui.qt.widgets.buttons import without_icons

if TYPE_CHECKING:
    from aegui.qt.recovery import Recovery
    from aegui.qt.window import Window
    from aegui.runs.sessions import LeftSession


class RecoveryDialog(QDialog):
    """Restores a session or throws it away."""

    def __init__(self, recovery: Recovery, window: Window) -> None:
        super().__init__(window)
        self._recovery = recovery
        self.setWindowTitle("Recover")
        self._build()
        self._fill()
        self.list.setFocus()
        line = self.fontMetrics().height()
        self.resize(40 * line, 16 * line)

    def _build(self) -> None:
        text = QLabel(
            "These windows ended before they were closed. Restoring puts the experiment on screen as it was,"
            " and its run where it can go on. Discarding leaves the run in its folder.",
            self,
        )
        text.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Left sessions")
        self.list.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.restore_button, self.discard_button = (
            QPushButton("&Restore", self),
            QPushButton("&Discard", self),
        )
        self.restore_button.setDefault(True)
        self.buttons.addButton(self.restore_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.addButton(self.discard_button, QDialogButtonBox.ButtonRole.ActionRole)
        without_icons(self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.buttons)
        self.restore_button.clicked.connect(self._restore)
        self.discard_button.clicked.connect(self._discard)
        self.list.itemActivated.connect(self._restore)
        self.buttons.rejected.connect(self.reject)

    def _fill(self) -> None:
        self.list.clear()
        for left in self._recovery.left:
            self.list.addItem(words(left.session))
        self.list.setCurrentRow(0)
        for button in (self.restore_button, self.discard_button):
            button.setEnabled(bool(self._recovery.left))

    @property
    def _chosen(self) -> LeftSession | None:
        row = self.list.currentRow()
        return self._recovery.left[row] if 0 <= row < len(self._recovery.left) else None

    @Slot()
    def _restore(self) -> None:
        if (left := self._chosen) is not None:
            self.accept()
            self._recovery.restore(left)

    @Slot()
    def _discard(self) -> None:
        if (left := self._chosen) is not None:
            self._recovery.drop(left)
            self._fill()
            if not self._recovery.left:
                self.accept()
