"""The icons of the actions, drawn in the colours of the theme at any size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

_SIZE = 64  # pixels that an icon is drawn with; toolbars show it smaller
_Draw = Callable[[QPainter], None]


def icon(name: str, colour: str, faint: str) -> QIcon:
    """The icon of that name, ``faint`` where its action is disabled."""
    made = QIcon(_pixmap(_ICONS[name], colour))
    made.addPixmap(_pixmap(_ICONS[name], faint), QIcon.Mode.Disabled)
    return made


def _pixmap(draw: _Draw, colour: str) -> QPixmap:
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SIZE / 16, _SIZE / 16)  # every icon is drawn on a grid of 16
    painter.setPen(QPen(QColor(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(QColor(colour))
    draw(painter)
    painter.end()
    return pixmap


def _triangle(painter: QPainter, left: float, right: float) -> None:
    painter.drawPolygon(QPolygonF([QPointF(left, 3), QPointF(right, 8), QPointF(left, 13)]))


def _play(painter: QPainter) -> None:
    _triangle(painter, 4, 13)


def _pause(painter: QPainter) -> None:
    painter.drawRect(QRectF(4, 3, 2, 10))
    painter.drawRect(QRectF(10, 3, 2, 10))


def _step(painter: QPainter) -> None:
    _triangle(painter, 3, 9.5)
    painter.drawLine(QPointF(13, 3), QPointF(13, 13))


def _epoch(painter: QPainter) -> None:
    _triangle(painter, 2, 7)
    _triangle(painter, 7, 12)
    painter.drawLine(QPointF(14, 3), QPointF(14, 13))


def _reset(painter: QPainter) -> None:
    painter.drawLine(QPointF(3, 3), QPointF(3, 13))
    painter.drawPolygon(QPolygonF([QPointF(13, 3), QPointF(6, 8), QPointF(13, 13)]))


def _seed(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(2.5, 2.5, 11, 11), 2.5, 2.5)
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in ((5.3, 5.3), (10.7, 5.3), (8, 8), (5.3, 10.7), (10.7, 10.7)):
        painter.drawEllipse(QPointF(x, y), 1.1, 1.1)


def _undo(painter: QPainter) -> None:
    _bent_arrow(painter)


def _redo(painter: QPainter) -> None:
    painter.translate(16, 0)
    painter.scale(-1, 1)
    _bent_arrow(painter)


def _bent_arrow(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(QPointF(3, 6.5))
    path.lineTo(10, 6.5)
    path.cubicTo(14.5, 6.5, 14.5, 13, 10, 13)
    path.lineTo(6, 13)
    painter.drawPath(path)
    painter.drawPolyline(QPolygonF([QPointF(6, 3.5), QPointF(3, 6.5), QPointF(6, 9.5)]))


_ICONS: dict[str, _Draw] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "epoch": _epoch,
    "reset": _reset,
    "seed": _seed,
    "undo": _undo,
    "redo": _redo,
}
