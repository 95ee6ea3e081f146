"""Controls for numbers: they show what they are told, and report what the user asks for.

``show_value`` puts a value on screen; ``edited`` carries the user's wish, typed, stepped or
dragged. The owner answers a wish by showing the new value, or leaves the old one standing.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from aegui.qt.widgets.steps import (
    Scale,
    decade_step,
    format_float,
    format_int,
    grid_step,
    parse_float,
    parse_int,
    size_step,
)

_NUMERIC = set("0123456789+-.,eE '_\u00a0\u2009\u202f")
_POSITIONS = 1000
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -3,
    Qt.Key.Key_PageUp: 3,
}


class NumberBox(QAbstractSpinBox):
    """A spin box over any Python number; the subclasses know how to write, read and step it."""

    edited = Signal(object)
    settled = Signal()  # what was typed is done with: the shown value stands again

    def __init__(self, parent: QWidget | None = None, tracking: bool = True) -> None:
        super().__init__(parent)
        self._value: Any = None
        self._dirty = False  # a text was typed and is not yet done with
        self.low: float | None = None
        self.high: float | None = None
        self.letters = ""  # beyond digits, what may be typed
        self.setKeyboardTracking(tracking)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.lineEdit().textEdited.connect(self._typed)
        self.lineEdit().setAcceptDrops(False)  # a file that is dropped here is meant for the window
        self.editingFinished.connect(self._finish)

    def value(self) -> Any:
        """What is shown."""
        return self._value

    def show_value(self, value: Any) -> None:
        """Shows a value. A text under the cursor that means the same stays as it was typed."""
        if not (self.hasFocus() and self._dirty and self.read(self.text()) == (True, value)):
            self.lineEdit().setText(self.write(value))
        if value != self._value:
            self._value = value
            self.update()

    def write(self, value: Any) -> str:
        """The text of a value."""
        raise NotImplementedError

    def read(self, text: str) -> tuple[bool, Any]:
        """Whether a text is a value, and which."""
        raise NotImplementedError

    def stepped(self, count: int) -> Any:
        """The value that is ``count`` steps away."""
        raise NotImplementedError

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        fits = set(text.lower()) <= _NUMERIC | set(self.letters)
        return (QValidator.State.Intermediate if fits else QValidator.State.Invalid, text, position)

    def stepBy(self, steps: int) -> None:
        if self._dirty:
            self._commit()
        self._dirty = False
        self.edited.emit(self.stepped(steps))
        if self.hasFocus():
            self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._value is None or self.high is None or self._value < self.high:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._value is not None and (self.low is None or self._value > self.low):
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def event(self, event: QEvent) -> bool:
        """Keys that are no part of a number stay the window's: undo, Space to play, letters for steps."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._leaves(event)
        ):
            event.ignore()
            return False
        return super().event(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo) or event.matches(keys.Redo):
            return True  # what was typed is a change of the experiment already
        text = event.text().lower()
        if text == " ":
            return not self._dirty
        return text.isprintable() and bool(text) and text not in _NUMERIC | set(self.letters)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the column scrolls

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._dirty = False
        super().focusInEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("00000") + 28, super().minimumSizeHint().height())

    def clamped(self, value: Any) -> Any:
        """A value brought inside the limits."""
        if self.low is not None and value < self.low:
            value = type(value)(self.low)
        if self.high is not None and value > self.high:
            value = type(value)(self.high)
        return value

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._dirty = True
        may_go_on = not text.strip(" 0.,+-")  # "0" on the way to 0.5 is not yet meant
        if self.keyboardTracking() and not may_go_on:
            self._commit()

    def _commit(self) -> None:
        known, value = self.read(self.text())
        if known and value != self._value:
            self.edited.emit(value)

    @Slot()
    def _finish(self) -> None:
        """Enter keeps a wrong number on screen, to be mended; leaving the control drops it."""
        if self._dirty:
            self._commit()
        known, value = self.read(self.text())
        if self.hasFocus() and known and value != self._value:
            return
        self._dirty = False
        self.lineEdit().setText(self.write(self._value))
        self.settled.emit()


class IntBox(NumberBox):
    """A spin box for whole numbers of any size.

    ``grouped``: 60,000. ``sizes``: steps along layer sizes. ``nothing``: the word for None.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        grouped: bool = True,
        sizes: bool = False,
        nothing: str = "",
        tracking: bool = True,
    ) -> None:
        super().__init__(parent, tracking)
        self._grouped, self._sizes, self._nothing = grouped, sizes, nothing
        self.letters = nothing

    def write(self, value: Any) -> str:
        return self._nothing if value is None else format_int(value, self._grouped)

    def read(self, text: str) -> tuple[bool, Any]:
        if self._nothing and text.strip().lower() in ("", self._nothing):
            return True, None
        value = parse_int(text)
        return value is not None, value

    def stepped(self, count: int) -> Any:
        if self._value is None:
            return self.clamped(1000) if count > 0 else None
        if self._nothing:
            return self.clamped(round(decade_step(max(1, self._value), count)))
        if self._sizes:
            return self.clamped(size_step(max(1, self._value), count))
        return self.clamped(self._value + count)


class FloatBox(NumberBox):
    """A spin box for real numbers, written with as many digits as they need.

    Steps: 1, 2, 5, 10 for ``log``, down to 0 where ``zero``; else multiples of ``step``.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        log: bool = False,
        zero: bool = False,
        smallest: float = 1e-6,
        step: float = 0.05,
    ) -> None:
        super().__init__(parent)
        self._log, self._zero, self._smallest, self._step = log, zero, smallest, step
        self.outside: tuple[float | None, ...] = ()  # limits that are no values themselves

    def write(self, value: Any) -> str:
        return "" if value is None else format_float(value)

    def read(self, text: str) -> tuple[bool, Any]:
        value = parse_float(text)
        return value is not None, value

    def stepped(self, count: int) -> Any:
        wanted = self._stepped(count)
        return self._value if wanted in self.outside else wanted

    def _stepped(self, count: int) -> Any:
        value = 0.0 if self._value is None else float(self._value)
        if not self._log:
            return self.clamped(grid_step(value, count, self._step))
        if value <= 0:
            return self.clamped(decade_step(self._smallest, count - 1)) if count > 0 else value
        value = decade_step(value, count)
        return self.clamped(0.0 if self._zero and value < self._smallest * (1 - 1e-9) else value)


class Slider(QSlider):
    """A horizontal slider that jumps to the click, steps by keys, and ignores a passing wheel."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _POSITIONS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(30, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = _KEYS.get(Qt.Key(event.key()))
        if count is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(count)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self.stepped.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._handle_at(event):
            self.setValue(self._position_at(event.position().x()))
        super().mousePressEvent(event)

    def place_of(self, share: float) -> float:
        """Pixels from the left to the middle of the handle at a share of its way, 0 to 1."""
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        handle = self._part(QStyle.SubControl.SC_SliderHandle).width()
        return groove.x() + handle / 2 + share * max(1, groove.width() - handle)

    def _handle_at(self, event: QMouseEvent) -> bool:
        return self._part(QStyle.SubControl.SC_SliderHandle).contains(event.position().toPoint())

    def _position_at(self, x: float) -> int:
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        handle = self._part(QStyle.SubControl.SC_SliderHandle).width()
        return QStyle.sliderValueFromPosition(
            0, _POSITIONS, round(x - groove.x() - handle / 2), max(1, groove.width() - handle)
        )

    def _part(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)


class SlidingNumber(QWidget):
    """A slider and a number box that show one value. Dragging reports without pause."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, box: FloatBox, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box, self.scale = box, scale
        self.slider = Slider(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.box, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.box)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._slid)
        self.slider.stepped.connect(self.box.stepBy)
        self.box.edited.connect(self.edited)
        self.box.settled.connect(self.settled)

    def value(self) -> Any:
        """What is shown."""
        return self.box.value()

    def show_value(self, value: Any) -> None:
        """Shows a value on both; a slider in the hand stays where the hand is."""
        self.box.show_value(value)
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(self.scale.position(value) * _POSITIONS))

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.box.setAccessibleName(name)
        self.slider.setAccessibleName(f"{name}, slider")

    def setToolTip(self, text: str) -> None:
        super().setToolTip(text)
        self.box.setToolTip(text)
        self.slider.setToolTip(text)

    @Slot(int)
    def _slid(self, position: int) -> None:
        self.edited.emit(self.scale.value(position / _POSITIONS))
