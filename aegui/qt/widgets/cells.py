"""Many samples in little room: rows of cells that fill a given width, some of them marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.ring import ACTIVATING, led, let_press, paint_ring
from aegui.qt.widgets.stages import Sheet, Strips, paint_plot
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_GAP = 3.0  # pixels between cells
_TALLEST = 76.0  # pixels, a cell
_PLOT = 0.8  # height of a curve or of bars, by its width
_DIM = 150  # opacity of what lies over a marked cell, of 255


class Cells(QWidget):
    """A sheet whose rows may have different numbers of samples; as high as its width asks for."""

    clicked = Signal(int, int)  # row and column of a cell
    reached = Signal(QRectF)  # the cell that the keyboard has come to

    def __init__(self, parent: QWidget | None = None, clickable: bool = False) -> None:
        super().__init__(parent)
        self._at = 0  # the cell that the keyboard is at, counted through the rows
        self._sheet: Sheet | None = None
        self._strips: Strips | None = None
        self._marked: NDArray[np.bool_] | None = None
        self._tips: tuple[Sequence[str], ...] = ()
        self._most = 10_000.0
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if clickable:
            let_press(self)

    @property
    def sheet(self) -> Sheet | None:
        """What is shown."""
        return self._sheet

    @property
    def marked(self) -> NDArray[np.bool_] | None:
        """Which cells (rows, columns) are marked."""
        return self._marked

    def show_sheet(
        self,
        sheet: Sheet | None,
        marked: NDArray[np.bool_] | None = None,
        tips: tuple[Sequence[str], ...] = (),
    ) -> None:
        """Shows samples; ``marked`` (rows, columns) are hatched, ``tips`` say more about each cell."""
        self._sheet, self._marked, self._tips = sheet, marked, tips
        self._strips = Strips(sheet) if sheet is not None and sheet.pictures else None
        names = [row.name for row in sheet.rows if row.name] if sheet is not None else []
        self.setAccessibleDescription(", ".join(names))
        self._fit()
        self.update()

    def set_most(self, height: float) -> None:
        """Pixels that all rows together should not exceed: cells get smaller rather than that."""
        self._most = height
        self._fit()

    def cell(self, row: int, column: int) -> QRectF:
        """Where one sample is."""
        wide, high = self._size()
        row_high = max(high, self._name_height)
        pitch = row_high + _GAP + self._note_line
        left = self._left + max(0.0, (self.width() - self._left - self._columns * (wide + _GAP)) / 2)
        top = self._head_line + row * pitch + (row_high - high) / 2
        return QRectF(left + column * (wide + _GAP), top, wide, high)

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """Row and column of the cell at a place."""
        for row in range(len(self._sheet.rows) if self._sheet else 0):
            for column in range(self._length(row)):
                if self.cell(row, column).contains(place):
                    return row, column
        return None

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What is known of the cell, or of the row whose name is there."""
        found = self.cell_at(place)
        if found is not None and found[0] < len(self._tips):
            return self._tips[found[0]][found[1]]
        rows = range(len(self._sheet.rows)) if self._sheet is not None and place.x() < self._left else ()
        spans = ((row, self.cell(row, 0)) for row in rows)
        inside = [row for row, cell in spans if cell.top() <= place.y() <= cell.bottom()]
        return self._sheet.rows[inside[0]].tip if inside and self._sheet is not None else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = led(event.key(), self._at, self._columns, self._count) if self._count else None
        if wanted is not None:
            self._stand_at(wanted)
        elif event.key() in ACTIVATING and self._at < self._count:
            self.clicked.emit(*divmod(self._at, self._columns))
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stand_at(max(0, min(self._at, self._count - 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        painter = QPainter(self)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(muted)
        for column, head in enumerate(sheet.heads):
            cell = self.cell(0, column)
            box = QRectF(cell.left() - _GAP, 0, cell.width() + 2 * _GAP, self._head_line)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), head)
        for row in range(len(sheet.rows)):
            painter.setPen(muted)
            self._paint_name(painter, row)
            for column in range(self._length(row)):
                self._paint_cell(painter, sheet, row, column)
        if self.hasFocus() and self._at < self._count:
            cell = self.cell(*divmod(self._at, self._columns))
            paint_ring(painter, cell.adjusted(-_GAP, -_GAP, _GAP, _GAP), self.palette())

    def _stand_at(self, place: int) -> None:
        """The keyboard is at a cell."""
        self._at = place
        if place < self._count:
            row, column = divmod(place, self._columns)
            tip = self._tips[row][column].replace("\n", ", ") if row < len(self._tips) else ""
            self.setAccessibleDescription(f"{place + 1} of {self._count}: {tip}")
            self.reached.emit(self.cell(row, column))
        self.update()

    def _paint_name(self, painter: QPainter, row: int) -> None:
        assert self._sheet is not None
        cell, name = self.cell(row, 0), self._sheet.rows[row].name
        box = QRectF(
            cell.left() - self._left, 0, self._left - 2 * _GAP, max(cell.height(), self._name_height)
        )
        box.moveTop(cell.center().y() - box.height() / 2)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(box, right, name)

    def _paint_cell(self, painter: QPainter, sheet: Sheet, row: int, column: int) -> None:
        cell, palette = self.cell(row, column), self.palette()
        if self._strips is not None:
            self._strips.paint(painter, row, column, cell, self._length(row))
        else:
            painter.fillRect(cell, palette.color(QPalette.ColorRole.Base))
            paint_plot(painter, sheet, sheet.rows[row], column, cell, palette)
        if self._marked is not None and self._marked[row, column]:
            self._paint_mark(painter, cell)
        if sheet.rows[row].notes:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            box = QRectF(cell.left() - _GAP, cell.bottom() + 1, cell.width() + 2 * _GAP, self._note_line)
            text = self.fontMetrics().elidedText(
                sheet.rows[row].notes[column], Qt.TextElideMode.ElideRight, int(box.width())
            )
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_mark(self, painter: QPainter, cell: QRectF) -> None:
        ground = QColor(self.palette().color(QPalette.ColorRole.Window))
        ground.setAlpha(_DIM)
        painter.fillRect(cell, ground)
        hatch = QColor(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.fillRect(cell, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(hatch, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(0, 0, -1, -1))

    def _fit(self) -> None:
        wanted = 0.0
        if self._sheet is not None and self._sheet.rows:
            last = self.cell(len(self._sheet.rows) - 1, 0)
            wanted = last.center().y() + max(last.height(), self._name_height) / 2 + self._note_line + _GAP
        if round(wanted) != self.height():
            self.setFixedHeight(round(wanted))

    def _length(self, row: int) -> int:
        return len(self._sheet.rows[row].samples) if self._sheet is not None else 0

    @property
    def _count(self) -> int:
        """How many cells there are; only the last row may be shorter than the others."""
        return sum(len(row.samples) for row in self._sheet.rows) if self._sheet is not None else 0

    @property
    def _columns(self) -> int:
        rows = self._sheet.rows if self._sheet is not None else ()
        return max((len(row.samples) for row in rows), default=1)

    @property
    def _left(self) -> float:
        """Room of the names of the rows."""
        names = [row.name for row in self._sheet.rows] if self._sheet is not None else []
        words = [word for name in names for word in name.split("\n")]
        wide = max((self.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        return wide + 3 * _GAP if wide else 0.0

    @property
    def _name_height(self) -> float:
        """Room that the lines of a name need."""
        names = [row.name for row in self._sheet.rows if row.name] if self._sheet is not None else []
        return max((len(name.split("\n")) for name in names), default=0) * self.fontMetrics().height()

    @property
    def _head_line(self) -> float:
        return self.fontMetrics().height() + 2.0 if self._sheet is not None and self._sheet.heads else 0.0

    @property
    def _note_line(self) -> float:
        noted = self._sheet is not None and any(row.notes for row in self._sheet.rows)
        return self.fontMetrics().height() + 1.0 if noted else 0.0

    def _size(self) -> tuple[float, float]:
        """Width and height of a cell."""
        assert self._sheet is not None
        shape, rows = self._sheet.shape, len(self._sheet.rows)
        ratio = shape[-2] / shape[-1] if self._sheet.pictures else _PLOT
        room = (self._most - self._head_line) / rows - _GAP - self._note_line
        wide = (self.width() - self._left) / self._columns - _GAP
        high = max(8.0, min(wide * ratio, _TALLEST, room))
        if self._sheet.pictures:
            return max(4.0, float(int(high / ratio))), float(int(high))
        return max(4.0, wide), high
