"""A sample that is no picture, in a frame: a curve for a signal, a bar per column for a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from aegui.qt.widgets.tint import mix, tone

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LEAST_BAR = 2.0  # pixels, from one column of a table to the next
_BAR = 0.62  # of the width of a column
_WIDEST_BAR = 16.0
_HEADROOM = 0.12  # of the range of the originals, for what goes beyond them
_NOISE_ROOM = 0.5  # of that range, for noise
_DENSE = 3  # features per pixel from which a curve is drawn by its ends in each pixel


@dataclass(frozen=True, eq=False)
class Frame:
    """A cell with the values at its foot and head, and the palette that it is painted from."""

    cell: QRectF
    low: float
    high: float
    palette: QPalette

    @property
    def zero(self) -> float:
        """The height of zero, or of the end that is nearest to it."""
        share = -self.low / ((self.high - self.low) or 1.0)
        return self.cell.bottom() - min(max(share, 0.0), 1.0) * self.cell.height()

    def heights(self, values: NDArray[np.floating]) -> Doubles:
        """Values as places from top to bottom; beyond the ends they stay at the edge, NaN at zero."""
        scale = self.cell.height() / ((self.high - self.low) or 1.0)
        downwards = (self.low - values) * scale + self.cell.bottom()
        if not np.isfinite(downwards.sum()):
            downwards[np.isnan(downwards)] = self.zero
        found: Doubles = np.clip(downwards, self.cell.top(), self.cell.bottom(), dtype=np.float64)
        return found

    def centres(self, count: int) -> Doubles:
        """Places from left to right of so many features."""
        return self.cell.left() + (np.arange(count) + 0.5) / count * self.cell.width()

    def slot(self, feature: int, count: int) -> QRectF:
        """The column of one feature."""
        wide = self.cell.width() / count
        return QRectF(self.cell.left() + feature * wide, self.cell.top(), wide, self.cell.height())


def curve_ends(originals: Floats, noisy: Floats | None = None) -> tuple[float, float]:
    """Foot and head of an axis for signals: the originals, with room for what goes beyond them."""
    finite = originals[np.isfinite(originals)]
    ends = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return _roomy(*ends, noisy)


def bar_ends(originals: Floats, noisy: Floats | None = None) -> tuple[float, float]:
    """Foot and head of an axis for rows of a table: zero and the originals, with room around them."""
    finite = originals[np.isfinite(originals)]
    low, high = _roomy(float(finite.min(initial=0)), float(finite.max(initial=0)), noisy)
    negative = finite.min(initial=0) < 0 or (noisy is not None and bool((noisy < 0).any()))
    return (low if negative else 0.0), high


def _roomy(low: float, high: float, noisy: Floats | None) -> tuple[float, float]:
    """Both ends farther out by a little, and for noise by up to half of the span."""
    span = (high - low) or 1.0
    least, most = low - _HEADROOM * span, high + _HEADROOM * span
    if noisy is not None and np.isfinite(noisy).any():
        fine = noisy[np.isfinite(noisy)]
        least = max(min(least, float(fine.min())), low - _NOISE_ROOM * span)
        most = min(max(most, float(fine.max())), high + _NOISE_ROOM * span)
    return least, most


def paint_frame(painter: QPainter, frame: Frame) -> None:
    """The edge of a cell, and a line at zero where it lies within."""
    painter.setPen(QPen(frame.palette.color(QPalette.ColorRole.Mid), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.cell)
    if frame.low < 0 < frame.high:
        painter.drawLine(QLineF(frame.cell.left(), frame.zero, frame.cell.right(), frame.zero))


def paint_curve(painter: QPainter, frame: Frame, values: Floats, behind: Floats | None = None) -> None:
    """One sample (k,) as a curve; ``behind`` is what it should be, as a quiet one.

    Lines are one pixel wide: Qt takes ten times as long for wider ones.
    """
    paint_frame(painter, frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    role = QPalette.ColorRole.Text
    if behind is not None:
        painter.setPen(QPen(behind_colour(frame.palette, signal=True), 1))
        painter.drawPolyline(_line(frame, behind))
        role = QPalette.ColorRole.Highlight
    painter.setPen(QPen(frame.palette.color(role), 1))
    painter.drawPolyline(_line(frame, values))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_bars(painter: QPainter, frame: Frame, values: Floats, behind: Floats | None = None) -> None:
    """One sample (k,) as a bar per column; ``behind`` is what each should be, as a dash across it."""
    paint_frame(painter, frame)
    text, accent = (
        frame.palette.color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Highlight)
    )
    ground = frame.palette.color(QPalette.ColorRole.Base)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(text, ground, 0.55) if behind is None else mix(accent, ground, 0.7))
    painter.drawRects(_bars(frame, values))
    if behind is not None:
        painter.setBrush(text)
        painter.drawRects(_dashes(frame, behind))


def paint_area(painter: QPainter, frame: Frame, values: Floats, colours: tuple[QColor, QColor]) -> None:
    """A difference (k,) as an area from zero, in one colour below and another one above it."""
    paint_frame(painter, frame)
    painter.setPen(Qt.PenStyle.NoPen)
    x, heights = frame.centres(len(values)), frame.heights(values)
    x = np.concatenate([x[:1], x, x[-1:]])
    for limit, colour in zip((np.maximum, np.minimum), colours, strict=True):
        y = np.full(len(x), frame.zero)
        y[1:-1] = limit(heights, frame.zero)  # heights count downwards
        painter.setBrush(colour)
        painter.drawPolygon(arrayToQPolygonF(x, y))


def paint_signed_bars(
    painter: QPainter, frame: Frame, values: Floats, colours: tuple[QColor, QColor]
) -> None:
    """A difference (k,) as a bar per column, in one colour below zero and another one above it."""
    paint_frame(painter, frame)
    painter.setPen(Qt.PenStyle.NoPen)
    bars, above = _bars(frame, values), (values > 0).tolist()
    for side, colour in enumerate(colours):
        painter.setBrush(colour)
        painter.drawRects([bar for bar, high in zip(bars, above, strict=True) if high == side])


def paint_pointer(painter: QPainter, frame: Frame, feature: int, count: int) -> None:
    """Marks the feature under the pointer."""
    colour = frame.palette.color(QPalette.ColorRole.Text)
    colour.setAlpha(40)
    slot = frame.slot(feature, count)
    wide = max(slot.width(), 3.0)
    painter.fillRect(QRectF(slot.center().x() - wide / 2, slot.top(), wide, slot.height()), colour)


def behind_colour(palette: QPalette, signal: bool) -> QColor:
    """The colour of what a curve or bars are compared with."""
    if not signal:
        return palette.color(QPalette.ColorRole.Text)
    return mix(tone(palette, "quiet"), palette.color(QPalette.ColorRole.Base), 0.65)


def _line(frame: Frame, values: Floats) -> QPolygonF:
    """A curve; of many features in a pixel only the least and the greatest, which look the same."""
    x, per_pixel = frame.centres(len(values)), int(len(values) / max(1.0, frame.cell.width()))
    if per_pixel >= _DENSE:
        whole = len(values) // per_pixel * per_pixel
        parts = np.nan_to_num(values[:whole]).reshape(-1, per_pixel)
        values = np.stack([parts.min(axis=1), parts.max(axis=1)], axis=1).ravel()
        x = np.repeat(x[:whole:per_pixel], 2)
    polygon: QPolygonF = arrayToQPolygonF(x, frame.heights(values))
    return polygon


def _bars(frame: Frame, values: Floats) -> list[QRectF]:
    slot = frame.cell.width() / len(values)
    wide, zero = max(1.0, min(_BAR * slot, _WIDEST_BAR)), frame.zero
    places = zip(frame.centres(len(values)).tolist(), frame.heights(values).tolist(), strict=True)
    return [QRectF(x - wide / 2, min(y, zero), wide, abs(y - zero)) for x, y in places]


def _dashes(frame: Frame, values: Floats) -> list[QRectF]:
    slot = frame.cell.width() / len(values)
    wide = max(2.0, min(0.9 * slot, 1.4 * _WIDEST_BAR))
    places = zip(frame.centres(len(values)).tolist(), frame.heights(values).tolist(), strict=True)
    return [QRectF(x - wide / 2, y - 1, wide, 2) for x, y in places]
