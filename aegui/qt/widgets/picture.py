"""Samples in columns and their stages in rows: a grid that paints in one go."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from aegui.qt.widgets.margin import COLOURED, paint_margin, tick_width
from aegui.qt.widgets.marks import paint_pointer
from aegui.qt.widgets.message import paint_message
from aegui.qt.widgets.places import GAP, Places, Room, curve_size, picture_size, place
from aegui.qt.widgets.ring import ACTIVATING, led, let_press, paint_ring
from aegui.qt.widgets.stages import Row, Sheet, Strips, paint_plot
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_MARGIN = 8  # pixels, right of the last column
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PictureGrid(QWidget):
    """Samples in columns, their stages in rows; keys go from column to column where they can be clicked."""

    hovered = Signal(int, int)  # column, and feature or pixel under the pointer (−1: none)
    clicked = Signal(int)  # column
    left = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None, clickable: bool = False) -> None:
        super().__init__(parent)
        self._at = 0  # the column that the keyboard is at
        self._sheet: Sheet | None = None
        self._strips: Strips | None = None
        self._places: Places | None = None
        self._pointed: tuple[int, int] | None = None
        self.message = ""
        self.setMouseTracking(True)
        self.setMinimumSize(240, 120)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))
        self.setAccessibleName("Test samples on their way through the network")
        if clickable:
            let_press(self)

    @property
    def sheet(self) -> Sheet | None:
        """What is shown."""
        return self._sheet

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Shows other samples; None shows the message."""
        self._sheet, self._places = sheet, None
        self._strips = Strips(sheet) if sheet is not None and sheet.pictures else None
        self.setAccessibleDescription(self.message if sheet is None else _described(sheet))
        self.update()

    def image(self, row: int, column: int) -> QImage:
        """The picture of one cell, one pixel per pixel of the sample."""
        assert self._strips is not None
        return self._strips.image(row, column)

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    @property
    def columns(self) -> int:
        """How many samples fit."""
        return self._sheet_places().columns if self._sheet else 0

    def cell(self, row: int, column: int) -> QRectF:
        """Where one sample is."""
        return self._sheet_places().cell(row, column)

    def notes_of(self, row: Row) -> tuple[str, ...]:
        """What stands beneath the samples of a row: the brief notes where the columns are narrow."""
        places, metrics = self._sheet_places(), self.fontMetrics()
        seen = row.notes[: places.columns]
        narrow = any(metrics.horizontalAdvance(note) > places.pitch - GAP for note in seen)
        return row.brief if row.brief and narrow else row.notes

    def feature_at(self, place: QPointF) -> tuple[int, int] | None:
        """(column, feature or pixel) at a place; −1 between the rows; None outside of all columns."""
        if self._sheet is None:
            return None
        places = self._sheet_places()
        column, row = places.column_at(place.x()), places.row_at(place.y())
        if not 0 <= column < len(self._sheet.heads):
            return None
        return column, _feature(self._sheet.shape, places.cell(row, column), place) if row >= 0 else -1

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What the name of a row means, or the whole of what stands above a column; empty elsewhere."""
        if self._sheet is None:
            return ""
        places = self._sheet_places()
        if place.x() >= places.left:
            column = places.column_at(place.x())
            above = place.y() < places.tops[0] and 0 <= column < min(places.columns, len(self._sheet.heads))
            return self._sheet.heads[column] if above else ""
        row = places.row_at(place.y())
        return self._sheet.rows[row].tip if row >= 0 else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.feature_at(event.position())
        self._point(found)
        if found is None:
            self.left.emit()
        else:
            self.hovered.emit(*found)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.feature_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.clicked.emit(found[0])

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = min(self.columns, len(self._sheet.heads)) if self._sheet is not None else 0
        wanted = led(event.key(), self._at, count, count) if count else None
        if wanted is not None:
            self._stand_at(wanted)
        elif event.key() in ACTIVATING and self._at < count:
            self.clicked.emit(self._at)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._stand_at(max(0, min(self._at, self.columns - 1)))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._places = None

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        painter = QPainter(self)
        if self._sheet is None:
            paint_message(painter, self.rect(), self.palette(), self.message)
        else:
            self._paint_sheet(painter, self._sheet, self._sheet_places())
        if self.hasFocus():
            paint_ring(painter, self._column(self._at), self.palette())
        painter.end()
        self.painted.emit(perf_counter() - start)

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 1

    def _stand_at(self, column: int) -> None:
        """The keyboard is at a column, as if it were pointed at."""
        self._at = column
        if self._sheet is not None:
            if column < len(self._sheet.heads):
                self.setAccessibleDescription(
                    f"{column + 1} of {len(self._sheet.heads)}: {self._sheet.heads[column]}"
                )
            self.hovered.emit(column, -1)
        self.update()

    def _column(self, column: int) -> QRectF:
        """Where a sample is with all of its stages; the whole of it where there is no such sample."""
        if self._sheet is None or column >= min(self.columns, len(self._sheet.heads)):
            return QRectF(self.rect())
        places, foot = self._sheet_places(), self.cell(len(self._sheet.rows) - 1, column)
        notes = self._line if self._sheet.rows[-1].notes else 0
        box = _widened(self.cell(0, column), places, 0, foot.bottom() + notes + 2)
        return box.adjusted(-GAP / 2, 0, GAP / 2, 0)

    def _point(self, found: tuple[int, int] | None) -> None:
        """Marks the feature under the pointer in every stage; a pixel needs no mark."""
        if found != self._pointed:
            self._pointed = found
            if self._sheet is not None and not self._sheet.pictures:
                self.update()

    def _sheet_places(self) -> Places:
        if self._places is None:
            assert self._sheet is not None
            self._places = self._arrange(self._sheet)
        return self._places

    def _arrange(self, sheet: Sheet) -> Places:
        """As many samples, as large, as use the area best."""
        metrics, noted = self.fontMetrics(), tuple(bool(row.notes) for row in sheet.rows)
        left = max(metrics.horizontalAdvance(name) for name in ("reconstructed", sheet.head)) + 18.0
        if any(row.colour for row in sheet.rows):
            left += COLOURED + metrics.horizontalAdvance("MM")
        if not sheet.pictures:
            left += tick_width(metrics)
        top = self._line + 4.0
        samples, text = max(1, len(sheet.heads)), metrics.horizontalAdvance("0.00000")
        if sheet.whole and samples * (text + GAP) > self.width() - left - _MARGIN:
            text = metrics.horizontalAdvance("0.000")
        room = Room(
            width=self.width() - left - _MARGIN,
            height=self.height() - top,
            rows=len(noted),
            notes=sum(noted),
            line=self._line,
            text=text,
            ratio=self.devicePixelRatioF(),
            whole=sheet.whole,
        )
        if sheet.pictures:
            size = picture_size(room, sheet.shape, samples)
        else:
            size = curve_size(room, samples, sheet.least_width)
        return place(room, size, left, top, noted)

    def _muted(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def _paint_sheet(self, painter: QPainter, sheet: Sheet, places: Places) -> None:
        muted = self._muted()
        painter.setPen(muted)
        right = min(places.left, _widened(places.cell(0, 0), places, 2, self._line).left()) - _MARGIN
        painter.drawText(QRectF(0, 2, right, self._line), int(_RIGHT), sheet.head)
        for column, head in enumerate(sheet.heads[: places.columns]):
            cell = places.cell(0, column)
            self._paint_text(painter, _widened(cell, places, 2, self._line), head)
        for index, row in enumerate(sheet.rows):
            paint_margin(painter, sheet, row, places.cell(index, 0), self.palette())
            shown = row.samples[: places.columns]
            for column, known in enumerate(np.isfinite(shown)):
                self._paint_cell(painter, sheet, index, column, places.cell(index, column), bool(known.any()))
            painter.setPen(muted)
            for column, note in enumerate(self.notes_of(row)[: len(shown)]):
                cell = places.cell(index, column)
                self._paint_text(painter, _widened(cell, places, cell.bottom() + 1, self._line), note)

    def _paint_cell(
        self, painter: QPainter, sheet: Sheet, index: int, column: int, cell: QRectF, known: bool
    ) -> None:
        if not known:  # not worked out yet, or diverged: not a black picture
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell)
        elif self._strips is not None:
            self._strips.paint(painter, index, column, cell, self._sheet_places().columns)
        else:
            row = sheet.rows[index]
            paint_plot(painter, sheet, row, column, cell, self.palette())
            if self._pointed is not None and self._pointed[0] == column and self._pointed[1] >= 0:
                frame = sheet.frame(row, cell, self.palette())
                paint_pointer(painter, frame, self._pointed[1], sheet.places)

    def _paint_text(self, painter: QPainter, box: QRectF, text: str) -> None:
        if len(text) > 5 and self.fontMetrics().horizontalAdvance(text) > box.width():
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), text)


def _widened(cell: QRectF, places: Places, top: float, high: float) -> QRectF:
    """The line above or beneath a cell, as wide as its column without the gap to the next one."""
    wide = places.pitch - GAP
    return QRectF(cell.center().x() - wide / 2, top, wide, high)


def _described(sheet: Sheet) -> str:
    rows = ", ".join(row.name for row in sheet.rows)
    return f"{len(sheet.heads)} samples: {rows}"


def _feature(shape: tuple[int, ...], cell: QRectF, place: QPointF) -> int:
    across, down = (place.x() - cell.left()) / cell.width(), (place.y() - cell.top()) / cell.height()
    if len(shape) == 1:
        return min(int(across * shape[0]), shape[0] - 1)
    tall, wide = shape[-2:]
    return min(int(down * tall), tall - 1) * wide + min(int(across * wide), wide - 1)
