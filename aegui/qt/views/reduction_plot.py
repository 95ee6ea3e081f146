"""Error over code size: the whole curve of PCA, and runs and sweeps of autoencoders as points on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from aegui.colours import CATEGORY
from aegui.qt.theme import Colours, Theme, mix, vivid
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.widgets.legend import line_pen
from aegui.qt.widgets.tips import shows_tip
from aegui.runs.plates import GREY, Plot, Rule, Series

Doubles = NDArray[np.float64]

PCA, RUN, SWEEP, EARLIER = "pca", "run", "sweep", "earlier"  # keys of the legend
_NAMES = {EARLIER: "earlier runs", SWEEP: "sweep", RUN: "this run"}  # on paper, the most important last
_PAPER = {PCA: CATEGORY[1], RUN: CATEGORY[0], SWEEP: CATEGORY[0], EARLIER: GREY}
_REACH = 9  # pixels from the pointer to a dot that counts as hit
_RADII = {RUN: 6.5, SWEEP: 4.0, EARLIER: 4.0}
_HIGHEST = 2.5  # times the mean sample's error: what is above is shown at the edge
_DECADES = 1e-4  # of the mean sample's error, where a logarithmic axis ends at the latest
_HEADROOM = 14.0  # pixels between the highest value and the upper edge
_EDGE = 8.0  # pixels from the upper edge at which a dot stands that is above it


@dataclass(frozen=True)
class Dot:
    """A run as a point."""

    kind: str  # RUN, SWEEP or EARLIER
    size: int
    mse: float
    text: str  # what is said of it where the pointer is


@dataclass(frozen=True, eq=False)
class Chart:
    """Everything that the plot shows."""

    curve: Doubles | None = None  # (k + 1,) of PCA by code size, NaN where not known
    dots: tuple[Dot, ...] = ()
    older: bool = False  # whether the sweep is of an older experiment
    hidden: frozenset[str] = field(default_factory=frozenset)

    def of(self, kind: str) -> tuple[Dot, ...]:
        """The dots of a kind by size, none if it is hidden."""
        if kind in self.hidden:
            return ()
        return tuple(sorted((d for d in self.dots if d.kind == kind), key=lambda d: d.size))

    @property
    def shown(self) -> tuple[Dot, ...]:
        """Every dot that is drawn, the most important last."""
        return (*self.of(EARLIER), *self.of(SWEEP), *self.of(RUN))


def kind_colour(kind: str, colours: Colours) -> str:
    """Autoencoders are blue and PCA is orange, as everywhere; earlier runs are grey."""
    if kind == EARLIER:
        return colours.muted
    return vivid(1 if kind == PCA else 0, colours.dark)


class ReductionPlot(Canvas):
    """Draws a chart. The axes follow it until someone zooms."""

    pointed = Signal(int, object)  # code size under the pointer (−1: none), and the Dot there or None

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.chart = Chart()
        self.message = ""
        self.following = True
        self.log_error, self.log_size = False, True
        self._at = (-1, None)  # type: tuple[int, Dot | None]
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self._swept = pg.PlotCurveItem(connect="finite", antialias=True)
        for item in (self._curve, self._swept):
            self.pane.addItem(item, ignoreBounds=True)
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.axes["bottom"].setLabel("code size d")
        self.axes["left"].setLabel("test MSE")
        self.axes["bottom"].set_log(True)
        self.hovered.connect(self._point)
        self.left.connect(self._leave)
        self.pane.double_clicked.connect(self.follow)
        self.pane.sigRangeChangedManually.connect(self._free)
        self.pane.sigResized.connect(self._refit)

    def show_chart(self, chart: Chart) -> None:
        """Draws another chart."""
        self.chart = chart
        curve, swept = chart.curve, chart.of(SWEEP)
        for axis in self.axes.values():
            axis.setStyle(showValues=curve is not None)
        sizes = np.arange(1.0, 1 if curve is None else len(curve))
        errors = np.zeros(0) if curve is None or PCA in chart.hidden else curve[1:]
        self._set(self._curve, sizes[: len(errors)], errors, PCA, "line")
        places = np.array([[d.size, d.mse] for d in swept]).reshape(-1, 2)
        self._set(self._swept, places[:, 0], places[:, 1], SWEEP, "dash" if chart.older else "line")
        self._refit()
        self._over.update()

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self.show_chart(self.chart)

    def plates(self) -> tuple[Plot, ...]:
        """The chart for paper: PCA as a line, autoencoders as points; none while there is none."""
        chart = self.chart
        if chart.curve is None:
            return ()
        series = []
        if PCA not in chart.hidden:
            series.append(Series("PCA", _PAPER[PCA], np.arange(1.0, len(chart.curve)), chart.curve[1:]))
        for kind, name in _NAMES.items():
            dots = [dot for dot in chart.of(kind) if np.isfinite(dot.mse)]
            x, y = np.array([dot.size for dot in dots], float), np.array([dot.mse for dot in dots])
            series += [Series("", _PAPER[kind], x, y)] if kind == SWEEP and dots else []
            series += [Series(name, _PAPER[kind], x, y, style="points")] if dots else []
        mean = Rule("y", float(chart.curve[0]), "mean sample (d = 0)")
        return (Plot(tuple(series), ("code size d", "test MSE"), (self.log_size, self.log_error), (mean,)),)

    def set_log_error(self, log: bool) -> None:
        """Whether errors are on a logarithmic axis."""
        self.log_error = log
        self.axes["left"].set_log(log)
        self.follow()

    def set_log_size(self, log: bool) -> None:
        """Whether code sizes are on a logarithmic axis."""
        self.log_size = log
        self.axes["bottom"].set_log(log)
        self.follow()

    def follow(self) -> None:
        """Lets the axes follow the chart, until the next zoom."""
        self.following = True
        self.show_chart(self.chart)

    def place_of(self, size: float, mse: float) -> QPointF:
        """A point in pixels of the pane; one above the upper edge stands at it. NaN where it has none."""
        x, y = self.to_pixels(np.column_stack(self._scaled(np.array([size]), np.array([mse]))))[0]
        return QPointF(x, max(y, _EDGE))

    def dot_at(self, place: QPointF) -> Dot | None:
        """The dot at a place in pixels of the pane."""
        best, nearest = None, float(_REACH) ** 2
        for dot in self.chart.shown:
            away = self.place_of(dot.size, dot.mse) - place
            if (square := away.x() ** 2 + away.y() ** 2) <= nearest:
                best, nearest = dot, square
        return best

    def viewportEvent(self, event: QEvent) -> bool:
        return shows_tip(event, self, self._tip) or bool(super().viewportEvent(event))

    def _tip(self, _place: QPointF) -> str:
        dot = self._at[1]
        return dot.text if dot is not None else ""

    def _scaled(self, sizes: Doubles, errors: Doubles) -> tuple[Doubles, Doubles]:
        """Values as places on the axes."""
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.log10(sizes) if self.log_size else sizes
            y = np.log10(np.where(errors > 0, errors, np.nan)) if self.log_error else errors
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def _set(self, item: pg.PlotCurveItem, sizes: Doubles, errors: Doubles, kind: str, style: str) -> None:
        colour = QColor(kind_colour(kind, self._theme.colours))
        item.setData(*self._scaled(sizes, errors), pen=line_pen(colour, style))

    def _refit(self) -> None:
        """How much stands free above depends on the height."""
        if self.following:
            self._fit()

    def _fit(self) -> None:
        curve = self.chart.curve
        if curve is None:
            return
        largest = max(len(curve) - 1, *(dot.size for dot in self.chart.shown), 2)
        wanted = self._size_limits(largest), self._error_limits(curve)
        if not np.allclose(wanted, self.pane.viewRange()):
            self.pane.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def _size_limits(self, largest: int) -> tuple[float, float]:
        """A bit more than 1 to the largest size."""
        if self.log_size:
            end = np.log10(largest)
            return -0.04 * end, 1.04 * end
        return 1 - 0.04 * largest, 1.04 * largest

    def _error_limits(self, curve: Doubles) -> tuple[float, float]:
        known = curve[np.isfinite(curve)]
        mean = float(known[0]) or 1.0
        values = np.array([*known, *(dot.mse for dot in self.chart.shown)])
        values = values[np.isfinite(values) & (values <= _HIGHEST * mean)]
        high = float(values.max(initial=mean))
        if not self.log_error:
            return 0.0, high * (1 + self._headroom)
        low = float(values[values > _DECADES * mean].min(initial=mean)) / 1.3
        return float(np.log10(low)), float(np.log10(high) + np.log10(high / low) * self._headroom)

    @property
    def _headroom(self) -> float:
        """Share of the axis beneath that keeps the highest value clear of the upper edge."""
        return max(0.08, _HEADROOM / max(2 * _HEADROOM, self.size_in_pixels[1] - _HEADROOM))

    def _free(self, _axes: object) -> None:
        self.following = False

    def _point(self, place: QPointF) -> None:
        curve, dot = self.chart.curve, self.dot_at(place)
        size = -1
        if curve is not None:
            at = float(self.from_pixels(np.array([[place.x(), place.y()]]))[0, 0])
            most = float(len(curve) - 1)
            size = dot.size if dot else round(min(max(10 ** min(at, 18) if self.log_size else at, 1.0), most))
        self._move((size, dot))

    def _leave(self) -> None:
        self._move((-1, None))

    def _move(self, at: tuple[int, Dot | None]) -> None:
        if at != self._at:
            self._at = at
            self.pointed.emit(*at)
            self._over.update()

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        colours, curve = self._theme.colours, self.chart.curve
        if curve is None:
            paint_message(painter, box, colours, self.message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_mean(painter, box, float(curve[0]))
        self._paint_pointer(painter, box, curve)
        for dot in self.chart.shown:
            self._paint_dot(painter, dot, marked=dot == self._at[1])

    def _paint_mean(self, painter: QPainter, box: QRectF, error: float) -> None:
        """What no unit at all reaches: the mean of the training samples for every one."""
        y = self.place_of(1, error).y()
        if not _EDGE < y < box.height():
            return
        painter.setPen(QPen(QColor(self._theme.colours.muted), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, y), QPointF(box.width(), y))
        self._paint_text(painter, box, QPointF(box.width(), y - 2), "mean sample (d = 0)")

    def _paint_text(self, painter: QPainter, box: QRectF, corner: QPointF, text: str) -> None:
        """A line that ends at a place, above it where there is room."""
        high = painter.fontMetrics().height()
        top = corner.y() - high if corner.y() >= high else corner.y() + 4
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, top, box.width() - 6, high), right, text)

    def _paint_pointer(self, painter: QPainter, box: QRectF, curve: Doubles) -> None:
        size = self._at[0]
        if size < 0:
            return
        line = QColor(self._theme.colours.muted)
        line.setAlpha(150)
        x = self.place_of(size, 1.0).x()
        painter.setPen(QPen(line, 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, box.height()))
        place = self.place_of(size, float(curve[min(size, len(curve) - 1)]))
        if PCA not in self.chart.hidden and np.isfinite(place.y()):
            self._paint_disc(painter, place, 4.5, kind_colour(PCA, self._theme.colours))

    def _paint_dot(self, painter: QPainter, dot: Dot, marked: bool) -> None:
        place, radius = self.place_of(dot.size, dot.mse), _RADII[dot.kind] + (1.5 if marked else 0.0)
        if not np.isfinite([place.x(), place.y()]).all():
            return
        colours = self._theme.colours
        colour = kind_colour(dot.kind, colours)
        if place.y() == _EDGE:
            self._paint_arrow(painter, place, colour)
        elif dot.kind == EARLIER:
            painter.setPen(QPen(QColor(colour), 1.5))
            painter.setBrush(QColor(mix(colour, colours.base, 0.7)))
            painter.drawEllipse(place, radius, radius)
        else:
            faint = dot.kind == SWEEP and self.chart.older
            self._paint_disc(painter, place, radius, mix(colour, colours.base, 0.5) if faint else colour)

    def _paint_disc(self, painter: QPainter, place: QPointF, radius: float, colour: str) -> None:
        painter.setPen(QPen(QColor(self._theme.colours.base), 1.5))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(place, radius, radius)

    def _paint_arrow(self, painter: QPainter, place: QPointF, colour: str) -> None:
        """The error is larger than the axis is long."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        corners: Sequence[QPointF] = (QPointF(0, -7), QPointF(6, 4), QPointF(-6, 4))
        painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
