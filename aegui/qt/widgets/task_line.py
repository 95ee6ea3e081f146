"""How far a task is, with a button to give it up; hidden while there is none."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided

_GRAIN = 1000


class TaskLine(QWidget):
    """A bar, a few words and Cancel."""

    cancelled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(self, maximum=_GRAIN, textVisible=False)
        self.bar.setFixedSize(110, 10)
        self.bar.setAccessibleName(f"Progress of {name}")
        self.text = Elided("", self, "quiet")
        self.cancel = Tool("Cancel", f"Gives up {name}; what is there already stays", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.cancel)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    @Slot(float, str)
    def show_progress(self, share: float, text: str) -> None:
        """How much is done, 0 to 1, and what is being done."""
        self.bar.setRange(0, _GRAIN)
        self.bar.setValue(round(_GRAIN * min(max(share, 0.0), 1.0)))
        self.text.setText(text)

    @Slot(bool)
    def show_busy(self, busy: bool) -> None:
        """Appears when work begins, not yet knowing how much there is."""
        if busy:
            self.bar.setRange(0, 0)
            self.text.setText("")
        self.setVisible(busy)
