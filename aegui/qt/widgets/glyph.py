"""Small buttons with a drawn sign, and a handle to drag by."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from aegui.qt.widgets.tint import mix, tone


class GlyphButton(QToolButton):
    """A flat button with one of the signs "up", "down", "copy", "cross" and "more"."""

    def __init__(self, sign: str, tip: str, parent: QWidget | None = None, checkable: bool = False) -> None:
        super().__init__(parent)
        self._sign = _SIGNS[sign]
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() + 3
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text, ground = palette.windowText().color(), palette.window().color()
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        share = 0.22 if self.isDown() else 0.12 if self.isChecked() or self.underMouse() else 0.0
        if share and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(text, ground, share))
            painter.drawRoundedRect(rect, 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(palette.highlight().color(), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(QPen(mix(text, ground, 0.75 if self.isEnabled() else 0.22), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.translate(rect.center())
        self._sign(painter)


class Handle(QWidget):
    """Six dots to drag something by: ``dragged`` tells the pointer's place on screen, ``dropped`` the end."""

    dragged = Signal(QPointF)
    dropped = Signal()
    cancelled = Signal()

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start: QPointF | None = None
        self._moving = False
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(12, self.fontMetrics().height() + 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabKeyboard()  # so that Escape gives up

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None:
            return
        self._moving = self._moving or (event.globalPosition() - self._start).manhattanLength() > 4
        if self._moving:
            self.dragged.emit(event.globalPosition())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._let_go():
            self.dropped.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._let_go()
            self.cancelled.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone(self.palette(), "quiet"))
        middle = QPointF(self.width() / 2, self.height() / 2)
        for x in (-2.0, 2.0):
            for y in (-4.0, 0.0, 4.0):
                painter.drawEllipse(middle + QPointF(x, y), 1.0, 1.0)

    def _let_go(self) -> bool:
        """Ends a drag; True if there was one."""
        moved, self._start, self._moving = self._moving, None, False
        self.releaseKeyboard()
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        return moved


def _arrow(painter: QPainter, up: int) -> None:
    painter.drawLine(QLineF(0, -4, 0, 4))
    painter.drawPolyline(QPolygonF([QPointF(-3, -up), QPointF(0, -4 * up), QPointF(3, -up)]))


def _copy(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(-4, -4, 6, 6), 1, 1)
    painter.drawPolyline(
        QPolygonF([QPointF(4, -1.5), QPointF(4, 4), QPointF(-1.5, 4)]),
    )


def _cross(painter: QPainter) -> None:
    painter.drawLine(QLineF(-3.5, -3.5, 3.5, 3.5))
    painter.drawLine(QLineF(-3.5, 3.5, 3.5, -3.5))


def _more(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    for x in (-4.0, 0.0, 4.0):
        painter.drawEllipse(QPointF(x, 0), 1.3, 1.3)


_SIGNS: dict[str, Callable[[QPainter], None]] = {
    "up": lambda painter: _arrow(painter, 1),
    "down": lambda painter: _arrow(painter, -1),
    "copy": _copy,
    "cross": _cross,
    "more": _more,
}
