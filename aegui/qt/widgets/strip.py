"""The strip drawing: the network as an hourglass whose bars are dragged to resize layers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.plan import Plan
from aegui.plan.layer import shape_text
from aegui.qt.widgets.hourglass import Bar, Hourglass, bars_of
from aegui.qt.widgets.network import Network
from aegui.qt.widgets.ring import ACTIVATING, let_press
from aegui.qt.widgets.steps import size_step, snapped_size
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_EDGE = 7  # px around a bar's end that the mouse takes hold of
_MOST_UNITS = 65_536  # further than this nobody means to drag
_KEYS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 4,
    Qt.Key.Key_PageDown: -4,
}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_TIP = "Click to choose a layer; ← and → choose, ↑ and ↓ resize, Enter goes to its settings."


class Strip(QWidget):
    """Draws a plan. Bars with a path can be dragged by their ends, or resized by the arrow keys."""

    resized = Signal(str, int)  # path and units or channels, without pause while dragging
    selected = Signal(int)  # number of a layer of the plan, −1 for the input
    opened = Signal(int)  # the same, of a layer whose settings are wanted
    enlarged = Signal()  # the large drawing is wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._largest = 2
        self._current: int | None = None
        self._hovered: int | None = None
        self._drag: tuple[int, float] | None = None  # bar and the grip's distance from its end
        self._dragged = False
        self.setFont(smaller(self.font()))
        self.setMouseTracking(True)
        let_press(self, Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Drawing of the network")
        self.setToolTip(_TIP)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is drawn, from the input to the reconstruction."""
        return self._bars

    @property
    def current(self) -> Bar | None:
        """The selected layer."""
        return self._bars[self._current] if self._current is not None else None

    def show_plan(self, plan: Plan | None) -> None:
        """Draws a plan, or says that the data are still loading."""
        bars = bars_of(plan) if plan else ()
        if bars == self._bars and self._drag is None:
            return
        self._bars = bars
        if self._drag is None:
            self._largest = largest_of(bars)
        elif self._drag[0] >= len(bars):
            self._drag = None
        if self._current is not None and self._current >= len(self._bars):
            self._current = None
        self.setAccessibleDescription("; ".join(bar.tip.replace("\n", ", ") for bar in self._bars[:20]))
        self.update()

    def select(self, number: int | None) -> None:
        """Marks a layer by its number in the plan, or none."""
        index = None if number is None else number + 1
        self._current = index if index is not None and 0 <= index < len(self._bars) else None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 96 + self.fontMetrics().height())

    def geometry_now(self) -> Hourglass:
        """Where the bars stand."""
        bottom = self.fontMetrics().height() + 8
        rect = QRectF(4, 8, max(1, self.width() - 8), max(20, self.height() - 8 - bottom))
        return Hourglass(rect, self._bars, self._largest)

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What is known of the layer at a place."""
        index = self.geometry_now().index_at(place.x()) if self._bars else None
        return self._tip(self._bars[index]) if index is not None else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.geometry_now().index_at(event.position().x()) if self._bars else None
        if event.button() != Qt.MouseButton.LeftButton or index is None:
            super().mousePressEvent(event)
            return
        self._make_current(index)
        self._dragged = False
        if self._grips(index, event.position()):
            rect = self.geometry_now().body(index)
            self._drag = (index, rect.height() / 2 - abs(event.position().y() - rect.center().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._drag_to(event.position().y(), free)
            return
        self._hovered = self.geometry_now().index_at(event.position().x()) if self._bars else None
        grip = self._hovered is not None and self._grips(self._hovered, event.position())
        self.setCursor(Qt.CursorShape.SizeVerCursor if grip else Qt.CursorShape.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self._largest = largest_of(self._bars)
            self.update()
        if event.button() == Qt.MouseButton.LeftButton and not self._dragged and self._current is not None:
            self.opened.emit(self._current - 1)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.enlarged.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        bar = self.current
        if key in _STEPS and self._bars:
            step = _STEPS[key]
            start = self._current if self._current is not None else (-1 if step > 0 else len(self._bars))
            self._make_current(min(len(self._bars) - 1, max(0, start + step)))
        elif key in _KEYS and bar is not None and bar.path:
            self.resized.emit(bar.path, max(1, min(_MOST_UNITS, size_step(bar.size, _KEYS[key]))))
        elif key in ACTIVATING and self._current is not None:
            self.opened.emit(self._current - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._bars:
            painter.setPen(tone(self.palette(), "quiet"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Waiting for the data …")
            return
        places = self.geometry_now()
        network = Network(places, self.palette())
        lit = [i for i in (self._hovered, self._drag[0] if self._drag else None) if i is not None]
        network.paint(painter, lit)
        if self._current is not None:
            network.paint_frame(painter, self._current, solid=self.hasFocus())
        for index in lit:
            if self._bars[index].resizable:
                self._paint_grip(painter, places.body(index))
        self._paint_labels(painter, places)

    def _make_current(self, index: int) -> None:
        self._current = index
        self.update()
        self.selected.emit(index - 1)

    def _grips(self, index: int, point: QPointF) -> bool:
        """Whether the mouse holds an end of a bar whose size can be edited."""
        rect = self.geometry_now().body(index)
        away = min(abs(point.y() - rect.top()), abs(point.y() - rect.bottom()))
        return self._bars[index].resizable and away <= _EDGE

    def _drag_to(self, y: float, free: bool) -> None:
        assert self._drag is not None
        index, offset = self._drag
        places = self.geometry_now()
        half = abs(y - places.rect.center().y()) + offset
        units = min(float(_MOST_UNITS), places.units(2 * half))
        wanted = max(1, round(units)) if free else snapped_size(units)
        if wanted != self._bars[index].units:
            self._dragged = True
            self.resized.emit(self._bars[index].path, wanted)

    def _tip(self, bar: Bar) -> str:
        if not bar.resizable:
            return bar.tip
        return f"{bar.tip}\nDrag its end up or down to resize it; with Shift, by single units."

    def _paint_grip(self, painter: QPainter, rect: QRectF) -> None:
        """Two short lines at the ends: here it can be pulled."""
        painter.setPen(QPen(self.palette().windowText().color(), 2))
        for y in (rect.top(), rect.bottom()):
            painter.drawLine(QPointF(rect.left() - 2, y), QPointF(rect.right() + 2, y))

    def _paint_labels(self, painter: QPainter, places: Hourglass) -> None:
        """What layers give, the most telling first; one that would overlap is left out."""
        taken: list[QRectF] = []
        metrics = self.fontMetrics()
        top = places.rect.bottom() + 4
        for index in self._telling_order():
            text = shape_text(self._bars[index].shape)
            width = metrics.horizontalAdvance(text) + 4
            left = min(max(1.0, places.middle(index) - width / 2), self.width() - width - 1)
            rect = QRectF(left, top, width, metrics.height())
            if any(rect.intersects(other) for other in taken):
                continue
            taken.append(rect)
            strong = index == self._hovered or self._bars[index].role == "code"
            painter.setPen(tone(self.palette(), "plain" if strong else "quiet"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)

    def _telling_order(self) -> list[int]:
        code = next(i for i, bar in enumerate(self._bars) if bar.role == "code")
        first = [i for i in (self._hovered, self._current) if i is not None]
        whole = [i for i, bar in enumerate(self._bars) if not bar.thin]
        return list(dict.fromkeys([*first, code, 0, len(self._bars) - 1, *whole]))


def largest_of(bars: tuple[Bar, ...]) -> int:
    """The number of units that fills a drawing's height."""
    return max((bar.units for bar in bars if not bar.box or bar.role == "input"), default=2)
