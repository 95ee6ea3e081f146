"""What stands where there is nothing to draw."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPalette

_FLAGS = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


def paint_message(painter: QPainter, box: QRect, palette: QPalette, text: str) -> None:
    """Quiet words in the middle of a box."""
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(box.adjusted(12, 4, -12, -4), _FLAGS, text)
