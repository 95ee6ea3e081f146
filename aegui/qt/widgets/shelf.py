"""A line of samples, each with a few words beneath it, of which one can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from aegui.data.dataset import Dataset
from aegui.qt.widgets.marks import Frame, bar_ends, curve_ends, paint_bars, paint_curve
from aegui.qt.widgets.pixels import picture_image
from aegui.qt.widgets.ring import paint_ring, reached
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

Floats = NDArray[np.float32]

MOST = 16  # samples
_LARGEST = 72.0  # pixels, side of a sample
_LEAST = 14.0
_GAP = 4.0
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, eq=False)
class Item:
    """One sample on a shelf."""

    key: int
    values: Floats = field(repr=False)  # (k,) in scaled units
    words: tuple[str, ...]  # a line each, the most important one last
    tip: str = ""


class Shelf(QWidget):
    """As many samples as there is room for, from the left. ``chosen`` is the user's choice alone."""

    chosen = Signal(int)  # the key of a sample

    def __init__(self, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._tip = tip
        self._items: tuple[Item, ...] = ()
        self._dataset: Dataset | None = None
        self._key = -1
        self._by_keys = False  # whether the focus came by the keyboard
        self.setFont(smaller(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(title)

    @property
    def title(self) -> str:
        """What stands above it."""
        return self._title

    @property
    def items(self) -> tuple[Item, ...]:
        """What is on the shelf, also what finds no room."""
        return self._items

    def show_items(self, items: Sequence[Item], dataset: Dataset | None) -> None:
        """Shows other samples of a data set."""
        self._items, self._dataset = tuple(items), dataset
        self.setAccessibleDescription("; ".join(", ".join(item.words) for item in items))
        self.update()

    def show_chosen(self, key: int) -> None:
        """Marks the sample with this key, if it is here."""
        if key != self._key:
            self._key = key
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 4 * self.fontMetrics().height() + 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(90, 2 * self.fontMetrics().height() + round(_LEAST) + 2)

    @property
    def shown(self) -> int:
        """How many samples find room."""
        return min(len(self._items), max(1, int((self.width() + _GAP) // (self._pitch + _GAP))))

    def cell(self, place: int) -> QRectF:
        """Where the picture of a sample is."""
        left = place * (self._pitch + _GAP) + (self._pitch - self._side) / 2
        return QRectF(left, self._line + 1, self._side, self._side)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What is known of the sample at a place; elsewhere what they all are."""
        index = self._place_at(place)
        return self._items[index].tip if index >= 0 else self._tip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(self._items[place].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._items:
            event.ignore()
            return
        keys = [item.key for item in self._items[: self.shown]]
        place = keys.index(self._key) + step if self._key in keys else 0
        self.chosen.emit(keys[min(max(place, 0), len(keys) - 1)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keys = reached(event, self._by_keys)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        role = QPalette.ColorRole.Link if self.hasFocus() else QPalette.ColorRole.WindowText
        painter.setPen(palette.color(role))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        title = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, 0, self.width(), self._line), flags, title)
        for place in range(self.shown):
            self._paint_item(painter, place)
        if self._by_keys and self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(0, self._line - 2, 0, 0), palette)

    @property
    def _line(self) -> float:
        return float(self.fontMetrics().height())

    @property
    def _lines(self) -> int:
        """Lines of words that find room beneath samples of a fair size."""
        most = max((len(item.words) for item in self._items), default=1)
        room = self.height() - self._line - 2
        return max(1, min(most, int((room - 26) // self._line)))

    @property
    def _side(self) -> float:
        room = self.height() - (1 + self._lines) * self._line - 4
        return min(_LARGEST, max(_LEAST, room))

    @property
    def _pitch(self) -> float:
        metrics = self.fontMetrics()
        words = (word for item in self._items for word in item.words)
        widest = max((metrics.horizontalAdvance(word) + 1 for word in words), default=0)
        return max(self._side, metrics.horizontalAdvance("0.00000"), min(widest, _LARGEST))

    def _place_at(self, at: QPointF) -> int:
        place = int(at.x() // (self._pitch + _GAP))
        return place if 0 <= place < self.shown and at.y() > self._line else -1

    def _paint_item(self, painter: QPainter, place: int) -> None:
        item, cell, dataset = self._items[place], self.cell(place), self._dataset
        if dataset is not None:
            paint_sample(painter, cell, item.values, dataset, self.palette())
        if item.key == self._key:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(-1, -1, 1, 1))
        painter.setPen(tone(self.palette(), "quiet"))
        box = QRectF(cell.center().x() - self._pitch / 2, cell.bottom() + 1, self._pitch, self._line)
        for words in item.words[-self._lines :]:
            text = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
            painter.drawText(box, _CENTRE, text)
            box.translate(0, self._line)


def paint_sample(
    painter: QPainter, cell: QRectF, values: Floats, dataset: Dataset, palette: QPalette
) -> None:
    """One sample (k,) in scaled units: its picture without distortion, its curve or its bars."""
    if len(dataset.shape) > 1:
        image = picture_image(values, dataset.shape, dataset.low, dataset.high)
        scale = min(cell.width() / image.width(), cell.height() / image.height())
        target = QRectF(0, 0, image.width() * scale, image.height() * scale)
        target.moveCenter(cell.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
        painter.drawImage(target, image)
    elif dataset.layout == "signal":
        paint_curve(painter, Frame(cell, *curve_ends(values), palette), values)
    else:
        paint_bars(painter, Frame(cell, *bar_ends(values), palette), values)
