"""Squares of a colour: an icon beside the words it stands for, and a button that asks for another colour."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from aegui.qt.widgets.tool import Tool

SIDE = 10  # pixels of a square


def square(colour: str) -> QPixmap:
    """A square of a colour."""
    pixmap = QPixmap(SIDE, SIDE)
    pixmap.fill(QColor(colour))
    return pixmap


def swatch(colour: str) -> QIcon:
    """A square of a colour, which stays the same in a chosen row."""
    icon = QIcon(square(colour))
    icon.addPixmap(square(colour), QIcon.Mode.Selected)
    return icon


class Swatch(Tool):
    """A button that shows a colour instead of a word."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", name, parent)
        self.colour = QColor()
        self.setAccessibleName(name)

    def show_colour(self, colour: QColor) -> None:
        """Another colour."""
        self.colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * self.fontMetrics().height(), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.setBrush(self.colour)
        painter.drawRect(self.rect().adjusted(6, 5, -7, -6))
