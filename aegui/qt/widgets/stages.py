"""The stages of samples on their way through a network: what a grid shows, and how one cell is painted."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from aegui.plan import Layout
from aegui.qt.widgets.marks import (
    LEAST_BAR,
    Frame,
    paint_area,
    paint_bars,
    paint_curve,
    paint_signed_bars,
)
from aegui.qt.widgets.pixels import mapped_image, picture_image

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_FIRM = (56, 200)  # places on the diverging map for areas and bars below and above zero


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a grid: a name, samples (n, k), what stands under each, and how it is drawn."""

    name: str
    samples: Floats  # (n, k); of a colour picture (n, H·W) where signed
    notes: tuple[str, ...] = ()
    signed: bool = False  # a difference: zero in the middle, blue below and red above
    behind: Floats | None = None  # (n, k): what a curve or bars are to be compared with
    tip: str = ""
    noted: str = "MSEᵢ"  # what the notes are
    colour: str = ""  # of the square before the name; the name is wrapped then
    brief: tuple[str, ...] = ()  # the notes in fewer characters, for narrow columns


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything that a grid shows."""

    shape: tuple[int, ...]  # of one sample
    low: float
    high: float
    head: str  # what stands above each column: "class" or "sample"
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    table: Bytes = field(repr=False)  # (256, 3) diverging
    layout: Layout = "picture"  # of shapes (k,): "signal" is drawn as a curve, any other as bars
    whole: bool = False  # whether columns become narrow before any sample is left out

    @property
    def pictures(self) -> bool:
        """Whether samples are pictures, grey or in colour."""
        return len(self.shape) > 1

    @property
    def scale(self) -> float:
        """What the ends of a difference stand for; that of a curve has the same scale as the curve."""
        span = self.high - self.low
        return span if self.pictures else span / 2

    @property
    def least_width(self) -> float:
        """Pixels that a cell should be wide at least."""
        return LEAST_BAR * self.shape[0] if not self.pictures and self.layout != "signal" else 0.0

    @property
    def places(self) -> int:
        """How many features or pixels can be pointed at."""
        return prod(self.shape[-2:]) if self.pictures else self.shape[0]

    def ends(self, row: Row) -> tuple[float, float]:
        """Values at the foot and the head of the cells of a row."""
        return (-self.scale, self.scale) if row.signed else (self.low, self.high)

    def frame(self, row: Row, cell: QRectF, palette: QPalette) -> Frame:
        """A cell with its axis."""
        return Frame(cell, *self.ends(row), palette)

    @property
    def signs(self) -> tuple[QColor, QColor]:
        """The colours of differences below and above zero."""
        return QColor(*self.table[_FIRM[0]].tolist()), QColor(*self.table[_FIRM[1]].tolist())


def paint_plot(
    painter: QPainter, sheet: Sheet, row: Row, column: int, cell: QRectF, palette: QPalette
) -> None:
    """One sample that is no picture."""
    frame, values = sheet.frame(row, cell, palette), row.samples[column]
    behind = None if row.behind is None else row.behind[column]
    signal = sheet.layout == "signal"
    if row.signed and signal:
        paint_area(painter, frame, values, sheet.signs)
    elif row.signed:
        paint_signed_bars(painter, frame, values, sheet.signs)
    elif signal:
        paint_curve(painter, frame, values, behind)
    else:
        paint_bars(painter, frame, values, behind)


class Strips:
    """The rows of a sheet of pictures as images, made when they are painted and kept while they fit.

    Only samples that are shown are converted. Pictures that are shown smaller than they are get
    scaled once, by the mean over the pixels that become one: taking every third would shimmer.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._made: dict[int, tuple[tuple[int, QSize | None], QImage]] = {}

    def image(self, row: int, column: int) -> QImage:
        """The picture of one cell, one pixel per pixel of the sample."""
        sheet = self._sheet
        return self._strip(row, column + 1, None).copy(self._source(column, sheet.shape[-1], sheet.shape[-2]))

    def paint(self, painter: QPainter, row: int, column: int, cell: QRectF, columns: int) -> None:
        """Draws one of the ``columns`` pictures that a row shows."""
        tall, wide = self._sheet.shape[-2:]
        ratio = painter.device().devicePixelRatioF()
        size = QSize(round(cell.width() * ratio), round(cell.height() * ratio))
        if size.height() < tall and size.width() > 0:
            strip = self._strip(row, columns, size)
            painter.drawImage(cell, strip, QRectF(self._source(column, size.width(), size.height())))
        else:
            strip = self._strip(row, columns, None)
            painter.drawImage(cell, strip, QRectF(self._source(column, wide, tall)))

    def _strip(self, row: int, columns: int, size: QSize | None) -> QImage:
        """The first pictures of a row side by side, each of that size in pixels; None: as they are."""
        kept = self._made.get(row)
        if kept is None or kept[0][0] < columns or kept[0][1] != size:
            kept = ((columns, size), self._convert(row, columns, size))
            self._made[row] = kept
        return kept[1]

    def _convert(self, index: int, columns: int, size: QSize | None) -> QImage:
        sheet, row = self._sheet, self._sheet.rows[index]
        samples, shape = row.samples[:columns], sheet.shape[-2:] if row.signed else sheet.shape
        if size is not None:
            samples, shape = _thinned(samples, shape, size)
        if row.signed:
            strip = mapped_image(samples, shape, sheet.scale, sheet.table)
        else:
            strip = picture_image(samples, shape, sheet.low, sheet.high)
        if size is None:
            return strip
        wide = size.width() * len(samples)
        kept, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return strip.scaled(wide, size.height(), kept, smooth)

    @staticmethod
    def _source(column: int, wide: int, tall: int) -> QRect:
        return QRect(column * wide, 0, wide, tall)


def _thinned(samples: Floats, shape: tuple[int, ...], size: QSize) -> tuple[Floats, tuple[int, ...]]:
    """Very large pictures without some of their pixels, still twice as large as they are shown."""
    step = shape[-2] // (2 * max(1, size.height()))
    if step < 2:
        return samples, shape
    thin = samples.reshape(-1, *shape)[..., ::step, ::step]
    return thin.reshape(len(samples), -1), thin.shape[1:]
