"""Positive numbers of very different size as bars on a logarithmic axis, each with its value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_EDGE = 8.0  # pixels around all
_ROW, _TALLEST = 1.9, 3.2  # height of a row, in lines, and where there is room
_BAR = 0.62  # share of a row that its bar fills
_LEAST = 2.0  # decades that the axis spans at least


@dataclass(frozen=True)
class Level:
    """A bar: its name, its length, the words behind it, and what it means."""

    name: str
    value: float
    words: str
    tip: str = ""


class Levels(QWidget):
    """Shows bars from top to bottom."""

    painted = Signal(float)  # seconds

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: tuple[Level, ...] = ()
        self.message = self.title = ""
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(name)

    @property
    def levels(self) -> tuple[Level, ...]:
        """What is shown."""
        return self._levels

    def show_levels(self, levels: tuple[Level, ...], title: str = "", message: str = "") -> None:
        """Shows bars under a title, which names the axis; without any, the message."""
        self._levels, self.title, self.message = levels, title, message
        told = ", ".join(f"{level.name} {level.words}" for level in levels[:20])
        self.setAccessibleDescription(told or message)
        row = _ROW * self.fontMetrics().height()
        self.setMinimumHeight(round(2 * _EDGE + self._head + row * len(levels)) if levels else 60)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, self.minimumHeight())

    def ends(self) -> tuple[float, float]:
        """The exponents of ten at the ends of the axis: whole, around every number that is not zero."""
        logs = [math.log10(level.value) for level in self._levels if 0 < level.value < math.inf]
        if not logs:
            return -1.0, 1.0
        low, high = math.floor(min(logs) - 0.05), math.ceil(max(logs))
        return min(float(low), high - _LEAST), float(high)

    def bar(self, index: int) -> QRectF:
        """Where a bar is; without width where there is none to draw."""
        value, (low, high) = self._levels[index].value, self.ends()
        left, right = self._axis()
        share = (math.log10(value) - low) / (high - low) if 0 < value < math.inf else 0.0
        top = _EDGE + self._head + index * self._row
        return QRectF(left, top + (1 - _BAR) / 2 * self._row, share * (right - left), _BAR * self._row)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What is known of the layer at a height."""
        index = int((place.y() - _EDGE - self._head) // self._row)
        return self._levels[index].tip if 0 <= index < len(self._levels) else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        start, painter, palette = perf_counter(), QPainter(self), self.palette()
        if not self._levels:
            paint_message(painter, self.rect(), palette, self.message)
            return
        self._paint_axis(painter)
        metrics, (left, right) = self.fontMetrics(), self._axis()
        fill = mix(palette.highlight().color(), palette.base().color(), 0.75)
        for index, level in enumerate(self._levels):
            box = self.bar(index)
            painter.fillRect(box, fill)
            painter.setPen(tone(palette, "plain"))
            name = QRectF(_EDGE, box.top(), left - _EDGE - 8, box.height())
            text = metrics.elidedText(level.name, Qt.TextElideMode.ElideRight, int(name.width()))
            painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), text)
            words = QRectF(right + 8, box.top(), self.width() - right - 8, box.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), level.words)
        self.painted.emit(perf_counter() - start)

    @property
    def _row(self) -> float:
        room = (self.height() - 2 * _EDGE - self._head) / max(1, len(self._levels))
        line = self.fontMetrics().height()
        return min(max(_ROW * line, room), _TALLEST * line)

    @property
    def _head(self) -> float:
        return 2.4 * self.fontMetrics().height()

    def _axis(self) -> tuple[float, float]:
        """Left and right end of the bars."""
        metrics = self.fontMetrics()
        names = max((metrics.horizontalAdvance(level.name) for level in self._levels), default=0)
        words = max((metrics.horizontalAdvance(level.words) for level in self._levels), default=0)
        left = _EDGE + min(names + 12.0, 0.36 * self.width())
        return left, max(left + 40.0, self.width() - _EDGE - words - 8.0)

    def _paint_axis(self, painter: QPainter) -> None:
        """The title, and a line at each power of ten."""
        palette, metrics = self.palette(), self.fontMetrics()
        (low, high), (left, right) = self.ends(), self._axis()
        bottom = _EDGE + self._head + self._row * len(self._levels)
        painter.setPen(tone(palette, "quiet"))
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, int(self.width() - 2 * _EDGE))
        painter.drawText(QRectF(_EDGE, _EDGE - 2, self.width(), metrics.height()), title)
        every = max(1, math.ceil((high - low) * 46 / max(1.0, right - left)))
        for exponent in range(int(low), int(high) + 1, every):
            x = left + (exponent - low) / (high - low) * (right - left)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.drawLine(QLineF(x, _EDGE + self._head - 3, x, bottom))
            painter.setPen(tone(palette, "quiet"))
            label = QRectF(x - 24, _EDGE + metrics.height(), 48, metrics.height())
            painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), _power(exponent))


def _power(exponent: int) -> str:
    """1e-3, 0.01, 0.1, 1, 10, 100, 1e3."""
    return f"{10.0**exponent:g}" if -2 <= exponent <= 2 else f"1e{exponent}"
