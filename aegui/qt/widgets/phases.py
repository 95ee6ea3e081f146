"""Named phases in a row, one of which is the present one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.qt.widgets.ring import led
from aegui.qt.widgets.tint import mix
from aegui.qt.widgets.tips import shows_tip
from aegui.qt.widgets.words import smaller

_POINT = 8.0  # pixels by which an arrow sticks out


class PhaseBar(QWidget):
    """Arrows from left to right. A click on one asks for it, and so does the key with its number."""

    asked = Signal(int)  # a phase

    def __init__(self, names: tuple[str, ...], tips: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names, self._tips = names, tips
        self._current = 0
        self.setFont(smaller(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_phase(0)

    @property
    def current(self) -> int:
        """The present phase."""
        return self._current

    def show_phase(self, phase: int) -> None:
        """Marks a phase."""
        self._current = phase
        self.setAccessibleName(f"Phase {phase + 1} of {len(self.names)}: {self.names[phase]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.fontMetrics().height() + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def phase_at(self, x: float) -> int:
        """The phase under a place."""
        return min(len(self.names) - 1, max(0, int(x / max(1, self.width()) * len(self.names))))

    def event(self, event: QEvent) -> bool:
        return shows_tip(event, self, self.tip_at) or super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """What happens in the phase at a place."""
        return self._tips[self.phase_at(place.x())]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(self.phase_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, count = event.key() - Qt.Key.Key_1, len(self.names)
        wanted = number if 0 <= number < count else led(event.key(), self._current, count, count)
        if wanted is not None:
            self.asked.emit(wanted)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for phase, name in enumerate(self.names):
            shape, box = self._shape(phase)
            fill, text = self._colours(phase)
            edge = self.palette().windowText().color()
            ringed = self.hasFocus() and phase == self._current
            painter.setPen(QPen(edge, 2) if ringed else QPen(mix(edge, fill, 0.25), 1))
            painter.setBrush(fill)
            painter.drawPolygon(shape)
            painter.setPen(text)
            words = f"{phase + 1} {name}"
            elided = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), elided)

    def _colours(self, phase: int) -> tuple[QColor, QColor]:
        """Of the arrow and of its words: those that are done are tinted."""
        palette = self.palette()
        if phase == self._current:
            return palette.highlight().color(), palette.highlightedText().color()
        share = 0.28 if phase < self._current else 0.0
        return mix(palette.highlight().color(), palette.button().color(), share), palette.buttonText().color()

    def _shape(self, phase: int) -> tuple[QPolygonF, QRectF]:
        """An arrow, and the room for its words."""
        wide = (self.width() - 1 - _POINT) / len(self.names)
        left, top, bottom = 0.5 + phase * wide, 0.5, self.height() - 0.5
        right, middle = left + wide - 2, self.height() / 2
        points = [
            QPointF(left, top),
            QPointF(right, top),
            QPointF(right + _POINT, middle),
            QPointF(right, bottom),
            QPointF(left, bottom),
        ]
        if phase:
            points.append(QPointF(left + _POINT, middle))
        inset = _POINT if phase else 4.0
        return QPolygonF(points), QRectF(left + inset, top, right - left - inset + 3, bottom - top)
