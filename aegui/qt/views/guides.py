"""What is painted over a loss plot in pixels: baselines with labels, live changes, the pointer's cross."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from aegui.qt.theme import Colours
from aegui.qt.views.canvas import Canvas
from aegui.qt.views.curves import Guide
from aegui.training.snapshot import Snapshot


@dataclass(frozen=True)
class Hover:
    """Where the pointer is: in pixels of the pane, on the epoch axis, and what is said there."""

    place: QPointF
    epoch: float
    notes: tuple[str, ...] = ()
    rate: str = ""  # the learning rate, told at the pointer alone


def height_of(canvas: Canvas, value: float, log: bool) -> float:
    """A value of the loss as a height in pixels from the top of the pane; NaN where it has none."""
    if log and value <= 0:
        return math.nan
    return float(canvas.to_pixels(np.array([[0.0, math.log10(value) if log else value]]))[0, 1])


def spread(tops: Sequence[float], height: float, room: float) -> list[float]:
    """Tops of labels, moved as little as needed so that none overlaps another or leaves 0..room."""
    order = np.argsort(tops, kind="stable")
    placed = [0.0] * len(tops)
    lowest = 0.0
    for i in order:
        placed[i] = lowest = max(tops[i], lowest)
        lowest += height
    highest = room - height
    for i in order[::-1]:
        placed[i] = min(placed[i], highest)
        highest = placed[i] - height
    return placed


def in_order(tops: Sequence[float]) -> list[float]:
    """Tops of labels from the highest line to the lowest, so that none stands above that of a higher line."""
    return list(accumulate(tops, max))


def label_top(height: float, high: float, ends: Sequence[float]) -> float:
    """Top of a label above its line at ``height``, or beneath it where curves end above but not beneath."""
    above = any(height - high <= end <= height for end in ends)
    beneath = any(height <= end <= height + high for end in ends)
    return height if above and not beneath else height - high


def paint_guides(
    painter: QPainter,
    box: QRectF,
    canvas: Canvas,
    colours: Colours,
    guides: Sequence[Guide],
    log: bool,
    ends: Sequence[float] = (),
) -> None:
    """Dotted lines at baselines, each with its label at the right, off the heights at which curves end."""
    heights = [height_of(canvas, g.value, log) for g in guides]
    inside = [(g, y) for g, y in zip(guides, heights, strict=True) if 0 <= y <= box.height()]
    inside.sort(key=lambda pair: pair[1])
    painter.setPen(QPen(QColor(colours.muted), 1, Qt.PenStyle.DotLine))
    for _, y in inside:
        painter.drawLine(QPointF(0, y), QPointF(box.width(), y))
    high = float(painter.fontMetrics().height())
    tops = spread(in_order([label_top(y, high, ends) for _, y in inside]), high, box.height())
    for (guide, _), top in zip(inside, tops, strict=True):
        wide = painter.fontMetrics().horizontalAdvance(guide.text) + 8
        _paint_label(painter, QRectF(box.width() - wide - 4, top, wide, high), colours, guide.text)


def paint_marks(painter: QPainter, box: QRectF, canvas: Canvas, colours: Colours, snapshot: Snapshot) -> None:
    """A thin upright line at each live change."""
    if not snapshot.curves.marks:
        return
    steps = np.array([m.step for m in snapshot.curves.marks], float) / max(1, snapshot.steps_per_epoch)
    painter.setPen(QPen(QColor(colours.accent), 1))
    for x in canvas.to_pixels(np.column_stack([steps, np.zeros_like(steps)]))[:, 0]:
        if 0 <= x <= box.width():
            painter.drawLine(QPointF(x, 0), QPointF(x, box.height()))


def paint_hover(
    painter: QPainter,
    box: QRectF,
    canvas: Canvas,
    colours: Colours,
    hover: Hover,
    dots: Sequence[tuple[float, float, str]],
    log: bool,
) -> None:
    """An upright line at the pointer, dots (epoch, value, colour) at the values that are read out, notes."""
    line = QColor(colours.muted)
    line.setAlpha(150)
    painter.setPen(QPen(line, 1))
    painter.drawLine(QPointF(hover.place.x(), 0), QPointF(hover.place.x(), box.height()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for epoch, value, colour in dots:
        y = height_of(canvas, value, log)
        if math.isfinite(y):
            x = float(canvas.to_pixels(np.array([[epoch, 0.0]]))[0, 0])
            painter.setPen(QPen(QColor(colours.base), 1.5))
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QPointF(x, y), 4.5, 4.5)
    high = float(painter.fontMetrics().height())
    for i, note in enumerate((*hover.notes, *([hover.rate] if hover.rate else []))):
        wide = painter.fontMetrics().horizontalAdvance(note) + 8
        left = hover.place.x() + 8
        left = left if left + wide < box.width() else hover.place.x() - wide - 8
        _paint_label(painter, QRectF(left, 4 + i * high, wide, high), colours, note, colours.text)


def _paint_label(painter: QPainter, box: QRectF, colours: Colours, text: str, colour: str = "") -> None:
    plate = QColor(colours.base)
    plate.setAlpha(185)
    painter.fillRect(box, plate)
    painter.setPen(QColor(colour or colours.muted))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
