"""A curve over all thresholds, with the point of the one that is chosen."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegui.colours import CATEGORY
from aegui.qt.theme import Theme
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.widgets.words import smaller
from aegui.runs.plates import GREY, Plot, Series

Doubles = NDArray[np.float64]
Corner = Literal["left", "right"]  # beneath the curve

_GRID = 500  # places to either side that are told apart
_MARGIN = 0.03
_INK = "#111111"  # of the point on paper
_FOOT, _SIDE = 2.4, 2.8  # lines of text, height and width of the axes
_EDGE = 6  # pixels that a name may stand out
_SHORT = {"false positive rate": "FPR", "true positive rate": "TPR"}  # where room is scarce
_TICKS = [[(v, f"{v:g}") for v in (0.0, 0.5, 1.0)], []]


class OperatingPlot(Canvas):
    """A curve between 0 and 1 to both sides, what chance would give, and one point on it."""

    def __init__(
        self, theme: Theme, across: str, upward: str, corner: Corner, parent: QWidget | None = None
    ) -> None:
        """``corner``: where the curve leaves room for words."""
        super().__init__(parent)
        self._corner = corner
        self._theme = theme
        self._area = ""
        self._point: tuple[float, float] | None = None
        self._chance: tuple[Doubles, Doubles] | None = None
        self.message = ""
        self.curve = pg.PlotCurveItem(antialias=True)
        self.setMinimumSize(96, 80)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pane.setMouseEnabled(False, False)
        self.pane.setRange(xRange=(-_MARGIN, 1 + _MARGIN), yRange=(-_MARGIN, 1 + _MARGIN), padding=0)
        self.pane.addItem(self.curve, ignoreBounds=True)
        self._under = Layer(self.pane, self._paint_under, z=-10)
        self._over = Layer(self.pane, self._paint_over, z=10)
        self._labels = {"bottom": across, "left": upward}
        for axis in self.axes.values():
            axis.setTicks(_TICKS)
        self._name_axes()

    @property
    def point(self) -> tuple[float, float] | None:
        """Where the chosen threshold is."""
        return self._point

    @property
    def area(self) -> str:
        """What is written into the plot."""
        return self._area

    def show_curve(
        self, curve: tuple[Doubles, Doubles] | None, chance: tuple[float, float], area: str
    ) -> None:
        """Shows a curve (m,), (m,), a line of chance from one height to another, and an area in words.

        None shows the message.
        """
        self._area = area if curve is not None else ""
        self._chance = (np.array([0.0, 1.0]), np.array(chance)) if curve is not None else None
        x, y = curve if curve is not None else (np.zeros(0), np.zeros(0))
        self.curve.setData(*_thinned(x, y))
        for axis in self.axes.values():
            (axis.hide if curve is None else axis.show)()  # a message has their room
        if curve is None:
            self._point = None
        self._under.update()
        self._over.update()

    def set_point(self, point: tuple[float, float] | None) -> None:
        """Moves the point."""
        self._point = point
        self._over.update()

    def plates(self) -> tuple[Plot, ...]:
        """The curve and the point on it for paper; none while there is no curve."""
        if self._chance is None:
            return ()
        x, y = self.curve.getData()
        series = [Series("", CATEGORY[0], x, y), Series("", GREY, *self._chance, style="dash")]
        if self._point is not None:
            across, upward = self._point
            series.append(Series("", _INK, np.array([across]), np.array([upward]), style="points"))
        labels = self._labels["bottom"], self._labels["left"]
        ends = (-_MARGIN, 1 + _MARGIN)
        return (Plot(tuple(series), labels, limits=(ends, ends), title=self._area),)

    def restyle(self, colours: object = None) -> None:
        super().restyle(self._theme.colours)
        self.curve.setPen(pg.mkPen(self._theme.colours.accent, width=2))
        self.axes["bottom"].setHeight(round(_FOOT * self.fontMetrics().height()))
        self.axes["left"].setWidth(round(_SIDE * self.fontMetrics().height()))
        self._name_axes()
        self._under.update()
        self._over.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_labels"):  # the base class resizes before there is anything
            self._name_axes()

    def _name_axes(self) -> None:
        """In full where that has room."""
        metrics, line = self.fontMetrics(), self.fontMetrics().height()
        rooms = {"bottom": self.width() - _SIDE * line + _EDGE, "left": self.height() - _FOOT * line}
        for side, label in self._labels.items():
            fits = metrics.horizontalAdvance(label) <= rooms[side]
            self.axes[side].setLabel(label if fits else _SHORT.get(label, label))

    def _paint_under(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.colours
        if self._chance is None:
            painter.setFont(smaller(self.font()))
            paint_message(painter, box.adjusted(-8, -8, 8, 8), colours, self.message)
            return
        corners = self.to_pixels(np.array([[0.0, 0.0], [1.0, 1.0]]))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawRect(QRectF(QPointF(*corners[0]), QPointF(*corners[1])).normalized())
        painter.setPen(QPen(QColor(colours.muted), 1, Qt.PenStyle.DashLine))
        ends = self.to_pixels(np.column_stack(self._chance))
        painter.drawLine(QPointF(*ends[0]), QPointF(*ends[1]))

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        colours = self._theme.colours
        if self._area:
            self._paint_area(painter)
        if self._point is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.base), 1.5))
            painter.setBrush(QColor(colours.text))
            painter.drawEllipse(QPointF(*self.to_pixels(np.array([self._point]))[0]), 5.0, 5.0)

    def _paint_area(self, painter: QPainter) -> None:
        """The area in words, on a ground that covers what runs beneath; in two lines if one is too long."""
        colours = self._theme.colours
        painter.setFont(smaller(self.font()))
        metrics = painter.fontMetrics()
        (left, foot), (right, _) = self.to_pixels(np.array([[0.0, 0.0], [1.0, 1.0]]))
        one_line = metrics.horizontalAdvance(self._area) + 8 <= right - left
        lines = [self._area] if one_line else self._area.split(" ")
        size = max(map(metrics.horizontalAdvance, lines)) + 4.0, float(len(lines) * metrics.height())
        x = left + 4 if self._corner == "left" else right - 4 - size[0]
        box = QRectF(x, foot - 4 - size[1], *size)
        ground = QColor(colours.base)
        ground.setAlpha(200)
        painter.fillRect(box, ground)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "\n".join(lines))


def _thinned(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """A curve without the points that are drawn where the one before is; the last one stays."""
    places = np.rint(_GRID * np.column_stack([x, y]))
    differs = np.any(np.diff(places, axis=0) != 0, axis=1)
    keep = np.concatenate([[True] * bool(len(x)), differs]).astype(bool)
    keep[-1:] = True
    return x[keep], y[keep]
