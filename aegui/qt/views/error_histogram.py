"""How the errors of test samples are spread, with the threshold as a line that can be moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from aegui.analysis.anomaly import Floats, Histogram, histogram
from aegui.qt.theme import Theme
from aegui.qt.views.canvas import Canvas, Layer, paint_message
from aegui.qt.views.text import figures
from aegui.qt.widgets.words import smaller
from aegui.runs.plates import Plot, Rule, Series

_STEPS = 200  # by key, from one end to the other
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -10, Qt.Key.Key_PageUp: 10}
_ERROR = "reconstruction error MSEᵢ of a test sample"
_COUNT = "test samples"
_FOOT = 2.4  # lines of text, height of the axis of errors
_HANDLE = 5.0  # pixels
_TIP = (
    "Errors of the test samples in bins that both sorts share.\n"
    "A sample whose error lies right of the threshold is called an anomaly.\n"
    "Drag the line, or move it with ← and →, in larger steps with Page Up and Down;"
    " Escape goes back to the rule."
)


@dataclass(frozen=True, eq=False)
class Sort:
    """Samples of one sort, with a name and a colour."""

    name: str
    colour: str
    errors: Floats = field(repr=False)  # (n,) finite MSE_i

    @property
    def counted(self) -> str:
        """The name with n."""
        return f"{self.name} {len(self.errors):,}"


class ErrorHistogram(Canvas):
    """Filled outlines of both sorts over common bins. ``moved`` reports the line in the hand."""

    moved = Signal(float)  # the error at which the line was put
    restored = Signal()  # the line is wanted where the rule has it

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message = ""
        self.log_errors, self.log_counts = False, False
        self._sorts: tuple[Sort, ...] = ()
        self.histogram: Histogram | None = None
        self._threshold: float | None = None
        self._mark: float | None = None
        self._dragging = False
        self.pane.setMouseEnabled(False, False)
        self._bars = Layer(self.pane, self._paint_bars, z=1)
        self._line = Layer(self.pane, self._paint_line, z=10)
        self.setMinimumSize(120, 78)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(_TIP)
        self.setAccessibleName("Histogram of reconstruction errors, with the threshold")
        self._name_axis()

    @property
    def threshold(self) -> float | None:
        """Where the line is."""
        return self._threshold

    def show_errors(self, sorts: Sequence[Sort]) -> None:
        """Shows these samples; none of them shows the message."""
        self._sorts = tuple(sorts)
        self._count()

    def set_scales(self, log_errors: bool, log_counts: bool) -> None:
        """Which of the axes are logarithmic."""
        self.log_errors, self.log_counts = log_errors, log_counts
        self._name_axis()
        self._count()

    def set_threshold(self, threshold: float | None) -> None:
        """Puts the line at an error; None takes it away."""
        self._threshold = threshold
        if not self._dragging:
            self._fit()
        self._line.update()

    def set_mark(self, error: float | None) -> None:
        """Marks the error of one sample beneath the bars."""
        self._mark = error
        self._line.update()

    def error_at(self, x: float) -> float:
        """The error at a place in pixels of the pane."""
        at = float(self.from_pixels(np.array([[x, 0.0]]))[0, 0])
        return 10**at if self.log_errors else at

    def pixel_of(self, error: float) -> float:
        """The place of an error in pixels of the pane."""
        at = self._axis(np.array([error]))[0]
        return float(self.to_pixels(np.array([[at, 0.0]]))[0, 0])

    def counts_at(self, place: QPointF) -> list[str]:
        """The bin under a place of the pane in words, one part for each sort."""
        found = self.histogram
        if found is None:
            return []
        at = float(self.from_pixels(np.array([[place.x(), 0.0]]))[0, 0])
        bin_ = int(np.searchsorted(found.edges, at, side="right")) - 1
        if not 0 <= bin_ < len(found.edges) - 1:
            return []
        ends = [10**e if found.log else e for e in found.edges[bin_ : bin_ + 2].tolist()]
        parts = [f"MSEᵢ {figures(ends[0], 3)} to {figures(ends[1], 3)}"]
        counts = zip(self._sorts, found.counts, strict=True)
        return parts + [f"{int(c[bin_]):,} {sort.name}" for sort, c in counts]

    def plates(self) -> tuple[Plot, ...]:
        """The outlines and the threshold for paper; none while there are no errors."""
        found = self.histogram
        if found is None:
            return ()
        edges = 10.0**found.edges if found.log else found.edges
        series = tuple(
            Series(sort.counted, sort.colour, edges, counts.astype(float), style="steps")
            for sort, counts in zip(self._sorts, found.counts, strict=True)
        )
        at = self._threshold
        rules = () if at is None else (Rule("x", at, f"threshold {figures(at)}"),)
        return (Plot(series, (_ERROR, _COUNT), (found.log, self.log_counts), rules),)

    def restyle(self, colours: object = None) -> None:
        super().restyle(self._theme.colours)
        self.axes["bottom"].setHeight(round(_FOOT * self.fontMetrics().height()))
        self._bars.update()
        self._line.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "log_counts"):  # the base class resizes before there is anything
            self._name_axis()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._threshold is not None:
            self._dragging = True
            self._put(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._put(event.position())
            return
        super().mouseMoveEvent(event)
        near = self._threshold is not None and abs(self._pane_x(event.position()) - self._line_x()) <= _HANDLE
        self.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = _KEYS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._threshold is not None:
            self.restored.emit()
        elif count is not None and self._threshold is not None:
            self._put_at(self._line_x() + count * self.size_in_pixels[0] / _STEPS)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._line.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._line.update()

    def _name_axis(self) -> None:
        self.axes["bottom"].set_log(self.log_errors)
        self.axes["left"].set_log(self.log_counts)
        self.axes["bottom"].setLabel(_ERROR)
        metrics = self.fontMetrics()
        fits = metrics.horizontalAdvance(_COUNT) <= self.height() - _FOOT * metrics.height()
        self.axes["left"].setLabel(_COUNT if fits else "samples")

    def _count(self) -> None:
        shown = bool(self._sorts) and any(len(sort.errors) for sort in self._sorts)
        self.histogram = (
            histogram(tuple(sort.errors for sort in self._sorts), self.log_errors) if shown else None
        )
        for axis in self.axes.values():
            axis.setStyle(showValues=shown)
        self._fit()
        self._bars.update()
        self._line.update()

    def _fit(self) -> None:
        """Axes that hold every bin and the line."""
        found = self.histogram
        if found is None:
            return
        low, high = float(found.edges[0]), float(found.edges[-1])
        if self._threshold is not None and (self._threshold > 0 or not self.log_errors):
            at = float(self._axis(np.array([self._threshold]))[0])
            low, high = min(low, at), max(high, at)
        most = max(1, *(int(counts.max()) for counts in found.counts))
        top = math.log10(most) * 1.08 + 0.02 if self.log_counts else most * 1.06
        foot = math.log10(0.7) if self.log_counts else 0.0
        margin = 0.015 * (high - low)
        wanted = (low - margin, high + margin), (foot, top)
        if not np.allclose(wanted, self.pane.viewRange(), rtol=1e-9, atol=0):
            self.pane.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def _axis(self, errors: NDArray[np.floating]) -> NDArray[np.float64]:
        """Errors as places on the axis; on a logarithmic one what is not above 0 is at its foot."""
        values = errors.astype(np.float64)
        if not self.log_errors:
            return values
        least = 10 ** float(self.histogram.edges[0]) if self.histogram is not None else 1e-12
        logs: NDArray[np.float64] = np.log10(np.maximum(values, least * 1e-3))
        return logs

    def _put(self, position: QPointF) -> None:
        self._put_at(self._pane_x(position))

    def _put_at(self, x: float) -> None:
        self.moved.emit(self.error_at(min(max(x, 0.0), self.size_in_pixels[0])))

    def _pane_x(self, position: QPointF) -> float:
        return float(self.pane.mapFromScene(self.mapToScene(position.toPoint())).x())

    def _line_x(self) -> float:
        return self.pixel_of(self._threshold) if self._threshold is not None else -1e9

    def _outline(self, counts: NDArray[np.int64]) -> QPolygonF:
        """Steps over the bins in pixels, closed at the foot."""
        assert self.histogram is not None
        heights = counts.astype(np.float64)
        if self.log_counts:
            heights = np.log10(np.maximum(heights, 1e-3))
        x = np.repeat(self.histogram.edges, 2)
        y = np.concatenate([[-1e3], np.repeat(heights, 2), [-1e3]])
        places = self.to_pixels(np.column_stack([x, y]))
        foot = self.size_in_pixels[1] + 2
        polygon: QPolygonF = arrayToQPolygonF(places[:, 0], np.minimum(places[:, 1], foot))
        return polygon

    def _paint_bars(self, painter: QPainter, box: QRectF) -> None:
        if self.histogram is None:
            paint_message(painter, box, self._theme.colours, self.message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for sort, counts in zip(self._sorts, self.histogram.counts, strict=True):
            fill = QColor(sort.colour)
            fill.setAlpha(80)
            painter.setBrush(fill)
            painter.setPen(QPen(QColor(sort.colour), 1.5))
            painter.drawPolygon(self._outline(counts))

    def _paint_line(self, painter: QPainter, box: QRectF) -> None:
        if self.histogram is None:
            return
        colours = self._theme.colours
        painter.setFont(smaller(self.font()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._mark is not None and math.isfinite(self._mark):
            x = self.pixel_of(self._mark)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.text))
            foot = box.bottom()
            corners = [QPointF(x, foot - 8), QPointF(x - 5, foot), QPointF(x + 5, foot)]
            painter.drawPolygon(QPolygonF(corners))
        if self._threshold is not None:
            self._paint_threshold(painter, box)
        self._paint_key(painter, box)

    def _paint_threshold(self, painter: QPainter, box: QRectF) -> None:
        colours, x = self._theme.colours, self._line_x()
        colour = QColor(colours.accent if self.hasFocus() or self._dragging else colours.text)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, box.bottom()))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(x, box.center().y()), _HANDLE - 1, _HANDLE - 1)

    def _quiet_end(self, box: QRectF, wide: float) -> float:
        """Where the key begins: away from the line, and then where the bars are lower, else at the right."""
        assert self.histogram is not None
        centres = (self.histogram.edges[:-1] + self.histogram.edges[1:]) / 2
        x = self.to_pixels(np.column_stack([centres, centres]))[:, 0]
        highest = np.max(self.histogram.counts, axis=0)
        line = self._line_x()
        left = 0 <= line <= wide, int(highest[x < wide].max(initial=0))
        right = box.width() - wide <= line <= box.width(), int(highest[x > box.width() - wide].max(initial=0))
        return box.left() + 6 if left < right else box.right() - wide + 4

    def _paint_key(self, painter: QPainter, box: QRectF) -> None:
        """What the colours mean, at the end where the bars are lower."""
        colours, metrics = self._theme.colours, painter.fontMetrics()
        lines = [(sort.colour, sort.counted) for sort in self._sorts]
        wide = max((metrics.horizontalAdvance(text) for _, text in lines), default=0) + 16
        ground = QColor(colours.base)
        ground.setAlpha(230)
        high = metrics.height()
        left, top = self._quiet_end(box, wide + 8), box.top() + 2
        painter.fillRect(QRectF(left - 3, top, wide + 5, len(lines) * high), ground)
        for colour, text in lines:
            painter.fillRect(QRectF(left, top + high / 2 - 4, 9, 9), QColor(colour))
            painter.setPen(QColor(colours.text))
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(QRectF(left + 14, top, wide, high), flags, text)
            top += high
