"""Many small drawings on one scale, in a grid that makes most of its room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.inks import Floats, Ink
from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.words import smaller

_GAP = 5.0  # pixels between two
_EDGE = 4.0  # pixels around all
_SHARP = 1.12  # how much more a picture is worth whose numbers are whole pixels


@dataclass(frozen=True, eq=False)
class Drawings:
    """Drawings (n, k) with a few words beneath each."""

    values: Floats
    ink: Ink
    heads: tuple[str, ...]


class Tiles(QWidget):
    """Shows drawings; tells what is pointed at."""

    hovered = Signal(int, int)  # drawing and feature, −1 for none
    left = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawings: Drawings | None = None
        self._images: list[QImage | None] = []
        self.message = ""
        self._pointed = -1
        self.setMouseTracking(True)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(name)

    @property
    def drawings(self) -> Drawings | None:
        """What is shown."""
        return self._drawings

    def show_drawings(self, drawings: Drawings | None, message: str = "") -> None:
        """Shows drawings; None shows the message."""
        self._drawings, self.message, self._images = drawings, message, []
        if drawings is not None:
            self._images = [drawings.ink.image(values) for values in drawings.values]
        self.setAccessibleDescription(message if drawings is None else ", ".join(drawings.heads[:20]))
        self.update()

    @property
    def shows_heads(self) -> bool:
        """Whether there is room for the words beneath the drawings."""
        return self._drawings is not None and self._grid()[3] > 0

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def cell(self, index: int) -> QRectF:
        """Where a drawing is."""
        columns, wide, high, line = self._grid()
        row, column = divmod(index, columns)
        pitch = wide + _GAP, high + line + _GAP
        used = columns * pitch[0] - _GAP
        left = _EDGE + max(0.0, (self.width() - 2 * _EDGE - used) / 2)
        return QRectF(left + column * pitch[0], _EDGE + row * pitch[1], wide, high)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drawings, place = self._drawings, event.position()
        if drawings is None:
            return
        count = len(drawings.values)
        index = next((i for i in range(count) if self.cell(i).contains(place)), -1)
        feature = drawings.ink.feature_at(self.cell(index), place) if index >= 0 else -1
        if index != self._pointed:
            self._pointed = index
            self.update()
        self.hovered.emit(index, feature)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointed = -1
        self.left.emit()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        start = perf_counter()
        painter, drawings = QPainter(self), self._drawings
        if drawings is None:
            paint_message(painter, self.rect(), self.palette(), self.message)
            return
        line = self._grid()[3]
        for index, values in enumerate(drawings.values):
            box = self.cell(index)
            drawings.ink.paint(painter, box, values, self._images[index], self.palette())
            if line:
                painter.setPen(tone(self.palette(), "quiet"))
                words = QRectF(box.left(), box.bottom() + 1, box.width(), line)
                painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), drawings.heads[index])
        if 0 <= self._pointed < len(drawings.values):
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell(self._pointed))
        self.painted.emit(perf_counter() - start)

    def _grid(self) -> tuple[int, float, float, float]:
        """(columns, width, height, height of the words) of the largest drawings that fit."""
        drawings = self._drawings
        assert drawings is not None
        metrics = self.fontMetrics()
        words = max((metrics.horizontalAdvance(head) for head in drawings.heads), default=0)
        line = metrics.height() + 1.0
        columns, wide, high = self._largest(line)
        if wide >= words + 2:
            return columns, wide, high, line
        return (*self._largest(0.0), 0.0)

    def _largest(self, line: float) -> tuple[int, float, float]:
        assert self._drawings is not None
        count, ink = max(1, len(self._drawings.values)), self._drawings.ink
        room = self.width() - 2 * _EDGE, self.height() - 2 * _EDGE
        found = []
        for columns in range(1, count + 1):
            rows = math.ceil(count / columns)
            wide = (room[0] + _GAP) / columns - _GAP
            high = (room[1] + _GAP) / rows - _GAP - line
            high = max(4.0, min(high, wide / ink.aspect))
            empty = rows * columns - count
            found.append((high, -empty, columns, high))
            whole = int(high / ink.shape[-2]) * ink.shape[-2] if ink.kind == "picture" else 0
            if whole:
                found.append((_SHARP * whole, -empty, columns, float(whole)))
        *_, columns, high = max(found)
        return columns, high * ink.aspect, high
