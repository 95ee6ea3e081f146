"""Numbers as one small drawing: a picture, a curve, bars, or a cell for each unit of a layer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen

from aegui.qt.widgets.marks import Frame, paint_area, paint_bars, paint_curve, paint_signed_bars
from aegui.qt.widgets.pixels import levels, mapped_image, picture_image

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Kind = Literal["picture", "signal", "bars", "cells"]

_FIRM = (56, 200)  # places on the diverging map for areas and bars below and above zero
_CELLS = (4.0, 18.0)  # least and greatest side of a cell, pixels
_HIGH, _MANY = 56.0, 300  # pixels that cells should not exceed, or twice as many from so many units on
_APART = 6.0  # side of a cell from which on there are lines between cells
_WORDY = QSizeF(50, 22)  # a cell with its value in it


@dataclass(frozen=True, eq=False)
class Ink:
    """How numbers (m, k) of one shape are drawn. With a ``table`` zero is in its middle."""

    kind: Kind
    shape: tuple[int, ...]  # of one drawing: (H, W), (3, H, W) or (k,)
    low: float
    high: float
    table: Bytes | None = field(default=None, repr=False)  # (256, 3) diverging

    @property
    def aspect(self) -> float:
        """Width by height."""
        if self.kind == "picture":
            return self.shape[-1] / self.shape[-2]
        return 1.7 if self.kind == "signal" else max(1.4, min(3.0, self.shape[0] / 12))

    def image(self, values: Floats) -> QImage | None:
        """A picture, one pixel per number; None for what is not drawn as one."""
        if self.kind != "picture":
            return None
        if self.table is None or len(self.shape) == 3:
            return picture_image(values, self.shape, self.low, self.high)
        return mapped_image(values, self.shape, self.high, self.table)

    def paint(
        self, painter: QPainter, box: QRectF, values: Floats, image: QImage | None, palette: QPalette
    ) -> None:
        """One drawing (k,) in a box; ``image`` is what :meth:`image` made of it."""
        if self.kind == "cells":
            self._paint_cells(painter, box, values, palette)
            return
        if image is not None:
            shrunk = box.width() * painter.device().devicePixelRatioF() < image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
            painter.drawImage(box, image)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            return
        frame = Frame(box, self.low, self.high, palette)
        if self.table is None:
            (paint_curve if self.kind == "signal" else paint_bars)(painter, frame, values)
        else:
            signs = QColor(*self.table[_FIRM[0]].tolist()), QColor(*self.table[_FIRM[1]].tolist())
            (paint_area if self.kind == "signal" else paint_signed_bars)(painter, frame, values, signs)

    def feature_at(self, box: QRectF, place: QPointF) -> int:
        """The number that is drawn at a place, −1 for none."""
        if not box.contains(place):
            return -1
        if self.kind == "cells":
            return _Cells(self.shape[0], box.width()).index_at(place - box.topLeft())
        across = (place.x() - box.left()) / box.width()
        if self.kind != "picture":
            return min(self.shape[0] - 1, int(across * self.shape[0]))
        tall, wide = self.shape[-2:]
        row = min(tall - 1, int((place.y() - box.top()) / box.height() * tall))
        return row * wide + min(wide - 1, int(across * wide))

    def value_at(self, values: Floats, feature: int) -> tuple[float, ...]:
        """The numbers (one, or one for each colour) of a feature of one drawing."""
        if len(self.shape) == 3:
            return tuple(values.reshape(self.shape[0], -1)[:, feature].tolist())
        return (float(values[feature]),)

    def _paint_cells(self, painter: QPainter, box: QRectF, values: Floats, palette: QPalette) -> None:
        assert self.table is not None
        cells = _Cells(len(values), box.width())
        lines, empty = -(-len(values) // cells.columns), -len(values) % cells.columns
        folded = np.concatenate([values, np.zeros(empty, np.float32)])
        image = mapped_image(folded, (lines, cells.columns), self.high, self.table)
        wide, high = cells.size.width(), cells.size.height()
        whole = QRectF(box.left(), box.top(), cells.columns * wide, lines * high)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(whole, image)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        if wide >= _APART:
            painter.drawLines(_grid(whole, cells.columns, lines))
        if empty:
            rest = QRectF(whole.right() - empty * wide + 1, whole.bottom() - high + 1, empty * wide, high)
            painter.fillRect(rest, palette.base())
        if cells.wordy:
            for index, level in enumerate(levels(values, self.low, self.high)):
                ground = QColor(*self.table[level].tolist())
                self._write(
                    painter, cells.cell(index).translated(box.topLeft()), float(values[index]), ground
                )

    @staticmethod
    def _write(painter: QPainter, cell: QRectF, value: float, ground: QColor) -> None:
        pen = painter.pen()
        painter.setPen(QColor("#111111" if ground.lightnessF() > 0.5 else "#f4f4f4"))
        text = f"{value:.3g}".replace("-", "−") if math.isfinite(value) else "NaN"
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.setPen(pen)


def _grid(whole: QRectF, columns: int, lines: int) -> list[QLineF]:
    """The edges of cells."""
    down = np.linspace(whole.left(), whole.right(), columns + 1)
    across = np.linspace(whole.top(), whole.bottom(), lines + 1)
    found = [QLineF(x, whole.top(), x, whole.bottom()) for x in down.tolist()]
    return found + [QLineF(whole.left(), y, whole.right(), y) for y in across.tolist()]


def cells_height(count: int, width: float) -> float:
    """Pixels that the cells of so many units take in a width."""
    return _Cells(count, width).height


class _Cells:
    """Cells of a layer, folded into lines: each with its value where there are few."""

    def __init__(self, count: int, width: float) -> None:
        self.count = max(1, count)
        self.wordy = self.count * _WORDY.width() <= width
        side = self._side(width)
        self.size = _WORDY if self.wordy else QSizeF(side, side)
        lines = -(-self.count // max(1, int(width // self.size.width())))
        self.columns = -(-self.count // lines)  # so that the last line is about as long as the others

    def _side(self, width: float) -> float:
        (least, side), most = _CELLS, _HIGH * (2 if self.count > _MANY else 1)
        while side > least and -(-self.count // max(1, int(width // side))) * side > most:
            side -= 1
        return side

    @property
    def height(self) -> float:
        """Of all lines."""
        return -(-self.count // self.columns) * self.size.height()

    def cell(self, index: int) -> QRectF:
        """Where a unit is, from the corner of the box."""
        row, column = divmod(index, self.columns)
        place = QPointF(column * self.size.width(), row * self.size.height())
        return QRectF(place, self.size - QSizeF(1, 1))

    def index_at(self, place: QPointF) -> int:
        """The unit at a place, −1 for none."""
        column, row = int(place.x() // self.size.width()), int(place.y() // self.size.height())
        index = row * self.columns + column
        return index if 0 <= column < self.columns and 0 <= index < self.count else -1
