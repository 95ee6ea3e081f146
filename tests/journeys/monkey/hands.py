"""Mouse and keys through the window system, so that modal dialogs and menus get them as on a desk."""

from __future__ import annotations

from random import Random

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QSplitterHandle,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 4 + (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_KEYS = [
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PgUp",
    "PgDown",
    "Return",
    "Space",
    "Esc",
    "Tab",
    "Shift+Tab",
    "Del",
    "Backspace",
    "Ctrl+A",
    "Ctrl+C",
    "Ctrl+V",
    "Alt+Up",
    "Alt+Down",
    "Shift+Right",
    "Shift+Down",
    "+",
    "-",
    "0",
    "1",
    "5",
    "a",
    "s",
]
_TEXTS = (
    "",
    "0",
    "1",
    "2",
    "3",
    "7",
    "12",
    "40",
    "0.1",
    "0.5",
    "0,25",
    "1e-3",
    "-1",
    "1e9",
    "abc",
    "½",
    "auto",
)
_OUTSIDE = ("download", "open folder")  # buttons that leave the program
_SIMPLE = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractSpinBox, QLineEdit)


class Hands:
    """Does something with a control that a user could do with it there and then; returns what it was."""

    def __init__(self) -> None:
        self.rng = Random(0)

    def presses(self, window: QWidget, keys: str) -> str:
        """One combination of keys, to whatever has the focus."""
        combination = QKeySequence(keys)[0]
        if (handle := window.windowHandle()) is not None:
            QTest.keyClick(handle, combination.key(), combination.keyboardModifiers())
        return f"presses {keys}"

    def presses_any(self, window: QWidget) -> str:
        """Any key."""
        return self.presses(window, self.rng.choice(_KEYS))

    def uses_any(self, within: QWidget) -> str:
        """Picks a control that can be seen and used, simple ones and others alike."""
        controls = [w for w in within.findChildren(QWidget) if _usable(w)]
        kinds = ([w for w in controls if _simple(w) is simple] for simple in (True, False))
        groups = [group for group in kinds if group]
        if not groups:
            return "finds nothing to use"
        return self.uses(self.rng.choice(self.rng.choice(groups)))

    def uses(self, control: QWidget) -> str:
        """The gesture that suits a control, at a place of it that is not covered."""
        place = self._place(control)
        if place is None:
            return f"cannot reach {_name(control)}"
        name = _name(control)  # before it is gone
        match control:
            case QAbstractButton() | QTabBar() | QMenuBar():
                done = self._clicks(control.window(), place)
            case QComboBox():
                done = self._chooses(control, place)
            case QAbstractSlider():
                done = self.rng.choice((self._drags, self._rolls, self._clicks))(control.window(), place)
                done += ", " + self.presses(
                    control.window(), self.rng.choice(("Home", "End", "Left", "Right"))
                )
            case QLineEdit() | QAbstractSpinBox():
                done = self._types(control, place)
            case _:
                gestures = (
                    self._clicks,
                    self._clicks,
                    self._drags,
                    self._drags,
                    self._rolls,
                    self._clicks_else,
                )
                done = self.rng.choice(gestures)(control.window(), place)
        return f"{done} on {name}"

    def clicks_at(self, window: QWidget, place: QPoint) -> str:
        """The left button, wherever."""
        return self._clicks(window, place)

    def clicks_middle(self, control: QWidget) -> str:
        """The left button, in the middle of a control."""
        name, window = _name(control), control.window()
        return f"{self._clicks(window, control.mapTo(window, control.rect().center()))} on {name}"

    def _clicks(self, window: QWidget, place: QPoint, button: Qt.MouseButton = LEFT) -> str:
        handle, modifier = window.windowHandle(), self.rng.choice(_MODIFIERS)
        if _holds(handle, place):
            QTest.mouseMove(handle, place)
        if _holds(handle, place):  # still: a menu may have closed meanwhile
            QTest.mouseClick(handle, button, modifier, place)
        return f"clicks {place.x()},{place.y()} {modifier.name}"

    def _clicks_else(self, window: QWidget, place: QPoint) -> str:
        handle = window.windowHandle()
        if handle is None:
            return "finds no window"
        if self.rng.random() < 0.5:
            return "right " + self._clicks(window, place, RIGHT)
        QTest.mouseClick(handle, LEFT, pos=place)
        QTest.mouseDClick(handle, LEFT, pos=place)
        return "double clicks"

    def _drags(self, window: QWidget, place: QPoint) -> str:
        handle = window.windowHandle()
        if handle is None:
            return "finds no window"
        rect = QRect(QPoint(), handle.size())
        QTest.mousePress(handle, LEFT, self.rng.choice(_MODIFIERS), place)
        for _ in range(self.rng.randint(2, 6)):
            place += QPoint(self.rng.randint(-60, 60), self.rng.randint(-60, 60))
            place = QPoint(min(max(place.x(), 0), rect.right()), min(max(place.y(), 0), rect.bottom()))
            QTest.mouseMove(handle, place)
        QTest.mouseRelease(handle, LEFT, pos=place)
        return f"drags to {place.x()},{place.y()}"

    def _rolls(self, window: QWidget, place: QPoint) -> str:
        steps = self.rng.choice((-3, -1, 1, 3))
        if (handle := window.windowHandle()) is not None:
            QTest.wheelEvent(handle, QPointF(place), QPoint(0, 120 * steps))
        return f"rolls {steps}"

    def _chooses(self, box: QComboBox, place: QPoint) -> str:
        if self.rng.random() < 0.3:
            return self._rolls(box.window(), place)
        self._clicks(box.window(), place)
        steps = self.rng.randint(-4, 4)
        popup = QApplication.activePopupWidget() or box.window()
        for _ in range(abs(steps)):
            self.presses(popup, "Up" if steps < 0 else "Down")
        return f"chooses {steps}, {self.presses(popup, self.rng.choice(('Return', 'Return', 'Esc')))}"

    def _types(self, field: QWidget, place: QPoint) -> str:
        window = field.window()
        self._clicks(window, place)
        if self.rng.random() < 0.4:
            return self.presses(window, self.rng.choice(("Up", "Down", "PgUp", "PgDown")))
        text = self.rng.choice(_TEXTS)
        self.presses(window, "Ctrl+A")
        if (handle := window.windowHandle()) is not None:
            for letter in text:
                QTest.keyClick(handle, letter)
        return f"types {text!r}, {self.presses(window, self.rng.choice(('Return', 'Return', 'Tab', 'Esc')))}"

    def _place(self, control: QWidget) -> QPoint | None:
        """A random place of a control that can be seen, in its window."""
        region, handle = control.visibleRegion(), control.window().windowHandle()
        rect = region.boundingRect()
        for _ in range(8):
            if rect.isEmpty():
                break
            at = QPoint(
                self.rng.randint(rect.left(), rect.right()), self.rng.randint(rect.top(), rect.bottom())
            )
            place = control.mapTo(control.window(), at)
            over = control.window().childAt(place)
            if over is None or not _holds(handle, place):
                continue
            if region.contains(at) and (over is control or control.isAncestorOf(over)):
                return place
        return None


def _holds(handle: QWindow | None, place: QPoint) -> bool:
    """Whether there is a window, and a place in it."""
    return handle is not None and isValid(handle) and QRect(QPoint(), handle.size()).contains(place)


def _simple(widget: QWidget) -> bool:
    return isinstance(widget, _SIMPLE)


def _usable(widget: QWidget) -> bool:
    if not widget.isVisible() or not widget.isEnabled() or widget.visibleRegion().isEmpty():
        return False
    if isinstance(widget, QAbstractButton):
        words = f"{widget.text()} {widget.accessibleName()}".lower()
        return not any(word in words for word in _OUTSIDE)
    area = widget.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is widget:
        return True
    if isinstance(area, QAbstractSpinBox | QComboBox):
        return False  # its parts
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, QTabBar | QSplitterHandle)


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text or widget.objectName()}".strip()
