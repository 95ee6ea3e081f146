"""A pad to draw a sample on: pictures with a round brush, signals by dragging their curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegui.analysis.drawing import bent, inked, stroke_mask
from aegui.qt.widgets.marks import Frame, paint_curve
from aegui.qt.widgets.pixels import picture_image

Floats = NDArray[np.float32]

_STEPS = 100  # strokes that can be taken back


class Pad(QWidget):
    """Holds one sample. The left button draws, the right one rubs out; arrow keys move, Space draws."""

    changed = Signal()  # while a stroke is being drawn too

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: Floats = np.zeros(0, np.float32)
        self.radius = 1.0  # pixels of the sample
        self.erasing = False
        self.ink: Floats = np.ones(1, np.float32)  # of each channel, in the scaled units
        self._shape: tuple[int, ...] = ()
        self._low, self._high = 0.0, 1.0
        self._ground = 0.0
        self._before: Floats | None = None  # of the stroke that is being drawn
        self._mask: Floats | None = None
        self._last = (0.0, 0.0)
        self._rubs = False
        self._cursor: tuple[float, float] | None = None  # of the keys or the pointer, in pixels of the sample
        self._undo: list[Floats] = []
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # the right button rubs out
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(100, 100)
        self.setAccessibleName("Pad to draw on")
        self.setToolTip(
            "Draw with the left button, rub out with the right one.\n"
            "With keys: arrows move, Space draws, Backspace rubs out."
        )

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._undo)

    @property
    def blank(self) -> bool:
        """Whether nothing is drawn."""
        return not len(self.values) or bool((self.values == self._ground).all())

    @property
    def ground(self) -> float:
        """The value of what is not drawn on."""
        return self._ground

    def set_shape(self, shape: tuple[int, ...], low: float, high: float, ground: float) -> None:
        """Samples of another kind: (H, W), (3, H, W) or (k,); the pad is blank then."""
        self._shape, self._low, self._high, self._ground = shape, low, high, ground
        self._undo, self._before, self._cursor = [], None, None
        self.values = np.full(int(np.prod(shape)) if shape else 0, ground, np.float32)
        self.ink = np.full(3 if len(shape) == 3 else 1, high, np.float32)
        self.update()

    def put(self, values: Floats) -> None:
        """Another sample in place of what is drawn, which can be taken back."""
        self._remember(self.values)
        self.values = values.astype(np.float32)
        self._tell()

    def clear(self) -> None:
        """Nothing drawn."""
        if not self.blank:
            self.put(np.full_like(self.values, self._ground))

    def undo(self) -> None:
        """Takes the last stroke back."""
        if self._undo:
            self.values = self._undo.pop()
            self._tell()

    def sizeHint(self) -> QSize:
        return QSize(180, 180)

    @property
    def _is_signal(self) -> bool:
        return len(self._shape) == 1

    def _box(self) -> QRectF:
        """Where the sample is: as large as it can be, square pixels in a picture."""
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._is_signal or not self._shape:
            return area
        height, width = self._shape[-2:]
        scale = min(area.width() / width, area.height() / height)
        size = (width * scale, height * scale)
        return QRectF(area.center().x() - size[0] / 2, area.center().y() - size[1] / 2, size[0], size[1])

    def _place(self, at: QPointF) -> tuple[float, float]:
        """A place on screen in pixels of the picture, or as (index, value) of the signal."""
        box = self._box()
        x, y = (at.x() - box.left()) / box.width(), (at.y() - box.top()) / box.height()
        if self._is_signal:
            value = self._high - min(max(y, 0.0), 1.0) * (self._high - self._low)
            return x * len(self.values) - 0.5, value
        return x * self._shape[-1], y * self._shape[-2]

    def event(self, event: QEvent) -> bool:
        """Space draws here, and does not train."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._draws_by(event):
            event.accept()
            return True
        return super().event(event)

    def _draws_by(self, event: QKeyEvent) -> bool:
        drawn = (Qt.Key.Key_Space, Qt.Key.Key_Backspace)
        return len(self.values) > 0 and not self._is_signal and event.key() in drawn

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if event.button() not in buttons or not len(self.values):
            return
        self._rubs = self.erasing or event.button() is Qt.MouseButton.RightButton
        self._begin(self._place(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not len(self.values):
            return
        place = self._place(event.position())
        self._cursor = place
        if self._before is not None:
            self._draw_to(place)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end()

    def leaveEvent(self, event: object) -> None:
        self._cursor = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = event.key()
        if not len(self.values) or self._is_signal:
            super().keyPressEvent(event)
        elif key in moves:
            height, width = self._shape[-2:]
            x, y = self._cursor or self._middle
            dx, dy = moves[Qt.Key(key)]
            self._cursor = (min(max(x + dx, 0.5), width - 0.5), min(max(y + dy, 0.5), height - 0.5))
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Backspace):
            self._rubs = self.erasing or key == Qt.Key.Key_Backspace
            self._begin(self._cursor or self._middle)
            self._end()
        else:
            super().keyPressEvent(event)

    @property
    def _middle(self) -> tuple[float, float]:
        """Where the keys begin: the middle of a pixel."""
        return self._shape[-1] // 2 + 0.5, self._shape[-2] // 2 + 0.5

    def _begin(self, place: tuple[float, float]) -> None:
        self._before = self.values
        self._mask = None if self._is_signal else np.zeros(self._shape[-2:], np.float32)
        self._last = place
        self._draw_to(place)

    def _draw_to(self, place: tuple[float, float]) -> None:
        assert self._before is not None
        if self._is_signal:
            end = (place[0], self._ground if self._rubs else place[1])
            self.values = bent(self.values, (self._last[0], end[1] if self._rubs else self._last[1]), end)
        else:
            assert self._mask is not None
            self._mask = np.maximum(self._mask, stroke_mask(self._shape, self._last, place, self.radius))
            ink = np.full_like(self.ink, self._ground) if self._rubs else self.ink
            self.values = inked(self._before, self._mask, ink, self._shape)
        self._last = place
        self._tell()

    def _end(self) -> None:
        if self._before is not None:
            self._remember(self._before)
            self._before = self._mask = None
            self._tell()

    def _remember(self, values: Floats) -> None:
        self._undo = [*self._undo[-(_STEPS - 1) :], values]

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not len(self.values):
            return
        box = self._box()
        if self._is_signal:
            paint_curve(painter, Frame(box, self._low, self._high, self.palette()), self.values)
        else:
            painter.drawImage(box, picture_image(self.values, self._shape, self._low, self._high))
            self._paint_brush(painter, box)
        role = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_brush(self, painter: QPainter, box: QRectF) -> None:
        """The outline of the brush, dark on light and light on dark."""
        if self._cursor is None:
            return
        scale = box.width() / self._shape[-1]
        centre = QPointF(box.left() + self._cursor[0] * scale, box.top() + self._cursor[1] * scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, extra in ((QColor("#000000"), 1.0), (QColor("#ffffff"), 0.0)):
            painter.setPen(QPen(colour, 1))
            reach = self.radius * scale + extra
            painter.drawEllipse(centre, reach, reach)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
