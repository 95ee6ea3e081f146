"""Windows that are no larger than the screen, whatever the size of their text."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(40, 80)  # pixels for what the desktop puts around a window


def resize_within_screen(window: QWidget, wanted: QSize | None = None) -> None:
    """Gives a window the size that is wanted, or that it hints at, or as much of it as there is room for.

    Left to itself, Qt takes two thirds of the screen at most, and goes by the height of wrapped words alone.
    """
    size = window.sizeHint() if wanted is None else wanted
    window.resize(size.boundedTo(window.screen().availableSize() - _FRAME))
