"""A small button of a view: quiet, but seen to be one; filled while it is on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from aegui.qt.widgets.tint import mix
from aegui.qt.widgets.words import smaller


class Tool(QToolButton):
    """A word in a thin frame. ``checkable`` ones stay on until they are pressed again."""

    def __init__(self, text: str, tip: str, parent: QWidget | None = None, checkable: bool = False) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setCheckable(checkable)
        self.setFont(smaller(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 16, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._edge(), 1))
        painter.setBrush(self._fill())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        palette = self.palette()
        painter.setPen(palette.buttonText().color() if self.isEnabled() else palette.mid().color())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())

    def _edge(self) -> QColor:
        palette = self.palette()
        if self.hasFocus() or self.isChecked():
            return palette.highlight().color()
        return mix(palette.windowText().color(), palette.window().color(), 0.28 if self.isEnabled() else 0.12)

    def _fill(self) -> QColor:
        palette = self.palette()
        accent, ground = palette.highlight().color(), palette.button().color()
        if not self.isEnabled():
            return palette.window().color()
        share = 0.22 if self.isChecked() else 0.0
        if self.isDown() or self.underMouse():
            share += 0.14 if self.isDown() else 0.08
        return mix(accent, ground, share)
