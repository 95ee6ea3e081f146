"""A bar that says which value a colour stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.words import smaller

_HIGH = 8  # pixels
_WIDEST = 260  # pixels
_LEAST = 30  # pixels of colours beneath which no words stand beside them
_NARROW = 120  # pixels that it has at least
_NAME = 70  # pixels beneath which a name is left out rather than elided
_GAP = 6  # pixels


@dataclass(frozen=True, eq=False)
class Scale:
    """A quantity with the values at the ends of a table of colours."""

    name: str
    low: float
    high: float
    table: NDArray[np.uint8] = field(repr=False)  # (m, 3)


class ColourBar(QWidget):
    """The name of a quantity, its least value, its colours, and its greatest value, in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def scale(self) -> Scale | None:
        """What is shown."""
        return self._scale

    def show_scale(self, scale: Scale | None) -> None:
        """Shows a quantity; None hides the bar."""
        self._scale = scale
        self.setVisible(scale is not None)
        if scale is not None:
            text = f"{scale.name}, from {_value(scale.low)} to {_value(scale.high)}"
            self.setToolTip(plain(f"Colour of the points: {text}"))
            self.setAccessibleName(f"Colour bar of {text}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._scale is None:
            return
        painter, metrics = QPainter(self), self.fontMetrics()
        left, middle = 4.0, int(Qt.AlignmentFlag.AlignVCenter)
        ends = [_value(self._scale.low), _value(self._scale.high)]
        fixed = sum(metrics.horizontalAdvance(text) + _GAP for text in ends) + 2 * _GAP
        room = int(self.width() - fixed) // 2  # of the name, which is left out where the colours need it
        name = (
            metrics.elidedText(self._scale.name, Qt.TextElideMode.ElideRight, room) if room >= _NAME else ""
        )
        wide = min(_WIDEST, self.width() - fixed - metrics.horizontalAdvance(name) - 2 * _GAP)
        if wide < _LEAST:  # the tooltip has the name
            name, wide = "", min(_WIDEST, self.width() - fixed - _GAP)
        if wide < _LEAST:
            name, ends, wide = "", ["", ""], self.width() - 4 * _GAP
        for text, role in (
            (name, QPalette.ColorRole.WindowText),
            (ends[0], QPalette.ColorRole.PlaceholderText),
        ):
            painter.setPen(self.palette().color(role))
            painter.drawText(QRectF(left, 0, self.width(), self.height()), middle, text)
            left += metrics.horizontalAdvance(text) + _GAP
        bar = QRectF(left, (self.height() - _HIGH) / 2, max(8, wide), _HIGH)
        painter.drawImage(bar, _image(self._scale.table))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(bar)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(QRectF(bar.right() + _GAP, 0, self.width(), self.height()), middle, ends[1])


def _image(table: NDArray[np.uint8]) -> QImage:
    line = np.ascontiguousarray(table)
    return QImage(line.data, len(line), 1, 3 * len(line), QImage.Format.Format_RGB888).copy()


def _value(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
