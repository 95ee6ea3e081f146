"""A small line without axes: the course of one number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.tint import mix

_EDGE = 3.0  # px around the line


class Sparkline(QWidget):
    """Draws values from left to right, 0 at the bottom and the largest at the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> tuple[float, ...]:
        """What is drawn."""
        return self._values

    def show_values(self, values: Sequence[float]) -> None:
        """Draws these."""
        if tuple(values) != self._values:
            self._values = tuple(values)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 2 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(30, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = palette.window().color()
        painter.setPen(mix(palette.windowText().color(), ground, 0.2))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)
        if self._values:
            painter.setPen(QPen(palette.highlight().color(), 1.6))
            painter.drawPolyline(QPolygonF(self._points()))

    def _points(self) -> list[QPointF]:
        wide, high = self.width() - 2 * _EDGE, self.height() - 2 * _EDGE
        most, last = max(self._values) or 1.0, max(1, len(self._values) - 1)
        return [
            QPointF(_EDGE + wide * i / last, _EDGE + high * (1 - value / most))
            for i, value in enumerate(self._values)
        ]
