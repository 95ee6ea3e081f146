"""What is painted over a loss plot in pixels: baselines with labels, live changes, the pointer's cross."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from aegui.qt.theme import Colours
from aegui.qt.views.canvas import Canvas
from aegui.qt.views.curves import Guide
from aegui.training.snapshot import Snapshot

Doubles = NDArray[np.float64]

_SIDE = 4  # pixels between a label and the side of the plot
_LOOKS = 32  # places across a label at which curves are looked for


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


def label_top(height: float, high: float, passing: Doubles) -> float:
    """Top of a label above its line at ``height``, or beneath it where curves pass above but not beneath.

    ``passing`` are heights of curves where the label is to stand.
    """
    above, beneath = _taken(height, high, passing)
    return height if above and not beneath else height - high


def heights_between(curves: Sequence[Doubles], left: float, right: float) -> Doubles:
    """Heights at which curves (n, 2) in pixels, from left to right, pass between two places."""
    at, found = np.linspace(left, right, _LOOKS), [np.zeros(0)]
    for curve in curves:
        if len(curve):
            found.append(np.interp(at, curve[:, 0], curve[:, 1], left=np.nan, right=np.nan))
    return np.concatenate(found)


def _taken(height: float, high: float, passing: Doubles) -> tuple[bool, bool]:
    """Whether curves pass in the room above a line at ``height``, and beneath it."""
    above = (passing >= height - high) & (passing <= height)
    beneath = (passing >= height) & (passing <= height + high)
    return bool(above.any()), bool(beneath.any())


def stands_left(height: float, high: float, at_left: Doubles, at_right: Doubles) -> bool:
    """Whether the label of a line would hide curves at the right, above and beneath, but not at the left."""
    return all(_taken(height, high, at_right)) and not all(_taken(height, high, at_left))


def paint_guides(
    painter: QPainter,
    box: QRectF,
    canvas: Canvas,
    colours: Colours,
    guides: Sequence[Guide],
    log: bool,
    curves: Sequence[Doubles] = (),
) -> None:
    """Dotted lines at baselines, each with its label at the right or left, where it hides no curve.

    ``curves`` (n, 2) are in pixels.
    """
    heights = [height_of(canvas, g.value, log) for g in guides]
    inside = [(g, y) for g, y in zip(guides, heights, strict=True) if 0 <= y <= box.height()]
    inside.sort(key=lambda pair: pair[1])
    painter.setPen(QPen(QColor(colours.muted), 1, Qt.PenStyle.DotLine))
    for _, y in inside:
        painter.drawLine(QPointF(0, y), QPointF(box.width(), y))
    for label, text in labels_of(inside, box, painter.fontMetrics(), curves):
        _paint_label(painter, label, colours, text)


def labels_of(
    guides: Sequence[tuple[Guide, float]], box: QRectF, metrics: QFontMetrics, curves: Sequence[Doubles]
) -> list[tuple[QRectF, str]]:
    """Where the labels of baselines stand, which are given with their heights, the highest first."""
    high = float(metrics.height())
    sides: dict[bool, list[tuple[str, float, float]]] = {True: [], False: []}  # by whether it is the left
    for guide, y in guides:
        wide = metrics.horizontalAdvance(guide.text) + 8.0
        at_left = heights_between(curves, _SIDE, _SIDE + wide)
        at_right = heights_between(curves, box.width() - _SIDE - wide, box.width() - _SIDE)
        left = stands_left(y, high, at_left, at_right)
        sides[left].append((guide.text, wide, label_top(y, high, at_left if left else at_right)))
    found = []
    for left, labels in sides.items():
        tops = spread(in_order([top for _, _, top in labels]), high, box.height())
        for (text, wide, _), top in zip(labels, tops, strict=True):
            start = _SIDE if left else box.width() - _SIDE - wide
            found.append((QRectF(start, top, wide, high), text))
    return found


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
