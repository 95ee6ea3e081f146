"""The loss curves of several runs over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from aegui.analysis.run_list import LossCurve
from aegui.qt.theme import Colours, Theme
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.views.text import figures
from aegui.qt.widgets.legend import line_pen
from aegui.runs.plates import Plot, Series, Style

_MARGIN = 0.06  # of the span, above and below
_BEFORE = 0.02  # of the epochs, left of the first one where it is a dot
_DOT = 7  # pixels, of a point without a neighbour
_RIGHT = 19  # pixels beside the axis: half of the last epoch's number


@dataclass(frozen=True, eq=False)
class Line:
    """One run."""

    title: str
    colour: str
    curve: LossCurve


class RunCurves(Canvas):
    """Test loss over epochs, a line for each run. A double click shows all of it again."""

    told = Signal(object)  # a tuple of words about the epoch under the pointer; empty where there is none

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_margin(_RIGHT)
        self._theme = theme
        self.lines: tuple[Line, ...] = ()
        self.log = False
        self.message = ""
        self._items: list[pg.GraphicsObject] = []
        self._over = Layer(self.pane, self._paint_over, z=100)
        self.axes["bottom"].setLabel("epoch")
        self.hovered.connect(self._point)
        self.left.connect(lambda: self.told.emit(()))
        self.pane.double_clicked.connect(self.fit)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draws other runs, and shows all of them."""
        self.lines = tuple(lines)
        for item in self._items:
            self.pane.removeItem(item)
        self._items = [item for line in self.lines for item in (self._curve(line), self._dots(line))]
        for item in self._items:
            self.pane.addItem(item, ignoreBounds=True)
        terms = {line.curve.term.upper() for line in self.lines if line.curve.term}
        self.axes["left"].setLabel(f"test {next(iter(terms))}" if len(terms) == 1 else "test loss")
        for axis in self.axes.values():
            axis.setStyle(showValues=bool(self.lines))
        self.fit()

    def set_log(self, log: bool) -> None:
        """Whether losses are on a logarithmic axis."""
        self.log = log
        self.axes["left"].set_log(log)
        self.show_lines(self.lines)

    def plates(self) -> tuple[Plot, ...]:
        """The lines for paper; none while there are none."""
        series = tuple(
            Series(line.title, line.colour, line.curve.epochs.astype(float), line.curve.values, _style(line))
            for line in self.lines
            if len(line.curve.values)
        )
        return (Plot(series, ("epoch", self.axes["left"].labelText), (False, self.log)),) if series else ()

    def restyle(self, colours: Colours) -> None:
        super().restyle(colours)
        self._over.update()

    def fit(self) -> None:
        """Shows every line."""
        shown = [y for line in self.lines for y in self._heights(line.curve) if np.isfinite(y)]
        if not shown:
            self._over.update()
            return
        low, high = min(shown), max(shown)
        room = _MARGIN * (high - low) or 0.1 * abs(high) or 1.0
        last = max(int(line.curve.epochs.max(initial=1)) for line in self.lines)
        bottom = low - room if self.log or low - room > 0 else 0.0
        before = (
            _BEFORE * max(last, 1) if any(lonely(self._heights(r.curve)).any() for r in self.lines) else 0
        )
        self.pane.setRange(xRange=(-before, max(last, 1)), yRange=(bottom, high + room), padding=0)
        self._over.update()

    def _curve(self, line: Line) -> pg.PlotCurveItem:
        return pg.PlotCurveItem(
            line.curve.epochs.astype(np.float64),
            self._heights(line.curve),
            pen=line_pen(QColor(line.colour), "line"),
            connect="finite",
            antialias=True,
        )

    def _dots(self, line: Line) -> pg.ScatterPlotItem:
        """What no line reaches: the only evaluation of a run, or one between others that are not finite."""
        heights = self._heights(line.curve)
        alone, colour = lonely(heights), QColor(line.colour)
        epochs = line.curve.epochs[alone].astype(np.float64)
        return pg.ScatterPlotItem(epochs, heights[alone], size=_DOT, pen=colour, brush=colour, antialias=True)

    def _heights(self, curve: LossCurve) -> NDArray[np.float64]:
        values = curve.values.astype(np.float64)
        if not self.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(values > 0, np.log10(values), np.nan)

    def _paint_over(self, painter: QPainter, box: QRectF) -> None:
        if not any(len(line.curve.values) for line in self.lines):
            paint_message(painter, box, self._theme.colours, self.message)

    def _point(self, place: QPointF) -> None:
        epoch = round(float(self.from_pixels(np.array([[place.x(), place.y()]]))[0, 0]))
        words = [
            f"{line.title} {figures(float(line.curve.values[at[0]]))}"
            for line in self.lines
            if len(at := np.flatnonzero(line.curve.epochs == epoch))
        ]
        self.told.emit((f"epoch {epoch:,}", *words) if words else ())


def _style(line: Line) -> Style:
    """How a run is drawn on paper: as points where it is a single one."""
    return "points" if len(line.curve.values) == 1 else "line"


def lonely(heights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the heights (n,) are finite between two that are not, or at an end beside one (n,)."""
    there = np.concatenate([[False], np.isfinite(heights), [False]])
    alone: NDArray[np.bool_] = there[1:-1] & ~there[:-2] & ~there[2:]
    return alone
