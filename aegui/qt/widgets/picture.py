"""Samples as pictures: numpy arrays as images, and a grid of them that paints in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from aegui.qt.widgets.places import Places, Room, curve_size, picture_size, place
from aegui.qt.widgets.words import smaller

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_MARGIN = 8  # pixels, right of the last column
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def grey_image(values: Floats, shape: tuple[int, ...], low: float, high: float) -> QImage:
    """Samples (n, k) or one (k,) as grey pictures side by side, ``low`` black, ``high`` white."""
    return _strip(values, shape, low, high, np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1))


def mapped_image(values: Floats, shape: tuple[int, ...], scale: float, table: Bytes) -> QImage:
    """Samples (n, k) or one (k,) side by side on a diverging map (256, 3) from −scale to scale."""
    return _strip(values, shape, -scale, scale, table)


def _strip(values: Floats, shape: tuple[int, ...], low: float, high: float, table: Bytes) -> QImage:
    """Pictures in 32 bits, which Qt scales fastest; not finite is drawn as nothing: zero or the low end."""
    nothing = float(np.clip(0, low, high))
    clean = np.nan_to_num(values, nan=nothing, posinf=high, neginf=low)
    levels = np.clip(np.rint((clean - low) * (255 / ((high - low) or 1.0))), 0, 255).astype(np.uint8)
    words = table.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32) | np.uint32(0xFF000000)
    tall, wide = shape[:2]
    strip = np.ascontiguousarray(words[levels].reshape(-1, tall, wide).transpose(1, 0, 2)).reshape(tall, -1)
    return QImage(strip.data, strip.shape[1], tall, 4 * strip.shape[1], QImage.Format.Format_RGB32).copy()


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a grid: a name, samples (n, k), what stands under each, and how it is drawn."""

    name: str
    samples: Floats
    notes: tuple[str, ...] = ()
    signed: bool = False  # drawn on the diverging map, zero in the middle


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything that a grid shows."""

    shape: tuple[int, ...]  # of one sample; of length 1: drawn as a curve
    low: float
    high: float
    head: str  # what stands above each column: "class" or "sample"
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    table: Bytes = field(repr=False)  # (256, 3) diverging

    @property
    def scale(self) -> float:
        """What the ends of the diverging map stand for."""
        return self.high - self.low


class PictureGrid(QWidget):
    """Samples in columns, their stages in rows."""

    hovered = Signal(int, int)  # column, and feature under the pointer (−1: none)
    left = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._strips: list[QImage] = []  # of each row
        self._places: Places | None = None
        self.message = ""
        self.setMouseTracking(True)
        self.setMinimumSize(240, 120)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFont(smaller(self.font()))

    @property
    def sheet(self) -> Sheet | None:
        """What is shown."""
        return self._sheet

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Shows other pictures; None shows the message."""
        self._sheet, self._places = sheet, None
        self._strips = []
        if sheet is not None and len(sheet.shape) > 1:
            self._strips = [_row_image(sheet, row) for row in sheet.rows]
        self.update()

    def image(self, row: int, column: int) -> QImage:
        """The picture of one cell, one pixel per feature."""
        assert self._sheet is not None
        return self._strips[row].copy(self._source(self._sheet, column))

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    @property
    def columns(self) -> int:
        """How many samples fit."""
        return self._sheet_places().columns if self._sheet else 0

    def cell(self, row: int, column: int) -> QRectF:
        """Where one picture is."""
        return self._sheet_places().cell(row, column)

    def feature_at(self, place: QPointF) -> tuple[int, int] | None:
        """(column, feature) at a place; feature −1 between pictures; None outside of all columns."""
        if self._sheet is None:
            return None
        places = self._sheet_places()
        column, row = places.column_at(place.x()), places.row_at(place.y())
        if column < 0:
            return None
        return column, _feature(self._sheet.shape, places.cell(row, column), place) if row >= 0 else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.feature_at(event.position())
        if found is None:
            self.left.emit()
        else:
            self.hovered.emit(*found)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._places = None

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        painter = QPainter(self)
        if self._sheet is None:
            painter.setPen(self._muted())
            centre = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), centre, self.message)
        else:
            self._paint_sheet(painter, self._sheet, self._sheet_places())
        painter.end()
        self.painted.emit(perf_counter() - start)

    @property
    def _line(self) -> int:
        return self.fontMetrics().height() + 1

    def _sheet_places(self) -> Places:
        if self._places is None:
            assert self._sheet is not None
            self._places = self._arrange(self._sheet)
        return self._places

    def _arrange(self, sheet: Sheet) -> Places:
        """As many samples, as large, as use the area best."""
        metrics, noted = self.fontMetrics(), tuple(bool(row.notes) for row in sheet.rows)
        left = max(metrics.horizontalAdvance(name) for name in ("reconstructed", sheet.head)) + 18.0
        top = self._line + 4.0
        room = Room(
            width=self.width() - left - _MARGIN,
            height=self.height() - top,
            rows=len(noted),
            notes=sum(noted),
            line=self._line,
            text=metrics.horizontalAdvance("0.00000"),
            ratio=self.devicePixelRatioF(),
        )
        samples = max(1, len(sheet.heads))
        picture = len(sheet.shape) > 1
        size = picture_size(room, sheet.shape, samples) if picture else curve_size(room, samples)
        return place(room, size, left, top, noted)

    @staticmethod
    def _source(sheet: Sheet, column: int) -> QRect:
        return QRect(column * sheet.shape[1], 0, sheet.shape[1], sheet.shape[0])

    def _muted(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def _paint_sheet(self, painter: QPainter, sheet: Sheet, places: Places) -> None:
        painter.setPen(self._muted())
        painter.drawText(QRectF(6, 2, places.left - 14, self._line), int(_RIGHT), sheet.head)
        for column, head in enumerate(sheet.heads[: places.columns]):
            cell = places.cell(0, column)
            self._paint_text(painter, _widened(cell, places, 2, self._line), head)
        for index, row in enumerate(sheet.rows):
            self._paint_name(painter, sheet, row, places.cell(index, 0))
            for column in range(min(places.columns, len(row.samples))):
                self._paint_cell(painter, sheet, index, column, places)

    def _paint_cell(self, painter: QPainter, sheet: Sheet, index: int, column: int, places: Places) -> None:
        row, cell = sheet.rows[index], places.cell(index, column)
        if self._strips:
            painter.drawImage(cell, self._strips[index], QRectF(self._source(sheet, column)))
        else:
            ends = (-sheet.scale, sheet.scale) if row.signed else (sheet.low, sheet.high)
            paint_curve(painter, cell, row.samples[column], *ends, self.palette())
        if row.notes:
            self._paint_text(
                painter, _widened(cell, places, cell.bottom() + 1, self._line), row.notes[column]
            )

    def _paint_text(self, painter: QPainter, box: QRectF, text: str) -> None:
        painter.setPen(self._muted())
        if len(text) > 5 and self.fontMetrics().horizontalAdvance(text) > box.width():
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_name(self, painter: QPainter, sheet: Sheet, row: Row, cell: QRectF) -> None:
        box = QRectF(6, cell.top(), cell.left() - 14, cell.height())
        if row.signed and cell.height() > 3 * self._line:
            box.setHeight(cell.height() - 1.6 * self._line)
            self._paint_scale(painter, sheet, QRectF(6, box.bottom(), box.width(), 1.6 * self._line))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), row.name)
        if row.notes:
            under = QRectF(6, cell.bottom() + 1, cell.left() - 14, self._line)
            painter.setPen(self._muted())
            painter.drawText(under, int(_RIGHT), "MSE")

    def _paint_scale(self, painter: QPainter, sheet: Sheet, box: QRectF) -> None:
        """The diverging map as a bar, with its ends and its middle."""
        strip = mapped_image(np.linspace(-1, 1, 256, dtype=np.float32), (1, 256), 1.0, sheet.table)
        bar = QRectF(box.left(), box.top(), box.width(), 6)
        painter.drawImage(bar, strip)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(bar)
        painter.setPen(self._muted())
        words = QRectF(box.left(), bar.bottom() + 1, box.width(), self._line)
        flags = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for flag, text in zip(flags, (f"−{sheet.scale:.3g}", "0", f"+{sheet.scale:.3g}"), strict=True):
            painter.drawText(words, int(flag), text)


def paint_curve(
    painter: QPainter, cell: QRectF, values: Floats, low: float, high: float, palette: QPalette
) -> None:
    """One sample (k,) as a curve in a frame, from ``low`` at its foot to ``high``, with a line at zero."""
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(cell)
    if low < 0 < high:
        zero = cell.bottom() + low / (high - low) * cell.height()
        painter.drawLine(QPointF(cell.left(), zero), QPointF(cell.right(), zero))
    share = np.clip(np.nan_to_num((values - low) / ((high - low) or 1.0)), 0, 1)
    x = cell.left() + (np.arange(len(values)) + 0.5) / len(values) * cell.width()
    y = cell.bottom() - share * cell.height()
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1))
    painter.drawPolyline(QPolygonF([QPointF(*p) for p in zip(x.tolist(), y.tolist(), strict=True)]))


def _widened(cell: QRectF, places: Places, top: float, high: float) -> QRectF:
    """The line above or beneath a cell, as wide as its column."""
    return QRectF(cell.center().x() - places.pitch / 2, top, places.pitch, high)


def _row_image(sheet: Sheet, row: Row) -> QImage:
    if row.signed:
        return mapped_image(row.samples, sheet.shape, sheet.scale, sheet.table)
    return grey_image(row.samples, sheet.shape, sheet.low, sheet.high)


def _feature(shape: tuple[int, ...], cell: QRectF, place: QPointF) -> int:
    across, down = (place.x() - cell.left()) / cell.width(), (place.y() - cell.top()) / cell.height()
    if len(shape) == 1:
        return min(int(across * shape[0]), shape[0] - 1)
    return min(int(down * shape[0]), shape[0] - 1) * shape[1] + min(int(across * shape[1]), shape[1] - 1)
