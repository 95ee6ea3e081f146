"""Numbers on their way through a network: a row for each stop, with arrows from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from aegui.qt.widgets.inks import Floats, Ink, cells_height
from aegui.qt.widgets.measured import Measured
from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.tips import plain
from aegui.qt.widgets.words import smaller

_MARGIN = 8.0  # pixels around all
_WORDS = 0.34  # share of the width for the words
_WORDS_MOST = 230.0
_ARROW = 18.0  # pixels from one row to the next, with small fonts
_GAP = 4.0  # pixels between two maps
_SAMPLE, _MAP = 84.0, 52.0  # height of a sample, and of a map among others
_LARGEST = 252.0  # height of a sample where there is room to spare


@dataclass(frozen=True, eq=False)
class Stop:
    """A row: what stands there, a few lines about it, and drawings (m, k)."""

    name: str
    notes: tuple[str, ...]
    values: Floats
    ink: Ink
    unit: str = "unit"  # what one number or one drawing of several is called
    arrow: str = ""  # what happens on the way to it
    tip: str = ""


class Story(Measured):
    """Draws stops from top to bottom; scrolls within :func:`scrolled`."""

    hovered = Signal(int, int, int)  # stop, drawing and feature, −1 for none
    left = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stops: tuple[Stop, ...] = ()
        self._images: list[list[QImage | None]] = []
        self._boxes: list[list[QRectF]] = []
        self._tops: list[tuple[float, float]] = []  # top and height of each row
        self.message = ""
        self.setMouseTracking(True)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(name)
        self.measure()

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What is shown."""
        return self._stops

    def show_stops(self, stops: tuple[Stop, ...], message: str = "") -> None:
        """Shows stops; without any, the message."""
        self._stops, self.message = stops, message
        self._images = [[stop.ink.image(values) for values in stop.values] for stop in stops]
        told = "; ".join(", ".join((stop.name, *stop.notes)) for stop in stops[:20])
        self.setAccessibleDescription(told or message)
        self._measure()
        self.update()

    def box(self, stop: int, drawing: int = 0) -> QRectF:
        """Where a drawing of a stop is."""
        return self._boxes[stop][drawing]

    def sizeHint(self) -> QSize:
        return QSize(400, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        for number, boxes in enumerate(self._boxes):
            for drawing, box in enumerate(boxes):
                if box.contains(place):
                    feature = self._stops[number].ink.feature_at(box, place)
                    self.hovered.emit(number, drawing, feature)
                    return
        row = next((i for i, (top, high) in enumerate(self._tops) if top <= place.y() < top + high), -1)
        self.setToolTip(plain(self._stops[row].tip) if row >= 0 else "")
        self.left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        start, painter = perf_counter(), QPainter(self)
        if not self._stops:
            paint_message(painter, self.rect(), self.palette(), self.message)
            return
        seen = QRectF(event.rect()).adjusted(0, -self._arrow, 0, self._arrow)
        for number, (top, high) in enumerate(self._tops):
            if not seen.intersects(QRectF(0, top - self._arrow, self.width(), high + self._arrow)):
                continue
            if number:
                self._paint_arrow(painter, number)
            self._paint_words(painter, number)
            stop = self._stops[number]
            for values, image, box in zip(
                stop.values, self._images[number], self._boxes[number], strict=True
            ):
                stop.ink.paint(painter, box, values, image, self.palette())
        self.painted.emit(perf_counter() - start)

    @property
    def _words(self) -> float:
        return min(_WORDS_MOST, _WORDS * self.width())

    @property
    def _arrow(self) -> float:
        return max(_ARROW, self.fontMetrics().height() + 4.0)

    def _measure(self) -> None:
        """Puts every row under the one before, and takes the height that they need."""
        wanted = self._place(_SAMPLE)
        alone = sum(_is_alone(stop) for stop in self._stops)
        parent = self.parentWidget()
        spare = (parent.height() if parent is not None else self.height()) - wanted
        if alone and spare > alone:
            wanted = self._place(min(_LARGEST, _SAMPLE + spare / alone))
        wanted = wanted if self._stops else 60
        if wanted != self.minimumHeight():
            self.setMinimumHeight(wanted)

    def _place(self, sample: float) -> int:
        """Puts the rows with single samples of a height, and returns the height of all."""
        self._boxes, self._tops = [], []
        top, left = _MARGIN, self._words + _MARGIN
        room = max(40.0, self.width() - left - _MARGIN)
        line = self.fontMetrics().lineSpacing()
        for stop in self._stops:
            boxes = [box.translated(left, top) for box in _drawn(stop, room, sample)]
            high = max(boxes[-1].bottom() - top, line * (1 + len(stop.notes)))
            self._boxes.append(boxes)
            self._tops.append((top, high))
            top += high + self._arrow
        return round(top - self._arrow + _MARGIN)

    def _paint_words(self, painter: QPainter, number: int) -> None:
        stop, (top, _), metrics = self._stops[number], self._tops[number], self.fontMetrics()
        width = int(self._words - 4)
        for place, text in enumerate((stop.name, *stop.notes)):
            painter.setPen(tone(self.palette(), "quiet" if place else "plain"))
            box = QRectF(_MARGIN, top + place * metrics.lineSpacing(), width, metrics.height())
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), elided)

    def _paint_arrow(self, painter: QPainter, number: int) -> None:
        """From the row above, with what happens on the way."""
        palette = self.palette()
        colour = mix(palette.highlight().color(), palette.base().color(), 0.75)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, bottom = self._words + _MARGIN + 12, self._tops[number][0] - 2
        top = bottom - self._arrow + 4
        painter.setPen(QPen(colour, 1.6))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom - 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        head = [QPointF(x - 4, bottom - 5), QPointF(x + 4, bottom - 5), QPointF(x, bottom)]
        painter.drawPolygon(QPolygonF(head))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if arrow := self._stops[number].arrow:
            painter.setPen(tone(palette, "quiet"))
            words = QRectF(x + 12, top - 2, self.width() - x - 16, self._arrow)
            text = self.fontMetrics().elidedText(arrow, Qt.TextElideMode.ElideRight, int(words.width()))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)


def _is_alone(stop: Stop) -> bool:
    """Whether a stop shows a single sample."""
    return stop.ink.kind != "cells" and len(stop.values) == 1


def _drawn(stop: Stop, room: float, sample: float) -> list[QRectF]:
    """Where the drawings of a stop are, from the corner of its room; several break into lines."""
    ink, count = stop.ink, len(stop.values)
    if ink.kind == "cells":
        return [QRectF(0, 0, room, cells_height(ink.shape[0], room))]
    high = sample if count == 1 else _MAP
    if ink.kind == "picture":
        fold = int(high // ink.shape[-2]) * ink.shape[-2]  # whole pixels
        high = float(fold or high)
    wide = high * ink.aspect if ink.kind == "picture" else min(room, high * 3.2)
    if count > 1 and ink.kind != "picture":
        wide = room / max(2, int(room / (wide + _GAP))) - _GAP
    if wide > room:
        wide, high = room, room / ink.aspect
    columns = max(1, int((room + _GAP) / (wide + _GAP) + 1e-6))
    if count > 1:
        columns = -(-count // -(-count // columns))  # lines of about the same length
    return [
        QRectF((i % columns) * (wide + _GAP), (i // columns) * (high + _GAP), wide, high)
        for i in range(count)
    ]


def scrolled(story: QWidget, parent: QWidget) -> QScrollArea:
    """A frame in which a story scrolls down."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumSize(160, 100)
    area.setWidget(story)
    return area
