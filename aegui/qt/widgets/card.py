"""What a card and a sign of something wrong look like."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from aegui.qt.widgets.tint import mix


def paint_card(painter: QPainter, widget: QWidget, edge: QColor | None = None) -> None:
    """The ground of a widget that stands out a little; ``edge`` for one that is meant."""
    palette = widget.palette()
    text, ground = palette.windowText().color(), palette.window().color()
    painter.setPen(QPen(edge or mix(text, ground, 0.16), 1.6 if edge else 1))
    painter.setBrush(mix(palette.base().color(), ground, 0.55))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.8, 0.8, -0.8, -0.8), 5, 5)


def paint_frame(painter: QPainter, control: QWidget, within: QWidget, colour: QColor) -> None:
    """A frame around a control that lies somewhere in another widget."""
    corner = QPointF(control.mapTo(within, control.rect().topLeft()))
    rect = QRectF(corner.x(), corner.y(), control.width(), control.height())
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 3.5, 3.5)


def paint_sign(painter: QPainter, middle: QPointF, colour: QColor, ground: QColor) -> None:
    """A filled circle with a cross in it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(middle, 6, 6)
    painter.setPen(QPen(ground, 1.5))
    for slope in (-1, 1):
        away = QPointF(2.4, slope * 2.4)
        painter.drawLine(QLineF(middle - away, middle + away))
