"""A quiet plot: pyqtgraph's view box and axes, with one layer that is painted in pixels above the data."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from sys import float_info
from time import perf_counter
from typing import Any, Literal, NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsItem, QWidget

from aegui.qt.theme import Colours
from aegui.qt.widgets.ring import paint_ring, reached

Points = NDArray[np.float64]
_ASIDE = re.compile(r" \([^()]*\)$")
_EXPONENT = re.compile(r"e\+?(-?)0*")
_FEW = 3  # characters of a label that say nothing
_DECADES = 40  # numbers on a logarithmic axis that has one for every power of ten, at most
_BEYOND = 12  # pixels that the numbers at the ends of an axis may stand out
_APART = 4  # pixels between them at least
_RIGHT = 9  # pixels beside the pane
_AXES = 0.5  # above pictures, beneath whatever wants to be above the axes


class Ticks(pg.AxisItem):  # type: ignore[misc]
    """An axis whose values may be decimal logarithms; its numbers are always plain ones.

    A label that is too long leaves out what is in parentheses, then ends with an ellipsis, then is not there.
    """

    labelText: str  # pyqtgraph has no types

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.log = False
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=-4, maxTickLevel=0, tickTextOffset=4, hideOverlappingLabels=_BEYOND)

    def setLabel(self, *args: Any, **options: Any) -> None:
        super().setLabel(*args, **options)
        self.resizeEvent()  # which is what puts the label into the middle

    def set_label_font(self, font: QFont) -> None:
        """Another size of text takes another height, or width."""
        if font.toString() != self.label.font().toString():
            self.label.setFont(font)
            (self._updateHeight if self.orientation in ("bottom", "top") else self._updateWidth)()
            self.resizeEvent()

    def labelString(self) -> str:
        whole = self.labelText
        self.labelText = self._fitting(whole)
        try:
            found: str = super().labelString()
        finally:
            self.labelText = whole
        return found

    def resizeEvent(self, event: object = None) -> None:
        if self.label is not None and self.labelText:
            self.label.setHtml(self.labelString())
        super().resizeEvent(event)

    def _fitting(self, label: str) -> str:
        """As much of a label as there is room for along the axis."""
        across = self.orientation in ("bottom", "top")
        room = self.size().width() if across else self.size().height()
        metrics = QFontMetricsF(self.label.font())
        short = _ASIDE.sub("", label)
        for text in (label, short):
            if metrics.horizontalAdvance(text) + _APART <= room:
                return text
        cut = metrics.elidedText(short, Qt.TextElideMode.ElideRight, max(0.0, room - _APART))
        return cut if len(cut) > _FEW else ""

    def setStyle(self, **style: Any) -> None:
        """Draws the axis anew only where something is different."""
        if any(self.style.get(name) != value for name, value in style.items()):
            super().setStyle(**style)

    def set_log(self, log: bool) -> None:
        """Whether values are decimal logarithms."""
        if log == self.log:
            return
        self.log = log
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.log:
            found: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
            if found:
                found[0] = self._apart(*found[0], (minVal, maxVal), size)
            return found
        return [(1.0, log_ticks(minVal, maxVal))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.log:
            return [_short(text) for text in super().tickStrings(values, scale, spacing)]
        return [_short(_power_of_ten(v)) for v in values]

    def _apart(
        self, step: float, values: list[float], ends: tuple[float, float], size: float
    ) -> tuple[float, list[float]]:
        """A step and its values, so large that the numbers have room beside or above each other."""
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        while len(values) > 2:
            texts = self.tickStrings(values, 1.0, step)
            wide = max(metrics.horizontalAdvance(text) + _APART for text in texts)
            if step / (ends[1] - ends[0]) * size >= (
                wide if self.orientation == "bottom" else metrics.ascent()
            ):
                break
            step = nice_step(2.5 * step)
            multiples = range(math.ceil(ends[0] / step), math.floor(ends[1] / step) + 1)
            values = [i * step for i in multiples]
        return step, values


def _power_of_ten(exponent: float) -> str:
    """10 to a power in few characters: 200, 0.05, 2e-04."""
    value = 10**exponent
    if value >= 1e-3:
        return f"{value:.4g}"
    mantissa, power = f"{value:.3e}".split("e")
    return f"{float(mantissa):g}e{power}"


def _short(number: str) -> str:
    """A number's text with a true minus sign and no zeros in its exponent: −2e11, not -2e+11."""
    return re.sub("^-", "−", _EXPONENT.sub(r"e\1", number))


def log_ticks(low: float, high: float) -> list[float]:
    """Logarithms of round numbers between 10^low and 10^high: 1, 2, 5 per decade, or evenly where narrow.

    A few at most, and none that no number has, however far out an axis goes.
    """
    low, high = max(low, float(float_info.min_10_exp)), min(high, float(float_info.max_10_exp))
    if low > high:
        return []
    if high - low > 4:
        every = math.ceil((high - low) / _DECADES)
        return [float(k) for k in range(math.ceil(low / every) * every, math.floor(high) + 1, every)]
    decades = range(math.floor(low), math.floor(high) + 1)
    found = [k + math.log10(m) for k in decades for m in (1, 2, 5)]
    found = [v for v in found if low <= v <= high]
    if len(found) > 2:
        return found
    rough = (10**high - 10**low) / 4
    if not rough > 0:  # the same number at both ends, or none
        return found
    step = nice_step(rough)
    first = math.ceil(10**low / step)
    return [math.log10(i * step) for i in range(max(1, first), math.floor(10**high / step) + 1)]


def nice_step(rough: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    return power * max(m for m in (1, 2, 5) if m * power <= rough * (1 + 1e-9))


class Drag(NamedTuple):
    """A movement of the pointer with the left button down."""

    place: QPointF  # in pixels of the pane
    begins: bool
    ends: bool
    shift: bool  # whether the Shift key is down


class Pane(pg.ViewBox):  # type: ignore[misc]
    """The area of the data: wheel zooms, drag pans, and clicks are reported.

    ``takes_drags`` says which drags with the left button are reported too, rather than pan.
    """

    clicked = Signal(QPointF, bool)  # in pixels of the pane; whether the Control key is down
    double_clicked = Signal()
    dragged = Signal(object)  # Drag

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.disableAutoRange()
        self.takes_drags: Literal["none", "shift", "all"] = "none"
        self._dragging = False  # a drag that has begun is reported to its end

    def mouseClickEvent(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            if event.double():
                self.double_clicked.emit()
            else:
                control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self.clicked.emit(QPointF(event.pos()), control)

    def mouseDragEvent(
        self, event: pg.GraphicsScene.mouseEvents.MouseDragEvent, axis: int | None = None
    ) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        wanted = self.takes_drags == "all" or (self.takes_drags == "shift" and shift) or self._dragging
        if event.button() != Qt.MouseButton.LeftButton or axis is not None or not wanted:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        self._dragging = not event.isFinish()
        place = event.buttonDownPos() if event.isStart() else event.pos()
        self.dragged.emit(Drag(QPointF(place), event.isStart(), event.isFinish(), shift))


class Layer(pg.GraphicsObject):  # type: ignore[misc]
    """Paints in pixels of the pane, by a function of the painter and the pane's rectangle."""

    def __init__(self, pane: Pane, paint: Callable[[QPainter, QRectF], None], z: float) -> None:
        super().__init__()
        self._pane, self._paint = pane, paint
        self.setParentItem(pane)
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        pane.sigRangeChanged.connect(self._moved)
        pane.sigResized.connect(self._resized)

    def boundingRect(self) -> QRectF:
        return QRectF(self._pane.rect())

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        self._paint(painter, self.boundingRect())

    def _moved(self) -> None:
        self.update()

    def _resized(self) -> None:
        self.prepareGeometryChange()
        self.update()


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """A plot with a pane and two axes, which says where the pointer is and what painting costs.

    pyqtgraph's PlotWidget would bring a menu of fifty controls, made for every plot, that is never opened.
    """

    hovered = Signal(QPointF)  # in pixels of the pane
    left = Signal()
    painted = Signal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        self.pane = Pane()
        self.axes = {"left": Ticks("left"), "bottom": Ticks("bottom")}
        self._by_keys = False  # whether the focus came by the keyboard
        super().__init__(parent)
        self._lay_out()
        self.setMinimumSize(120, 90)

    def _lay_out(self) -> None:
        grid = self.centralLayout
        grid.setSpacing(0)
        self.set_margin(_RIGHT)
        grid.addItem(self.pane, 0, 1)
        for axis, row, column in ((self.axes["left"], 0, 0), (self.axes["bottom"], 1, 1)):
            axis.linkToView(self.pane)
            axis.setZValue(_AXES)
            axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)
            grid.addItem(axis, row, column)
        grid.setRowStretchFactor(0, 100)
        grid.setColumnStretchFactor(1, 100)

    def set_margin(self, right: int) -> None:
        """Pixels beside the pane, where the last number of the axis stands out and words may stand."""
        self.centralLayout.setContentsMargins(1, 7, right, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        super().paintEvent(event)
        if self._by_keys and self.hasFocus():
            paint_ring(QPainter(self.viewport()), QRectF(self.viewport().rect()), self.palette())
        self.painted.emit(perf_counter() - start)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keys = reached(event, self._by_keys)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._moved(self.mapToScene(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def restyle(self, colours: Colours) -> None:
        """Takes on the colours of a theme."""
        self.setBackground(colours.base)
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(self.font())
            axis.set_label_font(self.font())
        self.axes["left"].setWidth(4 * self.fontMetrics().height())  # of a label and six figures

    @property
    def size_in_pixels(self) -> tuple[float, float]:
        """Width and height of the pane."""
        rect = self.pane.rect()
        return max(1.0, rect.width()), max(1.0, rect.height())

    def to_pixels(self, points: Points) -> Points:
        """Places in data units (n, 2) as pixels of the pane (n, 2)."""
        (x0, x1), (y0, y1) = self.pane.viewRange()
        width, height = self.size_in_pixels
        scale = np.array([width / (x1 - x0), -height / (y1 - y0)])
        pixels: Points = (points - np.array([x0, y1])) * scale
        return pixels

    def from_pixels(self, points: Points) -> Points:
        """The inverse of :meth:`to_pixels`."""
        (x0, x1), (y0, y1) = self.pane.viewRange()
        width, height = self.size_in_pixels
        scale = np.array([(x1 - x0) / width, -(y1 - y0) / height])
        points = points * scale + np.array([x0, y1])
        return points

    def widget_position(self, place: QPointF) -> QPointF:
        """A place in pixels of the pane as a position in this widget."""
        return QPointF(self.mapFromScene(self.pane.mapToScene(place)))

    def _moved(self, place: QPointF) -> None:
        inside = self.pane.mapFromScene(place)
        if self.pane.rect().contains(inside):
            self.hovered.emit(inside)
        else:
            self.left.emit()


def paint_message(painter: QPainter, box: QRectF, colours: Colours, text: str) -> None:
    """A quiet sentence in the middle: what to do where there is nothing to see yet."""
    painter.setPen(QColor(colours.muted))
    inner = box.adjusted(12, 12, -12, -12)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)
