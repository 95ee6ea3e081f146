"""What is marked over a cloud of points: rings, crosses, letters, circles of a prior, a loop by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from aegui.analysis.latent import Projection
from aegui.qt.theme import Colours
from aegui.runs.plates import GREY, Rule, Series, Word

_RING = 6.0  # pixels, radius
_ARM = 7.0  # pixels of a cross
_CORNERS = 181  # of a circle on paper
SIGMAS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Prior:
    """The standard normal prior in a plane: circles about ``centre`` (2,), in data units.

    ``lines``: the code has one unit, and the circles are lines across its axis.
    """

    centre: NDArray[np.float64]
    lines: bool = False

    @classmethod
    def of(cls, projection: Projection | None) -> Prior | None:
        """Where it is in a plane of the code; None where the plane is none."""
        if projection is None:
            return None
        centre = projection.place(np.zeros_like(projection.origin)[None])[0].astype(np.float64)
        if len(projection.origin) == 1:
            return cls(centre, lines=True)
        return cls(centre) if projection.axes.any(axis=1).all() else None

    def limits(self) -> NDArray[np.float64]:
        """Ends (2, 2) of both axes that hold the outermost circle."""
        reach = np.array([1.0, 0.0 if self.lines else 1.0]) * SIGMAS[-1]
        return np.stack([self.centre - reach, self.centre + reach], axis=1)

    def plates(self) -> tuple[tuple[Series, ...], tuple[Rule, ...], tuple[Word, ...]]:
        """The circles for paper with their words, or the lines."""
        x, y = self.centre.tolist()
        if self.lines:
            ends = {x + side * sigma: f"{sigma} σ" for sigma in SIGMAS for side in (-1, 1)}
            return (), tuple(Rule("x", end, word) for end, word in ends.items()), ()
        turn = np.linspace(0, 2 * np.pi, _CORNERS)
        circles = (Series("", GREY, x + s * np.cos(turn), y + s * np.sin(turn)) for s in SIGMAS)
        return tuple(circles), (), tuple(Word(x, y + sigma, f"{sigma} σ") for sigma in SIGMAS)


def equal_scales(limits: NDArray[np.float64], size: tuple[float, float]) -> NDArray[np.float64]:
    """Ends (2, 2) of axes made wider where needed, so that a unit has as many of ``size`` pixels on both."""
    pixels = np.maximum(np.array(size), 1.0)
    spans = float((np.ptp(limits, axis=1) / pixels).max()) * pixels
    wider: NDArray[np.float64] = limits.mean(axis=1, keepdims=True) + spans[:, None] * (-0.5, 0.5)
    return wider


def paint_ring(painter: QPainter, centre: QPointF, colours: Colours) -> None:
    """Around the point that the pointer is at."""
    for colour, width in ((colours.base, 4.0), (colours.text, 1.6)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(centre, _RING, _RING)


def paint_cross(painter: QPainter, centre: QPointF, colours: Colours) -> None:
    """At a place that is decoded."""
    for colour, width in ((colours.base, 5.0), (colours.text, 2.0)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(centre - QPointF(_ARM, 0), centre + QPointF(_ARM, 0))
        painter.drawLine(centre - QPointF(0, _ARM), centre + QPointF(0, _ARM))


def paint_letter(painter: QPainter, centre: QPointF, letter: str, colours: Colours) -> None:
    """A point that was picked, with its letter in a disc."""
    painter.save()
    painter.setPen(QPen(QColor(colours.base), 2))
    painter.setBrush(QColor(colours.text))
    painter.drawEllipse(centre, 9.0, 9.0)
    font = QFont(painter.font())
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(colours.base))
    box = QRectF(centre - QPointF(9, 9), centre + QPointF(9, 9))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)
    painter.restore()


def paint_path(painter: QPainter, places: Sequence[QPointF], colours: Colours) -> None:
    """A line through places, as of an interpolation, seen on any ground."""
    for colour, width in ((colours.base, 4.0), (colours.text, 1.4)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawPolyline(QPolygonF(places))


def paint_loop(painter: QPainter, loop: Sequence[QPointF], colours: Colours) -> None:
    """A loop that is being drawn, or has been."""
    fill = QColor(colours.accent)
    fill.setAlpha(36)
    painter.setBrush(fill)
    painter.setPen(QPen(QColor(colours.accent), 1.2, Qt.PenStyle.DashLine))
    painter.drawPolygon(QPolygonF(loop), Qt.FillRule.OddEvenFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_prior(painter: QPainter, ends: Sequence[QRectF], lines: bool, colours: Colours) -> None:
    """Circles, or two lines each, around boxes in pixels, innermost first, with their σ."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for sigma, box in zip(SIGMAS, ends, strict=True):
        for colour, width in ((colours.base, 3.0), (colours.muted, 1.2)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine))
            if lines:
                painter.drawLine(box.topLeft(), box.bottomLeft())
                painter.drawLine(box.topRight(), box.bottomRight())
            else:
                painter.drawEllipse(box)
        _paint_word(painter, QPointF(box.center().x(), box.top()), f"{sigma} σ", lines, colours)


def _paint_word(painter: QPainter, at: QPointF, word: str, beside: bool, colours: Colours) -> None:
    metrics = painter.fontMetrics()
    wide, high = metrics.horizontalAdvance(word) + 6.0, float(metrics.height())
    ground = QColor(colours.base)
    ground.setAlpha(200)
    box = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
    if beside:
        box.moveTop(at.y() + 2)
    painter.fillRect(box, ground)
    painter.setPen(QColor(colours.muted))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), word)
