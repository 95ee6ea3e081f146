"""The strip drawing: the network as an hourglass whose bars are dragged to resize layers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegui.plan import Plan
from aegui.qt.widgets.hourglass import Bar, Hourglass, bars_of
from aegui.qt.widgets.steps import size_step, snapped_size
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.words import smaller

_EDGE = 7  # px around a bar's end that the mouse takes hold of
_MOST_UNITS = 65_536  # further than this nobody means to drag
_KEYS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 4,
    Qt.Key.Key_PageDown: -4,
}


class Strip(QWidget):
    """Draws a plan. Bars with a path can be dragged by their ends, or resized by the arrow keys."""

    resized = Signal(str, int)  # path and units, without pause while dragging
    selected = Signal(str)  # path of a layer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._largest = 2
        self._current: int | None = None
        self._hovered: int | None = None
        self._drag: tuple[int, float] | None = None  # bar and the grip's distance from its end
        self.setFont(smaller(self.font()))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Drawing of the network")

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
            self._largest = max((bar.units for bar in self._bars), default=2)
        if self._current is not None and self._current >= len(self._bars):
            self._current = None
        self.setAccessibleDescription("; ".join(bar.tip for bar in self._bars[:20]))
        self.update()

    def select(self, path: str) -> None:
        """Marks the layer with this path."""
        self._current = next((i for i, bar in enumerate(self._bars) if path and bar.path == path), None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 96 + self.fontMetrics().height())

    def geometry_now(self) -> Hourglass:
        """Where the bars stand."""
        bottom = self.fontMetrics().height() + 8
        rect = QRectF(4, 8, max(1, self.width() - 8), max(20, self.height() - 8 - bottom))
        return Hourglass(rect, len(self._bars), self._largest)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.geometry_now().index_at(event.pos().x()) if self._bars else None
            text = self._tip(self._bars[index]) if index is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.geometry_now().index_at(event.position().x()) if self._bars else None
        if event.button() != Qt.MouseButton.LeftButton or index is None:
            super().mousePressEvent(event)
            return
        self._make_current(index)
        if self._grips(index, event.position()):
            rect = self.geometry_now().bar(index, self._bars[index].units)
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
            self._largest = max(bar.units for bar in self._bars)
            self.update()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._bars:
            step = 1 if key == Qt.Key.Key_Right else -1
            start = self._current if self._current is not None else (-1 if step > 0 else len(self._bars))
            self._make_current(min(len(self._bars) - 1, max(0, start + step)))
        elif key in _KEYS and self.current is not None and self.current.path:
            bar = self.current
            self.resized.emit(bar.path, min(_MOST_UNITS, size_step(bar.units, _KEYS[key])))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._bars:
            painter.setPen(tone(self.palette(), "quiet"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Loading …")
            return
        places = self.geometry_now()
        for index in range(len(self._bars) - 1):
            self._paint_link(painter, places, index)
        for index in range(len(self._bars)):
            self._paint_bar(painter, places, index)
        self._paint_labels(painter, places)

    def _make_current(self, index: int) -> None:
        self._current = index
        self.update()
        if self._bars[index].path:
            self.selected.emit(self._bars[index].path)

    def _grips(self, index: int, point: QPointF) -> bool:
        """Whether the mouse holds an end of a bar whose size can be edited."""
        bar = self._bars[index]
        rect = self.geometry_now().bar(index, bar.units)
        away = min(abs(point.y() - rect.top()), abs(point.y() - rect.bottom()))
        return bool(bar.path) and away <= _EDGE

    def _drag_to(self, y: float, free: bool) -> None:
        assert self._drag is not None
        index, offset = self._drag
        places = self.geometry_now()
        half = abs(y - places.rect.center().y()) + offset
        units = min(float(_MOST_UNITS), places.units(2 * half))
        wanted = max(1, round(units)) if free else snapped_size(units)
        if wanted != self._bars[index].units:
            self.resized.emit(self._bars[index].path, wanted)

    def _tip(self, bar: Bar) -> str:
        if not bar.path:
            return bar.tip
        return f"{bar.tip}\nDrag its end up or down to resize it; with Shift, by single units."

    def _tint(self, role: str) -> QColor:
        palette = self.palette()
        accent, ground = palette.color(QPalette.ColorRole.Highlight), palette.window().color()
        text = palette.windowText().color()
        match role:
            case "code":
                return accent
            case "encoder":
                return mix(accent, ground, 0.55)
            case "decoder":
                return mix(mix(accent, text, 0.35), ground, 0.45)
        return mix(text, ground, 0.45)

    def _paint_link(self, painter: QPainter, places: Hourglass, index: int) -> None:
        a = places.bar(index, self._bars[index].units)
        b = places.bar(index + 1, self._bars[index + 1].units)
        role = self._bars[index + 1].role
        tint = self._tint("encoder" if role == "code" else "decoder" if role == "output" else role)
        tint.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF([a.topRight(), b.topLeft(), b.bottomLeft(), a.bottomRight()]))

    def _paint_bar(self, painter: QPainter, places: Hourglass, index: int) -> None:
        bar = self._bars[index]
        rect, tint = places.bar(index, bar.units), self._tint(bar.role)
        lit = index in (self._hovered, self._drag[0] if self._drag else None)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(tint, self.palette().windowText().color(), 0.75) if lit else tint)
        radius = min(3.0, rect.width() / 3)
        painter.drawRoundedRect(rect, radius, radius)
        if index == self._current:
            style = Qt.PenStyle.SolidLine if self.hasFocus() else Qt.PenStyle.DotLine
            painter.setPen(QPen(self.palette().windowText().color(), 1.2, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-2.5, -2.5, 2.5, 2.5), radius + 2, radius + 2)
        if lit and bar.path:
            self._paint_grip(painter, rect)

    def _paint_grip(self, painter: QPainter, rect: QRectF) -> None:
        """Two short lines at the ends: here it can be pulled."""
        painter.setPen(QPen(self.palette().windowText().color(), 2))
        for y in (rect.top(), rect.bottom()):
            painter.drawLine(QPointF(rect.left() - 2, y), QPointF(rect.right() + 2, y))

    def _paint_labels(self, painter: QPainter, places: Hourglass) -> None:
        """The numbers of units, the most telling first; one that would overlap is left out."""
        taken: list[QRectF] = []
        metrics = self.fontMetrics()
        top = places.rect.bottom() + 4
        for index in self._telling_order():
            text = f"{self._bars[index].units:,}"
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
        return list(dict.fromkeys([*first, code, 0, len(self._bars) - 1, *range(len(self._bars))]))
