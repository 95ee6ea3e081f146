"""The keyboard among things that are painted: where its keys lead, and the ring around what has it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

ACTIVATING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_WINDOWS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_PRESSED = "pressed by the space bar"
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def reached(event: QFocusEvent, before: bool) -> bool:
    """Whether the focus has come by the keyboard; as ``before`` where only the window has come back."""
    return before if event.reason() in _WINDOWS else event.reason() in _BY_KEYS


def let_press(widget: QWidget, policy: Qt.FocusPolicy = Qt.FocusPolicy.TabFocus) -> None:
    """Tab stops at a widget, and the space bar presses it there and does not train."""
    widget.setFocusPolicy(policy)
    widget.setProperty(_PRESSED, True)


def is_pressed(widget: QWidget) -> bool:
    """Whether the space bar presses a widget."""
    return bool(widget.property(_PRESSED))


def led(key: int, place: int, columns: int, count: int) -> int | None:
    """Where a key leads to among ``count`` places in lines of ``columns``; None for any other key."""
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: count - 1}
    if key in ends:
        return ends[Qt.Key(key)]
    if key not in ARROWS:
        return None
    across, down = ARROWS[key]
    wanted = place + across + columns * down
    return wanted if 0 <= wanted < count else min(max(place, 0), count - 1)


def paint_ring(painter: QPainter, box: QRectF, palette: QPalette) -> None:
    """A frame just inside a box."""
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1, 1, -1, -1))
