"""The units of a code in a scrolled area, which paints what is on screen; mouse and keys select one."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from aegui.analysis.units import Ints, Units
from aegui.qt.theme import Theme
from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.words import smaller
from aegui.runs.plates import Plate

PRINTED = 64  # units on paper
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


def printed(order: Ints) -> str:
    """Which units are on paper."""
    total = len(order)
    return f"{total:,} units" if total <= PRINTED else f"the first {PRINTED:,} of {total:,} units"


class UnitArea(QAbstractScrollArea):
    """Cells of equal size, a unit each, in an order. Subclasses say how large they are, and paint them."""

    picked = Signal(int)  # a unit
    hovered = Signal(object, QPointF)  # a unit or None, and where the pointer is in the viewport
    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.units: Units | None = None
        self.order: Ints = np.zeros(0, np.int64)
        self.selected = 0
        self.message = ""
        self._grid = (1, 1.0, 1.0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(smaller(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setMouseTracking(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.setMinimumSize(200, 60)

    def show_units(self, units: Units | None, order: Ints, selected: int) -> None:
        """Shows units in an order; None shows the message."""
        self.units, self.order, self.selected = units, order, selected
        self._arrange()
        self.viewport().update()

    def select(self, unit: int) -> None:
        """Marks a unit and scrolls to it."""
        self.selected = unit
        place = self._place_of(unit)
        if place >= 0:
            self._reveal(self.cell(place))
        self.viewport().update()

    def plates(self) -> tuple[Plate, ...]:
        """The units for paper, of many the first ones; none while there are none."""
        raise NotImplementedError

    def grid(self) -> tuple[int, float, float]:
        """Cells in a line, and the width and the height of a cell in pixels."""
        raise NotImplementedError

    def margins(self) -> tuple[float, float]:
        """Pixels left of all cells and above them, which do not scroll."""
        return 0.0, 0.0

    def paint_units(self, painter: QPainter, places: range) -> None:
        """Paints the cells at these places of the order."""
        raise NotImplementedError

    def cell(self, place: int) -> QRectF:
        """Where a cell is in the viewport, by its place in the order."""
        columns, wide, high = self._grid
        row, column = divmod(place, columns)
        left, top = self.margins()
        x = left + column * wide - self.horizontalScrollBar().value()
        return QRectF(x, top + row * high - self.verticalScrollBar().value(), wide, high)

    def unit_at(self, point: QPointF) -> int | None:
        """The unit under a place in the viewport."""
        (columns, wide, high), (left, top) = self._grid, self.margins()
        if self.units is None or point.x() < left or point.y() < top:
            return None
        column = int((point.x() - left + self.horizontalScrollBar().value()) // wide)
        row = int((point.y() - top + self.verticalScrollBar().value()) // high)
        place = row * columns + column
        inside = column < columns and place < len(self.order)
        return int(self.order[place]) if inside else None

    def places_on_screen(self) -> range:
        """Places of the order that can be seen."""
        (columns, wide, high), (left, top) = self._grid, self.margins()
        room = self.viewport().size()
        if columns >= len(self.order):
            first, count = int(self.horizontalScrollBar().value() // wide), int((room.width() - left) // wide)
            return range(first, min(len(self.order), first + count + 2))
        first = int(self.verticalScrollBar().value() // high) * columns
        count = (int((room.height() - top) // high) + 2) * columns
        return range(first, min(len(self.order), first + count))

    def paint_selection(self, painter: QPainter) -> None:
        """A frame around the selected unit."""
        place = self._place_of(self.selected)
        if place < 0:
            return
        role = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.PlaceholderText
        painter.setPen(QPen(self.palette().color(role), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.cell(place).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        start = perf_counter()
        painter = QPainter(self.viewport())
        if self.units is None or not len(self.order):
            paint_message(painter, self.viewport().rect(), self.palette(), self.message)
        else:
            self.paint_units(painter, self.places_on_screen())
        painter.end()
        self.painted.emit(perf_counter() - start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, place = Qt.Key(event.key()), self._place_of(self.selected)
        last = len(self.order) - 1
        if key in _STEPS and place >= 0:
            across, down = _STEPS[key]
            wanted = place + across + down * self._grid[0]
            self._pick(wanted if 0 <= wanted <= last else place)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and place >= 0:
            self._pick(0 if key == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = self.unit_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and unit is not None:
            self.setFocus()
            self._pick(self._place_of(unit))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self.unit_at(event.position()), event.position())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit(None, QPointF())
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def _pick(self, place: int) -> None:
        unit = int(self.order[place])
        self.select(unit)
        self.picked.emit(unit)

    def _place_of(self, unit: int) -> int:
        found = np.flatnonzero(self.order == unit)
        return int(found[0]) if len(found) else -1

    def _reveal(self, cell: QRectF) -> None:
        """Scrolls so far that a cell is whole on screen."""
        left, top = self.margins()
        room = QRect(self.viewport().rect()).adjusted(int(left), int(top), 0, 0)
        for bar, first, last, low, high in (
            (self.horizontalScrollBar(), cell.left(), cell.right(), room.left(), room.right() + 1),
            (self.verticalScrollBar(), cell.top(), cell.bottom(), room.top(), room.bottom() + 1),
        ):
            if first < low:
                bar.setValue(int(bar.value() + first - low))
            elif last > high:
                bar.setValue(round(bar.value() + last - high))

    def _arrange(self) -> None:
        """How far there is to scroll."""
        if self.units is None or not len(self.order):
            self.horizontalScrollBar().setRange(0, 0)
            self.verticalScrollBar().setRange(0, 0)
            return
        self._grid = columns, wide, high = self.grid()
        left, top = self.margins()
        rows, room = -(-len(self.order) // columns), self.viewport().size()
        for bar, size, page, step in (
            (self.horizontalScrollBar(), left + columns * wide, room.width(), wide),
            (self.verticalScrollBar(), top + rows * high, room.height(), high),
        ):
            bar.setRange(0, max(0, round(size - page)))
            bar.setPageStep(page)
            bar.setSingleStep(max(1, round(step)))
