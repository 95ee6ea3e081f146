"""The column at the window's side: panels above each other, scrolled up and down only."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Column(QScrollArea):
    """Panels above each other, as wide as the column; nothing ever scrolls sideways."""

    NARROW, WIDE = 300, 340  # px, with small fonts
    LINES, ROOMY = 17, 24  # heights of a line that it is wide at least, and where there is room

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = QWidget(self)
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def add(self, panel: QWidget) -> None:
        """Puts a panel beneath the others."""
        self._layout.insertWidget(self._layout.count() - 1, panel)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self.NARROW, self.LINES * self.fontMetrics().height()), 200)

    def sizeHint(self) -> QSize:
        return QSize(max(self.WIDE, self.minimumSizeHint().width()), 640)
